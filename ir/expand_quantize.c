/* ir/expand_quantize.c - numbers as few bits times a scale: quantize_linear and dequantize_linear.

   Both compute in the type of the scale (f32 for narrower ones).  Integers saturate as every conversion to them does. */
#include "ir/expand_impl.h"

/* One number a block of `block` along the axis, over x: each is repeated, and of the last block only what x has. */
static Value *spread_blocks(Builder *b, Value *s, const Type *x, int axis, int64_t block)
{
	DimTable *dims = b->ctx->dims;
	int rank = x->rank, kept[RANK_MAX];
	Dim dim[RANK_MAX + 1], flat[RANK_MAX], zero[RANK_MAX];
	int64_t at[RANK_MAX];

	for (int i = 0; i < rank; i++) {
		kept[i] = i + (i > axis);
		at[i] = kept[i];
		dim[kept[i]] = s->type->dim[i];
		flat[i] = i == axis ? dim_mul(dims, s->type->dim[i], dim_const(dims, block)) : x->dim[i];
		zero[i] = dim_const(dims, 0);
	}
	dim[axis + 1] = dim_const(dims, block);
	s = build_broadcast(b, s, type_get(b->ctx->types, s->type->dtype, rank + 1, dim), ints_copy(expand_arena(b), rank, at));
	s = BUILD(b, reshape, ARGS(s), .shape = dims_copy(expand_arena(b), rank, flat));
	if (flat[axis] == x->dim[axis])
		return s;
	return BUILD(b, slice, ARGS(s), .start = dims_copy(expand_arena(b), rank, zero), .limit = dims_copy(expand_arena(b), rank, x->dim));
}

/* A scale or a zero point, as type t and over x. */
static Value *spread(Builder *b, Value *s, DType t, const Type *x, int64_t at, int64_t block)
{
	const Type *full = type_with_dtype(b->ctx->types, x, t);

	s = expand_convert(b, s, t);
	if (s->type->rank == 0)
		return build_broadcast(b, s, full, (Ints)INTS_NONE);
	int axis = expand_axis(at, x->rank);
	return block ? spread_blocks(b, s, x, axis, block) : build_broadcast(b, s, full, expand_range(b, axis, axis + 1));
}

static Value *clamp_to(Builder *b, Value *y, double low, double high)
{
	return BUILD(b, clamp, ARGS(expand_like(b, y, low), y, expand_like(b, y, high)));
}

void expand_quantize_linear(Builder *b, const Op *op, Value **out)
{
	const struct attrs_quantize_linear *a = op_attrs(quantize_linear, op);
	DType t = dtype_compute(op->arg[1]->type->dtype);
	Value *x = expand_convert(b, op->arg[0], t);
	Value *scale = spread(b, op->arg[1], t, x->type, a->axis, a->block_size);
	Value *y = BUILD(b, div, ARGS(x, scale));

	if (dtype_is_float(a->dtype)) {
		double most = dtype_to_f64(a->dtype, dtype_format(a->dtype)->most);
		out[0] = expand_convert(b, a->saturate ? clamp_to(b, y, -most, most) : y, a->dtype);
		return;
	}
	if (!a->round_sum)
		y = BUILD(b, round_nearest_even, ARGS(y));
	if (op->nargs > 2)
		y = ew_add(b, y, spread(b, op->arg[2], t, x->type, a->axis, a->block_size));
	if (a->range.n)
		y = clamp_to(b, y, (double)a->range.at[0], (double)a->range.at[1]);
	if (a->round_sum)
		y = BUILD(b, round_nearest_even, ARGS(y));
	out[0] = expand_convert(b, y, a->dtype);
}

void expand_dequantize_linear(Builder *b, const Op *op, Value **out)
{
	const struct attrs_dequantize_linear *a = op_attrs(dequantize_linear, op);
	DType result = op->arg[1]->type->dtype, t = dtype_compute(result);
	Value *x = op->arg[0], *scale = spread(b, op->arg[1], t, x->type, a->axis, a->block_size);

	if (op->nargs > 2) {   /* the difference is exact */
		DType wide = dtype_size(x->type->dtype) < 4 ? DT_I32 : DT_I64;
		Value *zero = spread(b, op->arg[2], wide, x->type, a->axis, a->block_size);
		x = ew_sub(b, expand_convert(b, x, wide), zero);
	}
	out[0] = expand_convert(b, ew_mul(b, expand_convert(b, x, t), scale), result);
}
