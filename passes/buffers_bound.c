/* passes/buffers_bound.c - the largest of several sizes, as expressions; the largest live set. */
#include <stdlib.h>

#include "passes/buffers.h"

int64_t dim_about(Dim d, int64_t symbol)
{
	enum { SYMBOLS = 64 };
	Dim sym[SYMBOLS];
	const char *name[SYMBOLS];
	int64_t value[SYMBOLS], v = 0;
	int n = dim_symbols(d, sym, 0, SYMBOLS);

	for (int i = 0; i < n; i++) {
		name[i] = sym[i]->name;
		int64_t bound = sym[i]->limit ? dim_about(sym[i]->limit, symbol) : sym[i]->bound;
		value[i] = bound < symbol ? bound : symbol;
	}
	return dim_eval(d, &(DimEnv){ n, name, value }, &v) ? v : INT64_MAX;
}

bool most_add(Most *m, Dim d)
{
	int n = 0;

	for (int i = 0; i < m->n; i++)
		if (dim_known_le(d, m->at[i]))
			return true;
	for (int i = 0; i < m->n; i++)
		if (!dim_known_le(m->at[i], d))
			m->at[n++] = m->at[i];
	m->n = n;
	if (n == MOST_MAX)
		return false;
	m->at[m->n++] = d;
	return true;
}

Dim most_dim(DimTable *t, const Most *m)
{
	Dim d = dim_const(t, 0);

	for (int i = 0; i < m->n; i++)
		d = i ? dim_max(t, d, m->at[i]) : m->at[i];
	return d;
}

typedef struct Event { int64_t time; bool ends; int slot; } Event;

/* Definitions before ends: slots that meet count together. */
static int by_time(const void *a, const void *b)
{
	const Event *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	if (x->ends != y->ends)
		return x->ends - y->ends;
	return x->slot - y->slot;
}

Dim slots_bound(PassCtx *p, Slot **slot, int n)
{
	DimTable *t = p->ctx->dims;
	Event *e = ARENA_ARRAY(p->scratch, Event, 2 * n + 1);
	Dim now = dim_const(t, 0);
	Most most = { 0 };

	for (int i = 0; i < n; i++) {
		e[2 * i] = (Event){ slot[i]->from, false, i };
		e[2 * i + 1] = (Event){ slot[i]->to, true, i };
	}
	qsort(e, (size_t)(2 * n), sizeof *e, by_time);
	for (int i = 0; i < 2 * n && now; i++) {
		const Slot *s = slot[e[i].slot];
		Dim room = slot_room(t, s);
		if (e[i].ends && i && !e[i - 1].ends)
			most_add(&most, now);      /* one more than there is room for is left out: the rest is a bound, too */
		now = !room ? NULL : e[i].ends ? dim_sub(t, now, room) : dim_add(t, now, room);
	}
	return most_dim(t, &most);
}
