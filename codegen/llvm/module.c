/* codegen/llvm/module.c - builds the modules of a unit: kernels and runs of every variant, entries, descriptor. */
#include "codegen/llvm/module.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/Transforms/PassBuilder.h>

#include "codegen/llvm/program.h"
#include "ir/base/check.h"
#include "runtime/abi.h"

/* The values that a graph's functions need: the symbols, what the steps of any variant use, sizes for the checks. */
static void collect_dims(Programs *ps, Graph *gr)
{
	Gen *g = ps->g;
	TypeTable *types = g->unit->ctx->types;
	for (int i = 0; i < gr->p->nsymbols; i++)
		dimlist_add(g->arena, &gr->dims, gr->p->symbol[i]);
	for (int v = 0; v < ps->nvariants; v++)
		program_dims(g->arena, gr->p, ps->variant[v].kernel, &gr->dims);
	CHECK(gr->layout.shared && gr->layout.scratch, "graph @%s: its workspace overflows", gr->p->name);
	dimlist_add(g->arena, &gr->dims, gr->layout.shared);
	dimlist_add(g->arena, &gr->dims, gr->layout.scratch);
	for (int i = 0; i < gr->nin + gr->nout; i++)
		dimlist_add(g->arena, &gr->dims, type_count(types, program_room(g->unit, gr->p, i)));
}

static Val declare(Programs *ps, const Graph *gr, const char *what, LLVMTypeRef result, int n, LLVMTypeRef *arg)
{
	Gen *g = ps->g;

	return gen_function(g, arena_printf(g->arena, "%s.%s", what, gr->p->name),
	                    LLVMFunctionType(result, arg, (unsigned)n, 0), g->base, false);
}

static void init_graph(Programs *ps, Graph *gr, const Program *p, const char *prefix)
{
	Gen *g = ps->g;
	LLVMTypeRef two[] = { g->ptr, g->ptr }, size[] = { g->ptr, g->i32 }, five[] = { g->ptr, g->ptr, g->ptr, g->ptr, g->ptr };

	gr->p = p;
	gr->cname = graph_cname(g->arena, g->unit, prefix, p);
	gr->nin = p->func->body->args.n;
	gr->nout = p->func->result_types.n;
	gr->layout = program_layout(g->unit, p, g->unit->kernel.at);
	for (int v = 0; v < ps->nvariants; v++) {
		ProgramLayout l = program_layout(g->unit, p, ps->variant[v].kernel);
		CHECK(l.scratch == gr->layout.scratch, "graph @%s: scheduling has changed the worker scratch", p->name);
	}
	collect_dims(ps, gr);
	gr->nsizes = program_sizes(g->arena, p, &gr->size);
	gr->size_fn = ARENA_ARRAY(g->arena, Val, gr->nsizes + 1);
	for (int i = 0; i < gr->nsizes; i++)
		gr->size_fn[i] = declare(ps, gr, arena_printf(g->arena, "size.%s", gr->size[i].step->size->name), g->i32, 2, (LLVMTypeRef[]){ g->ptr, g->i64 });
	gr->dims_fn = declare(ps, gr, "dims", g->i32, 2, two);
	gr->shape_fn = declare(ps, gr, "shape", g->i32, 2, two);
	gr->workspace_fn = declare(ps, gr, "workspace", g->i64, 2, size);
	gr->call_fn = declare(ps, gr, "call", g->i32, 5, five);
	gr->run = ARENA_ARRAY(g->arena, Val, ps->nvariants);
	for (int v = 0; v < ps->nvariants; v++)
		declare_run(ps, gr, v);
}

static Val declare_kernel(Gen *g, const ModuleSpec *spec, int v, int i, bool tied)
{
	const Kernel *k = spec->variant[v].kernel[i];
	Val fn = gen_kernel_declare(g, k, spec->cpu[v], arena_printf(g->arena, "kernel.%d.%s.%s", i, k->name, spec->cpu[v]->name));

	if (tied) {
		LLVMSetLinkage(fn, LLVMExternalLinkage);
		LLVMSetVisibility(fn, LLVMHiddenVisibility);
	}
	return fn;
}

