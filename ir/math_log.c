/* ir/math_log.c - log and log1p, and the inverse hyperbolic functions, which are logarithms.

   x = 2^n (1 + f) with 1 + f in [sqrt 1/2, sqrt 2).  f32: log(1 + f) = f - f^2/2 + f^3 P(f).  f64, with s = f/(2 + f)
   and z = s^2: log(1 + f) = f - f^2/2 + s (f^2/2 + z R(z)), as in FreeBSD's msun (there by K. C. Ng).  The parts are added
   from the smallest on, n ln 2 last.  Coefficients: test/math/gen/minimax.py. */
#include <math.h>

#include "ir/math_wide.h"

static const double log_f32[] = {
	-0x1.38d210p-4, 0x1.05679cp-3, -0x1.0d8522p-3, 0x1.22d818p-3, -0x1.547216p-3, 0x1.99a024p-3, -0x1.000228p-2,
	0x1.555554p-2,
};
static const double log_f64[] = {
	0x1.2f0283c7138f7p-3, 0x1.39a2076697098p-3, 0x1.74663bc56d8cep-3, 0x1.c71c52199ce47p-3, 0x1.24924941dbab1p-2,
	0x1.999999997ff60p-2, 0x1.5555555555592p-1,
};

/* For f32 computed in f64. */
static const double log_short[] = { 0x1.e2f3d17cb83afp-3, 0x1.2438eafc233e6p-2, 0x1.999a7a32c4989p-2, 0x1.555554fdd5762p-1 };

/* n ln 2 + log(1 + f) */
static Node assemble(Expr e, Node n, Node f)
{
	Node z = mul(e, f, f), half = num(e, 0.5), small;

	if (is_f32(e)) {
		small = mul(e, mul(e, f, z), POLY(e, f, log));
		small = fma3(e, n, num(e, -0x1.05c610p-29), small);
		small = fma3(e, z, neg(e, half), small);
	} else {
		Node s = quo(e, f, add(e, f, num(e, 2))), s2 = mul(e, s, s), h = mul(e, z, half);
		small = mul(e, s, fma3(e, s2, POLY(e, s2, log), h));
		small = fma3(e, n, num(e, 0x1.ef35793c76730p-45), small);
		small = sub(e, small, h);
	}
	return fma3(e, n, pick(e, 0x1.62e430p-1, 0x1.62e42fefa3800p-1), add(e, f, small));
}

/* x = 2^n m for a positive, normal x: n biased in the low bits, and m as bits. */
typedef struct Split {
	Node biased, mant;
} Split;

static Split split(Expr e, Node x)
{
	int64_t one = is_f32(e) ? 0x3f800000 : 0x3ff0000000000000;
	int64_t root = is_f32(e) ? 0x3f3504f3 : 0x3fe6a09e667f3bcd;   /* of 1/2 */
	Node u = add(e, to_bits(e, x), inum(e, one - root));
	Node fraction = op2(e, SC_and, u, inum(e, (INT64_C(1) << mant_bits(e)) - 1));

	return (Split){ op2(e, SC_shr_l, u, inum(e, mant_bits(e))), add(e, fraction, inum(e, root)) };
}

/* An integer below 2^mant_bits as a float, less `bias`. */
static Node small_int(Expr e, Node i, Node bias)
{
	return sub(e, of_bits(e, op2(e, SC_or, i, inum(e, is_f32(e) ? 0x4b000000 : 0x4330000000000000))), bias);
}

static Node two_to_mant(Expr e, int plus)
{
	return pick(e, 0x1p23 + plus, 0x1p52 + plus);
}

/* y, but NaN for x < zero, -inf at zero, x for x = inf or NaN. */
static Node log_special(Expr e, Node x, Node zero, Node y)
{
	Node bad = sel(e, eq(e, x, zero), num(e, -INFINITY), num(e, NAN));

	return sel(e, eq(e, x, num(e, INFINITY)), x, sel(e, lt(e, zero, x), y, bad));
}

