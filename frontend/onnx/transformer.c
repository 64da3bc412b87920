/* frontend/onnx/transformer.c - the blocks of transformers that exporters write as ops of com.microsoft.

   Their masks filter by a great negative number, mask_filter_value, that is added: a row of which everything is filtered keeps its
   proportions.  The causal mask filters by -inf. */
#include "frontend/onnx/attention.h"

/* [N, T, width] columns from to to, as heads. */
static Value *head_columns(Onnx *o, Value *x, Dim from, Dim to, int64_t heads)
{
	return x ? heads_apart(o, sliced(o, x, 2, from, to), heads) : NULL;
}

/* 0 where keep holds, else the filter value, in the type t. */
static Value *filter_of(Onnx *o, Value *keep, DType t, double filter)
{
	Value *zero = number(o, t, 0), *low = number(o, t, filter);

	return EW(o, select, keep, zero, low);
}

/* Which keys a mask of any of the forms keeps, to broadcast to [N, H, T, S]: lengths [N], ends and starts [2 * N], [N, S], [N, T, S]
   or [N, 1, M, M]. */
static Value *kept_keys(Onnx *o, Value *mask, Dim batch, Dim queries, Dim keys)
{
	DimTable *t = o->ctx->dims;
	Dim one = dim_num(o, 1), zero = dim_num(o, 0);
	const Dim *d = mask->type->dim;
	DType type = mask->type->dtype;

	switch (mask->type->rank) {
	case 1: {
		Value *key = EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = type, .shape = dims_copy(o->arena, 1, &keys));
		bool starts = !dim_known_equal(d[0], batch);
		Value *end = sliced(o, mask, 0, zero, batch), *keep;
		end = reshaped(o, end, 4, (Dim[]){ batch, one, one, one });
		keep = key && end ? compare(o, CMP_LT, key, end) : NULL;
		if (!starts)
			return keep;
		Value *start = sliced(o, mask, 0, batch, dim_mul(t, batch, dim_num(o, 2)));
		start = reshaped(o, start, 4, (Dim[]){ batch, one, one, one });
		Value *begun = keep && start ? compare(o, CMP_GE, key, start) : NULL;
		return EW(o, and, keep, begun);
	}
	case 2:
		mask = reshaped(o, mask, 4, (Dim[]){ d[0], one, one, d[1] });
		break;
	case 3:
		mask = reshaped(o, mask, 4, (Dim[]){ d[0], one, d[1], d[2] });
		break;
	case 4:
		mask = sliced(o, mask, 2, dim_sub(t, keys, queries), keys);
		mask = sliced(o, mask, 3, zero, keys);
		break;
	default:
		refuse(o, "the mask has rank %d, wanted 1 to 4", mask->type->rank);
		return NULL;
	}
	return mask ? compare(o, CMP_NE, mask, number_like(o, mask, 0)) : NULL;
}

typedef struct Masking {
	Attention a;
	Value *keep;               /* a mask as the node has it, or NULL */
	Value *bias;               /* added to the scores, or NULL */
	Dim    past;
	double filter;
} Masking;

/* What the attributes say that both ops have. */
static Masking read_masking(Onnx *o, bool shown)
{
	return (Masking){
		.a.attrs = { .scale = get_float(o, "scale", 0), .is_causal = get_int(o, "unidirectional", 0) != 0, .left_window = -1,
		             .right_window = -1, .scores = shown ? "weights" : "none" },
		.past = dim_num(o, 0),
		.filter = get_float(o, "mask_filter_value", -10000),
	};
}

/* The masks and what is added as one, in place. */
static bool masks_joined(Onnx *o, Masking *m)
{
	Attention *a = &m->a;
	DType t = a->query->type->dtype;
	Dim queries = a->query->type->dim[2], keys = a->key->type->dim[2];

	if (m->keep) {
		Value *keep = kept_keys(o, m->keep, a->query->type->dim[0], queries, keys);
		Value *filter = keep ? filter_of(o, keep, t, m->filter) : NULL;
		if (!filter)
			return false;
		a->mask = m->bias ? EW(o, add, m->bias, filter) : filter;
	} else {
		a->mask = m->bias;
	}
	if ((m->keep || m->bias) && !a->mask)
		return false;
	set_past(o, a, m->past);
	return true;
}

/* The half of a joint past [2, N, H, P, D]. */
static Value *past_half(Onnx *o, Value *past, int i)
{
	return past ? reshaped(o, sliced(o, past, 0, dim_num(o, i), dim_num(o, i + 1)), 4, past->type->dim + 1) : NULL;
}

static bool give_present(Onnx *o, int i, Value *key, Value *value)
{
	Value *part[2] = { key, value };

	return give(o, i, emit(o, OP_stack, 2, part, &(struct attrs_stack){ .axis = 0 }));
}

