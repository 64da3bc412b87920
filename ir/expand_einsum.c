/* ir/expand_einsum.c - expansion of einsum: the operands are multiplied one after the other, from left to right.

   Labels that only one of two values has, and nobody later, are summed before; what remains is one dot_general, or a product of
   elements where nothing is contracted. */
#include "ir/einsum.h"
#include "ir/expand_impl.h"

/* A value with a label for each of its axes. */
typedef struct Named { Value *v; Labels labels; } Named;

static int axis_of(const Labels *l, int label)
{
	int k = 0;

	while (l->at[k] != label)
		k++;
	return k;
}

static Ints axes_of(Builder *b, const Labels *l, const Labels *which)
{
	int64_t at[EINSUM_LABELS];

	for (int i = 0; i < which->n; i++)
		at[i] = axis_of(l, which->at[i]);
	return ints_copy(expand_arena(b), which->n, at);
}

static Value *reshaped(Builder *b, Value *x, int rank, const Dim *dim)
{
	return BUILD(b, reshape, ARGS(x), .shape = dims_copy(expand_arena(b), rank, dim));
}

/* The diagonal of the last two axes, of extent n: elements 0, n + 1, 2 (n + 1), ... of the n * n are the first column
   when they lie n + 1 in a row, and n more are added for that. */
static Value *diagonal(Builder *b, Value *x)
{
	DimTable *dims = b->ctx->dims;
	int rank = x->type->rank;
	Dim dim[RANK_MAX], from[RANK_MAX], n = x->type->dim[rank - 1];

	for (int k = 0; k < rank; k++) {
		dim[k] = x->type->dim[k];
		from[k] = dim_const(dims, 0);
	}
	dim[rank - 2] = dim_mul(dims, n, n);
	x = reshaped(b, x, rank - 1, dim);
	dim[rank - 2] = n;
	Value *more = build_splat(b, type_get(b->ctx->types, x->type->dtype, rank - 1, dim), 0);
	x = BUILD(b, concatenate, ARGS(x, more), .dim = rank - 2);
	dim[rank - 1] = dim_add(dims, n, dim_const(dims, 1));
	x = reshaped(b, x, rank, dim);
	dim[rank - 1] = dim_const(dims, 1);
	x = BUILD(b, slice, ARGS(x), .start = dims_copy(expand_arena(b), rank, from), .limit = dims_copy(expand_arena(b), rank, dim));
	return reshaped(b, x, rank - 1, dim);
}

/* Axes i < j, of the same label, become one: the last. */
static void merge_axes(Builder *b, Named *x, int i, int j)
{
	int64_t order[RANK_MAX];
	Labels l = { 0 };

	for (int k = 0; k < x->labels.n; k++) {
		if (k == i || k == j)
			continue;
		order[l.n] = k;
		labels_add(&l, x->labels.at[k]);
	}
	order[l.n] = i;
	order[l.n + 1] = j;
	labels_add(&l, x->labels.at[i]);
	x->v = BUILD(b, transpose, ARGS(x->v), .permutation = ints_copy(expand_arena(b), l.n + 1, order));
	x->v = diagonal(b, x->v);
	x->labels = l;
}

static void take_diagonals(Builder *b, Named *x)
{
	for (int j = 1; j < x->labels.n; j++) {
		int i = axis_of(&x->labels, x->labels.at[j]);

		if (i < j) {
			merge_axes(b, x, i, j);
			j = 0;
		}
	}
}

/* Axes of 1 whose label stands for more. */
static void drop_ones(Builder *b, Named *x, Dim *const extent)
{
	const Type *t = x->v->type;
	Labels l = { 0 };
	Dim dim[RANK_MAX];

	for (int k = 0; k < t->rank; k++) {
		if (dim_is(t->dim[k], 1) && !dim_is(extent[x->labels.at[k]], 1))
			continue;
		dim[l.n] = t->dim[k];
		labels_add(&l, x->labels.at[k]);
	}
	if (l.n < t->rank)
		x->v = reshaped(b, x->v, l.n, dim);
	x->labels = l;
}

static Named operand(Builder *b, const Op *op, const Einsum *e, int i, Dim *const extent)
{
	Named x = { expand_wide(b, op->arg[i]), e->term[i] };

	drop_ones(b, &x, extent);
	take_diagonals(b, &x);
	return x;
}

