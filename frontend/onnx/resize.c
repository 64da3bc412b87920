/* frontend/onnx/resize.c - Resize and Upsample.

   Axes are resized one after the other.  A vector of positions in the input, one an element of the result, is made by ops on
   indices in f64, so that sizes may be symbols and a region data: from it come for each element of the result the elements of the
   input that it is made of, and their weights.  All of that is evaluated at once where sizes are numbers. */
#include <math.h>

#include "frontend/onnx/vision.h"
#include "ir/eval.h"

typedef enum Mode { MODE_NEAREST, MODE_LINEAR, MODE_CUBIC } Mode;

typedef struct Resize {
	Mode        mode;
	const char *position;       /* coordinate_transformation_mode */
	const char *nearest;        /* nearest_mode; "simple": down for an enlargement, up else */
	double      a;              /* of the cubic */
	bool        exclude, antialias;
	double      extrapolation;
	Value      *roi;            /* starts and ends, f64, of the axes; NULL */
} Resize;

typedef struct Axis {
	int    axis;
	int    number, count;       /* among the axes that are resized */
	Dim    in, out;
	bool   fixed;               /* scale is a number */
	double scale;
	bool   exact;               /* the scale is out / in */
} Axis;

static Value *f64(Onnx *o, double x) { return number(o, DT_F64, x); }
static Value *f64_size(Onnx *o, Dim d) { return as_type(o, size_value(o, d), DT_F64); }

static Value *scale_value(Onnx *o, const Axis *a)
{
	return a->fixed ? f64(o, a->scale) : EW(o, div, f64_size(o, a->out), f64_size(o, a->in));
}

/* The extent of the result, which may be a fraction where the scale is given. */
static Value *width_value(Onnx *o, const Axis *a)
{
	return a->exact || !a->fixed ? f64_size(o, a->out) : EW(o, mul, f64(o, a->scale), f64_size(o, a->in));
}

/* p where the width is not 1, else q. */
static Value *unless_one(Onnx *o, const Axis *a, Value *p, Value *q)
{
	return EW(o, select, compare(o, CMP_EQ, width_value(o, a), f64(o, 1)), q, p);
}

static Value *half_pixel(Onnx *o, const Axis *a, Value *i)
{
	return EW(o, sub, EW(o, div, EW(o, add, i, f64(o, 0.5)), scale_value(o, a)), f64(o, 0.5));
}

/* From start to end of the region, in parts of the distance between the corner elements. */
static Value *cropped(Onnx *o, const Resize *r, const Axis *a, Value *i)
{
	Value *start = sliced(o, r->roi, 0, dim_num(o, a->number), dim_num(o, a->number + 1));
	Value *end = sliced(o, r->roi, 0, dim_num(o, a->count + a->number), dim_num(o, a->count + a->number + 1));
	Value *last = EW(o, sub, f64_size(o, a->in), f64(o, 1)), *step = EW(o, sub, width_value(o, a), f64(o, 1));
	Value *length = EW(o, mul, EW(o, sub, end, start), last), *from = EW(o, mul, start, last);

	return EW(o, add, from, unless_one(o, a, EW(o, div, EW(o, mul, i, length), step), EW(o, mul, length, f64(o, 0.5))));
}

/* Where element i of the result lies in the input, for all i: f64 [out]. */
static Value *positions(Onnx *o, const Resize *r, const Axis *a)
{
	Value *i = counting(o, DT_F64, a->out), *one = f64(o, 1);
	const char *how = r->position;

	if (!strcmp(how, "half_pixel"))
		return half_pixel(o, a, i);
	if (!strcmp(how, "pytorch_half_pixel"))
		return EW(o, select, compare(o, CMP_GT, f64_size(o, a->out), one), half_pixel(o, a, i), f64(o, 0));
	if (!strcmp(how, "asymmetric"))
		return EW(o, div, i, scale_value(o, a));
	if (!strcmp(how, "tf_half_pixel_for_nn"))
		return EW(o, div, EW(o, add, i, f64(o, 0.5)), scale_value(o, a));
	if (!strcmp(how, "align_corners"))
		return unless_one(o, a, EW(o, div, EW(o, mul, i, EW(o, sub, f64_size(o, a->in), one)), EW(o, sub, width_value(o, a), one)),
		                  f64(o, 0));
	if (!strcmp(how, "half_pixel_symmetric")) {
		/* Summed up as the specification writes it: for the nearest element every bit may count. */
		Value *part = EW(o, sub, one, EW(o, div, f64_size(o, a->out), width_value(o, a)));
		Value *offset = EW(o, mul, EW(o, mul, f64_size(o, a->in), f64(o, 0.5)), part);

		i = EW(o, div, EW(o, add, i, f64(o, 0.5)), scale_value(o, a));
		return EW(o, sub, EW(o, add, offset, i), f64(o, 0.5));
	}
	if (!strcmp(how, "tf_crop_and_resize") && r->roi)
		return cropped(o, r, a, i);
	if (!strcmp(how, "tf_crop_and_resize"))
		refuse_attr(o, "coordinate_transformation_mode", "\"%s\" found without a region, operand 1", how);
	else
		refuse_attr(o, "coordinate_transformation_mode", "\"%s\" is not known", how);
	return NULL;
}

