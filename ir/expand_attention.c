/* ir/expand_attention.c - expansion of attention.

   All in the type that the operands' ops compute in.  The weighted sum of values is divided by the sum of weights at the
   end: an element of the result each, not one of the scores.  Where a query may look at nothing its scores are all -inf,
   and taking 0 for their maximum makes all weights 0, and 1 for their sum makes the result 0. */
#include "ir/expand_impl.h"

static Value *in_shape_of(Builder *b, Value *x, int rank, const Dim *dim)
{
	return expand_in_shape(b, x, type_get(b->ctx->types, x->type->dtype, rank, dim));
}

/* [N, H, T, .] with the heads that share a key one after the other: [N, K, H / K * T, .]. */
static Value *share(Builder *b, Value *x, Dim heads)
{
	DimTable *dims = b->ctx->dims;
	const Type *t = x->type;
	Dim rows = dim_mul(dims, dim_floordiv(dims, t->dim[1], heads), t->dim[2]);

	return in_shape_of(b, x, 4, (Dim[]){ t->dim[0], heads, rows, t->dim[3] });
}

/* Products over the last axis of x and an axis of y in each batch and head. */
static Value *products(Builder *b, Value *x, Value *y, int axis)
{
	Ints batch = expand_range(b, 0, 2);

	return BUILD(b, dot_general, ARGS(x, y), .lhs_batch = batch, .rhs_batch = batch, .lhs_contract = expand_range(b, 3, 4),
	             .rhs_contract = expand_range(b, axis, axis + 1));
}

/* 1 / sqrt(depth) is computed, also of a known depth: a bound symbol gives the same bits. */
static Value *scaled(Builder *b, Value *scores, double scale, Dim depth)
{
	DimTable *dims = b->ctx->dims;

	if (scale != 0)
		return ew_times(b, scores, scale);
	Value *d = expand_extent(b, dim_max(dims, depth, dim_const(dims, 1)), scores->type->dtype);
	Value *root = ew_sqrt(b, d);
	Value *factor = ew_div(b, expand_like(b, root, 1), root);
	return ew_mul(b, scores, build_broadcast(b, factor, scores->type, (Ints)INTS_NONE));
}

static Value *only_where(Builder *b, Value *allowed, Value *scores)
{
	allowed = expand_numpy(b, allowed, scores->type);
	return ew_select(b, allowed, scores, expand_like(b, scores, -__builtin_inf()));
}

/* Key <= query, by their numbers. */
static Value *causal(Builder *b, const Type *scores)
{
	const Dim *plane = scores->dim + 2;
	bool narrow = dim_is_const(plane[0]) && dim_is_const(plane[1]) && plane[0]->value <= INT32_MAX && plane[1]->value <= INT32_MAX;
	Dims shape = dims_copy(expand_arena(b), 2, plane);
	DType it = narrow ? DT_I32 : DT_I64;
	Value *query = BUILD(b, iota, NO_ARGS, .dim = 0, .dtype = it, .shape = shape);
	Value *key = BUILD(b, iota, NO_ARGS, .dim = 1, .dtype = it, .shape = shape);

	return ew_compare(b, CMP_LE, key, query);
}

static Value *masked(Builder *b, const Op *op, Value *scores)
{
	if (op->nargs > 3 && op->arg[3]->type->dtype == DT_BOOL) {
		scores = only_where(b, op->arg[3], scores);
	} else if (op->nargs > 3) {
		Value *mask = expand_wide(b, op->arg[3]);
		scores = ew_add(b, scores, expand_numpy(b, mask, scores->type));
	}
	return op_attrs(attention, op)->is_causal ? only_where(b, causal(b, scores->type), scores) : scores;
}

/* exp(scores - maximum), and the sums of that over keys. */
static Value *weights(Builder *b, Value *scores, Value **sum)
{
	Ints keys = expand_range(b, 3, 4);
	Value *top = build_reduce(b, OP_max, scores, keys, false), *zero = expand_like(b, top, 0);
	Value *none = ew_compare(b, CMP_EQ, top, expand_like(b, top, -__builtin_inf()));

	top = ew_select(b, none, zero, top);
	Value *e = ew_exp(b, ew_sub(b, scores, expand_over(b, top, scores, keys)));
	*sum = build_reduce(b, OP_add, e, keys, false);
	*sum = ew_select(b, ew_compare(b, CMP_EQ, *sum, zero), expand_like(b, *sum, 1), *sum);
	return e;
}

void expand_attention(Builder *b, const Op *op, Value **out)
{
	const struct attrs_attention *a = op_attrs(attention, op);
	const Type *t = op->result[0]->type;
	Value *v[3], *sum;

	for (int i = 0; i < 3; i++)
		v[i] = expand_wide(b, op->arg[i]);
	Dim heads = v[1]->type->dim[1];
	Value *scores = products(b, share(b, v[0], heads), v[1], 3);
	scores = in_shape_of(b, scores, 4, (Dim[]){ t->dim[0], t->dim[1], t->dim[2], v[1]->type->dim[2] });
	scores = masked(b, op, scaled(b, scores, a->scale, v[0]->type->dim[3]));
	Value *e = weights(b, scores, &sum);
	Value *y = products(b, share(b, e, heads), v[2], 2);
	y = in_shape_of(b, y, 4, t->dim);
	y = ew_div(b, y, expand_over(b, sum, y, expand_range(b, 3, 4)));
	out[0] = expand_convert(b, y, t->dtype);
}
