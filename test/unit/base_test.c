/* test/unit/base_test.c - arenas, growing arrays, maps, text, CHECK and the element type table. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ir/base/arena.h"
#include "ir/base/check.h"
#include "ir/base/map.h"
#include "ir/base/str.h"
#include "ir/base/vec.h"
#include "ir/dtype.h"
#include "test/unit/unit.h"

static bool all_bytes(const unsigned char *p, size_t n, unsigned char c)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != c)
			return false;
	return true;
}

/* Two rounds over the same blocks: the second must not see the first's contents. */
TEST(arena_pieces_are_zeroed_aligned_and_apart)
{
	enum { N = 3000 };
	Arena *a = arena_new();
	static unsigned char *piece[N];
	static size_t size[N];

	for (int round = 0; round < 2; round++) {
		size_t total = 0;
		for (int i = 0; i < N; i++) {
			size[i] = i % 100 == 99 ? (size_t)40000 + (size_t)i : (size_t)i % 97;
			piece[i] = arena_alloc(a, size[i]);
			total += size[i];
			EXPECT((uintptr_t)piece[i] % 16 == 0);
			EXPECT(all_bytes(piece[i], size[i], 0));
			memset(piece[i], i & 0xff, size[i]);
		}
		for (int i = 0; i < N; i++)
			EXPECT(all_bytes(piece[i], size[i], (unsigned char)i));
		EXPECT_EQ_INT(arena_used(a), total);
		arena_reset(a);
		EXPECT_EQ_INT(arena_used(a), 0);
	}
	arena_free(a);
	arena_free(NULL);
}

TEST(arena_empty_pieces_differ)
{
	Arena *a = arena_new();
	void *p = arena_alloc(a, 0), *q = arena_alloc(a, 0);

	EXPECT(p && q && p != q);
	arena_free(a);
}

TEST(arena_keeps_blocks_across_a_reset)
{
	Arena *a = arena_new();
	void *first = arena_alloc(a, 100);

	for (int i = 0; i < 100000; i++)
		arena_alloc(a, 64);
	arena_reset(a);
	EXPECT(arena_alloc(a, 100) == first);
	arena_free(a);
}

TEST(arena_text)
{
	Arena *a = arena_new();
	char longer[5000];

	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	EXPECT_STR(arena_strdup(a, ""), "");
	EXPECT_STR(arena_strdup(a, "abc"), "abc");
	EXPECT_STR(arena_strndup(a, "abcdef", 3), "abc");
	EXPECT_STR(arena_printf(a, "%d-%s", 7, "x"), "7-x");
	EXPECT_STR(arena_printf(a, "%s", longer), longer);
	EXPECT_BYTES(arena_copy(a, "a\0b", 3), "a\0b", 3);
	arena_free(a);
}

static void ask_for_everything(void *arg)
{
	(void)arg;
	arena_alloc(arena_new(), SIZE_MAX - 8);
}

TEST(arena_out_of_memory_is_about_the_surroundings)
{
	char err[256];

	EXPECT_EQ_INT(unit_child(ask_for_everything, NULL, err, sizeof err), 1);
	EXPECT(strstr(err, "error: out of memory: 18446744073709551607 bytes wanted\n"));
}

TEST(vec_grows_and_shrinks)
{
	Arena *a = arena_new();
	VEC(int) v = { 0 };

	for (int i = 0; i < 10000; i++)
		vec_push(a, &v, i * 3);
	EXPECT_EQ_INT(v.n, 10000);
	for (int i = 0; i < v.n; i++)
		EXPECT_EQ_INT(v.at[i], i * 3);
	EXPECT_EQ_INT(vec_last(&v), 29997);
	EXPECT_EQ_INT(vec_pop(&v), 29997);
	EXPECT_EQ_INT(v.n, 9999);

	typedef struct Pair { int x, y; } Pair;
	VEC(Pair) pairs = { 0 };
	vec_push(a, &pairs, (Pair){ 1, 2 });
	EXPECT_EQ_INT(pairs.at[0].y, 2);
	arena_free(a);
}

static void grow_too_far(void *arg)
{
	int cap = INT_MAX / 2 + 1;

	(void)arg;
	vec_grow(arena_new(), NULL, 0, &cap, 1);
}

TEST(vec_growth_beyond_int_is_out_of_memory)
{
	EXPECT_EQ_INT(unit_child(grow_too_far, NULL, NULL, 0), 1);
}

