/* codegen/sched/pairs.c - accesses that together are consecutive: an iteration reads or writes elements 2 i and 2 i + 1, as those of
   complex numbers are.  Vectors of them are read in one piece and taken apart in registers, and the other way round. */
#include "codegen/sched/sched.h"

enum { MOST = 128 };        /* accesses of a block that are looked at */

/* Does x go to every second element, whatever else happens? */
static bool alternates(Kernel *k, KOp *loop, KOp *x)
{
	KBuild at_end = { k, loop->body[0], NULL };
	bool masked = x->nargs > (x->kind == K_STORE ? 2 : 1);
	KOp *coef;
	int64_t c;

	return !masked && x->type.lanes == 1 && is_varying(k, x->arg[0]) && kop_affine(&at_end, x->arg[0], loop, &coef) &&
	       kop_const(coef, &c) && c == 2;
}

static bool is_partner(const KOp *x, const KOp *y)
{
	int64_t by;

	return y->kind == x->kind && y->buf == x->buf && kop_apart(x->arg[0], y->arg[0], &by) && (by == 1 || by == -1);
}

/* The access that goes with all[i], behind it: nothing between them sees whether that has happened.  Stores between them that
   alternate like them are those of other iterations. */
static KOp *partner_of(Kernel *k, KOp *loop, KOp *const *all, int n, int i)
{
	for (int j = i + 1; j < n; j++) {
		if (is_partner(all[i], all[j]))
			return all[j];
		if (all[i]->kind == K_STORE && all[j]->buf == all[i]->buf && !(all[j]->kind == K_STORE && alternates(k, loop, all[j])))
			return NULL;
	}
	return NULL;
}

static void find(Kernel *k, KOp *loop, const KBlock *b, Map *pair)
{
	KOp *all[MOST];
	int n = 0;

	for (KOp *x = b->first; x; x = x->next) {
		if (x->body[0])
			n = 0;          /* what is in there is not looked into: pairs lie on one side of it */
		for (int i = 0; i < 2 && x->body[i]; i++)
			find(k, loop, x->body[i], pair);
		if ((x->kind != K_LOAD && x->kind != K_STORE) || n == MOST)
			continue;
		all[n++] = x;
		for (int i = 0; i < n - 1; i++) {
			bool fixed = all[i]->kind == K_STORE || k->buf.at[all[i]->buf].kind == KB_IN;
			if (map_has(pair, all[i]) || map_has(pair, x) || !fixed || !is_partner(all[i], x) || !alternates(k, loop, all[i]) ||
			    !alternates(k, loop, x) || partner_of(k, loop, all, n, i) != x)
				continue;
			map_set(pair, all[i], x);
			map_set(pair, x, all[i]);
		}
	}
}

void sched_find_pairs(Kernel *k, KOp *loop, Map *pair)
{
	find(k, loop, loop->body[0], pair);
}
