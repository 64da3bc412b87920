/* ir/dim_query.c - what is known of dimension expressions: proofs, values, symbols, text. */
#include <string.h>

#include "ir/base/check.h"
#include "ir/base/num.h"
#include "ir/dim.h"
#include "ir/dim_poly.h"
#include "ir/lex.h"

#define PROOF_FUEL 8

void dim_range(Dim d, int64_t *lo, int64_t *hi)
{
	*lo = d->lo;
	*hi = d->hi;
}

static Poly difference(Dim a, Dim b)
{
	Poly p = { 0 };

	poly_add(&p, a, 1);
	poly_add(&p, b, -1);
	return p;
}

bool dim_known_le(Dim a, Dim b)
{
	if (a == b || a->hi <= b->lo)
		return true;

	Poly p = difference(b, a);
	bool yes = poly_is_nonneg(&p, PROOF_FUEL);
	poly_free(&p);
	return yes;
}

bool dim_known_equal(Dim a, Dim b)
{
	return a == b || (dim_known_le(a, b) && dim_known_le(b, a));
}

/* Coefficients with a common divisor that does not divide the number: 2 N - 2 M + 1 is never 0. */
static bool is_never_zero_by_divisor(const Poly *p)
{
	int64_t g = 0, number = 0;

	for (int i = 0; i < p->n; i++) {
		int64_t c = p->at[i].coef;
		if (c == INT64_MIN)
			return false;
		if (!p->at[i].n) {
			number = c;
			continue;
		}
		for (c = c < 0 ? -c : c; c;) {
			int64_t r = g % c;
			g = c;
			c = r;
		}
	}
	return g && number % g;
}

bool dim_known_unequal(Dim a, Dim b)
{
	if (a == b)
		return false;
	if (dim_is_const(a) && dim_is_const(b))
		return true;

	Poly p = difference(a, b), q = difference(b, a);
	bool yes = !p.failed && is_never_zero_by_divisor(&p);
	poly_add_const(&p, -1);
	poly_add_const(&q, -1);
	yes = yes || poly_is_nonneg(&p, PROOF_FUEL) || poly_is_nonneg(&q, PROOF_FUEL);
	poly_free(&p);
	poly_free(&q);
	return yes;
}

static bool apply(DimKind kind, int64_t a, int64_t b, int64_t *out)
{
	switch (kind) {
	case DIM_ADD:
		return i64_add(a, b, out);
	case DIM_MUL:
		return i64_mul(a, b, out);
	case DIM_FLOORDIV:
	case DIM_MOD:
		if (b <= 0)
			return false;
		*out = kind == DIM_MOD ? floor_mod(a, b) : floor_div(a, b);
		return true;
	case DIM_MAX:
		*out = a > b ? a : b;
		return true;
	case DIM_MIN:
		*out = a < b ? a : b;
		return true;
	default:
		UNREACHABLE("dimension kind %d", kind);
	}
}

bool dim_eval(Dim d, const DimEnv *env, int64_t *out)
{
	int64_t x;

	if (d->kind == DIM_CONST) {
		*out = d->value;
		return true;
	}
	if (d->kind == DIM_SYM) {
		for (int i = 0; env && i < env->n; i++) {
			if (env->name[i] == d->name || !strcmp(env->name[i], d->name)) {
				*out = env->value[i];
				return true;
			}
		}
		return false;
	}
	if (!dim_eval(d->arg[0], env, out))
		return false;
	for (int i = 1; i < d->nargs; i++)
		if (!dim_eval(d->arg[i], env, &x) || !apply(d->kind, *out, x, out))
			return false;
	return true;
}

int dim_symbols(Dim d, Dim *list, int n, int cap)
{
	if (d->kind == DIM_SYM) {
		for (int i = 0; i < n; i++)
			if (list[i] == d)
				return n;
		if (n < cap)
			list[n++] = d;
		return n;
	}
	for (int i = 0; i < d->nargs; i++)
		n = dim_symbols(d->arg[i], list, n, cap);
	return n;
}

