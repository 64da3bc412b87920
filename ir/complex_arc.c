/* ir/complex_arc.c - inverse circular and hyperbolic functions of complex numbers.

   asin and acos after Hull, Fairgrieve, Tang: Implementing the complex arcsine and arccosine functions using exception handling
   (1997): with r and s the distances of |x| + i|y| from -1 and 1, a = (r + s) / 2 and b = |x| / a, the parts come from asin b (or
   acos b) and log(a + sqrt(aa - 1)), and where these would cancel from quotients that do not. */
#include <math.h>

#include "ir/complex_impl.h"

typedef struct Arc { Value *asin, *acos, *im; } Arc;      /* of |x| + i|y|; im >= 0 */

static Value *number(Builder *b, Value *like, double x)
{
	return expand_like(b, like, x);
}

/* Far out: asin z = atan2(x, y) + i log 2|z|. */
static Arc arc_far(Builder *b, Value *x, Value *y, Arc near)
{
	Value *larger = ew_max(b, x, y), *far = ew_compare(b, CMP_GT, larger, number(b, x, 0x1p500));
	Value *down = number(b, x, 0x1p-600), *xd = ew_mul(b, x, down), *yd = ew_mul(b, y, down);
	Value *h = pair_hypot(b, (Pair){ xd, yd }, true), *l = ew_log(b, h), *im = ew_plus(b, l, 601 * 0x1.62e42fefa39efp-1);
	Value *p = ew_atan2(b, x, y), *q = ew_atan2(b, y, x);

	near.asin = ew_select(b, far, p, near.asin);
	near.acos = ew_select(b, far, q, near.acos);
	near.im = ew_select(b, far, im, near.im);
	return near;
}

static Arc arc(Builder *b, Pair z, bool wide)
{
	Value *x = ew_abs(b, z.re), *y = ew_abs(b, z.im), *one = number(b, x, 1), *zero = number(b, x, 0);
	Value *x1 = ew_add(b, x, one), *xm = ew_sub(b, x, one), *mx = ew_sub(b, one, x), *yy = ew_mul(b, y, y);
	Value *r = pair_hypot(b, (Pair){ x1, y }, wide), *s = pair_hypot(b, (Pair){ xm, y }, wide);
	Value *rs = ew_add(b, r, s), *a = ew_times(b, rs, 0.5), *bb = ew_div(b, x, a), *inner = ew_compare(b, CMP_LE, x, one);
	Value *below = ew_compare(b, CMP_LT, x, one), *ax = ew_add(b, a, x);
	Value *rx = ew_add(b, r, x1), *s_low = ew_add(b, s, mx), *s_high = ew_add(b, s, xm), *p = ew_div(b, yy, rx);

	/* a - 1, and with it the imaginary part */
	Value *low = ew_div(b, yy, s_low), *rest = ew_select(b, below, low, s_high), *sum = ew_add(b, p, rest);
	Value *am = ew_times(b, sum, 0.5), *a1 = ew_add(b, a, one), *half_a1 = ew_times(b, a1, 0.5);
	Value *prod = ew_mul(b, sum, half_a1), *root = ew_sqrt(b, prod);
	Value *arg = ew_add(b, am, root), *im_near = ew_log1p(b, arg);
	Value *aa = ew_mul(b, a, a), *aa1 = ew_sub(b, aa, one), *root2 = ew_sqrt(b, aa1), *arg2 = ew_add(b, a, root2);
	Value *im_out = ew_log(b, arg2), *close = ew_compare(b, CMP_LE, a, number(b, a, 1.5)), *im = ew_select(b, close, im_near, im_out);
	/* next to the axis between -1 and 1, where yy vanishes */
	Value *tiny = ew_compare(b, CMP_LT, y, number(b, y, 0x1p-500)), *on_axis = ew_and(b, tiny, below);
	Value *w = ew_mul(b, mx, x1), *width = ew_sqrt(b, w), *thin = ew_div(b, y, width);

	im = ew_select(b, on_axis, thin, im);

	/* the angle, by its tangent d / x where b is large */
	Value *low_sum = ew_add(b, p, s_low), *low_prod = ew_mul(b, ax, low_sum), *low_half = ew_times(b, low_prod, 0.5);
	Value *d_low = ew_sqrt(b, low_half), *p1 = ew_div(b, ax, rx), *p2 = ew_div(b, ax, s_high), *p12 = ew_add(b, p1, p2);
	Value *high_half = ew_times(b, p12, 0.5), *high_root = ew_sqrt(b, high_half), *d_high0 = ew_mul(b, y, high_root);
	Value *flat = ew_compare(b, CMP_EQ, y, zero), *d_high = ew_select(b, flat, zero, d_high0);
	Value *d = ew_select(b, inner, d_low, d_high), *small = ew_compare(b, CMP_LE, bb, number(b, bb, 0.6417));
	Value *asin_b = ew_asin(b, bb), *acos_b = ew_acos(b, bb), *asin_d = ew_atan2(b, x, d), *acos_d = ew_atan2(b, d, x);
	Arc out = { ew_select(b, small, asin_b, asin_d), NULL, im };

	out.acos = ew_select(b, small, acos_b, acos_d);
	/* On the imaginary axis both are known, whatever y is. */
	Value *middle = ew_compare(b, CMP_EQ, x, zero);
	out.asin = ew_select(b, middle, zero, out.asin);
	out.acos = ew_select(b, middle, number(b, x, 0x1.921fb54442d18p+0), out.acos);
	return arc_far(b, x, y, out);
}

