/* passes/layout.c - chooses layouts, and says so in the IR: by transposes, reshapes, pads and packed constants.

   No bit changes: the same terms are added in the same order, from other places. */
#include "passes/layout.h"

static void layout_block(Layout *l, Block *block)
{
	for (Op *op = block->first, *next; op; op = next) {
		next = op->next;
		for (int i = 0; op_has(op, T_CONTROL) && i < op->nregions; i++)
			layout_block(l, op->region[i]);
		if (op->kind == OP_dot_general)
			layout_dot(l, op);
		else if (op->kind == OP_conv_general)
			layout_conv(l, op);
		else
			layout_sink(l, op);
	}
}

PassResult pass_layout(PassCtx *p)
{
	Layout l = { .p = p };

	map_init(&l.packed, p->scratch);
	map_init(&l.moved, p->scratch);
	layout_block(&l, p->fn->body);
	return p->nhits ? PASS_CHANGED : PASS_SAME;
}