TEST(map_of_pointers)
{
	enum { N = 20000 };
	static char key[N];
	Arena *a = arena_new();
	Map m;

	map_init(&m, a);
	EXPECT(!map_has(&m, &key[0]));
	EXPECT(!map_get(&m, &key[0]));
	for (int i = 0; i < N; i += 2)
		map_set(&m, &key[i], &key[N - 1 - i]);
	map_set(&m, NULL, &key[5]);
	EXPECT_EQ_INT(m.n, N / 2 + 1);
	for (int i = 0; i < N; i++) {
		EXPECT(map_has(&m, &key[i]) == (i % 2 == 0));
		EXPECT(map_get(&m, &key[i]) == (i % 2 ? NULL : &key[N - 1 - i]));
	}
	EXPECT(map_get(&m, NULL) == &key[5]);

	/* Overwriting keeps the place; a NULL value is there all the same. */
	map_set(&m, &key[4], NULL);
	EXPECT(map_has(&m, &key[4]) && !map_get(&m, &key[4]));
	EXPECT_EQ_INT(m.n, N / 2 + 1);
	for (int i = 0; i < N / 2; i++)
		EXPECT(m.key[i] == &key[2 * i]);
	arena_free(a);
}

TEST(strmap_copies_keys_and_keeps_order)
{
	enum { N = 5000 };
	static int val[N];
	Arena *a = arena_new();
	StrMap m;
	char key[32];

	strmap_init(&m, a);
	EXPECT(!strmap_has(&m, ""));
	for (int i = 0; i < N; i++) {
		snprintf(key, sizeof key, "layer%d.kernel", (i * 7919) % N);
		strmap_set(&m, key, &val[i]);
	}
	EXPECT_EQ_INT(m.n, N);
	for (int i = 0; i < N; i++) {
		snprintf(key, sizeof key, "layer%d.kernel", (i * 7919) % N);
		EXPECT(strmap_get(&m, key) == &val[i]);
		EXPECT_STR(m.key[i], key);
	}
	EXPECT(!strmap_has(&m, "layer5000.kernel"));
	strmap_set(&m, "", &val[1]);
	EXPECT(strmap_get(&m, "") == &val[1]);
	strmap_set(&m, "layer0.kernel", &val[2]);
	EXPECT(strmap_get(&m, "layer0.kernel") == &val[2]);
	EXPECT_EQ_INT(m.n, N + 1);
	arena_free(a);
}

TEST(interner_gives_one_copy)
{
	Arena *a = arena_new();
	Interner t;
	char text[16];
	const void *kept[1000];

	interner_init(&t, a);
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof text, "name%d", i);
		kept[i] = intern_str(&t, text);
		EXPECT(kept[i] != text);
	}
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof text, "name%d", i);
		EXPECT(intern_str(&t, text) == kept[i]);
		EXPECT_STR(kept[i], text);
	}
	/* NULs count, and so does the length. */
	EXPECT(intern_bytes(&t, "a\0b", 3) != intern_bytes(&t, "a\0c", 3));
	EXPECT(intern_bytes(&t, "a\0", 2) != intern_bytes(&t, "a", 1));
	EXPECT(intern_bytes(&t, "a\0b", 3) == intern_bytes(&t, "a\0b", 3));
	EXPECT(intern_bytes(&t, NULL, 0) == intern_str(&t, ""));
	EXPECT_EQ_INT(t.n, 1005);
	arena_free(a);
}

TEST(hash_tells_lengths_and_places_apart)
{
	static const char zeros[64];
	uint64_t seen[64];

	for (size_t n = 0; n < 64; n++) {
		seen[n] = hash_bytes(zeros, n);
		for (size_t k = 0; k < n; k++)
			EXPECT(seen[k] != seen[n]);
	}
	EXPECT(hash_bytes("abcdefgh1", 9) != hash_bytes("1abcdefgh", 9));
	EXPECT(hash_mix(hash_mix(0, 1), 2) != hash_mix(hash_mix(0, 2), 1));
}

TEST(str_grows)
{
	Str b = { 0 };
	char line[300];

	EXPECT_STR(str_cstr(&b), "");
	str_add(&b, "");
	EXPECT_STR(b.s, "");
	str_add(&b, "ab");
	str_addc(&b, 'c');
	str_addn(&b, "defxyz", 3);
	str_printf(&b, " %d", 42);
	EXPECT_STR(str_cstr(&b), "abcdef 42");

	memset(line, 'z', sizeof line - 1);
	line[sizeof line - 1] = '\0';
	for (int i = 0; i < 1000; i++)
		str_printf(&b, "%s", line);
	EXPECT_EQ_INT(b.n, 9 + 1000 * 299);
	EXPECT_EQ_INT(strlen(b.s), b.n);
	str_free(&b);
	EXPECT(!b.s && !b.n && !b.cap);
	str_free(&b);
}

/* Every length around the room that is left. */
TEST(str_printf_at_every_fill)
{
	for (int n = 0; n < 300; n++) {
		Str b = { 0 };
		for (int i = 0; i < n; i++)
			str_addc(&b, 'a');
		str_printf(&b, "%0*d", 60, 7);
		EXPECT_EQ_INT(b.n, n + 60);
		EXPECT_EQ_INT(strlen(b.s), b.n);
		EXPECT(b.s[b.n - 1] == '7');
		str_free(&b);
	}
}

