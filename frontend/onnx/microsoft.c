/* frontend/onnx/microsoft.c - elementwise ops of com.microsoft. */
#include "frontend/onnx/import.h"

static bool gelu(Onnx *o, bool approximate)
{
	Value *x = arg(o, 0), *bias = arg_opt(o, 1);

	if (has_arg(o, 1) && !bias)
		return false;
	if (bias)
		x = EW(o, add, x, bias);
	return give(o, 0, emit(o, OP_gelu, 1, &x, &(struct attrs_gelu){ .approximate = approximate }));
}

bool onnx_bias_gelu(Onnx *o) { return gelu(o, false); }
bool onnx_fast_gelu(Onnx *o) { return gelu(o, true); }

/* Operands x, bias along the last axis, skip. */
bool onnx_bias_add(Onnx *o)
{
	Value *x = arg(o, 0), *bias = arg(o, 1), *skip = arg(o, 2);

	x = EW(o, add, x, bias);
	return give(o, 0, EW(o, add, x, skip));
}

/* x + bias in halves along the last axis: the first times gelu of the second. */
bool onnx_bias_split_gelu(Onnx *o)
{
	Value *x = arg(o, 0), *bias = arg(o, 1);

	x = EW(o, add, x, bias);
	if (!x || x->type->rank == 0)
		return false;
	int axis = x->type->rank - 1;
	Dim n = dim_at(x, axis), half = dim_floordiv(o->ctx->dims, n, dim_num(o, 2));
	Value *first = sliced(o, x, axis, dim_num(o, 0), half), *second = sliced(o, x, axis, half, n);
	second = emit(o, OP_gelu, 1, &second, NULL);
	return give(o, 0, EW(o, mul, first, second));
}

/* softmax(x + bias) over the axes from `axis` on. */
bool onnx_bias_softmax(Onnx *o)
{
	Value *x = arg(o, 0), *bias = arg(o, 1);
	int axis;

	x = EW(o, add, x, bias);
	if (!x || !get_axis(o, "axis", 1, x->type->rank, &axis))
		return false;
	Value *y = emit(o, OP_flatten, 1, &x, &(struct attrs_flatten){ .axis = axis });
	y = emit(o, OP_softmax, 1, &y, &(struct attrs_softmax){ .axis = 1 });
	return give(o, 0, reshaped(o, y, x->type->rank, x->type->dim));
}

bool onnx_is_all_finite(Onnx *o)
{
	bool inf = get_int(o, "isinf_only", 0), nan = get_int(o, "isnan_only", 0);
	Value *all = NULL;

	if (inf && nan)
		return refuse(o, "'isinf_only' and 'isnan_only' are both set");
	for (int i = 0; i < o->node->nargs; i++) {
		Value *x = arg(o, i), *fine = nan || inf ? compare(o, CMP_EQ, x, x) : EW(o, is_finite, x);
		int64_t axes[RANK_MAX];
		if (!fine)
			return false;
		if (inf) {   /* a NaN may be */
			Value *odd = EW(o, not, fine);
			fine = EW(o, is_finite, x);
			fine = EW(o, or, fine, odd);
		}
		for (int k = 0; fine && k < x->type->rank; k++)
			axes[k] = k;
		fine = fine ? reduced(o, OP_reduce_all, fine, ints_copy(o->arena, x->type->rank, axes), false) : NULL;
		all = all ? EW(o, and, all, fine) : fine;
	}
	return give(o, 0, all);
}

/* Gemm, and an activation after it. */
bool onnx_fused_gemm(Onnx *o)
{
	const char *name = get_string(o, "activation", "");
	double alpha = get_float(o, "activation_alpha", 0.01f), beta = get_float(o, "activation_beta", 0.5);

	if (!onnx_gemm(o))
		return false;
	Value *y = o->node->result[0]->value;
	if (!strcmp(name, "Relu"))
		y = emit(o, OP_relu, 1, &y, NULL);
	else if (!strcmp(name, "LeakyRelu"))
		y = emit(o, OP_leaky_relu, 1, &y, &(struct attrs_leaky_relu){ .negative_slope = alpha });
	else if (!strcmp(name, "Sigmoid"))
		y = EW(o, logistic, y);
	else if (!strcmp(name, "Tanh"))
		y = EW(o, tanh, y);
	else if (!strcmp(name, "HardSigmoid"))
		y = emit(o, OP_hard_sigmoid, 1, &y, &(struct attrs_hard_sigmoid){ .alpha = alpha, .beta = beta });
	else
		return refuse_attr(o, "activation", "is '%s', wanted Relu, LeakyRelu, Sigmoid, Tanh or HardSigmoid", name);
	return give(o, 0, y);
}
