/* frontend/onnx/quant.c - quantized numbers: what they stand for is (stored - zero point) * scale.

   Products of integers are sums of i32 that are exact; what leaves them is rounded once, and then the zero point is added, as
   QuantizeLinear does. */
#include "frontend/onnx/import.h"
#include "frontend/onnx/quant.h"
#include "frontend/onnx/vision.h"

/* One number for all is of rank 0 with us; exporters write it as [1], too. */
static Value *one_for_all(Onnx *o, Value *v)
{
	bool one = v && v->type->rank > 0;

	for (int k = 0; one && k < v->type->rank; k++)
		one = dim_is(v->type->dim[k], 1);
	return one ? reshaped(o, v, 0, NULL) : v;
}

/* Floats of few bits have no zero point but 0. */
static bool zero_point(Onnx *o, Value **zero, DType stored)
{
	Blob *b = *zero ? value_constant(*zero) : NULL;

	if (!*zero || !dtype_is_float(stored))
		return true;
	for (int64_t i = 0; b && i < blob_count(b); i++)
		if (dtype_to_f64(b->dtype, blob_get(b, i)) != 0)
			return refuse(o, "the zero point of %s is %g, wanted 0", dtype_info[stored].name, dtype_to_f64(b->dtype, blob_get(b, i)));
	*zero = NULL;
	return true;
}

static Value *stored(Onnx *o, Value *x, Value *scale, Value *zero, const struct attrs_quantize_linear *a)
{
	if (!x || !scale || !zero_point(o, &zero, a->dtype))
		return NULL;
	Value *part[3] = { x, one_for_all(o, scale), zero };
	part[2] = one_for_all(o, zero);
	return emit(o, OP_quantize_linear, zero ? 3 : 2, part, a);
}

static Value *meant(Onnx *o, Value *x, Value *scale, Value *zero, const struct attrs_dequantize_linear *a)
{
	if (!x || !scale || !zero_point(o, &zero, x->type->dtype))
		return NULL;
	Value *part[3] = { x, one_for_all(o, scale), zero };
	part[2] = one_for_all(o, zero);
	return emit(o, OP_dequantize_linear, zero ? 3 : 2, part, a);
}

Value *quantized_as(Onnx *o, Value *x, int scale, int zero)
{
	Value *s = arg(o, scale), *z = arg_opt(o, zero);

	return stored(o, x, s, z, &(struct attrs_quantize_linear){ .dtype = z ? z->type->dtype : DT_U8, .axis = -1, .saturate = true });
}

Value *dequantized_arg(Onnx *o, int i)
{
	Value *x = arg(o, i), *s = arg(o, i + 1), *z = arg_opt(o, i + 2);

	return meant(o, x, s, z, &(struct attrs_dequantize_linear){ .axis = -1 });
}

/* 0 is no type: the attribute as good as absent. */
static bool type_given(Onnx *o, const char *name, DType fallback, DType *out)
{
	int64_t t = get_int(o, name, 0);

	*out = fallback;
	return !t || onnx_dtype(o, t, out);
}

bool onnx_quantize_linear(Onnx *o)
{
	Value *x = arg(o, 0), *scale = arg(o, 1), *zero = arg_opt(o, 2);
	struct attrs_quantize_linear a = { .axis = get_int(o, "axis", 1), .block_size = get_int(o, "block_size", 0),
		.saturate = get_int(o, "saturate", 1) };
	DType t;

	if (!x || !scale || (has_arg(o, 2) && !zero))
		return false;
	if (!type_given(o, "output_dtype", zero ? zero->type->dtype : DT_U8, &a.dtype) || !type_given(o, "precision", scale->type->dtype, &t))
		return false;
	if (zero && zero->type->dtype != a.dtype)
		return refuse(o, "'output_dtype' is %s, but the zero point has type %s", dtype_info[a.dtype].name, dtype_info[zero->type->dtype].name);
	if (dtype_is_float(x->type->dtype) && dtype_size(x->type->dtype) > dtype_size(t) && !has_attr(o, "precision"))
		t = x->type->dtype;
	return give(o, 0, stored(o, x, as_type(o, scale, t), zero, &a));
}

