/* passes/cse.c - equal ops on equal operands are computed once.  A value of an enclosing block serves inner ones. */
#include "ir/order.h"
#include "ir/base/check.h"
#include "passes/pass.h"

typedef struct Known { Op *op; struct Known *next; } Known;
typedef struct Scope { Map table; struct Scope *outer; } Scope;

static uint64_t op_hash(const Op *op)
{
	uint64_t h = hash_mix(0x9e3779b97f4a7c15u, (uint64_t)op->kind);

	h = hash_mix(h, attrs_hash(op->kind, op->attrs));
	for (int i = 0; i < op->nargs; i++)
		h = hash_mix(h, (uint64_t)(uintptr_t)op->arg[i]);   /* only decides the bucket: output stays deterministic */
	return h | 1;
}

static bool ops_equal(const Op *a, const Op *b)
{
	if (a->kind != b->kind || a->nargs != b->nargs || a->nresults != b->nresults)
		return false;
	for (int i = 0; i < a->nargs; i++)
		if (a->arg[i] != b->arg[i])
			return false;
	for (int i = 0; i < a->nresults; i++)
		if (a->result[i]->type != b->result[i]->type)
			return false;
	return attrs_equal(a->kind, a->attrs, b->attrs);
}

/* Ops with regions are left alone: comparing bodies costs more than such repeats are worth. */
static bool can_merge(const Op *op)
{
	return op->nregions == 0 && op->nresults > 0 && !op_has(op, T_TERMINATOR) && op_is_pure(op);
}

static Op *find(const Scope *s, const Op *op, const void *key)
{
	for (; s; s = s->outer)
		for (Known *k = map_get(&s->table, key); k; k = k->next)
			if (ops_equal(k->op, op))
				return k->op;
	return NULL;
}

static void cse_block(PassCtx *p, Block *b, Scope *outer)
{
	Scope s = { .outer = outer };

	map_init(&s.table, p->scratch);
	for (Op *op = b->first, *next; op; op = next) {
		next = op->next;
		/* A fusion's region sees nothing of the outside. */
		for (int i = 0; i < op->nregions && !op_body_is_fixed(op); i++)
			cse_block(p, op->region[i], op->kind == OP_fusion ? NULL : &s);
		if (!can_merge(op))
			continue;
		const void *key = (const void *)(uintptr_t)op_hash(op);
		Op *same = find(&s, op, key);
		if (same && pass_may_rewrite(p)) {
			for (int i = 0; i < op->nresults; i++)
				value_replace(op->result[i], same->result[i]);
			op_erase(op);
			p->nhits++;
			continue;
		}
		Known *k = ARENA_NEW(p->scratch, Known);
		*k = (Known){ op, map_get(&s.table, key) };
		map_set(&s.table, key, k);
	}
}

PassResult pass_cse(PassCtx *p)
{
	cse_block(p, p->fn->body, NULL);
	return p->nhits ? PASS_CHANGED : PASS_SAME;
}
