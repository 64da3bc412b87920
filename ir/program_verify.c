/* ir/program_verify.c - the rules of program IR: what a launch, a copy or a call may name, and that all sizes can be known. */
#include "ir/base/check.h"
#include "ir/program.h"

/* Larger local arrays do not belong on a stack, nor longer chains of calls. */
enum { LOCAL_MAX = 1 << 20, CALLS_MAX = 256 };

/* How far a program has been looked at; then how much workspace a call of it needs. */
typedef struct Need {
	enum { NEW, OPEN, DONE } state;
	Dim shared, scratch;
} Need;

typedef struct Check {
	const Unit *u;
	const Program *p;
	Arena *arena;
	Map    needs;                  /* Program -> Need */
	StrMap customs;                /* target -> its first Custom */
	Diag  *diag;
	bool   ok;
	int    depth;                  /* of calls */
	Need  *need;                   /* of p */
	VEC(Dim) symbol;               /* that have a value here */
} Check;

static void wrong(Check *c, Loc loc, const char *what)
{
	c->ok = false;
	diag_error(c->diag, loc, "program @%s: %s", c->p->name, what);
}

/* A dimension expression may name the program's own symbols, and sizes that are known where it stands. */
static bool check_dim(Check *c, Loc loc, Dim d, const char *what)
{
	Dim sym[64];
	int64_t lo, hi;
	int n = dim_symbols(d, sym, 0, 64);

	for (int i = 0; i < n; i++) {
		int k = 0;
		while (k < c->symbol.n && c->symbol.at[k] != sym[i])
			k++;
		if (k == c->symbol.n) {
			wrong(c, loc, arena_printf(c->diag->arena, "%s names %s, which is no symbol of its inputs, nor a size that is known here", what, sym[i]->name));
			return false;
		}
	}
	dim_range(d, &lo, &hi);
	if (hi < 0)
		wrong(c, loc, arena_printf(c->diag->arena, "%s is negative", what));
	return hi >= 0;
}

/* Bytes of the area or buffer that a place is in. */
static Dim area_bytes(const Check *c, const Place *p)
{
	const Func *f = c->p->func;
	const Type *room;

	switch (p->kind) {
	case PLACE_IN: return type_bytes(c->u->ctx->types, f->body->args.at[p->index]->type);
	case PLACE_OUT:
		room = program_room(c->u, c->p, f->body->args.n + p->index);
		return room ? type_bytes(c->u->ctx->types, room) : NULL;
	case PLACE_WS: return c->p->ws_bytes;
	case PLACE_CONST: return dim_const(c->u->ctx->dims, c->u->constant.at[p->index].bytes);
	case PLACE_NONE: break;
	}
	UNREACHABLE("a place of kind %d", p->kind);
}

/* `bytes` from a place on; false, too, for a place that is none.  What only the extents at run time decide passes. */
static bool check_place(Check *c, const Step *s, const Place *p, Dim bytes, bool written)
{
	const Func *f = c->p->func;
	DimTable *t = c->u->ctx->dims;
	int limit = p->kind == PLACE_IN ? f->body->args.n : p->kind == PLACE_OUT ? f->result_types.n :
	            p->kind == PLACE_CONST ? c->u->constant.n : 1;
	const char *what = p->kind == PLACE_IN ? "an input" : p->kind == PLACE_OUT ? "an output" : "a constant";

	if (p->kind == PLACE_NONE || !p->offset) {
		wrong(c, s->loc, "a value without a place");
		return false;
	}
	if (p->index < 0 || p->index >= limit) {
		wrong(c, s->loc, arena_printf(c->diag->arena, "the place of %s that it has not: number %d of %d", what, p->index, limit));
		return false;
	}
	if (written && (p->kind == PLACE_IN || p->kind == PLACE_CONST))
		wrong(c, s->loc, arena_printf(c->diag->arena, "%s is written to", what));
	if (!check_dim(c, s->loc, p->offset, "the offset of a place"))
		return false;
	Dim area = area_bytes(c, p), end = dim_add(t, p->offset, bytes), beyond = area ? dim_add(t, area, dim_const(t, 1)) : NULL;
	if (!end || (beyond && dim_known_le(beyond, end)))
		wrong(c, s->loc, "a place reaches beyond the end of what it is in");
	return end != NULL;
}

static Dim rounded(DimTable *t, Dim d)
{
	return d ? dim_mul(t, dim_ceildiv(t, d, dim_const(t, 64)), dim_const(t, 64)) : NULL;
}

