/* frontend/onnx/reduce.c - reductions, places of extremes, the k best, and running sums and products. */
#include "frontend/onnx/import.h"

/* What a reduction is made of: of each element, of those along the axes, and of what they give. */
typedef struct Reduction {
	OpKind before, combine, after;   /* OP_COUNT: none; combine: a composite */
	bool   wide;                     /* narrow floats compute in f32, and integers that are no plain sum as f64 */
} Reduction;

/* The axes, ascending or not; without any all of them, or none where the node says so. */
static bool reduced_axes(Onnx *o, const Value *x, Ints *axes)
{
	bool keep = get_int(o, "noop_with_empty_axes", 0);
	Ints given;

	if (!ints_given(o, "axes", 1, &given))
		return false;
	if (given.n > 0)
		return axes_of(o, "axes", given, x->type->rank, axes);
	int64_t *all = ARENA_ARRAY(o->arena, int64_t, x->type->rank + 1);
	for (int k = 0; k < x->type->rank; k++)
		all[k] = k;
	*axes = (Ints){ keep ? 0 : x->type->rank, all };
	return true;
}

static Value *apart(Onnx *o, OpKind kind, Value *x)
{
	return kind == OP_COUNT ? x : kind == OP_mul ? EW(o, mul, x, x) : ew(o, kind, 1, &x);
}

static bool reduces(Onnx *o, Reduction r)
{
	bool keepdims = get_int(o, "keepdims", 1);
	Value *x = arg(o, 0);
	Ints axes;

	if (!x || !reduced_axes(o, x, &axes))
		return false;
	DType t = x->type->dtype;
	if (r.wide && dtype_is_int(t) && (r.after == OP_log || r.after == OP_sqrt || r.combine == OP_logsumexp))
		x = as_type(o, x, DT_F64);
	else if (r.wide)
		x = as_type(o, x, dtype_compute(t));
	if (r.before == OP_abs && !dtype_is_signed(t))
		r.before = OP_COUNT;
	x = apart(o, r.before, x);
	if (axes.n)
		x = reduced(o, r.combine, x, axes, keepdims);
	return give(o, 0, as_type(o, apart(o, r.after, x), t));
}

bool onnx_reduce_sum(Onnx *o)        { return reduces(o, (Reduction){ OP_COUNT, OP_reduce_sum, OP_COUNT, true }); }
bool onnx_reduce_prod(Onnx *o)       { return reduces(o, (Reduction){ OP_COUNT, OP_reduce_prod, OP_COUNT, true }); }
bool onnx_reduce_max(Onnx *o)        { return reduces(o, (Reduction){ OP_COUNT, OP_reduce_max, OP_COUNT, false }); }
bool onnx_reduce_min(Onnx *o)        { return reduces(o, (Reduction){ OP_COUNT, OP_reduce_min, OP_COUNT, false }); }
bool onnx_reduce_l1(Onnx *o)         { return reduces(o, (Reduction){ OP_abs, OP_reduce_sum, OP_COUNT, true }); }
bool onnx_reduce_l2(Onnx *o)         { return reduces(o, (Reduction){ OP_mul, OP_reduce_sum, OP_sqrt, true }); }
bool onnx_reduce_log_sum(Onnx *o)    { return reduces(o, (Reduction){ OP_COUNT, OP_reduce_sum, OP_log, true }); }
bool onnx_reduce_sum_square(Onnx *o) { return reduces(o, (Reduction){ OP_mul, OP_reduce_sum, OP_COUNT, true }); }
bool onnx_reduce_log_sum_exp(Onnx *o){ return reduces(o, (Reduction){ OP_COUNT, OP_logsumexp, OP_COUNT, true }); }

/* Of integers the quotient, towards 0. */
bool onnx_reduce_mean(Onnx *o)
{
	Value *x = arg(o, 0);
	Ints axes;

	if (!x || !dtype_is_int(x->type->dtype))
		return reduces(o, (Reduction){ OP_COUNT, OP_mean, OP_COUNT, false });
	bool keepdims = get_int(o, "keepdims", 1);
	if (!reduced_axes(o, x, &axes))
		return false;
	Dim n = dim_num(o, 1);
	for (int i = 0; i < axes.n; i++)
		n = dim_mul(o->ctx->dims, n, dim_at(x, (int)axes.at[i]));
	if (!n)
		return refuse(o, "more elements are averaged than fit 64 bits");
	DType t = x->type->dtype;
	Value *sum = as_type(o, x, dtype_is_signed(t) ? DT_I64 : DT_U64);
	if (axes.n)
		sum = reduced(o, OP_reduce_sum, sum, axes, keepdims);
	Value *count = sum ? as_type(o, size_value(o, n), sum->type->dtype) : NULL;
	return give(o, 0, as_type(o, EW(o, div, sum, count), t));
}

/* The last of equal ones is the first from behind. */
static bool extreme_at(Onnx *o, OpKind kind)
{
	bool last = get_int(o, "select_last_index", 0), keepdims = get_int(o, "keepdims", 1);
	Value *x = arg(o, 0);
	int axis;

	if (!x || !get_axis(o, "axis", 0, x->type->rank, &axis))
		return false;
	if (last)
		x = EMIT(o, reverse, ARGS(x), .dims = ints_of(o->arena, 1, axis));
	Value *at = emit(o, kind, 1, &x, &(struct attrs_argmax){ .axis = axis, .keepdims = keepdims, .dtype = DT_I64 });
	if (last && at) {
		Dim most = dim_sub(o->ctx->dims, dim_at(x, axis), dim_num(o, 1));
		Value *end = size_value(o, most);
		at = EW(o, sub, end, at);
	}
	return give(o, 0, at);
}

bool onnx_arg_max(Onnx *o) { return extreme_at(o, OP_argmax); }
bool onnx_arg_min(Onnx *o) { return extreme_at(o, OP_argmin); }

/* sorted = 0 leaves the order open: it is the same. */
bool onnx_top_k(Onnx *o)
{
	bool largest = get_int(o, "largest", 1);
	Value *x = arg(o, 0);
	Dims k;
	int axis;

	(void)get_int(o, "sorted", 1);
	if (!x || !get_axis(o, "axis", -1, x->type->rank, &axis))
		return false;
	if (has_attr(o, "k")) {   /* until 10 */
		Dim number = dim_num(o, get_int(o, "k", 0));
		k = dims_copy(o->arena, 1, &number);
	} else if (!dims_given(o, "k", 1, &k)) {
		return false;
	}
	if (k.n != 1)
		return refuse(o, "k has %d numbers, wanted one", k.n < 0 ? 0 : k.n);
	Op *op = emit_op(o, OP_top_k, 1, &x, &(struct attrs_top_k){ .k = k.at[0], .axis = axis, .largest = largest });
	return op && give(o, 0, op->result[0]) && give(o, 1, as_type(o, op->result[1], DT_I64));
}

static bool cumulates(Onnx *o, OpKind kind)
{
	bool exclusive = get_int(o, "exclusive", 0), reverse = get_int(o, "reverse", 0);
	Value *x = arg(o, 0), *which = arg(o, 1);
	int64_t at;
	int axis;

	if (!x || !which || !int_in(o, which, &at) || !axis_of(o, "axis", at, x->type->rank, &axis))
		return false;
	return give(o, 0, emit(o, kind, 1, &x, &(struct attrs_cumsum){ .axis = axis, .exclusive = exclusive, .reverse = reverse }));
}

bool onnx_cum_sum(Onnx *o)  { return cumulates(o, OP_cumsum); }
bool onnx_cum_prod(Onnx *o) { return cumulates(o, OP_cumprod); }
