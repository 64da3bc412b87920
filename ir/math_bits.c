/* ir/math_bits.c - operations on the representation of floats: rounding halves away from zero, nextafter, fewer bits.

   nextafter and reduce_precision belong to the element type, so f16 and bf16 are not widened here: they are integers of
   their width, and magnitudes compare as their bits do. */
#include <math.h>

#include "ir/math_expr.h"

static const struct { DType type; int mantissa; } layout[DT_COUNT] = {
	[DT_F16] = { DT_I16, 10 }, [DT_BF16] = { DT_I16, 7 }, [DT_F32] = { DT_I32, 23 }, [DT_F64] = { DT_I64, 52 },
};

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
	return (Bits){ p, layout[t].type, dtype_info[t].bits, layout[t].mantissa };
}

static Node ints(Bits b, int64_t x)
{
	return scalar_const_bits(b.p, b.type, (uint64_t)x);
}

static Node on_bits(Bits b, ScalarOp op, Node x, Node y)
{
	return scalar_op(b.p, op, x, y, -1);
}

/* 2^n of the integer type, negative when it is the sign. */
static int64_t bit(int n)
{
	return (int64_t)(UINT64_C(1) << n);
}

/* Signed zeros are neighbours of both smallest numbers; elsewhere the next number is one more or less in magnitude. */
Node math_nextafter(ScalarProg *p, DType t, Node x, Node y)
{
	Bits b = bits_of(p, t);
	Node ix = scalar_cast(p, SC_bitcast, b.type, x), iy = scalar_cast(p, SC_bitcast, b.type, y);
	Node sign = ints(b, bit(b.width - 1)), rest = ints(b, bit(b.width - 1) - 1);
	Node ax = on_bits(b, SC_and, ix, rest), ay = on_bits(b, SC_and, iy, rest);
	Node infinite = ints(b, bit(b.width - 1) - bit(b.mantissa)), zero = ints(b, 0), one = ints(b, 1);
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
	Bits b = bits_of(p, t);
	Node ix = scalar_cast(p, SC_bitcast, b.type, x);
	Node magnitude = ints(b, bit(b.width - 1) - 1), infinite = ints(b, bit(b.width - 1) - bit(b.mantissa));
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
