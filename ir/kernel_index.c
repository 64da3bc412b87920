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
		if (kop_const(y, &cy) && i64_add(cx, cy, &c))
			return kb_int(b, c);
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
		if (kop_const(y, &cy) && i64_mul(cx, cy, &c))
			return kb_int(b, c);
		return kb_mul(b, y, x);
	}
	if (kop_const(y, &cy) && is_op(x, SC_mul) && kop_const(x->arg[1], &cx) && i64_mul(cx, cy, &c))
		return kb_mul(b, x->arg[0], kb_int(b, c));
	return kb_op(b, SC_mul, x, y, NULL);
}

/* Linear forms: x = constant + sum of coef * atom, for dividing what divides. */

enum { TERMS_MAX = 24 };
typedef struct Linear {
	int64_t c;
	int     n;
	struct { KOp *atom; int64_t coef; } term[TERMS_MAX];
} Linear;

static bool linear_add_term(Linear *l, KOp *atom, int64_t coef)
{
	for (int i = 0; i < l->n; i++)
		if (l->term[i].atom == atom)
			return i64_add(l->term[i].coef, coef, &l->term[i].coef);
	if (l->n == TERMS_MAX)
		return false;
	l->term[l->n].atom = atom;
	l->term[l->n++].coef = coef;
	return true;
}

static bool linear_of(Linear *l, KOp *x, int64_t scale)
{
	int64_t c;

	if (kop_const(x, &c))
		return i64_mul(c, scale, &c) && i64_add(l->c, c, &l->c);
	if (is_op(x, SC_add))
		return linear_of(l, x->arg[0], scale) && linear_of(l, x->arg[1], scale);
	if (is_op(x, SC_sub))
		return linear_of(l, x->arg[0], scale) && i64_mul(scale, -1, &c) && linear_of(l, x->arg[1], c);
	if (is_op(x, SC_mul) && kop_const(x->arg[1], &c))
		return i64_mul(c, scale, &c) && linear_of(l, x->arg[0], c);
	return linear_add_term(l, x, scale);
}

/* atom as factor * y, for a symbolic y: the factor, or NULL. */
static KOp *factor_of(KBuild *b, KOp *atom, const KOp *y)
{
	if (atom == y)
		return kb_int(b, 1);
	if (!is_op(atom, SC_mul))
		return NULL;
	if (atom->arg[0] == y)
		return atom->arg[1];
	if (atom->arg[1] == y)
		return atom->arg[0];
	KOp *f = factor_of(b, atom->arg[0], y);
	if (f)
		return kb_mul(b, f, atom->arg[1]);
	f = factor_of(b, atom->arg[1], y);
	return f ? kb_mul(b, f, atom->arg[0]) : NULL;
}

static KOp *scaled(KBuild *b, KOp *x, int64_t coef)
{
	return kb_mul(b, x, kb_int(b, coef));
}

/* Writes x = q * y + r with 0 <= r < y, when that can be seen. */
static bool divide(KBuild *b, KOp *x, KOp *y, KOp **q, KOp **r)
{
	Linear l = { 0 };
	int64_t d = 0, lo = 0, hi = 0, sum_lo, sum_hi;
	bool number = kop_const(y, &d);
	KOp *quot = kb_int(b, 0), *rest = kb_int(b, 0);
	KOp *lone = NULL;
	int nrest = 0;

	if (!linear_of(&l, x, 1) || (number && d <= 0))
		return false;
	for (int i = 0; i < l.n; i++) {
		KOp *atom = l.term[i].atom, *f;
		int64_t coef = l.term[i].coef;

		if (coef == 0)
			continue;
		if (number && coef % d == 0) {
			quot = kb_add(b, quot, scaled(b, atom, coef / d));
		} else if (!number && (f = factor_of(b, atom, y))) {
			quot = kb_add(b, quot, scaled(b, f, coef));
		} else {
			KOp *t = scaled(b, atom, coef);
			int64_t tl, th;
			kop_range(t, &tl, &th);
			if (tl < 0 || !i64_add(lo, tl, &sum_lo) || !i64_add(hi, th, &sum_hi)) {
				if (!(tl >= 0 && !number))
					return false;
				sum_lo = lo, sum_hi = INT64_MAX;
			}
			lo = sum_lo;
			hi = sum_hi;
			rest = kb_add(b, rest, t);
			lone = coef == 1 ? atom : NULL;
			nrest++;
		}
	}
	if (!number) {
		/* r < y is seen only for a loop that runs up to y, or for nothing left over. */
		bool below = nrest == 0 || (nrest == 1 && lone && lone->kind == K_FOR && lone->arg[1] == y);
		if (l.c != 0 || !below)
			return false;
	} else {
		int64_t part = l.c >= 0 ? l.c % d : -1;
		if (part < 0)
			return false;
		quot = kb_add(b, quot, kb_int(b, l.c / d));
		rest = kb_add(b, rest, kb_int(b, part));
		if (!i64_add(hi, part, &hi) || hi >= d)
			return false;
	}
	*q = quot;
	*r = rest;
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
