/* codegen/lower/sort.c - sort: bottom-up stable merge sort of each row.  The first few are selected (select.c).

   The row's elements are merged back and forth between two worker buffers for each operand: in order, which is faster than to
   sort positions and to look up what they stand for.  Equal elements keep their order because a merge takes from the right
   run only what is strictly less. */
#include "codegen/lower/sort.h"

#include "ir/base/check.h"

Index sort_index(const Sort *s, KOp *position)
{
	Index ix = s->row;

	ix.at[s->axis] = position;
	return ix;
}

void sort_load(Emit *e, const Sort *s, KOp *position, KOp **out)
{
	Index ix = sort_index(s, position);

	for (int i = 0; i < s->op->nargs; i++)
		out[i] = emit_value(e, s->op->arg[i], &ix);
}

KOp *sort_less(Emit *e, const Sort *s, KOp *const *x, KOp *const *y)
{
	KOp *arg[2 * COMBINE_MAX], *less;

	for (int i = 0; i < s->op->nargs; i++) {
		arg[2 * i] = x[i];
		arg[2 * i + 1] = y[i];
	}
	emit_region(e, s->op->region[0], arg, &less);
	return less;
}

/* The elements of a row on their way: a buffer for each operand. */
typedef struct Lane { int buf[COMBINE_MAX]; } Lane;

static void move(Emit *e, const Sort *s, const Lane *from, KOp *at, const Lane *to, KOp *where)
{
	for (int i = 0; i < s->op->nargs; i++)
		kb_store(&e->b, to->buf[i], where, kb_load(&e->b, from->buf[i], at, 1), NULL);
}

static KOp *less_in(Emit *e, const Sort *s, const Lane *l, KOp *i, KOp *j)
{
	KOp *x[COMBINE_MAX], *y[COMBINE_MAX];

	for (int k = 0; k < s->op->nargs; k++) {
		x[k] = kb_load(&e->b, l->buf[k], i, 1);
		y[k] = kb_load(&e->b, l->buf[k], j, 1);
	}
	return sort_less(e, s, x, y);
}

/* Merges [lo, mid) and [mid, hi).  No branch depends on the elements until one run is used up. */
static void emit_merge(Emit *e, const Sort *s, const Lane *from, const Lane *to, KOp *lo, KOp *mid, KOp *hi)
{
	KBuild *b = &e->b;
	KOp *zero = kb_int(b, 0), *one = kb_int(b, 1), *left = kb_var(b, lo), *right = kb_var(b, mid);

	kb_while(b);
	kb_do(b, kb_op(b, SC_and, kb_op(b, SC_lt, kb_get(b, left), mid, NULL), kb_op(b, SC_lt, kb_get(b, right), hi, NULL), NULL));
	KOp *i = kb_get(b, left), *j = kb_get(b, right), *take = less_in(e, s, from, j, i);
	move(e, s, from, kb_op(b, SC_select, take, j, i), to, kb_sub(b, kb_add(b, i, j), mid));
	KOp *step = kb_op(b, SC_select, take, one, zero);
	kb_set(b, right, kb_add(b, j, step));
	kb_set(b, left, kb_sub(b, kb_add(b, i, one), step));
	kb_end(b);
	KOp *rest = kb_for(b, kb_get(b, left), mid, 1, KR_SERIAL);
	move(e, s, from, rest, to, kb_add(b, rest, kb_sub(b, hi, mid)));
	kb_end(b);
	rest = kb_for(b, kb_get(b, right), hi, 1, KR_SERIAL);
	move(e, s, from, rest, to, rest);
	kb_end(b);
}

/* All runs of `width`, in pairs. */
static void emit_pass(Emit *e, const Sort *s, const Lane *from, const Lane *to, KOp *width, KOp *n)
{
	KBuild *b = &e->b;
	KOp *two = kb_op(b, SC_add, width, width, NULL);
	KOp *pairs = kb_op(b, SC_div, kb_op(b, SC_add, n, kb_op(b, SC_sub, two, kb_int(b, 1), NULL), NULL), two, NULL);
	KOp *p = kb_for(b, kb_int(b, 0), pairs, 1, KR_SERIAL);
	KOp *lo = kb_op(b, SC_mul, p, two, NULL);
	KOp *mid = kb_op(b, SC_min, kb_op(b, SC_add, lo, width, NULL), n, NULL);
	KOp *hi = kb_op(b, SC_min, kb_op(b, SC_add, lo, two, NULL), n, NULL);

	emit_merge(e, s, from, to, lo, mid, hi);
	kb_end(b);
}

static Lane lane_new(Emit *e, const Sort *s, char which)
{
	Lane l;

	for (int i = 0; i < s->op->nargs; i++)
		l.buf[i] = kernel_add_buf(e->b.k, (KBuf){ arena_printf(e->b.k->arena, "%c%d", which, i), s->op->arg[i]->type->dtype, KB_SCRATCH,
		                                          s->count, 64 });
	return l;
}

void lower_sort(Emit *e, const Op *op)
{
	KBuild *b = &e->b;
	Sort s = { .op = op, .t = op->arg[0]->type, .axis = (int)op_attrs(sort, op)->dim };
	KOp *x[COMBINE_MAX];
	int outer = 0;

	CHECK(op->nargs <= COMBINE_MAX, "sort: %d operands in one kernel", op->nargs);
	s.count = s.t->dim[s.axis];
	s.row = index_none(s.t->rank);
	if (op_attrs(sort, op)->first.n) {
		lower_select(e, &s);
		return;
	}
	Lane one = lane_new(e, &s, 'a'), other = lane_new(e, &s, 'b');
	for (int i = 0; i < s.t->rank; i++)
		if (i != s.axis) {
			emit_loops(e, s.t, i, i + 1, KR_BATCH, &s.row);
			outer++;
		}
	KOp *n = kb_dim(b, s.count), *i = kb_for(b, kb_int(b, 0), n, 1, KR_SERIAL);
	sort_load(e, &s, i, x);
	for (int k = 0; k < op->nargs; k++)
		kb_store(b, one.buf[k], i, x[k], NULL);
	kb_end(b);
	/* Two passes a round, so that the result always lies in the same place; a pass over sorted runs copies them. */
	KOp *width = kb_var(b, kb_int(b, 1));
	kb_while(b);
	kb_do(b, kb_op(b, SC_lt, kb_get(b, width), n, NULL));
	KOp *w = kb_get(b, width);
	emit_pass(e, &s, &one, &other, w, n);
	KOp *w2 = kb_op(b, SC_add, w, w, NULL);
	emit_pass(e, &s, &other, &one, w2, n);
	kb_set(b, width, kb_op(b, SC_add, w2, w2, NULL));
	kb_end(b);
	KOp *k = kb_for(b, kb_int(b, 0), n, 1, KR_SERIAL);
	Index to = sort_index(&s, k);
	for (int r = 0; r < op->nresults; r++)
		emit_store(e, r, &to, kb_load(b, one.buf[r], k, 1));
	kb_end(b);
	emit_end(e, outer);
}
