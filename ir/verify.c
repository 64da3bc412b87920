/* ir/verify.c - structural rules of the IR.

   What the user may have written gives a diagnostic.  What only a faulty pass can do (a broken list, a use that
   nobody has) is a CHECK.  Whether an op is well formed by itself is for inference to say: the verifier runs it
   again and compares types. */
#include "ir/verify.h"

#include "ir/base/check.h"
#include "ir/base/str.h"
#include "ir/fusion.h"
#include "ir/infer.h"
#include "ir/plan.h"

typedef struct Verify {
	Ctx   *ctx;
	Func  *f;
	Arena *scratch;
	Dim   *symbol;   /* of the inputs; then those that ops define, while they are in scope */
	int    nsymbols, ninputs;
	const Op **size; /* the ops that define some, in order */
	int    nsizes;
	int64_t nargs, nuses;
	bool   ok;
} Verify;

static void fail(Verify *v, Loc loc, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void fail(Verify *v, Loc loc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_add(&v->ctx->diag, SEV_ERROR, loc, fmt, ap);
	va_end(ap);
	v->ok = false;
}

static const char *type_text(Verify *v, const Type *t)
{
	Str s = { 0 };

	type_print(&s, t);
	const char *text = arena_strdup(v->scratch, str_cstr(&s));
	str_free(&s);
	return text;
}

static const char *value_text(Verify *v, const Value *x, int i)
{
	return x->name ? arena_printf(v->scratch, "%%%s", x->name) : arena_printf(v->scratch, "operand %d", i);
}

/* Equal, or to be checked at entry. */
static bool dims_agree(const Func *f, Dim a, Dim b)
{
	if (dim_known_equal(a, b))
		return true;
	for (int i = 0; i < f->constraints.n; i++) {
		const Constraint *c = &f->constraints.at[i];
		if ((c->a == a && c->b == b) || (c->a == b && c->b == a))
			return true;
	}
	return false;
}

static bool types_agree(const Func *f, const Type *a, const Type *b)
{
	if (a == b)
		return true;
	if (a->dtype != b->dtype || a->rank != b->rank)
		return false;
	for (int i = 0; i < a->rank; i++)
		if (!dims_agree(f, a->dim[i], b->dim[i]))
			return false;
	return true;
}

/* Ops in the order of their block, from 1: in `mark` while the verifier runs. */
static void number_ops(Block *b, Op *parent, Func *f)
{
	intptr_t n = 0;
	const Op *prev = NULL;

	CHECK(b->parent == parent && b->func == f, "a block of @%s does not know where it belongs", f->name);
	for (int i = 0; i < b->args.n; i++)
		CHECK(b->args.at[i]->block == b && b->args.at[i]->index == i && !b->args.at[i]->def && b->args.at[i]->type,
		      "argument %d of a block of @%s", i, f->name);
	for (Op *op = b->first; op; prev = op, op = op->next) {
		const OpInfo *row = op_row(op);
		CHECK(op->block == b && op->prev == prev, "the list of ops of @%s is broken at %s", f->name, row->name);
		CHECK(row->nregions == VARIADIC ? op->nregions > 0 : op->nregions == row->nregions, "%s has %d regions", row->name, op->nregions);
		op->mark = (void *)++n;
		for (int i = 0; i < op->nregions; i++)
			number_ops(op->region[i], op, f);
	}
	CHECK(b->last == prev, "the list of ops of @%s has another end", f->name);
}

static void clear_marks(Block *b)
{
	for (Op *op = b->first; op; op = op->next) {
		op->mark = NULL;
		for (int i = 0; i < op->nregions; i++)
			clear_marks(op->region[i]);
	}
}

/* Every use of x is an operand somewhere; that every operand is a use follows by counting. */
static void count_uses(Verify *v, const Value *x)
{
	Use *const *link = &x->first_use;

	for (Use *use = x->first_use; use; link = (Use *const *)&use->next, use = use->next) {
		CHECK(use->link == link && use->index < use->user->nargs && use == &use->user->use[use->index]
		      && use->user->arg[use->index] == x, "the list of uses of a value in @%s is broken", v->f->name);
		v->nuses++;
	}
	CHECK(!x->first_use || x->last_use == link, "the list of uses of a value in @%s has another end", v->f->name);
}

/* The op of block b in which op is nested, or op itself; NULL when it is not inside.  *closed: a fusion lies between. */
static const Op *ancestor_in(const Block *b, const Op *op, bool *closed)
{
	while (op && op->block != b) {
		op = op->block->parent;
		*closed = *closed || (op && op->kind == OP_fusion);
	}
	return op;
}

static bool check_operand(Verify *v, const Op *op, int i)
{
	const Value *x = op->arg[i];
	const Block *home = x->def ? x->def->block : x->block;
	bool closed = false;

	CHECK(home, "operand %d of %s in @%s is of an op in no block", i, op_row(op)->name, v->f->name);
	const Op *at = ancestor_in(home, op, &closed);
	if (!at || (x->def && (intptr_t)x->def->mark >= (intptr_t)at->mark)) {
		fail(v, op->loc, "%s: %s is not defined before it is used here", op_row(op)->name, value_text(v, x, i));
		diag_note(&v->ctx->diag, x->loc, "it is defined here");
		return false;
	}
	if (closed) {
		fail(v, op->loc, "%s: %s comes from outside of the fusion, whose region sees its own arguments only",
		     op_row(op)->name, value_text(v, x, i));
		diag_note(&v->ctx->diag, x->loc, "it is defined here");
		return false;
	}
	return true;
}

/* The op that defines a symbol, or one of its name; NULL: there is none. */
static const Op *size_op(const Verify *v, Dim symbol)
{
	const Op *found = NULL;

	for (int i = 0; i < v->nsizes; i++) {
		Dim size = *op_size(v->size[i]);
		if (size == symbol || (!found && strcmp(size->name, symbol->name) == 0))
			found = v->size[i];
	}
	return found;
}

static bool unknown_symbol(Verify *v, Loc loc, const char *what, Dim symbol)
{
	const Op *def = size_op(v, symbol);

	bool in_scope = false;

	for (int i = 0; i < v->nsymbols; i++)
		in_scope = in_scope || strcmp(v->symbol[i]->name, symbol->name) == 0;
	if (!def)
		fail(v, loc, "%s: symbol %s is in the type of no input of @%s, so that its value is not known", what, symbol->name, v->f->name);
	else if (in_scope)
		fail(v, loc, "%s: symbol %s has another bound here than where it is defined", what, symbol->name);
	else
		fail(v, loc, "%s: symbol %s has no value here, but from the op that defines it to the end of the region", what, symbol->name);
	if (def)
		diag_note(&v->ctx->diag, def->loc, "it is defined here");
	return false;
}

static bool check_symbols(Verify *v, Loc loc, const char *what, Dim d)
{
	Dim *list = v->symbol; /* those found are looked up in it, new ones would be appended behind */
	int n = dim_symbols(d, list, v->nsymbols, v->nsymbols + 1);

	return n == v->nsymbols || unknown_symbol(v, loc, what, list[n - 1]);
}

/* The size that op defines is new, and its bound known; from here on it has a value. */
static bool check_size(Verify *v, const Op *op)
{
	Dim size = *op_size(op);
	const char *name = op_row(op)->name;

	CHECK(size && size->kind == DIM_SYM && dim_is_bounded(size), "the size of %s is no symbol with a bound", name);
	if (size->limit && !check_symbols(v, op->loc, name, size->limit))
		return false;
	for (int i = 0; i < v->ninputs; i++) {
		if (strcmp(v->symbol[i]->name, size->name) == 0) {
			fail(v, op->loc, "%s: symbol %s is in the type of an input; what an op defines needs a name of its own", name, size->name);
			return false;
		}
	}
	for (int i = 0; v->size[i] != op; i++) {
		if (strcmp((*op_size(v->size[i]))->name, size->name) == 0) {
			fail(v, op->loc, "%s: symbol %s is defined twice", name, size->name);
			diag_note(&v->ctx->diag, v->size[i]->loc, "the first definition is here");
			return false;
		}
	}
	v->symbol[v->nsymbols++] = size;
	return true;
}

static bool check_attrs(Verify *v, const Op *op)
{
	for (int i = 0; i < op_row(op)->nattrs; i++) {
		const AttrInfo *a = &op_row(op)->attr[i];
		const void *p = (const char *)op->attrs + a->offset;
		const Dim *dim = a->kind == ATTR_dims ? ((const attr_dims *)p)->at : a->kind == ATTR_dim ? p : NULL;
		int n = a->kind == ATTR_dims ? ((const attr_dims *)p)->n : dim != NULL;

		for (int k = 0; k < n; k++) {
			if (!dim[k]) {
				fail(v, op->loc, "%s: '%s' does not fit 64 bits", op_row(op)->name, a->name);
				return false;
			}
			if (!check_symbols(v, op->loc, op_row(op)->name, dim[k]))
				return false;
		}
		for (int k = 0; a->kind == ATTR_types && k < ((const attr_types *)p)->n; k++) {
			const Type *t = ((const attr_types *)p)->at[k];
			for (int d = 0; d < t->rank; d++)
				if (!check_symbols(v, op->loc, op_row(op)->name, t->dim[d]))
					return false;
		}
		bool absent = (a->kind == ATTR_tensor && !*(const attr_tensor *)p) || (a->kind == ATTR_sym && !*(const attr_sym *)p);
		if (absent) {
			fail(v, op->loc, "%s: '%s' is missing", op_row(op)->name, a->name);
			return false;
		}
	}
	return true;
}

/* Inference again: the op must be accepted, its results have the types found, and nothing new may have to be
   checked at entry. */
static bool check_types(Verify *v, const Op *op)
{
	Infer in = { .ctx = v->ctx, .func = v->f, .op = op };
	int n = v->f->constraints.n;
	bool ok = infer_op(&in);

	if (!ok) {
		v->ok = false;
	} else if (v->f->constraints.n > n) {
		Str a = { 0 }, b = { 0 };
		dim_print(&a, v->f->constraints.at[n].a);
		dim_print(&b, v->f->constraints.at[n].b);
		fail(v, op->loc, "%s: %s = %s is needed, but not among what @%s requires", op_row(op)->name, str_cstr(&a),
		     str_cstr(&b), v->f->name);
		str_free(&a);
		str_free(&b);
		ok = false;
	} else if (op->nresults != in.result.n) {
		fail(v, op->loc, "%s: found %d result%s, wanted %d", op_row(op)->name, op->nresults, op->nresults == 1 ? "" : "s", in.result.n);
		ok = false;
	}
	v->f->constraints.n = n;
	for (int i = 0; ok && i < op->nresults; i++) {
		const Value *r = op->result[i];
		CHECK(r->def == op && r->index == i && r->type, "result %d of %s does not know where it belongs", i, op_row(op)->name);
		if (!types_agree(v->f, r->type, in.result.at[i])) {
			fail(v, op->loc, "%s: result %d is declared as %s, but it is %s", op_row(op)->name, i, type_text(v, r->type),
			     type_text(v, in.result.at[i]));
			ok = false;
		}
		for (int k = 0; ok && k < r->type->rank; k++)
			ok = check_symbols(v, op->loc, op_row(op)->name, r->type->dim[k]);
	}
	return ok;
}

static void check_fusion(Verify *v, const Op *op)
{
	const Op *anchor;

	if (fusion_kind(op->region[0], &anchor) == FUSION_INVALID)
		fail(v, op->loc, "fusion: the region is of no kind that one kernel can compute");
}

/* After the pass `buffers`.  Values inside of fusions have no place. */
static void check_place(Verify *v, const Op *op, const Value *x)
{
	const Place *p = x->place;
	int n = 0;

	if (!p) {
		fail(v, op->loc, "%s: result %d has no place in memory", op_row(op)->name, x->index);
		return;
	}
	if (p->kind == PLACE_IN)
		n = v->f->body->args.n;
	else if (p->kind == PLACE_OUT)
		n = v->f->result_types.n;
	if ((p->kind == PLACE_IN || p->kind == PLACE_OUT) && (p->index < 0 || p->index >= n))
		fail(v, op->loc, "%s: result %d lies in %s %d, but @%s has %d", op_row(op)->name, x->index,
		     p->kind == PLACE_IN ? "input" : "output", p->index, v->f->name, n);
	if (p->kind == PLACE_WS && !p->offset)
		fail(v, op->loc, "%s: result %d lies at no offset", op_row(op)->name, x->index);
	else if (p->kind == PLACE_WS && !dim_known_multiple(p->offset, dtype_size(x->type->dtype)))
		fail(v, op->loc, "%s: the offset of result %d is no multiple of its elements' %d bytes", op_row(op)->name, x->index,
		     dtype_size(x->type->dtype));
}

static void check_block(Verify *v, Block *b);

static void check_op(Verify *v, Op *op)
{
	bool ok = true;

	v->nargs += op->nargs;
	for (int i = 0; i < op->nargs; i++)
		ok = check_operand(v, op, i) && ok;
	for (int i = 0; i < op->nregions; i++)
		check_block(v, op->region[i]);
	for (int i = 0; i < op->nresults; i++)
		count_uses(v, op->result[i]);
	ok = ok && check_attrs(v, op) && (!op_size(op) || check_size(v, op)) && check_types(v, op);
	const Op *intruder = op_body_intruder(op);
	if (intruder)
		fail(v, intruder->loc, "%s: cannot stand in the region of %s, which takes ops that work element by element", op_row(intruder)->name,
		     op_row(op)->name);
	if (ok && op->kind == OP_fusion)
		check_fusion(v, op);
	for (int i = 0; ok && v->f->plan && !op->block->parent && i < op->nresults; i++)
		check_place(v, op, op->result[i]);
}

static void check_block(Verify *v, Block *b)
{
	OpKind end = b->parent ? OP_yield : OP_return;
	Loc loc = b->last ? b->last->loc : b->parent ? b->parent->loc : v->f->loc;
	int nsymbols = v->nsymbols;

	for (int i = 0; i < b->args.n; i++)
		count_uses(v, b->args.at[i]);
	for (Op *op = b->first; op; op = op->next) {
		if (op->next && op_has(op, T_TERMINATOR))
			fail(v, op->loc, "%s: found in the middle, but it ends a %s", op_row(op)->name, b->parent ? "region" : "graph");
		check_op(v, op);
	}
	if (!b->last || b->last->kind != end)
		fail(v, loc, "%s: %s does not end with %s", b->parent ? op_row(b->parent)->name : "graph",
		     b->parent ? "the region" : arena_printf(v->scratch, "@%s", v->f->name), op_info[end].name);
	if (b->parent)
		v->nsymbols = nsymbols;
}

/* A size leaves the graph with its value only. */
static void check_returned_sizes(Verify *v, const Op *end, int result)
{
	const Type *t = v->f->result_types.at[result];

	for (int k = 0; k < t->rank && v->ok; k++) {
		for (int i = 0; i < v->nsizes; i++) {
			const Op *def = v->size[i];
			bool returned = !dim_mentions(t->dim[k], (*op_size(def))->name);
			for (int j = 0; j < end->nargs && !returned; j++)
				returned = end->arg[j]->def == def && end->arg[j]->index == def->nresults - 1;
			if (returned)
				continue;
			fail(v, end->loc, "return: value %d is %s, but %s, which is the last result of %s, is not returned", result, type_text(v, t),
			     (*op_size(def))->name, op_row(def)->name);
			diag_note(&v->ctx->diag, def->loc, "it is defined here");
			return;
		}
	}
}

static void check_results(Verify *v)
{
	const Func *f = v->f;
	const Op *end = f->body->last;

	CHECK(f->result_names.n == f->result_types.n, "@%s has %d names for %d results", f->name, f->result_names.n,
	      f->result_types.n);
	if (!end || end->kind != OP_return)
		return;
	if (end->nargs != f->result_types.n) {
		fail(v, end->loc, "return: found %d value%s, but @%s has %d result%s", end->nargs, end->nargs == 1 ? "" : "s",
		     f->name, f->result_types.n, f->result_types.n == 1 ? "" : "s");
		diag_note(&v->ctx->diag, f->loc, "the graph is defined here");
		return;
	}
	for (int i = 0; i < end->nargs; i++) {
		check_returned_sizes(v, end, i);
		if (types_agree(f, end->arg[i]->type, f->result_types.at[i]))
			continue;
		fail(v, end->loc, "return: value %d is %s, but result %d of @%s is %s", i, type_text(v, end->arg[i]->type), i,
		     f->name, type_text(v, f->result_types.at[i]));
		diag_note(&v->ctx->diag, end->arg[i]->loc, "the value is defined here");
	}
}

/* One buffer for two: of one type, and for no third. */
static void check_overlays(Verify *v)
{
	const Func *f = v->f;

	for (int i = 0; i < f->overlays.n; i++) {
		const Overlay *a = &f->overlays.at[i];
		CHECK(a->result >= 0 && a->result < f->result_types.n && a->input->block == f->body, "@%s: an alias of what it does not have", f->name);
		const Type *result = f->result_types.at[a->result];
		if (!types_agree(f, result, a->input->type))
			fail(v, a->loc, "over: result %d of @%s is %s, but the input is %s", a->result, f->name, type_text(v, result),
			     type_text(v, a->input->type));
		for (int k = 0; k < i; k++) {
			CHECK(f->overlays.at[k].result != a->result, "@%s: result %d is over two inputs", f->name, a->result);
			if (f->overlays.at[k].input == a->input)
				fail(v, a->loc, "over: results %d and %d of @%s would both lie over one input", f->overlays.at[k].result, a->result, f->name);
		}
	}
}

/* What is said at the head of the graph, or was found out and has to hold at entry. */
static void check_signature(Verify *v)
{
	const Func *f = v->f;
	Dim *here = v->symbol;
	int n = v->nsymbols;

	v->nsymbols = v->ninputs;
	for (int i = 0; i < v->ninputs; i++)
		if (here[i]->limit && !check_symbols(v, f->loc, "graph", here[i]->limit))
			return;
	v->symbol = ARENA_ARRAY(v->scratch, Dim, v->ninputs + v->nsizes + 1);
	memcpy(v->symbol, here, sizeof *here * (size_t)v->ninputs);
	for (int i = 0; i < v->nsizes; i++)
		v->symbol[v->ninputs + i] = *op_size(v->size[i]);
	v->nsymbols = v->ninputs + v->nsizes;
	for (int i = 0; i < f->constraints.n; i++) {
		const Constraint *k = &f->constraints.at[i];
		if (!check_symbols(v, k->loc, "graph", k->a) || !check_symbols(v, k->loc, "graph", k->b))
			return;
	}
	v->symbol = here;
	v->nsymbols = n;
	for (int i = 0; i < f->result_types.n; i++) {
		for (int k = 0; k < f->result_types.at[i]->rank; k++) {
			if (!check_symbols(v, f->loc, "graph", f->result_types.at[i]->dim[k]))
				return;
		}
	}
}

static bool collect_size(Op *op, void *arg)
{
	Verify *v = arg;

	if (op_size(op)) {
		if (v->size)
			v->size[v->nsizes] = op;
		v->nsizes++;
	}
	return true;
}

/* Room for all symbols of the inputs' types, those that ops define, and one more. */
static void collect_symbols(Verify *v)
{
	int cap = 16;

	block_walk(v->f->body, collect_size, v);
	v->size = ARENA_ARRAY(v->scratch, const Op *, v->nsizes + 1);
	v->nsizes = 0;
	block_walk(v->f->body, collect_size, v);
	for (;; cap *= 2) {
		v->symbol = ARENA_ARRAY(v->scratch, Dim, cap + v->nsizes + 1);
		v->ninputs = v->nsymbols = func_symbols(v->f, v->symbol, cap);
		if (v->nsymbols < cap)
			return;
	}
}

bool func_verify(Ctx *ctx, Func *f)
{
	Verify v = { .ctx = ctx, .f = f, .scratch = arena_new(), .ok = true };

	number_ops(f->body, NULL, f);
	collect_symbols(&v);
	check_block(&v, f->body);
	CHECK(v.nargs == v.nuses, "@%s has %lld operands, but %lld uses are listed", f->name, (long long)v.nargs,
	      (long long)v.nuses);
	check_results(&v);
	check_overlays(&v);
	if (v.ok)
		check_signature(&v);
	clear_marks(f->body);
	arena_free(v.scratch);
	return v.ok;
}