bool dim_mentions(Dim d, const char *name)
{
	if (d->kind == DIM_SYM)
		return strcmp(d->name, name) == 0;
	for (int i = 0; i < d->nargs; i++)
		if (dim_mentions(d->arg[i], name))
			return true;
	return false;
}

/* Bounds in terms of some symbols.  Sums are taken apart into terms, whose atoms are monotone where they are >= 0; so are
   quotients, max and min in their operands. */

typedef struct Bounds { DimTable *t; const Dim *known; int n; } Bounds;

static bool all_known(const Bounds *b, Dim d)
{
	if (d->kind == DIM_SYM) {
		int i = 0;
		while (i < b->n && b->known[i] != d)
			i++;
		return i < b->n;
	}
	for (int i = 0; i < d->nargs; i++)
		if (!all_known(b, d->arg[i]))
			return false;
	return true;
}

static Dim extreme(const Bounds *b, Dim d, bool most);

static Dim extreme_sum(const Bounds *b, Dim d, bool most)
{
	Dim sum = dim_const(b->t, 0);

	for (int i = 0; i < dim_nterms(d); i++) {
		Term x = dim_term(d, i);
		Dim product = dim_const(b->t, x.coef);
		for (int k = 0; k < x.n; k++) {
			bool plain = all_known(b, x.atom[k]);
			if (!plain && x.n > 1 && x.atom[k]->lo < 0)
				return NULL;
			product = dim_mul(b->t, product, plain ? x.atom[k] : extreme(b, x.atom[k], most == (x.coef > 0)));
		}
		sum = dim_add(b->t, sum, product);
	}
	return sum;
}

/* The largest value of d, or the smallest; NULL where it is not known. */
static Dim extreme(const Bounds *b, Dim d, bool most)
{
	DimTable *t = b->t;
	Dim zero = dim_const(t, 0), x, y;

	if (all_known(b, d))
		return d;
	switch (d->kind) {
	case DIM_SYM:
		if (!most)
			return zero;
		return dim_is_bounded(d) ? extreme(b, dim_bound(t, d), true) : NULL;
	case DIM_ADD:
	case DIM_MUL:
		return extreme_sum(b, d, most);
	case DIM_FLOORDIV:
		if (d->arg[0]->lo < 0)
			return NULL;
		x = extreme(b, d->arg[0], most);
		y = extreme(b, d->arg[1], !most);
		return dim_floordiv(t, dim_max(t, zero, x), dim_max(t, dim_const(t, 1), y));
	case DIM_MOD:
		x = extreme(b, d->arg[1], true);
		return most ? dim_sub(t, x, dim_const(t, 1)) : zero;
	case DIM_MAX:
	case DIM_MIN:
		x = extreme(b, d->arg[0], most);
		y = extreme(b, d->arg[1], most);
		return d->kind == DIM_MAX ? dim_max(t, x, y) : dim_min(t, x, y);
	case DIM_CONST:
		break;
	}
	return d;
}

Dim dim_most(DimTable *t, Dim d, const Dim *known, int n)
{
	Bounds b = { t, known, n };

	if (!d || all_known(&b, d))
		return d;
	return dim_max(t, dim_const(t, 0), extreme(&b, d, true));
}

static void print(Str *out, Dim d, bool bounded);

/* Operands of * // % are wrapped unless they are a number, a name or a call: a reader need not know which of
   these binds tighter. */
static void print_factor(Str *out, Dim d, bool bounded)
{
	bool plain = (d->kind == DIM_SYM && !(bounded && dim_is_bounded(d))) || d->kind == DIM_MAX || d->kind == DIM_MIN
		|| (dim_is_const(d) && d->value >= 0);

	if (!plain)
		str_addc(out, '(');
	print(out, d, bounded);
	if (!plain)
		str_addc(out, ')');
}

