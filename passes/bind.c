/* passes/bind.c - gives symbols their numbers (--dim N=8), after the order of accumulation is fixed.

   A graph that another one calls with other extents than these keeps its symbols: it serves every call. */
#include "passes/pass.h"

typedef struct Bind {
	PassCtx *p;
	int n;
	const char *const *name;
	Dim *by;
	Loc  loc;      /* of what is being bound */
	bool failed;   /* one error is enough: others would follow from it */
} Bind;

static void too_large(Bind *b, const char *what)
{
	if (!b->failed)
		diag_error(&b->p->ctx->diag, b->loc, "with the given dimensions, %s here does not fit 64 bits", what);
	b->failed = true;
}

static Dim bind_dim(Bind *b, Dim d)
{
	Dim r = dim_subst(b->p->ctx->dims, d, b->n, b->name, b->by);

	if (!r)
		too_large(b, "a dimension");
	return r ? r : d;
}

static const Type *bind_type(Bind *b, const Type *t)
{
	Dim dim[RANK_MAX];

	for (int i = 0; i < t->rank; i++)
		dim[i] = bind_dim(b, t->dim[i]);
	const Type *bound = type_get(b->p->ctx->types, t->dtype, t->rank, dim);
	if (!type_bytes(b->p->ctx->types, bound))
		too_large(b, "the size of a value");
	return bound;
}

static void bind_attrs(Bind *b, Op *op)
{
	const OpInfo *row = op_row(op);

	for (int i = 0; i < row->nattrs; i++) {
		char *at = (char *)op->attrs + row->attr[i].offset;
		if (row->attr[i].kind == ATTR_dim || row->attr[i].kind == ATTR_dimname) {
			*(Dim *)at = bind_dim(b, *(Dim *)at);
		} else if (row->attr[i].kind == ATTR_dims) {
			Dims old = *(Dims *)at;
			Dim *list = ARENA_ARRAY(b->p->module->arena, Dim, old.n + 1);
			for (int k = 0; k < old.n; k++)
				list[k] = bind_dim(b, old.at[k]);
			*(Dims *)at = (Dims){ old.n, list };
		} else if (row->attr[i].kind == ATTR_types) {
			Types old = *(Types *)at;
			const Type **list = ARENA_ARRAY(b->p->module->arena, const Type *, old.n + 1);
			for (int k = 0; k < old.n; k++)
				list[k] = bind_type(b, old.at[k]);
			*(Types *)at = (Types){ old.n, list };
		}
	}
}

static void bind_block(Bind *b, Block *block)
{
	for (int i = 0; i < block->args.n; i++) {
		b->loc = block->args.at[i]->loc;
		block->args.at[i]->type = bind_type(b, block->args.at[i]->type);
	}
	for (Op *op = block->first; op; op = op->next) {
		b->loc = op->loc;
		bind_attrs(b, op);
		for (int i = 0; i < op->nresults; i++)
			op->result[i]->type = bind_type(b, op->result[i]->type);
		for (int i = 0; i < op->nregions; i++)
			bind_block(b, op->region[i]);
	}
}

/* The constraints that are numbers now are decided: kept when open, dropped when they hold. */
static bool bind_constraints(Bind *b, Func *f)
{
	int n = 0;
	bool ok = true;

	for (int i = 0; i < f->constraints.n; i++) {
		Constraint c = f->constraints.at[i];
		b->loc = c.loc;
		c.a = bind_dim(b, c.a);
		c.b = bind_dim(b, c.b);
		if (dim_known_equal(c.a, c.b))
			continue;
		if (dim_known_unequal(c.a, c.b)) {
			Str s = { 0 };
			dim_print(&s, f->constraints.at[i].a);
			str_add(&s, " == ");
			dim_print(&s, f->constraints.at[i].b);
			diag_error(&b->p->ctx->diag, c.loc, "with the given dimensions, %s does not hold", str_cstr(&s));
			str_free(&s);
			ok = false;
		}
		f->constraints.at[n++] = c;
	}
	f->constraints.n = n;
	return ok;
}

/* Does each call of a graph that is to be bound give it the extents that it will have? */
typedef struct Calls {
	Bind *b;
	bool *bound;            /* by graph, in the order of the module */
	bool  caller_bound, changed;
} Calls;

static bool check_call(Op *op, void *arg)
{
	Calls *c = arg;
	const Module *m = c->b->p->module;

	if (op->kind != OP_call)
		return true;
	c->b->loc = op->loc;
	for (int f = 0; f < m->funcs.n; f++) {
		const Func *callee = m->funcs.at[f];
		if (!c->bound[f] || strcmp(callee->name, op_attrs(call, op)->callee) != 0)
			continue;
		for (int i = 0; i < op->nargs; i++) {
			const Type *have = op->arg[i]->type;
			if (bind_type(c->b, callee->body->args.at[i]->type) != (c->caller_bound ? bind_type(c->b, have) : have)) {
				c->bound[f] = false;
				c->changed = true;
			}
		}
	}
	return true;
}

static void choose_graphs(Bind *b, bool *bound)
{
	const Module *m = b->p->module;
	Calls c = { b, bound, false, true };

	for (int f = 0; f < m->funcs.n; f++)
		bound[f] = true;
	while (c.changed) {
		c.changed = false;
		for (int f = 0; f < m->funcs.n; f++) {
			c.caller_bound = bound[f];
			block_walk(m->funcs.at[f]->body, check_call, &c);
		}
	}
}

PassResult pass_bind(PassCtx *p)
{
	const DimEnv *env = p->bind;
	Module *m = p->module;
	bool ok = true;

	if (!env || env->n == 0)
		return PASS_SAME;
	Bind b = { .p = p, .n = env->n, .name = env->name, .by = ARENA_ARRAY(p->scratch, Dim, env->n) };
	for (int i = 0; i < env->n; i++)
		b.by[i] = dim_const(p->ctx->dims, env->value[i]);
	bool *bound = ARENA_ARRAY(p->scratch, bool, m->funcs.n + 1);
	choose_graphs(&b, bound);
	for (int f = 0; f < m->funcs.n; f++) {
		Func *fn = m->funcs.at[f];
		if (!bound[f])
			continue;
		b.loc = fn->loc;
		bind_block(&b, fn->body);
		for (int i = 0; i < fn->result_types.n; i++)
			fn->result_types.at[i] = bind_type(&b, fn->result_types.at[i]);
		ok = bind_constraints(&b, fn) && ok;
		p->nhits++;
	}
	return ok && !b.failed ? PASS_CHANGED : PASS_FAILED;
}
