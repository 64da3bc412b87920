/* frontend/onnx/random.c - random numbers, and Dropout.

   The format leaves the generator open.  Each node has a stream of Philox of its own, whose key is its seed, or its number among
   those that have none, and gives the same numbers at every call. */
#include <math.h>

#include "frontend/onnx/import.h"

static Value *stream(Onnx *o)
{
	bool whole = !strcmp(o->node->type, "Dropout");   /* its seed is an integer */
	float seed = whole ? 0 : (float)get_float(o, "seed", 0);
	uint32_t bits = whole ? (uint32_t)get_int(o, "seed", 0) : 0;
	uint64_t state[2] = { (uint64_t)o->nrandom, 0 };
	int64_t two_words = 2;

	if (!whole)
		memcpy(&bits, &seed, sizeof bits);
	if (has_attr(o, "seed"))
		state[0] = (uint64_t)1 << 32 | bits;
	else
		o->nrandom++;
	return build_constant(&o->b, blob_dense(o->arena, DT_U64, 1, &two_words, arena_copy(o->arena, state, sizeof state)));
}

static Value *uniform(Onnx *o, DType t, Dims shape, double low, double high)
{
	Value *state = stream(o);
	Op *op = emit_op(o, OP_random_uniform, 1, &state, &(struct attrs_random_uniform){ .algorithm = "philox", .low = low, .high = high,
		.dtype = t, .shape = shape });

	return op ? op->result[1] : NULL;
}

static Value *normal(Onnx *o, DType t, Dims shape, double mean, double deviation)
{
	Value *state = stream(o);
	Op *op = emit_op(o, OP_random_normal, 1, &state, &(struct attrs_random_normal){ .algorithm = "philox", .mean = mean,
		.stddev = deviation, .dtype = t, .shape = shape });

	return op ? op->result[1] : NULL;
}

static Dims shape_of(Onnx *o, const Value *x)
{
	return dims_copy(o->arena, x->type->rank, x->type->dim);
}

/* Attribute 'dtype', where it is not there what `fallback` says. */
static bool type_given(Onnx *o, DType fallback, DType *t)
{
	*t = fallback;
	return !has_attr(o, "dtype") || onnx_dtype(o, get_int(o, "dtype", 0), t);
}

/* The shape is an attribute, or that of an operand. */
static bool draws(Onnx *o, bool like, bool bell)
{
	double a = bell ? get_float(o, "mean", 0) : get_float(o, "low", 0), b = bell ? get_float(o, "scale", 1) : get_float(o, "high", 1);
	Value *x = like ? arg(o, 0) : NULL;
	Dims shape;
	DType t;

	if ((like && !x) || !type_given(o, like ? x->type->dtype : DT_F32, &t))
		return false;
	if (like) {
		shape = shape_of(o, x);
	} else {
		Ints n = get_ints(o, "shape");
		Dim *dim = ARENA_ARRAY(o->arena, Dim, n.n + 1);
		for (int i = 0; i < n.n; i++)
			if (n.at[i] < 0)
				return refuse_attr(o, "shape", "has the entry %lld, wanted at least 0", (long long)n.at[i]);
			else
				dim[i] = dim_num(o, n.at[i]);
		shape = (Dims){ n.n, dim };
	}
	return give(o, 0, bell ? normal(o, t, shape, a, b) : uniform(o, t, shape, a, b));
}

bool onnx_random_normal(Onnx *o)       { return draws(o, false, true); }
bool onnx_random_normal_like(Onnx *o)  { return draws(o, true, true); }
bool onnx_random_uniform(Onnx *o)      { return draws(o, false, false); }
bool onnx_random_uniform_like(Onnx *o) { return draws(o, true, false); }

/* 1 with the probability that x gives. */
bool onnx_bernoulli(Onnx *o)
{
	Value *x = arg(o, 0);
	DType t;

	if (!x || !type_given(o, x->type->dtype, &t))
		return false;
	Value *u = uniform(o, dtype_compute(x->type->dtype), shape_of(o, x), 0, 1);
	x = as_type(o, x, dtype_compute(x->type->dtype));
	return give(o, 0, as_type(o, compare(o, CMP_LT, u, x), t));
}

