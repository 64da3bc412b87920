/* frontend/onnx/shape.c - shapes: asking for them, changing them, and tensors made from one. */
#include "frontend/onnx/import.h"

bool onnx_identity(Onnx *o)
{
	return give_known(o, 0, arg_known(o, 0));
}

bool onnx_constant(Onnx *o)
{
	const Onnx__AttributeProto *a = NULL;
	int64_t one = 1;

	if (has_attr(o, "sparse_value"))
		return refuse(o, "sparse tensors are not supported");
	if (has_attr(o, "value_string") || has_attr(o, "value_strings"))
		return refuse(o, "strings are not supported");
	if (has_attr(o, "value_int")) {
		int64_t x = get_int(o, "value_int", 0);
		return give(o, 0, reshaped(o, integers(o, DT_I64, 1, &x), 0, NULL));
	}
	if (has_attr(o, "value_ints")) {
		Ints v = get_ints(o, "value_ints");
		return give(o, 0, integers(o, DT_I64, v.n, v.at));
	}
	if (has_attr(o, "value_float"))
		return give(o, 0, number(o, DT_F32, get_float(o, "value_float", 0)));
	if (has_attr(o, "value_floats")) {
		a = node_attr(o, o->node, "value_floats");
		one = (int64_t)a->n_floats;
		return give(o, 0, build_constant(&o->b, blob_dense(o->arena, DT_F32, 1, &one, a->floats ? (void *)a->floats : (void *)"")));
	}
	Blob *b = get_tensor(o, "value");
	if (!b)
		return o->node->failed ? false : refuse(o, "has no value");
	return give(o, 0, build_constant(&o->b, b));
}

bool onnx_shape(Onnx *o)
{
	Value *x = arg(o, 0);

	if (!x)
		return false;
	int64_t rank = x->type->rank, start = get_int(o, "start", 0), end = get_int(o, "end", rank);
	start = start < 0 ? start + rank : start;
	end = end < 0 ? end + rank : end;
	start = start < 0 ? 0 : start > rank ? rank : start;
	end = end < start ? start : end > rank ? rank : end;
	return give(o, 0, sizes_value(o, (Dims){ (int)(end - start), x->type->dim + start }));
}

bool onnx_size(Onnx *o)
{
	Value *x = arg(o, 0);

	return x && give(o, 0, size_value(o, type_count(o->ctx->types, x->type)));
}

/* 0 takes the extent of the operand, -1 what is left. */
bool onnx_reshape(Onnx *o)
{
	Value *x = arg(o, 0);
	bool zeros = get_int(o, "allowzero", 0) == 0;
	Dim dim[RANK_MAX], rest = dim_num(o, 1), zero = dim_num(o, 0);
	int open = -1;
	Dims shape;

	if (!x || !dims_given(o, "shape", 1, &shape))
		return false;
	if (shape.n < 0 || shape.n > RANK_MAX)
		return refuse(o, shape.n < 0 ? "has no shape" : "a shape of rank %d, at most %d is supported", shape.n, RANK_MAX);
	for (int i = 0; i < shape.n; i++) {
		dim[i] = shape.at[i];
		if (dim_is(dim[i], 0) && zeros) {
			if (i >= x->type->rank)
				return refuse(o, "axis %d of the shape takes the operand's extent, which has rank %d", i, x->type->rank);
			dim[i] = x->type->dim[i];
		}
		if (dim_is(dim[i], -1)) {
			if (open >= 0)
				return refuse(o, "the shape has two entries of -1");
			open = i;
		} else {
			rest = dim_mul(o->ctx->dims, rest, dim[i]);
		}
		if (!rest || (dim_is_const(dim[i]) && dim[i]->value < -1))
			return refuse(o, "entry %d of the shape is negative or too large", i);
	}
	Dim count = type_count(o->ctx->types, x->type);
	if (open >= 0) {
		if (dim_is(rest, 0))
			return refuse(o, "the shape has an entry of -1 beside one of 0");
		dim[open] = dim_divide_exact(o->ctx->dims, count, rest);
		if (!dim[open] && dim_is(count, 0))
			dim[open] = zero;
		if (!dim[open] && !(dim_is_const(count) && dim_is_const(rest)))
			dim[open] = dim_floordiv(o->ctx->dims, count, rest);
		if (!dim[open])
			return refuse(o, "the other extents of the shape do not divide the number of elements");
	}
	return give(o, 0, reshaped(o, x, shape.n, dim));
}

