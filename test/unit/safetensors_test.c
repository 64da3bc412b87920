/* test/unit/safetensors_test.c - safetensors files: what is read, what is refused and why, and writing. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "frontend/weights/safetensors.h"
#include "ir/base/file.h"
#include "test/unit/unit.h"

/* A file with this header and n bytes of data 0, 1, 2, ... */
static void *file_of(Arena *a, const char *header, size_t n, size_t *size)
{
	size_t length = strlen(header);
	unsigned char *bytes = arena_alloc(a, 8 + length + n);

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(length >> (8 * i));
	memcpy(bytes + 8, header, length);
	for (size_t i = 0; i < n; i++)
		bytes[8 + length + i] = (unsigned char)i;
	*size = 8 + length + n;
	return bytes;
}

TEST(safetensors_reads)
{
	Arena *a = arena_new();
	Diag d;
	size_t size;
	void *bytes = file_of(a, "{\"__metadata__\":{\"format\":\"pt\"},"
	                         "\"b\":{\"dtype\":\"U8\",\"shape\":[2,2],\"data_offsets\":[4,8]},"
	                         "\"a\":{\"dtype\":\"I16\",\"shape\":[2],\"data_offsets\":[0,4]},"
	                         "\"e\":{\"dtype\":\"F32\",\"shape\":[0,7],\"data_offsets\":[8,8]},"
	                         "\"f8\":{\"dtype\":\"F8_E8M0\",\"shape\":[1],\"data_offsets\":[8,9]}}   ", 9, &size);

	diag_init(&d, a);
	Safetensors *st = safetensors_parse(&d, a, "x.safetensors", bytes, size);
	diag_print(&d, stderr);
	REQUIRE(st);
	EXPECT_EQ_INT(st->entries.n, 4);
	const SafetensorsEntry *e = safetensors_find(st, "b");
	REQUIRE(e && e->known);
	EXPECT(e->blob->dtype == DT_U8 && e->blob->rank == 2 && e->blob->dim[1] == 2);
	EXPECT_EQ_INT(blob_get(e->blob, 3), 7);
	e = safetensors_find(st, "a");
	EXPECT_EQ_INT(blob_get(e->blob, 1), 0x0302);
	EXPECT_EQ_INT(blob_count(safetensors_find(st, "e")->blob), 0);
	EXPECT(!safetensors_find(st, "f8")->known);
	EXPECT(!safetensors_find(st, "c"));
	arena_free(a);
}

TEST(safetensors_refuses)
{
	static const struct { const char *header; size_t n; const char *why; } cases[] = {
		{ "[]", 0, "the header is no JSON object" },
		{ "{", 0, "the header is no JSON: string or '}' expected near end of file at byte 1" },
		{ "{\"a\":1}", 0, "tensor \"a\" is described by no object" },
		{ "{\"a\":{}}", 0, "tensor \"a\": 'dtype' is no string" },
		{ "{\"a\":{\"dtype\":\"F32\"}}", 0, "tensor \"a\": 'shape' is no list" },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1]}}", 0, "tensor \"a\": dimension 0 is no integer from 0 on" },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5]}}", 0, "tensor \"a\": dimension 0 is no integer from 0 on" },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4,
		  "tensor \"a\": 'data_offsets' is no list of two integers" },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4,
		  "tensor \"a\": 'data_offsets' run backwards" },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}", 4,
		  "tensor \"a\": 'data_offsets' run backwards" },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 3,
		  "tensor \"a\" ends at byte 4 of the data, but the file has only 3: it is truncated or damaged" },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4,
		  "tensor \"a\": its shape has 8 bytes, but 'data_offsets' give 4" },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}}", 4,
		  "tensor \"a\": the size of its shape does not fit in 64 bits" },
		{ "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,4294967296,4294967296],\"data_offsets\":[0,0]}}", 0,
		  "tensor \"a\": the size of its shape does not fit in 64 bits" },
		{ "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}", 3,
		  "tensor \"a\" begins at byte 1 of the data, but what is before it ends at 0" },
		{ "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
		  "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}", 3,
		  "tensor \"b\" begins at byte 1 of the data, but what is before it ends at 2" },
		{ "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 3,
		  "1 bytes behind the last tensor belong to nothing" },
		{ "{\"a\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[0,3]}}", 3,
		  "tensor \"a\": a bool in it is neither 0 nor 1" },
	};
	Arena *a = arena_new();

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		Diag d;
		size_t size;
		void *bytes = file_of(a, cases[i].header, cases[i].n, &size);
		diag_init(&d, a);
		EXPECT(!safetensors_parse(&d, a, "x.safetensors", bytes, size));
		EXPECT_EQ_INT(d.n, 1);
		EXPECT_STR(d.n ? d.at[0].text : "", cases[i].why);
	}
	arena_free(a);
}

