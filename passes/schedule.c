/* passes/schedule.c - orders the ops of each block so that few bytes are alive at once.  Those with side effects keep their order.

   Of the ops whose operands are there it always takes the one that frees most, what it allocates subtracted; of equals
   the first in the order that there was.  Among many ready ops only the first few are looked at, so that the time stays
   linear.  The new order is taken when its peak is lower.

   What is written over an input (a result that is declared to lie there) waits for those that read the input, as long as
   anything else can run: it saves a copy of the result.  An order that has this is taken even if the old one's peak is lower. */
#include "ir/base/check.h"
#include "ir/complex.h"
#include "passes/fuse_cost.h"
#include "passes/pass.h"

enum { LOOK_AHEAD = 64 };

typedef struct Item {
	Op     *op;
	int     missing;           /* operands' ops that have not run yet */
	int     readers;           /* ops that should have run: they read what it overwrites */
	VEC(int) writers;          /* the other way round */
	double  allocates;
	VEC(int) roots;            /* storage that it reads, each once */
	VEC(int) users;            /* items that wait for it, once for each operand */
} Item;

typedef VEC(int) Items;

typedef struct Root { double bytes; int users; } Root;   /* storage: a value and what else names it */

typedef struct Schedule {
	PassCtx *p;
	Block   *block;
	Map      root_of;          /* Value* -> number + 1 */
	Map      item_of;          /* Op* -> number + 1 */
	VEC(Root) root;
	VEC(Item) item;
	VEC(int) sizes;            /* items that define a size */
	Map      input_of;         /* Value* -> number + 1 of the input over which a result lies, which the value is, or a part of it */
	Items   *read_by;          /* items, by number of the input */
} Schedule;

static double bytes_of(const Value *v)
{
	return type_size_estimate(v->type) * dtype_size(v->type->dtype);
}

static int number(const Map *m, const void *key)
{
	return (int)(intptr_t)map_get(m, key) - 1;
}

static void note_operand(Schedule *s, int at, const Value *v)
{
	Item *x = &s->item.at[at];
	int root = number(&s->root_of, v), from = v->def ? number(&s->item_of, v->def) : -1;

	int input = number(&s->input_of, v);
	if (input >= 0 && (!s->read_by[input].n || vec_last(&s->read_by[input]) != at))
		vec_push(s->p->scratch, &s->read_by[input], at);
	if (from >= 0 && from != at) {
		vec_push(s->p->scratch, &s->item.at[from].users, at);
		x->missing++;
	}
	if (root < 0)
		return;
	for (int i = 0; i < x->roots.n; i++)
		if (x->roots.at[i] == root)
			return;
	vec_push(s->p->scratch, &x->roots, root);
	s->root.at[root].users++;
}

static void note_operands(Schedule *s, int at, const Op *op)
{
	for (int i = 0; i < op->nargs; i++)
		note_operand(s, at, op->arg[i]);
	for (int r = 0; op->kind != OP_fusion && r < op->nregions; r++)
		for (const Op *inner = op->region[r]->first; inner; inner = inner->next)
			note_operands(s, at, inner);
}

/* What mentions a size stands behind the op that defines it. */
static void note_sizes(Schedule *s, int at)
{
	const Op *op = s->item.at[at].op;

	for (int i = 0; i < s->sizes.n; i++) {
		Item *def = &s->item.at[s->sizes.at[i]];
		if (!op_mentions(op, *op_size(def->op)))
			continue;
		vec_push(s->p->scratch, &def->users, at);
		s->item.at[at].missing++;
	}
	if (op_size(op))
		vec_push(s->p->scratch, &s->sizes, at);
}

