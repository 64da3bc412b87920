/* ir/math_trig.c - sin, cos and tan.

   x 2/pi = n + r: n counts quarter turns, |r| <= 1/2.  Payne and Hanek ("Radian reduction for trigonometric functions", 1983)
   noted that bits of 2/pi whose product with x is a multiple of 4 do not matter; `two_over_pi` gives those that
   follow, 48 at a time, and nearly always they are the first ones.  Products are exact by fma, and what is left after n is
   taken away is summed without loss: f64 comes as near as 2^-61 to a multiple of pi/2 (Muller, Elementary Functions),
   f32, whose 24 bits leave more room, as near as 2^-30.  Then two polynomials.  Coefficients: test/math/gen/minimax.py. */
#include <math.h>

#include "ir/math_wide.h"

/* (sin y - y)/y^3 and (cos y - 1 + y^2/2)/y^4 as polynomials of y^2 */
static const double sin_f32[] = { 0x1.6ccfcbd59c5e5p-19, -0x1.a00f7626c9b3ap-13, 0x1.1111085f32a37p-7, -0x1.5555554c62626p-3 };
static const double sin_f64[] = {
	0x1.5d8d57b24245ep-33, -0x1.ae5e51bec6d01p-26, 0x1.71de355c0605ep-19, -0x1.a01a019bef5f2p-13, 0x1.111111110f74fp-7,
	-0x1.5555555555548p-3,
};
static const double cos_f32[] = { 0x1.99e8e3f1dd35dp-16, -0x1.6c0c2a4ad3e9fp-10, 0x1.55554a023abb7p-5 };
static const double cos_f64[] = {
	-0x1.8fa5e3cf1b415p-37, 0x1.1ee9daca97cc1p-29, -0x1.27e4f7f0640d8p-22, 0x1.a01a019c8e02dp-16, -0x1.6c16c16c1500fp-10,
	0x1.555555555554bp-5,
};

/* The low two bits of n are the quadrant. */
typedef struct Turn {
	Node n;
	Pair r;
} Turn;

/* Bits 48 i ... of 2/pi after `skip` bytes, as a number that weighs them as if none were skipped. */
static Node piece(Expr e, Node skip, int i)
{
	double unit = ldexp(1, 52 - 48 * (i + 1));
	Node bits = op2(e, SC_two_over_pi, skip, inum(e, i));

	return sub(e, of_bits(e, op2(e, SC_or, bits, inum(e, (int64_t)f64_bits(unit)))), num(e, unit));
}

/* n = the nearest integer of x, |x| < 2^51, in the low bits; x loses it. */
static Node take_integer(Expr e, Node *x)
{
	Node magic = num(e, 0x1.8p52), z = add(e, *x, magic);

	*x = sub(e, *x, sub(e, z, magic));
	return to_bits(e, z);
}

/* The pieces' products with x are below 2^37 and 2^-11; what follows them is below 2^-60. */
static Turn reduce_f32(Expr e, Node x, Node skip)
{
	Pair high = times(e, x, piece(e, skip, 0));
	Turn t = { .n = take_integer(e, &high.hi), .r = { -1, -1 } };

	t.r.hi = add(e, high.hi, fma3(e, x, piece(e, skip, 1), high.lo));
	return t;
}

/* Products below 2^63, 2^15, 2^-33 and 2^-81; what follows is below 2^-129.  Of the first, multiples of 4 go at once. */
static Turn reduce_f64(Expr e, Node x, Node skip)
{
	Pair a = times(e, x, piece(e, skip, 0)), b = times(e, x, piece(e, skip, 1)), c = times(e, x, piece(e, skip, 2));
	Node turns = op1(e, SC_roundeven, mul(e, a.hi, num(e, 0.25)));
	Pair s = sum_any(e, fma3(e, turns, num(e, -4), a.hi), a.lo), t = sum_any(e, s.hi, b.hi);
	Node low[] = { c.hi, b.lo, t.lo, s.lo };
	Turn out = { .n = take_integer(e, &t.hi) };
	Node rest = fma3(e, x, piece(e, skip, 3), c.lo);

	for (int i = 0; i < 4; i++) {
		t = sum_any(e, t.hi, low[i]);
		rest = add(e, rest, t.lo);
	}
	out.r = sum(e, t.hi, rest);
	return out;
}