/* Scratch of one worker; NULL: larger than 64 bits count. */
static Dim kernel_scratch(const Unit *u, const Kernel *k)
{
	DimTable *t = u->ctx->dims;
	Dim sum = dim_const(t, 0);

	for (int i = k->nparams; i < k->buf.n && sum; i++)
		if (k->buf.at[i].kind == KB_SCRATCH)
			sum = dim_add(t, sum, rounded(t, dim_mul(t, k->buf.at[i].size, dim_const(t, dtype_size(k->buf.at[i].dtype)))));
	return sum;
}

static Dim larger(DimTable *t, Dim a, Dim b)
{
	return a && b ? dim_max(t, a, b) : NULL;
}

static void check_launch(Check *c, const Step *s)
{
	Dim none = dim_const(c->u->ctx->dims, 0);

	if (s->kernel < 0 || s->kernel >= c->u->kernel.n) {
		wrong(c, s->loc, "launch of a kernel that is not in the unit");
		return;
	}
	const Kernel *k = c->u->kernel.at[s->kernel];
	if (k->nparams != s->nplaces) {
		wrong(c, s->loc, arena_printf(c->diag->arena, "launch with %d place%s, but the kernel has %d parameter%s", s->nplaces,
		                              s->nplaces == 1 ? "" : "s", k->nparams, k->nparams == 1 ? "" : "s"));
		return;
	}
	for (int i = 0; i < s->nplaces; i++)
		check_place(c, s, &s->place[i], none, k->buf.at[i].kind != KB_IN);
	for (int i = 0; i < k->param.n; i++)
		check_dim(c, s->loc, k->param.at[i], "a parameter of the kernel");
	for (int i = k->nparams; i < k->buf.n; i++)
		check_dim(c, s->loc, k->buf.at[i].size, "the size of a buffer of the kernel");
	check_dim(c, s->loc, k->ntasks, "the kernel's number of tasks");
	c->need->scratch = larger(c->u->ctx->dims, c->need->scratch, program_most(c->u, c->p, kernel_scratch(c->u, k)));
	if (k->flops)
		check_dim(c, s->loc, k->flops, "the kernel's number of operations");
}

static bool overlap(const Check *c, const Place *a, const Place *b, Dim bytes)
{
	DimTable *t = c->u->ctx->dims;
	Dim one = dim_const(t, 1), end_a = dim_add(t, a->offset, bytes), end_b = dim_add(t, b->offset, bytes);
	Dim after_a = dim_add(t, a->offset, one), after_b = dim_add(t, b->offset, one);

	return a->kind == b->kind && a->index == b->index && end_a && end_b && after_a && after_b &&
	       dim_known_le(after_a, end_b) && dim_known_le(after_b, end_a);
}

static void check_copy(Check *c, const Step *s)
{
	if (!check_dim(c, s->loc, s->bytes, "the size of a copy"))
		return;
	bool to = check_place(c, s, &s->place[0], s->bytes, true), from = check_place(c, s, &s->place[1], s->bytes, false);
	if (to && from && overlap(c, &s->place[0], &s->place[1], s->bytes))
		wrong(c, s->loc, "the two places of a copy overlap");
}

static Dim of_caller(const Step *s, DimTable *t, Dim d)
{
	const Program *q = s->callee;
	const char *name[64];

	for (int i = 0; i < q->nsymbols; i++)
		name[i] = q->symbol[i]->name;
	return d ? dim_subst(t, d, q->nsymbols, name, s->callee_symbol) : NULL;
}

static Need *check_program(Check *c, const Program *p);

static void check_operands(Check *c, const Step *s)
{
	const Func *f = s->callee->func;
	TypeTable *types = c->u->ctx->types;
	int nin = f->body->args.n;

	for (int i = 0; i < s->nplaces; i++) {
		const Type *t = i < nin ? f->body->args.at[i]->type : f->result_types.at[i - nin];
		Dim bytes = of_caller(s, c->u->ctx->dims, type_bytes(types, t));
		if (bytes)
			check_place(c, s, &s->place[i], bytes, i >= nin);
		else
			wrong(c, s->loc, "a value of the called program does not fit in 64 bits");
	}
}

