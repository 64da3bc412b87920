/* ir/verify_module.c - rules beyond one graph: names, weights, calls without recursion. */
#include "ir/verify.h"

#include "ir/base/check.h"
#include "ir/base/str.h"
#include "ir/custom.h"

static bool check_weight(Ctx *ctx, const Weight *w)
{
	Str s = { 0 };
	bool ok = true;

	type_print(&s, w->type);
	if (!type_is_static(w->type)) {
		diag_error(&ctx->diag, w->loc, "weight @%s: type %s has a symbolic dimension", w->name, str_cstr(&s));
		ok = false;
	} else if (w->value) {
		bool fits = w->value->dtype == w->type->dtype && w->value->rank == w->type->rank;
		for (int i = 0; fits && i < w->type->rank; i++)
			fits = w->value->dim[i] == w->type->dim[i]->value;
		if (!fits)
			diag_error(&ctx->diag, w->loc, "weight @%s: the value is not of type %s", w->name, str_cstr(&s));
		ok = fits;
	}
	str_free(&s);
	return ok;
}

static bool check_names(Ctx *ctx, const Module *m, Arena *scratch)
{
	StrMap funcs, weights;
	bool ok = true;

	strmap_init(&funcs, scratch);
	strmap_init(&weights, scratch);
	for (int i = 0; i < m->funcs.n; i++) {
		Func *f = m->funcs.at[i], *other = strmap_get(&funcs, f->name);
		if (other) {
			diag_error(&ctx->diag, f->loc, "graph @%s: defined twice", f->name);
			diag_note(&ctx->diag, other->loc, "the other definition is here");
			ok = false;
		}
		strmap_set(&funcs, f->name, f);
	}
	for (int i = 0; i < m->weights.n; i++) {
		Weight *w = m->weights.at[i], *other = strmap_get(&weights, w->name);
		if (other) {
			diag_error(&ctx->diag, w->loc, "weight @%s: defined twice", w->name);
			diag_note(&ctx->diag, other->loc, "the other definition is here");
			ok = false;
		}
		strmap_set(&weights, w->name, w);
	}
	return ok;
}

/* A graph in the search for cycles: its calls, and how far they were followed. */
typedef struct Node {
	Func *f;
	VEC(Op *) calls;
	int  next;
	enum { NEW, OPEN, DONE } state;
	Arena *arena;
} Node;

static bool collect_call(Op *op, void *arg)
{
	Node *n = arg;

	if (op->kind == OP_call)
		vec_push(n->arena, &n->calls, op);
	return true;
}

static void report_cycle(Ctx *ctx, Node *const *path, int n, const Op *call, const Node *to)
{
	int from = n - 1;

	while (path[from] != to)
		from--;
	diag_error(&ctx->diag, call->loc, "call: @%s calls itself%s; recursion is not supported", to->f->name,
	           from == n - 1 ? "" : " through other graphs");
	for (; from + 1 < n; from++)
		diag_note(&ctx->diag, path[from]->calls.at[path[from]->next - 1]->loc, "@%s calls @%s here", path[from]->f->name,
		          path[from + 1]->f->name);
}

/* Depth first with a stack of our own: chains of calls may be long. */
static bool check_cycles(Ctx *ctx, const Module *m, Arena *scratch)
{
	Node *node = ARENA_ARRAY(scratch, Node, m->funcs.n), **path = ARENA_ARRAY(scratch, Node *, m->funcs.n);
	StrMap by_name;

	strmap_init(&by_name, scratch);
	for (int i = 0; i < m->funcs.n; i++) {
		node[i].f = m->funcs.at[i];
		node[i].arena = scratch;
		block_walk(node[i].f->body, collect_call, &node[i]);
		strmap_set(&by_name, node[i].f->name, &node[i]);
	}
	for (int i = 0; i < m->funcs.n; i++) {
		int n = 0;
		if (node[i].state == NEW) {
			node[i].state = OPEN;
			path[n++] = &node[i];
		}
		while (n) {
			Node *top = path[n - 1];
			if (top->next == top->calls.n) {
				top->state = DONE;
				n--;
				continue;
			}
			Op *call = top->calls.at[top->next++];
			const char *name = op_attrs(call, call)->callee;
			Node *to = name ? strmap_get(&by_name, name) : NULL;
			if (to && to->state == OPEN) {
				report_cycle(ctx, path, n, call, to);
				return false;
			}
			if (to && to->state == NEW) {
				to->state = OPEN;
				path[n++] = to;
			}
		}
	}
	return true;
}

/* A C function has one signature. */
typedef struct Customs { Ctx *ctx; Arena *scratch; StrMap first; bool ok; } Customs;

static bool check_custom(Op *op, void *arg)
{
	Customs *cs = arg;

	if (op->kind != OP_custom_call)
		return true;
	Op *first = strmap_get(&cs->first, op_attrs(custom_call, op)->target);
	if (!first) {
		strmap_set(&cs->first, op_attrs(custom_call, op)->target, op);
		return true;
	}
	Custom mine = custom_of(cs->scratch, op), other = custom_of(cs->scratch, first);
	if (customs_agree(&mine, &other))
		return true;
	Str a = { 0 }, b = { 0 };
	custom_prototype(&a, &mine);
	custom_prototype(&b, &other);
	diag_error(&cs->ctx->diag, op->loc, "custom_call: '%s' is called as '%s', but elsewhere as '%s'", mine.target, str_cstr(&a), str_cstr(&b));
	diag_note(&cs->ctx->diag, first->loc, "the other call is here");
	str_free(&a);
	str_free(&b);
	cs->ok = false;
	return true;
}

static bool check_customs(Ctx *ctx, const Module *m, Arena *scratch)
{
	Customs cs = { .ctx = ctx, .scratch = scratch, .ok = true };

	strmap_init(&cs.first, scratch);
	for (int i = 0; i < m->funcs.n; i++)
		block_walk(m->funcs.at[i]->body, check_custom, &cs);
	return cs.ok;
}

bool module_verify(Ctx *ctx, Module *m)
{
	Arena *scratch = arena_new();
	bool ok = check_names(ctx, m, scratch);

	for (int i = 0; i < m->weights.n; i++)
		ok = check_weight(ctx, m->weights.at[i]) && ok;
	for (int i = 0; i < m->funcs.n; i++)
		ok = func_verify(ctx, m->funcs.at[i]) && ok;
	ok = ok && check_customs(ctx, m, scratch);
	ok = check_cycles(ctx, m, scratch) && ok;
	arena_free(scratch);
	return ok;
}
