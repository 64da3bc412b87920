/* codegen/lower/cumulate.c - cumulate: along each line one chain, whose every state is a result. */
#include "codegen/lower/combine.h"

void lower_cumulate(Emit *e, const Op *op)
{
	const struct attrs_cumulate *a = op_attrs(cumulate, op);
	const Type *t = op->arg[0]->type;
	int axis = (int)a->dim;
	KBuild *b = &e->b;
	Combine c;
	Index at = index_none(t->rank);
	KOp *acc[COMBINE_MAX], *now[COMBINE_MAX], *x[COMBINE_MAX], *next[COMBINE_MAX];

	/* Lines side by side are unit stride in operand and result: the axis to vectorise. */
	for (int i = 0; i < t->rank; i++)
		if (i != axis)
			emit_loops(e, t, i, i + 1, i == t->rank - 1 ? KR_N : KR_BATCH, &at);
	combine_init(e, &c, op);
	for (int i = 0; i < c.n; i++)
		acc[i] = kb_var(b, combine_init_value(e, &c, op, i));
	KOp *n = kb_dim(b, t->dim[axis]), *k = kb_for(b, kb_int(b, 0), n, 1, KR_SERIAL);
	at.at[axis] = a->reverse ? kb_sub(b, kb_sub(b, n, kb_int(b, 1)), k) : k;
	for (int i = 0; i < c.n; i++) {
		now[i] = kb_get(b, acc[i]);
		x[i] = combine_load(e, &c, op, i, &at);
	}
	combine_apply(e, &c, now, x, next);
	for (int i = 0; i < c.n; i++)
		kb_set(b, acc[i], next[i]);
	KOp **value = a->exclusive ? now : next;
	combine_round(e, &c, value);
	for (int i = 0; i < c.n; i++)
		map_set(&e->bound, op->result[i], value[i]);
	for (int i = 0; i < c.n; i++)
		emit_outputs_from(e, op->result[i], &at);
	emit_end(e, t->rank);
}
