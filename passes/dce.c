/* passes/dce.c - erases ops whose results nobody uses. */
#include "ir/order.h"
#include "passes/pass.h"

static void sweep(PassCtx *p, Block *b)
{
	for (Op *op = b->last, *prev; op; op = prev) {
		bool used = op_has(op, T_TERMINATOR) || !op_is_pure(op);

		prev = op->prev;
		for (int i = 0; i < op->nresults; i++)
			used = used || value_has_uses(op->result[i]);
		if (used) {
			for (int i = 0; i < op->nregions && !op_body_is_fixed(op); i++)
				sweep(p, op->region[i]);
		} else if (pass_may_rewrite(p)) {
			op_erase(op);
			p->nhits++;
		}
	}
}

PassResult pass_dce(PassCtx *p)
{
	sweep(p, p->fn->body);
	return p->nhits ? PASS_CHANGED : PASS_SAME;
}
