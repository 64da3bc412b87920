/* codegen/lower/lower.c - planned module -> unit: one kernel a fusion, one program a graph. */
#include "codegen/codegen.h"
#include "codegen/lower/lower.h"

#include "ir/base/check.h"
#include "ir/collective.h"
#include "ir/complex.h"
#include "ir/program_build.h"

typedef struct Lower {
	Unit    *unit;
	Arena   *scratch;
	Program *program;
	VEC(int) constants;        /* number of a function's constant -> unit->constant */
	Map      kernels;          /* hash -> chain of kernel indices */
	Map      blobs;            /* size -> chain of constants */
	StrMap   done;             /* graph name -> Program* */
} Lower;

typedef struct Chain { int index; struct Chain *next; } Chain;

/* Constants: each content once. */

static int add_constant(Lower *l, Blob *blob)
{
	Unit *u = l->unit;
	const void *key = (const void *)(uintptr_t)(blob_bytes(blob) + 1);
	Chain *list = map_get(&l->blobs, key);

	for (Chain *c = list; c; c = c->next)
		if (blob_equal(u->constant.at[c->index].blob, blob))
			return c->index;
	int number = unit_add_const(u, blob);
	CHECK(number >= 0, "the constants are larger than int64 counts");
	Chain *c = ARENA_NEW(l->scratch, Chain);
	*c = (Chain){ number, list };
	map_set(&l->blobs, key, c);
	return c->index;
}

static void note_constant(Lower *l, const Op *op)
{
	const Place *p = op->result[0]->place;

	if (!p || p->kind != PLACE_CONST)
		return;
	Blob *blob = value_constant(op->result[0]);
	CHECK(blob, "a constant without a value reaches code generation");
	while (l->constants.n <= p->index)
		vec_push(l->scratch, &l->constants, -1);
	l->constants.at[p->index] = add_constant(l, blob);
}

/* Where a value lies, with constants numbered by the unit. */
static Place place_of(Lower *l, const Value *v)
{
	CHECK(v->place && v->place->kind != PLACE_NONE, "a value without a place reaches code generation");
	Place p = *v->place;
	if (p.kind == PLACE_CONST) {
		CHECK(p.index < l->constants.n && l->constants.at[p.index] >= 0, "constant %d is not known", p.index);
		p.index = l->constants.at[p.index];
	}
	return p;
}

static bool same_place(const Place *a, const Place *b)
{
	return a->kind == b->kind && a->index == b->index && a->offset == b->offset;
}

/* Steps. */

static void add_copy(Lower *l, Steps *to, Loc loc, Place dst, Place src, const Type *t)
{
	if (same_place(&dst, &src))
		return;
	step_add_copy(l->unit, to, loc, dst, src, type_bytes(l->unit->ctx->types, t));
}

/* Kernels. */

static int add_kernel(Lower *l, Kernel *k)
{
	Unit *u = l->unit;
	const void *key = (const void *)(uintptr_t)(kernel_hash(k) | 1);
	Chain *list = map_get(&l->kernels, key);

	for (Chain *c = list; c; c = c->next)
		if (kernel_equal(u->kernel.at[c->index], k))
			return c->index;
	vec_push(u->arena, &u->kernel, k);
	Chain *c = ARENA_NEW(l->scratch, Chain);
	*c = (Chain){ u->kernel.n - 1, list };
	map_set(&l->kernels, key, c);
	return c->index;
}

static const char *kernel_title(Arena *a, const Op *first, const Op *end)
{
	Str s = { 0 };
	int n = 0;

	for (const Op *op = first; op != end; op = op->next) {
		if (op->kind == OP_constant)
			continue;
		if (n++ < 6)
			str_printf(&s, "%s%s", s.n ? "+" : "", op_row(op)->name);
	}
	if (n > 6)
		str_add(&s, "+...");
	char *title = arena_strdup(a, str_cstr(&s));
	str_free(&s);
	return title;
}

