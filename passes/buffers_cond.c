/* passes/buffers_cond.c - results of cond in place.

   A branch that changes a part of a value, another that passes it on: where nobody needs the old value after them, result and value
   share a place, and neither branch copies it.  A loop's carried value is one that nobody needs when the loop's body yields the
   result for it. */
#include "passes/buffers.h"

static bool same_bytes(const Buffers *b, const Value *v, const Value *w)
{
	return type_bytes(b->p->ctx->types, v->type) == type_bytes(b->p->ctx->types, w->type);
}

static const Op *yield_of(const Op *cond, int r)
{
	return block_terminator(cond->region[r]);
}

static bool cond_keeps(Buffers *b, const Op *cond, int i, const Slot *s);

/* Is what the branch yields as result i computed where s is, by the last op that reads it, or is it there already? */
static bool branch_keeps(Buffers *b, const Op *cond, int r, int i, const Slot *s)
{
	const Op *yield = yield_of(cond, r);
	const Value *v = yield->arg[i];
	const Slot *mine = slot_of(b, v);
	const Op *def = v->def;

	if (view_of(b, v)->part || !same_bytes(b, v, cond->result[i]))
		return false;
	for (int k = 0; k < yield->nargs; k++)
		if (k != i && (slot_of(b, yield->arg[k]) == s || slot_of(b, yield->arg[k]) == mine))
			return false;
	if (mine == s)
		return true;
	if (!def || def->block != cond->region[r] || mine->kind != PLACE_WS || mine->loop || mine->parts)
		return false;
	if (def->kind == OP_cond ? !cond_keeps(b, def, v->index, s) : mine->from != time_of(b, def))
		return false;
	for (int k = 0; k < def->nargs; k++)
		if (slot_of(b, def->arg[k]) == s && !may_overwrite(b, def, k, v->index))
			return false;
	for (const Op *op = def->next; op; op = op->next)
		if (op_reads(b, op, s))
			return false;
	return true;
}

static bool cond_keeps(Buffers *b, const Op *cond, int i, const Slot *s)
{
	for (int r = 0; r < cond->nregions; r++)
		if (!branch_keeps(b, cond, r, i, s))
			return false;
	return true;
}

/* From the outer results to what the innermost branches compute.  One that cannot lie there is copied at the end of its branch. */
static void merge_branches(Buffers *b, const Op *cond, int i, Slot *s)
{
	for (int r = 0; r < cond->nregions; r++) {
		const Value *v = yield_of(cond, r)->arg[i];
		Slot *mine = slot_of(b, v);
		if (mine != s && slot_merge(b, s, mine, view_of(b, cond->result[i])) && v->def->kind == OP_cond)
			merge_branches(b, v->def, v->index, s);
	}
}

/* Does the body of the loop that carries s yield result i of the cond for it, and read s no more after the cond? */
static bool is_carried_on(Buffers *b, const Op *cond, int i, const Slot *s, int64_t end)
{
	const Op *loop = cond->block->parent;

	if (!loop || loop != s->loop || cond->block != loop->region[1] || s->body_last > end)
		return false;
	const Op *yield = block_terminator(cond->block);
	for (int k = 0; k < yield->nargs; k++)
		if (slot_of(b, loop->result[k]) == s)
			return slot_of(b, yield->arg[k]) == slot_of(b, cond->result[i]);
	return false;
}

static bool place_over(Buffers *b, const Op *cond, int i, const Value *v)
{
	Slot *s = slot_of(b, v), *result = slot_of(b, cond->result[i]);
	int64_t end = (int64_t)(intptr_t)map_get(&b->end, cond);

	if (!s || s == result || s->kind != PLACE_WS || result->kind != PLACE_WS || result->parts || s->from >= time_of(b, cond) ||
	    view_of(b, v)->part || view_of(b, v)->at.stride || !same_bytes(b, v, cond->result[i]))
		return false;
	bool carried = s->loop && is_carried_on(b, cond, i, s, end);
	if (!carried && (s->to > end || s->loop == cond->block->parent))
		return false;
	if (!cond_keeps(b, cond, i, s) || !slot_merge(b, s, result, view_of(b, v)))
		return false;
	if (carried)
		s->body_last = INT64_MAX;   /* once is enough */
	merge_branches(b, cond, i, s);
	return true;
}

/* Candidates: what a branch passes on, and what the op reads that computes the result. */
static bool place_over_any(Buffers *b, const Op *cond, int i, const Op *inner, int k)
{
	for (int r = 0; r < inner->nregions; r++) {
		const Value *v = yield_of(inner, r)->arg[k];
		const Op *def = v->def;
		if (place_over(b, cond, i, v))
			return true;
		if (!def || def->block != inner->region[r])
			continue;
		if (def->kind == OP_cond && place_over_any(b, cond, i, def, v->index))
			return true;
		for (int a = 0; a < def->nargs; a++)
			if (place_over(b, cond, i, def->arg[a]))
				return true;
	}
	return false;
}

void place_conds(Buffers *b, Block *block)
{
	for (Op *op = block->first; op; op = op->next) {
		for (int i = 0; op->kind == OP_cond && i < op->nresults; i++)
			place_over_any(b, op, i, op, i);
		for (int r = 0; op_has(op, T_CONTROL) && r < op->nregions; r++)
			place_conds(b, op->region[r]);
	}
}