/* Bytes of 2/pi are skipped, and x scaled to fit, as soon as 8 bits of it no longer matter. */
static Turn reduce(Wide w, Node x)
{
	Expr e = w.e;
	Node exponent = op2(e, SC_shr_l, to_bits(e, mag(e, x)), inum(e, 52));
	Node bits = op2(e, SC_max, sub(e, exponent, inum(e, exp_bias(e) + (w.brief ? 29 : 55))), inum(e, 0));
	Node skip = op2(e, SC_shr_l, bits, inum(e, 3));
	Node scaled = of_bits(e, sub(e, to_bits(e, x), op2(e, SC_shl, skip, inum(e, 55))));

	return w.brief ? reduce_f32(e, scaled, skip) : reduce_f64(e, scaled, skip);
}

SinCos math_sin_cos(Wide w, Pair r)
{
	Expr e = w.e;
	Node half_pi = num(e, 0x1.921fb54442d18p0), one = num(e, 1), half = num(e, 0.5);

	if (w.brief) {
		Node y = mul(e, r.hi, half_pi), z = mul(e, y, y);
		Node c = fma3(e, z, WIDE_POLY(w, z, cos), neg(e, half));
		return (SinCos){ { fma3(e, mul(e, y, z), WIDE_POLY(w, z, sin), y), -1 }, { fma3(e, z, c, one), -1 } };
	}
	Pair y = times(e, r.hi, half_pi);
	y.lo = add(e, y.lo, fma3(e, r.hi, num(e, 0x1.1a62633145c07p-54), mul(e, r.lo, half_pi)));
	Node z = mul(e, y.hi, y.hi), h = mul(e, z, half), top = sub(e, one, h);
	Node sl = fma3(e, mul(e, y.hi, z), WIDE_POLY(w, z, sin), mul(e, y.lo, top));
	Node cl = fma3(e, mul(e, z, z), WIDE_POLY(w, z, cos), neg(e, mul(e, y.hi, y.lo)));
	return (SinCos){ sum(e, y.hi, sl), sum(e, top, add(e, sub(e, sub(e, one, top), h), cl)) };
}

static Node is_odd(Expr e, Node n)
{
	return eq(e, op2(e, SC_and, n, inum(e, 1)), inum(e, 1));
}

/* y, negated where bit 1 of n is set. */
static Node negate_if(Expr e, Node y, Node n)
{
	Node sign = op2(e, SC_shl, op2(e, SC_shr_l, n, inum(e, 1)), inum(e, 63));

	return of_bits(e, op2(e, SC_xor, to_bits(e, y), sign));
}

/* Infinity and NaN give NaN. */
static Node finite_only(Expr e, Node x, Node y)
{
	return add(e, y, sub(e, x, x));
}

static Node small_or(Expr e, Node x, Node y)
{
	return sel(e, lt(e, mag(e, x), num(e, 0x1p-27)), x, y);
}

Node math_sin(ScalarProg *p, DType t, Node x)
{
	Wide w = wide(p, t);
	Node a = wide_in(w, x);
	Turn turn = reduce(w, a);
	SinCos v = math_sin_cos(w, turn.r);
	Node y = negate_if(w.e, sel(w.e, is_odd(w.e, turn.n), v.c.hi, v.s.hi), turn.n);

	return wide_out(w, small_or(w.e, a, finite_only(w.e, a, y)));
}

Node math_cos(ScalarProg *p, DType t, Node x)
{
	Wide w = wide(p, t);
	Node a = wide_in(w, x);
	Turn turn = reduce(w, a);
	SinCos v = math_sin_cos(w, turn.r);
	Node y = sel(w.e, is_odd(w.e, turn.n), v.s.hi, v.c.hi);

	return wide_out(w, finite_only(w.e, a, negate_if(w.e, y, add(w.e, turn.n, inum(w.e, 1)))));
}

/* tan(y + pi/2) = -cos y/sin y. */
Node math_tan(ScalarProg *p, DType t, Node x)
{
	Wide w = wide(p, t);
	Expr e = w.e;
	Node a = wide_in(w, x), y;
	Turn turn = reduce(w, a);
	SinCos v = math_sin_cos(w, turn.r);
	Node odd = is_odd(e, turn.n);
	Node top = sel(e, odd, v.c.hi, v.s.hi), bottom = sel(e, odd, v.s.hi, v.c.hi);

	if (w.brief) {
		y = quo(e, top, bottom);
	} else {
		Pair q = ratio(e, (Pair){ top, sel(e, odd, v.c.lo, v.s.lo) }, (Pair){ bottom, sel(e, odd, v.s.lo, v.c.lo) });
		y = add(e, q.hi, q.lo);
	}
	y = negate_if(e, y, add(e, turn.n, turn.n));
	return wide_out(w, small_or(e, a, finite_only(e, a, y)));
}
