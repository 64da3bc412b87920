/* ir/expand_norm.c - expansions of softmax and of normalisations. */
#include "ir/expand_impl.h"

/* x less its maximum along dims, so that no exponential overflows; *sum: of its exponentials *e. */
static Value *below_top(Builder *b, Value *x, Ints dims, Value **e, Value **sum)
{
	Value *top = build_reduce(b, OP_max, x, dims, false);
	Value *d = ew_sub(b, x, expand_over(b, top, x, dims));

	*e = ew_exp(b, d);
	*sum = build_reduce(b, OP_add, *e, dims, false);
	return d;
}

void expand_softmax(Builder *b, const Op *op, Value **out)
{
	Value *x = expand_wide(b, op->arg[0]), *e, *sum;
	int axis = expand_axis(op_attrs(softmax, op)->axis, x->type->rank);
	Ints dims = expand_range(b, axis, axis + 1);

	below_top(b, x, dims, &e, &sum);
	out[0] = expand_convert(b, ew_div(b, e, expand_over(b, sum, x, dims)), op->arg[0]->type->dtype);
}

void expand_log_softmax(Builder *b, const Op *op, Value **out)
{
	Value *x = expand_wide(b, op->arg[0]), *e, *sum;
	int axis = expand_axis(op_attrs(log_softmax, op)->axis, x->type->rank);
	Ints dims = expand_range(b, axis, axis + 1);
	Value *d = below_top(b, x, dims, &e, &sum);

	out[0] = expand_convert(b, ew_sub(b, d, expand_over(b, ew_log(b, sum), x, dims)), op->arg[0]->type->dtype);
}

/* 1 / sqrt(variance + epsilon) */
static Value *inverse_deviation(Builder *b, Value *variance, double epsilon)
{
	return BUILD(b, rsqrt, ARGS(BUILD(b, add, ARGS(variance, expand_like(b, variance, epsilon)))));
}

void expand_layer_norm(Builder *b, const Op *op, Value **out)
{
	const struct attrs_layer_norm *a = op_attrs(layer_norm, op);
	Value *x = expand_wide(b, op->arg[0]), *scale = expand_wide(b, op->arg[1]), *offset = expand_wide(b, op->arg[2]);
	int axis = expand_axis(a->axis, x->type->rank);
	Ints dims = expand_range(b, axis, x->type->rank), outer = expand_range(b, 0, axis);

	Value *variance, *d = expand_center(b, x, dims, &variance);
	Value *inverse = inverse_deviation(b, variance, a->epsilon);
	Value *y = BUILD(b, mul, ARGS(d, expand_over(b, inverse, x, dims)));
	y = BUILD(b, mul, ARGS(y, expand_over(b, scale, x, outer)));
	y = BUILD(b, add, ARGS(y, expand_over(b, offset, x, outer)));
	out[0] = expand_convert(b, y, op->arg[0]->type->dtype);
}

/* A vector along an axis, over the shape of `like`. */
static Value *along(Builder *b, Value *v, Value *like, int axis)
{
	return build_broadcast(b, v, type_with_dtype(b->ctx->types, like->type, v->type->dtype), expand_range(b, axis, axis + 1));
}

/* Mean 0 and variance 1 over all axes of each sample but the groups of channels; the axis of channels is cut in two where
   a group has more than one. */
static Value *normal_groups(Builder *b, Value *x, int axis, Dim groups, double epsilon)
{
	const Type *t = x->type;
	bool cut = groups != t->dim[axis];
	Dim dim[RANK_MAX + 1];
	int64_t over[RANK_MAX];
	int rank = 0, n = 0;

	for (int k = 0; k < t->rank; k++) {
		dim[rank++] = k == axis ? groups : t->dim[k];
		if (k != 0 && k != axis)
			over[n++] = rank - 1;
		if (k == axis && cut) {
			dim[rank] = dim_floordiv(b->ctx->dims, t->dim[k], groups);
			over[n++] = rank++;
		}
	}
	if (cut)
		x = BUILD(b, reshape, ARGS(x), .shape = dims_copy(expand_arena(b), rank, dim));
	Ints dims = ints_copy(expand_arena(b), n, over);
	Value *variance, *d = expand_center(b, x, dims, &variance);
	Value *inverse = inverse_deviation(b, variance, epsilon);
	Value *y = ew_mul(b, d, expand_over(b, inverse, x, dims));
	return cut ? BUILD(b, reshape, ARGS(y), .shape = dims_copy(expand_arena(b), t->rank, t->dim)) : y;
}

