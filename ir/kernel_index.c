/* ir/kernel_index.c - index arithmetic of loop IR: folding, ranges, linear forms, division by what divides. */
#include <limits.h>

#include "ir/base/check.h"
#include "ir/base/num.h"
#include "ir/kernel.h"

bool kop_const(const KOp *x, int64_t *out)
{
	if (x->kind != K_CONST || x->type.dtype != DT_I64)
		return false;
	*out = (int64_t)x->bits;
	return true;
}

static bool is_int(const KOp *x, int64_t v)
{
	int64_t c;
	return kop_const(x, &c) && c == v;
}

static bool is_op(const KOp *x, ScalarOp op)
{
	return x->kind == K_OP && x->op == op && x->type.dtype == DT_I64 && x->type.lanes == 1;
}

/* Ranges. */

static int64_t clamp_i128(__int128 v)
{
	return v < INT64_MIN ? INT64_MIN : v > INT64_MAX ? INT64_MAX : (int64_t)v;
}

static void range_of(const KOp *x, int64_t *lo, int64_t *hi, int depth)
{
	int64_t al, ah, bl, bh;

	*lo = INT64_MIN;
	*hi = INT64_MAX;
	if (x->type.dtype != DT_I64 || x->type.lanes != 1 || depth > 32)
		return;
	switch (x->kind) {
	case K_CONST:
		*lo = *hi = (int64_t)x->bits;
		return;
	case K_TASK:
		*lo = 0;
		return;
	case K_PARAM:
		*lo = 0;   /* dimension expressions are extents; kernels never see a negative one */
		return;
	case K_FOR:
		range_of(x->arg[0], lo, &ah, depth + 1);
		range_of(x->arg[1], &bl, &bh, depth + 1);
		*hi = bh == INT64_MAX ? bh : bh - 1;
		return;
	case K_OP:
		break;
	default:
		return;
	}
	range_of(x->arg[0], &al, &ah, depth + 1);
	if (x->nargs < 2)
		return;
	range_of(x->arg[1], &bl, &bh, depth + 1);
	bool open = al == INT64_MIN || ah == INT64_MAX || bl == INT64_MIN || bh == INT64_MAX;
	switch (x->op) {
	case SC_add:
		*lo = al == INT64_MIN || bl == INT64_MIN ? INT64_MIN : clamp_i128((__int128)al + bl);
		*hi = ah == INT64_MAX || bh == INT64_MAX ? INT64_MAX : clamp_i128((__int128)ah + bh);
		return;
	case SC_sub:
		*lo = al == INT64_MIN || bh == INT64_MAX ? INT64_MIN : clamp_i128((__int128)al - bh);
		*hi = ah == INT64_MAX || bl == INT64_MIN ? INT64_MAX : clamp_i128((__int128)ah - bl);
		return;
	case SC_mul:
		if (al >= 0 && bl >= 0) {
			*lo = clamp_i128((__int128)al * bl);
			*hi = ah == INT64_MAX || bh == INT64_MAX ? (ah == 0 || bh == 0 ? 0 : INT64_MAX)
			                                         : clamp_i128((__int128)ah * bh);
		} else if (!open) {
			__int128 p[4] = { (__int128)al * bl, (__int128)al * bh, (__int128)ah * bl, (__int128)ah * bh };
			__int128 l = p[0], h = p[0];
			for (int i = 1; i < 4; i++) {
				l = p[i] < l ? p[i] : l;
				h = p[i] > h ? p[i] : h;
			}
			*lo = clamp_i128(l);
			*hi = clamp_i128(h);
		}
		return;
	case SC_div:
		if (al >= 0 && bl > 0) {
			*lo = bh == INT64_MAX ? 0 : al / bh;
			*hi = ah == INT64_MAX ? INT64_MAX : ah / bl;
		}
		return;
	case SC_rem:
		if (al >= 0 && bl > 0) {
			*lo = 0;
			*hi = bh == INT64_MAX ? ah : ah < bh - 1 ? ah : bh - 1;
		}
		return;
	case SC_min:
		*lo = al < bl ? al : bl;
		*hi = ah < bh ? ah : bh;
		return;
	case SC_max:
		*lo = al > bl ? al : bl;
		*hi = ah > bh ? ah : bh;
		return;
	default:
		return;
	}
}

