/* ir/complex_math.c - elementary functions of complex numbers as formulas over parts, computed in f64.

   Branch cuts, signs of zeros and what becomes of infinities and NaN are those of C99, Annex G, for the functions that it has. */
#include <math.h>

#include "ir/complex_impl.h"

Pair pair_apply(Builder *b, const Pair *x, Function f)
{
	DType t = x->re->type->dtype;
	Pair z = pair_wide(b, *x);

	return pair_narrow(b, f(b, z, t == DT_F32), t);
}

static Value *is_zero(Builder *b, Value *x)
{
	return ew_compare(b, CMP_EQ, x, expand_like(b, x, 0));
}

static Value *is_not_finite(Builder *b, Value *x)
{
	Value *finite = BUILD(b, is_finite, ARGS(x));

	return ew_not(b, finite);
}

/* Roots. */

/* With t = sqrt((|x| + |z|) / 2): t + i y / 2t in the right half plane, |y| / 2t + i t with y's sign in the left. */
static Pair pair_sqrt(Builder *b, Pair z, bool wide)
{
	Value *y = z.im, *back = NULL, *m = pair_larger(b, z);

	if (!wide) {   /* even powers of two */
		Value *large = ew_compare(b, CMP_GT, m, expand_like(b, m, 0x1p1000));
		Value *small = ew_compare(b, CMP_LT, m, expand_like(b, m, 0x1p-900));
		Value *one = expand_like(b, m, 1), *up = expand_like(b, m, 0x1p200), *down = expand_like(b, m, 0x1p-4);
		Value *root_up = expand_like(b, m, 0x1p-100), *root_down = expand_like(b, m, 4);
		Value *k = ew_select(b, small, up, one), *l = ew_select(b, small, root_up, one);
		k = ew_select(b, large, down, k);
		back = ew_select(b, large, root_down, l);
		z = pair_times(b, z, k);
	}
	Value *a = ew_abs(b, z.re), *h = pair_hypot(b, z, wide), *sum = ew_add(b, a, h), *half = ew_times(b, sum, 0.5);
	Value *t = ew_sqrt(b, half), *tt = ew_add(b, t, t), *other = ew_div(b, z.im, tt), *size = ew_abs(b, other);
	Value *left = ew_compare(b, CMP_LT, z.re, expand_like(b, z.re, 0));
	Pair out = pair_select(b, left, (Pair){ size, ew_copysign(b, t, z.im) }, (Pair){ t, other });

	if (back)
		out = pair_times(b, out, back);
	Value *zero = expand_like(b, m, 0), *none = ew_compare(b, CMP_EQ, m, zero);
	out = pair_select(b, none, (Pair){ zero, y }, out);
	Value *inf = ew_is_infinite(b, y);
	return pair_select(b, inf, (Pair){ expand_like(b, m, INFINITY), y }, out);
}

static Pair pair_rsqrt(Builder *b, Pair z, bool wide)
{
	Value *zero = expand_like(b, z.re, 0);
	Pair one = { expand_like(b, z.re, 1), zero };

	return pair_div(b, one, pair_sqrt(b, z, wide), wide);
}

static Pair polar(Builder *b, Value *size, Value *angle)
{
	Value *c = ew_cos(b, angle), *s = ew_sin(b, angle), *re = ew_mul(b, size, c);

	return (Pair){ re, ew_mul(b, size, s) };
}

/* Next to the positive axis the sine of a third of the angle is a third of y / |z|, also where the angle is too small a number. */
static Pair pair_cbrt(Builder *b, Pair z, bool wide)
{
	Value *zero = expand_like(b, z.re, 0), *back = NULL;

	if (!wide) {   /* powers of eight */
		Value *m = pair_larger(b, z), *one = expand_like(b, m, 1);
		Value *large = ew_compare(b, CMP_GT, m, expand_like(b, m, 0x1p1000));
		Value *small = ew_compare(b, CMP_LT, m, expand_like(b, m, 0x1p-900));
		Value *up = ew_select(b, small, expand_like(b, m, 0x1p300), one);
		Value *root_up = ew_select(b, small, expand_like(b, m, 0x1p-100), one);
		Value *k = ew_select(b, large, expand_like(b, m, 0x1p-6), up);
		back = ew_select(b, large, expand_like(b, m, 4), root_up);
		z = pair_times(b, z, k);
	}
	Value *h = pair_hypot(b, z, wide), *size = ew_cbrt(b, h), *angle = ew_atan2(b, z.im, z.re), *three = expand_like(b, h, 3);
	Value *third = ew_div(b, angle, three), *sharp = ew_abs(b, angle);
	Pair out = polar(b, size, third);
	Value *flat = ew_compare(b, CMP_LT, sharp, expand_like(b, h, 1e-8)), *square = ew_mul(b, size, size);
	Value *den = ew_mul(b, square, three), *side = ew_div(b, z.im, den), *real = ew_compare(b, CMP_EQ, z.im, zero);

	side = ew_select(b, real, z.im, side);
	out = pair_select(b, flat, (Pair){ size, side }, out);
	return back ? pair_times(b, out, back) : out;
}

