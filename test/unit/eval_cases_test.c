/* test/unit/eval_cases_test.c - the interpreter on the files of test/ops/values, whose wanted values come from test/ops/gen.

   A graph @name goes with @name.data, which gives its inputs and then the wanted results (exact, NaNs being one value),
   @name.ulpN, which allows N units in the last place, or @name.epsN: N of those of 1, or of the number if it is larger. */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "ir/base/num.h"
#include "ir/build.h"
#include "ir/eval.h"
#include "ir/text.h"
#include "passes/pass.h"
#include "test/unit/unit.h"

/* An element as a number on a line where neighbours differ by 1 and all NaNs are one. */
static int64_t place(DType t, uint64_t bits)
{
	uint64_t sign = (uint64_t)1 << (dtype_width(t) - 1), magnitude = bits & (sign - 1);

	if (!dtype_is_float(t))
		return (int64_t)bits;
	if (dtype_is_nan(t, bits))
		return INT64_MAX;
	return bits & sign ? -(int64_t)magnitude - 1 : (int64_t)magnitude;
}

/* How far a result may be off. */
typedef struct Slack { long ulp, eps; } Slack;

static bool is_close(DType t, uint64_t found, uint64_t wanted, Slack slack)
{
	int64_t a = place(t, found), b = place(t, wanted), ulp = slack.ulp;

	if (a == b || (ulp == 0 && slack.eps == 0) || !dtype_is_float(t))
		return a == b;
	if (slack.eps) {
		double x = dtype_to_f64(t, found), y = dtype_to_f64(t, wanted);

		return fabs(x - y) <= ldexp((double)slack.eps, -dtype_mantissa(t)) * fmax(fabs(y), 1);
	}
	return a != INT64_MAX && b != INT64_MAX && llabs((a < 0 ? a + 1 : a) - (b < 0 ? b + 1 : b)) <= ulp;
}

static void compare(const char *name, const char *result, const Tensor *found, const Tensor *wanted,
	Slack slack)
{
	int64_t wrong = 0, first = 0;

	if (found->dtype != wanted->dtype || found->rank != wanted->rank ||
	    memcmp(found->dim, wanted->dim, (size_t)found->rank * sizeof *found->dim) != 0) {
		unit_fail(__FILE__, __LINE__, "@%s: %%%s has another type than wanted", name, result);
		return;
	}
	Tensor x = tensor_parts(found), y = tensor_parts(wanted);
	for (int64_t i = 0; i < x.count; i++) {
		if (is_close(x.dtype, tensor_get(&x, i), tensor_get(&y, i), slack))
			continue;
		if (wrong++ == 0)
			first = i;
	}
	if (wrong)
		unit_fail(__FILE__, __LINE__, "@%s: %lld of %lld elements of %%%s are wrong, first number %lld: %#llx, wanted %#llx",
			name, (long long)wrong, (long long)x.count, result, (long long)first,
			(unsigned long long)tensor_get(&x, first), (unsigned long long)tensor_get(&y, first));
}

enum { MAX_VALUES = 64 };

static bool evaluate(Ctx *ctx, Func *f, Tensor *const *in, int nin, Tensor **out)
{
	if (f->result_types.n <= MAX_VALUES && eval_func(ctx, f, NULL, in, nin, out, NULL))
		return true;
	unit_fail(__FILE__, __LINE__, "@%s is not evaluated", f->name);
	diag_print(&ctx->diag, stderr);
	return false;
}

/* @name.data, @name.ulpN or @name.epsN, with the N. */
static Func *data_of(const Module *m, const Func *f, Slack *slack)
{
	size_t n = strlen(f->name);

	for (int i = 0; i < m->funcs.n; i++) {
		const char *name = m->funcs.at[i]->name;

		if (strncmp(name, f->name, n) != 0 || name[n] != '.')
			continue;
		slack->ulp = strncmp(name + n, ".ulp", 4) == 0 ? atol(name + n + 4) : 0;
		slack->eps = strncmp(name + n, ".eps", 4) == 0 ? atol(name + n + 4) : 0;
		return m->funcs.at[i];
	}
	return NULL;
}

