/* frontend/onnx/attention.c - Attention, FlexAttention and LinearAttention. */
#include "frontend/onnx/attention.h"

Value *heads_split(Onnx *o, Value *v, Dim heads, Dim depth)
{
	if (!v || v->type->rank != 3)
		return v;
	const Dim *d = v->type->dim;
	v = reshaped(o, v, 4, (Dim[]){ d[0], d[1], heads, depth });
	return transposed(o, v, (int64_t[]){ 0, 2, 1, 3 });
}

Value *heads_apart(Onnx *o, Value *v, int64_t heads)
{
	if (!v || v->type->rank != 3)
		return v;
	Dim width = v->type->dim[2];
	if (dim_is_const(width) && width->value % heads) {
		refuse(o, "%lld heads do not divide a width of %lld", (long long)heads, (long long)width->value);
		return NULL;
	}
	return heads_split(o, v, dim_num(o, heads), dim_floordiv(o->ctx->dims, width, dim_num(o, heads)));
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

void set_past(Onnx *o, Attention *a, Dim past)
{
	if (!dim_is(past, 0))
		a->attrs.past = dims_copy(o->arena, 1, &past);
}

bool give_attended(Onnx *o, const Attention *a, bool joined)
{
	Value *v[5] = { a->query, a->key, a->value };
	int n = 3;

	if (!v[0] || !v[1] || !v[2])
		return false;
	if (a->mask)
		v[n++] = a->mask->type->dtype == DT_BOOL ? a->mask : as_type(o, a->mask, v[0]->type->dtype);
	if (a->filled)
		v[n++] = a->filled;
	Op *op = emit_op(o, OP_attention, n, v, &a->attrs);
	return op && give(o, 0, joined ? heads_joined(o, op->result[0]) : op->result[0]) && (!wants(o, 3) || give(o, 3, op->result[1]));
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

static bool read_keys(Onnx *o, Attention *a)
{
	Dim past = dim_num(o, 0);

	a->mask = arg_opt(o, 3);
	a->filled = arg_opt(o, 6);
	if (a->filled && arg_opt(o, 4))
		return refuse(o, "past_key and nonpad_kv_seqlen are both given, wanted one of them");
	if (a->filled && a->filled->type->rank != 1)
		return refuse(o, "nonpad_kv_seqlen has rank %d, wanted 1", a->filled->type->rank);
	if (!with_past(o, 4, &a->key, &past) || !with_past(o, 5, &a->value, &past))
		return false;
	set_past(o, a, past);
	return !a->mask || (a->mask = mask_filled(o, a->mask, a->key->type->dim[2]));
}

static bool read_attributes(Onnx *o, Attention *a)
{
	static const char *const modes[] = { "products", "capped", "masked", "weights" };
	int64_t mode = get_int(o, "qk_matmul_output_mode", 0), precision = get_int(o, "softmax_precision", 0);
	double cap = get_float(o, "softcap", 0);
	DType type = DT_F32;

	if (mode < 0 || mode > 3)
		return refuse_attr(o, "qk_matmul_output_mode", "%lld found, wanted 0 to 3", (long long)mode);
	if (precision && !onnx_dtype(o, precision, &type))
		return false;
	a->attrs = (struct attrs_attention){
		.scale = get_float(o, "scale", 0),
		.is_causal = get_int(o, "is_causal", 0) != 0,
		.softcap = cap < 0 ? 0 : cap,
		.left_window = get_int(o, "left_window_size", -1),
		.right_window = get_int(o, "right_window_size", -1),
		.precise = type == DT_F64,
		.scores = wants(o, 3) ? modes[mode] : "none",
	};
	return true;
}

bool onnx_attention(Onnx *o)
{
	Attention a = { 0 };

	if (!read_attributes(o, &a) || !read_heads(o, &a) || !read_keys(o, &a))
		return false;
	if ((wants(o, 1) && !give(o, 1, a.key)) || (wants(o, 2) && !give(o, 2, a.value)))
		return false;
	DType given = a.query->type->dtype;
	a.key = as_type(o, a.key, given);
	a.value = as_type(o, a.value, given);
	if (has_attr(o, "scale") && a.attrs.scale == 0) {   /* which our op has for the default */
		Value *zero = number_like(o, a.query, 0);
		a.query = EW(o, mul, a.query, zero);
	}
	return give_attended(o, &a, arg(o, 0)->type->rank == 3);
}

/* --- FlexAttention --- */

/* dot_general over the last axis of x and axis `axis` of y, heads sharing keys in a row. */
static Value *head_products(Onnx *o, Value *x, Value *y, int axis)
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

/* x * scale, or x / sqrt(depth) */
static Value *scores_scaled(Onnx *o, Value *x, bool has_scale, double scale, Dim depth)
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
	s = modified(o, "prob_mod", s ? emit(o, OP_softmax, 1, &s, NULL) : NULL);
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
