/* test/unit/npy_test.c - .npy files written by NumPy (test/frontend/Inputs/make_npy.py), damaged ones, and our own. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "frontend/tensor_file.h"
#include "frontend/weights/npy.h"
#include "ir/base/file.h"
#include "ir/base/num.h"
#include "test/unit/unit.h"

#define INPUTS TFCC_SOURCE_DIR "/test/frontend/Inputs/npy/"

static const double wanted_values[] = { 0, 1, 2, 3, 100, 1.5 };

static Tensor *load(Diag *d, Arena *a, const char *name, const DType *wanted)
{
	return tensor_read(d, arena_printf(a, INPUTS "%s.npy", name), name, wanted);
}

static double as_number(const Tensor *t, int64_t i)
{
	uint64_t bits = tensor_get(t, i);
	int unused = 64 - dtype_info[t->dtype].bits;

	switch (t->dtype) {
	case DT_F16: return f32_from_f16((uint16_t)bits);
	case DT_BF16: return f32_from_bf16((uint16_t)bits);
	case DT_F32: return f32_of_bits((uint32_t)bits);
	case DT_F64: return f64_of_bits(bits);
	default: return dtype_is_signed(t->dtype) ? (double)((int64_t)(bits << unused) >> unused) : (double)bits;
	}
}

TEST(npy_reads_what_numpy_writes)
{
	static const struct { const char *name; DType dtype; bool ask; } cases[] = {
		{ "b1", DT_BOOL, false }, { "i1", DT_I8, false }, { "i2", DT_I16, false }, { "i4", DT_I32, false },
		{ "i8", DT_I64, false }, { "u1", DT_U8, false }, { "u2", DT_U16, false }, { "u4", DT_U32, false },
		{ "u8", DT_U64, false }, { "f2", DT_F16, false }, { "f4", DT_F32, false }, { "f8", DT_F64, false },
		{ "fortran", DT_F32, true }, { "big_endian", DT_F32, true }, { "big_fortran", DT_I16, true },
		{ "version2", DT_F32, false }, { "version3", DT_F32, false }, { "bf16_v2", DT_BF16, false },
		{ "bf16_v2", DT_BF16, true }, { "bf16_u2", DT_BF16, true },
	};
	Arena *a = arena_new();
	Diag d;

	diag_init(&d, a);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		Tensor *t = load(&d, a, cases[i].name, cases[i].ask ? &cases[i].dtype : NULL);
		EXPECT(t != NULL);
		if (!t)
			continue;
		EXPECT_EQ_INT(t->dtype, cases[i].dtype);
		EXPECT_EQ_INT(t->rank, 2);
		EXPECT_EQ_INT(t->dim[0], 2);
		EXPECT_EQ_INT(t->dim[1], 3);
		for (int k = 0; k < 6; k++) {
			double wanted = wanted_values[k];
			if (t->dtype == DT_BOOL)
				wanted = k > 0;
			else if (k == 5 && !dtype_is_float(t->dtype))
				wanted = 5;
			EXPECT_EQ_F64BITS(as_number(t, k), wanted);
		}
		tensor_unref(t);
	}
	EXPECT_EQ_INT(d.n, 0);
	diag_print(&d, stderr);
	arena_free(a);
}

/* [2, 3]: 0, i, 2, 3 - 1.5i, 100, 1.5 */
TEST(npy_complex)
{
	static const double wanted[] = { 0, 0, 0, 1, 2, 0, 3, -1.5, 100, 0, 1.5, 0 };
	static const struct { const char *name; DType dtype; } cases[] = { { "c8", DT_C64 }, { "c16_big", DT_C128 } };
	Arena *a = arena_new();
	Diag d;

	diag_init(&d, a);
	for (int i = 0; i < 2; i++) {
		Tensor *t = load(&d, a, cases[i].name, NULL);
		REQUIRE(t && t->dtype == cases[i].dtype && t->rank == 2 && t->dim[0] == 2 && t->dim[1] == 3);
		Tensor parts = tensor_parts(t);
		EXPECT_EQ_INT(parts.count, 12);
		for (int k = 0; k < 12; k++)
			EXPECT_EQ_F64BITS(as_number(&parts, k), wanted[k]);
		tensor_unref(t);
	}
	arena_free(a);
}

TEST(npy_ranks)
{
	static const struct { const char *name; int rank; int64_t count; } cases[] = {
		{ "scalar", 0, 1 }, { "one", 1, 1 }, { "empty", 3, 0 }, { "rank16", 16, 1 },
	};
	Arena *a = arena_new();
	Diag d;

	diag_init(&d, a);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		Tensor *t = load(&d, a, cases[i].name, NULL);
		EXPECT(t && t->rank == cases[i].rank && t->count == cases[i].count);
		tensor_unref(t);
	}
	arena_free(a);
}