static const char *why_refused(Arena *a, const void *bytes, size_t n)
{
	Diag d;

	diag_init(&d, a);
	EXPECT(!safetensors_parse(&d, a, "x.safetensors", bytes, n));
	return d.n ? d.at[0].text : "";
}

TEST(safetensors_refuses_damage)
{
	Arena *a = arena_new();
	size_t size;
	char  *bytes = file_of(a, "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2, &size);

	for (size_t n = 0; n < size; n++)
		EXPECT(*why_refused(a, bytes, n));
	EXPECT_STR(why_refused(a, "abc", 3), "the file has 3 bytes, too few for a safetensors file");
	EXPECT_STR(why_refused(a, "\xff\xff\xff\xff\xff\xff\xff\xff{}", 10),
	           "the header has 18446744073709551615 bytes; at most 100000000 are allowed");
	EXPECT_STR(why_refused(a, "\x09\0\0\0\0\0\0\0{}", 10),
	           "the header has 9 bytes, but the file has only 2 left: it is truncated or no safetensors file");
	EXPECT_STR(why_refused(a, "\x12\0\0\0\0\0\0\0{\"a\":{},\"a\":{}}   ", 26),
	           "the header is no JSON: duplicate object key near '\"a\"' at byte 11");

	/* Deep nesting is stopped by the JSON reader. */
	Str deep = { 0 };
	for (int i = 0; i < 200000; i++)
		str_addc(&deep, '[');
	bytes = file_of(a, deep.s, 0, &size);
	EXPECT(strstr(why_refused(a, bytes, size), "maximum parsing depth reached"));
	str_free(&deep);
	arena_free(a);
}

TEST(safetensors_writes)
{
	static const float data[6] = { 1, 2, 3, 4, 5, 6 };
	static const int64_t dim[2] = { 2, 3 }, perm[2] = { 1, 0 };
	Arena *a = arena_new();
	Diag d;
	char path[] = "safetensors_test_XXXXXX";
	int fd = mkstemp(path);

	REQUIRE(fd >= 0);
	close(fd);
	diag_init(&d, a);
	Blob *dense = blob_dense(a, DT_F32, 2, dim, data), *turned = blob_transpose(a, dense, perm);
	const char *names[] = { "a \"b\"", "t" };
	const Blob *blobs[] = { dense, turned };
	EXPECT(safetensors_write(&d, path, 2, names, blobs));
	Safetensors *st = safetensors_open(&d, a, path);
	diag_print(&d, stderr);
	REQUIRE(st && safetensors_find(st, "a \"b\"") && safetensors_find(st, "t"));
	const Blob *t = safetensors_find(st, "t")->blob;
	EXPECT(t->dim[0] == 3 && t->dim[1] == 2);
	EXPECT(blob_equal(t, turned) && blob_equal(safetensors_find(st, "a \"b\"")->blob, dense));
	unlink(path);

	EXPECT(!safetensors_write(&d, "/no/such/folder/x", 2, names, blobs));
	EXPECT_EQ_INT(diag_exit_code(&d), 1);
	EXPECT(!safetensors_write(&d, "/dev/full", 2, names, blobs));
	EXPECT_STR(d.at[d.n - 1].text, "cannot write '/dev/full': no space left on device");
	arena_free(a);
}

TEST(safetensors_names_are_utf8)
{
	Arena *a = arena_new();
	Diag d;
	const float one = 1;
	const Blob b = { .dtype = DT_F32, .data = &one };
	const char *name = "a\xff";

	diag_init(&d, a);
	EXPECT(!safetensors_write(&d, "never.safetensors", 1, &name, &(const Blob *){ &b }));
	EXPECT_STR(d.at[0].text, "cannot write 'never.safetensors': the name of tensor 0 is not UTF-8, as JSON wants it");
	EXPECT(access("never.safetensors", F_OK) != 0);
	arena_free(a);
}
