/* passes/buffers_part.c - parts of values: what saves the copies that slices, concatenations and pads would be.

   A slice lies within its operand.  The operands of a concatenation, and what a pad is put around, are computed where they
   lie in the result; all that is left of a pad is to fill the border.  From the last op to the first, so that a
   concatenation which is itself a part knows where it lies when its own operands are placed.

   A part is stored and read with the strides of the whole.  Where that would cost more than the copy, or where a value must lie
   without gaps (what loops carry, what is returned), the part stays a value of its own; and so it does where the whole, which
   is alive from its first part to its last, would make the workspace much larger. */
#include "ir/fusion.h"
#include "passes/buffers.h"

#include "ir/base/check.h"
#include "passes/fuse_cost.h"

enum { RUN_MIN = 8 };                  /* elements that lie side by side, at least */
static const double GROWTH_MAX = 1.5;  /* of the largest live set */

typedef struct Parts {
	Buffers *b;
	double  *live;             /* bytes alive at each time, about */
	double   most;
} Parts;

/* The largest live set. */

static double cost(const Slot *s)
{
	return s->kind == PLACE_WS && !s->returned ? s->size : 0;
}

static void add_live(Parts *p, const Slot *s, double bytes)
{
	for (int64_t t = s->from; t <= s->to; t++)
		p->live[t] += bytes;
}

static void live_init(Parts *p)
{
	Buffers *b = p->b;
	const Op *ret = block_terminator(b->fn->body);
	double most = 0;

	for (int i = 0; i < ret->nargs; i++)
		slot_of(b, ret->arg[i])->returned = true;
	p->live = ARENA_ARRAY(b->p->scratch, double, b->now + 2);
	for (int i = 0; i < b->slots.n; i++)
		if (!b->slots.at[i]->into)
			add_live(p, b->slots.at[i], cost(b->slots.at[i]));
	for (int64_t t = 0; t <= b->now; t++)
		most = p->live[t] > most ? p->live[t] : most;
	p->most = most * GROWTH_MAX;
}

/* Slot `from` becomes a part of `into`, unless too much were alive then. */
static bool merge(Parts *p, Slot *into, Slot *from, const View *over)
{
	Slot a = *into, b = *from, both = *into;
	bool fits = true;

	both.from = b.from < a.from ? b.from : a.from;
	both.to = b.to > a.to ? b.to : a.to;
	add_live(p, &a, -cost(&a));
	add_live(p, &b, -cost(&b));
	add_live(p, &both, cost(&a));
	for (int64_t t = both.from; t <= both.to && fits; t++)
		fits = p->live[t] <= p->most;
	if (fits && slot_merge(p->b, into, from, over))
		return true;
	add_live(p, &both, -cost(&a));
	add_live(p, &b, cost(&b));
	add_live(p, &a, cost(&a));
	return false;
}

/* Strides. */

/* Elements that lie side by side, about. */
static double run_of(const Type *t, const Place *at)
{
	double run = 1;

	for (int i = t->rank - 1; i >= 0; i--) {
		if (dim_is(t->dim[i], 1))
			continue;
		if (dim_estimate(at->stride[i]) != run)
			return run;
		run *= dim_estimate(t->dim[i]);
	}
	return run;
}

/* Is v, of a fusion's region, of the size of t and reached through a reshape, so that its positions would have to be divided? */
static bool is_reshaped(const Value *v, const Type *t)
{
	const Op *op = v->def;

	if (!op || op_is_anchor(op) || !op_is_forward(op))
		return false;
	if (op->kind == OP_reshape)
		return type_size_estimate(v->type) >= type_size_estimate(t);
	for (int i = 0; i < op->nargs; i++)
		if (is_reshaped(op->arg[i], t))
			return true;
	return false;
}

static bool may_store(const Value *v)
{
	const Op *op = v->def;

	/* What is copied, not computed, is copied as one run. */
	if (op->kind == OP_call || op->kind == OP_custom_call || op->kind == OP_optimization_barrier || op_has(op, T_CONTROL | T_COLLECTIVE))
		return false;
	return op->kind != OP_fusion || !is_reshaped(block_terminator(op->region[0])->arg[v->index], v->type);
}

/* Reductions over several axes count positions, not axes. */
static bool reduces_axes(const Op *op)
{
	return op->kind == OP_reduce && op_attrs(reduce, op)->dims.n > 1;
}

static bool may_load(const Op *user, int index)
{
	if (user->kind != OP_fusion)
		return !reduces_axes(user) && !op_has(user, T_COLLECTIVE);
	for (const Op *op = user->region[0]->first; op; op = op->next)
		if (reduces_axes(op))
			return false;
	for (const Use *u = user->region[0]->args.at[index]->first_use; u; u = u->next)
		if (u->user->kind == OP_reshape)
			return false;
	return true;
}

