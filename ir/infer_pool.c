/* ir/infer_pool.c - inference of pooling of images with channels last. */
#include "ir/conv.h"
#include "ir/infer_impl.h"

/* max_pool and avg_pool: their attributes begin alike. */
bool infer_pool(Infer *in)
{
	struct attrs_max_pool2d *a = in->op->attrs;
	bool mean = in->op->kind == OP_avg_pool1d || in->op->kind == OP_avg_pool2d || in->op->kind == OP_avg_pool3d;
	int n = op_spatial_axes(in->op->kind);
	Dim dim[RANK_MAX];

	if (!infer_dtype_in(in, 0, mean ? DTS_FLOAT : DTS_NUM) || !infer_rank_is(in, 0, n + 2) ||
	    !infer_ints_count(in, "window", a->window, n, false) || !infer_ints_least(in, "window", a->window, 1) ||
	    !infer_ints_count(in, "dilation", a->dilation, n, true) || !infer_ints_least(in, "dilation", a->dilation, 1))
		return false;

	const Type *x = infer_arg(in, 0);
	WindowAttrs w = { a->window, a->strides.n ? a->strides : a->window, INTS_NONE, a->dilation, &a->padding };
	for (int i = 0; mean && i < n; i++)
		if (!infer_fits(in, "the number of elements of each window", DT_F64, 1, &x->dim[1 + i]))
			return false;
	dim[0] = x->dim[0];
	dim[n + 1] = x->dim[n + 1];
	return infer_windows(in, n, x->dim + 1, &w, dim + 1, NULL) && infer_result(in, x->dtype, n + 2, dim);
}

bool infer_global_pool(Infer *in)
{
	const struct attrs_global_max_pool2d *a = in->op->attrs;
	OpKind kind = in->op->kind;
	bool mean = kind == OP_global_avg_pool1d || kind == OP_global_avg_pool2d || kind == OP_global_avg_pool3d;
	int n = op_spatial_axes(kind), rank = 0;
	const Type *x = infer_arg(in, 0);
	Dim dim[RANK_MAX];

	if (!infer_dtype_in(in, 0, mean ? DTS_FLOAT : DTS_NUM) || !infer_rank_is(in, 0, n + 2))
		return false;
	dim[rank++] = x->dim[0];
	for (int i = 0; i < n && a->keepdims; i++)
		dim[rank++] = infer_const(in, 1);
	dim[rank++] = x->dim[n + 1];
	return infer_result(in, x->dtype, rank, dim);
}