TEST(str_distance_is_levenshtein)
{
	char longer[400];

	EXPECT_EQ_INT(str_distance("", ""), 0);
	EXPECT_EQ_INT(str_distance("", "abc"), 3);
	EXPECT_EQ_INT(str_distance("abc", ""), 3);
	EXPECT_EQ_INT(str_distance("kitten", "sitting"), 3);
	EXPECT_EQ_INT(str_distance("saturday", "sunday"), 3);
	EXPECT_EQ_INT(str_distance("transpose", "tranpose"), 1);
	EXPECT_EQ_INT(str_distance("flaw", "lawn"), 2);
	memset(longer, 'a', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	EXPECT_EQ_INT(str_distance("a", longer), 399);
}

static void note_failure(void *arg)
{
	fprintf(stderr, "on_fail: %s\n", (const char *)arg);
}

static void fail_check(void *arg)
{
	char text[] = "reproducer";

	(void)arg;
	check_context = (CheckContext){ .pass = "fuse", .func = "digits", .op = "conv2d",
	                                .on_fail = note_failure, .arg = text };
	CHECK(1 == 1, "never shown");
	CHECK(1 + 1 == 3, "the sum is %d", 2);
}

static void fail_bare(void *arg)
{
	(void)arg;
	check_context = (CheckContext){ 0 };
	UNREACHABLE("kind %d", 9);
}

static void fail_again(void *arg)
{
	(void)arg;
	CHECK(false, "inside on_fail");
}

static void fail_twice(void *arg)
{
	(void)arg;
	check_context = (CheckContext){ .pass = "cse", .on_fail = fail_again };
	CHECK(false, "first");
}

TEST(check_reports_and_exits_with_70)
{
	char err[1024];

	EXPECT_EQ_INT(unit_child(fail_check, NULL, err, sizeof err), 70);
	EXPECT(strstr(err, "internal error: the sum is 2\n"));
	EXPECT(strstr(err, "  check failed: 1 + 1 == 3 ("));
	EXPECT(strstr(err, "base_test.c:"));
	EXPECT(strstr(err, "  while working in pass 'fuse' on graph 'digits' at op 'conv2d'\n"));
	EXPECT(strstr(err, "on_fail: reproducer\n"));
	EXPECT(!strstr(err, "never shown"));

	EXPECT_EQ_INT(unit_child(fail_bare, NULL, err, sizeof err), 70);
	EXPECT(strstr(err, "internal error: kind 9\n  check failed: unreachable ("));
	EXPECT(!strstr(err, "while working"));

	EXPECT_EQ_INT(unit_child(fail_twice, NULL, err, sizeof err), 70);
	EXPECT(strstr(err, "first\n") && strstr(err, "inside on_fail\n"));
}

TEST(dtype_names_read_back)
{
	DType t;

	for (int i = 0; i < DT_COUNT; i++) {
		const char *name = dtype_info[i].name;
		EXPECT(dtype_parse(name, strlen(name), &t) && (int)t == i);
		EXPECT(dtype_info[i].doc && dtype_info[i].npy && dtype_info[i].safetensors);
	}
	EXPECT(!dtype_parse("", 0, &t));
	EXPECT(!dtype_parse("f3", 2, &t));
	EXPECT(!dtype_parse("f320", 4, &t));
	EXPECT(!dtype_parse("F32", 3, &t));
	EXPECT(dtype_parse("f32]", 3, &t) && t == DT_F32);
}

TEST(dtype_facts)
{
	EXPECT_EQ_INT(dtype_size(DT_BOOL), 1);
	EXPECT_EQ_INT(dtype_size(DT_BF16), 2);
	EXPECT_EQ_INT(dtype_size(DT_F64), 8);
	EXPECT_STR(dtype_info[DT_BF16].ctype, "uint16_t");
	EXPECT_STR(dtype_info[DT_F32].npy, "<f4");
	EXPECT(dtype_is_float(DT_F16) && !dtype_is_float(DT_I8));
	EXPECT(dtype_is_int(DT_U64) && !dtype_is_int(DT_BOOL));
	EXPECT(dtype_is_signed(DT_I64) && !dtype_is_signed(DT_U8));
	EXPECT_EQ_INT(dtype_compute(DT_F16), DT_F32);
	EXPECT_EQ_INT(dtype_compute(DT_F64), DT_F64);
	/* Each type is in exactly one of the sets that make up DTS_ANY. */
	for (int i = 0; i < DT_COUNT; i++) {
		unsigned bit = DTS(i);
		EXPECT_EQ_INT(!!(bit & DTS_FLOAT), dtype_info[i].kind == DK_FLOAT);
		EXPECT_EQ_INT(!!(bit & DTS_SINT), dtype_info[i].kind == DK_INT);
		EXPECT_EQ_INT(!!(bit & DTS_UINT), dtype_info[i].kind == DK_UINT);
		EXPECT_EQ_INT(!!(bit & DTS_BOOL), dtype_info[i].kind == DK_BOOL);
		EXPECT_EQ_INT(!!(bit & DTS_COMPLEX), dtype_info[i].kind == DK_COMPLEX);
		EXPECT(bit & DTS_ANY);
	}
}