static void check_call(Check *c, const Step *s)
{
	DimTable *t = c->u->ctx->dims;

	if (!s->callee) {
		wrong(c, s->loc, "call of no program");
		return;
	}
	int wanted = s->callee->func->body->args.n + s->callee->func->result_types.n;
	if (s->nplaces != wanted)
		wrong(c, s->loc, arena_printf(c->diag->arena, "call of @%s with %d place%s, wanted %d, for its inputs and outputs",
		                              s->callee->name, s->nplaces, s->nplaces == 1 ? "" : "s", wanted));
	if (s->nsymbols != s->callee->nsymbols)
		wrong(c, s->loc, arena_printf(c->diag->arena, "call of @%s with values for %d symbol%s, but it has %d", s->callee->name,
		                              s->nsymbols, s->nsymbols == 1 ? "" : "s", s->callee->nsymbols));
	if (s->nplaces != wanted || s->nsymbols != s->callee->nsymbols)
		return;
	for (int i = 0; i < s->nsymbols; i++)
		if (!check_dim(c, s->loc, s->callee_symbol[i], "the value of a symbol"))
			return;
	check_operands(c, s);
	if (!check_dim(c, s->loc, s->ws_offset, "the workspace of a call"))
		return;
	if (map_has(&c->needs, s->callee) && ((Need *)map_get(&c->needs, s->callee))->state == OPEN) {
		wrong(c, s->loc, arena_printf(c->diag->arena, "@%s calls itself; recursion is not supported", s->callee->name));
		return;
	}
	if (c->depth == CALLS_MAX) {
		wrong(c, s->loc, "calls are nested too deeply");
		return;
	}
	Need *n = check_program(c, s->callee);
	Dim below = rounded(t, s->ws_offset), theirs = program_most(c->u, c->p, of_caller(s, t, n->shared)), scratch = program_most(c->u, c->p, of_caller(s, t, n->scratch));
	Dim end = below && theirs ? dim_add(t, below, theirs) : NULL;
	c->need->shared = larger(t, c->need->shared, end);
	c->need->scratch = larger(t, c->need->scratch, scratch);
}

/* A result has its place for itself; all calls of a function agree about its signature. */
static void check_custom(Check *c, const Step *s)
{
	const Custom *call = s->custom, *first = strmap_get(&c->customs, call->target);
	Dim none = dim_const(c->u->ctx->dims, 0);

	if (!custom_is_name(call->target))
		wrong(c, s->loc, arena_printf(c->diag->arena, "\"%s\" is not the name of a C function", call->target));
	if (first && !customs_agree(first, call))
		wrong(c, s->loc, arena_printf(c->diag->arena, "'%s' is called with other types elsewhere", call->target));
	strmap_set(&c->customs, call->target, (void *)call);
	for (int i = 0; i < s->nplaces; i++)
		check_place(c, s, &s->place[i], none, i >= call->nin);
	for (int i = call->nin; i < s->nplaces; i++)
		for (int k = 0; k < i; k++)
			if (s->place[i].kind == s->place[k].kind && s->place[i].index == s->place[k].index &&
			    s->place[i].offset == s->place[k].offset)
				wrong(c, s->loc, arena_printf(c->diag->arena, "a result of '%s' lies over another value", call->target));
	for (int i = 0; i < call->ndims; i++)
		check_dim(c, s->loc, s->custom_dim[i], "an argument of the function");
}

static void check_size(Check *c, const Step *s)
{
	if (s->size->limit && !check_dim(c, s->loc, s->size->limit, "the bound of a size"))
		return;
	check_place(c, s, &s->place[0], dim_const(c->u->ctx->dims, (int64_t)sizeof(int64_t)), false);
	int nresults = c->p->func->result_types.n;
	const Type *t = s->result >= 0 && s->result < nresults ? c->p->func->result_types.at[s->result] : NULL;
	if (s->result >= 0 && (!t || t->dtype != DT_I64 || t->rank))
		wrong(c, s->loc, arena_printf(c->diag->arena, "result %d, which has a size, is no i64[]", s->result));
	vec_push(c->arena, &c->symbol, s->size);
}

static void check_steps(Check *c, const Steps *steps)
{
	int n = c->symbol.n;

	for (const Step *s = steps->first; s && c->diag->nerrors < c->diag->max_errors; s = s->next) {
		switch (s->kind) {
		case STEP_LAUNCH: check_launch(c, s); break;
		case STEP_COPY: check_copy(c, s); break;
		case STEP_CALL: check_call(c, s); break;
		case STEP_CUSTOM: check_custom(c, s); break;
		case STEP_SIZE: check_size(c, s); break;
		case STEP_IF:
		case STEP_WHILE: check_place(c, s, &s->place[0], dim_const(c->u->ctx->dims, 1), false); break;
		}
		check_steps(c, &s->body);
		check_steps(c, &s->other);
	}
	c->symbol.n = n;
}

