/* ir/math_erf_inv.c - the inverse of the error function.

   erf_inv(x)/x is smooth in w = -log(1 - x^2) near 0 and in sqrt(w) far from it (Giles, "Approximating the erfinv function",
   GPU Computing Gems, 2011).  Coefficients: test/math/gen/minimax.py. */
#include <math.h>

#include "ir/math_wide.h"

/* of w - 5/2, w < 5, and of sqrt(w) - far_mid */
static const double near_f32[] = {
	-0x1.5bc372a33ce99p-36, 0x1.0fc9534b63854p-33, 0x1.bb37d2d3fe411p-31, -0x1.75472df892e23p-27,
	0x1.dcb79bfc167a0p-27, 0x1.01003dd0c5378p-21, -0x1.cab716a98cc85p-19, -0x1.4f47220532a15p-18,
	0x1.c9b4de55c3d10p-13, -0x1.4863ce548075cp-10, -0x1.11c3c5377cd9cp-8, 0x1.f91e8993cfab1p-3,
	0x1.805c5cfd15146p+0,
};
static const double far_f32[] = {
	-0x1.b25c7366bef55p-17, -0x1.02d38fc8785a8p-15, 0x1.41aa9146ea161p-13, -0x1.e8dd02db44fadp-14,
	-0x1.6071998cf0ccep-12, 0x1.4e3fa8ed56816p-10, -0x1.4beb1d21a8ee2p-9, 0x1.f45d4aa3d97a4p-9,
	-0x1.5d6363298def2p-8, 0x1.cff3e1310376ep-8, 0x1.00f1e37f3f79dp+0, 0x1.7a6992deddfc1p+1,
};
/* of w - 25/8, w < 25/4; of sqrt(w) - 13/4, w < 16; of sqrt(w) - far_mid */
static const double near_f64[] = {
	0x1.4911b3d37c562p-80, -0x1.ac9cbc74cf1cbp-76, -0x1.d2e35e34e05c9p-72, 0x1.578731ea147c2p-68,
	0x1.6f91af2eeffc5p-66, -0x1.c4f87d38cfc78p-62, 0x1.79f3dbecb5f9ap-61, 0x1.288adeb321d77p-56,
	-0x1.1b256bfda07ccp-53, -0x1.9f412d92d3704p-55, 0x1.d66a6c540f911p-48, -0x1.6821b426ddb9cp-45,
	-0x1.6bbee78798ce3p-44, 0x1.7230a48df5b81p-39, -0x1.c8a4b1afab98fp-37, -0x1.dc3e1e5e25884p-35,
	0x1.20f538e0fd27fp-30, -0x1.1a9eb498cae16p-28, -0x1.f36ced636ae46p-26, 0x1.c6b4f89d3618fp-22,
	-0x1.6e8a53ce6d8d4p-20, -0x1.d1d1f7ca7e23dp-17, 0x1.879c2a20b7678p-13, -0x1.8457694834f6bp-11,
	-0x1.8b6c33114eb74p-8, 0x1.ebd80d9b13df9p-3, 0x1.a755e7c99ae86p+0,
};
static const double mid_f64[] = {
	0x1.34a5183a52437p-27, -0x1.0778ace473f18p-26, -0x1.a99ceec69438fp-26, 0x1.1ac520cbff2f0p-23,
	-0x1.02568365724e2p-22, -0x1.dc52b22bc3dc9p-26, 0x1.8cc70fc1ad56fp-20, -0x1.0b78a3d129b96p-18,
	0x1.89cedf2e32adcp-19, 0x1.a24184563bba0p-17, -0x1.8cf5499d72ee8p-15, 0x1.1e6abe03b6293p-14,
	0x1.932edf6877a2dp-16, -0x1.7448bcddc19f9p-12, 0x1.f3cc541b752fdp-11, -0x1.ba9240d801af3p-10,
	0x1.468eecaa36c12p-9, -0x1.ebadabba05457p-9, 0x1.5ffcfe5b69a72p-8, 0x1.0158a6d641d55p+0, 0x1.8abcc380d5a48p+1,
};
static const double far_f64[] = {
	-0x1.5cf4ad70ded50p-36, 0x1.67fdb26d5b4efp-35, 0x1.35d20ee50dcfbp-34, -0x1.da280b7389640p-32,
	0x1.624d81c86516fp-30, -0x1.d0c7764dd8cd4p-29, 0x1.04df7cb057f07p-27, -0x1.fc3680800efd0p-27,
	0x1.e46ac4d06bd85p-26, -0x1.1c0367d750ba1p-24, 0x1.e56c9ba647afbp-23, -0x1.081ef8269bf24p-20,
	0x1.2d6aa2fa2d178p-18, -0x1.47ef9dd95daccp-16, 0x1.3cb0cc373a560p-14, -0x1.bfc60f1ca6c24p-13,
	-0x1.29a7e9550db8ap-13, 0x1.02a2f594aca1fp+0, 0x1.36b7a1573eaf2p+2,
};

#define COUNT(c)        ((int)(sizeof c / sizeof *c))
#define LAST(c)         c[COUNT(c) - 1]
/* Not for the polynomial near 0: there the halves cancel. */
#define HALVES(e, x, c) horner_halves(e, x, c, COUNT(c))

Node math_erf_inv(ScalarProg *p, DType t, Node x)
{
	Wide w = wide(p, t);
	Expr e = w.e;
	Node v = wide_in(w, x), one = num(e, 1), a = mag(e, v);
	Node d = neg(e, math_log_pair(w, fma3(e, neg(e, v), v, one)).hi), root = op1(e, SC_sqrt, d);
	Node y;

	if (w.brief) {
		Node far = HALVES(e, sub(e, root, num(e, 0x1.8fbf93e6fd15ep+1)), far_f32);
		Node t = sub(e, d, num(e, 2.5)), near = horner(e, t, near_f32, COUNT(near_f32));
		y = mul(e, sel(e, lt(e, d, num(e, 5)), near, far), v);
	} else {   /* the last coefficient and v are joined without loss */
		Node t = sub(e, d, num(e, 3.125)), m = sub(e, root, num(e, 3.25)), f = sub(e, root, num(e, 0x1.4051eb851eb85p+2));
		Node is_near = lt(e, d, num(e, 6.25)), is_mid = lt(e, root, num(e, 4));
		Node near = mul(e, t, horner(e, t, near_f64, COUNT(near_f64) - 1));
		Node mid = mul(e, m, horner_halves(e, m, mid_f64, COUNT(mid_f64) - 1));
		Node far = mul(e, f, horner_halves(e, f, far_f64, COUNT(far_f64) - 1));
		Node last = sel(e, is_near, num(e, LAST(near_f64)), sel(e, is_mid, num(e, LAST(mid_f64)), num(e, LAST(far_f64))));
		Pair s = sum(e, last, sel(e, is_near, near, sel(e, is_mid, mid, far))), product = times(e, v, s.hi);
		y = add(e, product.hi, fma3(e, v, s.lo, product.lo));
		y = sel(e, lt(e, a, num(e, 0x1p-30)), mul(e, v, s.hi), y);
	}
	y = sel(e, lt(e, a, one), y, sel(e, eq(e, a, one), with_sign(e, num(e, INFINITY), v), num(e, NAN)));
	return wide_out(w, y);
}