/* Of each row of x [N, C], logarithms of what is in proportion to the probabilities: a number below the sum of these, and the
   first class up to which they make more than it. */
bool onnx_multinomial(Onnx *o)
{
	int64_t count = get_int(o, "sample_size", 1);
	Value *x = arg(o, 0);
	DType t;

	if (!x || !type_given(o, DT_I32, &t))
		return false;
	if (x->type->rank != 2 || count < 1)
		return refuse(o, "the operand has rank %d and 'sample_size' is %lld, wanted 2 and at least 1", x->type->rank, (long long)count);
	Dim n = dim_at(x, 0), classes = dim_at(x, 1), one = dim_num(o, 1), samples = dim_num(o, count);
	x = as_type(o, x, dtype_compute(x->type->dtype));
	x = emit(o, OP_softmax, 1, &x, &(struct attrs_softmax){ .axis = 1 });
	x = emit(o, OP_cumsum, 1, &x, &(struct attrs_cumsum){ .axis = 1 });
	if (!x)
		return false;
	Value *u = uniform(o, x->type->dtype, dims_copy(o->arena, 3, (Dim[]){ n, samples, one }), 0, 1);
	Value *all = sliced(o, x, 1, dim_sub(o->ctx->dims, classes, one), classes);
	all = reshaped(o, all, 3, (Dim[]){ n, one, one });
	u = EW(o, mul, u, all);
	x = reshaped(o, x, 3, (Dim[]){ n, one, classes });
	Value *passed = as_type(o, compare(o, CMP_GE, u, x), DT_I64);
	Value *which = passed ? reduced(o, OP_reduce_sum, passed, ints_of(o->arena, 1, 2), false) : NULL;
	Value *most = size_value(o, dim_sub(o->ctx->dims, classes, one));
	return give(o, 0, as_type(o, EW(o, min, which, most), t));
}

/* Is it training?  Before opset 12 a node says nothing of it, and means inference. */
static bool is_training(Onnx *o, bool *training)
{
	Value *mode = o->node->opset >= 12 ? arg_opt(o, 2) : NULL;

	*training = false;
	if (!mode)
		return !has_arg(o, 2);
	Blob *b = blob_in(o, mode);
	*training = b && blob_count(b) == 1 && dtype_to_f64(b->dtype, blob_get(b, 0)) != 0;
	return b;
}

static bool give_mask(Onnx *o, Value *mask)
{
	DType t = o->node->opset >= 10 || !mask ? DT_BOOL : arg(o, 0)->type->dtype;

	return !wants(o, 1) || give(o, 1, as_type(o, mask, t));
}

bool onnx_dropout(Onnx *o)
{
	Value *x = arg(o, 0);
	bool training;
	Floats ratio = { 0 };

	if (!x || !is_training(o, &training))
		return false;
	double rate = 0.5;
	if (training && has_arg(o, 1)) {
		if (!floats_in(o, arg(o, 1), &ratio))
			return false;
		rate = ratio.n == 1 ? ratio.at[0] : NAN;
		if (!(rate >= 0 && rate <= 1))
			return refuse(o, "the ratio is no number from 0 to 1");
	}
	if (!training || rate == 0) {
		Value *mask = wants(o, 1) ? build_splat(&o->b, type_with_dtype(o->ctx->types, x->type, DT_BOOL), 1) : NULL;
		return give(o, 0, x) && give_mask(o, mask);
	}
	DType t = x->type->dtype, wide = dtype_compute(t);
	Value *u = uniform(o, wide, shape_of(o, x), 0, 1);
	Value *least = number(o, wide, rate), *mask = compare(o, CMP_GE, u, least), *zero = number(o, wide, 0);
	Value *scale = number(o, wide, rate < 1 ? 1 / (1 - rate) : 0);
	Value *y = EW(o, mul, as_type(o, x, wide), scale);
	y = emit(o, OP_where, 3, (Value *[]){ mask, y, zero }, NULL);
	return give(o, 0, as_type(o, y, t)) && give_mask(o, mask);
}
