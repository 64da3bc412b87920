/* tools/run_cases.c - graphs with the values they should give: @f goes with @f.data, which gives f's inputs and then the
   wanted results (exact, NaNs being one value), with @f.ulpN, which allows floats N units in the last place, or with
   @f.epsN: N of those of 1, or of the number if it is larger. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "ir/base/num.h"
#include "tools/run_parts.h"

enum { VALUES_MAX = 64 };

typedef struct Case {
	Func   *f;
	long    ulp, eps;
	int     n;
	Tensor *value[VALUES_MAX];     /* inputs, then wanted results */
	DimEnv  env;
} Case;

/* An element as a number on a line where neighbours differ by 1 and all NaNs are one. */
static int64_t place(DType t, uint64_t bits)
{
	uint64_t sign = (uint64_t)1 << (dtype_width(t) - 1);

	if (!dtype_is_float(t))
		return (int64_t)bits;
	if (element_is_nan(t, bits))
		return INT64_MAX;
	return bits & sign ? -(int64_t)(bits & (sign - 1)) - 1 : (int64_t)bits;
}

static bool is_close(DType t, uint64_t found, uint64_t wanted, long ulp, long eps)
{
	int64_t a = place(t, found), b = place(t, wanted);

	if (a == b || (ulp == 0 && eps == 0) || !dtype_is_float(t))
		return a == b;
	if (eps) {
		double x = dtype_to_f64(t, found), y = dtype_to_f64(t, wanted);
		return fabs(x - y) <= ldexp((double)eps, -dtype_mantissa(t)) * fmax(fabs(y), 1);
	}
	return a != INT64_MAX && b != INT64_MAX && llabs((a < 0 ? a + 1 : a) - (b < 0 ? b + 1 : b)) <= ulp;
}

static bool is_right(const Case *c, const char *result, const Tensor *found, const Tensor *wanted)
{
	int64_t first, wrong = 0, where = 0;

	if (tensor_differ(found, wanted, &first) == 0)
		return true;
	if (found->dtype != wanted->dtype || found->count != wanted->count) {
		printf("case @%s: %%%s has another type than wanted\n", c->f->name, result);
		return false;
	}
	Tensor x = tensor_parts(found), y = tensor_parts(wanted);
	for (int64_t i = 0; i < x.count; i++)
		if (!is_close(x.dtype, tensor_get(&x, i), tensor_get(&y, i), c->ulp, c->eps) && wrong++ == 0)
			where = i;
	if (wrong)
		printf("case @%s: %" PRId64 " of %" PRId64 " elements of %%%s are wrong, the first number %" PRId64 ": %#" PRIx64
		       ", wanted %#" PRIx64 "\n", c->f->name, wrong, x.count, result, where, tensor_get(&x, where),
		       tensor_get(&y, where));
	return wrong == 0;
}

static bool is_data(const char *ending)
{
	return strcmp(ending, ".data") == 0 || strncmp(ending, ".ulp", 4) == 0 || strncmp(ending, ".eps", 4) == 0;
}

static bool is_data_of(const char *data, const char *name)
{
	size_t n = strlen(name);

	return strncmp(data, name, n) == 0 && is_data(data + n);
}

/* Of values stacked along axis 0, one for each of n processes, that of o->process. */
static bool take_own(Ctx *ctx, const Func *data, const RunOptions *o, Tensor **t)
{
	int n = o->replicas * o->partitions;
	Tensor *all = *t;

	if (n == 1)
		return true;
	if (all->rank == 0 || all->dim[0] != n) {
		diag_error(&ctx->diag, data->loc, "graph @%s: its values have no axis 0 of %d, one position for each process", data->name, n);
		return false;
	}
	*t = tensor_new(all->dtype, all->rank - 1, all->dim + 1);
	if (!*t) {
		*t = all;
		diag_system(&ctx->diag, "out of memory for the values of graph @%s", data->name);
		return false;
	}
	if ((*t)->count)
		memcpy((*t)->data, (const char *)all->data + tensor_bytes(*t) * o->process, (size_t)tensor_bytes(*t));
	tensor_unref(all);
	return true;
}

