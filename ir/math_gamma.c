/* ir/math_gamma.c - log |Gamma| and its derivative, digamma.

   lgamma, a = |x|: from 5 on Stirling's series; below, Gamma(2 + u), |u| <= 1/2, times or over factors next to it whose
   product has one logarithm.  digamma: from 4 on its asymptotic series; below, the recurrence psi(y + 1) = psi(y) + 1/y down to
   [1, 2), its sum as one fraction, and a polynomial that has the root of psi as a factor.  Negative x by reflection (NIST DLMF
   5.5.2, 5.5.3, 5.5.4, 5.11.1, 5.11.2).  f32 has the same formulas, in f64: near the roots of negative x, what the formulas
   cancel counts.  Coefficients: test/math/gen/minimax.py. */
#include <math.h>

#include "ir/math_wide.h"

/* lgamma(2 + u)/u, |u| <= 1/2 */
static const double lgamma_near[] = {
	0x1.c86811a9f1b63p-24, -0x1.ede46e4cc3ae4p-24, 0x1.472017c05e91dp-23, -0x1.e66ca6f61a402p-22,
	0x1.07fa6b680027fp-20, -0x1.10f2ca174c1c7p-19, 0x1.2516444596adep-18, -0x1.3cce2e1261f6dp-17,
	0x1.581301efcd36ep-16, -0x1.78dd88effce69p-15, 0x1.a127904836b28p-14, -0x1.d3fd5217cdff6p-13,
	0x1.0b36afc31251cp-11, -0x1.38ac5c2102878p-10, 0x1.7add6ead3a5dfp-9, -0x1.e404fc21a6163p-8,
	0x1.51322ac7d8836p-6, -0x1.13e001a5575b2p-4, 0x1.4a34cc4a60fa6p-2, 0x1.b0ee6072093cep-2,
};
/* x (lgamma(x) - (x - 1/2) log x + x - log(2 pi)/2), of 1/x^2, x >= 5 */
static const double lgamma_far[] = {
	-0x1.b2809dd22fbe7p-7, 0x1.6bdfbe3af864ap-8, -0x1.efc9f5365d778p-10, 0x1.b9135e291f64bp-11,
	-0x1.3812e2c6a8322p-11, 0x1.a01a00d61b34fp-11, -0x1.6c16c16bfd226p-9, 0x1.5555555555554p-4,
};
/* psi(x)/(x - root), of x - 3/2, 1 <= x <= 2 */
static const double digamma_near[] = {
	0x1.436c913dc15fcp-13, -0x1.756ef8fb12e86p-13, 0x1.8026846152901p-15, -0x1.3021eaed283ffp-13,
	0x1.74d65c9b5d1e2p-12, -0x1.fd6aec22771eap-12, 0x1.645ce8e5bd951p-11, -0x1.0fb69dfc882f3p-10,
	0x1.9a7ba383e3342p-10, -0x1.336d69e9852d9p-9, 0x1.cd13e5f135368p-9, -0x1.5a06abae37551p-8, 0x1.03c0f7bd675c4p-7,
	-0x1.863563b1f189ap-7, 0x1.25646f363ba6fp-6, -0x1.b9f8b11dd1780p-6, 0x1.4de9aa223ecd6p-5, -0x1.fb44202a1b924p-5,
	0x1.8512e5901c86cp-4, -0x1.2feeeb98a7963p-3, 0x1.eca189b8e7199p-3, -0x1.b1cb63005ee98p-2, 0x1.e6f0cbb873616p-1,
};
/* x^2 (log x - 1/(2 x) - psi(x)), of 1/x^2, x >= 4 */
static const double digamma_far[] = {
	0x1.dcb0f1ce6e342p-2, -0x1.e6130c1d6157ap-3, 0x1.25dfbf4df706bp-4, -0x1.526c81458af80p-6, 0x1.efc8ac1abca7bp-8,
	-0x1.110e56f70176ap-8, 0x1.04103aeb6fd43p-8, -0x1.1111110db21e4p-7, 0x1.55555555552c1p-4,
};

