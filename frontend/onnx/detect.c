/* frontend/onnx/detect.c - ops of detectors: NonMaxSuppression, RoiAlign, MaxRoiPool. */
#include "frontend/onnx/vision.h"

/* --- NonMaxSuppression ---

   In each class of each image the best box that is left is taken, and those that overlap it too much are no longer left, as often
   as boxes are wanted or there are any.  The numbers of the boxes taken lie in [batch, classes, most]; a list of those that are
   there has the size of the result. */

/* Corner coordinates of boxes [..., 4]: low and high ends of both axes, [...] each. */
typedef struct Boxes { Value *low[2], *high[2], *area; } Boxes;

static Value *coordinate(Onnx *o, Value *box, int k, int rank, const Dim *shape)
{
	return reshaped(o, sliced(o, box, box->type->rank - 1, dim_num(o, k), dim_num(o, k + 1)), rank, shape);
}

static Boxes corners_of(Onnx *o, Value *box, bool center, int rank, const Dim *shape)
{
	Boxes b = { 0 };
	Value *extent[2];

	for (int i = 0; i < 2; i++) {
		Value *p = coordinate(o, box, i, rank, shape), *q = coordinate(o, box, 2 + i, rank, shape);

		if (center)
			q = EW(o, div, q, number(o, box->type->dtype, 2));
		b.low[i] = center ? EW(o, sub, p, q) : EW(o, min, p, q);
		b.high[i] = center ? EW(o, add, p, q) : EW(o, max, p, q);
		extent[i] = EW(o, sub, b.high[i], b.low[i]);
	}
	b.area = EW(o, mul, extent[0], extent[1]);
	return b;
}

/* Do the boxes share more than the threshold of what they cover together?  Boxes without an area share nothing. */
static Value *overlaps(Onnx *o, const Boxes *a, const Boxes *b, Value *threshold)
{
	Value *zero = number(o, a->area->type->dtype, 0), *is = NULL, *common = NULL;

	for (int i = 0; i < 2; i++) {
		Value *low = EW(o, max, a->low[i], b->low[i]), *high = EW(o, min, a->high[i], b->high[i]);
		Value *length = EW(o, sub, high, low), *meet = compare(o, CMP_GT, high, low);

		is = is ? EW(o, and, is, meet) : meet;
		common = common ? EW(o, mul, common, length) : length;
	}
	Value *all = EW(o, sub, EW(o, add, a->area, b->area), common);
	Value *positive[] = { common, a->area, b->area, all };
	for (int i = 0; i < 4; i++)
		is = EW(o, and, is, compare(o, CMP_GT, positive[i], zero));
	return EW(o, and, is, compare(o, CMP_GT, EW(o, div, common, all), threshold));
}

/* The first of an operand of one element, or a number where it is absent. */
static Value *scalar_arg(Onnx *o, int i, DType t, double absent)
{
	Value *v = arg_opt(o, i);

	if (!v && !has_arg(o, i))
		return number(o, t, absent);
	return v ? as_type(o, reshaped(o, v, 0, NULL), t) : NULL;
}

typedef struct Suppression {
	Value *boxes;               /* [batch, n, 4] */
	Value *scores;              /* [batch, classes, n] */
	Value *most, *threshold;    /* i64[], a float */
	Dim    batch, classes, n;
	Dim    room;                /* boxes of a class at most */
	bool   center;
} Suppression;

