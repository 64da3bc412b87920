/* test/contract/batch.c - the graphs of a file, their inputs, and what the interpreter makes of them. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/frontend.h"
#include "ir/base/num.h"
#include "ir/eval.h"
#include "passes/pass.h"
#include "test/contract/contract.h"

void batch_fail(Batch *b, const char *fmt, ...)
{
	va_list ap;

	if (b->nfailed++ >= b->opt->most)
		return;
	fprintf(stderr, "%s: ", b->path);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

/* Values. */

static uint64_t next(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15u;   /* splitmix64 */

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static double made_up_number(uint64_t *seed, int flavour)
{
	static const double special[] = {
		0.0, -0.0, 1.0, -1.0, 1e-40, -1e-45, 3e38, -65504.0, 0x1p-126, 0x1p-1074, 1e308, 88.7, -104.0, 6e-8, 0.5, 1e-8,
	};
	uint64_t r = next(seed);
	double x = ((double)(next(seed) >> 11) * 0x1p-53 - 0.5) * 4;

	if (flavour == 0)
		return x;
	if (r % 16 == 0)
		return special[r / 16 % (sizeof special / sizeof *special)];
	if (r % 311 == 1)
		return r / 311 % 3 ? r / 311 % 3 == 1 ? HUGE_VAL : -HUGE_VAL : NAN;
	if (flavour == 1)
		return r & 32 ? x * 8 : (double)((int)(r >> 8) % 7);     /* ties */
	return ldexp(x, (int)(r >> 8) % 60);
}

/* Element bits.  Flavour 0: plain numbers; 1: special ones among them, and ties; 2: of all magnitudes. */
uint64_t made_up(uint64_t *seed, DType t, int flavour)
{
	uint64_t r = next(seed);
	double x = dtype_is_float(t) ? made_up_number(seed, flavour) : 0;

	if (t == DT_BOOL)
		return r >> 7 & 1;
	if (dtype_is_float(t))
		return dtype_from_f64(t, x);
	/* Small ones are good indices; the extremes come with flavour 1. */
	uint64_t v = flavour == 1 && r % 32 == 0 ? next(seed) >> (r / 32 % 64) : (r >> 8) % 11 - (r & 1);
	if (flavour == 1 && r % 64 == 1)
		v = (uint64_t)1 << (dtype_width(t) - 1);
	return dtype_wrap(t, v);
}

bool same_bits(DType t, uint64_t a, uint64_t b)
{
	return a == b || (dtype_is_nan(t, a) && dtype_is_nan(t, b));
}

static uint64_t hash_name(const char *s)
{
	uint64_t h = 1469598103934665603u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return h;
}

/* K...: long extents; N: batches; others small.  A name with a number, such as K257: around that. */
static int64_t made_up_extent(const char *name, int set)
{
	static const int around[] = { 0, -1, 1, 2, -2, 16, -16, 3 };
	static const int64_t batch[] = { 3, 1, 7, 0, 2, 4, 5, 33 }, small[] = { 2, 5, 1, 3, 0, 9, 4, 17 };
	static const int64_t large[] = { 300, 70, 4097, 1, 5000, 256, 16, 9000 };

	int64_t number = atoll(name + strcspn(name, "0123456789"));

	if (number > 0)
		return number + around[set] > 0 ? number + around[set] : 0;
	return name[0] == 'K' ? large[set] : name[0] == 'N' ? batch[set] : small[(set + (int)(hash_name(name) & 1)) % MAX_SETS];
}

static Tensor *made_up_tensor(const Type *t, const Inputs *s, uint64_t seed, int flavour)
{
	DimEnv env = { s->nsymbols, s->symbol, s->value };
	int64_t dim[RANK_MAX];

	for (int i = 0; i < t->rank; i++)
		if (!dim_eval(t->dim[i], &env, &dim[i]) || dim[i] < 0)
			return NULL;
	Tensor *x = tensor_new(t->dtype, t->rank, dim);
	if (!x)
		return NULL;
	Tensor part = tensor_parts(x);
	for (int64_t i = 0; i < part.count; i++)
		tensor_set(&part, i, made_up(&seed, part.dtype, flavour));
	return x;
}

/* Cases. */

static Func *data_of(const Module *m, const Func *f)
{
	size_t n = strlen(f->name);

	for (int i = 0; i < m->funcs.n; i++) {
		const char *name = m->funcs.at[i]->name;
		if (strncmp(name, f->name, n) == 0 && (strcmp(name + n, ".data") == 0 || strncmp(name + n, ".ulp", 4) == 0 ||
		                                       strncmp(name + n, ".eps", 4) == 0))
			return m->funcs.at[i];
	}
	return NULL;
}

static bool is_data(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && (strcmp(dot, ".data") == 0 || strncmp(dot, ".ulp", 4) == 0 || strncmp(dot, ".eps", 4) == 0);
}

static void find_symbols(const Options *o, const Func *f, Inputs *s, int set)
{
	Dim d[MAX_SYMBOLS];

	s->nsymbols = func_symbols(f, d, MAX_SYMBOLS);
	for (int i = 0; i < s->nsymbols; i++) {
		s->symbol[i] = d[i]->name;
		s->value[i] = o->extent_name && strcmp(o->extent_name, d[i]->name) == 0 ? o->extent_value
		                                                                        : made_up_extent(d[i]->name, set);
		if (s->value[i] > d[i]->bound)
			s->value[i] = d[i]->bound;
	}
}

static void solve_symbols(const Func *f, Inputs *s)
{
	for (int i = 0; i < f->body->args.n; i++) {
		const Type *t = f->body->args.at[i]->type;
		for (int k = 0; k < t->rank; k++)
			for (int j = 0; j < s->nsymbols; j++)
				if (t->dim[k]->kind == DIM_SYM && t->dim[k]->name == s->symbol[j])
					s->value[j] = s->in[i]->dim[k];
	}
}

/* Evaluates f; what it says about dimensions that do not fit is no failure. */
static bool evaluate(Batch *b, Func *f, Inputs *s)
{
	DimEnv env = { s->nsymbols, s->symbol, s->value };
	EvalOptions opt = { .max_bytes = (int64_t)1 << 30 };
	int before = b->ctx->diag.nerrors;

	snprintf(running, 200, "%s: @%s by the interpreter", b->path, f->name);
	if (eval_func(b->ctx, f, &env, s->in, s->nin, s->want, &opt))
		return true;
	s->refused = b->ctx->diag.nerrors > before;
	return s->refused;
}

static bool is_batch(const Type *t)
{
	return t->rank > 0 && t->dim[0]->kind == DIM_SYM && strcmp(t->dim[0]->name, "N") == 0;
}

static void add_set(Batch *b, Case *c, Func *f, Func *data, int index)
{
	Inputs *s = &c->set[c->nsets];
	int set = (b->opt->first + index) % MAX_SETS;
	Tensor *given[MAX_ARGS] = { NULL };

	find_symbols(b->opt, f, s, set);
	s->nin = f->body->args.n;
	s->nout = f->result_types.n;
	for (int i = 0; i < s->nin; i++)
		s->in_batch[i] = is_batch(f->body->args.at[i]->type);
	for (int i = 0; i < s->nout; i++)
		s->out_batch[i] = is_batch(f->result_types.at[i]);
	if (data) {
		if (data->result_types.n < s->nin || data->result_types.n > MAX_ARGS ||
		    !eval_func(b->ctx, data, NULL, NULL, 0, given, NULL)) {
			batch_fail(b, "@%s gives no inputs", data->name);
			return;
		}
		for (int i = 0; i < data->result_types.n; i++) {
			if (i < s->nin)
				s->in[i] = given[i];
			else
				tensor_unref(given[i]);
		}
		solve_symbols(f, s);
	}
	for (int i = 0; !data && i < s->nin; i++) {
		uint64_t seed = hash_name(c->name) + b->opt->seed * 77 + (uint64_t)(set * 64 + i);
		s->in[i] = made_up_tensor(f->body->args.at[i]->type, s, seed, set % 3);
		if (!s->in[i])
			return;         /* a negative extent, for one */
	}
	if (evaluate(b, f, s))
		c->nsets++;
	else
		batch_fail(b, "@%s is not evaluated", f->name);
}

static void drop_data(Module *m)
{
	int n = 0;

	for (int i = 0; i < m->funcs.n; i++)
		if (!is_data(m->funcs.at[i]->name))
			m->funcs.at[n++] = m->funcs.at[i];
	m->funcs.n = n;
}

static bool is_called(const Module *m, const char *name);
static bool calls(Op *op, void *arg)
{
	return op->kind != OP_call || op_attrs(call, op)->callee != (const char *)arg;
}

static bool is_called(const Module *m, const char *name)
{
	for (int i = 0; i < m->funcs.n; i++)
		if (!block_walk(m->funcs.at[i]->body, calls, (void *)name))
			return true;
	return false;
}

static void drop_others(Module *m, const char *only)
{
	int n = 0;

	for (int i = 0; only && i < m->funcs.n; i++)
		if (strcmp(m->funcs.at[i]->name, only) == 0 || is_called(m, m->funcs.at[i]->name))
			m->funcs.at[n++] = m->funcs.at[i];
	if (only)
		m->funcs.n = n;
}

bool batch_fits(const Batch *b, const Case *c, int set)
{
	const Inputs *s = &c->set[set];

	if (b->bound < 0)
		return true;
	if (set != b->bound || s->refused)
		return false;
	for (int i = 0; i < s->nsymbols; i++) {
		int64_t v = -1;
		for (int k = 0; k < b->env.n; k++)
			if (strcmp(b->env.name[k], s->symbol[i]) == 0)
				v = b->env.value[k];
		if (v != s->value[i])
			return false;
	}
	return s->nsymbols > 0;
}

/* Where graphs differ about a symbol the first one has its way. */
bool batch_bind(Batch *b, int set)
{
	const char **name = ARENA_ARRAY(b->arena, const char *, MAX_SYMBOLS);
	int64_t *value = ARENA_ARRAY(b->arena, int64_t, MAX_SYMBOLS);
	int n = 0;

	for (int i = 0; set >= 0 && i < b->ncases; i++) {
		const Inputs *s = &b->at[i].set[set];
		for (int k = 0; set < b->at[i].nsets && !s->refused && k < s->nsymbols; k++) {
			bool known = n == MAX_SYMBOLS;
			for (int j = 0; j < n; j++)
				known = known || strcmp(name[j], s->symbol[k]) == 0;
			if (!known) {
				name[n] = s->symbol[k];
				value[n++] = s->value[k];
			}
		}
	}
	b->bound = set;
	b->env = (DimEnv){ n, name, value };
	return n > 0;
}

/* Graphs that cannot have these numbers would be refused. */
static void drop_unfit(Module *m, const Batch *b)
{
	int n = 0;

	for (int i = 0; i < m->funcs.n; i++) {
		bool fits = false;
		for (int k = 0; k < b->ncases; k++)
			if (strcmp(b->at[k].name, m->funcs.at[i]->name) == 0)
				fits = b->bound < b->at[k].nsets && batch_fits(b, &b->at[k], b->bound);
		if (fits || is_called(m, m->funcs.at[i]->name))
			m->funcs.at[n++] = m->funcs.at[i];
	}
	m->funcs.n = n;
}

Ctx *batch_parse(Batch *b, Module **out)
{
	Ctx *ctx = ctx_new();

	*out = frontend_load(ctx, b->path);
	if (*out) {
		drop_data(*out);
		drop_others(*out, b->opt->only);
		if (b->bound >= 0)
			drop_unfit(*out, b);
		return ctx;
	}
	diag_print(&ctx->diag, stderr);
	batch_fail(b, "does not parse");
	ctx_free(ctx);
	return NULL;
}

/* What the interpreter is to evaluate: the module as written, or with relax, which changes roundings, after `order`. */
static bool wanted_module(Batch *b, Module *m)
{
	PassOptions opt = { .opt_level = 2, .bisect = -1, .stop_after = "order" };

	return !b->opt->relax || passes_run(b->ctx, m, pipeline_default, pipeline_default_count, &opt);
}

bool batch_read(Batch *b, const char *path, const Options *opt)
{
	*b = (Batch){ .path = path, .opt = opt, .ctx = ctx_new(), .arena = arena_new(), .bound = -1 };
	Module *m = frontend_load(b->ctx, path);

	if (!m || !wanted_module(b, m)) {
		diag_print(&b->ctx->diag, stderr);
		batch_fail(b, "does not parse");
		return false;
	}
	b->at = ARENA_ARRAY(b->arena, Case, m->funcs.n + 1);
	for (int i = 0; i < m->funcs.n; i++) {
		Func *f = m->funcs.at[i], *data = data_of(m, f);
		Case *c = &b->at[b->ncases];

		if (is_data(f->name) || (opt->only && strcmp(f->name, opt->only) != 0))
			continue;
		b->ncases++;
		c->name = f->name;
		if (f->body->args.n > MAX_ARGS || f->result_types.n > MAX_ARGS)
			continue;
		Dim d[MAX_SYMBOLS];
		int nsets = data ? 1 : func_symbols(f, d, MAX_SYMBOLS) || opt->rotate ? opt->nsets : f->body->args.n ? 2 : 1;
		for (int set = 0; set < nsets; set++)
			add_set(b, c, f, data, set);
	}
	return true;
}

void batch_free(Batch *b)
{
	for (int i = 0; i < b->ncases; i++)
		for (int k = 0; k < b->at[i].nsets; k++) {
			Inputs *s = &b->at[i].set[k];
			for (int j = 0; j < MAX_ARGS; j++) {
				tensor_unref(s->in[j]);
				tensor_unref(s->want[j]);
			}
		}
	ctx_free(b->ctx);
	arena_free(b->arena);
}
