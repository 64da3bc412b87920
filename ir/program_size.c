/* ir/program_size.c - sizes that a program finds out while it runs: where they are known, and what storage they need. */
#include "ir/program.h"

#include "ir/base/check.h"

typedef struct Walk {
	Arena *arena;
	VEC(SizeStep) list;
	VEC(Dim) known;
} Walk;

static void walk(Walk *w, const Steps *steps)
{
	int n = w->known.n;

	for (const Step *s = steps->first; s; s = s->next) {
		if (s->kind == STEP_SIZE) {
			vec_push(w->arena, &w->known, s->size);
			Dim *copy = arena_copy(w->arena, w->known.at, sizeof *copy * (size_t)w->known.n);
			vec_push(w->arena, &w->list, (SizeStep){ s, copy, w->known.n });
		}
		walk(w, &s->body);
		walk(w, &s->other);
	}
	w->known.n = n;
}

int program_sizes(Arena *a, const Program *p, SizeStep **out)
{
	Walk w = { .arena = a };

	for (int i = 0; i < p->nsymbols; i++)
		vec_push(a, &w.known, p->symbol[i]);
	walk(&w, &p->steps);
	*out = w.list.at;
	return w.list.n;
}

static bool is_among(Dim d, const Dim *list, int n)
{
	if (d->kind == DIM_SYM) {
		int i = 0;
		while (i < n && list[i] != d)
			i++;
		return i < n;
	}
	for (int i = 0; i < d->nargs; i++)
		if (!is_among(d->arg[i], list, n))
			return false;
	return true;
}

bool program_knows(const Program *p, Dim d)
{
	return is_among(d, p->symbol, p->nsymbols);
}

bool size_gives(const SizeStep *s, Dim d)
{
	return dim_mentions(d, s->step->size->name) && is_among(d, s->known, s->nknown);
}

bool size_decides(const SizeStep *s, Dim a, Dim b)
{
	return (size_gives(s, a) && is_among(b, s->known, s->nknown)) || (size_gives(s, b) && is_among(a, s->known, s->nknown));
}

Dim program_most(const Unit *u, const Program *p, Dim d)
{
	return dim_most(u->ctx->dims, d, p->symbol, p->nsymbols);
}

const Type *program_room(const Unit *u, const Program *p, int i)
{
	const Func *f = p->func;
	int nin = f->body->args.n;
	const Type *t = i < nin ? f->body->args.at[i]->type : f->result_types.at[i - nin];
	Dim dim[RANK_MAX];

	for (int k = 0; k < t->rank; k++) {
		dim[k] = program_most(u, p, t->dim[k]);
		if (!dim[k])
			return NULL;
	}
	return type_get(u->ctx->types, t->dtype, t->rank, dim);
}
