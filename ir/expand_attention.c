/* ir/expand_attention.c - expansion of attention, of those steps that it is asked for.

   All in the type that the operands' ops compute in, or precise in f64.  The weighted sum of values is divided by the sum of weights at the
   end: an element of the result each, not one of the scores.  Where a query may look at nothing its scores are all -inf,
   and taking 0 for their maximum makes all weights 0, and 1 for their sum makes the result 0. */
#include "ir/attention.h"
#include "ir/expand_impl.h"

static Value *in_shape_of(Builder *b, Value *x, int rank, const Dim *dim)
{
	return expand_in_shape(b, x, type_get(b->ctx->types, x->type->dtype, rank, dim));
}

/* [N, H, T, .] with the heads that share a key one after the other: [N, K, H / K * T, .]. */
static Value *share(Builder *b, Value *x, Dim heads)
{
	DimTable *dims = b->ctx->dims;
	const Type *t = x->type;
	Dim rows = dim_mul(dims, dim_floordiv(dims, t->dim[1], heads), t->dim[2]);

	return in_shape_of(b, x, 4, (Dim[]){ t->dim[0], heads, rows, t->dim[3] });
}

/* Products over the last axis of x and an axis of y in each batch and head. */
static Value *products(Builder *b, Value *x, Value *y, int axis)
{
	Ints batch = expand_range(b, 0, 2);

	return BUILD(b, dot_general, ARGS(x, y), .lhs_batch = batch, .rhs_batch = batch, .lhs_contract = expand_range(b, 3, 4),
	             .rhs_contract = expand_range(b, axis, axis + 1));
}

/* 1 / sqrt(depth) is computed, also of a known depth: a bound symbol gives the same bits. */
static Value *scaled(Builder *b, Value *scores, double scale, Dim depth)
{
	DimTable *dims = b->ctx->dims;

	if (scale != 0)
		return ew_times(b, scores, scale);
	Value *d = expand_extent(b, dim_max(dims, depth, dim_const(dims, 1)), scores->type->dtype);
	Value *root = ew_sqrt(b, d);
	Value *factor = ew_div(b, expand_like(b, root, 1), root);
	return ew_mul(b, scores, build_broadcast(b, factor, scores->type, (Ints)INTS_NONE));
}

static Value *only_where(Builder *b, Value *allowed, Value *scores)
{
	allowed = expand_numpy(b, allowed, scores->type);
	return ew_select(b, allowed, scores, expand_like(b, scores, -__builtin_inf()));
}

static Value *capped(Builder *b, Value *scores, double cap)
{
	if (cap == 0)
		return scores;
	Value *by = expand_like(b, scores, cap);
	return ew_mul(b, ew_tanh(b, ew_div(b, scores, by)), by);
}

/* Where keys and queries stand, as integers over [T, S], or [N, 1, T, S] where each sample's queries start elsewhere. */
typedef struct Places {
	const Type *type;
	Value *query, *key;
} Places;

static Value *counted(Builder *b, const Type *t, int dim)
{
	return BUILD(b, iota, NO_ARGS, .dim = dim, .dtype = t->dtype, .shape = dims_copy(expand_arena(b), t->rank, t->dim));
}

/* A vector [N] over t. */
static Value *each_sample(Builder *b, Value *x, const Type *t)
{
	return build_broadcast(b, expand_convert(b, x, t->dtype), t, expand_range(b, 0, 1));
}

static bool fits_i32(Dim d)
{
	return dim_is_const(d) && d->value >= 0 && d->value <= INT32_MAX;
}

static Places places(Builder *b, const Op *op, const Type *scores)
{
	DimTable *dims = b->ctx->dims;
	const Dim *d = scores->dim;
	Dims past = op_attrs(attention, op)->past;
	Dim before = past.n ? past.at[0] : dim_const(dims, 0), last = dim_add(dims, d[2], before);
	int filled = attention_filled(op);
	bool narrow = filled < 0 && fits_i32(d[2]) && fits_i32(d[3]) && fits_i32(before) && fits_i32(last);
	Dim shape[4] = { d[0], dim_const(dims, 1), d[2], d[3] };
	int rank = filled < 0 ? 2 : 4;
	Places p = { .type = type_get(b->ctx->types, narrow ? DT_I32 : DT_I64, rank, shape + 4 - rank) };

	p.query = counted(b, p.type, rank - 2);
	p.key = counted(b, p.type, rank - 1);
	if (filled >= 0) {
		p.query = ew_add(b, p.query, each_sample(b, op->arg[filled], p.type));
		before = dim_sub(dims, dim_const(dims, 0), d[2]);
	}
	if (!dim_is(before, 0))
		p.query = ew_add(b, p.query, build_broadcast(b, expand_extent(b, before, p.type->dtype), p.type, (Ints)INTS_NONE));
	return p;
}

