/* ir/infer_select.c - inference of composites that pick elements by comparing them: select_and_scatter, top_k. */
#include "ir/infer_impl.h"

bool infer_select_and_scatter(Infer *in)
{
	struct attrs_select_and_scatter *a = op_attrs(select_and_scatter, in->op);
	const Type *x = infer_arg(in, 0), *scalar = type_scalar(in->ctx->types, x->dtype);
	const Type *truth = type_scalar(in->ctx->types, DT_BOOL);
	Dim dim[RANK_MAX];

	if (!infer_ints_count(in, "window", a->window, x->rank, false) || !infer_ints_least(in, "window", a->window, 1))
		return false;

	WindowAttrs w = { a->window, a->strides, INTS_NONE, INTS_NONE, &a->padding };
	if (!infer_windows(in, x->rank, x->dim, &w, dim, &a->padding) || !infer_dtype_same(in, 0, 1) ||
	    !infer_type_is(in, infer_arg(in, 1), type_get(in->ctx->types, x->dtype, x->rank, dim), "the source, operand 1,") ||
	    !infer_is_scalar(in, 2, x->dtype, "the initial value, operand 2,"))
		return false;
	return infer_region(in, 0, 2, (const Type *[]){ scalar, scalar }, 1, &truth) &&
	       infer_region(in, 1, 2, (const Type *[]){ scalar, scalar }, 1, &scalar) && infer_result_type(in, x);
}

bool infer_top_k(Infer *in)
{
	const struct attrs_top_k *a = op_attrs(top_k, in->op);
	const Type *x = infer_arg(in, 0);
	Dim dim[RANK_MAX];
	int axis;

	if (!infer_dtype_in(in, 0, DTS_REAL) || !infer_axis_wrapped(in, "axis", a->axis, x->rank, &axis))
		return false;
	for (int k = 0; k < x->rank; k++)
		dim[k] = x->dim[k];
	dim[axis] = a->k;
	if (!infer_at_most(in, infer_const(in, 0), a->k, "'k' is %s, wanted at least 0", infer_dim_text(in, a->k)) ||
	    !infer_at_most(in, a->k, x->dim[axis], "'k' is %s, but axis %d has only %s elements", infer_dim_text(in, a->k), axis,
	                   infer_dim_text(in, x->dim[axis])) ||
	    !infer_at_most(in, x->dim[axis], infer_const(in, INT32_MAX), "axis %d has %s elements, more than indices of type i32 count",
	                   axis, infer_dim_text(in, x->dim[axis])))
		return false;
	return infer_result(in, x->dtype, x->rank, dim) && infer_result(in, DT_I32, x->rank, dim);
}
