/* ir/infer_move.c - inference of ops that move elements: broadcast, reshape, transpose, slice, pad, concatenate. */
#include "ir/infer_impl.h"

bool infer_broadcast_in_dim(Infer *in)
{
	const struct attrs_broadcast_in_dim *a = op_attrs(broadcast_in_dim, in->op);
	const Type *x = infer_arg(in, 0);

	if (!infer_ints_count(in, "dims", a->dims, x->rank, false) || !infer_axes(in, "dims", a->dims, a->shape.n, 0))
		return false;
	for (int i = 0; i < x->rank; i++) {
		int k = (int)a->dims.at[i];

		if (!dim_is(x->dim[i], 1) &&
		    !infer_equal(in, x->dim[i], a->shape.at[k],
		                 "axis %d of the operand has extent %s, wanted 1 or %s, the extent of axis %d of the result", i,
		                 infer_dim_text(in, x->dim[i]), infer_dim_text(in, a->shape.at[k]), k))
			return false;
	}
	return infer_result(in, x->dtype, a->shape.n, a->shape.at);
}

/* One entry of -1 stands for what the others leave. */
static bool fill_in_shape(Infer *in, Dims *shape, Dim count)
{
	int hole = -1;
	Dim others = infer_const(in, 1);

	for (int i = 0; i < shape->n; i++) {
		if (!dim_is(shape->at[i], -1)) {
			others = infer_mul(in, others, shape->at[i]);
			continue;
		}
		if (hole >= 0)
			return infer_fail(in, "'shape' has two entries of -1, wanted at most one");
		hole = i;
	}
	if (hole < 0)
		return true;

	Dim rest = others && !dim_is(others, 0) ? dim_divide_exact(in->ctx->dims, count, others) : NULL;
	if (!rest)
		return infer_fail(in, "the -1 in 'shape' has no value: %s elements are no multiple of %s", infer_dim_text(in, count),
		                  infer_dim_text(in, others));
	Dim *at = ARENA_ARRAY(infer_arena(in), Dim, shape->n);
	for (int i = 0; i < shape->n; i++)
		at[i] = i == hole ? rest : shape->at[i];
	shape->at = at;
	return true;
}

bool infer_reshape(Infer *in)
{
	struct attrs_reshape *a = op_attrs(reshape, in->op);
	const Type *x = infer_arg(in, 0);
	Dim count = infer_product(in, x->rank, x->dim);

	if (!fill_in_shape(in, &a->shape, count))
		return false;
	Dim want = infer_product(in, a->shape.n, a->shape.at);
	if (!want)
		return infer_fail(in, "'shape' has more elements than fit 64 bits");
	if (!infer_equal(in, count, want, "the operand %s has %s elements, but 'shape' has %s", infer_type_text(in, x),
	                 infer_dim_text(in, count), infer_dim_text(in, want)))
		return false;
	return infer_result(in, x->dtype, a->shape.n, a->shape.at);
}

/* A wider element is a last axis of as many narrower ones as it has room for. */
bool infer_bitcast_convert(Infer *in)
{
	DType to = op_attrs(bitcast_convert, in->op)->dtype;
	const Type *x = infer_arg(in, 0);
	int from_bits = dtype_width(x->dtype), to_bits = dtype_width(to), rank = x->rank;
	Dim dim[RANK_MAX + 1];

	if (!infer_dtype_in(in, 0, DTS_RING))
		return false;
	if (!(DTS_RING & DTS(to)))
		return infer_fail(in, "'dtype' is %s, wanted a number type", dtype_info[to].name);
	if (from_bits % to_bits && to_bits % from_bits)
		return infer_fail(in, "no elements of %s make one of %s", dtype_info[from_bits < to_bits ? x->dtype : to].name,
		                  dtype_info[from_bits < to_bits ? to : x->dtype].name);
	for (int i = 0; i < rank; i++)
		dim[i] = x->dim[i];
	if (from_bits > to_bits) {
		if (rank == dtype_rank_max(to))
			return infer_fail_at(in, 0, "the operand has rank %d, and the result would have one axis more than is possible", rank);
		dim[rank++] = infer_const(in, from_bits / to_bits);
	} else if (from_bits < to_bits) {
		int n = to_bits / from_bits;
		if (rank == 0)
			return infer_fail_at(in, 0, "the operand has rank 0, wanted a last axis of extent %d for %s", n, dtype_info[to].name);
		rank--;
		if (!infer_equal(in, dim[rank], infer_const(in, n), "the last axis has extent %s, wanted %d for %s",
		                 infer_dim_text(in, dim[rank]), n, dtype_info[to].name))
			return false;
	}
	return infer_result(in, to, rank, dim);
}