void kop_range(const KOp *x, int64_t *lo, int64_t *hi)
{
	range_of(x, lo, hi, 0);
}

/* Folding. */

KOp *kb_add(KBuild *b, KOp *x, KOp *y)
{
	int64_t cx, cy, c;

	if (is_int(x, 0))
		return y;
	if (is_int(y, 0))
		return x;
	if (kop_const(x, &cx)) {
		if (kop_const(y, &cy))
			return i64_add(cx, cy, &c) ? kb_int(b, c) : kb_op(b, SC_add, x, y, NULL);
		return kb_add(b, y, x);   /* constants to the right */
	}
	/* (z + c1) + c2 = z + (c1 + c2) */
	if (kop_const(y, &cy) && is_op(x, SC_add) && kop_const(x->arg[1], &cx) && i64_add(cx, cy, &c))
		return kb_add(b, x->arg[0], kb_int(b, c));
	return kb_op(b, SC_add, x, y, NULL);
}

KOp *kb_sub(KBuild *b, KOp *x, KOp *y)
{
	int64_t cx, cy, c;

	if (x == y)
		return kb_int(b, 0);
	if (kop_const(y, &cy)) {
		if (kop_const(x, &cx) && i64_sub(cx, cy, &c))
			return kb_int(b, c);
		if (i64_sub(0, cy, &c))
			return kb_add(b, x, kb_int(b, c));
	}
	return kb_op(b, SC_sub, x, y, NULL);
}

KOp *kb_mul(KBuild *b, KOp *x, KOp *y)
{
	int64_t cx, cy, c;

	if (is_int(x, 0) || is_int(y, 1))
		return x;
	if (is_int(y, 0) || is_int(x, 1))
		return y;
	if (kop_const(x, &cx)) {
		if (kop_const(y, &cy))
			return i64_mul(cx, cy, &c) ? kb_int(b, c) : kb_op(b, SC_mul, x, y, NULL);
		return kb_mul(b, y, x);
	}
	if (kop_const(y, &cy) && is_op(x, SC_mul) && kop_const(x->arg[1], &cx) && i64_mul(cx, cy, &c))
		return kb_mul(b, x->arg[0], kb_int(b, c));
	return kb_op(b, SC_mul, x, y, NULL);
}

/* Linear forms: x = c + sum of coef * atom, where c and the coefficients are dimension expressions. */

enum { TERMS_MAX = 24 };
typedef struct Term { KOp *atom; Dim coef; } Term;
typedef struct Linear {
	Dim  c;
	int  n;
	Term term[TERMS_MAX];
} Linear;

/* What a constant or parameter stands for, else NULL. */
static Dim dim_of(const KBuild *b, const KOp *x)
{
	int64_t c;

	if (kop_const(x, &c))
		return dim_const(b->k->dims, c);
	return x->kind == K_PARAM ? b->k->param.at[x->imm] : NULL;
}

static bool linear_add_term(DimTable *t, Linear *l, KOp *atom, Dim coef)
{
	for (int i = 0; i < l->n; i++)
		if (l->term[i].atom == atom)
			return (l->term[i].coef = dim_add(t, l->term[i].coef, coef)) != NULL;
	if (l->n == TERMS_MAX)
		return false;
	l->term[l->n++] = (Term){ atom, coef };
	return true;
}