/* In the type that is wanted, or the scale's, computed in the wider of the two. */
bool onnx_dequantize_linear(Onnx *o)
{
	Value *x = arg(o, 0), *scale = arg(o, 1), *zero = arg_opt(o, 2);
	struct attrs_dequantize_linear a = { .axis = get_int(o, "axis", 1), .block_size = get_int(o, "block_size", 0) };
	DType t;

	if (!x || !scale || (has_arg(o, 2) && !zero) || !type_given(o, "output_dtype", scale->type->dtype, &t))
		return false;
	if (t != scale->type->dtype && dtype_size(scale->type->dtype) < 4)
		scale = as_type(o, scale, DT_F32);
	return give(o, 0, as_type(o, meant(o, x, scale, zero, &a), t));
}

/* Of f32 numbers the scale and the zero point that fit them and 0, and what is stored as u8. */
static bool dynamic(Onnx *o, Value *x, Value **y, Value **scale, Value **zero)
{
	if (!x)
		return false;
	int64_t *all = ARENA_ARRAY(o->arena, int64_t, x->type->rank + 1);
	for (int k = 0; k < x->type->rank; k++)
		all[k] = k;
	Ints axes = { x->type->rank, all };
	Value *none = number(o, DT_F32, 0), *most = number(o, DT_F32, 255), *one = number(o, DT_F32, 1);
	Value *high = reduced(o, OP_reduce_max, x, axes, false), *low = reduced(o, OP_reduce_min, x, axes, false);
	high = EW(o, max, high, none);
	low = EW(o, min, low, none);
	Value *range = EW(o, sub, high, low), *flat = compare(o, CMP_EQ, range, none);
	range = EW(o, select, flat, one, range);
	*scale = EW(o, div, range, most);
	Value *start = EW(o, sub, none, EW(o, div, low, *scale));
	start = EW(o, min, EW(o, max, start, none), most);
	*zero = as_type(o, EW(o, round_nearest_even, start), DT_U8);
	*y = stored(o, x, *scale, *zero, &(struct attrs_quantize_linear){ .dtype = DT_U8, .axis = -1, .saturate = true });
	return *y;
}

bool onnx_dynamic_quantize_linear(Onnx *o)
{
	Value *y, *scale, *zero;

	return dynamic(o, arg(o, 0), &y, &scale, &zero) && give(o, 0, y) && give(o, 1, scale) && give(o, 2, zero);
}

/* A vector of one number a row, as a column. */
static Value *column(Onnx *o, Value *v)
{
	if (!v || v->type->rank != 1 || dim_is(v->type->dim[0], 1))
		return one_for_all(o, v);
	return reshaped(o, v, 2, (Dim[]){ v->type->dim[0], dim_num(o, 1) });
}

/* A vector of one number a channel, over [channel, rest...] of that rank. */
static Value *along_channels(Onnx *o, Value *v, int rank)
{
	Dim dim[RANK_MAX];

	if (!v || v->type->rank != 1 || dim_is(v->type->dim[0], 1))
		return one_for_all(o, v);
	for (int k = 0; k < rank; k++)
		dim[k] = k ? dim_num(o, 1) : v->type->dim[0];
	return reshaped(o, v, rank, dim);
}

/* x - zero as i32. */
static Value *centered(Onnx *o, Value *x, Value *zero)
{
	double all;

	x = as_type(o, x, DT_I32);
	if (!zero || (value_is_splat(zero, &all) && all == 0))
		return x;
	zero = as_type(o, zero, DT_I32);
	return EW(o, sub, x, zero);
}

static Value *product(Onnx *o, Value *x, Value *y)
{
	return emit(o, OP_matmul, 2, (Value *[]){ x, y }, NULL);
}

