/* ir/base/vec.h - growing arrays in an arena: `VEC(int) v = {0}; vec_push(arena, &v, 3);`. */
#ifndef IR_BASE_VEC_H
#define IR_BASE_VEC_H

#include "ir/base/arena.h"

#define VEC(T) struct { T *at; int n, cap; }

/* Old storage stays in the arena until that is freed: growth doubles, so at most as much again is lost. */
void *vec_grow(Arena *a, void *at, int n, int *cap, size_t elem_size);

#define vec_push(arena, v, ...) \
	((v)->n == (v)->cap \
		? (void)((v)->at = vec_grow((arena), (v)->at, (v)->n, &(v)->cap, sizeof *(v)->at)) \
		: (void)0, \
	 (v)->at[(v)->n++] = (__VA_ARGS__))
#define vec_pop(v)  ((v)->at[--(v)->n])
#define vec_last(v) ((v)->at[(v)->n - 1])

#endif
