/* frontend/onnx/activation.c - activations, and the softmax family by opset. */
#include "frontend/onnx/import.h"

/* x op number, the number in x's type. */
static Value *with(Onnx *o, OpKind kind, Value *x, double number)
{
	Value *y = x ? number_like(o, x, number) : NULL;

	return ew(o, kind, 2, (Value *[]){ x, y });
}

static Value *where_compared(Onnx *o, CmpDir dir, Value *x, double number, Value *then, Value *otherwise)
{
	Value *y = x ? number_like(o, x, number) : NULL, *c = compare(o, dir, x, y);

	return emit(o, OP_where, 3, (Value *[]){ c, then, otherwise }, NULL);
}

/* The operand in the type that its ops compute in, and a result of that back in its own: what is composed rounds once. */
static Value *wide_arg(Onnx *o, int i, DType *own)
{
	Value *x = arg(o, i);

	*own = x ? x->type->dtype : DT_F32;
	return as_type(o, x, dtype_compute(*own));
}

static bool give_as(Onnx *o, Value *y, DType t)
{
	return give(o, 0, as_type(o, y, t));
}

static bool unary(Onnx *o, OpKind kind, const void *attrs)
{
	Value *x = arg(o, 0);

	return give(o, 0, emit(o, kind, 1, &x, attrs));
}

bool onnx_leaky_relu(Onnx *o)
{
	return unary(o, OP_leaky_relu, &(struct attrs_leaky_relu){ .negative_slope = get_float(o, "alpha", 0.01f) });
}

bool onnx_elu(Onnx *o)
{
	return unary(o, OP_elu, &(struct attrs_elu){ .alpha = get_float(o, "alpha", 1) });
}

bool onnx_hard_sigmoid(Onnx *o)
{
	return unary(o, OP_hard_sigmoid, &(struct attrs_hard_sigmoid){
		.alpha = get_float(o, "alpha", 0.2f), .beta = get_float(o, "beta", 0.5) });
}

/* The defaults are the constants of our op as f32 has them. */
bool onnx_selu(Onnx *o)
{
	double alpha = get_float(o, "alpha", 1.67326319217681884765625), gamma = get_float(o, "gamma", 1.05070102214813232421875);
	DType t;
	Value *x = wide_arg(o, 0, &t);

	x = emit(o, OP_elu, 1, &x, &(struct attrs_elu){ .alpha = alpha });
	return give_as(o, with(o, OP_mul, x, gamma), t);
}

/* max(0, x) + min(0, alpha * (exp(x / alpha) - 1)), Barron, arXiv 1704.07483: the two have the signs of x and alpha apart. */
bool onnx_celu(Onnx *o)
{
	double alpha = get_float(o, "alpha", 1);
	DType t;
	Value *x = wide_arg(o, 0, &t);
	Value *tail = with(o, OP_mul, EW(o, expm1, with(o, OP_div, x, alpha)), alpha);
	Value *low = with(o, OP_min, tail, 0), *high = with(o, OP_max, x, 0);

	return give_as(o, EW(o, add, high, low), t);
}

bool onnx_gelu(Onnx *o)
{
	bool tanh = get_is(o, "approximate", "none", "tanh");

	if (!tanh && !get_is(o, "approximate", "none", "none"))
		return refuse_attr(o, "approximate", "is '%s', wanted none or tanh", get_string(o, "approximate", ""));
	return unary(o, OP_gelu, &(struct attrs_gelu){ .approximate = tanh });
}

bool onnx_prelu(Onnx *o)
{
	Value *x = arg(o, 0), *slope = arg(o, 1);

	if (!x || !slope)
		return false;
	/* Before numpy's broadcasting, a slope for each channel. */
	if (o->node->opset < 7 && x->type->rank > 2 && slope->type->rank == 1) {
		Dim dim[RANK_MAX];
		for (int i = 0; i < x->type->rank - 1; i++)
			dim[i] = i ? dim_num(o, 1) : slope->type->dim[0];
		slope = reshaped(o, slope, x->type->rank - 1, dim);
	}
	if (!slope)
		return false;
	if (dtype_is_float(x->type->dtype))
		return give(o, 0, EMIT(o, prelu, ARGS(x, slope)));
	return give(o, 0, where_compared(o, CMP_LT, x, 0, EW(o, mul, slope, x), x));
}

