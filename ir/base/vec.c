/* ir/base/vec.c - how growing arrays grow. */
#include "ir/base/vec.h"

#include <limits.h>
#include <stdint.h>

void *vec_grow(Arena *a, void *at, int n, int *cap, size_t elem_size)
{
	if (*cap > INT_MAX / 2 || (size_t)*cap * 2 > SIZE_MAX / elem_size)
		out_of_memory(SIZE_MAX);

	int more = *cap ? *cap * 2 : 4;
	void *p = arena_alloc(a, (size_t)more * elem_size);
	if (n)
		memcpy(p, at, (size_t)n * elem_size);
	*cap = more;
	return p;
}