enum {
	NLGAMMA = sizeof lgamma_near / sizeof *lgamma_near,
	NDIGAMMA = sizeof digamma_near / sizeof *digamma_near,
};
#define SERIES(e, x, c) horner_halves(e, x, c, (int)(sizeof c / sizeof *c))

/* The same with the last coefficient, the largest part, added without loss. */
static Pair split_series(Expr e, Node x, const double *c, int n)
{
	return sum(e, num(e, c[n - 1]), mul(e, x, horner_halves(e, x, c, n - 1)));
}

/* The nearest integer of x is taken away; it would be an infinity's NaN. */
static Node fraction(Expr e, Node x)
{
	return sub(e, x, op1(e, SC_roundeven, x));
}

/* sin(pi t) and cos(pi t) for |t| <= 1/2. */
static SinCos half_turns(Wide w, Node t)
{
	Expr e = w.e;
	Node a = mag(e, t), zero = num(e, 0), far = lt(e, num(e, 0.25), a);
	Node near = sel(e, far, sub(e, num(e, 0.5), a), a);
	SinCos v = math_sin_cos(w, (Pair){ add(e, near, near), zero });
	Node s = sel(e, far, v.c.hi, v.s.hi), c = sel(e, far, v.s.hi, v.c.hi);

	return (SinCos){ { with_sign(e, s, t), zero }, { c, zero } };
}

/* With k the nearest integer of a: lgamma(a) = lgamma(2 + u) + log((a - 1) ... (a - k + 2)), u = a - k; for k = 1 it is - log a,
   for k = 0 - log(a (a + 1)). */
static Pair lgamma_positive(Wide w, Node a)
{
	Expr e = w.e;
	Node one = num(e, 1), zero = num(e, 0), large = op1(e, SC_not, lt(e, a, num(e, 5))), k = op1(e, SC_roundeven, a);
	Node product = sel(e, lt(e, k, num(e, 2)), a, one), few = lt(e, k, num(e, 1.5));

	product = sel(e, lt(e, k, num(e, 0.5)), fma3(e, a, a, a), product);
	for (int i = 1; i <= 3; i++)
		product = mul(e, product, sel(e, lt(e, k, num(e, i + 1.5)), one, sub(e, a, num(e, i))));
	Node u = sub(e, a, k);
	Pair log = math_log_pair(w, sel(e, large, a, product));
	Node sign = sel(e, few, num(e, -1), one);
	Pair c = split_series(e, u, lgamma_near, NLGAMMA), near = times(e, u, c.hi);
	near.lo = fma3(e, u, c.lo, near.lo);
	Pair log_near = { mul(e, log.hi, sign), mul(e, log.lo, sign) };
	Pair both = sum_any(e, near.hi, log_near.hi);
	both.lo = add(e, both.lo, add(e, near.lo, log_near.lo));

	/* (a - 1/2) (log a - 1) + (log(2 pi) - 1)/2 + series/a */
	Node inverse = quo(e, one, a), shifted = sub(e, a, num(e, 0.5));
	Node series = mul(e, inverse, SERIES(e, mul(e, inverse, inverse), lgamma_far));
	Pair less = sum(e, log.hi, num(e, -1)), top = times(e, shifted, less.hi);
	Node low = fma3(e, shifted, add(e, less.lo, log.lo), top.lo);
	low = add(e, low, add(e, series, num(e, 0x1.acfe390c97d69p-2)));
	Node infinite = op1(e, SC_not, lt(e, a, num(e, 0x1.754d9278b51a7p+1014)));
	top.hi = sel(e, infinite, mul(e, a, num(e, INFINITY)), top.hi);   /* NaN stays */
	low = sel(e, infinite, zero, low);
	return (Pair){ sel(e, large, top.hi, both.hi), sel(e, large, low, both.lo) };
}