bool infer_transpose(Infer *in)
{
	Ints perm = op_attrs(transpose, in->op)->permutation;
	const Type *x = infer_arg(in, 0);
	Dim dim[RANK_MAX];

	if (perm.n != x->rank)
		return infer_fail_at(in, 0, "'permutation' has %d entr%s, but the operand has rank %d", perm.n,
		                     perm.n == 1 ? "y" : "ies", x->rank);
	if (!infer_axes(in, "permutation", perm, x->rank, 0))
		return false;
	for (int i = 0; i < x->rank; i++)
		dim[i] = x->dim[perm.at[i]];
	return infer_result(in, x->dtype, x->rank, dim);
}

bool infer_reverse(Infer *in)
{
	const Type *x = infer_arg(in, 0);

	return infer_axes(in, "dims", op_attrs(reverse, in->op)->dims, x->rank, 0) && infer_result_type(in, x);
}

bool infer_slice(Infer *in)
{
	const struct attrs_slice *a = op_attrs(slice, in->op);
	const Type *x = infer_arg(in, 0);
	Dim dim[RANK_MAX];

	if (a->start.n != x->rank || a->limit.n != x->rank)
		return infer_fail_at(in, 0, "'start' has %d entr%s and 'limit' %d, but the operand has rank %d", a->start.n,
		                     a->start.n == 1 ? "y" : "ies", a->limit.n, x->rank);
	if (!infer_ints_count(in, "strides", a->strides, x->rank, true) || !infer_ints_least(in, "strides", a->strides, 1))
		return false;
	for (int i = 0; i < x->rank; i++) {
		Dim start = a->start.at[i], limit = a->limit.at[i];

		if (!infer_at_most(in, infer_const(in, 0), start, "'start' of axis %d is %s, wanted at least 0", i,
		                   infer_dim_text(in, start)) ||
		    !infer_at_most(in, start, limit, "'start' of axis %d is %s, beyond 'limit', which is %s", i,
		                   infer_dim_text(in, start), infer_dim_text(in, limit)) ||
		    !infer_at_most(in, limit, x->dim[i], "'limit' of axis %d is %s, beyond the extent %s", i,
		                   infer_dim_text(in, limit), infer_dim_text(in, x->dim[i])))
			return false;
		dim[i] = infer_ceildiv(in, infer_sub(in, limit, start), infer_const(in, ints_at(a->strides, i, 1)));
	}
	return infer_result(in, x->dtype, x->rank, dim);
}

bool infer_pad(Infer *in)
{
	const struct attrs_pad *a = op_attrs(pad, in->op);
	const Type *x = infer_arg(in, 0);
	Dim dim[RANK_MAX], zero = infer_const(in, 0), one = infer_const(in, 1);

	if (!infer_is_scalar(in, 1, x->dtype, "the padding value, operand 1,") ||
	    !infer_ints_count(in, "low", a->low, x->rank, false) || !infer_ints_count(in, "high", a->high, x->rank, false) ||
	    !infer_ints_count(in, "interior", a->interior, x->rank, true) ||
	    !infer_ints_least(in, "interior", a->interior, 0))
		return false;
	for (int i = 0; i < x->rank; i++) {
		Dim gaps = infer_max(in, infer_sub(in, x->dim[i], one), zero);
		Dim inner = infer_mul(in, gaps, infer_const(in, ints_at(a->interior, i, 0)));
		Dim edges = infer_add(in, infer_const(in, a->low.at[i]), infer_const(in, a->high.at[i]));

		dim[i] = infer_add(in, infer_add(in, x->dim[i], inner), edges);
	}
	return infer_result(in, x->dtype, x->rank, dim);
}

bool infer_concatenate(Infer *in)
{
	int64_t axis = op_attrs(concatenate, in->op)->dim;

	if (!infer_arity(in, 1, INT32_MAX, "at least one"))
		return false;
	const Type *x = infer_arg(in, 0);
	Dim dim[RANK_MAX];
	if (!infer_axis(in, "dim", axis, x->rank))
		return false;
	for (int k = 0; k < x->rank; k++)
		dim[k] = x->dim[k];
	for (int i = 1; i < in->op->nargs; i++) {
		const Type *y = infer_arg(in, i);

		if (!infer_dtype_same(in, 0, i) || !infer_rank_is(in, i, x->rank))
			return false;
		for (int k = 0; k < x->rank; k++) {
			if (k == axis) {
				dim[k] = infer_add(in, dim[k], y->dim[k]);
				continue;
			}
			if (!infer_equal(in, x->dim[k], y->dim[k], "axis %d of operand %d has extent %s, wanted %s as operand 0 has", k,
			                 i, infer_dim_text(in, y->dim[k]), infer_dim_text(in, x->dim[k])))
				return false;
			dim[k] = infer_merge(in, dim[k], y->dim[k]);
		}
	}
	return infer_result(in, x->dtype, x->rank, dim);
}
