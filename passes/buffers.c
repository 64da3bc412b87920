/* passes/buffers.c - gives every value its place in memory.

   First it finds what shares a place (a slot): reshapes, what a loop carries, and results that a kernel can write over an
   operand that nobody needs any more.  Returned slots are the caller's outputs.  All others go into the workspace,
   those alive at different times over each other (buffers_pack.c).

   Time counts the ops in the order in which they run.  What comes from outside of a loop and is used in it is alive
   until the loop ends. */
#include "passes/buffers.h"

#include "ir/base/check.h"
#include "ir/base/str.h"
#include "passes/fuse_cost.h"

typedef struct Loop {
	int64_t begin;
	VEC(Slot *) used;          /* from outside of it: alive until its end */
} Loop;

typedef struct Buffers {
	PassCtx *p;
	Func    *fn;
	Map      slot;             /* Value* -> Slot* */
	Map      time;             /* Op* -> its time, as a pointer */
	Map      copies;           /* reshapes that were put in to be copies */
	VEC(Slot *) slots;
	VEC(Loop)   loops;         /* around the op at hand, outermost first */
	int64_t  now;
	int      nconst;
} Buffers;

static Slot *slot_find(Slot *s)
{
	while (s->into) {
		if (s->into->into)
			s->into = s->into->into;
		s = s->into;
	}
	return s;
}

static Slot *slot_of(const Buffers *b, const Value *v)
{
	Slot *s = map_get(&b->slot, v);

	return s ? slot_find(s) : NULL;
}

static Slot *slot_new(Buffers *b, Value *v, PlaceKind kind, int index)
{
	Slot *s = ARENA_NEW(b->p->scratch, Slot);

	*s = (Slot){ .kind = kind, .index = index, .from = b->now, .to = b->now, .level = b->loops.n, .body_last = -1 };
	if (kind == PLACE_WS) {
		s->bytes = type_bytes(b->p->ctx->types, v->type);
		CHECK(s->bytes, "a value larger than 64 bits count");
	}
	map_set(&b->slot, v, s);
	vec_push(b->p->scratch, &b->slots, s);
	return s;
}

static void slot_merge(Slot *into, Slot *from)
{
	into->from = from->from < into->from ? from->from : into->from;
	into->to = from->to > into->to ? from->to : into->to;
	into->level = from->level < into->level ? from->level : into->level;
	if (into->kind == PLACE_WS && from->kind != PLACE_WS) {
		into->kind = from->kind;
		into->index = from->index;
	}
	from->into = into;
}

/* Lifetimes. */

static void touch(Buffers *b, const Value *v)
{
	Slot *s = slot_of(b, v);

	if (!s)
		return;
	s->to = s->to > b->now ? s->to : b->now;
	if (b->loops.n > s->level)
		vec_push(b->p->scratch, &b->loops.at[s->level].used, s);
}

static void touch_region(Buffers *b, const Block *region)
{
	for (const Op *op = region->first; op; op = op->next) {
		for (int i = 0; i < op->nargs; i++)
			touch(b, op->arg[i]);
		for (int i = 0; i < op->nregions; i++)
			touch_region(b, op->region[i]);
	}
}

static void live_block(Buffers *b, Block *block);

/* Results, operands' copies and the arguments of both regions share one place each. */
static void live_while(Buffers *b, Op *op)
{
	for (int i = 0; i < op->nresults; i++) {
		Slot *s = slot_new(b, op->result[i], PLACE_WS, 0);
		s->loop = op;
		for (int r = 0; r < 2; r++)
			map_set(&b->slot, op->region[r]->args.at[i], s);
	}
	vec_push(b->p->scratch, &b->loops, (Loop){ .begin = b->now });
	live_block(b, op->region[0]);
	int64_t body = b->now;
	live_block(b, op->region[1]);
	Loop loop = vec_pop(&b->loops);
	b->now++;
	for (int i = 0; i < op->nresults; i++) {
		Slot *s = slot_of(b, op->result[i]);
		s->body_last = s->to > body ? s->to : -1;
		s->to = b->now;
	}
	for (int i = 0; i < loop.used.n; i++) {
		Slot *s = slot_find(loop.used.at[i]);
		s->to = b->now;
		if (b->loops.n > s->level)
			vec_push(b->p->scratch, &b->loops.at[s->level].used, s);
	}
}

/* A constant that only kernels use is spelled out in them. */
static bool only_in_kernels(const Value *v)
{
	if (!value_is_immediate(v))
		return false;
	for (const Use *u = v->first_use; u; u = u->next)
		switch (u->user->kind) {
		case OP_fusion: case OP_while: case OP_call: case OP_return: case OP_yield: case OP_reshape:
			return false;
		default:
			break;
		}
	return true;
}

