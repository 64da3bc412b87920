/* ir/infer_lookup.c - inference of composites that read and write at indices: take, gather_nd, scatter_nd, one_hot. */
#include "ir/infer_impl.h"

/* Axes first .. first+n-1 of x can be indexed: whatever the index, there is an element to give. */
static bool has_elements(Infer *in, const Type *x, int first, int n)
{
	for (int k = first; k < first + n; k++)
		if (!infer_at_most(in, infer_const(in, 1), x->dim[k], "axis %d has no elements", k))
			return false;
	return true;
}

/* The extents dim[0..n) and then those of t from axis `from` to before `to`. */
static int append(const Type *t, int from, int to, Dim *dim, int n)
{
	for (int k = from; k < to; k++)
		dim[n++] = t->dim[k];
	return n;
}

/* x with the shape of the indices in place of an axis. */
static bool taken(Infer *in, const Type *x, int axis, const Type *indices)
{
	Dim dim[2 * RANK_MAX];
	int n = append(x, 0, axis, dim, 0);

	n = append(indices, 0, indices->rank, dim, n);
	n = append(x, axis + 1, x->rank, dim, n);
	return has_elements(in, x, axis, 1) && infer_result(in, x->dtype, n, dim);
}

bool infer_take(Infer *in)
{
	const Type *x = infer_arg(in, 0);
	int axis;

	return infer_axis_wrapped(in, "axis", op_attrs(take, in->op)->axis, x->rank, &axis) &&
	       infer_dtype_in(in, 1, DTS_INT) && taken(in, x, axis, infer_arg(in, 1));
}

bool infer_embedding(Infer *in)
{
	return infer_dtype_in(in, 0, DTS_INT) && infer_rank_is(in, 1, 2) && taken(in, infer_arg(in, 1), 0, infer_arg(in, 0));
}

/* How many entries an index vector has: the last extent of the indices, of which operand 0 has `most` axes to index. */
static bool vector_length(Infer *in, int most, int *out)
{
	const Type *indices = infer_arg(in, 1);

	if (!infer_dtype_in(in, 1, DTS_INT))
		return false;
	if (indices->rank == 0)
		return infer_fail_at(in, 1, "the indices, operand 1, are a scalar, wanted index vectors along the last axis");
	Dim n = indices->dim[indices->rank - 1];
	if (!dim_is_const(n))
		return infer_fail_at(in, 1, "the last extent of the indices is %s, wanted a number", infer_dim_text(in, n));
	if (n->value > most)
		return infer_fail_at(in, 1, "index vectors have %lld entr%s, but operand 0 has %d axes for them", (long long)n->value,
		                     n->value == 1 ? "y" : "ies", most);
	*out = (int)n->value;
	return true;
}

bool infer_gather_nd(Infer *in)
{
	const Type *x = infer_arg(in, 0), *indices = infer_arg(in, 1);
	int64_t batch = op_attrs(gather_nd, in->op)->batch_dims;
	Dim dim[2 * RANK_MAX];
	int k;

	if (batch < 0 || batch > x->rank || batch >= (indices->rank ? indices->rank : 1))
		return infer_fail(in, "'batch_dims' is %lld, wanted at least 0, at most %d as operand 0 has axes, and less than %d as the indices have",
		                  (long long)batch, x->rank, indices->rank);
	if (!vector_length(in, x->rank - (int)batch, &k))
		return false;
	for (int i = 0; i < batch; i++)
		if (!infer_equal(in, x->dim[i], indices->dim[i], "batch axis %d has extent %s in operand 0, but %s in the indices", i,
		                 infer_dim_text(in, x->dim[i]), infer_dim_text(in, indices->dim[i])))
			return false;
	int n = append(indices, 0, indices->rank - 1, dim, 0);
	n = append(x, (int)batch + k, x->rank, dim, n);
	return has_elements(in, x, 0, (int)batch + k) && infer_result(in, x->dtype, n, dim);
}

bool infer_scatter_nd(Infer *in)
{
	static const char *const known[] = { "none", "add", "mul", "max", "min" };
	const Type *x = infer_arg(in, 0), *indices = infer_arg(in, 1);
	const char *reduction = op_attrs(scatter_nd, in->op)->reduction;
	Dim dim[2 * RANK_MAX];
	int k, which = 0;

	while (which < 5 && strcmp(reduction, known[which]))
		which++;
	if (which == 5)
		return infer_fail(in, "'reduction' is \"%s\", wanted \"none\", \"add\", \"mul\", \"max\" or \"min\"", reduction);
	if (!infer_dtype_in(in, 0, which == 0 ? DTS_ANY : which < 3 ? DTS_RING : DTS_REAL) || !vector_length(in, x->rank, &k))
		return false;
	int n = append(indices, 0, indices->rank - 1, dim, 0);
	n = append(x, k, x->rank, dim, n);
	if (n > RANK_MAX)
		return infer_fail(in, "the updates would have rank %d; at most %d is supported", n, RANK_MAX);
	return infer_type_is(in, infer_arg(in, 2), type_get(in->ctx->types, x->dtype, n, dim), "the updates, operand 2,") &&
	       infer_result_type(in, x);
}

bool infer_one_hot(Infer *in)
{
	const struct attrs_one_hot *a = op_attrs(one_hot, in->op);
	const Type *x = infer_arg(in, 0);
	Dim dim[RANK_MAX + 1];
	int axis;

	if (!infer_dtype_in(in, 0, DTS_INT) || !infer_axis_wrapped(in, "axis", a->axis, x->rank + 1, &axis))
		return false;
	if (!infer_at_most(in, infer_const(in, 0), a->num_classes, "'num_classes' is %s, wanted at least 0", infer_dim_text(in, a->num_classes)))
		return false;
	int n = append(x, 0, axis, dim, 0);
	dim[n++] = a->num_classes;
	n = append(x, axis, x->rank, dim, n);
	return infer_result(in, a->dtype, n, dim);
}
