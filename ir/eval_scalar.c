/* ir/eval_scalar.c - elementwise ops: their scalar programs over all elements. */
#include "ir/base/check.h"
#include "ir/eval_impl.h"

bool eval_scalar(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	ScalarProg *prog = map_get(&e->progs, op);
	const void *data[EXPR_ARGS];
	int step[EXPR_ARGS];

	if (!prog) {
		prog = expr_prog(e->arena, op);
		map_set(&e->progs, op, prog);
	}
	out[0] = eval_tensor(e, op, op->result[0]->type);
	if (!out[0])
		return false;
	CHECK(op->nargs <= EXPR_ARGS, "elementwise op with %d operands", op->nargs);
	for (int i = 0; i < op->nargs; i++) {
		data[i] = in[i]->data;
		step[i] = in[i]->rank > 0 || out[0]->rank == 0; /* a scalar operand goes with every element */
		if (step[i] && in[i]->count != out[0]->count)
			return eval_fail(e, op, "operand %d has %lld elements, the result %lld", i, (long long)in[i]->count,
				(long long)out[0]->count);
	}
	if (out[0]->count > 0)
		scalar_prog_eval(prog, data, step, out[0]->data, (size_t)out[0]->count);
	return true;
}
