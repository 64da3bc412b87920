/* frontend/onnx/conv.c - convolutions: Conv, ConvTranspose, DeformConv, CausalConvWithState, Col2Im, com.microsoft.FusedConv. */
#include "frontend/onnx/vision.h"

static Ints identity_spec(Onnx *o, int rank)
{
	int64_t at[RANK_MAX];

	for (int k = 0; k < rank; k++)
		at[k] = k;
	return ints_copy(o->arena, rank, at);
}

/* x and a kernel of as many axes, whose spatial extents are numbers and those of kernel_shape. */
static bool kernel_of(Onnx *o, const Value *x, const Value *w, int64_t *size)
{
	int n = x->type->rank - 2;
	int64_t said[RANK_MAX];

	if (n < 1)
		return refuse(o, "the input has rank %d, wanted at least 3 ([N, C, ...])", x->type->rank);
	if (w->type->rank != n + 2)
		return refuse(o, "the kernel has rank %d, wanted %d as the input has", w->type->rank, n + 2);
	if (!spatial_ints(o, "kernel_shape", n, 1, 1, said))
		return false;
	for (int i = 0; i < n; i++) {
		Dim d = w->type->dim[2 + i];

		if (!dim_is_const(d) || d->value < 1)
			return refuse(o, "the kernel's spatial extents must be numbers of at least 1");
		size[i] = d->value;
		if (has_attr(o, "kernel_shape") && said[i] != size[i])
			return refuse_attr(o, "kernel_shape", "%lld found for axis %d, but the kernel has %lld there", (long long)said[i], i,
			                   (long long)size[i]);
	}
	return true;
}

static Pads window_pads(Onnx *o, const Windows *w)
{
	int64_t *low = ARENA_ARRAY(o->arena, int64_t, 2 * w->n + 1), *high = low + w->n;

	for (int i = 0; i < w->n; i++) {
		low[i] = w->low[i]->value;
		high[i] = w->high[i]->value;
	}
	return (Pads){ PAD_EXPLICIT, w->n, low, high };
}

Value *convolved(Onnx *o, Value *x, Value *w)
{
	int64_t size[RANK_MAX], groups = get_int(o, "group", 1);
	Windows at;

	if (groups < 1) {
		refuse_attr(o, "group", "%lld found, wanted at least 1", (long long)groups);
		return NULL;
	}
	if (!x || !w || !kernel_of(o, x, w, size) || !windows_given(o, x->type, size, &at) ||
	    !(x = windows_padded(o, x, &at, false, 0)))
		return NULL;
	Ints spec = identity_spec(o, x->type->rank);
	return EMIT(o, conv_general, ARGS(x, w), .lhs_spec = spec, .rhs_spec = spec, .out_spec = spec,
	            .strides = ints_copy(o->arena, at.n, at.stride), .padding = window_pads(o, &at),
	            .rhs_dilation = ints_copy(o->arena, at.n, at.dilation), .feature_groups = groups, .batch_groups = 1);
}

Value *with_bias(Onnx *o, Value *y, Value *bias)
{
	if (!y || !bias)
		return y;
	if (bias->type->rank != 1) {
		refuse(o, "the bias has rank %d, wanted a vector", bias->type->rank);
		return NULL;
	}
	return EW(o, add, y, along(o, bias, 1, y->type->rank));
}

bool onnx_conv(Onnx *o)
{
	Value *x = arg(o, 0), *w = arg(o, 1), *bias = arg_opt(o, 2);

	if (!x || !w || (has_arg(o, 2) && !bias))
		return false;
	return give(o, 0, with_bias(o, convolved(o, x, w), bias));
}

