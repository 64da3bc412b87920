/* ir/math_log.c - log and log1p.

   x = 2^n (1 + f) with 1 + f in [sqrt 1/2, sqrt 2).  f32: log(1 + f) = f - f^2/2 + f^3 P(f).  f64, with s = f/(2 + f)
   and z = s^2: log(1 + f) = f - f^2/2 + s (f^2/2 + z R(z)), as in FreeBSD's msun (there by K. C. Ng).  The parts are added
   from the smallest on, n ln 2 last.  Coefficients: test/math/gen/minimax.py. */
#include <math.h>

#include "ir/math_expr.h"

static const double log_f32[] = {
	-0x1.38d210p-4, 0x1.05679cp-3, -0x1.0d8522p-3, 0x1.22d818p-3, -0x1.547216p-3, 0x1.99a024p-3, -0x1.000228p-2,
	0x1.555554p-2,
};
static const double log_f64[] = {
	0x1.2f0283c7138f7p-3, 0x1.39a2076697098p-3, 0x1.74663bc56d8cep-3, 0x1.c71c52199ce47p-3, 0x1.24924941dbab1p-2,
	0x1.999999997ff60p-2, 0x1.5555555555592p-1,
};

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
