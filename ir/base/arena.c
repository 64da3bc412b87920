/* ir/base/arena.c - a list of growing blocks; big pieces have blocks of their own. */
#include "ir/base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Under AddressSanitizer what was not handed out is poisoned, and 16 bytes
   stay so behind each piece: overruns inside a block are found as well. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define REDZONE 16
#else
#define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define REDZONE 0
#endif

enum { FIRST_BLOCK = 64 << 10, LARGEST_BLOCK = 8 << 20 };

typedef struct Block {
	struct Block *next;
	size_t size, used;                /* of data */
	_Alignas(16) unsigned char data[];
} Block;

typedef struct AtFree {
	void (*fn)(void *arg);
	void *arg;
	struct AtFree *next;
} AtFree;

struct Arena {
	Block *first;                     /* kept across resets, in order of creation */
	Block *current;                   /* the one being filled; those before it are full */
	Block *big;                       /* one piece each; freed by a reset */
	AtFree *at_free;
	size_t next_size;
	size_t used;
};

void out_of_memory(size_t wanted)
{
	fprintf(stderr, "error: out of memory: %zu bytes wanted\n", wanted);
	exit(1);
}

Arena *arena_new(void)
{
	Arena *a = calloc(1, sizeof *a);

	if (!a)
		out_of_memory(sizeof *a);
	a->next_size = FIRST_BLOCK;
	return a;
}

static void free_blocks(Block *b)
{
	while (b) {
		Block *next = b->next;
		free(b);
		b = next;
	}
}

static void run_at_free(Arena *a)
{
	for (AtFree *f = a->at_free; f; f = f->next)
		f->fn(f->arg);
	a->at_free = NULL;
}

void arena_free(Arena *a)
{
	if (!a)
		return;
	run_at_free(a);
	free_blocks(a->first);
	free_blocks(a->big);
	free(a);
}

void arena_reset(Arena *a)
{
	run_at_free(a);
	for (Block *b = a->first; b; b = b->next) {
		b->used = 0;
		ASAN_POISON_MEMORY_REGION(b->data, b->size);
	}
	a->current = a->first;
	free_blocks(a->big);
	a->big = NULL;
	a->used = 0;
}

size_t arena_used(const Arena *a)
{
	return a->used;
}

/* calloc, because the system's fresh pages are zero without being touched. */
static void *alloc_big(Arena *a, size_t size)
{
	Block *b = size > SIZE_MAX - sizeof *b ? NULL : calloc(1, sizeof *b + size);

	if (!b)
		out_of_memory(size);
	b->size = b->used = size;
	b->next = a->big;
	a->big = b;
	a->used += size;
	return b->data;
}

/* Makes a->current a block with at least `size` bytes left. */
static void next_block(Arena *a, size_t size)
{
	while (a->current && a->current->next) {
		a->current = a->current->next;
		if (a->current->size >= size)
			return;
	}

	Block *b = malloc(sizeof *b + a->next_size);
	if (!b)
		out_of_memory(a->next_size);
	*b = (Block){ .size = a->next_size };
	ASAN_POISON_MEMORY_REGION(b->data, b->size);
	if (a->current)
		a->current->next = b;
	else
		a->first = b;
	a->current = b;
	if (a->next_size < LARGEST_BLOCK)
		a->next_size *= 2;
}

void *arena_alloc(Arena *a, size_t size)
{
	if (size > FIRST_BLOCK / 2)
		return alloc_big(a, size);

	size_t take = ((size ? size : 1) + 15 + REDZONE) & ~(size_t)15;
	if (!a->current || a->current->size - a->current->used < take)
		next_block(a, take);

	Block *b = a->current;
	void *p = b->data + b->used;
	b->used += take;
	a->used += size;
	ASAN_UNPOISON_MEMORY_REGION(p, size);
	return memset(p, 0, size);
}

void arena_at_free(Arena *a, void (*fn)(void *arg), void *arg)
{
	AtFree *f = arena_alloc(a, sizeof *f);

	*f = (AtFree){ fn, arg, a->at_free };
	a->at_free = f;
}

void *arena_copy(Arena *a, const void *src, size_t size)
{
	void *p = arena_alloc(a, size);

	if (size)
		memcpy(p, src, size);
	return p;
}

char *arena_strndup(Arena *a, const char *s, size_t n)
{
	if (n == SIZE_MAX)
		out_of_memory(n);

	char *p = arena_alloc(a, n + 1);
	if (n)
		memcpy(p, s, n);
	return p;
}

char *arena_strdup(Arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_vprintf(Arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *p;

	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0) /* the text is beyond INT_MAX bytes */
		out_of_memory(SIZE_MAX);
	p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return p;
}

char *arena_printf(Arena *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *p = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return p;
}
