/* ir/base/map.c - hash tables with open addressing over arrays in insertion order.

   All three kinds are the same table of slots; they differ in how a key is
   hashed and compared.  A slot holds index + 1, 0 is empty, nothing is ever
   removed, and at most half of the slots are in use. */
#include "ir/base/map.h"

#include <limits.h>
#include <string.h>

#include "ir/base/vec.h"

uint64_t hash_mix(uint64_t h, uint64_t x)
{
	h = ((h << 23 | h >> 41) + x + 0x632be59bd9b4e019u) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 32;
}

uint64_t hash_bytes(const void *bytes, size_t size)
{
	const unsigned char *p = bytes;
	uint64_t h = hash_mix(0, size), x;

	for (; size >= 8; p += 8, size -= 8) {
		memcpy(&x, p, 8);
		h = hash_mix(h, x);
	}
	x = 0;
	for (size_t i = 0; i < size; i++)
		x |= (uint64_t)p[i] << 8 * i;
	return hash_mix(h, x);
}

static uint64_t hash_pointer(const void *p)
{
	return hash_mix(0, (uintptr_t)p);
}

/* Grows the parallel arrays `a` and `b` (b's elements have size_b bytes) by the same rule as vec_grow. */
static void grow_pair(Arena *arena, int n, int *cap, const void ***a, void *b, size_t size_b, void **b_out)
{
	int cap_b = *cap;

	*a = vec_grow(arena, *a, n, cap, sizeof **a);
	*b_out = vec_grow(arena, b, n, &cap_b, size_b);
}

static void slot_put(int32_t *slot, int nslots, uint64_t hash, int index)
{
	size_t i = hash & (size_t)(nslots - 1);

	while (slot[i])
		i = (i + 1) & (size_t)(nslots - 1);
	slot[i] = index + 1;
}

/* New slots, all empty, twice as many as before. */
static int32_t *slots_double(Arena *a, int *nslots)
{
	if (*nslots > INT_MAX / 2)
		out_of_memory(SIZE_MAX);
	*nslots = *nslots ? *nslots * 2 : 16;
	return ARENA_ARRAY(a, int32_t, *nslots);
}

/* Pointers. */

void map_init(Map *m, Arena *a)
{
	*m = (Map){ .arena = a };
}

static int map_find(const Map *m, const void *key)
{
	if (!m->nslots)
		return -1;

	size_t mask = (size_t)(m->nslots - 1);
	for (size_t i = hash_pointer(key) & mask; m->slot[i]; i = (i + 1) & mask)
		if (m->key[m->slot[i] - 1] == key)
			return m->slot[i] - 1;
	return -1;
}

void *map_get(const Map *m, const void *key)
{
	int i = map_find(m, key);

	return i < 0 ? NULL : m->val[i];
}

bool map_has(const Map *m, const void *key)
{
	return map_find(m, key) >= 0;
}

void map_set(Map *m, const void *key, void *val)
{
	int i = map_find(m, key);

	if (i >= 0) {
		m->val[i] = val;
		return;
	}
	if (m->n == m->cap) {
		void *vals;
		grow_pair(m->arena, m->n, &m->cap, &m->key, m->val, sizeof *m->val, &vals);
		m->val = vals;
	}
	if (m->n >= m->nslots / 2) {
		m->slot = slots_double(m->arena, &m->nslots);
		for (int k = 0; k < m->n; k++)
			slot_put(m->slot, m->nslots, hash_pointer(m->key[k]), k);
	}
	m->key[m->n] = key;
	m->val[m->n] = val;
	slot_put(m->slot, m->nslots, hash_pointer(key), m->n++);
}

/* Strings. */

void strmap_init(StrMap *m, Arena *a)
{
	*m = (StrMap){ .arena = a };
}

static uint64_t hash_string(const char *s)
{
	return hash_bytes(s, strlen(s));
}

static int strmap_find(const StrMap *m, const char *key)
{
	if (!m->nslots)
		return -1;

	size_t mask = (size_t)(m->nslots - 1);
	for (size_t i = hash_string(key) & mask; m->slot[i]; i = (i + 1) & mask)
		if (!strcmp(m->key[m->slot[i] - 1], key))
			return m->slot[i] - 1;
	return -1;
}

void *strmap_get(const StrMap *m, const char *key)
{
	int i = strmap_find(m, key);

	return i < 0 ? NULL : m->val[i];
}

bool strmap_has(const StrMap *m, const char *key)
{
	return strmap_find(m, key) >= 0;
}

void strmap_set(StrMap *m, const char *key, void *val)
{
	int i = strmap_find(m, key);

	if (i >= 0) {
		m->val[i] = val;
		return;
	}
	if (m->n == m->cap) {
		const void **keys = (const void **)m->key;
		void *vals;
		grow_pair(m->arena, m->n, &m->cap, &keys, m->val, sizeof *m->val, &vals);
		m->key = (const char **)keys;
		m->val = vals;
	}
	if (m->n >= m->nslots / 2) {
		m->slot = slots_double(m->arena, &m->nslots);
		for (int k = 0; k < m->n; k++)
			slot_put(m->slot, m->nslots, hash_string(m->key[k]), k);
	}
	m->key[m->n] = arena_strdup(m->arena, key);
	m->val[m->n] = val;
	slot_put(m->slot, m->nslots, hash_string(key), m->n++);
}

/* Interned bytes. */

void interner_init(Interner *t, Arena *a)
{
	*t = (Interner){ .arena = a };
}

const void *intern_bytes(Interner *t, const void *bytes, size_t size)
{
	uint64_t hash = hash_bytes(bytes, size);

	if (t->nslots) {
		size_t mask = (size_t)(t->nslots - 1);
		for (size_t i = hash & mask; t->slot[i]; i = (i + 1) & mask) {
			int k = t->slot[i] - 1;
			if (t->size[k] == size && (!size || !memcmp(t->item[k], bytes, size)))
				return t->item[k];
		}
	}
	if (t->n == t->cap) {
		void *sizes;
		grow_pair(t->arena, t->n, &t->cap, &t->item, t->size, sizeof *t->size, &sizes);
		t->size = sizes;
	}
	if (t->n >= t->nslots / 2) {
		t->slot = slots_double(t->arena, &t->nslots);
		for (int k = 0; k < t->n; k++)
			slot_put(t->slot, t->nslots, hash_bytes(t->item[k], t->size[k]), k);
	}
	t->item[t->n] = arena_strndup(t->arena, bytes, size);
	t->size[t->n] = size;
	slot_put(t->slot, t->nslots, hash, t->n);
	return t->item[t->n++];
}

const char *intern_str(Interner *t, const char *s)
{
	return intern_bytes(t, s, strlen(s));
}
