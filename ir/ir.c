/* ir/ir.c - contexts, modules, graphs and blocks. */
#include "ir/ir.h"

#include "ir/base/check.h"
#include "ir/base/str.h"

Ctx *ctx_new(void)
{
	Arena *a = arena_new();
	Ctx *ctx = ARENA_NEW(a, Ctx);

	ctx->arena = a;
	interner_init(&ctx->strings, a);
	ctx->dims = dim_table_new(a);
	ctx->types = type_table_new(a, ctx->dims);
	diag_init(&ctx->diag, a);
	return ctx;
}

void ctx_free(Ctx *ctx)
{
	if (ctx)
		arena_free(ctx->arena);
}

Module *module_new(Ctx *ctx)
{
	Module *m = ARENA_NEW(ctx->arena, Module);

	m->ctx = ctx;
	m->arena = ctx->arena;
	m->dir = "";
	return m;
}

Func *module_func(const Module *m, const char *name)
{
	name = ctx_str(m->ctx, name);
	for (int i = 0; i < m->funcs.n; i++)
		if (m->funcs.at[i]->name == name)
			return m->funcs.at[i];
	return NULL;
}

Weight *module_weight(const Module *m, const char *name)
{
	for (int i = 0; i < m->weights.n; i++)
		if (m->weights.at[i]->name == name || !strcmp(m->weights.at[i]->name, name))
			return m->weights.at[i];
	return NULL;
}

int func_over(const Func *f, int result)
{
	for (int i = 0; i < f->overlays.n; i++)
		if (f->overlays.at[i].result == result)
			return f->overlays.at[i].input->index;
	return -1;
}

Func *func_new(Module *m, const char *name, Loc loc)
{
	Func *f = ARENA_NEW(m->arena, Func);

	f->module = m;
	f->name = ctx_str(m->ctx, name);
	f->loc = loc;
	f->body = ARENA_NEW(m->arena, Block);
	f->body->func = f;
	vec_push(m->arena, &m->funcs, f);
	return f;
}

Value *block_add_arg(Block *b, const Type *type, const char *name, Loc loc)
{
	Module *m = b->func->module;
	Value *v = ARENA_NEW(m->arena, Value);

	v->type = type;
	v->block = b;
	v->index = b->args.n;
	v->name = name ? ctx_str(m->ctx, name) : NULL;
	v->loc = loc;
	vec_push(m->arena, &b->args, v);
	return v;
}

int func_symbols(const Func *f, Dim *out, int cap)
{
	int n = 0;

	for (int i = 0; i < f->body->args.n; i++) {
		const Type *t = f->body->args.at[i]->type;
		for (int k = 0; k < t->rank; k++)
			n = dim_symbols(t->dim[k], out, n, cap);
	}
	return n;
}

bool func_require_equal(Func *f, Dim a, Dim b, Loc loc, const char *what)
{
	if (dim_known_equal(a, b))
		return true;
	if (dim_known_unequal(a, b)) {
		Str found = { 0 }, wanted = { 0 };
		dim_print(&found, a);
		dim_print(&wanted, b);
		diag_error(&f->module->ctx->diag, loc, "%s: found dimension %s, but %s is wanted", what,
		           str_cstr(&found), str_cstr(&wanted));
		str_free(&found);
		str_free(&wanted);
		return false;
	}
	for (int i = 0; i < f->constraints.n; i++) {
		const Constraint *c = &f->constraints.at[i];
		if ((c->a == a && c->b == b) || (c->a == b && c->b == a))
			return true;
	}
	vec_push(f->module->arena, &f->constraints, (Constraint){ a, b, loc });
	return true;
}

Op *block_terminator(const Block *b)
{
	CHECK(b->last && op_has(b->last, T_TERMINATOR), "a block without terminator in @%s", b->func->name);
	return b->last;
}

bool block_walk(Block *b, OpVisit visit, void *arg)
{
	for (Op *op = b->first, *next; op; op = next) {
		next = op->next; /* op may be erased by its visit, and then has no regions to look at */
		bool go_on = visit(op, arg);
		for (int i = 0; go_on && op->block && i < op->nregions; i++)
			go_on = block_walk(op->region[i], visit, arg);
		if (!go_on)
			return false;
	}
	return true;
}
