/* test/unit/scalar_test.c - the scalar operations against wide integer arithmetic and MPFR, and programs of them. */
#include <math.h>
#include <stdlib.h>
#ifdef HAVE_MPFR
#include <mpfr.h>
#endif

#include "ir/base/num.h"
#include "ir/math.h"
#include "test/unit/unit.h"

typedef __int128 Wide;

static const DType ints[] = { DT_I8, DT_I16, DT_I32, DT_I64, DT_U8, DT_U16, DT_U32, DT_U64 };
enum { NINTS = sizeof ints / sizeof *ints };

/* The number that the low bits stand for. */
static Wide int_value(DType t, uint64_t bits)
{
	int w = dtype_info[t].bits;
	Wide v = (Wide)(w == 64 ? bits : bits & ((UINT64_C(1) << w) - 1));

	return dtype_is_signed(t) && v >> (w - 1) ? v - ((Wide)1 << w) : v;
}

static uint64_t int_bits(DType t, Wide v)
{
	int w = dtype_info[t].bits;

	return (uint64_t)v & (w == 64 ? ~UINT64_C(0) : (UINT64_C(1) << w) - 1);
}

/* What an operation on integers must give, as a mathematical number before wrapping. */
static Wide int_wanted(ScalarOp op, DType t, Wide x, Wide y)
{
	int w = dtype_info[t].bits, n = 0;
	Wide ux = (Wide)int_bits(t, x), uy = (Wide)int_bits(t, y);
	Wide sx = ux >> (w - 1) ? ux - ((Wide)1 << w) : ux;

	switch (op) {
	case SC_add: return x + y;
	case SC_sub: return x - y;
	case SC_mul: return (Wide)((unsigned __int128)x * (unsigned __int128)y);
	case SC_div: return y == 0 ? -1 : x / y;
	case SC_rem: return y == 0 ? x : x % y;
	case SC_neg: return -x;
	case SC_abs: return x < 0 ? -x : x;
	case SC_min: return x < y ? x : y;
	case SC_max: return x > y ? x : y;
	case SC_and: return ux & uy;
	case SC_or:  return ux | uy;
	case SC_xor: return ux ^ uy;
	case SC_not: return ~ux;
	case SC_shl: return uy >= w ? 0 : (Wide)((unsigned __int128)ux << uy);
	case SC_shr_l: return uy >= w ? 0 : ux >> uy;
	case SC_shr_a: return uy >= w ? -(sx < 0) : sx >> uy;
	case SC_popcnt:
		for (int i = 0; i < w; i++)
			n += (int)(ux >> i & 1);
		return n;
	case SC_clz:
		while (n < w && !(ux >> (w - 1 - n) & 1))
			n++;
		return n;
	case SC_mulhi:   /* 64-bit unsigned products need all 128 bits */
		return dtype_is_signed(t) ? x * y >> w : (Wide)((unsigned __int128)x * (unsigned __int128)y >> w);
	case SC_eq: return x == y;
	case SC_ne: return x != y;
	case SC_lt: return x < y;
	case SC_le: return x <= y;
	default: return 0;
	}
}

static void check_int_pair(DType t, uint64_t a, uint64_t b)
{
	for (ScalarOp op = 0; op < SC_COUNT; op++) {
		const ScalarInfo *info = &scalar_info[op];
		if (!(info->types & DTS(t)) || info->result == SCR_CAST || op == SC_select || op == SC_two_over_pi)
			continue;
		DType out = info->result == SCR_BOOL ? DT_BOOL : t;
		uint64_t wanted = int_bits(out, int_wanted(op, t, int_value(t, a), int_value(t, b)));
		uint64_t found = scalar_eval(op, t, out, a, b, 0);
		if (found != wanted)
			unit_fail(__FILE__, __LINE__, "%s of %s: %#llx, %#llx gives %#llx, not %#llx", info->name,
			          dtype_info[t].name, (unsigned long long)a, (unsigned long long)b,
			          (unsigned long long)found, (unsigned long long)wanted);
	}
}

TEST(scalar_8_bit_exhaustive)
{
	for (unsigned a = 0; a < 256; a++) {
		for (unsigned b = 0; b < 256; b++) {
			check_int_pair(DT_I8, a, b);
			check_int_pair(DT_U8, a, b);
		}
	}
}

