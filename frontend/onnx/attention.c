/* frontend/onnx/attention.c - Attention, FlexAttention and LinearAttention.

   Our op `attention` is what becomes fast: it is made where nothing between the products is wanted.  Otherwise its steps are made
   here, in the type that ops compute in. */
#include "frontend/onnx/attention.h"

Value *heads_apart(Onnx *o, Value *v, int64_t heads)
{
	if (!v || v->type->rank != 3)
		return v;
	const Dim *d = v->type->dim;
	if (dim_is_const(d[2]) && d[2]->value % heads) {
		refuse(o, "%lld heads do not divide a width of %lld", (long long)heads, (long long)d[2]->value);
		return NULL;
	}
	Dim depth = dim_floordiv(o->ctx->dims, d[2], dim_num(o, heads));
	v = reshaped(o, v, 4, (Dim[]){ d[0], d[1], dim_num(o, heads), depth });
	return transposed(o, v, (int64_t[]){ 0, 2, 1, 3 });
}

Value *heads_joined(Onnx *o, Value *v)
{
	if (!v)
		return NULL;
	const Dim *d = v->type->dim;
	Dim width = dim_mul(o->ctx->dims, d[1], d[3]);
	Value *y = transposed(o, v, (int64_t[]){ 0, 2, 1, 3 });
	return reshaped(o, y, 3, (Dim[]){ d[0], d[2], width });
}

bool are_heads(Onnx *o, const Attention *a)
{
	const Value *v[3] = { a->query, a->key, a->value };

	for (int i = 0; i < 3; i++) {
		if (!v[i])
			return false;
		if (v[i]->type->rank != 4)
			return refuse(o, "the %s has rank %d where heads are apart, wanted 4", i == 0 ? "query" : i == 1 ? "key" : "value", v[i]->type->rank);
	}
	return true;
}

Value *and_also(Onnx *o, Value *a, Value *b)
{
	return a && b ? EW(o, and, a, b) : a ? a : b;
}

Value *mask_within(Onnx *o, Value *mask, Value *allowed)
{
	if (!mask || !allowed)
		return mask ? mask : allowed;
	if (mask->type->dtype == DT_BOOL)
		return EW(o, and, mask, allowed);
	Value *none = number_like(o, mask, -__builtin_inf());
	return EW(o, select, allowed, mask, none);
}

Value *counted(Onnx *o, Dim n, bool keys)
{
	Dim one = dim_num(o, 1);
	Dims shape = dims_copy(o->arena, 2, keys ? (Dim[]){ one, n } : (Dim[]){ n, one });

	return EMIT(o, iota, NO_ARGS, .dim = keys, .dtype = DT_I64, .shape = shape);
}

Value *head_products(Onnx *o, Value *x, Value *y, int axis)
{
	DimTable *t = o->ctx->dims;
	Ints batch = ints_of(o->arena, 2, 0, 1);

	if (!x || !y)
		return NULL;
	const Dim *d = x->type->dim;
	Dim heads = y->type->dim[1], rows = dim_mul(t, dim_floordiv(t, d[1], heads), d[2]);
	Value *shared = d[1] == heads ? x : reshaped(o, x, 4, (Dim[]){ d[0], heads, rows, d[3] });
	Value *z = EMIT(o, dot_general, ARGS(shared, y), .lhs_batch = batch, .rhs_batch = batch, .lhs_contract = ints_of(o->arena, 1, 3),
	                .rhs_contract = ints_of(o->arena, 1, axis));
	return z && d[1] != heads ? reshaped(o, z, 4, (Dim[]){ d[0], d[1], d[2], z->type->dim[3] }) : z;
}

Value *row_softmax(Onnx *o, Value *s)
{
	if (!s)
		return NULL;
	Ints last = ints_of(o->arena, 1, s->type->rank - 1);
	Value *top = reduced(o, OP_reduce_max, s, last, true), *zero = number_like(o, s, 0), *lowest = number_like(o, s, -__builtin_inf());
	Value *none = top ? compare(o, CMP_EQ, top, lowest) : NULL;
	top = EW(o, select, none, zero, top);
	Value *e = EW(o, sub, s, top);
	e = EW(o, exp, e);
	Value *sum = reduced(o, OP_reduce_sum, e, last, true), *one = number_like(o, s, 1);
	sum = EW(o, select, none, one, sum);
	return EW(o, div, e, sum);
}

