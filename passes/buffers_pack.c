/* passes/buffers_pack.c - puts slots of memory into one workspace, so that slots alive at the same time do not overlap.

   Two ways, of which the better one stays: in areas, here, and over each other (buffers_stack.c).

   Sizes that are one number times the same expression (c * N) are a family: its slots are put as if the expression were
   1, which is right for every value of it.  Numbers are the family of 1.  Each family has its own area.  Within it slots go
   by size, or by size times lifetime, largest first, each into the smallest gap that holds it.  While that takes more than
   the largest live set, what ends highest is put first, and all again, some times; the best stays.  What has no such form,
   or would lose by rounding, shares storage only as a whole: storage for disjoint lifetimes is as large as the largest of
   them. */
#include <stdlib.h>

#include "ir/base/check.h"
#include "passes/buffers.h"

enum { ALIGN = 64, SMALL = 256, TRY_BOTH_MAX = 6000, TRIES = 20000, ROUNDS_MAX = 100 };

typedef struct Item {
	Slot    *slot;
	int64_t  size;             /* in units of the family's expression, a multiple of ALIGN */
	int64_t  at;
	int      number;
} Item;

typedef struct Family {
	Dim  unit;                 /* NULL: 1 */
	VEC(Item) items;
} Family;

typedef struct Shelf {         /* storage that is shared as a whole */
	Dim bytes;
	VEC(Slot *) slots;
} Shelf;

static int64_t round_up(int64_t n)
{
	return (n + ALIGN - 1) / ALIGN * ALIGN;
}

static Dim dim_round_up(DimTable *t, Dim d)
{
	Dim k = dim_const(t, ALIGN);

	return d ? dim_mul(t, dim_ceildiv(t, d, k), k) : NULL;
}

static bool meet(const Slot *a, const Slot *b)
{
	return a->from <= b->to && b->from <= a->to;
}

/* Best fit. */

static int by_size(const void *a, const void *b)
{
	const Item *x = a, *y = b;

	if (x->size != y->size)
		return x->size > y->size ? -1 : 1;
	return x->number - y->number;
}

static double area(const Item *x)
{
	return (double)x->size * (double)(x->slot->to - x->slot->from + 1);
}

static int by_area(const void *a, const void *b)
{
	const Item *x = a, *y = b;

	if (area(x) != area(y))
		return area(x) > area(y) ? -1 : 1;
	return x->number - y->number;
}

/* Puts items in their order; those put stand in `put` by offset.  Returns the size of the area, -1 on overflow. */
static int64_t best_fit(Item *item, int n, Item **put)
{
	int64_t top = 0;

	for (int i = 0; i < n; i++) {
		Item *x = &item[i];
		int64_t end = 0, best = -1, best_size = INT64_MAX;
		for (int k = 0; k < i; k++) {
			const Item *y = put[k];
			if (!meet(x->slot, y->slot))
				continue;
			int64_t gap = y->at - end;
			if (gap >= x->size && gap < best_size) {
				best = end;
				best_size = gap;
			}
			end = y->at + y->size > end ? y->at + y->size : end;
		}
		x->at = best >= 0 ? best : end;
		if (x->at > INT64_MAX / 2 - x->size)
			return -1;
		top = x->at + x->size > top ? x->at + x->size : top;
		int k = i;
		for (; k > 0 && put[k - 1]->at > x->at; k--)
			put[k] = put[k - 1];
		put[k] = x;
	}
	return top;
}

typedef struct Event { int64_t time, bytes; } Event;

/* Definitions before ends: what meets counts together. */
static int by_time(const void *a, const void *b)
{
	const Event *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return (x->bytes < y->bytes) - (x->bytes > y->bytes);
}

