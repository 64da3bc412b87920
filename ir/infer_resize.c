/* ir/infer_resize.c - inference of resize. */
#include <math.h>

#include "ir/infer_impl.h"
#include "ir/resize.h"

const char *const resize_modes[RESIZE_MODES] = { "nearest", "linear", "cubic" };
const char *const resize_positions[POSITION_COUNT] = {
	"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "asymmetric", "align_corners", "tf_half_pixel_for_nn", "tf_crop_and_resize",
};
const char *const resize_roundings[ROUNDING_COUNT] = { "round_prefer_floor", "round_prefer_ceil", "floor", "ceil", "simple" };

int resize_naxes(const Op *op)
{
	Ints dims = op_attrs(resize, op)->dims;

	return dims.n ? dims.n : op->arg[0]->type->rank;
}

ResizeAxis resize_axis(DimTable *t, const Op *op, int i)
{
	const struct attrs_resize *a = op_attrs(resize, op);
	const Type *x = op->arg[0]->type;
	int64_t k = a->dims.n ? a->dims.at[i] : i;
	ResizeAxis axis = { .axis = (int)(k < 0 ? k + x->rank : k), .number = i, .count = resize_naxes(op) };

	axis.in = x->dim[axis.axis];
	axis.out = a->shape.at[axis.axis];
	if (a->scales.n) {
		axis.given = axis.fixed = true;
		axis.scale = a->scales.at[i];
		return axis;
	}
	Dim factor = dim_divide_exact(t, axis.out, axis.in);
	if (dim_is_const(axis.in) && dim_is_const(axis.out) && axis.in->value > 0) {
		axis.fixed = true;
		axis.scale = (double)axis.out->value / (double)axis.in->value;
	} else if (factor && dim_is_const(factor) && factor->value > 0) {
		axis.fixed = true;
		axis.scale = (double)factor->value;
	}
	return axis;
}

static bool crops(const Op *op)
{
	return !strcmp(op_attrs(resize, op)->position, resize_positions[POSITION_TF_CROP_AND_RESIZE]);
}

bool resize_changes(const Op *op, const ResizeAxis *a)
{
	return crops(op) || a->in != a->out || (a->fixed && a->scale != 1);
}

int resize_taps(const Op *op, const ResizeAxis *a, int *first)
{
	const struct attrs_resize *r = op_attrs(resize, op);
	double reach = !strcmp(r->mode, resize_modes[RESIZE_CUBIC]) ? 2 : 1;

	if (r->antialias && a->scale < 1)
		reach /= a->scale;
	*first = (int)floor(-reach) + 1;
	return 2 - 2 * *first;
}

/* Operand 1 is there for a region of the input, and for nothing else. */
static bool region_is_fine(Infer *in, int n)
{
	if (!crops(in->op))
		return in->op->nargs == 1 || infer_fail_at(in, 1, "operand 1, a region, goes with 'position' = \"tf_crop_and_resize\" only");
	if (in->op->nargs == 1)
		return infer_fail(in, "'position' is \"tf_crop_and_resize\" without a region, operand 1");
	return infer_dtype_in(in, 1, DTS_FLOAT) && infer_rank_is(in, 1, 1) &&
	       infer_equal(in, infer_arg(in, 1)->dim[0], infer_const(in, 2 * n),
	                   "the region, operand 1, has %s elements, wanted %d: a start for each axis, then the ends",
	                   infer_dim_text(in, infer_arg(in, 1)->dim[0]), 2 * n);
}

static bool scales_are_fine(Infer *in, Nums scales, int n)
{
	if (scales.n && scales.n != n)
		return infer_fail(in, "'scales' has %d numbers, wanted %d, one an axis", scales.n, n);
	for (int i = 0; i < scales.n; i++)
		if (!(scales.at[i] >= 0x1p-60 && scales.at[i] <= 0x1p60))
			return infer_fail(in, "'scales' has the number %g, wanted one above 0", scales.at[i]);
	return true;
}