TEST(npy_refuses)
{
	static const struct { const char *name; bool f32; const char *why; } cases[] = {
		{ "rank17", false, "the rank is above 16" },
		{ "complex16", false, "the rank is above 15" },
		{ "record", false, "arrays of records are not supported" },
		{ "text", false, "element type '<U2' is not supported" },
		{ "bad_bool", false, "a bool in the array is neither 0 nor 1" },
		{ "f8", true, "the array is f64, wanted f32" },
	};
	Arena *a = arena_new();
	DType f32 = DT_F32;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		Diag d;
		diag_init(&d, a);
		EXPECT(!load(&d, a, cases[i].name, cases[i].f32 ? &f32 : NULL));
		EXPECT_EQ_INT(d.n, 1);
		EXPECT_STR(d.n ? d.at[0].text : "", cases[i].why);
		EXPECT_EQ_INT(diag_exit_code(&d), 2);
	}
	Diag d;
	diag_init(&d, a);
	EXPECT(!load(&d, a, "no-such-file", NULL));
	EXPECT_EQ_INT(diag_exit_code(&d), 1);
	arena_free(a);
}

static const char *why_refused(Arena *a, const void *bytes, size_t n)
{
	Diag d;

	diag_init(&d, a);
	EXPECT(!npy_parse(&d, a, "x.npy", bytes, n, NULL));
	return d.n ? d.at[0].text : "";
}

/* A file of version 1 with this header and no data. */
static const char *why_header(Arena *a, const char *header)
{
	size_t n = strlen(header);
	char  *bytes = arena_alloc(a, n + 10);

	memcpy(bytes, "\x93NUMPY\1\0", 8);
	bytes[8] = (char)(n & 0xff);
	bytes[9] = (char)(n >> 8);
	memcpy(bytes + 10, header, n);
	return why_refused(a, bytes, n + 10);
}

TEST(npy_refuses_damage)
{
	Arena *a = arena_new();
	const void *bytes;
	size_t size;
	const char *error;

	REQUIRE(file_map(a, INPUTS "f4.npy", &bytes, &size, &error));
	for (size_t n = 0; n < size; n++)
		EXPECT(*why_refused(a, bytes, n));
	EXPECT_STR(why_refused(a, bytes, size - 1), "the array has 24 bytes, but the file has only 23 left: it is truncated");
	EXPECT_STR(why_refused(a, bytes, 7), "the file is truncated in its header");
	EXPECT_STR(why_refused(a, bytes, 9), "the file is truncated in its header");
	EXPECT_STR(why_header(a, "{descr: '<f4'}"), "the header is malformed: expected a quoted text");
	EXPECT_STR(why_refused(a, "GIF89a..", 8), "this is no .npy file");
	EXPECT_STR(why_refused(a, "\x93NUMPY\4\0", 8), "version 4.0 of the format is not supported");
	EXPECT_STR(why_refused(a, "\x93NUMPY\2\0\xff\xff\xff\xff", 12), "the header has 4294967295 bytes; at most 1048576 are supported");
	EXPECT_STR(why_header(a, "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9), }"),
	           "the size of the array does not fit in 64 bits");
	EXPECT_STR(why_header(a, "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4294967296, 4294967296), }"),
	           "the size of the array does not fit in 64 bits");
	EXPECT_STR(why_header(a, "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,), }"),
	           "a dimension does not fit in 64 bits");
	EXPECT_STR(why_header(a, "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }"),
	           "the header is malformed: expected a dimension, an integer from 0 on");
	EXPECT_STR(why_header(a, "{'descr': '<f4', 'fortran_order': maybe, 'shape': (1,), }"),
	           "the header is malformed: expected 'False'");
	EXPECT_STR(why_header(a, "{'descr': '<f4', 'fortran_order': True}"), "the header has no 'shape'");
	EXPECT_STR(why_header(a, "{'fortran_order': True, 'shape': ()}"), "the header has no 'descr'");
	EXPECT_STR(why_header(a, "{'descr': '<f4', 'shape': (1,)} x"), "the header is malformed: more follows behind its '}'");
	EXPECT_STR(why_header(a, "{'colour': 'red'}"), "the header has an unknown key 'colour'");
	EXPECT_STR(why_header(a, "{'descr': 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa'}"),
	           "the header is malformed: a text in it is too long or has an escape");
	arena_free(a);
}

/* Our file of a type has the same bytes as NumPy's. (NumPy leaves room in long headers, and writes <V2 as |V2.) */
TEST(npy_writes_what_numpy_writes)
{
	static const char *const names[] = { "b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8",
	                                     "scalar", "one", "empty" };
	Arena *a = arena_new();
	Diag d;
	char path[] = "npy_test_XXXXXX";
	int fd = mkstemp(path);

	REQUIRE(fd >= 0);
	close(fd);
	diag_init(&d, a);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const void *ours = NULL, *theirs = NULL;
		size_t n = 0, wanted = 0;
		const char *error;
		Tensor *t = load(&d, a, names[i], NULL);
		EXPECT(t && npy_write(&d, path, t));
		tensor_unref(t);
		EXPECT(file_map(a, path, &ours, &n, &error));
		EXPECT(file_map(a, arena_printf(a, INPUTS "%s.npy", names[i]), &theirs, &wanted, &error));
		EXPECT_EQ_INT(n, wanted);
		if (n == wanted)
			EXPECT_BYTES(ours, theirs, n);
	}
	unlink(path);
	EXPECT_EQ_INT(d.n, 0);
	diag_print(&d, stderr);
	arena_free(a);
}
