/* passes/in_place.c - may a kernel write a result over one of its operands?

   It may when it reads the operand only at the position that it writes next, and when it reads that before it writes:
   a loop does for elementwise uses; a row kernel does for uses by its reductions as well, which read a row before
   anything of it is written; the other kernels do in their epilogues, which store nothing before all outputs of a position are
   computed, but for those of an anchor with several results, which go result by result. */
#include "ir/fusion.h"
#include "passes/buffers.h"

typedef struct InPlace {
	FusionKind  kind;
	const Type *type;          /* of the operand and the result */
	const Op   *yield;
	int         result;        /* the result's number, in the yield */
	bool        at_once;       /* all outputs of a position are computed before any is stored */
	Map         seen;
} InPlace;

static bool same_element(const Op *op, int i)
{
	return op_has(op, T_EW) || (op->kind == OP_dynamic_update_slice && i == 0) || (op->kind == OP_scatter && i < op->nresults);
}

/* Is v, at the operand's own position, used only at that position? */
static bool used_in_place(InPlace *c, const Value *v)
{
	for (const Use *u = v->first_use; u; u = u->next) {
		const Op *op = u->user;
		if (op == c->yield) {
			if (u->index != c->result && !c->at_once)
				return false;
			continue;
		}
		if (c->kind == FUSION_ROW && op->kind == OP_reduce && u->index < op->nresults)
			continue;
		if (!same_element(op, u->index) || op->nresults != 1 || !types_same_dims(op->result[0]->type, c->type))
			return false;
		if (map_has(&c->seen, op))
			continue;
		map_set(&c->seen, op, c);
		if (!used_in_place(c, op->result[0]))
			return false;
	}
	return true;
}

bool op_is_in_place(Arena *scratch, const Op *op, int i, int r)
{
	const Type *from = op->arg[i]->type, *to = op->result[r]->type;

	if (!types_same_dims(from, to) || dtype_size(from->dtype) != dtype_size(to->dtype))
		return false;
	for (int k = 0; k < op->nargs; k++)
		if (k != i && op->arg[k] == op->arg[i] && op->kind == OP_fusion)
			return false;
	if (op->kind != OP_fusion) {
		for (int k = 0; k < op->nargs; k++)
			if (op->arg[k] == op->arg[i] && !same_element(op, k))
				return false;
		return op->nresults == 1;
	}
	const Op *anchor;
	InPlace c = { .type = from, .yield = block_terminator(op->region[0]), .result = r };
	c.kind = fusion_kind(op->region[0], &anchor);
	c.at_once = c.kind == FUSION_LOOP || c.kind == FUSION_ROW || (anchor && anchor->nresults == 1);
	if (c.kind == FUSION_SINGLE || c.kind == FUSION_INVALID || (!c.at_once && op->nresults != 1))
		return false;
	/* Of a row kernel, what is written before the row has been read through is of row level. */
	if (c.kind == FUSION_ROW && !types_same_dims(to, anchor->arg[0]->type))
		return false;
	map_init(&c.seen, scratch);
	return used_in_place(&c, op->region[0]->args.at[i]);
}
