/* passes/expand.c - composite ops become primitives, until none is left. */
#include "ir/expand.h"

#include "ir/base/check.h"
#include "ir/fusion.h"
#include "passes/pass.h"

static void expand_op(PassCtx *p, Op *op)
{
	Builder b = builder_before(p->ctx, op);
	Value **out = ARENA_ARRAY(p->scratch, Value *, op->nresults);

	CHECK(expand_table[op->kind], "%s has no expansion", op_row(op)->name);
	expand_table[op->kind](&b, op, out);
	for (int i = 0; i < op->nresults; i++) {
		CHECK(out[i]->type == op->result[i]->type, "the expansion of %s has another type", op_row(op)->name);
		if (out[i]->def && !out[i]->name && out[i]->def->kind != OP_weight)
			out[i]->name = op->result[i]->name;
		value_replace(op->result[i], out[i]);
	}
	p->nhits++;
}

/* A composite may have brought what the region that it stood in cannot hold. */
static bool check_body(PassCtx *p, const Op *op)
{
	const Op *intruder = op_body_intruder(op);

	if (intruder)
		diag_error(&p->ctx->diag, intruder->loc, "%s: is needed here, but cannot stand in the region of %s, which takes ops that work "
		           "element by element", op_row(intruder)->name, op_row(op)->name);
	return !intruder;
}

static bool expand_block(PassCtx *p, Block *b)
{
	bool ok = true;

	for (Op *op = b->first; op;) {
		if (!op_has(op, T_COMPOSITE)) {
			for (int i = 0; i < op->nregions; i++)
				ok = expand_block(p, op->region[i]) && ok;
			ok = check_body(p, op) && ok;
			op = op->next;
			continue;
		}
		/* An expansion may use composites in turn: go on with the first op that it has built. */
		Op *before = op->prev, *next;
		expand_op(p, op);
		next = before ? before->next : b->first;
		next = next == op ? op->next : next;
		op_erase(op);
		op = next;
	}
	return ok;
}

PassResult pass_expand(PassCtx *p)
{
	if (!expand_block(p, p->fn->body))
		return PASS_FAILED;
	return p->nhits ? PASS_CHANGED : PASS_SAME;
}