/* One more box of each class: *left [batch, classes, n] loses it and those that overlap it; its number, or -1. */
static Value *take_best(Onnx *o, const Suppression *s, Value **left)
{
	Dim one = dim_num(o, 1), shape[] = { s->batch, s->classes, one };
	DType t = s->scores->type->dtype;
	Value *none = number(o, t, -__builtin_inf()), *score = EW(o, select, *left, s->scores, none);
	Value *any = reduced(o, OP_reduce_any, *left, ints_of(o->arena, 1, 2), false);
	if (!score || !any)
		return NULL;
	/* Of boxes of one score the first. */
	Value *top = reduced(o, OP_reduce_max, score, ints_of(o->arena, 1, 2), true);
	Value *number_of = along(o, counting(o, DT_I64, s->n), 2, 3), *count = size_value(o, s->n);
	Value *best = EW(o, and, *left, compare(o, CMP_EQ, score, top));
	Value *index = reduced(o, OP_reduce_min, EW(o, select, best, number_of, count), ints_of(o->arena, 1, 2), false);
	if (!index)
		return NULL;
	Ints first = ints_of(o->arena, 1, 0), second = ints_of(o->arena, 1, 1);
	Value *box = EMIT(o, gather, ARGS(s->boxes, index), .offset_dims = ints_of(o->arena, 1, 2), .collapsed_slice_dims = second,
	                  .operand_batching_dims = first, .start_indices_batching_dims = first, .start_index_map = second,
	                  .index_vector_dim = 2, .slice_sizes = dims_copy(o->arena, 3, (Dim[]){ one, one, dim_num(o, 4) }));
	if (!box)
		return NULL;
	Boxes a = corners_of(o, box, s->center, 3, shape), b = corners_of(o, s->boxes, s->center, 3, (Dim[]){ s->batch, one, s->n });
	if (!a.area || !b.area)
		return NULL;
	Value *gone = overlaps(o, &a, &b, s->threshold), *itself = compare(o, CMP_EQ, number_of, reshaped(o, index, 3, shape));
	*left = EW(o, and, *left, EW(o, not, EW(o, or, gone, itself)));
	return *left ? EW(o, select, any, index, number(o, DT_I64, -1)) : NULL;
}

/* The numbers of the boxes taken [batch, classes, room], -1 behind the last of a class. */
static Value *taken_boxes(Onnx *o, const Suppression *s, Value *left)
{
	Dim room = dim_max(o->ctx->dims, s->room, dim_num(o, 1));   /* a place is written in what is no round, too */
	Value *none = splat(o, DT_I64, 3, (Dim[]){ s->batch, s->classes, room }, -1);
	const Type *truth = type_scalar(o->ctx->types, DT_BOOL);
	if (!none)
		return NULL;
	Value *start[3] = { number(o, DT_I64, 0), left, none }, *v[3], *next[3];
	Op *loop = build_begin(&o->b, OP_while, 3, start, NULL);
	Builder outside = o->b;
	Value *ok;

	for (int r = 0; r < 2; r++) {
		for (int i = 0; i < 3; i++)
			v[i] = block_add_arg(loop->region[r], start[i]->type, NULL, o->b.loc);
		o->b = builder_at_end(o->ctx, loop->region[r]);
		o->b.loc = outside.loc;
		o->b.what = outside.what;
		if (r == 0) {
			Value *any = reduced(o, OP_reduce_any, v[1], ints_of(o->arena, 3, 0, 1, 2), false);
			Value *more = EW(o, and, compare(o, CMP_LT, v[0], s->most), compare(o, CMP_LT, v[0], size_value(o, s->room)));

			ok = EW(o, and, any, more);
			ok = ok && ok->type == truth && build_op(&o->b, OP_yield, 1, &ok, NULL) ? ok : NULL;
		} else {
			next[1] = v[1];
			Value *box = take_best(o, s, &next[1]), *zero = number(o, DT_I64, 0);
			box = reshaped(o, box, 3, (Dim[]){ s->batch, s->classes, dim_num(o, 1) });
			next[0] = EW(o, add, v[0], number(o, DT_I64, 1));
			next[2] = emit(o, OP_dynamic_update_slice, 5, (Value *[]){ v[2], box, zero, zero, v[0] }, NULL);
			ok = box && next[0] && next[2] && build_op(&o->b, OP_yield, 3, next, NULL) ? box : NULL;
		}
		if (!ok)
			break;
	}
	o->b = outside;
	loop = ok ? build_finish(&o->b, loop) : NULL;
	return loop ? loop->result[2] : NULL;
}

