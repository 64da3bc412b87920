/* ir/math_bits.c - operations on the representation of floats: rounding halves away from zero, nextafter, fewer bits.

   nextafter and reduce_precision belong to the element type, so f16 and bf16 are not widened here: they are integers of
   their width, and magnitudes compare as their bits do. */
#include <math.h>

#include "ir/math_expr.h"

Node math_round_afz(ScalarProg *p, DType t, Node x)
{
	Expr e = { p, t };
	Node a = mag(e, x), whole = op1(e, SC_trunc, a), up = lt(e, sub(e, a, whole), num(e, 0.5));

	return with_sign(e, sel(e, up, whole, sel(e, lt(e, a, num(e, INFINITY)), add(e, whole, num(e, 1)), x)), x);
}

Node math_is_finite(ScalarProg *p, DType t, Node x)
{
	Expr e = { p, t };

	return lt(e, mag(e, x), num(e, INFINITY));
}

/* A float's bits as an integer of its width. */
typedef struct Bits {
	ScalarProg *p;
	DType       type;
	int         width, mantissa;
} Bits;

static Bits bits_of(ScalarProg *p, DType t)
{
	static const DType of_size[] = { [1] = DT_I8, [2] = DT_I16, [4] = DT_I32, [8] = DT_I64 };

	return (Bits){ p, of_size[dtype_size(t)], dtype_info[t].bits, dtype_mantissa(t) };
}

static Node ints(Bits b, int64_t x)
{
	return scalar_const_bits(b.p, b.type, (uint64_t)x);
}

static Node on_bits(Bits b, ScalarOp op, Node x, Node y)
{
	return scalar_op(b.p, op, x, y, -1);
}

/* 2^n - 2^m of the integer type. */
static int64_t bits_between(int m, int n)
{
	return (int64_t)((UINT64_C(1) << n) - (UINT64_C(1) << m));
}

/* 2^n of the integer type, negative when it is the sign. */
static int64_t bit(int n)
{
	return (int64_t)(UINT64_C(1) << n);
}

/* As math_nextafter below; NaN is asked for by its bits, the greatest number's neighbour is infinity or NaN, or none. */
static Node narrow_nextafter(ScalarProg *p, DType t, Node x, Node y)
{
	const FloatFormat *f = dtype_format(t);
	Bits b = { p, DT_I32, 32, 0 };
	Node wx = scalar_cast(p, SC_convert, DT_F32, x), wy = scalar_cast(p, SC_convert, DT_F32, y);
	Node ix = scalar_cast(p, SC_convert, DT_I32, scalar_cast(p, SC_bitcast, DT_U8, x));
	Node zero = scalar_const(p, DT_F32, 0), sign = ints(b, (int64_t)format_sign(f)), one = ints(b, 1);
	Node up = on_bits(b, SC_lt, wx, wy), minus = on_bits(b, SC_lt, wx, zero);
	Node outwards = scalar_op(p, SC_xor, up, minus, -1);
	Node size = on_bits(b, SC_and, ix, ints(b, (int64_t)format_sign(f) - 1));
	Node last = on_bits(b, SC_eq, size, ints(b, f->infinity ? (int64_t)f->infinity : (int64_t)f->most));

	outwards = scalar_op(p, SC_select, outwards, scalar_op(p, SC_select, last, ints(b, 0), one), ints(b, -1));
	Node next = on_bits(b, SC_add, size, outwards);
	next = on_bits(b, SC_or, next, scalar_op(p, SC_select, minus, sign, ints(b, 0)));
	if (!f->minus_zero)
		next = scalar_op(p, SC_select, on_bits(b, SC_eq, next, sign), ints(b, 0), next);
	next = scalar_op(p, SC_select, on_bits(b, SC_eq, wx, zero), on_bits(b, SC_or, one, scalar_op(p, SC_select, up, ints(b, 0), sign)), next);
	next = scalar_cast(p, SC_bitcast, t, scalar_cast(p, SC_convert, DT_U8, next));
	next = scalar_op(p, SC_select, on_bits(b, SC_eq, wx, wy), y, next);
	next = scalar_op(p, SC_select, on_bits(b, SC_eq, wy, wy), next, y);
	return scalar_op(p, SC_select, on_bits(b, SC_eq, wx, wx), next, x);
}

/* Signed zeros are neighbours of both smallest numbers; elsewhere the next number is one more or less in magnitude. */
Node math_total_order(ScalarProg *p, DType t, Node x)
{
	Bits b = bits_of(p, t);
	Node ix = scalar_cast(p, SC_bitcast, b.type, x), rest = ints(b, bits_between(0, b.width - 1));

	return scalar_op(p, SC_select, on_bits(b, SC_lt, ix, ints(b, 0)), on_bits(b, SC_xor, ix, rest), ix);
}

