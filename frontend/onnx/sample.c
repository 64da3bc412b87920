/* frontend/onnx/sample.c - reading images between their elements: GridSample, AffineGrid. */
#include "frontend/onnx/vision.h"

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

/* Positions beyond the borders go back inside, as often as it takes: a saw tooth of the distance from the lower border. */
static Value *reflected(Onnx *o, Value *at, Value *extent, bool corners)
{
	DType t = at->type->dtype;
	Value *low = number(o, t, corners ? 0 : -0.5), *span = corners ? EW(o, sub, extent, number(o, t, 1)) : extent;
	Value *twice = EW(o, add, span, span), *way = EW(o, rem, EW(o, abs, EW(o, sub, at, low)), twice);
	Value *back = EW(o, select, compare(o, CMP_GT, way, span), EW(o, sub, twice, way), way);

	/* An axis of one element has no room between its corners. */
	return EW(o, add, low, EW(o, select, compare(o, CMP_GT, span, number(o, t, 0)), back, number(o, t, 0)));
}

/* Keys, Cubic convolution interpolation for digital image processing (1981), equation 4, with a = -0.75, at distances up to 2. */
static Value *cubic_weight(Onnx *o, Value *d)
{
	DType t = d->type->dtype;
	const double a = -0.75, near[] = { a + 2, -(a + 3), 0, 1 }, far[] = { a, -5 * a, 8 * a, -4 * a };
	Value *p = number(o, t, near[0]), *q = number(o, t, far[0]);

	for (int i = 1; i < 4; i++) {
		p = EW(o, add, EW(o, mul, p, d), number(o, t, near[i]));
		q = EW(o, add, EW(o, mul, q, d), number(o, t, far[i]));
	}
	return EW(o, select, compare(o, CMP_LE, d, number(o, t, 1)), p, q);
}

/* What one axis contributes: element numbers (i64), weights (NULL: 1), and which are inside (NULL: all), where position [N, P] has
   its elements along axis 2 + i. */
typedef struct Taps { Value *index, *weight, *inside; } Taps;

static bool axis_taps(Onnx *o, Value *at, Dim extent, int i, int n, Sampling how, Outside outside, bool corners, Taps *out)
{
	DType t = at->type->dtype;
	Value *size = as_type(o, size_value(o, extent), t), *zero = number(o, t, 0), *last, *tap;
	Dim dim[RANK_MAX] = { at->type->dim[0], at->type->dim[1] };

	if (!size)
		return false;
	last = EW(o, sub, size, number(o, t, 1));
	*out = (Taps){ 0 };
	if (how == SAMPLE_NEAREST)
		at = EW(o, round_nearest_even, at);
	/* As PyTorch has it: of a cubic the elements are those at the border, not the position. */
	if (outside == OUTSIDE_BORDER && how != SAMPLE_CUBIC)
		at = EW(o, clamp, zero, at, last);
	else if (outside == OUTSIDE_REFLECT)
		at = reflected(o, at, size, corners);
	tap = at;
	if (how != SAMPLE_NEAREST) {
		for (int k = 0; k < n; k++)
			dim[2 + k] = dim_num(o, 1);
		at = reshaped(o, at, 2 + n, dim);
		Value *step = along(o, counting(o, t, dim_num(o, how == SAMPLE_CUBIC ? 4 : 2)), 2 + i, 2 + n);
		if (!at || !step)
			return false;
		if (how == SAMPLE_CUBIC)
			step = EW(o, sub, step, number(o, t, 1));
		Value *base = EW(o, floor, at), *d = EW(o, abs, EW(o, sub, EW(o, sub, at, base), step));
		tap = EW(o, add, base, step);
		out->weight = how == SAMPLE_CUBIC ? cubic_weight(o, d) : EW(o, sub, number(o, t, 1), d);
	}
	if (outside == OUTSIDE_ZERO)
		out->inside = EW(o, and, compare(o, CMP_GE, tap, zero), compare(o, CMP_LE, tap, last));
	else if (outside == OUTSIDE_REFLECT)
		tap = reflected(o, tap, size, corners);
	out->index = as_type(o, EW(o, clamp, zero, tap, last), DT_I64);
	return out->index != NULL;
}