/* The case of f, evaluated; NULL when f has no data, or (with diagnostics) when they are wrong. */
static Case *case_of(Ctx *ctx, const Module *m, Func *f, const RunOptions *o)
{
	for (int i = 0; i < m->funcs.n; i++) {
		Func *data = m->funcs.at[i];
		int nin = f->body->args.n, n = data->result_types.n;
		if (!is_data_of(data->name, f->name))
			continue;
		Case *c = ARENA_NEW(ctx->arena, Case);
		*c = (Case){ .f = f, .n = n };
		const char *ending = data->name + strlen(f->name);
		*(strncmp(ending, ".eps", 4) == 0 ? &c->eps : &c->ulp) = atol(ending + 4);
		if (n != nin + f->result_types.n || n > VALUES_MAX) {
			diag_error(&ctx->diag, data->loc, "graph @%s: %d result%s, wanted %d, one for each input and result of @%s", data->name, n,
			           n == 1 ? "" : "s", nin + f->result_types.n, f->name);
			return NULL;
		}
		bool ok = eval_func(ctx, data, NULL, NULL, 0, c->value, NULL);
		for (int k = 0; k < n && ok; k++)
			ok = take_own(ctx, data, o, &c->value[k]);
		ok = ok && eval_symbols(ctx, ctx->arena, f, NULL, c->value, nin, &c->env);
		for (int k = 0; k < n && !ok; k++)
			tensor_unref(c->value[k]);
		return ok ? c : NULL;
	}
	return NULL;
}

static bool run_case(Runner *r, Case *c)
{
	Tensor *out[VALUES_MAX] = { NULL };
	int nin = c->n - c->f->result_types.n;
	bool ok = runner_call(r, c->f->name, &c->env, c->value, nin, out);

	for (int i = 0; ok && i < c->n - nin; i++)
		ok = is_right(c, c->f->result_names.at[i] ? c->f->result_names.at[i] : "?", out[i], c->value[nin + i]);
	for (int i = 0; i < VALUES_MAX; i++)
		tensor_unref(out[i]);
	return ok;
}

bool cases_load(Ctx *ctx, RunOptions *o, Cases *out)
{
	Module *m = compile_load(ctx, o->model, &o->runner.compile);
	int n = 0;

	for (int i = 0; m && i < m->funcs.n; i++) {
		Case *c = case_of(ctx, m, m->funcs.at[i], o);
		if (c)
			vec_push(ctx->arena, &out->all, c);
	}
	if (!m || ctx->diag.nerrors)
		return false;
	for (int i = 0; i < m->funcs.n; i++) {
		const char *dot = strrchr(m->funcs.at[i]->name, '.');
		if (!dot || !is_data(dot))
			m->funcs.at[n++] = m->funcs.at[i];
	}
	m->funcs.n = n;
	out->r = runner_new(ctx, m, &o->runner);
	return out->r != NULL;
}

bool cases_check(Cases *c)
{
	for (int i = 0; i < c->all.n; i++)
		c->wrong += !run_case(c->r, c->all.at[i]);
	return true;
}

void cases_free(Cases *c)
{
	runner_free(c->r);
	for (int i = 0; i < c->all.n; i++)
		for (int k = 0; k < c->all.at[i]->n; k++)
			tensor_unref(c->all.at[i]->value[k]);
}

bool cases_run(Ctx *ctx, RunOptions *o, bool *differs)
{
	Cases c = { 0 };
	bool ok = cases_load(ctx, o, &c) && cases_check(&c);

	cases_free(&c);
	if (!ok)
		return false;
	printf("%d cases, %d wrong\n", c.all.n, c.wrong);
	*differs = c.wrong > 0;
	return true;
}