/* Numbers near the ends of each width, as bits. */
static int int_specials(DType t, uint64_t *v)
{
	int n = 0, w = dtype_info[t].bits;

	for (int shift = 0; shift < w; shift++) {
		for (int off = -1; off <= 1; off++) {
			v[n++] = int_bits(t, ((Wide)1 << shift) + off);
			v[n++] = int_bits(t, -((Wide)1 << shift) + off);
		}
	}
	return n;
}

TEST(scalar_wide_integers)
{
	uint64_t v[6 * 64];

	for (int i = 0; i < NINTS; i++) {
		int n = int_specials(ints[i], v);
		for (int a = 0; a < n; a++) {
			for (int b = 0; b < n; b += 1 + n / 100)
				check_int_pair(ints[i], v[a], v[b]);
		}
	}
}

TEST(scalar_bool)
{
	for (unsigned a = 0; a < 2; a++) {
		EXPECT_EQ_INT(scalar_eval(SC_not, DT_BOOL, DT_BOOL, a, 0, 0), !a);
		for (unsigned b = 0; b < 2; b++) {
			EXPECT_EQ_INT(scalar_eval(SC_and, DT_BOOL, DT_BOOL, a, b, 0), a && b);
			EXPECT_EQ_INT(scalar_eval(SC_or, DT_BOOL, DT_BOOL, a, b, 0), a || b);
			EXPECT_EQ_INT(scalar_eval(SC_xor, DT_BOOL, DT_BOOL, a, b, 0), a != b);
			EXPECT_EQ_INT(scalar_eval(SC_min, DT_BOOL, DT_BOOL, a, b, 0), a < b ? a : b);
			EXPECT_EQ_INT(scalar_eval(SC_max, DT_BOOL, DT_BOOL, a, b, 0), a > b ? a : b);
			EXPECT_EQ_INT(scalar_eval(SC_lt, DT_BOOL, DT_BOOL, a, b, 0), a < b);
			EXPECT_EQ_INT(scalar_eval(SC_le, DT_BOOL, DT_BOOL, a, b, 0), a <= b);
			EXPECT_EQ_INT(scalar_eval(SC_eq, DT_BOOL, DT_BOOL, a, b, 0), a == b);
			EXPECT_EQ_INT(scalar_eval(SC_ne, DT_BOOL, DT_BOOL, a, b, 0), a != b);
			EXPECT_EQ_INT(scalar_eval(SC_select, DT_BOOL, DT_BOOL, 1, a, b), a);
			EXPECT_EQ_INT(scalar_eval(SC_select, DT_BOOL, DT_BOOL, 0, a, b), b);
		}
	}
}

TEST(scalar_int_to_int)
{
	uint64_t v[6 * 64];

	for (int i = 0; i < NINTS; i++) {
		int n = int_specials(ints[i], v);
		for (int k = 0; k < n; k++) {
			Wide x = int_value(ints[i], v[k]);
			for (int j = 0; j < NINTS; j++)
				EXPECT_EQ_INT(scalar_eval(SC_convert, ints[i], ints[j], v[k], 0, 0), int_bits(ints[j], x));
			EXPECT_EQ_INT(scalar_eval(SC_convert, ints[i], DT_BOOL, v[k], 0, 0), x != 0);
		}
	}
}

static const double floats[] = {
	0, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3.5, 1e-10, 127, 127.5, 128, 128.5, 255, 255.5, 256, 32767, 32768, 65535, 65536,
	65504, 65519, 65520, 2147483647, 2147483648, 2147483520, 4294967295, 4294967296, 0x1.fffffffffffffp62, 0x1p63,
	0x1.fffffffffffffp63, 0x1p64, 0x1.fffffep127, 0x1p128, 0x1p-24, 0x1p-25, 0x1.8p-25, 0x1p-126, 0x1p-149, 0x1p-150,
	0x1.8p-150, 0x1p-1022, 0x1p-1074, 0x1.fffffffffffffp1023, 0x1.002p0, 0x1.002000001p0, 0x1.006p0, 0x1.01p0,
	0x1.010000001p0, 0x1.03p0, 0x1.000001p0, 0x1.0000010000001p0, 0x1.000003p0, 3.14159, 1e30, INFINITY, NAN,
};
enum { NFLOATS = sizeof floats / sizeof *floats };

