/* ir/expand_resize.c - expansion of resize.

   Axes are resized one after the other.  A vector of positions in the input, one an element of the result, is made by ops on
   indices in f64, so that sizes may be symbols and a region data: from it come for each element of the result the elements of the
   input that it is made of, and their weights.  These tables are constants where sizes are numbers: pass fold leaves what is made of
   indices alone. */
#include "ir/eval.h"
#include "ir/expand_image.h"
#include "ir/resize.h"

enum { TABLE_MAX = 1 << 20 };   /* a table with more elements is computed when the graph runs */

typedef struct Resize {
	Builder   *b;
	const Op  *op;
	const struct attrs_resize *a;
	ResizeMode mode;
	ResizePosition   position;
	ResizeRounding   rounding;
	Value     *roi;             /* starts and ends, f64, of the axes; NULL */
} Resize;

static Value *extent(const Resize *r, Dim d) { return expand_extent(r->b, d, DT_F64); }

static Value *scale_of(const Resize *r, const ResizeAxis *a)
{
	if (a->fixed)
		return build_scalar(r->b, DT_F64, a->scale);
	Value *out = extent(r, a->out), *in = extent(r, a->in);
	return ew_div(r->b, out, in);
}

/* The extent of the result, which may be a fraction where the scale is given. */
static Value *width_of(const Resize *r, const ResizeAxis *a)
{
	return a->given ? ew_times(r->b, extent(r, a->in), a->scale) : extent(r, a->out);
}

static Value *last_of(const Resize *r, const ResizeAxis *a)
{
	return ew_plus(r->b, extent(r, a->in), -1);
}

/* p where the width is not 1, else q. */
static Value *unless_one(const Resize *r, Value *width, Value *p, Value *q)
{
	Value *one = ew_compare(r->b, CMP_EQ, width, expand_like(r->b, width, 1));

	return OVER(r->b, select, one, q, p);
}

/* (i + 1/2) / scale */
static Value *center(const Resize *r, const ResizeAxis *a, Value *i)
{
	Value *scale = scale_of(r, a);

	i = ew_plus(r->b, i, 0.5);
	return OVER(r->b, div, i, scale);
}

/* Summed up as the ONNX specification writes it: for the nearest element every bit may count. */
static Value *symmetric(const Resize *r, const ResizeAxis *a, Value *i)
{
	Builder *b = r->b;
	Value *out = extent(r, a->out), *width = width_of(r, a), *half = ew_times(b, extent(r, a->in), 0.5);
	Value *part = ew_plus(b, ew_neg(b, ew_div(b, out, width)), 1), *offset = ew_mul(b, half, part);

	i = center(r, a, i);
	return ew_plus(b, OVER(b, add, offset, i), -0.5);
}

static Value *aligned(const Resize *r, const ResizeAxis *a, Value *i)
{
	Builder *b = r->b;
	Value *last = last_of(r, a), *width = width_of(r, a), *step = ew_plus(b, width, -1);

	i = OVER(b, mul, i, last);
	i = OVER(b, div, i, step);
	return unless_one(r, width, i, build_scalar(b, DT_F64, 0));
}

/* From start to end of the region, in parts of the distance between the corner elements. */
static Value *cropped(const Resize *r, const ResizeAxis *a, Value *i)
{
	Builder *b = r->b;
	Value *start = image_slice(b, r->roi, 0, a->number, a->number + 1);
	Value *end = image_slice(b, r->roi, 0, a->count + a->number, a->count + a->number + 1), *last = last_of(r, a);
	Value *length = OVER(b, mul, ew_sub(b, end, start), last), *from = OVER(b, mul, start, last);
	Value *width = width_of(r, a), *step = ew_plus(b, width, -1), *middle = ew_times(b, length, 0.5);

	i = OVER(b, mul, i, length);
	i = unless_one(r, width, OVER(b, div, i, step), middle);
	return OVER(b, add, from, i);
}

