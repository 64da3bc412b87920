/* ir/infer_composite.c - inference of ops that are made of others. */
#include "ir/infer_impl.h"

bool infer_softmax(Infer *in)
{
	int axis;

	return infer_dtype_in(in, 0, DTS_FLOAT) &&
	       infer_axis_wrapped(in, "axis", op_attrs(softmax, in->op)->axis, infer_arg(in, 0)->rank, &axis) &&
	       infer_result_type(in, infer_arg(in, 0));
}

/* cumsum and cumprod */
bool infer_cumulative(Infer *in)
{
	const struct attrs_cumsum *a = in->op->attrs;
	int axis;

	return infer_dtype_in(in, 0, DTS_RING) && infer_axis_wrapped(in, "axis", a->axis, infer_arg(in, 0)->rank, &axis) &&
	       infer_result_type(in, infer_arg(in, 0));
}

bool infer_prelu(Infer *in)
{
	const Type *x = infer_arg(in, 0), *slope = infer_arg(in, 1);
	int above = x->rank - slope->rank;

	if (!infer_dtype_in(in, 0, DTS_FLOAT) || !infer_dtype_same(in, 0, 1))
		return false;
	if (above < 0)
		return infer_fail_at(in, 1, "the slope, operand 1, has rank %d, wanted at most %d as x has", slope->rank, x->rank);
	for (int i = 0; i < slope->rank; i++)
		if (!dim_is(slope->dim[i], 1) &&
		    !infer_equal(in, slope->dim[i], x->dim[above + i], "axis %d of the slope has extent %s, wanted 1 or %s as x has", i,
		                 infer_dim_text(in, slope->dim[i]), infer_dim_text(in, x->dim[above + i])))
			return false;
	return infer_result_type(in, x);
}

static bool epsilon_is_fine(Infer *in, double epsilon)
{
	return epsilon >= 0 || infer_fail(in, "'epsilon' is %g, wanted a number of at least 0", epsilon);
}

bool infer_layer_norm(Infer *in)
{
	const struct attrs_layer_norm *a = op_attrs(layer_norm, in->op);
	const Type *x = infer_arg(in, 0);
	int axis;

	if (!infer_dtype_in(in, 0, DTS_FLOAT) || !infer_axis_wrapped(in, "axis", a->axis, x->rank, &axis) ||
	    !epsilon_is_fine(in, a->epsilon))
		return false;
	return infer_operand_is(in, 1, "the scale", x->rank - axis, x->dim + axis) &&
	       infer_operand_is(in, 2, "the offset", x->rank - axis, x->dim + axis) && infer_result_type(in, x);
}

/* A norm of each sample: scale and offset are vectors along the axis of channels, which is not that of samples. */
static bool channel_norm(Infer *in, int64_t at, double epsilon, int *axis)
{
	const Type *x = infer_arg(in, 0);

	if (!infer_dtype_in(in, 0, DTS_FLOAT) || !infer_axis_wrapped(in, "axis", at, x->rank, axis) || !epsilon_is_fine(in, epsilon))
		return false;
	if (*axis == 0)
		return infer_fail(in, "'axis' is that of the samples, 0, wanted another one");
	return infer_operand_is(in, 1, "the scale", 1, &x->dim[*axis]) && infer_operand_is(in, 2, "the offset", 1, &x->dim[*axis]) &&
	       infer_result_type(in, x);
}

bool infer_group_norm(Infer *in)
{
	const struct attrs_group_norm *a = op_attrs(group_norm, in->op);
	const Type *x = infer_arg(in, 0);
	int axis;

	if (!channel_norm(in, a->axis, a->epsilon, &axis))
		return false;
	if (a->groups < 1)
		return infer_fail(in, "'groups' is %lld, wanted at least 1", (long long)a->groups);
	if (x->rank == RANK_MAX)
		return infer_fail_at(in, 0, "operand 0 has rank %d; at most %d is supported", x->rank, RANK_MAX - 1);
	return infer_equal(in, dim_mod(in->ctx->dims, x->dim[axis], infer_const(in, a->groups)), infer_const(in, 0),
	                   "'groups' is %lld, which does not divide the %s channels", (long long)a->groups, infer_dim_text(in, x->dim[axis]));
}

bool infer_instance_norm(Infer *in)
{
	const struct attrs_instance_norm *a = op_attrs(instance_norm, in->op);
	int axis;

	return channel_norm(in, a->axis, a->epsilon, &axis);
}