static double nth_float(int i)
{
	return i < NFLOATS ? floats[i] : -floats[i - NFLOATS];
}

/* Truncated, saturated: the rule in wide integers. */
static Wide saturated(DType t, double x)
{
	int w = dtype_info[t].bits, sign = dtype_is_signed(t);
	Wide max = ((Wide)1 << (w - sign)) - 1, min = sign ? -max - 1 : 0;

	if (isnan(x))
		return 0;
	if (fabs(x) >= 0x1p100)
		return x < 0 ? min : max;
	Wide v = (Wide)x;
	return v < min ? min : v > max ? max : v;
}

TEST(scalar_float_to_int)
{
	for (int i = 0; i < 2 * NFLOATS; i++) {
		double x = nth_float(i);
		float xf = (float)x;
		for (int j = 0; j < NINTS; j++) {
			EXPECT_EQ_INT(scalar_eval(SC_convert, DT_F64, ints[j], f64_bits(x), 0, 0),
			              int_bits(ints[j], saturated(ints[j], x)));
			EXPECT_EQ_INT(scalar_eval(SC_convert, DT_F32, ints[j], f32_bits(xf), 0, 0),
			              int_bits(ints[j], saturated(ints[j], (double)xf)));
		}
		EXPECT_EQ_INT(scalar_eval(SC_convert, DT_F64, DT_BOOL, f64_bits(x), 0, 0), x != 0);
		EXPECT_EQ_INT(scalar_eval(SC_convert, DT_F32, DT_BOOL, f32_bits(xf), 0, 0), xf != 0);
	}
	EXPECT_EQ_INT(scalar_eval(SC_convert, DT_F16, DT_I8, 0xfc00, 0, 0), 0x80);
	EXPECT_EQ_INT(scalar_eval(SC_convert, DT_F16, DT_I32, 0xc580, 0, 0), 0xfffffffb);   /* -5.5 */
	EXPECT_EQ_INT(scalar_eval(SC_convert, DT_BF16, DT_U16, 0x4f00, 0, 0), 0xffff);      /* 2^31 */
	EXPECT_EQ_INT(scalar_eval(SC_convert, DT_F16, DT_BF16, 0x3555, 0, 0), 0x3eab);      /* 1/3 */
}

