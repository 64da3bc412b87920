/* codegen/llvm/program.c - the steps of a graph as one function per variant, or several where they are many, and parallel
   loops.

   LLVM keeps every value of a function in one table of live ranges, so a function of thousands of launches would cost far more
   than ten of hundreds.  A long run is cut (steps_cut): each part is a function with the parameters of the run, which runs them
   one after the other. */
#include "codegen/llvm/program.h"

#include "ir/base/check.h"
#include "runtime/abi.h"

/* Numbers of the fields of a context. */
enum {
#define FIELD(kind, type, name) CONTEXT_##name,
	TFRT_CONTEXT_FIELDS(FIELD)
#undef FIELD
};

typedef struct Run {
	Programs    *ps;
	Gen         *g;
	const Graph *graph;
	Kernel     *const *kernel;
	Val         *kernel_fn;
	Val         *task_fn;      /* by kernel: void (arg, task, worker); NULL until needed */
	int          variant;
	Val          ctx, ws, scratch, stride, values, in, out, weights;
	Val          task_arg;     /* room for the arguments of any parallel loop */
	int         *nparts;       /* functions that it was cut into so far */
} Run;

LLVMTypeRef run_type(Gen *g)
{
	LLVMTypeRef arg[] = { g->ptr, g->ptr, g->ptr, g->i64, g->ptr, g->ptr, g->ptr };

	return LLVMFunctionType(g->i32, arg, 7, 0);
}

Val dim_value(Gen *g, const Graph *gr, Val values, Dim d)
{
	if (dim_is_const(d))
		return gen_i64(g, d->value);
	int number = dimlist_find(&gr->dims, d);
	CHECK(number >= 0, "graph @%s: a dimension expression has no value", gr->p->name);
	Val at = gen_i64(g, number);
	return LLVMBuildLoad2(g->b, g->i64, LLVMBuildInBoundsGEP2(g->b, g->i64, values, &at, 1, ""), "");
}

static Val value_at(Run *r, Dim d)
{
	return dim_value(r->g, r->graph, r->values, d);
}

static Val pointer_at(Gen *g, Val array, int i)
{
	Val at = gen_i64(g, i);

	return LLVMBuildLoad2(g->b, g->ptr, LLVMBuildInBoundsGEP2(g->b, g->ptr, array, &at, 1, ""), "");
}

static Val place_address(Run *r, const Place *p)
{
	Gen *g = r->g;
	const Unit *u = g->unit;

	switch (p->kind) {
	case PLACE_IN: return gen_offset(g, pointer_at(g, r->in, p->index), value_at(r, p->offset));
	case PLACE_OUT: return gen_offset(g, pointer_at(g, r->out, p->index), value_at(r, p->offset));
	case PLACE_WS: return gen_offset(g, r->ws, value_at(r, p->offset));
	case PLACE_CONST: {
		Val base = gen_offset(g, r->weights, gen_i64(g, u->constant.at[p->index].offset));
		return gen_offset(g, base, value_at(r, p->offset));
	}
	case PLACE_NONE: break;
	}
	UNREACHABLE("graph @%s: a step on a value without a place", r->graph->p->name);
}

/* Launches.  A parallel loop passes its kernel's arguments in a struct { arguments..., scratch, stride }. */

static LLVMTypeRef task_type(Gen *g)
{
	return LLVMFunctionType(g->none, (LLVMTypeRef[]){ g->ptr, g->i64, g->i32 }, 3, 0);
}

static int nkernel_args(Gen *g, const Kernel *k)
{
	return k->nparams + kernel_layout(g->arena, k).nparams;
}

static LLVMTypeRef arg_struct(Gen *g, const Kernel *k)
{
	int n = nkernel_args(g, k) + 2;
	LLVMTypeRef *field = ARENA_ARRAY(g->arena, LLVMTypeRef, n);

	for (int i = 0; i < n; i++)
		field[i] = i < k->nparams || i == n - 2 ? g->ptr : g->i64;
	return LLVMStructTypeInContext(g->ctx, field, (unsigned)n, 0);
}

