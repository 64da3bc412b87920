/* passes/fuse_build.c - groups become fusion ops. */
#include <stdlib.h>

#include "ir/base/check.h"
#include "passes/fuse.h"

static int by_index(const void *a, const void *b)
{
	const Node *x = node_of(*(Op *const *)a), *y = node_of(*(Op *const *)b);

	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	return (x->serial > y->serial) - (x->serial < y->serial);
}

typedef struct Entry { Group *group; int at; } Entry;

static int by_label(const void *a, const void *b)
{
	const Entry *x = a, *y = b;

	if (x->group->label != y->group->label)
		return x->group->label < y->group->label ? -1 : 1;
	return x->at - y->at;
}

typedef struct Build {
	Fuse    *f;
	Group   *group;
	Op      *fusion;
	Map      inside;           /* outer value -> region argument or constant */
	VEC(Value *) operands;
} Build;

/* The value by which v, from outside, is known in the region. */
static Value *bring_in(Build *b, Value *v)
{
	Block *region = b->fusion->region[0];
	Value *in = map_get(&b->inside, v);

	if (in)
		return in;
	if (value_is_immediate(v)) {
		Map none;
		map_init(&none, b->f->p->scratch);
		Op *c = op_clone(b->f->block->func, v->def, &none);
		if (region->first)
			op_insert_before(region->first, c);
		else
			op_append(region, c);
		in = c->result[0];
	} else {
		in = block_add_arg(region, v->type, v->name, v->loc);
		vec_push(b->f->p->scratch, &b->operands, v);
	}
	map_set(&b->inside, v, in);
	return in;
}

static bool used_outside(const Block *region, const Value *v)
{
	for (const Use *u = v->first_use; u; u = u->next) {
		const Block *at = u->user->block;
		while (at && at != region)
			at = at->parent ? at->parent->block : NULL;
		if (at != region)
			return true;
	}
	return false;
}

/* Outer uses of v become uses of by. */
static void replace_outside(const Block *region, Value *v, Value *by)
{
	for (Use *u = v->first_use, *next; u; u = next) {
		next = u->next;
		const Block *at = u->user->block;
		while (at && at != region)
			at = at->parent ? at->parent->block : NULL;
		if (at != region)
			op_set_arg(u->user, u->index, by);
	}
}

static void build_fusion(Fuse *f, Group *g, Op *before)
{
	Func *fn = f->block->func;
	Build b = { .f = f, .group = g };
	Op *last = g->ops.at[g->ops.n - 1];
	VEC(Value *) out = { 0 };
	Ctx *ctx = f->p->ctx;

	map_init(&b.inside, f->p->scratch);
	b.fusion = op_new(fn, OP_fusion, last->loc, 0, NULL, NULL);
	Block *region = b.fusion->region[0];
	op_insert_before(before, b.fusion);
	for (int i = 0; i < g->ops.n; i++) {
		Op *op = g->ops.at[i];
		op_unlink(op);
		for (int k = 0; k < op->nargs; k++) {
			Op *d = op->arg[k]->def;
			if (!d || d->block != region)
				op_set_arg(op, k, bring_in(&b, op->arg[k]));
		}
		op_append(region, op);
	}
	for (int i = 0; i < g->ops.n; i++)
		for (int r = 0; r < g->ops.at[i]->nresults; r++)
			if (used_outside(region, g->ops.at[i]->result[r]))
				vec_push(f->p->scratch, &out, g->ops.at[i]->result[r]);
	CHECK(out.n > 0, "a group that nobody uses");
	Op *yield = op_new(fn, OP_yield, last->loc, out.n, out.at, NULL);
	op_append(region, yield);
	op_set_args(b.fusion, b.operands.n, b.operands.at);
	CHECK(op_infer(ctx, fn, b.fusion), "a fusion that inference refuses");
	for (int i = 0; i < out.n; i++) {
		b.fusion->result[i]->name = out.at[i]->name;
		b.fusion->result[i]->loc = out.at[i]->loc;
		replace_outside(region, out.at[i], b.fusion->result[i]);
	}
	const Op *anchor;
	CHECK(fusion_kind(region, &anchor) != FUSION_INVALID, "fuse has made a fusion that breaks the rules");
}

static bool wants_fusion(const Group *g)
{
	if (g->ops.n > 1)
		return true;
	const Op *op = g->ops.at[0];
	/* A reduction of rows alone is lowered by rows only in a fusion; all other ops can stand alone. */
	return g->kind == FUSION_ROW && op->kind == OP_reduce;
}

void fuse_build(Fuse *f)
{
	Arena *a = f->p->scratch;
	Entry *order = ARENA_ARRAY(a, Entry, f->groups.n + 1);
	Op *end = block_terminator(f->block);
	int n = 0;

	for (int i = 0; i < f->groups.n; i++) {
		Group *g = f->groups.at[i];
		if (g->into || !g->ops.n || g->ops.at[0] == end)
			continue;
		qsort(g->ops.at, (size_t)g->ops.n, sizeof *g->ops.at, by_index);
		order[n] = (Entry){ g, n };
		n++;
	}
	qsort(order, (size_t)n, sizeof *order, by_label);
	for (int i = 0; i < n; i++) {
		Group *g = order[i].group;
		if (wants_fusion(g)) {
			build_fusion(f, g, end);
			continue;
		}
		op_unlink(g->ops.at[0]);
		op_insert_before(end, g->ops.at[0]);
	}
}