static bool linear_of(const KBuild *b, Linear *l, KOp *x, Dim scale)
{
	DimTable *t = b->k->dims;
	Dim d = scale ? dim_of(b, x) : NULL;

	if (!scale)
		return false;
	if (d)
		return (l->c = dim_add(t, l->c, dim_mul(t, d, scale))) != NULL;
	if (is_op(x, SC_add))
		return linear_of(b, l, x->arg[0], scale) && linear_of(b, l, x->arg[1], scale);
	if (is_op(x, SC_sub))
		return linear_of(b, l, x->arg[0], scale) && linear_of(b, l, x->arg[1], dim_sub(t, dim_const(t, 0), scale));
	for (int i = 0; i < 2 && is_op(x, SC_mul); i++)
		if ((d = dim_of(b, x->arg[i])))
			return linear_of(b, l, x->arg[1 - i], dim_mul(t, d, scale));
	return linear_add_term(t, l, x, scale);
}

/* Parameters are never negative, so neither may a factor of symbols be. */
static bool can_write(Dim d)
{
	int64_t lo, hi;

	dim_range(d, &lo, &hi);
	return dim_is_const(d) || lo >= 0;
}

static KOp *scaled(KBuild *b, const Term *term)
{
	return kb_mul(b, term->atom, kb_dim(b, term->coef));
}

/* A dimension expression that x never exceeds, or NULL. */
static Dim upper_dim(const KBuild *b, const KOp *x)
{
	int64_t c;
	Dim d = dim_of(b, x);

	if (!d && is_op(x, SC_min)) {
		d = upper_dim(b, x->arg[0]);
		d = d ? d : upper_dim(b, x->arg[1]);
	} else if (!d && is_op(x, SC_sub) && kop_const(x->arg[1], &c) && c >= 0) {
		d = upper_dim(b, x->arg[0]);
	}
	return d;
}

/* The largest value of an atom, or NULL. */
static Dim atom_max(const KBuild *b, const KOp *x)
{
	DimTable *t = b->k->dims;
	Dim end = x->kind == K_FOR || is_op(x, SC_rem) ? upper_dim(b, x->arg[1]) : NULL;
	int64_t lo, hi;

	kop_range(x, &lo, &hi);
	if (hi != INT64_MAX)
		return dim_const(t, hi);
	return end ? dim_sub(t, end, dim_const(t, 1)) : NULL;
}

/* Is c + the sum of the terms between 0 and d - 1 for certain? */
static bool is_below(const KBuild *b, Dim c, const Term *term, int n, Dim d)
{
	DimTable *t = b->k->dims;
	int64_t lo, hi;
	Dim sum = c;

	dim_range(c, &lo, &hi);
	if (lo < 0)
		return false;
	for (int i = 0; i < n && sum; i++) {
		Dim most = atom_max(b, term[i].atom);
		kop_range(term[i].atom, &lo, &hi);
		if (lo < 0 || !most)
			return false;
		dim_range(term[i].coef, &lo, &hi);
		sum = lo < 0 ? NULL : dim_add(t, sum, dim_mul(t, term[i].coef, most));
	}
	Dim last = dim_sub(t, d, dim_const(t, 1));
	return sum && last && dim_known_le(sum, last);
}

