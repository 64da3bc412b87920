/* test/fuzz/fuzz_passes.c - the default pipeline on any graph that the parser accepts: it keeps every bit.

   A graph is evaluated as written and after the pipeline (without `relax`, the one pass that may round differently).
   The pipeline may not fail where `expand` does not refuse the graph, and may not turn a value into an error. */
#include <stdlib.h>
#include <string.h>

#include "passes/pass.h"
#include "test/fuzz/run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const TargetFacts facts = {
	.name = "x86-64-v3", .vector_bytes = 32, .vector_registers = 16, .masked_memory = true, .fma = true,
	.l1_bytes = 32 << 10, .l2_bytes = 512 << 10, .panel = 16, .max_unroll = 64,
};

static void compare(Run *before, Run *after, Func *f)
{
	Tensor *x[RUN_ARGS], *y[RUN_ARGS];
	Func *g = module_func(after->module, f->name);
	RunEnv e;

	if (!g)
		run_fail(after, "the pipeline lost a graph", f->name);
	if (!run_env(before, f, &e) || !run_evaluate(before, f, &e.env, x))
		return;
	if (!run_evaluate(after, g, &e.env, y)) {
		if (after->steps < RUN_STEPS)
			run_fail(after, "what had a value has none after the pipeline", f->name);
	} else {
		for (int i = 0; i < f->result_types.n; i++) {
			if (!tensor_same(x[i], y[i]))
				run_fail(after, "other bits after the pipeline", f->name);
		}
		tensors_unref(y, f->result_types.n);
	}
	tensors_unref(x, f->result_types.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	memcpy(text, data, size);
	text[size] = '\0';
	Run before = run_parse(text, size), after;

	if (before.module && run_fill_weights(&before)) {
		PassOptions opt = { .facts = &facts, .opt_level = 2, .verify = true, .bisect = -1 };

		after = run_parse(text, size);
		run_fill_weights(&after);
		bool ok = passes_set(after.ctx, "pass.relax=off", &opt) &&
		          passes_run(after.ctx, after.module, pipeline_default, pipeline_default_count, &opt);
		if (!ok && !run_is_refused(text, size))
			run_fail(&after, "the pipeline failed", "?");
		for (int i = 0; ok && i < before.module->funcs.n && i < RUN_FUNCS; i++)
			compare(&before, &after, before.module->funcs.at[i]);
		ctx_free(after.ctx);
	}
	ctx_free(before.ctx);
	free(text);
	return 0;
}