/* f on what g, @name.data, gives. */
static void run_case(Ctx *ctx, Func *f, Func *g, Slack slack)
{
	Tensor *data[MAX_VALUES] = { NULL }, *out[MAX_VALUES] = { NULL };
	int nin = f->body->args.n, nout = f->result_types.n;

	if (g->result_types.n != nin + nout) {
		unit_fail(__FILE__, __LINE__, "@%s gives %d values, wanted %d", g->name, g->result_types.n, nin + nout);
		return;
	}
	if (evaluate(ctx, g, NULL, 0, data) && evaluate(ctx, f, data, nin, out)) {
		for (int i = 0; i < nout; i++)
			compare(f->name, f->result_names.at[i] ? f->result_names.at[i] : "?", out[i], data[nin + i], slack);
	}
	for (int i = 0; i < MAX_VALUES; i++) {
		tensor_unref(data[i]);
		tensor_unref(out[i]);
	}
}

static Module *read_cases(Ctx *ctx, const char *file)
{
	const char *path = arena_printf(ctx->arena, "%s/test/ops/values/%s.graph", TFCC_SOURCE_DIR, file), *error = NULL;
	Source *src = source_read(ctx->arena, path, &error);
	Module *m = src ? module_parse(ctx, src) : NULL;

	if (!m) {
		unit_fail(__FILE__, __LINE__, "%s.graph: %s", file, error ? error : "does not parse");
		diag_print(&ctx->diag, stderr);
	}
	return m;
}

/* The graphs of `tested` with the data of `m`; at least `least` of them. */
static void run_cases(Ctx *ctx, const Module *m, const Module *tested, int least)
{
	int ncases = 0;

	for (int i = 0; i < m->funcs.n; i++) {
		const char *name = m->funcs.at[i]->name;
		Func *f = module_func(tested, name);
		Slack slack;
		Func *data = data_of(m, m->funcs.at[i], &slack);

		if (!data)
			continue;
		ncases++;
		if (f)
			run_case(ctx, f, data, slack);
		else
			unit_fail(__FILE__, __LINE__, "@%s is gone", name);
	}
	EXPECT(ncases >= least);
}

static void run_file(const char *file, int least)
{
	Ctx *ctx = ctx_new();
	Module *m = read_cases(ctx, file);

	if (m)
		run_cases(ctx, m, m, least);
	ctx_free(ctx);
}

/* All passes that run before code generation keep the values: of the graphs, and of the data, which are constants. */
static void run_file_after_passes(const char *file, int least)
{
	static const TargetFacts facts = {
		.name = "x86-64-v3", .vector_bytes = 32, .vector_registers = 16, .masked_memory = true, .fma = true,
		.l1_bytes = 32 << 10, .l2_bytes = 512 << 10, .panel = 16, .max_unroll = 64,
	};
	const PassOptions opt = { .facts = &facts, .opt_level = 3, .verify = true, .bisect = -1 };
	Ctx *ctx = ctx_new();
	Module *m = read_cases(ctx, file), *passed = m ? read_cases(ctx, file) : NULL;

	if (passed && passes_run(ctx, passed, pipeline_default, pipeline_default_count, &opt)) {
		run_cases(ctx, m, passed, least);
		run_cases(ctx, passed, m, least);
	} else {
		unit_fail(__FILE__, __LINE__, "%s.graph: the passes fail", file);
		diag_print(&ctx->diag, stderr);
	}
	ctx_free(ctx);
}

