/* ir/math_erf.c - the error function.

   |x| < 5/4 (f64: 3/2): x + x P(x^2).  Beyond: 1 - Q(|x| - c)^8 (f64: ^16): the root of erfc is smooth enough for a short
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
	0x1.e9a219be38329p-49, -0x1.48d7a034e426ep-44, 0x1.e3b41690d5b04p-41, -0x1.38cd72f77688dp-37,
	0x1.bfe5caff5d5eep-34, -0x1.56fd517024441p-30, 0x1.fdec46d4b1481p-27, -0x1.5f8c856026130p-23,
	0x1.b9e9c41751ffcp-20, -0x1.f4d2a0f343fc1p-17, 0x1.f9a32b7884334p-14, -0x1.c02db4357db62p-11,
	0x1.565bcd101623fp-8, -0x1.b82ce31299cacp-6, 0x1.ce2f21a043221p-4, -0x1.812746b0379f8p-2, 0x1.06eba8214db69p-3,
};
static const double large_f64[] = {
	0x1.4b2623d7e7ff0p-47, 0x1.368951adeff81p-43, 0x1.cc579ad97bab5p-41, 0x1.8bb8ab83322b8p-39,
	0x1.3f6798e61fba0p-38, 0x1.139f13a4143b3p-37, -0x1.82e5d8c2e9439p-37, -0x1.102646d7cb922p-31,
	0x1.11d20e5159621p-29, 0x1.0381ac0411ddcp-25, -0x1.fbbd7a5f584dbp-23, -0x1.ab4924163c77bp-20,
	0x1.83109d455b926p-16, -0x1.f5bc98355d4dep-18, -0x1.0e50f925cdea2p-10, 0x1.fafb3c77804c2p-9,
	0x1.4ff9c1145d116p-6, -0x1.6fd7f7a76b7e7p-3, 0x1.7eaf03d2ebeeap-2,
};

Node math_erf(ScalarProg *p, DType t, Node x)
{
	Expr e = { p, t };
	Node a = mag(e, x);
	Node small = fma3(e, a, POLY(e, mul(e, a, a), small), a);
	double end = is_f32(e) ? 3.9375 : 5.9375, from = is_f32(e) ? 1.25 : 1.5;   /* erf rounds to 1 at end */
	Node q = POLY(e, sub(e, at_most(e, a, num(e, end)), num(e, (from + end) / 2)), large);

	for (int i = is_f32(e) ? 2 : 3; i > 0; i--)
		q = mul(e, q, q);
	Node large = fma3(e, neg(e, q), q, num(e, 1));
	return with_sign(e, sel(e, lt(e, a, num(e, from)), small, large), x);
}