bool onnx_matmul_integer(Onnx *o)
{
	Value *x = arg(o, 0), *y = arg(o, 1), *xz = column(o, arg_opt(o, 2)), *yz = one_for_all(o, arg_opt(o, 3));

	if ((has_arg(o, 2) && !xz) || (has_arg(o, 3) && !yz))
		return false;
	x = centered(o, x, xz);
	y = centered(o, y, yz);
	return give(o, 0, product(o, x, y));
}

/* sum (i32) * scale, rounded, and the zero point added: saturated, as every conversion to integers is. */
static Value *requantized(Onnx *o, Value *sum, Value *scale, Value *zero, DType t)
{
	Value *y = as_type(o, sum, DT_F32);

	scale = as_type(o, scale, DT_F32);
	y = EW(o, round_nearest_even, EW(o, mul, y, scale));
	if (zero)
		y = EW(o, add, y, as_type(o, zero, DT_F32));
	return as_type(o, y, t);
}

bool onnx_qlinear_matmul(Onnx *o)
{
	Value *x = arg(o, 0), *y = arg(o, 3), *xz = column(o, arg_opt(o, 2)), *yz = one_for_all(o, arg_opt(o, 5));
	Value *zs = column(o, arg(o, 6)), *zz = column(o, arg_opt(o, 7)), *xs = column(o, arg(o, 1)), *ys = one_for_all(o, arg(o, 4));

	if (!x || !y || !xs || !ys || !zs)
		return false;
	DType t = zz ? zz->type->dtype : x->type->dtype;
	Value *scale = EW(o, mul, xs, ys);
	scale = EW(o, div, scale, zs);
	if (!dtype_is_float(x->type->dtype)) {
		x = centered(o, x, xz);
		y = centered(o, y, yz);
		return give(o, 0, requantized(o, product(o, x, y), scale, zz, t));
	}
	if (!zero_point(o, &xz, x->type->dtype) || !zero_point(o, &yz, y->type->dtype) || !zero_point(o, &zz, t))
		return false;
	x = as_type(o, x, DT_F32);
	y = as_type(o, y, DT_F32);
	Value *sum = product(o, x, y);
	scale = as_type(o, scale, DT_F32);
	sum = EW(o, mul, sum, scale);
	if (!sum)
		return false;
	double most = dtype_to_f64(t, dtype_format(t)->most);
	Value *high = number_like(o, sum, most), *low = number_like(o, sum, -most);
	sum = EW(o, max, EW(o, min, sum, high), low);
	return give(o, 0, as_type(o, sum, t));
}

bool onnx_conv_integer(Onnx *o)
{
	Value *x = arg(o, 0), *w = arg(o, 1), *xz = one_for_all(o, arg_opt(o, 2)), *wz = arg_opt(o, 3);

	if (!x || !w)
		return false;
	x = centered(o, x, xz);
	w = centered(o, w, along_channels(o, wz, w->type->rank));
	return give(o, 0, convolved(o, x, w));
}

bool onnx_qlinear_conv(Onnx *o)
{
	Value *x = arg(o, 0), *w = arg(o, 3), *b = arg_opt(o, 8), *xz = one_for_all(o, arg_opt(o, 2)), *yz = one_for_all(o, arg_opt(o, 7));

	if (!x || !w)
		return false;
	int rank = w->type->rank;
	DType t = yz ? yz->type->dtype : x->type->dtype;
	Value *wz = along_channels(o, arg_opt(o, 5), rank), *ws = along_channels(o, arg(o, 4), rank - 1);
	Value *xs = one_for_all(o, arg(o, 1)), *ys = one_for_all(o, arg(o, 6));
	x = centered(o, x, xz);
	w = centered(o, w, wz);
	Value *sum = convolved(o, x, w);
	if (b)
		sum = EW(o, add, sum, along_channels(o, b, rank - 1));
	Value *scale = EW(o, mul, xs, ws);
	scale = EW(o, div, scale, ys);
	return give(o, 0, requantized(o, sum, scale, yz, t));
}