/* A kernel has the position of the first op that launches it. */
static void locate_kernels(const Steps *steps, Loc *loc)
{
	for (const Step *s = steps->first; s; s = s->next) {
		if (s->kind == STEP_LAUNCH && !loc[s->kernel])
			loc[s->kernel] = s->loc;
		locate_kernels(&s->body, loc);
		locate_kernels(&s->other, loc);
	}
}

static void emit_kernels(Gen *g, const ModuleSpec *spec, int v, int from, int to, const Val *kernel)
{
	Loc *loc = ARENA_ARRAY(g->arena, Loc, g->unit->kernel.n + 1);

	for (const Program *p = g->unit->programs; p; p = p->next)
		locate_kernels(&p->steps, loc);
	for (int i = from; i < to; i++)
		gen_kernel(g, spec->variant[v].kernel[i], spec->cpu[v], kernel[i], loc[i]);
}

static void emit_variant(Programs *ps, const ModuleSpec *spec, int v, bool whole)
{
	Gen *g = ps->g;
	int n = g->unit->kernel.n;
	Val *kernel = ARENA_ARRAY(g->arena, Val, n + 1), *task = ARENA_ARRAY(g->arena, Val, n + 1);

	for (int i = 0; i < n; i++)
		kernel[i] = declare_kernel(g, spec, v, i, !whole);
	if (whole)
		emit_kernels(g, spec, v, 0, n, kernel);
	for (int i = 0; i < ps->ngraphs; i++)
		emit_run(ps, &ps->graph[i], v, kernel, task);
}

/* The descriptor. */

static Val constant_global(Gen *g, const char *name, Val value, bool exported)
{
	Val at = LLVMAddGlobal(g->mod, LLVMTypeOf(value), name);

	LLVMSetInitializer(at, value);
	LLVMSetGlobalConstant(at, 1);
	LLVMSetLinkage(at, exported ? LLVMExternalLinkage : LLVMInternalLinkage);
	return at;
}

static Val weights_constant(Gen *g, const ModuleSpec *spec)
{
	switch (spec->weights) {
	case WEIGHTS_ADDRESS:
		return LLVMConstIntToPtr(gen_i64(g, (int64_t)(intptr_t)spec->address), g->ptr);
	case WEIGHTS_SYMBOL: {
		Val at = LLVMAddGlobal(g->mod, g->i8, arena_printf(g->arena, "%s_weights", spec->prefix));
		LLVMSetGlobalConstant(at, 1);
		return at;
	}
	case WEIGHTS_SECTION: {
		/* 64 bytes stand for all of them. */
		Val at = constant_global(g, "weights", LLVMConstNull(LLVMArrayType2(g->i8, 64)), false);
		LLVMSetAlignment(at, 64);
		LLVMSetSection(at, g->unit->const_bytes >= WEIGHTS_LARGE_BYTES ? WEIGHTS_LARGE_SECTION_NAME : WEIGHTS_SECTION_NAME);
		return at;
	}
	case WEIGHTS_FILE: break;
	}
	UNREACHABLE("weights in a file have no address");
}

static Val field_constant(Programs *ps, const ModuleSpec *spec, const DataField *f, const Val *object, LLVMTypeRef type)
{
	Gen *g = ps->g;

	switch (f->kind) {
	case DATA_I32: return gen_i32(g, f->value);
	case DATA_I64: return gen_i64(g, f->value);
	case DATA_NULL: return gen_null(g);
	case DATA_TEXT: return gen_text(g, f->text);
	case DATA_OBJECT: return object[f->value];
	case DATA_FUNCTION: {
		const Graph *gr = &ps->graph[f->value];
		return strcmp(f->text, "shape") == 0 ? gr->shape_fn : strcmp(f->text, "call") == 0 ? gr->call_fn : gr->workspace_fn;
	}
	case DATA_WEIGHTS: return weights_constant(g, spec);
	case DATA_SIZEOF: return LLVMConstTrunc(LLVMSizeOf(type), g->i32);
	}
	UNREACHABLE("field of kind %d", f->kind);
}

