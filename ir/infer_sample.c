/* ir/infer_sample.c - inference of grid_sample. */
#include "ir/infer_impl.h"
#include "ir/sample.h"

const char *const sample_paddings[PADDING_COUNT] = { "zeros", "border", "reflection" };

int sample_taps(ResizeMode mode)
{
	return mode == RESIZE_CUBIC ? 4 : mode == RESIZE_LINEAR ? 2 : 1;
}

bool infer_grid_sample(Infer *in)
{
	const struct attrs_grid_sample *a = op_attrs(grid_sample, in->op);
	const Type *x = infer_arg(in, 0), *grid = infer_arg(in, 1);
	Dim dim[RANK_MAX + 1], made[2 * RANK_MAX];
	int n = x->rank - 2, last = grid->rank - 1;

	if (!infer_word(in, "mode", a->mode, resize_modes, RESIZE_MODES) || !infer_word(in, "padding", a->padding, sample_paddings, PADDING_COUNT) ||
	    !infer_dtype_in(in, 0, !strcmp(a->mode, resize_modes[RESIZE_NEAREST]) ? DTS_ANY : DTS_REAL) || !infer_dtype_in(in, 1, DTS_FLOAT))
		return false;
	if (n < 1)
		return infer_fail_at(in, 0, "operand 0 is %s, wanted [N, C, ...] with one axis or more of an image", infer_type_text(in, x));
	if (last < 1)
		return infer_fail_at(in, 1, "the grid, operand 1, is %s, wanted [N, ..., %d]", infer_type_text(in, grid), n);
	if (!infer_equal(in, grid->dim[last], infer_const(in, n),
	                 "the grid, operand 1, has %s coordinates along its last axis, wanted %d for operand 0 with its %d axes",
	                 infer_dim_text(in, grid->dim[last]), n, x->rank) ||
	    !infer_equal(in, x->dim[0], grid->dim[0], "operand 0 has %s images, but the grid, operand 1, has %s", infer_dim_text(in, x->dim[0]),
	                 infer_dim_text(in, grid->dim[0])))
		return false;
	dim[0] = grid->dim[0];
	dim[1] = x->dim[1];
	memcpy(dim + 2, grid->dim + 1, sizeof *dim * (size_t)(last - 1));
	if (!infer_result(in, x->dtype, last + 1, dim))
		return false;
	/* What the expansion makes: all places as one axis, and the elements around each. */
	made[0] = dim[0];
	made[1] = dim[1];
	made[2] = infer_product(in, last - 1, dim + 2);
	for (int k = 0; k < n; k++) {
		if (!infer_at_most(in, infer_const(in, 1), x->dim[2 + k], "axis %d has no elements", 2 + k))
			return false;
		made[3 + k] = infer_const(in, sample_taps((ResizeMode)word_index(a->mode, resize_modes, RESIZE_MODES)));
	}
	return infer_fits(in, "what each element is made of", dtype_is_complex(x->dtype) ? DT_C128 : DT_F64, n + 3, made);
}
