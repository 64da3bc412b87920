/* passes/buffers.c - gives every value its place in memory.

   First it finds what shares a place (a slot): reshapes, what a loop carries, parts of values (buffers_part.c), and results that
   a kernel can write over an operand that nobody needs any more.  Returned slots are the caller's outputs.  All others go into the workspace,
   those alive at different times over each other (buffers_pack.c).

   Time counts the ops in the order in which they run.  What comes from outside of a loop and is used in it is alive
   until the loop ends. */
#include "passes/buffers.h"

#include "ir/base/check.h"
#include "ir/base/str.h"
#include "ir/complex.h"
#include "ir/print.h"
#include "passes/fuse_cost.h"

Slot *slot_find(Slot *s)
{
	while (s->into) {
		if (s->into->into)
			s->into = s->into->into;
		s = s->into;
	}
	return s;
}

View *view_of(const Buffers *b, const Value *v)
{
	return map_get(&b->view, v);
}

Slot *slot_of(const Buffers *b, const Value *v)
{
	View *w = view_of(b, v);

	return w ? slot_find(w->slot) : NULL;
}

bool dim_at_entry(const Buffers *b, Dim d)
{
	return dim_most(b->p->ctx->dims, d, b->symbol, b->nsymbols) == d;
}

static void slot_add(Buffers *b, Slot *s, Value *v)
{
	View *w = ARENA_NEW(b->p->scratch, View);

	*w = (View){ .value = v, .slot = s, .at = { .offset = dim_const(b->p->ctx->dims, 0) } };
	s->size = s->views.n ? s->size : type_size_estimate(v->type) * dtype_size(v->type->dtype);
	map_set(&b->view, v, w);
	vec_push(b->p->scratch, &s->views, w);
}

static Slot *slot_new(Buffers *b, Value *v, PlaceKind kind, int index)
{
	Slot *s = ARENA_NEW(b->p->scratch, Slot);

	*s = (Slot){ .kind = kind, .index = index, .from = b->now, .to = b->now, .level = b->loops.n, .body_last = -1 };
	/* A value of a size that is data has room for the bound. */
	s->bytes = dim_most(b->p->ctx->dims, type_bytes(b->p->ctx->types, v->type), b->symbol, b->nsymbols);
	if (!s->bytes) {
		b->too_large = true;
		s->bytes = dim_const(b->p->ctx->dims, 0);
	}
	slot_add(b, s, v);
	vec_push(b->p->scratch, &b->slots, s);
	return s;
}

/* Where a view of a slot comes to lie that is put over another value. */
static bool view_moved(Buffers *b, const View *w, const View *over, Place *out)
{
	Ctx *ctx = b->p->ctx;

	if (!w->part)
		return place_reshape(ctx, b->p->module->arena, &over->at, over->value->type, w->value->type, out);
	if (over->at.stride)
		return false;
	*out = w->at;
	out->offset = dim_add(ctx->dims, w->at.offset, over->at.offset);
	return out->offset != NULL;
}

