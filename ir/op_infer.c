/* ir/op_infer.c - giving an op the results that inference says it has. */
#include "ir/base/check.h"
#include "ir/infer.h"

bool op_infer(Ctx *ctx, Func *f, Op *op)
{
	Arena *a = f->module->arena;
	Infer in = { .ctx = ctx, .func = f, .op = op };

	if (!infer_op(&in))
		return false;
	if (op->nresults == 0 && in.result.n) {
		op->result = ARENA_ARRAY(a, Value *, in.result.n);
		op->nresults = in.result.n;
		for (int i = 0; i < op->nresults; i++) {
			op->result[i] = ARENA_NEW(a, Value);
			op->result[i]->def = op;
			op->result[i]->index = i;
			op->result[i]->loc = op->loc;
		}
	}
	CHECK(op->nresults == in.result.n, "%s has %d results, but inference gives %d", op_row(op)->name, op->nresults,
	      in.result.n);
	for (int i = 0; i < op->nresults; i++)
		op->result[i]->type = in.result.at[i];
	return true;
}