Node math_nextafter(ScalarProg *p, DType t, Node x, Node y)
{
	if (dtype_is_narrow(t))
		return narrow_nextafter(p, t, x, y);
	Bits b = bits_of(p, t);
	Node ix = scalar_cast(p, SC_bitcast, b.type, x), iy = scalar_cast(p, SC_bitcast, b.type, y);
	Node sign = ints(b, bit(b.width - 1)), rest = ints(b, bits_between(0, b.width - 1));
	Node ax = on_bits(b, SC_and, ix, rest), ay = on_bits(b, SC_and, iy, rest);
	Node infinite = ints(b, bits_between(b.mantissa, b.width - 1)), zero = ints(b, 0), one = ints(b, 1);
	/* away from zero: when the signs agree and y is larger */
	Node differ = on_bits(b, SC_lt, on_bits(b, SC_xor, ix, iy), zero);
	Node inwards = scalar_op(p, SC_or, differ, on_bits(b, SC_lt, ay, ax), -1);
	Node next = on_bits(b, SC_add, ix, scalar_op(p, SC_select, inwards, ints(b, -1), one));
	Node from_zero = on_bits(b, SC_or, on_bits(b, SC_and, iy, sign), one);

	next = scalar_op(p, SC_select, on_bits(b, SC_eq, ax, zero), from_zero, next);
	Node zeros = on_bits(b, SC_eq, on_bits(b, SC_or, ax, ay), zero);
	Node same = scalar_op(p, SC_or, on_bits(b, SC_eq, ix, iy), zeros, -1);
	next = scalar_op(p, SC_select, scalar_op(p, SC_or, same, on_bits(b, SC_lt, infinite, ay), -1), iy, next);
	next = scalar_op(p, SC_select, on_bits(b, SC_lt, infinite, ax), ix, next);
	return scalar_cast(p, SC_bitcast, t, next);
}

/* Rounding adds half of the last bit kept, less one unless that bit is odd; a carry moves on to the exponent, as it
   should; where no bit is left, "even" is the exponent field, as in XLA.  Formats with fewer exponent bits have no subnormals (as StableHLO's reduce_precision). */
Node math_reduce_precision(ScalarProg *p, DType t, Node x, int exponent_bits, int mantissa_bits)
{
	if (dtype_is_narrow(t)) {   /* the exponents of the type itself cut nothing off */
		const FloatFormat *f = dtype_format(t);
		Node wide = scalar_cast(p, SC_convert, DT_F32, x);
		wide = math_reduce_precision(p, DT_F32, wide, exponent_bits >= f->exponent ? 8 : exponent_bits, mantissa_bits);
		return scalar_cast(p, SC_convert, t, wide);
	}
	Bits b = bits_of(p, t);
	Node ix = scalar_cast(p, SC_bitcast, b.type, x);
	Node magnitude = ints(b, bits_between(0, b.width - 1)), infinite = ints(b, bits_between(b.mantissa, b.width - 1));
	Node a = on_bits(b, SC_and, ix, magnitude), r = a;
	int drop = b.mantissa - mantissa_bits, exponent = b.width - 1 - b.mantissa;

	if (drop > 0) {
		Node odd = on_bits(b, SC_and, on_bits(b, SC_shr_l, a, ints(b, drop)), ints(b, 1));
		r = on_bits(b, SC_add, a, on_bits(b, SC_add, odd, ints(b, bit(drop - 1) - 1)));
		r = on_bits(b, SC_and, r, ints(b, -bit(drop)));
	}
	if (exponent_bits < exponent) {
		int64_t bias = bit(exponent - 1) - 1, reduced = bit(exponent_bits - 1) - 1;
		Node least = ints(b, (bias - reduced + 1) << b.mantissa), end = ints(b, (bias + reduced + 1) << b.mantissa);
		r = scalar_op(p, SC_select, on_bits(b, SC_lt, r, end), r, infinite);
		r = scalar_op(p, SC_select, on_bits(b, SC_lt, r, least), ints(b, 0), r);
	}
	r = on_bits(b, SC_or, r, on_bits(b, SC_and, ix, ints(b, bit(b.width - 1))));
	return scalar_cast(p, SC_bitcast, t, scalar_op(p, SC_select, on_bits(b, SC_lt, infinite, a), ix, r));
}
