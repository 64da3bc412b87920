/* ir/eval_complex.c - graphs with complex numbers are evaluated as what the pass `expand` makes of them. */
#include "ir/base/check.h"
#include "ir/complex.h"
#include "ir/eval_impl.h"
#include "ir/expand.h"

/* A copy of f in a module of its own, so that the program at hand is not touched. */
static Func *func_copy(Eval *e, const Func *f)
{
	const Module *from = f->module;
	Module *m = ARENA_NEW(e->arena, Module);

	*m = (Module){ .ctx = e->ctx, .arena = e->arena, .weights = from->weights, .effects = from->effects, .dir = from->dir };
	for (int i = 0; i < from->funcs.n; i++)
		vec_push(m->arena, &m->funcs, from->funcs.at[i]);

	Func *copy = func_new(m, f->name, f->loc);
	Map map;

	map_init(&map, e->arena);
	copy->result_types = f->result_types;
	copy->result_names = f->result_names;
	for (int i = 0; i < f->constraints.n; i++)
		vec_push(m->arena, &copy->constraints, f->constraints.at[i]);
	for (int i = 0; i < f->body->args.n; i++) {
		const Value *v = f->body->args.at[i];
		map_set(&map, v, block_add_arg(copy->body, v->type, v->name, v->loc));
	}
	for (const Op *op = f->body->first; op; op = op->next)
		op_append(copy->body, op_clone(copy, op, &map));
	return copy;
}

const Func *eval_real(Eval *e, const Func *f)
{
	int nhits = 0;

	if (!func_has_complex(f))
		return f;
	Func *copy = func_copy(e, f);
	return expand_func(e->ctx, copy, &nhits) ? copy : NULL;
}
