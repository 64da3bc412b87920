/* ir/dim.c - interned dimension expressions: construction in normal form.

   The normal form of a sum is its terms, sorted and merged (dim_poly.h).  Products are multiplied out.  What a
   divisor takes out of a numerator is taken out: (4 N + 6) // 4 is N + 1 + (2) // 4 = N + 1, and what is left
   is divided by the greatest common divisor.  Each rule removes an operation or makes a coefficient smaller, so
   construction ends; and each looks at normal forms only, so equal operands give equal pointers. */
#include "ir/dim.h"

#include <stdlib.h>
#include <string.h>

#include "ir/base/check.h"
#include "ir/base/num.h"
#include "ir/base/vec.h"
#include "ir/dim_poly.h"

#define PRODUCT_TERMS_MAX 4096 /* of two sums multiplied out */
#define EXTREMUM_MAX 64        /* operands of nested max or min */
#define PROOF_FUEL 8

struct DimTable {
	Arena *arena;
	Dim   *slot;  /* open addressing by structural hash */
	int    n, nslots;
};

DimTable *dim_table_new(Arena *a)
{
	DimTable *t = ARENA_NEW(a, DimTable);

	t->arena = a;
	t->nslots = 256;
	t->slot = ARENA_ARRAY(a, Dim, t->nslots);
	return t;
}

static void table_grow(DimTable *t)
{
	Dim *old = t->slot;
	int n = t->nslots;

	t->nslots *= 2;
	t->slot = ARENA_ARRAY(t->arena, Dim, t->nslots);
	for (int i = 0; i < n; i++) {
		if (!old[i])
			continue;
		size_t k = old[i]->hash & (size_t)(t->nslots - 1);
		while (t->slot[k])
			k = (k + 1) & (size_t)(t->nslots - 1);
		t->slot[k] = old[i];
	}
}

static bool same_node(Dim a, const DimExpr *b)
{
	if (a->hash != b->hash || a->kind != b->kind || a->nargs != b->nargs || a->value != b->value || a->bound != b->bound || a->limit != b->limit)
		return false;
	if (a->kind == DIM_SYM && strcmp(a->name, b->name))
		return false;
	return !a->nargs || !memcmp(a->arg, b->arg, sizeof *a->arg * (size_t)a->nargs);
}

static void quotient_range(DimExpr *d)
{
	Dim a = d->arg[0], b = d->arg[1];
	int64_t bl = b->lo > 1 ? b->lo : 1, bh = b->hi;

	if (a->hi == INT64_MAX)
		d->hi = INT64_MAX;
	else if (a->hi >= 0)
		d->hi = a->hi / bl;
	else
		d->hi = bh == INT64_MAX ? -1 : floor_div(a->hi, bh);
	if (a->lo == INT64_MIN)
		d->lo = INT64_MIN;
	else if (a->lo < 0)
		d->lo = floor_div(a->lo, bl);
	else
		d->lo = bh == INT64_MAX ? 0 : a->lo / bh;
}

static void node_range(DimExpr *d)
{
	Dim a = d->nargs ? d->arg[0] : NULL, b = d->nargs > 1 ? d->arg[1] : NULL;
	Poly p = { 0 };

	switch (d->kind) {
	case DIM_CONST:
		d->lo = d->hi = d->value;
		break;
	case DIM_SYM:
		d->lo = 0;
		d->hi = d->limit ? d->limit->hi : d->bound;
		break;
	case DIM_ADD:
	case DIM_MUL:
		poly_add(&p, d, 1);
		poly_range(&p, &d->lo, &d->hi);
		poly_free(&p);
		break;
	case DIM_FLOORDIV:
		quotient_range(d);
		break;
	case DIM_MOD:
		d->lo = 0;
		d->hi = b->hi == INT64_MAX ? INT64_MAX : b->hi - 1;
		if (a->lo >= 0 && a->hi < d->hi)
			d->hi = a->hi;
		break;
	case DIM_MAX:
		d->lo = a->lo > b->lo ? a->lo : b->lo;
		d->hi = a->hi > b->hi ? a->hi : b->hi;
		break;
	case DIM_MIN:
		d->lo = a->lo < b->lo ? a->lo : b->lo;
		d->hi = a->hi < b->hi ? a->hi : b->hi;
		break;
	}
}