bool infer_rms_norm(Infer *in)
{
	const struct attrs_rms_norm *a = op_attrs(rms_norm, in->op);
	const Type *x = infer_arg(in, 0);
	int axis;

	return infer_dtype_in(in, 0, DTS_FLOAT) && infer_axis_wrapped(in, "axis", a->axis, x->rank, &axis) &&
	       epsilon_is_fine(in, a->epsilon) && infer_operand_is(in, 1, "the scale", x->rank - axis, x->dim + axis) &&
	       infer_result_type(in, x);
}

bool infer_lrn(Infer *in)
{
	const struct attrs_lrn *a = op_attrs(lrn, in->op);
	int axis;

	if (a->size < 1)
		return infer_fail(in, "'size' is %lld, wanted at least 1", (long long)a->size);
	return infer_dtype_in(in, 0, DTS_FLOAT) && infer_axis_wrapped(in, "axis", a->axis, infer_arg(in, 0)->rank, &axis) &&
	       infer_result_type(in, infer_arg(in, 0));
}

/* x and vectors along its axis of channels: operands 1 to n - 1, which are called what[i]. */
static bool batch_norm(Infer *in, int n, const char *const *what, Dim *channels)
{
	const struct attrs_batch_norm_inference *a = in->op->attrs;   /* all of them have the same */
	const Type *x = infer_arg(in, 0);
	int axis;

	if (!infer_dtype_in(in, 0, DTS_FLOAT) || !infer_axis_wrapped(in, "axis", a->axis, x->rank, &axis) ||
	    !epsilon_is_fine(in, a->epsilon))
		return false;
	for (int i = 1; i < n; i++)
		if (!infer_operand_is(in, i, what[i], 1, &x->dim[axis]))
			return false;
	*channels = x->dim[axis];
	return infer_result_type(in, x);
}

bool infer_batch_norm(Infer *in)
{
	static const char *const what[] = { NULL, "the scale", "the offset", "the mean", "the variance" };
	Dim channels;

	return batch_norm(in, 5, what, &channels);
}

/* Two vectors along the axis follow the first result. */
bool infer_batch_norm_training(Infer *in)
{
	static const char *const what[] = { NULL, "the scale", "the offset" };
	DType t = infer_arg(in, 0)->dtype;
	Dim channels;

	return batch_norm(in, 3, what, &channels) && infer_result(in, t, 1, &channels) && infer_result(in, t, 1, &channels);
}

bool infer_batch_norm_grad(Infer *in)
{
	static const char *const what[] = { NULL, "the scale", "the mean", "the variance" };
	const Type *x = infer_arg(in, 0);
	Dim channels;

	return batch_norm(in, 4, what, &channels) && infer_operand_is(in, 4, "the gradient", x->rank, x->dim) &&
	       infer_result(in, x->dtype, 1, &channels) && infer_result(in, x->dtype, 1, &channels);
}

bool infer_matmul(Infer *in)
{
	const Type *x = infer_arg(in, 0), *y = infer_arg(in, 1);
	Dim dim[RANK_MAX + 2];

	if (!infer_dtype_in(in, 0, DTS_RING) || !infer_dtype_same(in, 0, 1))
		return false;
	for (int i = 0; i < 2; i++)
		if (infer_arg(in, i)->rank == 0)
			return infer_fail_at(in, i, "operand %d is a scalar, wanted rank 1 or more; use mul", i);

	Dim k = x->dim[x->rank - 1], l = y->dim[y->rank == 1 ? 0 : y->rank - 2];
	if (!infer_equal(in, k, l, "operand 0, %s, has %s columns, but operand 1, %s, has %s rows", infer_type_text(in, x),
	                 infer_dim_text(in, k), infer_type_text(in, y), infer_dim_text(in, l)))
		return false;

	int xb = x->rank > 2 ? x->rank - 2 : 0, yb = y->rank > 2 ? y->rank - 2 : 0, rank = xb > yb ? xb : yb;
	for (int i = 0; i < rank; i++) {
		int xi = i - (rank - xb), yi = i - (rank - yb);

		if (xi < 0 || yi < 0)
			dim[i] = xi < 0 ? y->dim[yi] : x->dim[xi];
		else if (!infer_broadcast(in, "batch", x->dim[xi], y->dim[yi], &dim[i]))
			return false;
	}
	if (x->rank > 1)
		dim[rank++] = x->dim[x->rank - 2];
	if (y->rank > 1)
		dim[rank++] = y->dim[y->rank - 1];
	return infer_result(in, x->dtype, rank, dim);
}