/* The files of test/ops/values, and how many cases each has at least. */
#define FILES(F) \
	F(binary, 26) F(unary, 60) F(representation, 35) F(special, 60) F(convert, 13) F(elementary, 36) \
	F(move, 100) F(reduce, 150) F(reduce_bodies, 20) F(reduce_window, 55) F(reduce_window_huge, 5) \
	F(dot_general, 60) F(conv_general, 25) F(gather, 25) F(scatter, 70) F(sort, 20) F(control, 5) \
	F(activations, 115) F(products, 130) F(choices, 250) F(convolutions, 60) F(pools, 150) F(attention, 120) F(rotary, 65) \
	F(resize, 72) F(grid_sample, 30) \
	F(recurrent, 72) F(einsum, 130) F(curves, 50) F(rng, 89) F(select_and_scatter, 41) F(top_k, 42) \
	F(statistics, 119) F(shapes, 120) F(lookup, 125) F(cumulate, 37) F(norms, 60) F(branches, 12) F(scan, 6) \
	F(narrow, 86) F(narrow_convert, 37) F(narrow_others, 70) F(narrow_bits, 14) F(quantize, 60) \
	F(sizes, 68) F(edges, 36) F(linear, 180) F(process_alone, 32) \
	F(series, 13) F(linear_factors, 80) F(linear_spectra, 130) F(linear_complex, 120) F(complex, 40) F(fourier, 15)

