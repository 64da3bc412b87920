/* codegen/sched/forward.c - small local arrays become values: loops of one trip are opened, loads take what was just stored.

   After vectorisation the lanes of a reduction are stored and loaded as halves, quarters, ... of one vector; here they
   become K_HALF and K_LANE of values, and arrays that nobody reads any more fall away. */
#include "codegen/sched/sched.h"

typedef struct Store { KOp *op; struct Store *older; } Store;

typedef struct Forward {
	Kernel *k;
	Store **last;              /* by buffer: stores of this block that may be forwarded, newest first */
	bool   *read;              /* by buffer: somebody still loads from it */
} Forward;

static bool has_local_access(const Forward *f, const KBlock *b)
{
	for (const KOp *x = b->first; x; x = x->next) {
		if ((x->kind == K_LOAD || x->kind == K_STORE) && f->k->buf.at[x->buf].kind == KB_LOCAL)
			return true;
		for (int i = 0; i < 2 && x->body[i]; i++)
			if (has_local_access(f, x->body[i]))
				return true;
	}
	return false;
}

static void forget(Forward *f)
{
	for (int i = 0; i < f->k->buf.n; i++)
		f->last[i] = NULL;
}

/* Lanes [at, at + n) of v. */
static KOp *extract(KBuild *b, KOp *v, int64_t at, int n)
{
	if (n == 1 && v->type.lanes > 1)
		return kb_lane(b, v, (int)at);
	while (v->type.lanes > n) {
		int half = v->type.lanes / 2;
		if (at < half && at + n > half)
			return NULL;
		v = kb_half(b, v, at >= half);
		at -= at >= half ? half : 0;
	}
	return v;
}

/* What a load at a known place gives, when the newest store that touches it covers it. */
static KOp *stored(Forward *f, KOp *load)
{
	int64_t at, from;
	int n = load->type.lanes;

	if (load->nargs > 1 || !kop_const(load->arg[0], &at))
		return NULL;
	for (Store *s = f->last[load->buf]; s; s = s->older) {
		KOp *v = s->op->arg[1];
		if (!kop_const(s->op->arg[0], &from))
			return NULL;
		if (from + v->type.lanes <= at || at + n <= from)
			continue;
		if (s->op->nargs > 2 || from > at || from + v->type.lanes < at + n)
			return NULL;
		KBuild b = { f->k, load->block, load };
		return extract(&b, v, at - from, n);
	}
	return NULL;
}

static void replace_in(KBlock *b, KOp *old, KOp *by)
{
	for (KOp *x = b->first; x; x = x->next) {
		for (int i = 0; i < x->nargs; i++)
			if (x->arg[i] == old)
				x->arg[i] = by;
		for (int i = 0; i < 2 && x->body[i]; i++)
			replace_in(x->body[i], old, by);
	}
}

static void forward_block(Forward *f, KBlock *b)
{
	forget(f);
	for (KOp *x = b->first, *next; x; x = next) {
		next = x->next;
		if (x->body[0]) {
			bool touches = has_local_access(f, x->body[0]) || (x->body[1] && has_local_access(f, x->body[1]));
			Store **keep = ARENA_ARRAY(f->k->arena, Store *, f->k->buf.n + 1);
			memcpy(keep, f->last, sizeof *keep * (size_t)f->k->buf.n);
			for (int i = 0; i < 2 && x->body[i]; i++)
				forward_block(f, x->body[i]);
			if (touches)
				forget(f);
			else
				memcpy(f->last, keep, sizeof *keep * (size_t)f->k->buf.n);
			continue;
		}
		if ((x->kind != K_LOAD && x->kind != K_STORE) || f->k->buf.at[x->buf].kind != KB_LOCAL)
			continue;
		if (x->kind == K_STORE) {
			Store *s = ARENA_NEW(f->k->arena, Store);
			*s = (Store){ x, f->last[x->buf] };
			f->last[x->buf] = s;
			continue;
		}
		KOp *v = stored(f, x);
		if (v) {
			replace_in(b, x, v);
			kop_erase(x);
		} else {
			f->read[x->buf] = true;
		}
	}
}

static void drop_unread(Forward *f, KBlock *b)
{
	for (KOp *x = b->first, *next; x; x = next) {
		next = x->next;
		for (int i = 0; i < 2 && x->body[i]; i++)
			drop_unread(f, x->body[i]);
		if (x->kind == K_STORE && f->k->buf.at[x->buf].kind == KB_LOCAL && !f->read[x->buf])
			kop_erase(x);
	}
}

static bool is_access(const KOp *x)
{
	return x->kind == K_LOAD || x->kind == K_STORE || x->kind == K_PREFETCH;
}

static void mark_used(const KBlock *b, bool *used)
{
	for (const KOp *x = b->first; x; x = x->next) {
		if (is_access(x))
			used[x->buf] = true;
		for (int i = 0; i < 2 && x->body[i]; i++)
			mark_used(x->body[i], used);
	}
}

static void renumber(KBlock *b, const int *number)
{
	for (KOp *x = b->first; x; x = x->next) {
		if (is_access(x))
			x->buf = number[x->buf];
		for (int i = 0; i < 2 && x->body[i]; i++)
			renumber(x->body[i], number);
	}
}

/* Local arrays that nothing touches are no longer declared. */
static void drop_unused(Kernel *k)
{
	bool *used = ARENA_ARRAY(k->arena, bool, k->buf.n + 1);
	int *number = ARENA_ARRAY(k->arena, int, k->buf.n + 1);
	int n = 0;

	mark_used(k->body, used);
	for (int i = 0; i < k->buf.n; i++) {
		number[i] = n;
		if (used[i] || k->buf.at[i].kind != KB_LOCAL)
			k->buf.at[n++] = k->buf.at[i];
	}
	k->buf.n = n;
	renumber(k->body, number);
}

void sched_forward(Kernel *k)
{
	Forward f = { k, ARENA_ARRAY(k->arena, Store *, k->buf.n + 1), ARENA_ARRAY(k->arena, bool, k->buf.n + 1) };

	forward_block(&f, k->body);
	drop_unread(&f, k->body);
	drop_unused(k);
}

/* A loop of one trip is its body. */
static void open_loops(Kernel *k, KBlock *b)
{
	for (KOp *x = b->first, *next; x; x = next) {
		int64_t lo, hi;

		next = x->next;
		for (int i = 0; i < 2 && x->body[i]; i++)
			open_loops(k, x->body[i]);
		if (x->kind != K_FOR || !kop_const(x->arg[0], &lo) || !kop_const(x->arg[1], &hi) || hi <= lo || hi - lo > x->imm)
			continue;
		KBuild at = { k, b, x };
		Map map;
		map_init(&map, k->arena);
		map_set(&map, x, kb_int(&at, lo));
		for (KOp *y = x->body[0]->first; y; y = y->next)
			kop_clone(&at, y, &map);
		kop_erase(x);
	}
}

void sched_open_loops(Kernel *k)
{
	open_loops(k, k->body);
}
