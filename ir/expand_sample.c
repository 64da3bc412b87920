/* ir/expand_sample.c - expansion of grid_sample. */
#include "ir/expand_image.h"
#include "ir/sample.h"

typedef struct Sampling {
	Builder   *b;
	int        n;               /* axes of the image */
	ResizeMode mode;
	Padding    padding;
	bool       corners;
	double     cubic_coeff;
} Sampling;

/* What one axis contributes: element numbers, weights (NULL: 1), and which are inside (NULL: all), where position [N, P] has its
   elements along axis 2 + i. */
typedef struct Taps { Value *index, *weight, *inside; } Taps;

/* Positions beyond the borders go back inside, as often as it takes: a saw tooth of the distance from the lower border. */
static Value *reflected(const Sampling *s, Value *at, Dim extent)
{
	Builder *b = s->b;
	DType t = at->type->dtype;
	double low = s->corners ? 0 : -0.5;
	Value *span = expand_extent(b, extent, t);

	if (s->corners)
		span = ew_plus(b, span, -1);
	Value *twice = ew_add(b, span, span), *way = ew_abs(b, ew_plus(b, at, -low));
	way = OVER(b, rem, way, twice);
	Value *far = image_compare(b, CMP_GT, way, span), *back = OVER(b, sub, twice, way);
	back = ew_select(b, far, back, way);
	/* An axis of one element has no room between its corners. */
	Value *room = ew_compare(b, CMP_GT, span, expand_like(b, span, 0));
	return ew_plus(b, OVER(b, select, room, back, build_scalar(b, t, 0)), low);
}

static DType index_type(const Type *x)
{
	double n = 1;

	for (int k = 2; k < x->rank; k++) {
		if (!dim_is_const(x->dim[k]))
			return DT_I64;
		n *= (double)x->dim[k]->value;
	}
	return n <= INT32_MAX ? DT_I32 : DT_I64;
}

static Taps axis_taps(const Sampling *s, Value *at, const Type *x, int i)
{
	Builder *b = s->b;
	DType t = at->type->dtype;
	Dim extent = x->dim[2 + i], dim[RANK_MAX];
	Value *zero = build_scalar(b, t, 0), *last = ew_plus(b, expand_extent(b, extent, t), -1), *tap;
	Taps out = { 0 };

	if (s->mode == RESIZE_NEAREST)
		at = BUILD(b, round_nearest_even, ARGS(at));
	/* Of a cubic the elements are those at the border, not the position. */
	if (s->padding == PADDING_BORDER && s->mode != RESIZE_CUBIC)
		at = OVER(b, clamp, zero, at, last);
	else if (s->padding == PADDING_REFLECTION)
		at = reflected(s, at, extent);
	tap = at;
	if (s->mode != RESIZE_NEAREST) {
		for (int k = 0; k < 2 + s->n; k++)
			dim[k] = k < 2 ? at->type->dim[k] : dim_const(b->ctx->dims, 1);
		at = image_reshape(b, at, 2 + s->n, dim);
		Value *step = image_count(b, t, dim_const(b->ctx->dims, sample_taps(s->mode)));
		if (s->mode == RESIZE_CUBIC)
			step = ew_plus(b, step, -1);
		step = image_along(b, step, 2 + i, 2 + s->n);
		Value *base = BUILD(b, floor, ARGS(at)), *d = OVER(b, sub, ew_sub(b, at, base), step);
		d = ew_abs(b, d);
		tap = OVER(b, add, base, step);
		out.weight = s->mode == RESIZE_CUBIC ? image_cubic(b, d, s->cubic_coeff) : ew_plus(b, ew_neg(b, d), 1);
	}
	if (s->padding == PADDING_ZEROS) {
		Value *after = image_compare(b, CMP_GE, tap, zero), *before = image_compare(b, CMP_LE, tap, last);
		out.inside = ew_and(b, after, before);
	} else if (s->padding == PADDING_REFLECTION) {
		tap = reflected(s, tap, extent);
	}
	out.index = image_inside(b, tap, extent, index_type(x));
	return out;
}

