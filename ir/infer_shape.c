/* ir/infer_shape.c - inference of composites that change shapes, mask and choose. */
#include "ir/infer_impl.h"

bool infer_squeeze(Infer *in)
{
	Ints dims = op_attrs(squeeze, in->op)->dims;
	const Type *x = infer_arg(in, 0);
	bool gone[RANK_MAX];
	Dim dim[RANK_MAX];
	int rank = 0;

	if (!infer_axes_wrapped(in, "dims", dims, x->rank, gone))
		return false;
	for (int k = 0; k < x->rank; k++) {
		if (gone[k] && !infer_equal(in, x->dim[k], infer_const(in, 1), "axis %d has extent %s, wanted 1", k, infer_dim_text(in, x->dim[k])))
			return false;
		if (!(dims.n ? gone[k] : dim_is(x->dim[k], 1)))
			dim[rank++] = x->dim[k];
	}
	return infer_result(in, x->dtype, rank, dim);
}

bool infer_expand_dims(Infer *in)
{
	Ints dims = op_attrs(expand_dims, in->op)->dims;
	const Type *x = infer_arg(in, 0);
	bool added[RANK_MAX];
	Dim dim[RANK_MAX];
	int rank = x->rank + dims.n;

	if (rank > RANK_MAX)
		return infer_fail(in, "the result would have rank %d; at most %d is supported", rank, RANK_MAX);
	if (!infer_axes_wrapped(in, "dims", dims, rank, added))
		return false;
	for (int k = 0, from = 0; k < rank; k++)
		dim[k] = added[k] ? infer_const(in, 1) : x->dim[from++];
	return infer_result(in, x->dtype, rank, dim);
}

bool infer_stack(Infer *in)
{
	Dim shape[RANK_MAX], dim[RANK_MAX + 1];
	int n = in->op->nargs, axis;

	if (!infer_arity(in, 1, INT32_MAX, "at least one"))
		return false;
	const Type *x = infer_arg(in, 0);
	for (int k = 0; k < x->rank; k++)
		shape[k] = x->dim[k];
	for (int i = 1; i < n; i++) {
		if (!infer_dtype_same(in, 0, i) || !infer_shape_same(in, 0, i))
			return false;
		for (int k = 0; k < x->rank; k++)
			shape[k] = infer_merge(in, shape[k], infer_arg(in, i)->dim[k]);
	}
	if (!infer_axis_wrapped(in, "axis", op_attrs(stack, in->op)->axis, x->rank + 1, &axis))
		return false;
	for (int k = 0; k <= x->rank; k++)
		dim[k] = k == axis ? infer_const(in, n) : shape[k - (k > axis)];
	return infer_result(in, x->dtype, x->rank + 1, dim);
}

bool infer_split(Infer *in)
{
	const struct attrs_split *a = op_attrs(split, in->op);
	const Type *x = infer_arg(in, 0);
	Dim dim[RANK_MAX], sum = infer_const(in, 0);
	int axis;

	if (!infer_axis_wrapped(in, "axis", a->axis, x->rank, &axis))
		return false;
	if (a->sizes.n == 0)
		return infer_fail(in, "'sizes' is empty, wanted the extents of the pieces");
	for (int i = 0; i < a->sizes.n; i++)
		sum = infer_add(in, sum, a->sizes.at[i]);
	if (!infer_equal(in, sum, x->dim[axis], "'sizes' adds up to %s, but axis %d has extent %s", infer_dim_text(in, sum), axis,
	                 infer_dim_text(in, x->dim[axis])))
		return false;
	for (int k = 0; k < x->rank; k++)
		dim[k] = x->dim[k];
	for (int i = 0; i < a->sizes.n; i++) {
		dim[axis] = a->sizes.at[i];
		if (!infer_result(in, x->dtype, x->rank, dim))
			return false;
	}
	return true;
}

bool infer_tile(Infer *in)
{
	Ints repeats = op_attrs(tile, in->op)->repeats;
	const Type *x = infer_arg(in, 0);
	Dim dim[RANK_MAX], one = infer_const(in, 1);
	int rank = x->rank > repeats.n ? x->rank : repeats.n;

	if (rank > RANK_MAX)
		return infer_fail(in, "the result would have rank %d; at most %d is supported", rank, RANK_MAX);
	if (!infer_ints_least(in, "repeats", repeats, 0))
		return false;
	for (int k = 0; k < rank; k++) {
		int own = k - (rank - x->rank), r = k - (rank - repeats.n);

		dim[k] = infer_mul(in, own < 0 ? one : x->dim[own], r < 0 ? one : infer_const(in, repeats.at[r]));
	}
	return infer_result(in, x->dtype, rank, dim);
}

bool infer_roll(Infer *in)
{
	const struct attrs_roll *a = op_attrs(roll, in->op);
	const Type *x = infer_arg(in, 0);
	bool marked[RANK_MAX];

	return infer_ints_count(in, "shift", a->shift, a->dims.n, false) &&
	       infer_axes_wrapped(in, "dims", a->dims, x->rank, marked) && infer_result_type(in, x);
}

/* triu and tril */
bool infer_triangle(Infer *in)
{
	const Type *x = infer_arg(in, 0);

	if (x->rank < 2)
		return infer_fail_at(in, 0, "the operand is %s, wanted rank 2 or more", infer_type_text(in, x));
	return infer_result_type(in, x);
}

bool infer_where(Infer *in)
{
	Dim dim[RANK_MAX];
	int rank = 0;

	if (!infer_dtype_in(in, 0, DTS_BOOL) || !infer_dtype_same(in, 1, 2))
		return false;
	for (int i = 0; i < 3; i++)
		rank = infer_arg(in, i)->rank > rank ? infer_arg(in, i)->rank : rank;
	for (int k = 0; k < rank; k++) {
		dim[k] = infer_const(in, 1);
		for (int i = 0; i < 3; i++) {
			const Type *t = infer_arg(in, i);
			int own = k - (rank - t->rank);

			if (own >= 0 && !infer_broadcast(in, arena_printf(in->ctx->arena, "on axis %d the", k), dim[k], t->dim[own], &dim[k]))
				return false;
		}
	}
	return infer_result(in, infer_arg(in, 1)->dtype, rank, dim);
}