Value *scores_scaled(Onnx *o, Value *x, bool has_scale, double scale, Dim depth)
{
	if (!x)
		return NULL;
	if (has_scale) {
		Value *by = number_like(o, x, scale);
		return EW(o, mul, x, by);
	}
	Value *root = as_type(o, size_value(o, depth), x->type->dtype);
	root = EW(o, sqrt, root);
	return EW(o, div, x, root);
}

static Value *capped(Onnx *o, Value *s, double cap)
{
	if (!s || cap <= 0)
		return s;
	Value *by = number_like(o, s, cap);
	s = EW(o, div, s, by);
	s = EW(o, tanh, s);
	return EW(o, mul, s, by);
}

static Value *masked(Onnx *o, Value *s, Value *mask)
{
	if (!s || !mask)
		return s;
	if (mask->type->dtype != DT_BOOL) {
		mask = as_type(o, mask, s->type->dtype);
		return EW(o, add, s, mask);
	}
	Value *none = number_like(o, s, -__builtin_inf());
	return EW(o, select, mask, s, none);
}

/* Key <= query. */
static Value *not_later(Onnx *o, const Attention *a)
{
	Value *query = counted(o, a->query->type->dim[2], false), *key = counted(o, a->key->type->dim[2], true);

	return compare(o, CMP_LE, key, query);
}

static Value *step_by_step(Onnx *o, const Attention *a, Value **scores)
{
	DType given = a->query->type->dtype, t = a->precise ? DT_F64 : dtype_compute(given);
	Value *q = as_type(o, a->query, t), *k = as_type(o, a->key, t), *v = as_type(o, a->value, t), *mask = a->mask, *stage[4];

	if (a->is_causal)
		mask = mask_within(o, mask, not_later(o, a));
	stage[0] = scores_scaled(o, head_products(o, q, k, 3), a->has_scale, a->scale, a->query->type->dim[3]);
	stage[1] = capped(o, stage[0], a->softcap);
	stage[2] = masked(o, stage[1], mask);
	stage[3] = row_softmax(o, stage[2]);
	if (a->shown >= 0)
		*scores = as_type(o, stage[a->shown], given);
	return as_type(o, head_products(o, stage[3], v, 2), given);
}

Value *attend(Onnx *o, const Attention *a, Value **scores)
{
	Value *v[4] = { a->query, a->key, a->value, a->mask };

	if (!v[0] || !v[1] || !v[2])
		return NULL;
	if (a->shown >= 0 || a->softcap > 0 || a->precise || (a->has_scale && !(a->scale > 0)))
		return step_by_step(o, a, scores);
	if (v[3] && v[3]->type->dtype != DT_BOOL && !(v[3] = as_type(o, v[3], v[0]->type->dtype)))
		return NULL;
	return emit(o, OP_attention, 3 + (v[3] != NULL), v, &(struct attrs_attention){ .scale = a->has_scale ? a->scale : 0, .is_causal = a->is_causal });
}

/* --- Attention --- */

/* A mask that is shorter than there are keys ends with what nobody looks at. */
static Value *mask_filled(Onnx *o, Value *mask, Dim keys)
{
	int rank = mask->type->rank, last = rank - 1;
	Dim dim[RANK_MAX];

	if (rank == 0 || dim_known_equal(mask->type->dim[last], keys))
		return mask;
	/* Before opset 24 one element is for all keys, and whether symbols are equal is found out where they meet. */
	if (o->node->opset < 24 && (dim_is(mask->type->dim[last], 1) || !dim_known_unequal(mask->type->dim[last], keys)))
		return mask;
	memcpy(dim, mask->type->dim, sizeof *dim * (size_t)rank);
	dim[last] = dim_sub(o->ctx->dims, keys, dim[last]);
	Value *none = number(o, mask->type->dtype, mask->type->dtype == DT_BOOL ? 0 : -__builtin_inf());
	Value *part[2] = { mask, none ? broadcast_to(o, none, rank, dim) : NULL };
	return concatenated(o, 2, part, last);
}