/* The one node equal to d, whose kind, operands, value, name and bound are set.  NULL when it would be too large. */
static Dim intern(DimTable *t, DimExpr d)
{
	d.hash = hash_mix(d.kind, (uint64_t)d.value);
	if (d.kind == DIM_SYM)
		d.hash = hash_mix(hash_mix(d.hash, (uint64_t)d.bound), hash_bytes(d.name, strlen(d.name)));
	if (d.limit)
		d.hash = hash_mix(d.hash, d.limit->hash);
	d.size = 1;
	d.depth = d.limit ? d.limit->depth : 0;
	for (int i = 0; i < d.nargs; i++) {
		d.hash = hash_mix(d.hash, d.arg[i]->hash);
		d.size += d.arg[i]->size;
		d.depth = d.arg[i]->depth > d.depth ? d.arg[i]->depth : d.depth;
		if (d.size > DIM_SIZE_MAX)
			return NULL;
	}
	if (++d.depth > DIM_DEPTH_MAX)
		return NULL;

	size_t i = d.hash & (size_t)(t->nslots - 1);
	for (; t->slot[i]; i = (i + 1) & (size_t)(t->nslots - 1))
		if (same_node(t->slot[i], &d))
			return t->slot[i];

	DimExpr *copy = arena_copy(t->arena, &d, sizeof d);
	if (d.nargs)
		copy->arg = arena_copy(t->arena, d.arg, sizeof *d.arg * (size_t)d.nargs);
	if (d.name)
		copy->name = arena_strdup(t->arena, d.name);
	copy->self = copy;
	node_range(copy);
	t->slot[i] = copy;
	if (++t->n > t->nslots / 2)
		table_grow(t);
	return copy;
}

Dim dim_const(DimTable *t, int64_t v)
{
	return intern(t, (DimExpr){ .kind = DIM_CONST, .value = v });
}

Dim dim_sym(DimTable *t, const char *name, int64_t bound)
{
	CHECK(bound >= 0, "symbol %s with a negative bound", name);
	return intern(t, (DimExpr){ .kind = DIM_SYM, .name = name, .bound = bound });
}

Dim dim_sym_limited(DimTable *t, const char *name, Dim limit)
{
	if (!limit || dim_is_const(limit))
		return limit && limit->value >= 0 ? dim_sym(t, name, limit->value) : NULL;
	return intern(t, (DimExpr){ .kind = DIM_SYM, .name = name, .bound = INT64_MAX, .limit = limit });
}

Dim dim_bound(DimTable *t, Dim sym)
{
	CHECK(sym->kind == DIM_SYM && dim_is_bounded(sym), "the bound of what has none");
	return sym->limit ? sym->limit : dim_const(t, sym->bound);
}

static Dim binary(DimTable *t, DimKind kind, Dim a, Dim b)
{
	return intern(t, (DimExpr){ .kind = kind, .nargs = 2, .arg = (Dim[]){ a, b } });
}

static Dim dim_of_term(DimTable *t, Term x)
{
	Dim few[16], *arg = few;

	if (!x.n)
		return dim_const(t, x.coef);
	if (x.n == 1 && x.coef == 1)
		return x.atom[0];
	if (x.n >= 16)
		arg = ARENA_ARRAY(t->arena, Dim, x.n + 1);
	int n = 0;
	if (x.coef != 1)
		arg[n++] = dim_const(t, x.coef);
	for (int i = 0; i < x.n; i++)
		arg[n++] = x.atom[i];
	return intern(t, (DimExpr){ .kind = DIM_MUL, .nargs = n, .arg = arg });
}