static Val load_arg(Gen *g, LLVMTypeRef type, Val at, int i)
{
	Val p = LLVMBuildStructGEP2(g->b, type, at, (unsigned)i, "");

	return LLVMBuildLoad2(g->b, LLVMStructGetTypeAtIndex(type, (unsigned)i), p, "");
}

/* void task(arg, task, worker): unpacks and calls the kernel. */
static Val task_function(Run *r, int index, Loc loc)
{
	Gen *g = r->g;
	const Kernel *k = r->kernel[index];
	int n = nkernel_args(g, k);
	Val *arg = ARENA_ARRAY(g->arena, Val, n + 2);
	const CpuSpec *cpu = r->ps->cpu[r->variant];
	LLVMTypeRef type = arg_struct(g, k);

	Val fn = gen_function(g, arena_printf(g->arena, "task.%d.%s", index, cpu->name), task_type(g), cpu, false);
	Scope outer = gen_enter(g, fn, cpu, loc);
	Val from = LLVMGetParam(g->fn, 0), worker = LLVMBuildSExt(g->b, LLVMGetParam(g->fn, 2), g->i64, "");
	for (int i = 0; i < n; i++)
		arg[i] = load_arg(g, type, from, i);
	arg[n] = LLVMGetParam(g->fn, 1);
	arg[n + 1] = gen_offset(g, load_arg(g, type, from, n), LLVMBuildMul(g->b, worker, load_arg(g, type, from, n + 1), ""));
	LLVMBuildCall2(g->b, LLVMGlobalGetValueType(r->kernel_fn[index]), r->kernel_fn[index], arg, (unsigned)n + 2, "");
	LLVMBuildRetVoid(g->b);
	gen_leave(g, outer);
	return fn;
}

/* void parallel(ctx, task function, arg, ntasks): through the context's pool, or one after the other. */
static Val parallel_function(Gen *g)
{
	LLVMTypeRef type = LLVMFunctionType(g->none, (LLVMTypeRef[]){ g->ptr, g->ptr, g->ptr, g->i64 }, 4, 0);

	if (g->parallel)
		return g->parallel;
	g->parallel = gen_function(g, "parallel", type, g->base, false);
	Scope outer = gen_enter(g, g->parallel, g->base, NULL);
	Val ctx = LLVMGetParam(g->fn, 0), fn = LLVMGetParam(g->fn, 1), arg = LLVMGetParam(g->fn, 2), n = LLVMGetParam(g->fn, 3);
	LLVMBasicBlockRef pool = gen_block(g, "pool"), plain = gen_block(g, "plain"),
	                  loop = gen_block(g, "loop"), done = gen_block(g, "done");
	Val hook = gen_field(g, ABI_CONTEXT, ctx, CONTEXT_parallel);
	Val many = LLVMBuildICmp(g->b, LLVMIntSGT, n, gen_i64(g, 1), "");
	Val both = LLVMBuildAnd(g->b, many, LLVMBuildIsNotNull(g->b, hook, ""), "");
	LLVMBuildCondBr(g->b, both, pool, plain);
	gen_at(g, pool);
	LLVMTypeRef hook_type = LLVMFunctionType(g->none, (LLVMTypeRef[]){ g->ptr, g->ptr, g->ptr, g->i64 }, 4, 0);
	Val to_pool[] = { gen_field(g, ABI_CONTEXT, ctx, CONTEXT_pool), fn, arg, n };
	LLVMBuildCall2(g->b, hook_type, hook, to_pool, 4, "");
	LLVMBuildRetVoid(g->b);
	gen_at(g, plain);
	LLVMBuildCondBr(g->b, LLVMBuildICmp(g->b, LLVMIntSGT, n, gen_i64(g, 0), ""), loop, done);
	gen_at(g, loop);
	Val i = LLVMBuildPhi(g->b, g->i64, "");
	LLVMBuildCall2(g->b, task_type(g), fn, (Val[]){ arg, i, gen_i32(g, 0) }, 3, "");
	Val next = LLVMBuildNSWAdd(g->b, i, gen_i64(g, 1), "");
	LLVMAddIncoming(i, (Val[]){ gen_i64(g, 0), next }, (LLVMBasicBlockRef[]){ plain, loop }, 2);
	LLVMBuildCondBr(g->b, LLVMBuildICmp(g->b, LLVMIntSLT, next, n, ""), loop, done);
	gen_at(g, done);
	LLVMBuildRetVoid(g->b);
	gen_leave(g, outer);
	return g->parallel;
}

