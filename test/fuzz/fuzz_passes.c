/* test/fuzz/fuzz_passes.c - the default pipeline on any graph that the parser accepts: it keeps every bit.

   A graph is evaluated as written and after the pipeline (without `relax`, the one pass that may round differently),
   on small made-up inputs, every symbol being 1 to 3.  The pipeline may not fail, and may not turn a value into an
   error. */
#include "ir/base/num.h"
#include "ir/eval.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "passes/pass.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TENSOR_BYTES = 1 << 18, STEPS = 2000, ARGS = 32, SYMBOLS = 16, FUNCS = 8 };

static const TargetFacts facts = {
	.name = "x86-64-v3", .vector_bytes = 32, .vector_registers = 16, .masked_memory = true, .fma = true,
	.l1_bytes = 32 << 10, .l2_bytes = 512 << 10, .panel = 16, .max_unroll = 64,
};

typedef struct Run {
	uint64_t seed;
	int      steps;
	Ctx     *ctx;
	Module  *module;
} Run;

static uint64_t next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

/* Mostly small numbers, some of the special ones. */
static uint64_t made_up(uint64_t *seed, DType t)
{
	static const float special[] = { 0.0f, -0.0f, 1.0f, 1e-40f, 3e38f, -65504.0f };
	uint64_t r = next(seed);
	float x = (r % 16 == 0) ? special[r / 16 % 6] : ((float)(r % 4096) - 2048.0f) / 256.0f;

	if (r % 257 == 0)
		x = r % 514 ? f32_of_bits(0x7fc00000) : f32_of_bits(0x7f800000);
	switch (t) {
	case DT_BOOL: return r & 1;
	case DT_F16:  return f16_from_f32(x);
	case DT_BF16: return bf16_from_f32(x);
	case DT_F32:  return f32_bits(x);
	case DT_F64:  return f64_bits((double)x);
	default:      return r % 64 ? (r >> 8) % 12 - (r & 3) : r * 0x9e3779b97f4a7c15u;
	}
}

static Tensor *made_up_tensor(uint64_t seed, DType t, int rank, const int64_t *dim)
{
	Tensor *x = NULL;
	int64_t bytes = dtype_size(t);

	for (int i = 0; i < rank; i++) {
		if (dim[i] < 0 || !i64_mul(bytes, dim[i], &bytes) || bytes > TENSOR_BYTES)
			return NULL;
	}
	x = tensor_new(t, rank, dim);
	for (int64_t i = 0; x && i < x->count; i++) {
		uint64_t bits = made_up(&seed, t);
		int n = dtype_size(t) * 8;
		tensor_set(x, i, n == 64 ? bits : bits & (((uint64_t)1 << n) - 1));
	}
	return x;
}

static void fail(const Run *r, const char *what, const char *func)
{
	Str s = { 0 };

	diag_print(&r->ctx->diag, stderr);
	if (r->module)
		module_print(r->module, NULL, &s);
	fprintf(stderr, "fuzz_passes: %s in @%s of\n%s", what, func, str_cstr(&s));
	abort();
}

/* Weights that a file would hold get made-up values; false when one is too large. */
static bool fill_weights(Run *r)
{
	for (int i = 0; i < r->module->weights.n; i++) {
		Weight *w = r->module->weights.at[i];
		int64_t dim[RANK_MAX];

		if (w->value)
			continue;
		if (!type_is_static(w->type))
			return false;
		for (int k = 0; k < w->type->rank; k++) {
			if (!dim_eval(w->type->dim[k], &(DimEnv){ 0 }, &dim[k]))
				return false;
		}
		Tensor *t = made_up_tensor(r->seed + (uint64_t)i, w->type->dtype, w->type->rank, dim);
		if (!t)
			return false;
		w->value = blob_from_tensor(r->module->arena, t);
		tensor_unref(t);
	}
	return true;
}

static bool count_step(void *arg, const Op *op, Tensor *const *result)
{
	Run *r = arg;

	(void)op, (void)result;
	return ++r->steps < STEPS;
}