/* What v is, where that is made of constants and sizes that are numbers; NULL: of something else. */
static Blob *evaluated(Onnx *o, const Value *v, Map *done)
{
	Blob *known = value_constant(v), *part;
	Tensor *in[4], *out = NULL;
	const Op *op = v->def;
	int n = 0;

	if (known || !op || map_has(done, op))
		return known || !op ? known : map_get(done, op);
	bool ok = op->nresults == 1 && op->nargs <= 4 && type_is_static(v->type) &&
	          (op->kind != OP_dimension || dim_is_const(op_attrs(dimension, op)->value));
	while (ok && n < op->nargs) {
		if (!(part = evaluated(o, op->arg[n], done)))
			break;
		in[n++] = tensor_from_blob(part);
	}
	if (ok && n == op->nargs && eval_op(o->ctx, op, in, &out)) {
		known = blob_from_tensor(o->arena, out);
		tensor_unref(out);
	}
	while (n > 0)
		tensor_unref(in[--n]);
	map_set(done, op, known);
	return known;
}

/* A table: a constant, or computed once and not for each element of the image. */
static Value *settled(Onnx *o, Value *v)
{
	Map done;

	map_init(&done, o->arena);
	Blob *b = v ? evaluated(o, v, &done) : NULL;
	return b ? build_constant(&o->b, b) : v ? emit(o, OP_optimization_barrier, 1, &v, NULL) : NULL;
}

/* The elements at index (of the axis) along an axis, whose place its axes take. */
static Value *picked(Onnx *o, Value *x, Value *index, int axis)
{
	if (!x || !index)
		return NULL;
	const Type *t = x->type;
	int rank = index->type->rank, n = 0;
	int64_t offset[RANK_MAX];
	Dim size[RANK_MAX];

	for (int k = 0; k < t->rank; k++) {
		size[k] = k == axis ? dim_num(o, 1) : t->dim[k];
		if (k != axis)
			offset[n++] = k < axis ? k : k + rank - 1;
	}
	Ints at = ints_of(o->arena, 1, axis);
	return EMIT(o, gather, ARGS(x, index), .offset_dims = ints_copy(o->arena, n, offset), .collapsed_slice_dims = at,
	            .start_index_map = at, .index_vector_dim = rank, .slice_sizes = dims_copy(o->arena, t->rank, size));
}

static Value *inside(Onnx *o, const Axis *a, Value *tap)
{
	DType t = dim_is_const(a->in) && a->in->value < INT32_MAX ? DT_I32 : DT_I64;

	return settled(o, as_type(o, EW(o, clamp, f64(o, 0), tap, EW(o, sub, f64_size(o, a->in), f64(o, 1))), t));
}

static Value *nearest(Onnx *o, const Resize *r, const Axis *a, Value *at)
{
	const char *how = r->nearest;

	if (!strcmp(how, "floor"))
		return EW(o, floor, at);
	if (!strcmp(how, "ceil"))
		return EW(o, ceil, at);
	if (!strcmp(how, "round_prefer_floor"))
		return EW(o, ceil, EW(o, sub, at, f64(o, 0.5)));
	if (!strcmp(how, "round_prefer_ceil"))
		return EW(o, floor, EW(o, add, at, f64(o, 0.5)));
	if (!strcmp(how, "simple"))
		return EW(o, select, compare(o, CMP_LT, scale_value(o, a), f64(o, 1)), EW(o, ceil, at), EW(o, floor, at));
	refuse_attr(o, "nearest_mode", "\"%s\" is not known", how);
	return NULL;
}