static void sum_out(Builder *b, Named *x, const Labels *gone)
{
	int64_t axes[RANK_MAX];
	Labels l = { 0 };
	int n = 0;

	if (!gone->n)
		return;
	for (int k = 0; k < x->labels.n; k++) {
		if (labels_have(gone, x->labels.at[k]))
			axes[n++] = k;
		else
			labels_add(&l, x->labels.at[k]);
	}
	x->v = build_reduce(b, OP_add, x->v, ints_copy(expand_arena(b), n, axes), false);
	x->labels = l;
}

/* x over the axes of a shape whose labels are given. */
static Value *over(Builder *b, const Named *x, const Labels *labels, const Type *shape)
{
	Labels own = { 0 };
	int64_t order[RANK_MAX], sorted[RANK_MAX];

	for (int k = 0; k < labels->n; k++) {
		if (labels_have(&x->labels, labels->at[k])) {
			sorted[own.n] = k;
			order[own.n] = axis_of(&x->labels, labels->at[k]);
			labels_add(&own, labels->at[k]);
		}
	}
	Value *v = BUILD(b, transpose, ARGS(x->v), .permutation = ints_copy(expand_arena(b), own.n, order));
	return build_broadcast(b, v, shape, ints_copy(expand_arena(b), own.n, sorted));
}

static Value *elementwise(Builder *b, const Named *x, const Named *y, const Labels *labels, Dim *const extent)
{
	Dim dim[RANK_MAX];

	for (int k = 0; k < labels->n; k++)
		dim[k] = extent[labels->at[k]];
	const Type *shape = type_get(b->ctx->types, x->v->type->dtype, labels->n, dim);
	Value *left = over(b, x, labels, shape);
	return ew_mul(b, left, over(b, y, labels, shape));
}

static Named multiply(Builder *b, const Einsum *e, int i, Named x, Named y, Dim *const extent)
{
	Named z = { 0 };
	EinsumStep s;

	einsum_step(e, i, &x.labels, &y.labels, &s);
	const Labels *part[] = { &s.batch, &s.left, &s.right };
	for (int p = 0; p < 3; p++)
		for (int k = 0; k < part[p]->n; k++)
			labels_add(&z.labels, part[p]->at[k]);
	sum_out(b, &x, &s.left_sum);
	sum_out(b, &y, &s.right_sum);
	if (!s.contract.n) {
		z.v = elementwise(b, &x, &y, &z.labels, extent);
		return z;
	}
	z.v = BUILD(b, dot_general, ARGS(x.v, y.v), .lhs_batch = axes_of(b, &x.labels, &s.batch),
	            .rhs_batch = axes_of(b, &y.labels, &s.batch), .lhs_contract = axes_of(b, &x.labels, &s.contract),
	            .rhs_contract = axes_of(b, &y.labels, &s.contract));
	return z;
}

void expand_einsum(Builder *b, const Op *op, Value **out)
{
	const Type **types = ARENA_ARRAY(expand_arena(b), const Type *, op->nargs);
	Dim extent[EINSUM_LABELS] = { NULL };
	Labels gone = { 0 };
	const char *error;
	Einsum e;

	for (int i = 0; i < op->nargs; i++)
		types[i] = op->arg[i]->type;
	CHECK(einsum_parse(expand_arena(b), op_attrs(einsum, op)->equation, op->nargs, types, &e, &error), "%s", error);
	for (int i = 0; i < e.n; i++)
		for (int k = 0; k < e.term[i].n; k++)
			if (!extent[e.term[i].at[k]] || dim_is(extent[e.term[i].at[k]], 1))
				extent[e.term[i].at[k]] = types[i]->dim[k];

	Named x = operand(b, op, &e, 0, extent);
	for (int i = 1; i < e.n; i++)
		x = multiply(b, &e, i, x, operand(b, op, &e, i, extent), extent);
	for (int k = 0; k < x.labels.n; k++)
		if (!labels_have(&e.out, x.labels.at[k]))
			labels_add(&gone, x.labels.at[k]);
	sum_out(b, &x, &gone);
	Value *y = BUILD(b, transpose, ARGS(x.v), .permutation = axes_of(b, &x.labels, &e.out));
	out[0] = expand_in_shape(b, expand_convert(b, y, op->result[0]->type->dtype), op->result[0]->type);
}