static StepRange whole(const Steps *steps)
{
	return (StepRange){ steps->first, NULL };
}

/* Most arguments of any launch. */
static int most_args(Run *r, StepRange range)
{
	int most = 0, n;

	for (const Step *s = range.first; s != range.end; s = s->next) {
		n = s->kind == STEP_LAUNCH ? nkernel_args(r->g, r->kernel[s->kernel]) : 0;
		most = n > most ? n : most;
		n = most_args(r, whole(&s->body));
		most = n > most ? n : most;
		n = most_args(r, whole(&s->other));
		most = n > most ? n : most;
	}
	return most;
}

static void emit_parallel(Run *r, const Step *s, Val *arg, int n)
{
	Gen *g = r->g;
	const Kernel *k = r->kernel[s->kernel];
	LLVMTypeRef type = arg_struct(g, k);
	Val at = r->task_arg;

	if (!r->task_fn[s->kernel])
		r->task_fn[s->kernel] = task_function(r, s->kernel, s->loc);
	arg[n] = r->scratch;
	arg[n + 1] = r->stride;
	for (int i = 0; i < n + 2; i++)
		LLVMBuildStore(g->b, arg[i], LLVMBuildStructGEP2(g->b, type, at, (unsigned)i, ""));
	Val fn = parallel_function(g), to[] = { r->ctx, r->task_fn[s->kernel], at, value_at(r, k->ntasks) };
	LLVMBuildCall2(g->b, LLVMGlobalGetValueType(fn), fn, to, 4, "");
}

/* Objects with a profile tell the context, if it wants to know, when a kernel begins and ends. */
static void emit_hook(Run *r, int kernel, int end)
{
	Gen *g = r->g;
	LLVMTypeRef type = LLVMFunctionType(g->none, (LLVMTypeRef[]){ g->ptr, g->i32, g->i32 }, 3, 0);

	if (!r->ps->profile)
		return;
	LLVMBasicBlockRef call = gen_block(g, ""), done = gen_block(g, "");
	Val hook = gen_field(g, ABI_CONTEXT, r->ctx, CONTEXT_profile);
	LLVMBuildCondBr(g->b, LLVMBuildIsNotNull(g->b, hook, ""), call, done);
	gen_at(g, call);
	LLVMBuildCall2(g->b, type, hook, (Val[]){ r->ctx, gen_i32(g, kernel), gen_i32(g, end) }, 3, "");
	LLVMBuildBr(g->b, done);
	gen_at(g, done);
}

static void emit_launch(Run *r, const Step *s)
{
	Gen *g = r->g;
	const Kernel *k = r->kernel[s->kernel];
	KernelLayout l = kernel_layout(g->arena, k);
	int n = k->nparams + l.nparams;
	Val *arg = ARENA_ARRAY(g->arena, Val, n + 2);

	CHECK(s->nplaces == k->nparams, "launch of kernel %s with %d places, it has %d", k->name, s->nplaces, k->nparams);
	for (int i = 0; i < k->nparams; i++)
		arg[i] = place_address(r, &s->place[i]);
	for (int i = 0; i < l.nparams; i++)
		arg[k->nparams + i] = value_at(r, l.param[i]);
	emit_hook(r, s->kernel, 0);
	if (!dim_is(k->ntasks, 1)) {
		emit_parallel(r, s, arg, n);
	} else {
		arg[n] = gen_i64(g, 0);
		arg[n + 1] = r->scratch;
		LLVMBuildCall2(g->b, LLVMGlobalGetValueType(r->kernel_fn[s->kernel]), r->kernel_fn[s->kernel], arg, (unsigned)n + 2, "");
	}
	emit_hook(r, s->kernel, 1);
}