/* Frees p. */
static Dim dim_of_poly(DimTable *t, Poly *p)
{
	Dim d = NULL, *arg = NULL;

	if (p->failed || p->n > DIM_SIZE_MAX)
		goto out;
	if (p->n <= 1) {
		d = p->n ? dim_of_term(t, p->at[0]) : dim_const(t, 0);
		goto out;
	}
	arg = malloc(sizeof *arg * (size_t)p->n);
	if (!arg)
		goto out;
	for (int i = 0; i < p->n; i++)
		if (!(arg[i] = dim_of_term(t, p->at[i])))
			goto out;
	d = intern(t, (DimExpr){ .kind = DIM_ADD, .nargs = p->n, .arg = arg });
out:
	free(arg);
	poly_free(p);
	return d;
}

/* a + k * b */
static Dim add_scaled(DimTable *t, Dim a, Dim b, int64_t k)
{
	Poly p = { 0 };

	if (!a || !b)
		return NULL;
	poly_add(&p, a, 1);
	poly_add(&p, b, k);
	return dim_of_poly(t, &p);
}

Dim dim_add(DimTable *t, Dim a, Dim b)
{
	return add_scaled(t, a, b, 1);
}

Dim dim_sub(DimTable *t, Dim a, Dim b)
{
	return add_scaled(t, a, b, -1);
}

/* The product of two terms; its atoms are merged into the table's arena where both have some. */
static bool term_mul(DimTable *t, Term a, Term b, Term *out)
{
	if (!i64_mul(a.coef, b.coef, &out->coef) || a.n + b.n > DIM_SIZE_MAX)
		return false;
	out->n = a.n + b.n;
	out->atom = a.n ? a.atom : b.atom;
	if (!a.n || !b.n)
		return true;

	Dim *atom = ARENA_ARRAY(t->arena, Dim, out->n);
	for (int i = 0, j = 0; i + j < out->n;) {
		bool first = j == b.n || (i < a.n && dim_compare(a.atom[i], b.atom[j]) <= 0);
		atom[i + j] = first ? a.atom[i] : b.atom[j];
		first ? i++ : j++;
	}
	out->atom = atom;
	return true;
}

Dim dim_mul(DimTable *t, Dim a, Dim b)
{
	Poly p = { 0 };

	if (!a || !b)
		return NULL;
	int na = dim_nterms(a), nb = dim_nterms(b);
	if (nb && na > PRODUCT_TERMS_MAX / nb)
		return dim_is_const(b) ? add_scaled(t, dim_const(t, 0), a, b->value)
		     : dim_is_const(a) ? add_scaled(t, dim_const(t, 0), b, a->value) : NULL;
	for (int i = 0; i < na; i++) {
		for (int j = 0; j < nb; j++) {
			Term x;
			if (!term_mul(t, dim_term(a, i), dim_term(b, j), &x)) {
				poly_free(&p);
				return NULL;
			}
			poly_add_terms(&p, &x, 1, 1);
		}
	}
	return dim_of_poly(t, &p);
}

/* a / b as one term, when b's coefficient and atoms are in a. */
static bool term_divide(DimTable *t, Term a, Term b, Term *out)
{
	if (a.coef == INT64_MIN || a.coef % b.coef || a.n < b.n)
		return false;

	Dim *atom = ARENA_ARRAY(t->arena, Dim, a.n);
	int n = 0, j = 0;
	for (int i = 0; i < a.n; i++) {
		if (j < b.n && a.atom[i] == b.atom[j])
			j++;
		else
			atom[n++] = a.atom[i];
	}
	*out = (Term){ a.coef / b.coef, n, atom };
	return j == b.n;
}