typedef struct Keys {
	Dim    queries, count, past;   /* past: how many keys come before the first query, where that is no data */
	Value *filled;                 /* how many keys each sample has [N], or NULL */
	bool   is_causal;
	int64_t left, right;           /* of the window, or -1 */
} Keys;

/* Which keys the numbers of key and query allow. */
static Value *allowed_keys(Onnx *o, const Keys *k)
{
	bool windows = k->is_causal || k->left >= 0 || k->right >= 0;
	Value *key = counted(o, k->count, true), *allowed = NULL, *filled = NULL, *query;

	if (k->filled) {
		Dim one = dim_num(o, 1);
		filled = reshaped(o, as_type(o, k->filled, DT_I64), 4, (Dim[]){ k->filled->type->dim[0], one, one, one });
		allowed = compare(o, CMP_LT, key, filled);
	}
	if (!windows)
		return allowed;
	Value *before = size_value(o, k->filled ? dim_sub(o->ctx->dims, dim_num(o, 0), k->queries) : k->past);
	if (k->filled)
		before = EW(o, add, filled, before);
	query = counted(o, k->queries, false);
	query = EW(o, add, query, before);
	if (k->is_causal)
		allowed = and_also(o, allowed, compare(o, CMP_LE, key, query));
	if (k->left >= 0) {
		Value *most = number(o, DT_I64, (double)k->left), *first = EW(o, sub, query, most);
		allowed = and_also(o, allowed, compare(o, CMP_GE, key, first));
	}
	if (k->right >= 0) {
		Value *most = number(o, DT_I64, (double)k->right), *last = EW(o, add, query, most);
		allowed = and_also(o, allowed, compare(o, CMP_LE, key, last));
	}
	return allowed;
}

static bool read_heads(Onnx *o, Attention *a)
{
	int64_t heads = get_int(o, "q_num_heads", 0), shared = get_int(o, "kv_num_heads", 0);

	a->query = arg(o, 0);
	a->key = arg(o, 1);
	a->value = arg(o, 2);
	if (!a->query || !a->key || !a->value)
		return false;
	int rank = a->query->type->rank;
	if ((rank != 3 && rank != 4) || a->key->type->rank != rank || a->value->type->rank != rank)
		return refuse(o, "query, key and value have ranks %d, %d and %d, wanted 3 or 4, and the same", rank, a->key->type->rank,
		              a->value->type->rank);
	if (rank == 3 && (heads < 1 || shared < 1))
		return refuse(o, "'q_num_heads' and 'kv_num_heads' are %lld and %lld, wanted at least 1 with operands of rank 3", (long long)heads,
		              (long long)shared);
	return (a->query = heads_apart(o, a->query, heads)) && (a->key = heads_apart(o, a->key, shared)) &&
	       (a->value = heads_apart(o, a->value, shared));
}

static bool with_past(Onnx *o, int i, Value **v, Dim *past)
{
	Value *before = arg_opt(o, i);

	if (!before)
		return true;
	if (before->type->rank != 4)
		return refuse(o, "operand %d has rank %d, wanted 4", i, before->type->rank);
	*past = before->type->dim[2];
	return (*v = concatenated(o, 2, (Value *[]){ before, *v }, 2)) != NULL;
}