static Value *listed(Onnx *o, Value *taken)
{
	Value *is = compare(o, CMP_GE, taken, number_like(o, taken, 0)), *part[2];
	const char *name = ctx_str(o->ctx, arena_printf(o->arena, "boxes%d", o->nsizes++));
	Op *list = is ? emit_op(o, OP_nonzero, 1, &is, &(struct attrs_nonzero){ .size = dim_sym(o->ctx->dims, name, INT64_MAX) }) : NULL;

	if (!list)
		return NULL;
	Value *where = list->result[0];
	Dim size = where->type->dim[0];
	part[0] = sliced(o, where, 1, dim_num(o, 0), dim_num(o, 2));
	part[1] = reshaped(o, EMIT(o, gather_nd, ARGS(taken, where), .batch_dims = 0), 2, (Dim[]){ size, dim_num(o, 1) });
	return concatenated(o, 2, part, 1);
}

bool onnx_non_max_suppression(Onnx *o)
{
	Suppression s = { .boxes = arg(o, 0), .scores = arg(o, 1), .center = get_int(o, "center_point_box", 0) != 0 };
	int64_t most;

	if (!s.boxes || !s.scores)
		return false;
	if (s.boxes->type->rank != 3 || s.scores->type->rank != 3 || !extent_is(o, s.boxes->type->dim[2], 4))
		return refuse(o, "operands of ranks %d and %d found, wanted [batch, boxes, 4] and [batch, classes, boxes]", s.boxes->type->rank,
		              s.scores->type->rank);
	s.batch = s.boxes->type->dim[0];
	s.n = s.room = s.boxes->type->dim[1];
	s.classes = s.scores->type->dim[1];
	s.most = scalar_arg(o, 2, DT_I64, 0);
	s.threshold = scalar_arg(o, 3, s.boxes->type->dtype, 0);
	if (!s.most || !s.threshold)
		return false;
	if (!has_arg(o, 2))
		s.room = dim_num(o, 0);
	else if (knows(o, arg(o, 2)) && int_in(o, arg(o, 2), &most))
		s.room = dim_min(o->ctx->dims, s.n, dim_num(o, most < 0 ? 0 : most));
	/* Without a least score a box that has none, being NaN, is left out. */
	Value *least = scalar_arg(o, 4, s.scores->type->dtype, 0), *left;
	if (!least)
		return false;
	left = has_arg(o, 4) ? compare(o, CMP_GT, s.scores, least) : compare(o, CMP_EQ, s.scores, s.scores);
	return left && give(o, 0, listed(o, taken_boxes(o, &s, left)));
}

/* --- RoiAlign --- */

enum { SAMPLES_MAX = 1 << 12 };     /* of a bin along an axis, where their number is data */

typedef struct Regions {
	Value  *x;                  /* [N, C, H, W], in the type that is computed in */
	Value  *batch;              /* i64 [R]: which image */
	Dim     n;                  /* regions */
	Dim     size[2];            /* bins along H and W */
	Value  *start[2], *bin[2];  /* [R, 1]: where each region begins, and the extent of a bin */
	bool    largest;
} Regions;

/* Sample number `at` of `count` of each bin of axis i, in elements: [R, bins, samples]. */
static Value *sample_positions(Onnx *o, const Regions *r, int i, Value *at, Value *count)
{
	DType t = r->x->type->dtype;
	Value *bin = along(o, counting(o, t, r->size[i]), 1, 3);
	Dim column[] = { r->n, dim_num(o, 1), dim_num(o, 1) };
	Value *size = reshaped(o, r->bin[i], 3, column), *start = reshaped(o, r->start[i], 3, column);
	Value *within = EW(o, div, EW(o, mul, EW(o, add, at, number(o, t, 0.5)), size), count);

	return EW(o, add, EW(o, add, start, EW(o, mul, bin, size)), within);
}

/* The two elements around each position [R, P, S] along a new last axis, and their weights: 0 for what lies more than one element
   outside. */