#define FILE_OF_CASES(name, least) \
	TEST(eval_##name) \
	{ \
		run_file(#name, least); \
	} \
	TEST(eval_passes_##name) \
	{ \
		run_file_after_passes(#name, least); \
	}
FILES(FILE_OF_CASES)

#define FILE_NAME(name, least) #name,
static const char *const files[] = { FILES(FILE_NAME) };
enum { NFILES = sizeof files / sizeof *files };

TEST(eval_cases_are_all_run)
{
	DIR *folder = opendir(TFCC_SOURCE_DIR "/test/ops/values");
	REQUIRE(folder);
	for (const struct dirent *e; (e = readdir(folder));) {
		const char *end = strstr(e->d_name, ".graph");
		bool known = !end;
		for (int i = 0; i < NFILES && !known; i++)
			known = strlen(files[i]) == (size_t)(end - e->d_name) && strncmp(e->d_name, files[i], strlen(files[i])) == 0;
		if (!known)
			unit_fail(__FILE__, __LINE__, "%s is not run", e->d_name);
	}
	closedir(folder);
}

/* Folding.  Each graph is called by its data: all of it is known then, and comes out as constants. */

static bool call_by_data(Ctx *ctx, const Func *f, Func *g)
{
	Op *end = block_terminator(g->body);
	Builder b = builder_before(ctx, end);
	Op *call = build_op(&b, OP_call, f->body->args.n, end->arg, &(struct attrs_call){ .callee = f->name });

	if (!call)
		return false;
	op_set_args(end, call->nresults, call->result);
	g->result_types.n = g->result_names.n = 0;
	for (int i = 0; i < call->nresults; i++) {
		vec_push(g->module->arena, &g->result_types, call->result[i]->type);
		vec_push(g->module->arena, &g->result_names, f->result_names.at[i]);
	}
	return true;
}

static bool is_folded(const Func *g)
{
	for (const Op *op = g->body->first; op; op = op->next)
		if (op->kind != OP_constant && op->kind != OP_broadcast_in_dim && op->kind != OP_return)
			return false;
	return true;
}

/* Iotas and dimensions stay, which kernels have for nothing, and with them what is computed from them. */
static bool has_counts(const Func *g)
{
	for (const Op *op = g->body->first; op; op = op->next)
		if (op->kind == OP_iota || op->kind == OP_dimension)
			return true;
	return false;
}

static void compare_folded(Ctx *ctx, Func *f, Func *data, Func *folded, Slack slack)
{
	Tensor *wanted[MAX_VALUES] = { NULL }, *found[MAX_VALUES] = { NULL };
	int nin = f->body->args.n;

	if (evaluate(ctx, data, NULL, 0, wanted) && evaluate(ctx, folded, NULL, 0, found))
		for (int i = 0; i < f->result_types.n; i++)
			compare(f->name, f->result_names.at[i] ? f->result_names.at[i] : "?", found[i], wanted[nin + i], slack);
	for (int i = 0; i < MAX_VALUES; i++) {
		tensor_unref(wanted[i]);
		tensor_unref(found[i]);
	}
}

/* A size that a graph defines stays in its body, and a call cannot give results of that size. */
static bool gives_sizes(const Func *f)
{
	Dim symbol[64 + 1];
	int n = func_symbols(f, symbol, 64);

	for (int i = 0; i < f->result_types.n; i++)
		for (int k = 0; k < f->result_types.at[i]->rank; k++)
			if (dim_symbols(f->result_types.at[i]->dim[k], symbol, n, n + 1) > n)
				return true;
	return false;
}

/* seen, folded: the ops in the cases with the element types of their last operands, and those that come out as constants, or count. */
static void fold_file(const char *file, unsigned *seen, bool *folded)
{
	/* The order is that of the graph with symbols; it must not see what they are in this call. */
	static const PassId before[] = { PASS_expand, PASS_order };
	static const PassId after[] = { PASS_inline, PASS_fold, PASS_canonicalize, PASS_fold, PASS_dce };
	const PassOptions opt = { .opt_level = 3, .verify = true, .bisect = -1 };
	Ctx *ctx = ctx_new();
	Module *m = read_cases(ctx, file), *called = m ? read_cases(ctx, file) : NULL;
	Slack slack;

	for (int i = 0; called && i < called->funcs.n; i++) {
		Func *f = called->funcs.at[i], *g = data_of(called, f, &slack);
		if (g && !gives_sizes(f) && !call_by_data(ctx, f, g))
			unit_fail(__FILE__, __LINE__, "@%s cannot be called", f->name);
	}
	if (!called || !passes_run(ctx, called, before, 2, &opt) || !passes_run(ctx, called, after, 5, &opt)) {
		unit_fail(__FILE__, __LINE__, "%s.graph: the passes fail", file);
		diag_print(&ctx->diag, stderr);
	}
	for (int i = 0; m && called && i < m->funcs.n; i++) {
		Func *f = m->funcs.at[i], *data = data_of(m, f, &slack), *g = data ? module_func(called, data->name) : NULL;
		if (!g || gives_sizes(f))
			continue;
		compare_folded(ctx, f, data, g, slack);
		for (const Op *op = f->body->first; op; op = op->next) {
			seen[op->kind] |= op->nargs ? DTS(op->arg[op->nargs - 1]->type->dtype) : ~0u;
			folded[op->kind] |= is_folded(g) || has_counts(g);
		}
	}
	ctx_free(ctx);
}

/* What stays as it is: steps, which are run; what processes do together; ops without operands; broadcasts, which kernels do for nothing;
   functions of others; what defines a size. */
static bool may_stay(OpKind kind)
{
	return op_info[kind].traits & (T_CONTROL | T_COLLECTIVE | T_TERMINATOR) || op_info[kind].nargs == 0 || kind == OP_broadcast_in_dim ||
	       kind == OP_call || kind == OP_custom_call || kind == OP_fusion || kind == OP_optimization_barrier ||
	       kind == OP_define_size || kind == OP_nonzero || kind == OP_unique;
}

TEST(eval_cases_fold)
{
	unsigned seen[OP_COUNT] = { 0 };
	bool folded[OP_COUNT] = { false };

	for (int i = 0; i < NFILES; i++)
		fold_file(files[i], seen, folded);
	for (int k = 0; k < OP_COUNT; k++) {
		if (!folded[k] && !may_stay((OpKind)k))
			unit_fail(__FILE__, __LINE__, seen[k] ? "%s does not fold in any case" : "no case has %s", op_info[k].name);
		for (int t = 0; t < DT_COUNT; t++)
			if (DTS_WIDE(op_info[k].types) & ~seen[k] & DTS(t))   /* an op on a narrow type is one on another, and conversions */
				unit_fail(__FILE__, __LINE__, "no case has %s of %s", op_info[k].name, dtype_info[t].name);
	}
}
