/* ir/math_cbrt.c - the cube root.

   |x| = 2^(3 q + k) m, 1 <= m < 2, k = 0, 1, 2.  A polynomial times a power of 2^(-1/3) is near a^(-1/3), a = 2^k m; one step
   of Halley's method makes the error its cube; then y = a t^2, and what y^3 lacks of a, exactly by fma, corrects it.
   Coefficients: test/math/gen/minimax.py. */
#include <math.h>

#include "ir/math_wide.h"

/* m^(-1/3), a polynomial of m - 3/2 */
static const double root_f32[] = { 0x1.d46d88800c032p-6, -0x1.9717fd755a75fp-5, 0x1.5fcf9002087ffp-4, -0x1.8ceb91abd5a65p-3, 0x1.bf46bfc949a5bp-1 };
static const double root_f64[] = {
	0x1.5465afa68ccb6p-7, -0x1.151ce5a53c9f1p-6, 0x1.91ef917e08952p-6, -0x1.6bc33980a3753p-5, 0x1.617919826999ap-4,
	-0x1.8d991368dac99p-3, 0x1.bf45eb24bc7c4p-1,
};

Node math_cbrt(ScalarProg *p, DType t, Node x)
{
	Wide w = wide(p, t);
	Expr e = w.e;
	Node v = wide_in(w, x), a = mag(e, v), one = num(e, 1), bias = num(e, 0x1p52 + 1023), third = num(e, 0x1.5555555555555p-2);

	if (!w.brief) {   /* subnormals */
		Node tiny = lt(e, a, num(e, 0x1p-1022));
		a = sel(e, tiny, mul(e, a, num(e, 0x1p54)), a);
		bias = sel(e, tiny, num(e, 0x1p52 + 1023 + 54), bias);
	}
	Node exponent = op2(e, SC_or, op2(e, SC_shr_l, to_bits(e, a), inum(e, 52)), inum(e, 0x4330000000000000));
	Node mantissa = op2(e, SC_and, to_bits(e, a), inum(e, 0x000fffffffffffff));
	Node m = of_bits(e, op2(e, SC_or, mantissa, inum(e, 0x3ff0000000000000)));
	Node n = sub(e, of_bits(e, exponent), bias);
	Node q = op1(e, SC_floor, fma3(e, n, third, num(e, 0.01))), k = fma3(e, q, num(e, -3), n);
	Node k1 = eq(e, k, one), k2 = lt(e, one, k);

	Node r = WIDE_POLY(w, sub(e, m, num(e, 1.5)), root);
	r = mul(e, r, sel(e, k2, num(e, 0x1.428a2f98d728bp-1), sel(e, k1, num(e, 0x1.965fea53d6e3dp-1), one)));
	m = mul(e, m, sel(e, k2, num(e, 4), sel(e, k1, num(e, 2), one)));
	/* r (1 - d)^(-1/3), d = 1 - m r^3 */
	Node d = fma3(e, neg(e, m), mul(e, mul(e, r, r), r), one);
	r = fma3(e, mul(e, r, d), fma3(e, d, num(e, 0x1.c71c71c71c71cp-3), third), r);
	Node r2 = mul(e, r, r), y = mul(e, m, r2);
	if (!w.brief) {
		Pair y2 = times(e, y, y), y3 = times(e, y2.hi, y);
		Node left = sub(e, sub(e, m, y3.hi), fma3(e, y2.lo, y, y3.lo));
		y = fma3(e, mul(e, left, third), r2, y);
	}
	Node power = op2(e, SC_shl, to_bits(e, add(e, q, num(e, 0x1.8p52 + 1023))), inum(e, 52));
	y = mul(e, y, of_bits(e, power));
	Node special = op2(e, SC_or, eq(e, v, num(e, 0)), op1(e, SC_not, lt(e, mag(e, v), num(e, INFINITY))));
	return wide_out(w, sel(e, special, v, with_sign(e, y, v)));
}