/* May a value of a slot lie within another, with strides or without? */
static bool may_be_part(const Buffers *b, const View *w, const Block *block, bool strided)
{
	const Op *def = w->value->def;
	bool alias = def && def->kind == OP_reshape && !map_has(&b->copies, def);

	if (!def || def->block != block || (strided && !alias && !may_store(w->value)))
		return false;
	for (const Use *u = w->value->first_use; u; u = u->next)
		switch (u->user->kind) {
		case OP_return: case OP_yield: case OP_while: case OP_cond: case OP_optimization_barrier:
			return false;
		case OP_call: case OP_custom_call:
			if (strided)
				return false;
			break;
		case OP_reshape:
			if (strided && map_has(&b->copies, u->user))
				return false;
			break;
		default:
			if (strided && !may_load(u->user, u->index))
				return false;
		}
	return true;
}

/* Where a part lies is known from the start, for it may be computed before a size is. */
static bool is_fixed(const Buffers *b, const Place *at, int rank)
{
	bool fixed = dim_at_entry(b, at->offset);

	for (int i = 0; i < rank && at->stride && fixed; i++)
		fixed = dim_at_entry(b, at->stride[i]);
	return fixed;
}

/* Puts the slot of v, which is no part yet, into that of `whole`, at `at`. */
static bool join(Parts *p, const Value *v, const Value *whole, const Place *at, const Block *block)
{
	Buffers *b = p->b;
	Slot *from = slot_of(b, v), *into = slot_of(b, whole);
	View over = { .value = (Value *)v, .at = *at, .part = true };

	if (from == into || !is_fixed(b, at, v->type->rank) || from->kind != PLACE_WS || from->loop || into->loop || from->level != into->level || view_of(b, v)->part ||
	    (at->stride && run_of(v->type, at) < RUN_MIN))
		return false;
	for (int i = 0; i < from->views.n; i++)
		if (!may_be_part(b, from->views.at[i], block, at->stride != NULL))
			return false;
	if (!merge(p, into, from, &over))
		return false;
	vec_push(b->p->scratch, &b->parts, (Part){ v, whole });
	b->p->nhits++;
	return true;
}

/* The concatenation or pad that an op stores as its only result, or NULL. */
static const Op *joining_op(const Op *op)
{
	if (op->kind == OP_fusion) {
		const Op *yield = block_terminator(op->region[0]), *anchor;
		if (yield->nargs != 1 || !yield->arg[0]->def || fusion_kind(op->region[0], &anchor) != FUSION_LOOP)
			return NULL;
		op = yield->arg[0]->def;
	}
	return op->kind == OP_concatenate || op->kind == OP_pad ? op : NULL;
}

static void place_operands(Parts *p, const Op *op, const Op *inner)
{
	Buffers *b = p->b;
	const Value *whole = op->result[0];

	for (int i = 0; i < inner->nargs; i++) {
		const Value *v = inner->arg[i];
		Place at;
		if (inner != op)
			v = v->def ? NULL : op->arg[v->index];
		if (!v || !slot_of(b, v) || !place_operand(b->p->ctx, b->p->module->arena, inner, i, &view_of(b, whole)->at, &at))
			continue;
		if (join(p, v, whole, &at, op->block))
			slot_of(b, whole)->parts = true;
	}
}

static void place_block_parts(Parts *p, Block *block)
{
	Buffers *b = p->b;

	for (Op *op = block->last; op; op = op->prev) {
		for (int i = 0; op_has(op, T_CONTROL) && i < op->nregions; i++)
			place_block_parts(p, op->region[i]);
		if (op->nresults != 1 || op_has(op, T_CONTROL))
			continue;
		const Op *inner = joining_op(op);
		if (inner)
			place_operands(p, op, inner);
	}
	/* The other way round: a slice of a slice lies where the first one does. */
	for (Op *op = block->first; op; op = op->next) {
		const Slot *s = op->kind == OP_slice ? slot_of(b, op->arg[0]) : NULL;
		Place at;
		if (s && s->kind != PLACE_NONE &&
		    place_slice(b->p->ctx, b->p->module->arena, op, &view_of(b, op->arg[0])->at, &at))
			join(p, op->result[0], op->arg[0], &at, block);
	}
}

void place_parts(Buffers *b)
{
	Parts p = { .b = b };

	live_init(&p);
	place_block_parts(&p, b->fn->body);
}