/* com.microsoft from here on. */

static bool of_two(Onnx *o, OpKind kind)
{
	Value *x = dequantized_arg(o, 0), *y = dequantized_arg(o, 3);

	return give(o, 0, quantized_as(o, ew(o, kind, 2, (Value *[]){ x, y }), 6, 7));
}

bool onnx_qlinear_add(Onnx *o) { return of_two(o, OP_add); }
bool onnx_qlinear_mul(Onnx *o) { return of_two(o, OP_mul); }

bool onnx_qlinear_sigmoid(Onnx *o)
{
	Value *x = dequantized_arg(o, 0);

	return give(o, 0, quantized_as(o, EW(o, logistic, x), 3, 4));
}

bool onnx_qlinear_leaky_relu(Onnx *o)
{
	double alpha = get_float(o, "alpha", 0.01f);
	Value *x = dequantized_arg(o, 0);

	x = emit(o, OP_leaky_relu, 1, &x, &(struct attrs_leaky_relu){ .negative_slope = alpha });
	return give(o, 0, quantized_as(o, x, 3, 4));
}

/* Softmax of `opset`: below 13 over all axes from `axis` on. */
bool onnx_qlinear_softmax(Onnx *o)
{
	int64_t opset = get_int(o, "opset", 13);
	Value *x = dequantized_arg(o, 0), *y;
	int axis;

	if (!x || !get_axis(o, "axis", -1, x->type->rank, &axis))
		return false;
	bool flat = opset < 13 && axis != x->type->rank - 1;
	y = flat ? emit(o, OP_flatten, 1, &x, &(struct attrs_flatten){ .axis = axis }) : x;
	y = emit(o, OP_softmax, 1, &y, &(struct attrs_softmax){ .axis = flat ? 1 : axis });
	y = flat ? reshaped(o, y, x->type->rank, x->type->dim) : y;
	return give(o, 0, quantized_as(o, y, 3, 4));
}

/* [N, ..., C] as [N, C, ...], or back. */
static Value *channels_moved(Onnx *o, Value *x, bool first)
{
	int64_t at[RANK_MAX];
	int rank = x ? x->type->rank : 0;

	for (int k = 0; k < rank; k++)
		at[k] = k == 0 ? 0 : first ? (k == 1 ? rank - 1 : k - 1) : k == rank - 1 ? 1 : k + 1;
	return rank < 3 ? x : transposed(o, x, at);
}

bool onnx_qlinear_average_pool(Onnx *o)
{
	bool last = get_int(o, "channels_last", 0);
	Value *x = dequantized_arg(o, 0);

	x = average_pooled(o, last ? channels_moved(o, x, true) : x);
	return give(o, 0, quantized_as(o, last ? channels_moved(o, x, false) : x, 3, 4));
}

bool onnx_qlinear_global_average_pool(Onnx *o)
{
	bool last = get_int(o, "channels_last", 0);
	Value *x = dequantized_arg(o, 0);

	if (!x)
		return false;
	if (x->type->rank < 3)
		return refuse(o, "operand 0 has rank %d, wanted at least 3", x->type->rank);
	int n = x->type->rank - 2;
	int64_t *axes = ARENA_ARRAY(o->arena, int64_t, n);
	for (int k = 0; k < n; k++)
		axes[k] = k + (last ? 1 : 2);
	return give(o, 0, quantized_as(o, reduced(o, OP_mean, x, (Ints){ n, axes }, true), 3, 4));
}

bool onnx_qlinear_reduce_mean(Onnx *o)
{
	bool keepdims = get_int(o, "keepdims", 1);
	Ints given = get_ints(o, "axes"), axes;
	Value *x = dequantized_arg(o, 0);

	if (!x || !axes_of(o, "axes", given, x->type->rank, &axes))
		return false;
	if (!axes.n) {
		int64_t *all = ARENA_ARRAY(o->arena, int64_t, x->type->rank + 1);
		for (int k = 0; k < x->type->rank; k++)
			all[k] = k;
		axes = (Ints){ x->type->rank, all };
	}
	return give(o, 0, quantized_as(o, reduced(o, OP_mean, x, axes, keepdims), 3, 4));
}

