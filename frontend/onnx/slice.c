/* frontend/onnx/slice.c - cutting, joining and padding. */
#include "frontend/onnx/import.h"

/* Where a position of Slice lies: negative ones count from the end, and it is clamped to 0 .. extent; for steps backwards it is one
   less: -1 .. extent - 1. */
static Dim clamped(Onnx *o, Dim at, Dim extent, bool backwards)
{
	DimTable *t = o->ctx->dims;
	Dim zero = dim_num(o, 0), one = dim_num(o, 1), low = backwards ? dim_num(o, -1) : zero;
	Dim high = backwards ? dim_sub(t, extent, one) : extent;

	if (dim_is_const(at) && at->value >= INT32_MAX)
		return high;
	if (dim_is_const(at) && at->value <= -INT32_MAX)
		return low;
	if (dim_is_const(at) ? at->value < 0 : size_compare(t, CMP_LT, at, zero) && dim_is(size_compare(t, CMP_LT, at, zero), 1))
		at = dim_add(t, extent, at);
	return dim_max(t, low, dim_min(t, at, high));
}

static Value *slice_axis(Onnx *o, Value *x, int axis, Dim start, Dim end, int64_t step)
{
	DimTable *t = o->ctx->dims;
	Dim extent = x->type->dim[axis], one = dim_num(o, 1), from[RANK_MAX], to[RANK_MAX];
	int64_t strides[RANK_MAX], axes[1] = { axis };

	start = clamped(o, start, extent, step < 0);
	end = clamped(o, end, extent, step < 0);
	if (step < 0 && start && end) {
		x = EMIT(o, reverse, ARGS(x), .dims = ints_copy(o->arena, 1, axes));
		start = dim_sub(t, dim_sub(t, extent, one), start);
		end = dim_sub(t, dim_sub(t, extent, one), end);
		step = -step;
	}
	end = dim_max(t, start, end);
	if (!x || !end) {
		refuse(o, "the result is too large");
		return NULL;
	}
	if (dim_is(start, 0) && end == extent && step == 1)
		return x;
	for (int i = 0; i < x->type->rank; i++) {
		from[i] = i == axis ? start : dim_num(o, 0);
		to[i] = i == axis ? end : x->type->dim[i];
		strides[i] = i == axis ? step : 1;
	}
	int rank = x->type->rank;
	return EMIT(o, slice, ARGS(x), .start = dims_copy(o->arena, rank, from), .limit = dims_copy(o->arena, rank, to),
	            .strides = ints_copy(o->arena, rank, strides));
}

bool onnx_slice(Onnx *o)
{
	Value *x = arg(o, 0);
	Dims start, end;
	Ints axes, steps;

	if (!x || !dims_given(o, "starts", 1, &start) || !dims_given(o, "ends", 2, &end) || !ints_given(o, "axes", 3, &axes) ||
	    !ints_given(o, "steps", 4, &steps))
		return false;
	if (start.n < 0 || start.n != end.n || (axes.n >= 0 && axes.n != start.n) || (steps.n >= 0 && steps.n != start.n))
		return refuse(o, "starts, ends, axes and steps are not of one length");
	if (axes.n >= 0 && !axes_of(o, "axes", axes, x->type->rank, &axes))
		return false;
	if (axes.n < 0 && start.n > x->type->rank)
		return refuse(o, "%d starts, but the operand has rank %d", start.n, x->type->rank);
	for (int i = 0; x && i < start.n; i++) {
		int64_t step = steps.n < 0 ? 1 : steps.at[i];
		if (step == 0)
			return refuse(o, "steps has a 0");
		x = slice_axis(o, x, axes.n < 0 ? i : (int)axes.at[i], start.at[i], end.at[i],
		               step > INT32_MAX ? INT32_MAX : step < -INT32_MAX ? -INT32_MAX : step);
	}
	return give(o, 0, x);
}

bool onnx_concat(Onnx *o)
{
	int n = o->node->nargs, axis;
	Value **v = ARENA_ARRAY(o->arena, Value *, n + 1);

	if (n == 0)
		return refuse(o, "has no operand");
	for (int i = 0; i < n; i++)
		if (!(v[i] = arg(o, i)))
			return false;
	return get_axis(o, "axis", 1, v[0]->type->rank, &axis) && give(o, 0, concatenated(o, n, v, axis));
}

/* Into the given sizes, or into num_outputs parts of one size, of which the last may be smaller. */
bool onnx_split(Onnx *o)
{
	Value *x = arg(o, 0);
	Dims sizes;
	int axis;

	if (!x || !get_axis(o, "axis", 0, x->type->rank, &axis) || !dims_given(o, "split", 1, &sizes))
		return false;
	int64_t parts = get_int(o, "num_outputs", (int64_t)o->node->proto->n_output);
	if (sizes.n < 0) {
		Dim extent = x->type->dim[axis], left = extent;
		if (parts < 1 || parts > 100000)
			return refuse_attr(o, "num_outputs", "is %lld, wanted at least 1", (long long)parts);
		Dim *at = ARENA_ARRAY(o->arena, Dim, parts);
		Dim each = dim_ceildiv(o->ctx->dims, extent, dim_num(o, parts));
		for (int i = 0; i < parts && each && left; i++) {
			at[i] = i + 1 < parts ? each : left;
			left = dim_sub(o->ctx->dims, left, each);
		}
		sizes = (Dims){ (int)parts, at };
	}
	return give_all(o, emit_op(o, OP_split, 1, &x, &(struct attrs_split){ .sizes = sizes, .axis = axis }));
}

