/* ir/base/map.h - hash tables in an arena: from pointers, from strings, and interning. */
#ifndef IR_BASE_MAP_H
#define IR_BASE_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "ir/base/arena.h"

/* Pointer -> pointer.  Iteration goes in insertion order (never in address
   order), so that output is deterministic: for (i < m->n) m->key[i], m->val[i]. */
typedef struct Map {
	Arena       *arena;
	const void **key;
	void       **val;
	int32_t     *slot;    /* open addressing: index + 1 into key/val, 0 = empty */
	int          n, cap, nslots;
} Map;

void  map_init(Map *m, Arena *a);
void *map_get(const Map *m, const void *key);        /* NULL when absent */
bool  map_has(const Map *m, const void *key);
void  map_set(Map *m, const void *key, void *val);   /* inserts or overwrites */

/* String -> pointer; keys are copied into the arena.  Same iteration rule. */
typedef struct StrMap {
	Arena       *arena;
	const char **key;
	void       **val;
	int32_t     *slot;
	int          n, cap, nslots;
} StrMap;

void  strmap_init(StrMap *m, Arena *a);
void *strmap_get(const StrMap *m, const char *key);
bool  strmap_has(const StrMap *m, const char *key);
void  strmap_set(StrMap *m, const char *key, void *val);

/* One copy of each equal byte sequence: equal contents give equal pointers.
   The stored copy is NUL-terminated. */
typedef struct Interner {
	Arena     *arena;
	const void **item;
	size_t      *size;
	int32_t     *slot;
	int          n, cap, nslots;
} Interner;

void        interner_init(Interner *t, Arena *a);
const void *intern_bytes(Interner *t, const void *bytes, size_t size);
const char *intern_str(Interner *t, const char *s);

uint64_t hash_bytes(const void *bytes, size_t size);
uint64_t hash_mix(uint64_t h, uint64_t x);           /* fold one more word into a hash */

#endif