TEST(scalar_float_basic)
{
	double nan = NAN;

	for (int i = 0; i < 2 * NFLOATS; i++) {
		double x = nth_float(i);
		for (int j = 0; j < 2 * NFLOATS; j++) {
			double y = nth_float(j), lo = x < y ? x : y, hi = x < y ? y : x;
			if (isnan(x) || isnan(y))
				lo = hi = nan;
			else if (x == 0 && y == 0)
				lo = signbit(x) ? x : y, hi = signbit(x) ? y : x;
			uint64_t a = f64_bits(x), b = f64_bits(y);
			EXPECT_EQ_F64BITS(f64_of_bits(scalar_eval(SC_min, DT_F64, DT_F64, a, b, 0)), lo);
			EXPECT_EQ_F64BITS(f64_of_bits(scalar_eval(SC_max, DT_F64, DT_F64, a, b, 0)), hi);
			EXPECT_EQ_INT(scalar_eval(SC_eq, DT_F64, DT_BOOL, a, b, 0), x == y);
			EXPECT_EQ_INT(scalar_eval(SC_ne, DT_F64, DT_BOOL, a, b, 0), x != y);
			EXPECT_EQ_INT(scalar_eval(SC_lt, DT_F64, DT_BOOL, a, b, 0), x < y);
			EXPECT_EQ_INT(scalar_eval(SC_le, DT_F64, DT_BOOL, a, b, 0), x <= y);
			EXPECT_EQ_F64BITS(f64_of_bits(scalar_eval(SC_copysign, DT_F64, DT_F64, a, b, 0)), copysign(x, y));
			if ((double)(float)x == x && (double)(float)y == y) {
				uint64_t c = f32_bits((float)x), d = f32_bits((float)y);
				EXPECT_EQ_F32BITS(f32_of_bits((uint32_t)scalar_eval(SC_min, DT_F32, DT_F32, c, d, 0)), (float)lo);
				EXPECT_EQ_F32BITS(f32_of_bits((uint32_t)scalar_eval(SC_max, DT_F32, DT_F32, c, d, 0)), (float)hi);
			}
		}
		/* rounding, told by what it must satisfy */
		double fl = f64_of_bits(scalar_eval(SC_floor, DT_F64, DT_F64, f64_bits(x), 0, 0));
		double ce = f64_of_bits(scalar_eval(SC_ceil, DT_F64, DT_F64, f64_bits(x), 0, 0));
		double tr = f64_of_bits(scalar_eval(SC_trunc, DT_F64, DT_F64, f64_bits(x), 0, 0));
		double re = f64_of_bits(scalar_eval(SC_roundeven, DT_F64, DT_F64, f64_bits(x), 0, 0));
		if (!isfinite(x) || fabs(x) >= 0x1p52) {
			EXPECT_EQ_F64BITS(fl, x);
			EXPECT_EQ_F64BITS(ce, x);
			EXPECT_EQ_F64BITS(tr, x);
			EXPECT_EQ_F64BITS(re, x);
			continue;
		}
		double whole = (double)(int64_t)x, left = x - whole;
		EXPECT_EQ_F64BITS(tr, copysign(whole, x));
		EXPECT_EQ_F64BITS(fl, copysign(left < 0 ? whole - 1 : whole, x));
		EXPECT_EQ_F64BITS(ce, copysign(left > 0 ? whole + 1 : whole, x));
		bool up = fabs(left) > 0.5 || (fabs(left) == 0.5 && (int64_t)whole % 2);
		EXPECT_EQ_F64BITS(re, copysign(up ? whole + copysign(1, x) : whole, x));
	}
}

#ifdef HAVE_MPFR
/* Sets v to the exact result where there is one (enough bits for any product of doubles and sum), else to 300 bits. */
static bool float_wanted(mpfr_t v, ScalarOp op, double x, double y, double z)
{
	mpfr_t b, c;

	mpfr_init2(b, 64);
	mpfr_init2(c, 64);
	mpfr_set_d(v, x, MPFR_RNDN);
	mpfr_set_d(b, y, MPFR_RNDN);
	mpfr_set_d(c, z, MPFR_RNDN);
	bool known = true;
	switch (op) {
	case SC_add: mpfr_add(v, v, b, MPFR_RNDN); break;
	case SC_sub: mpfr_sub(v, v, b, MPFR_RNDN); break;
	case SC_mul: mpfr_mul(v, v, b, MPFR_RNDN); break;
	case SC_fma: mpfr_fma(v, v, b, c, MPFR_RNDN); break;
	case SC_div: mpfr_div(v, v, b, MPFR_RNDN); break;
	case SC_sqrt: mpfr_sqrt(v, v, MPFR_RNDN); break;
	default: known = false;
	}
	mpfr_clears(b, c, (mpfr_ptr)0);
	return known;
}

static void check_float(ScalarOp op, double x, double y, double z)
{
	static const ScalarOp exact[] = { SC_add, SC_sub, SC_mul, SC_fma };
	mpfr_t v;
	int prec = 300;

	for (size_t i = 0; i < sizeof exact / sizeof *exact; i++)
		prec = op == exact[i] ? 4400 : prec;
	mpfr_init2(v, prec);
	float_wanted(v, op, x, y, z);
	double found = f64_of_bits(scalar_eval(op, DT_F64, DT_F64, f64_bits(x), f64_bits(y), f64_bits(z)));
	EXPECT_EQ_F64BITS(found, mpfr_get_d(v, MPFR_RNDN));
	float xf = (float)x, yf = (float)y, zf = (float)z;
	float_wanted(v, op, (double)xf, (double)yf, (double)zf);
	uint64_t bits = scalar_eval(op, DT_F32, DT_F32, f32_bits(xf), f32_bits(yf), f32_bits(zf));
	EXPECT_EQ_F32BITS(f32_of_bits((uint32_t)bits), mpfr_get_flt(v, MPFR_RNDN));
	mpfr_clear(v);
}

