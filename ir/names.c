/* ir/names.c - the names under which values are printed.

   A name is unique among those visible with it, by the rules of the parser: it is known from its definition to the end
   of its region.  So names that were read come out unchanged, and a clash that a pass has made gets a suffix.  Unnamed
   values are numbered. */
#include "ir/base/check.h"
#include "ir/lex.h"
#include "ir/text.h"

typedef struct Namer {
	Arena *arena;
	Names *names;
	StrMap live;           /* name -> itself while visible, NULL after */
	StrMap suffix;         /* name -> the last suffix tried for it */
	VEC(const char *) scope;
	int    number;         /* of the next unnamed value */
} Namer;

static const char *unique(Namer *n, const char *name)
{
	if (!strmap_get(&n->live, name))
		return name;
	int *last = strmap_get(&n->suffix, name);
	if (!last) {
		last = ARENA_NEW(n->arena, int);
		strmap_set(&n->suffix, name, last);
	}
	const char *s;
	do
		s = arena_printf(n->arena, "%s.%d", name, ++*last);
	while (strmap_get(&n->live, s));
	return s;
}

static void name_value(Namer *n, const Value *v)
{
	const char *s;

	if (!v->name || name_is_number(v->name)) {
		s = arena_printf(n->arena, "%d", n->number++);
	} else {
		s = unique(n, v->name);
		strmap_set(&n->live, s, (void *)s);
		vec_push(n->arena, &n->scope, s);
	}
	map_set(&n->names->name, v, (void *)s);
}

static void name_block(Namer *n, const Block *b)
{
	int scope = n->scope.n;

	for (int i = 0; i < b->args.n; i++)
		name_value(n, b->args.at[i]);
	for (const Op *op = b->first; op; op = op->next) {
		for (int i = 0; i < op->nregions; i++)
			name_block(n, op->region[i]);
		for (int i = 0; i < op->nresults; i++)
			name_value(n, op->result[i]);
	}
	while (n->scope.n > scope)
		strmap_set(&n->live, vec_pop(&n->scope), NULL);
}

Names *names_new(Arena *a, const Func *f)
{
	Namer n = { .arena = a, .names = ARENA_NEW(a, Names) };

	map_init(&n.names->name, a);
	strmap_init(&n.live, a);
	strmap_init(&n.suffix, a);
	name_block(&n, f->body);
	return n.names;
}

const char *names_get(const Names *names, const Value *v)
{
	const char *s = names ? map_get(&names->name, v) : NULL;

	return s ? s : v->name ? v->name : "?";   /* a value outside of the graph, seen in the middle of a change */
}