/* Scalar operations in all, roughly: the grain of tasks is chosen by it. */
static Dim estimate(Ctx *ctx, const Op *first, const Op *end)
{
	Dim sum = dim_const(ctx->dims, 0);

	for (const Op *op = first; op != end; op = op->next) {
		if (!op->nresults || op->kind == OP_constant)
			continue;
		Dim n = type_count(ctx->types, op->result[0]->type);
		int64_t cost = op->kind == OP_exp || op->kind == OP_tanh || op->kind == OP_erf || op->kind == OP_pow ? 12 : 1;
		if (op->kind == OP_reduce || op->kind == OP_sort)
			n = type_count(ctx->types, op->arg[0]->type);
		if (op->kind == OP_dot_general || op->kind == OP_conv_general) {
			/* 2 * (elements of the result) * (terms of one sum) */
			const Type *rhs = op->arg[1]->type;
			Ints k = { 0, NULL };
			cost = 2;
			if (op->kind == OP_dot_general)
				k = op_attrs(dot_general, op)->rhs_contract;
			for (int i = 0; n && i < k.n; i++)
				n = dim_mul(ctx->dims, n, rhs->dim[k.at[i]]);
			for (int i = 0; n && op->kind == OP_conv_general && i < rhs->rank; i++)
				if (i != op_attrs(conv_general, op)->rhs_spec.at[0])
					n = dim_mul(ctx->dims, n, rhs->dim[i]);
		}
		n = n ? dim_mul(ctx->dims, n, dim_const(ctx->dims, cost)) : NULL;
		sum = n && sum ? dim_add(ctx->dims, sum, n) : NULL;
	}
	return sum;
}

typedef struct Fusion {
	const Op *op;                  /* the fusion, or the bare op */
	const Op *first, *end;
	int nin, nout;
	Value **in, **out;             /* inside: region arguments and yielded values */
	Value **from;                  /* outside: the operands */
} Fusion;

/* What a bare op reads: its operands, and what its regions see of the graph around it. */
typedef struct Captures { Lower *l; const Op *op; VEC(Value *) value; } Captures;

static bool is_inside(const Op *op, const Block *b)
{
	for (; b; b = b->parent ? b->parent->block : NULL)
		if (b->parent == op)
			return true;
	return false;
}

static void add_capture(Captures *c, Value *v)
{
	bool seen = v->place && v->place->kind == PLACE_NONE;   /* a constant that is spelled out in the kernel */

	for (int i = 0; i < c->value.n; i++)
		seen = seen || c->value.at[i] == v;
	if (!seen)
		vec_push(c->l->scratch, &c->value, v);
}

static bool capture_operands(Op *op, void *arg)
{
	Captures *c = arg;

	for (int i = 0; i < op->nargs; i++) {
		const Value *v = op->arg[i];
		if (!is_inside(c->op, v->def ? v->def->block : v->block))
			add_capture(c, op->arg[i]);
	}
	return true;
}

static Fusion fusion_of(Lower *l, const Op *op)
{
	Fusion f = { .op = op, .first = op, .end = op->next, .nout = op->nresults };

	if (op->kind == OP_fusion) {
		Block *region = op->region[0];
		f.first = region->first;
		f.end = block_terminator(region);
		f.nin = op->nargs;
		f.in = region->args.at;
		f.from = op->arg;
		f.out = f.end->arg;
		return f;
	}
	Captures c = { .l = l, .op = op };
	for (int i = 0; i < op->nargs; i++)
		add_capture(&c, op->arg[i]);
	for (int i = 0; i < op->nregions; i++)
		block_walk(op->region[i], capture_operands, &c);
	f.nin = c.value.n;
	f.in = f.from = c.value.at;
	f.out = op->result;
	return f;
}

/* Known alignment of a place: the workspace and the constants start at multiples of 64 bytes; what the user passes is
   aligned to its elements only. */
static int alignment(const Place *p, DType t)
{
	bool ours = p->kind == PLACE_WS || p->kind == PLACE_CONST;

	return ours && dim_known_multiple(p->offset, 64) ? 64 : dtype_size(t);
}

static void add_buffers(Lower *l, Emit *e, const Fusion *f)
{
	Kernel *k = e->b.k;
	Arena *a = k->arena;
	Place *place = ARENA_ARRAY(l->scratch, Place, f->nin + f->nout + 1);

	for (int i = 0; i < f->nin; i++) {
		Place p = place[i] = place_of(l, f->from[i]);
		DType t = f->from[i]->type->dtype;
		KBuf buf = { arena_printf(a, "in%d", i), t, KB_IN, NULL, alignment(&p, t) };
		kernel_add_buf(k, buf);
		map_set(&e->buffers, f->in[i], (void *)(intptr_t)(i + 1));
	}
	for (int i = 0; i < f->nout; i++) {
		Place p = place[f->nin + i] = place_of(l, f->op->result[i]);
		DType t = f->op->result[i]->type->dtype;
		KBuf buf = { arena_printf(a, "out%d", i), t, KB_OUT, NULL, alignment(&p, t) };
		for (int j = 0; j < f->nin; j++) {
			Place q = place_of(l, f->from[j]);
			bool over = p.kind == PLACE_OUT && q.kind == PLACE_IN && func_over(l->program->func, p.index) == q.index;
			if (same_place(&p, &q) || over)
				buf.kind = KB_INOUT;
		}
		kernel_add_buf(k, buf);
	}
	e->place = place;
}