/* Logarithms. */

/* *error: what x + y has been rounded by (Knuth). */
static Value *two_sum(Builder *b, Value *x, Value *y, Value **error)
{
	Value *s = ew_add(b, x, y), *yy = ew_sub(b, s, x), *xx = ew_sub(b, s, yy);
	Value *dx = ew_sub(b, x, xx), *dy = ew_sub(b, y, yy);

	*error = ew_add(b, dx, dy);
	return s;
}

/* *error: what x * x has been rounded by (Dekker); for x that is neither huge nor tiny. */
static Value *two_square(Builder *b, Value *x, Value **error)
{
	Value *p = ew_mul(b, x, x), *c = ew_times(b, x, 0x1p27 + 1), *d = ew_sub(b, c, x), *high = ew_sub(b, c, d);
	Value *low = ew_sub(b, x, high), *hh = ew_mul(b, high, high), *hl = ew_mul(b, high, low), *ll = ew_mul(b, low, low);
	Value *hl2 = ew_add(b, hl, hl), *e = ew_sub(b, hh, p), *e2 = ew_add(b, e, hl2);

	*error = ew_add(b, e2, ll);
	return p;
}

/* x + yy - 1 + ... for |z|^2 near 1: the sum of first, xx and yy, of which nothing gets lost. */
static Value *exact_sum(Builder *b, Value *first, Value *x, Value *y)
{
	Value *ex, *ey, *e1, *e2;
	Value *xx = two_square(b, x, &ex), *yy = two_square(b, y, &ey);
	Value *s = two_sum(b, first, xx, &e1), *sum = two_sum(b, s, yy, &e2);
	Value *e = ew_add(b, ex, ey), *f = ew_add(b, e1, e2), *rest = ew_add(b, e, f);

	return ew_add(b, sum, rest);
}

/* log |z|, far from |z| = 1. */
static Value *log_of_size(Builder *b, Pair z, bool wide)
{
	Value *h;

	if (wide) {
		h = pair_hypot(b, z, true);
		return ew_log(b, h);
	}
	/* The scale is the exponent's: log |z| = log |kz| - log k. */
	Value *m = pair_larger(b, z);
	Value *large = ew_compare(b, CMP_GT, m, expand_like(b, m, 0x1p500));
	Value *small = ew_compare(b, CMP_LT, m, expand_like(b, m, 0x1p-500));
	Value *one = expand_like(b, m, 1), *up = expand_like(b, m, 0x1p600), *down = expand_like(b, m, 0x1p-600);
	Value *zero = expand_like(b, m, 0), *plus = expand_like(b, m, 600 * 0x1.62e42fefa39efp-1), *minus = ew_neg(b, plus);
	Value *k = ew_select(b, small, up, one), *shift = ew_select(b, small, minus, zero);

	k = ew_select(b, large, down, k);
	shift = ew_select(b, large, plus, shift);
	h = pair_hypot(b, pair_times(b, z, k), true);
	h = ew_log(b, h);
	return ew_add(b, h, shift);
}

/* Where norm is from 1/2 to 3, half of log1p(excess), else far. */
static Value *choose_log(Builder *b, Value *norm, Value *excess, Value *far)
{
	Value *above = ew_compare(b, CMP_GE, norm, expand_like(b, norm, 0.5));
	Value *below = ew_compare(b, CMP_LE, norm, expand_like(b, norm, 3)), *near = ew_and(b, above, below);
	Value *zero = expand_like(b, norm, 0), *kept = ew_select(b, near, excess, zero), *l = ew_log1p(b, kept);
	Value *half = ew_times(b, l, 0.5);

	return ew_select(b, near, half, far);
}

