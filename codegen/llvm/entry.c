/* codegen/llvm/entry.c - what stands before the code of a graph: dimensions, checks, workspace, the C function.

   The expressions of a graph are a list of things to do (DimTask).  A short one is straight-line code; LLVM's time for that
   grows faster than its length, so that a long one is cut into functions, as long runs are (program.c). */
#include "codegen/llvm/program.h"

#include "ir/base/check.h"
#include "runtime/abi.h"

enum {
#define FIELD(kind, type, name) CONTEXT_##name,
	TFRT_CONTEXT_FIELDS(FIELD)
#undef FIELD
};

/* Evaluation of dimension expressions with overflow seen: `bad` gathers everything that makes the values void. */
typedef struct DimEval {
	Gen         *g;
	const Graph *graph;
	Map          value;   /* Dim -> Val */
	Val          bad;
	Val          array;   /* of the graph's values, or NULL: not to be read */
	int          nready;  /* so many of them have been computed by earlier functions */
	int          nnodes;  /* computed here */
} DimEval;

static void fail_if(DimEval *e, Val cond)
{
	e->bad = LLVMBuildOr(e->g->b, e->bad, cond, "");
}

static Val checked(DimEval *e, const char *name, Val a, Val b)
{
	Gen *g = e->g;
	Val r = gen_intrinsic(g, name, 1, &g->i64, 2, (Val[]){ a, b });

	fail_if(e, LLVMBuildExtractValue(g->b, r, 1, ""));
	return LLVMBuildExtractValue(g->b, r, 0, "");
}

static Val floor_divide(DimEval *e, DimKind kind, Val a, Val b)
{
	LLVMBuilderRef bld = e->g->b;
	Val zero = gen_i64(e->g, 0), positive = LLVMBuildICmp(bld, LLVMIntSGT, b, zero, "");

	fail_if(e, LLVMBuildNot(bld, positive, ""));
	b = LLVMBuildSelect(bld, positive, b, gen_i64(e->g, 1), "");
	Val q = LLVMBuildSDiv(bld, a, b, ""), r = LLVMBuildSRem(bld, a, b, "");
	Val below = LLVMBuildICmp(bld, LLVMIntSLT, r, zero, "");
	if (kind == DIM_FLOORDIV)
		return LLVMBuildSelect(bld, below, LLVMBuildSub(bld, q, gen_i64(e->g, 1), ""), q, "");
	return LLVMBuildSelect(bld, below, LLVMBuildAdd(bld, r, b, ""), r, "");
}

static Val element(Gen *g, LLVMTypeRef type, Val array, int i)
{
	Val at = gen_i64(g, i);

	return LLVMBuildInBoundsGEP2(g->b, type, array, &at, 1, "");
}

static Val load_element(Gen *g, LLVMTypeRef type, Val array, int i)
{
	return LLVMBuildLoad2(g->b, type, element(g, type, array, i), "");
}

static Val eval(DimEval *e, Dim d);

static Val eval_operands(DimEval *e, Dim d)
{
	Gen *g = e->g;
	Val x = eval(e, d->arg[0]);

	for (int i = 1; i < d->nargs; i++) {
		Val y = eval(e, d->arg[i]);
		switch (d->kind) {
		case DIM_ADD: x = checked(e, "llvm.sadd.with.overflow", x, y); break;
		case DIM_MUL: x = checked(e, "llvm.smul.with.overflow", x, y); break;
		case DIM_MAX: x = gen_intrinsic(g, "llvm.smax", 1, &g->i64, 2, (Val[]){ x, y }); break;
		case DIM_MIN: x = gen_intrinsic(g, "llvm.smin", 1, &g->i64, 2, (Val[]){ x, y }); break;
		case DIM_FLOORDIV: case DIM_MOD: x = floor_divide(e, d->kind, x, y); break;
		case DIM_CONST: case DIM_SYM: UNREACHABLE("a dimension that is a leaf has operands");
		}
	}
	return x;
}

static Val eval(DimEval *e, Dim d)
{
	Val v;

	CHECK(d, "graph @%s: a dimension expression has overflowed", e->graph->p->name);
	if (d->kind == DIM_CONST)
		return gen_i64(e->g, d->value);
	v = map_get(&e->value, d);
	CHECK(v || d->kind != DIM_SYM, "graph @%s: symbol %s is no argument", e->graph->p->name, d->name);
	if (!v) {
		int number = e->array ? dimlist_find(&e->graph->dims, d) : -1;
		v = number >= 0 && number < e->nready ? load_element(e->g, e->g->i64, e->array, number) : eval_operands(e, d);
		map_set(&e->value, d, v);
		e->nnodes++;
	}
	return v;
}

