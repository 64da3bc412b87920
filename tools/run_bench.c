/* tools/run_bench.c - how long a call takes, beside the arithmetic and the memory traffic that it cannot do without. */
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "tools/run_parts.h"

static double count_of(const Type *t, const DimEnv *env)
{
	double n = 1;
	int64_t d;

	for (int i = 0; i < t->rank; i++)
		n *= dim_eval(t->dim[i], env, &d) ? (double)d : 0;
	return n;
}

static double extent_of(const Type *t, int64_t axis, const DimEnv *env)
{
	int64_t d;

	return dim_eval(t->dim[axis], env, &d) ? (double)d : 0;
}

static double ops_in(const Block *b)
{
	double n = 0;

	for (const Op *op = b->first; op; op = op->next)
		n += op_has(op, T_EW);
	return n;
}

/* Arithmetic operations of an op: one an element and elementwise op, two a multiply-add. */
static double flops_of(const Op *op, const DimEnv *env)
{
	double n = op->nresults ? count_of(op->result[0]->type, env) : 0;

	if (op_has(op, T_EW))
		return op->kind == OP_convert ? 0 : n;
	switch (op->kind) {
	case OP_reduce:
		return count_of(op->arg[0]->type, env) * ops_in(op->region[0]);
	case OP_reduce_window: {
		Ints w = op_attrs(reduce_window, op)->window;
		for (int i = 0; i < w.n; i++)
			n *= (double)w.at[i];
		return n * ops_in(op->region[0]);
	}
	case OP_dot_general: {
		Ints c = op_attrs(dot_general, op)->lhs_contract;
		for (int i = 0; i < c.n; i++)
			n *= extent_of(op->arg[0]->type, c.at[i], env);
		return 2 * n;
	}
	case OP_conv_general: {
		double features = extent_of(op->arg[1]->type, op_attrs(conv_general, op)->rhs_spec.at[0], env);
		return features ? 2 * n * count_of(op->arg[1]->type, env) / features : 0;
	}
	default:
		return 0;
	}
}

typedef struct Tally { Work work; const DimEnv *env; } Tally;

static bool tally_op(Op *op, void *arg)
{
	Tally *t = arg;

	for (int i = 0; i < op->nresults && op_has(op, T_CONST); i++)
		t->work.bytes += count_of(op->result[i]->type, t->env) * dtype_size(op->result[i]->type->dtype);
	t->work.open |= op->kind == OP_while || op->kind == OP_call;
	return true;
}

Work work_of(const Func *f, const DimEnv *env)
{
	Tally t = { .env = env };

	for (int i = 0; i < f->body->args.n; i++)
		t.work.bytes += count_of(f->body->args.at[i]->type, env) * dtype_size(f->body->args.at[i]->type->dtype);
	for (int i = 0; i < f->result_types.n; i++)
		t.work.bytes += count_of(f->result_types.at[i], env) * dtype_size(f->result_types.at[i]->dtype);
	for (const Op *op = f->body->first; op; op = op->next)
		t.work.flops += flops_of(op, env);
	block_walk(f->body, tally_op, &t);
	return t.work;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Seconds of one call, as the mean of `batch`; negative when one failed. */
static double time_calls(RunnerCall *c, int batch)
{
	double start = now();

	for (int i = 0; i < batch; i++)
		if (!runner_again(c))
			return -1;
	return (now() - start) / batch;
}

/* One call for each line of standard input, its time in ms on standard output: whoever drives several programs so
   interleaves their calls, and the machine's moods fall on all of them alike. */
static bool bench_steps(RunnerCall *c)
{
	int byte;

	while ((byte = getchar()) != EOF) {
		if (byte != '\n')
			continue;
		double t = time_calls(c, 1);
		if (t < 0)
			return false;
		printf("%.6f\n", t * 1e3);
		fflush(stdout);
	}
	return true;
}

static void print_rates(const char *graph, const Work *w, int n, const double *t)
{
	double median = t[n / 2];

	printf("%s: %.4f ms, the median of %d (%.4f least, %.4f at 90 %%)", graph, median * 1e3, n, t[0] * 1e3,
	       t[(n * 9) / 10] * 1e3);
	if (!w->open)
		printf("; %.3f GFLOP/s", w->flops / median * 1e-9);
	printf("; %.3f GB/s of inputs, results and constants\n", w->bytes / median * 1e-9);
}

bool bench_run(RunnerCall *c, const RunOptions *o, const char *graph, const Work *w)
{
	enum { SAMPLES = 1 << 16 };
	double *t, start = now(), once = time_calls(c, 1);
	int n = 0, batch = 1;

	if (o->steps)
		return bench_steps(c);
	/* Warm up for a tenth of the time; then samples of at least 50 us, so that the clock does not matter. */
	while (once >= 0 && now() - start < o->seconds / 10) {
		double again = time_calls(c, 1);
		once = again < once ? again : once;
	}
	if (once >= 0 && once < 50e-6)
		batch = (int)(50e-6 / (once > 1e-8 ? once : 1e-8)) + 1;
	t = malloc(SAMPLES * sizeof *t);
	if (!t)
		out_of_memory(SAMPLES * sizeof *t);
	start = now();
	for (; once >= 0 && n < SAMPLES && (n < 3 || now() - start < o->seconds); n++)
		once = t[n] = time_calls(c, batch);
	if (once >= 0) {
		qsort(t, (size_t)n, sizeof *t, compare);
		print_rates(graph, w, n, t);
	}
	free(t);
	return once >= 0;
}
