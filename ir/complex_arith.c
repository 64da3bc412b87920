/* ir/complex_arith.c - complex arithmetic, comparison, conversion and contraction as formulas over parts.

   Sums and products are those of the schoolbook, in the type of the parts.  What could overflow on the way to a result that does
   not is computed in f64: for c64 the formulas are safe as they stand then, for c128 the numbers are scaled by powers of two.
   Infinities and NaN go the way of C99, Annex G. */
#include <math.h>

#include "ir/base/check.h"
#include "ir/complex_impl.h"

Pair complex_complex(Builder *b, const Op *op, const Pair *x)
{
	(void)b, (void)op;
	return (Pair){ x[0].re, x[1].re };
}

Pair complex_real(Builder *b, const Op *op, const Pair *x)
{
	(void)b, (void)op;
	return (Pair){ x[0].re, NULL };
}

Pair complex_imag(Builder *b, const Op *op, const Pair *x)
{
	(void)op;
	return (Pair){ x[0].im ? x[0].im : expand_like(b, x[0].re, 0), NULL };
}

Pair complex_iota(Builder *b, const Op *op, const Pair *x)
{
	struct attrs_iota a = *op_attrs(iota, op);

	(void)x;
	a.dtype = dtype_part(a.dtype);
	Value *re = build_value(b, OP_iota, NO_ARGS, &a);
	return (Pair){ re, expand_like(b, re, 0) };
}

Pair complex_convert(Builder *b, const Op *op, const Pair *x)
{
	DType to = op->result[0]->type->dtype, part = dtype_part(to);

	if (to == DT_BOOL) {   /* not zero */
		Value *re = ew_compare(b, CMP_NE, x->re, expand_like(b, x->re, 0));
		Value *im = ew_compare(b, CMP_NE, x->im, expand_like(b, x->im, 0));
		return (Pair){ ew_or(b, re, im), NULL };
	}
	Value *re = expand_convert(b, x->re, part);
	if (part == to)
		return (Pair){ re, NULL };
	return (Pair){ re, x->im ? expand_convert(b, x->im, part) : expand_like(b, re, 0) };
}

Pair complex_compare(Builder *b, const Op *op, const Pair *x)
{
	CmpDir dir = op_attrs(compare, op)->dir;
	Value *re = ew_compare(b, dir, x[0].re, x[1].re), *im = ew_compare(b, dir, x[0].im, x[1].im);

	return (Pair){ dir == CMP_EQ ? ew_and(b, re, im) : ew_or(b, re, im), NULL };
}

Pair complex_mul(Builder *b, const Op *op, const Pair *x)
{
	(void)op;
	Value *rr = ew_mul(b, x[0].re, x[1].re), *ii = ew_mul(b, x[0].im, x[1].im);
	Value *ri = ew_mul(b, x[0].re, x[1].im), *ir = ew_mul(b, x[0].im, x[1].re);
	Value *re = ew_sub(b, rr, ii);

	return (Pair){ re, ew_add(b, ri, ir) };
}

/* dot_general, conv_general: four real ones. */
Pair complex_contract(Builder *b, const Op *op, const Pair *x)
{
	Value *rr = build_value(b, op->kind, ARGS(x[0].re, x[1].re), op->attrs);
	Value *ii = build_value(b, op->kind, ARGS(x[0].im, x[1].im), op->attrs);
	Value *ri = build_value(b, op->kind, ARGS(x[0].re, x[1].im), op->attrs);
	Value *ir = build_value(b, op->kind, ARGS(x[0].im, x[1].re), op->attrs);
	Value *re = ew_sub(b, rr, ii);

	return (Pair){ re, ew_add(b, ri, ir) };
}

Value *pair_larger(Builder *b, Pair z)
{
	Value *x = ew_abs(b, z.re), *y = ew_abs(b, z.im);

	return ew_max(b, x, y);
}