static Value *norm_of(Builder *b, Value *x, Value *y)
{
	Value *xx = ew_mul(b, x, x), *yy = ew_mul(b, y, y);

	return ew_add(b, xx, yy);
}

static Pair pair_log(Builder *b, Pair z, bool wide)
{
	Value *norm = norm_of(b, z.re, z.im), *x = ew_abs(b, z.re), *y = ew_abs(b, z.im);
	Value *larger = ew_max(b, x, y), *smaller = ew_min(b, x, y), *minus = expand_like(b, x, -1);
	Value *excess = exact_sum(b, minus, larger, smaller), *far = log_of_size(b, z, wide);
	Value *re = choose_log(b, norm, excess, far);

	return (Pair){ re, ew_atan2(b, z.im, z.re) };
}

static Pair pair_log1p(Builder *b, Pair z, bool wide)
{
	Value *x1 = ew_plus(b, z.re, 1), *norm = norm_of(b, x1, z.im), *twice = ew_add(b, z.re, z.re);
	Value *excess = exact_sum(b, twice, z.re, z.im), *far = log_of_size(b, (Pair){ x1, z.im }, wide);
	Value *re = choose_log(b, norm, excess, far);

	return (Pair){ re, ew_atan2(b, z.im, x1) };
}

/* Exponentials. */

/* size * part * size where size is the root of a number too large, else size * part. */
static Value *grow(Builder *b, Value *part, Value *size, Value *again)
{
	Value *x = ew_mul(b, size, part);

	return ew_mul(b, x, again);
}

/* e^|x| as e * *again, where neither overflows for what may have a finite product with something small. */
static Value *large_exp(Builder *b, Value *x, Value **again)
{
	Value *large = ew_compare(b, CMP_GT, x, expand_like(b, x, 709)), *half = ew_times(b, x, 0.5);
	Value *arg = ew_select(b, large, half, x), *e = ew_exp(b, arg);

	*again = ew_select(b, large, e, expand_like(b, e, 1));
	return e;
}

static Pair pair_exp(Builder *b, Pair z, bool wide)
{
	Value *again, *e = large_exp(b, z.re, &again), *c = ew_cos(b, z.im), *s = ew_sin(b, z.im);
	Value *re = grow(b, c, e, again), *im = grow(b, s, e, again);
	Value *real = is_zero(b, z.im), *one = expand_like(b, e, 1), *zero = expand_like(b, e, 0);
	Value *whole = grow(b, one, e, again), *inf = expand_like(b, e, INFINITY), *minus = expand_like(b, e, -INFINITY);
	Value *strange = is_not_finite(b, z.im), *gone = ew_compare(b, CMP_EQ, z.re, minus);
	Value *endless = ew_compare(b, CMP_EQ, z.re, inf), *nowhere = ew_and(b, endless, strange);

	(void)wide;
	gone = ew_and(b, gone, strange);
	Pair out = pair_select(b, gone, (Pair){ zero, zero }, (Pair){ re, im });
	out.re = ew_select(b, nowhere, inf, out.re);
	return pair_select(b, real, (Pair){ whole, z.im }, out);
}

/* e^x cos y - 1 = expm1(x) cos y - 2 sin(y / 2)^2 */
static Pair pair_expm1(Builder *b, Pair z, bool wide)
{
	Pair e = pair_exp(b, z, wide);
	Value *m = ew_expm1(b, z.re), *c = ew_cos(b, z.im), *mc = ew_mul(b, m, c), *half = ew_times(b, z.im, 0.5);
	Value *s = ew_sin(b, half), *ss = ew_mul(b, s, s), *ss2 = ew_add(b, ss, ss), *re = ew_sub(b, mc, ss2);
	Value *large = ew_compare(b, CMP_GT, z.re, expand_like(b, z.re, 700)), *real = is_zero(b, z.im);
	Value *far = ew_compare(b, CMP_LT, z.re, expand_like(b, z.re, -40)), *finite = BUILD(b, is_finite, ARGS(z.im));
	Value *never = ew_compare(b, CMP_EQ, z.re, expand_like(b, z.re, -INFINITY)), *minus = expand_like(b, z.re, -1);
	Value *any = ew_or(b, never, finite), *gone = ew_and(b, far, any);

	re = ew_select(b, large, e.re, re);
	re = ew_select(b, gone, minus, re);
	return (Pair){ ew_select(b, real, m, re), e.im };
}