static Value *polynomial(Onnx *o, Value *d, const double *c)
{
	Value *p = f64(o, c[0]);

	for (int i = 1; i < 4; i++)
		p = EW(o, add, EW(o, mul, p, d), f64(o, c[i]));
	return p;
}

/* The weight at distance d >= 0: a triangle, or Keys' cubic (1981, equation 4). */
static Value *weight_at(Onnx *o, const Resize *r, Value *d)
{
	const double a = r->a, near[] = { a + 2, -(a + 3), 0, 1 }, far[] = { a, -5 * a, 8 * a, -4 * a };
	Value *one = f64(o, 1), *zero = f64(o, 0);

	if (r->mode == MODE_LINEAR)
		return EW(o, max, EW(o, sub, one, d), zero);
	Value *p = polynomial(o, d, near), *q = polynomial(o, d, far);
	q = EW(o, select, compare(o, CMP_LT, d, f64(o, 2)), q, zero);
	return EW(o, select, compare(o, CMP_LE, d, one), p, q);
}

/* How many elements have a weight, from the first on, counted from the one before the position. */
static bool span(Onnx *o, const Resize *r, const Axis *a, int *first, int *count)
{
	double reach = r->mode == MODE_CUBIC ? 2 : 1;

	if (r->antialias) {
		if (!a->fixed)
			return refuse(o, "'antialias' with a scale that is not known: give the sizes by --dim");
		if (!(a->scale > 0) || a->scale < 1e-6)
			return refuse(o, "the scale %g is out of bounds", a->scale);
		reach = a->scale < 1 ? reach / a->scale : reach;
	}
	*first = (int)floor(-reach) + 1;
	*count = 2 - 2 * *first;
	return true;
}

/* Sums of elements with weights, in the type of x. */
static Value *weighted(Onnx *o, const Resize *r, const Axis *a, Value *x, Value *at)
{
	int first = 0, count = 0, rank = x->type->rank;

	if (!at || !span(o, r, a, &first, &count))
		return NULL;
	Dim taps = dim_num(o, count), shape[] = { a->out, taps };
	Value *column = along(o, at, 0, 2), *base = EW(o, floor, column);
	Value *step = along(o, EW(o, add, counting(o, DT_F64, taps), f64(o, first)), 1, 2);
	Value *tap = EW(o, add, base, step), *d = EW(o, abs, EW(o, sub, EW(o, sub, column, base), step));
	if (r->antialias && a->scale < 1)
		d = EW(o, mul, d, f64(o, a->scale));
	Value *weight = d ? weight_at(o, r, d) : NULL;
	if (r->exclude) {
		Value *in = EW(o, and, compare(o, CMP_GE, tap, f64(o, 0)), compare(o, CMP_LT, tap, f64_size(o, a->in)));
		weight = EW(o, select, in, weight, f64(o, 0));
	}
	if (r->exclude || r->antialias) {
		Value *sum = reduced(o, OP_reduce_sum, weight, ints_of(o->arena, 1, 1), true);
		sum = EW(o, select, compare(o, CMP_EQ, sum, f64(o, 0)), f64(o, 1), sum);
		weight = EW(o, div, weight, sum);
	}
	Value *index = inside(o, a, tap), *y = NULL;
	weight = settled(o, as_type(o, weight, x->type->dtype));
	if (!index || !weight)
		return NULL;
	if (count > 4) {
		Dim over[RANK_MAX];

		for (int k = 0; k <= rank; k++)
			over[k] = k == a->axis ? a->out : k == a->axis + 1 ? taps : dim_num(o, 1);
		y = EW(o, mul, picked(o, x, index, a->axis), reshaped(o, weight, rank + 1, over));
		return reduced(o, OP_reduce_sum, y, ints_of(o->arena, 1, a->axis + 1), false);
	}
	for (int k = 0; k < count; k++) {
		Dim from = dim_num(o, k), to = dim_num(o, k + 1);
		Value *i = reshaped(o, sliced(o, index, 1, from, to), 1, shape), *w = reshaped(o, sliced(o, weight, 1, from, to), 1, shape);
		Value *term = EW(o, mul, picked(o, x, i, a->axis), along(o, w, a->axis, rank));
		y = y ? EW(o, add, y, term) : term;
	}
	return y;
}

