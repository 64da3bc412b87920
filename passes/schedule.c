/* passes/schedule.c - orders the ops of each block so that few bytes are alive at once.  Those with side effects keep their order.

   Of the ops whose operands are there it always takes the one that frees most, what it allocates subtracted; of equals
   the first in the order that there was.  Among many ready ops only the first few are looked at, so that the time stays
   linear.  The new order is taken when its peak is lower. */
#include "ir/base/check.h"
#include "passes/fuse_cost.h"
#include "passes/pass.h"

enum { LOOK_AHEAD = 64 };

typedef struct Item {
	Op     *op;
	int     missing;           /* operands' ops that have not run yet */
	double  allocates;
	VEC(int) roots;            /* storage that it reads, each once */
	VEC(int) users;            /* items that wait for it, once for each operand */
} Item;

typedef struct Root { double bytes; int users; } Root;   /* storage: a value and what else names it */

typedef struct Schedule {
	PassCtx *p;
	Block   *block;
	Map      root_of;          /* Value* -> number + 1 */
	Map      item_of;          /* Op* -> number + 1 */
	VEC(Root) root;
	VEC(Item) item;
	VEC(int) sizes;            /* items that define a size */
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
		bool alias = x->op->kind == OP_reshape || x->op->kind == OP_optimization_barrier || x->op->kind == OP_define_size;
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

/* The numbers of the items in the order chosen. */
static double choose(Schedule *s, int *order)
{
	int n = s->item.n, nready = 0, *ready = ARENA_ARRAY(s->p->scratch, int, n + 1);
	int *missing = ARENA_ARRAY(s->p->scratch, int, n + 1);
	Live live = live_new(s);

	for (int i = 0; i < n; i++) {
		missing[i] = s->item.at[i].missing;
		if (!missing[i])
			ready[nready++] = i;
	}
	for (int k = 0; k < n; k++) {
		int best = 0;
		double most = 0;
		CHECK(nready, "ops that wait for each other");
		for (int i = 0; i < nready && i < LOOK_AHEAD; i++) {
			const Item *x = &s->item.at[ready[i]];
			double score = frees(s, x, live.left) - x->allocates;
			if (i == 0 || score > most) {
				most = score;
				best = i;
			}
		}
		int at = order[k] = ready[best];
		memmove(&ready[best], &ready[best + 1], sizeof *ready * (size_t)(nready - best - 1));
		nready--;
		live_step(s, &live, &s->item.at[at]);
		for (int i = 0; i < s->item.at[at].users.n; i++) {
			int user = s->item.at[at].users.at[i];
			if (--missing[user])
				continue;
			/* in the order that there was */
			int where = nready++;
			for (; where > 0 && ready[where - 1] > user; where--)
				ready[where] = ready[where - 1];
			ready[where] = user;
		}
	}
	return live.peak;
}

static void schedule_block(PassCtx *p, Block *block)
{
	Schedule s = { .p = p, .block = block };

	for (Op *op = block->first; op; op = op->next)
		for (int i = 0; op_has(op, T_CONTROL) && i < op->nregions; i++)
			schedule_block(p, op->region[i]);
	map_init(&s.root_of, p->scratch);
	map_init(&s.item_of, p->scratch);
	collect(&s);
	Live before = live_new(&s);
	for (int i = 0; i < s.item.n; i++)
		live_step(&s, &before, &s.item.at[i]);
	int *order = ARENA_ARRAY(p->scratch, int, s.item.n + 1);
	double peak = choose(&s, order);
	if (peak >= before.peak || !pass_may_rewrite(p))
		return;
	for (int i = 0; i < s.item.n; i++) {
		Op *op = s.item.at[order[i]].op;
		p->nhits += order[i] != i;
		op_unlink(op);
		op_insert_before(block->last, op);
	}
	if (p->explain)
		diag_remark(&p->ctx->diag, block->func->loc, "schedule: the largest live set shrinks from %.0f to %.0f bytes (symbols counted as 32)",
		            before.peak, peak);
}

PassResult pass_schedule(PassCtx *p)
{
	schedule_block(p, p->fn->body);
	return p->nhits ? PASS_CHANGED : PASS_SAME;
}