/* Independent positions: every output at each of them. */
void lower_loop(Emit *e)
{
	if (lower_pieces(e))
		return;

	const Type *t = e->out[0]->type;
	Index ix = index_none(t->rank);
	KOp **value = ARENA_ARRAY(e->scratch, KOp *, e->nout);

	emit_loops(e, t, 0, t->rank - 1, KR_BATCH, &ix);
	if (t->rank)
		emit_loops(e, t, t->rank - 1, t->rank, KR_N, &ix);
	/* All are computed before any is stored: an output may lie where an operand does. */
	for (int i = 0; i < e->nout; i++)
		value[i] = emit_value(e, e->out[i], &ix);
	for (int i = 0; i < e->nout; i++)
		emit_store(e, i, &ix, value[i]);
	emit_end(e, t->rank);
}

static void emit_kernel(Emit *e, FusionKind kind, const Op *anchor)
{
	switch (kind) {
	case FUSION_LOOP: lower_loop(e); return;
	case FUSION_ROW: lower_row(e, anchor); return;
	case FUSION_REDUCE: lower_reduce(e, anchor); return;
	case FUSION_CONTRACT: lower_contract(e, anchor); return;
	case FUSION_WINDOW: lower_window(e, anchor); return;
	case FUSION_SCAN: lower_cumulate(e, anchor); return;
	case FUSION_SINGLE:
		if (e->first->kind == OP_scatter) {
			lower_scatter(e, e->first);
			return;
		}
		if (e->first->kind == OP_sort) {
			lower_sort(e, e->first);
			return;
		}
		UNREACHABLE("no lowering for %s", op_row(e->first)->name);
	case FUSION_INVALID:
		break;
	}
	UNREACHABLE("a fusion that breaks the rules reaches code generation");
}

static FusionKind kind_of(const Fusion *f, const Op **anchor)
{
	if (f->op->kind == OP_fusion)
		return fusion_kind(f->op->region[0], anchor);
	*anchor = f->op;
	return op_fusion_kind(f->op);
}

/* Are all results empty?  Then there is no loop either, which might run over other extents that are huge. */
static bool writes_nothing(const Fusion *f)
{
	for (int i = 0; i < f->nout; i++)
		if (!type_is_empty(f->out[i]->type))
			return false;
	return true;
}

static void lower_kernel(Lower *l, Steps *to, const Op *op)
{
	Unit *u = l->unit;
	Fusion f = fusion_of(l, op);
	const Op *anchor;
	Emit e = { .ctx = u->ctx, .scratch = l->scratch, .nin = f.nin, .nout = f.nout, .in = f.in, .out = f.out,
	           .first = f.first, .end = f.end };
	Kernel *k = kernel_new(u->arena, u->ctx->dims, kernel_title(l->scratch, f.first, f.end));
	FusionKind kind = kind_of(&f, &anchor);

	for (const Op *o = f.first; o != f.end; o = o->next)
		if (o->nregions > 0 && !emit_check_regions(u->ctx, o))
			return;
	if (writes_nothing(&f))
		return;
	check_context.op = op_row(anchor ? anchor : op)->name;
	e.b = (KBuild){ k, k->body, NULL };
	map_init(&e.members, l->scratch);
	map_init(&e.buffers, l->scratch);
	map_init(&e.bound, l->scratch);
	map_init(&e.staged, l->scratch);
	map_init(&e.memo, l->scratch);
	e.done = ARENA_ARRAY(l->scratch, bool, f.nout + 1);
	for (const Op *o = f.first; o != f.end; o = o->next)
		map_set(&e.members, o, &e);
	add_buffers(l, &e, &f);
	k->flops = estimate(u->ctx, f.first, f.end);
	emit_kernel(&e, kind, anchor);
	if (!e.stores)   /* each piece lies where it belongs */
		return;
	CHECK(kernel_verify(k, &u->ctx->diag), "kernel %s does not verify", k->name);

	Step *s = step_add(l->unit, to, STEP_LAUNCH, op->loc, f.nin + f.nout);
	for (int i = 0; i < f.nin; i++)
		step_set_place(s, i, place_of(l, f.from[i]));
	for (int i = 0; i < f.nout; i++)
		step_set_place(s, f.nin + i, place_of(l, op->result[i]));
	s->kernel = add_kernel(l, k);
	check_context.op = NULL;
}

/* Graphs. */