/* Each element n times: what nearest is for a scale that is a whole number. */
static Value *repeated(Onnx *o, Value *x, int axis, Dim out, int64_t n)
{
	int rank = x->type->rank;
	Dim dim[RANK_MAX];

	for (int k = 0; k < rank; k++)
		dim[k < axis + 1 ? k : k + 1] = x->type->dim[k];
	dim[axis + 1] = dim_num(o, 1);
	x = reshaped(o, x, rank + 1, dim);
	dim[axis + 1] = dim_num(o, n);
	x = broadcast_to(o, x, rank + 1, dim);
	dim[axis] = out;
	memmove(dim + axis + 1, dim + axis + 2, sizeof *dim * (size_t)(rank - axis - 1));
	return reshaped(o, x, rank, dim);
}

static bool repeats(const Resize *r, const Axis *a, int rank)
{
	bool floors = !strcmp(r->position, "asymmetric") && (!strcmp(r->nearest, "floor") || !strcmp(r->nearest, "simple"));
	bool half = !strcmp(r->position, "half_pixel") || !strcmp(r->position, "pytorch_half_pixel") || !strcmp(r->position, "half_pixel_symmetric");
	bool rounds = half && (!strcmp(r->nearest, "round_prefer_floor") || !strcmp(r->nearest, "round_prefer_ceil"));

	return r->mode == MODE_NEAREST && (floors || rounds) && a->fixed && a->scale >= 1 && a->scale < 1 << 20 &&
	       a->scale == floor(a->scale) && rank < RANK_MAX;
}

static Value *resized_axis(Onnx *o, const Resize *r, const Axis *a, Value *x)
{
	int rank = x->type->rank;

	if (repeats(r, a, rank))
		return repeated(o, x, a->axis, a->out, (int64_t)a->scale);
	Value *at = positions(o, r, a), *y;
	if (!at)
		return NULL;
	y = r->mode != MODE_NEAREST ? weighted(o, r, a, x, at) : picked(o, x, inside(o, a, nearest(o, r, a, at)), a->axis);
	if (!y || strcmp(r->position, "tf_crop_and_resize") != 0)
		return y;
	Value *last = EW(o, sub, f64_size(o, a->in), f64(o, 1));
	Value *beyond = EW(o, or, compare(o, CMP_LT, at, f64(o, 0)), compare(o, CMP_GT, at, last));
	return EW(o, select, along(o, settled(o, beyond), a->axis, rank), number_like(o, y, r->extrapolation), y);
}

static bool resized(Onnx *o, const Resize *r, Value *x, int n, const Axis *axis)
{
	DType own = x->type->dtype, wide = r->mode == MODE_NEAREST ? own : wide_type(own);
	bool crop = !strcmp(r->position, "tf_crop_and_resize");

	if (r->antialias && r->mode == MODE_NEAREST)
		return refuse_attr(o, "antialias", "found with mode \"nearest\", wanted \"linear\" or \"cubic\"");
	if (dtype_is_complex(own) && r->mode != MODE_NEAREST)
		return refuse(o, "complex numbers found, which are resized by mode \"nearest\" only");
	x = as_type(o, x, wide);
	for (int i = 0; x && i < n; i++)
		if (crop || axis[i].in != axis[i].out || (axis[i].fixed && axis[i].scale != 1))
			x = resized_axis(o, r, &axis[i], x);
	if (x && wide != own && !dtype_is_float(own))
		x = EW(o, round_nearest_even, x);
	return give(o, 0, as_type(o, x, own));
}

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
	if (dim_is_const(a->in)) {
		return resized_extent(o, (double)a->in->value * a->scale, &a->out);
	}
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
	a->exact = exponent >= 0;
	return a->out || overflows(o);
}