bool onnx_attention_ms(Onnx *o)
{
	Value *x = arg(o, 0), *w = arg(o, 1), *b = arg_opt(o, 2), *past = arg_opt(o, 4);
	int64_t heads = get_int(o, "num_heads", 0);
	Masking m = read_masking(o, false);
	Ints sizes = get_ints(o, "qkv_hidden_sizes");
	DimTable *t = o->ctx->dims;
	Dim at[4] = { dim_num(o, 0) };

	if (!x || !w)
		return false;
	if (x->type->rank != 3 || w->type->rank != 2 || heads < 1)
		return refuse(o, "the operands have ranks %d and %d and 'num_heads' is %lld, wanted 3 and 2, and at least 1", x->type->rank, w->type->rank,
		              (long long)heads);
	if (past && past->type->rank != 5)
		return refuse(o, "the past has rank %d, wanted 5", past->type->rank);
	if (get_int(o, "do_rotary", 0) || get_int(o, "past_present_share_buffer", 0))
		return refuse(o, "'do_rotary' and 'past_present_share_buffer' are not supported");
	if (sizes.n && sizes.n != 3)
		return refuse_attr(o, "qkv_hidden_sizes", "%d entries found, wanted 3", sizes.n);
	for (int i = 0; i < 3; i++)
		at[i + 1] = dim_add(t, at[i], sizes.n ? dim_num(o, sizes.at[i]) : dim_floordiv(t, w->type->dim[1], dim_num(o, 3)));
	m.keep = arg_opt(o, 3);
	m.bias = arg_opt(o, 5);
	x = EMIT(o, matmul, ARGS(x, w));
	if (b)
		x = EW(o, add, x, b);
	m.a.query = head_columns(o, x, at[0], at[1], heads);
	m.a.key = head_columns(o, x, at[1], at[2], heads);
	m.a.value = head_columns(o, x, at[2], at[3], heads);
	if (!are_heads(o, &m.a))
		return false;
	if (past) {
		m.past = past->type->dim[3];
		m.a.key = concatenated(o, 2, (Value *[]){ past_half(o, past, 0), m.a.key }, 2);
		m.a.value = concatenated(o, 2, (Value *[]){ past_half(o, past, 1), m.a.value }, 2);
	}
	if (!m.a.key || !m.a.value || (wants(o, 1) && !give_present(o, 1, m.a.key, m.a.value)) || !masks_joined(o, &m))
		return false;
	return give_attended(o, &m.a, true);
}

/* Part i of a bias for query, key and value, as wide as v is. */
static Value *with_bias(Onnx *o, Value *v, Value *bias, Dim from)
{
	if (!v || !bias)
		return v;
	Value *part = sliced(o, bias, 0, from, dim_add(o->ctx->dims, from, v->type->dim[2]));
	return EW(o, add, v, part);
}

/* Query, key and value packed in one operand: [N, T, H, 3, D]; key and value: [N, S, H, 2, D]. */
static Value *packed_part(Onnx *o, Value *v, int i)
{
	const Dim *d = v->type->dim;

	v = sliced(o, v, 3, dim_num(o, i), dim_num(o, i + 1));
	return reshaped(o, v, 3, (Dim[]){ d[0], d[1], dim_mul(o->ctx->dims, d[2], d[4]) });
}

static bool read_qkv(Onnx *o, Value **q, Value **k, Value **v)
{
	*q = arg(o, 0);
	*k = arg_opt(o, 1);
	*v = arg_opt(o, 2);
	if (!*q)
		return false;
	if ((*q)->type->rank == 5) {
		Value *all = *q;
		*q = packed_part(o, all, 0);
		*k = packed_part(o, all, 1);
		*v = packed_part(o, all, 2);
	} else if (*k && (*k)->type->rank == 5) {
		Value *both = *k;
		*k = packed_part(o, both, 0);
		*v = packed_part(o, both, 1);
	}
	if (!*q || !*k || !*v)
		return o->node->failed || refuse(o, "query, key and value are wanted, apart or packed");
	return true;
}

static Value *after_past(Onnx *o, int i, Value *v, Dim *past)
{
	Value *before = arg_opt(o, i);

	if (!before || !v)
		return v;
	if (before->type->rank != 4) {
		refuse(o, "operand %d has rank %d, wanted 4", i, before->type->rank);
		return NULL;
	}
	*past = before->type->dim[2];
	return concatenated(o, 2, (Value *[]){ before, v }, 2);
}

bool onnx_multi_head_attention(Onnx *o)
{
	int64_t heads = get_int(o, "num_heads", 0);
	Masking m = read_masking(o, wants(o, 3));
	Value *q, *k, *v, *bias = arg_opt(o, 3);
	DimTable *t = o->ctx->dims;

	m.keep = arg_opt(o, 4);
	m.bias = arg_opt(o, 5);
	if (!read_qkv(o, &q, &k, &v))
		return false;
	if (heads < 1 || q->type->rank != 3)
		return refuse(o, "the query has rank %d and 'num_heads' is %lld, wanted 3 or 5, and at least 1", q->type->rank, (long long)heads);
	Dim width = q->type->dim[2];
	m.a.query = heads_apart(o, with_bias(o, q, bias, dim_num(o, 0)), heads);
	m.a.key = heads_apart(o, k->type->rank == 3 ? with_bias(o, k, bias, width) : k, heads);
	m.a.value = heads_apart(o, v->type->rank == 3 ? with_bias(o, v, bias, dim_mul(t, width, dim_num(o, 2))) : v, heads);
	m.a.key = after_past(o, 6, m.a.key, &m.past);
	m.a.value = m.a.key ? after_past(o, 7, m.a.value, &m.past) : NULL;
	return are_heads(o, &m.a) && (!wants(o, 1) || give(o, 1, m.a.key)) && (!wants(o, 2) || give(o, 2, m.a.value)) &&
	       masks_joined(o, &m) && give_attended(o, &m.a, true);
}

