/* test/unit/math_test.c - the elementary functions against MPFR: ulp bounds, special values, signs of zeros. */
#include <math.h>
#include <stdlib.h>
#ifdef HAVE_MPFR
#include <mpfr.h>
#endif

#include "ir/base/num.h"
#include "ir/math.h"
#include "test/unit/unit.h"

#ifdef HAVE_MPFR

static uint64_t next_random(uint64_t *s)
{
	uint64_t z = *s += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static double uniform(uint64_t *s, double lo, double hi)
{
	return lo + (double)(next_random(s) >> 11) * 0x1p-53 * (hi - lo);
}

/* Where something happens in some function; each is tried with its neighbours, in both signs. */
static const double specials[] = {
	0, 1, 2, 3, 0.5, INFINITY, 1e-30, 0x1p-24, 0x1p-25, 0x1p-26, 0x1p-53, 0x1p-54, 0x1p-55, 0x1p-126, 0x1p-149,
	0x1p-1022, 0x1p-1074, 0x1p23, 0x1p24, 0x1p52, 0x1p53, 0x1p60, 0x1p126, 0x1.fffffep127, 0x1.fffffffffffffp1023,
	0x1.6a09e667f3bcdp-1, 0x1.6a09e667f3bcdp0, 0x1.62e42fefa39efp-2, 0x1.62e42fefa39efp-1, 0.625, 1.25, 1.5, 3.9375,
	5.9375, 9.01, 10, 18.4, 19.06, 20, 37, 38, 40, 87.33654, 88.72284, 89, 103.97208, 104, 126, 127, 128, 129, 149,
	150, 151, 708.3964185322641, 709.782712893384, 710, 745.1332191019412, 746, 1022, 1024, 1074, 1075, 1e9,
	16777215, 9007199254740991,
};
enum { NSPECIALS = sizeof specials / sizeof *specials, NEAR = 2, NTRIED = NSPECIALS * (2 * NEAR + 1) * 2 };

static double nth_special(int i, bool f32)
{
	double v = specials[i / 2 % NSPECIALS];
	int off = i / 2 / NSPECIALS - NEAR;

	for (int k = 0; k < abs(off); k++)
		v = f32 ? nextafterf((float)v, off < 0 ? -INFINITY : INFINITY) : nextafter(v, off < 0 ? -INFINITY : INFINITY);
	return i % 2 ? -v : v;
}

/* Arrays of n elements of one type, seen as doubles. */
typedef struct Values {
	bool  f32;
	void *at;
} Values;

static Values values_new(bool f32, int n)
{
	return (Values){ f32, calloc((size_t)n, sizeof(double)) };
}

static void put(Values v, int i, double x)
{
	if (v.f32)
		((float *)v.at)[i] = (float)x;
	else
		((double *)v.at)[i] = x;
}

static double get(Values v, int i)
{
	return v.f32 ? (double)((float *)v.at)[i] : ((double *)v.at)[i];
}

/* The distance of found from exact in ulp of the result; -1 where it must be the same and is, infinity where it is not. */
static double distance(double found, mpfr_t exact, bool f32)
{
	double wanted = f32 ? (double)mpfr_get_flt(exact, MPFR_RNDN) : mpfr_get_d(exact, MPFR_RNDN);

	if (isnan(wanted) || isnan(found))
		return isnan(wanted) && isnan(found) ? -1 : INFINITY;
	if (signbit(wanted) != signbit(found))
		return INFINITY;
	if (isinf(wanted) || isinf(found) || mpfr_zero_p(exact))
		return found == wanted ? -1 : INFINITY;
	long e = wanted == 0 ? -2000 : ilogb(wanted), least = f32 ? -126 : -1022;
	mpfr_sub_d(exact, exact, found, MPFR_RNDN);
	mpfr_mul_2si(exact, exact, (f32 ? 23 : 52) - (e < least ? least : e), MPFR_RNDN);
	return fabs(mpfr_get_d(exact, MPFR_RNDN));
}

typedef struct Worst {
	double ulp, x, y;
} Worst;

static void note_worst(Worst *w, double ulp, double x, double y)
{
	if (ulp > w->ulp)
		*w = (Worst){ ulp, x, y };
}

static void expect_bound(const char *name, bool f32, const Worst *w, double bound)
{
	if (!(w->ulp <= bound))
		unit_fail(__FILE__, __LINE__, "%s of f%d: %.3f ulp at (%a, %a), allowed are %.2f", name, f32 ? 32 : 64, w->ulp,
		          w->x, w->y, bound);
}

typedef int MpfrUnary(mpfr_t, const mpfr_t, mpfr_rnd_t);
typedef Node BuildUnary(ScalarProg *, DType, Node);

static int mpfr_logistic(mpfr_t r, const mpfr_t x, mpfr_rnd_t rnd)
{
	mpfr_neg(r, x, rnd);
	mpfr_exp(r, r, rnd);
	mpfr_add_ui(r, r, 1, rnd);
	return mpfr_ui_div(r, 1, r, rnd);
}

/* 1/sqrt(x), which is -inf for -0 (MPFR's own is +inf). */
static int mpfr_rsqrt(mpfr_t r, const mpfr_t x, mpfr_rnd_t rnd)
{
	mpfr_sqrt(r, x, rnd);
	return mpfr_ui_div(r, 1, r, rnd);
}

static int mpfr_sign(mpfr_t r, const mpfr_t x, mpfr_rnd_t rnd)
{
	mpfr_set(r, x, rnd);
	return mpfr_nan_p(x) || mpfr_zero_p(x) ? 0 : mpfr_set_si(r, mpfr_sgn(x), rnd);
}

/* A third of the arguments are any floats, the others lie between lo and hi. */
static void check_unary(const char *name, BuildUnary *build, MpfrUnary *reference, bool f32, double lo, double hi,
                        double bound)
{
	enum { N = 40000 };
	DType t = f32 ? DT_F32 : DT_F64;
	Arena *a = arena_new();
	ScalarProg *p = scalar_prog_new(a, 1, &t);
	Values x = values_new(f32, N), y = values_new(f32, N);
	uint64_t seed = 42;
	Worst worst = { 0 };
	mpfr_t r;

	p->result = build(p, t, 0);
	for (int i = 0; i < N; i++) {
		double v = uniform(&seed, lo, hi);
		if (i < NTRIED)
			v = nth_special(i, f32);
		else if (i == NTRIED)
			v = NAN;
		else if (i % 3 == 0)
			v = f32 ? (double)f32_of_bits((uint32_t)next_random(&seed)) : f64_of_bits(next_random(&seed));
		put(x, i, v);
	}
	scalar_prog_eval(p, (const void *const[]){ x.at }, (const int[]){ 1 }, y.at, N);
	mpfr_init2(r, f32 ? 80 : 120);
	for (int i = 0; i < N; i++) {
		mpfr_set_d(r, get(x, i), MPFR_RNDN);
		reference(r, r, MPFR_RNDN);
		note_worst(&worst, distance(get(y, i), r, f32), get(x, i), 0);
	}
	mpfr_clear(r);
	expect_bound(name, f32, &worst, bound);
	free(x.at);
	free(y.at);
	arena_free(a);
}

/* The bounds are those stated in docs/notes/math.md. */
TEST(math_exp)
{
	check_unary("exp", math_exp, mpfr_exp, true, -105, 90, 1);
	check_unary("exp", math_exp, mpfr_exp, false, -750, 715, 0.9);
}
TEST(math_exp2)
{
	check_unary("exp2", math_exp2, mpfr_exp2, true, -152, 130, 0.9);
	check_unary("exp2", math_exp2, mpfr_exp2, false, -1080, 1030, 0.9);
}
TEST(math_expm1)
{
	check_unary("expm1", math_expm1, mpfr_expm1, true, -20, 90, 1.7);
	check_unary("expm1", math_expm1, mpfr_expm1, false, -40, 100, 1.9);
}
TEST(math_log)
{
	check_unary("log", math_log, mpfr_log, true, 0, 3, 0.9);
	check_unary("log", math_log, mpfr_log, false, 0, 3, 0.9);
}
TEST(math_log1p)
{
	check_unary("log1p", math_log1p, mpfr_log1p, true, -1, 2, 1.5);
	check_unary("log1p", math_log1p, mpfr_log1p, false, -1, 2, 1.5);
}
TEST(math_tanh)
{
	check_unary("tanh", math_tanh, mpfr_tanh, true, -10, 10, 1.9);
	check_unary("tanh", math_tanh, mpfr_tanh, false, -20, 20, 1.9);
}
TEST(math_erf)
{
	check_unary("erf", math_erf, mpfr_erf, true, -4.5, 4.5, 1.7);
	check_unary("erf", math_erf, mpfr_erf, false, -6.5, 6.5, 1.7);
}
TEST(math_rsqrt)
{
	check_unary("rsqrt", math_rsqrt, mpfr_rsqrt, true, 0, 8, 1.5);
	check_unary("rsqrt", math_rsqrt, mpfr_rsqrt, false, 0, 8, 1.5);
}
TEST(math_logistic)
{
	check_unary("logistic", math_logistic, mpfr_logistic, true, -105, 40, 1.8);
	check_unary("logistic", math_logistic, mpfr_logistic, false, -750, 40, 1.8);
}
TEST(math_sign)
{
	check_unary("sign", math_sign, mpfr_sign, true, -2, 2, 0);
	check_unary("sign", math_sign, mpfr_sign, false, -2, 2, 0);
}

static int mpfr_lgamma_only(mpfr_t r, const mpfr_t x, mpfr_rnd_t rnd)
{
	int sign;

	return mpfr_lgamma(r, &sign, x, rnd);
}

TEST(math_erfc)
{
	check_unary("erfc", math_erfc, mpfr_erfc, true, -4.5, 10.5, 4.1);
	check_unary("erfc", math_erfc, mpfr_erfc, false, -6.5, 27.5, 4);
}

/* Newton's method on erf, or, where that is near 1, on log erfc. */
static int mpfr_erf_inv(mpfr_t r, const mpfr_t x, mpfr_rnd_t rnd)
{
	mpfr_t y, q, t, slope;
	int sign = mpfr_sgn(x);

	if (!mpfr_number_p(x) || mpfr_zero_p(x))
		return mpfr_zero_p(x) ? mpfr_set(r, x, rnd) : (mpfr_set_nan(r), 0);
	mpfr_inits2(mpfr_get_prec(r) + 60, y, q, t, slope, (mpfr_ptr)0);
	mpfr_abs(y, x, rnd);
	mpfr_ui_sub(q, 1, y, rnd);
	if (mpfr_sgn(q) <= 0) {
		if (mpfr_zero_p(q))
			mpfr_set_inf(r, sign);
		else
			mpfr_set_nan(r);
	} else {
		bool far = mpfr_cmp_d(q, 0.3) < 0;
		double d = mpfr_get_d(q, rnd);
		mpfr_set(t, y, rnd);   /* |x| */
		if (far)
			mpfr_set_d(y, 0.9 * sqrt(-log(d * (2 - d))), rnd);
		for (int i = 0; i < 12; i++) {
			mpfr_t f;
			mpfr_init2(f, mpfr_get_prec(y));
			mpfr_sqr(slope, y, rnd);
			mpfr_exp(slope, slope, rnd);   /* times sqrt(pi)/2: 1/erf' */
			if (far) {
				mpfr_t c;
				mpfr_init2(c, mpfr_get_prec(y));
				mpfr_erfc(c, y, rnd);
				mpfr_div(f, c, q, rnd);
				mpfr_log(f, f, rnd);
				mpfr_mul(f, f, c, rnd);
				mpfr_neg(f, f, rnd);
				mpfr_clear(c);
			} else {
				mpfr_erf(f, y, rnd);
				mpfr_sub(f, f, t, rnd);
			}
			mpfr_mul(f, f, slope, rnd);
			mpfr_const_pi(slope, rnd);
			mpfr_sqrt(slope, slope, rnd);
			mpfr_mul(f, f, slope, rnd);
			mpfr_div_ui(f, f, 2, rnd);
			mpfr_sub(y, y, f, rnd);
			mpfr_clear(f);
		}
		mpfr_set(r, y, rnd);
		if (sign < 0)
			mpfr_neg(r, r, rnd);
	}
	mpfr_clears(y, q, t, slope, (mpfr_ptr)0);
	return 0;
}

TEST(math_trigonometric)
{
	check_unary("sin", math_sin, mpfr_sin, true, -10, 10, 0.51);
	check_unary("sin", math_sin, mpfr_sin, false, -10, 10, 0.8);
	check_unary("cos", math_cos, mpfr_cos, true, -10, 10, 0.51);
	check_unary("cos", math_cos, mpfr_cos, false, -10, 10, 0.8);
	check_unary("tan", math_tan, mpfr_tan, true, -10, 10, 0.51);
	check_unary("tan", math_tan, mpfr_tan, false, -10, 10, 1);
}
TEST(math_arcs)
{
	check_unary("asin", math_asin, mpfr_asin, true, -1, 1, 0.51);
	check_unary("asin", math_asin, mpfr_asin, false, -1, 1, 0.8);
	check_unary("acos", math_acos, mpfr_acos, true, -1, 1, 0.51);
	check_unary("acos", math_acos, mpfr_acos, false, -1, 1, 0.8);
	check_unary("atan", math_atan, mpfr_atan, true, -4, 4, 0.51);
	check_unary("atan", math_atan, mpfr_atan, false, -4, 4, 0.8);
}
TEST(math_hyperbolic)
{
	check_unary("sinh", math_sinh, mpfr_sinh, true, -91, 91, 0.51);
	check_unary("sinh", math_sinh, mpfr_sinh, false, -4, 4, 0.9);
	check_unary("cosh", math_cosh, mpfr_cosh, true, -91, 91, 0.51);
	check_unary("cosh", math_cosh, mpfr_cosh, false, -4, 4, 0.9);
	check_unary("asinh", math_asinh, mpfr_asinh, true, -4, 4, 0.51);
	check_unary("asinh", math_asinh, mpfr_asinh, false, -4, 4, 0.8);
	check_unary("acosh", math_acosh, mpfr_acosh, true, 1, 4, 0.51);
	check_unary("acosh", math_acosh, mpfr_acosh, false, 1, 4, 0.8);
	check_unary("atanh", math_atanh, mpfr_atanh, true, -1, 1, 0.51);
	check_unary("atanh", math_atanh, mpfr_atanh, false, -1, 1, 0.8);
}
TEST(math_cbrt)
{
	check_unary("cbrt", math_cbrt, mpfr_cbrt, true, -8, 8, 0.51);
	check_unary("cbrt", math_cbrt, mpfr_cbrt, false, -8, 8, 0.51);
}
TEST(math_gamma)
{
	check_unary("lgamma", math_lgamma, mpfr_lgamma_only, true, 0, 10, 0.51);
	check_unary("digamma", math_digamma, mpfr_digamma, true, 0, 10, 0.51);
}
TEST(math_erf_inv)
{
	check_unary("erf_inv", math_erf_inv, mpfr_erf_inv, true, -1, 1, 0.51);
}

/* From 50 on the asymptotic series, which then is right to e^-100; below, the power series, whose terms are positive (NIST DLMF
   10.40.1, 10.25.2). */
static int mpfr_bessel_i1e(mpfr_t r, const mpfr_t x, mpfr_rnd_t rnd)
{
	mpfr_t a, term, z, sum;
	bool far = mpfr_cmpabs_ui(x, 50) > 0;
	int sign = mpfr_signbit(x) ? -1 : 1;

	if (!mpfr_number_p(x) || mpfr_zero_p(x))
		return mpfr_inf_p(x) ? mpfr_set_zero(r, sign), 0 : mpfr_set(r, x, rnd);
	mpfr_inits2(mpfr_get_prec(r) + 40, a, term, z, sum, (mpfr_ptr)0);
	mpfr_abs(a, x, rnd);
	if (far)
		mpfr_set_ui(term, 1, rnd);
	else
		mpfr_div_ui(term, a, 2, rnd);
	mpfr_set(sum, term, rnd);
	mpfr_sqr(z, a, rnd);
	mpfr_div_ui(z, z, 4, rnd);
	for (int k = 1; k < (far ? 100 : 300) && mpfr_get_exp(term) > mpfr_get_exp(sum) - mpfr_get_prec(sum); k++) {
		if (far) {
			mpfr_mul_si(term, term, (2 * k - 3) * (2 * k + 1), rnd);
			mpfr_div_ui(term, term, 8 * (unsigned)k, rnd);
			mpfr_div(term, term, a, rnd);
		} else {
			mpfr_mul(term, term, z, rnd);
			mpfr_div_ui(term, term, (unsigned)k * (unsigned)(k + 1), rnd);
		}
		mpfr_add(sum, sum, term, rnd);
	}
	if (far) {
		mpfr_const_pi(z, rnd);
		mpfr_mul(z, z, a, rnd);
		mpfr_mul_ui(z, z, 2, rnd);
		mpfr_rec_sqrt(z, z, rnd);
	} else {
		mpfr_neg(z, a, rnd);
		mpfr_exp(z, z, rnd);
	}
	mpfr_mul(sum, sum, z, rnd);
	mpfr_mul_si(r, sum, sign, rnd);
	mpfr_clears(a, term, z, sum, (mpfr_ptr)0);
	return 0;
}

TEST(math_bessel)
{
	check_unary("bessel_i1e", math_bessel_i1e, mpfr_bessel_i1e, true, -20, 20, 0.51);
	check_unary("bessel_i1e", math_bessel_i1e, mpfr_bessel_i1e, false, -20, 20, 3.5);
}

typedef int MpfrBinary(mpfr_t, const mpfr_t, const mpfr_t, mpfr_rnd_t);
typedef Node BuildBinary(ScalarProg *, DType, Node, Node);

/* Pairs: all specials (without neighbours) with each other, any two floats, and ranges in which powers are finite. */
static void pair(int i, bool f32, uint64_t *seed, double *x, double *y)
{
	enum { S = 2 * NSPECIALS + 1 };
	double range = f32 ? 180 : 1450;

	if (i < S * S) {
		int k = i % S, m = i / S;
		*x = k == S - 1 ? NAN : nth_special(k + NEAR * 2 * NSPECIALS, f32);
		*y = m == S - 1 ? NAN : nth_special(m + NEAR * 2 * NSPECIALS, f32);
	} else if (i % 4 == 0) {
		*x = f32 ? (double)f32_of_bits((uint32_t)next_random(seed)) : f64_of_bits(next_random(seed));
		*y = f32 ? (double)f32_of_bits((uint32_t)next_random(seed)) : f64_of_bits(next_random(seed));
	} else if (i % 4 == 1) {
		*x = exp(uniform(seed, -range / 2, range / 2));
		*y = uniform(seed, -range / 2, range / 2) / log(*x);
		*y = i & 4 ? rint(*y) : *y;
		*x = i & 8 ? -*x : *x;
	} else if (i % 4 == 2) {
		*x = 1 + uniform(seed, -0x1p-7, 0x1p-7);
		*y = uniform(seed, -0x1p7, 0x1p7) * range;
	} else {
		*x = uniform(seed, 0, 10);
		*y = uniform(seed, -10, 10);
	}
}

/* cube: the bound where the second operand is 3. */
static void check_binary(const char *name, BuildBinary *build, MpfrBinary *reference, bool f32, double bound, double cube)
{
	enum { N = 50000 };
	DType t = f32 ? DT_F32 : DT_F64;
	Arena *a = arena_new();
	ScalarProg *p = scalar_prog_new(a, 2, (DType[]){ t, t });
	Values x = values_new(f32, N), y = values_new(f32, N), z = values_new(f32, N);
	uint64_t seed = 42;
	Worst worst = { 0 }, cubes = { 0 };
	mpfr_t r, s;

	p->result = build(p, t, 0, 1);
	for (int i = 0; i < N; i++) {
		double v, w;
		pair(i, f32, &seed, &v, &w);
		put(x, i, v);
		put(y, i, w);
	}
	scalar_prog_eval(p, (const void *const[]){ x.at, y.at }, (const int[]){ 1, 1 }, z.at, N);
	mpfr_init2(r, f32 ? 80 : 120);
	mpfr_init2(s, 53);
	for (int i = 0; i < N; i++) {
		mpfr_set_d(r, get(x, i), MPFR_RNDN);
		mpfr_set_d(s, get(y, i), MPFR_RNDN);
		reference(r, r, s, MPFR_RNDN);
		note_worst(get(y, i) == 3 ? &cubes : &worst, distance(get(z, i), r, f32), get(x, i), get(y, i));
	}
	mpfr_clears(r, s, (mpfr_ptr)0);
	expect_bound(name, f32, &worst, bound);
	expect_bound(name, f32, &cubes, cube);
	free(x.at);
	free(y.at);
	free(z.at);
	arena_free(a);
}

TEST(math_pow)
{
	check_binary("pow", math_pow, mpfr_pow, true, 0.51, 1.5);
	check_binary("pow", math_pow, mpfr_pow, false, 0.9, 1.5);
}

TEST(math_atan2)
{
	check_binary("atan2", math_atan2, mpfr_atan2, true, 0.51, 0.51);
	check_binary("atan2", math_atan2, mpfr_atan2, false, 1, 1);
}

/* Each 48 bits against MPFR's pi. */
TEST(math_two_over_pi)
{
	mpfr_t x, y;

	mpfr_inits2(2000, x, y, (mpfr_ptr)0);
	mpfr_const_pi(x, MPFR_RNDN);
	mpfr_ui_div(x, 2, x, MPFR_RNDN);
	for (int a = 0; a < 130; a++) {
		for (int b = 0; b < 5; b++) {
			mpfr_mul_2si(y, x, 8 * (a < 127 ? a : 127) + 48 * (b < 3 ? b : 3), MPFR_RNDN);
			mpfr_frac(y, y, MPFR_RNDN);
			mpfr_mul_2si(y, y, 48, MPFR_RNDN);
			uint64_t found = scalar_eval(SC_two_over_pi, DT_I64, DT_I64, (uint64_t)a, (uint64_t)b, 0);
			EXPECT_EQ_INT(found, mpfr_get_si(y, MPFR_RNDZ));
		}
	}
	EXPECT_EQ_INT(scalar_eval(SC_two_over_pi, DT_I64, DT_I64, UINT64_MAX, UINT64_MAX, 0),
	              scalar_eval(SC_two_over_pi, DT_I64, DT_I64, 127, 3, 0));
	mpfr_clears(x, y, (mpfr_ptr)0);
}

/* The arguments nearest to multiples of pi/2 among f64 and f32 (Muller, Elementary Functions, table 11.1), and powers of 2. */
TEST(math_hard_angles)
{
	static const double hard[] = { 0x1.6ac5b262ca1ffp+849, 0x1.d5a3ep+22, 0x1.f0c6dap+90, 0x1p1023, 0x1.fffffffffffffp1023,
	                               0x1p62, 0x1p63, 0x1p64, 0x1p127, 0x1.fffffep127, 0x1.6ac5b2p+77, 0x1.921fb54442d18p0,
	                               0x1.921fb54442d18p1, 0x1.2d97c7f3321d2p2, 0x1.921fb6p0, 0x1.47d0fep34 };
	struct { BuildUnary *build; MpfrUnary *reference; } f[] = {
		{ math_sin, mpfr_sin }, { math_cos, mpfr_cos }, { math_tan, mpfr_tan },
	};

	for (int i = 0; i < 3; i++) {
		for (size_t k = 0; k < 2 * sizeof hard / sizeof *hard; k++) {
			Arena *a = arena_new();
			DType t = k % 2 ? DT_F32 : DT_F64;
			double x = k % 2 ? (double)(float)hard[k / 2] : hard[k / 2], y = 0;
			float narrow = (float)x, z;
			ScalarProg *p = scalar_prog_new(a, 1, &t);
			mpfr_t r;

			p->result = f[i].build(p, t, 0);
			scalar_prog_eval(p, (const void *const[]){ k % 2 ? (const void *)&narrow : &x }, (const int[]){ 1 },
			                 k % 2 ? (void *)&z : &y, 1);
			mpfr_init2(r, 300);
			mpfr_set_d(r, x, MPFR_RNDN);
			f[i].reference(r, r, MPFR_RNDN);
			double ulp = distance(k % 2 ? (double)z : y, r, k % 2);
			if (!(ulp <= 1))
				unit_fail(__FILE__, __LINE__, "function %d of %a: %.3f ulp", i, x, ulp);
			mpfr_clear(r);
			arena_free(a);
		}
	}
}

TEST(math_rem)
{
	check_binary("rem", math_rem, mpfr_fmod, true, 0, 0);
	check_binary("rem", math_rem, mpfr_fmod, false, 0, 0);
}

#else
TEST(math_functions)
{
	SKIP("libmpfr is not installed");
}
#endif

TEST(math_sign_of_integers)
{
	static const int8_t x[] = { -128, -1, 0, 1, 127 }, wanted[] = { -1, -1, 0, 1, 1 };
	static const uint8_t u[] = { 0, 1, 255 }, wanted_u[] = { 0, 1, 1 };
	Arena *a = arena_new();
	ScalarProg *s = scalar_prog_new(a, 1, (DType[]){ DT_I8 });
	ScalarProg *v = scalar_prog_new(a, 1, (DType[]){ DT_U8 });
	int8_t found[5];
	uint8_t found_u[3];

	s->result = math_sign(s, DT_I8, 0);
	v->result = math_sign(v, DT_U8, 0);
	scalar_prog_eval(s, (const void *const[]){ x }, (const int[]){ 1 }, found, 5);
	scalar_prog_eval(v, (const void *const[]){ u }, (const int[]){ 1 }, found_u, 3);
	EXPECT_BYTES(found, wanted, 5);
	EXPECT_BYTES(found_u, wanted_u, 3);
	arena_free(a);
}

/* Powers of integers against repeated multiplication, for every pair of 8-bit numbers. */
TEST(math_ipow)
{
	Arena *a = arena_new();
	ScalarProg *s = scalar_prog_new(a, 2, (DType[]){ DT_I8, DT_I8 });
	ScalarProg *u = scalar_prog_new(a, 2, (DType[]){ DT_U8, DT_U8 });
	int step[] = { 1, 1 };

	s->result = math_ipow(s, DT_I8, 0, 1);
	u->result = math_ipow(u, DT_U8, 0, 1);
	for (int x = -128; x < 128; x++) {
		for (int y = -128; y < 128; y++) {
			int8_t sx = (int8_t)x, sy = (int8_t)y, sr;
			uint8_t ux = (uint8_t)x, uy = (uint8_t)y, ur;
			scalar_prog_eval(s, (const void *const[]){ &sx, &sy }, step, &sr, 1);
			scalar_prog_eval(u, (const void *const[]){ &ux, &uy }, step, &ur, 1);
			uint8_t power = 1;
			for (int i = 0; i < uy; i++)
				power = (uint8_t)(power * ux);
			EXPECT_EQ_INT(ur, power);
			int signed_power = y >= 0 ? (int8_t)power : x == 1 ? 1 : x == -1 ? (y % 2 ? -1 : 1) : 0;
			EXPECT_EQ_INT(sr, signed_power);
		}
	}
	arena_free(a);
}

TEST(math_ipow_wide)
{
	static const struct { int64_t x, y, r; } rows[] = {
		{ 3, 39, INT64_C(4052555153018976267) }, { -2, 63, INT64_MIN }, { -1, INT64_MAX, -1 }, { -1, INT64_MIN, 1 },
		{ 7, -1, 0 }, { 0, 0, 1 }, { 0, -3, 0 }, { 2, 64, 0 }, { 10, 18, INT64_C(1000000000000000000) },
	};
	Arena *a = arena_new();
	ScalarProg *p = scalar_prog_new(a, 2, (DType[]){ DT_I64, DT_I64 });

	p->result = math_ipow(p, DT_I64, 0, 1);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t r;
		scalar_prog_eval(p, (const void *const[]){ &rows[i].x, &rows[i].y }, (const int[]){ 1, 1 }, &r, 1);
		EXPECT_EQ_INT(r, rows[i].r);
	}
	arena_free(a);
}
