/* frontend/onnx/math.c - conversions, arithmetic that is not one of our ops, and comparisons. */
#include <math.h>

#include "frontend/onnx/import.h"

/* x op number, the number in x's type. */
static Value *with(Onnx *o, OpKind kind, Value *x, double number)
{
	Value *y = x ? number_like(o, x, number) : NULL;

	return ew(o, kind, 2, (Value *[]){ x, y });
}

static Value *compared(Onnx *o, CmpDir dir, Value *x, double number)
{
	Value *y = x ? number_like(o, x, number) : NULL;

	return compare(o, dir, x, y);
}

static Value *choose(Onnx *o, Value *where, Value *x, Value *y)
{
	return emit(o, OP_where, 3, (Value *[]){ where, x, y }, NULL);
}

/* Of an unsigned number nothing is to be done. */
bool onnx_abs(Onnx *o)
{
	Value *x = arg(o, 0);

	return give(o, 0, x && !dtype_is_signed(x->type->dtype) ? x : EW(o, abs, x));
}

bool onnx_sign(Onnx *o)
{
	Value *x = arg(o, 0);

	if (!x || dtype_is_signed(x->type->dtype))
		return give(o, 0, EW(o, sign, x));
	return give(o, 0, as_type(o, compared(o, CMP_NE, x, 0), x->type->dtype));
}

/* Floats of at most 8 bits: what is too large, infinities included, becomes the greatest number with `saturate`; a type that
   has neither infinities nor NaN does that anyway.  Integers of few bits keep the lowest bits of the whole part. */
static Value *cast(Onnx *o, Value *x, DType to, bool saturate)
{
	if (x && dtype_is_float(x->type->dtype) && !dtype_is_float(to) && dtype_is_narrow(to))
		x = as_type(o, x, DT_I32);
	if (!x || x->type->dtype == to || !dtype_is_float(to) || !dtype_is_narrow(to) || !saturate)
		return as_type(o, x, to);
	DType t = x->type->dtype;
	if (!dtype_is_float(t))
		t = dtype_size(t) > 2 ? DT_F64 : DT_F32;
	else if (dtype_is_narrow(t))
		t = DT_F32;
	double most = dtype_to_f64(to, dtype_format(to)->most);
	x = with(o, OP_min, as_type(o, x, t), most);
	return as_type(o, with(o, OP_max, x, -most), to);
}

static bool casts(Onnx *o, Value *x, DType to)
{
	return x && give(o, 0, cast(o, x, to, get_int(o, "saturate", 1)));
}

bool onnx_cast(Onnx *o)
{
	DType to;

	if (!has_attr(o, "to"))
		return refuse_attr(o, "to", "is missing, wanted an element type");
	return onnx_dtype(o, get_int(o, "to", 0), &to) && casts(o, arg(o, 0), to);
}

bool onnx_cast_like(Onnx *o)
{
	Value *x = arg(o, 0), *like = arg(o, 1);

	return like && casts(o, x, like->type->dtype);
}

bool onnx_bit_cast(Onnx *o)
{
	Value *x = arg(o, 0);
	DType to;

	if (!x || !onnx_dtype(o, get_int(o, "to", 0), &to))
		return false;
	DType from = x->type->dtype;
	if (dtype_width(from) != dtype_width(to) && !(dtype_size(from) == 1 && dtype_size(to) == 1 && (from == DT_BOOL || to == DT_BOOL)))
		return refuse(o, "no elements of %s have the bits of one of %s, wanted types of one width", dtype_info[to].name, dtype_info[from].name);
	if (from == to)
		return give(o, 0, x);
	if (from == DT_BOOL)   /* 0 or 1, as it is stored */
		return give(o, 0, EMIT(o, bitcast_convert, ARGS(as_type(o, x, DT_U8)), .dtype = to));
	if (to == DT_BOOL) {
		x = EMIT(o, bitcast_convert, ARGS(x), .dtype = DT_U8);
		return give(o, 0, as_type(o, x, DT_BOOL));
	}
	return give(o, 0, EMIT(o, bitcast_convert, ARGS(x), .dtype = to));
}

/* Both bounds may be absent: attributes until 11, operands from then on. */
bool onnx_clip(Onnx *o)
{
	Value *x = arg(o, 0), *low = NULL, *high = NULL;

	if (!x)
		return false;
	if (o->node->opset >= 11) {
		low = arg_opt(o, 1);
		high = arg_opt(o, 2);
		if ((has_arg(o, 1) && !low) || (has_arg(o, 2) && !high))
			return false;
	} else {
		low = has_attr(o, "min") ? number_like(o, x, get_float(o, "min", 0)) : NULL;
		high = has_attr(o, "max") ? number_like(o, x, get_float(o, "max", 0)) : NULL;
	}
	if (low)
		x = EW(o, max, x, low);
	if (high)
		x = EW(o, min, x, high);
	return give(o, 0, x);
}