/* What the expansion makes of an axis can be made; shape: that of x with the axes before it resized already. */
static bool axis_is_fine(Infer *in, const ResizeAxis *a, Dim *shape)
{
	const struct attrs_resize *r = op_attrs(resize, in->op);
	DType t = dtype_is_complex(infer_arg(in, 0)->dtype) ? DT_C128 : DT_F64;
	int rank = infer_arg(in, 0)->rank, k = a->axis, first;
	Dim table[RANK_MAX + 1];

	if (!infer_at_most(in, infer_const(in, 1), a->in, "axis %d has no elements", k))
		return false;
	if (r->antialias && !a->fixed)
		return infer_fail(in, "'antialias' with an extent of axis %d that is no number, %s to %s, and no 'scales': give it by --dim", k,
		                  infer_dim_text(in, a->in), infer_dim_text(in, a->out));
	if (r->antialias && a->scale < 1e-6)
		return infer_fail(in, "'antialias' with the scale %g of axis %d, wanted at least 1e-6", a->scale, k);
	int taps = resize_taps(in->op, a, &first);
	shape[k] = a->out;
	if (taps > RESIZE_UNROLLED) {
		memcpy(table, shape, sizeof *table * (size_t)rank);
		table[rank] = infer_const(in, taps);
		if (!infer_fits(in, "what each element is made of", t, rank + 1, table))
			return false;
	}
	table[0] = a->out;
	table[1] = infer_const(in, taps);
	return infer_fits(in, "the table of weights", DT_F64, 2, table) && infer_fits(in, "the result along some axes", t, rank, shape);
}

bool infer_resize(Infer *in)
{
	const struct attrs_resize *a = op_attrs(resize, in->op);
	bool marked[RANK_MAX], empty = false;
	Dim shape[RANK_MAX];

	if (!infer_arity(in, 1, 2, "1 or 2") || !infer_word(in, "mode", a->mode, resize_modes, RESIZE_MODES) ||
	    !infer_word(in, "position", a->position, resize_positions, POSITION_COUNT) ||
	    !infer_word(in, "rounding", a->rounding, resize_roundings, ROUNDING_COUNT))
		return false;
	bool nearest = !strcmp(a->mode, resize_modes[RESIZE_NEAREST]);
	const Type *x = infer_arg(in, 0);
	if (!infer_dtype_in(in, 0, nearest ? DTS_ANY : DTS_REAL) || !infer_axes_wrapped(in, "dims", a->dims, x->rank, marked))
		return false;
	if (nearest && a->antialias)
		return infer_fail(in, "'antialias' with mode \"nearest\", wanted \"linear\" or \"cubic\"");
	if (a->shape.n != x->rank)
		return infer_fail(in, "'shape' has %d entr%s, wanted %d like the operand", a->shape.n, a->shape.n == 1 ? "y" : "ies", x->rank);
	int n = resize_naxes(in->op);
	for (int k = 0; k < x->rank; k++) {
		bool stays = a->dims.n && !marked[k];

		shape[k] = stays ? x->dim[k] : a->shape.at[k];
		if (stays && !infer_equal(in, a->shape.at[k], x->dim[k], "'shape' has the extent %s for axis %d, wanted %s: it is not among 'dims'",
		                          infer_dim_text(in, a->shape.at[k]), k, infer_dim_text(in, x->dim[k])))
			return false;
	}
	if (!infer_result(in, x->dtype, x->rank, shape) || !scales_are_fine(in, a->scales, n) || !region_is_fine(in, n))
		return false;
	for (int k = 0; k < x->rank; k++) {
		empty |= dim_is(shape[k], 0);
		shape[k] = x->dim[k];
	}
	for (int i = 0; i < n && !empty; i++) {
		ResizeAxis axis = resize_axis(in->ctx->dims, in->op, i);

		if (resize_changes(in->op, &axis) && !axis_is_fine(in, &axis, shape))
			return false;
	}
	return true;
}
