/* passes/layout_pack.c - right-hand sides of contractions in panels of 16 columns, so that the inner loop reads one stream.

   The packed value is [lead..., N/16, k..., 16].  The contraction stands in a fusion with the inverse movements, so that
   the IR says what it computes and later passes keep it as it is; lowering turns the movements into positions. */
#include "passes/layout.h"

#include "ir/base/check.h"

Ints ints_identity(Arena *a, int n)
{
	int64_t *at = ARENA_ARRAY(a, int64_t, n + 1);

	for (int i = 0; i < n; i++)
		at[i] = i;
	return (Ints){ n, at };
}

Ints ints_inverse(Arena *a, Ints perm)
{
	int64_t *at = ARENA_ARRAY(a, int64_t, perm.n + 1);

	for (int i = 0; i < perm.n; i++)
		at[perm.at[i]] = i;
	return (Ints){ perm.n, at };
}

bool ints_are_identity(Ints perm)
{
	for (int i = 0; i < perm.n; i++)
		if (perm.at[i] != i)
			return false;
	return true;
}

Value *layout_transpose(Layout *l, Builder *b, Value *v, Ints perm)
{
	if (ints_are_identity(perm))
		return v;
	return BUILD(b, transpose, ARGS(v), .permutation = ints_copy(l->p->module->arena, perm.n, perm.at));
}

void layout_replace(Layout *l, Op *op, Value *by)
{
	if (!by->name)
		by->name = op->result[0]->name;
	value_replace(op->result[0], by);
	op_erase(op);
	l->p->nhits++;
}

/* natural = [lead..., k..., N] -> [lead..., k..., N/16, 16] -> [lead..., N/16, k..., 16] */
static Ints panel_perm(Arena *a, int nlead, int nk)
{
	int64_t at[RANK_MAX];
	int n = 0;

	for (int i = 0; i < nlead; i++)
		at[n++] = i;
	at[n++] = nlead + nk;
	for (int i = 0; i < nk; i++)
		at[n++] = nlead + i;
	at[n++] = nlead + nk + 1;
	return ints_copy(a, n, at);
}

static int64_t columns_up(int64_t n)
{
	return (n + LAYOUT_PANEL - 1) / LAYOUT_PANEL * LAYOUT_PANEL;
}

/* The shape [lead..., k..., N/16, 16]. */
static Dims split_shape(Layout *l, const Type *natural, int64_t columns)
{
	DimTable *t = l->p->ctx->dims;
	Dim dim[RANK_MAX + 1];

	for (int i = 0; i < natural->rank - 1; i++)
		dim[i] = natural->dim[i];
	dim[natural->rank - 1] = dim_const(t, columns / LAYOUT_PANEL);
	dim[natural->rank] = dim_const(t, LAYOUT_PANEL);
	return dims_copy(l->p->module->arena, natural->rank + 1, dim);
}

static Blob *pack_blob(Layout *l, const Blob *blob, const Panels *q, int64_t columns)
{
	Arena *a = l->p->module->arena;
	int64_t high[RANK_MAX] = { 0 }, dim[RANK_MAX + 1];
	Blob *v = blob_transpose(a, blob, q->perm.at), *split;

	high[v->rank - 1] = columns - v->dim[v->rank - 1];
	if (high[v->rank - 1]) {
		Blob *padded = blob_pad_high(a, v, high);
		v = padded ? padded : blob_pad_high(a, blob_materialize(a, v), high);
	}
	for (int i = 0; i < v->rank - 1; i++)
		dim[i] = v->dim[i];
	dim[v->rank - 1] = columns / LAYOUT_PANEL;
	dim[v->rank] = LAYOUT_PANEL;
	split = blob_reshape(a, v, v->rank + 1, dim);
	if (!split)
		split = blob_reshape(a, blob_materialize(a, v), v->rank + 1, dim);
	return blob_transpose(a, split, panel_perm(a, q->nlead, q->nk).at);
}

