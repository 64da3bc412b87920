/* passes/buffers.c - gives every value its place in memory. */
#include "ir/plan.h"

#include "ir/base/check.h"
#include "passes/pass.h"

typedef struct Buffers {
	PassCtx *p;
	Dim      top;          /* end of the workspace so far */
	int      nconst;
} Buffers;

static const Place *place_new(Buffers *b, PlaceKind kind, int index, Dim offset)
{
	Place *pl = ARENA_NEW(b->p->module->arena, Place);

	*pl = (Place){ kind, index, offset };
	return pl;
}

static Dim dim_round_up(DimTable *t, Dim d)
{
	Dim k = dim_const(t, 64);

	return dim_mul(t, dim_ceildiv(t, d, k), k);
}

static void place_in_workspace(Buffers *b, Value *v)
{
	DimTable *t = b->p->ctx->dims;
	Dim bytes = type_bytes(b->p->ctx->types, v->type);

	v->place = place_new(b, PLACE_WS, 0, b->top);
	b->top = bytes ? dim_add(t, b->top, dim_round_up(t, bytes)) : NULL;
	CHECK(b->top, "the workspace has overflowed");
}

static void place_op(Buffers *b, Op *op);

static void place_block(Buffers *b, Block *block)
{
	for (Op *op = block->first; op; op = op->next)
		place_op(b, op);
}

static void place_op(Buffers *b, Op *op)
{
	DimTable *t = b->p->ctx->dims;

	if (op_has(op, T_CONST)) {
		op->result[0]->place = place_new(b, PLACE_CONST, b->nconst++, dim_const(t, 0));
		return;
	}
	for (int i = 0; i < op->nresults; i++)
		if (op->kind == OP_reshape)
			op->result[i]->place = op->arg[0]->place;
		else
			place_in_workspace(b, op->result[i]);
	if (op->kind == OP_while) {
		for (int r = 0; r < 2; r++) {
			for (int i = 0; i < op->nresults; i++)
				op->region[r]->args.at[i]->place = op->result[i]->place;
			place_block(b, op->region[r]);
		}
	}
}

PassResult pass_buffers(PassCtx *p)
{
	Buffers b = { .p = p, .top = dim_const(p->ctx->dims, 0) };
	FuncPlan *plan = ARENA_NEW(p->module->arena, FuncPlan);
	Op *ret = block_terminator(p->fn->body);

	for (int i = 0; i < p->fn->body->args.n; i++)
		p->fn->body->args.at[i]->place = place_new(&b, PLACE_IN, i, b.top);
	place_block(&b, p->fn->body);
	for (int i = 0; i < ret->nargs; i++)
		if (ret->arg[i]->place->kind == PLACE_WS)
			ret->arg[i]->place = place_new(&b, PLACE_OUT, i, dim_const(p->ctx->dims, 0));
	plan->ws_bytes = plan->lower_bound = b.top;
	p->fn->plan = plan;
	return PASS_CHANGED;
}
