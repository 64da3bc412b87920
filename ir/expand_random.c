/* ir/expand_random.c - expansions of composites that draw random numbers: rng_bits, random_uniform, random_normal, dropout.

   Each draws words by philox or threefry at the row-major index of the element, and leaves the counter behind the last block
   that it used, so that what follows draws other numbers. */
#include "ir/base/num.h"
#include "ir/expand_impl.h"

typedef struct Stream {
	bool   philox;
	int    state;              /* entries of the state */
	Value *key, *lo, *hi;      /* scalars; hi is philox's */
} Stream;

static Value *state_entry(Builder *b, Value *state, int i)
{
	Arena *a = expand_arena(b);
	Dim from = dim_const(b->ctx->dims, i), to = dim_const(b->ctx->dims, i + 1);
	Value *x = BUILD(b, slice, ARGS(state), .start = dims_copy(a, 1, &from), .limit = dims_copy(a, 1, &to));

	return BUILD(b, reshape, ARGS(x), .shape = (Dims)DIMS_NONE);
}

static Stream stream_open(Builder *b, Value *state, const char *algorithm)
{
	Stream s = { .philox = !strcmp(algorithm, "philox"), .state = (int)state->type->dim[0]->value };

	s.key = state_entry(b, state, 0);
	s.lo = state_entry(b, state, 1);
	s.hi = s.state > 2 ? state_entry(b, state, 2) : build_scalar(b, DT_U64, 0);
	return s;
}

/* Words of type t (u32 or u64) over a shape. */
static Value *stream_draw(Builder *b, const Stream *s, DType t, Dims shape)
{
	const Type *type = type_get(b->ctx->types, DT_U64, shape.n, shape.at);
	Dim n = type_count(b->ctx->types, type);
	Value *index = BUILD(b, iota, NO_ARGS, .dim = 0, .dtype = DT_U64, .shape = dims_copy(expand_arena(b), 1, &n));
	Value *key = build_broadcast(b, s->key, type, (Ints)INTS_NONE), *lo = build_broadcast(b, s->lo, type, (Ints)INTS_NONE);

	if (shape.n != 1)
		index = BUILD(b, reshape, ARGS(index), .shape = shape);
	if (!s->philox)
		return BUILD(b, threefry, ARGS(index, key, lo), .dtype = t);
	return BUILD(b, philox, ARGS(index, key, lo, build_broadcast(b, s->hi, type, (Ints)INTS_NONE)), .dtype = t);
}

/* The state behind what stream_draw of that type and shape used. */
static Value *stream_next(Builder *b, const Stream *s, DType t, Dims shape)
{
	Dims one = dims_copy(expand_arena(b), 1, (Dim[]){ dim_const(b->ctx->dims, 1) });
	Dim n = type_count(b->ctx->types, type_get(b->ctx->types, t, shape.n, shape.at));
	int64_t per = (s->philox ? 16 : 8) / dtype_size(t);
	Value *blocks = expand_extent(b, dim_ceildiv(b->ctx->dims, n, dim_const(b->ctx->dims, per)), DT_U64);
	Value *lo = ew_add(b, s->lo, blocks), *part[3] = { s->key, lo, s->hi };

	if (s->state > 2)
		part[2] = ew_add(b, s->hi, expand_convert(b, ew_compare(b, CMP_LT, lo, s->lo), DT_U64));
	for (int i = 0; i < s->state; i++)
		part[i] = BUILD(b, reshape, ARGS(part[i]), .shape = one);
	return build_value(b, OP_concatenate, s->state, part, &(struct attrs_concatenate){ .dim = 0 });
}

/* Words for elements of type t: two, drawn as one u64, where they are wider than a word. */
static DType word_type(DType t)
{
	return dtype_size(t) == 8 ? DT_U64 : DT_U32;
}

void expand_rng_bits(Builder *b, const Op *op, Value **out)
{
	const struct attrs_rng_bits *a = op_attrs(rng_bits, op);
	Stream s = stream_open(b, op->arg[0], a->algorithm);
	DType word = word_type(a->dtype);

	out[0] = stream_next(b, &s, word, a->shape);
	out[1] = expand_convert(b, stream_draw(b, &s, word, a->shape), a->dtype);
}

/* The largest number of a type below x, which is finite and of that type. */
static double below(DType t, double x)
{
	uint64_t sign = (uint64_t)1 << (dtype_info[t].bits - 1), bits = dtype_from_f64(t, x);

	bits = !(bits & ~sign) ? sign | 1 : bits & sign ? bits + 1 : bits - 1;
	return dtype_to_f64(t, bits);
}

