/* ir/math_pow.c - pow for floats: 2^(y log2 |x|), with the logarithm more precise than the result, and C's special cases.

   |x| = 2^n (1 + f), 1 + f in [sqrt 1/2, sqrt 2), s = f/(2 + f): log2(1 + f) = 2/ln 2 (s + s^3/3 + s^5/5 + ...).  f32 computes
   in f64, where one number is precise enough; f64 keeps the logarithm as the sum of two, to about 2^-66.
   Coefficients: test/math/gen/minimax.py. */
#include <math.h>

#include "ir/math_wide.h"

/* log2(1 + f)/s and (2^r - 1)/r, to 2^-37 and 2^-34 */
static const double log2_f32[] = {
	0x1.5ce9ae587dd1fp-2, 0x1.a58d722042831p-2, 0x1.27778027e0986p-1, 0x1.ec709d124c2c8p-1, 0x1.71547652bef19p+1,
};
static const double exp2_f32[] = {
	0x1.fde605ecfc373p-17, 0x1.445c97486abbbp-13, 0x1.5d8a86300f18ep-10, 0x1.3b29f386aafc5p-7,
	0x1.c6b08ac006460p-5, 0x1.ebfbe0779e1f1p-3, 0x1.62e42ff0e1d8bp-1,
};
/* (log(1 + f)/(2 s) - 1 - z/3)/z^2, z = s^2 */
static const double log_f64[] = {
	0x1.da9065d8644f2p-5, 0x1.a779d5ca545dep-5, 0x1.e242618552b9cp-5, 0x1.110fa3bd0abfep-4, 0x1.3b13b7ffd58bbp-4,
	0x1.745d1731c5b38p-4, 0x1.c71c71c73fedcp-4, 0x1.2492492492385p-3, 0x1.999999999999ap-3,
};
static const double exp2_f64[] = {
	0x1.e994e9b1c4d24p-36, 0x1.eb00469442461p-32, 0x1.e4b2e7da99b22p-28, 0x1.b5242154a9b97p-24,
	0x1.62c02a54d848fp-20, 0x1.ffcbfcdc0b27bp-17, 0x1.430912f648b42p-13, 0x1.5d87fe7888abcp-10,
	0x1.3b2ab6fba5699p-7, 0x1.c6b08d704a183p-5, 0x1.ebfbdff82c58cp-3, 0x1.62e42fefa39efp-1,
};

static Pair product(Expr e, Pair a, Pair b)
{
	Node p = mul(e, a.hi, b.hi);
	Node low = fma3(e, a.hi, b.hi, neg(e, p));

	low = fma3(e, a.hi, b.lo, low);
	return (Pair){ p, fma3(e, a.lo, b.hi, low) };
}

static Pair constant(Expr e, double hi, double lo)
{
	return (Pair){ num(e, hi), num(e, lo) };
}

/* a = 2^n (1 + f) in f64 for a positive finite a. */
typedef struct Split {
	Node n, f;
} Split;

static Split split(Expr e, Node a, bool subnormals)
{
	int64_t root = 0x3fe6a09e667f3bcd, one = 0x3ff0000000000000;   /* bits of sqrt 1/2 and of 1 */
	Node bias = num(e, 0x1p52 + 1023);

	if (subnormals) {
		Node tiny = lt(e, a, num(e, 0x1p-1022));
		a = sel(e, tiny, mul(e, a, num(e, 0x1p54)), a);
		bias = sel(e, tiny, num(e, 0x1p52 + 1023 + 54), bias);
	}
	Node u = add(e, to_bits(e, a), inum(e, one - root));
	Node n = op2(e, SC_or, op2(e, SC_shr_l, u, inum(e, 52)), inum(e, 0x4330000000000000));
	Node m = add(e, op2(e, SC_and, u, inum(e, 0x000fffffffffffff)), inum(e, root));
	return (Split){ sub(e, of_bits(e, n), bias), sub(e, of_bits(e, m), num(e, 1)) };
}

/* 2^t for |t| <= limit, rounded at most once if subnormal. */
static Node exp2_pair(Expr e, Pair t, double limit, bool subnormals, const double *c, int nc)
{
	Node fits = lt(e, mag(e, t.hi), num(e, limit));
	Node hi = at_least(e, at_most(e, t.hi, num(e, limit)), num(e, -limit));
	Node magic = num(e, 0x1.8p52 + (subnormals ? 2046 : 1023));
	Node z = add(e, hi, magic), bits = to_bits(e, z);
	Node r = sub(e, hi, sub(e, z, magic));

	if (t.lo >= 0)
		r = add(e, r, sel(e, fits, t.lo, num(e, 0)));
	Node y = fma3(e, horner(e, r, c, nc), r, num(e, 1));
	Node full = op2(e, SC_shl, bits, inum(e, 52));
	if (!subnormals)
		return mul(e, y, of_bits(e, full));
	Node half = op2(e, SC_and, op2(e, SC_shl, bits, inum(e, 51)), inum(e, -(INT64_C(1) << 52)));
	return mul(e, mul(e, y, of_bits(e, sub(e, full, half))), of_bits(e, half));
}

