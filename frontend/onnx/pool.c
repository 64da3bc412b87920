/* frontend/onnx/pool.c - pools: MaxPool, AveragePool, LpPool, their global forms, MaxUnpool. */
#include "frontend/onnx/vision.h"

static bool windows_of_pool(Onnx *o, const Value *x, Windows *w)
{
	int64_t size[RANK_MAX];
	int rank = x->type->rank;

	if (rank < 3)
		return refuse(o, "the input has rank %d, wanted at least 3 ([N, C, ...])", rank);
	return kernel_given(o, rank - 2, size) && windows_given(o, x->type, size, w);
}

static bool pool_given(Onnx *o, Value **x, Windows *w)
{
	*x = arg(o, 0);
	return *x && windows_of_pool(o, *x, w);
}

/* Row-major numbers of elements as ONNX counts them with storage_order: the first spatial axis fastest. */
static Value *column_major(Onnx *o, Value *index, const Type *x)
{
	Value *plane = size_value(o, dim_num(o, 1)), *step = plane, *sum = NULL, *rest;

	for (int k = 2; k < x->rank; k++)
		plane = EW(o, mul, plane, size_value(o, x->dim[k]));
	rest = EW(o, rem, index, plane);
	Value *inner = plane;
	for (int k = 2; k < x->rank; k++) {
		Value *extent = size_value(o, x->dim[k]);

		inner = EW(o, div, inner, extent);
		Value *at = EW(o, mul, EW(o, rem, EW(o, div, rest, inner), extent), step);
		sum = sum ? EW(o, add, sum, at) : at;
		step = EW(o, mul, step, extent);
	}
	return EW(o, add, EW(o, sub, index, rest), sum);
}

static bool max_with_indices(Onnx *o, Value *x, Windows *w)
{
	const Type *t = x->type;
	Dim count = type_count(o->ctx->types, t);
	double least = dtype_to_f64(t->dtype, dtype_extreme(t->dtype, false));

	if (!count)
		return overflows(o);
	Value *index = reshaped(o, counting(o, DT_I64, count), t->rank, t->dim);
	Windows same = *w;
	if (!index || !(index = windows_padded(o, index, &same, false, -1)) || !(x = windows_padded(o, x, w, false, least)))
		return false;
	Op *op = windows_argmax(o, x, index, w);
	if (!op)
		return false;
	index = windows_ended(o, op->result[1], w);
	if (get_int(o, "storage_order", 0))
		index = column_major(o, index, t);
	return give(o, 0, windows_ended(o, op->result[0], w)) && give(o, 1, index);
}

bool onnx_max_pool(Onnx *o)
{
	Value *x;
	Windows w;

	if (!pool_given(o, &x, &w))
		return false;
	return wants(o, 1) ? max_with_indices(o, x, &w) : give(o, 0, windows_reduced(o, OP_max, x, w));
}

/* How many elements lie in each window: the product over the axes of a vector each, which is a number where no window reaches
   over an end. */
static Value *counts(Onnx *o, const Windows *w, const Value *x, bool padding)
{
	DType t = x->type->dtype;
	Value *count = NULL;
	double fixed = 1;

	for (int i = 0; i < w->n; i++) {
		Windows line = { .n = 1, .size = { w->size[i] }, .stride = { w->stride[i] }, .dilation = { w->dilation[i] },
		                 .low = { w->low[i] }, .high = { w->high[i] }, .more = { w->more[i] }, .end = { w->end[i] } };
		bool whole = padding || (dim_is(w->low[i], 0) && dim_is(w->high[i], 0));

		if (whole && dim_is(w->more[i], 0)) {
			fixed *= (double)w->size[i];
			continue;
		}
		Value *ones = splat(o, t, 1, &x->type->dim[2 + i], 1);
		if (padding)
			ones = windows_padded(o, ones, &line, true, 1);
		ones = along(o, windows_reduced(o, OP_add, ones, line), 2 + i, x->type->rank);
		count = count ? EW(o, mul, count, ones) : ones;
		if (!count)
			return NULL;
	}
	Value *number = number_like(o, (Value *)x, fixed);
	return count ? EW(o, mul, count, number) : number;
}

Value *average_pooled(Onnx *o, Value *x)
{
	bool padding = get_int(o, "count_include_pad", 0) != 0;
	Windows w;

	if (!x || !windows_of_pool(o, x, &w))
		return NULL;
	DType own = x->type->dtype;
	x = as_type(o, x, wide_type(own));
	Value *n = x ? counts(o, &w, x, padding) : NULL, *sum = windows_reduced(o, OP_add, x, w);
	return as_type(o, EW(o, div, sum, n), own);
}

bool onnx_average_pool(Onnx *o)
{
	return give(o, 0, average_pooled(o, arg(o, 0)));
}

static Value *to_the(Onnx *o, Value *x, int64_t p)
{
	x = p == 2 ? x : EW(o, abs, x);
	return p == 1 ? x : p == 2 ? EW(o, mul, x, x) : EW(o, pow, x, number_like(o, x, (double)p));
}