static bool read_keys(Onnx *o, Attention *a, Keys *k)
{
	k->past = dim_num(o, 0);
	k->filled = arg_opt(o, 6);
	k->is_causal = get_int(o, "is_causal", 0) != 0;
	k->left = get_int(o, "left_window_size", -1);
	k->right = get_int(o, "right_window_size", -1);
	a->mask = arg_opt(o, 3);
	if (k->left < -1 || k->right < -1)
		return refuse(o, "the window is %lld and %lld wide, wanted -1 or more", (long long)k->left, (long long)k->right);
	if (k->filled && arg_opt(o, 4))
		return refuse(o, "past_key and nonpad_kv_seqlen are both given, wanted one of them");
	if (k->filled && k->filled->type->rank != 1)
		return refuse(o, "nonpad_kv_seqlen has rank %d, wanted 1", k->filled->type->rank);
	if (!with_past(o, 4, &a->key, &k->past) || !with_past(o, 5, &a->value, &k->past))
		return false;
	k->queries = a->query->type->dim[2];
	k->count = a->key->type->dim[2];
	return true;
}

bool onnx_attention(Onnx *o)
{
	Attention a = { .has_scale = has_attr(o, "scale"), .scale = get_float(o, "scale", 1), .softcap = get_float(o, "softcap", 0) };
	int64_t mode = get_int(o, "qk_matmul_output_mode", 0), precision = get_int(o, "softmax_precision", 0);
	Value *scores = NULL;
	DType type = DT_F32;
	Keys k;

	if (mode < 0 || mode > 3)
		return refuse_attr(o, "qk_matmul_output_mode", "%lld found, wanted 0 to 3", (long long)mode);
	if (precision && !onnx_dtype(o, precision, &type))
		return false;
	if (!read_heads(o, &a) || !read_keys(o, &a, &k))
		return false;
	DType given = a.query->type->dtype;
	bool joined = arg(o, 0)->type->rank == 3;
	if ((wants(o, 1) && !give(o, 1, a.key)) || (wants(o, 2) && !give(o, 2, a.value)))
		return false;
	a.key = as_type(o, a.key, given);
	a.value = as_type(o, a.value, given);
	a.precise = type == DT_F64 && given != DT_F64;
	a.shown = wants(o, 3) ? (int)mode : -1;
	if (a.mask) {
		a.mask = mask_filled(o, a.mask, k.count);
		if (!a.mask || (a.mask->type->dtype != DT_BOOL && !(a.mask = as_type(o, a.mask, given))))
			return false;
	}
	if (k.is_causal && !k.filled && dim_is(k.past, 0)) {
		a.is_causal = true;        /* as our op has it */
		k.is_causal = false;
	}
	if (k.is_causal || k.filled || k.left >= 0 || k.right >= 0) {
		Value *allowed = allowed_keys(o, &k);
		if (!allowed || !(a.mask = mask_within(o, a.mask, allowed)))
			return false;
	}
	Value *y = attend(o, &a, &scores);
	return give(o, 0, joined ? heads_joined(o, y) : y) && (!wants(o, 3) || give(o, 3, scores));
}

/* --- FlexAttention --- */

static Value *modified(Onnx *o, const char *attr, Value *v)
{
	const Onnx__GraphProto *g = get_graph(o, attr);
	Known *out;

	if (!v || !g)
		return v;
	if (g->n_input != 1 || g->n_output != 1) {
		refuse_attr(o, attr, "the graph takes %zu values and gives %zu, wanted one each", g->n_input, g->n_output);
		return NULL;
	}
	Known *in = known_tensor(o, v);
	if (!import_body(o, g, 1, &in, &out))
		return NULL;
	if (out->kind != KNOWN_TENSOR || out->value->type->rank != v->type->rank) {
		refuse_attr(o, attr, "the graph does not give a tensor of rank %d", v->type->rank);
		return NULL;
	}
	return as_type(o, out->value, v->type->dtype);
}