Value *sampled(Onnx *o, Value *x, Value *const *at, Sampling how, Outside outside, bool corners)
{
	if (!x)
		return NULL;
	const Type *t = x->type;
	int n = t->rank - 2;
	Value *index = NULL, *weight = NULL, *inside = NULL;
	Dim count = dim_num(o, 1);

	if (2 + n + 1 > RANK_MAX) {
		refuse(o, "an image of rank %d found, at most %d is supported", t->rank, RANK_MAX - 1);
		return NULL;
	}
	for (int i = 0; i < n; i++) {
		Dim extent = t->dim[2 + i];
		Taps tap;

		if (!at[i] || !axis_taps(o, at[i], extent, i, n, how, outside, corners, &tap))
			return NULL;
		index = index ? EW(o, add, EW(o, mul, index, size_value(o, extent)), tap.index) : tap.index;
		weight = weight ? EW(o, mul, weight, tap.weight) : tap.weight;
		inside = inside ? EW(o, and, inside, tap.inside) : tap.inside;
		count = dim_mul(o->ctx->dims, count, extent);
	}
	Value *image = reshaped(o, x, 3, (Dim[]){ t->dim[0], t->dim[1], count });
	if (!image || !index)
		return NULL;
	int rank = index->type->rank;
	int64_t axes[RANK_MAX];
	Dim one = dim_num(o, 1), dim[RANK_MAX];
	Ints first = ints_of(o->arena, 1, 0), second = ints_of(o->arena, 1, 1), third = ints_of(o->arena, 1, 2);
	Value *y = EMIT(o, gather, ARGS(image, index), .offset_dims = second, .collapsed_slice_dims = third,
	                .operand_batching_dims = first, .start_indices_batching_dims = first, .start_index_map = third,
	                .index_vector_dim = rank, .slice_sizes = dims_copy(o->arena, 3, (Dim[]){ one, t->dim[1], one }));
	dim[0] = index->type->dim[0];
	dim[1] = one;
	for (int k = 1; k < rank; k++)
		dim[1 + k] = index->type->dim[k];
	if (inside)
		y = EW(o, select, reshaped(o, inside, rank + 1, dim), y, number(o, t->dtype, 0));
	if (!weight)
		return y;
	y = EW(o, mul, y, reshaped(o, as_type(o, weight, t->dtype), rank + 1, dim));
	for (int i = 0; i < n; i++)
		axes[i] = 3 + i;
	return reduced(o, OP_reduce_sum, y, ints_copy(o->arena, n, axes), false);
}

/* Positions of axis i, whose coordinate is the last but i of the grid: -1 and 1 are the centers of the corner elements, or
   their corners. */
static Value *grid_axis(Onnx *o, Value *grid, int i, int n, Dim extent, Dim places, bool corners)
{
	DType t = grid->type->dtype;
	Value *g = sliced(o, grid, n + 1, dim_num(o, n - 1 - i), dim_num(o, n - i)), *size = as_type(o, size_value(o, extent), t);
	Value *one = number(o, t, 1), *half = number(o, t, 0.5);

	g = EW(o, add, reshaped(o, g, 2, (Dim[]){ grid->type->dim[0], places }), one);
	if (corners)
		return EW(o, mul, EW(o, mul, g, half), EW(o, sub, size, one));
	return EW(o, mul, EW(o, sub, EW(o, mul, g, size), one), half);
}

bool onnx_grid_sample(Onnx *o)
{
	Value *x = arg(o, 0), *grid = arg(o, 1), *at[RANK_MAX];
	const char *mode = get_string(o, "mode", "linear"), *padding = get_string(o, "padding_mode", "zeros");
	bool corners = get_int(o, "align_corners", 0) != 0;
	Sampling how;
	Outside outside;

	if (!x || !grid || !mode || !padding)
		return false;
	int n = x->type->rank - 2;
	if (n < 1 || grid->type->rank != n + 2 || !extent_is(o, grid->type->dim[n + 1], n))
		return refuse(o, "operands of ranks %d and %d found, wanted [N, C, ...] and [N, ..., %d]", x->type->rank, grid->type->rank,
		              n < 1 ? 1 : n);
	if (!strcmp(mode, "linear") || !strcmp(mode, "bilinear"))
		how = SAMPLE_LINEAR;
	else if (!strcmp(mode, "cubic") || !strcmp(mode, "bicubic"))
		how = SAMPLE_CUBIC;
	else if (!strcmp(mode, "nearest"))
		how = SAMPLE_NEAREST;
	else
		return refuse_attr(o, "mode", "\"%s\" found, wanted linear, nearest or cubic", mode);
	if (!strcmp(padding, "zeros"))
		outside = OUTSIDE_ZERO;
	else if (!strcmp(padding, "border"))
		outside = OUTSIDE_BORDER;
	else if (!strcmp(padding, "reflection"))
		outside = OUTSIDE_REFLECT;
	else
		return refuse_attr(o, "padding_mode", "\"%s\" found, wanted zeros, border or reflection", padding);

	Dim places = dim_num(o, 1), dim[RANK_MAX];
	DType own = x->type->dtype;
	grid = as_type(o, grid, wide_type(grid->type->dtype));
	for (int i = 0; grid && i < n; i++)
		places = dim_mul(o->ctx->dims, places, grid->type->dim[1 + i]);
	if (!grid || !places)
		return overflows(o);
	for (int i = 0; i < n; i++)
		at[i] = grid_axis(o, grid, i, n, x->type->dim[2 + i], places, corners);
	Value *y = sampled(o, how == SAMPLE_NEAREST ? x : as_type(o, x, wide_type(own)), at, how, outside, corners);
	if (!y)
		return false;
	memcpy(dim, x->type->dim, sizeof *dim * 2);
	memcpy(dim + 2, grid->type->dim + 1, sizeof *dim * (size_t)n);
	return give(o, 0, reshaped(o, as_type(o, y, own), n + 2, dim));
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
