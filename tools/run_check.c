/* tools/run_check.c - a target against the interpreter, op by op; and the interpreter's values, op by op.

   Where results differ, the values of all ops become results too (after pass `order`, so no bit changes), and the first
   that differs is named.  Fetching changes what is fused; when that makes the difference go away, values are fetched
   alone, halving the distance each time. */
#include <inttypes.h>

#include "ir/text.h"
#include "tools/run_parts.h"

/* The interpreter's values of the entry's ops. */
typedef struct Seen {
	const Func *f;
	Map   value;             /* Value* -> Tensor* */
	const Names *names;      /* --trace */
} Seen;

static bool keep_values(void *arg, const Op *op, Tensor *const *result)
{
	Seen *s = arg;

	if (op->block != s->f->body || op_has(op, T_CONST))
		return true;
	for (int i = 0; i < op->nresults; i++)
		map_set(&s->value, op->result[i], tensor_ref(result[i]));
	return true;
}

static bool show_values(void *arg, const Op *op, Tensor *const *result)
{
	Seen *s = arg;
	Str text = { 0 };

	if (op_func(op) == s->f)
		op_print_named(op, s->names, &text);
	else
		op_print(op, &text);
	for (const char *c = str_cstr(&text); *c; c += *c == '\n')
		c += fwrite(c, 1, strcspn(c, "\n"), stdout), putchar('\n');
	str_free(&text);
	for (int i = 0; i < op->nresults && !op_has(op, T_CONST); i++) {
		tensor_show(&text, result[i], 8);
		printf("    %s\n", str_cstr(&text));
		str_free(&text);
	}
	return true;
}

static void unref_all(int n, Tensor **t)
{
	for (int i = 0; i < n; i++)
		tensor_unref(t[i]);
}

/* Through `order`, then evaluated. */
static Func *interpret(Ctx *ctx, RunOptions *o, const DimEnv *env, Tensor *const *in, int nin, Seen *s,
                       bool (*on_op)(void *, const Op *, Tensor *const *), Tensor ***out)
{
	RunnerOptions ro = o->runner;
	EvalOptions eo = { .on_op = on_op, .arg = s, .custom = custom_evaluate };
	Func *f;
	Module *m = model_load(ctx, o, &f);

	ro.interp = true;
	if (!m || !runner_new(ctx, m, &ro))
		return NULL;
	s->f = f;
	s->names = names_new(ctx->arena, f);
	map_init(&s->value, ctx->arena);
	*out = ARENA_ARRAY(ctx->arena, Tensor *, f->result_types.n + 1);
	return eval_func(ctx, f, env, in, nin, *out, &eo) ? f : NULL;
}

bool trace_run(Ctx *ctx, RunOptions *o, const DimEnv *env, Tensor *const *in, int nin)
{
	Seen s = { 0 };
	Tensor **out;
	Func *f = interpret(ctx, o, env, in, nin, &s, show_values, &out);

	if (f)
		unref_all(f->result_types.n, out);
	return f != NULL;
}

/* The target's run with some values as results, besides those it has. */
typedef struct Fetched { Ctx *ctx; const char *entry; int from, to; } Fetched;

static void fetch_range(void *arg, Module *m)
{
	Fetched *w = arg;
	Func *f = module_func(m, w->entry);
	Computed c = { 0 };

	computed_values(f, w->ctx->arena, &c);
	for (int i = w->from; i < w->to; i++)
		fetch_add(f, c.value.at[i], ctx_str(w->ctx, arena_printf(w->ctx->arena, "fetched.%d", i)));
	fetch_sizes(f);
}

/* out: the results, the values from..to, and sizes that these need.  Their number, or -1 with diagnostics. */
static int run_target(Ctx *ctx, RunOptions *o, const DimEnv *env, Tensor *const *in, int nin, int from, int to,
                      Tensor ***out)
{
	Func *f;
	Module *m = model_load(ctx, o, &f);
	if (!m)
		return -1;
	Fetched w = { ctx, f->name, from, to };
	RunnerOptions ro = o->runner;

	ro.on_order = fetch_range;
	ro.arg = &w;
	Runner *r = runner_new(ctx, m, &ro);
	int n = f->result_types.n;
	*out = ARENA_ARRAY(ctx->arena, Tensor *, n + 1);
	bool ok = r && runner_call(r, f->name, env, in, nin, *out);
	runner_free(r);
	return ok ? n : -1;
}

static void position(Str *out, const Tensor *t, int64_t i)
{
	int64_t each = t->count;

	str_addc(out, '[');
	for (int k = 0; k < t->rank; k++) {
		each /= t->dim[k];
		str_printf(out, "%s%" PRId64, k ? ", " : "", i / each);
		i %= each;
	}
	str_addc(out, ']');
}

static void show_one(Str *out, const Tensor *t, int64_t i)
{
	Tensor one = { .dtype = t->dtype, .count = 1, .data = (char *)t->data + i * dtype_size(t->dtype), .refs = 1 };

	tensor_show(out, &one, 1);
	if (!dtype_is_complex(t->dtype))
		str_printf(out, " (0x%0*" PRIx64 ")", 2 * dtype_size(t->dtype), tensor_get(t, i));
}