/* Long division by the leading term; steps are bounded, so an unlucky order of terms only misses a quotient. */
Dim dim_divide_exact(DimTable *t, Dim a, Dim b)
{
	Poly rest = { 0 }, quotient = { 0 };

	if (!a || !b || dim_is(b, 0))
		return NULL;
	Term lead = dim_term(b, 0);
	poly_add(&rest, a, 1);
	for (int steps = 2 * rest.n + 8; rest.n && steps; steps--) {
		Term q, x;
		if (rest.failed || !term_divide(t, rest.at[0], lead, &q))
			break;
		poly_add_terms(&quotient, &q, 1, 1);
		for (int i = 0; i < dim_nterms(b); i++) {
			if (term_mul(t, q, dim_term(b, i), &x))
				poly_add_terms(&rest, &x, 1, -1);
			else
				rest.failed = true;
		}
	}
	bool exact = !rest.n && !rest.failed;
	poly_free(&rest);
	if (!exact) {
		poly_free(&quotient);
		return NULL;
	}
	return dim_of_poly(t, &quotient);
}

static int64_t gcd(int64_t a, int64_t b)
{
	while (b) {
		int64_t r = a % b;
		a = b;
		b = r;
	}
	return a;
}

/* a = b * quotient + rest, the rest's coefficients in [0, b). */
static void split_by_const(Dim a, int64_t b, Poly *quotient, Poly *rest)
{
	for (int i = 0; i < dim_nterms(a); i++) {
		Term q = dim_term(a, i), r = q;
		q.coef = floor_div(q.coef, b);
		r.coef = floor_mod(r.coef, b);
		poly_push(quotient, q);
		poly_push(rest, r);
	}
}

/* The greatest common divisor of b and of all coefficients but the number; b when there are none. */
static int64_t common_divisor(const Poly *p, int64_t b)
{
	for (int i = 0; i < p->n; i++)
		if (p->at[i].n)
			b = gcd(b, p->at[i].coef);
	return b;
}

/* p // g where g divides all coefficients but the number; the number's remainder is returned. */
static int64_t poly_shrink(Poly *p, int64_t g)
{
	int64_t left = 0;

	for (int i = 0; i < p->n; i++) {
		if (!p->at[i].n)
			left = floor_mod(p->at[i].coef, g);
		p->at[i].coef = floor_div(p->at[i].coef, g);
	}
	if (p->n && !p->at[p->n - 1].coef)
		p->n--;
	return left;
}

/* The only term x // c of p with coefficient 1 and a number c; -1 when there is none or more than one. */
static int only_quotient(const Poly *p)
{
	int found = -1;

	for (int i = 0; i < p->n; i++) {
		const Term *x = &p->at[i];
		if (x->n == 1 && x->coef == 1 && (*x->atom)->kind == DIM_FLOORDIV && dim_is_const((*x->atom)->arg[1])) {
			if (found >= 0)
				return -1;
			found = i;
		}
	}
	return found;
}

/* (x // c + r) // b = (x + c r) // (b c): fewer divisions.  Frees nothing; NULL when it does not apply. */
static Dim merge_quotients(DimTable *t, const Poly *p, int64_t b)
{
	int i = only_quotient(p);
	int64_t bc;

	if (i < 0)
		return NULL;
	Dim inner = *p->at[i].atom;
	if (!i64_mul(b, inner->arg[1]->value, &bc))
		return NULL;
	Poly sum = { 0 };
	poly_add_terms(&sum, p->at, i, inner->arg[1]->value);
	poly_add_terms(&sum, p->at + i + 1, p->n - i - 1, inner->arg[1]->value);
	poly_add(&sum, inner->arg[0], 1);
	return dim_floordiv(t, dim_of_poly(t, &sum), dim_const(t, bc));
}