/* A sum z, and an activation after it. */
static Value *activated(Onnx *o, Value *y)
{
	const char *name = get_string(o, "activation", "");
	Floats p = get_floats(o, "activation_params");
	double first = p.n > 0 ? p.at[0] : 0, second = p.n > 1 ? p.at[1] : 0;

	if (!y || !name || !*name)
		return y;
	if (!strcmp(name, "Relu"))
		return emit(o, OP_relu, 1, &y, NULL);
	if (!strcmp(name, "Sigmoid"))
		return EW(o, logistic, y);
	if (!strcmp(name, "Tanh"))
		return EW(o, tanh, y);
	if (!strcmp(name, "LeakyRelu"))
		return emit(o, OP_leaky_relu, 1, &y, &(struct attrs_leaky_relu){ .negative_slope = p.n ? first : 0.01 });
	if (!strcmp(name, "HardSigmoid"))
		return emit(o, OP_hard_sigmoid, 1, &y, &(struct attrs_hard_sigmoid){ .alpha = p.n ? first : 0.2, .beta = p.n > 1 ? second : 0.5 });
	if (!strcmp(name, "HardSwish"))
		return emit(o, OP_hard_swish, 1, &y, NULL);
	if (!strcmp(name, "Clip") && p.n == 2)
		return EW(o, clamp, number_like(o, y, first), y, number_like(o, y, second));
	refuse_attr(o, "activation", "\"%s\" with %d parameter%s is not known", name, p.n, p.n == 1 ? "" : "s");
	return NULL;
}

bool onnx_fused_conv(Onnx *o)
{
	Value *x = arg(o, 0), *w = arg(o, 1), *bias = arg_opt(o, 2), *z = arg_opt(o, 3), *y;

	if (!x || !w || (has_arg(o, 2) && !bias) || (has_arg(o, 3) && !z))
		return false;
	y = with_bias(o, convolved(o, x, w), bias);
	return give(o, 0, activated(o, z ? EW(o, add, y, z) : y));
}

/* A kernel [C, M / groups, ...] as [C / groups, M, ...], whose groups take and give neighbours. */
static Value *regrouped(Onnx *o, Value *w, int64_t groups)
{
	const Type *t = w->type;
	DimTable *dims = o->ctx->dims;
	Dim g = dim_num(o, groups), part = dim_floordiv(dims, t->dim[0], g), dim[RANK_MAX];
	int64_t order[RANK_MAX] = { 1, 0 };

	if (t->rank == RANK_MAX) {
		refuse(o, "the kernel has rank %d, at most %d is supported", t->rank, RANK_MAX - 1);
		return NULL;
	}
	dim[0] = g;
	dim[1] = part;
	for (int k = 1; k < t->rank; k++) {
		dim[k + 1] = t->dim[k];
		order[k + 1] = k + 1;
	}
	if (!(w = reshaped(o, w, t->rank + 1, dim)) || !(w = transposed(o, w, order)))
		return NULL;
	dim[0] = part;
	dim[1] = dim_mul(dims, g, t->dim[1]);
	for (int k = 2; k < t->rank; k++)
		dim[k] = t->dim[k];
	return reshaped(o, w, t->rank, dim);
}

/* The padding of axis i: what is cut from the front and the end of what all traces of the kernel cover.  With output_shape, and
   with auto_pad SAME_*, it follows from the extent of the result; the odd element goes behind for SAME_UPPER, else in front. */
static bool transposed_padding(Onnx *o, Dim extent, int i, const int64_t *more, const Windows *w, int64_t *low, int64_t *high)
{
	DimTable *t = o->ctx->dims;
	const char *how = get_string(o, "auto_pad", "NOTSET");
	Ints shape = get_ints(o, "output_shape"), pads = get_ints(o, "pads");
	bool upper = how && !strcmp(how, "SAME_UPPER"), same = upper || (how && !strcmp(how, "SAME_LOWER"));
	Dim stride = dim_num(o, w->stride[i]), cover = dim_add(t, window_cover(o, w, i), dim_num(o, more[i])), total;

	if (!shape.n && !same) {
		*low = pads.n && !(how && !strcmp(how, "VALID")) ? pads.at[i] : 0;
		*high = pads.n && !(how && !strcmp(how, "VALID")) ? pads.at[w->n + i] : 0;
		return true;
	}
	/* Some exporters write the extents of the batch and the channels, too. */
	Dim want = shape.n ? dim_num(o, shape.at[shape.n - w->n + i]) : dim_mul(t, extent, stride);
	total = dim_sub(t, dim_add(t, dim_mul(t, dim_sub(t, extent, dim_num(o, 1)), stride), cover), want);
	if (!total || !dim_is_const(total))
		return refuse_attr(o, "output_shape", "the padding depends on the size of the input: give a number by --dim");
	int64_t half = total->value >= 0 ? total->value / 2 : -((1 - total->value) / 2), rest = total->value - half;
	*low = upper ? half : rest;
	*high = upper ? rest : half;
	return true;
}

