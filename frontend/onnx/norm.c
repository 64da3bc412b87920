/* frontend/onnx/norm.c - normalizations: batch, instance, group, layer, RMS, Lp, mean-variance, local response. */
#include "frontend/onnx/vision.h"

/* A statistic that has moved on by one batch. */
static Value *moved(Onnx *o, Value *old, Value *now, double momentum)
{
	now = now && old ? as_type(o, now, old->type->dtype) : NULL;
	if (!now)
		return NULL;
	return EW(o, add, EW(o, mul, old, number_like(o, old, momentum)), EW(o, mul, now, number_like(o, now, 1 - momentum)));
}

/* (x - mean) / sqrt(variance + epsilon) * scale + offset under numpy's broadcasting. */
static Value *normalized(Onnx *o, Value *x, Value *scale, Value *offset, Value *mean, Value *variance, double epsilon)
{
	Value *deviation = EW(o, sqrt, EW(o, add, variance, number_like(o, variance, epsilon)));
	Value *y = EW(o, div, EW(o, sub, x, mean), deviation);

	y = scale ? EW(o, mul, y, scale) : y;
	return offset ? EW(o, add, y, offset) : y;
}

bool onnx_batch_norm(Onnx *o)
{
	Value *v[5], *mean, *variance;
	double epsilon = get_float(o, "epsilon", 1e-5), momentum = get_float(o, "momentum", 0.9);
	bool old = o->node->opset < 14, training = old ? wants(o, 1) : get_int(o, "training_mode", 0) != 0;

	for (int i = 0; i < 5; i++)
		if (!(v[i] = arg(o, i)))
			return false;
	DType own = v[0]->type->dtype, wide = wide_type(own);
	mean = v[3];
	variance = v[4];
	for (int i = 0; i < 5; i++)
		wide = v[i]->type->dtype == DT_F64 ? DT_F64 : wide;
	for (int i = 0; i < 5; i++)
		if (!(v[i] = as_type(o, v[i], wide)))
			return false;
	if (old && !get_int(o, "spatial", 1)) {
		if (training)
			return refuse_attr(o, "spatial", "0 found in training, wanted 1");
		return give(o, 0, as_type(o, normalized(o, v[0], v[1], v[2], v[3], v[4], epsilon), own));
	}
	int rank = v[0]->type->rank;
	Dim plain[] = { rank ? v[0]->type->dim[0] : NULL, dim_num(o, 1) }, one[] = { plain[0], plain[1] };
	if (rank < 1)
		return refuse(o, "the input is a scalar, wanted [N, C, ...]");
	Value *x = rank == 1 ? reshaped(o, v[0], 2, one) : v[0], *y;
	if (!x)
		return false;
	if (!training) {
		y = emit(o, OP_batch_norm_inference, 5, (Value *[]){ x, v[1], v[2], v[3], v[4] },
		         &(struct attrs_batch_norm_inference){ .axis = 1, .epsilon = epsilon });
		return give(o, 0, as_type(o, rank == 1 ? reshaped(o, y, 1, plain) : y, own));
	}
	Op *op = emit_op(o, OP_batch_norm_training, 3, (Value *[]){ x, v[1], v[2] },
	                 &(struct attrs_batch_norm_training){ .axis = 1, .epsilon = epsilon });
	if (!op)
		return false;
	y = op->result[0];
	if (!give(o, 0, as_type(o, rank == 1 ? reshaped(o, y, 1, plain) : y, own)))
		return false;
	return (!wants(o, 1) || give(o, 1, moved(o, mean, op->result[1], momentum))) &&
	       (!wants(o, 2) || give(o, 2, moved(o, variance, op->result[2], momentum))) &&
	       (!old || !wants(o, 3) || give(o, 3, as_type(o, op->result[1], mean->type->dtype))) &&
	       (!old || !wants(o, 4) || give(o, 4, as_type(o, op->result[2], variance->type->dtype)));
}

