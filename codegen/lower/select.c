/* codegen/lower/select.c - the first few elements of a sorted row, without sorting it.

   The positions of the best elements so far are a heap, the worst of them on top.  Every element is compared with that one,
   whose values stay in registers; few get further.  In the end the heap is taken apart, from the worst to the best.  Of equal elements
   the later one is the worse, so the result is the front of what a stable sort gives. */
#include "codegen/lower/sort.h"

#include "ir/base/check.h"

typedef struct Select {
	Sort *s;
	int   heap;           /* buffer of positions */
	KOp  *n;              /* how many are selected */
} Select;

static KOp *emit_worse(Emit *e, const Select *c, KOp *x, KOp *y)
{
	KBuild *b = &e->b;
	KOp *p[COMBINE_MAX], *q[COMBINE_MAX];

	sort_load(e, c->s, x, p);
	sort_load(e, c->s, y, q);
	KOp *after = sort_less(e, c->s, q, p), *before = sort_less(e, c->s, p, q);
	KOp *tie = kb_op(b, SC_and, kb_op(b, SC_not, before, NULL, NULL), kb_op(b, SC_lt, y, x, NULL), NULL);
	return kb_op(b, SC_or, after, tie, NULL);
}

/* Puts `position` where it belongs below `hole`, among the first n of the heap. */
static void emit_sift_down(Emit *e, const Select *c, KOp *hole, KOp *n, KOp *position)
{
	KBuild *b = &e->b;
	KOp *one = kb_int(b, 1), *at = kb_var(b, hole), *end = kb_var(b, n);

	kb_while(b);
	KOp *left = kb_op(b, SC_add, kb_op(b, SC_add, kb_get(b, at), kb_get(b, at), NULL), one, NULL);
	kb_do(b, kb_op(b, SC_lt, left, kb_get(b, end), NULL));
	KOp *now = kb_get(b, at), *l = kb_op(b, SC_add, kb_op(b, SC_add, now, now, NULL), one, NULL), *r = kb_op(b, SC_add, l, one, NULL);
	KOp *child = kb_var(b, l);
	kb_if(b, kb_op(b, SC_lt, r, n, NULL));
	KOp *right = emit_worse(e, c, kb_load(b, c->heap, r, 1), kb_load(b, c->heap, l, 1));
	kb_set(b, child, kb_op(b, SC_select, right, r, l));
	kb_end(b);
	KOp *worst = kb_load(b, c->heap, kb_get(b, child), 1);
	kb_if(b, emit_worse(e, c, worst, position));
	kb_store(b, c->heap, now, worst, NULL);
	kb_set(b, at, kb_get(b, child));
	kb_else(b);
	kb_set(b, end, kb_int(b, 0));
	kb_end(b);
	kb_end(b);
	kb_store(b, c->heap, kb_get(b, at), position, NULL);
}

/* A heap of the first n. */
static void emit_fill(Emit *e, const Select *c)
{
	KBuild *b = &e->b;
	KOp *i = kb_for(b, kb_int(b, 0), c->n, 1, KR_SERIAL);

	kb_store(b, c->heap, i, i, NULL);
	kb_end(b);
	KOp *half = kb_op(b, SC_div, c->n, kb_int(b, 2), NULL);
	i = kb_for(b, kb_int(b, 0), half, 1, KR_SERIAL);
	KOp *hole = kb_op(b, SC_sub, kb_op(b, SC_sub, half, kb_int(b, 1), NULL), i, NULL);
	emit_sift_down(e, c, hole, c->n, kb_load(b, c->heap, hole, 1));
	kb_end(b);
}

/* All others: whoever comes before the worst takes its place. */
static void emit_rest(Emit *e, const Select *c)
{
	KBuild *b = &e->b;
	KOp *zero = kb_int(b, 0), *x[COMBINE_MAX], *top[COMBINE_MAX], *now[COMBINE_MAX];
	int nargs = c->s->op->nargs;

	sort_load(e, c->s, kb_load(b, c->heap, zero, 1), x);
	for (int i = 0; i < nargs; i++)
		top[i] = kb_var(b, x[i]);
	KOp *i = kb_for(b, c->n, kb_dim(b, c->s->count), 1, KR_SERIAL);
	sort_load(e, c->s, i, x);
	for (int k = 0; k < nargs; k++)
		now[k] = kb_get(b, top[k]);
	kb_if(b, sort_less(e, c->s, x, now));
	emit_sift_down(e, c, zero, c->n, i);
	sort_load(e, c->s, kb_load(b, c->heap, zero, 1), x);
	for (int k = 0; k < nargs; k++)
		kb_set(b, top[k], x[k]);
	kb_end(b);
	kb_end(b);
}

/* The worst goes to the end, again and again. */
static void emit_drain(Emit *e, const Select *c)
{
	KBuild *b = &e->b;
	KOp *zero = kb_int(b, 0), *i = kb_for(b, kb_int(b, 1), c->n, 1, KR_SERIAL), *end = kb_op(b, SC_sub, c->n, i, NULL);
	KOp *last = kb_load(b, c->heap, end, 1);

	kb_store(b, c->heap, end, kb_load(b, c->heap, zero, 1), NULL);
	emit_sift_down(e, c, zero, end, last);
	kb_end(b);
}

void lower_select(Emit *e, Sort *s)
{
	KBuild *b = &e->b;
	Dim first = op_attrs(sort, s->op)->first.at[0];
	Select c = { .s = s };
	int outer = 0;

	c.heap = kernel_add_buf(b->k, (KBuf){ "heap", DT_I64, KB_SCRATCH, first, 64 });
	for (int i = 0; i < s->t->rank; i++)
		if (i != s->axis) {
			emit_loops(e, s->t, i, i + 1, KR_BATCH, &s->row);
			outer++;
		}
	c.n = kb_dim(b, first);
	kb_if(b, kb_op(b, SC_lt, kb_int(b, 0), c.n, NULL));
	emit_fill(e, &c);
	emit_rest(e, &c);
	emit_drain(e, &c);
	KOp *k = kb_for(b, kb_int(b, 0), c.n, 1, KR_SERIAL), *x[COMBINE_MAX];
	Index to = sort_index(s, k);
	sort_load(e, s, kb_load(b, c.heap, k, 1), x);
	for (int r = 0; r < s->op->nresults; r++)
		emit_store(e, r, &to, x[r]);
	kb_end(b);
	kb_end(b);
	emit_end(e, outer);
}