/* log2 of 0 and of infinity (NaN). */
static Node log2_special(Expr e, Node a, Node y)
{
	y = sel(e, lt(e, num(e, 0), a), y, num(e, -INFINITY));
	return sel(e, lt(e, a, num(e, INFINITY)), y, mul(e, a, a));
}

/* |x|^y in f64 for operands that were f32; NaN where y log2 |x| is 0 times infinity. */
static Node magnitude_f32(Expr e, Node a, Node y)
{
	Split d = split(e, a, false);
	Node s = quo(e, d.f, add(e, d.f, num(e, 2)));
	Node log = horner(e, mul(e, s, s), log2_f32, 5);
	Pair t = { mul(e, y, log2_special(e, a, fma3(e, s, log, d.n))), -1 };

	return exp2_pair(e, t, 512, false, exp2_f32, 7);
}

static Node magnitude_f64(Expr e, Node a, Node y)
{
	Split d = split(e, a, true);
	/* s = f/(2 + f), with what 2 + f loses and what the quotient leaves */
	Pair den = sum(e, num(e, 2), d.f);
	Node hi = quo(e, d.f, den.hi), minus = neg(e, hi);
	Node left = fma3(e, minus, den.lo, fma3(e, minus, den.hi, d.f));
	Pair s = { hi, quo(e, left, den.hi) };
	/* w = 1/3 + z/5 + ...; log(1 + f)/2 = s + s z w */
	Pair z = product(e, s, s);
	Pair w = sum(e, num(e, 0x1.5555555555555p-2), mul(e, z.hi, horner(e, z.hi, log_f64, 9)));
	w.lo = add(e, w.lo, num(e, 0x1.5555555555555p-56));
	Pair rest = product(e, s, product(e, z, w));
	Pair log = sum(e, s.hi, rest.hi);
	log.lo = add(e, log.lo, add(e, s.lo, rest.lo));
	log = product(e, log, constant(e, 0x1.71547652b82fep+1, 0x1.777d0ffda0d24p-55));
	Pair all = sum(e, d.n, log.hi);
	all.lo = add(e, all.lo, log.lo);
	all = sum(e, all.hi, all.lo);

	Node top = log2_special(e, a, all.hi), t = mul(e, y, top);
	Node low = fma3(e, y, all.lo, fma3(e, y, all.hi, neg(e, t)));
	return exp2_pair(e, (Pair){ t, low }, 1100, true, exp2_f64, 12);
}

/* C17 F.10.4.4: 1 for y = 0 and for |x| = 1 (but NaN for x = -1 and a NaN y); a negative x gives NaN unless y is an
   integer or x is -inf; the sign of the result is that of x when y is odd. */
static Node pow_special(Expr e, Node x, Node y, Node magnitude)
{
	Node zero = num(e, 0), half = mul(e, y, num(e, 0.5)), sign = with_sign(e, num(e, 1), x);
	Node one = op2(e, SC_or, eq(e, mag(e, x), num(e, 1)), eq(e, y, zero));
	Node integer = eq(e, op1(e, SC_trunc, y), y);
	Node even = eq(e, op1(e, SC_trunc, half), half);
	Node odd = op2(e, SC_and, integer, op1(e, SC_not, even));
	Node r = mul(e, sel(e, one, num(e, 1), magnitude), sel(e, odd, sign, num(e, 1)));
	Node negative = op2(e, SC_and, lt(e, num(e, -INFINITY), x), lt(e, x, zero));

	return sel(e, op2(e, SC_and, negative, op1(e, SC_not, integer)), num(e, NAN), r);
}

/* Squares and cubes are what they are written as: x * x, and (x * x) * x with both products rounded to the type, so that a
   pass may write them so where y is known. */
static Node with_products(ScalarProg *p, DType t, Node x, Node y, Node r)
{
	Expr e = { p, t };
	Node square = mul(e, x, x);

	r = sel(e, eq(e, y, num(e, 3)), mul(e, square, x), r);
	return sel(e, eq(e, y, num(e, 2)), square, r);
}

Node math_pow(ScalarProg *p, DType t, Node x, Node y)
{
	Expr e = { p, DT_F64 };

	if (t == DT_F64)
		return with_products(p, t, x, y, pow_special(e, x, y, magnitude_f64(e, mag(e, x), y)));
	Node wide = scalar_cast(p, SC_convert, DT_F64, x), by = scalar_cast(p, SC_convert, DT_F64, y);
	Node r = pow_special(e, wide, by, magnitude_f32(e, mag(e, wide), by));
	return with_products(p, t, x, y, scalar_cast(p, SC_convert, t, r));
}