static void start_eval(DimEval *e, Gen *g, const Graph *gr, Val symbols)
{
	*e = (DimEval){ .g = g, .graph = gr, .bad = LLVMConstInt(g->i1, 0, 0) };
	map_init(&e->value, g->arena);
	for (int i = 0; i < gr->p->nsymbols; i++)
		map_set(&e->value, gr->p->symbol[i], load_element(g, g->i64, symbols, i));
}

/* What is done with expressions: all of it may find that they overflow. */
typedef enum DimTaskKind { TASK_RANGE, TASK_EQUAL, TASK_NOT_NEGATIVE, TASK_COMPUTE, TASK_STORE } DimTaskKind;
typedef struct DimTask {
	DimTaskKind kind;
	Dim         a, b;     /* b: of EQUAL */
	int         to;       /* STORE: element of the array */
} DimTask;

typedef struct DimTasks {
	Gen         *g;
	const Graph *graph;
	VEC(DimTask) task;
	Map          seen;    /* extents */
} DimTasks;

static void add_task(DimTasks *t, DimTask task)
{
	vec_push(t->g->arena, &t->task, task);
}

/* Extents that could be negative must not be: those of every value in the graph. */
static void check_extent(DimTasks *t, Dim d)
{
	int64_t lo, hi;

	dim_range(d, &lo, &hi);
	if (lo >= 0 || map_has(&t->seen, d))
		return;
	map_set(&t->seen, d, t);
	add_task(t, (DimTask){ .kind = TASK_NOT_NEGATIVE, .a = d });
}

/* Of input or output i: with room for all that a size may be. */
static const Type *tensor_type(Gen *g, const Graph *gr, int i)
{
	return program_room(g->unit, gr->p, i);
}

/* What a call with these symbols must satisfy, whatever else it needs: ranges, conditions, sizes. */
static DimTasks signature_tasks(Gen *g, const Graph *gr)
{
	DimTasks t = { .g = g, .graph = gr };
	const Func *f = gr->p->func;

	map_init(&t.seen, g->arena);
	for (int i = 0; i < gr->p->nsymbols; i++)
		add_task(&t, (DimTask){ .kind = TASK_RANGE, .a = gr->p->symbol[i] });
	for (int i = 0; i < f->constraints.n; i++) {
		const Constraint *c = &f->constraints.at[i];
		if (program_knows(gr->p, c->a) && program_knows(gr->p, c->b))
			add_task(&t, (DimTask){ .kind = TASK_EQUAL, .a = c->a, .b = c->b });
	}
	for (int i = 0; i < gr->nin + gr->nout; i++) {
		const Type *type = tensor_type(g, gr, i);
		for (int k = 0; k < type->rank; k++)
			check_extent(&t, type->dim[k]);
		add_task(&t, (DimTask){ .kind = TASK_COMPUTE, .a = type_bytes(g->unit->ctx->types, type) });
	}
	for (int i = 0; i < gr->p->extent.n; i++)
		if (program_knows(gr->p, gr->p->extent.at[i]))
			check_extent(&t, gr->p->extent.at[i]);
	return t;
}

static void do_task(DimEval *e, const DimTask *t, Val out)
{
	Gen *g = e->g;
	Val v = eval(e, t->a);

	switch (t->kind) {
	case TASK_RANGE:
		fail_if(e, LLVMBuildICmp(g->b, LLVMIntSLT, v, gen_i64(g, 0), ""));
		if (dim_is_bounded(t->a))
			fail_if(e, LLVMBuildICmp(g->b, LLVMIntSGT, v, eval(e, dim_bound(g->unit->ctx->dims, t->a)), ""));
		return;
	case TASK_EQUAL: fail_if(e, LLVMBuildICmp(g->b, LLVMIntNE, v, eval(e, t->b), "")); return;
	case TASK_NOT_NEGATIVE: fail_if(e, LLVMBuildICmp(g->b, LLVMIntSLT, v, gen_i64(g, 0), "")); return;
	case TASK_COMPUTE: return;
	case TASK_STORE: LLVMBuildStore(g->b, v, element(g, g->i64, out, t->to)); return;
	}
	UNREACHABLE("task of kind %d", t->kind);
}