TEST(scalar_float_rounding)
{
	uint64_t s = 7;

	for (int i = 0; i < 2 * NFLOATS; i++) {
		check_float(SC_sqrt, nth_float(i), 0, 0);
		for (int j = 0; j < 2 * NFLOATS; j++) {
			check_float(SC_add, nth_float(i), nth_float(j), 0);
			check_float(SC_sub, nth_float(i), nth_float(j), 0);
			check_float(SC_mul, nth_float(i), nth_float(j), 0);
			check_float(SC_div, nth_float(i), nth_float(j), 0);
			s = s * UINT64_C(6364136223846793005) + 1442695040888963407;
			check_float(SC_fma, nth_float(i), nth_float(j), nth_float((int)(s >> 33) % (2 * NFLOATS)));
			/* what the product loses: the case in which two roundings differ from one */
			check_float(SC_fma, nth_float(i), nth_float(j), -(nth_float(i) * nth_float(j)));
		}
	}
}

/* x rounded once to a format of `prec` bits whose exponents (MPFR's, of a number in [1/2, 1)) run from emin to emax. */
static double rounded(DType t, const mpfr_t x)
{
	static const struct { DType t; int prec, emin, emax; } formats[] = {
		{ DT_F16, 11, -23, 16 }, { DT_BF16, 8, -132, 128 }, { DT_F32, 24, -148, 128 }, { DT_F64, 53, -1073, 1024 },
	};
	mpfr_exp_t emin = mpfr_get_emin(), emax = mpfr_get_emax();
	double r = 0;

	for (int i = 0; i < 4; i++) {
		if (formats[i].t != t)
			continue;
		mpfr_t v;
		mpfr_init2(v, formats[i].prec);
		mpfr_set_emin(formats[i].emin);
		mpfr_set_emax(formats[i].emax);
		int inexact = mpfr_set(v, x, MPFR_RNDN);
		inexact = mpfr_check_range(v, inexact, MPFR_RNDN);
		mpfr_subnormalize(v, inexact, MPFR_RNDN);
		mpfr_set_emin(emin);
		mpfr_set_emax(emax);
		r = mpfr_get_d(v, MPFR_RNDN);
		mpfr_clear(v);
	}
	return r;
}

static double float_of_bits(DType t, uint64_t bits)
{
	switch (t) {
	case DT_F16:  return (double)f32_from_f16((uint16_t)bits);
	case DT_BF16: return (double)f32_from_bf16((uint16_t)bits);
	case DT_F32:  return (double)f32_of_bits((uint32_t)bits);
	default:      return f64_of_bits(bits);
	}
}

TEST(scalar_convert_to_float)
{
	static const DType to[] = { DT_F16, DT_BF16, DT_F32, DT_F64 };
	uint64_t v[6 * 64];
	mpfr_t x;

	mpfr_init2(x, 64);
	for (int k = 0; k < 4; k++) {
		for (int i = 0; i < NINTS; i++) {
			int n = int_specials(ints[i], v);
			for (int j = 0; j < n; j++) {
				Wide w = int_value(ints[i], v[j]);
				if (w < 0)
					mpfr_set_si(x, (long)w, MPFR_RNDN);
				else
					mpfr_set_ui(x, (unsigned long)w, MPFR_RNDN);
				uint64_t bits = scalar_eval(SC_convert, ints[i], to[k], v[j], 0, 0);
				EXPECT_EQ_F64BITS(float_of_bits(to[k], bits), rounded(to[k], x));
			}
		}
		for (int i = 0; i < 2 * NFLOATS; i++) {
			mpfr_set_d(x, nth_float(i), MPFR_RNDN);
			uint64_t bits = scalar_eval(SC_convert, DT_F64, to[k], f64_bits(nth_float(i)), 0, 0);
			EXPECT_EQ_F64BITS(float_of_bits(to[k], bits), rounded(to[k], x));
			float f = (float)nth_float(i);
			mpfr_set_flt(x, f, MPFR_RNDN);
			bits = scalar_eval(SC_convert, DT_F32, to[k], f32_bits(f), 0, 0);
			EXPECT_EQ_F64BITS(float_of_bits(to[k], bits), rounded(to[k], x));
		}
	}
	/* just above a tie that rounding to a double first would make a tie */
	EXPECT_EQ_INT(scalar_eval(SC_convert, DT_I64, DT_BF16, UINT64_C(0x4040000000000001), 0, 0), 0x5e81);
	mpfr_clear(x);
}
#else
TEST(scalar_float_rounding)
{
	SKIP("libmpfr is not installed");
}
#endif