static bool all_scaled(Onnx *o, Value *scales, int n, Axis *axis)
{
	Floats f;

	if (!floats_in(o, scales, &f))
		return false;
	if (f.n != n)
		return refuse(o, "'scales' has %d elements, wanted %d", f.n, n);
	for (int i = 0; i < n; i++) {
		axis[i].scale = f.at[i];
		axis[i].fixed = true;
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
		axis[i].fixed = true;
		axis[i].exact = false;
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
	for (int i = 0; i < n; i++) {
		Dim factor = dim_divide_exact(o->ctx->dims, d.at[i], axis[i].in);

		axis[i].out = d.at[i];
		axis[i].exact = true;
		if (dim_is_const(d.at[i]) && dim_is_const(axis[i].in) && axis[i].in->value > 0) {
			axis[i].fixed = true;
			axis[i].scale = (double)d.at[i]->value / (double)axis[i].in->value;
		} else if (factor && dim_is_const(factor) && factor->value > 0) {
			axis[i].fixed = true;
			axis[i].scale = (double)factor->value;
		}
	}
	if (!strcmp(policy, "stretch"))
		return true;
	if (strcmp(policy, "not_larger") != 0 && strcmp(policy, "not_smaller") != 0)
		return refuse_attr(o, "keep_aspect_ratio_policy", "\"%s\" is not known", policy);
	return kept_aspect(o, !strcmp(policy, "not_smaller"), n, axis);
}

static bool mode_of(Onnx *o, Mode *out)
{
	const char *mode = get_string(o, "mode", "nearest");

	if (!mode)
		return false;
	if (!strcmp(mode, "nearest"))
		*out = MODE_NEAREST;
	else if (!strcmp(mode, "linear") || !strcmp(mode, "bilinear"))
		*out = MODE_LINEAR;
	else if (!strcmp(mode, "cubic"))
		*out = MODE_CUBIC;
	else
		return refuse_attr(o, "mode", "\"%s\" found, wanted nearest, linear or cubic", mode);
	return true;
}

/* An operand that is there and has elements. */
static Value *filled(Onnx *o, int i)
{
	Value *v = arg_opt(o, i);

	return v && v->type->rank == 1 && dim_is(v->type->dim[0], 0) ? NULL : v;
}

static int all_axes(Onnx *o, const Value *x, Axis *axis)
{
	Ints axes = get_ints(o, "axes");
	int n = axes.n ? axes.n : x->type->rank;

	if (axes.n && !axes_of(o, "axes", axes, x->type->rank, &axes))
		return -1;
	for (int i = 0; i < n; i++) {
		int k = axes.n ? (int)axes.at[i] : i;

		axis[i] = (Axis){ .axis = k, .number = i, .count = n, .in = x->type->dim[k] };
	}
	return n;
}

bool onnx_resize(Onnx *o)
{
	Value *x = arg(o, 0), *roi = filled(o, 1), *scales = filled(o, 2), *sizes = filled(o, 3);
	Resize r = { .position = get_string(o, "coordinate_transformation_mode", "half_pixel"),
	             .nearest = get_string(o, "nearest_mode", "round_prefer_floor"), .a = get_float(o, "cubic_coeff_a", -0.75),
	             .exclude = get_int(o, "exclude_outside", 0) != 0, .antialias = get_int(o, "antialias", 0) != 0,
	             .extrapolation = get_float(o, "extrapolation_value", 0) };
	Axis axis[RANK_MAX];

	if (!x || !r.position || !r.nearest || !mode_of(o, &r.mode))
		return false;
	if (!scales && !sizes)
		return refuse(o, "there are neither scales, operand 2, nor sizes, operand 3");
	int n = all_axes(o, x, axis);
	if (n < 0 || !(sizes ? all_sized(o, sizes, n, axis) : all_scaled(o, scales, n, axis)))
		return false;
	if (!strcmp(r.position, "tf_crop_and_resize") && roi) {
		if (roi->type->rank != 1 || !extent_is(o, roi->type->dim[0], 2 * n))
			return refuse(o, "'roi' must have %d elements", 2 * n);
		r.roi = as_type(o, roi, DT_F64);
	}
	return resized(o, &r, x, n, axis);
}

/* Before there were attributes for it: positions are those divided by the scale. */
static bool resize_by(Onnx *o, Value *scales, Floats given)
{
	Value *x = arg(o, 0);
	Resize r = { .position = "asymmetric", .nearest = "simple", .a = -0.75 };
	Axis axis[RANK_MAX];

	if (!x || !mode_of(o, &r.mode))
		return false;
	int n = x->type->rank;
	for (int i = 0; i < n; i++)
		axis[i] = (Axis){ .axis = i, .number = i, .count = n, .in = x->type->dim[i] };
	if (scales)
		return all_scaled(o, scales, n, axis) && resized(o, &r, x, n, axis);
	if (given.n != n)
		return refuse_attr(o, "scales", "%d numbers found, wanted %d", given.n, n);
	for (int i = 0; i < n; i++) {
		axis[i].scale = given.at[i];
		axis[i].fixed = true;
		if (!scaled(o, &axis[i]))
			return false;
	}
	return resized(o, &r, x, n, axis);
}

bool onnx_resize_scales(Onnx *o)
{
	Value *scales = arg(o, 1);

	return scales && resize_by(o, scales, (Floats){ 0 });
}

bool onnx_upsample(Onnx *o)
{
	return resize_by(o, NULL, get_floats(o, "scales"));
}
