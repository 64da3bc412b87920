/* codegen/lower/window.c - reduce_window: positions of each window ascending, padding and holes skipped. */
#include "codegen/lower/combine.h"

#include "ir/base/check.h"

static int64_t or_one(Ints list, int i)
{
	return list.n ? list.at[i] : 1;
}

/* Window position and output position -> operand position along axis i; *inside: where there is an element. */
static KOp *window_axis(Emit *e, const Op *op, int i, KOp *out, KOp *at_window, KOp **inside)
{
	const struct attrs_reduce_window *w = op_attrs(reduce_window, op);
	const Type *t = op->arg[0]->type;
	KBuild *b = &e->b;
	int64_t low = w->padding.n ? w->padding.low[i] : 0, high = w->padding.n ? w->padding.high[i] : 0;
	int64_t dilation = or_one(w->base_dilation, i);
	KOp *zero = kb_int(b, 0), *in = NULL;
	KOp *at = kb_add(b, kb_mul(b, out, kb_int(b, or_one(w->strides, i))),
	                 kb_mul(b, at_window, kb_int(b, or_one(w->window_dilation, i))));

	at = kb_sub(b, at, kb_int(b, low));
	if (low > 0)
		in = kb_op(b, SC_le, zero, at, NULL);
	if (dilation > 1) {
		KOp *hole = kb_op(b, SC_eq, kb_op(b, SC_rem, at, kb_int(b, dilation), NULL), zero, NULL);
		in = in ? kb_op(b, SC_and, in, hole, NULL) : hole;
		at = kb_op(b, SC_div, at, kb_int(b, dilation), NULL);
	}
	if (high > 0) {
		KOp *below = kb_op(b, SC_lt, at, kb_dim(b, t->dim[i]), NULL);
		in = in ? kb_op(b, SC_and, in, below, NULL) : below;
	}
	if (in)
		*inside = *inside ? kb_op(b, SC_and, *inside, in, NULL) : in;
	return at;
}

/* Windows wider than this visit only the positions that may meet an element; narrower ones keep bounds that do not
   depend on the output's position, so that they can be jammed and vectorised. */
enum { WIDE = 64 };

/* The loop along axis i of the window, ascending. */
static KOp *window_loop(Emit *e, const Op *op, int i, KOp *out)
{
	const struct attrs_reduce_window *w = op_attrs(reduce_window, op);
	KBuild *b = &e->b;
	int64_t low = w->padding.n ? w->padding.low[i] : 0, high = w->padding.n ? w->padding.high[i] : 0;
	int64_t hole = or_one(w->base_dilation, i), gap = or_one(w->window_dilation, i), size = w->window.at[i];
	KOp *zero = kb_int(b, 0);

	if (size <= WIDE || (low <= 0 && high <= 0 && hole == 1))
		return kb_for(b, zero, kb_int(b, size), 1, KR_K);
	/* Position p meets element (p * gap - first) / hole, if that is a number from 0 to extent - 1. */
	KOp *first = kb_sub(b, kb_int(b, low), kb_mul(b, out, kb_int(b, or_one(w->strides, i))));
	KOp *last = kb_add(b, first, kb_mul(b, kb_sub(b, kb_dim(b, op->arg[0]->type->dim[i]), kb_int(b, 1)), kb_int(b, hole)));
	KOp *inside = kb_op(b, SC_max, first, zero, NULL), *d = kb_int(b, gap);
	KOp *lo = kb_op(b, SC_div, kb_add(b, inside, kb_int(b, gap - 1)), d, NULL);
	KOp *hi = kb_op(b, SC_div, kb_op(b, SC_max, kb_add(b, last, d), zero, NULL), d, NULL);
	hi = kb_op(b, SC_min, hi, kb_int(b, size), NULL);
	if (gap > 1 || hole == 1)
		return kb_for(b, lo, hi, 1, KR_K);
	/* From element to element: when the first lies before the window, start at the next one inside. */
	KOp *r = kb_op(b, SC_rem, first, kb_int(b, hole), NULL), *before = kb_op(b, SC_lt, r, zero, NULL);
	r = kb_op(b, SC_select, before, kb_add(b, r, kb_int(b, hole)), r);
	lo = kb_op(b, SC_select, kb_op(b, SC_lt, zero, first, NULL), first, r);
	return kb_for(b, lo, hi, hole, KR_K);
}

void lower_window(Emit *e, const Op *op)
{
	const struct attrs_reduce_window *w = op_attrs(reduce_window, op);
	const Type *to = op->result[0]->type;
	KBuild *b = &e->b;
	Combine c;
	Index out = index_none(to->rank), in = index_none(to->rank);
	KOp *acc[COMBINE_MAX], *now[COMBINE_MAX], *x[COMBINE_MAX], *next[COMBINE_MAX], *inside = NULL;
	int nwindow = 0, inner = to->rank > 0 ? to->rank - 1 : 0;

	while (inner > 0 && dim_is(to->dim[inner], 1))
		inner--;
	emit_loops(e, to, 0, inner, KR_BATCH, &out);
	emit_loops(e, to, inner, inner + 1 < to->rank ? inner + 1 : to->rank, KR_N, &out);
	emit_loops(e, to, inner + 1, to->rank, KR_BATCH, &out);
	combine_init(e, &c, op);
	for (int i = 0; i < c.n; i++)
		acc[i] = kb_var(b, combine_init_value(e, &c, op, i));
	for (int i = 0; i < to->rank; i++) {
		KOp *p = kb_int(b, 0);
		if (w->window.at[i] != 1) {
			p = window_loop(e, op, i, out.at[i]);
			nwindow++;
		}
		in.at[i] = p;
	}
	for (int i = 0; i < to->rank; i++)
		in.at[i] = window_axis(e, op, i, out.at[i], in.at[i], &inside);
	KOp *old = e->mask;
	e->mask = emit_mask_and(e, inside);
	for (int i = 0; i < c.n; i++)
		x[i] = combine_load(e, &c, op, i, &in);
	e->mask = old;
	for (int i = 0; i < c.n; i++)
		now[i] = kb_get(b, acc[i]);
	combine_apply(e, &c, now, x, next);
	for (int i = 0; i < c.n; i++)
		kb_set(b, acc[i], inside ? kb_op(b, SC_select, inside, next[i], now[i]) : next[i]);
	emit_end(e, nwindow);
	for (int i = 0; i < c.n; i++)
		now[i] = kb_get(b, acc[i]);
	combine_round(e, &c, now);
	for (int i = 0; i < c.n; i++)
		map_set(&e->bound, op->result[i], now[i]);
	for (int i = 0; i < c.n; i++)
		emit_outputs_from(e, op->result[i], &out);
	emit_end(e, to->rank);
}