static bool sample_taps(Onnx *o, Value *at, Dim extent, Value **index, Value **weight)
{
	DType t = at->type->dtype;
	Dim dim[4];
	Value *zero = number(o, t, 0), *size = as_type(o, size_value(o, extent), t), *last, *step, *in, *low;

	memcpy(dim, at->type->dim, sizeof *dim * 3);
	dim[3] = dim_num(o, 1);
	if (!(at = reshaped(o, at, 4, dim)) || !size)
		return false;
	last = EW(o, sub, size, number(o, t, 1));
	in = EW(o, and, compare(o, CMP_GE, at, number(o, t, -1)), compare(o, CMP_LE, at, size));
	at = EW(o, clamp, zero, at, last);
	step = along(o, counting(o, t, dim_num(o, 2)), 3, 4);
	low = EW(o, floor, at);
	*weight = EW(o, sub, number(o, t, 1), EW(o, abs, EW(o, sub, EW(o, sub, at, low), step)));
	*weight = EW(o, select, in, *weight, zero);
	*index = as_type(o, EW(o, clamp, zero, EW(o, add, low, step), last), DT_I64);
	return *index && *weight;
}

/* [R, a, b, c] and [R, d, e, f] side by side: [R, a, d, b, e, c, f], as the first or the second of them. */
static Value *beside(Onnx *o, Value *v, bool second)
{
	Dim dim[7];

	if (!v)
		return NULL;
	dim[0] = v->type->dim[0];
	for (int k = 0; k < 6; k++)
		dim[1 + k] = (k % 2 == 1) == second ? v->type->dim[1 + k / 2] : dim_num(o, 1);
	return reshaped(o, v, 7, dim);
}

/* The samples at positions of both axes, times weights: [R, C, bins, bins, samples, samples, 2, 2]. */
static Value *region_samples(Onnx *o, const Regions *r, Value *const *at)
{
	const Type *t = r->x->type;
	Value *index[2], *weight[2];

	for (int i = 0; i < 2; i++)
		if (!at[i] || !sample_taps(o, at[i], t->dim[2 + i], &index[i], &weight[i]))
			return NULL;
	Dim one = dim_num(o, 1), plane = dim_mul(o->ctx->dims, t->dim[2], t->dim[3]), dim[8], images[] = { t->dim[0], t->dim[1], plane };
	if (!plane) {
		overflows(o);
		return NULL;
	}
	Value *place = EW(o, add, EW(o, mul, beside(o, index[0], false), size_value(o, t->dim[3])), beside(o, index[1], true));
	Value *w = EW(o, mul, beside(o, weight[0], false), beside(o, weight[1], true)), *flat = reshaped(o, r->x, 3, images);
	if (!place || !w || !flat)
		return NULL;
	memcpy(dim, place->type->dim, sizeof *dim * 7);
	dim[7] = one;
	Dim row[7] = { r->n, one, one, one, one, one, one };
	Value *image = broadcast_to(o, reshaped(o, r->batch, 7, row), 7, place->type->dim);
	Value *pair[2] = { reshaped(o, image, 8, dim), reshaped(o, place, 8, dim) }, *both = concatenated(o, 2, pair, 7);
	if (!both)
		return NULL;
	int64_t offset[] = { 1 }, collapsed[] = { 0, 2 };
	Value *y = EMIT(o, gather, ARGS(flat, both), .offset_dims = ints_copy(o->arena, 1, offset),
	                .collapsed_slice_dims = ints_copy(o->arena, 2, collapsed), .start_index_map = ints_copy(o->arena, 2, collapsed),
	                .index_vector_dim = 7, .slice_sizes = dims_copy(o->arena, 3, (Dim[]){ one, t->dim[1], one }));
	for (int k = 7; k > 1; k--)
		dim[k] = w->type->dim[k - 1];
	dim[0] = w->type->dim[0];
	dim[1] = one;
	return EW(o, mul, y, reshaped(o, w, 8, dim));
}

