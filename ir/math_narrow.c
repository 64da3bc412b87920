/* ir/math_narrow.c - conversions of the narrow types, as operations on i8, i32, f32 (from f64: i64, f64).

   So no target needs to know these types: to it their elements are bytes.  Nothing here can flush a subnormal: all floats
   on the way are normal, or 0, whenever the result depends on them.

   To a float of m fraction bits, from one of M: let c be the power of two whose last place is 2^m times finer than the operand's
   own power of two (or, below the normal range, than the least normal number).  |x| + c then has been rounded, by the
   hardware and to nearest even, to the result's last place, and as the bits of a float are counted in last places, the bits of
   the sum less those of c are the result's fraction with its leading one; added to the exponent it carries as it should. */
#include "ir/base/check.h"
#include "ir/math_expr.h"

static Node on_ints(Expr e, ScalarOp op, Node a, int64_t b)
{
	return op2(e, op, a, inum(e, b));
}

static Node float_to_narrow(Expr e, const FloatFormat *f, DType to, Node x)
{
	int more = mant_bits(e) - f->fraction, width = is_f32(e) ? 32 : 64;
	int64_t unit = (int64_t)1 << mant_bits(e), sign = format_sign(f);
	int64_t least = (exp_bias(e) + 1 - f->bias) * unit;                          /* the least normal number */
	int64_t end = (exp_bias(e) + 1 + (int)(f->most >> f->fraction) - f->bias) * unit;   /* beyond the greatest */
	int64_t infinite = (2 * exp_bias(e) + 1) * unit;
	bool nans = format_has_nan(f);
	uint32_t overflow = f->infinity ? f->infinity : nans ? f->nan : f->most;

	Node bits = to_bits(e, x), size = on_ints(e, SC_and, bits, (int64_t)(UINT64_MAX >> (65 - width)));
	Node within = on_ints(e, SC_min, size, end);
	Node exponent = on_ints(e, SC_max, on_ints(e, SC_and, within, infinite), least);
	Node c = on_ints(e, SC_add, exponent, more * unit);
	Node kept = sub(e, to_bits(e, add(e, of_bits(e, within), of_bits(e, c))), c);
	Node r = add(e, on_ints(e, SC_shr_l, on_ints(e, SC_sub, exponent, least), more), kept);

	r = sel(e, lt(e, inum(e, f->most), r), inum(e, overflow), r);
	Node minus = on_ints(e, SC_and, on_ints(e, SC_shr_l, bits, width - 1 - f->exponent - f->fraction), sign);
	Node both = op2(e, SC_or, r, minus);
	r = f->minus_zero ? both : sel(e, eq(e, r, inum(e, 0)), r, both);
	if (f->nan != overflow)
		r = sel(e, lt(e, inum(e, infinite), size), inum(e, f->nan), r);
	return scalar_cast(e.p, SC_bitcast, to, scalar_cast(e.p, SC_convert, DT_U8, r));
}

/* The exponent is moved; below the normal numbers one is put in front of the fraction, and subtracted again. */
static Node narrow_to_float(ScalarProg *p, const FloatFormat *f, Node x)
{
	Expr e = { p, DT_F32 };
	int more = 23 - f->fraction;
	int64_t unit = 1 << 23, sign = format_sign(f);
	Node bits = scalar_cast(p, SC_convert, DT_I32, scalar_cast(p, SC_bitcast, DT_U8, x));
	Node size = on_ints(e, SC_and, bits, sign - 1), shifted = on_ints(e, SC_shl, size, more);
	Node normal = on_ints(e, SC_add, shifted, (127 - f->bias) * unit);
	Node one = inum(e, (128 - f->bias) * unit), tiny = sub(e, of_bits(e, add(e, shifted, one)), of_bits(e, one));
	Node r = sel(e, on_ints(e, SC_lt, size, 1 << f->fraction), to_bits(e, tiny), normal);

	if (f->infinity)
		r = sel(e, on_ints(e, SC_lt, size, f->infinity), r, on_ints(e, SC_add, shifted, (256 - (1 << f->exponent)) * unit));
	else if (format_has_nan(f))
		r = sel(e, on_ints(e, SC_eq, f->minus_zero ? size : bits, f->nan), inum(e, 0x7fc00000), r);
	Node minus = on_ints(e, SC_shl, on_ints(e, SC_and, bits, sign), 31 - f->exponent - f->fraction);
	return of_bits(e, op2(e, SC_or, r, minus));
}

/* Of a byte: shifted up and down again. */
static Node int_to_narrow(ScalarProg *p, DType to, Node x)
{
	DType wide = p->at[x].type;
	Node up = scalar_const_bits(p, wide, (uint64_t)(dtype_info[wide].bits - dtype_width(to)));

	x = scalar_op(p, SC_shl, x, up, -1);
	return scalar_cast(p, SC_bitcast, to, scalar_op(p, dtype_is_signed(to) ? SC_shr_a : SC_shr_l, x, up, -1));
}

Node math_narrow(ScalarProg *p, DType to, Node x)
{
	DType from = p->at[x].type;

	if (dtype_is_narrow(from)) {
		CHECK(to == dtype_scalar(from), "from %s straight to %s", dtype_info[from].name, dtype_info[to].name);
		return dtype_format(from) ? narrow_to_float(p, dtype_format(from), x) : scalar_cast(p, SC_bitcast, to, x);
	}
	if (dtype_format(to))
		return float_to_narrow((Expr){ p, from }, dtype_format(to), to, x);
	DType wide = dtype_scalar(to);
	if (from == wide)
		return int_to_narrow(p, to, x);
	/* saturates at the limits of the byte, then at its own */
	x = scalar_cast(p, SC_convert, wide, x);
	x = scalar_op(p, SC_min, x, scalar_const_bits(p, wide, dtype_extreme(to, true)), -1);
	x = scalar_op(p, SC_max, x, scalar_const_bits(p, wide, dtype_extreme(to, false)), -1);
	return scalar_cast(p, SC_bitcast, to, x);
}