static KOp *sum_of(KBuild *b, Dim c, const Term *term, int n)
{
	KOp *sum = kb_int(b, 0);

	for (int i = 0; i < n; i++)
		sum = kb_add(b, sum, scaled(b, &term[i]));
	return kb_add(b, sum, kb_dim(b, c));
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

/* rest = g * high + low with 0 <= low < g, for a g that divides d: then rest / d = high / (d / g), and what is left over of
   it is g * (high % (d / g)) + low.  So a vector's lanes stay side by side though their panel has to be divided. */
static bool divide_in_steps(KBuild *b, Dim c, const Term *rest, int n, int64_t d, KOp **q, KOp **r)
{
	DimTable *t = b->k->dims;
	Term high[TERMS_MAX], low[TERMS_MAX];

	for (int i = 0; i < n; i++) {
		int64_t g = dim_is_const(rest[i].coef) ? gcd(rest[i].coef->value, d) : 1, lo, hi;
		int nhigh = 0, nlow = 0;
		bool ok = g > 1;
		for (int k = 0; k < n && ok; k++) {
			Dim part = dim_divide_exact(t, rest[k].coef, dim_const(t, g));
			if (part)
				high[nhigh++] = (Term){ rest[k].atom, part };
			else
				low[nlow++] = rest[k];
			kop_range(rest[k].atom, &lo, &hi);
			ok = lo >= 0 && can_write(rest[k].coef);
		}
		if (!ok || !dim_is_const(c) || c->value < 0 || !is_below(b, dim_const(t, c->value % g), low, nlow, dim_const(t, g)))
			continue;
		KOp *top = sum_of(b, dim_const(t, c->value / g), high, nhigh), *step = kb_int(b, d / g);
		*q = kb_op(b, SC_div, top, step, NULL);
		*r = kb_add(b, kb_mul(b, kb_op(b, SC_rem, top, step, NULL), kb_int(b, g)), sum_of(b, dim_const(t, c->value % g), low, nlow));
		return true;
	}
	return false;
}

/* How much terms with negative factors take away at most; INT64_MAX if that is not known. */
static int64_t taken_away(const Term *term, int n)
{
	int64_t sum = 0, lo, hi, most;

	for (int i = 0; i < n; i++) {
		if (!dim_is_const(term[i].coef) || term[i].coef->value >= 0)
			continue;
		kop_range(term[i].atom, &lo, &hi);
		if (hi == INT64_MAX || !i64_mul(term[i].coef->value, hi, &most) || !i64_sub(sum, most, &sum))
			return INT64_MAX;
	}
	return sum;
}

/* Writes x = q * y + r with 0 <= r < y, when that can be seen. */
static bool divide(KBuild *b, KOp *x, KOp *y, KOp **q, KOp **r)
{
	DimTable *t = b->k->dims;
	Linear l = { .c = dim_const(t, 0) };
	Term part[TERMS_MAX], rest[TERMS_MAX];
	Dim d = dim_of(b, y), zero = dim_const(t, 0), cq = zero, cr = zero;
	int nrest = 0, npart = 0;

	if (!d || (dim_is_const(d) && d->value <= 0) || !linear_of(b, &l, x, dim_const(t, 1)))
		return false;
	for (int i = 0; i < l.n; i++) {
		Dim f = dim_divide_exact(t, l.term[i].coef, d);
		if (!can_write(f ? f : l.term[i].coef))
			return false;
		if (f)
			part[npart++] = (Term){ l.term[i].atom, f };
		else
			rest[nrest++] = l.term[i];
	}
	int64_t taken = taken_away(rest, nrest);
	if (taken && !(dim_is_const(l.c) && dim_is_const(d) && l.c->value >= taken))
		return false;
	if (dim_is_const(l.c) && dim_is_const(d) && l.c->value >= 0) {
		cq = dim_const(t, (l.c->value - taken) / d->value);
		cr = dim_const(t, l.c->value - cq->value * d->value);
	} else if ((cq = dim_divide_exact(t, l.c, d))) {
		if (!can_write(cq))
			return false;
	} else {
		cq = zero;
		cr = l.c;
		if (!can_write(cr))
			return false;
	}
	KOp *more = NULL;
	if (is_below(b, cr, rest, nrest, d))
		*r = sum_of(b, cr, rest, nrest);
	else if (!dim_is_const(d) || !divide_in_steps(b, cr, rest, nrest, d->value, &more, r))
		return false;
	*q = sum_of(b, cq, part, npart);
	if (more)
		*q = kb_add(b, *q, more);
	return true;
}

KOp *kb_floordiv(KBuild *b, KOp *x, KOp *y)
{
	KOp *q, *r;

	if (is_int(y, 1))
		return x;
	if (divide(b, x, y, &q, &r))
		return q;
	return kb_op(b, SC_div, x, y, NULL);
}

KOp *kb_mod(KBuild *b, KOp *x, KOp *y)
{
	KOp *q, *r;

	if (is_int(y, 1))
		return kb_int(b, 0);
	if (divide(b, x, y, &q, &r))
		return r;
	return kb_op(b, SC_rem, x, y, NULL);
}

/* Distance. */

static bool apart(const KOp *x, const KOp *y, int depth, int64_t *by)
{
	int64_t c, p, q;

	*by = 0;
	if (x == y)
		return true;
	if (depth == 0)
		return false;
	/* A constant operand is the second one: kb_add sees to it. */
	if (is_op(y, SC_add) && kop_const(y->arg[1], &c) && apart(x, y->arg[0], depth - 1, &p))
		return i64_add(p, c, by);
	if (is_op(x, SC_add) && kop_const(x->arg[1], &c) && apart(x->arg[0], y, depth - 1, &p))
		return i64_sub(p, c, by);
	if (x->kind != K_OP || y->kind != K_OP || x->op != y->op || x->type.dtype != y->type.dtype || x->type.lanes != y->type.lanes ||
	    x->nargs > 2)
		return false;
	if (!apart(x->arg[0], y->arg[0], depth - 1, &p))
		return false;
	q = 0;
	if (x->nargs == 2 && !apart(x->arg[1], y->arg[1], depth - 1, &q))
		return false;
	if (p == 0 && q == 0)
		return true;
	if (x->op == SC_add)
		return i64_add(p, q, by);
	return x->op == SC_mul && q == 0 && kop_const(x->arg[1], &c) && i64_mul(p, c, by);
}

bool kop_apart(const KOp *x, const KOp *y, int64_t *by)
{
	enum { DEPTH = 12 };

	return apart(x, y, DEPTH, by);
}

/* Dependence. */

static bool inside(const KOp *x, const KOp *loop)
{
	for (const KBlock *blk = x->block; blk && blk->parent; blk = blk->parent->block)
		if (blk->parent == loop)
			return true;
	return false;
}

static bool depends(Kernel *k, KOp *x, const KOp *on)
{
	if (x == on)
		return true;
	if (x->visit == k->visits || !inside(x, on))
		return false;   /* defined outside of the loop: the same in each iteration */
	x->visit = k->visits;
	if (x->kind == K_GET || x->kind == K_VAR)
		return true;
	if (x->kind == K_LOAD && k->buf.at[x->buf].kind != KB_IN)
		return true;
	for (int i = 0; i < x->nargs; i++)
		if (depends(k, x->arg[i], on))
			return true;
	if (x->kind == K_FOR)
		return false;
	return false;
}

bool kop_depends(Kernel *k, KOp *x, const KOp *on)
{
	k->visits++;
	return depends(k, x, on);
}

bool kop_affine(KBuild *b, KOp *x, const KOp *loop, KOp **coef)
{
	KOp *p, *q;

	*coef = NULL;
	if (x == loop) {
		*coef = kb_int(b, 1);
		return true;
	}
	if (!kop_depends(b->k, x, loop)) {
		*coef = kb_int(b, 0);
		return true;
	}
	if (is_op(x, SC_add) || is_op(x, SC_sub)) {
		if (!kop_affine(b, x->arg[0], loop, &p) || !kop_affine(b, x->arg[1], loop, &q))
			return false;
		*coef = x->op == SC_add ? kb_add(b, p, q) : kb_sub(b, p, q);
		return true;
	}
	if (is_op(x, SC_mul)) {
		int free = !kop_depends(b->k, x->arg[0], loop) ? 0 : !kop_depends(b->k, x->arg[1], loop) ? 1 : -1;
		if (free < 0 || !kop_affine(b, x->arg[1 - free], loop, &p))
			return false;
		*coef = kb_mul(b, p, x->arg[free]);
		return true;
	}
	return false;
}