/* The term without its sign. */
static void print_term(Str *out, Term t, bool bounded)
{
	uint64_t k = t.coef < 0 ? 0 - (uint64_t)t.coef : (uint64_t)t.coef;

	if (!t.n) {
		str_printf(out, "%llu", (unsigned long long)k);
		return;
	}
	if (t.n == 1 && k == 1) {
		print_factor(out, *t.atom, bounded);
		return;
	}
	for (int i = 0; i < t.n; i++) {
		if (i)
			str_addc(out, '*');
		print_factor(out, t.atom[i], bounded);
	}
	if (k != 1)
		str_printf(out, "*%llu", (unsigned long long)k);
}

/* Positive terms first: no sum needs a sign in front. */
static void print_sum(Str *out, Dim d, bool bounded)
{
	bool first = true;

	for (int sign = 1; sign >= -1; sign -= 2) {
		for (int i = 0; i < dim_nterms(d); i++) {
			Term t = dim_term(d, i);
			if ((t.coef > 0) != (sign > 0))
				continue;
			if (first && sign < 0)
				str_addc(out, '0');
			if (!first || sign < 0)
				str_addc(out, sign > 0 ? '+' : '-');
			/* a - x // b and a + x % b would read well only to those who know the grammar by heart */
			bool wrap = t.n == 1 && (t.coef == 1 || t.coef == -1)
				&& ((*t.atom)->kind == DIM_FLOORDIV || (*t.atom)->kind == DIM_MOD);
			if (wrap)
				print_factor(out, *t.atom, bounded);
			else
				print_term(out, t, bounded);
			first = false;
		}
	}
}

static void print(Str *out, Dim d, bool bounded)
{
	switch (d->kind) {
	case DIM_CONST:
		str_printf(out, "%lld", (long long)d->value);
		break;
	case DIM_SYM:
		word_print(out, d->name);
		if (bounded && d->limit) {
			str_add(out, "<=");
			print(out, d->limit, true);
		} else if (bounded && d->bound != INT64_MAX) {
			str_printf(out, "<=%lld", (long long)d->bound);
		}
		break;
	case DIM_ADD:
	case DIM_MUL:
		print_sum(out, d, bounded);
		break;
	case DIM_FLOORDIV:
	case DIM_MOD:
		print_factor(out, d->arg[0], bounded);
		str_add(out, d->kind == DIM_MOD ? " % " : "//");
		print_factor(out, d->arg[1], bounded);
		break;
	case DIM_MAX:
	case DIM_MIN:
		str_add(out, d->kind == DIM_MAX ? "max(" : "min(");
		print(out, d->arg[0], bounded);
		str_add(out, ", ");
		print(out, d->arg[1], bounded);
		str_addc(out, ')');
		break;
	}
}

void dim_print(Str *out, Dim d)
{
	print(out, d, false);
}

void dim_print_bounded(Str *out, Dim d)
{
	print(out, d, true);
}

static int64_t gcd(int64_t a, int64_t b)
{
	while (b) {
		int64_t r = a % b;
		a = b;
		b = r;
	}
	return a < 0 ? -a : a;
}

/* A divisor of k that divides d, too: the largest that the structure shows. */
static int64_t common_divisor(Dim d, int64_t k)
{
	int64_t g = d->kind == DIM_MUL ? 1 : k;

	switch (d->kind) {
	case DIM_CONST:
		return gcd(k, d->value);
	case DIM_ADD: case DIM_MAX: case DIM_MIN:
		for (int i = 0; i < d->nargs; i++)
			g = gcd(g, common_divisor(d->arg[i], k));
		return g;
	case DIM_MUL:
		for (int i = 0; i < d->nargs && g < k; i++)
			g *= common_divisor(d->arg[i], k / g);
		return g;
	case DIM_SYM: case DIM_FLOORDIV: case DIM_MOD:
		return 1;
	}
	return 1;
}

bool dim_known_multiple(Dim d, int64_t k)
{
	return common_divisor(d, k) == k;
}
