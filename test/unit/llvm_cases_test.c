/* test/unit/llvm_cases_test.c - the graphs of test/ops/values through all passes, lowering, scheduling and LLVM, against the
   interpreter: every bit must be the same (NaNs being one value). */
#include <stdio.h>
#include <stdlib.h>

#include "codegen/codegen.h"
#include "ir/eval.h"
#include "ir/text.h"
#include "passes/pass.h"
#include "runtime/tfrt.h"
#include "test/unit/unit.h"

enum { MAX_VALUES = 64, MAX_THREADS = 3 };

static bool same(const Tensor *found, const Tensor *wanted, int64_t *at)
{
	for (*at = 0; *at < wanted->count; ++*at) {
		uint64_t a = tensor_get(found, *at), b = tensor_get(wanted, *at);
		if (a != b && !(dtype_is_nan(found->dtype, a) && dtype_is_nan(found->dtype, b)))
			return false;
	}
	return true;
}

static tfrt_status run(const tfrt_model *model, const char *name, int threads, Tensor *const *in, int nin, Tensor *const *out,
                       int nout)
{
	const tfrt_graph *g = tfrt_graph_find(model, name);
	const int64_t *shape[MAX_VALUES];
	void *from[MAX_VALUES], *to[MAX_VALUES];
	int64_t dims[64];
	tfrt_context *ctx;

	for (int i = 0; i < nin; i++) {
		shape[i] = in[i]->dim;
		from[i] = in[i]->data;
	}
	for (int i = 0; i < nout; i++)
		to[i] = out[i]->data;
	tfrt_status s = tfrt_bind(g, shape, dims);
	tfrt_options o = { .threads = threads, .graph = name, .max_dims = dims };
	if (s == TFRT_OK)
		s = tfrt_open(model, &o, &ctx);
	if (s != TFRT_OK)
		return s;
	s = tfrt_call(ctx, name, NULL, dims, from, to);
	tfrt_close(ctx);
	return s;
}

/* Compiled and interpreted, on the same inputs. */
static void compare(Ctx *ctx, const tfrt_model *model, Func *f, Tensor *const *in, const char *how)
{
	Tensor *wanted[MAX_VALUES] = { NULL }, *found[MAX_VALUES] = { NULL };
	int nin = f->body->args.n, nout = f->result_types.n;
	int64_t at;

	if (!eval_func(ctx, f, NULL, in, nin, wanted, NULL)) {
		unit_fail(__FILE__, __LINE__, "@%s is not evaluated", f->name);
		return;
	}
	for (int threads = 1; threads <= MAX_THREADS; threads += 2) {
		for (int i = 0; i < nout; i++)
			found[i] = tensor_new(wanted[i]->dtype, wanted[i]->rank, wanted[i]->dim);
		tfrt_status s = run(model, f->name, threads, in, nin, found, nout);
		if (s != TFRT_OK)
			unit_fail(__FILE__, __LINE__, "@%s, %s: %s", f->name, how, tfrt_message(s));
		for (int i = 0; i < nout; i++) {
			if (s == TFRT_OK && !same(found[i], wanted[i], &at))
				unit_fail(__FILE__, __LINE__, "@%s, %s, %d threads: result %d, element %lld is %#llx, wanted %#llx", f->name, how,
				          threads, i, (long long)at, (unsigned long long)tensor_get(found[i], at),
				          (unsigned long long)tensor_get(wanted[i], at));
			tensor_unref(found[i]);
		}
	}
	for (int i = 0; i < nout; i++)
		tensor_unref(wanted[i]);
}

static Func *data_of(const Module *m, const Func *f)
{
	size_t n = strlen(f->name);

	for (int i = 0; i < m->funcs.n; i++)
		if (strncmp(m->funcs.at[i]->name, f->name, n) == 0 && m->funcs.at[i]->name[n] == '.')
			return m->funcs.at[i];
	return NULL;
}

static void compare_all(Ctx *ctx, Module *m, const tfrt_model *model, const char *how)
{
	for (int i = 0; i < m->funcs.n; i++) {
		Func *f = m->funcs.at[i], *data = data_of(m, f);
		Tensor *in[MAX_VALUES] = { NULL };
		if (!data)
			continue;
		if (eval_func(ctx, data, NULL, NULL, 0, in, NULL))
			compare(ctx, model, f, in, how);
		for (int k = 0; k < MAX_VALUES; k++)
			tensor_unref(in[k]);
	}
}

static void run_file(const char *file, const char *cpu, int opt_level)
{
	CodegenOptions o = { .target = "cpu", .cpu = cpu, .opt_level = opt_level };
	TargetFacts facts;
	const PassOptions p = { .facts = &facts, .opt_level = opt_level, .verify = true, .bisect = -1 };
	Ctx *ctx = ctx_new();
	const char *path = arena_printf(ctx->arena, "%s/test/ops/values/%s.graph", TFCC_SOURCE_DIR, file), *error = NULL;
	Source *src = source_read(ctx->arena, path, &error);
	Module *m = src ? module_parse(ctx, src) : NULL;
	const struct tfrt_model *model;
	Unit *u = m && codegen_target("cpu")->facts(ctx, &o, &facts) && passes_run(ctx, m, pipeline_default, pipeline_default_count, &p) ?
		codegen_lower(ctx, m) : NULL;
	Jit *jit = u ? jit_new(u, &o, &model) : NULL;

	if (jit)
		compare_all(ctx, m, model, arena_printf(ctx->arena, "%s -O%d", cpu, opt_level));
	else
		unit_fail(__FILE__, __LINE__, "%s.graph is not compiled: %s", file, error ? error : "see the diagnostics");
	diag_print(&ctx->diag, stderr);
	jit_free(jit);
	ctx_free(ctx);
}

#define FILE_OF_CASES(name) \
	TEST(llvm_cases_##name) \
	{ \
		run_file(#name, "native", 2); \
	}
FILE_OF_CASES(binary)
FILE_OF_CASES(unary)
FILE_OF_CASES(special)
FILE_OF_CASES(representation)
FILE_OF_CASES(convert)
FILE_OF_CASES(elementary)
FILE_OF_CASES(move)
FILE_OF_CASES(reduce)
FILE_OF_CASES(reduce_bodies)
FILE_OF_CASES(reduce_window)
FILE_OF_CASES(dot_general)
FILE_OF_CASES(conv_general)
FILE_OF_CASES(gather)
FILE_OF_CASES(scatter)
FILE_OF_CASES(sort)
FILE_OF_CASES(control)
FILE_OF_CASES(activations)
FILE_OF_CASES(products)
FILE_OF_CASES(choices)
FILE_OF_CASES(convolutions)
FILE_OF_CASES(pools)
FILE_OF_CASES(attention)
FILE_OF_CASES(rotary)
FILE_OF_CASES(grid_sample)
FILE_OF_CASES(recurrent)
FILE_OF_CASES(einsum)
FILE_OF_CASES(curves)
FILE_OF_CASES(rng)
FILE_OF_CASES(select_and_scatter)
FILE_OF_CASES(top_k)
FILE_OF_CASES(statistics)
FILE_OF_CASES(shapes)
FILE_OF_CASES(lookup)
FILE_OF_CASES(cumulate)
FILE_OF_CASES(norms)