static void live_op(Buffers *b, Op *op)
{
	b->now++;
	map_set(&b->time, op, (void *)(intptr_t)b->now);
	for (int i = 0; i < op->nargs; i++)
		touch(b, op->arg[i]);
	if (op_has(op, T_CONST)) {
		bool none = only_in_kernels(op->result[0]);
		slot_new(b, op->result[0], none ? PLACE_NONE : PLACE_CONST, none ? 0 : b->nconst++);
	} else if (op->kind == OP_while) {
		live_while(b, op);
	} else if (op->kind == OP_reshape && !map_has(&b->copies, op)) {
		Slot *s = slot_of(b, op->arg[0]);
		map_set(&b->slot, op->result[0], s);
	} else {
		for (int i = 0; op->kind != OP_fusion && i < op->nregions; i++)
			touch_region(b, op->region[i]);
		for (int i = 0; i < op->nresults; i++)
			slot_new(b, op->result[i], PLACE_WS, 0);
	}
}

static void live_block(Buffers *b, Block *block)
{
	for (Op *op = block->first; op; op = op->next)
		live_op(b, op);
}

/* What a loop's body yields is copied to the carried places one by one.  A yielded value that lies where an earlier copy goes
   is copied aside first. */

static const Value *behind_reshapes(const Value *v)
{
	while (v->def && v->def->kind == OP_reshape)
		v = v->def->arg[0];
	return v;
}

static void save_yields(Buffers *b, Block *block)
{
	for (Op *op = block->first; op; op = op->next) {
		for (int i = 0; op->kind == OP_while && i < op->nregions; i++)
			save_yields(b, op->region[i]);
		if (op->kind != OP_while)
			continue;
		Block *body = op->region[1];
		Op *yield = block_terminator(body);
		for (int i = 0; i < yield->nargs; i++) {
			const Value *v = behind_reshapes(yield->arg[i]);
			if (v->def || v->block != body || v->index >= i || behind_reshapes(yield->arg[v->index]) == v)
				continue;
			const Type *t = yield->arg[i]->type;
			Builder build = builder_before(b->p->ctx, yield);
			Value *copy = BUILD(&build, reshape, ARGS(yield->arg[i]),
			                    .shape = dims_copy(b->p->module->arena, t->rank, t->dim));
			map_set(&b->copies, copy->def, b);
			op_set_arg(yield, i, copy);
		}
	}
}

/* In place. */

static int64_t time_of(const Buffers *b, const Op *op)
{
	return (int64_t)(intptr_t)map_get(&b->time, op);
}

static bool same_bytes(Buffers *b, const Value *v, const Value *w)
{
	return type_bytes(b->p->ctx->types, v->type) == type_bytes(b->p->ctx->types, w->type);
}

/* Does op read the slot through another operand than i, or through one that is used elsewhere than at its own element? */
static bool may_overwrite(Buffers *b, const Op *op, int i, int r)
{
	const Slot *s = slot_of(b, op->arg[i]);

	for (int k = 0; k < op->nargs; k++)
		if (op->arg[k] != op->arg[i] && slot_of(b, op->arg[k]) == s)
			return false;
	return op_is_in_place(b->p->scratch, op, i, r);
}

static void place_over_operand(Buffers *b, const Op *op)
{
	bool taken[64] = { false };
	int64_t t = time_of(b, op);

	if (op->kind == OP_call || op->nargs > 64)
		return;
	for (int r = 0; r < op->nresults; r++) {
		Slot *mine = slot_of(b, op->result[r]);
		for (int i = 0; i < op->nargs; i++) {
			Slot *s = slot_of(b, op->arg[i]);
			if (!s || taken[i] || s->kind != PLACE_WS || s->to != t || s == mine || mine->from != t || mine->kind != PLACE_WS ||
			    !may_overwrite(b, op, i, r))
				continue;
			slot_merge(s, mine);
			for (int k = 0; k < op->nargs; k++)
				taken[k] = taken[k] || slot_of(b, op->arg[k]) == s;
			break;
		}
	}
}

/* The loop's body yields op's result for a carried value that nothing reads from here on: it is computed in its place. */
static void place_over_carried(Buffers *b, Block *block, const Op *op)
{
	Op *loop = block->parent;
	const Op *yield = block_terminator(block);
	int64_t t = time_of(b, op);

	if (!loop || loop->kind != OP_while || block != loop->region[1] || op->kind == OP_call)
		return;
	for (int i = 0; i < yield->nargs; i++) {
		const Value *v = yield->arg[i];
		Slot *mine = slot_of(b, v), *carried = slot_of(b, loop->result[i]);
		if (v->def != op || mine == carried || mine->kind != PLACE_WS || mine->from != t || carried->loop != loop ||
		    carried->body_last > t || !same_bytes(b, v, loop->result[i]))
			continue;
		bool ok = true;
		for (int k = 0; k < op->nargs && ok; k++)
			if (slot_of(b, op->arg[k]) == carried)
				ok = may_overwrite(b, op, k, v->index);
		if (ok) {
			slot_merge(carried, mine);
			carried->body_last = INT64_MAX;   /* once is enough */
		}
	}
}

