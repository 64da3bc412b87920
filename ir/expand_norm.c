/* ir/expand_norm.c - expansions of activations and normalisations. */
#include "ir/expand_impl.h"

void expand_relu(Builder *b, const Op *op, Value **out)
{
	Value *x = op->arg[0];

	out[0] = BUILD(b, max, ARGS(x, expand_like(b, x, 0)));
}

/* x/2 * (1 + erf(x / sqrt(2))), or the approximation x/2 * (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) of
   Hendrycks and Gimpel, arXiv 1606.08415. */
void expand_gelu(Builder *b, const Op *op, Value **out)
{
	Value *x = expand_wide(b, op->arg[0]), *phi;

	if (op_attrs(gelu, op)->approximate) {
		Value *cube = BUILD(b, mul, ARGS(BUILD(b, mul, ARGS(x, x)), x));
		Value *inner = BUILD(b, add, ARGS(x, BUILD(b, mul, ARGS(cube, expand_like(b, x, 0.044715)))));

		phi = BUILD(b, tanh, ARGS(BUILD(b, mul, ARGS(inner, expand_like(b, x, 0.79788456080286535588)))));
	} else {
		phi = BUILD(b, erf, ARGS(BUILD(b, mul, ARGS(x, expand_like(b, x, 0.70710678118654752440)))));
	}
	Value *half = BUILD(b, mul, ARGS(x, expand_like(b, x, 0.5)));
	Value *y = BUILD(b, mul, ARGS(half, BUILD(b, add, ARGS(phi, expand_like(b, x, 1)))));
	out[0] = expand_convert(b, y, op->arg[0]->type->dtype);
}

void expand_softmax(Builder *b, const Op *op, Value **out)
{
	Value *x = expand_wide(b, op->arg[0]);
	int axis = expand_axis(op_attrs(softmax, op)->axis, x->type->rank);
	Ints dims = expand_range(b, axis, axis + 1);

	Value *top = build_reduce(b, OP_max, x, dims, false);
	Value *e = BUILD(b, exp, ARGS(BUILD(b, sub, ARGS(x, expand_over(b, top, x, dims)))));
	Value *sum = build_reduce(b, OP_add, e, dims, false);
	out[0] = expand_convert(b, BUILD(b, div, ARGS(e, expand_over(b, sum, x, dims))), op->arg[0]->type->dtype);
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

	Value *mean = expand_mean_of(b, x, dims);
	Value *d = BUILD(b, sub, ARGS(x, expand_over(b, mean, x, dims)));
	Value *variance = expand_mean_of(b, BUILD(b, mul, ARGS(d, d)), dims);
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