static Program *lower_func(Lower *l, Func *f);
static void lower_block(Lower *l, Block *b, Steps *to);

/* The carried values live in the results' places; both regions' arguments share them. */
static void lower_while(Lower *l, Steps *to, const Op *op)
{
	Block *cond = op->region[0], *body = op->region[1];
	const Op *test = block_terminator(cond), *next = block_terminator(body);

	for (int i = 0; i < op->nresults; i++)
		add_copy(l, to, op->loc, place_of(l, op->result[i]), place_of(l, op->arg[i]), op->result[i]->type);
	Step *s = step_add(l->unit, to, STEP_WHILE, op->loc, 1);
	lower_block(l, cond, &s->body);
	step_set_place(s, 0, place_of(l, test->arg[0]));
	lower_block(l, body, &s->other);
	for (int i = 0; i < op->nresults; i++)
		add_copy(l, &s->other, op->loc, place_of(l, op->result[i]), place_of(l, next->arg[i]), op->result[i]->type);
}

static void lower_cond(Lower *l, Steps *to, const Op *op)
{
	Step *s = step_add(l->unit, to, STEP_IF, op->loc, 1);

	step_set_place(s, 0, place_of(l, op->arg[0]));
	for (int r = 0; r < 2; r++) {
		Steps *branch = r == 0 ? &s->body : &s->other;
		const Op *yield = block_terminator(op->region[r]);
		lower_block(l, op->region[r], branch);
		for (int i = 0; i < op->nresults; i++)
			add_copy(l, branch, op->loc, place_of(l, op->result[i]), place_of(l, yield->arg[i]), op->result[i]->type);
	}
}

static void lower_call(Lower *l, Steps *to, const Op *op)
{
	Unit *u = l->unit;
	Func *callee = module_func(u->module, op_attrs(call, op)->callee);
	Step *s = step_add(l->unit, to, STEP_CALL, op->loc, op->nargs + op->nresults);

	for (int i = 0; i < op->nargs; i++)
		step_set_place(s, i, place_of(l, op->arg[i]));
	for (int i = 0; i < op->nresults; i++)
		step_set_place(s, op->nargs + i, place_of(l, op->result[i]));
	/* lower_func works on l's per-function state: keep ours aside. */
	Lower mine = *l;
	s->callee = lower_func(l, callee);
	mine.kernels = l->kernels;
	mine.blobs = l->blobs;
	mine.done = l->done;
	*l = mine;
	/* The callee's symbols, solved from the shapes of the operands: its inputs' dimensions are symbols or expressions whose
	   symbols appear alone somewhere. */
	Dim *value = ARENA_ARRAY(u->arena, Dim, s->callee->nsymbols + 1);
	for (int k = 0; k < s->callee->nsymbols; k++)
		for (int i = 0; i < op->nargs; i++)
			for (int d = 0; d < op->arg[i]->type->rank; d++)
				if (callee->body->args.at[i]->type->dim[d] == s->callee->symbol[k])
					value[k] = op->arg[i]->type->dim[d];
	for (int k = 0; k < s->callee->nsymbols; k++)
		CHECK(value[k], "call: symbol %s of @%s is no dimension of its inputs", s->callee->symbol[k]->name, callee->name);
	s->callee_symbol = value;
	s->nsymbols = s->callee->nsymbols;
	s->ws_offset = mine.program->ws_bytes;
}

static void lower_custom(Lower *l, Steps *to, const Op *op)
{
	Step *s = step_add(l->unit, to, STEP_CUSTOM, op->loc, op->nargs + op->nresults);
	Custom *c = ARENA_NEW(l->unit->arena, Custom);

	*c = custom_of(l->unit->arena, op);
	s->custom = c;
	s->custom_dim = op_attrs(custom_call, op)->dims.at;
	for (int i = 0; i < op->nargs; i++)
		step_set_place(s, i, place_of(l, op->arg[i]));
	for (int i = 0; i < op->nresults; i++)
		step_set_place(s, op->nargs + i, place_of(l, op->result[i]));
}

static void lower_return(Lower *l, Steps *to, const Op *op)
{
	for (int i = 0; i < op->nargs; i++) {
		Place out = { .kind = PLACE_OUT, .index = i, .offset = dim_const(l->unit->ctx->dims, 0) };
		add_copy(l, to, op->loc, out, place_of(l, op->arg[i]), op->arg[i]->type);
	}
}