/* Operands: the result's scale and zero point, then tensor, scale and zero point of each part. */
bool onnx_qlinear_concat(Onnx *o)
{
	int n = (o->node->nargs - 2) / 3, axis;
	Value **part = ARENA_ARRAY(o->arena, Value *, n > 0 ? n : 1);

	if (n < 1 || o->node->nargs != 2 + 3 * n)
		return refuse(o, "there are %d operands, wanted 2 and 3 for each tensor", o->node->nargs);
	for (int i = 0; i < n; i++)
		if (!(part[i] = dequantized_arg(o, 2 + 3 * i)))
			return false;
	return get_axis(o, "axis", 0, part[0]->type->rank, &axis) && give(o, 0, quantized_as(o, concatenated(o, n, part, axis), 0, 1));
}

/* sum (i32) * x's scale * y's, plus a bias. */
static bool give_floats(Onnx *o, Value *sum, Value *xs, Value *ys, Value *bias)
{
	Value *scale = EW(o, mul, xs, ys);

	sum = scale ? as_type(o, sum, scale->type->dtype) : NULL;
	sum = EW(o, mul, sum, scale);
	return give(o, 0, bias ? EW(o, add, sum, bias) : sum);
}

bool onnx_matmul_integer_to_float(Onnx *o)
{
	Value *x = arg(o, 0), *y = arg(o, 1), *xs = column(o, arg(o, 2)), *ys = one_for_all(o, arg(o, 3));

	x = centered(o, x, column(o, arg_opt(o, 4)));
	y = centered(o, y, one_for_all(o, arg_opt(o, 5)));
	return give_floats(o, product(o, x, y), xs, ys, arg_opt(o, 6));
}

bool onnx_dynamic_quantize_matmul(Onnx *o)
{
	Value *y = arg(o, 1), *ys = one_for_all(o, arg(o, 2)), *yz = one_for_all(o, arg_opt(o, 3)), *x, *xs, *xz;

	if (!dynamic(o, arg(o, 0), &x, &xs, &xz))
		return false;
	x = centered(o, x, xz);
	y = centered(o, y, yz);
	return give_floats(o, product(o, x, y), xs, ys, arg_opt(o, 4));
}

static Value *turned(Onnx *o, Value *x)
{
	static const int64_t swap[] = { 1, 0 };

	return x && x->type->rank == 2 ? transposed(o, x, swap) : x;
}

/* alpha * x * y + c, whose bias c is of i32 with the scale alpha * x's * y's. */
bool onnx_qgemm(Onnx *o)
{
	bool tx = get_int(o, "transA", 0), ty = get_int(o, "transB", 0);
	double alpha = get_float(o, "alpha", 1);
	Value *x = arg(o, 0), *y = arg(o, 3), *xs = one_for_all(o, arg(o, 1)), *ys = one_for_all(o, arg(o, 4)), *c = arg_opt(o, 6);
	Value *zs = one_for_all(o, arg_opt(o, 7)), *zz = one_for_all(o, arg_opt(o, 8));

	x = centered(o, tx ? turned(o, x) : x, one_for_all(o, arg_opt(o, 2)));
	y = ty ? turned(o, y) : y;
	y = centered(o, y, one_for_all(o, arg_opt(o, 5)));
	Value *sum = product(o, x, y);
	if (c)
		sum = EW(o, add, sum, c);
	if (!sum || !xs || !ys)
		return false;
	if (alpha != 1) {
		Value *a = number_like(o, xs, alpha);
		xs = EW(o, mul, xs, a);
	}
	if (!zs)
		return give_floats(o, sum, xs, ys, NULL);
	Value *scale = EW(o, mul, xs, ys);
	scale = EW(o, div, scale, zs);
	return give(o, 0, requantized(o, sum, scale, zz, zz ? zz->type->dtype : DT_U8));
}