/* The first value of what a loop carries may lie in the carried place from the start. */
static void place_initial(Buffers *b, const Op *op)
{
	int64_t t = time_of(b, op);

	for (int i = 0; i < op->nargs; i++) {
		Slot *s = slot_of(b, op->arg[i]), *carried = slot_of(b, op->result[i]);
		bool once = true;
		for (int k = 0; k < op->nargs; k++)
			once = once && (k == i || slot_of(b, op->arg[k]) != s);
		if (!once || !s || s == carried || s->kind != PLACE_WS || carried->kind != PLACE_WS || s->to != t || s->level != carried->level ||
		    !same_bytes(b, op->arg[i], op->result[i]))
			continue;
		slot_merge(carried, s);
	}
}

static void place_in_block(Buffers *b, Block *block)
{
	for (Op *op = block->first; op; op = op->next) {
		if (op_has(op, T_CONST | T_TERMINATOR))
			continue;
		if (op->kind == OP_while) {
			place_in_block(b, op->region[0]);
			place_in_block(b, op->region[1]);
			place_initial(b, op);
		} else if (op->kind != OP_reshape) {
			place_over_carried(b, block, op);
			place_over_operand(b, op);
		}
	}
}

/* Places. */

static void place_outputs(Buffers *b)
{
	const Op *ret = block_terminator(b->fn->body);

	for (int i = 0; i < ret->nargs; i++) {
		Slot *s = slot_of(b, ret->arg[i]);
		if (s->kind == PLACE_WS) {
			s->kind = PLACE_OUT;
			s->index = i;
		}
	}
}

static void place_value(Buffers *b, Value *v)
{
	Slot *s = slot_of(b, v);

	CHECK(s, "a value without a slot");
	if (!s->place) {
		Place *p = ARENA_NEW(b->p->module->arena, Place);
		*p = (Place){ s->kind, s->index, s->kind == PLACE_WS ? s->offset : dim_const(b->p->ctx->dims, 0) };
		s->place = p;
	}
	v->place = s->place;
}

static void place_block(Buffers *b, Block *block)
{
	for (int i = 0; i < block->args.n; i++)
		place_value(b, block->args.at[i]);
	for (Op *op = block->first; op; op = op->next) {
		for (int i = 0; i < op->nresults; i++)
			place_value(b, op->result[i]);
		for (int i = 0; op->kind == OP_while && i < op->nregions; i++)
			place_block(b, op->region[i]);
	}
}

static void explain(Buffers *b, Dim total, int64_t bound, int nshared)
{
	Str s = { 0 };

	dim_print(&s, total);
	diag_remark(&b->p->ctx->diag, b->fn->loc,
	            "buffers: the workspace of @%s has %s bytes; the largest live set %s%lld; %d values share storage with others",
	            b->fn->name, str_cstr(&s), dim_is_const(total) ? "has " : "with all symbols 1 has ", (long long)bound, nshared);
	str_free(&s);
}

PassResult pass_buffers(PassCtx *p)
{
	Buffers b = { .p = p, .fn = p->fn };
	FuncPlan *plan = ARENA_NEW(p->module->arena, FuncPlan);
	Block *body = p->fn->body;
	VEC(Slot *) ws = { 0 };
	int64_t bound;

	map_init(&b.slot, p->scratch);
	map_init(&b.time, p->scratch);
	map_init(&b.copies, p->scratch);
	save_yields(&b, body);
	for (int i = 0; i < body->args.n; i++)
		slot_new(&b, body->args.at[i], PLACE_IN, i);
	live_block(&b, body);
	place_in_block(&b, body);
	place_outputs(&b);
	int nshared = 0;
	for (int i = 0; i < b.slots.n; i++) {
		Slot *s = b.slots.at[i];
		nshared += s->into && slot_find(s)->kind != PLACE_CONST;
		if (!s->into && s->kind == PLACE_WS)
			vec_push(p->scratch, &ws, s);
	}
	plan->ws_bytes = slots_pack(p, ws.at, ws.n, &bound);
	if (!plan->ws_bytes) {
		diag_error(&p->ctx->diag, p->fn->loc, "@%s: the workspace is larger than 64 bits can count", p->fn->name);
		return PASS_FAILED;
	}
	plan->lower_bound = dim_const(p->ctx->dims, bound);
	place_block(&b, body);
	p->fn->plan = plan;
	if (p->explain)
		explain(&b, plan->ws_bytes, bound, nshared);
	return PASS_CHANGED;
}
