/* codegen/lower/sort.c - sort: bottom-up stable merge sort of each row, on positions.  The first few are selected (select.c).

   The rows' elements stay where they are: what is sorted is a list of positions, merged back and forth between two
   worker buffers; in the end every operand is gathered through it.  Equal elements keep their order because a merge
   takes from the right run only what is strictly less. */
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

KOp *sort_less_at(Emit *e, const Sort *s, KOp *x, KOp *y)
{
	KOp *a[COMBINE_MAX], *b[COMBINE_MAX];

	sort_load(e, s, x, a);
	sort_load(e, s, y, b);
	return sort_less(e, s, a, b);
}

/* Merges [lo, mid) and [mid, hi) of buffer `from` into `to`.  No branch depends on the elements: at the end of a run its last
   element is looked at again. */
static void emit_merge(Emit *e, const Sort *s, int from, int to, KOp *lo, KOp *mid, KOp *hi)
{
	KBuild *b = &e->b;
	KOp *one = kb_int(b, 1), *last_left = kb_op(b, SC_sub, mid, one, NULL), *last_right = kb_op(b, SC_sub, hi, one, NULL);
	KOp *left = kb_var(b, lo), *right = kb_var(b, mid), *k = kb_for(b, lo, hi, 1, KR_SERIAL);
	KOp *i = kb_get(b, left), *j = kb_get(b, right);
	KOp *x = kb_load(b, from, kb_op(b, SC_min, i, last_left, NULL), 1);
	KOp *y = kb_load(b, from, kb_op(b, SC_min, j, last_right, NULL), 1);
	KOp *both = kb_op(b, SC_and, kb_op(b, SC_lt, i, mid, NULL), sort_less_at(e, s, y, x), NULL);
	KOp *rest = kb_op(b, SC_le, mid, i, NULL);
	KOp *take = kb_op(b, SC_and, kb_op(b, SC_lt, j, hi, NULL), kb_op(b, SC_or, both, rest, NULL), NULL);

	kb_store(b, to, k, kb_op(b, SC_select, take, y, x), NULL);
	kb_set(b, right, kb_op(b, SC_select, take, kb_op(b, SC_add, j, one, NULL), j));
	kb_set(b, left, kb_op(b, SC_select, take, i, kb_op(b, SC_add, i, one, NULL)));
	kb_end(b);
}

/* All runs of `width`, in pairs. */
static void emit_pass(Emit *e, const Sort *s, int from, int to, KOp *width, KOp *n)
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

void lower_sort(Emit *e, const Op *op)
{
	KBuild *b = &e->b;
	Sort s = { .op = op, .t = op->arg[0]->type, .axis = (int)op_attrs(sort, op)->dim };
	int buf[2], outer = 0;

	CHECK(op->nargs <= COMBINE_MAX, "sort: %d operands in one kernel", op->nargs);
	s.count = s.t->dim[s.axis];
	s.row = index_none(s.t->rank);
	if (op_attrs(sort, op)->first.n) {
		lower_select(e, &s);
		return;
	}
	for (int i = 0; i < 2; i++) {
		KBuf scratch = { i ? "order1" : "order0", DT_I64, KB_SCRATCH, s.count, 64 };
		buf[i] = kernel_add_buf(b->k, scratch);
	}
	for (int i = 0; i < s.t->rank; i++)
		if (i != s.axis) {
			emit_loops(e, s.t, i, i + 1, KR_BATCH, &s.row);
			outer++;
		}
	KOp *n = kb_dim(b, s.count), *i = kb_for(b, kb_int(b, 0), n, 1, KR_SERIAL);
	kb_store(b, buf[0], i, i, NULL);
	kb_end(b);
	/* Two passes a round, so that the result always lies in buffer 0; a pass over sorted runs copies them. */
	KOp *width = kb_var(b, kb_int(b, 1));
	kb_while(b);
	kb_do(b, kb_op(b, SC_lt, kb_get(b, width), n, NULL));
	KOp *w = kb_get(b, width);
	emit_pass(e, &s, buf[0], buf[1], w, n);
	KOp *w2 = kb_op(b, SC_add, w, w, NULL);
	emit_pass(e, &s, buf[1], buf[0], w2, n);
	kb_set(b, width, kb_op(b, SC_add, w2, w2, NULL));
	kb_end(b);
	KOp *k = kb_for(b, kb_int(b, 0), n, 1, KR_SERIAL);
	Index from = sort_index(&s, kb_load(b, buf[0], k, 1)), to = sort_index(&s, k);
	for (int r = 0; r < op->nresults; r++)
		emit_store(e, r, &to, emit_value(e, op->arg[r], &from));
	kb_end(b);
	emit_end(e, outer);
}