static Dim floordiv_const(DimTable *t, Dim a, int64_t b)
{
	Poly q = { 0 }, r = { 0 };
	int64_t lo, hi;
	Dim left;

	split_by_const(a, b, &q, &r);
	int64_t g = common_divisor(&r, b);
	poly_shrink(&r, g);
	b /= g;
	poly_range(&r, &lo, &hi);
	if (b == 1) {
		left = dim_of_poly(t, &r);
	} else if (lo != INT64_MIN && hi != INT64_MAX && floor_div(lo, b) == floor_div(hi, b)) {
		left = dim_const(t, floor_div(lo, b));
	} else if (!(left = merge_quotients(t, &r, b))) {
		Dim rest = dim_of_poly(t, &r);
		left = rest ? binary(t, DIM_FLOORDIV, rest, dim_const(t, b)) : NULL;
	}
	poly_free(&r);
	if (!left) {
		poly_free(&q);
		return NULL;
	}
	if (!q.n)
		return left;
	poly_add(&q, left, 1);
	return dim_of_poly(t, &q);
}

/* (x % c) % b = x % b where b divides c: puts such terms' operands in their place. */
static Dim drop_inner_mods(DimTable *t, Dim a, int64_t b)
{
	Poly p = { 0 };

	for (int i = 0; i < dim_nterms(a); i++) {
		Term x = dim_term(a, i);
		Dim atom = x.n == 1 ? *x.atom : NULL;
		if (atom && atom->kind == DIM_MOD && dim_is_const(atom->arg[1]) && atom->arg[1]->value % b == 0)
			poly_add(&p, atom->arg[0], x.coef);
		else
			poly_add_terms(&p, &x, 1, 1);
	}
	return dim_of_poly(t, &p);
}

static Dim mod_const(DimTable *t, Dim a, int64_t b)
{
	Poly q = { 0 }, r = { 0 };
	int64_t lo, hi;

	for (Dim before = NULL; a && a != before;) {
		before = a;
		a = drop_inner_mods(t, a, b);
	}
	if (!a)
		return NULL;
	split_by_const(a, b, &q, &r);
	poly_free(&q);
	poly_range(&r, &lo, &hi);
	if (lo >= 0 && hi < b)
		return dim_of_poly(t, &r);
	/* (g x + c) % (g b) = g (x % b) + c where 0 <= c < g */
	int64_t g = common_divisor(&r, b), c = poly_shrink(&r, g);
	Dim rest = dim_of_poly(t, &r);
	if (!rest)
		return NULL;
	if (g > 1)
		rest = dim_mod(t, rest, dim_const(t, b / g));
	else
		rest = binary(t, DIM_MOD, rest, dim_const(t, b));
	return rest ? add_scaled(t, dim_const(t, c), rest, g) : NULL;
}

/* a = b * quotient + rest by terms, where b is one term. */
static bool split_by_term(DimTable *t, Dim a, Dim b, Dim *quotient, Dim *rest)
{
	Poly q = { 0 }, r = { 0 };

	for (int i = 0; i < dim_nterms(a); i++) {
		Term x = dim_term(a, i), y;
		if (dim_nterms(b) == 1 && term_divide(t, x, dim_term(b, 0), &y))
			poly_add_terms(&q, &y, 1, 1);
		else
			poly_push(&r, x);
	}
	*quotient = dim_of_poly(t, &q);
	*rest = dim_of_poly(t, &r);
	return *quotient && *rest;
}

static bool is_proper_remainder(Dim r, Dim b)
{
	Poly p = { 0 };

	poly_add(&p, b, 1);
	poly_add(&p, r, -1);
	poly_add_const(&p, -1);
	bool yes = r->lo >= 0 && poly_is_nonneg(&p, PROOF_FUEL);
	poly_free(&p);
	return yes;
}

Dim dim_floordiv(DimTable *t, Dim a, Dim b)
{
	Dim q, r;

	if (!a || !b || b->hi <= 0)
		return NULL;
	if (dim_is_const(b))
		return b->value == 1 ? a : floordiv_const(t, a, b->value);
	if ((q = dim_divide_exact(t, a, b)))
		return q;
	if (!split_by_term(t, a, b, &q, &r))
		return NULL;
	return is_proper_remainder(r, b) ? q : dim_add(t, q, binary(t, DIM_FLOORDIV, r, b));
}

