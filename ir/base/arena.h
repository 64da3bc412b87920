/* ir/base/arena.h - memory that is given back all at once. */
#ifndef IR_BASE_ARENA_H
#define IR_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

typedef struct Arena Arena;

Arena *arena_new(void);
void   arena_free(Arena *a);
void   arena_reset(Arena *a);                       /* keep the blocks, forget the contents */
/* Calls fn(arg) when the arena is freed or reset, last registered first: for what memory alone does not hold. */
void   arena_at_free(Arena *a, void (*fn)(void *arg), void *arg);
size_t arena_used(const Arena *a);                  /* bytes handed out since the last reset */

/* Zeroed memory, aligned to 16 bytes, that lives as long as the arena.
   Never returns NULL: running out of memory is reported as "the surroundings" (exit 1). */
void *arena_alloc(Arena *a, size_t size);
void *arena_copy(Arena *a, const void *src, size_t size);
char *arena_strdup(Arena *a, const char *s);
char *arena_strndup(Arena *a, const char *s, size_t n);
char *arena_printf(Arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(Arena *a, const char *fmt, va_list ap);

/* The one way to give up for want of memory: a message on stderr, exit code 1. */
_Noreturn void out_of_memory(size_t wanted);

#define ARENA_NEW(a, T)      ((T *)arena_alloc((a), sizeof(T)))
#define ARENA_ARRAY(a, T, n) ((T *)arena_alloc((a), sizeof(T) * (size_t)(n)))

#endif
