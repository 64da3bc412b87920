/* test/unit/scalar_variants_test.c - the loops for any CPU and those for AVX2 give the same bits. */
#include "test/unit/unit.h"

/* The file itself, under other names: its tables are its own business. */
#define scalar_eval      variants_scalar_eval
#define scalar_prog_eval variants_scalar_prog_eval
#include "ir/scalar_eval.c"

enum { N = 333, WIDTH = 8 };

/* Random bits; floats get a random exponent near 1 in half of the lanes, so that not all sums are trivial. */
static void randomise(DType t, uint64_t *seed, unsigned char *at, int n)
{
	for (int i = 0; i < n; i++) {
		uint64_t r = *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
		r ^= r >> 29;
		if (t == DT_F32 && i % 2)
			r = (r & 0x83ffffff) | 0x3c000000;
		if (t == DT_F64 && i % 2)
			r = (r & UINT64_C(0x801fffffffffffff)) | UINT64_C(0x3fe0000000000000);
		if (t == DT_BOOL)
			r = r >> 40 & 1;
		memcpy(at + i * dtype_size(t), &r, (size_t)dtype_size(t));
	}
}

static void check_same(const char *name, DType in, DType out, const unsigned char *a, const unsigned char *b)
{
	for (int i = 0; i < N; i++) {
		uint64_t x = 0, y = 0;
		memcpy(&x, a + i * dtype_size(out), (size_t)dtype_size(out));
		memcpy(&y, b + i * dtype_size(out), (size_t)dtype_size(out));
		if (x != y && !(dtype_is_nan(out, x) && dtype_is_nan(out, y)))
			unit_fail(__FILE__, __LINE__, "%s of %s to %s, element %d: %#llx and %#llx", name, dtype_info[in].name,
			          dtype_info[out].name, i, (unsigned long long)x, (unsigned long long)y);
	}
}

static void compare_loops(const char *name, Loop *any, Loop *avx2, DType first, DType in, DType out)
{
	_Alignas(8) unsigned char arg[3][N * WIDTH], found[2][N * WIDTH];
	uint64_t seed = 5;

	for (int k = 0; k < 3; k++)
		randomise(k ? in : first, &seed, arg[k], N);
	any(found[0], arg[0], arg[1], arg[2], N);
	avx2(found[1], arg[0], arg[1], arg[2], N);
	check_same(name, in, out, found[0], found[1]);
}

TEST(scalar_variants_agree)
{
	if (!has_avx2())
		SKIP("this CPU has no AVX2 and FMA");
	for (DType t = 0; t < DT_COUNT; t++) {
		for (ScalarOp op = 0; op < SC_COUNT; op++) {
			EXPECT(!scalar_loops_any[op][t] == !scalar_loops_avx2[op][t]);
			if (scalar_loops_any[op][t])
				compare_loops(scalar_info[op].name, scalar_loops_any[op][t], scalar_loops_avx2[op][t],
				              op == SC_select ? DT_BOOL : t, t, scalar_info[op].result == SCR_BOOL ? DT_BOOL : t);
		}
		for (DType to = 0; to < DT_COUNT; to++)
			EXPECT(!convert_loops_any[to][t] == (dtype_is_complex(t) || dtype_is_complex(to) || scalar_convert_via(t, to) != to || (t == to && dtype_is_narrow(t))));
		for (DType to = 0; to < DT_COUNT; to++)
			if (convert_loops_any[to][t])
				compare_loops("convert", convert_loops_any[to][t], convert_loops_avx2[to][t], t, t, to);
	}
}