/* Integers: their bounds are whole, and a bias that is not is added to them as floats. */
bool onnx_shrink(Onnx *o)
{
	double lambd = get_float(o, "lambd", 0.5), bias = get_float(o, "bias", 0);
	Value *x = arg(o, 0);

	if (!x)
		return false;
	DType t = x->type->dtype;
	if (!dtype_is_float(t))
		x = as_type(o, x, DT_F64);
	Value *up = with(o, OP_add, x, bias), *down = with(o, OP_sub, x, bias), *zero = number_like(o, x, 0);
	Value *y = where_compared(o, CMP_GT, x, lambd, down, zero);
	return give_as(o, where_compared(o, CMP_LT, x, -lambd, up, y), t);
}

bool onnx_thresholded_relu(Onnx *o)
{
	double alpha = get_float(o, "alpha", 1);
	Value *x = arg(o, 0), *zero = x ? number_like(o, x, 0) : NULL;

	return give(o, 0, where_compared(o, CMP_GT, x, alpha, x, zero));
}

static Value *swish(Onnx *o, Value *x, double alpha)
{
	Value *s = EW(o, logistic, alpha == 1 ? x : with(o, OP_mul, x, alpha));

	return EW(o, mul, x, s);
}

bool onnx_swish(Onnx *o)
{
	double alpha = get_float(o, "alpha", 1);
	DType t;
	Value *x = wide_arg(o, 0, &t);

	return give_as(o, swish(o, x, alpha), t);
}

/* com.microsoft.QuickGelu: the same with another default. */
bool onnx_quick_gelu(Onnx *o)
{
	double alpha = get_float(o, "alpha", 1.702f);
	DType t;
	Value *x = wide_arg(o, 0, &t);

	return give_as(o, swish(o, x, alpha), t);
}

bool onnx_swiglu(Onnx *o)
{
	double alpha = get_float(o, "alpha", 1);
	DType t, u;
	Value *gate = wide_arg(o, 0, &t), *x = wide_arg(o, 1, &u);

	gate = swish(o, gate, alpha);
	return give_as(o, EW(o, mul, gate, x), t);
}

/* x with the axes before `axis` as one and those from it on as one, which is what opsets below 13 work along the last of. */
static Value *along(Onnx *o, int *axis)
{
	Value *x = arg(o, 0);
	bool flat = o->node->opset < 13;

	if (!x || !get_axis(o, "axis", flat ? 1 : -1, x->type->rank, axis))
		return NULL;
	if (!flat || *axis == x->type->rank - 1)
		return x;
	x = emit(o, OP_flatten, 1, &x, &(struct attrs_flatten){ .axis = *axis });
	*axis = 1;
	return x;
}

static bool give_shaped(Onnx *o, Value *y)
{
	const Type *t = y ? arg(o, 0)->type : NULL;

	return give(o, 0, !y || y->type->rank == t->rank ? y : reshaped(o, y, t->rank, t->dim));
}

bool onnx_softmax(Onnx *o)
{
	int axis = 0;
	Value *x = along(o, &axis);

	return give_shaped(o, emit(o, OP_softmax, 1, &x, &(struct attrs_softmax){ .axis = axis }));
}

bool onnx_log_softmax(Onnx *o)
{
	int axis = 0;
	Value *x = along(o, &axis);

	return give_shaped(o, emit(o, OP_log_softmax, 1, &x, &(struct attrs_log_softmax){ .axis = axis }));
}

bool onnx_hardmax(Onnx *o)
{
	int axis = 0;
	Value *x = along(o, &axis);

	if (!x)
		return false;
	if (dim_is(dim_at(x, axis), 0))
		return give(o, 0, arg(o, 0));
	Value *at = emit(o, OP_argmax, 1, &x, &(struct attrs_argmax){ .axis = axis, .dtype = DT_I64 });
	return give_shaped(o, emit(o, OP_one_hot, 1, &at, &(struct attrs_one_hot){
		.num_classes = dim_at(x, axis), .axis = axis, .dtype = x->type->dtype }));
}
