/* frontend/onnx/signal.c - DFT, STFT, windows and MelWeightMatrix. */
#include "frontend/onnx/import.h"

static Value *transform(Onnx *o, Value *x, const char *type, int64_t length)
{
	return EMIT(o, fft, ARGS(x), .type = type, .length = { 1, ints_of(o->arena, 1, (int)length).at });
}

/* Axis `from` moved to the end, or the last axis to place `from`. */
static Value *to_end(Onnx *o, Value *v, int from, bool back)
{
	int64_t p[RANK_MAX];
	int n = v ? v->type->rank : 0;

	if (!v || from == n - 1)
		return v;
	for (int i = 0; i < n; i++)
		p[i] = back ? (i < from ? i : i == from ? n - 1 : i - 1) : (i < from ? i : i == n - 1 ? from : i + 1);
	return transposed(o, v, p);
}

/* Cut or filled with zeros at the end to a number of elements along the last axis. */
static Value *fitted(Onnx *o, Value *v, int64_t length)
{
	if (!v)
		return NULL;
	int last = v->type->rank - 1;
	int64_t have = v->type->dim[last]->value;

	if (have > length)
		return sliced(o, v, last, dim_num(o, 0), dim_num(o, length));
	if (have == length)
		return v;
	int64_t *low = ARENA_ARRAY(o->arena, int64_t, 2 * (last + 1));
	memset(low, 0, sizeof *low * 2 * (size_t)(last + 1));
	low[2 * last + 1] = length - have;
	Value *zero = number(o, v->type->dtype, 0);
	return EMIT(o, pad, ARGS(v, zero), .low = { last + 1, low }, .high = { last + 1, low + last + 1 });
}

/* Part i of the last axis, without it. */
static Value *part_of(Onnx *o, Value *x, int i)
{
	int last = x->type->rank - 1;

	return reshaped(o, sliced(o, x, last, dim_num(o, i), dim_num(o, i + 1)), last, x->type->dim);
}

static Value *with_last(Onnx *o, Value *v)
{
	Dim dim[RANK_MAX + 1];

	if (!v)
		return NULL;
	memcpy(dim, v->type->dim, sizeof *dim * (size_t)v->type->rank);
	dim[v->type->rank] = dim_num(o, 1);
	return reshaped(o, v, v->type->rank + 1, dim);
}

/* Real and imaginary part along a new last axis. */
static Value *parts_joined(Onnx *o, Value *z)
{
	Value *part[2];

	part[0] = with_last(o, EW(o, real, z));
	part[1] = with_last(o, EW(o, imag, z));
	return z ? concatenated(o, 2, part, z->type->rank) : NULL;
}

/* The transform of x, whose last axis is 1 real part or 2 parts, along axis; the same form again.  x is of f32 or f64. */
static Value *dft(Onnx *o, Value *x, int axis, int64_t length, bool inverse, bool onesided)
{
	bool is_real = dim_is(x->type->dim[x->type->rank - 1], 1);
	Value *re = to_end(o, part_of(o, x, 0), axis, false), *im = is_real ? NULL : to_end(o, part_of(o, x, 1), axis, false), *z;
	int64_t bins = length / 2 + 1, have = inverse && onesided ? bins : length;

	re = fitted(o, re, have);
	im = is_real ? NULL : fitted(o, im, have);
	if (is_real && !inverse && onesided) {
		z = transform(o, re, "rfft", length);
	} else {
		if (is_real && re)
			im = broadcast_to(o, number_like(o, re, 0), re->type->rank, re->type->dim);
		z = EW(o, complex, re, im);
		z = transform(o, z, !inverse ? "fft" : onesided ? "irfft" : "ifft", length);
		if (z && !inverse && onesided)
			z = sliced(o, z, z->type->rank - 1, dim_num(o, 0), dim_num(o, bins));
	}
	z = to_end(o, z, axis, true);
	return inverse && onesided ? with_last(o, z) : parts_joined(o, z);
}

static bool is_signal(Onnx *o, const Value *x)
{
	Dim last = x->type->rank ? x->type->dim[x->type->rank - 1] : NULL;

	if (x->type->rank < 2 || (!dim_is(last, 1) && !dim_is(last, 2)))
		return refuse(o, "the last axis of the operand is to be 1 (real numbers) or 2 (real and imaginary parts)");
	return dtype_is_float(x->type->dtype) || refuse(o, "the operand has element type %s, wanted a float", dtype_info[x->type->dtype].name);
}

static bool number_of_points(Onnx *o, Dim extent, const char *what, int64_t *out)
{
	if (!dim_is_const(extent))
		return refuse(o, "%s is no number; give its symbol a value by --dim", what);
	*out = extent->value;
	return true;
}