Node math_log(ScalarProg *p, DType t, Node x)
{
	Expr e = { p, t };
	int up = mant_bits(e) + 2;
	Node tiny = lt(e, x, pick(e, 0x1p-126, 0x1p-1022));
	Split s = split(e, sel(e, tiny, mul(e, x, pick(e, 0x1p25, 0x1p54)), x));
	Node bias = sel(e, tiny, two_to_mant(e, exp_bias(e) + up), two_to_mant(e, exp_bias(e)));
	Node f = sub(e, of_bits(e, s.mant), num(e, 1));

	return log_special(e, x, num(e, 0), assemble(e, small_int(e, s.biased, bias), f));
}

/* 1 + x = 2^n (1 + f) with f = 2^-n x + (2^-n - 1), rounded once: what 1 + x loses does not matter, since it only
   chooses n.  From 2^60 on, 1 + x = x.  The sign is that of x, also for zeros. */
Node math_log1p(ScalarProg *p, DType t, Node x)
{
	Expr e = { p, t };
	Split s = split(e, add(e, x, num(e, 1)));
	Node power = sub(e, inum(e, 2 * exp_bias(e)), s.biased);
	Node scale = of_bits(e, op2(e, SC_shl, power, inum(e, mant_bits(e))));
	Node f = fma3(e, x, scale, sub(e, scale, num(e, 1)));
	Node g = sub(e, of_bits(e, s.mant), num(e, 1));

	f = sel(e, lt(e, x, num(e, 0x1p60)), f, g);
	Node y = assemble(e, small_int(e, s.biased, two_to_mant(e, exp_bias(e))), f);
	return with_sign(e, log_special(e, x, num(e, -1), y), x);
}

/* n ln 2 + log(1 + f + more) for a small correction. */
static Pair assemble_pair(Wide w, Node n, Node f, Node more)
{
	Expr e = w.e;
	Node z = mul(e, f, f), h = mul(e, z, num(e, 0.5)), s = quo(e, f, add(e, f, num(e, 2))), s2 = mul(e, s, s);
	Node r = w.brief ? horner(e, s2, log_short, 4) : POLY(e, s2, log);
	Node low = mul(e, s, fma3(e, s2, r, h));

	if (w.brief) {
		Node y = add(e, f, sub(e, low, h));
		return (Pair){ fma3(e, n, num(e, 0x1.62e42fefa39efp-1), y), num(e, 0) };
	}
	if (more >= 0)   /* times 1/(1 + f), about */
		low = add(e, low, fma3(e, more, sub(e, z, f), more));
	low = fma3(e, n, num(e, 0x1.ef35793c76730p-45), low);
	Pair y = sum(e, f, neg(e, h));
	y.lo = add(e, y.lo, fma3(e, num(e, -0.5), fma3(e, f, f, neg(e, z)), low));   /* with what f^2 has lost */
	Pair top = sum(e, mul(e, n, num(e, 0x1.62e42fefa3800p-1)), y.hi);
	return sum(e, top.hi, add(e, top.lo, y.lo));
}

Pair math_log_pair(Wide w, Node x)
{
	Expr e = w.e;
	Node bias = two_to_mant(e, exp_bias(e));

	if (!w.brief) {
		Node tiny = lt(e, x, num(e, 0x1p-1022));
		x = sel(e, tiny, mul(e, x, num(e, 0x1p54)), x);
		bias = sel(e, tiny, two_to_mant(e, exp_bias(e) + 54), bias);
	}
	Split s = split(e, x);
	return assemble_pair(w, small_int(e, s.biased, bias), sub(e, of_bits(e, s.mant), num(e, 1)), -1);
}

/* log(1 + x) + extra ln 2 of a pair x > -1; from 2^60 on log x. */
static Node log1p_pair(Wide w, Pair x, Node extra)
{
	Expr e = w.e;
	Node one = num(e, 1);
	Split s = split(e, add(e, x.hi, one));
	Node power = sub(e, inum(e, 2 * exp_bias(e)), s.biased);
	Node scale = of_bits(e, op2(e, SC_shl, power, inum(e, mant_bits(e)))), offset = sub(e, scale, one);
	Node f = fma3(e, x.hi, scale, offset), n = small_int(e, s.biased, two_to_mant(e, exp_bias(e)));
	Node huge = op1(e, SC_not, lt(e, x.hi, num(e, 0x1p60))), more = -1;

	if (!w.brief) {
		Node lost = fma3(e, x.hi, scale, sub(e, offset, f));
		more = sel(e, huge, num(e, 0), fma3(e, x.lo, scale, lost));
	}
	f = sel(e, huge, sub(e, of_bits(e, s.mant), one), f);
	Pair y = assemble_pair(w, extra >= 0 ? add(e, n, extra) : n, f, more);
	return add(e, y.hi, y.lo);
}