bool onnx_flatten(Onnx *o)
{
	Value *x = arg(o, 0);

	if (!x)
		return false;
	int64_t axis = get_int(o, "axis", 1), rank = x->type->rank;
	if (axis < -rank || axis > rank)
		return refuse_attr(o, "axis", "is %lld, wanted %lld to %lld", (long long)axis, (long long)-rank, (long long)rank);
	axis = axis < 0 ? axis + rank : axis;
	Dim dim[2] = { dim_num(o, 1), dim_num(o, 1) };
	for (int i = 0; i < rank; i++)
		if (!(dim[i >= axis] = dim_mul(o->ctx->dims, dim[i >= axis], x->type->dim[i])))
			return refuse(o, "the number of elements is too large");
	return give(o, 0, reshaped(o, x, 2, dim));
}

bool onnx_squeeze(Onnx *o)
{
	Value *x = arg(o, 0);
	Ints axes;
	Dim dim[RANK_MAX];
	int n = 0;

	if (!x || !ints_given(o, "axes", 1, &axes))
		return false;
	if (axes.n > 0 && !axes_of(o, "axes", axes, x->type->rank, &axes))
		return false;
	for (int i = 0; i < x->type->rank; i++) {
		bool out = axes.n < 0 && dim_is(x->type->dim[i], 1);
		for (int k = 0; k < axes.n; k++)
			out = out || axes.at[k] == i;
		if (out && dim_is_const(x->type->dim[i]) && !dim_is(x->type->dim[i], 1))
			return refuse(o, "axis %d has the extent %lld, wanted 1", i, (long long)x->type->dim[i]->value);
		if (!out)
			dim[n++] = x->type->dim[i];
	}
	return give(o, 0, reshaped(o, x, n, dim));
}

bool onnx_unsqueeze(Onnx *o)
{
	Value *x = arg(o, 0);
	Ints axes;
	Dim dim[RANK_MAX];
	int from = 0;

	if (!x || !ints_given(o, "axes", 1, &axes))
		return false;
	int rank = x->type->rank + (axes.n > 0 ? axes.n : 0);
	if (axes.n < 0 || rank > RANK_MAX)
		return refuse(o, axes.n < 0 ? "has no axes" : "the result has rank %d, at most %d is supported", rank, RANK_MAX);
	if (!axes_of(o, "axes", axes, rank, &axes))
		return false;
	for (int i = 0; i < rank; i++) {
		bool one = false;
		for (int k = 0; k < axes.n; k++)
			one = one || axes.at[k] == i;
		dim[i] = one ? dim_num(o, 1) : x->type->dim[from++];
	}
	return give(o, 0, reshaped(o, x, rank, dim));
}

bool onnx_transpose(Onnx *o)
{
	Value *x = arg(o, 0);
	Ints perm = get_ints(o, "perm");
	int64_t at[RANK_MAX];

	if (!x || o->node->failed)
		return false;
	if (perm.at && perm.n != x->type->rank)
		return refuse_attr(o, "perm", "has %d entries, but the operand has rank %d", perm.n, x->type->rank);
	for (int i = 0; i < x->type->rank; i++)
		at[i] = !perm.at ? x->type->rank - 1 - i : perm.at[i] < 0 ? perm.at[i] + x->type->rank : perm.at[i];
	return give(o, 0, transposed(o, x, at));
}

bool onnx_expand(Onnx *o)
{
	Value *x = arg(o, 0);
	Dims shape;

	return x && dims_in(o, arg(o, 1), &shape) &&
	       (shape.n <= RANK_MAX || refuse(o, "a shape of rank %d, at most %d is supported", shape.n, RANK_MAX)) &&
	       give(o, 0, broadcast_to(o, x, shape.n, shape.at));
}

/* Each axis beside one that counts the copies. */
bool onnx_tile(Onnx *o)
{
	Value *x = arg(o, 0);
	Dim dim[RANK_MAX], to[RANK_MAX];
	int64_t dims[RANK_MAX];
	int n = 0, m = 0;
	Dims repeats;

	if (!x || !dims_in(o, arg(o, 1), &repeats))
		return false;
	if (repeats.n != x->type->rank)
		return refuse(o, "%d repeats, but the operand has rank %d", repeats.n, x->type->rank);
	for (int i = 0; i < x->type->rank; i++) {
		if (!dim_is(repeats.at[i], 1)) {
			if (n == RANK_MAX)
				return refuse(o, "repeats more axes than are supported");
			dim[n++] = repeats.at[i];
		}
		if (n == RANK_MAX)
			return refuse(o, "repeats more axes than are supported");
		dims[m++] = n;
		dim[n++] = x->type->dim[i];
		to[i] = dim_mul(o->ctx->dims, x->type->dim[i], repeats.at[i]);
		if (!to[i])
			return refuse(o, "the result is too large");
	}
	Value *all = EMIT(o, broadcast_in_dim, ARGS(x), .shape = dims_copy(o->arena, n, dim), .dims = ints_copy(o->arena, m, dims));
	return give(o, 0, reshaped(o, all, m, to));
}

