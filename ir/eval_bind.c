/* ir/eval_bind.c - what is checked when a graph is entered: inputs fit their types, symbols get values, constraints hold. */
#include <inttypes.h>

#include "ir/base/check.h"
#include "ir/base/num.h"
#include "ir/eval_impl.h"

/* Symbols that have a value so far. */
typedef struct Binding {
	const char **name;
	int64_t     *value;
	int          n, cap;
} Binding;

static DimEnv env_of(const Binding *b)
{
	return (DimEnv){ b->n, b->name, b->value };
}

static bool is_bound(const Binding *b, Dim sym)
{
	for (int i = 0; i < b->n; i++) {
		if (strcmp(b->name[i], sym->name) == 0)
			return true;
	}
	return false;
}

static void bind(Eval *e, Binding *b, const char *name, int64_t value)
{
	if (b->n == b->cap) {
		int cap = b->cap ? 2 * b->cap : 8;
		const char **names = ARENA_ARRAY(e->arena, const char *, cap);
		int64_t *values = ARENA_ARRAY(e->arena, int64_t, cap);

		if (b->n) {
			memcpy(names, b->name, (size_t)b->n * sizeof *names);
			memcpy(values, b->value, (size_t)b->n * sizeof *values);
		}
		b->name = names, b->value = values, b->cap = cap;
	}
	b->name[b->n] = name;
	b->value[b->n++] = value;
}

/* d = extent has one unbound symbol s and is affine in it where it matters: s = (extent - d(0)) / (d(1) - d(0)),
   taken back when d(s) is not the extent. */
static void solve(Eval *e, Binding *b, Dim d, int64_t extent)
{
	enum { CAP = 64 };
	Dim sym[CAP], unknown = NULL;
	int n = dim_symbols(d, sym, 0, CAP);

	for (int i = 0; i < n; i++) {
		if (is_bound(b, sym[i]))
			continue;
		if (unknown)
			return;
		unknown = sym[i];
	}
	if (!unknown)
		return;

	int64_t at0, at1, found, rise, rest, s;
	DimEnv env;

	bind(e, b, unknown->name, 0);
	env = env_of(b);
	if (dim_eval(d, &env, &at0) && (b->value[b->n - 1] = 1, dim_eval(d, &env, &at1)) &&
	    i64_sub(at1, at0, &rise) && i64_sub(extent, at0, &rest) && rise != 0 && rest != INT64_MIN && rest % rise == 0) {
		s = rest / rise;
		b->value[b->n - 1] = s;
		if (s >= 0 && dim_eval(d, &env, &found) && found == extent)
			return;
	}
	b->n--;
}

static const char *input_name(Eval *e, const Value *v, int i)
{
	return v->name ? v->name : arena_printf(e->arena, "arg%d", i);
}

static bool input_fits(Eval *e, const Func *f, int i, const Tensor *t)
{
	const Value *v = f->body->args.at[i];
	const char *name = input_name(e, v, i);

	if (t->dtype != v->type->dtype) {
		diag_error(&e->ctx->diag, v->loc, "graph @%s: input %%%s has element type %s, expected %s", f->name, name,
			dtype_info[t->dtype].name, dtype_info[v->type->dtype].name);
		return false;
	}
	if (t->rank != v->type->rank) {
		diag_error(&e->ctx->diag, v->loc, "graph @%s: input %%%s has rank %d, expected %d", f->name, name, t->rank,
			v->type->rank);
		return false;
	}
	return true;
}

static bool extents_fit(Eval *e, const Func *f, int i, const Tensor *t)
{
	const Value *v = f->body->args.at[i];
	bool ok = true;

	for (int k = 0; k < t->rank; k++) {
		Dim d = v->type->dim[k];
		int64_t wanted;
		Str text = { 0 };

		dim_print(&text, d);
		if (!dim_eval(d, &e->env, &wanted)) {
			diag_error(&e->ctx->diag, v->loc,
				"graph @%s: the symbols of %s cannot be found from the inputs' shapes; give their values", f->name,
				str_cstr(&text));
			ok = false;
		} else if (wanted != t->dim[k]) {
			if (d->kind != DIM_CONST)
				str_printf(&text, " = %" PRId64, wanted);
			diag_error(&e->ctx->diag, v->loc, "graph @%s: input %%%s has extent %" PRId64 " on axis %d, expected %s",
			           f->name, input_name(e, v, i), t->dim[k], k, str_cstr(&text));
			ok = false;
		}
		str_free(&text);
	}
	return ok;
}

/* A symbol stays within its bound. */
static bool bounds_hold(Eval *e, const Func *f)
{
	enum { CAP = 256 };
	Dim sym[CAP];
	int n = func_symbols(f, sym, CAP);

	for (int i = 0; i < n && i < CAP; i++) {
		int64_t value, most = sym[i]->bound;

		if (sym[i]->limit && !dim_eval(sym[i]->limit, &e->env, &most))
			most = -1;
		if (dim_eval(sym[i], &e->env, &value) && (value < 0 || value > most)) {
			diag_error(&e->ctx->diag, f->loc, "graph @%s: %s = %" PRId64 " is not in 0 .. %" PRId64, f->name,
				sym[i]->name, value, most);
			return false;
		}
	}
	return true;
}

