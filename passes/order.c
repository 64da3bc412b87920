/* passes/order.c - fixes the order of accumulation of every reduction and contraction.

   The order depends only on the op itself (ir/order.h), never on a machine, a batch or a bound dimension, so the bits
   of a result are a property of the program.  It is printed, and every later stage obeys it. */
#include "ir/order.h"
#include "passes/pass.h"

static bool set_order(Op *op, void *arg)
{
	PassCtx *p = arg;
	int64_t row = 0;
	Order *order = op->kind == OP_reduce         ? &op_attrs(reduce, op)->order
	               : op->kind == OP_dot_general  ? &op_attrs(dot_general, op)->order
	               : op->kind == OP_conv_general ? &op_attrs(conv_general, op)->order
	                                             : NULL;

	if (!order || *order != ORDER_NONE)
		return true;
	if (op->kind == OP_reduce) {
		int64_t dims[RANK_MAX];
		int n = order_dims(op, dims);
		*order = order_of(op, &row);
		op_attrs(reduce, op)->row = row;
		op_attrs(reduce, op)->dims = ints_copy(p->module->arena, n, dims);
	} else {
		*order = order_of(op, &row);
	}
	p->nhits++;
	return true;
}

PassResult pass_order(PassCtx *p)
{
	block_walk(p->fn->body, set_order, p);
	return p->nhits ? PASS_CHANGED : PASS_SAME;
}
