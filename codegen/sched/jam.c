/* codegen/sched/jam.c - unroll and jam, and cutting loops: how register tiles are made.

   Several iterations of an independent loop run together: what does not depend on the loop is done once for all of
   them (a right-hand side is loaded once for all rows of a tile), inner loops with common bounds are shared. */
#include "codegen/sched/sched.h"

#include "ir/base/check.h"

enum { JAM_MAX = 32 };

typedef struct Jam {
	Kernel *k;
	KBuild  b;
	int     n;
	Map     map[JAM_MAX];      /* copy i: original -> its value; uniform values are in all of them */
	bool   *private_buf;
	int    *private_as;        /* buffer of copy 0; copy i is private_as + i */
} Jam;

static void jam_block(Jam *j, const KBlock *b);

static void enter(Jam *j, const KOp *x, KOp *c)
{
	for (int i = 0; i < j->n; i++)
		map_set(&j->map[i], x, c);
}

static KOp *clone_without_bodies(Jam *j, KOp *x, Map *map)
{
	KBlock *keep[2] = { x->body[0], x->body[1] };

	x->body[0] = x->body[1] = NULL;
	KOp *c = kop_clone(&j->b, x, map);
	x->body[0] = keep[0];
	x->body[1] = keep[1];
	return c;
}

/* Inside a body that is copied whole, private buffers are renamed as well. */
static void rename_private(Jam *j, KOp *x, int copy)
{
	if ((x->kind == K_LOAD || x->kind == K_STORE || x->kind == K_PREFETCH) && j->private_buf[x->buf])
		x->buf = j->private_as[x->buf] + copy;
	for (int i = 0; i < 2 && x->body[i]; i++)
		for (KOp *y = x->body[i]->first; y; y = y->next)
			rename_private(j, y, copy);
}

static bool shares_control(const Jam *j, const KOp *x)
{
	switch (x->kind) {
	case K_FOR: return !is_varying(j->k, x->arg[0]) && !is_varying(j->k, x->arg[1]);
	case K_IF: return !is_varying(j->k, x->arg[0]);
	case K_WHILE: return !is_varying(j->k, x->body[0]->last);
	default: return false;
	}
}

static void jam_op(Jam *j, KOp *x)
{
	if (x->body[0] && shares_control(j, x)) {
		KOp *c = clone_without_bodies(j, x, &j->map[0]);
		KBuild outer = j->b;
		enter(j, x, c);
		for (int i = 0; i < 2 && x->body[i]; i++) {
			c->body[i] = ARENA_NEW(j->k->arena, KBlock);
			c->body[i]->parent = c;
			j->b = (KBuild){ j->k, c->body[i], NULL };
			jam_block(j, x->body[i]);
		}
		j->b = outer;
		return;
	}
	bool private = (x->kind == K_LOAD || x->kind == K_STORE) && j->private_buf[x->buf];
	if (!is_varying(j->k, x) && !private && !x->body[0]) {
		enter(j, x, kop_clone(&j->b, x, &j->map[0]));
		return;
	}
	for (int i = 0; i < j->n; i++)
		rename_private(j, kop_clone(&j->b, x, &j->map[i]), i);
}

static void jam_block(Jam *j, const KBlock *b)
{
	for (KOp *x = b->first; x; x = x->next)
		jam_op(j, x);
}

static void make_private(Jam *j)
{
	Kernel *k = j->k;
	int n = k->buf.n;

	j->private_as = ARENA_ARRAY(k->arena, int, n + 1);
	for (int i = 0; i < n; i++) {
		for (int c = 0; j->private_buf[i] && c < j->n; c++) {
			KBuf copy = k->buf.at[i];
			copy.name = arena_printf(k->arena, "%s_j%d_%d", copy.name, c, k->buf.n);
			int at = kernel_add_buf(k, copy);
			j->private_as[i] = c == 0 ? at : j->private_as[i];
		}
	}
}

/* Variables from outside that the body sets carry something between iterations: no jam. */
static bool sets_outer(const KOp *loop, const KBlock *b)
{
	for (const KOp *x = b->first; x; x = x->next) {
		if (x->kind == K_SET) {
			bool inside = false;
			for (const KBlock *blk = x->arg[0]->block; blk && blk->parent; blk = blk->parent->block)
				inside = inside || blk->parent == loop;
			if (!inside)
				return true;
		}
		for (int i = 0; i < 2 && x->body[i]; i++)
			if (sets_outer(loop, x->body[i]))
				return true;
	}
	return false;
}