/* The convolution gives an extent with a max in it where that of x is a symbol, since it might be 0. */
static Value *plain_extents(Onnx *o, Value *y, const Value *x, const Windows *w, const Pads *pads)
{
	DimTable *t = o->ctx->dims;

	for (int i = 0; y && i < w->n; i++) {
		Dim d = x->type->dim[2 + i], stride = dim_num(o, w->stride[i]), want;

		if (dim_is_const(d) || w->stride[i] == 1)
			continue;
		want = dim_add(t, dim_mul(t, dim_sub(t, d, dim_num(o, 1)), stride), dim_num(o, pads->low[i] + pads->high[i] + 2));
		want = dim_sub(t, want, window_cover(o, w, i));
		y = sliced(o, y, 2 + i, dim_num(o, 0), want);
	}
	return y;
}

static bool near_zero(int64_t n)
{
	return n >= -INT32_MAX && n <= INT32_MAX;
}

static Value *conv_transposed(Onnx *o, Value *x, Value *w)
{
	int64_t size[RANK_MAX], more[RANK_MAX], groups = get_int(o, "group", 1), axes[RANK_MAX];
	Ints shape = get_ints(o, "output_shape"), pads = get_ints(o, "pads");
	Windows at = { .n = x->type->rank - 2 };
	int n = at.n;

	if (!kernel_of(o, x, w, size))
		return NULL;
	memcpy(at.size, size, sizeof *size * (size_t)n);
	if (!spatial_ints(o, "strides", n, 1, 1, at.stride) || !spatial_ints(o, "dilations", n, 1, 1, at.dilation) ||
	    !spatial_ints(o, "output_padding", n, 0, 0, more))
		return NULL;
	if (groups < 1 || (shape.n && shape.n != n && shape.n != n + 2) || (pads.n && pads.n != 2 * n)) {
		refuse(o, "'group', 'output_shape' or 'pads' is not that of a kernel with %d spatial axes", n);
		return NULL;
	}
	int64_t *low = ARENA_ARRAY(o->arena, int64_t, 2 * n), *high = low + n;
	for (int i = 0; i < n; i++) {
		Dim cover = window_cover(o, &at, i);

		if (!cover || !transposed_padding(o, x->type->dim[2 + i], i, more, &at, &low[i], &high[i]))
			return NULL;
		if (!near_zero(low[i]) || !near_zero(high[i]) || !near_zero(cover->value) || !near_zero(more[i])) {
			refuse(o, "the padding of axis %d is out of bounds", i);
			return NULL;
		}
		low[i] = cover->value - 1 - low[i];
		high[i] = cover->value - 1 - high[i] + more[i];
		axes[i] = 2 + i;
	}
	w = EMIT(o, reverse, ARGS(w), .dims = ints_copy(o->arena, n, axes));
	if (!w || (groups > 1 && !(w = regrouped(o, w, groups))))
		return NULL;
	Ints spec = identity_spec(o, n + 2);
	int64_t kernel[RANK_MAX] = { 1, 0 };
	memcpy(kernel + 2, axes, sizeof *axes * (size_t)n);
	Pads around = { PAD_EXPLICIT, n, low, high };
	Value *y = EMIT(o, conv_general, ARGS(x, w), .lhs_spec = spec, .rhs_spec = ints_copy(o->arena, n + 2, kernel), .out_spec = spec,
	                .padding = around, .lhs_dilation = ints_copy(o->arena, n, at.stride),
	                .rhs_dilation = ints_copy(o->arena, n, at.dilation), .feature_groups = groups, .batch_groups = 1);
	return plain_extents(o, y, x, &at, &around);
}

bool onnx_conv_transpose(Onnx *o)
{
	Value *x = arg(o, 0), *w = arg(o, 1), *bias = arg_opt(o, 2);

	if (!x || !w || (has_arg(o, 2) && !bias))
		return false;
	return give(o, 0, with_bias(o, conv_transposed(o, x, w), bias));
}

