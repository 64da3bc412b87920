/* test/unit/narrow_test.c - conversions of the narrow types against ml_dtypes, and the two forms in which they exist against
   each other: functions on bits (what the interpreter uses) and scalar programs (what kernels are made of). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ir/kernel.h"
#include "test/unit/unit.h"

typedef struct Known {
	DType    t;
	uint64_t hash;        /* of the samples, converted */
	uint32_t value[256];
} Known;

static const Known known[] = {
#define NARROW(name, hash, ...) { DT_##name, UINT64_C(hash), { __VA_ARGS__ } },
#include "test/unit/narrow_values.inc"
};

enum { FORMATS = sizeof known / sizeof *known, BASE = 1 << 20 };

static double power2(int e)
{
	double x = 1;

	for (; e > 0; e--)
		x *= 2;
	for (; e < 0; e++)
		x /= 2;
	return x;
}

static bool same_f32(uint32_t a, uint32_t b)
{
	float x = f32_of_bits(a), y = f32_of_bits(b);

	return a == b || (x != x && y != y);
}

TEST(narrow_every_pattern)
{
	for (int i = 0; i < FORMATS; i++) {
		const Known *k = &known[i];
		const FloatFormat *f = dtype_format(k->t);

		EXPECT(dtype_is_narrow(k->t) && dtype_is_float(k->t));
		for (unsigned b = 0; b < 1u << dtype_width(k->t); b++) {
			double x = dtype_to_f64(k->t, b);
			EXPECT(same_f32(f32_bits((float)x), k->value[b]));
			EXPECT_EQ_INT(dtype_is_nan(k->t, b), x != x);
			char text[64];
			uint32_t back;
			int n = format_print(f, text, b);
			EXPECT(format_parse(f, text, (size_t)n, &back) && back == b);
			if (x == x)
				EXPECT_EQ_INT(format_from_f64(f, x), b);
		}
	}
}

/* As narrow_values.py has them; the number of those that are not NaN. */
static size_t samples(float *x)
{
	static const uint32_t low[] = { 0, 1, 0xfff };
	size_t n = 0;

	for (int k = 0; k < 3; k++)
		for (uint32_t i = 0; i < BASE; i++) {
			float v = f32_of_bits(i << 12 | low[k]);
			if (v == v)
				x[n++] = v;
		}
	return n;
}

static uint64_t hash_of(const uint8_t *p, size_t n)
{
	uint64_t h[64], total = UINT64_C(0xcbf29ce484222325);

	for (int i = 0; i < 64; i++)
		h[i] = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < (n + 63) / 64 * 64; i++)
		h[i % 64] = (h[i % 64] ^ (i < n ? p[i] : 0)) * UINT64_C(0x100000001b3);
	for (int i = 0; i < 64; i++)
		total = (total ^ h[i]) * UINT64_C(0x100000001b3);
	return total;
}

static ScalarProg *cast_prog(Arena *a, DType from, DType to)
{
	ScalarProg *p = scalar_prog_new(a, 1, &from);

	p->result = math_narrow(p, to, 0);
	return p;
}

TEST(narrow_from_f32)
{
	Arena *a = arena_new();
	float *x = malloc(3 * BASE * sizeof *x);
	uint8_t *y = malloc(3 * BASE), *z = malloc(3 * BASE);
	size_t n = samples(x);

	for (int i = 0; i < FORMATS; i++) {
		const Known *k = &known[i];
		scalar_prog_eval(cast_prog(a, DT_F32, k->t), (const void *[]){ x }, (int[]){ 1 }, y, n);
		size_t differ = 0;
		for (size_t j = 0; j < n; j++) {
			z[j] = (uint8_t)format_from_f32(dtype_format(k->t), x[j]);
			differ += z[j] != y[j];
			if (dtype_is_nan(k->t, z[j]))
				z[j] = 0xff;
		}
		EXPECT_EQ_INT(differ, 0);
		EXPECT(hash_of(z, n) == k->hash);
		uint8_t nan;
		scalar_prog_eval(cast_prog(a, DT_F32, k->t), (const void *[]){ &(float){ NAN } }, (int[]){ 1 }, &nan, 1);
		EXPECT_EQ_INT(nan, dtype_format(k->t)->nan);
		EXPECT_EQ_INT(format_from_f64(dtype_format(k->t), (double)NAN), nan);
	}
	free(x);
	free(y);
	free(z);
	arena_free(a);
}

/* To f32: the program on every pattern. */
TEST(narrow_to_f32)
{
	Arena *a = arena_new();

	for (int i = 0; i < FORMATS; i++) {
		uint8_t all[256];
		float got[256];
		unsigned n = 1u << dtype_width(known[i].t);
		for (unsigned b = 0; b < n; b++)
			all[b] = (uint8_t)b;
		scalar_prog_eval(cast_prog(a, known[i].t, DT_F32), (const void *[]){ all }, (int[]){ 1 }, got, n);
		for (unsigned b = 0; b < n; b++)
			EXPECT(same_f32(f32_bits(got[b]), known[i].value[b]));
	}
	arena_free(a);
}

