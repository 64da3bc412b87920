/* ir/expand_select.c - expansions of composites that pick elements by comparing them: select_and_scatter, top_k. */
#include "ir/expand_impl.h"

/* An integer type for the number of an element among n. */
static DType count_type(Dim n)
{
	return n && dim_is_const(n) && n->value <= INT32_MAX ? DT_I32 : DT_I64;
}

/* The region of a reduction of (element, its number): keeps the first pair unless it has no number yet or `select` prefers
   the second.  The ops of `select` move there. */
static void choose(Builder *b, Block *to, Block *select, DType element, DType number)
{
	const Type *x = type_scalar(b->ctx->types, element), *n = type_scalar(b->ctx->types, number);
	Value *a = block_add_arg(to, x, NULL, b->loc), *i = block_add_arg(to, n, NULL, b->loc);
	Value *c = block_add_arg(to, x, NULL, b->loc), *j = block_add_arg(to, n, NULL, b->loc);
	Builder in = builder_at_end(b->ctx, to);

	in.loc = b->loc;
	value_replace(select->args.at[0], a);
	value_replace(select->args.at[1], c);
	expand_move_ops(to, select);
	Op *yield = block_terminator(to);
	in.before = yield;
	Value *keep = ew_and(&in, ew_compare(&in, CMP_GE, i, build_scalar(&in, number, 0)), yield->arg[0]);
	a = ew_select(&in, keep, a, c);
	i = ew_select(&in, keep, i, j);
	op_set_args(yield, ARGS(a, i));
}

/* The axes of a select_and_scatter as [lead, rest]: along axis 0, where windows are of one position, everything is independent. */
typedef struct Flat { Dim lead, rest, windows; } Flat;

static Dim count_from(Builder *b, const Type *t, int axis)
{
	Dim n = dim_const(b->ctx->dims, 1);

	for (int i = axis; i < t->rank; i++)
		n = dim_mul(b->ctx->dims, n, t->dim[i]);
	return n;
}

static Flat flatten(Builder *b, const Op *op)
{
	const struct attrs_select_and_scatter *a = op_attrs(select_and_scatter, op);
	const Type *t = op->arg[0]->type;
	bool alone = t->rank > 1 && a->window.at[0] == 1 && (!a->strides.n || a->strides.at[0] == 1) &&
	             (!a->padding.n || (!a->padding.low[0] && !a->padding.high[0]));

	return (Flat){ alone ? t->dim[0] : dim_const(b->ctx->dims, 1), count_from(b, t, alone), count_from(b, op->arg[1]->type, alone) };
}

/* The number, in row-major order of the rest, of the element that each window selects; -1 where a window holds none. */
static Value *selected(Builder *b, const Op *op, DType number, const Flat *f)
{
	const struct attrs_select_and_scatter *a = op_attrs(select_and_scatter, op);
	Value *x = op->arg[0];
	Value *index = BUILD(b, iota, NO_ARGS, .dim = 1, .dtype = number, .shape = dims_copy(expand_arena(b), 2, (Dim[]){ f->lead, f->rest }));

	index = BUILD(b, reshape, ARGS(index), .shape = dims_copy(expand_arena(b), x->type->rank, x->type->dim));
	Value *zero = build_scalar(b, x->type->dtype, 0), *none = build_scalar(b, number, -1);
	Op *window = build_begin(b, OP_reduce_window, ARGS(x, index, zero, none), &(struct attrs_reduce_window){
		.window = a->window, .strides = a->strides, .padding = a->padding });
	choose(b, window->region[0], op->region[0], x->type->dtype, number);
	window = build_finish(b, window);
	CHECK(window, "the windows of select_and_scatter are refused");
	return window->result[1];
}