static bool dft_along(Onnx *o, int64_t axis_given)
{
	Value *x = arg(o, 0), *points = arg_opt(o, 1);
	bool inverse = get_int(o, "inverse", 0) != 0, onesided = get_int(o, "onesided", 0) != 0;
	int64_t extent = 0, length;
	int axis;

	if (!x || !is_signal(o, x) || !axis_of(o, "axis", axis_given, x->type->rank, &axis))
		return false;
	if (axis == x->type->rank - 1)
		return refuse(o, "the axis is the last one, which tells real from imaginary parts");
	if (!number_of_points(o, x->type->dim[axis], "the extent along the axis", &extent))
		return false;
	length = inverse && onesided ? 2 * (extent - 1) : extent;
	if (points && !int_in(o, points, &length))
		return false;
	if (length < 1 || length > INT32_MAX)
		return refuse(o, "'dft_length' is %lld, wanted at least 1", (long long)length);
	DType given = x->type->dtype;
	x = as_type(o, x, dtype_compute(given));
	return x && give(o, 0, as_type(o, dft(o, x, axis, length, inverse, onesided), given));
}

/* Opset 17: the axis is an attribute. */
bool onnx_dft_attr(Onnx *o)
{
	return dft_along(o, get_int(o, "axis", 1));
}

bool onnx_dft(Onnx *o)
{
	Value *v = arg_opt(o, 2);
	int64_t axis = -2;

	if (v && !int_in(o, v, &axis))
		return false;
	return dft_along(o, axis);
}

/* Rows of x, [B, L, parts], that begin `step` apart: [B, frames, length, parts]. */
static Value *frames_of(Onnx *o, Value *x, int64_t step, int64_t length, Dim frames)
{
	Dims shape = dims_copy(o->arena, 2, (Dim[]){ frames, dim_num(o, length) });
	Value *frame = EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = DT_I64, .shape = shape), *by = number(o, DT_I64, (double)step);
	Value *place = EMIT(o, iota, NO_ARGS, .dim = 1, .dtype = DT_I64, .shape = shape);

	frame = EW(o, mul, frame, by);
	Value *index = EW(o, add, frame, place);
	return EMIT(o, take, ARGS(x, index), .axis = 1);
}

bool onnx_stft(Onnx *o)
{
	Value *x = arg(o, 0), *step_value = arg(o, 1), *window = arg_opt(o, 2), *length_value = arg_opt(o, 3);
	bool onesided = get_int(o, "onesided", 1) != 0;
	DimTable *t = o->ctx->dims;
	int64_t step, length, size;

	if (!x || !step_value || !is_signal(o, x) || !int_in(o, step_value, &step))
		return false;
	if (x->type->rank != 3)
		return refuse(o, "the signal has rank %d, wanted 3", x->type->rank);
	if (window && window->type->rank != 1)
		return refuse(o, "the window has rank %d, wanted 1", window->type->rank);
	if (length_value ? !int_in(o, length_value, &length) :
	    !number_of_points(o, window ? window->type->dim[0] : x->type->dim[1], "the length of a frame", &length))
		return false;
	size = length;
	if (window && !number_of_points(o, window->type->dim[0], "the length of the window", &size))
		return false;
	if (step < 1 || length < 1 || length > INT32_MAX || size < 1 || size > length)
		return refuse(o, "the step is %lld, the frame %lld and the window %lld long", (long long)step, (long long)length, (long long)size);
	Dim rest = dim_sub(t, x->type->dim[1], dim_num(o, length));
	Dim frames = dim_add(t, dim_num(o, 1), dim_floordiv(t, rest, dim_num(o, step)));
	DType given = x->type->dtype;
	x = frames_of(o, as_type(o, x, dtype_compute(given)), step, size, frames);
	if (!x)
		return false;
	if (window) {
		window = reshaped(o, as_type(o, window, x->type->dtype), 2, (Dim[]){ dim_num(o, size), dim_num(o, 1) });
		x = EW(o, mul, x, window);
	}
	return x && give(o, 0, as_type(o, dft(o, x, 2, length, false, onesided), given));
}

/* factor[0] + sum of factor[i] * cos(2 pi i n / N), N being the size, or one less for a window that is symmetric. */
static bool window(Onnx *o, int n, const double *factor)
{
	Value *size = arg(o, 0);
	bool periodic = get_int(o, "periodic", 1) != 0;
	DType t;
	Dims d;

	if (!size || !onnx_dtype(o, get_int(o, "output_datatype", 1), &t) || !dims_in(o, size, &d))
		return false;
	if (d.n != 1)
		return refuse(o, "the size has %d elements, wanted one", d.n);
	Dim period = periodic ? d.at[0] : dim_sub(o->ctx->dims, d.at[0], dim_num(o, 1));
	Value *at = EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = DT_F64, .shape = dims_copy(o->arena, 1, d.at));
	Value *of = as_type(o, size_value(o, period), DT_F64), *sum = number(o, DT_F64, factor[0]);
	for (int i = 1; i < n; i++) {
		Value *turn = number(o, DT_F64, 2 * 3.14159265358979323846 * i), *by = number(o, DT_F64, factor[i]);
		Value *angle = EW(o, mul, at, turn);
		angle = EW(o, div, angle, of);
		Value *wave = EW(o, cos, angle);
		wave = EW(o, mul, wave, by);
		sum = EW(o, add, wave, sum);
	}
	return give(o, 0, as_type(o, sum, t));
}

