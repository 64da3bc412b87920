/* test/unit/llvm_bench.c - a unit of hand-made kernels, compiled and run. */
#include "test/unit/llvm_bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "ir/base/check.h"

Bench bench_new(void)
{
	Bench b = { .ctx = ctx_new() };

	b.module = module_new(b.ctx);
	b.func = func_new(b.module, "main", NULL);
	b.unit = ARENA_NEW(b.module->arena, Unit);
	b.program = ARENA_NEW(b.module->arena, Program);
	*b.unit = (Unit){ .ctx = b.ctx, .module = b.module, .arena = b.module->arena, .programs = b.program };
	*b.program = (Program){ .func = b.func, .name = "main", .ws_bytes = dim_const(b.ctx->dims, 0) };
	return b;
}

static const Type *array_type(Bench *b, DType t, int64_t n)
{
	return type_of_ints(b->ctx->types, t, 1, &n);
}

Place bench_input(Bench *b, DType t, int64_t n, void *data)
{
	block_add_arg(b->func->body, array_type(b, t, n), NULL, NULL);
	vec_push(b->unit->arena, &b->in, data);
	return (Place){ .kind = PLACE_IN, .index = b->in.n - 1, .offset = dim_const(b->ctx->dims, 0) };
}

Place bench_output(Bench *b, DType t, int64_t n)
{
	size_t bytes = (size_t)n * (size_t)dtype_size(t);
	void *data = arena_alloc(b->unit->arena, bytes);

	memset(data, 0xa5, bytes);
	vec_push(b->module->arena, &b->func->result_types, array_type(b, t, n));
	vec_push(b->module->arena, &b->func->result_names, NULL);
	vec_push(b->unit->arena, &b->out, data);
	return (Place){ .kind = PLACE_OUT, .index = b->out.n - 1, .offset = dim_const(b->ctx->dims, 0) };
}

void *bench_data(Bench *b, Place p)
{
	return b->out.at[p.index];
}

void bench_launch(Bench *b, Kernel *k, int nplaces, const Place *place)
{
	Step *s = ARENA_NEW(b->unit->arena, Step);

	if (!kernel_verify(k, &b->ctx->diag))
		diag_print(&b->ctx->diag, stderr);
	CHECK(b->ctx->diag.nerrors == 0, "kernel %s does not verify", k->name);
	vec_push(b->unit->arena, &b->unit->kernel, k);
	*s = (Step){ .kind = STEP_LAUNCH, .kernel = b->unit->kernel.n - 1, .nplaces = nplaces,
	             .place = arena_copy(b->unit->arena, place, sizeof *place * (size_t)nplaces) };
	if (b->program->steps.last)
		b->program->steps.last->next = s;
	else
		b->program->steps.first = s;
	b->program->steps.last = s;
}

tfrt_status bench_run(Bench *b, const char *cpu_name, int opt_level, tfrt_parallel_fn parallel)
{
	const CpuSpec *cpu = cpu_find(b->unit->arena, &b->ctx->diag, cpu_name);
	Variant v = { .kernel = b->unit->kernel.at };
	const struct tfrt_model *model;
	_Alignas(64) static const char none[64];

	CHECK(cpu, "no CPU %s", cpu_name);
	Jit *jit = jit_variant(b->unit, &v, cpu, opt_level, &model);
	int64_t need = model->graphs[0].workspace(NULL, 4);
	void *ws = aligned_alloc(64, (size_t)need + 64);
	tfrt_context ctx = { .abi_version = TFRT_ABI_VERSION, .threads = 4, .model = model, .weights = model->weights,
	                     .workspace = ws, .workspace_bytes = need, .parallel = parallel };
	tfrt_status status = model->graphs[0].call(&ctx, (void *)none, NULL, b->in.at, b->out.at);
	free(ws);
	jit_free(jit);
	return status;
}

void bench_free(Bench *b)
{
	ctx_free(b->ctx);
}

bool bench_cpu(const char *name)
{
	if (strcmp(name, "x86-64-v3") == 0)
#if defined(__x86_64__)
		return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
		return false;
#endif
	return true;
}