Pair pair_times(Builder *b, Pair z, Value *k)
{
	Value *re = ew_mul(b, z.re, k);

	return (Pair){ re, ew_mul(b, z.im, k) };
}

Pair pair_select(Builder *b, Value *p, Pair z, Pair w)
{
	Value *re = ew_select(b, p, z.re, w.re);

	return (Pair){ re, ew_select(b, p, z.im, w.im) };
}

Pair pair_wide(Builder *b, Pair z)
{
	Value *re = expand_convert(b, z.re, DT_F64);

	return (Pair){ re, expand_convert(b, z.im, DT_F64) };
}

Pair pair_narrow(Builder *b, Pair z, DType t)
{
	Value *re = expand_convert(b, z.re, t);

	return (Pair){ re, expand_convert(b, z.im, t) };
}

Value *pair_has_inf(Builder *b, Pair z)
{
	Value *re = ew_is_infinite(b, z.re), *im = ew_is_infinite(b, z.im);

	return ew_or(b, re, im);
}

Value *ew_is_infinite(Builder *b, Value *x)
{
	Value *a = ew_abs(b, x);

	return ew_compare(b, CMP_EQ, a, expand_like(b, a, INFINITY));
}

Value *ew_is_nan(Builder *b, Value *x)
{
	return ew_compare(b, CMP_NE, x, x);
}

Value *ew_copysign(Builder *b, Value *x, Value *sign)
{
	DType t = x->type->dtype, bits = t == DT_F64 ? DT_I64 : DT_I32;
	Value *s = BUILD(b, bitcast_convert, ARGS(sign), .dtype = bits);
	Value *negative = ew_compare(b, CMP_LT, s, expand_like(b, s, 0));
	Value *a = ew_abs(b, x), *minus = ew_neg(b, a);

	return ew_select(b, negative, minus, a);
}

/* Powers of two that bring the larger part of z to where its square is no trouble; *back undoes it. */
static Value *safe_scale(Builder *b, Pair z, Value **back)
{
	Value *m = pair_larger(b, z);
	Value *large = ew_compare(b, CMP_GT, m, expand_like(b, m, 0x1p500));
	Value *small = ew_compare(b, CMP_LT, m, expand_like(b, m, 0x1p-500));
	Value *up = expand_like(b, m, 0x1p600), *down = expand_like(b, m, 0x1p-600), *one = expand_like(b, m, 1);
	Value *k = ew_select(b, small, up, one), *l = ew_select(b, small, down, one);

	*back = ew_select(b, large, up, l);
	return ew_select(b, large, down, k);
}

static Value *root_of_squares(Builder *b, Pair z)
{
	Value *xx = ew_mul(b, z.re, z.re), *yy = ew_mul(b, z.im, z.im), *sum = ew_add(b, xx, yy);

	return ew_sqrt(b, sum);
}

Value *pair_hypot(Builder *b, Pair z, bool wide)
{
	Value *inf = expand_like(b, z.re, INFINITY), *back, *h;

	if (wide) {
		h = root_of_squares(b, z);
	} else {
		Value *k = safe_scale(b, z, &back);
		h = root_of_squares(b, pair_times(b, z, k));
		h = ew_mul(b, h, back);
	}
	return ew_select(b, pair_has_inf(b, z), inf, h);
}

Pair complex_abs(Builder *b, const Op *op, const Pair *x)
{
	DType t = x->re->type->dtype;

	(void)op;
	Value *h = pair_hypot(b, pair_wide(b, *x), t == DT_F32);
	return (Pair){ expand_convert(b, h, t), NULL };
}

