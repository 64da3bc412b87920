/* frontend/onnx/resize.c - Resize and Upsample: what extents and scales a model asks for.  The op resize does the rest. */
#include <math.h>

#include "frontend/onnx/vision.h"
#include "ir/resize.h"

typedef struct Axis {
	int    axis;
	Dim    in, out;
	double scale;               /* 0: out / in */
} Axis;

static bool resized_extent(Onnx *o, double extent, Dim *out)
{
	if (!(extent < 0x1p62))
		return overflows(o);
	*out = dim_num(o, (int64_t)floor(extent));
	return true;
}

/* floor(in * scale), in numbers or with a symbol: a float is a whole number over a power of 2. */
static bool scaled(Onnx *o, Axis *a)
{
	DimTable *t = o->ctx->dims;
	int exponent;
	double m = frexp(a->scale, &exponent);

	if (!(a->scale > 0) || a->scale > 1e9)
		return refuse(o, "the scale of axis %d is %g, wanted a number above 0", a->axis, a->scale);
	if (dim_is_const(a->in))
		return resized_extent(o, (double)a->in->value * a->scale, &a->out);
	int64_t over = 1;
	while (m != floor(m) && over < INT64_C(1) << 52)
		m *= 2, exponent--, over *= 2;
	for (; exponent > 0; exponent--)
		m *= 2;
	a->out = dim_mul(t, a->in, dim_num(o, (int64_t)m));
	if (exponent < -60)
		return refuse(o, "the scale of axis %d is %g, which is too small", a->axis, a->scale);
	if (exponent < 0)
		a->out = dim_floordiv(t, a->out, dim_num(o, INT64_C(1) << -exponent));
	return a->out || overflows(o);
}

static bool all_scaled(Onnx *o, Floats scales, int n, Axis *axis)
{
	if (scales.n != n)
		return refuse(o, "'scales' has %d elements, wanted %d", scales.n, n);
	for (int i = 0; i < n; i++) {
		axis[i].scale = scales.at[i];
		if (!scaled(o, &axis[i]))
			return false;
	}
	return true;
}

/* One scale for all axes, so that none is larger (or smaller) than its size. */
static bool kept_aspect(Onnx *o, bool larger, int n, Axis *axis)
{
	double scale = 0;

	for (int i = 0; i < n; i++) {
		if (!dim_is_const(axis[i].in) || !dim_is_const(axis[i].out) || axis[i].in->value < 1)
			return refuse_attr(o, "keep_aspect_ratio_policy", "the extent of axis %d is no number: give it by --dim", axis[i].axis);
		double s = (double)axis[i].out->value / (double)axis[i].in->value;
		scale = !i || (larger ? s > scale : s < scale) ? s : scale;
	}
	for (int i = 0; i < n; i++) {
		if (!resized_extent(o, scale * (double)axis[i].in->value + 0.5, &axis[i].out))
			return false;
		axis[i].scale = scale;
	}
	return true;
}

static bool all_sized(Onnx *o, Value *sizes, int n, Axis *axis)
{
	const char *policy = get_string(o, "keep_aspect_ratio_policy", "stretch");
	Dims d;

	if (!policy || !dims_in(o, sizes, &d))
		return false;
	if (d.n != n)
		return refuse(o, "'sizes' has %d elements, wanted %d", d.n, n);
	for (int i = 0; i < n; i++)
		axis[i].out = d.at[i];
	if (!strcmp(policy, "stretch"))
		return true;
	if (strcmp(policy, "not_larger") != 0 && strcmp(policy, "not_smaller") != 0)
		return refuse_attr(o, "keep_aspect_ratio_policy", "\"%s\" is not known", policy);
	return kept_aspect(o, !strcmp(policy, "not_smaller"), n, axis);
}

/* Its older names are other words for the same. */
static const char *mode_of(Onnx *o)
{
	const char *mode = get_string(o, "mode", "nearest");

	return mode && !strcmp(mode, "bilinear") ? "linear" : mode;
}

/* An operand that is there and has elements. */
static Value *filled(Onnx *o, int i)
{
	Value *v = arg_opt(o, i);

	return v && v->type->rank == 1 && dim_is(v->type->dim[0], 0) ? NULL : v;
}