/* 0 <= x < 1 with as many bits as the mantissa of t has, in the type that t computes in. */
static Value *unit(Builder *b, Value *word, DType t)
{
	static const int digits[DT_COUNT] = { [DT_F16] = 11, [DT_BF16] = 8, [DT_F32] = 24, [DT_F64] = 53 };
	int width = dtype_info[word->type->dtype].bits;
	Value *n = BUILD(b, shr_l, ARGS(word, expand_like(b, word, width - digits[t])));

	/* Signed integers become floats in one instruction on more machines. */
	n = expand_convert(b, n, width == 64 ? DT_I64 : DT_I32);
	return ew_times(b, expand_convert(b, n, dtype_compute(t)), 1.0 / (double)((uint64_t)1 << digits[t]));
}

void expand_random_uniform(Builder *b, const Op *op, Value **out)
{
	const struct attrs_random_uniform *a = op_attrs(random_uniform, op);
	Stream s = stream_open(b, op->arg[0], a->algorithm);
	DType word = word_type(a->dtype);
	double low = dtype_to_f64(a->dtype, dtype_from_f64(a->dtype, a->low));
	double high = dtype_to_f64(a->dtype, dtype_from_f64(a->dtype, a->high));

	out[0] = stream_next(b, &s, word, a->shape);
	Value *x = unit(b, stream_draw(b, &s, word, a->shape), a->dtype);
	if (low == 0 && high == 1) {
		out[1] = expand_convert(b, x, a->dtype);
		return;
	}
	/* Sum and conversion may round up to `high`. */
	x = expand_convert(b, ew_plus(b, ew_times(b, x, high - low), low), a->dtype);
	out[1] = ew_at_most(b, x, below(a->dtype, high));
}

/* -1 < u < 1, odd multiples of 2^-24 (f64: 2^-53): symmetric, and erf_inv is finite. */
static Value *symmetric_unit(Builder *b, Value *word)
{
	bool wide = word->type->dtype == DT_U64;
	int digits = wide ? 53 : 24;
	double count = (double)((uint64_t)1 << digits);
	Value *n = BUILD(b, shr_l, ARGS(word, expand_like(b, word, wide ? 11 : 8)));

	n = expand_convert(b, n, wide ? DT_I64 : DT_I32);
	n = ew_plus(b, ew_add(b, n, n), 1 - count);
	return ew_times(b, expand_convert(b, n, wide ? DT_F64 : DT_F32), 1 / count);
}

void expand_random_normal(Builder *b, const Op *op, Value **out)
{
	const struct attrs_random_normal *a = op_attrs(random_normal, op);
	Stream s = stream_open(b, op->arg[0], a->algorithm);
	DType word = word_type(a->dtype);

	out[0] = stream_next(b, &s, word, a->shape);
	Value *u = symmetric_unit(b, stream_draw(b, &s, word, a->shape));
	Value *x = ew_times(b, BUILD(b, erf_inv, ARGS(u)), a->stddev * 1.4142135623730951);
	out[1] = expand_convert(b, a->mean == 0 ? x : ew_plus(b, x, a->mean), a->dtype);
}

/* An element is dropped when its word, as a fraction of 2^32, is less than the rate. */
void expand_dropout(Builder *b, const Op *op, Value **out)
{
	const struct attrs_dropout *a = op_attrs(dropout, op);
	Value *x = op->arg[0];

	if (op->nargs == 1) {
		out[0] = x;
		return;
	}

	Stream s = stream_open(b, op->arg[1], a->algorithm);
	Dims shape = dims_copy(expand_arena(b), x->type->rank, x->type->dim);
	double most = a->rate * 4294967296.0;
	uint64_t limit = (uint64_t)most + (most > (double)(uint64_t)most);

	out[0] = stream_next(b, &s, DT_U32, shape);
	Value *word = stream_draw(b, &s, DT_U32, shape);
	Value *wide = expand_wide(b, x), *zero = expand_like(b, x, 0);
	Value *kept = expand_convert(b, ew_times(b, wide, 1 / (1 - a->rate)), x->type->dtype);
	if (limit > UINT32_MAX) {
		out[1] = zero;
		return;
	}
	out[1] = ew_select(b, ew_compare(b, CMP_GE, word, expand_like(b, word, (double)limit)), kept, zero);
}