static Value *channel_norm(Builder *b, const Op *op, int axis, Dim groups, double epsilon)
{
	Value *x = expand_wide(b, op->arg[0]), *scale = expand_wide(b, op->arg[1]), *offset = expand_wide(b, op->arg[2]);
	Value *y = normal_groups(b, x, axis, groups, epsilon);

	y = ew_mul(b, y, along(b, scale, x, axis));
	y = ew_add(b, y, along(b, offset, x, axis));
	return expand_convert(b, y, op->arg[0]->type->dtype);
}

void expand_group_norm(Builder *b, const Op *op, Value **out)
{
	const struct attrs_group_norm *a = op_attrs(group_norm, op);

	out[0] = channel_norm(b, op, expand_axis(a->axis, op->arg[0]->type->rank), dim_const(b->ctx->dims, a->groups), a->epsilon);
}

void expand_instance_norm(Builder *b, const Op *op, Value **out)
{
	const struct attrs_instance_norm *a = op_attrs(instance_norm, op);
	const Type *x = op->arg[0]->type;
	int axis = expand_axis(a->axis, x->rank);

	out[0] = channel_norm(b, op, axis, x->dim[axis], a->epsilon);
}

/* Zhang and Sennrich, arXiv 1910.07467. */
void expand_rms_norm(Builder *b, const Op *op, Value **out)
{
	const struct attrs_rms_norm *a = op_attrs(rms_norm, op);
	Value *x = expand_wide(b, op->arg[0]), *scale = expand_wide(b, op->arg[1]);
	int axis = expand_axis(a->axis, x->type->rank);
	Ints dims = expand_range(b, axis, x->type->rank), outer = expand_range(b, 0, axis);

	Value *inverse = inverse_deviation(b, expand_mean_of(b, ew_mul(b, x, x), dims), a->epsilon);
	Value *y = ew_mul(b, x, expand_over(b, inverse, x, dims));
	y = ew_mul(b, y, expand_over(b, scale, x, outer));
	out[0] = expand_convert(b, y, op->arg[0]->type->dtype);
}

/* Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural networks, section 3.3. */
void expand_lrn(Builder *b, const Op *op, Value **out)
{
	const struct attrs_lrn *a = op_attrs(lrn, op);
	Value *x = expand_wide(b, op->arg[0]);
	int rank = x->type->rank, axis = expand_axis(a->axis, rank);
	int64_t size[RANK_MAX], low[RANK_MAX] = { 0 }, high[RANK_MAX] = { 0 };

	for (int k = 0; k < rank; k++)
		size[k] = k == axis ? a->size : 1;
	low[axis] = (a->size - 1) / 2;
	high[axis] = a->size - 1 - low[axis];
	Arena *arena = expand_arena(b);
	Pads pads = { PAD_EXPLICIT, rank, ints_copy(arena, rank, low).at, ints_copy(arena, rank, high).at };
	Value *square = ew_mul(b, x, x), *zero = build_identity(b, x->type->dtype, OP_add);
	Op *sums = build_begin(b, OP_reduce_window, ARGS(square, zero),
	                       &(struct attrs_reduce_window){ .window = ints_copy(arena, rank, size), .padding = pads });
	Value *sum = expand_combiner(b, sums, OP_add);
	Value *scale = ew_plus(b, ew_times(b, sum, a->alpha / (double)a->size), a->bias);

	out[0] = expand_convert(b, ew_div(b, x, ew_to_power(b, scale, a->beta)), op->arg[0]->type->dtype);
}

