/* passes/buffers_stack.c - puts slots of symbolic sizes over each other.

   Offsets are the largest of several sums: what lies below a slot is everything put before that is alive at some time
   with it.  Largest slots first, each at the lowest of these offsets: 0, or behind a slot that it meets, if then for all
   values of the symbols it touches no other that it meets; else behind all of them.  So values of different forms, N * 64
   and N * N * 4, share storage when they are alive at different times.

   Whether sizes are in order is proved by their normal forms; that takes time, and expressions grow.  Both are bounded: what
   goes beyond gives up, and the areas of buffers_pack.c remain. */
#include <stdlib.h>

#include "passes/buffers.h"

enum { SLOTS_MAX = 400, PROOFS_MAX = 100000 };

typedef struct Item {
	Slot   *slot;
	int     number;
	Dim     room;
	double  weight;            /* the larger, the sooner */
	Most    at, top;
} Item;

typedef struct Stack {
	DimTable *t;
	Item    **put;
	int       n;
	int       proofs;
} Stack;

/* Several orders are tried: by size, by size times lifetime, with small symbols and with large ones; by definition. */
static double weight_of(const Slot *s, Dim room, int order)
{
	double time = (double)(s->to - s->from + 1), bytes = (double)dim_about(room, order < 2 ? 32 : 1024);

	return order == 4 ? -(double)s->from : order % 2 ? bytes * time : bytes;
}

static int by_weight(const void *a, const void *b)
{
	const Item *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->number - y->number;
}

static bool known_le(Stack *s, const Most *a, const Most *b)
{
	for (int i = 0; i < a->n; i++) {
		bool found = false;
		for (int k = 0; k < b->n && !found; k++) {
			s->proofs++;
			found = dim_known_le(a->at[i], b->at[k]);
		}
		if (!found)
			return false;
	}
	return true;
}

static bool add_to_all(Stack *s, const Most *m, Dim d, Most *out)
{
	out->n = m->n;
	for (int i = 0; i < m->n; i++)
		if (!(out->at[i] = dim_add(s->t, m->at[i], d)))
			return false;
	return true;
}

static double about(const Most *m)
{
	double most = 0;

	for (int i = 0; i < m->n; i++) {
		double x = (double)dim_about(m->at[i], 32);
		most = x > most ? x : most;
	}
	return most;
}

static bool meet(const Slot *a, const Slot *b)
{
	return a->from <= b->to && b->from <= a->to;
}

static bool is_free(Stack *s, const Item *x, const Most *at)
{
	Most top;

	if (!add_to_all(s, at, x->room, &top))
		return false;
	for (int i = 0; i < s->n; i++)
		if (meet(s->put[i]->slot, x->slot) && !known_le(s, &s->put[i]->top, at) && !known_le(s, &top, &s->put[i]->at))
			return false;
	return true;
}

static bool behind_all(Stack *s, Item *x)
{
	x->at.n = 0;
	for (int i = 0; i < s->n; i++)
		for (int k = 0; meet(s->put[i]->slot, x->slot) && k < s->put[i]->top.n; k++)
			if (!most_add(&x->at, s->put[i]->top.at[k]))
				return false;
	return true;
}

static bool put(Stack *s, Item *x)
{
	Most zero = { 1, { dim_const(s->t, 0) } };
	const Most *best = is_free(s, x, &zero) ? &zero : NULL;
	double least = 0;

	for (int i = 0; i < s->n && best != &zero; i++) {
		const Most *top = &s->put[i]->top;
		if (!meet(s->put[i]->slot, x->slot) || (best && about(top) >= least) || !is_free(s, x, top))
			continue;
		best = top;
		least = about(top);
	}
	if (best)
		x->at = *best;
	else if (!behind_all(s, x))
		return false;
	s->put[s->n++] = x;
	return add_to_all(s, &x->at, x->room, &x->top) && s->proofs <= PROOFS_MAX;
}

Dim slots_stack(PassCtx *p, Slot **slot, int n, int order, Dim *at)
{
	Stack s = { .t = p->ctx->dims, .put = ARENA_ARRAY(p->scratch, Item *, n + 1) };
	Item *item = ARENA_ARRAY(p->scratch, Item, n + 1);
	Most total = { 0 };

	if (n > SLOTS_MAX)
		return NULL;
	for (int i = 0; i < n; i++) {
		Dim room = slot_room(s.t, slot[i]);
		if (!room)
			return NULL;
		item[i] = (Item){ slot[i], i, room, weight_of(slot[i], room, order), { 0 }, { 0 } };
	}
	qsort(item, (size_t)n, sizeof *item, by_weight);
	for (int i = 0; i < n; i++)
		if (!put(&s, &item[i]))
			return NULL;
	for (int i = 0; i < n; i++) {
		at[item[i].number] = most_dim(s.t, &item[i].at);
		for (int k = 0; k < item[i].top.n; k++)
			if (!most_add(&total, item[i].top.at[k]))
				return NULL;
	}
	for (int i = 0; i < n; i++)
		if (!at[i])
			return NULL;
	return most_dim(s.t, &total);
}