/* Each channel by itself, over x behind what was there before it; the end of that is the state. */
bool onnx_causal_conv(Onnx *o)
{
	Value *x = arg(o, 0), *w = arg(o, 1), *bias = arg_opt(o, 2), *past = arg_opt(o, 3);
	const char *activation = get_string(o, "activation", "none");

	if (!x || !w || !activation || (has_arg(o, 2) && !bias) || (has_arg(o, 3) && !past))
		return false;
	if (x->type->rank != 3 || w->type->rank != 3 || !dim_is_const(w->type->dim[2]) || !dim_is_const(w->type->dim[0]) ||
	    w->type->dim[0]->value < 1 || w->type->dim[2]->value < 1)
		return refuse(o, "operands of ranks %d and %d found, wanted [N, C, L] and [C, 1, K], where C and K are numbers", x->type->rank,
		              w->type->rank);
	bool silu = !strcmp(activation, "silu") || !strcmp(activation, "swish");
	if (!silu && strcmp(activation, "none") != 0)
		return refuse_attr(o, "activation", "\"%s\" found, wanted silu, swish or none", activation);
	Dim before = dim_num(o, w->type->dim[2]->value - 1), zero = dim_num(o, 0);
	Value *all = past ? concatenated(o, 2, (Value *[]){ past, x }, 2) : padded(o, x, 2, before, zero, 0);
	if (!all)
		return false;
	Ints spec = identity_spec(o, 3);
	Value *y = EMIT(o, conv_general, ARGS(all, w), .lhs_spec = spec, .rhs_spec = spec, .out_spec = spec,
	                .feature_groups = w->type->dim[0]->value, .batch_groups = 1);
	y = with_bias(o, y, bias);
	if (silu && y)
		y = emit(o, OP_silu, 1, &y, NULL);
	if (!give(o, 0, y) || !wants(o, 1))
		return y != NULL;
	Dim length = all->type->dim[2];
	return give(o, 1, sliced(o, all, 2, dim_sub(o->ctx->dims, length, before), length));
}

/* Blocks of elements added up where they overlap: a scatter of the columns to the positions they come from. */
typedef struct Fold {
	int   n;
	Dim   image[RANK_MAX], blocks[RANK_MAX];   /* extents, and how many blocks lie along each axis */
	Windows w;
} Fold;

static bool fold_given(Onnx *o, Fold *f)
{
	DimTable *t = o->ctx->dims;
	Value *image = arg(o, 1), *block = arg(o, 2);
	Dims extent;
	Ints size, pads = get_ints(o, "pads");

	if (!image || !block || !dims_in(o, image, &extent) || !ints_in(o, block, &size))
		return false;
	int n = f->n = f->w.n = extent.n;
	if (n < 1 || size.n != n || n > (RANK_MAX - 2) / 2)
		return refuse(o, "'image_shape' has %d elements and 'block_shape' %d, wanted as many, at most %d", n, size.n, (RANK_MAX - 2) / 2);
	if (pads.n && pads.n != 2 * n)
		return refuse_attr(o, "pads", "%d number%s found, wanted %d", pads.n, pads.n == 1 ? "" : "s", 2 * n);
	if (!spatial_ints(o, "strides", n, 1, 1, f->w.stride) || !spatial_ints(o, "dilations", n, 1, 1, f->w.dilation))
		return false;
	for (int i = 0; i < n; i++) {
		f->w.size[i] = size.at[i];
		if (size.at[i] < 1)
			return refuse(o, "'block_shape' has the element %lld, wanted at least 1", (long long)size.at[i]);
		f->image[i] = extent.at[i];
		if (dim_is_const(extent.at[i]) && extent.at[i]->value < 0)
			return refuse(o, "'image_shape' has the element %lld, wanted at least 0", (long long)extent.at[i]->value);
		f->w.low[i] = dim_num(o, pads.n ? pads.at[i] : 0);
		f->w.high[i] = dim_num(o, pads.n ? pads.at[n + i] : 0);
		Dim room = dim_sub(t, dim_add(t, extent.at[i], dim_add(t, f->w.low[i], f->w.high[i])), window_cover(o, &f->w, i));
		f->blocks[i] = dim_add(t, dim_floordiv(t, room, dim_num(o, f->w.stride[i])), dim_num(o, 1));
		if (!f->blocks[i])
			return overflows(o);
	}
	return true;
}