/* As many samples in each bin as sampling_ratio says. */
static Value *fixed_samples(Onnx *o, const Regions *r, int64_t ratio)
{
	DType t = r->x->type->dtype;
	Value *at[2], *n = number(o, t, (double)ratio), *y;

	for (int i = 0; i < 2; i++)
		at[i] = sample_positions(o, r, i, along(o, counting(o, t, dim_num(o, ratio)), 2, 3), n);
	y = reduced(o, r->largest ? OP_reduce_max : OP_reduce_sum, region_samples(o, r, at), ints_of(o->arena, 4, 4, 5, 6, 7), false);
	return r->largest || !y ? y : EW(o, div, y, number(o, t, (double)(ratio * ratio)));
}

/* A number of samples of its own for each region: one sample of all bins a round, until the regions with the most samples are
   through; the others have had all of theirs by then. */
static Value *adaptive_samples(Onnx *o, const Regions *r)
{
	const Type *t = r->x->type;
	Dim column[] = { r->n, dim_num(o, 1), dim_num(o, 1) }, over[] = { r->n, dim_num(o, 1), dim_num(o, 1), dim_num(o, 1) };
	Value *count[2], *most[2], *v[2], *next[2], *at[2], *ok = NULL, *zero = number(o, t->dtype, 0), *one = number(o, t->dtype, 1);

	for (int i = 0; i < 2; i++) {
		/* A region without an end must come to one. */
		count[i] = EW(o, clamp, zero, EW(o, ceil, reshaped(o, r->bin[i], 3, column)), number(o, t->dtype, SAMPLES_MAX));
		most[i] = as_type(o, reduced(o, OP_reduce_max, count[i], ints_of(o->arena, 3, 0, 1, 2), false), DT_I64);
	}
	Value *rounds = EW(o, mul, most[0], most[1]);
	Value *start[2] = { number(o, DT_I64, 0), splat(o, t->dtype, 4, (Dim[]){ r->n, t->dim[1], r->size[0], r->size[1] },
	                                                    r->largest ? -__builtin_inf() : 0) };
	if (!rounds || !start[1])
		return NULL;
	Op *loop = build_begin(&o->b, OP_while, 2, start, NULL);
	Builder outside = o->b;
	for (int k = 0; k < 2; k++) {
		for (int i = 0; i < 2; i++)
			v[i] = block_add_arg(loop->region[k], start[i]->type, NULL, o->b.loc);
		o->b = builder_at_end(o->ctx, loop->region[k]);
		o->b.loc = outside.loc;
		o->b.what = outside.what;
		if (k == 0) {
			ok = compare(o, CMP_LT, v[0], rounds);
			ok = ok && build_op(&o->b, OP_yield, 1, &ok, NULL) ? ok : NULL;
		} else {
			Value *step[2] = { EW(o, div, v[0], most[1]), EW(o, rem, v[0], most[1]) }, *has = NULL, *y;

			for (int i = 0; i < 2; i++) {
				step[i] = as_type(o, step[i], t->dtype);
				Value *in = compare(o, CMP_LT, step[i], reshaped(o, count[i], 4, over));
				has = has ? EW(o, and, has, in) : in;
				at[i] = sample_positions(o, r, i, step[i], EW(o, max, count[i], one));
			}
			y = reduced(o, r->largest ? OP_reduce_max : OP_reduce_sum, region_samples(o, r, at), ints_of(o->arena, 4, 4, 5, 6, 7), false);
			y = r->largest ? EW(o, max, v[1], y) : EW(o, add, v[1], y);
			next[0] = EW(o, add, v[0], number(o, DT_I64, 1));
			next[1] = EW(o, select, has, y, v[1]);
			ok = next[0] && next[1] && build_op(&o->b, OP_yield, 2, next, NULL) ? next[1] : NULL;
		}
		if (!ok)
			break;
	}
	o->b = outside;
	if (!ok || !(loop = build_finish(&o->b, loop)))
		return NULL;
	Value *y = loop->result[1], *samples = reshaped(o, EW(o, mul, count[0], count[1]), 4, over);
	if (!r->largest)
		return EW(o, div, y, EW(o, max, samples, one));
	return EW(o, select, compare(o, CMP_GT, samples, zero), y, zero);
}

