/* passes/layout_conv.c - convolutions: channels last, padding as an op of its own, weights in panels, and 1x1 as a product. */
#include "passes/layout.h"

#include "ir/base/check.h"

typedef struct Conv {
	const struct attrs_conv_general *a;
	Value *lhs, *rhs;
	int    ns;                 /* spatial axes */
} Conv;

static int64_t or_one(Ints list, int i)
{
	return list.n ? list.at[i] : 1;
}

static bool is_plain(const Conv *c, int i)
{
	return or_one(c->a->lhs_dilation, i) == 1;
}

/* Padding that can be an op: of an input without holes, and none of it negative. */
static bool pads_apart(const Conv *c)
{
	bool some = false, points = true;

	for (int i = 0; i < c->ns; i++) {
		int64_t low = c->a->padding.n ? c->a->padding.low[i] : 0, high = c->a->padding.n ? c->a->padding.high[i] : 0;
		if (low < 0 || high < 0 || !is_plain(c, i))
			return false;
		some = some || low || high;
		points = points && dim_is(c->rhs->type->dim[c->a->rhs_spec.at[2 + i]], 1);
	}
	return some && !points;
}

static Value *pad_input(Layout *l, Builder *b, const Conv *c, Value *x, Ints spec)
{
	Arena *a = l->p->module->arena;
	int64_t low[RANK_MAX] = { 0 }, high[RANK_MAX] = { 0 };
	int rank = x->type->rank;

	for (int i = 0; i < c->ns; i++) {
		low[spec.at[2 + i]] = c->a->padding.low[i];
		high[spec.at[2 + i]] = c->a->padding.high[i];
	}
	return BUILD(b, pad, ARGS(x, build_scalar(b, x->type->dtype, 0)), .low = ints_copy(a, rank, low), .high = ints_copy(a, rank, high));
}

/* Whether an f32 tensor may have an element of which `mask` leaves `bits`: it is no constant, or has one. */
static bool has_bits(const Value *v, uint32_t mask, uint32_t bits)
{
	while (v->def && (v->def->kind == OP_broadcast_in_dim || v->def->kind == OP_reshape || v->def->kind == OP_transpose))
		v = v->def->arg[0];
	const Blob *blob = v->def ? value_constant(v) : NULL;
	uint32_t x;

	if (!blob || blob->dtype != DT_F32)
		return true;
	for (size_t i = 0; i + 4 <= blob->size; i += 4) {
		memcpy(&x, (const char *)blob->data + i, 4);
		if ((x & mask) == bits)
			return true;
	}
	return false;
}

/* Every user adds something that is no -0. */
static bool added_to(const Value *v)
{
	for (const Use *u = v->first_use; u; u = u->next) {
		if (u->user->kind != OP_add)
			return false;
		const Value *other = u->user->arg[u->user->arg[0] == v];
		if (other == v || has_bits(other, UINT32_MAX, 0x80000000))
			return false;
	}
	return v->first_use != NULL;
}

/* A term of padding is fma(+0, w, sum): for a finite w it leaves the sum alone, unless that is a zero, whose sign it may
   change; and adding anything but -0 to the result hides the sign.  Then the terms may be left out. */
static Ints padding_to_skip(Layout *l, const Conv *c, const Op *op)
{
	int64_t zeros[2 * RANK_MAX];

	if (!pads_apart(c) || has_bits(c->rhs, 0x7f800000, 0x7f800000) || !added_to(op->result[0]))
		return (Ints)INTS_NONE;
	for (int i = 0; i < c->ns; i++) {
		zeros[2 * i] = c->a->padding.low[i];
		zeros[2 * i + 1] = c->a->padding.high[i];
	}
	return ints_copy(l->p->module->arena, 2 * c->ns, zeros);
}

/* (batch, spatial..., feature) as axes by a spec. */
static Ints channels_last(Arena *a, Ints spec)
{
	int64_t at[RANK_MAX];
	int n = 0;

	at[n++] = spec.at[0];
	for (int i = 2; i < spec.n; i++)
		at[n++] = spec.at[i];
	at[n++] = spec.at[1];
	return ints_copy(a, n, at);
}

/* The spec of what is channels last: batch 0, feature last, spatial axes between. */
static Ints last_spec(Arena *a, int ns)
{
	int64_t at[RANK_MAX];

	at[0] = 0;
	at[1] = ns + 1;
	for (int i = 0; i < ns; i++)
		at[2 + i] = 1 + i;
	return ints_copy(a, ns + 2, at);
}

/* A kernel of one point, no stride, no groups: each position's features times a matrix. */
static bool is_product(const Conv *c)
{
	for (int i = 0; i < c->ns; i++) {
		bool pads = c->a->padding.n && (c->a->padding.low[i] || c->a->padding.high[i]);
		if (!dim_is(c->rhs->type->dim[c->a->rhs_spec.at[2 + i]], 1) || or_one(c->a->strides, i) != 1 || pads || !is_plain(c, i))
			return false;
	}
	return c->a->feature_groups == 1 && c->a->batch_groups == 1;
}