static void say_differs(Ctx *ctx, Loc loc, const char *what, const Tensor *found, const Tensor *wanted)
{
	int64_t first, n = tensor_differ(found, wanted, &first);
	Str at = { 0 };

	if (n < 0) {
		diag_error(&ctx->diag, loc, "%s: the result has another type or shape than the interpreter's", what);
		return;
	}
	position(&at, found, first);
	diag_error(&ctx->diag, loc, "%s: %" PRId64 " of %" PRId64 " elements differ from the interpreter's, the first at %s", what, n,
	           found->count, str_cstr(&at));
	str_free(&at);
	show_one(&at, found, first);
	diag_note(&ctx->diag, NULL, "the target has %s", str_cstr(&at));
	str_free(&at);
	show_one(&at, wanted, first);
	diag_note(&ctx->diag, NULL, "the interpreter's %s", str_cstr(&at));
	str_free(&at);
}

static bool has_nan(const Tensor *t)
{
	for (int64_t i = 0; t && dtype_is_float(t->dtype) && i < t->count; i++)
		if (element_is_nan(t->dtype, tensor_get(t, i)))
			return true;
	return false;
}

/* Where the first NaN comes from: no difference, but what people look for. */
static void say_nan(Ctx *ctx, const Seen *s, const Func *f, Tensor *const *in)
{
	for (int i = 0; i < f->body->args.n; i++)
		if (has_nan(in[i])) {
			diag_warning(&ctx->diag, f->body->args.at[i]->loc, "input %%%s has NaNs", input_name(ctx->arena, f, i));
			return;
		}
	for (const Op *op = f->body->first; op; op = op->next)
		for (int i = 0; i < op->nresults; i++)
			if (has_nan(map_get(&s->value, op->result[i]))) {
				diag_warning(&ctx->diag, op->loc, "%s: the first NaN is here", op_row(op)->name);
				return;
			}
}

typedef struct Check {
	Ctx *ctx;
	RunOptions *o;
	const DimEnv *env;
	Tensor *const *in;
	int nin, nresults;
	Computed values;
	Seen seen;
} Check;

/* The first of values from..to that differs when they are fetched together, said if `say`; -1: none, -2: failed. */
static int first_difference(Check *k, int from, int to, bool say)
{
	Tensor **out;
	int n = run_target(k->ctx, k->o, k->env, k->in, k->nin, from, to, &out), at = -1;

	if (n < 0)
		return -2;
	for (int i = from; i < to && at < 0; i++) {
		const Value *v = k->values.value.at[i];
		const Tensor *found = out[k->nresults + i - from], *wanted = map_get(&k->seen.value, v);
		int64_t first;
		if (wanted && tensor_differ(found, wanted, &first) != 0) {
			at = i;
			if (say)
				say_differs(k->ctx, v->def->loc, op_row(v->def)->name, found, wanted);
		}
	}
	unref_all(n, out);
	return at;
}

/* Says which op is the first to differ; false when none does as soon as its value is fetched. */
static bool find_first(Check *k)
{
	int n = k->values.value.n, at = first_difference(k, 0, n, true);
	int low = 0, high = n - 1;

	if (at != -1)
		return true;
	while (low < high) {
		int mid = low + (high - low) / 2;
		at = first_difference(k, mid, mid + 1, false);
		if (at == -2)
			return true;
		if (at == mid)
			high = mid;
		else
			low = mid + 1;
	}
	return n > 0 && first_difference(k, low, low + 1, true) != -1;
}

bool check_run(Ctx *ctx, RunOptions *o, const DimEnv *env, Tensor *const *in, int nin, bool *differs)
{
	Check k = { .ctx = ctx, .o = o, .env = env, .in = in, .nin = nin };
	Tensor **wanted, **found;
	Func *f = interpret(ctx, o, env, in, nin, &k.seen, keep_values, &wanted);
	if (!f)
		return false;
	k.nresults = f->result_types.n;
	computed_values(f, ctx->arena, &k.values);
	int n = run_target(ctx, o, env, in, nin, 0, 0, &found);
	int at = 0;
	int64_t first;
	while (at < n && tensor_differ(found[at], wanted[at], &first) == 0)
		at++;
	*differs = at < n;
	if (*differs && !find_first(&k)) {
		say_differs(ctx, f->loc, arena_printf(ctx->arena, "graph @%s, result %s", f->name, result_name(ctx->arena, f, at)),
		            found[at], wanted[at]);
		diag_note(&ctx->diag, NULL, "no op differs when its value is fetched: the fusion is to blame; --pass.fuse=off");
	}
	say_nan(ctx, &k.seen, f, in);
	if (n >= 0 && !*differs)
		printf("check: graph @%s: %d result%s the interpreter's, bit for bit\n", f->name, k.nresults, k.nresults == 1 ? " is" : "s are");
	for (int i = 0; i < k.seen.value.n; i++)
		tensor_unref(k.seen.value.val[i]);
	unref_all(k.nresults, wanted);
	if (n >= 0)
		unref_all(n, found);
	return n >= 0;
}