void expand_select_and_scatter(Builder *b, const Op *op, Value **out)
{
	const Type *t = op->arg[0]->type;
	Flat f = flatten(b, op);
	Value *at = selected(b, op, count_type(f.rest), &f), *source = op->arg[1];
	const Type *flat = type_get(b->ctx->types, t->dtype, 2, (Dim[]){ f.lead, f.rest });
	Value *start = build_broadcast(b, op->arg[2], flat, (Ints)INTS_NONE);

	at = BUILD(b, reshape, ARGS(at), .shape = dims_copy(expand_arena(b), 3, (Dim[]){ f.lead, f.windows, dim_const(b->ctx->dims, 1) }));
	source = BUILD(b, reshape, ARGS(source), .shape = dims_copy(expand_arena(b), 2, (Dim[]){ f.lead, f.windows }));
	Ints lead = expand_range(b, 0, 1), rest = expand_range(b, 1, 2);
	Op *scatter = build_begin(b, OP_scatter, ARGS(start, at, source), &(struct attrs_scatter){
		.inserted_window_dims = rest, .input_batching_dims = lead, .scatter_indices_batching_dims = lead,
		.scatter_dims_to_operand_dims = rest, .index_vector_dim = 2 });
	for (int i = 0; i < 2; i++)
		value_replace(op->region[1]->args.at[i], block_add_arg(scatter->region[0], type_scalar(b->ctx->types, t->dtype), NULL, b->loc));
	expand_move_ops(scatter->region[0], op->region[1]);
	scatter = build_finish(b, scatter);
	CHECK(scatter, "the scatter of select_and_scatter is refused");
	out[0] = BUILD(b, reshape, ARGS(scatter->result[0]), .shape = dims_copy(expand_arena(b), t->rank, t->dim));
}

/* Floats as signed integers in the same order: -inf ... -0, +0 ... inf, NaN.  Its own inverse but for NaNs. */
static Value *total_order(Builder *b, Value *bits)
{
	Value *most = expand_like(b, bits, 0);

	/* all bits but the sign */
	most = BUILD(b, shr_l, ARGS(ew_not(b, most), expand_like(b, bits, 1)));
	return ew_select(b, ew_compare(b, CMP_LT, bits, expand_like(b, bits, 0)), BUILD(b, xor, ARGS(bits, most)), bits);
}

static DType bits_type(DType t)
{
	return dtype_size(t) == 2 ? DT_I16 : dtype_size(t) == 4 ? DT_I32 : DT_I64;
}

/* A few of many elements are selected, most of them are sorted. */
void expand_top_k(Builder *b, const Op *op, Value **out)
{
	Value *x = op->arg[0], *key = x;
	const Type *t = x->type, *r = op->result[0]->type;
	const struct attrs_top_k *a = op_attrs(top_k, op);
	int axis = expand_axis(a->axis, t->rank);
	DType number = DT_I32, own = t->dtype;
	Dims shape = dims_copy(expand_arena(b), t->rank, t->dim);

	if (dtype_is_float(own) && dtype_is_narrow(own)) {   /* f32 has them all, and their order */
		x = key = expand_convert(b, x, DT_F32);
		t = x->type;
	}
	if (dtype_is_float(t->dtype)) {
		Value *nan = build_splat(b, t, __builtin_nan(""));
		key = ew_select(b, ew_compare(b, CMP_NE, x, x), nan, x);
		key = total_order(b, BUILD(b, bitcast_convert, ARGS(key), .dtype = bits_type(t->dtype)));
	}
	Value *index = BUILD(b, iota, NO_ARGS, .dim = axis, .dtype = number, .shape = shape);
	Dim n = t->dim[axis];
	bool all = dim_is_const(n) && dim_is_const(a->k) && a->k->value > n->value / 4;
	Dims first = all ? (Dims)DIMS_NONE : dims_copy(expand_arena(b), 1, &a->k);
	Op *sort = build_begin(b, OP_sort, ARGS(key, index), &(struct attrs_sort){ .dim = axis, .stable = true, .first = first });
	Builder in = builder_at_end(b->ctx, sort->region[0]);
	in.loc = b->loc;
	Value *arg[4];
	for (int i = 0; i < 4; i++)
		arg[i] = block_add_arg(sort->region[0], type_scalar(b->ctx->types, i < 2 ? key->type->dtype : number), NULL, b->loc);
	Value *before = ew_compare(&in, a->largest ? CMP_GT : CMP_LT, arg[0], arg[1]);
	CHECK(build_op(&in, OP_yield, ARGS(before), NULL), "yield of top_k");
	sort = build_finish(b, sort);
	CHECK(sort, "the sort of top_k is refused");

	Dim zero[RANK_MAX];
	for (int k = 0; k < t->rank; k++)
		zero[k] = dim_const(b->ctx->dims, 0);
	for (int i = 0; i < 2; i++)
		out[i] = !all ? sort->result[i] : BUILD(b, slice, ARGS(sort->result[i]), .start = dims_copy(expand_arena(b), t->rank, zero),
		               .limit = dims_copy(expand_arena(b), r->rank, r->dim));
	if (dtype_is_float(t->dtype))
		out[0] = BUILD(b, bitcast_convert, ARGS(total_order(b, out[0])), .dtype = t->dtype);
	out[0] = expand_convert(b, out[0], own);
}