/* The base's type is the result's; what is computed in holds both. */
bool onnx_pow(Onnx *o)
{
	Value *x = arg(o, 0), *y = arg(o, 1);

	if (!x || !y)
		return false;
	DType base = x->type->dtype, power = y->type->dtype, t = base;
	if (dtype_is_float(power) && !dtype_is_float(base))
		t = DT_F64;
	else if (dtype_is_float(base) && base != power)
		t = base == DT_F64 || power == DT_F64 ? DT_F64 : DT_F32;
	x = as_type(o, x, t);
	y = as_type(o, y, t);
	return give(o, 0, as_type(o, EW(o, pow, x, y), base));
}

/* The remainder with the divisor's sign, a 0 too. */
static Value *floor_mod(Onnx *o, Value *x, Value *y)
{
	Value *r = EW(o, rem, x, y);

	if (!r || !dtype_is_signed(r->type->dtype))
		return r;
	Value *r_below = compared(o, CMP_LT, r, 0), *y_below = compared(o, CMP_LT, y, 0);
	Value *differ = EW(o, xor, r_below, y_below), *rest = compared(o, CMP_NE, r, 0);
	differ = EW(o, and, differ, rest);
	Value *sum = EW(o, add, r, y);
	Value *out = choose(o, differ, sum, r);
	if (!dtype_is_float(r->type->dtype))
		return out;
	Value *minus = number_like(o, r, -0.0), *plus = number_like(o, r, 0);
	Value *zero = choose(o, y_below, minus, plus);
	return choose(o, rest, out, zero);
}

bool onnx_mod(Onnx *o)
{
	bool truncated = get_int(o, "fmod", 0);
	Value *x = arg(o, 0), *y = arg(o, 1);

	return give(o, 0, truncated ? EW(o, rem, x, y) : floor_mod(o, x, y));
}

bool onnx_bit_shift(Onnx *o)
{
	Value *x = arg(o, 0), *y = arg(o, 1);
	bool left = get_is(o, "direction", "", "LEFT");

	if (!left && !get_is(o, "direction", "", "RIGHT"))
		return refuse_attr(o, "direction", "is '%s', wanted LEFT or RIGHT", get_string(o, "direction", ""));
	return give(o, 0, left ? EW(o, shl, x, y) : x && dtype_is_signed(x->type->dtype) ? EW(o, shr_a, x, y) : EW(o, shr_l, x, y));
}

static bool compares(Onnx *o, CmpDir dir)
{
	Value *x = arg(o, 0), *y = arg(o, 1);

	return give(o, 0, compare(o, dir, x, y));
}

bool onnx_equal(Onnx *o)            { return compares(o, CMP_EQ); }
bool onnx_less(Onnx *o)             { return compares(o, CMP_LT); }
bool onnx_less_or_equal(Onnx *o)    { return compares(o, CMP_LE); }
bool onnx_greater(Onnx *o)          { return compares(o, CMP_GT); }
bool onnx_greater_or_equal(Onnx *o) { return compares(o, CMP_GE); }

bool onnx_where(Onnx *o)
{
	Value *c = arg(o, 0), *x = arg(o, 1), *y = arg(o, 2);

	return give(o, 0, choose(o, c, x, y));
}

bool onnx_is_nan(Onnx *o)
{
	Value *x = arg(o, 0);

	return give(o, 0, compare(o, CMP_NE, x, x));
}

bool onnx_is_inf(Onnx *o)
{
	Value *x = arg(o, 0);
	bool below = get_int(o, "detect_negative", 1), above = get_int(o, "detect_positive", 1);

	if (!x)
		return false;
	if ((!below && !above) || !dtype_has_infinity(x->type->dtype))
		return give(o, 0, build_splat(&o->b, type_with_dtype(o->ctx->types, x->type, DT_BOOL), 0));
	if (below && above)
		x = EW(o, abs, x);
	return give(o, 0, compared(o, CMP_EQ, x, above ? INFINITY : -INFINITY));
}

bool onnx_reciprocal(Onnx *o)
{
	Value *x = arg(o, 0), *one = x ? number_like(o, x, 1) : NULL;

	return give(o, 0, EW(o, div, one, x));
}

/* Of operands, element by element. */
bool onnx_mean(Onnx *o)
{
	Value *sum = NULL;
	DType t = DT_F32;

	for (int i = 0; i < o->node->nargs; i++) {
		Value *x = arg(o, i);
		if (!x)
			return false;
		t = x->type->dtype;
		x = as_type(o, x, dtype_compute(t));
		sum = sum ? EW(o, add, sum, x) : x;
	}
	if (!sum)
		return refuse(o, "there are no operands, wanted one or more");
	return give(o, 0, as_type(o, with(o, OP_div, sum, o->node->nargs), t));
}
