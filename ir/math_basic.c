/* ir/math_basic.c - sign, rsqrt, the float remainder, and powers of integers. */
#include <math.h>

#include "ir/math_expr.h"

Node math_sign(ScalarProg *p, DType t, Node x)
{
	Expr e = { p, t };
	Node zero = num(e, 0), one = num(e, 1);

	if (dtype_is_float(t))   /* zeros and NaN stay what they are */
		return sel(e, lt(e, zero, mag(e, x)), with_sign(e, one, x), x);
	x = op2(e, SC_min, x, one);
	return dtype_is_signed(t) ? op2(e, SC_max, x, num(e, -1)) : x;
}

/* Two roundings: below 1.5 ulp. */
Node math_rsqrt(ScalarProg *p, DType t, Node x)
{
	Expr e = { p, t };

	return quo(e, num(e, 1), op1(e, SC_sqrt, x));
}

/* A positive f64 as 2^n m, 1 <= m < 2.  Zero and infinity give anything. */
typedef struct Scaled {
	Node n, m;
} Scaled;

static Scaled scaled(Expr e, Node a, bool subnormals)
{
	Node tiny = lt(e, a, num(e, 0x1p-1022)), bias = num(e, 0x1p52 + 1023);

	if (subnormals) {
		a = sel(e, tiny, mul(e, a, num(e, 0x1p54)), a);
		bias = sel(e, tiny, num(e, 0x1p52 + 1023 + 54), bias);
	}
	Node n = op2(e, SC_shr_l, to_bits(e, a), inum(e, 52));
	Node m = op2(e, SC_and, to_bits(e, a), inum(e, 0x000fffffffffffff));
	return (Scaled){ sub(e, of_bits(e, op2(e, SC_or, n, inum(e, 0x4330000000000000))), bias),
	                 of_bits(e, op2(e, SC_or, m, inum(e, 0x3ff0000000000000))) };
}

/* 2^n of an integer -1022 <= n <= 1023 that is given as a float. */
static Node power(Expr e, Node n)
{
	return of_bits(e, op2(e, SC_shl, to_bits(e, add(e, n, num(e, 0x1.8p52 + 1023))), inum(e, 52)));
}

/* r 2^k mod m for |r| < m and by = 2^k, k <= 50: the rounded quotient is off by less than 1 from r 2^k/m, so that the
   difference is below m in magnitude; being a multiple of m's last bit, it is exact. */
static Node rem_step(Expr e, Node r, Node by, Node m, Node inverse)
{
	Node x = mul(e, r, by);
	Node q = op1(e, SC_roundeven, mul(e, x, inverse));

	return fma3(e, neg(e, q), m, x);
}

/* fmod in f64.  With |x| = 2^a f and |y| = 2^b g the remainder is 2^b (2^(a-b) f mod g): one step for (a - b) mod 50
   bits, then as many of 50 bits as a - b can need; those that are not needed multiply by 1. */
static Node rem_f64(ScalarProg *p, Node x, Node y, int max_shift, bool subnormals)
{
	Expr e = { p, DT_F64 };
	Node ax = mag(e, x), ay = mag(e, y), zero = num(e, 0), one = num(e, 1);
	Scaled a = scaled(e, ax, subnormals), b = scaled(e, ay, subnormals);
	Node inverse = quo(e, one, b.m);
	Node shift = at_least(e, sub(e, a.n, b.n), zero);
	Node steps = op1(e, SC_floor, fma3(e, shift, num(e, 0.02), num(e, 0.01)));
	Node first = power(e, fma3(e, steps, num(e, -50), shift));
	Node r = rem_step(e, rem_step(e, a.m, one, b.m, inverse), first, b.m, inverse);

	for (int i = 0; i < max_shift / 50; i++)
		r = rem_step(e, r, sel(e, lt(e, num(e, i), steps), num(e, 0x1p50), one), b.m, inverse);
	r = sel(e, lt(e, r, zero), add(e, r, b.m), r);
	if (subnormals) {   /* 2^b may be subnormal: two factors */
		Node half = op1(e, SC_trunc, mul(e, b.n, num(e, 0.5)));
		r = mul(e, r, power(e, half));
		r = mul(e, r, power(e, sub(e, b.n, half)));
	} else {
		r = mul(e, r, power(e, b.n));
	}
	r = with_sign(e, sel(e, lt(e, ax, ay), ax, r), x);
	Node fine = op2(e, SC_and, lt(e, ax, num(e, INFINITY)), lt(e, zero, ay));
	return sel(e, fine, r, num(e, NAN));
}

/* Integers: the operation itself.  f32 goes through f64, whose exponents are enough for its subnormals. */
Node math_rem(ScalarProg *p, DType t, Node x, Node y)
{
	if (t == DT_F64)
		return rem_f64(p, x, y, 1023 + 1074, true);
	if (t != DT_F32)
		return scalar_op(p, SC_rem, x, y, -1);
	x = scalar_cast(p, SC_convert, DT_F64, x);
	y = scalar_cast(p, SC_convert, DT_F64, y);
	return scalar_cast(p, SC_convert, DT_F32, rem_f64(p, x, y, 127 + 149, false));
}

/* Square and multiply over the bits of y.  A negative y gives 1/x^|y| truncated: 0, but for x = 1 and -1. */
Node math_ipow(ScalarProg *p, DType t, Node x, Node y)
{
	Expr e = { p, t };
	Node zero = num(e, 0), one = num(e, 1), square = x, r = -1;
	int bits = dtype_info[t].bits;

	for (int i = 0; i < bits; i++) {
		Node bit = op2(e, SC_and, y, scalar_const_bits(p, t, UINT64_C(1) << i));
		Node factor = sel(e, eq(e, bit, zero), one, square);
		r = i ? mul(e, r, factor) : factor;
		square = i + 1 < bits ? mul(e, square, square) : square;
	}
	if (dtype_info[t].kind != DK_INT)
		return r;
	Node unit = eq(e, mag(e, x), one);
	return sel(e, lt(e, y, zero), sel(e, unit, r, zero), r);
}
