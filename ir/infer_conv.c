/* ir/infer_conv.c - inference of convolutions of images with channels last: plain, transposed, depthwise, separable. */
#include "ir/base/num.h"
#include "ir/conv.h"
#include "ir/infer_impl.h"

int op_spatial_axes(OpKind kind)
{
	const char *name = op_info[kind].name;
	size_t at = strcspn(name, "123");

	CHECK(name[at], "%s has no number of spatial axes in its name", name);
	return name[at] - '0';
}

/* Element types, ranks and what all kernels have in common; size: the spatial extents of operand 1. */
static bool image_and_kernel(Infer *in, int most, const char *operands, int64_t *size)
{
	const struct attrs_conv2d *a = in->op->attrs;
	int n = op_spatial_axes(in->op->kind);

	if (!infer_arity(in, most - 1, most, operands) || !infer_dtype_in(in, 0, DTS_NUM) || !infer_dtype_same(in, 0, 1) ||
	    !infer_rank_is(in, 0, n + 2) || !infer_rank_is(in, 1, n + 2) ||
	    !infer_ints_count(in, "dilation", a->dilation, n, true) || !infer_ints_least(in, "dilation", a->dilation, 1))
		return false;
	for (int i = 0; i < n; i++) {
		Dim k = infer_arg(in, 1)->dim[i];

		if (!dim_is_const(k) || k->value < 1)
			return infer_fail_at(in, 1, "axis %d of the kernel has extent %s, wanted a number of at least 1", i, infer_dim_text(in, k));
		size[i] = k->value;
	}
	return true;
}

/* The result: x's batch, the extents of windows, and the given number of channels. */
static bool image_result(Infer *in, const WindowAttrs *w, Dim channels)
{
	const Type *x = infer_arg(in, 0);
	int n = x->rank - 2;
	Dim dim[RANK_MAX];

	dim[0] = x->dim[0];
	dim[n + 1] = channels;
	return infer_windows(in, n, x->dim + 1, w, dim + 1, NULL) && infer_result(in, x->dtype, n + 2, dim);
}

static bool groups_divide(Infer *in, int64_t groups, Dim channels, const char *which)
{
	if (groups < 1)
		return infer_fail(in, "'groups' is %lld, wanted at least 1", (long long)groups);
	return infer_equal(in, dim_mod(in->ctx->dims, channels, infer_const(in, groups)), infer_const(in, 0),
	                   "'groups' is %lld, which does not divide the %s %s channels", (long long)groups,
	                   infer_dim_text(in, channels), which);
}

bool infer_conv(Infer *in)
{
	struct attrs_conv2d *a = in->op->attrs;
	int64_t size[RANK_MAX];

	if (!image_and_kernel(in, 3, "x, kernel, and optionally bias", size))
		return false;
	const Type *x = infer_arg(in, 0), *k = infer_arg(in, 1);
	int n = x->rank - 2;
	Dim channels = x->dim[n + 1];
	if (!groups_divide(in, a->groups, channels, "input") || !groups_divide(in, a->groups, k->dim[n + 1], "output"))
		return false;
	Dim want = infer_floordiv(in, channels, infer_const(in, a->groups));
	if (!infer_equal(in, k->dim[n], want, "the kernel %s takes %s input channels, wanted %s (%s in %lld groups)",
	                 infer_type_text(in, k), infer_dim_text(in, k->dim[n]), infer_dim_text(in, want),
	                 infer_dim_text(in, channels), (long long)a->groups))
		return false;
	WindowAttrs w = { { n, size }, a->strides, INTS_NONE, a->dilation, &a->padding };
	return (in->op->nargs < 3 || infer_operand_is(in, 2, "the bias", 1, &k->dim[n + 1])) && image_result(in, &w, k->dim[n + 1]);
}

/* One axis: cut = how much of what all of the kernel's traces cover does not belong to the result; what is negative is
   added at the end. */
