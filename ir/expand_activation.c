/* ir/expand_activation.c - expansions of activations. */
#include "ir/expand_impl.h"

/* expand_NAME: the formula, whose variable is x, in the type that x's ops compute in, rounded once. */
#define ACTIVATION(name, formula) \
	void expand_##name(Builder *b, const Op *op, Value **out) \
	{ \
		Value *x = expand_wide(b, op->arg[0]); \
		out[0] = expand_convert(b, formula, op->arg[0]->type->dtype); \
	}

void expand_relu(Builder *b, const Op *op, Value **out)
{
	out[0] = ew_at_least(b, op->arg[0], 0);
}

void expand_relu6(Builder *b, const Op *op, Value **out)
{
	out[0] = ew_at_most(b, ew_at_least(b, op->arg[0], 0), 6);
}

static Value *elu(Builder *b, Value *x, double alpha)
{
	return expand_unless_negative(b, x, ew_times(b, ew_expm1(b, x), alpha));
}

/* max(x, 0) + log(1 + exp(-|x|)): the exponential is at most 1. */
static Value *softplus(Builder *b, Value *x)
{
	Value *tail = ew_log1p(b, ew_exp(b, ew_neg(b, ew_abs(b, x))));

	return ew_add(b, ew_at_least(b, x, 0), tail);
}

static Value *hard_sigmoid(Builder *b, Value *x, double alpha, double beta)
{
	return ew_at_most(b, ew_at_least(b, ew_plus(b, ew_times(b, x, alpha), beta), 0), 1);
}

/* x/2 * (1 + erf(x / sqrt(2))), or the approximation x/2 * (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) of
   Hendrycks and Gimpel, arXiv 1606.08415. */
static Value *gelu(Builder *b, Value *x, bool approximate)
{
	Value *phi;

	if (approximate) {
		Value *cube = ew_mul(b, ew_mul(b, x, x), x);
		Value *inner = ew_add(b, x, ew_times(b, cube, 0.044715));

		phi = ew_tanh(b, ew_times(b, inner, 0.79788456080286535588));
	} else {
		phi = ew_erf(b, ew_times(b, x, 0.70710678118654752440));
	}
	Value *half = ew_times(b, x, 0.5);
	return ew_mul(b, half, ew_plus(b, phi, 1));
}

/* Klambauer et al., arXiv 1706.02515. */
ACTIVATION(selu, ew_times(b, elu(b, x, 1.67326324235437728481), 1.05070098735548049341))
ACTIVATION(elu, elu(b, x, op_attrs(elu, op)->alpha))
ACTIVATION(leaky_relu, expand_unless_negative(b, x, ew_times(b, x, op_attrs(leaky_relu, op)->negative_slope)))
ACTIVATION(gelu, gelu(b, x, op_attrs(gelu, op)->approximate))
ACTIVATION(silu, ew_mul(b, x, ew_logistic(b, x)))
ACTIVATION(softplus, softplus(b, x))
ACTIVATION(mish, ew_mul(b, x, ew_tanh(b, softplus(b, x))))
ACTIVATION(softsign, ew_div(b, x, ew_plus(b, ew_abs(b, x), 1)))
ACTIVATION(hard_sigmoid, hard_sigmoid(b, x, op_attrs(hard_sigmoid, op)->alpha, op_attrs(hard_sigmoid, op)->beta))
ACTIVATION(hard_swish, ew_mul(b, x, hard_sigmoid(b, x, 1.0 / 6, 0.5)))

void expand_prelu(Builder *b, const Op *op, Value **out)
{
	Value *x = expand_wide(b, op->arg[0]);
	Value *slope = expand_numpy(b, expand_wide(b, op->arg[1]), x->type);
	Value *y = expand_unless_negative(b, x, ew_mul(b, slope, x));

	out[0] = expand_convert(b, y, op->arg[0]->type->dtype);
}
