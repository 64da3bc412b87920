/* ir/dim_poly.c - sums of terms: ordering, merging, ranges and proofs of sign. */
#include "ir/dim_poly.h"

#include <stdlib.h>
#include <string.h>

#include "ir/base/num.h"

int dim_compare(Dim a, Dim b)
{
	if (a == b)
		return 0;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->kind == DIM_CONST)
		return a->value < b->value ? -1 : 1;
	if (a->kind == DIM_SYM) {
		int c = strcmp(a->name, b->name);
		if (c || a->bound != b->bound)
			return c ? c : a->bound < b->bound ? -1 : 1;
		return !a->limit ? -1 : !b->limit ? 1 : dim_compare(a->limit, b->limit);
	}
	if (a->nargs != b->nargs)
		return a->nargs < b->nargs ? -1 : 1;
	for (int i = 0; i < a->nargs; i++) {
		int c = dim_compare(a->arg[i], b->arg[i]);
		if (c)
			return c;
	}
	return 0;
}

int dim_nterms(Dim d)
{
	return d->kind == DIM_ADD ? d->nargs : !dim_is(d, 0);
}

Term dim_term(Dim d, int i)
{
	if (d->kind == DIM_ADD)
		d = d->arg[i];
	if (d->kind == DIM_CONST)
		return (Term){ d->value, 0, NULL };
	if (d->kind != DIM_MUL)
		return (Term){ 1, 1, &d->self };
	if (dim_is_const(d->arg[0]))
		return (Term){ d->arg[0]->value, d->nargs - 1, d->arg + 1 };
	return (Term){ 1, d->nargs, d->arg };
}

/* Higher degree first, so that the number comes last. */
int term_compare(const Term *a, const Term *b)
{
	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	for (int i = 0; i < a->n; i++) {
		int c = dim_compare(a->atom[i], b->atom[i]);
		if (c)
			return c;
	}
	return 0;
}

void poly_free(Poly *p)
{
	free(p->at);
	*p = (Poly){ 0 };
}

static bool poly_reserve(Poly *p, int cap)
{
	if (cap <= p->cap)
		return true;

	cap = cap < 8 ? 8 : cap < 2 * p->cap ? 2 * p->cap : cap;
	Term *at = realloc(p->at, sizeof *at * (size_t)cap);
	if (!at) {
		p->failed = true;
		return false;
	}
	p->at = at;
	p->cap = cap;
	return true;
}

void poly_push(Poly *p, Term term)
{
	if (term.coef && poly_reserve(p, p->n + 1))
		p->at[p->n++] = term;
}

/* Merges from the back, in place. */
void poly_add_terms(Poly *p, const Term *term, int n, int64_t k)
{
	if (!k || !n || !poly_reserve(p, p->n + n))
		return;

	int i = p->n - 1, j = n - 1, to = p->n + n;
	while (j >= 0) {
		int c = i < 0 ? -1 : term_compare(&p->at[i], &term[j]);
		int64_t scaled;
		if (c > 0) {
			p->at[--to] = p->at[i--];
			continue;
		}
		if (!i64_mul(term[j].coef, k, &scaled))
			p->failed = true;
		Term sum = term[j--];
		sum.coef = scaled;
		if (c == 0 && i >= 0 && !i64_add(scaled, p->at[i--].coef, &sum.coef))
			p->failed = true;
		if (sum.coef)
			p->at[--to] = sum;
	}
	/* at[0..i] is in place, at[to..] is merged; close the gap between them. */
	int tail = p->n + n - to;
	memmove(p->at + i + 1, p->at + to, sizeof *p->at * (size_t)tail);
	p->n = i + 1 + tail;
}

void poly_add(Poly *p, Dim d, int64_t k)
{
	if (d->kind != DIM_ADD) {
		Term term = dim_term(d, 0);
		poly_add_terms(p, &term, dim_nterms(d), k);
		return;
	}
	Term few[16] = { { 0 } }, *term = d->nargs <= 16 ? few : malloc(sizeof *term * (size_t)d->nargs);
	if (!term) {
		p->failed = true;
		return;
	}
	for (int i = 0; i < d->nargs; i++)
		term[i] = dim_term(d, i);
	poly_add_terms(p, term, d->nargs, k);
	if (term != few)
		free(term);
}

void poly_add_const(Poly *p, int64_t k)
{
	poly_add_terms(p, &(Term){ k, 0, NULL }, k != 0, 1);
}

/* Interval arithmetic where INT64_MIN and INT64_MAX also stand for everything beyond. */

static int64_t sat_mul(int64_t a, int64_t b)
{
	int64_t r;

	if (!a || !b)
		return 0;
	bool infinite = a == INT64_MIN || a == INT64_MAX || b == INT64_MIN || b == INT64_MAX;
	if (infinite || !i64_mul(a, b, &r))
		return (a < 0) == (b < 0) ? INT64_MAX : INT64_MIN;
	return r;
}

/* A sum of bounds on one side, `far` being that side's infinity. */
static int64_t sat_add(int64_t a, int64_t b, int64_t far)
{
	int64_t r;

	if (a == far || b == far)
		return far;
	if (!i64_add(a, b, &r))
		return a < 0 ? INT64_MIN : INT64_MAX;
	return r;
}

static void term_range(const Term *t, int64_t *lo, int64_t *hi)
{
	*lo = *hi = t->coef;
	for (int i = 0; i < t->n; i++) {
		int64_t a = *lo, b = *hi, c = t->atom[i]->lo, d = t->atom[i]->hi;
		int64_t p[4] = { sat_mul(a, c), sat_mul(a, d), sat_mul(b, c), sat_mul(b, d) };
		*lo = *hi = p[0];
		for (int k = 1; k < 4; k++) {
			*lo = p[k] < *lo ? p[k] : *lo;
			*hi = p[k] > *hi ? p[k] : *hi;
		}
	}
}