static Pair pair_asin(Builder *b, Pair z, bool wide)
{
	Arc a = arc(b, z, wide);
	Value *re = ew_copysign(b, a.asin, z.re);

	return (Pair){ re, ew_copysign(b, a.im, z.im) };
}

static Pair pair_acos(Builder *b, Pair z, bool wide)
{
	Arc a = arc(b, z, wide);
	Value *pi = number(b, a.acos, 0x1.921fb54442d18p+1), *other = ew_sub(b, pi, a.acos);
	Value *left = ew_compare(b, CMP_LT, z.re, number(b, z.re, 0)), *re = ew_select(b, left, other, a.acos);
	Value *im = ew_copysign(b, a.im, z.im);

	return (Pair){ re, ew_neg(b, im) };
}

/* acos times i or -i, whichever has a real part that is not negative. */
static Pair pair_acosh(Builder *b, Pair z, bool wide)
{
	Pair a = pair_acos(b, z, wide);
	Value *re = ew_abs(b, a.im);

	return (Pair){ re, ew_copysign(b, a.re, z.im) };
}

static Pair pair_asinh(Builder *b, Pair z, bool wide)
{
	return pair_turn_back(b, pair_asin(b, pair_turn(b, z), wide));
}

/* log1p(4|x| / ((1 - |x|)^2 + yy)) / 4 and atan2(2y, (1 - |x|)(1 + |x|) - yy) / 2.  Far out 1 / z and a right angle, and next
   to 1, where yy vanishes, (log 2 - log |y|) / 2. */
static Pair pair_atanh(Builder *b, Pair z, bool wide)
{
	Value *x = ew_abs(b, z.re), *one = number(b, x, 1), *zero = number(b, x, 0), *mx = ew_sub(b, one, x), *x1 = ew_add(b, one, x);
	Value *mm = ew_mul(b, mx, mx), *yy = ew_mul(b, z.im, z.im), *den = ew_add(b, mm, yy), *x4 = ew_times(b, x, 4);
	Value *q = ew_div(b, x4, den), *l = ew_log1p(b, q), *size = ew_times(b, l, 0.25);
	Value *w = ew_mul(b, mx, x1), *cosine = ew_sub(b, w, yy), *sine = ew_add(b, z.im, z.im), *angle = ew_atan2(b, sine, cosine);
	Value *im = ew_times(b, angle, 0.5);

	if (!wide) {
		Value *y = ew_abs(b, z.im), *at_pole = ew_compare(b, CMP_EQ, x, one), *tiny = ew_compare(b, CMP_LT, y, number(b, y, 0x1p-500));
		Value *log_y = ew_log(b, y), *rest = ew_sub(b, number(b, y, 0x1.62e42fefa39efp-1), log_y), *near = ew_times(b, rest, 0.5);
		Value *pole = ew_and(b, at_pole, tiny);
		size = ew_select(b, pole, near, size);
	}
	Value *larger = pair_larger(b, z), *far = ew_compare(b, CMP_GT, larger, number(b, x, 0x1p500));
	Pair inverse = pair_div(b, (Pair){ one, zero }, z, false);
	Value *far_size = ew_abs(b, inverse.re), *right = number(b, x, 0x1.921fb54442d18p+0), *far_im = ew_copysign(b, right, z.im);
	Value *endless = pair_has_inf(b, z), *upward = ew_is_infinite(b, z.im), *turned = ew_or(b, far, upward);
	Value *gone = ew_compare(b, CMP_EQ, x, zero), *nothing = ew_or(b, endless, gone);

	size = ew_select(b, far, far_size, size);
	size = ew_select(b, nothing, zero, size);
	im = ew_select(b, turned, far_im, im);
	Value *re = ew_copysign(b, size, z.re);
	return (Pair){ re, im };
}

static Pair pair_atan(Builder *b, Pair z, bool wide)
{
	return pair_turn_back(b, pair_atanh(b, pair_turn(b, z), wide));
}

COMPLEX_FUNCTION(asin)
COMPLEX_FUNCTION(acos)
COMPLEX_FUNCTION(atan)
COMPLEX_FUNCTION(asinh)
COMPLEX_FUNCTION(acosh)
COMPLEX_FUNCTION(atanh)
