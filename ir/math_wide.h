/* ir/math_wide.h - functions of f32 that are computed in f64 with f32's precision in mind, and pairs of f64; private to math_*.c. */
#ifndef IR_MATH_WIDE_H
#define IR_MATH_WIDE_H

#include "ir/math_expr.h"

/* e is always of f64.  brief: the argument and the result are f32, so shorter polynomials do and nothing needs a pair. */
typedef struct Wide {
	Expr e;
	bool brief;
} Wide;

static inline Wide wide(ScalarProg *p, DType t)
{
	return (Wide){ { p, DT_F64 }, t == DT_F32 };
}

static inline Node wide_in(Wide w, Node x)
{
	return w.brief ? scalar_cast(w.e.p, SC_convert, DT_F64, x) : x;
}

static inline Node wide_out(Wide w, Node y)
{
	return w.brief ? scalar_cast(w.e.p, SC_convert, DT_F32, y) : y;
}

/* The polynomial with the table NAME_f32 or NAME_f64; both are of f64. */
#define WIDE_POLY(w, x, name) \
	((w).brief ? horner((w).e, x, name##_f32, (int)(sizeof name##_f32 / sizeof *name##_f32)) \
	           : horner((w).e, x, name##_f64, (int)(sizeof name##_f64 / sizeof *name##_f64)))

/* Horner's rule in x^2 for even and odd powers apart: half the latency, which is what a long polynomial costs. */
static inline Node horner_halves(Expr e, Node x, const double *c, int n)
{
	Node z = mul(e, x, x), part[2] = { num(e, c[0]), num(e, c[1]) };

	for (int i = 2; i < n; i++)
		part[i % 2] = fma3(e, part[i % 2], z, num(e, c[i]));
	return fma3(e, part[n % 2], x, part[1 - n % 2]);
}

/* An unevaluated sum, |lo| <= ulp(hi)/2 or so. */
typedef struct Pair {
	Node hi, lo;
} Pair;

/* a + b for |a| >= |b| (or a = 0), exactly. */
static inline Pair sum(Expr e, Node a, Node b)
{
	Node s = add(e, a, b);

	return (Pair){ s, sub(e, b, sub(e, s, a)) };
}

/* a + b, exactly (Knuth). */
static inline Pair sum_any(Expr e, Node a, Node b)
{
	Node s = add(e, a, b), bb = sub(e, s, a), aa = sub(e, s, bb);

	return (Pair){ s, add(e, sub(e, a, aa), sub(e, b, bb)) };
}

/* a b, exactly. */
static inline Pair times(Expr e, Node a, Node b)
{
	Node p = mul(e, a, b);

	return (Pair){ p, fma3(e, a, b, neg(e, p)) };
}

/* num/den for pairs. */
static inline Pair ratio(Expr e, Pair num_, Pair den)
{
	Node inverse = quo(e, num(e, 1), den.hi), q = mul(e, num_.hi, inverse), minus = neg(e, q);
	Node left = fma3(e, minus, den.lo, add(e, fma3(e, minus, den.hi, num_.hi), num_.lo));

	return (Pair){ q, mul(e, left, inverse) };
}

/* What sqrt a.hi leaves of sqrt a; `never` keeps 0/0 away. */
static inline Node sqrt_rest(Expr e, Node root, Pair a)
{
	Node left = add(e, fma3(e, neg(e, root), root, a.hi), a.lo);

	return quo(e, left, add(e, add(e, root, root), num(e, 0x1p-600)));
}

/* log x as a pair, for a positive finite x; in brief the lower part is 0. */
Pair math_log_pair(Wide w, Node x);

/* Sine and cosine of r quarter turns, |r| <= 1/2, as pairs; in brief the lower parts are -1. */
typedef struct SinCos {
	Pair s, c;
} SinCos;
SinCos math_sin_cos(Wide w, Pair r);

#endif