/* Its arguments, and then the sizes that it finds out, each once and with a bound that comes before it. */
static void list_symbols(Check *c)
{
	SizeStep *size;
	int n = program_sizes(c->arena, c->p, &size);

	c->symbol.n = 0;
	for (int i = 0; i < c->p->nsymbols; i++)
		vec_push(c->arena, &c->symbol, c->p->symbol[i]);
	for (int i = 0; i < n; i++) {
		const Step *s = size[i].step;
		for (int k = 0; k < c->symbol.n; k++)
			if (strcmp(c->symbol.at[k]->name, s->size->name) == 0)
				wrong(c, s->loc, arena_printf(c->diag->arena, "%s is defined twice", s->size->name));
		vec_push(c->arena, &c->symbol, s->size);
	}
}

static void check_signature(Check *c)
{
	const Func *f = c->p->func;

	list_symbols(c);

	for (int i = 0; i < f->body->args.n; i++)
		for (int k = 0; k < f->body->args.at[i]->type->rank; k++)
			check_dim(c, f->loc, f->body->args.at[i]->type->dim[k], "the type of an input");
	for (int i = 0; i < f->result_types.n; i++)
		for (int k = 0; k < f->result_types.at[i]->rank; k++)
			check_dim(c, f->loc, f->result_types.at[i]->dim[k], "the type of an output");
	for (int i = 0; i < f->constraints.n; i++) {
		check_dim(c, f->loc, f->constraints.at[i].a, "a constraint");
		check_dim(c, f->loc, f->constraints.at[i].b, "a constraint");
	}
	for (int i = 0; i < c->p->extent.n; i++)
		check_dim(c, f->loc, c->p->extent.at[i], "an extent");
	for (int i = 0; i < c->p->nsymbols; i++)
		for (int k = 0; k < i; k++)
			if (c->p->symbol[i]->name == c->p->symbol[k]->name)
				wrong(c, f->loc, arena_printf(c->diag->arena, "%s has two bounds", c->p->symbol[i]->name));
	c->symbol.n = c->p->nsymbols;
	for (int i = 0; i < c->p->nsymbols; i++)
		if (c->p->symbol[i]->limit)
			check_dim(c, f->loc, c->p->symbol[i]->limit, "the bound of an input's extent");
	check_dim(c, f->loc, c->p->ws_bytes, "the workspace");
}

static Need *check_program(Check *c, const Program *p)
{
	Need *n = map_get(&c->needs, p), *outer = c->need;
	const Program *caller = c->p;
	VEC(Dim) symbols = { 0 };

	if (n)
		return n;
	for (int i = 0; i < c->symbol.n; i++)
		vec_push(c->arena, &symbols, c->symbol.at[i]);
	n = ARENA_NEW(c->arena, Need);
	*n = (Need){ OPEN, rounded(c->u->ctx->dims, p->ws_bytes), dim_const(c->u->ctx->dims, 0) };
	map_set(&c->needs, p, n);
	c->p = p;
	c->need = n;
	c->depth++;
	check_signature(c);
	check_steps(c, &p->steps);
	if (!n->shared || !n->scratch)
		wrong(c, p->func->loc, "the size of the workspace does not fit in 64 bits");
	n->state = DONE;
	c->depth--;
	c->p = caller;
	c->need = outer;
	c->symbol.n = 0;
	for (int i = 0; i < symbols.n; i++)
		vec_push(c->arena, &c->symbol, symbols.at[i]);
	return n;
}

/* What kernel_verify leaves open, since it holds for all that is lowered: memory of its own that can be had. */
static bool check_kernel(const Unit *u, const Kernel *k, Diag *diag)
{
	for (int i = k->nparams; i < k->buf.n; i++) {
		const KBuf *b = &k->buf.at[i];
		int64_t lo, hi;
		dim_range(b->size, &lo, &hi);
		if (b->kind == KB_LOCAL && (!dim_is_const(b->size) || lo < 0 || lo > LOCAL_MAX)) {
			diag_error(diag, k->loc, "kernel %s: the size of local buffer %s is no number up to %d", k->name, b->name, LOCAL_MAX);
			return false;
		}
	}
	if (!kernel_scratch(u, k)) {
		diag_error(diag, k->loc, "kernel %s: the size of its scratch buffers does not fit in 64 bits", k->name);
		return false;
	}
	return kernel_verify(k, diag);
}

bool unit_verify(const Unit *u, Diag *diag)
{
	Check c = { .u = u, .arena = arena_new(), .diag = diag, .ok = true };

	for (int i = 0; i < u->kernel.n; i++)
		c.ok = check_kernel(u, u->kernel.at[i], diag) && c.ok;
	map_init(&c.needs, c.arena);
	strmap_init(&c.customs, c.arena);
	for (const Program *p = u->programs; p && c.ok; p = p->next)
		check_program(&c, p);
	arena_free(c.arena);
	return c.ok;
}