/* Where each element of a block of each position goes, in [size..., blocks...]: `outside` where there is none. */
static Value *fold_index(Onnx *o, const Fold *f, Dim outside)
{
	int n = f->n;
	Value *index = NULL, *inside = NULL;

	for (int i = 0; i < n; i++) {
		Value *in = along(o, counting(o, DT_I64, dim_num(o, f->w.size[i])), i, 2 * n);
		Value *of = along(o, counting(o, DT_I64, f->blocks[i]), n + i, 2 * n);
		Value *extent = size_value(o, f->image[i]);

		in = EW(o, sub, EW(o, mul, in, number(o, DT_I64, (double)f->w.dilation[i])), size_value(o, f->w.low[i]));
		Value *at = EW(o, add, in, EW(o, mul, of, number(o, DT_I64, (double)f->w.stride[i])));
		if (!at)
			return NULL;
		Value *fits = EW(o, and, compare(o, CMP_GE, at, number_like(o, at, 0)), compare(o, CMP_LT, at, extent));
		index = index ? EW(o, add, EW(o, mul, index, extent), at) : at;
		inside = inside ? EW(o, and, inside, fits) : fits;
	}
	return EW(o, select, inside, index, size_value(o, outside));
}

bool onnx_col2im(Onnx *o)
{
	Value *x = arg(o, 0);
	Fold f = { 0 };

	if (!x || !fold_given(o, &f))
		return false;
	if (x->type->rank != 3)
		return refuse(o, "operand 0 has rank %d, wanted 3", x->type->rank);
	DimTable *t = o->ctx->dims;
	Dim count = dim_num(o, 1), elements = count, blocks = count, dim[RANK_MAX];
	for (int i = 0; i < f.n; i++) {
		count = dim_mul(t, count, f.image[i]);
		elements = dim_mul(t, elements, dim_num(o, f.w.size[i]));
		blocks = dim_mul(t, blocks, f.blocks[i]);
	}
	Dim channels = dim_floordiv(t, x->type->dim[1], elements), n = x->type->dim[0];
	Dim planes = dim_mul(t, n, channels), updates = dim_mul(t, elements, blocks);
	if (!planes || !updates || !count)
		return overflows(o);
	Value *index = reshaped(o, fold_index(o, &f, count), 2, (Dim[]){ updates, dim_num(o, 1) });
	if (!index || !(x = reshaped(o, x, 2, (Dim[]){ planes, updates })))
		return false;
	Value *zeros = splat(o, x->type->dtype, 2, (Dim[]){ planes, count }, 0);
	if (!zeros)
		return false;
	Ints first = ints_of(o->arena, 1, 0), second = ints_of(o->arena, 1, 1);
	Op *op = build_begin(&o->b, OP_scatter, ARGS(zeros, index, x), &(struct attrs_scatter){ .update_window_dims = first,
		.inserted_window_dims = second, .scatter_dims_to_operand_dims = second, .index_vector_dim = 1 });
	Builder in = builder_at_end(o->ctx, op->region[0]);
	const Type *scalar = type_scalar(o->ctx->types, x->type->dtype);
	in.loc = o->b.loc;
	Value *a = block_add_arg(op->region[0], scalar, NULL, in.loc), *b = block_add_arg(op->region[0], scalar, NULL, in.loc);
	bool truth = x->type->dtype == DT_BOOL;
	Value *both = build_value(&in, truth ? OP_or : OP_add, 2, (Value *[]){ a, b }, NULL);
	CHECK(build_op(&in, OP_yield, ARGS(both), NULL), "yield of a scatter");
	if (!(op = build_finish(&o->b, op)))
		return false;
	dim[0] = n;
	dim[1] = channels;
	memcpy(dim + 2, f.image, sizeof *dim * (size_t)f.n);
	return give(o, 0, reshaped(o, op->result[0], 2 + f.n, dim));
}

/* The positions of axis i in x that each element of the kernel looks at: [N * G, K * P] of offsets [N * G, K, n, P...]. */
static Value *deformed_axis(Onnx *o, Value *offset, int i, const Windows *w, Dim batch, Dim taps, const Dim *extent)
{
	int n = w->n, rank = 2 * n + 1;
	Value *base = NULL;
	Dim dim[RANK_MAX], places = dim_num(o, 1);

	dim[0] = batch;
	for (int k = 0; k < n; k++) {
		dim[1 + k] = dim_num(o, w->size[k]);
		dim[1 + n + k] = extent[k];
		places = dim_mul(o->ctx->dims, places, extent[k]);
	}
	Value *part = sliced(o, offset, 2, dim_num(o, i), dim_num(o, i + 1));
	part = reshaped(o, part, rank, dim);
	if (!part)
		return NULL;
	DType t = part->type->dtype;
	Value *in = along(o, counting(o, t, dim_num(o, w->size[i])), 1 + i, rank), *of = along(o, counting(o, t, extent[i]), 1 + n + i, rank);
	in = EW(o, mul, in, number(o, t, (double)w->dilation[i]));
	of = EW(o, sub, EW(o, mul, of, number(o, t, (double)w->stride[i])), as_type(o, size_value(o, w->low[i]), t));
	base = EW(o, add, EW(o, add, of, in), part);
	return reshaped(o, base, 2, (Dim[]){ batch, dim_mul(o->ctx->dims, taps, places) });
}