static bool transposed_axis(const struct attrs_conv2d_transpose *a, int i, int64_t size, int64_t *low, int64_t *high)
{
	int64_t stride = ints_at(a->strides, i, 1), more = ints_at(a->output_padding, i, 0), cover, before, after, cut;

	if (!i64_mul(size - 1, ints_at(a->dilation, i, 1), &cover) || !i64_add(cover, 1, &cover))
		return false;
	if (a->padding.mode == PAD_EXPLICIT) {
		before = a->padding.low[i];
		if (!i64_sub(a->padding.high[i], more, &after))
			return false;
	} else {
		bool same = a->padding.mode == PAD_SAME;

		if (!a->output_padding.n)
			cut = same || cover < stride ? cover - stride : 0;
		else
			cut = same ? cover - cover % 2 - more : -more;
		before = cut > 0 ? cut / 2 : 0;
		after = cut - before;
	}
	return i64_sub(cover - 1, before, low) && i64_sub(cover - 1, after, high);
}

bool conv_transpose_padding(Arena *arena, const Op *op, Pads *out)
{
	const Type *k = op->arg[1]->type;
	int n = k->rank - 2;
	int64_t *low = ARENA_ARRAY(arena, int64_t, 2 * n), *high = low + n;

	for (int i = 0; i < n; i++)
		if (!transposed_axis(op->attrs, i, k->dim[i]->value, &low[i], &high[i]))
			return false;
	*out = (Pads){ PAD_EXPLICIT, n, low, high };
	return true;
}

/* (n - 1) * stride + size and what the padding adds for an axis of extent n.  The convolution gives as much, but more where n
   is 0: an extent with a max in it, which nobody wants to see.  The expansion cuts that off. */
static bool transposed_result(Infer *in, const int64_t *size, const Pads *pads, Dim features)
{
	struct attrs_conv2d_transpose *a = in->op->attrs;
	const Type *x = infer_arg(in, 0);
	Dim dim[RANK_MAX];
	int n = x->rank - 2;
	Pads explicit = *pads;
	WindowAttrs w = { { n, size }, INTS_NONE, a->strides, a->dilation, &explicit };

	if (!infer_windows(in, n, x->dim + 1, &w, dim + 1, NULL))
		return false;
	for (int i = 0; i < n; i++) {
		Dim stride = infer_const(in, ints_at(a->strides, i, 1)), low = infer_const(in, pads->low[i]), high = infer_const(in, pads->high[i]);
		Dim reach = infer_mul(in, infer_const(in, size[i] - 1), infer_const(in, ints_at(a->dilation, i, 1)));

		dim[1 + i] = infer_sub(in, infer_add(in, infer_mul(in, x->dim[1 + i], stride), infer_add(in, low, high)), infer_add(in, reach, stride));
		dim[1 + i] = infer_add(in, dim[1 + i], infer_const(in, 1));
	}
	dim[0] = x->dim[0];
	dim[n + 1] = features;
	return infer_result(in, x->dtype, n + 2, dim);
}