/* All axes but one. */
static Ints others(Builder *b, const Type *t, int axis)
{
	int64_t at[RANK_MAX];
	int n = 0;

	for (int k = 0; k < t->rank; k++)
		if (k != axis)
			at[n++] = k;
	return ints_copy(expand_arena(b), n, at);
}

/* (x - mean) * (scale / sqrt(variance + epsilon)) + offset: the factor is made once a channel. */
void expand_batch_norm(Builder *b, const Op *op, Value **out)
{
	const struct attrs_batch_norm_inference *a = op_attrs(batch_norm_inference, op);
	Value *v[5];

	for (int i = 0; i < 5; i++)
		v[i] = expand_wide(b, op->arg[i]);

	Value *x = v[0];
	Ints dims = others(b, x->type, expand_axis(a->axis, x->type->rank));
	Value *factor = BUILD(b, mul, ARGS(v[1], inverse_deviation(b, v[4], a->epsilon)));
	Value *y = BUILD(b, sub, ARGS(x, expand_over(b, v[3], x, dims)));
	y = BUILD(b, mul, ARGS(y, expand_over(b, factor, x, dims)));
	y = BUILD(b, add, ARGS(y, expand_over(b, v[2], x, dims)));
	out[0] = expand_convert(b, y, op->arg[0]->type->dtype);
}

void expand_batch_norm_training(Builder *b, const Op *op, Value **out)
{
	const struct attrs_batch_norm_training *a = op_attrs(batch_norm_training, op);
	DType t = op->arg[0]->type->dtype;
	Value *x = expand_wide(b, op->arg[0]), *scale = expand_wide(b, op->arg[1]), *offset = expand_wide(b, op->arg[2]);
	Ints dims = others(b, x->type, expand_axis(a->axis, x->type->rank));

	Value *mean = expand_mean_of(b, x, dims), *d = ew_sub(b, x, expand_over(b, mean, x, dims));
	Value *variance = expand_mean_of(b, ew_mul(b, d, d), dims);
	Value *factor = ew_mul(b, scale, inverse_deviation(b, variance, a->epsilon));
	Value *y = ew_mul(b, d, expand_over(b, factor, x, dims));
	y = ew_add(b, y, expand_over(b, offset, x, dims));
	out[0] = expand_convert(b, y, t);
	out[1] = expand_convert(b, mean, t);
	out[2] = expand_convert(b, variance, t);
}

/* With d = x - mean, r = 1 / sqrt(variance + epsilon) and means over a channel:
   scale r (g - mean(g) - d r^2 mean(g d)), sum(g d) r, sum(g). */
void expand_batch_norm_grad(Builder *b, const Op *op, Value **out)
{
	const struct attrs_batch_norm_grad *a = op_attrs(batch_norm_grad, op);
	DType t = op->arg[0]->type->dtype;
	Value *v[5];

	for (int i = 0; i < 5; i++)
		v[i] = expand_wide(b, op->arg[i]);

	Value *x = v[0], *g = v[4];
	Ints dims = others(b, x->type, expand_axis(a->axis, x->type->rank));
	Value *d = ew_sub(b, x, expand_over(b, v[2], x, dims)), *gd = ew_mul(b, g, d);
	Value *r = inverse_deviation(b, v[3], a->epsilon);
	Value *slope = ew_mul(b, ew_mul(b, r, r), expand_mean_of(b, gd, dims));
	Value *y = ew_sub(b, g, expand_over(b, expand_mean_of(b, g, dims), x, dims));
	y = ew_sub(b, y, ew_mul(b, d, expand_over(b, slope, x, dims)));
	y = ew_mul(b, y, expand_over(b, ew_mul(b, v[1], r), x, dims));
	Value *of_scale = ew_mul(b, build_reduce(b, OP_add, gd, dims, false), r);
	out[0] = expand_convert(b, y, t);
	out[1] = expand_convert(b, of_scale, t);
	out[2] = expand_convert(b, build_reduce(b, OP_add, g, dims, false), t);
}