enum { TASKS_WHOLE = 200, PART_COST = 200 };   /* cost: tasks and what they compute */

/* Tasks from *at on, as many as one function should do: i1 part(const i64 *symbols, i64 *out), true: the values are void.
   stored: what is stored are the graph's values in their order, which later parts can load. */
static Val emit_tasks_part(DimTasks *t, int *at, bool stored, const char *name)
{
	Gen *g = t->g;
	Val fn = gen_function(g, name, LLVMFunctionType(g->i1, (LLVMTypeRef[]){ g->ptr, g->ptr }, 2, 0), g->base, false);
	Scope outer = gen_enter(g, fn, g->base, t->graph->p->func->loc);
	Val out = LLVMGetParam(g->fn, 1);
	DimEval e;

	start_eval(&e, g, t->graph, LLVMGetParam(g->fn, 0));
	if (stored && t->task.at[*at].kind == TASK_STORE) {
		e.array = out;
		e.nready = t->task.at[*at].to;
	}
	for (int from = *at; *at < t->task.n && e.nnodes + *at - from < PART_COST; ++*at)
		do_task(&e, &t->task.at[*at], out);
	LLVMBuildRet(g->b, e.bad);
	gen_leave(g, outer);
	return fn;
}

/* The body of fn: i32 fn(const i64 *symbols, i64 *out), the status. */
static void emit_tasks(DimTasks *t, Val fn, bool stored, const char *name)
{
	Gen *g = t->g;
	Scope outer = gen_enter(g, fn, g->base, t->graph->p->func->loc);
	Val symbols = LLVMGetParam(g->fn, 0), out = LLVMGetParam(g->fn, 1);
	DimEval e;

	start_eval(&e, g, t->graph, symbols);
	if (t->task.n <= TASKS_WHOLE) {
		for (int i = 0; i < t->task.n; i++)
			do_task(&e, &t->task.at[i], out);
	} else {
		for (int at = 0, part = 0; at < t->task.n; part++) {
			Val f = emit_tasks_part(t, &at, stored, arena_printf(g->arena, "%s.%s.part%d", name, t->graph->p->name, part));
			fail_if(&e, LLVMBuildCall2(g->b, LLVMGlobalGetValueType(f), f, (Val[]){ symbols, out }, 2, ""));
		}
	}
	LLVMBuildRet(g->b, LLVMBuildSelect(g->b, e.bad, gen_i32(g, TFRT_SHAPE), gen_i32(g, TFRT_OK), ""));
	gen_leave(g, outer);
}

void emit_dims(Programs *ps, Graph *gr)
{
	DimTasks t = signature_tasks(ps->g, gr);

	for (int i = 0; i < gr->dims.n; i++)
		if (program_knows(gr->p, gr->dims.at[i]))
			add_task(&t, (DimTask){ .kind = TASK_STORE, .a = gr->dims.at[i], .to = i });
	emit_tasks(&t, gr->dims_fn, true, "dims");
}

/* Everything that can be told from a size's step on, and not before. */
static DimTasks size_tasks(Gen *g, const Graph *gr, const SizeStep *s)
{
	DimTasks t = { .g = g, .graph = gr };
	const Func *f = gr->p->func;

	map_init(&t.seen, g->arena);
	add_task(&t, (DimTask){ .kind = TASK_RANGE, .a = s->step->size });
	for (int i = 0; i < f->constraints.n; i++)
		if (size_decides(s, f->constraints.at[i].a, f->constraints.at[i].b))
			add_task(&t, (DimTask){ .kind = TASK_EQUAL, .a = f->constraints.at[i].a, .b = f->constraints.at[i].b });
	for (int i = 0; i < f->result_types.n; i++)
		for (int k = 0; k < f->result_types.at[i]->rank; k++)
			if (size_gives(s, f->result_types.at[i]->dim[k]))
				check_extent(&t, f->result_types.at[i]->dim[k]);
	for (int i = 0; i < gr->p->extent.n; i++)
		if (size_gives(s, gr->p->extent.at[i]))
			check_extent(&t, gr->p->extent.at[i]);
	for (int i = 0; i < gr->dims.n; i++)
		if (size_gives(s, gr->dims.at[i]))
			add_task(&t, (DimTask){ .kind = TASK_STORE, .a = gr->dims.at[i], .to = i });
	return t;
}