static int64_t most_alive(PassCtx *p, const Item *item, int n)
{
	Event *e = ARENA_ARRAY(p->scratch, Event, 2 * n + 1);
	int64_t now = 0, most = 0;

	for (int i = 0; i < n; i++) {
		e[2 * i] = (Event){ item[i].slot->from, item[i].size };
		e[2 * i + 1] = (Event){ item[i].slot->to, -item[i].size };
	}
	qsort(e, (size_t)(2 * n), sizeof *e, by_time);
	for (int i = 0; i < 2 * n; i++) {
		if (!i64_add(now, e[i].bytes, &now))
			return INT64_MAX;
		most = now > most ? now : most;
	}
	return most;
}

/* What ends highest goes first the next time. */
static void move_highest(Item *item, int n)
{
	int at = 0;

	for (int i = 1; i < n; i++)
		if (item[i].at + item[i].size > item[at].at + item[at].size)
			at = i;
	Item x = item[at];
	memmove(&item[1], &item[0], sizeof x * (size_t)at);
	item[0] = x;
}

/* Puts the family in one order, then in better ones, as long as there may be any.  The best is left in f. */
static int64_t improve(Family *f, Item *item, Item **put, int64_t least, int64_t best)
{
	int n = f->items.n, rounds = n ? TRIES / n : 0;

	for (int i = 0; i <= rounds && i < ROUNDS_MAX && best != least; i++) {
		if (i)
			move_highest(item, n);
		int64_t top = best_fit(item, n, put);
		if (top >= 0 && (best < 0 || top < best)) {
			best = top;
			memcpy(f->items.at, item, sizeof *item * (size_t)n);
		}
	}
	return best;
}

static int64_t pack_family(PassCtx *p, Family *f)
{
	int n = f->items.n;
	Item **put = ARENA_ARRAY(p->scratch, Item *, n + 1);
	Item *item = ARENA_ARRAY(p->scratch, Item, n + 1);
	int64_t least = most_alive(p, f->items.at, n);

	memcpy(item, f->items.at, sizeof *item * (size_t)n);
	qsort(item, (size_t)n, sizeof *item, by_size);
	int64_t best = improve(f, item, put, least, -1);
	if (n > TRY_BOTH_MAX || best < 0)
		return best;
	qsort(item, (size_t)n, sizeof *item, by_area);
	return improve(f, item, put, least, best);
}

/* Families and shelves. */

/* d = c * unit: unit NULL when d is a number.  False when d has no such form. */
static bool split(DimTable *t, Dim d, int64_t *c, Dim *unit)
{
	*unit = NULL;
	*c = 1;
	if (dim_is_const(d)) {
		*c = d->value;
		return true;
	}
	if (d->kind == DIM_ADD)
		return false;
	*unit = d;
	if (d->kind == DIM_MUL && dim_is_const(d->arg[0])) {
		*c = d->arg[0]->value;
		*unit = dim_divide_exact(t, d, d->arg[0]);
	}
	return *unit && *c > 0;
}

typedef struct Pack {
	PassCtx *p;
	VEC(Family *) families;
	VEC(Shelf *)  shelves;
	VEC(Item)     whole;       /* what goes on shelves; size: about */
} Pack;

static Family *family_of(Pack *k, Dim unit)
{
	for (int i = 0; i < k->families.n; i++)
		if (k->families.at[i]->unit == unit)
			return k->families.at[i];
	Family *f = ARENA_NEW(k->p->scratch, Family);
	f->unit = unit;
	vec_push(k->p->scratch, &k->families, f);
	return f;
}

static bool shelf_is_free(const Shelf *s, const Slot *x)
{
	for (int i = s->slots.n - 1; i >= 0; i--)
		if (meet(s->slots.at[i], x))
			return false;
	return true;
}

/* The first shelf of the same size that is free, else one that is at least as large for certain. */
static void put_on_shelf(Pack *k, Slot *x)
{
	Shelf *found = NULL;

	for (int i = 0; i < k->shelves.n && !(found && found->bytes == x->bytes); i++) {
		Shelf *s = k->shelves.at[i];
		if ((s->bytes == x->bytes || (!found && dim_known_le(x->bytes, s->bytes))) && shelf_is_free(s, x))
			found = s;
	}
	if (!found) {
		found = ARENA_NEW(k->p->scratch, Shelf);
		found->bytes = x->bytes;
		vec_push(k->p->scratch, &k->shelves, found);
	}
	vec_push(k->p->scratch, &found->slots, x);
}

