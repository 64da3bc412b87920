/* ir/expand_reduce.c - expansions of short reductions, argmax, pooling and flatten. */
#include "ir/expand_impl.h"

/* Axes as the attribute has them, counted from the front and ascending. */
static Ints ascending(Builder *b, Ints dims, int rank)
{
	int64_t *at = ARENA_ARRAY(expand_arena(b), int64_t, dims.n + 1);
	int n = 0;

	for (int k = 0; k < rank; k++)
		for (int i = 0; i < dims.n; i++)
			if (expand_axis(dims.at[i], rank) == k)
				at[n++] = k;
	return (Ints){ n, at };
}

static OpKind combiner_of(OpKind kind)
{
	switch (kind) {
	case OP_reduce_sum:  return OP_add;
	case OP_reduce_prod: return OP_mul;
	case OP_reduce_max:  return OP_max;
	case OP_reduce_min:  return OP_min;
	default:             UNREACHABLE("%s is no short reduction", op_info[kind].name);
	}
}

void expand_reduce_short(Builder *b, const Op *op, Value **out)
{
	const struct attrs_reduce_sum *a = op->attrs;
	Value *x = op->arg[0];

	out[0] = build_reduce(b, combiner_of(op->kind), x, ascending(b, a->dims, x->type->rank), a->keepdims);
}

/* The value in the shape of op's result, which has axes of extent 1 in the places of those that were reduced. */
static Value *keep_axes(Builder *b, const Op *op, Value *y)
{
	const Type *t = op->result[0]->type;

	return y->type->rank == t->rank ? y : BUILD(b, reshape, ARGS(y), .shape = dims_copy(expand_arena(b), t->rank, t->dim));
}

void expand_mean(Builder *b, const Op *op, Value **out)
{
	Value *x = expand_wide(b, op->arg[0]);
	Value *y = expand_mean_of(b, x, ascending(b, op_attrs(mean, op)->dims, x->type->rank));

	out[0] = keep_axes(b, op, expand_convert(b, y, op->arg[0]->type->dtype));
}

static Value *compared(Builder *b, CmpDir dir, Value *x, Value *y)
{
	return BUILD(b, compare, ARGS(x, y), .dir = dir);
}

/* The better of (v0, i0) and (v1, i1): NaN above all numbers, and among equals the lower index.  It depends on
   nothing but the two pairs as a set, so that any order of combining gives the same. */
static void argmax_body(Builder *b, Block *region, const Type *value, const Type *index)
{
	Builder in = builder_at_end(b->ctx, region);
	in.loc = b->loc;
	Value *v0 = block_add_arg(region, value, ctx_str(b->ctx, "v0"), b->loc);
	Value *i0 = block_add_arg(region, index, ctx_str(b->ctx, "i0"), b->loc);
	Value *v1 = block_add_arg(region, value, ctx_str(b->ctx, "v1"), b->loc);
	Value *i1 = block_add_arg(region, index, ctx_str(b->ctx, "i1"), b->loc);
	Value *above = compared(&in, CMP_GT, v0, v1), *equal = compared(&in, CMP_EQ, v0, v1);

	if (dtype_is_float(value->dtype)) {
		Value *nan0 = compared(&in, CMP_NE, v0, v0), *nan1 = compared(&in, CMP_NE, v1, v1);
		Value *number1 = BUILD(&in, not, ARGS(nan1));

		above = BUILD(&in, or, ARGS(above, BUILD(&in, and, ARGS(nan0, number1))));
		equal = BUILD(&in, or, ARGS(equal, BUILD(&in, and, ARGS(nan0, nan1))));
	}
	Value *first = BUILD(&in, and, ARGS(equal, compared(&in, CMP_LT, i0, i1)));
	Value *pick0 = BUILD(&in, or, ARGS(above, first));
	Value *v = BUILD(&in, select, ARGS(pick0, v0, v1)), *i = BUILD(&in, select, ARGS(pick0, i0, i1));
	CHECK(build_op(&in, OP_yield, ARGS(v, i), NULL), "yield of argmax");
}

/* Indices are i32 inside where the extent is known to allow it. */
void expand_argmax(Builder *b, const Op *op, Value **out)
{
	const struct attrs_argmax *a = op_attrs(argmax, op);
	Value *x = op->arg[0];
	const Type *t = x->type;
	int axis = expand_axis(a->axis, t->rank);
	bool narrow = dim_is_const(t->dim[axis]) && t->dim[axis]->value <= INT32_MAX;
	DType it = narrow ? DT_I32 : DT_I64;

	Value *index = BUILD(b, iota, NO_ARGS, .dim = axis, .dtype = it, .shape = dims_copy(expand_arena(b), t->rank, t->dim));
	Value *least = build_identity(b, t->dtype, OP_max), *last = build_identity(b, it, OP_min);
	Op *reduce = build_begin(b, OP_reduce, ARGS(x, index, least, last),
	                         &(struct attrs_reduce){ .dims = expand_range(b, axis, axis + 1) });
	argmax_body(b, reduce->region[0], type_scalar(b->ctx->types, t->dtype), type_scalar(b->ctx->types, it));
	reduce = build_finish(b, reduce);
	CHECK(reduce, "the reduction of argmax is refused");
	out[0] = keep_axes(b, op, expand_convert(b, reduce->result[1], a->dtype));
}

void expand_max_pool2d(Builder *b, const Op *op, Value **out)
{
	const struct attrs_max_pool2d *a = op_attrs(max_pool2d, op);
	Arena *arena = expand_arena(b);
	Ints window = a->window, strides = a->strides.n ? a->strides : a->window;
	const Type *scalar = type_scalar(b->ctx->types, op->arg[0]->type->dtype);
	Pads pads = a->padding;

	if (pads.mode == PAD_EXPLICIT) {
		int64_t *low = ARENA_ARRAY(arena, int64_t, 8), *high = low + 4;

		for (int i = 0; i < 2; i++) {
			low[1 + i] = a->padding.low[i];
			high[1 + i] = a->padding.high[i];
		}
		pads = (Pads){ PAD_EXPLICIT, 4, low, high };
	}
	Value *init = build_identity(b, scalar->dtype, OP_max);
	Op *pool = build_begin(b, OP_reduce_window, ARGS(op->arg[0], init), &(struct attrs_reduce_window){
		.window = ints_copy(arena, 4, (int64_t[]){ 1, window.at[0], window.at[1], 1 }),
		.strides = ints_copy(arena, 4, (int64_t[]){ 1, strides.at[0], strides.at[1], 1 }), .padding = pads });
	Builder in = builder_at_end(b->ctx, pool->region[0]);
	in.loc = b->loc;
	Value *l = block_add_arg(pool->region[0], scalar, NULL, b->loc), *r = block_add_arg(pool->region[0], scalar, NULL, b->loc);
	Value *top = BUILD(&in, max, ARGS(l, r));
	CHECK(build_op(&in, OP_yield, ARGS(top), NULL), "yield of max_pool2d");
	pool = build_finish(b, pool);
	CHECK(pool, "the windows of max_pool2d are refused");
	out[0] = pool->result[0];
}

void expand_flatten(Builder *b, const Op *op, Value **out)
{
	out[0] = BUILD(b, reshape, ARGS(op->arg[0]), .shape = dims_copy(expand_arena(b), 2, op->result[0]->type->dim));
}