bool infer_dense(Infer *in)
{
	Dim dim[RANK_MAX];

	if (!infer_arity(in, 2, 3, "x, kernel, and optionally bias"))
		return false;
	const Type *x = infer_arg(in, 0), *k = infer_arg(in, 1);
	if (!infer_dtype_in(in, 0, DTS_RING) || !infer_dtype_same(in, 0, 1) || !infer_rank_is(in, 1, 2))
		return false;
	if (x->rank < 1)
		return infer_fail_at(in, 0, "operand 0 is a scalar, wanted rank 1 or more");
	if (!infer_equal(in, x->dim[x->rank - 1], k->dim[0], "the last axis of x has extent %s, but the kernel %s takes %s",
	                 infer_dim_text(in, x->dim[x->rank - 1]), infer_type_text(in, k), infer_dim_text(in, k->dim[0])))
		return false;
	if (in->op->nargs == 3 && !infer_operand_is(in, 2, "the bias", 1, &k->dim[1]))
		return false;
	for (int i = 0; i + 1 < x->rank; i++)
		dim[i] = x->dim[i];
	dim[x->rank - 1] = k->dim[1];
	return infer_result(in, x->dtype, x->rank, dim);
}

bool infer_flatten(Infer *in)
{
	int64_t axis = op_attrs(flatten, in->op)->axis;
	const Type *x = infer_arg(in, 0);

	if (axis < -x->rank || axis > x->rank)
		return infer_fail_at(in, 0, "'axis' is %lld, wanted %d to %d", (long long)axis, -x->rank, x->rank);
	if (axis < 0)
		axis += x->rank;
	Dim dim[2] = { infer_product(in, (int)axis, x->dim), infer_product(in, x->rank - (int)axis, x->dim + axis) };
	return infer_result(in, x->dtype, 2, dim);
}

/* x without the marked axes, or with extents of 1 there. */
static bool reduced_result(Infer *in, DType t, const bool *gone, bool keepdims)
{
	const Type *x = infer_arg(in, 0);
	Dim dim[RANK_MAX];
	int rank = 0;

	for (int k = 0; k < x->rank; k++)
		if (!gone[k])
			dim[rank++] = x->dim[k];
		else if (keepdims)
			dim[rank++] = infer_const(in, 1);
	return infer_result(in, t, rank, dim);
}

/* argmax and argmin */
bool infer_argmax(Infer *in)
{
	const struct attrs_argmax *a = in->op->attrs;
	const Type *x = infer_arg(in, 0);
	bool gone[RANK_MAX] = { 0 };
	int axis;

	if (!infer_dtype_in(in, 0, DTS_REAL) || !infer_axis_wrapped(in, "axis", a->axis, x->rank, &axis))
		return false;
	if (!(DTS_INT & DTS(a->dtype)))
		return infer_fail(in, "'dtype' is %s, wanted an integer type", dtype_info[a->dtype].name);
	if (!infer_at_most(in, infer_const(in, 1), x->dim[axis], "axis %d has no elements", axis))
		return false;
	gone[axis] = true;
	return reduced_result(in, a->dtype, gone, a->keepdims);
}

static unsigned types_to_reduce(OpKind kind)
{
	switch (kind) {
	case OP_mean:                                                    return DTS_FIELD;
	case OP_variance: case OP_logsumexp: case OP_norm:               return DTS_FLOAT;
	case OP_reduce_max: case OP_reduce_min:                          return DTS_REAL;
	case OP_reduce_any: case OP_reduce_all:                          return DTS_BOOL;
	default:                                                         return DTS_RING;
	}
}

/* Short reductions and statistics: their attributes begin alike. */
bool infer_reduce_short(Infer *in)
{
	const struct attrs_reduce_sum *a = in->op->attrs;
	const Type *x = infer_arg(in, 0);
	bool gone[RANK_MAX];

	if (!infer_dtype_in(in, 0, types_to_reduce(in->op->kind)))
		return false;
	if (!infer_axes_wrapped(in, "dims", a->dims, x->rank, gone))
		return false;
	return reduced_result(in, x->dtype, gone, a->keepdims);
}

bool infer_norm(Infer *in)
{
	if (__builtin_isnan(op_attrs(norm, in->op)->ord))
		return infer_fail(in, "'ord' is not a number");
	return infer_reduce_short(in);
}