bool onnx_hann_window(Onnx *o)
{
	return window(o, 2, (double[]){ 0.5, -0.5 });
}

bool onnx_hamming_window(Onnx *o)
{
	return window(o, 2, (double[]){ 25.0 / 46, -21.0 / 46 });
}

bool onnx_blackman_window(Onnx *o)
{
	return window(o, 3, (double[]){ 0.42, -0.5, 0.08 });
}

static Value *scalar_f64(Onnx *o, int i)
{
	Value *v = as_type(o, arg(o, i), DT_F64);

	return v && v->type->rank ? reshaped(o, v, 0, NULL) : v;
}

/* 2595 * log10(1 + hertz / 700) */
static Value *mel_of(Onnx *o, Value *hertz)
{
	Value *per = number(o, DT_F64, 700), *by = number(o, DT_F64, 2595), *ten = number(o, DT_F64, 2.302585092994045684);

	hertz = EW(o, div, hertz, per);
	hertz = EW(o, log1p, hertz);
	hertz = EW(o, mul, hertz, by);
	return EW(o, div, hertz, ten);
}

/* Which bins of the spectrum the bins of the mel scale begin, culminate and end at: [num_mel_bins + 2], whole numbers in f64. */
static Value *mel_bins(Onnx *o, Dim count)
{
	Value *low = mel_of(o, scalar_f64(o, 3)), *high = mel_of(o, scalar_f64(o, 4)), *rate = scalar_f64(o, 2), *points = scalar_f64(o, 1);
	Value *all = as_type(o, size_value(o, count), DT_F64), *one = number(o, DT_F64, 1), *per = number(o, DT_F64, 2595);
	Value *ten = number(o, DT_F64, 2.302585092994045684), *hertz = number(o, DT_F64, 700);
	Value *bin = EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = DT_F64, .shape = dims_copy(o->arena, 1, &count));
	Value *step = EW(o, sub, high, low);

	step = EW(o, div, step, all);
	bin = EW(o, mul, bin, step);
	bin = EW(o, add, bin, low);
	bin = EW(o, div, bin, per);
	bin = EW(o, mul, bin, ten);
	bin = EW(o, expm1, bin);
	bin = EW(o, mul, bin, hertz);
	points = EW(o, add, points, one);
	bin = EW(o, mul, bin, points);
	Value *rest = EW(o, rem, bin, rate);   /* a quotient rounded up to a whole number would be one too many */
	bin = EW(o, sub, bin, rest);
	bin = EW(o, div, bin, rate);
	return EW(o, round_nearest_even, bin);
}

static Value *both(Onnx *o, Value *a, Value *b)
{
	return EW(o, and, a, b);
}

/* Each mel bin is a triangle over the bins of the spectrum, 1 at its middle. */
bool onnx_mel_weight_matrix(Onnx *o)
{
	Value *nmel = arg(o, 0), *points = arg(o, 1), *edge[3];
	DimTable *d = o->ctx->dims;
	DType t;
	Dims count, length;

	if (!nmel || !points || !onnx_dtype(o, get_int(o, "output_datatype", 1), &t) || !dims_in(o, nmel, &count) || !dims_in(o, points, &length))
		return false;
	if (count.n != 1 || length.n != 1)
		return refuse(o, "num_mel_bins and dft_length have %d and %d elements, wanted one", count.n, length.n);
	Dim two = dim_num(o, 2), rows = dim_add(d, dim_floordiv(d, length.at[0], two), dim_num(o, 1));
	Value *bins = mel_bins(o, dim_add(d, count.at[0], two));
	if (!bins)
		return false;
	for (int i = 0; i < 3; i++)
		edge[i] = sliced(o, bins, 0, dim_num(o, i), dim_add(d, count.at[0], dim_num(o, i)));
	Value *row = EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = DT_F64, .shape = dims_copy(o->arena, 2, (Dim[]){ rows, dim_num(o, 1) }));
	Value *zero = number(o, DT_F64, 0), *one = number(o, DT_F64, 1);
	Value *rise = EW(o, sub, edge[1], edge[0]), *fall = EW(o, sub, edge[2], edge[1]);

	Value *up = EW(o, sub, row, edge[0]), *from = compare(o, CMP_GE, row, edge[0]), *to = compare(o, CMP_LE, row, edge[1]);
	up = EW(o, div, up, rise);
	up = EW(o, select, both(o, from, to), up, zero);
	Value *top = compare(o, CMP_EQ, row, edge[1]), *peak = EW(o, select, top, one, zero), *flat = compare(o, CMP_EQ, rise, zero);
	up = EW(o, select, flat, peak, up);
	Value *down = EW(o, sub, edge[2], row);
	down = EW(o, div, down, fall);
	from = compare(o, CMP_GE, row, edge[1]);
	to = compare(o, CMP_LT, row, edge[2]);
	return give(o, 0, as_type(o, EW(o, select, both(o, from, to), down, up), t));
}
