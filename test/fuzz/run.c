/* test/fuzz/run.c - graphs on made-up inputs, and comparing results. */
#include "test/fuzz/run.h"

#include <stdlib.h>
#include <string.h>

#include "ir/base/num.h"
#include "ir/eval.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "passes/pass.h"

enum { TENSOR_BYTES = 1 << 18 };

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
	switch (dtype_info[t].kind) {
	case DK_BOOL:  return r & 1;
	case DK_FLOAT: return dtype_from_f64(t, (double)x);
	default:       return dtype_wrap(t, r % 64 ? (r >> 8) % 12 - (r & 3) : r * 0x9e3779b97f4a7c15u);
	}
}

Tensor *made_up_tensor(uint64_t seed, DType t, int rank, const int64_t *dim)
{
	Tensor *x = NULL;
	int64_t bytes = dtype_size(t);

	for (int i = 0; i < rank; i++) {
		if (dim[i] < 0 || !i64_mul(bytes, dim[i], &bytes) || bytes > TENSOR_BYTES)
			return NULL;
	}
	x = tensor_new(t, rank, dim);
	if (!x)
		return NULL;

	Tensor part = tensor_parts(x);      /* x itself, but for complex numbers */
	int n = dtype_size(part.dtype) * 8;
	for (int64_t i = 0; i < part.count; i++) {
		uint64_t bits = made_up(&seed, part.dtype);
		tensor_set(&part, i, n == 64 ? bits : bits & (((uint64_t)1 << n) - 1));
	}
	return x;
}

void run_fail(const Run *r, const char *what, const char *func)
{
	Str s = { 0 };

	diag_print(&r->ctx->diag, stderr);
	if (r->module)
		module_print(r->module, NULL, &s);
	fprintf(stderr, "%s in @%s of\n%s", what, func, str_cstr(&s));
	abort();
}

bool run_fill_weights(Run *r)
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
	return ++r->steps < RUN_STEPS;
}

void tensors_unref(Tensor **t, int n)
{
	for (int i = 0; i < n; i++)
		tensor_unref(t[i]);
}

bool run_inputs(const Run *r, Func *f, const DimEnv *env, Tensor **in)
{
	if (f->body->args.n > RUN_ARGS)
		return false;
	for (int i = 0; i < f->body->args.n; i++) {
		const Type *t = f->body->args.at[i]->type;
		int64_t dim[RANK_MAX];
		bool ok = true;

		for (int k = 0; ok && k < t->rank; k++)
			ok = dim_eval(t->dim[k], env, &dim[k]);
		in[i] = ok ? made_up_tensor(r->seed + (uint64_t)i, t->dtype, t->rank, dim) : NULL;
		if (!in[i]) {
			tensors_unref(in, i);
			return false;
		}
	}
	return true;
}

bool run_evaluate(Run *r, Func *f, const DimEnv *env, Tensor **out)
{
	EvalOptions opt = { .on_op = count_step, .arg = r, .max_bytes = 16 * TENSOR_BYTES };
	Tensor *in[RUN_ARGS];

	if (f->result_types.n > RUN_ARGS || !run_inputs(r, f, env, in))
		return false;
	r->steps = 0;
	bool ok = eval_func(r->ctx, f, env, in, f->body->args.n, out, &opt);
	tensors_unref(in, f->body->args.n);
	return ok;
}

bool tensor_same(const Tensor *a, const Tensor *b)
{
	if (a->dtype != b->dtype || a->rank != b->rank || a->count != b->count)
		return false;

	Tensor p = tensor_parts(a), q = tensor_parts(b);
	for (int64_t i = 0; i < p.count; i++) {
		uint64_t x = tensor_get(&p, i), y = tensor_get(&q, i);
		if (x != y && !(dtype_is_nan(p.dtype, x) && dtype_is_nan(p.dtype, y)))
			return false;
	}
	return true;
}

bool run_env(const Run *r, Func *f, RunEnv *out)
{
	Dim symbol[RUN_SYMBOLS];
	int n = func_symbols(f, symbol, RUN_SYMBOLS);

	if (n > RUN_SYMBOLS)
		return false;
	for (int i = 0; i < n; i++) {
		out->name[i] = symbol[i]->name;
		out->value[i] = 1 + (int64_t)((r->seed + (uint64_t)i) % 3);
	}
	out->env = (DimEnv){ n, out->name, out->value };
	return true;
}

Run run_parse(const char *text, size_t size)
{
	Run r = { .ctx = ctx_new(), .seed = size };

	r.module = module_parse(r.ctx, source_from_text(r.ctx->arena, "fuzz.graph", text, size));
	if (r.module && !module_verify(r.ctx, r.module))
		r.module = NULL;
	return r;
}

void fuzz_fail(const char *what, const char *text, const char *other)
{
	fprintf(stderr, "fuzz: %s\n--- first\n%s\n--- second\n%s\n", what, text, other);
	abort();
}

void fuzz_round_trip(FuzzPrint print, const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1), *once, *twice;

	memcpy(copy, data, size);
	copy[size] = '\0';
	once = print(copy, size);
	if (once) {
		twice = print(once, strlen(once));
		if (!twice)
			fuzz_fail("what was printed does not read back", copy, once);
		else if (strcmp(once, twice) != 0)
			fuzz_fail("printing twice differs", once, twice);
		free(twice);
	}
	free(once);
	free(copy);
}

bool run_is_refused(const char *text, size_t size)
{
	static const PassId first[] = { PASS_inline, PASS_expand };
	PassOptions opt = { .opt_level = 2, .bisect = -1 };
	Run r = run_parse(text, size);
	bool refused = r.module && !passes_run(r.ctx, r.module, first, 2, &opt) && r.ctx->diag.nerrors > 0;

	ctx_free(r.ctx);
	return refused;
}