bool onnx_flex_attention(Onnx *o)
{
	Value *q = arg(o, 0), *k = arg(o, 1), *v = arg(o, 2);
	int64_t precision = get_int(o, "softmax_precision", 0);

	if (!q || !k || !v)
		return false;
	if (q->type->rank != 4 || k->type->rank != 4 || v->type->rank != 4)
		return refuse(o, "query, key and value have ranks %d, %d and %d, wanted 4", q->type->rank, k->type->rank, v->type->rank);
	DType t = q->type->dtype == DT_F64 ? DT_F64 : DT_F32, given = v->type->dtype, wide = dtype_compute(q->type->dtype);
	if (precision && !onnx_dtype(o, precision, &t))
		return false;
	bool has_scale = has_attr(o, "scale");
	Dim depth = q->type->dim[3];
	q = as_type(o, q, wide);
	k = as_type(o, k, wide);
	Value *s = scores_scaled(o, head_products(o, q, k, 3), has_scale, get_float(o, "scale", 1), depth);
	s = modified(o, "score_mod", as_type(o, s, t));
	s = modified(o, "prob_mod", row_softmax(o, s));
	v = as_type(o, v, t);
	return give(o, 0, as_type(o, head_products(o, s, v, 2), given));
}

/* --- LinearAttention: a scan over steps whose state is the sum of key times value. --- */

typedef struct Linear {
	Onnx *o;
	bool  gated, delta;
	Dim   batch, heads, shared, depth, width;
} Linear;

/* [N, T, H * D] as [T, N, H, D]. */
static Value *by_steps(Linear *l, Value *v, Dim heads)
{
	Onnx *o = l->o;

	if (!v)
		return NULL;
	const Dim *d = v->type->dim;
	Value *y = as_type(o, v, DT_F32);
	y = reshaped(o, y, 4, (Dim[]){ d[0], d[1], heads, dim_floordiv(o->ctx->dims, d[2], heads) });
	return transposed(o, y, (int64_t[]){ 1, 0, 2, 3 });
}

static Value *with_axis(Onnx *o, Value *v, int at)
{
	return EMIT(o, expand_dims, ARGS(v), .dims = ints_of(o->arena, 1, at));
}

/* x [N, H, D] times the state [N, H, D, E]: [N, H, E]. */
static Value *read_state(Onnx *o, Value *x, Value *state)
{
	Ints batch = ints_of(o->arena, 2, 0, 1);

	return EMIT(o, dot_general, ARGS(x, state), .lhs_batch = batch, .rhs_batch = batch, .lhs_contract = ints_of(o->arena, 1, 2),
	            .rhs_contract = ints_of(o->arena, 1, 2));
}

/* x [N, H, D] of queries: H / K of them read the state of one key's head: [N, H, E]. */
static Value *read_shared(Linear *l, Value *x, Value *state)
{
	Onnx *o = l->o;
	Dim group = dim_floordiv(o->ctx->dims, l->heads, l->shared);
	Ints batch = ints_of(o->arena, 2, 0, 1);

	x = reshaped(o, x, 4, (Dim[]){ l->batch, l->shared, group, l->depth });
	Value *y = EMIT(o, dot_general, ARGS(x, state), .lhs_batch = batch, .rhs_batch = batch, .lhs_contract = ints_of(o->arena, 1, 3),
	                .rhs_contract = ints_of(o->arena, 1, 2));
	return reshaped(o, y, 3, (Dim[]){ l->batch, l->heads, l->width });
}

/* step: query, key, value, then decay and beta where there are such. */
static Value *linear_step(Linear *l, Value *state, Value *const *step, Value **out)
{
	Onnx *o = l->o;
	Value *value = step[2], *beta = step[3 + l->gated];

	if (l->gated) {
		Value *factor = with_axis(o, EW(o, exp, step[3]), 3);
		state = EW(o, mul, state, factor);
	}
	if (l->delta) {
		Value *known = read_state(o, step[1], state);
		value = EW(o, sub, value, known);
		value = EW(o, mul, beta, value);
	}
	Value *key = with_axis(o, step[1], 3), *row = with_axis(o, value, 2);
	Value *more = EW(o, mul, key, row);
	state = EW(o, add, state, more);
	*out = read_shared(l, step[0], state);
	return state;
}