Pair complex_sign(Builder *b, const Op *op, const Pair *x)
{
	DType t = x->re->type->dtype;
	Pair z = pair_wide(b, *x);
	Value *back;

	(void)op;
	if (t == DT_F64) {
		Value *k = safe_scale(b, z, &back);
		z = pair_times(b, z, k);
	}
	Value *h = pair_hypot(b, z, true), *zero = expand_like(b, h, 0);
	Value *none = ew_compare(b, CMP_EQ, h, zero);
	Value *re = ew_div(b, z.re, h), *im = ew_div(b, z.im, h);
	Pair out = pair_select(b, none, (Pair){ zero, zero }, (Pair){ re, im });
	return pair_narrow(b, out, t);
}

/* (ac + bd, bc - ad) / (cc + dd): each product is exact, and no sum overflows. */
static Pair div_wide(Builder *b, Pair z, Pair w)
{
	Value *cc = ew_mul(b, w.re, w.re), *dd = ew_mul(b, w.im, w.im), *norm = ew_add(b, cc, dd);
	Value *ac = ew_mul(b, z.re, w.re), *bd = ew_mul(b, z.im, w.im), *re = ew_add(b, ac, bd);
	Value *bc = ew_mul(b, z.im, w.re), *ad = ew_mul(b, z.re, w.im), *im = ew_sub(b, bc, ad);

	re = ew_div(b, re, norm);
	return (Pair){ re, ew_div(b, im, norm) };
}

/* One part by Smith's way, for |d| <= |c|: r = d / c, t = 1 / (c + dr); where br vanishes, b / c first. */
static Value *smith_part(Builder *b, Value *a, Value *bb, Value *c, Value *d, Value *r, Value *t)
{
	Value *zero = expand_like(b, r, 0);
	Value *br = ew_mul(b, bb, r), *no_br = ew_compare(b, CMP_EQ, br, zero), *no_r = ew_compare(b, CMP_EQ, r, zero);
	Value *sum = ew_add(b, a, br), *plain = ew_mul(b, sum, t);
	Value *at = ew_mul(b, a, t), *bt = ew_mul(b, bb, t), *btr = ew_mul(b, bt, r), *late = ew_add(b, at, btr);
	Value *bc = ew_div(b, bb, c), *dbc = ew_mul(b, d, bc), *sum0 = ew_add(b, a, dbc), *zero_r = ew_mul(b, sum0, t);
	Value *some = ew_select(b, no_br, late, plain);

	return ew_select(b, no_r, zero_r, some);
}

/* Baudin, Smith: A robust complex division in Scilab (2012).  Scaled first, where a number is near either end of the range. */
static Pair div_scaled(Builder *b, Pair z, Pair w)
{
	static const double half_max = 0x1.fffffffffffffp1022, least = 0x1p-1022 * 2 / 0x1p-53, be = 2 / 0x1p-106;
	Value *m = pair_larger(b, z), *n = pair_larger(b, w), *one = expand_like(b, m, 1);
	Value *half = expand_like(b, m, 0.5), *two = expand_like(b, m, 2);
	Value *up = expand_like(b, m, be), *down = expand_like(b, m, 1 / be);
	Value *high = expand_like(b, m, half_max), *low = expand_like(b, m, least);
	Value *mh = ew_compare(b, CMP_GE, m, high), *ml = ew_compare(b, CMP_LE, m, low);
	Value *nh = ew_compare(b, CMP_GE, n, high), *nl = ew_compare(b, CMP_LE, n, low);
	Value *k = ew_select(b, ml, up, one), *l = ew_select(b, nl, up, one);
	Value *s = ew_select(b, ml, down, one), *u = ew_select(b, nl, up, one);

	k = ew_select(b, mh, half, k);
	s = ew_select(b, mh, two, s);
	l = ew_select(b, nh, half, l);
	u = ew_select(b, nh, half, u);
	z = pair_times(b, z, k);
	w = pair_times(b, w, l);
	Value *ac = ew_abs(b, w.re), *ad = ew_abs(b, w.im), *turn = ew_compare(b, CMP_GT, ad, ac);
	/* (a + bi) / (c + di) = (b - ai) / (d - ci) */
	Value *a = ew_select(b, turn, z.im, z.re), *c = ew_select(b, turn, w.im, w.re);
	Value *bb = ew_select(b, turn, z.re, z.im), *d = ew_select(b, turn, w.re, w.im);
	Value *r = ew_div(b, d, c), *dr = ew_mul(b, d, r), *den = ew_add(b, c, dr), *t = ew_div(b, one, den);
	Value *re = smith_part(b, a, bb, c, d, r, t), *minus = ew_neg(b, a);
	Value *im = smith_part(b, bb, minus, c, d, r, t), *other = ew_neg(b, im);
	im = ew_select(b, turn, other, im);
	Pair out = pair_times(b, (Pair){ re, im }, s);
	return pair_times(b, out, u);
}