static bool constraint_holds(Eval *e, const Func *f, const Constraint *c)
{
	int64_t a, b;

	if (dim_eval(c->a, &e->env, &a) && dim_eval(c->b, &e->env, &b) && a == b)
		return true;

	Str left = { 0 }, right = { 0 };

	dim_print(&left, c->a);
	dim_print(&right, c->b);
	diag_error(&e->ctx->diag, c->loc, "graph @%s: %s and %s must be equal, but are not for these inputs", f->name,
		str_cstr(&left), str_cstr(&right));
	str_free(&left);
	str_free(&right);
	return false;
}

/* Do the symbols of d have values? */
static bool is_known(const Eval *e, Dim d)
{
	Dim sym[64];
	int64_t value;
	int n = dim_symbols(d, sym, 0, 64);

	for (int i = 0; i < n; i++)
		if (!dim_eval(sym[i], &e->env, &value))
			return false;
	return true;
}

static bool can_be_told(const Eval *e, const Constraint *c)
{
	return is_known(e, c->a) && is_known(e, c->b);
}

/* Symbols of sizes have no value at entry: what needs them is checked where they get it. */
static bool needs_size(const Func *f, Dim d)
{
	Dim sym[64], input[256];
	int n = dim_symbols(d, sym, 0, 64), ninputs = func_symbols(f, input, 256);

	for (int i = 0; i < n; i++) {
		int k = 0;
		while (k < ninputs && input[k] != sym[i])
			k++;
		if (k == ninputs)
			return true;
	}
	return false;
}

bool eval_set_size(Eval *e, const char *name, int64_t value)
{
	Binding b = { (const char **)e->env.name, (int64_t *)e->env.value, e->env.n, e->env_cap };
	int at = 0;

	while (at < b.n && strcmp(b.name[at], name) != 0)
		at++;
	b.n = at;
	bind(e, &b, name, value);
	e->env = env_of(&b);
	e->env_cap = b.cap;
	for (int i = 0; e->func && i < e->func->constraints.n; i++) {
		const Constraint *c = &e->func->constraints.at[i];
		if ((dim_mentions(c->a, name) || dim_mentions(c->b, name)) && can_be_told(e, c) && !constraint_holds(e, e->func, c))
			return false;
	}
	return true;
}

bool eval_bind(Eval *e, const Func *f, const DimEnv *given, Tensor *const *in, int nin)
{
	Binding b = { 0 };
	bool ok = true;

	if (nin != f->body->args.n) {
		diag_error(&e->ctx->diag, f->loc, "graph @%s: %d input%s given, expected %d", f->name, nin,
			nin == 1 ? " is" : "s are", f->body->args.n);
		return false;
	}
	for (int i = 0; i < nin; i++)
		ok &= input_fits(e, f, i, in[i]);
	if (!ok)
		return false;

	/* What the caller gives, then plain symbols, then expressions in one symbol that is still unknown, as long as
	   one is found.  That all agree is checked afterwards. */
	for (int i = 0; i < given->n; i++)
		bind(e, &b, ctx_str(e->ctx, given->name[i]), given->value[i]);
	for (int i = 0; i < nin; i++) {
		for (int k = 0; k < in[i]->rank; k++) {
			Dim d = f->body->args.at[i]->type->dim[k];

			if (d->kind == DIM_SYM && !is_bound(&b, d))
				bind(e, &b, d->name, in[i]->dim[k]);
		}
	}
	for (int before = -1; before != b.n;) {
		before = b.n;
		for (int i = 0; i < nin; i++) {
			for (int k = 0; k < in[i]->rank; k++)
				solve(e, &b, f->body->args.at[i]->type->dim[k], in[i]->dim[k]);
		}
	}
	e->env = env_of(&b);
	e->env_cap = b.cap;
	for (int i = 0; i < nin; i++)
		ok &= extents_fit(e, f, i, in[i]);
	if (!ok || !bounds_hold(e, f))
		return false;
	for (int i = 0; i < f->constraints.n; i++) {
		const Constraint *c = &f->constraints.at[i];
		if (!needs_size(f, c->a) && !needs_size(f, c->b) && !constraint_holds(e, f, c))
			return false;
	}
	return true;
}

bool eval_symbols(Ctx *ctx, Arena *a, const Func *f, const DimEnv *env, Tensor *const *in, int nin, DimEnv *out)
{
	static const DimEnv none = { 0, NULL, NULL };
	Eval e = { .ctx = ctx, .func = f, .arena = a };

	if (!eval_bind(&e, f, env ? env : &none, in, nin))
		return false;
	*out = e.env;
	return true;
}
