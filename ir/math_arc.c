/* ir/math_arc.c - asin, acos, atan and atan2.

   atan of a quotient n/d <= 1: above 1/2, atan(n/d) = pi/4 + atan((n - d)/(n + d)), with one division either way, and a
   polynomial on [-1/3, 1/2].  Quotients above 1 are turned upside down, negative ones mirrored, so that the result is m pi/4 +- that,
   0 <= m <= 4.  asin below 1/2 is a polynomial; above, asin x = pi/2 - 2 asin sqrt((1 - x)/2).
   Coefficients: test/math/gen/minimax.py. */
#include <math.h>

#include "ir/math_wide.h"

/* (atan t - t)/t^3 and (asin s - s)/s^3 as polynomials of the square */
static const double atan_f32[] = {
	0x1.3d344dac71429p-5, -0x1.470580d3d239bp-4, 0x1.c02423b67fcf0p-4, -0x1.244ac60b4f440p-3, 0x1.9996ec995c9cbp-3,
	-0x1.55555107d8953p-2,
};
static const double atan_f64[] = {
	0x1.4b81a2f7fe45fp-7, -0x1.c17e221488f60p-6, 0x1.56f5431ff4657p-5, -0x1.a39838cf1574ap-5, 0x1.dfe96e01bf6f9p-5,
	-0x1.10f31e68e6abfp-4, 0x1.3b113db030ddbp-4, -0x1.745cf4ca2fe87p-4, 0x1.c71c7090df357p-4, -0x1.249249215dcb6p-3,
	0x1.999999999113fp-3, -0x1.5555555555516p-2,
};
static const double asin_f32[] = {
	0x1.1bd5db253c1cfp-5, 0x1.ec0f3daf85504p-8, 0x1.932145642f88fp-6, 0x1.ed5cd5dfc2ccap-6, 0x1.6ddac27921a8ap-5,
	0x1.3332a9fa6dfe7p-4, 0x1.55555605df87dp-3,
};
static const double asin_f64[] = {
	0x1.0b470d7416490p-5, -0x1.57fe32242aa5ap-6, 0x1.639cbb5640eb6p-6, 0x1.e5f55ae18ab7dp-9, 0x1.613c819b61de3p-7,
	0x1.75858e382e58ep-7, 0x1.ca1f8c8b43698p-7, 0x1.1c49f06a0e301p-6, 0x1.6e8bdedf5240fp-6, 0x1.f1c71a94fcd39p-6,
	0x1.6db6db72124bcp-5, 0x1.333333332e133p-4, 0x1.5555555555577p-3,
};

static const double pi_hi = 0x1.921fb54442d18p1, pi_lo = 0x1.1a62633145c07p-53;

/* base + rest + low for base = 0 or |base| >= |rest|. */
static Node total(Expr e, Node base, Node rest, Node low)
{
	Pair s = sum(e, base, rest);

	return add(e, s.hi, add(e, s.lo, low));
}

/* m pi/4 + sign atan(n/d), 0 <= n <= d; sign is 1 or -1, and becomes that of the part beyond pi/4. */
static Node octants(Wide w, Node n, Node d, Node swapped, Node mirrored)
{
	Expr e = w.e;
	Node zero = num(e, 0), one = num(e, 1), far = lt(e, mul(e, d, num(e, 0.5)), n);
	Pair both = sum(e, d, n);
	Pair den = { sel(e, far, both.hi, d), sel(e, far, both.lo, zero) };
	Node top = sel(e, far, sub(e, n, d), n);
	Node m = sel(e, far, one, zero), sign = sel(e, swapped, num(e, -1), one);

	m = sel(e, swapped, sub(e, num(e, 2), m), m);
	if (mirrored >= 0) {
		m = sel(e, mirrored, sub(e, num(e, 4), m), m);
		sign = sel(e, mirrored, neg(e, sign), sign);
	}
	if (w.brief) {
		Node t = quo(e, mul(e, top, sign), den.hi), z = mul(e, t, t);
		Node y = fma3(e, mul(e, t, z), WIDE_POLY(w, z, atan), t);
		return fma3(e, m, num(e, pi_hi / 4), y);
	}
	Pair t = ratio(e, (Pair){ mul(e, top, sign), zero }, den);
	Node z = mul(e, t.hi, t.hi);
	Pair base = times(e, m, num(e, pi_hi / 4));
	Node low = fma3(e, mul(e, t.hi, z), WIDE_POLY(w, z, atan), t.lo);
	return total(e, base.hi, t.hi, add(e, fma3(e, m, num(e, pi_lo / 4), base.lo), low));
}