static Value *and_also(Builder *b, Value *p, Value *q)
{
	return p ? ew_and(b, p, q) : q;
}

/* Distances are compared, which do not overflow; what is farther than any key is as far as wanted. */
static Value *within(Builder *b, Value *from, Value *to, int64_t most)
{
	double far = from->type->dtype == DT_I32 ? INT32_MAX : 0x1p53;
	Value *distance = ew_sub(b, to, from);

	return ew_compare(b, CMP_LE, distance, expand_like(b, distance, (double)most < far ? (double)most : far));
}

/* Which keys the numbers of key and query allow, or NULL: all. */
static Value *allowed(Builder *b, const Op *op, const Type *scores)
{
	const struct attrs_attention *a = op_attrs(attention, op);
	int64_t left = a->left_window, right = a->is_causal ? 0 : a->right_window;
	int filled = attention_filled(op);
	Value *found = NULL;

	if (filled < 0 && left < 0 && right < 0)
		return NULL;
	Places p = places(b, op, scores);
	if (right == 0)
		found = ew_compare(b, CMP_LE, p.key, p.query);   /* and filled, since the last query stands at the last of those */
	else if (filled >= 0)
		found = ew_compare(b, CMP_LT, p.key, each_sample(b, op->arg[filled], p.type));
	if (right > 0)
		found = and_also(b, found, within(b, p.query, p.key, right));
	if (left >= 0)
		found = and_also(b, found, within(b, p.key, p.query, left));
	return found;
}

static Value *masked(Builder *b, const Op *op, Value *scores)
{
	int mask = attention_mask(op);

	if (mask >= 0 && op->arg[mask]->type->dtype == DT_BOOL) {
		scores = only_where(b, op->arg[mask], scores);
	} else if (mask >= 0) {
		Value *more = expand_convert(b, op->arg[mask], scores->type->dtype);
		scores = ew_add(b, scores, expand_numpy(b, more, scores->type));
	}
	Value *keys = allowed(b, op, scores->type);
	return keys ? only_where(b, keys, scores) : scores;
}

/* exp(scores - maximum), and the sums of that over keys. */
static Value *weights(Builder *b, Value *scores, Value **sum)
{
	Ints keys = expand_range(b, 3, 4);
	Value *top = build_reduce(b, OP_max, scores, keys, false), *zero = expand_like(b, top, 0);
	Value *none = ew_compare(b, CMP_EQ, top, expand_like(b, top, -__builtin_inf()));

	top = ew_select(b, none, zero, top);
	Value *e = ew_exp(b, ew_sub(b, scores, expand_over(b, top, scores, keys)));
	*sum = build_reduce(b, OP_add, e, keys, false);
	*sum = ew_select(b, ew_compare(b, CMP_EQ, *sum, zero), expand_like(b, *sum, 1), *sum);
	return e;
}

void expand_attention(Builder *b, const Op *op, Value **out)
{
	const struct attrs_attention *a = op_attrs(attention, op);
	const Type *t = op->result[0]->type;
	ShownScores shown = attention_shown(a->scores);
	Value *v[3], *sum, *stage[SHOWN_COUNT];

	for (int i = 0; i < 3; i++)
		v[i] = expand_convert(b, op->arg[i], attention_type(op));
	Dim heads = v[1]->type->dim[1];
	Value *scores = products(b, share(b, v[0], heads), v[1], 3);
	scores = in_shape_of(b, scores, 4, (Dim[]){ t->dim[0], t->dim[1], t->dim[2], v[1]->type->dim[2] });
	stage[SHOWN_PRODUCTS] = scaled(b, scores, a->scale, v[0]->type->dim[3]);
	stage[SHOWN_CAPPED] = capped(b, stage[SHOWN_PRODUCTS], a->softcap);
	stage[SHOWN_MASKED] = masked(b, op, stage[SHOWN_CAPPED]);
	Value *e = weights(b, stage[SHOWN_MASKED], &sum);
	Value *y = products(b, share(b, e, heads), v[2], 2);
	y = in_shape_of(b, y, 4, t->dim);
	y = ew_div(b, y, expand_over(b, sum, y, expand_range(b, 3, 4)));
	out[0] = expand_convert(b, y, t->dtype);
	if (shown == SHOWN_NONE)
		return;
	if (shown == SHOWN_WEIGHTS)
		stage[shown] = ew_div(b, e, expand_over(b, sum, e, expand_range(b, 3, 4)));
	out[1] = expand_convert(b, stage[shown], t->dtype);
}