static void emit_steps(Run *r, StepRange range);

static void emit_copy(Run *r, const Step *s)
{
	Gen *g = r->g;
	Val to = place_address(r, &s->place[0]), from = place_address(r, &s->place[1]);

	/* A result may lie over the input that it is. */
	if (s->place[0].kind == PLACE_OUT && s->place[1].kind == PLACE_IN)
		LLVMBuildMemMove(g->b, to, 1, from, 1, value_at(r, s->bytes));
	else
		LLVMBuildMemCpy(g->b, to, 1, from, 1, value_at(r, s->bytes));
}

static Val condition(Run *r, const Step *s)
{
	Gen *g = r->g;
	Val byte = LLVMBuildLoad2(g->b, g->i8, place_address(r, &s->place[0]), "");

	return LLVMBuildICmp(g->b, LLVMIntNE, byte, LLVMConstNull(g->i8), "");
}

static void emit_if(Run *r, const Step *s)
{
	Gen *g = r->g;
	LLVMBasicBlockRef yes = gen_block(g, "then"), no = gen_block(g, "else"), done = gen_block(g, "endif");

	LLVMBuildCondBr(g->b, condition(r, s), yes, no);
	gen_at(g, yes);
	emit_steps(r, whole(&s->body));
	LLVMBuildBr(g->b, done);
	gen_at(g, no);
	emit_steps(r, whole(&s->other));
	LLVMBuildBr(g->b, done);
	gen_at(g, done);
}

static void emit_while(Run *r, const Step *s)
{
	Gen *g = r->g;
	LLVMBasicBlockRef test = gen_block(g, "while"), body = gen_block(g, "do"), done = gen_block(g, "done");

	LLVMBuildBr(g->b, test);
	gen_at(g, test);
	emit_steps(r, whole(&s->body));
	LLVMBuildCondBr(g->b, condition(r, s), body, done);
	gen_at(g, body);
	emit_steps(r, whole(&s->other));
	LLVMBuildBr(g->b, test);
	gen_at(g, done);
}

/* Returns status from g->fn unless it is TFRT_OK. */
static void return_unless_ok(Gen *g, Val status)
{
	LLVMBasicBlockRef bad = gen_block(g, "fail"), good = gen_block(g, "");

	LLVMBuildCondBr(g->b, LLVMBuildICmp(g->b, LLVMIntEQ, status, gen_i32(g, TFRT_OK), ""), good, bad);
	gen_at(g, bad);
	LLVMBuildRet(g->b, status);
	gen_at(g, good);
}

static Val array_of(Gen *g, LLVMTypeRef type, Val *x, int n, const char *name)
{
	Val at = gen_alloca(g, type, gen_i64(g, n ? n : 1), 0, name);

	for (int i = 0; i < n; i++) {
		Val k = gen_i64(g, i);
		LLVMBuildStore(g->b, x[i], LLVMBuildInBoundsGEP2(g->b, type, at, &k, 1, ""));
	}
	return at;
}