Dim dim_ceildiv(DimTable *t, Dim a, Dim b)
{
	return dim_floordiv(t, dim_sub(t, dim_add(t, a, b), dim_const(t, 1)), b);
}

Dim dim_mod(DimTable *t, Dim a, Dim b)
{
	Dim q, r;

	if (!a || !b || b->hi <= 0)
		return NULL;
	if (dim_is_const(b))
		return b->value == 1 ? dim_const(t, 0) : mod_const(t, a, b->value);
	if (dim_divide_exact(t, a, b))
		return dim_const(t, 0);
	if (!split_by_term(t, a, b, &q, &r))
		return NULL;
	return is_proper_remainder(r, b) ? r : binary(t, DIM_MOD, r, b);
}

/* Is x unnecessary beside y?  Of two that are provably equal the one that sorts first stays. */
static bool is_dominated(DimKind kind, Dim x, Dim y)
{
	bool below = kind == DIM_MAX ? dim_known_le(x, y) : dim_known_le(y, x);

	if (!below)
		return false;
	bool above = kind == DIM_MAX ? dim_known_le(y, x) : dim_known_le(x, y);
	return !above || dim_compare(y, x) <= 0;
}

/* Adds the operands of nested max or min to a sorted list without dominated ones. */
static bool extremum_add(DimKind kind, Dim d, Dim *list, int *n)
{
	for (; d->kind == kind; d = d->arg[1])
		if (!extremum_add(kind, d->arg[0], list, n))
			return false;

	int kept = 0;
	for (int i = 0; i < *n; i++)
		if (is_dominated(kind, d, list[i]))
			return true;
	for (int i = 0; i < *n; i++)
		if (!is_dominated(kind, list[i], d))
			list[kept++] = list[i];
	if (kept == EXTREMUM_MAX)
		return false;
	int at = kept;
	for (; at && dim_compare(list[at - 1], d) > 0; at--)
		list[at] = list[at - 1];
	list[at] = d;
	*n = kept + 1;
	return true;
}

static Dim extremum(DimTable *t, DimKind kind, Dim a, Dim b)
{
	Dim list[EXTREMUM_MAX];
	int n = 0;

	if (!a || !b)
		return NULL;
	if (!extremum_add(kind, a, list, &n) || !extremum_add(kind, b, list, &n))
		return NULL;
	Dim d = list[--n];
	while (d && n)
		d = binary(t, kind, list[--n], d);
	return d;
}

Dim dim_max(DimTable *t, Dim a, Dim b)
{
	return extremum(t, DIM_MAX, a, b);
}

Dim dim_min(DimTable *t, Dim a, Dim b)
{
	return extremum(t, DIM_MIN, a, b);
}

Dim dim_subst(DimTable *t, Dim d, int n, const char *const *name, const Dim *by)
{
	if (!d || d->kind == DIM_CONST)
		return d;
	if (d->kind == DIM_SYM) {
		for (int i = 0; i < n; i++)
			if (!strcmp(name[i], d->name))
				return by[i];
		if (!d->limit)
			return d;
		Dim limit = dim_subst(t, d->limit, n, name, by);
		return limit == d->limit ? d : dim_sym_limited(t, d->name, limit);
	}

	Dim r = dim_subst(t, d->arg[0], n, name, by);
	for (int i = 1; i < d->nargs; i++) {
		Dim x = dim_subst(t, d->arg[i], n, name, by);
		switch (d->kind) {
		case DIM_ADD: r = dim_add(t, r, x); break;
		case DIM_MUL: r = dim_mul(t, r, x); break;
		case DIM_FLOORDIV: r = dim_floordiv(t, r, x); break;
		case DIM_MOD: r = dim_mod(t, r, x); break;
		case DIM_MAX: r = dim_max(t, r, x); break;
		case DIM_MIN: r = dim_min(t, r, x); break;
		default: UNREACHABLE("dimension kind %d", d->kind);
		}
	}
	return r;
}