static Op *linear_scan(Linear *l, int n, Value *const *v)
{
	Onnx *o = l->o;
	Value *arg[6], *yields[2];

	for (int i = 0; i < n; i++)
		if (!v[i])
			return NULL;
	Op *op = build_begin(&o->b, OP_scan, n, v, &(struct attrs_scan){ .carry = 1 });
	Builder outer = o->b;
	o->b.block = op->region[0];
	o->b.before = NULL;
	for (int i = 0; i < n; i++) {
		const Type *t = v[i]->type;
		arg[i] = block_add_arg(op->region[0], i ? type_get(o->ctx->types, t->dtype, t->rank - 1, t->dim + 1) : t, NULL, o->b.loc);
	}
	yields[0] = linear_step(l, arg[0], arg + 1, &yields[1]);
	bool ok = yields[0] && yields[1] && build_op(&o->b, OP_yield, 2, yields, NULL);
	o->b = outer;
	return ok ? build_finish(&o->b, op) : NULL;
}

bool onnx_linear_attention(Onnx *o)
{
	const char *rule = get_string(o, "update_rule", "gated_delta");
	int64_t heads = get_int(o, "q_num_heads", 0), shared = get_int(o, "kv_num_heads", 0);
	double scale = get_float(o, "scale", 0);
	Value *q = arg(o, 0), *k = arg(o, 1), *v = arg(o, 2), *past = arg_opt(o, 3), *decay = arg_opt(o, 4), *beta = arg_opt(o, 5), *x[6];
	Linear l = { .o = o, .gated = !strncmp(rule, "gated", 5), .delta = strstr(rule, "delta") != NULL };
	int n = 0;

	if (!q || !k || !v)
		return false;
	if (strcmp(rule, "linear") && strcmp(rule, "gated") && strcmp(rule, "delta") && strcmp(rule, "gated_delta"))
		return refuse_attr(o, "update_rule", "\"%s\" found, wanted \"linear\", \"gated\", \"delta\" or \"gated_delta\"", rule);
	if (heads < 1 || shared < 1 || heads % shared)
		return refuse(o, "'q_num_heads' is %lld and 'kv_num_heads' %lld, wanted a multiple of at least 1", (long long)heads, (long long)shared);
	if (l.gated != (decay != NULL) || l.delta != (beta != NULL))
		return refuse(o, "update_rule \"%s\" wants %sdecay and %sbeta", rule, l.gated ? "" : "no ", l.delta ? "" : "no ");
	if (q->type->rank != 3 || k->type->rank != 3 || v->type->rank != 3 || (decay && decay->type->rank != 3) || (beta && beta->type->rank != 3))
		return refuse(o, "the operands are to have rank 3");
	l.batch = q->type->dim[0];
	l.heads = dim_num(o, heads);
	l.shared = dim_num(o, shared);
	l.depth = dim_floordiv(o->ctx->dims, q->type->dim[2], l.heads);
	l.width = dim_floordiv(o->ctx->dims, v->type->dim[2], l.shared);
	DType given = q->type->dtype, kept = past ? past->type->dtype : given;
	Value *zero = number(o, DT_F32, 0);
	x[n++] = past ? as_type(o, past, DT_F32) : broadcast_to(o, zero, 4, (Dim[]){ l.batch, l.shared, l.depth, l.width });
	x[n++] = by_steps(&l, q, l.heads);
	x[n++] = by_steps(&l, k, l.shared);
	x[n++] = by_steps(&l, v, l.shared);
	if (decay)
		x[n++] = by_steps(&l, decay, l.shared);
	if (beta)
		x[n++] = by_steps(&l, beta, dim_is(beta->type->dim[2], 1) ? dim_num(o, 1) : l.shared);
	Op *op = linear_scan(&l, n, x);
	if (!op)
		return false;
	Value *y = scores_scaled(o, transposed(o, op->result[1], (int64_t[]){ 1, 0, 2, 3 }), scale != 0, scale, l.depth);
	y = reshaped(o, y, 3, (Dim[]){ l.batch, q->type->dim[1], dim_mul(o->ctx->dims, l.heads, l.width) });
	return give(o, 0, as_type(o, y, given)) && (!wants(o, 1) || give(o, 1, as_type(o, op->result[0], kept)));
}
