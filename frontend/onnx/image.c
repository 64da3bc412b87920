/* frontend/onnx/image.c - moving elements of images: DepthToSpace, SpaceToDepth, CenterCropPad. */
#include "frontend/onnx/vision.h"

/* Is the order of channels column, row, depth, and not depth, column, row? */
static bool block_given(Onnx *o, const Value *x, int64_t *block, bool *crd)
{
	const char *mode = get_string(o, "mode", "DCR");

	*block = get_int(o, "blocksize", 0);
	if (!mode)
		return false;
	*crd = !strcmp(mode, "CRD");
	if (!*crd && strcmp(mode, "DCR") != 0)
		return refuse_attr(o, "mode", "\"%s\" found, wanted DCR or CRD", mode);
	if (x->type->rank != 4)
		return refuse(o, "the input has rank %d, wanted 4 ([N, C, H, W])", x->type->rank);
	if (*block < 1 || *block > 1 << 15)
		return refuse_attr(o, "blocksize", "%lld found, wanted 1 to 32768", (long long)*block);
	return true;
}

bool onnx_depth_to_space(Onnx *o)
{
	static const int64_t dcr_order[] = { 0, 3, 4, 1, 5, 2 }, crd_order[] = { 0, 1, 4, 2, 5, 3 };
	DimTable *t = o->ctx->dims;
	Value *x = arg(o, 0);
	int64_t block;
	bool crd;

	if (!x || !block_given(o, x, &block, &crd))
		return false;
	const Dim *d = x->type->dim;
	Dim b = dim_num(o, block), depth = dim_floordiv(t, d[1], dim_num(o, block * block));
	x = reshaped(o, x, 6, crd ? (Dim[]){ d[0], depth, b, b, d[2], d[3] } : (Dim[]){ d[0], b, b, depth, d[2], d[3] });
	x = transposed(o, x, crd ? crd_order : dcr_order);
	return give(o, 0, reshaped(o, x, 4, (Dim[]){ d[0], depth, dim_mul(t, d[2], b), dim_mul(t, d[3], b) }));
}

bool onnx_space_to_depth(Onnx *o)
{
	static const int64_t dcr_order[] = { 0, 3, 5, 1, 2, 4 }, crd_order[] = { 0, 1, 3, 5, 2, 4 };
	DimTable *t = o->ctx->dims;
	Value *x = arg(o, 0);
	int64_t block;
	bool crd;

	if (!x || !block_given(o, x, &block, &crd))
		return false;
	const Dim *d = x->type->dim;
	Dim b = dim_num(o, block), h = dim_floordiv(t, d[2], b), w = dim_floordiv(t, d[3], b);
	x = reshaped(o, x, 6, (Dim[]){ d[0], d[1], h, b, w, b });
	x = transposed(o, x, crd ? crd_order : dcr_order);
	return give(o, 0, reshaped(o, x, 4, (Dim[]){ d[0], dim_mul(t, d[1], dim_num(o, block * block)), h, w }));
}

/* The middle of an axis that is too long, and zeros around one that is too short; the odd element is cut or put at the end. */
bool onnx_center_crop_pad(Onnx *o)
{
	DimTable *t = o->ctx->dims;
	Value *x = arg(o, 0), *shape = arg(o, 1);
	Ints axes = get_ints(o, "axes");
	Dim zero = dim_num(o, 0), two = dim_num(o, 2);
	Dims want;

	if (!x || !shape || !dims_in(o, shape, &want))
		return false;
	int rank = x->type->rank;
	bool given = axes.n > 0;
	if (given && !axes_of(o, "axes", axes, rank, &axes))
		return false;
	if (want.n != (given ? axes.n : rank))
		return refuse(o, "'shape' has %d elements, wanted %d", want.n, given ? axes.n : rank);
	for (int i = 0; x && i < want.n; i++) {
		int k = given ? (int)axes.at[i] : i;
		Dim have = x->type->dim[k], less = dim_max(t, dim_sub(t, have, want.at[i]), zero), more = dim_max(t, dim_sub(t, want.at[i], have), zero);
		Dim start = dim_floordiv(t, less, two), low = dim_floordiv(t, more, two);

		if (!start || !low)
			return overflows(o);
		if (!dim_is(less, 0))
			x = sliced(o, x, k, start, dim_add(t, start, dim_min(t, have, want.at[i])));
		if (!dim_is(more, 0))
			x = padded(o, x, k, low, dim_sub(t, more, low), 0);
	}
	return give(o, 0, x);
}
