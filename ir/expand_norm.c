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

/* (x - mean) * (scale / sqrt(variance + epsilon)) + offset: the factor is made once a channel. */
void expand_batch_norm(Builder *b, const Op *op, Value **out)
{
	const struct attrs_batch_norm_inference *a = op_attrs(batch_norm_inference, op);
	Value *v[5];

	for (int i = 0; i < 5; i++)
		v[i] = expand_wide(b, op->arg[i]);

	Value *x = v[0];
	int axis = expand_axis(a->axis, x->type->rank), n = 0;
	int64_t others[RANK_MAX];
	for (int k = 0; k < x->type->rank; k++)
		if (k != axis)
			others[n++] = k;
	Ints dims = { n, others };
	Value *factor = BUILD(b, mul, ARGS(v[1], inverse_deviation(b, v[4], a->epsilon)));
	Value *y = BUILD(b, sub, ARGS(x, expand_over(b, v[3], x, dims)));
	y = BUILD(b, mul, ARGS(y, expand_over(b, factor, x, dims)));
	y = BUILD(b, add, ARGS(y, expand_over(b, v[2], x, dims)));
	out[0] = expand_convert(b, y, op->arg[0]->type->dtype);
}
