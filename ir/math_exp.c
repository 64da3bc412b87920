/* ir/math_exp.c - exp, exp2, expm1, sinh, cosh, tanh and the logistic function.

   All start from x = n ln 2 + r, |r| <= (ln 2)/2, and a polynomial for (e^r - 1 - r)/r^2.  n comes out of one fma by
   adding 1.5 * 2^mant_bits: the sum is rounded to an integer, which then stands in the low bits of the float.  Adding a
   bias as well makes those bits, shifted left, the float 2^n.  ln 2 is split so that n * hi is exact; both steps of
   r = x - n hi - n lo are fma.  Coefficients: test/math/gen/minimax.py. */
#include "ir/math_wide.h"

static const double expm1_f32[] = { 0x1.6b7368p-10, 0x1.12279ap-7, 0x1.555716p-5, 0x1.5554b0p-3, 0x1p-1 };
static const double expm1_f64[] = {
	0x1.1f1a1d0e7e99cp-29, 0x1.af5f1f4006492p-26, 0x1.27e51343c825ap-22, 0x1.71ddf8154f667p-19,
	0x1.a01a018e0cc97p-16, 0x1.a01a01b001db6p-13, 0x1.6c16c16c1ab00p-10, 0x1.111111110f657p-7,
	0x1.555555555554dp-5, 0x1.5555555555559p-3, 0x1p-1,
};
/* For f32 computed in f64. */
static const double expm1_short[] = {
	0x1.a003a7d0fb507p-16, 0x1.a16f782437d60p-13, 0x1.6c1766d403235p-10, 0x1.1110b2164c2c6p-7, 0x1.555554f3655f5p-5,
	0x1.5555557355f22p-3, 0x1.00000000171b6p-1,
};
/* (sinh x - x)/x^3, a polynomial of x^2, |x| <= 1 */
static const double sinh_f32[] = { 0x1.7a15ff3e26ad8p-19, 0x1.9ffe9071456fcp-13, 0x1.111134ff9bf83p-7, 0x1.5555551b31a64p-3 };
static const double sinh_f64[] = {
	0x1.4710bc1927677p-48, 0x1.aa86a64518a11p-41, 0x1.612b0edb97180p-33, 0x1.ae644ab1062bdp-26, 0x1.71de3a6119e76p-19,
	0x1.a01a01a00d531p-13, 0x1.111111111117ep-7, 0x1.5555555555555p-3,
};
/* (2^r - 1)/r for |r| <= 1/2 */
static const double exp2_f32[] = {
	0x1.3eb2d0p-13, 0x1.5f0b8cp-10, 0x1.3b320ap-7, 0x1.c6af76p-5, 0x1.ebfbd6p-3, 0x1.62e430p-1,
};
static const double exp2_f64[] = {
	0x1.e994e9b1c4d24p-36, 0x1.eb00469442461p-32, 0x1.e4b2e7da99b22p-28, 0x1.b5242154a9b97p-24,
	0x1.62c02a54d848fp-20, 0x1.ffcbfcdc0b27bp-17, 0x1.430912f648b42p-13, 0x1.5d87fe7888abcp-10,
	0x1.3b2ab6fba5699p-7, 0x1.c6b08d704a183p-5, 0x1.ebfbdff82c58cp-3, 0x1.62e42fefa39efp-1,
};

/* x = n ln 2 + r; the low bits of `bits`, an integer, are n + bias. */
typedef struct Reduced {
	Node r, bits;
} Reduced;

static Node magic(Expr e, int bias)
{
	return pick(e, 0x1.8p23 + bias, 0x1.8p52 + bias);
}

static Reduced reduce(Expr e, Node x, int bias)
{
	Node z = fma3(e, x, pick(e, 0x1.715476p0, 0x1.71547652b82fep0), magic(e, bias));
	Node n = sub(e, z, magic(e, bias));
	Node r = fma3(e, n, pick(e, -0x1.62e4p-1, -0x1.62e42fefa3800p-1), x);

	r = fma3(e, n, pick(e, -0x1.7f7d1cp-20, -0x1.ef35793c76730p-45), r);
	return (Reduced){ r, to_bits(e, z) };
}

/* 2^n, when n + exp_bias is in the low bits and a normal exponent. */
static Node power(Expr e, Node bits)
{
	return of_bits(e, op2(e, SC_shl, bits, inum(e, mant_bits(e))));
}

/* y 2^n, rounded at most once, when n + 2 exp_bias is in the low bits: by two factors, so that the result may be
   subnormal or overflow. */
static Node scale(Expr e, Node y, Node bits)
{
	int m = mant_bits(e);
	Node half = op2(e, SC_and, op2(e, SC_shl, bits, inum(e, m - 1)), inum(e, -(INT64_C(1) << m)));
	Node rest = sub(e, op2(e, SC_shl, bits, inum(e, m)), half);

	return mul(e, mul(e, y, of_bits(e, rest)), of_bits(e, half));
}

/* e^r - 1 for a reduced r, to a relative error. */
static Node expm1_reduced(Expr e, Node r)
{
	return fma3(e, mul(e, r, r), POLY(e, r, expm1), r);
}

