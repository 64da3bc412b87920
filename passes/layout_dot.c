/* passes/layout_dot.c - matrix products: packed right-hand sides, unit strides where the inner loop reads. */
#include "passes/layout.h"

enum { ROWS_TO_PACK = 32, BYTES_TO_PACK = 16 << 10, LHS_TO_MOVE = 1 << 16, ROWS_TO_KEEP = 64 };

static bool has(Ints list, int64_t x)
{
	for (int i = 0; i < list.n; i++)
		if (list.at[i] == x)
			return true;
	return false;
}

typedef struct Product {
	const struct attrs_dot_general *a;
	Value *lhs, *rhs;
	int    nbatch, nk;
	int64_t lfree[RANK_MAX], rfree[RANK_MAX];
	int    nl, nr;
	double m, n, k;            /* rows and columns of one of the batch, and terms */
} Product;

static void look_at(Product *d, const Op *op)
{
	*d = (Product){ .a = op_attrs(dot_general, op), .lhs = op->arg[0], .rhs = op->arg[1], .m = 1, .n = 1, .k = 1 };
	d->nbatch = d->a->lhs_batch.n;
	d->nk = d->a->lhs_contract.n;
	for (int i = 0; i < d->lhs->type->rank; i++)
		if (!has(d->a->lhs_batch, i) && !has(d->a->lhs_contract, i))
			d->lfree[d->nl++] = i;
	for (int i = 0; i < d->rhs->type->rank; i++)
		if (!has(d->a->rhs_batch, i) && !has(d->a->rhs_contract, i))
			d->rfree[d->nr++] = i;
	/* One extent at a time, through types of rank 1. */
	for (int i = 0; i < d->nl; i++)
		d->m *= dim_is_const(d->lhs->type->dim[d->lfree[i]]) ? (double)d->lhs->type->dim[d->lfree[i]]->value : 32;
	for (int i = 0; i < d->nr; i++)
		d->n *= dim_is_const(d->rhs->type->dim[d->rfree[i]]) ? (double)d->rhs->type->dim[d->rfree[i]]->value : 32;
	for (int i = 0; i < d->nk; i++) {
		Dim k = d->lhs->type->dim[d->a->lhs_contract.at[i]];
		d->k *= dim_is_const(k) ? (double)k->value : 32;
	}
}

/* [batch..., k..., columns] as axes of the right-hand side. */
static Ints natural_rhs(Arena *a, const Product *d)
{
	int64_t at[RANK_MAX];
	int n = 0;

	for (int i = 0; i < d->nbatch; i++)
		at[n++] = d->a->rhs_batch.at[i];
	for (int i = 0; i < d->nk; i++)
		at[n++] = d->a->rhs_contract.at[i];
	for (int i = 0; i < d->nr; i++)
		at[n++] = d->rfree[i];
	return ints_copy(a, n, at);
}

static Ints natural_lhs(Arena *a, const Product *d)
{
	int64_t at[RANK_MAX];
	int n = 0;

	for (int i = 0; i < d->nbatch; i++)
		at[n++] = d->a->lhs_batch.at[i];
	for (int i = 0; i < d->nl; i++)
		at[n++] = d->lfree[i];
	for (int i = 0; i < d->nk; i++)
		at[n++] = d->a->lhs_contract.at[i];
	return ints_copy(a, n, at);
}

static Ints from_to(Arena *a, int64_t from, int n)
{
	int64_t at[RANK_MAX];

	for (int i = 0; i < n; i++)
		at[i] = from + i;
	return ints_copy(a, n, at);
}

/* Rows of several axes, the last of them short or of unknown length, become one axis: tiles of rows are cut from one axis only. */
static bool merges_rows(const Product *d)
{
	if (d->nbatch || d->nl < 2)
		return false;
	for (int i = 0; i < d->nl; i++)
		if (d->lfree[i] != i)
			return false;
	Dim last = d->lhs->type->dim[d->nl - 1];
	return !dim_is_const(last) || last->value < ROWS_TO_KEEP;
}

static Value *merge_rows(Layout *l, Builder *b, Product *d)
{
	DimTable *t = l->p->ctx->dims;
	const Type *x = d->lhs->type;
	Dim dim[RANK_MAX], rows = dim_const(t, 1);
	int n = 0;

	for (int i = 0; i < d->nl; i++)
		rows = rows ? dim_mul(t, rows, x->dim[i]) : NULL;
	if (!rows)
		return NULL;
	dim[n++] = rows;
	for (int i = d->nl; i < x->rank; i++)
		dim[n++] = x->dim[i];
	return BUILD(b, reshape, ARGS(d->lhs), .shape = dims_copy(l->p->module->arena, n, dim));
}

bool layout_dot(Layout *l, Op *op)
{
	Arena *a = l->p->module->arena;
	Builder b = builder_before(l->p->ctx, op);
	Product d;

	look_at(&d, op);
	if (d.a->order == ORDER_LANES || d.nr != 1 || !d.nk)
		return false;
	struct attrs_dot_general to = *d.a;
	Ints rhs = natural_rhs(a, &d), lhs = natural_lhs(a, &d);
	bool constant = d.rhs->def && value_constant(d.rhs) && !value_is_immediate(d.rhs);
	Dim columns = d.rhs->type->dim[d.rfree[0]];
	bool strided = d.rfree[0] != d.rhs->type->rank - 1;
	bool wide = dim_is_const(columns) && columns->value >= LAYOUT_PANEL;
	bool large = d.k * d.n * dtype_size(d.rhs->type->dtype) >= BYTES_TO_PACK;
	bool pack = wide && (constant || (d.m >= ROWS_TO_PACK && (large || strided)));
	bool turn = !pack && strided && d.m > 2;
	bool move_lhs = d.a->lhs_contract.at[d.nk - 1] != d.lhs->type->rank - 1 && d.m * d.k >= LHS_TO_MOVE && d.n >= 64;
	bool merge = !move_lhs && merges_rows(&d);

	if (!(pack || turn || move_lhs || merge) || !pass_may_rewrite(l->p))
		return false;
	Value *x = d.lhs, *y;
	const Type *out = op->result[0]->type;
	if (move_lhs) {
		x = layout_transpose(l, &b, x, lhs);
		to.lhs_batch = from_to(a, 0, d.nbatch);
		to.lhs_contract = from_to(a, d.nbatch + d.nl, d.nk);
	} else if (merge) {
		Value *rows = merge_rows(l, &b, &d);
		merge = rows != NULL;
		if (rows) {
			int64_t k[RANK_MAX];
			for (int i = 0; i < d.nk; i++)
				k[i] = d.a->lhs_contract.at[i] - d.nl + 1;
			x = rows;
			to.lhs_contract = ints_copy(a, d.nk, k);
		}
	}
	Panels *q = pack ? layout_pack(l, &b, d.rhs, d.nbatch, d.nk, rhs) : NULL;
	if (q || turn) {
		to.rhs_batch = from_to(a, 0, d.nbatch);
		to.rhs_contract = from_to(a, d.nbatch, d.nk);
	}
	if (q)
		y = layout_fusion(l, &b, q, OP_dot_general, x, &to);
	else
		y = build_value(&b, OP_dot_general, ARGS(x, turn ? layout_transpose(l, &b, d.rhs, rhs) : d.rhs), &to);
	if (merge)
		y = BUILD(&b, reshape, ARGS(y), .shape = dims_copy(a, out->rank, out->dim));
	layout_replace(l, op, y);
	return true;
}
