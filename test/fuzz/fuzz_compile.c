/* test/fuzz/fuzz_compile.c - compiled graphs give the interpreter's bits, and write nothing but their results.

   Any graph that the parser accepts and the interpreter evaluates is compiled in process for this CPU and called. */
#include <stdlib.h>
#include <string.h>

#include "codegen/codegen.h"
#include "ir/base/num.h"
#include "passes/pass.h"
#include "runtime/tfrt.h"
#include "test/fuzz/run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { GUARD = 256 };

static void compare(const Run *r, const tfrt_model *model, Func *f, const RunEnv *e, Tensor **wanted)
{
	Tensor *in[RUN_ARGS], *out[RUN_ARGS];
	void *from[RUN_ARGS], *to[RUN_ARGS];
	const tfrt_graph *graph = tfrt_graph_find(model, f->name);
	tfrt_options opt = { .graph = f->name, .max_dims = e->value, .threads = 1 + (int32_t)(r->seed % 2) };
	tfrt_context *ctx;
	int n = f->result_types.n;

	if (!graph || !run_inputs(r, f, &e->env, in))
		run_fail(r, "the compiled model lost a graph", f->name);
	for (int i = 0; i < f->body->args.n; i++)
		from[i] = in[i]->data;
	/* Each result lies between two guards. */
	for (int i = 0; i < n; i++) {
		size_t bytes = (size_t)(wanted[i]->count * dtype_size(wanted[i]->dtype));
		char *p = malloc(bytes + 2 * GUARD);
		memset(p, 0x5a, bytes + 2 * GUARD);
		to[i] = p + GUARD;
	}
	tfrt_status status = tfrt_open(model, &opt, &ctx);
	if (status == TFRT_OK)
		status = tfrt_call(ctx, f->name, NULL, e->value, from, to);
	if (status != TFRT_OK)
		run_fail(r, tfrt_message(status), f->name);
	tfrt_close(ctx);
	for (int i = 0; i < n; i++) {
		size_t bytes = (size_t)(wanted[i]->count * dtype_size(wanted[i]->dtype));
		char *p = (char *)to[i] - GUARD;
		for (size_t k = 0; k < GUARD; k++) {
			if (p[k] != 0x5a || p[GUARD + bytes + k] != 0x5a)
				run_fail(r, "wrote outside of a result", f->name);
		}
		out[i] = tensor_new(wanted[i]->dtype, wanted[i]->rank, wanted[i]->dim);
		memcpy(out[i]->data, to[i], bytes);
		free(p);
		if (!tensor_same(out[i], wanted[i]))
			run_fail(r, "compiled code gives other bits", f->name);
	}
	tensors_unref(out, n);
	tensors_unref(in, f->body->args.n);
}

/* Compiled code walks a whole window; the interpreter passes over what is only padding. */
static bool is_small(Op *op, void *arg)
{
	(void)arg;
	if (op->kind == OP_reduce_window) {
		attr_ints window = op_attrs(reduce_window, op)->window;
		int64_t n = 1;
		for (int i = 0; i < window.n; i++) {
			if (!i64_mul(n, window.at[i], &n) || n > 1 << 20)
				return false;
		}
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	memcpy(text, data, size);
	text[size] = '\0';
	Run before = run_parse(text, size), after = { 0 };
	Tensor *wanted[RUN_FUNCS][RUN_ARGS];
	bool has_value[RUN_FUNCS] = { 0 }, any = false;
	RunEnv env[RUN_FUNCS];
	int n = 0;

	if (before.module && run_fill_weights(&before)) {
		n = before.module->funcs.n < RUN_FUNCS ? before.module->funcs.n : RUN_FUNCS;
		for (int i = 0; i < n; i++) {
			Func *f = before.module->funcs.at[i];
			has_value[i] = block_walk(f->body, is_small, NULL) && run_env(&before, f, &env[i]) &&
			               run_evaluate(&before, f, &env[i].env, wanted[i]);
			any |= has_value[i];
		}
	}
	if (any) {
		CodegenOptions opt = { .target = "cpu", .cpu = "native", .prefix = "fuzz", .opt_level = 1 };
		const CodegenTarget *target = codegen_target("cpu");
		TargetFacts facts;
		PassOptions pass = { .facts = &facts, .opt_level = 2, .bisect = -1 };
		const tfrt_model *model;

		after = run_parse(text, size);
		run_fill_weights(&after);
		if (!target->facts(after.ctx, &opt, &facts))
			run_fail(&after, "no facts", "?");
		if (!passes_set(after.ctx, "pass.relax=off", &pass) ||
		    !passes_run(after.ctx, after.module, pipeline_default, pipeline_default_count, &pass)) {
			if (!run_is_refused(text, size))
				run_fail(&after, "the pipeline failed", "?");
			goto refused;
		}
		Unit *unit = codegen_lower(after.ctx, after.module);
		/* Targets have limits of their own, and say so. */
		if (!unit && after.ctx->diag.nerrors > 0)
			goto refused;
		if (!unit || !unit_verify(unit, &after.ctx->diag))
			run_fail(&after, "lowering failed", "?");
		Jit *jit = jit_new(unit, &opt, &model);
		if (!jit)
			run_fail(&after, "no code", "?");
		for (int i = 0; i < n; i++) {
			if (has_value[i])
				compare(&after, model, before.module->funcs.at[i], &env[i], wanted[i]);
		}
		jit_free(jit);
refused:
		ctx_free(after.ctx);
	}
	for (int i = 0; i < n; i++) {
		if (has_value[i])
			tensors_unref(wanted[i], before.module->funcs.at[i]->result_types.n);
	}
	ctx_free(before.ctx);
	free(text);
	return 0;
}