static bool is_family(int64_t c, Dim unit)
{
	return !unit || c >= SMALL || c % ALIGN == 0;
}

Dim slot_room(DimTable *t, const Slot *s)
{
	int64_t c;
	Dim unit;

	if (!split(t, s->bytes, &c, &unit) || !is_family(c, unit))
		return dim_round_up(t, s->bytes);
	Dim n = dim_const(t, round_up(c));
	return unit ? dim_mul(t, n, unit) : n;
}

/* Each family in an area of its own, and the shelves behind them. */
static Dim pack_areas(PassCtx *p, Slot **slot, int n)
{
	DimTable *t = p->ctx->dims;
	Pack k = { .p = p };
	Dim base = dim_const(t, 0);

	for (int i = 0; i < n; i++) {
		int64_t c;
		Dim unit;
		if (split(t, slot[i]->bytes, &c, &unit) && is_family(c, unit)) {
			Family *f = family_of(&k, unit);
			vec_push(p->scratch, &f->items, (Item){ slot[i], round_up(c), 0, i });
		} else {
			vec_push(p->scratch, &k.whole, (Item){ slot[i], dim_about(slot[i]->bytes, 1), 0, i });
		}
	}
	if (k.whole.n)
		qsort(k.whole.at, (size_t)k.whole.n, sizeof(Item), by_size);
	for (int i = 0; i < k.whole.n; i++)
		put_on_shelf(&k, k.whole.at[i].slot);
	for (int i = 0; i < k.families.n; i++) {
		Family *f = k.families.at[i];
		int64_t size = pack_family(p, f);
		if (size < 0)
			return NULL;
		for (int j = 0; j < f->items.n; j++) {
			Dim at = dim_const(t, f->items.at[j].at);
			f->items.at[j].slot->offset = dim_add(t, base, f->unit ? dim_mul(t, at, f->unit) : at);
		}
		Dim all = dim_const(t, size);
		base = dim_add(t, base, f->unit ? dim_mul(t, all, f->unit) : all);
	}
	for (int i = 0; i < k.shelves.n; i++) {
		Shelf *s = k.shelves.at[i];
		for (int j = 0; j < s->slots.n; j++)
			s->slots.at[j]->offset = base;
		base = dim_add(t, base, dim_round_up(t, s->bytes));
	}
	for (int i = 0; i < n; i++)
		if (!slot[i]->offset)
			return NULL;
	return base;
}

/* How large is it?  Symbols may be anything: small ones and large ones count alike. */
static double score(Dim total)
{
	return ((double)dim_about(total, 32) + ALIGN) * ((double)dim_about(total, 1024) + ALIGN);
}

Dim slots_pack(PassCtx *p, Slot **slot, int n)
{
	static const double worth = 0.97;   /* expressions with max cost a little at each call */
	Slot **some = ARENA_ARRAY(p->scratch, Slot *, n + 1);
	int nsome = 0;

	for (int i = 0; i < n; i++) {
		slot[i]->offset = dim_const(p->ctx->dims, 0);
		if (!dim_is(slot[i]->bytes, 0))
			some[nsome++] = slot[i];
	}
	slot = some;
	n = nsome;
	Dim total = pack_areas(p, slot, n);
	if (total && dim_is_const(total))
		return total;
	for (int order = 0; order < STACK_ORDERS; order++) {
		Dim *at = ARENA_ARRAY(p->scratch, Dim, n + 1), other = slots_stack(p, slot, n, order, at);
		if (!other || (total && score(other) >= score(total) * worth))
			continue;
		total = other;
		for (int i = 0; i < n; i++)
			slot[i]->offset = at[i];
	}
	return total;
}