/* x along axis at positions that follow from the place in the result, which is `low` before x and of `size` extents: what Pad does that
   repeats elements. */
static Value *pad_by_index(Onnx *o, Value *x, int axis, Dim low, Dim size, const char *mode)
{
	Dim n = x->type->dim[axis];
	Value *extent = size_value(o, n), *one = number(o, DT_I64, 1), *zero = number(o, DT_I64, 0);
	Value *i = EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = DT_I64, .shape = dims_copy(o->arena, 1, &size));

	i = EW(o, sub, i, size_value(o, low));
	if (strcmp(mode, "edge") == 0) {
		i = EW(o, max, zero, EW(o, min, i, EW(o, sub, extent, one)));
	} else if (strcmp(mode, "wrap") == 0) {
		i = EW(o, rem, EW(o, add, EW(o, rem, i, extent), extent), extent);
	} else {
		Value *last = EW(o, sub, extent, one), *period = EW(o, max, EW(o, add, last, last), one);
		i = EW(o, rem, EW(o, add, EW(o, rem, i, period), period), period);
		i = EW(o, min, i, EW(o, sub, period, i));
		if (dim_is(n, 1))
			i = EW(o, mul, i, zero);
	}
	return i ? EMIT(o, take, ARGS(x, i), .axis = axis) : NULL;
}

static Value *extended(Onnx *o, Value *x, Value *padding, int axis, Dim count, bool before)
{
	Dim dim[RANK_MAX];

	if (!x || dim_is(count, 0))
		return x;
	for (int k = 0; k < x->type->rank; k++)
		dim[k] = k == axis ? count : x->type->dim[k];
	Value *more = EMIT(o, broadcast_in_dim, ARGS(padding), .shape = dims_copy(o->arena, x->type->rank, dim));
	return concatenated(o, 2, (Value *[]){ before ? more : x, before ? x : more }, axis);
}

/* Amounts that are numbers are those of a pad; the others, which must not be negative, are repeated in front and behind. */
static Value *pad_constant(Onnx *o, Value *x, Value *padding, const Dim *low, const Dim *high)
{
	int rank = x->type->rank;
	int64_t from[RANK_MAX], to[RANK_MAX];

	for (int k = 0; k < rank; k++) {
		from[k] = dim_is_const(low[k]) ? low[k]->value : 0;
		to[k] = dim_is_const(high[k]) ? high[k]->value : 0;
	}
	x = EMIT(o, pad, ARGS(x, padding), .low = ints_copy(o->arena, rank, from), .high = ints_copy(o->arena, rank, to));
	for (int k = 0; k < rank; k++) {
		if (!dim_is_const(low[k]))
			x = extended(o, x, padding, k, low[k], true);
		if (!dim_is_const(high[k]))
			x = extended(o, x, padding, k, high[k], false);
	}
	return x;
}

bool onnx_pad(Onnx *o)
{
	Value *x = arg(o, 0), *padding = arg_opt(o, 2);
	const char *mode = get_string(o, "mode", "constant");
	Dim low[RANK_MAX], high[RANK_MAX];
	Dims pads;
	Ints axes;

	if (!x || !mode || !dims_given(o, has_attr(o, "paddings") ? "paddings" : "pads", 1, &pads) || !ints_given(o, "axes", 3, &axes))
		return false;
	if (axes.n >= 0 && !axes_of(o, "axes", axes, x->type->rank, &axes))
		return false;
	int n = axes.n < 0 ? x->type->rank : axes.n;
	if (pads.n != 2 * n)
		return refuse(o, "%d pads, wanted two for each of %d axes", pads.n, n);
	for (int k = 0; k < x->type->rank; k++)
		low[k] = high[k] = dim_num(o, 0);
	for (int i = 0; i < n; i++) {
		int axis = axes.n < 0 ? i : (int)axes.at[i];
		low[axis] = pads.at[i];
		high[axis] = pads.at[n + i];
	}
	if (strcmp(mode, "constant") == 0) {
		padding = padding ? as_type(o, reshaped(o, padding, 0, NULL), x->type->dtype) : number_like(o, x, get_float(o, "value", 0));
		return padding && give(o, 0, pad_constant(o, x, padding, low, high));
	}
	if (strcmp(mode, "reflect") != 0 && strcmp(mode, "edge") != 0 && strcmp(mode, "wrap") != 0)
		return refuse_attr(o, "mode", "is \"%s\", wanted constant, reflect, edge or wrap", mode);
	for (int k = 0; x && k < x->type->rank; k++) {
		Dim size = dim_add(o->ctx->dims, x->type->dim[k], dim_add(o->ctx->dims, low[k], high[k]));
		if (!size)
			return refuse(o, "the result is too large");
		if (!dim_is(low[k], 0) || !dim_is(high[k], 0))
			x = pad_by_index(o, x, k, low[k], size, mode);
	}
	return give(o, 0, x);
}