/* SCRATCH rows written inside cannot be shared by copies. */
static bool writes_scratch(const Kernel *k, const KBlock *b)
{
	for (const KOp *x = b->first; x; x = x->next) {
		if (x->kind == K_STORE && k->buf.at[x->buf].kind == KB_SCRATCH)
			return true;
		for (int i = 0; i < 2 && x->body[i]; i++)
			if (writes_scratch(k, x->body[i]))
				return true;
	}
	return false;
}

static bool can_jam(const Kernel *k, const KOp *loop, int64_t factor)
{
	return factor >= 2 && factor <= JAM_MAX && loop_is_independent(loop) && !sets_outer(loop, loop->body[0]) &&
	       !writes_scratch(k, loop->body[0]);
}

static void jam_begin(Jam *j, Kernel *k, KOp *loop, int64_t factor)
{
	*j = (Jam){ .k = k, .b = { k, loop->block, loop }, .n = (int)factor };
	j->private_buf = ARENA_ARRAY(k->arena, bool, k->buf.n + 1);
	loop_varying(k, loop, j->private_buf);
	make_private(j);
	for (int i = 0; i < j->n; i++)
		map_init(&j->map[i], k->arena);
}

bool sched_spread(Kernel *k, KOp *loop, int64_t ways)
{
	if (!can_jam(k, loop, ways) || loop->imm != 1)
		return false;
	Jam j;
	jam_begin(&j, k, loop, ways);
	KBuild *b = &j.b;
	KOp *from = loop->arg[0], *to = loop->arg[1], *w = kb_int(b, ways);
	KOp *part = kb_op(b, SC_div, kb_sub(b, to, from), w, NULL);
	KOp *main = kb_for(b, from, kb_add(b, from, part), 1, loop->role);
	for (int i = 0; i < j.n; i++)
		map_set(&j.map[i], loop, kb_add(b, main, kb_op(b, SC_mul, part, kb_int(b, i), NULL)));
	jam_block(&j, loop->body[0]);
	kb_end(b);
	loop->arg[0] = kb_add(b, from, kb_op(b, SC_mul, part, w, NULL));
	return true;
}

bool sched_jam(Kernel *k, KOp *loop, int64_t factor)
{
	int64_t lo, hi, count = -1, step = loop->imm;

	if (kop_const(loop->arg[0], &lo) && kop_const(loop->arg[1], &hi)) {
		count = hi > lo ? (hi - lo + step - 1) / step : 0;
		factor = count < factor ? count : factor;
	}
	if (!can_jam(k, loop, factor))
		return false;
	Jam j;
	jam_begin(&j, k, loop, factor);
	KOp *from = loop->arg[0], *to = loop->arg[1], *tile = kb_int(&j.b, factor * step), *mid;
	if (count >= 0)
		mid = kb_int(&j.b, lo + count / factor * factor * step);
	else
		mid = kb_add(&j.b, from, kb_mul(&j.b, kb_op(&j.b, SC_div, kb_sub(&j.b, to, from), tile, NULL), tile));
	KOp *main = kb_for(&j.b, from, mid, factor * step, loop->role);
	for (int i = 0; i < j.n; i++)
		map_set(&j.map[i], loop, kb_add(&j.b, main, kb_int(&j.b, i * step)));
	jam_block(&j, loop->body[0]);
	kb_end(&j.b);
	if (count >= 0 && count % factor == 0) {
		kop_erase(loop);
		return true;
	}
	loop->arg[0] = mid;
	sched_jam(k, loop, factor / 2);
	return true;
}

KOp *sched_cut(Kernel *k, KOp *loop, int64_t n, KOp **rest)
{
	KBuild b = { k, loop->block, loop };
	int64_t lo;
	Map map;

	CHECK(kop_const(loop->arg[0], &lo), "cut: the bound is no number");
	map_init(&map, k->arena);
	KOp *first = kop_clone(&b, loop, &map);
	first->arg[1] = kb_int(&b, lo + n);
	loop->arg[0] = first->arg[1];
	*rest = loop;
	return first;
}