/* e^x for x no larger than the largest with a finite result, about. */
static Node exp_bounded(Expr e, Node x)
{
	Reduced d = reduce(e, x, 2 * exp_bias(e));
	Node y = fma3(e, POLY(e, d.r, expm1), d.r, num(e, 1));

	return scale(e, fma3(e, y, d.r, num(e, 1)), d.bits);
}

static Node exp_least(Expr e)
{
	return pick(e, -104, -746);   /* e^x is 0 from here down */
}

Node math_exp(ScalarProg *p, DType t, Node x)
{
	Expr e = { p, t };

	return exp_bounded(e, at_least(e, at_most(e, x, pick(e, 89, 710)), exp_least(e)));
}

Node math_exp2(ScalarProg *p, DType t, Node x)
{
	Expr e = { p, t };
	Node bounded = at_least(e, at_most(e, x, pick(e, 129, 1025)), pick(e, -151, -1076));
	Node z = add(e, bounded, magic(e, 2 * exp_bias(e)));
	Node r = sub(e, bounded, sub(e, z, magic(e, 2 * exp_bias(e))));

	return scale(e, fma3(e, POLY(e, r, exp2), r, num(e, 1)), to_bits(e, z));
}

/* With y = e^r - 1 and s = 2^(n-1): 2 (s y + s - 1/2); s - 1/2 is exact where it matters, and n may be 128 (1024).
   Halving would lose bits of a subnormal, but there expm1 x = x. */
Node math_expm1(ScalarProg *p, DType t, Node x)
{
	Expr e = { p, t };
	Node bounded = at_least(e, at_most(e, x, pick(e, 89, 710)), pick(e, -20, -40));
	Reduced d = reduce(e, bounded, exp_bias(e) - 1);
	Node s = power(e, d.bits);
	Node half = fma3(e, s, expm1_reduced(e, d.r), sub(e, s, num(e, 0.5)));

	return sel(e, lt(e, mag(e, x), pick(e, 0x1p-26, 0x1p-55)), x, add(e, half, half));
}

/* top - top q with q = least/(1 + v): v/(1 + v) is v - v v/(1 + v), and 1 - v/(1 + v), and 1 - 1/(1 + v).  The errors of
   the quotient count less than in dividing alone. */
static Node fraction(Expr e, Node v, Node least, Node top)
{
	Node q = quo(e, least, add(e, v, num(e, 1)));

	return fma3(e, neg(e, top), q, top);
}

/* tanh |x| = h/(1 + h), h = (e^(2|x|) - 1)/2; for h > 1 it is 1 - 1/(1 + h). */
Node math_tanh(ScalarProg *p, DType t, Node x)
{
	Expr e = { p, t };
	Node a = mag(e, x);
	Reduced d = reduce(e, at_most(e, add(e, a, a), pick(e, 20, 40)), exp_bias(e) - 1);
	Node s = power(e, d.bits);
	Node h = fma3(e, s, expm1_reduced(e, d.r), sub(e, s, num(e, 0.5)));
	Node least = at_most(e, h, num(e, 1));

	return with_sign(e, fraction(e, h, least, least), x);
}

/* With y = e^-|x|: y/(1 + y) for negative x, which underflows gradually, and 1 - y/(1 + y). */
Node math_logistic(ScalarProg *p, DType t, Node x)
{
	Expr e = { p, t };
	Node y = exp_bounded(e, at_least(e, neg(e, mag(e, x)), exp_least(e)));

	return fraction(e, y, y, sel(e, lt(e, x, num(e, 0)), y, num(e, 1)));
}

/* e^a/4 as a pair, for 0 <= a <= 710.5: half of cosh stays in range. */
static Pair quarter_exp(Wide w, Node a)
{
	Expr e = w.e;
	Reduced d = reduce(e, a, exp_bias(e) - 2);
	Node s = power(e, d.bits), r2 = mul(e, d.r, d.r);
	Node tail = mul(e, r2, w.brief ? horner(e, d.r, expm1_short, 7) : POLY(e, d.r, expm1));
	Pair y = sum(e, num(e, 1), d.r);

	return (Pair){ mul(e, y.hi, s), mul(e, add(e, y.lo, tail), s) };
}

/* (e^a + sign e^-a)/2 */
static Node half_sum(Wide w, Node a, double sign)
{
	Expr e = w.e;
	Pair y = quarter_exp(w, at_most(e, a, num(e, 710.5)));
	Pair all = sum(e, y.hi, quo(e, num(e, sign / 16), add(e, y.hi, y.lo)));
	Node half = add(e, all.hi, add(e, all.lo, y.lo));

	return add(e, half, half);
}

/* A polynomial below 1, where the difference would cancel. */
Node math_sinh(ScalarProg *p, DType t, Node x)
{
	Wide w = wide(p, t);
	Expr e = w.e;
	Node v = wide_in(w, x), a = mag(e, v), z = mul(e, v, v);
	Node small = fma3(e, mul(e, v, z), WIDE_POLY(w, z, sinh), v);

	return wide_out(w, sel(e, lt(e, a, num(e, 1)), small, with_sign(e, half_sum(w, a, -1), v)));
}

Node math_cosh(ScalarProg *p, DType t, Node x)
{
	Wide w = wide(p, t);

	return wide_out(w, half_sum(w, mag(w.e, wide_in(w, x)), 1));
}
