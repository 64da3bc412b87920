/* passes/inline.c - calls become the callee's ops.  Calls do not recurse (verified), so this ends. */
#include "ir/base/check.h"
#include "passes/pass.h"

/* The callee's symbols as expressions of the caller's, solved from the operands' types: a symbol stands alone in some
   dimension of an input wherever the callee can be called at all. */
static bool solve_symbols(PassCtx *p, const Func *callee, const Op *call, int n, const Dim *symbol, const char **name, Dim *by)
{
	(void)p;
	for (int s = 0; s < n; s++) {
		name[s] = symbol[s]->name;
		by[s] = NULL;
		for (int i = 0; i < call->nargs && !by[s]; i++) {
			const Type *want = callee->body->args.at[i]->type, *have = call->arg[i]->type;
			for (int d = 0; d < want->rank && !by[s]; d++)
				if (want->dim[d] == symbol[s])
					by[s] = have->dim[d];
		}
		if (!by[s])
			return false;
	}
	return true;
}

typedef struct Copy {
	PassCtx *p;
	int n;
	const char *name[64];
	Dim by[64];
} Copy;

static Dim copy_dim(const Copy *c, Dim d)
{
	Dim r = dim_subst(c->p->ctx->dims, d, c->n, c->name, c->by);

	CHECK(r, "a dimension has overflowed");
	return r;
}

static const Type *copy_type(const Copy *c, const Type *t)
{
	Dim dim[RANK_MAX];

	for (int d = 0; d < t->rank; d++)
		dim[d] = copy_dim(c, t->dim[d]);
	return type_get(c->p->ctx->types, t->dtype, t->rank, dim);
}

/* Dimensions in a copied op's attributes become the caller's. */
static void copy_attrs(const Copy *c, Op *op)
{
	const OpInfo *row = op_row(op);
	Arena *a = c->p->module->arena;

	for (int i = 0; i < row->nattrs; i++) {
		char *at = (char *)op->attrs + row->attr[i].offset;
		if (row->attr[i].kind == ATTR_dim || row->attr[i].kind == ATTR_dimname) {
			*(Dim *)at = copy_dim(c, *(Dim *)at);
		} else if (row->attr[i].kind == ATTR_dims) {
			Dims old = *(Dims *)at;
			Dim *list = ARENA_ARRAY(a, Dim, old.n + 1);
			for (int k = 0; k < old.n; k++)
				list[k] = copy_dim(c, old.at[k]);
			*(Dims *)at = (Dims){ old.n, list };
		} else if (row->attr[i].kind == ATTR_types) {
			Types old = *(Types *)at;
			const Type **list = ARENA_ARRAY(a, const Type *, old.n + 1);
			for (int k = 0; k < old.n; k++)
				list[k] = copy_type(c, old.at[k]);
			*(Types *)at = (Types){ old.n, list };
		}
	}
}

static void retype(const Copy *c, Op *op)
{
	copy_attrs(c, op);
	for (int i = 0; i < op->nresults; i++)
		op->result[i]->type = copy_type(c, op->result[i]->type);
	for (int r = 0; r < op->nregions; r++) {
		for (int i = 0; i < op->region[r]->args.n; i++) {
			Value *v = op->region[r]->args.at[i];
			v->type = copy_type(c, v->type);
		}
		for (Op *o = op->region[r]->first; o; o = o->next)
			retype(c, o);
	}
}

typedef struct Sizes { Copy *c; Func *f; bool fits; } Sizes;

typedef struct Taken { const char *name; bool found; } Taken;

static bool is_taken(Op *op, void *arg)
{
	Taken *t = arg;

	t->found = op_size(op) && strcmp((*op_size(op))->name, t->name) == 0;
	return !t->found;
}

/* Sizes that the callee defines get names that are new to the caller. */
static bool rename_size(Op *op, void *arg)
{
	Sizes *s = arg;
	Copy *c = s->c;
	DimTable *t = c->p->ctx->dims;
	Dim input[64];
	int ninputs = func_symbols(s->f, input, 64);
	bool again = true;

	if (!op_size(op))
		return true;
	s->fits = c->n < 64;
	if (!s->fits)
		return false;
	Dim size = *op_size(op), by = dim_subst(t, dim_bound(t, size), c->n, c->name, c->by);
	Taken taken = { .name = size->name };
	for (int number = 1; again; number++) {
		taken.found = false;
		block_walk(s->f->body, is_taken, &taken);
		for (int i = 0; i < ninputs; i++)
			taken.found = taken.found || strcmp(input[i]->name, taken.name) == 0;
		for (int i = 0; i < c->n; i++)
			taken.found = taken.found || (c->by[i]->kind == DIM_SYM && strcmp(c->by[i]->name, taken.name) == 0);
		again = taken.found;
		if (again)
			taken.name = ctx_str(c->p->ctx, arena_printf(c->p->scratch, "%s_%d", size->name, number));
	}
	by = dim_sym_limited(t, taken.name, by);
	s->fits = by != NULL;
	c->name[c->n] = size->name;
	c->by[c->n++] = by;
	return s->fits;
}

static bool count_op(Op *op, void *arg)
{
	(void)op;
	++*(int *)arg;
	return true;
}

static bool inline_call(PassCtx *p, Func *f, Op *call, int *room)
{
	Func *callee = module_func(p->module, op_attrs(call, call)->callee);
	Copy c = { .p = p };
	Dim symbol[64];
	Map map;
	int nops = 0;

	block_walk(callee->body, count_op, &nops);
	if (nops > *room)
		return false;
	c.n = func_symbols(callee, symbol, 64);
	if (!solve_symbols(p, callee, call, c.n, symbol, c.name, c.by))
		return false;
	Sizes sizes = { &c, f, true };
	block_walk(callee->body, rename_size, &sizes);
	if (!sizes.fits || !pass_may_rewrite(p))
		return false;
	for (int i = 0; i < callee->constraints.n; i++) {
		const Constraint *k = &callee->constraints.at[i];
		func_require_equal(f, copy_dim(&c, k->a), copy_dim(&c, k->b), call->loc, "call");
	}
	*room -= nops;
	map_init(&map, p->scratch);
	for (int i = 0; i < call->nargs; i++)
		map_set(&map, callee->body->args.at[i], call->arg[i]);
	const Op *ret = block_terminator(callee->body);
	for (const Op *op = callee->body->first; op != ret; op = op->next) {
		Op *copy = op_clone(f, op, &map);
		retype(&c, copy);
		op_insert_before(call, copy);
	}
	for (int i = 0; i < call->nresults; i++) {
		Value *by = map_get(&map, ret->arg[i]);
		value_replace(call->result[i], by ? by : ret->arg[i]);
	}
	op_erase(call);
	p->nhits++;
	return true;
}

/* Callees first would do each body once; going on with the copied ops is as good, because nothing recurses. */
static void inline_block(PassCtx *p, Func *f, Block *b, int *room)
{
	for (Op *op = b->first; op;) {
		Op *prev = op->prev;
		if (op->kind == OP_call && inline_call(p, f, op, room)) {
			op = prev ? prev->next : b->first;
			continue;
		}
		for (int i = 0; i < op->nregions; i++)
			inline_block(p, f, op->region[i], room);
		op = op->next;
	}
}

PassResult pass_inline(PassCtx *p)
{
	/* Ops that may be copied in all: graphs that each call the one before twice would double at every step. */
	int room = 100000;

	for (int i = 0; i < p->module->funcs.n; i++)
		inline_block(p, p->module->funcs.at[i], p->module->funcs.at[i]->body, &room);
	return p->nhits ? PASS_CHANGED : PASS_SAME;
}