/* Where element i of the result lies in the input, for all i: f64 [out]. */
static Value *positions(const Resize *r, const ResizeAxis *a)
{
	Builder *b = r->b;
	Value *i = image_count(b, DT_F64, a->out), *at, *many;

	switch (r->position) {
	case POSITION_HALF_PIXEL:
		return ew_plus(b, center(r, a, i), -0.5);
	case POSITION_HALF_PIXEL_SYMMETRIC:
		return symmetric(r, a, i);
	case POSITION_PYTORCH_HALF_PIXEL:
		at = ew_plus(b, center(r, a, i), -0.5);
		many = extent(r, a->out);
		many = ew_compare(b, CMP_GT, many, expand_like(b, many, 1));
		return OVER(b, select, many, at, build_scalar(b, DT_F64, 0));
	case POSITION_ASYMMETRIC:
		at = scale_of(r, a);
		return OVER(b, div, i, at);
	case POSITION_ALIGN_CORNERS:
		return aligned(r, a, i);
	case POSITION_TF_HALF_PIXEL_FOR_NN:
		return center(r, a, i);
	case POSITION_TF_CROP_AND_RESIZE:
		return cropped(r, a, i);
	case POSITION_COUNT:
		break;
	}
	UNREACHABLE("resize: a position that was not refused");
}

/* What v is, where that is made of constants, indices and sizes that are numbers; NULL: of something else. */
static Blob *evaluated(Builder *b, const Value *v, Map *done)
{
	Blob *known = value_constant(v), *part;
	Tensor *in[4], *out = NULL;
	const Op *op = v->def;
	int n = 0;

	if (known || !op || map_has(done, op))
		return known || !op ? known : map_get(done, op);
	bool ok = op->nresults == 1 && op->nargs <= 4 && op->kind != OP_dimension && type_is_static(v->type) &&
	          type_count_static(v->type) <= TABLE_MAX;
	while (ok && n < op->nargs) {
		if (!(part = evaluated(b, op->arg[n], done)))
			break;
		in[n++] = tensor_from_blob(part);
	}
	if (ok && n == op->nargs && eval_op(b->ctx, op, in, &out)) {
		known = blob_from_tensor(expand_arena(b), out);
		tensor_unref(out);
	}
	while (n > 0)
		tensor_unref(in[--n]);
	map_set(done, op, known);
	return known;
}

/* A table: a constant, or computed once and not for each element of the image. */
static Value *settled(Builder *b, Value *v)
{
	Map done;

	map_init(&done, expand_arena(b));
	Blob *known = evaluated(b, v, &done);
	return known ? build_constant(b, known) : build_value(b, OP_optimization_barrier, ARGS(v), NULL);
}

static Value *inside(const Resize *r, const ResizeAxis *a, Value *tap)
{
	bool narrow = dim_is_const(a->in) && a->in->value <= INT32_MAX;

	return settled(r->b, image_inside(r->b, tap, a->in, narrow ? DT_I32 : DT_I64));
}

static Value *rounded(const Resize *r, const ResizeAxis *a, Value *at)
{
	Builder *b = r->b;
	Value *up, *scale;

	switch (r->rounding) {
	case ROUND_PREFER_FLOOR:
		return BUILD(b, ceil, ARGS(ew_plus(b, at, -0.5)));
	case ROUND_PREFER_CEIL:
		return BUILD(b, floor, ARGS(ew_plus(b, at, 0.5)));
	case ROUND_FLOOR:
		return BUILD(b, floor, ARGS(at));
	case ROUND_CEIL:
		return BUILD(b, ceil, ARGS(at));
	case ROUND_SIMPLE:
		up = BUILD(b, ceil, ARGS(at));
		at = BUILD(b, floor, ARGS(at));
		scale = scale_of(r, a);
		scale = ew_compare(b, CMP_LT, scale, expand_like(b, scale, 1));
		return OVER(b, select, scale, up, at);
	case ROUNDING_COUNT:
		break;
	}
	UNREACHABLE("resize: a rounding that was not refused");
}