void poly_range(const Poly *p, int64_t *lo, int64_t *hi)
{
	*lo = *hi = 0;
	for (int i = 0; i < p->n; i++) {
		int64_t l, h;
		term_range(&p->at[i], &l, &h);
		*lo = sat_add(*lo, l, INT64_MIN);
		*hi = sat_add(*hi, h, INT64_MAX);
	}
}

/* p without term i, times k, plus m * d plus c: is it provably >= 0? */
static bool replaced_is_nonneg(const Poly *p, int i, int64_t k, Dim d, int64_t m, int64_t c, int fuel)
{
	Poly q = { 0 };

	poly_add_terms(&q, p->at, i, k);
	poly_add_terms(&q, p->at + i + 1, p->n - i - 1, k);
	poly_add(&q, d, m);
	poly_add_const(&q, c);
	bool yes = poly_is_nonneg(&q, fuel - 1);
	poly_free(&q);
	return yes;
}

/* p >= 0 by bounding its term i, an atom with coefficient k. */
static bool relaxed_is_nonneg(const Poly *p, int i, int fuel)
{
	int64_t k = p->at[i].coef, m;
	Dim atom = *p->at[i].atom;
	Dim x = atom->arg[0], y = atom->arg[1];

	switch (atom->kind) {
	case DIM_FLOORDIV:
		if (!dim_is_const(y)) /* x // y <= x where x >= 0 */
			return k < 0 && x->lo >= 0 && replaced_is_nonneg(p, i, 1, x, k, 0, fuel);
		/* c p >= c rest + k x - (k > 0 ? k (c - 1) : 0); and c p > -c is enough, for p is an integer. */
		m = 0;
		if (k > 0 && !i64_mul(k, y->value - 1, &m))
			return false;
		return i64_sub(y->value - 1, m, &m) && replaced_is_nonneg(p, i, y->value, x, k, m, fuel);
	case DIM_MOD: /* x % y <= x where x >= 0 */
		return k < 0 && x->lo >= 0 && replaced_is_nonneg(p, i, 1, x, k, 0, fuel);
	case DIM_MAX:
	case DIM_MIN:
		if ((atom->kind == DIM_MAX) == (k > 0))
			return replaced_is_nonneg(p, i, 1, x, k, 0, fuel) || replaced_is_nonneg(p, i, 1, y, k, 0, fuel);
		return replaced_is_nonneg(p, i, 1, x, k, 0, fuel) && replaced_is_nonneg(p, i, 1, y, k, 0, fuel);
	default:
		return false;
	}
}

enum { LIMIT_TERMS = 8, LIMIT_ATOMS = 16 };   /* of bounds that proofs look into */

/* p >= 0 by putting the bound of a symbol for one of them in term i, whose coefficient is negative. */
static bool limited_is_nonneg(const Poly *p, int i, int fuel)
{
	const Term *t = &p->at[i];
	int found = -1;

	for (int k = 0; k < t->n; k++) {
		if (t->atom[k]->lo < 0)
			return false;
		if (t->atom[k]->kind == DIM_SYM && t->atom[k]->limit)
			found = k;
	}
	Dim limit = found < 0 ? NULL : t->atom[found]->limit, atom[LIMIT_TERMS][LIMIT_ATOMS];
	if (!limit || dim_nterms(limit) > LIMIT_TERMS)
		return false;
	Poly q = { 0 };
	poly_add_terms(&q, p->at, i, 1);
	poly_add_terms(&q, p->at + i + 1, p->n - i - 1, 1);
	for (int k = 0; k < dim_nterms(limit) && !q.failed; k++) {
		Term x = dim_term(limit, k), y = { .atom = atom[k] };
		q.failed = !i64_mul(t->coef, x.coef, &y.coef) || t->n - 1 + x.n > LIMIT_ATOMS;
		for (int a = 0, b = 0; !q.failed && (a < t->n || b < x.n);) {
			if (a == found)
				a++;
			else if (b == x.n || (a < t->n && dim_compare(t->atom[a], x.atom[b]) <= 0))
				atom[k][y.n++] = t->atom[a++];
			else
				atom[k][y.n++] = x.atom[b++];
		}
		if (!q.failed)
			poly_add_terms(&q, &y, 1, 1);
	}
	bool yes = poly_is_nonneg(&q, fuel - 1);
	poly_free(&q);
	return yes;
}

/* By intervals first; then symbols with a negative coefficient are taken to be at their bounds; then atoms are bounded by their operands, one after the other, those with a negative
   coefficient first, which intervals treat worst.  fuel bounds the search. */
bool poly_is_nonneg(const Poly *p, int fuel)
{
	int64_t lo, hi;

	if (p->failed)
		return false;
	poly_range(p, &lo, &hi);
	if (lo >= 0 || hi < 0 || !fuel)
		return lo >= 0;
	for (int i = 0; i < p->n; i++)
		if (p->at[i].coef < 0 && limited_is_nonneg(p, i, fuel))
			return true;
	for (int sign = -1; sign <= 1; sign += 2) {
		for (int i = 0; i < p->n; i++) {
			const Term *t = &p->at[i];
			if (t->n == 1 && (*t->atom)->kind != DIM_SYM && (t->coef < 0) == (sign < 0))
				return relaxed_is_nonneg(p, i, fuel);
		}
	}
	return false;
}