/* 1 / (1 + w) or w / (1 + w) of the w = e^-z or e^z that does not overflow. */
static Pair pair_logistic(Builder *b, Pair z, bool wide)
{
	Value *left = ew_compare(b, CMP_LT, z.re, expand_like(b, z.re, 0)), *re = ew_neg(b, z.re);
	Pair minus = { re, ew_neg(b, z.im) }, w = pair_exp(b, pair_select(b, left, z, minus), wide);
	Value *one = expand_like(b, re, 1), *zero = expand_like(b, re, 0);
	Pair below = { ew_add(b, w.re, one), w.im }, above = pair_select(b, left, w, (Pair){ one, zero });

	return pair_div(b, above, below, true);
}

static Pair power(Builder *b, Pair z, Pair w, bool wide)
{
	Pair l = pair_log(b, z, wide);
	Value *rr = ew_mul(b, w.re, l.re), *ii = ew_mul(b, w.im, l.im), *ri = ew_mul(b, w.re, l.im), *ir = ew_mul(b, w.im, l.re);
	Value *zero = expand_like(b, rr, 0), *one = expand_like(b, rr, 1), *no_im = is_zero(b, w.im);

	/* A real exponent takes no infinity times 0 along. */
	ii = ew_select(b, no_im, zero, ii);
	ir = ew_select(b, no_im, zero, ir);
	Value *re = ew_sub(b, rr, ii);
	Pair e = pair_exp(b, (Pair){ re, ew_add(b, ri, ir) }, wide);
	Value *mz = pair_larger(b, z), *mw = pair_larger(b, w), *of_zero = is_zero(b, mz), *to_zero = is_zero(b, mw);
	Value *positive = ew_compare(b, CMP_GT, w.re, zero), *gone = ew_and(b, of_zero, positive);
	Value *is_one = ew_compare(b, CMP_EQ, w.re, one), *same = ew_and(b, is_one, no_im);

	e = pair_select(b, gone, (Pair){ zero, zero }, e);
	e = pair_select(b, to_zero, (Pair){ one, zero }, e);
	return pair_select(b, same, z, e);
}

Pair complex_pow(Builder *b, const Op *op, const Pair *x)
{
	DType t = x->re->type->dtype;
	Pair z = pair_wide(b, x[0]), w = pair_wide(b, x[1]);

	(void)op;
	return pair_narrow(b, power(b, z, w, t == DT_F32), t);
}

/* Hyperbolic and circular functions. */

/* sinh x and cosh x as numbers that are multiplied by *again once more: e^|x| / 2 with x's sign, where that overflows. */
static void sinh_cosh(Builder *b, Value *x, Value **sinh, Value **cosh, Value **again)
{
	Value *a = ew_abs(b, x), *large = ew_compare(b, CMP_GT, a, expand_like(b, a, 700)), *half = ew_times(b, a, 0.5);
	Value *zero = expand_like(b, a, 0), *arg = ew_select(b, large, half, zero), *e = ew_exp(b, arg), *e2 = ew_times(b, e, 0.5);
	Value *s = ew_sinh(b, x), *c = ew_cosh(b, x), *signed_e2 = ew_copysign(b, e2, x);

	*again = e;
	*sinh = ew_select(b, large, signed_e2, s);
	*cosh = ew_select(b, large, e2, c);
}

static Pair pair_sinh(Builder *b, Pair z, bool wide)
{
	Value *sh, *ch, *again;

	(void)wide;
	sinh_cosh(b, z.re, &sh, &ch, &again);
	Value *c = ew_cos(b, z.im), *s = ew_sin(b, z.im), *re = grow(b, c, sh, again), *im = grow(b, s, ch, again);
	Value *strange = is_not_finite(b, z.im), *inf = ew_is_infinite(b, z.re), *none = is_zero(b, z.re);
	Value *keep = ew_or(b, inf, none), *real = is_zero(b, z.im);

	keep = ew_and(b, keep, strange);
	re = ew_select(b, keep, z.re, re);
	return (Pair){ re, ew_select(b, real, z.im, im) };
}