/* A compiled program is one process: a collective whose groups tell that nobody else is there passes its operands on. */
static void lower_collective(Lower *l, Steps *to, const Op *op)
{
	if (!collective_is_alone(op)) {
		diag_error(&l->unit->ctx->diag, op->loc, "%s: is not compiled where several processes may meet; tfcc-run --target interp "
		           "--replicas R --partitions P runs them", op_row(op)->name);
		return;
	}
	for (int i = 0; i < op->nargs; i++)
		add_copy(l, to, op->loc, place_of(l, op->result[i]), place_of(l, op->arg[i]), op->result[i]->type);
}

/* Does a slice lie within its operand? */
static bool is_in_place(Lower *l, const Op *op)
{
	if (op->arg[0]->place && op->arg[0]->place->kind == PLACE_NONE)
		return false;       /* a constant that is spelled out in the kernel */
	Place whole = place_of(l, op->arg[0]), mine = place_of(l, op->result[0]), at;

	return place_slice(l->unit->ctx, l->scratch, op, &whole, &at) && place_equal(&at, &mine, op->result[0]->type);
}

/* The number of the graph's result that v is, -1: none. */
static int returned_as(const Value *v)
{
	for (const Use *u = v->first_use; u; u = u->next)
		if (u->user->kind == OP_return)
			return u->index;
	return -1;
}

static void lower_op(Lower *l, Steps *to, const Op *op)
{
	switch (op->kind) {
	case OP_constant:
	case OP_weight:
		note_constant(l, op);
		return;
	case OP_bitcast_convert:
		if (op_is_recast(op))   /* the same place */
			return;
		lower_kernel(l, to, op);
		return;
	case OP_reshape:
		add_copy(l, to, op->loc, place_of(l, op->result[0]), place_of(l, op->arg[0]), op->result[0]->type);
		return;
	case OP_while:
		lower_while(l, to, op);
		return;
	case OP_cond:
		lower_cond(l, to, op);
		return;
	case OP_call:
		lower_call(l, to, op);
		return;
	case OP_custom_call:
		lower_custom(l, to, op);
		return;
	case OP_optimization_barrier:
		for (int i = 0; i < op->nargs; i++)
			add_copy(l, to, op->loc, place_of(l, op->result[i]), place_of(l, op->arg[i]), op->result[i]->type);
		return;
	case OP_all_reduce: case OP_all_gather: case OP_reduce_scatter: case OP_all_to_all: case OP_collective_permute:
	case OP_collective_broadcast:
		lower_collective(l, to, op);
		return;
	case OP_replica_id:
	case OP_partition_id:
		diag_error(&l->unit->ctx->diag, op->loc, "%s: is not compiled, since a compiled program is one process that nobody has numbered; "
		           "tfcc-run --target interp --replicas R --partitions P runs several", op_row(op)->name);
		return;
	case OP_define_size: {
		Step *s = step_add(l->unit, to, STEP_SIZE, op->loc, 1);
		step_set_place(s, 0, place_of(l, op->arg[0]));
		s->size = *op_size(op);
		s->result = returned_as(op->result[0]);
		return;
	}
	case OP_slice:
		if (!is_in_place(l, op))
			lower_kernel(l, to, op);
		return;
	case OP_return:
		lower_return(l, to, op);
		return;
	case OP_yield:
		return;
	default:
		lower_kernel(l, to, op);
	}
}

static void lower_block(Lower *l, Block *b, Steps *to)
{
	for (Op *op = b->first; op; op = op->next)
		lower_op(l, to, op);
}

static Program *lower_func(Lower *l, Func *f)
{
	Program *p = strmap_get(&l->done, f->name);

	if (p)
		return p;
	p = program_new(l->unit, f, f->plan ? f->plan->ws_bytes : dim_const(l->unit->ctx->dims, 0));
	strmap_set(&l->done, f->name, p);
	l->program = p;
	l->constants.n = 0;
	l->constants.at = NULL;
	l->constants.cap = 0;
	check_context.func = f->name;
	lower_block(l, f->body, &p->steps);
	check_context.func = NULL;
	return p;
}

Unit *codegen_lower(Ctx *ctx, Module *m)
{
	Unit *u = unit_new(ctx, m);
	Lower l = { .unit = u, .scratch = arena_new() };
	Program **link = &u->programs;

	map_init(&l.kernels, l.scratch);
	map_init(&l.blobs, l.scratch);
	strmap_init(&l.done, l.scratch);
	for (int i = 0; i < m->funcs.n; i++)
		lower_func(&l, m->funcs.at[i]);
	for (int i = 0; i < m->funcs.n; i++) {
		*link = strmap_get(&l.done, m->funcs.at[i]->name);
		link = &(*link)->next;
	}
	arena_free(l.scratch);
	return ctx->diag.nerrors ? NULL : u;
}