/* The weights [out, taps] of elements `tap` at distances d, not yet in the type of the image. */
static Value *weights(const Resize *r, const ResizeAxis *a, Value *tap, Value *d)
{
	Builder *b = r->b;
	Value *w;

	if (r->a->antialias && a->scale < 1)
		d = ew_times(b, d, a->scale);
	if (r->mode == RESIZE_CUBIC)
		w = image_cubic(b, d, r->a->cubic_coeff);
	else
		w = ew_at_least(b, ew_plus(b, ew_neg(b, d), 1), 0);
	if (r->a->exclude_outside) {
		Value *high = extent(r, a->in), *after = ew_compare(b, CMP_GE, tap, expand_like(b, tap, 0));
		Value *before = image_compare(b, CMP_LT, tap, high), *in = ew_and(b, after, before);

		w = ew_select(b, in, w, expand_like(b, w, 0));
	}
	if (r->a->exclude_outside || r->a->antialias) {
		Value *sum = build_reduce(b, OP_add, w, expand_range(b, 1, 2), true);
		Value *none = ew_compare(b, CMP_EQ, sum, expand_like(b, sum, 0));

		sum = ew_select(b, none, expand_like(b, sum, 1), sum);
		w = OVER(b, div, w, sum);
	}
	return w;
}

/* Sums of elements with weights, in the type of x. */
static Value *weighted(const Resize *r, const ResizeAxis *a, Value *x, Value *at)
{
	Builder *b = r->b;
	int first, count = resize_taps(r->op, a, &first), rank = x->type->rank;
	Dim taps = dim_const(b->ctx->dims, count), shape[] = { a->out, taps };
	Value *column = image_along(b, at, 0, 2), *base = BUILD(b, floor, ARGS(column));
	Value *step = image_along(b, ew_plus(b, image_count(b, DT_F64, taps), first), 1, 2);
	Value *tap = OVER(b, add, base, step), *d = OVER(b, sub, ew_sub(b, column, base), step);
	Value *weight = weights(r, a, tap, ew_abs(b, d)), *index = inside(r, a, tap), *y = NULL;

	weight = settled(b, expand_convert(b, weight, x->type->dtype));
	if (count > RESIZE_UNROLLED) {
		Dim over[RANK_MAX];

		for (int k = 0; k <= rank; k++)
			over[k] = k == a->axis ? a->out : k == a->axis + 1 ? taps : dim_const(b->ctx->dims, 1);
		y = expand_picked(b, x, index, a->axis);
		weight = image_reshape(b, weight, rank + 1, over);
		return build_reduce(b, OP_add, OVER(b, mul, y, weight), expand_range(b, a->axis + 1, a->axis + 2), false);
	}
	for (int k = 0; k < count; k++) {
		Value *i = image_reshape(b, image_slice(b, index, 1, k, k + 1), 1, shape);
		Value *w = image_reshape(b, image_slice(b, weight, 1, k, k + 1), 1, shape);
		Value *term = expand_picked(b, x, i, a->axis);

		w = image_along(b, w, a->axis, rank);
		term = OVER(b, mul, term, w);
		y = y ? ew_add(b, y, term) : term;
	}
	return y;
}

/* Each element n times: what nearest is for a scale that is a whole number. */
static Value *repeated(Builder *b, Value *x, const ResizeAxis *a)
{
	int rank = x->type->rank, n = a->axis + 1;
	Dim dim[RANK_MAX];
	int64_t where[RANK_MAX];

	memcpy(dim, x->type->dim, sizeof *dim * (size_t)n);
	dim[n] = dim_const(b->ctx->dims, (int64_t)a->scale);
	memcpy(dim + n + 1, x->type->dim + n, sizeof *dim * (size_t)(rank - n));
	for (int k = 0; k < rank; k++)
		where[k] = k < n ? k : k + 1;
	x = build_broadcast(b, x, type_get(b->ctx->types, x->type->dtype, rank + 1, dim), (Ints){ rank, where });
	memcpy(dim, x->type->dim, sizeof *dim * (size_t)n);
	dim[a->axis] = a->out;
	memmove(dim + n, dim + n + 1, sizeof *dim * (size_t)(rank - n));
	return image_reshape(b, x, rank, dim);
}