static void note_results(Schedule *s, int at)
{
	Item *x = &s->item.at[at];

	for (int i = 0; i < x->op->nresults; i++) {
		Value *v = x->op->result[i];
		bool view = x->op->kind == OP_reshape || x->op->kind == OP_optimization_barrier || op_is_recast(x->op);
		bool alias = view || x->op->kind == OP_define_size;
		if ((view || x->op->kind == OP_slice) && map_has(&s->input_of, x->op->arg[i]))
			map_set(&s->input_of, v, map_get(&s->input_of, x->op->arg[i]));
		int root = alias ? number(&s->root_of, x->op->arg[i]) : -1;
		if (alias) {
			map_set(&s->root_of, v, (void *)(intptr_t)(root + 1));
			continue;
		}
		vec_push(s->p->scratch, &s->root, (Root){ bytes_of(v), 0 });
		x->allocates += bytes_of(v);
		map_set(&s->root_of, v, (void *)(intptr_t)s->root.n);
	}
}

static void collect(Schedule *s)
{
	int effect = -1;               /* the last op with one */

	for (Op *op = s->block->first; op; op = op->next) {
		if (op_has(op, T_CONST) || op == s->block->last)
			continue;
		vec_push(s->p->scratch, &s->item, (Item){ .op = op });
		map_set(&s->item_of, op, (void *)(intptr_t)s->item.n);
		note_operands(s, s->item.n - 1, op);
		if (!op_is_pure(op)) {
			if (effect >= 0) {
				vec_push(s->p->scratch, &s->item.at[effect].users, s->item.n - 1);
				vec_last(&s->item).missing++;
			}
			effect = s->item.n - 1;
		}
		note_sizes(s, s->item.n - 1);
		note_results(s, s->item.n - 1);
	}
	/* What the block ends with stays alive until then. */
	const Op *end = s->block->last;
	for (int i = 0; i < end->nargs; i++) {
		int root = number(&s->root_of, end->arg[i]);
		if (root >= 0)
			s->root.at[root].users++;
	}
}

/* Who writes over an input comes after who reads it, if that is possible.  Gives how often it is not so in the order that there is. */
static int note_writers(Schedule *s)
{
	const Func *f = s->block->func;
	const Op *end = s->block->last;
	int wrong = 0;

	for (int i = 0; i < f->overlays.n && s->block == f->body; i++) {
		const Op *def = end->arg[f->overlays.at[i].result]->def;
		int input = f->overlays.at[i].input->index, writer = def ? number(&s->item_of, def) : -1;
		for (int k = 0; k < s->read_by[input].n && writer >= 0; k++) {
			int reader = s->read_by[input].at[k];
			if (reader == writer)
				continue;
			vec_push(s->p->scratch, &s->item.at[reader].writers, writer);
			s->item.at[writer].readers++;
			wrong += reader > writer;
		}
	}
	return wrong;
}

static double frees(const Schedule *s, const Item *x, const int *left)
{
	double sum = 0;

	for (int i = 0; i < x->roots.n; i++)
		if (left[x->roots.at[i]] == 1)
			sum += s->root.at[x->roots.at[i]].bytes;
	return sum;
}

typedef struct Live { double now, peak; int *left; } Live;

static Live live_new(const Schedule *s)
{
	Live l = { 0, 0, ARENA_ARRAY(s->p->scratch, int, s->root.n + 1) };

	for (int i = 0; i < s->root.n; i++)
		l.left[i] = s->root.at[i].users;
	return l;
}

static void live_step(const Schedule *s, Live *l, const Item *x)
{
	l->now += x->allocates;
	l->peak = l->now > l->peak ? l->now : l->peak;
	l->now -= frees(s, x, l->left);
	for (int i = 0; i < x->roots.n; i++)
		l->left[x->roots.at[i]]--;
}

/* Items that could run, in the order that there was. */
typedef struct Ready { int n, *at; } Ready;

static void ready_add(Ready *r, int item)
{
	int where = r->n++;

	for (; where > 0 && r->at[where - 1] > item; where--)
		r->at[where] = r->at[where - 1];
	r->at[where] = item;
}

static int ready_take(Ready *r, int which)
{
	int item = r->at[which];

	memmove(&r->at[which], &r->at[which + 1], sizeof *r->at * (size_t)(r->n - which - 1));
	r->n--;
	return item;
}