static void emit_call_step(Run *r, const Step *s)
{
	Gen *g = r->g;
	const Graph *callee = map_get(&r->ps->by_program, s->callee);
	int nsym = s->callee->nsymbols, most = s->nplaces > nsym ? s->nplaces : nsym;
	Val *x = ARENA_ARRAY(g->arena, Val, most + 1);

	CHECK(callee, "call of a graph that is not in the unit");
	CHECK(s->nplaces == callee->nin + callee->nout, "call of @%s with %d places", callee->p->name, s->nplaces);
	for (int i = 0; i < nsym; i++)
		x[i] = value_at(r, s->callee_symbol[i]);
	Val symbols = array_of(g, g->i64, x, nsym, "symbols");
	Val values = gen_alloca(g, g->i64, gen_i64(g, callee->dims.n + 1), 0, "values");
	return_unless_ok(g, LLVMBuildCall2(g->b, LLVMGlobalGetValueType(callee->dims_fn), callee->dims_fn,
	                                   (Val[]){ symbols, values }, 2, ""));
	for (int i = 0; i < s->nplaces; i++)
		x[i] = place_address(r, &s->place[i]);
	Val in = array_of(g, g->ptr, x, callee->nin, "in"), out = array_of(g, g->ptr, x + callee->nin, callee->nout, "out");
	Val below = LLVMBuildAnd(g->b, LLVMBuildAdd(g->b, value_at(r, s->ws_offset), gen_i64(g, 63), ""), gen_i64(g, -64), "");
	Val arg[] = { r->ctx, gen_offset(g, r->ws, below), r->scratch, r->stride, values, in, out };
	return_unless_ok(g, LLVMBuildCall2(g->b, run_type(g), callee->run[r->variant], arg, 7, ""));
}

static LLVMTypeRef custom_type(Gen *g, const Custom *c)
{
	int n = c->nin + c->nout, all = n + c->ndims + (c->config[0] != 0);
	LLVMTypeRef *arg = ARENA_ARRAY(g->arena, LLVMTypeRef, all + 1);

	for (int i = 0; i < all; i++)
		arg[i] = i >= n && i < n + c->ndims ? g->i64 : g->ptr;
	return LLVMFunctionType(g->i32, arg, (unsigned)all, 0);
}

void declare_customs(Gen *g, const Steps *steps)
{
	for (const Step *s = steps->first; s; s = s->next) {
		declare_customs(g, &s->body);
		declare_customs(g, &s->other);
		if (s->kind == STEP_CUSTOM && !LLVMGetNamedFunction(g->mod, s->custom->target))
			LLVMAddFunction(g->mod, s->custom->target, custom_type(g, s->custom));
	}
}

static void store_field(Gen *g, Val ctx, int field, Val value)
{
	LLVMBuildStore(g->b, value, LLVMBuildStructGEP2(g->b, g->abi[ABI_CONTEXT], ctx, (unsigned)field, ""));
}

static void emit_custom(Run *r, const Step *s)
{
	Gen *g = r->g;
	const Custom *c = s->custom;
	Val fn = LLVMGetNamedFunction(g->mod, c->target);
	Val *arg = ARENA_ARRAY(g->arena, Val, s->nplaces + c->ndims + 1);
	int n = 0;

	for (int i = 0; i < s->nplaces; i++)
		arg[n++] = place_address(r, &s->place[i]);
	for (int i = 0; i < c->ndims; i++)
		arg[n++] = value_at(r, s->custom_dim[i]);
	if (c->config[0])
		arg[n++] = gen_text(g, c->config);
	Val code = LLVMBuildCall2(g->b, custom_type(g, c), fn, arg, (unsigned)n, "");
	LLVMBasicBlockRef bad = gen_block(g, "failed"), good = gen_block(g, "");
	LLVMBuildCondBr(g->b, LLVMBuildICmp(g->b, LLVMIntEQ, code, gen_i32(g, 0), ""), good, bad);
	gen_at(g, bad);
	store_field(g, r->ctx, CONTEXT_failed, gen_text(g, c->target));
	store_field(g, r->ctx, CONTEXT_failed_code, code);
	LLVMBuildRet(g->b, gen_i32(g, TFRT_CUSTOM));
	gen_at(g, good);
}