/* Above 2^62, asinh x = acosh x = log 2x. */
static Node log1p_or_log2x(Wide w, Pair x, Node a)
{
	Expr e = w.e;
	Node large = lt(e, num(e, 0x1p62), a), zero = num(e, 0);
	Pair of = { sel(e, large, a, x.hi), w.brief ? -1 : sel(e, large, zero, x.lo) };
	Node y = log1p_pair(w, of, sel(e, large, num(e, 1), zero));

	return sel(e, lt(e, a, num(e, INFINITY)), y, a);   /* infinity and NaN */
}

/* log1p(a + a^2/(1 + sqrt(1 + a^2))) */
Node math_asinh(ScalarProg *p, DType t, Node x)
{
	Wide w = wide(p, t);
	Expr e = w.e;
	Node v = wide_in(w, x), a = mag(e, v), one = num(e, 1), b = at_most(e, a, num(e, 0x1p62)), y;

	if (w.brief) {
		Node z = mul(e, b, b), root = op1(e, SC_sqrt, add(e, z, one));
		y = log1p_or_log2x(w, (Pair){ add(e, b, quo(e, z, add(e, root, one))), -1 }, a);
	} else {
		Pair z = times(e, b, b), u = sum_any(e, one, z.hi);
		u.lo = add(e, u.lo, z.lo);
		Node root = op1(e, SC_sqrt, u.hi);
		Pair den = sum(e, root, one);
		den.lo = add(e, den.lo, sqrt_rest(e, root, u));
		Pair q = ratio(e, z, den), all = sum(e, b, q.hi);
		all.lo = add(e, all.lo, q.lo);
		y = log1p_or_log2x(w, all, a);
	}
	return wide_out(w, sel(e, lt(e, a, num(e, 0x1p-28)), v, with_sign(e, y, v)));
}

/* log1p(u + sqrt(2 u + u^2)), u = x - 1 */
Node math_acosh(ScalarProg *p, DType t, Node x)
{
	Wide w = wide(p, t);
	Expr e = w.e;
	Node v = wide_in(w, x), u = sub(e, at_most(e, v, num(e, 0x1p62)), num(e, 1)), y;

	if (w.brief) {
		Node root = op1(e, SC_sqrt, fma3(e, u, u, add(e, u, u)));
		y = log1p_or_log2x(w, (Pair){ add(e, u, root), -1 }, v);
	} else {
		Pair z = times(e, u, u), s = sum_any(e, add(e, u, u), z.hi);
		s.lo = add(e, s.lo, z.lo);
		Node root = op1(e, SC_sqrt, s.hi);
		Pair all = sum(e, root, u);
		all.lo = add(e, all.lo, sqrt_rest(e, root, s));
		y = log1p_or_log2x(w, all, v);
	}
	return wide_out(w, sel(e, lt(e, v, num(e, 1)), num(e, NAN), y));
}

/* log1p(2 a/(1 - a))/2 */
Node math_atanh(ScalarProg *p, DType t, Node x)
{
	Wide w = wide(p, t);
	Expr e = w.e;
	Node v = wide_in(w, x), a = mag(e, v), one = num(e, 1);
	Pair q = { quo(e, add(e, a, a), sub(e, one, a)), -1 };

	if (!w.brief)
		q = ratio(e, (Pair){ add(e, a, a), num(e, 0) }, sum(e, one, neg(e, a)));
	Node y = mul(e, log1p_pair(w, q, -1), num(e, 0.5));
	y = sel(e, lt(e, a, one), y, sel(e, eq(e, a, one), num(e, INFINITY), num(e, NAN)));
	return wide_out(w, sel(e, lt(e, a, num(e, 0x1p-28)), v, with_sign(e, y, v)));
}