/* He et al., arXiv 1703.06870, section 3: bins of each region sampled between elements, and their mean; or, as ONNX has it, the
   largest of the elements times their weights. */
bool onnx_roi_align(Onnx *o)
{
	Value *x = arg(o, 0), *roi = arg(o, 1), *batch = arg(o, 2);
	const char *mode = get_string(o, "mode", "avg");
	const char *how = get_string(o, "coordinate_transformation_mode", o->node->opset < 16 ? "output_half_pixel" : "half_pixel");
	int64_t ratio = get_int(o, "sampling_ratio", 0), bins[] = { get_int(o, "output_height", 1), get_int(o, "output_width", 1) };

	if (!x || !roi || !batch || !mode || !how)
		return false;
	if (x->type->rank != 4 || roi->type->rank != 2 || batch->type->rank != 1 || !extent_is(o, roi->type->dim[1], 4))
		return refuse(o, "operands of ranks %d, %d and %d found, wanted [N, C, H, W], [R, 4] and [R]", x->type->rank, roi->type->rank,
		              batch->type->rank);
	if (ratio < 0 || ratio > 1 << 15 || bins[0] < 1 || bins[1] < 1)
		return refuse(o, "'sampling_ratio' is %lld, 'output_height' %lld, 'output_width' %lld, wanted 0 to 32768, and at least 1", (long long)ratio,
		              (long long)bins[0], (long long)bins[1]);
	bool half = !strcmp(how, "half_pixel"), largest = !strcmp(mode, "max");
	if ((!half && strcmp(how, "output_half_pixel") != 0) || (!largest && strcmp(mode, "avg") != 0))
		return refuse(o, "the mode \"%s\" or \"%s\" is not known", how, mode);
	DType own = x->type->dtype, t = wide_type(own);
	double scale = get_float(o, "spatial_scale", 1);
	Regions r = { .x = as_type(o, x, t), .batch = as_type(o, batch, DT_I64), .n = roi->type->dim[0], .largest = largest };
	roi = as_type(o, roi, t);
	for (int i = 0; i < 2; i++) {
		Value *end, *extent;

		r.size[i] = dim_num(o, bins[i]);
		r.start[i] = EW(o, mul, sliced(o, roi, 1, dim_num(o, 1 - i), dim_num(o, 2 - i)), number(o, t, scale));
		end = EW(o, mul, sliced(o, roi, 1, dim_num(o, 3 - i), dim_num(o, 4 - i)), number(o, t, scale));
		extent = EW(o, sub, end, r.start[i]);
		if (half)
			r.start[i] = EW(o, sub, r.start[i], number(o, t, 0.5));
		else
			extent = EW(o, max, extent, number(o, t, 1));
		r.bin[i] = EW(o, div, extent, number(o, t, (double)bins[i]));
		if (!r.bin[i] || !r.start[i])
			return false;
	}
	if (!r.x || !r.batch)
		return false;
	return give(o, 0, as_type(o, ratio ? fixed_samples(o, &r, ratio) : adaptive_samples(o, &r), own));
}

/* --- MaxRoiPool --- */

/* Which elements of axis i are in which bin of each region, which is given by its ends in elements: bool [R, bins, extent]. */
static Value *bin_elements(Onnx *o, Value *from, Value *to, int64_t bins, Dim extent)
{
	DType t = from->type->dtype;
	Value *one = number(o, t, 1), *zero = number(o, t, 0), *size = as_type(o, size_value(o, extent), t);
	Value *length = EW(o, max, EW(o, add, EW(o, sub, to, from), one), one);
	Value *step = EW(o, div, length, number(o, t, (double)bins)), *bin = along(o, counting(o, t, dim_num(o, bins)), 1, 3);
	Value *low = EW(o, add, EW(o, floor, EW(o, mul, bin, step)), from);
	Value *high = EW(o, add, EW(o, ceil, EW(o, mul, EW(o, add, bin, one), step)), from), *at = along(o, counting(o, t, extent), 2, 3);

	low = EW(o, clamp, zero, low, size);
	high = EW(o, clamp, zero, high, size);
	return EW(o, and, compare(o, CMP_GE, at, low), compare(o, CMP_LT, at, high));
}