/* --- normalizations with what stands around them --- */

static Value *normalized(Onnx *o, Value *x, Value *scale, Value *offset, double epsilon)
{
	if (!x || !scale)
		return NULL;
	if (!offset)
		offset = broadcast_to(o, number_like(o, scale, 0), scale->type->rank, scale->type->dim);
	return emit(o, OP_layer_norm, ARGS(x, scale, offset), &(struct attrs_layer_norm){ .axis = -1, .epsilon = epsilon });
}

/* The mean and the reciprocal of the deviation along the last axis, as f32. */
static bool give_statistics(Onnx *o, Value *x, double epsilon, bool has_mean)
{
	if (!wants(o, 1) && !wants(o, 2))
		return true;
	Ints last = ints_of(o->arena, 1, x->type->rank - 1);
	x = as_type(o, x, DT_F32);
	Value *mean = reduced(o, OP_mean, x, last, true), *square = has_mean ? reduced(o, OP_variance, x, last, true) : NULL;
	if (!has_mean) {
		square = EW(o, mul, x, x);
		square = reduced(o, OP_mean, square, last, true);
	}
	Value *more = number(o, DT_F32, epsilon);
	square = EW(o, add, square, more);
	square = EW(o, rsqrt, square);
	return (!wants(o, 1) || !has_mean || give(o, 1, mean)) && (!wants(o, 2) || give(o, 2, square));
}

/* input + skip + bias, normalized; the sum is result 3. */
static bool skip_norm(Onnx *o, bool simplified)
{
	Value *x = arg(o, 0), *skip = arg(o, 1), *scale = arg(o, 2), *offset = simplified ? NULL : arg_opt(o, 3);
	int at = simplified ? 3 : 4;
	Value *bias = arg_opt(o, at);
	double epsilon = get_float(o, "epsilon", 1e-12);

	if (!x || !skip || !scale)
		return false;
	Value *sum = EW(o, add, x, skip);
	if (bias)
		sum = EW(o, add, sum, bias);
	Value *y = simplified ? emit(o, OP_rms_norm, ARGS(sum, scale), &(struct attrs_rms_norm){ .axis = -1, .epsilon = epsilon }) :
	                        normalized(o, sum, scale, offset, epsilon);
	return give(o, 0, y) && give_statistics(o, sum, epsilon, !simplified) && (!wants(o, 3) || give(o, 3, sum));
}

bool onnx_skip_layer_norm(Onnx *o)
{
	return skip_norm(o, false);
}

bool onnx_skip_simplified_layer_norm(Onnx *o)
{
	return skip_norm(o, true);
}

/* Rows of words, positions and segments added up, and normalized; and how many of each sample's words the mask keeps. */
bool onnx_embed_layer_norm(Onnx *o)
{
	Value *ids = arg(o, 0), *segments = arg_opt(o, 1), *words = arg(o, 2), *positions = arg(o, 3), *kinds = arg_opt(o, 4);
	Value *scale = arg(o, 5), *offset = arg(o, 6), *mask = arg_opt(o, 7), *where = arg_opt(o, 8);

	if (!ids || !words || !positions || !scale || !offset)
		return false;
	if (ids->type->rank != 2 || words->type->rank != 2 || positions->type->rank != 2)
		return refuse(o, "ids and embeddings have ranks %d, %d and %d, wanted 2", ids->type->rank, words->type->rank, positions->type->rank);
	Value *sum = EMIT(o, take, ARGS(words, ids), .axis = 0);
	Value *place = where ? EMIT(o, take, ARGS(positions, where), .axis = 0) : sliced(o, positions, 0, dim_num(o, 0), ids->type->dim[1]);
	sum = EW(o, add, sum, place);
	if (segments && kinds) {
		Value *kind = EMIT(o, take, ARGS(kinds, segments), .axis = 0);
		sum = EW(o, add, sum, kind);
	}
	if (!give(o, 0, normalized(o, sum, scale, offset, get_float(o, "epsilon", 1e-12))))
		return false;
	if (wants(o, 1)) {
		Value *zero = number(o, DT_I32, 0);
		Value *count = mask ? reduced(o, OP_reduce_sum, as_type(o, mask, DT_I32), ints_of(o->arena, 1, 1), false) :
		                      broadcast_to(o, zero, 1, ids->type->dim);
		if (!give(o, 1, count))
			return false;
	}
	return !wants(o, 2) || give(o, 2, sum);
}