/* The numbers of `bits` bits in bytes [..., n], low ones first, as [..., n * 8 / bits] of u8. */
static Value *unpacked(Onnx *o, Value *x, int bits)
{
	int rank = x->type->rank, per = 8 / bits;
	Value *part[4];
	Dim dim[RANK_MAX];

	if (per == 1)
		return x;
	if (rank >= RANK_MAX)
		return NULL;
	for (int i = 0; i < per; i++) {
		Value *count = number_like(o, x, i * bits), *mask = number_like(o, x, (1 << bits) - 1);
		Value *v = i ? EW(o, shr_l, x, count) : x;
		v = EW(o, and, v, mask);
		part[i] = emit(o, OP_expand_dims, 1, &v, &(struct attrs_expand_dims){ .dims = ints_of(o->arena, 1, rank) });
	}
	for (int k = 0; k < rank; k++)
		dim[k] = k == rank - 1 ? dim_mul(o->ctx->dims, x->type->dim[k], dim_num(o, per)) : x->type->dim[k];
	return reshaped(o, concatenated(o, per, part, rank), rank, dim);
}

/* y [N, blocks, bytes]: a matrix [K, N] of few bits, scaled by blocks of block_size along K. */
bool onnx_matmul_nbits(Onnx *o)
{
	int64_t bits = get_int(o, "bits", 4), n = get_int(o, "N", 0), k = get_int(o, "K", 0), size = get_int(o, "block_size", 0);
	Value *x = arg(o, 0), *y = arg(o, 1), *scale = arg(o, 2), *zero = arg_opt(o, 3), *bias = arg_opt(o, 5);

	if (!x || !y || !scale)
		return false;
	if (bits != 2 && bits != 4 && bits != 8)
		return refuse_attr(o, "bits", "is %lld, wanted 2, 4 or 8", (long long)bits);
	if (n < 1 || k < 1 || size < 1)
		return refuse(o, "N, K and block_size are %lld, %lld and %lld, wanted at least 1", (long long)n, (long long)k, (long long)size);
	if (has_arg(o, 4))
		return refuse(o, "g_idx, operand 4, is not supported");
	if (k > INT64_MAX / 64 || size > INT64_MAX / 64)
		return refuse(o, "K and block_size are too large");
	Dim rows = dim_num(o, n), blocks = dim_num(o, (k + size - 1) / size), one = dim_num(o, 1), per = dim_num(o, size);
	y = unpacked(o, y, (int)bits);
	y = y ? reshaped(o, y, 3, (Dim[]){ rows, blocks, per }) : NULL;
	y = as_type(o, y, scale->type->dtype);
	if (zero && !dtype_is_float(zero->type->dtype)) {
		Dim bytes = dim_num(o, ((k + size - 1) / size * bits + 7) / 8);
		zero = unpacked(o, reshaped(o, zero, 2, (Dim[]){ rows, bytes }), (int)bits);
		zero = zero ? sliced(o, zero, 1, dim_num(o, 0), blocks) : NULL;
	}
	if (zero)
		zero = reshaped(o, as_type(o, zero, scale->type->dtype), 3, (Dim[]){ rows, blocks, one });
	else if (!has_arg(o, 3))
		zero = number_like(o, scale, (double)(1 << (bits - 1)));
	y = EW(o, sub, y, zero);
	scale = reshaped(o, scale, 3, (Dim[]){ rows, blocks, one });
	y = EW(o, mul, y, scale);
	y = reshaped(o, y, 2, (Dim[]){ rows, dim_mul(o->ctx->dims, blocks, per) });
	y = turned(o, y ? sliced(o, y, 1, dim_num(o, 0), dim_num(o, k)) : NULL);
	y = product(o, x, as_type(o, y, x->type->dtype));
	return give(o, 0, bias ? EW(o, add, y, bias) : y);
}