/* 1 with the sign of an infinite x, 0 with that of another. */
static Value *unit_of_infinite(Builder *b, Value *x)
{
	Value *zero = expand_like(b, x, 0), *one = expand_like(b, x, 1), *inf = ew_is_infinite(b, x);
	Value *size = ew_select(b, inf, one, zero);

	return ew_copysign(b, size, x);
}

static Value *both_finite(Builder *b, Pair z)
{
	Value *re = BUILD(b, is_finite, ARGS(z.re)), *im = BUILD(b, is_finite, ARGS(z.im));

	return ew_and(b, re, im);
}

/* size * (ac + bd, bc - ad) */
static Pair direction(Builder *b, Pair z, Pair w, double size)
{
	Value *ac = ew_mul(b, z.re, w.re), *bd = ew_mul(b, z.im, w.im), *re = ew_add(b, ac, bd);
	Value *bc = ew_mul(b, z.im, w.re), *ad = ew_mul(b, z.re, w.im), *im = ew_sub(b, bc, ad);

	return pair_times(b, (Pair){ re, im }, expand_like(b, re, size));
}

/* Where both parts come out as NaN: division by zero, of infinity, by infinity (C99, G.5.1). */
static Pair div_special(Builder *b, Pair z, Pair w, Pair out)
{
	Value *nan_re = ew_is_nan(b, out.re), *nan_im = ew_is_nan(b, out.im), *lost = ew_and(b, nan_re, nan_im);
	Value *n = pair_larger(b, w), *by_zero = ew_compare(b, CMP_EQ, n, expand_like(b, n, 0));
	Value *inf = expand_like(b, n, INFINITY), *signed_inf = ew_copysign(b, inf, w.re);
	Pair at_zero = pair_times(b, z, signed_inf);
	Value *z_inf = pair_has_inf(b, z), *w_inf = pair_has_inf(b, w);
	Value *of_inf = both_finite(b, w), *by_inf = both_finite(b, z);
	Value *zu = unit_of_infinite(b, z.re), *wu = unit_of_infinite(b, w.re);
	Pair z1 = { zu, unit_of_infinite(b, z.im) }, w1 = { wu, unit_of_infinite(b, w.im) };
	Pair large = direction(b, z1, w, INFINITY), none = direction(b, z, w1, 0);

	of_inf = ew_and(b, of_inf, z_inf);
	by_inf = ew_and(b, by_inf, w_inf);
	Pair special = pair_select(b, by_inf, none, out);
	special = pair_select(b, of_inf, large, special);
	special = pair_select(b, by_zero, at_zero, special);
	return pair_select(b, lost, special, out);
}

Pair pair_div(Builder *b, Pair z, Pair w, bool wide)
{
	Pair out = wide ? div_wide(b, z, w) : div_scaled(b, z, w);

	return div_special(b, z, w, out);
}

Pair complex_div(Builder *b, const Op *op, const Pair *x)
{
	DType t = x->re->type->dtype;
	Pair z = pair_wide(b, x[0]), w = pair_wide(b, x[1]);

	(void)op;
	return pair_narrow(b, pair_div(b, z, w, t == DT_F32), t);
}