bool onnx_instance_norm(Onnx *o)
{
	Value *x = arg(o, 0), *scale = arg(o, 1), *offset = arg(o, 2);

	if (!x || !scale || !offset)
		return false;
	Value *v[] = { x, as_type(o, scale, x->type->dtype), as_type(o, offset, x->type->dtype) };
	return give(o, 0, emit(o, OP_instance_norm, 3, v, &(struct attrs_instance_norm){ .axis = 1,
		.epsilon = get_float(o, "epsilon", 1e-5) }));
}

/* A vector of one number a group as one of a number a channel. */
static Value *each_channel(Onnx *o, Value *v, Dim channels, int64_t groups)
{
	Dim g = dim_num(o, groups), one = dim_num(o, 1);

	if (!v || v->type->rank != 1 || v->type->dim[0] == channels)
		return v;
	v = reshaped(o, v, 2, (Dim[]){ g, one });
	v = broadcast_to(o, v, 2, (Dim[]){ g, dim_floordiv(o->ctx->dims, channels, g) });
	return reshaped(o, v, 1, &channels);
}

bool onnx_group_norm(Onnx *o)
{
	Value *x = arg(o, 0), *scale = arg(o, 1), *offset = arg(o, 2);
	int64_t groups = get_int(o, "num_groups", 0);

	if (!x || !scale || !offset)
		return false;
	if (x->type->rank < 2 || groups < 1)
		return refuse(o, "an input of rank %d and %lld groups found, wanted [N, C, ...] and at least 1", x->type->rank, (long long)groups);
	DType own = x->type->dtype;
	scale = each_channel(o, as_type(o, scale, own), x->type->dim[1], o->node->opset < 21 ? groups : 0);
	offset = each_channel(o, as_type(o, offset, own), x->type->dim[1], o->node->opset < 21 ? groups : 0);
	return give(o, 0, emit(o, OP_group_norm, 3, (Value *[]){ x, scale, offset }, &(struct attrs_group_norm){ .groups = groups,
		.axis = 1, .epsilon = get_float(o, "epsilon", 1e-5) }));
}

/* Has v the extents of x from axis on? */
static bool covers(const Value *v, const Value *x, int axis)
{
	if (v->type->rank != x->type->rank - axis)
		return false;
	for (int k = axis; k < x->type->rank; k++)
		if (v->type->dim[k - axis] != x->type->dim[k])
			return false;
	return true;
}

static Ints axes_from(Onnx *o, int axis, int rank)
{
	int64_t at[RANK_MAX];

	for (int k = axis; k < rank; k++)
		at[k - axis] = k;
	return ints_copy(o->arena, rank - axis, at);
}

static DType stash_type(Onnx *o, DType own)
{
	DType t;

	return own == DT_F64 ? own : onnx_dtype(o, get_int(o, "stash_type", 1), &t) ? t : DT_F32;
}

bool onnx_layer_norm(Onnx *o)
{
	Value *x = arg(o, 0), *scale = arg_opt(o, 1), *offset = arg_opt(o, 2);
	double epsilon = get_float(o, "epsilon", 1e-5);
	int axis;

	if (!x || (has_arg(o, 1) && !scale) || (has_arg(o, 2) && !offset) || !get_axis(o, "axis", -1, x->type->rank, &axis))
		return false;
	DType own = x->type->dtype, stash = stash_type(o, own);
	if (!wants(o, 1) && !wants(o, 2) && scale && offset && covers(scale, x, axis) && covers(offset, x, axis) &&
	    scale->type->dtype == own && offset->type->dtype == own)
		return give(o, 0, emit(o, OP_layer_norm, 3, (Value *[]){ x, scale, offset },
		                       &(struct attrs_layer_norm){ .axis = axis, .epsilon = epsilon }));
	Ints axes = axes_from(o, axis, x->type->rank);
	Value *wide = as_type(o, x, stash), *mean = reduced(o, OP_mean, wide, axes, true), *d = EW(o, sub, wide, mean);
	Value *variance = reduced(o, OP_mean, EW(o, mul, d, d), axes, true);
	if (!variance)
		return false;
	Value *deviation = EW(o, sqrt, EW(o, add, variance, number_like(o, variance, epsilon)));
	Value *inverse = EW(o, div, number_like(o, variance, 1), deviation), *y = EW(o, mul, d, inverse);
	if (scale)
		y = EW(o, mul, y, as_type(o, scale, stash));
	if (offset)
		y = EW(o, add, y, as_type(o, offset, stash));
	return give(o, 0, as_type(o, y, own)) && (!wants(o, 1) || give(o, 1, mean)) && (!wants(o, 2) || give(o, 2, inverse));
}