/* Programs: equal instructions are one; results do not depend on blocks, broadcast inputs or alignment. */
TEST(scalar_prog_build)
{
	Arena *a = arena_new();
	ScalarProg *p = scalar_prog_new(a, 2, (DType[]){ DT_F32, DT_F32 });
	Node s = scalar_op(p, SC_add, 0, 1, -1);

	EXPECT_EQ_INT(scalar_op(p, SC_add, 0, 1, -1), s);
	EXPECT(scalar_op(p, SC_add, 1, 0, -1) != s);
	Node zero = scalar_const(p, DT_F32, 0);
	EXPECT_EQ_INT(scalar_const(p, DT_F32, 0), zero);
	EXPECT(scalar_const(p, DT_F32, -0.0) != zero);
	EXPECT(scalar_const(p, DT_F64, 0) != zero);
	Node less = scalar_op(p, SC_lt, 0, 1, -1);
	EXPECT_EQ_INT(p->at[less].type, DT_BOOL);
	Node minus = scalar_const(p, DT_I8, -1);
	EXPECT_EQ_INT(p->at[minus].bits, 0xff);
	arena_free(a);
}

TEST(scalar_prog_blocks)
{
	enum { N = 1000 };
	static float x[N], y[N];
	static char shifted[N * sizeof(float) + 1];
	Arena *a = arena_new();
	ScalarProg *p = scalar_prog_new(a, 2, (DType[]){ DT_F32, DT_F32 });
	float scale = 3;
	int step[] = { 1, 0 };

	p->result = scalar_op(p, SC_fma, 0, 1, scalar_const(p, DT_F32, 0.5));
	for (int i = 0; i < N; i++)
		x[i] = (float)i;
	for (int n = 0; n <= N; n = n < 10 ? n + 1 : n * 3 / 2) {
		memset(y, 0xff, sizeof y);
		scalar_prog_eval(p, (const void *const[]){ x, &scale }, step, y, (size_t)n);
		for (int i = 0; i < n; i++)
			EXPECT_EQ_F32BITS(y[i], (float)i * 3 + 0.5f);
		EXPECT(n == N || isnan(y[n]));
	}
	memcpy(shifted + 1, x, sizeof x);
	scalar_prog_eval(p, (const void *const[]){ shifted + 1, &scale }, step, y, N);
	EXPECT_EQ_F32BITS(y[N - 1], (float)(N - 1) * 3 + 0.5f);
	p->result = 0;   /* a program may give its input, */
	scalar_prog_eval(p, (const void *const[]){ x, &scale }, step, y, N);
	EXPECT_BYTES(y, x, sizeof x);
	p->result = scalar_const(p, DT_F32, 7);   /* or a constant */
	scalar_prog_eval(p, (const void *const[]){ x, &scale }, step, y, N);
	EXPECT_EQ_F32BITS(y[N - 1], 7.0f);
	arena_free(a);
}

static void build_wrong(void *arg)
{
	ScalarProg *p = scalar_prog_new(arena_new(), 2, (DType[]){ DT_F32, DT_I32 });

	scalar_op(p, *(ScalarOp *)arg, 0, *(ScalarOp *)arg == SC_not ? -1 : 1, -1);
}

TEST(scalar_prog_checks)
{
	char err[400];
	ScalarOp op = SC_add;

	EXPECT_EQ_INT(unit_child(build_wrong, &op, err, sizeof err), 70);
	EXPECT(strstr(err, "add: operands of f32 and i32"));
	op = SC_not;
	EXPECT_EQ_INT(unit_child(build_wrong, &op, err, sizeof err), 70);
	EXPECT(strstr(err, "not is not defined for f32"));
}