/* x [N, C, d1 ... dn] at positions [N, P], one an axis, in elements: [N, C, P]. */
static Value *sampled(const Sampling *s, Value *x, Value *const *at)
{
	Builder *b = s->b;
	const Type *t = x->type;
	Dim one = dim_const(b->ctx->dims, 1), count = one, dim[RANK_MAX];
	Value *index = NULL, *weight = NULL, *inside = NULL;

	for (int i = 0; i < s->n; i++) {
		Taps tap = axis_taps(s, at[i], t, i);

		if (index)
			index = OVER(b, mul, index, expand_extent(b, t->dim[2 + i], index->type->dtype));
		index = index ? OVER(b, add, index, tap.index) : tap.index;
		weight = weight ? OVER(b, mul, weight, tap.weight) : tap.weight;
		inside = inside ? OVER(b, and, inside, tap.inside) : tap.inside;
		count = dim_mul(b->ctx->dims, count, t->dim[2 + i]);
	}
	Value *image = image_reshape(b, x, 3, (Dim[]){ t->dim[0], t->dim[1], count });
	int rank = index->type->rank;
	Ints first = expand_range(b, 0, 1), second = expand_range(b, 1, 2), third = expand_range(b, 2, 3);
	Value *y = BUILD(b, gather, ARGS(image, index), .offset_dims = second, .collapsed_slice_dims = third,
	                 .operand_batching_dims = first, .start_indices_batching_dims = first, .start_index_map = third,
	                 .index_vector_dim = rank, .slice_sizes = dims_copy(expand_arena(b), 3, (Dim[]){ one, t->dim[1], one }));
	dim[0] = index->type->dim[0];
	dim[1] = one;
	for (int k = 1; k < rank; k++)
		dim[1 + k] = index->type->dim[k];
	if (inside) {
		inside = image_reshape(b, inside, rank + 1, dim);
		y = OVER(b, select, inside, y, build_scalar(b, t->dtype, 0));
	}
	if (!weight)
		return y;
	weight = image_reshape(b, expand_convert(b, weight, t->dtype), rank + 1, dim);
	return build_reduce(b, OP_add, OVER(b, mul, y, weight), expand_range(b, 3, 3 + s->n), false);
}

/* Positions in elements [N, P] of axis i, whose coordinate is the last but i of the grid: -1 and 1 are the centers of the corner
   elements, or their corners. */
static Value *positions(const Sampling *s, const struct attrs_grid_sample *a, Value *grid, int i, Dim extent, const Dim *shape)
{
	Builder *b = s->b;
	Value *g = image_slice(b, grid, grid->type->rank - 1, s->n - 1 - i, s->n - i), *size;

	g = image_reshape(b, g, 2, shape);
	if (!a->normalized)
		return g;
	g = ew_plus(b, g, 1);
	size = expand_extent(b, extent, g->type->dtype);
	if (a->align_corners) {
		g = ew_times(b, g, 0.5);
		return OVER(b, mul, g, ew_plus(b, size, -1));
	}
	return ew_times(b, ew_plus(b, OVER(b, mul, g, size), -1), 0.5);
}

void expand_grid_sample(Builder *b, const Op *op, Value **out)
{
	const struct attrs_grid_sample *a = op_attrs(grid_sample, op);
	Value *x = op->arg[0], *grid = expand_wide(b, op->arg[1]), *at[RANK_MAX];
	const Type *t = op->result[0]->type, *g = grid->type;
	Sampling s = { .b = b, .n = x->type->rank - 2, .mode = (ResizeMode)word_index(a->mode, resize_modes, RESIZE_MODES),
	               .padding = (Padding)word_index(a->padding, sample_paddings, PADDING_COUNT), .corners = a->align_corners,
	               .cubic_coeff = a->cubic_coeff };
	Dim shape[] = { g->dim[0], dim_const(b->ctx->dims, 1) };

	for (int k = 1; k < g->rank - 1; k++)
		shape[1] = dim_mul(b->ctx->dims, shape[1], g->dim[k]);
	for (int i = 0; i < s.n; i++)
		at[i] = positions(&s, a, grid, i, x->type->dim[2 + i], shape);
	if (s.mode != RESIZE_NEAREST)
		x = expand_convert(b, x, image_wide(x->type->dtype));
	out[0] = image_narrow(b, sampled(&s, x, at), t->dtype);
	out[0] = image_reshape(b, out[0], t->rank, t->dim);
}