static void emit_size(Run *r, const Step *s)
{
	Gen *g = r->g;
	Val size = LLVMBuildLoad2(g->b, g->i64, place_address(r, &s->place[0]), "");
	int n = 0;

	LLVMSetAlignment(size, 1);
	while (n < r->graph->nsizes && r->graph->size[n].step != s)
		n++;
	CHECK(n < r->graph->nsizes, "a size that graph @%s does not know", r->graph->p->name);
	Val fn = r->graph->size_fn[n];
	return_unless_ok(g, LLVMBuildCall2(g->b, LLVMGlobalGetValueType(fn), fn, (Val[]){ r->values, size }, 2, ""));
}

/* The body of a function of type run_type: r with its parameters, then the steps of the range. */
static void emit_body(Run r, Val fn, Loc loc, StepRange range)
{
	Gen *g = r.g;

	Scope outer = gen_enter(g, fn, r.ps->cpu[r.variant], loc);
	Val *at[] = { &r.ctx, &r.ws, &r.scratch, &r.stride, &r.values, &r.in, &r.out };
	for (int i = 0; i < 7; i++)
		*at[i] = LLVMGetParam(g->fn, (unsigned)i);
	r.task_arg = gen_alloca(g, g->i64, gen_i64(g, most_args(&r, range) + 2), 8, "task");
	r.weights = gen_field(g, ABI_CONTEXT, r.ctx, CONTEXT_weights);
	emit_steps(&r, range);
	LLVMBuildRet(g->b, gen_i32(g, TFRT_OK));
	gen_leave(g, outer);
}

/* A function of its own for the range, and the call of it. */
static void emit_part(Run *r, StepRange range)
{
	Gen *g = r->g;
	const char *name = arena_printf(g->arena, "run.%s.%s.part%d", r->graph->p->name, r->ps->cpu[r->variant]->name, (*r->nparts)++);
	Val fn = gen_function(g, name, run_type(g), r->ps->cpu[r->variant], false);
	Val arg[] = { r->ctx, r->ws, r->scratch, r->stride, r->values, r->in, r->out };

	emit_body(*r, fn, range.first->loc, range);
	return_unless_ok(g, LLVMBuildCall2(g->b, run_type(g), fn, arg, 7, ""));
}

static void emit_steps(Run *r, StepRange range)
{
	StepRange *part;
	int nparts = steps_cut(r->g->arena, range, &part);

	for (int i = 0; i < nparts; i++)
		emit_part(r, part[i]);
	if (nparts)
		return;
	for (const Step *s = range.first; s != range.end; s = s->next) {
		debug_line(r->g, s->loc);
		switch (s->kind) {
		case STEP_LAUNCH: emit_launch(r, s); break;
		case STEP_COPY: emit_copy(r, s); break;
		case STEP_IF: emit_if(r, s); break;
		case STEP_WHILE: emit_while(r, s); break;
		case STEP_CALL: emit_call_step(r, s); break;
		case STEP_CUSTOM: emit_custom(r, s); break;
		case STEP_SIZE: emit_size(r, s); break;
		}
	}
}

void declare_run(Programs *ps, Graph *gr, int v)
{
	Gen *g = ps->g;
	const char *name = arena_printf(g->arena, "run.%s.%s", gr->p->name, ps->cpu[v]->name);

	gr->run[v] = gen_function(g, name, run_type(g), ps->cpu[v], false);
}

void emit_run(Programs *ps, Graph *gr, int v, Val *kernel_fn, Val *task_fn)
{
	Gen *g = ps->g;
	int nparts = 0;
	Run r = { .ps = ps, .g = g, .graph = gr, .kernel = ps->variant[v].kernel, .kernel_fn = kernel_fn,
	          .task_fn = task_fn, .variant = v, .nparts = &nparts };

	emit_body(r, gr->run[v], gr->p->func->loc, whole(&gr->p->steps));
}