/* The results of f, or false. */
static bool evaluate(Run *r, Func *f, const DimEnv *env, Tensor **out)
{
	EvalOptions opt = { .on_op = count_step, .arg = r, .max_bytes = 16 * TENSOR_BYTES };
	Tensor *in[ARGS];
	int n = 0;
	bool ok = f->body->args.n <= ARGS && f->result_types.n <= ARGS;

	for (; ok && n < f->body->args.n; n++) {
		const Type *t = f->body->args.at[n]->type;
		int64_t dim[RANK_MAX];

		for (int k = 0; ok && k < t->rank; k++)
			ok = dim_eval(t->dim[k], env, &dim[k]);
		in[n] = ok ? made_up_tensor(r->seed + (uint64_t)n, t->dtype, t->rank, dim) : NULL;
		if (!in[n])
			break;
	}
	ok = ok && n == f->body->args.n;
	r->steps = 0;
	ok = ok && eval_func(r->ctx, f, env, in, n, out, &opt);
	while (n-- > 0) {
		if (in[n])
			tensor_unref(in[n]);
	}
	return ok;
}

static bool is_nan(DType t, uint64_t bits)
{
	switch (t) {
	case DT_F16:  return (bits & 0x7fff) > 0x7c00;
	case DT_BF16: return (bits & 0x7fff) > 0x7f80;
	case DT_F32:  return (bits & 0x7fffffff) > 0x7f800000;
	case DT_F64:  return (bits & INT64_MAX) > 0x7ff0000000000000;
	default:      return false;
	}
}

static bool same(const Tensor *a, const Tensor *b)
{
	if (a->dtype != b->dtype || a->rank != b->rank || a->count != b->count)
		return false;
	for (int64_t i = 0; i < a->count; i++) {
		uint64_t x = tensor_get(a, i), y = tensor_get(b, i);
		if (x != y && !(is_nan(a->dtype, x) && is_nan(a->dtype, y)))
			return false;
	}
	return true;
}

static Run parse(const char *text, size_t size)
{
	Run r = { .ctx = ctx_new(), .seed = size };

	r.module = module_parse(r.ctx, source_from_text(r.ctx->arena, "fuzz.graph", text, size));
	return r;
}

static void compare(Run *before, Run *after, Func *f)
{
	const char *name[SYMBOLS];
	int64_t value[SYMBOLS];
	Dim symbol[SYMBOLS];
	Tensor *x[ARGS], *y[ARGS];
	Func *g = module_func(after->module, f->name);
	int n = func_symbols(f, symbol, SYMBOLS);

	if (!g)
		fail(after, "the pipeline lost a graph", f->name);
	if (n > SYMBOLS)
		return;
	for (int i = 0; i < n; i++) {
		name[i] = symbol[i]->name;
		value[i] = 1 + (int64_t)((before->seed + (uint64_t)i) % 3);
	}
	DimEnv env = { n, name, value };
	if (!evaluate(before, f, &env, x))
		return;
	if (!evaluate(after, g, &env, y)) {
		if (after->steps < STEPS)
			fail(after, "what had a value has none after the pipeline", f->name);
	} else {
		for (int i = 0; i < f->result_types.n; i++) {
			if (!same(x[i], y[i]))
				fail(after, "other bits after the pipeline", f->name);
			tensor_unref(y[i]);
		}
	}
	for (int i = 0; i < f->result_types.n; i++)
		tensor_unref(x[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	memcpy(text, data, size);
	text[size] = '\0';
	Run before = parse(text, size), after = { 0 };

	if (before.module && fill_weights(&before)) {
		PassOptions opt = { .facts = &facts, .opt_level = 2, .verify = true, .bisect = -1 };

		after = parse(text, size);
		fill_weights(&after);
		if (!passes_set(after.ctx, "pass.relax=off", &opt))
			after.ctx->diag.n = after.ctx->diag.nerrors = 0; /* there is no such pass yet */
		if (!passes_run(after.ctx, after.module, pipeline_default, pipeline_default_count, &opt))
			fail(&before, "the pipeline failed", "?");
		for (int i = 0; i < before.module->funcs.n && i < FUNCS; i++)
			compare(&before, &after, before.module->funcs.at[i]);
		ctx_free(after.ctx);
	}
	ctx_free(before.ctx);
	free(text);
	return 0;
}
