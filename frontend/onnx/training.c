/* frontend/onnx/training.c - ai.onnx.preview.training: one step of an optimizer, for several tensors at once.

   Operands are the learning rate R, the number T of steps so far, and then groups of as many tensors as are optimized: all X,
   all gradients, all of each state.  Results are the new X, and the new states. */
#include "frontend/onnx/import.h"

static Value *times(Onnx *o, Value *x, double factor)
{
	Value *f = x ? number_like(o, x, factor) : NULL;

	return EW(o, mul, x, f);
}

/* How many tensors; false unless the operands are R, T and so many groups. */
static bool tensors(Onnx *o, int groups, int *n)
{
	int rest = o->node->nargs - 2;

	*n = rest / groups;
	if (*n < 1 || rest % groups)
		return refuse(o, "there are %d operands, wanted 2 and %d for each tensor", o->node->nargs, groups);
	return true;
}

/* The learning rate as a scalar of the tensor's type; the count of steps, too. */
static Value *scalar(Onnx *o, int i, const Value *x)
{
	Value *v = x ? as_type(o, arg(o, i), x->type->dtype) : NULL;

	return v && v->type->rank ? reshaped(o, v, 0, NULL) : v;
}

/* The gradient of x, with that of norm / 2 * |x|^2. */
static Value *gradient(Onnx *o, Value *x, int i, double norm)
{
	Value *g = arg(o, i);

	return norm == 0 ? g : EW(o, add, times(o, x, norm), g);
}

bool onnx_adagrad(Onnx *o)
{
	double decay = get_float(o, "decay_factor", 0), epsilon = get_float(o, "epsilon", 1e-6f), norm = get_float(o, "norm_coefficient", 0);
	int n;

	if (!tensors(o, 3, &n))
		return false;
	for (int i = 0; i < n; i++) {
		Value *x = arg(o, 2 + i), *h = arg(o, 2 + 2 * n + i), *g = gradient(o, x, 2 + n + i, norm);
		Value *rate = scalar(o, 0, x), *steps = scalar(o, 1, x), *one = x ? number_like(o, x, 1) : NULL;
		Value *slower = EW(o, add, times(o, steps, decay), one);
		rate = EW(o, div, rate, slower);
		h = EW(o, add, h, EW(o, mul, g, g));
		Value *small = x ? number_like(o, x, epsilon) : NULL, *size = EW(o, sqrt, h);
		size = EW(o, add, size, small);
		Value *step = EW(o, mul, rate, g);
		step = EW(o, div, step, size);
		if (!give(o, i, EW(o, sub, x, step)) || !give(o, n + i, h))
			return false;
	}
	return true;
}

/* rate * sqrt(1 - beta^T) / (1 - alpha^T), or the rate itself at the first step, whose T is 0. */
static Value *adam_rate(Onnx *o, Value *x, double alpha, double beta)
{
	Value *rate = scalar(o, 0, x), *steps = scalar(o, 1, x), *one = x ? number_like(o, x, 1) : NULL, *zero = x ? number_like(o, x, 0) : NULL;
	Value *a = x ? number_like(o, x, alpha) : NULL, *b = x ? number_like(o, x, beta) : NULL;

	a = EW(o, sub, one, EW(o, pow, a, steps));
	b = EW(o, sqrt, EW(o, sub, one, EW(o, pow, b, steps)));
	Value *adjusted = EW(o, mul, rate, b), *later = compare(o, CMP_GT, steps, zero);
	adjusted = EW(o, div, adjusted, a);
	return emit(o, OP_where, 3, (Value *[]){ later, adjusted, rate }, NULL);
}

/* old * keep + new * (1 - keep) */
static Value *moved(Onnx *o, Value *old, Value *x, double keep)
{
	Value *kept = times(o, old, keep);

	return EW(o, add, kept, times(o, x, 1 - keep));
}

bool onnx_adam(Onnx *o)
{
	double alpha = get_float(o, "alpha", 0.9f), beta = get_float(o, "beta", 0.999f), epsilon = get_float(o, "epsilon", 1e-6f);
	double norm = get_float(o, "norm_coefficient", 0), post = get_float(o, "norm_coefficient_post", 0);
	int n;

	if (!tensors(o, 4, &n))
		return false;
	for (int i = 0; i < n; i++) {
		Value *x = arg(o, 2 + i), *v = arg(o, 2 + 2 * n + i), *h = arg(o, 2 + 3 * n + i), *g = gradient(o, x, 2 + n + i, norm);
		v = moved(o, v, g, alpha);
		h = moved(o, h, EW(o, mul, g, g), beta);
		Value *small = x ? number_like(o, x, epsilon) : NULL, *size = EW(o, sqrt, h);
		size = EW(o, add, size, small);
		Value *step = EW(o, mul, adam_rate(o, x, alpha, beta), v);
		step = EW(o, div, step, size);
		x = EW(o, sub, x, step);
		if (!give(o, i, post == 0 ? x : times(o, x, 1 - post)) || !give(o, n + i, v) || !give(o, 2 * n + i, h))
			return false;
	}
	return true;
}

bool onnx_momentum(Onnx *o)
{
	double alpha = get_float(o, "alpha", 0), beta = get_float(o, "beta", 0), norm = get_float(o, "norm_coefficient", 0);
	bool nesterov = get_is(o, "mode", "standard", "nesterov");
	int n;

	if (!nesterov && !get_is(o, "mode", "standard", "standard"))
		return refuse_attr(o, "mode", "is '%s', wanted standard or nesterov", get_string(o, "mode", ""));
	if (!tensors(o, 3, &n))
		return false;
	for (int i = 0; i < n; i++) {
		Value *x = arg(o, 2 + i), *v = arg(o, 2 + 2 * n + i), *g = gradient(o, x, 2 + n + i, norm);
		Value *rate = scalar(o, 0, x), *steps = scalar(o, 1, x), *zero = x ? number_like(o, x, 0) : NULL;
		Value *one = x ? number_like(o, x, 1) : NULL, *part = x ? number_like(o, x, beta) : NULL;
		Value *later = compare(o, CMP_GT, steps, zero);
		part = emit(o, OP_where, 3, (Value *[]){ later, part, one }, NULL);   /* at the first step 1 */
		v = times(o, v, alpha);
		v = EW(o, add, v, EW(o, mul, part, g));
		Value *step = nesterov ? EW(o, add, g, times(o, v, alpha)) : v;
		if (!give(o, i, EW(o, sub, x, EW(o, mul, rate, step))) || !give(o, n + i, v))
			return false;
	}
	return true;
}
