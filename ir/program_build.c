/* ir/program_build.c - making units: constants, programs and their steps. */
#include "ir/program_build.h"

Unit *unit_new(Ctx *ctx, Module *m)
{
	Unit *u = ARENA_NEW(m->arena, Unit);

	u->ctx = ctx;
	u->module = m;
	u->arena = m->arena;
	return u;
}

int unit_add_const(Unit *u, Blob *blob)
{
	enum { ALIGN = 64 };
	uint64_t bytes = blob_bytes(blob);

	if (bytes > (uint64_t)(INT64_MAX - u->const_bytes - ALIGN))
		return -1;
	int64_t offset = (u->const_bytes + ALIGN - 1) & ~(int64_t)(ALIGN - 1);
	vec_push(u->arena, &u->constant, (UnitConst){ blob, offset, (int64_t)bytes });
	u->const_bytes = offset + (int64_t)bytes;
	return u->constant.n - 1;
}

static bool type_has(const Type *t, Dim d)
{
	int i = 0;

	while (i < t->rank && t->dim[i] != d)
		i++;
	return i < t->rank;
}

void program_add_extent(Unit *u, Program *p, Dim d)
{
	const Func *f = p->func;
	int64_t lo, hi;

	dim_range(d, &lo, &hi);
	bool known = lo >= 0;
	for (int i = 0; i < f->body->args.n && !known; i++)
		known = type_has(f->body->args.at[i]->type, d);
	for (int i = 0; i < f->result_types.n && !known; i++)
		known = type_has(f->result_types.at[i], d);
	for (int i = 0; i < p->extent.n && !known; i++)
		known = p->extent.at[i] == d;
	if (!known)
		vec_push(u->arena, &p->extent, d);
}

typedef struct Walk { Unit *u; Program *p; } Walk;

static bool add_extents(Op *op, void *arg)
{
	Walk *w = arg;

	for (int i = 0; i < op->nresults; i++)
		for (int k = 0; k < op->result[i]->type->rank; k++)
			program_add_extent(w->u, w->p, op->result[i]->type->dim[k]);
	return true;
}

Program *program_new(Unit *u, Func *f, Dim ws_bytes)
{
	Program *p = ARENA_NEW(u->arena, Program);

	p->func = f;
	p->name = f->name;
	p->nsymbols = func_symbols(f, p->symbol, (int)(sizeof p->symbol / sizeof *p->symbol));
	p->ws_bytes = ws_bytes;
	block_walk(f->body, add_extents, &(Walk){ u, p });
	return p;
}

Step *step_add(Unit *u, Steps *to, StepKind kind, Loc loc, int nplaces)
{
	Step *s = ARENA_NEW(u->arena, Step);

	s->kind = kind;
	s->loc = loc;
	s->nplaces = nplaces;
	s->result = -1;
	s->place = ARENA_ARRAY(u->arena, Place, nplaces + 1);
	if (to->last)
		to->last->next = s;
	else
		to->first = s;
	to->last = s;
	return s;
}

void step_set_place(Step *s, int i, Place place)
{
	place.stride = NULL;
	s->place[i] = place;
}

Step *step_add_copy(Unit *u, Steps *to, Loc loc, Place dst, Place src, Dim bytes)
{
	Step *s = step_add(u, to, STEP_COPY, loc, 2);

	step_set_place(s, 0, dst);
	step_set_place(s, 1, src);
	s->bytes = bytes;
	return s;
}