/* Dai et al., arXiv 1703.06211, and with a mask Zhu et al., arXiv 1811.11168: the elements that each kernel element looks at, sampled
   where the offsets say, and then a product over channels and kernel elements. */
bool onnx_deform_conv(Onnx *o)
{
	DimTable *t = o->ctx->dims;
	Value *x = arg(o, 0), *w = arg(o, 1), *offset = arg(o, 2), *bias = arg_opt(o, 3), *mask = arg_opt(o, 4), *at[RANK_MAX];
	int64_t size[RANK_MAX], group = get_int(o, "group", 1), og = get_int(o, "offset_group", 1);
	Windows win;

	if (!x || !w || !offset || (has_arg(o, 3) && !bias) || (has_arg(o, 4) && !mask) || !kernel_of(o, x, w, size) ||
	    !windows_given(o, x->type, size, &win))
		return false;
	int n = win.n;
	if (offset->type->rank != n + 2 || (mask && mask->type->rank != n + 2) || 2 * n + 1 > RANK_MAX || group < 1 || og < 1)
		return refuse(o, "operands or groups are not those of a convolution with %d spatial axes", n);
	DType own = x->type->dtype, wide = wide_type(own);
	Dim taps = dim_num(o, 1), places = taps, groups = dim_num(o, og), g = dim_num(o, group), dim[RANK_MAX];
	const Dim *extent = offset->type->dim + 2;
	for (int i = 0; i < n; i++) {
		taps = dim_mul(t, taps, dim_num(o, size[i]));
		places = dim_mul(t, places, extent[i]);
	}
	Dim batch = dim_mul(t, x->type->dim[0], groups), channels = dim_floordiv(t, x->type->dim[1], groups), all = dim_mul(t, taps, places);
	if (!all || !batch)
		return overflows(o);
	dim[0] = batch;
	dim[1] = taps;
	dim[2] = dim_num(o, n);
	memcpy(dim + 3, extent, sizeof *dim * (size_t)n);
	offset = reshaped(o, as_type(o, offset, wide), n + 3, dim);
	for (int i = 0; i < n; i++)   /* a grid has the last axis first */
		if (!(at[n - 1 - i] = deformed_axis(o, offset, i, &win, batch, taps, extent)))
			return false;
	dim[1] = channels;
	memcpy(dim + 2, x->type->dim + 2, sizeof *dim * (size_t)n);
	Value *grid = emit(o, OP_stack, n, at, &(struct attrs_stack){ .axis = 2 });
	Value *y = reshaped(o, as_type(o, x, wide), n + 2, dim);
	y = emit(o, OP_grid_sample, 2, (Value *[]){ y, grid }, &(struct attrs_grid_sample){ .mode = "linear", .padding = "zeros",
	         .cubic_coeff = -0.75 });
	if (mask)
		y = EW(o, mul, y, reshaped(o, as_type(o, mask, wide), 3, (Dim[]){ batch, dim_num(o, 1), all }));
	Dim features = dim_floordiv(t, w->type->dim[0], g);
	y = reshaped(o, y, 5, (Dim[]){ x->type->dim[0], g, w->type->dim[1], taps, places });
	w = reshaped(o, as_type(o, w, wide), 4, (Dim[]){ g, features, w->type->dim[1], taps });
	if (!y || !w)
		return false;
	y = EMIT(o, einsum, ARGS(y, w), .equation = "ngckp,gock->ngop");
	dim[0] = x->type->dim[0];
	dim[1] = dim_mul(t, features, g);
	memcpy(dim + 2, extent, sizeof *dim * (size_t)n);
	y = as_type(o, reshaped(o, y, n + 2, dim), own);
	return give(o, 0, with_bias(o, y, bias));
}