static Pair pair_cosh(Builder *b, Pair z, bool wide)
{
	Value *sh, *ch, *again;

	(void)wide;
	sinh_cosh(b, z.re, &sh, &ch, &again);
	Value *c = ew_cos(b, z.im), *s = ew_sin(b, z.im), *re = grow(b, c, ch, again), *im = grow(b, s, sh, again);
	Value *strange = is_not_finite(b, z.im), *inf = ew_is_infinite(b, z.re), *size = ew_abs(b, z.re);
	Value *nowhere = ew_and(b, inf, strange), *one = expand_like(b, re, 1), *unit = ew_copysign(b, one, z.re);
	Value *zero = ew_mul(b, z.im, unit), *real = is_zero(b, z.im), *none = is_zero(b, z.re), *lost = ew_and(b, none, strange);

	re = ew_select(b, nowhere, size, re);
	im = ew_select(b, real, zero, im);
	return (Pair){ re, ew_select(b, lost, z.re, im) };
}

/* Kahan, Branch cuts for complex elementary functions (1987): with t = tan y, s = sinh x, k = 1 + tt:
   (k s sqrt(1 + ss) + i t) / (1 + k ss).  Far out: +-1 + 4i sin y cos y e^-2|x|. */
static Pair pair_tanh(Builder *b, Pair z, bool wide)
{
	Value *a = ew_abs(b, z.re), *large = ew_compare(b, CMP_GT, a, expand_like(b, a, 20)), *zero = expand_like(b, a, 0);
	Value *x = ew_select(b, large, zero, z.re), *t = ew_tan(b, z.im), *tt = ew_mul(b, t, t), *k = ew_plus(b, tt, 1);
	Value *s = ew_sinh(b, x), *ss = ew_mul(b, s, s), *ss1 = ew_plus(b, ss, 1), *rho = ew_sqrt(b, ss1);
	Value *kss = ew_mul(b, k, ss), *den = ew_plus(b, kss, 1), *ks = ew_mul(b, k, s), *num = ew_mul(b, ks, rho);
	Value *re = ew_div(b, num, den), *im = ew_div(b, t, den);
	Value *one = expand_like(b, a, 1), *unit = ew_copysign(b, one, z.re);
	Value *si = ew_sin(b, z.im), *co = ew_cos(b, z.im), *sc = ew_mul(b, si, co), *sc4 = ew_times(b, sc, 4);
	Value *minus = ew_times(b, a, -2), *e = ew_exp(b, minus), *far = ew_mul(b, sc4, e);
	Value *strange = is_not_finite(b, z.im), *inf = ew_is_infinite(b, a), *nowhere = ew_and(b, strange, inf);
	Value *nothing = ew_copysign(b, zero, z.im), *real = is_zero(b, z.im), *none = is_zero(b, z.re);
	Value *nan = ew_sub(b, z.im, z.im), *known = ew_not(b, strange), *limit = ew_or(b, known, inf);

	(void)wide;
	unit = ew_select(b, limit, unit, nan);
	re = ew_select(b, large, unit, re);
	im = ew_select(b, large, far, im);
	im = ew_select(b, nowhere, nothing, im);
	re = ew_select(b, none, z.re, re);
	return (Pair){ re, ew_select(b, real, z.im, im) };
}

static Pair pair_sin(Builder *b, Pair z, bool wide)
{
	return pair_turn_back(b, pair_sinh(b, pair_turn(b, z), wide));
}

static Pair pair_cos(Builder *b, Pair z, bool wide)
{
	return pair_cosh(b, pair_turn(b, z), wide);
}

static Pair pair_tan(Builder *b, Pair z, bool wide)
{
	return pair_turn_back(b, pair_tanh(b, pair_turn(b, z), wide));
}

COMPLEX_FUNCTION(sqrt)
COMPLEX_FUNCTION(rsqrt)
COMPLEX_FUNCTION(cbrt)
COMPLEX_FUNCTION(log)
COMPLEX_FUNCTION(log1p)
COMPLEX_FUNCTION(exp)
COMPLEX_FUNCTION(expm1)
COMPLEX_FUNCTION(logistic)
COMPLEX_FUNCTION(tanh)
COMPLEX_FUNCTION(sin)
COMPLEX_FUNCTION(cos)
COMPLEX_FUNCTION(tan)
COMPLEX_FUNCTION(sinh)
COMPLEX_FUNCTION(cosh)