bool onnx_rms_norm(Onnx *o)
{
	Value *x = arg(o, 0), *scale = arg(o, 1);
	double epsilon = get_float(o, "epsilon", 1e-5);
	int axis;

	if (!x || !scale || !get_axis(o, "axis", -1, x->type->rank, &axis))
		return false;
	DType own = scale->type->dtype, stash = stash_type(o, x->type->dtype);
	if (!wants(o, 1) && covers(scale, x, axis) && own == x->type->dtype)
		return give(o, 0, emit(o, OP_rms_norm, 2, (Value *[]){ x, scale }, &(struct attrs_rms_norm){ .axis = axis, .epsilon = epsilon }));
	Value *wide = as_type(o, x, stash), *mean = reduced(o, OP_mean, EW(o, mul, wide, wide), axes_from(o, axis, x->type->rank), true);
	if (!mean)
		return false;
	Value *inverse = EW(o, rsqrt, EW(o, add, mean, number_like(o, mean, epsilon)));
	Value *y = EW(o, mul, EW(o, mul, wide, inverse), as_type(o, scale, stash));
	return give(o, 0, as_type(o, y, own)) && (!wants(o, 1) || give(o, 1, inverse));
}

/* 0 where the norm is 0. */
bool onnx_lp_norm(Onnx *o)
{
	Value *x = arg(o, 0), *norm;
	int64_t p = get_int(o, "p", 2);
	int axis;

	if (!x || !get_axis(o, "axis", -1, x->type->rank, &axis))
		return false;
	if (p != 1 && p != 2)
		return refuse_attr(o, "p", "%lld found, wanted 1 or 2", (long long)p);
	DType own = x->type->dtype;
	if (!(x = as_type(o, x, wide_type(own))))
		return false;
	norm = reduced(o, OP_reduce_sum, p == 1 ? EW(o, abs, x) : EW(o, mul, x, x), ints_of(o->arena, 1, axis), true);
	norm = p == 2 ? EW(o, sqrt, norm) : norm;
	Value *zero = number_like(o, x, 0), *y = EW(o, select, compare(o, CMP_EQ, norm, zero), zero, EW(o, div, x, norm));
	return give(o, 0, as_type(o, y, own));
}

bool onnx_mean_variance_norm(Onnx *o)
{
	Value *x = arg(o, 0);
	Ints axes = get_ints(o, "axes");
	static const int64_t usual[] = { 0, 2, 3 };

	if (!x)
		return false;
	if (!axes.at)
		axes = (Ints){ 3, usual };
	if (!axes_of(o, "axes", axes, x->type->rank, &axes))
		return false;
	DType own = x->type->dtype;
	x = as_type(o, x, wide_type(own));
	Value *d = EW(o, sub, x, reduced(o, OP_mean, x, axes, true));
	Value *deviation = EW(o, sqrt, reduced(o, OP_mean, EW(o, mul, d, d), axes, true));
	if (!deviation)
		return false;
	return give(o, 0, as_type(o, EW(o, div, d, EW(o, add, deviation, number_like(o, deviation, 1e-9))), own));
}

bool onnx_lrn(Onnx *o)
{
	Value *x = arg(o, 0);
	int64_t size = get_int(o, "size", 0);

	if (!x)
		return false;
	if (x->type->rank < 2 || size < 1)
		return refuse(o, "an input of rank %d and size %lld found, wanted [N, C, ...] and at least 1", x->type->rank, (long long)size);
	return give(o, 0, emit(o, OP_lrn, 1, &x, &(struct attrs_lrn){ .size = size, .axis = 1, .alpha = get_float(o, "alpha", 1e-4),
		.beta = get_float(o, "beta", 0.75), .bias = get_float(o, "bias", 1) }));
}