/* The kernel as [input features, output features]. */
static Value *as_matrix(Layout *l, Builder *b, const Conv *c)
{
	Arena *a = l->p->module->arena;
	Blob *blob = c->rhs->def ? value_constant(c->rhs) : NULL;
	int64_t at[RANK_MAX], dim[2];
	int n = 0;

	for (int i = 0; i < c->ns; i++)
		at[n++] = c->a->rhs_spec.at[2 + i];
	at[n++] = c->a->rhs_spec.at[1];
	at[n++] = c->a->rhs_spec.at[0];
	Dim shape[2] = { c->rhs->type->dim[at[n - 2]], c->rhs->type->dim[at[n - 1]] };
	if (blob && type_is_static(c->rhs->type)) {
		Blob *t = blob_transpose(a, blob, at);
		dim[0] = shape[0]->value;
		dim[1] = shape[1]->value;
		Blob *r = t ? blob_reshape(a, t, 2, dim) : NULL;
		if (r) {
			Builder here = builder_before(l->p->ctx, c->rhs->def);
			Value *v = build_constant(&here, r);
			v->name = c->rhs->name;
			return v;
		}
	}
	Value *v = layout_transpose(l, b, c->rhs, (Ints){ n, at });
	return BUILD(b, reshape, ARGS(v), .shape = dims_copy(a, 2, shape));
}

static Value *build_product(Layout *l, Builder *b, const Conv *c, Value *x)
{
	Arena *a = l->p->module->arena;
	Value *w = as_matrix(l, b, c);
	Value *y = BUILD(b, dot_general, ARGS(x, w), .lhs_contract = ints_of(a, 1, c->ns + 1), .rhs_contract = ints_of(a, 1, 0),
	                 .order = c->a->order);
	Op *dot = y->def;

	/* The product may be laid out in turn; it is replaced then, so look for what stands there now. */
	Op *marker = dot->next, *before = dot->prev;
	(void)before;
	if (!layout_dot(l, dot))
		return y;
	return (marker ? marker->prev : b->block->last)->result[0];
}

bool layout_conv(Layout *l, Op *op)
{
	Arena *a = l->p->module->arena;
	Conv c = { op_attrs(conv_general, op), op->arg[0], op->arg[1], op->arg[0]->type->rank - 2 };
	Builder b = builder_before(l->p->ctx, op);
	struct attrs_conv_general to = *c.a;

	if (c.ns < 1)
		return false;
	Ints in = channels_last(a, c.a->lhs_spec), out = channels_last(a, c.a->out_spec), last = last_spec(a, c.ns);
	bool product = is_product(&c), apart = pads_apart(&c);
	Dim columns = c.rhs->type->dim[c.a->rhs_spec.at[0]];
	bool constant = c.rhs->def && value_constant(c.rhs) && !value_is_immediate(c.rhs);
	bool pack = dim_is_const(columns) && columns->value >= LAYOUT_PANEL && !product && (constant || type_size_estimate(c.rhs->type) >= 4096);
	bool turn = !ints_are_identity(in) || !ints_are_identity(out) || c.a->rhs_spec.at[0] != c.ns + 1;

	if (!(product || apart || pack || turn) || !pass_may_rewrite(l->p))
		return false;
	Value *x = layout_transpose(l, &b, c.lhs, in), *y;
	if (!to.zeros.n)
		to.zeros = padding_to_skip(l, &c, op);
	to.lhs_spec = to.out_spec = last;
	if (apart) {
		x = pad_input(l, &b, &c, x, last);
		to.padding = (Pads){ PAD_VALID, 0, NULL, NULL };
	}
	if (product) {
		y = build_product(l, &b, &c, x);
	} else {
		int64_t perm[RANK_MAX], spec[RANK_MAX];
		for (int i = 0; i < c.ns; i++) {
			perm[i] = c.a->rhs_spec.at[2 + i];
			spec[2 + i] = i;
		}
		perm[c.ns] = c.a->rhs_spec.at[1];
		perm[c.ns + 1] = c.a->rhs_spec.at[0];
		spec[0] = c.ns + 1;
		spec[1] = c.ns;
		Panels *q = pack ? layout_pack(l, &b, c.rhs, 0, c.ns + 1, (Ints){ c.ns + 2, perm }) : NULL;
		/* Output features last: they are what lies side by side in the result. */
		to.rhs_spec = ints_copy(a, c.ns + 2, spec);
		y = q ? layout_fusion(l, &b, q, OP_conv_general, x, &to)
		      : build_value(&b, OP_conv_general, ARGS(x, layout_transpose(l, &b, c.rhs, (Ints){ c.ns + 2, perm })), &to);
	}
	Value *back = layout_transpose(l, &b, y, ints_inverse(a, out));
	if (back != y)
		map_set(&l->moved, back, back);
	layout_replace(l, op, back);
	return true;
}
