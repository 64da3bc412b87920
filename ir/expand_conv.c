/* ir/expand_conv.c - expansions of convolutions of images with channels last. */
#include "ir/conv.h"
#include "ir/expand_impl.h"

/* Axes of (batch, feature, spatial...) of an image [N, spatial..., C]. */
static Ints image_spec(Builder *b, int n)
{
	int64_t at[RANK_MAX] = { 0, n + 1 };

	for (int i = 0; i < n; i++)
		at[2 + i] = 1 + i;
	return ints_copy(expand_arena(b), n + 2, at);
}

/* Axes of (output feature, input feature, spatial...) of a kernel [spatial..., ., .]. */
static Ints kernel_spec(Builder *b, int n, int features, int channels)
{
	int64_t at[RANK_MAX] = { features, channels };

	for (int i = 0; i < n; i++)
		at[2 + i] = i;
	return ints_copy(expand_arena(b), n + 2, at);
}

void expand_conv(Builder *b, const Op *op, Value **out)
{
	const struct attrs_conv2d *a = op->attrs;
	int n = op->arg[0]->type->rank - 2;
	Ints image = image_spec(b, n), kernel = kernel_spec(b, n, n + 1, n);
	Value *y = BUILD(b, conv_general, ARGS(op->arg[0], op->arg[1]), .lhs_spec = image, .rhs_spec = kernel, .out_spec = image,
	                 .strides = a->strides, .padding = a->padding, .rhs_dilation = a->dilation, .feature_groups = a->groups,
	                 .batch_groups = 1);

	out[0] = expand_add_bias(b, op, 2, y);
}

/* A kernel [spatial..., F / groups, C] as [spatial..., C / groups, F], whose groups take and give neighbours. */
static Value *regroup(Builder *b, Value *k, int64_t groups)
{
	Arena *arena = expand_arena(b);
	DimTable *dims = b->ctx->dims;
	const Type *t = k->type;
	int n = t->rank - 2;
	Dim g = dim_const(dims, groups), part = dim_floordiv(dims, t->dim[n + 1], g), dim[RANK_MAX];
	int64_t order[RANK_MAX];

	for (int i = 0; i < n; i++) {
		dim[i] = t->dim[i];
		order[i] = i;
	}
	dim[n] = t->dim[n];
	dim[n + 1] = g;
	dim[n + 2] = part;
	k = BUILD(b, reshape, ARGS(k), .shape = dims_copy(arena, n + 3, dim));
	order[n] = n + 2;
	order[n + 1] = n + 1;
	order[n + 2] = n;
	k = BUILD(b, transpose, ARGS(k), .permutation = ints_copy(arena, n + 3, order));
	dim[n] = part;
	dim[n + 1] = dim_mul(dims, g, t->dim[n]);
	return BUILD(b, reshape, ARGS(k), .shape = dims_copy(arena, n + 2, dim));
}

/* The convolution of x, strides - 1 holes between its elements, with the kernel mirrored. */
void expand_conv_transpose(Builder *b, const Op *op, Value **out)
{
	const struct attrs_conv2d_transpose *a = op->attrs;
	int n = op->arg[0]->type->rank - 2;
	bool grouped = a->groups > 1;
	Value *k = BUILD(b, reverse, ARGS(op->arg[1]), .dims = expand_range(b, 0, n));
	Pads pads;

	CHECK(conv_transpose_padding(expand_arena(b), op, &pads), "the padding of a verified %s overflows", op_row(op)->name);
	if (grouped)
		k = regroup(b, k, a->groups);
	Ints image = image_spec(b, n), kernel = grouped ? kernel_spec(b, n, n + 1, n) : kernel_spec(b, n, n, n + 1);
	Value *y = BUILD(b, conv_general, ARGS(op->arg[0], k), .lhs_spec = image, .rhs_spec = kernel, .out_spec = image,
	                 .padding = pads, .lhs_dilation = a->strides, .rhs_dilation = a->dilation, .feature_groups = a->groups,
	                 .batch_groups = 1);
	const Type *t = op->result[0]->type;
	if (y->type != t) {
		Dim zero[RANK_MAX];

		for (int k = 0; k < t->rank; k++)
			zero[k] = dim_const(b->ctx->dims, 0);
		y = BUILD(b, slice, ARGS(y), .start = dims_copy(expand_arena(b), t->rank, zero), .limit = dims_copy(expand_arena(b), t->rank, t->dim));
	}
	out[0] = expand_add_bias(b, op, 2, y);
}

/* Channels are groups: the kernel [spatial..., C, M] as [spatial..., 1, C * M]. */
static Value *depthwise(Builder *b, const Op *op)
{
	const struct attrs_depthwise_conv2d *a = op->attrs;
	Value *k = op->arg[1];
	int n = k->type->rank - 2;
	Dim dim[RANK_MAX];

	memcpy(dim, k->type->dim, sizeof *dim * (size_t)n);
	dim[n] = dim_const(b->ctx->dims, 1);
	dim[n + 1] = dim_mul(b->ctx->dims, k->type->dim[n], k->type->dim[n + 1]);
	int64_t channels = k->type->dim[n]->value;
	Ints image = image_spec(b, n), kernel = kernel_spec(b, n, n + 1, n);
	k = BUILD(b, reshape, ARGS(k), .shape = dims_copy(expand_arena(b), n + 2, dim));
	return BUILD(b, conv_general, ARGS(op->arg[0], k), .lhs_spec = image, .rhs_spec = kernel, .out_spec = image,
	             .strides = a->strides, .padding = a->padding, .rhs_dilation = a->dilation, .feature_groups = channels,
	             .batch_groups = 1);
}

void expand_depthwise_conv(Builder *b, const Op *op, Value **out)
{
	out[0] = expand_add_bias(b, op, 2, depthwise(b, op));
}

void expand_separable_conv(Builder *b, const Op *op, Value **out)
{
	Value *y = depthwise(b, op), *point = op->arg[2];
	int n = point->type->rank - 2;

	point = BUILD(b, reshape, ARGS(point), .shape = dims_copy(expand_arena(b), 2, point->type->dim + n));
	y = BUILD(b, dot_general, ARGS(y, point), .lhs_contract = expand_range(b, n + 1, n + 2), .rhs_contract = expand_range(b, 0, 1));
	out[0] = expand_add_bias(b, op, 3, y);
}
