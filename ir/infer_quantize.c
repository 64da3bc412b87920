/* ir/infer_quantize.c - inference of quantize_linear and dequantize_linear. */
#include "ir/infer_impl.h"

/* Operand i has the shape that a scale of x has: none, one number for each index along an axis, or one a block of it. */
static bool is_scale(Infer *in, int i, const char *what, int64_t at, int64_t block)
{
	const Type *x = infer_arg(in, 0), *t = infer_arg(in, i);
	Dim dim[RANK_MAX];
	int axis;

	if (t->rank == 0)
		return true;
	if (!infer_axis_wrapped(in, "axis", at, x->rank, &axis))
		return false;
	if (block == 0)
		return infer_type_is(in, t, type_get(in->ctx->types, t->dtype, 1, &x->dim[axis]), what);
	for (int k = 0; k < x->rank; k++)
		dim[k] = k == axis ? dim_ceildiv(in->ctx->dims, x->dim[k], infer_const(in, block)) : x->dim[k];
	return infer_type_is(in, t, type_get(in->ctx->types, t->dtype, x->rank, dim), what);
}

/* Operands 1 and, where there is one, 2: the scale and the zero point, which is of the stored type. */
static bool scale_and_zero(Infer *in, int64_t axis, int64_t block, DType stored)
{
	if (block < 0)
		return infer_fail(in, "'block_size' is %lld, wanted 0 or more", (long long)block);
	if (!infer_dtype_in(in, 1, DTS_FLOAT) || !is_scale(in, 1, "the scale, operand 1,", axis, block))
		return false;
	if (in->op->nargs < 3)
		return true;
	const Type *zero = infer_arg(in, 2);
	if (dtype_is_float(stored))
		return infer_fail_at(in, 2, "operand 2 is a zero point, but %s has none: its zero is 0", dtype_info[stored].name);
	if (zero->dtype != stored)
		return infer_fail_at(in, 2, "operand 2, the zero point, has element type %s, wanted %s as what is stored",
		                     dtype_info[zero->dtype].name, dtype_info[stored].name);
	return infer_shape_same(in, 1, 2);
}

enum { STORED_INTS = DTS(DT_I32) | DTS(DT_U32) | DTS(DT_I16) | DTS(DT_U16) | DTS(DT_I8) | DTS(DT_U8) };

static bool can_store(DType t)
{
	return DTS(t) & (STORED_INTS | DTS_NARROW);
}

bool infer_quantize_linear(Infer *in)
{
	const struct attrs_quantize_linear *a = op_attrs(quantize_linear, in->op);

	if (!infer_arity(in, 2, 3, "2 or 3 (x, scale, zero point)") || !infer_dtype_in(in, 0, DTS_FLOAT | DTS(DT_I32)))
		return false;
	if (!can_store(a->dtype))
		return infer_fail(in, "'dtype' is %s, wanted an integer of at most 32 bits or a float of at most 8", dtype_info[a->dtype].name);
	if (a->range.n != 0 && (a->range.n != 2 || a->range.at[0] > a->range.at[1] || dtype_is_float(a->dtype)))
		return infer_fail(in, "'range' is no pair of a least and a greatest integer");
	const Type *x = infer_arg(in, 0);
	return scale_and_zero(in, a->axis, a->block_size, a->dtype) && infer_result(in, a->dtype, x->rank, x->dim);
}

bool infer_dequantize_linear(Infer *in)
{
	const struct attrs_dequantize_linear *a = op_attrs(dequantize_linear, in->op);

	if (!infer_arity(in, 2, 3, "2 or 3 (x, scale, zero point)"))
		return false;
	const Type *x = infer_arg(in, 0);
	if (!can_store(x->dtype))
		return infer_fail_at(in, 0, "operand 0 has element type %s, wanted an integer of at most 32 bits or a float of at most 8",
		                     dtype_info[x->dtype].name);
	return scale_and_zero(in, a->axis, a->block_size, x->dtype) && infer_result(in, infer_arg(in, 1)->dtype, x->rank, x->dim);
}