/* From f64, rounded once: around every half-way point and far away, by the nearest of all values. */
TEST(narrow_from_f64)
{
	Arena *a = arena_new();

	for (int i = 0; i < FORMATS; i++) {
		DType t = known[i].t;
		const FloatFormat *f = dtype_format(t);
		ScalarProg *p = cast_prog(a, DT_F64, t);
		for (uint32_t b = 0; b <= f->most; b++) {
			double lo = dtype_to_f64(t, b);
			double hi = b < f->most ? dtype_to_f64(t, b + 1) : 2 * lo - dtype_to_f64(t, b - 1), tie = (lo + hi) / 2;
			double x[] = { lo, tie, nextafter(tie, 0), nextafter(tie, INFINITY), -tie, -nextafter(tie, 0), hi * 1.0001 };
			uint32_t up = b < f->most ? b + 1 : format_from_f64(f, INFINITY), even = b % 2 ? up : b;
			uint32_t sign = format_sign(f);
			uint32_t want[] = { b, even, b, up, even, b, b < f->most ? b + 1 : up };
			for (int j = 0; j < 7; j++) {
				if (signbit(x[j]) && (want[j] || f->minus_zero))
					want[j] |= sign;
				if (j == 6 && b < f->most && b > 0 && nextafter(hi, INFINITY) < x[j] && x[j] - hi > (hi - lo) / 2)
					continue;
				EXPECT_EQ_INT(format_from_f64(f, x[j]), want[j]);
				uint8_t got;
				scalar_prog_eval(p, (const void *[]){ &x[j] }, (int[]){ 1 }, &got, 1);
				EXPECT_EQ_INT(got, want[j]);
			}
		}
		double extreme[] = { INFINITY, -INFINITY, 1e300, -1e300, power2(-1000), -power2(-1000), 0.0, -0.0, (double)NAN };
		for (int j = 0; j < 9; j++) {
			uint8_t got;
			scalar_prog_eval(p, (const void *[]){ &extreme[j] }, (int[]){ 1 }, &got, 1);
			EXPECT_EQ_INT(got, format_from_f64(f, extreme[j]));
		}
	}
	arena_free(a);
}

/* What narrow integers are, by their definition: the lowest bits, as two's complement or not. */
TEST(narrow_integers)
{
	static const struct { DType t, wide; int low, high; } all[] = {
		{ DT_I2, DT_I8, -2, 1 }, { DT_I4, DT_I8, -8, 7 }, { DT_U2, DT_U8, 0, 3 }, { DT_U4, DT_U8, 0, 15 },
	};
	Arena *a = arena_new();

	for (int i = 0; i < 4; i++) {
		DType t = all[i].t;
		int count = all[i].high - all[i].low + 1;
		EXPECT_EQ_INT(1 << dtype_width(t), count);
		EXPECT_EQ_INT((int64_t)dtype_to_f64(t, dtype_extreme(t, true)), all[i].high);
		EXPECT_EQ_INT((int64_t)dtype_to_f64(t, dtype_extreme(t, false)), all[i].low);
		for (int x = -300; x < 300; x++) {
			int wrapped = ((x - all[i].low) % count + count) % count + all[i].low;
			int cut = x < all[i].low ? all[i].low : x > all[i].high ? all[i].high : x;
			uint8_t byte = (uint8_t)x, got;
			EXPECT_EQ_INT((int64_t)dtype_to_f64(t, dtype_wrap(t, (uint64_t)(int64_t)x)), wrapped);
			EXPECT_EQ_INT(scalar_eval(SC_convert, DT_I32, t, (uint32_t)x, 0, 0), (uint8_t)wrapped);
			EXPECT_EQ_INT(scalar_eval(SC_convert, DT_F64, t, f64_bits(x + (x < 0 ? -0.5 : 0.5)), 0, 0), (uint8_t)cut);
			scalar_prog_eval(cast_prog(a, all[i].wide, t), (const void *[]){ &byte }, (int[]){ 1 }, &got, 1);
			EXPECT_EQ_INT(got, (uint8_t)wrapped);
			scalar_prog_eval(cast_prog(a, DT_F32, t), (const void *[]){ &(float){ (float)x } }, (int[]){ 1 }, &got, 1);
			EXPECT_EQ_INT(got, (uint8_t)cut);
		}
		EXPECT_EQ_INT(scalar_eval(SC_convert, DT_F32, t, f32_bits(NAN), 0, 0), 0);
	}
	arena_free(a);
}