void emit_sizes(Programs *ps, Graph *gr)
{
	Gen *g = ps->g;

	for (int n = 0; n < gr->nsizes; n++) {
		const SizeStep *s = &gr->size[n];
		DimTasks t = size_tasks(g, gr, s);
		DimEval e = { .g = g, .graph = gr, .bad = LLVMConstInt(g->i1, 0, 0) };
		Scope outer = gen_enter(g, gr->size_fn[n], g->base, s->step->loc);
		Val values = LLVMGetParam(g->fn, 0);
		map_init(&e.value, g->arena);
		for (int i = 0; i + 1 < s->nknown; i++)
			map_set(&e.value, s->known[i], dim_value(g, gr, values, s->known[i]));
		map_set(&e.value, s->step->size, LLVMGetParam(g->fn, 1));
		for (int i = 0; i < t.task.n; i++)
			do_task(&e, &t.task.at[i], values);
		LLVMBuildRet(g->b, LLVMBuildSelect(g->b, e.bad, gen_i32(g, TFRT_SHAPE), gen_i32(g, TFRT_OK), ""));
		gen_leave(g, outer);
	}
}

void emit_shape(Programs *ps, Graph *gr)
{
	DimTasks t = signature_tasks(ps->g, gr);
	int n = 0;

	for (int i = 0; i < gr->nin + gr->nout; i++) {
		const Type *type = tensor_type(ps->g, gr, i);
		for (int k = 0; k < type->rank; k++)
			add_task(&t, (DimTask){ .kind = TASK_STORE, .a = type->dim[k], .to = n++ });
	}
	emit_tasks(&t, gr->shape_fn, false, "shape");
}

/* shared + threads * scratch, given the values; *bad: overflow. */
static Val workspace_bytes(Gen *g, const Graph *gr, Val values, Val threads, Val *bad)
{
	DimEval e = { .g = g, .graph = gr, .bad = LLVMConstInt(g->i1, 0, 0) };
	Val each = dim_value(g, gr, values, gr->layout.scratch);
	Val blocks = checked(&e, "llvm.smul.with.overflow", each, LLVMBuildSExt(g->b, threads, g->i64, ""));
	Val all = checked(&e, "llvm.sadd.with.overflow", dim_value(g, gr, values, gr->layout.shared), blocks);

	*bad = e.bad;
	return all;
}

static Val call_dims(Gen *g, const Graph *gr, Val symbols, Val *values)
{
	*values = gen_alloca(g, g->i64, gen_i64(g, gr->dims.n + 1), 0, "values");
	return LLVMBuildCall2(g->b, LLVMGlobalGetValueType(gr->dims_fn), gr->dims_fn, (Val[]){ symbols, *values }, 2, "");
}

void emit_workspace(Programs *ps, Graph *gr)
{
	Gen *g = ps->g;
	Val values, bad;

	Scope outer = gen_enter(g, gr->workspace_fn, g->base, gr->p->func->loc);
	Val status = call_dims(g, gr, LLVMGetParam(g->fn, 0), &values);
	Val all = workspace_bytes(g, gr, values, LLVMGetParam(g->fn, 1), &bad);
	bad = LLVMBuildOr(g->b, bad, LLVMBuildICmp(g->b, LLVMIntNE, status, gen_i32(g, TFRT_OK), ""), "");
	LLVMBuildRet(g->b, LLVMBuildSelect(g->b, bad, gen_i64(g, -1), all, ""));
	gen_leave(g, outer);
}

static void return_if(Gen *g, Val cond, Val status)
{
	LLVMBasicBlockRef bad = gen_block(g, "fail"), good = gen_block(g, "");

	LLVMBuildCondBr(g->b, cond, bad, good);
	gen_at(g, bad);
	LLVMBuildRet(g->b, status);
	gen_at(g, good);
}

static Val missing(Gen *g, const Graph *gr, Val values, Val array, int from, int n)
{
	Val any = LLVMConstInt(g->i1, 0, 0);

	for (int i = 0; i < n; i++) {
		Dim count = type_count(g->unit->ctx->types, tensor_type(g, gr, from + i));
		Val null = LLVMBuildIsNull(g->b, load_element(g, g->ptr, array, i), "");
		Val some = LLVMBuildICmp(g->b, LLVMIntNE, dim_value(g, gr, values, count), gen_i64(g, 0), "");
		any = LLVMBuildOr(g->b, any, LLVMBuildAnd(g->b, null, some, ""), "");
	}
	return any;
}