static Value *root_of(Onnx *o, Value *x, int64_t p)
{
	return p == 1 ? x : p == 2 ? EW(o, sqrt, x) : EW(o, pow, x, number_like(o, x, 1 / (double)p));
}

bool onnx_lp_pool(Onnx *o)
{
	int64_t p = get_int(o, "p", 2);
	Value *x;
	Windows w;

	if (p < 1)
		return refuse_attr(o, "p", "%lld found, wanted at least 1", (long long)p);
	if (!pool_given(o, &x, &w))
		return false;
	DType own = x->type->dtype;
	if (!(x = as_type(o, x, wide_type(own))) || !(x = to_the(o, x, p)) || !(x = windows_reduced(o, OP_add, x, w)))
		return false;
	return give(o, 0, as_type(o, root_of(o, x, p), own));
}

static bool spatial_axes(Onnx *o, Value **x, Ints *axes)
{
	int64_t at[RANK_MAX];

	if (!(*x = arg(o, 0)))
		return false;
	int rank = (*x)->type->rank;
	if (rank < 2)
		return refuse(o, "the input has rank %d, wanted at least 2 ([N, C, ...])", rank);
	for (int k = 2; k < rank; k++)
		at[k - 2] = k;
	*axes = ints_copy(o->arena, rank - 2, at);
	return true;
}

bool onnx_global_average_pool(Onnx *o)
{
	Value *x;
	Ints axes;

	return spatial_axes(o, &x, &axes) && give(o, 0, reduced(o, OP_mean, x, axes, true));
}

bool onnx_global_max_pool(Onnx *o)
{
	Value *x;
	Ints axes;

	return spatial_axes(o, &x, &axes) && give(o, 0, reduced(o, OP_reduce_max, x, axes, true));
}

bool onnx_global_lp_pool(Onnx *o)
{
	int64_t p = get_int(o, "p", 2);
	Value *x;
	Ints axes;

	if (p < 1)
		return refuse_attr(o, "p", "%lld found, wanted at least 1", (long long)p);
	if (!spatial_axes(o, &x, &axes))
		return false;
	DType own = x->type->dtype;
	if (!(x = as_type(o, x, wide_type(own))) || !(x = to_the(o, x, p)) || !(x = reduced(o, OP_reduce_sum, x, axes, true)))
		return false;
	return give(o, 0, as_type(o, root_of(o, x, p), own));
}

/* Elements written at their numbers in the tensor that the pool was of, zeros elsewhere; a larger shape adds zeros at the ends. */
bool onnx_max_unpool(Onnx *o)
{
	DimTable *t = o->ctx->dims;
	Value *x = arg(o, 0), *index = arg(o, 1), *shape = arg_opt(o, 2);
	int64_t size[RANK_MAX], stride[RANK_MAX];
	Ints pads = get_ints(o, "pads");
	Dim dim[RANK_MAX], one = dim_num(o, 1), total = one;
	Dims want = { 0 };

	if (!x || !index || (has_arg(o, 2) && (!shape || !dims_in(o, shape, &want))))
		return false;
	int rank = x->type->rank, n = rank - 2;
	if (n < 1 || (shape && want.n != rank))
		return refuse(o, "the input has rank %d, and 'output_shape' %d elements", rank, want.n);
	if (!kernel_given(o, n, size) || !spatial_ints(o, "strides", n, 1, 1, stride))
		return false;
	if (pads.n && pads.n != 2 * n)
		return refuse_attr(o, "pads", "%d number%s found, wanted %d", pads.n, pads.n == 1 ? "" : "s", 2 * n);
	for (int k = 0; k < rank; k++) {
		int i = k - 2;

		dim[k] = x->type->dim[k];
		if (i >= 0) {
			dim[k] = dim_mul(t, dim_sub(t, dim[k], one), dim_num(o, stride[i]));
			dim[k] = dim_add(t, dim[k], dim_num(o, size[i]));
			if (pads.n)
				dim[k] = dim_sub(t, dim[k], dim_add(t, dim_num(o, pads.at[i]), dim_num(o, pads.at[n + i])));
		}
		total = dim_mul(t, total, dim[k]);
	}
	Dim count = type_count(o->ctx->types, x->type);
	Value *zeros = splat(o, x->type->dtype, 1, &total, 0);
	if (!zeros)
		return false;
	index = reshaped(o, index, 2, (Dim[]){ count, one });
	x = reshaped(o, x, 1, &count);
	if (!x || !index)
		return false;
	Value *y = EMIT(o, scatter_nd, ARGS(zeros, index, x), .reduction = "none");
	y = reshaped(o, y, rank, dim);
	for (int k = 0; y && k < want.n; k++)
		y = padded(o, y, k, dim_num(o, 0), dim_sub(t, want.at[k], dim[k]), 0);
	return give(o, 0, y);
}
