/* ir/expand_reduce.c - expansions of short reductions, statistics, argmin and argmax. */
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
	case OP_reduce_any:  return OP_or;
	case OP_reduce_all:  return OP_and;
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

/* What the statistics share: y(x, dims) in the type that x's ops compute in, in the shape of op's result. */
typedef Value *Statistic(Builder *b, const Op *op, Value *x, Ints dims);

static void statistic(Builder *b, const Op *op, Statistic *y, Value **out)
{
	const struct attrs_reduce_sum *a = op->attrs;
	Value *x = expand_wide(b, op->arg[0]);
	Value *v = y(b, op, x, ascending(b, a->dims, x->type->rank));

	out[0] = keep_axes(b, op, expand_convert(b, v, op->arg[0]->type->dtype));
}

#define STATISTIC(name) \
	void expand_##name(Builder *b, const Op *op, Value **out) { statistic(b, op, name, out); }

static Value *mean(Builder *b, const Op *op, Value *x, Ints dims)
{
	(void)op;
	return expand_mean_of(b, x, dims);
}

static Value *variance(Builder *b, const Op *op, Value *x, Ints dims)
{
	Value *v;

	(void)op;
	expand_center(b, x, dims, &v);
	return v;
}

/* top + log(sum(exp(x - top))); where the largest element is infinite, 0 does as well for top. */
static Value *logsumexp(Builder *b, const Op *op, Value *x, Ints dims)
{
	Value *top = build_reduce(b, OP_max, x, dims, false);
	Value *size = ew_abs(b, top), *zero = expand_like(b, top, 0);
	Value *finite = ew_compare(b, CMP_LT, size, expand_like(b, top, __builtin_inf()));

	(void)op;
	top = ew_select(b, finite, top, zero);
	Value *e = ew_exp(b, ew_sub(b, x, expand_over(b, top, x, dims)));
	return ew_add(b, ew_log(b, build_reduce(b, OP_add, e, dims, false)), top);
}

static Value *norm(Builder *b, const Op *op, Value *x, Ints dims)
{
	double ord = op_attrs(norm, op)->ord;

	if (ord == 2)
		return ew_sqrt(b, build_reduce(b, OP_add, ew_mul(b, x, x), dims, false));
	if (ord == 0) {
		Value *counts = ew_compare(b, CMP_NE, x, expand_like(b, x, 0));
		return build_reduce(b, OP_add, expand_convert(b, counts, x->type->dtype), dims, false);
	}
	x = ew_abs(b, x);
	if (__builtin_isinf(ord))
		return build_reduce(b, ord > 0 ? OP_max : OP_min, x, dims, false);
	if (ord == 1)
		return build_reduce(b, OP_add, x, dims, false);
	return ew_to_power(b, build_reduce(b, OP_add, ew_to_power(b, x, ord), dims, false), 1 / ord);
}

STATISTIC(mean)
STATISTIC(variance)
STATISTIC(logsumexp)
STATISTIC(norm)

static Value *cumulative(Builder *b, const Op *op, OpKind combine)
{
	const struct attrs_cumsum *a = op->attrs;
	Value *x = op->arg[0], *init = build_identity(b, x->type->dtype, combine);

	return expand_combiner(b, build_begin(b, OP_cumulate, ARGS(x, init), &(struct attrs_cumulate){
		.dim = expand_axis(a->axis, x->type->rank), .reverse = a->reverse, .exclusive = a->exclusive }), combine);
}

void expand_cumsum(Builder *b, const Op *op, Value **out)
{
	out[0] = cumulative(b, op, OP_add);
}

void expand_cumprod(Builder *b, const Op *op, Value **out)
{
	out[0] = cumulative(b, op, OP_mul);
}

/* The lowest index of an element that equals the best one, or, where one is NaN, that is NaN: two plain reductions take less
   than one of pairs, which compares and selects four times as much for each element.  Indices are i32 inside where the
   extent is known to allow it. */
static Value *arg_reduce(Builder *b, const Op *op, OpKind better)
{
	const struct attrs_argmax *a = op->attrs;
	Value *x = op->arg[0];
	const Type *t = x->type;
	int axis = expand_axis(a->axis, t->rank);
	Ints dims = expand_range(b, axis, axis + 1);
	bool narrow = dim_is_const(t->dim[axis]) && t->dim[axis]->value <= INT32_MAX;
	DType it = narrow ? DT_I32 : DT_I64;

	Value *index = BUILD(b, iota, NO_ARGS, .dim = axis, .dtype = it, .shape = dims_copy(expand_arena(b), t->rank, t->dim));
	Value *none = build_broadcast(b, build_identity(b, it, OP_min), index->type, expand_range(b, 0, 0));
	Value *best = ew_compare(b, CMP_EQ, x, expand_over(b, build_reduce(b, better, x, dims, false), x, dims));

	if (dtype_is_float(t->dtype))
		best = ew_or(b, best, ew_compare(b, CMP_NE, x, x));
	Value *first = build_reduce(b, OP_min, ew_select(b, best, index, none), dims, false);
	return keep_axes(b, op, expand_convert(b, first, a->dtype));
}

void expand_argmax(Builder *b, const Op *op, Value **out)
{
	out[0] = arg_reduce(b, op, OP_max);
}

void expand_argmin(Builder *b, const Op *op, Value **out)
{
	out[0] = arg_reduce(b, op, OP_min);
}