bool slot_merge(Buffers *b, Slot *into, Slot *from, const View *over)
{
	Place *moved = ARENA_ARRAY(b->p->scratch, Place, from->views.n + 1);

	for (int i = 0; i < from->views.n; i++)
		if (!view_moved(b, from->views.at[i], over, &moved[i]))
			return false;
	for (int i = 0; i < from->views.n; i++) {
		from->views.at[i]->at = moved[i];
		from->views.at[i]->part = from->views.at[i]->part || over->part;
		vec_push(b->p->scratch, &into->views, from->views.at[i]);
	}
	into->from = from->from < into->from ? from->from : into->from;
	into->to = from->to > into->to ? from->to : into->to;
	into->level = from->level < into->level ? from->level : into->level;
	into->parts = into->parts || from->parts;
	if (into->kind == PLACE_WS && from->kind != PLACE_WS) {
		into->kind = from->kind;
		into->index = from->index;
	}
	from->into = into;
	return true;
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
			slot_add(b, s, op->region[r]->args.at[i]);
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

/* The results get their values at the end of either branch. */
static void live_cond(Buffers *b, Op *op)
{
	live_block(b, op->region[0]);
	for (int i = 0; i < op->nresults; i++)
		slot_new(b, op->result[i], PLACE_WS, 0);
	live_block(b, op->region[1]);
	b->now++;
	for (int i = 0; i < op->nresults; i++)
		slot_of(b, op->result[i])->to = b->now;
	map_set(&b->end, op, (void *)(intptr_t)b->now);
}

/* A constant that only kernels use is spelled out in them. */
static bool only_in_kernels(const Value *v)
{
	if (!value_is_immediate(v))
		return false;
	for (const Use *u = v->first_use; u; u = u->next) {
		if (op_has(u->user, T_COLLECTIVE))
			return false;
		switch (u->user->kind) {
		case OP_fusion: case OP_while: case OP_cond: case OP_call: case OP_custom_call: case OP_return: case OP_yield: case OP_reshape:
		case OP_optimization_barrier: case OP_define_size: case OP_bitcast_convert:
			return false;
		default:
			break;
		}
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
	} else if (op->kind == OP_cond) {
		live_cond(b, op);
	} else if ((op->kind == OP_reshape && !map_has(&b->copies, op)) || op->kind == OP_define_size || op_is_recast(op)) {
		slot_add(b, slot_of(b, op->arg[0]), op->result[0]);
	} else if (op->kind == OP_optimization_barrier) {
		for (int i = 0; i < op->nresults; i++)
			slot_add(b, slot_of(b, op->arg[i]), op->result[i]);
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

static const Value *behind_aliases(const Value *v)
{
	while (v->def && (v->def->kind == OP_reshape || v->def->kind == OP_optimization_barrier ||
	                  v->def->kind == OP_define_size || op_is_recast(v->def)))
		v = v->def->arg[v->index];
	return v;
}

static void save_yields(Buffers *b, Block *block)
{
	for (Op *op = block->first; op; op = op->next) {
		for (int i = 0; op_has(op, T_CONTROL) && i < op->nregions; i++)
			save_yields(b, op->region[i]);
		if (op->kind != OP_while)
			continue;
		Block *body = op->region[1];
		Op *yield = block_terminator(body);
		for (int i = 0; i < yield->nargs; i++) {
			const Value *v = behind_aliases(yield->arg[i]);
			if (v->def || v->block != body || v->index >= i || behind_aliases(yield->arg[v->index]) == v)
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

/* Results are copied to their places one by one, too: an input that is a result is copied aside where another result may lie over
   it. */
static void save_inputs(Buffers *b)
{
	Op *ret = block_terminator(b->fn->body);

	for (int i = 0; i < ret->nargs; i++) {
		const Value *v = behind_aliases(ret->arg[i]);
		bool lost = false;
		for (int k = 0; k < b->fn->overlays.n && !v->def; k++)
			lost = lost || (b->fn->overlays.at[k].input == v && b->fn->overlays.at[k].result != i);
		if (!lost)
			continue;
		const Type *t = ret->arg[i]->type;
		Builder build = builder_before(b->p->ctx, ret);
		Value *copy = BUILD(&build, reshape, ARGS(ret->arg[i]), .shape = dims_copy(b->p->module->arena, t->rank, t->dim));
		map_set(&b->copies, copy->def, b);
		op_set_arg(ret, i, copy);
	}
}

/* In place. */

int64_t time_of(const Buffers *b, const Op *op)
{
	return (int64_t)(intptr_t)map_get(&b->time, op);
}

static bool same_bytes(Buffers *b, const Value *v, const Value *w)
{
	return type_bytes(b->p->ctx->types, v->type) == type_bytes(b->p->ctx->types, w->type);
}

bool op_reads(const Buffers *b, const Op *op, const Slot *s)
{
	for (int i = 0; i < op->nargs; i++)
		if (slot_of(b, op->arg[i]) == s)
			return true;
	for (int r = 0; op->kind != OP_fusion && r < op->nregions; r++)
		for (const Op *inner = op->region[r]->first; inner; inner = inner->next)
			if (op_reads(b, inner, s))
				return true;
	return false;
}

/* Not where op reads the slot through another operand than i, in a region, or elsewhere than at its own element. */
bool may_overwrite(Buffers *b, const Op *op, int i, int r)
{
	const Slot *s = slot_of(b, op->arg[i]);

	for (int k = 0; k < op->nargs; k++)
		if (op->arg[k] != op->arg[i] && slot_of(b, op->arg[k]) == s)
			return false;
	for (int k = 0; op->kind != OP_fusion && k < op->nregions; k++)
		for (const Op *inner = op->region[k]->first; inner; inner = inner->next)
			if (op_reads(b, inner, s))
				return false;
	return op_is_in_place(b->p->scratch, op, i, r);
}

static void place_over_operand(Buffers *b, const Op *op)
{
	bool taken[64] = { false };
	int64_t t = time_of(b, op);

	if (op->kind == OP_call || op->kind == OP_custom_call || op->nargs > 64)
		return;
	for (int r = 0; r < op->nresults; r++) {
		Slot *mine = slot_of(b, op->result[r]);
		for (int i = 0; i < op->nargs; i++) {
			Slot *s = slot_of(b, op->arg[i]);
			if (!s || taken[i] || s->kind != PLACE_WS || s->to != t || s == mine || mine->from != t || mine->kind != PLACE_WS ||
			    mine->parts || view_of(b, op->arg[i])->at.stride || !may_overwrite(b, op, i, r) ||
			    !slot_merge(b, s, mine, view_of(b, op->arg[i])))
				continue;
			for (int k = 0; k < op->nargs; k++)
				taken[k] = taken[k] || slot_of(b, op->arg[k]) == s;
			break;
		}
	}
}

/* What the loop's body yields for a carried value that nothing reads from here on lies where op's result does: it is computed in
   its place. */
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
		int r = 0;
		while (r < op->nresults && slot_of(b, op->result[r]) != mine)
			r++;
		if (r == op->nresults || mine == carried || mine->kind != PLACE_WS || mine->from != t || carried->loop != loop ||
		    carried->body_last > t || !same_bytes(b, v, loop->result[i]) || mine->parts || view_of(b, v)->part)
			continue;
		bool ok = true;
		for (int k = 0; k < op->nargs && ok; k++)
			if (slot_of(b, op->arg[k]) == carried)
				ok = may_overwrite(b, op, k, r);
		if (ok && slot_merge(b, carried, mine, view_of(b, loop->result[i]))) {
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
		    !same_bytes(b, op->arg[i], op->result[i]) || view_of(b, op->arg[i])->part)
			continue;
		slot_merge(b, carried, s, view_of(b, op->result[i]));
	}
}

/* What a branch yields is computed in the place of the result, if it comes from the branch and is no other result too. */
static void place_yields(Buffers *b, const Op *op, const Block *branch)
{
	const Op *yield = block_terminator(branch);

	for (int i = 0; i < yield->nargs; i++) {
		const Value *v = yield->arg[i];
		Slot *mine = slot_of(b, v), *result = slot_of(b, op->result[i]);
		bool ok = v->def && v->def->block == branch && mine->kind == PLACE_WS && mine != result && !mine->loop &&
		          mine->from >= time_of(b, branch->first) && !view_of(b, v)->part && same_bytes(b, v, op->result[i]);
		for (int k = 0; k < yield->nargs && ok; k++)
			ok = k == i || (slot_of(b, yield->arg[k]) != mine && slot_of(b, yield->arg[k]) != result);
		if (ok)
			slot_merge(b, result, mine, view_of(b, op->result[i]));
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
		} else if (op->kind == OP_cond) {
			for (int r = 0; r < 2; r++) {
				place_yields(b, op, op->region[r]);
				place_in_block(b, op->region[r]);
			}
		} else if (op->kind != OP_reshape && op->kind != OP_optimization_barrier && op->kind != OP_define_size &&
		           !op_is_recast(op)) {
			place_over_carried(b, block, op);
			place_over_operand(b, op);
		}
	}
}

/* Places. */

/* The op that begins to write the slot; NULL: none that could be told apart from what comes around it. */
static const Op *first_writer(const Buffers *b, const Slot *s)
{
	for (int i = 0; i < s->views.n; i++) {
		const Op *op = s->views.at[i]->value->def;
		if (op && time_of(b, op) == s->from)
			return op;
	}
	return NULL;
}

/* Does op read the input where it writes the output, and only there?  Initial values of what a loop carries are copied one by one. */
static bool writes_what_it_reads(Buffers *b, const Op *op, const Slot *out, const Slot *in)
{
	int r = 0, reads = 0;

	while (r < op->nresults && slot_of(b, op->result[r]) != out)
		r++;
	if (r == op->nresults || op->kind == OP_cond || op->kind == OP_call || op->kind == OP_custom_call || op_has(op, T_COLLECTIVE))
		return false;
	for (int k = 0; k < op->nargs; k++) {
		if (slot_of(b, op->arg[k]) != in)
			continue;
		const View *from = view_of(b, op->arg[k]), *to = view_of(b, op->result[r]);
		reads++;
		if (op->kind == OP_while ? k != r : !may_overwrite(b, op, k, r))
			return false;
		if (from->part || to->part || !place_equal(&from->at, &to->at, op->result[r]->type))
			return false;
	}
	return reads > 0;
}

/* May the caller give one buffer for both?  Not where the input is read after the output was begun. */
static bool may_lie_over(Buffers *b, const Slot *out, const Slot *in)
{
	if (in->to != out->from)
		return in->to < out->from;
	const Op *op = first_writer(b, out);
	return op && writes_what_it_reads(b, op, out, in);
}

static void place_outputs(Buffers *b)
{
	const Op *ret = block_terminator(b->fn->body);

	for (int i = 0; i < ret->nargs; i++) {
		Slot *s = slot_of(b, ret->arg[i]);
		int over = func_over(b->fn, i);
		if (s->kind != PLACE_WS || view_of(b, ret->arg[i])->part ||
		    (over >= 0 && !may_lie_over(b, s, slot_of(b, b->fn->body->args.at[over]))))
			continue;
		s->kind = PLACE_OUT;
		s->index = i;
	}
}

static void place_value(Buffers *b, Value *v)
{
	Slot *s = slot_of(b, v);
	Place *p = ARENA_NEW(b->p->module->arena, Place);

	CHECK(s, "a value without a slot");
	*p = view_of(b, v)->at;
	p->kind = s->kind;
	p->index = s->index;
	p->offset = s->kind == PLACE_WS ? dim_add(b->p->ctx->dims, s->offset, p->offset) : p->offset;
	b->too_large = b->too_large || !p->offset;
	v->place = p;
}

static void place_block(Buffers *b, Block *block)
{
	for (int i = 0; i < block->args.n; i++)
		place_value(b, block->args.at[i]);
	for (Op *op = block->first; op; op = op->next) {
		for (int i = 0; i < op->nresults; i++)
			place_value(b, op->result[i]);
		for (int i = 0; op_has(op, T_CONTROL) && i < op->nregions; i++)
			place_block(b, op->region[i]);
	}
}

static const char *name_of(const Buffers *b, const Value *v)
{
	if (v->name)
		return arena_printf(b->p->scratch, "%%%s", v->name);
	return v->def ? arena_printf(b->p->scratch, "the result of %s", op_row(v->def)->name) : "an input";
}

static void explain_parts(Buffers *b)
{
	for (int i = 0; i < b->parts.n; i++) {
		const Value *part = b->parts.at[i].part, *whole = b->parts.at[i].whole;
		const Place *at = part->place;
		Str s = { 0 };
		print_place(&s, at, part->type->rank);
		diag_remark(&b->p->ctx->diag, part->loc, "buffers: %s lies within %s, at %s", name_of(b, part), name_of(b, whole), str_cstr(&s));
		str_free(&s);
	}
}

static void explain_overlays(Buffers *b)
{
	const Op *ret = block_terminator(b->fn->body);

	for (int i = 0; i < b->fn->overlays.n; i++) {
		const Overlay *a = &b->fn->overlays.at[i];
		const Place *at = ret->arg[a->result]->place;
		bool there = at->kind == PLACE_OUT && at->index == a->result;
		diag_remark(&b->p->ctx->diag, a->loc, "buffers: result %d is %s", a->result, there ? "computed over its input" :
		            "copied over its input at the end, since the input is read when the result is there already");
	}
}

static void explain(Buffers *b, const FuncPlan *plan, int nshared)
{
	Str s = { 0 }, bound = { 0 };

	dim_print(&s, plan->ws_bytes);
	dim_print(&bound, plan->lower_bound);
	diag_remark(&b->p->ctx->diag, b->fn->loc,
	            "buffers: the workspace of @%s has %s bytes; the largest live set has %s; values within or in place of others: %d", b->fn->name,
	            str_cstr(&s), str_cstr(&bound), nshared);
	str_free(&s);
	str_free(&bound);
	explain_parts(b);
	explain_overlays(b);
}

PassResult pass_buffers(PassCtx *p)
{
	Buffers b = { .p = p, .fn = p->fn };
	FuncPlan *plan = ARENA_NEW(p->module->arena, FuncPlan);
	Block *body = p->fn->body;
	VEC(Slot *) ws = { 0 };

	b.nsymbols = func_symbols(p->fn, b.symbol, 64);
	map_init(&b.view, p->scratch);
	map_init(&b.time, p->scratch);
	map_init(&b.end, p->scratch);
	map_init(&b.copies, p->scratch);
	save_yields(&b, body);
	save_inputs(&b);
	for (int i = 0; i < body->args.n; i++)
		slot_new(&b, body->args.at[i], PLACE_IN, i);
	live_block(&b, body);
	place_parts(&b);
	place_conds(&b, body);
	place_in_block(&b, body);
	place_outputs(&b);
	int nshared = 0;
	for (int i = 0; i < b.slots.n; i++) {
		Slot *s = b.slots.at[i];
		nshared += s->into && slot_find(s)->kind != PLACE_CONST;
		if (!s->into && s->kind == PLACE_WS)
			vec_push(p->scratch, &ws, s);
	}
	plan->ws_bytes = slots_pack(p, ws.at, ws.n);
	if (plan->ws_bytes)
		place_block(&b, body);
	if (!plan->ws_bytes || b.too_large) {
		diag_error(&p->ctx->diag, p->fn->loc, "@%s: the workspace is larger than 64 bits can count", p->fn->name);
		return PASS_FAILED;
	}
	plan->lower_bound = slots_bound(p, ws.at, ws.n);
	p->fn->plan = plan;
	if (p->explain)
		explain(&b, plan, nshared);
	return PASS_CHANGED;
}
