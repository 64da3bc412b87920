/* frontend/onnx/sample.c - reading images between their elements: GridSample, AffineGrid. */
#include "frontend/onnx/vision.h"
#include "ir/sample.h"

Value *counting(Onnx *o, DType t, Dim n)
{
	if (!n) {
		overflows(o);
		return NULL;
	}
	return EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = t, .shape = dims_copy(o->arena, 1, &n));
}

Value *along(Onnx *o, Value *v, int axis, int rank)
{
	Dim dim[RANK_MAX];

	for (int k = 0; v && k < rank; k++)
		dim[k] = k == axis ? v->type->dim[0] : dim_num(o, 1);
	return reshaped(o, v, rank, dim);
}

DType wide_type(DType t)
{
	return t == DT_F64 || t == DT_F32 ? t : DT_F32;
}

bool onnx_grid_sample(Onnx *o)
{
	Value *x = arg(o, 0), *grid = arg(o, 1);
	const char *mode = get_string(o, "mode", "linear"), *padding = get_string(o, "padding_mode", "zeros");
	struct attrs_grid_sample a = { .align_corners = get_int(o, "align_corners", 0) != 0, .normalized = true, .cubic_coeff = -0.75 };

	if (!x || !grid || !mode || !padding)
		return false;
	int n = x->type->rank - 2;
	if (n < 1 || grid->type->rank < 2 || !extent_is(o, grid->type->dim[grid->type->rank - 1], n))
		return refuse(o, "operands of ranks %d and %d found, wanted [N, C, ...] and [N, ..., %d]", x->type->rank, grid->type->rank,
		              n < 1 ? 1 : n);
	if (word_index(padding, sample_paddings, PADDING_COUNT) < 0)
		return refuse_attr(o, "padding_mode", "\"%s\" found, wanted zeros, border or reflection", padding);
	a.mode = !strcmp(mode, "bilinear") ? "linear" : !strcmp(mode, "bicubic") ? "cubic" : mode;
	a.padding = padding;
	return give(o, 0, emit(o, OP_grid_sample, 2, (Value *[]){ x, grid }, &a));
}

/* Coordinates of n elements: from -1 to 1 at the centers of the corner elements, or at their corners. */
static Value *coordinates(Onnx *o, DType t, Dim n, bool corners)
{
	Value *i = counting(o, t, n), *size = as_type(o, size_value(o, n), t), *one = number(o, t, 1), *two = number(o, t, 2);

	if (!corners)
		return EW(o, sub, EW(o, div, EW(o, add, EW(o, mul, i, two), one), size), one);
	Value *steps = EW(o, max, EW(o, sub, size, one), one), *at = EW(o, sub, EW(o, div, EW(o, mul, i, two), steps), one);
	return dim_is(n, 1) ? EW(o, mul, at, number(o, t, 0)) : at;
}

bool onnx_affine_grid(Onnx *o)
{
	Value *theta = arg(o, 0), *size = arg(o, 1), *y = NULL;
	bool corners = get_int(o, "align_corners", 0) != 0;
	Dims extent;

	if (!theta || !size || !dims_in(o, size, &extent))
		return false;
	int n = extent.n - 2;
	if (n < 1 || n > RANK_MAX - 2)
		return refuse(o, "'size' has %d elements, wanted 3 to %d, those of [N, C, ...]", extent.n, RANK_MAX);
	if (theta->type->rank != 3 || !extent_is(o, theta->type->dim[1], n) || !extent_is(o, theta->type->dim[2], n + 1))
		return refuse(o, "'size' has %d elements, wanted those of [N, C, ...], and 'theta' to be [N, %d, %d]", extent.n, n, n + 1);
	DType own = theta->type->dtype;
	theta = as_type(o, theta, wide_type(own));
	for (int k = 0; theta && k <= n; k++) {
		Value *column = sliced(o, theta, 2, dim_num(o, k), dim_num(o, k + 1));
		Dim dim[RANK_MAX];

		dim[0] = theta->type->dim[0];
		for (int i = 1; i <= n; i++)
			dim[i] = dim_num(o, 1);
		dim[n + 1] = dim_num(o, n);
		column = reshaped(o, column, n + 2, dim);
		if (k < n)   /* x is the last axis */
			column = EW(o, mul, column, along(o, coordinates(o, theta->type->dtype, extent.at[extent.n - 1 - k], corners), n - k, n + 2));
		y = y ? EW(o, add, y, column) : column;
	}
	return give(o, 0, as_type(o, y, own));
}
