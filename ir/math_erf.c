/* ir/math_erf.c - the error function and its complement.

   |x| < 5/4 (f64: 11/8): x + x P(x^2).  Beyond: 1 - Q(|x| - c)^8 (f64: ^4): such a root of erfc is smooth enough for a short
   polynomial, so no exponential is needed.  Coefficients: test/math/gen/minimax.py. */
#include "ir/math_expr.h"

static const double small_f32[] = {
	-0x1.f92bb8p-18, 0x1.b2dbc2p-14, -0x1.b4ec34p-11, 0x1.55556ep-8, -0x1.b8125cp-6, 0x1.ce2dcap-4, -0x1.812740p-2,
	0x1.06eba8p-3,
};
static const double large_f32[] = {
	0x1.692850p-13, -0x1.353a46p-15, -0x1.f3f37ep-9, 0x1.26bcd8p-7, 0x1.5d3606p-5, -0x1.f48f06p-3, 0x1.6a13a6p-2,
};
static const double small_f64[] = {
	0x1.c0936d7fe7029p-43, -0x1.810394dd62f42p-38, 0x1.8d633b0226251p-34, -0x1.4fabda5322985p-30,
	0x1.fc68f8f97b43fp-27, -0x1.5f6f806efde2dp-23, 0x1.b9e69a5663bb6p-20, -0x1.f4d261390f562p-17,
	0x1.f9a327eacf7e6p-14, -0x1.c02db412b9299p-11, 0x1.565bcd0f394e5p-8, -0x1.b82ce312934adp-6, 0x1.ce2f21a043097p-4,
	-0x1.812746b0379f6p-2, 0x1.06eba8214db69p-3,
};
static const double large_f64[] = {
	-0x1.1bdaec2458a33p-45, -0x1.ccc2671a61b53p-42, -0x1.71e7dbd6287fcp-41, 0x1.1e06c676c78bbp-37,
	-0x1.3279c83b51a18p-37, -0x1.86b24d4a228e7p-33, 0x1.372bf04aa5548p-30, 0x1.6a5e0183d3879p-30,
	-0x1.44419f1faa2a1p-25, 0x1.c2746e8a35ff2p-24, 0x1.1ed5f03d2f027p-21, -0x1.24dca8910f0c9p-18,
	0x1.6b96354b1fb84p-18, 0x1.f9e2e9e21468ep-15, -0x1.4a5a18be0c173p-12, 0x1.3b1a66e5fe112p-12,
	0x1.7ca991dbb48f4p-9, -0x1.e3c2944188dbdp-7, 0x1.16a41dec82f95p-5, -0x1.549f9a36a71cap-5, 0x1.680a1bdadfb79p-6,
};

Node math_erf(ScalarProg *p, DType t, Node x)
{
	Expr e = { p, t };
	Node a = mag(e, x);
	Node small = fma3(e, a, POLY(e, mul(e, a, a), small), a);
	double end = is_f32(e) ? 3.9375 : 5.9375, from = is_f32(e) ? 1.25 : 1.375;   /* erf rounds to 1 at end */
	Node q = POLY(e, sub(e, at_most(e, a, num(e, end)), num(e, (from + end) / 2)), large);

	for (int i = is_f32(e) ? 2 : 1; i > 0; i--)
		q = mul(e, q, q);
	Node large = fma3(e, neg(e, q), q, num(e, 1));
	return with_sign(e, sel(e, lt(e, a, num(e, from)), small, large), x);
}

/* Below 1/2: 1 - erf(x), which loses nothing there.  Beyond: exp(-x^2) P(t) / (1 + 2x) with t = (x - k) / (x + k), the square
   being exact in two parts. */
static const double far_f32[] = {
	-0x1.a4b03ap-13, -0x1.50a52ep-10, 0x1.276aa0p-10, 0x1.1c3da8p-7, -0x1.0629c2p-7, -0x1.bc21eap-5, 0x1.4ff888p-3,
	-0x1.5407c0p-3, -0x1.7bf5d8p-4, 0x1.46e80ep+0,
};
static const double far_f64[] = {
	-0x1.057f0b72ce438p-28, -0x1.5303eea56bdecp-27, 0x1.0d8f9b4352d8fp-25, 0x1.9fb9a166d8c3ep-24, -0x1.147949d95eae0p-23,
	-0x1.48dbb55dde896p-21, 0x1.74979052c7541p-22, 0x1.d1ca5d0076dc2p-19, -0x1.8615b1e7ca3e4p-21, -0x1.5138ac7711f6dp-16,
	0x1.4c0b3102bfde0p-18, 0x1.065a24cc0264ap-13, -0x1.b91213ff08b6cp-14, -0x1.98db50761a06fp-11, 0x1.ef1bdc5ce2da3p-10,
	0x1.4b884e411b952p-9, -0x1.8574c40a7015fp-6, 0x1.17ca2877f1f15p-4, -0x1.e88b803a4dc07p-4, 0x1.098366a5b46acp-3,
	-0x1.85a15c58aa24dp-5, -0x1.15c084bb9e8f3p-3, 0x1.40c522d7e4987p+0,
};

Node math_erfc(ScalarProg *p, DType t, Node x)
{
	Expr e = { p, t };
	Node a = at_least(e, at_most(e, x, pick(e, 10.25, 27.25)), num(e, 0.5)), k = pick(e, 2, 3);   /* erfc rounds to 0 at the end */
	Node u = quo(e, sub(e, a, k), add(e, a, k)), square = mul(e, a, a), rest = fma3(e, a, a, neg(e, square));
	Node power = math_exp(p, t, neg(e, square));
	Node factor = quo(e, POLY(e, u, far), fma3(e, a, num(e, 2), num(e, 1)));
	Node far = mul(e, fma3(e, neg(e, rest), power, power), factor);

	return sel(e, lt(e, x, num(e, 0.5)), sub(e, num(e, 1), math_erf(p, t, x)), far);
}