bool infer_conv_transpose(Infer *in)
{
	struct attrs_conv2d_transpose *a = in->op->attrs;
	int64_t size[RANK_MAX];
	Pads pads;

	if (!image_and_kernel(in, 3, "x, kernel, and optionally bias", size))
		return false;
	const Type *x = infer_arg(in, 0), *k = infer_arg(in, 1);
	int n = x->rank - 2;
	if (!infer_ints_count(in, "strides", a->strides, n, true) || !infer_ints_least(in, "strides", a->strides, 1) ||
	    !infer_ints_count(in, "output_padding", a->output_padding, n, true) ||
	    !infer_ints_least(in, "output_padding", a->output_padding, 0) || !groups_divide(in, a->groups, x->dim[n + 1], "input") ||
	    !infer_equal(in, k->dim[n + 1], x->dim[n + 1], "the kernel %s takes %s input channels, wanted %s", infer_type_text(in, k),
	                 infer_dim_text(in, k->dim[n + 1]), infer_dim_text(in, x->dim[n + 1])))
		return false;
	if (a->padding.mode == PAD_EXPLICIT && a->padding.n != n)
		return infer_fail(in, "'padding' has %d pair%s, wanted %d", a->padding.n, a->padding.n == 1 ? "" : "s", n);
	if (!conv_transpose_padding(infer_arena(in), in->op, &pads))
		return infer_fail(in, "the padding does not fit 64 bits");
	Dim features = infer_mul(in, k->dim[n], infer_const(in, a->groups));
	if (!features)
		return infer_fail(in, "the number of output channels does not fit 64 bits");
	if (in->op->nargs == 3 && !infer_operand_is(in, 2, "the bias", 1, &features))
		return false;
	return transposed_result(in, size, &pads, features);
}

/* The number of channels, on which x and the depthwise kernel agree, is one: each is a group of the convolution. */
static bool channel_groups(Infer *in, Dim *out)
{
	const Type *x = infer_arg(in, 0), *k = infer_arg(in, 1);
	int n = x->rank - 2;

	if (!infer_equal(in, x->dim[n + 1], k->dim[n], "the kernel %s takes %s input channels, wanted %s", infer_type_text(in, k),
	                 infer_dim_text(in, k->dim[n]), infer_dim_text(in, x->dim[n + 1])))
		return false;
	if (!dim_is_const(k->dim[n]) || k->dim[n]->value < 1)
		return infer_fail_at(in, 1, "axis %d of the kernel, the input channels, has extent %s, wanted a number of at least 1", n,
		                     infer_dim_text(in, k->dim[n]));
	*out = infer_mul(in, k->dim[n], k->dim[n + 1]);
	return *out || infer_fail(in, "the number of output channels does not fit 64 bits");
}

bool infer_depthwise_conv(Infer *in)
{
	struct attrs_depthwise_conv2d *a = in->op->attrs;
	int64_t size[RANK_MAX];
	Dim features;

	if (!image_and_kernel(in, 3, "x, kernel, and optionally bias", size) || !channel_groups(in, &features))
		return false;
	WindowAttrs w = { { infer_arg(in, 0)->rank - 2, size }, a->strides, INTS_NONE, a->dilation, &a->padding };
	return (in->op->nargs < 3 || infer_operand_is(in, 2, "the bias", 1, &features)) && image_result(in, &w, features);
}

bool infer_separable_conv(Infer *in)
{
	struct attrs_separable_conv2d *a = in->op->attrs;
	int64_t size[RANK_MAX];
	Dim features, dim[RANK_MAX];

	if (!image_and_kernel(in, 4, "x, depthwise kernel, pointwise kernel, and optionally bias", size) || !channel_groups(in, &features))
		return false;
	const Type *x = infer_arg(in, 0), *point = infer_arg(in, 2);
	int n = x->rank - 2;
	if (!infer_dtype_same(in, 0, 2) || !infer_rank_is(in, 2, n + 2))
		return false;
	for (int i = 0; i < n; i++)
		dim[i] = infer_const(in, 1);
	dim[n] = features;
	dim[n + 1] = point->dim[n + 1];
	if (!infer_operand_is(in, 2, "the pointwise kernel", n + 2, dim))
		return false;
	WindowAttrs w = { { n, size }, a->strides, INTS_NONE, a->dilation, &a->padding };
	dim[0] = x->dim[0];
	dim[n + 1] = features;
	return infer_windows(in, n, x->dim + 1, &w, dim + 1, NULL) && infer_fits(in, "what the depthwise kernel gives", x->dtype, n + 2, dim) &&
	       (in->op->nargs < 4 || infer_operand_is(in, 3, "the bias", 1, &point->dim[n + 1])) && image_result(in, &w, point->dim[n + 1]);
}