static LLVMTypeRef object_type(Gen *g, const DataObject *o)
{
	static const char *const name[ABI_STRUCT_COUNT] = {
		[ABI_CONTEXT] = "tfrt_context", [ABI_MODEL] = "tfrt_model", [ABI_GRAPH] = "tfrt_graph", [ABI_DIM] = "tfrt_dim",
		[ABI_TENSOR] = "tfrt_tensor", [ABI_VARIANT] = "tfrt_variant",
	};

	if (!o->type)
		return g->i64;
	if (strcmp(o->type, "text") == 0)
		return g->ptr;
	for (int i = 0; i < ABI_STRUCT_COUNT; i++)
		if (strcmp(name[i], o->type) == 0)
			return g->abi[i];
	UNREACHABLE("no struct %s", o->type);
}

static Val object_constant(Programs *ps, const ModuleSpec *spec, const DataObject *o, const Val *object)
{
	Gen *g = ps->g;
	LLVMTypeRef type = object_type(g, o);
	bool is_struct = o->type && strcmp(o->type, "text") != 0;
	Val *element = ARENA_ARRAY(g->arena, Val, o->n), *field = ARENA_ARRAY(g->arena, Val, o->nfields);

	for (int i = 0; i < o->n; i++) {
		for (int k = 0; k < o->nfields; k++)
			field[k] = field_constant(ps, spec, &o->field[i * o->nfields + k], object, type);
		element[i] = is_struct ? LLVMConstNamedStruct(type, field, (unsigned)o->nfields) : field[0];
	}
	return o->n == 1 && is_struct ? element[0] : LLVMConstArray2(type, element, (uint64_t)o->n);
}

/* The model itself was declared before the code that compares its address; it gets its contents here. */
static void emit_descriptor(Programs *ps, const ModuleSpec *spec)
{
	Gen *g = ps->g;
	DescriptorVariant *variant = ARENA_ARRAY(g->arena, DescriptorVariant, ps->nvariants);
	DescriptorInfo info = { .prefix = spec->prefix, .arch = g->base->arch, .nvariants = ps->nvariants, .variant = variant,
	                        .profile = spec->profile };

	for (int v = 0; v < ps->nvariants; v++)
		variant[v] = (DescriptorVariant){ ps->cpu[v]->name, ps->cpu[v]->required };
	if (spec->weights == WEIGHTS_FILE) {
		info.weights_file = spec->weights_file;
		info.weights_id = spec->weights_id;
	}
	Descriptor *d = descriptor_new(g->arena, g->unit, &info);
	Val *object = ARENA_ARRAY(g->arena, Val, d->object.n);
	for (int i = 0; i < d->object.n - 1; i++)
		object[i] = constant_global(g, d->object.at[i].symbol, object_constant(ps, spec, &d->object.at[i], object), false);
	LLVMSetInitializer(ps->model, object_constant(ps, spec, &vec_last(&d->object), object));
}

static Val declare_model(Gen *g, const char *prefix)
{
	Val at = LLVMAddGlobal(g->mod, g->abi[ABI_MODEL], arena_printf(g->arena, "%s_model", prefix));

	LLVMSetGlobalConstant(at, 1);
	return at;
}