/* The order of the checks is part of the ABI (runtime/abi.h). */
void emit_call(Programs *ps, Graph *gr)
{
	Gen *g = ps->g;
	Val values, bad;

	Scope outer = gen_enter(g, gr->call_fn, g->base, gr->p->func->loc);
	Val ctx = LLVMGetParam(g->fn, 0), symbols = LLVMGetParam(g->fn, 2), in = LLVMGetParam(g->fn, 3), out = LLVMGetParam(g->fn, 4);
	return_if(g, LLVMBuildIsNull(g->b, ctx, ""), gen_i32(g, TFRT_INVALID));
	Val model = gen_field(g, ABI_CONTEXT, ctx, CONTEXT_model);
	return_if(g, LLVMBuildICmp(g->b, LLVMIntNE, model, ps->model, ""), gen_i32(g, TFRT_INVALID));
	Val status = call_dims(g, gr, symbols, &values);
	return_if(g, LLVMBuildICmp(g->b, LLVMIntNE, status, gen_i32(g, TFRT_OK), ""), status);
	Val threads = gen_field(g, ABI_CONTEXT, ctx, CONTEXT_threads);
	Val need = workspace_bytes(g, gr, values, threads, &bad);
	return_if(g, bad, gen_i32(g, TFRT_SHAPE));
	bad = LLVMBuildOr(g->b, missing(g, gr, values, in, 0, gr->nin), missing(g, gr, values, out, gr->nin, gr->nout), "");
	return_if(g, bad, gen_i32(g, TFRT_INVALID));
	Val have = gen_field(g, ABI_CONTEXT, ctx, CONTEXT_workspace_bytes);
	return_if(g, LLVMBuildICmp(g->b, LLVMIntSLT, have, need, ""), gen_i32(g, TFRT_WORKSPACE));

	Val ws = gen_field(g, ABI_CONTEXT, ctx, CONTEXT_workspace);
	Val scratch = gen_offset(g, ws, dim_value(g, gr, values, gr->layout.shared));
	Val arg[] = { ctx, ws, scratch, dim_value(g, gr, values, gr->layout.scratch), values, in, out };
	LLVMBasicBlockRef none = gen_block(g, "none");
	Val pick = LLVMBuildSwitch(g->b, gen_field(g, ABI_CONTEXT, ctx, CONTEXT_variant), none, (unsigned)ps->nvariants);
	for (int v = 0; v < ps->nvariants; v++) {
		LLVMBasicBlockRef block = gen_block(g, "variant");
		LLVMAddCase(pick, gen_i32(g, v), block);
		gen_at(g, block);
		LLVMBuildRet(g->b, LLVMBuildCall2(g->b, run_type(g), gr->run[v], arg, 7, ""));
	}
	gen_at(g, none);
	LLVMBuildRet(g->b, gen_i32(g, TFRT_CPU));
	gen_leave(g, outer);
}

static Val pack(Gen *g, LLVMTypeRef type, int from, int n, const char *name)
{
	Val at = gen_alloca(g, type, gen_i64(g, n ? n : 1), 0, name);

	for (int i = 0; i < n; i++)
		LLVMBuildStore(g->b, LLVMGetParam(g->fn, (unsigned)(from + i)), element(g, type, at, i));
	return at;
}

/* tfrt_status NAME(ctx, symbols..., inputs..., outputs...). */
void emit_entry(Programs *ps, Graph *gr)
{
	Gen *g = ps->g;
	int nsym = gr->p->nsymbols, n = 1 + nsym + gr->nin + gr->nout;
	LLVMTypeRef *type = ARENA_ARRAY(g->arena, LLVMTypeRef, n);

	for (int i = 0; i < n; i++)
		type[i] = i > 0 && i <= nsym ? g->i64 : g->ptr;
	Val fn = gen_function(g, gr->cname, LLVMFunctionType(g->i32, type, (unsigned)n, 0), g->base, true);
	Scope outer = gen_enter(g, fn, g->base, gr->p->func->loc);
	Val symbols = pack(g, g->i64, 1, nsym, "symbols"), in = pack(g, g->ptr, 1 + nsym, gr->nin, "in");
	Val out = pack(g, g->ptr, 1 + nsym + gr->nin, gr->nout, "out");
	Val arg[] = { LLVMGetParam(g->fn, 0), gen_null(g), symbols, in, out };
	LLVMBuildRet(g->b, LLVMBuildCall2(g->b, LLVMGlobalGetValueType(gr->call_fn), gr->call_fn, arg, 5, ""));
	gen_leave(g, outer);
}