static int best_of(const Schedule *s, const Ready *r, const Live *live)
{
	int best = 0;
	double most = 0;

	for (int i = 0; i < r->n && i < LOOK_AHEAD; i++) {
		const Item *x = &s->item.at[r->at[i]];
		double score = frees(s, x, live->left) - x->allocates;
		if (i == 0 || score > most) {
			most = score;
			best = i;
		}
	}
	return best;
}

/* The numbers of the items in the order chosen.  held: those that could run, but should wait for readers of what they overwrite. */
static double choose(Schedule *s, int *order)
{
	int n = s->item.n;
	int *missing = ARENA_ARRAY(s->p->scratch, int, n + 1), *readers = ARENA_ARRAY(s->p->scratch, int, n + 1);
	bool *ran = ARENA_ARRAY(s->p->scratch, bool, n + 1);
	Ready ready = { 0, ARENA_ARRAY(s->p->scratch, int, n + 1) }, held = { 0, ARENA_ARRAY(s->p->scratch, int, n + 1) };
	Live live = live_new(s);

	for (int i = 0; i < n; i++) {
		missing[i] = s->item.at[i].missing;
		readers[i] = s->item.at[i].readers;
		if (!missing[i])
			ready_add(readers[i] ? &held : &ready, i);
	}
	for (int k = 0; k < n; k++) {
		CHECK(ready.n || held.n, "ops that wait for each other");
		int at = order[k] = ready.n ? ready_take(&ready, best_of(s, &ready, &live)) : ready_take(&held, 0);
		const Item *x = &s->item.at[at];
		live_step(s, &live, x);
		ran[at] = true;
		for (int i = 0; i < x->writers.n; i++) {
			int writer = x->writers.at[i], where = 0;
			if (--readers[writer] || missing[writer] || ran[writer])
				continue;
			while (held.at[where] != writer)
				where++;
			ready_add(&ready, ready_take(&held, where));
		}
		for (int i = 0; i < x->users.n; i++) {
			int user = x->users.at[i];
			if (--missing[user] == 0)
				ready_add(readers[user] ? &held : &ready, user);
		}
	}
	return live.peak;
}

static void note_inputs(Schedule *s)
{
	const Func *f = s->block->func;

	if (s->block != f->body)
		return;
	s->read_by = ARENA_ARRAY(s->p->scratch, Items, f->body->args.n + 1);
	for (int i = 0; i < f->overlays.n; i++)
		map_set(&s->input_of, f->overlays.at[i].input, (void *)(intptr_t)(f->overlays.at[i].input->index + 1));
}

static void schedule_block(PassCtx *p, Block *block)
{
	Schedule s = { .p = p, .block = block };

	for (Op *op = block->first; op; op = op->next)
		for (int i = 0; op_has(op, T_CONTROL) && i < op->nregions; i++)
			schedule_block(p, op->region[i]);
	map_init(&s.root_of, p->scratch);
	map_init(&s.item_of, p->scratch);
	map_init(&s.input_of, p->scratch);
	note_inputs(&s);
	collect(&s);
	bool late = note_writers(&s) > 0;
	Live before = live_new(&s);
	for (int i = 0; i < s.item.n; i++)
		live_step(&s, &before, &s.item.at[i]);
	int *order = ARENA_ARRAY(p->scratch, int, s.item.n + 1);
	double peak = choose(&s, order);
	if ((peak >= before.peak && !late) || !pass_may_rewrite(p))
		return;
	for (int i = 0; i < s.item.n; i++) {
		Op *op = s.item.at[order[i]].op;
		p->nhits += order[i] != i;
		op_unlink(op);
		op_insert_before(block->last, op);
	}
	if (p->explain && peak < before.peak)
		diag_remark(&p->ctx->diag, block->func->loc, "schedule: the largest live set shrinks from %.0f to %.0f bytes (symbols counted as 32)",
		            before.peak, peak);
}

PassResult pass_schedule(PassCtx *p)
{
	schedule_block(p, p->fn->body);
	return p->nhits ? PASS_CHANGED : PASS_SAME;
}
