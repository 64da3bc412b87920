/* codegen/lower/sort.c - sort: bottom-up stable merge sort of each row, on positions.

   The rows' elements stay where they are: what is sorted is a list of positions, merged back and forth between two
   worker buffers; in the end every operand is gathered through it.  Equal elements keep their order because a merge
   takes from the right run only what is strictly less. */
#include "codegen/lower/combine.h"

#include "ir/base/check.h"

typedef struct Sort {
	const Op *op;
	const Type *t;
	int axis;
	Index row;            /* the kept axes */
	Dim count;
} Sort;

static Index at_position(const Sort *s, KOp *position)
{
	Index ix = s->row;

	ix.at[s->axis] = position;
	return ix;
}

/* comparator(element at x, element at y) */
static KOp *emit_less(Emit *e, const Sort *s, KOp *x, KOp *y)
{
	Index ix = at_position(s, x), iy = at_position(s, y);
	KOp *arg[2 * COMBINE_MAX], *less;

	CHECK(s->op->nargs <= COMBINE_MAX, "sort: %d operands in one kernel", s->op->nargs);
	for (int i = 0; i < s->op->nargs; i++) {
		arg[2 * i] = emit_value(e, s->op->arg[i], &ix);
		arg[2 * i + 1] = emit_value(e, s->op->arg[i], &iy);
	}
	emit_region(e, s->op->region[0], arg, &less);
	return less;
}

/* Merges [lo, mid) and [mid, hi) of buffer `from` into `to`. */
static void emit_merge(Emit *e, const Sort *s, int from, int to, KOp *lo, KOp *mid, KOp *hi)
{
	KBuild *b = &e->b;
	KOp *i = kb_var(b, lo), *j = kb_var(b, mid), *one = kb_int(b, 1);
	KOp *k = kb_for(b, lo, hi, 1, KR_SERIAL);
	KOp *left = kb_op(b, SC_lt, kb_get(b, i), mid, NULL), *right = kb_op(b, SC_lt, kb_get(b, j), hi, NULL);
	KOp *take = kb_var(b, kb_op(b, SC_not, left, NULL, NULL));

	kb_if(b, kb_op(b, SC_and, left, right, NULL));
	KOp *x = kb_load(b, from, kb_get(b, j), 1), *y = kb_load(b, from, kb_get(b, i), 1);
	kb_set(b, take, emit_less(e, s, x, y));
	kb_end(b);
	kb_if(b, kb_get(b, take));
	kb_store(b, to, k, kb_load(b, from, kb_get(b, j), 1), NULL);
	kb_set(b, j, kb_op(b, SC_add, kb_get(b, j), one, NULL));
	kb_else(b);
	kb_store(b, to, k, kb_load(b, from, kb_get(b, i), 1), NULL);
	kb_set(b, i, kb_op(b, SC_add, kb_get(b, i), one, NULL));
	kb_end(b);
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

	s.axis = s.axis < 0 ? s.axis + s.t->rank : s.axis;
	s.count = s.t->dim[s.axis];
	s.row = index_none(s.t->rank);
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
	Index from = at_position(&s, kb_load(b, buf[0], k, 1)), to = at_position(&s, k);
	for (int r = 0; r < op->nresults; r++)
		emit_store(e, r, &to, emit_value(e, op->arg[r], &from));
	kb_end(b);
	emit_end(e, outer);
}
