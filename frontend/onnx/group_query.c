/* frontend/onnx/group_query.c - com.microsoft.GroupQueryAttention: attention with a cache that it fills itself.

   The cache has room for the larger of its own length and total_sequence_length; sample n has seqlens_k[n] + 1 keys in the end, the
   last of which are those of this call; but in a first call, of samples that are shorter than the longest, as many as it has steps. */
#include "frontend/onnx/attention.h"

typedef struct Group {
	int64_t heads, shared;
	Value  *query, *key, *value;   /* [N, heads, T, D] */
	Value  *past_count;            /* keys of each sample before this call, i64 [N] */
	Value  *position;              /* of each query, i64 [N, T] */
	Dim     steps, room;
} Group;

/* Query, key and value apart, or packed behind each other in one operand. */
static bool read_group(Onnx *o, Group *g)
{
	Value *q = arg(o, 0), *k = arg_opt(o, 1), *v = arg_opt(o, 2);
	DimTable *t = o->ctx->dims;

	g->heads = get_int(o, "num_heads", 0);
	g->shared = get_int(o, "kv_num_heads", 0);
	if (!q)
		return false;
	if (g->heads < 1 || g->heads > INT32_MAX || g->shared < 1 || g->heads % g->shared || q->type->rank != 3)
		return refuse(o, "the query has rank %d, 'num_heads' is %lld and 'kv_num_heads' %lld, wanted 3, and a multiple of at least 1", q->type->rank,
		              (long long)g->heads, (long long)g->shared);
	g->steps = q->type->dim[1];
	if (!k || !v) {
		Dim depth = dim_floordiv(t, q->type->dim[2], dim_num(o, g->heads + 2 * g->shared));
		Dim a = dim_mul(t, depth, dim_num(o, g->heads)), b = dim_mul(t, depth, dim_num(o, g->heads + g->shared));
		Value *all = q;
		q = sliced(o, all, 2, dim_num(o, 0), a);
		k = sliced(o, all, 2, a, b);
		v = sliced(o, all, 2, b, all->type->dim[2]);
	}
	g->query = heads_apart(o, q, g->heads);
	g->key = heads_apart(o, k, g->shared);
	g->value = heads_apart(o, v, g->shared);
	return are_heads(o, &(Attention){ .query = g->query, .key = g->key, .value = g->value });
}

static bool read_places(Onnx *o, Group *g)
{
	Value *last = as_type(o, arg(o, 5), DT_I64), *total = arg(o, 6), *past = arg_opt(o, 3), *given = arg_opt(o, 9);
	Dims d;

	if (!last || !total || !dims_in(o, total, &d))
		return false;
	if (d.n != 1 || last->type->rank > 2 || last->type->rank < 1)
		return refuse(o, "seqlens_k has rank %d and total_sequence_length %d elements, wanted 1 and one", last->type->rank, d.n);
	for (int i = 3; i < 5; i++)
		if (arg_opt(o, i) && arg_opt(o, i)->type->rank != 4)
			return refuse(o, "the cache, operand %d, has rank %d, wanted 4", i, arg_opt(o, i)->type->rank);
	Dim samples = g->query->type->dim[0];
	g->room = past ? dim_max(o->ctx->dims, past->type->dim[2], d.at[0]) : d.at[0];
	last = reshaped(o, last, 1, &samples);
	Value *one = number(o, DT_I64, 1), *steps = size_value(o, g->steps), *none = number(o, DT_I64, 0);
	last = EW(o, add, last, one);
	last = EW(o, sub, last, steps);
	g->past_count = EW(o, max, last, none);
	if (given)
		return (g->position = as_type(o, given, DT_I64)) != NULL;
	Value *step = EMIT(o, iota, NO_ARGS, .dim = 1, .dtype = DT_I64, .shape = dims_copy(o->arena, 2, (Dim[]){ samples, g->steps }));
	Value *from = reshaped(o, g->past_count, 2, (Dim[]){ samples, dim_num(o, 1) });
	return (g->position = EW(o, add, step, from)) != NULL;
}

static bool rotate_group(Onnx *o, Group *g)
{
	Value *cos = arg_opt(o, 7), *sin = arg_opt(o, 8);
	bool interleaved = get_int(o, "rotary_interleaved", 0) != 0;

	if (!get_int(o, "do_rotary", 0))
		return true;
	if (!cos || !sin)
		return refuse(o, "'do_rotary' wants cos_cache and sin_cache");
	g->query = EMIT(o, rotary_embedding, ARGS(g->query, cos, sin, g->position), .interleaved = interleaved);
	g->key = EMIT(o, rotary_embedding, ARGS(g->key, cos, sin, g->position), .interleaved = interleaved);
	return g->query && g->key;
}

/* What was there before, with as much room as the keys will need, and what is new written behind it. */
static Value *cached(Onnx *o, const Group *g, int i, Value *new)
{
	Value *past = arg_opt(o, i), *zero = number_like(o, new, 0);
	Dim dim[4];

	memcpy(dim, new->type->dim, sizeof dim);
	if (past) {
		dim[2] = dim_sub(o->ctx->dims, g->room, past->type->dim[2]);
		Value *more = dim_is(dim[2], 0) ? NULL : broadcast_to(o, zero, 4, dim);
		if (more)
			past = concatenated(o, 2, (Value *[]){ past, more }, 2);
		return written_from(o, past, new, g->past_count, 2, false);
	}
	if (dim_known_equal(g->room, dim[2]))
		return new;
	dim[2] = g->room;
	return written_from(o, broadcast_to(o, zero, 4, dim), new, NULL, 2, false);
}

bool onnx_group_query_attention(Onnx *o)
{
	Group g = { 0 };
	int64_t window = get_int(o, "local_window_size", -1);
	Attention a = { .mask = arg_opt(o, 10), .attrs = { .is_causal = true, .scale = get_float(o, "scale", 0), .right_window = -1, .scores = "none" } };

	a.attrs.softcap = get_float(o, "softcap", 0);
	a.attrs.left_window = window < 0 ? -1 : window - 1;   /* the query's own key counts */
	if (window == 0)
		return refuse_attr(o, "local_window_size", "0 found, wanted at least 1, or -1 for all");
	if (get_int(o, "smooth_softmax", 0) > 0 || arg_opt(o, 11) || get_int(o, "qk_output", 0) || get_int(o, "kv_cache_bit_width", 0))
		return refuse(o, "'smooth_softmax', head_sink, 'qk_output' and quantized caches are not supported");
	if (!read_group(o, &g) || !read_places(o, &g) || !rotate_group(o, &g))
		return false;
	a.query = g.query;
	a.key = cached(o, &g, 3, g.key);
	a.value = cached(o, &g, 4, g.value);
	Value *steps = size_value(o, g.steps);
	a.filled = EW(o, add, g.past_count, steps);
	if (!a.key || !a.value || !a.filled || (wants(o, 1) && !give(o, 1, a.key)) || (wants(o, 2) && !give(o, 2, a.value)))
		return false;
	return give_attended(o, &a, true);
}