/* From 2^60 on the result is pi/2. */
Node math_atan(ScalarProg *p, DType t, Node x)
{
	Wide w = wide(p, t);
	Expr e = w.e;
	Node v = wide_in(w, x), a = at_most(e, mag(e, v), num(e, 0x1p60)), one = num(e, 1), large = lt(e, one, a);
	Node y = octants(w, sel(e, large, one, a), sel(e, large, a, one), large, -1);

	return wide_out(w, with_sign(e, y, v));
}

/* C17 F.10.1.4.  Two infinities are as good as two ones, two zeros as 0 and 1.  f64: operands are scaled, so that
   n + d does not overflow, and the quotient's remainder does not vanish unless the result is subnormal. */
Node math_atan2(ScalarProg *p, DType t, Node y, Node x)
{
	Wide w = wide(p, t);
	Expr e = w.e;
	Node vy = wide_in(w, y), vx = wide_in(w, x), ay = mag(e, vy), ax = mag(e, vx);
	Node zero = num(e, 0), one = num(e, 1), inf = num(e, INFINITY), swapped = lt(e, ax, ay);
	Node n = sel(e, swapped, ax, ay), d = sel(e, swapped, ay, ax);

	n = sel(e, eq(e, d, inf), sel(e, eq(e, n, inf), one, mul(e, n, zero)), n);
	d = sel(e, op2(e, SC_or, eq(e, d, inf), eq(e, d, zero)), one, d);
	if (!w.brief) {
		Node by = sel(e, lt(e, d, num(e, 0x1p500)), num(e, 0x1p500), num(e, 0x1p-30));
		n = mul(e, n, by);
		d = mul(e, d, by);
	}
	Node r = octants(w, n, d, swapped, op2(e, SC_lt, to_bits(e, vx), inum(e, 0)));
	return wide_out(w, with_sign(e, r, vy));
}

/* For a = |x|: asin of s, where s = x below 1/2 and sqrt((1 - a)/2) above, as s + low. */
typedef struct Arc {
	Node large, s, low;
} Arc;

static Arc arc(Wide w, Node x)
{
	Expr e = w.e;
	Node a = mag(e, x), half = num(e, 0.5), large = lt(e, half, a);
	Node z = sel(e, large, fma3(e, a, num(e, -0.5), half), mul(e, a, a)), root = op1(e, SC_sqrt, z);
	Node s = sel(e, large, root, x), low = mul(e, mul(e, s, z), WIDE_POLY(w, z, asin));

	if (!w.brief) {
		Node rest = sqrt_rest(e, root, (Pair){ z, num(e, 0) });
		low = sel(e, large, add(e, low, rest), low);
	}
	return (Arc){ large, s, low };
}

Node math_asin(ScalarProg *p, DType t, Node x)
{
	Wide w = wide(p, t);
	Expr e = w.e;
	Node v = wide_in(w, x), minus = num(e, -2);
	Arc d = arc(w, v);
	Node y = total(e, num(e, pi_hi / 2), mul(e, d.s, minus), fma3(e, d.low, minus, num(e, pi_lo / 2)));

	return wide_out(w, sel(e, d.large, with_sign(e, y, v), add(e, d.s, d.low)));
}

/* pi/2 - asin x, or 2 asin s, or pi - 2 asin s. */
Node math_acos(ScalarProg *p, DType t, Node x)
{
	Wide w = wide(p, t);
	Expr e = w.e;
	Node v = wide_in(w, x), zero = num(e, 0), negative = lt(e, v, zero);
	Arc d = arc(w, v);
	Node by = sel(e, d.large, sel(e, negative, num(e, -2), num(e, 2)), num(e, -1));
	Node base = sel(e, d.large, sel(e, negative, num(e, pi_hi), zero), num(e, pi_hi / 2));
	Node base_low = sel(e, d.large, sel(e, negative, num(e, pi_lo), zero), num(e, pi_lo / 2));

	return wide_out(w, total(e, base, mul(e, d.s, by), fma3(e, d.low, by, base_low)));
}