/* lgamma(-a) = -lgamma(a) - log(a |sin(pi a)|/pi) */
Node math_lgamma(ScalarProg *p, DType t, Node x)
{
	Wide w = { { p, DT_F64 }, false };
	Expr e = w.e;
	Node v = t == DT_F32 ? scalar_cast(p, SC_convert, DT_F64, x) : x, a = mag(e, v), zero = num(e, 0);
	Pair l = lgamma_positive(w, a);
	Node rest = fraction(e, a), sine = mag(e, half_turns(w, rest).s.hi);
	Pair log = math_log_pair(w, mul(e, mul(e, a, sine), num(e, 0x1.45f306dc9c883p-2)));
	Pair all = sum_any(e, l.hi, log.hi);
	Node mirrored = neg(e, add(e, all.hi, add(e, all.lo, add(e, l.lo, log.lo))));
	Node whole = op2(e, SC_or, eq(e, rest, zero), eq(e, a, num(e, INFINITY)));

	mirrored = sel(e, whole, num(e, INFINITY), mirrored);
	/* below 2^-60 it is -log a */
	Node y = sel(e, lt(e, v, num(e, -0x1p-60)), mirrored, add(e, l.hi, l.lo));
	y = sel(e, eq(e, a, zero), num(e, INFINITY), y);
	return t == DT_F32 ? scalar_cast(p, SC_convert, t, y) : y;
}

/* a >= 0 */
static Node digamma_positive(Wide w, Node a)
{
	Expr e = w.e;
	Node one = num(e, 1), zero = num(e, 0), half = num(e, 0.5), below = lt(e, a, one);
	Node large = op1(e, SC_not, lt(e, a, num(e, 4)));
	Node j = sel(e, below, num(e, -1), sub(e, op1(e, SC_floor, a), one)), y = sub(e, a, j);
	Node j1 = eq(e, j, one), j2 = lt(e, one, j);

	/* -1/a below 1, then 0, 1/y, 1/y + 1/(y + 1) */
	Pair two = sum(e, add(e, y, y), one), square = times(e, y, add(e, y, one));
	Pair top = { sel(e, j2, two.hi, sel(e, j1, one, sel(e, below, num(e, -1), zero))), sel(e, j2, two.lo, zero) };
	Pair bottom = { sel(e, j2, square.hi, sel(e, j1, y, sel(e, below, a, one))), sel(e, j2, square.lo, zero) };
	Pair from_root = { sub(e, y, num(e, 0x1.762d86356be3fp+0)), num(e, -0x1.b86a722197829p-54) };
	Pair series = split_series(e, sub(e, y, num(e, 1.5)), digamma_near, NDIGAMMA), base = times(e, from_root.hi, series.hi);
	base.lo = fma3(e, from_root.lo, series.hi, fma3(e, from_root.hi, series.lo, base.lo));
	Pair q = ratio(e, top, bottom), all = sum_any(e, q.hi, base.hi);
	Node rest = add(e, all.lo, add(e, base.lo, q.lo)), near = sel(e, lt(e, a, num(e, 0x1p-60)), quo(e, num(e, -1), a), add(e, all.hi, rest));

	Node inverse = quo(e, one, a), z = mul(e, inverse, inverse);
	Pair log = math_log_pair(w, a);
	Node tail = fma3(e, inverse, half, mul(e, z, SERIES(e, z, digamma_far)));
	Node far = add(e, log.hi, sub(e, log.lo, tail));
	far = sel(e, lt(e, a, num(e, INFINITY)), far, a);
	return sel(e, large, far, near);
}

/* psi(x) = psi(1 - x) - pi/tan(pi x) */
Node math_digamma(ScalarProg *p, DType t, Node x)
{
	Wide w = { { p, DT_F64 }, false };
	Expr e = w.e;
	Node v = t == DT_F32 ? scalar_cast(p, SC_convert, DT_F64, x) : x, zero = num(e, 0);
	Node negative = lt(e, v, zero);
	Node y = digamma_positive(w, sel(e, negative, sub(e, num(e, 1), v), v)), rest = fraction(e, v);
	SinCos at = half_turns(w, rest);
	Node mirrored = fma3(e, quo(e, at.c.hi, at.s.hi), num(e, -0x1.921fb54442d18p1), y);

	mirrored = sel(e, eq(e, rest, zero), num(e, NAN), mirrored);
	y = sel(e, negative, mirrored, y);
	return t == DT_F32 ? scalar_cast(p, SC_convert, t, y) : y;
}