static void emit_unit(Gen *g, const ModuleSpec *spec, bool whole)
{
	Programs ps = { .g = g, .variant = spec->variant, .nvariants = spec->nvariants, .cpu = spec->cpu,
	                .profile = spec->profile };

	for (const Program *p = g->unit->programs; p; p = p->next)
		ps.ngraphs++;
	ps.graph = ARENA_ARRAY(g->arena, Graph, ps.ngraphs);
	map_init(&ps.by_program, g->arena);
	for (const Program *p = g->unit->programs; p; p = p->next)
		declare_customs(g, &p->steps);
	ps.model = declare_model(g, spec->prefix);
	int n = 0;
	for (const Program *p = g->unit->programs; p; p = p->next, n++) {
		init_graph(&ps, &ps.graph[n], p, spec->prefix);
		map_set(&ps.by_program, p, &ps.graph[n]);
	}
	for (int v = 0; v < ps.nvariants; v++)
		emit_variant(&ps, spec, v, whole);
	for (int i = 0; i < ps.ngraphs; i++) {
		emit_dims(&ps, &ps.graph[i]);
		emit_sizes(&ps, &ps.graph[i]);
		emit_shape(&ps, &ps.graph[i]);
		emit_workspace(&ps, &ps.graph[i]);
		emit_call(&ps, &ps.graph[i]);
		emit_entry(&ps, &ps.graph[i]);
	}
	emit_descriptor(&ps, spec);
}

/* No pass here vectorises, unrolls, inlines or reorders floating point: loop IR has said all that.  What is left is to
   make registers of variables, share address arithmetic and hoist it out of loops. */
static const char *const pipeline[] = {
	NULL,
	"function(sroa,early-cse)",
	"function(sroa,early-cse,instcombine<no-verify-fixpoint>,simplifycfg,loop-mssa(licm),early-cse<memssa>,simplifycfg)",
	"function(sroa,early-cse,instcombine<no-verify-fixpoint>,simplifycfg,loop-mssa(licm),gvn,instcombine<no-verify-fixpoint>,"
	"simplifycfg)",
};

static void verify(Gen *g)
{
	char *error = NULL;

	if (LLVMVerifyModule(g->mod, LLVMReturnStatusAction, &error))
		UNREACHABLE("the module does not verify: %s", error);
	LLVMDisposeMessage(error);
}

void module_optimize(Gen *g)
{
	LLVMPassBuilderOptionsRef o = LLVMCreatePassBuilderOptions();

	verify(g);
	if (pipeline[g->opt_level]) {
		LLVMErrorRef error = LLVMRunPasses(g->mod, pipeline[g->opt_level], g->tm, o);
		if (error)
			UNREACHABLE("LLVM: %s", LLVMGetErrorMessage(error));
	}
	LLVMDisposePassBuilderOptions(o);
}

static Gen *start(Arena *a, const Unit *u, const ModuleSpec *spec)
{
	int level = spec->opt_level < 0 ? 0 : spec->opt_level > 3 ? 3 : spec->opt_level;
	Gen *g = gen_new(a, u, cpu_baseline(a, spec->cpu[0]), level);

	if (spec->debug && u->programs)
		debug_start(g, u->programs->func->loc);
	return g;
}

Gen *module_build(Arena *a, const Unit *u, const ModuleSpec *spec, bool whole)
{
	Gen *g = start(a, u, spec);

	emit_unit(g, spec, whole);
	debug_finish(g);
	return g;
}

Gen *module_kernels(Arena *a, const Unit *u, const ModuleSpec *spec, int variant, int from, int to)
{
	Gen *g = start(a, u, spec);
	Val *kernel = ARENA_ARRAY(a, Val, u->kernel.n + 1);

	for (int i = from; i < to; i++)
		kernel[i] = declare_kernel(g, spec, variant, i, true);
	emit_kernels(g, spec, variant, from, to, kernel);
	debug_finish(g);
	return g;
}

LLVMMemoryBufferRef module_emit(Gen *g, LLVMCodeGenFileType type)
{
	LLVMMemoryBufferRef out;
	char *error = NULL;

	if (LLVMTargetMachineEmitToMemoryBuffer(g->tm, g->mod, type, &error, &out))
		UNREACHABLE("LLVM: %s", error);
	return out;
}