bool onnx_constant_of_shape(Onnx *o)
{
	Blob *b = get_tensor(o, "value");
	Dims shape;

	if (o->node->failed || !dims_in(o, arg(o, 0), &shape))
		return false;
	if (b && blob_count(b) != 1)
		return refuse_attr(o, "value", "has %lld elements, wanted one", (long long)blob_count(b));
	if (shape.n > RANK_MAX)
		return refuse(o, "a shape of rank %d, at most %d is supported", shape.n, RANK_MAX);
	Value *x = b ? reshaped(o, build_constant(&o->b, b), 0, NULL) : number(o, DT_F32, 0);
	return give(o, 0, EMIT(o, broadcast_in_dim, ARGS(x), .shape = shape));
}

/* start + i * delta, as many as are below limit. */
bool onnx_range(Onnx *o)
{
	Value *start = arg(o, 0), *limit = arg(o, 1), *delta = arg(o, 2);
	Floats f[3];
	Dims d[3];
	Dim n;

	if (!start || !limit || !delta)
		return false;
	DType t = start->type->dtype;
	if (dtype_is_float(t)) {
		if (!floats_in(o, start, &f[0]) || !floats_in(o, limit, &f[1]) || !floats_in(o, delta, &f[2]))
			return false;
		if (f[0].n != 1 || f[1].n != 1 || f[2].n != 1 || f[2].at[0] == 0)
			return refuse(o, "start, limit and delta must be one number each, and delta not 0");
		double count = (f[1].at[0] - f[0].at[0]) / f[2].at[0], whole = (double)(int64_t)(count < 0 || count > 1e15 ? 0 : count);
		n = dim_num(o, (int64_t)whole + (whole < count));
	} else {
		if (!dims_in(o, start, &d[0]) || !dims_in(o, limit, &d[1]) || !dims_in(o, delta, &d[2]))
			return false;
		if (d[0].n != 1 || d[1].n != 1 || d[2].n != 1 || !dim_is_const(d[2].at[0]) || dim_is(d[2].at[0], 0))
			return refuse(o, "start, limit and delta must be one number each, and delta a known one other than 0");
		int64_t step = d[2].at[0]->value;
		Dim span = step > 0 ? dim_sub(o->ctx->dims, d[1].at[0], d[0].at[0]) : dim_sub(o->ctx->dims, d[0].at[0], d[1].at[0]);
		n = dim_max(o->ctx->dims, dim_num(o, 0), dim_ceildiv(o->ctx->dims, span, dim_num(o, step > 0 ? step : -step)));
	}
	if (!n)
		return refuse(o, "the number of elements is too large");
	Value *i = EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = t, .shape = dims_copy(o->arena, 1, &n));
	start = reshaped(o, start, 0, NULL);
	delta = reshaped(o, delta, 0, NULL);
	return give(o, 0, EW(o, add, start, EW(o, mul, i, delta)));
}

bool onnx_eye_like(Onnx *o)
{
	Value *x = arg(o, 0);
	DType t;

	if (!x)
		return false;
	t = x->type->dtype;
	if (x->type->rank != 2)
		return refuse(o, "the operand has rank %d, wanted 2", x->type->rank);
	if (has_attr(o, "dtype") && !onnx_dtype(o, get_int(o, "dtype", 0), &t))
		return false;
	Value *row = EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = DT_I64, .shape = dims_copy(o->arena, 2, x->type->dim));
	Value *column = EMIT(o, iota, NO_ARGS, .dim = 1, .dtype = DT_I64, .shape = dims_copy(o->arena, 2, x->type->dim));
	Value *k = number(o, DT_I64, (double)get_int(o, "k", 0));
	return give(o, 0, as_type(o, compare(o, CMP_EQ, EW(o, add, row, k), column), t));
}

bool onnx_trilu(Onnx *o)
{
	Value *x = arg(o, 0), *k = arg_opt(o, 1);
	bool upper = get_int(o, "upper", 1) != 0;

	if (!x)
		return false;
	int rank = x->type->rank;
	if (rank < 2)
		return refuse(o, "the operand has rank %d, wanted 2 at least", rank);
	const Dim *last = x->type->dim + rank - 2;
	Value *row = EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = DT_I64, .shape = dims_copy(o->arena, 2, last));
	Value *column = EMIT(o, iota, NO_ARGS, .dim = 1, .dtype = DT_I64, .shape = dims_copy(o->arena, 2, last));
	if (k)
		row = EW(o, add, row, as_type(o, reshaped(o, k, 0, NULL), DT_I64));
	Value *keep = compare(o, upper ? CMP_GE : CMP_LE, column, row);
	return give(o, 0, EW(o, select, keep, x, number_like(o, x, 0)));
}