static Value *pack_value(Layout *l, Builder *b, Value *v, const Panels *q, int64_t columns)
{
	Arena *a = l->p->module->arena;
	int rank = q->natural->rank;
	int64_t zero[RANK_MAX] = { 0 }, high[RANK_MAX] = { 0 };

	v = layout_transpose(l, b, v, q->perm);
	high[rank - 1] = columns - v->type->dim[rank - 1]->value;
	if (high[rank - 1])
		v = BUILD(b, pad, ARGS(v, build_scalar(b, v->type->dtype, 0)), .low = ints_copy(a, rank, zero),
		          .high = ints_copy(a, rank, high));
	v = BUILD(b, reshape, ARGS(v), .shape = split_shape(l, q->natural, columns));
	return layout_transpose(l, b, v, panel_perm(a, q->nlead, q->nk));
}

Panels *layout_pack(Layout *l, Builder *b, Value *v, int nlead, int nk, Ints perm)
{
	Arena *a = l->p->module->arena;
	Blob *blob = v->def ? value_constant(v) : NULL;
	Panels *known = map_get(&l->packed, v);
	int rank = v->type->rank;
	Dim dim[RANK_MAX];

	for (const Panels *q = known; q; q = q->next)
		if (q->nlead == nlead && q->nk == nk && memcmp(q->perm.at, perm.at, sizeof *perm.at * (size_t)rank) == 0)
			return (Panels *)q;
	for (int i = 0; i < rank; i++)
		dim[i] = v->type->dim[perm.at[i]];
	if (!dim_is_const(dim[rank - 1]) || rank + 1 > RANK_MAX)
		return NULL;
	int64_t columns = columns_up(dim[rank - 1]->value);
	Panels *q = ARENA_NEW(l->p->scratch, Panels);
	*q = (Panels){ nlead, nk, ints_copy(a, rank, perm.at), NULL, type_get(l->p->ctx->types, v->type->dtype, rank, dim), NULL };
	if (!blob || !type_is_static(v->type)) {
		q->value = pack_value(l, b, v, q, columns);
		return q;
	}
	/* A constant's panels stand where it stands, for all its users. */
	Builder at = builder_before(l->p->ctx, v->def);
	q->value = build_constant(&at, pack_blob(l, blob, q, columns));
	q->value->name = v->name;
	q->next = known;
	map_set(&l->packed, v, q);
	return q;
}

Value *layout_unpack(Layout *l, Builder *b, const Panels *q, Value *packed)
{
	Arena *a = l->p->module->arena;
	int rank = q->natural->rank;
	int64_t n = q->natural->dim[rank - 1]->value, columns = columns_up(n);
	Dim dim[RANK_MAX], zero[RANK_MAX];

	Value *v = layout_transpose(l, b, packed, ints_inverse(a, panel_perm(a, q->nlead, q->nk)));
	for (int i = 0; i < rank; i++) {
		dim[i] = q->natural->dim[i];
		zero[i] = dim_const(l->p->ctx->dims, 0);
	}
	dim[rank - 1] = dim_const(l->p->ctx->dims, columns);
	v = BUILD(b, reshape, ARGS(v), .shape = dims_copy(a, rank, dim));
	if (columns == n)
		return v;
	return BUILD(b, slice, ARGS(v), .start = dims_copy(a, rank, zero), .limit = dims_copy(a, rank, q->natural->dim));
}

Value *layout_fusion(Layout *l, Builder *b, const Panels *q, OpKind kind, Value *lhs, const void *attrs)
{
	Op *fusion = build_begin(b, OP_fusion, ARGS(lhs, q->value), NULL);
	Builder in = builder_at_end(l->p->ctx, fusion->region[0]);

	in.loc = b->loc;
	Value *x = block_add_arg(fusion->region[0], lhs->type, lhs->name, lhs->loc);
	Value *w = block_add_arg(fusion->region[0], q->value->type, q->value->name, q->value->loc);
	Value *y = build_value(&in, kind, ARGS(x, layout_unpack(l, &in, q, w)), attrs);
	CHECK(build_op(&in, OP_yield, ARGS(y), NULL), "yield of a fusion");
	CHECK(build_finish(b, fusion), "a contraction in a fusion");
	return fusion->result[0];
}