/* Girshick, arXiv 1504.08083, section 2.1: the largest element of each bin; first along W, then along H. */
bool onnx_max_roi_pool(Onnx *o)
{
	Value *x = arg(o, 0), *roi = arg(o, 1), *in[2];
	Ints pooled = get_ints(o, "pooled_shape");
	double scale = get_float(o, "spatial_scale", 1);

	if (!x || !roi)
		return false;
	if (x->type->rank != 4 || roi->type->rank != 2 || !extent_is(o, roi->type->dim[1], 5) || pooled.n != 2 || pooled.at[0] < 1 || pooled.at[1] < 1)
		return refuse(o, "operands of ranks %d and %d found, wanted [N, C, H, W] and [R, 5], and two numbers of at least 1 as 'pooled_shape'",
		              x->type->rank, roi->type->rank);
	DType own = x->type->dtype, t = wide_type(own);
	const Type *image = x->type;
	Dim n = roi->type->dim[0], one = dim_num(o, 1), column[] = { n, one, one };
	Value *batch = as_type(o, reshaped(o, sliced(o, roi, 1, dim_num(o, 0), one), 1, &n), DT_I64);
	roi = as_type(o, roi, t);
	for (int i = 0; i < 2; i++) {
		Value *from = reshaped(o, sliced(o, roi, 1, dim_num(o, 2 - i), dim_num(o, 3 - i)), 3, column);
		Value *to = reshaped(o, sliced(o, roi, 1, dim_num(o, 4 - i), dim_num(o, 5 - i)), 3, column);

		from = EW(o, round_nearest_afz, EW(o, mul, from, number(o, t, scale)));
		to = EW(o, round_nearest_afz, EW(o, mul, to, number(o, t, scale)));
		if (!from || !to || !(in[i] = bin_elements(o, from, to, pooled.at[i], image->dim[2 + i])))
			return false;
	}
	if (!batch)
		return false;
	Ints first = ints_of(o->arena, 1, 0);
	Value *y = EMIT(o, gather, ARGS(x, batch), .offset_dims = ints_of(o->arena, 3, 1, 2, 3), .collapsed_slice_dims = first,
	                .start_index_map = first, .index_vector_dim = 1,
	                .slice_sizes = dims_copy(o->arena, 4, (Dim[]){ one, image->dim[1], image->dim[2], image->dim[3] }));
	Dim h = image->dim[2], w = image->dim[3], ph = dim_num(o, pooled.at[0]), pw = dim_num(o, pooled.at[1]);
	y = reshaped(o, y, 5, (Dim[]){ n, image->dim[1], h, one, w });
	if (!y)
		return false;
	Value *none = build_identity(&o->b, own, OP_max);
	y = EW(o, select, reshaped(o, in[1], 5, (Dim[]){ n, one, one, pw, w }), y, none);
	y = reduced(o, OP_reduce_max, y, ints_of(o->arena, 1, 4), false);
	y = reshaped(o, y, 5, (Dim[]){ n, image->dim[1], one, h, pw });
	y = EW(o, select, reshaped(o, in[0], 5, (Dim[]){ n, one, ph, h, one }), y, none);
	y = reduced(o, OP_reduce_max, y, ints_of(o->arena, 1, 3), false);
	/* A bin without elements gives 0. */
	Value *any[2];
	for (int i = 0; i < 2; i++)
		any[i] = reduced(o, OP_reduce_any, in[i], ints_of(o->arena, 1, 2), false);
	Value *filled = EW(o, and, reshaped(o, any[0], 4, (Dim[]){ n, one, ph, one }), reshaped(o, any[1], 4, (Dim[]){ n, one, one, pw }));
	return give(o, 0, EW(o, select, filled, y, number(o, own, 0)));
}