static int all_axes(Onnx *o, const Value *x, Ints axes, Axis *axis)
{
	int n = axes.n ? axes.n : x->type->rank;

	if (axes.n && !axes_of(o, "axes", axes, x->type->rank, &axes))
		return -1;
	for (int i = 0; i < n; i++) {
		int k = axes.n ? (int)axes.at[i] : i;

		axis[i] = (Axis){ .axis = k, .in = x->type->dim[k] };
	}
	return n;
}

/* a: the attributes that do not depend on the axes. */
static bool resized(Onnx *o, struct attrs_resize *a, Value *x, Value *roi, int n, const Axis *axis)
{
	Dim shape[RANK_MAX];
	int64_t *dims = ARENA_ARRAY(o->arena, int64_t, n + 1);
	double *scale = ARENA_ARRAY(o->arena, double, n + 1);

	memcpy(shape, x->type->dim, sizeof *shape * (size_t)x->type->rank);
	for (int i = 0; i < n; i++) {
		dims[i] = axis[i].axis;
		scale[i] = axis[i].scale;
		shape[axis[i].axis] = axis[i].out;
	}
	if (dtype_is_complex(x->type->dtype) && strcmp(a->mode, resize_modes[RESIZE_NEAREST]) != 0)
		return refuse(o, "complex numbers found, which are resized by mode \"nearest\" only");
	a->shape = dims_copy(o->arena, x->type->rank, shape);
	a->dims = n < x->type->rank ? (Ints){ n, dims } : (Ints)INTS_NONE;
	a->scales = n && scale[0] != 0 ? (Nums){ n, scale } : (Nums)NUMS_NONE;
	return give(o, 0, emit(o, OP_resize, roi ? 2 : 1, (Value *[]){ x, roi }, a));
}

static bool is_known(Onnx *o, const char *attr, const char *word, const char *const *words, int n)
{
	return word_index(word, words, n) >= 0 || refuse_attr(o, attr, "\"%s\" is not known", word);
}

bool onnx_resize(Onnx *o)
{
	Value *x = arg(o, 0), *roi = filled(o, 1), *scales = filled(o, 2), *sizes = filled(o, 3);
	struct attrs_resize a = { .mode = mode_of(o), .position = get_string(o, "coordinate_transformation_mode", "half_pixel"),
	                          .rounding = get_string(o, "nearest_mode", "round_prefer_floor"), .cubic_coeff = get_float(o, "cubic_coeff_a", -0.75),
	                          .exclude_outside = get_int(o, "exclude_outside", 0) != 0, .antialias = get_int(o, "antialias", 0) != 0,
	                          .extrapolation = get_float(o, "extrapolation_value", 0) };
	Axis axis[RANK_MAX];
	Floats given;

	if (!x || !a.mode || !a.position || !a.rounding ||
	    !is_known(o, "coordinate_transformation_mode", a.position, resize_positions, POSITION_COUNT) ||
	    !is_known(o, "nearest_mode", a.rounding, resize_roundings, ROUNDING_COUNT))
		return false;
	if (!scales && !sizes)
		return refuse(o, "there are neither scales, operand 2, nor sizes, operand 3");
	int n = all_axes(o, x, get_ints(o, "axes"), axis);
	if (n < 0 || !(sizes ? all_sized(o, sizes, n, axis) : floats_in(o, scales, &given) && all_scaled(o, given, n, axis)))
		return false;
	return resized(o, &a, x, strcmp(a.position, resize_positions[POSITION_TF_CROP_AND_RESIZE]) ? NULL : roi, n, axis);
}

/* Before there were attributes for it: positions are those divided by the scale. */
static bool resize_by(Onnx *o, Floats scales)
{
	Value *x = arg(o, 0);
	struct attrs_resize a = { .mode = mode_of(o), .position = "asymmetric", .rounding = "simple", .cubic_coeff = -0.75 };
	Axis axis[RANK_MAX];

	if (!x || !a.mode)
		return false;
	int n = all_axes(o, x, (Ints)INTS_NONE, axis);
	return all_scaled(o, scales, n, axis) && resized(o, &a, x, NULL, n, axis);
}

bool onnx_resize_scales(Onnx *o)
{
	Value *scales = arg(o, 1);
	Floats given;

	return scales && floats_in(o, scales, &given) && resize_by(o, given);
}

bool onnx_upsample(Onnx *o)
{
	return resize_by(o, get_floats(o, "scales"));
}