static bool repeats(const Resize *r, const ResizeAxis *a, int rank)
{
	ResizePosition p = r->position;
	bool floors = p == POSITION_ASYMMETRIC && (r->rounding == ROUND_FLOOR || r->rounding == ROUND_SIMPLE);
	bool half = p == POSITION_HALF_PIXEL || p == POSITION_PYTORCH_HALF_PIXEL || p == POSITION_HALF_PIXEL_SYMMETRIC;
	bool rounds = half && (r->rounding == ROUND_PREFER_FLOOR || r->rounding == ROUND_PREFER_CEIL);

	if (r->mode != RESIZE_NEAREST || !(floors || rounds) || !a->fixed || !(a->scale >= 1 && a->scale < 1 << 20) ||
	    a->scale != (double)(int64_t)a->scale || rank >= RANK_MAX)
		return false;
	return a->out == dim_mul(r->b->ctx->dims, a->in, dim_const(r->b->ctx->dims, (int64_t)a->scale));
}

static Value *resized_axis(const Resize *r, const ResizeAxis *a, Value *x)
{
	Builder *b = r->b;
	int rank = x->type->rank;

	if (repeats(r, a, rank))
		return repeated(b, x, a);
	Value *at = positions(r, a), *y;
	if (r->mode == RESIZE_NEAREST)
		y = expand_picked(b, x, inside(r, a, rounded(r, a, at)), a->axis);
	else
		y = weighted(r, a, x, at);
	if (r->position != POSITION_TF_CROP_AND_RESIZE)
		return y;
	Value *last = last_of(r, a), *before = ew_compare(b, CMP_LT, at, expand_like(b, at, 0)), *after = image_compare(b, CMP_GT, at, last);
	Value *beyond = settled(b, ew_or(b, before, after)), *else_is = build_scalar(b, y->type->dtype, r->a->extrapolation);
	beyond = image_along(b, beyond, a->axis, rank);
	return OVER(b, select, beyond, else_is, y);
}

/* What the tables were made by, once they are constants. */
static void sweep(Op *op, const Op *before, const Value *result)
{
	while (op != before) {
		Op *prev = op->prev;
		bool used = false;

		for (int i = 0; i < op->nresults; i++)
			used |= value_has_uses(op->result[i]) || op->result[i] == result;
		if (!used)
			op_erase(op);
		op = prev;
	}
}

static Op *last_built(const Builder *b)
{
	return b->before ? b->before->prev : b->block->last;
}

void expand_resize(Builder *b, const Op *op, Value **out)
{
	const struct attrs_resize *a = op_attrs(resize, op);
	const Type *t = op->result[0]->type;
	Resize r = { .b = b, .op = op, .a = a, .mode = (ResizeMode)word_index(a->mode, resize_modes, RESIZE_MODES),
	             .position = (ResizePosition)word_index(a->position, resize_positions, POSITION_COUNT),
	             .rounding = (ResizeRounding)word_index(a->rounding, resize_roundings, ROUNDING_COUNT) };
	const Op *before = last_built(b);
	Value *x = op->arg[0];

	for (int k = 0; k < t->rank; k++) {
		if (dim_is(t->dim[k], 0)) {
			out[0] = build_splat(b, t, 0);
			return;
		}
	}
	if (op->nargs > 1)
		r.roi = expand_convert(b, op->arg[1], DT_F64);
	if (r.mode != RESIZE_NEAREST)
		x = expand_convert(b, x, image_wide(x->type->dtype));
	for (int i = 0; i < resize_naxes(op); i++) {
		ResizeAxis axis = resize_axis(b->ctx->dims, op, i);

		if (resize_changes(op, &axis))
			x = resized_axis(&r, &axis, x);
	}
	out[0] = image_narrow(b, x, t->dtype);
	sweep(last_built(b), before, out[0]);
}
