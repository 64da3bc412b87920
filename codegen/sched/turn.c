/* codegen/sched/turn.c - loops that read across memory: a transposition and what is fused with it.

   Where the innermost loop writes consecutive elements but reads elements that lie apart, some loop around it reads
   consecutive ones.  sched_turn brings that loop next to the innermost, which it cuts into strips, so that a line of
   memory is still in the cache when its next element is read; sched_turn_tiles then makes square tiles of `side` rows
   and columns, whose turned loads are `side` vector loads and a network of K_ZIP (the perfect shuffle, applied log2(side)
   times, transposes). */
#include "codegen/sched/sched.h"

#include "ir/base/check.h"

enum { STRIP = 64, DEEPEST = 8 };

/* loop[0] is the outermost; each holds index arithmetic and the next, the last one the work. */
typedef struct Nest {
	int  n;
	KOp *loop[DEEPEST];
} Nest;

static bool starts_at_zero(const KOp *loop)
{
	int64_t lo;

	return kop_const(loop->arg[0], &lo) && lo == 0 && loop->imm == 1;
}

static bool nest_of(Kernel *k, KOp *outer, Nest *nest)
{
	nest->n = 0;
	for (KOp *x = outer; x;) {
		if (nest->n == DEEPEST || !loop_is_independent(x) || !starts_at_zero(x) || !loop_count(k, x))
			return false;
		nest->loop[nest->n++] = x;
		KOp *inner = x->body[0]->first;
		while (inner && inner->kind == K_OP)
			inner = inner->next;
		if (!inner || inner->kind != K_FOR)
			break;
		if (inner->next)
			return false;
		x = inner;
	}
	const KOp *last = nest->loop[nest->n - 1];
	if (nest->n < 2 || last->role != KR_N)
		return false;
	for (const KOp *x = last->body[0]->first; x; x = x->next)
		if (x->kind != K_OP && x->kind != K_LOAD && x->kind != K_STORE && x->kind != K_CONST)
			return false;
	return true;
}

static bool steps_by(KBuild *b, KOp *index, const KOp *loop, int64_t step)
{
	KOp *coef;
	int64_t c;

	return kop_affine(b, index, loop, &coef) && kop_const(coef, &c) && c == step;
}

/* Marks the loads that are to be turned, and finds the loop along which all of them are consecutive; -1: none. */
static int find_turned(Kernel *k, const Nest *nest)
{
	KOp *last = nest->loop[nest->n - 1];
	KBuild b = { k, last->body[0], NULL };
	int found = -1;

	for (KOp *x = last->body[0]->first, *next; x; x = next) {
		int at = -1;
		KOp *coef;
		int64_t c;

		next = x->next;
		if (x->kind == K_STORE && !steps_by(&b, x->arg[0], last, 1) && !steps_by(&b, x->arg[0], last, 2))
			return -1;      /* 2: half of a pair, see pairs.c */
		if (x->kind != K_LOAD || x->nargs > 1 || !kop_affine(&b, x->arg[0], last, &coef) ||
		    (kop_const(coef, &c) && c >= -1 && c <= 1))
			continue;
		for (int i = 0; i < nest->n - 1; i++)
			if (nest->loop[i]->role == KR_BATCH && steps_by(&b, x->arg[0], nest->loop[i], 1))
				at = i;
		if (at < 0)
			continue;
		if (found >= 0 && at != found)
			return -1;
		found = at;
		x->flags |= KF_TURNED;
	}
	return found;
}

static void forget(KBlock *b)
{
	for (KOp *x = b->first; x; x = x->next) {
		x->flags &= ~(unsigned)KF_TURNED;
		for (int i = 0; i < 2 && x->body[i]; i++)
			forget(x->body[i]);
	}
}

static bool at_least(Dim n, int64_t least)
{
	return !dim_is_const(n) || n->value >= least;
}

/* Builds the nest again: the loop `at` comes last but one, the last one in strips. */
static void reorder(Kernel *k, const Nest *nest, int at)
{
	KOp *last = nest->loop[nest->n - 1], *turned = nest->loop[at];
	KBuild b = { k, nest->loop[0]->block, nest->loop[0] };
	Dim n = loop_count(k, last), strip = dim_const(k->dims, STRIP);
	bool strips = at_least(n, STRIP + 1);
	KOp *from = NULL, *to = last->arg[1];
	Map map;

	map_init(&map, k->arena);
	for (int i = 0; i < nest->n - 1; i++)
		if (i != at)
			map_set(&map, nest->loop[i], kb_for(&b, kb_int(&b, 0), nest->loop[i]->arg[1], 1, KR_BATCH));
	if (strips) {
		KOp *s = kb_for(&b, kb_int(&b, 0), kb_dim(&b, dim_ceildiv(k->dims, n, strip)), 1, KR_BATCH);
		from = kb_mul(&b, s, kb_int(&b, STRIP));
		to = kb_int(&b, STRIP);
		if (!dim_is_const(n) || n->value % STRIP != 0)
			to = kb_op(&b, SC_min, to, kb_sub(&b, last->arg[1], from), NULL);
	}
	/* The rows stay a loop of their own, whatever becomes of those around it. */
	map_set(&map, turned, kb_for(&b, kb_int(&b, 0), turned->arg[1], 1, strips || nest->n > 2 ? KR_M : KR_BATCH));
	KOp *inner = kb_for(&b, kb_int(&b, 0), to, 1, KR_N);
	map_set(&map, last, from ? kb_add(&b, from, inner) : inner);
	for (int i = 0; i < nest->n; i++)
		for (KOp *x = nest->loop[i]->body[0]->first; x && x->kind != K_FOR; x = x->next)
			kop_clone(&b, x, &map);
	kop_erase(nest->loop[0]);
}

bool sched_turn(Kernel *k, int side)
{
	bool any = false;

	for (KOp *x = k->body->first, *next; x; x = next) {
		Nest nest;

		next = x->next;
		if (x->kind != K_FOR || !nest_of(k, x, &nest))
			continue;
		int at = find_turned(k, &nest);
		if (at < 0 || !at_least(loop_count(k, nest.loop[at]), side) ||
		    !at_least(loop_count(k, nest.loop[nest.n - 1]), side)) {
			forget(x->body[0]);
			continue;
		}
		reorder(k, &nest, at);
		any = true;
	}
	return any;
}

static bool has_turned(const KBlock *b)
{
	for (const KOp *x = b->first; x; x = x->next)
		if (x->kind == K_LOAD && x->flags & KF_TURNED)
			return true;
	return false;
}

/* Are the turned loads consecutive along the loop still, now that others may have been joined to it? */
static bool rows_follow(Kernel *k, KOp *inner, const KOp *outer)
{
	KBuild b = { k, inner->body[0], NULL };

	for (KOp *x = inner->body[0]->first; x; x = x->next)
		if (x->kind == K_LOAD && x->flags & KF_TURNED && !steps_by(&b, x->arg[0], outer, 1))
			return false;
	return true;
}

typedef VEC(KOp *) Loops;

/* Innermost loops with turned loads. */
static void find_inner(Kernel *k, const KBlock *b, Loops *out)
{
	for (KOp *x = b->first; x; x = x->next)
		for (int i = 0; i < 2 && x->body[i]; i++) {
			if (x->kind == K_FOR && has_turned(x->body[i]))
				vec_push(k->arena, out, x);
			find_inner(k, x->body[i], out);
		}
}

void sched_turn_tiles(Kernel *k, int side, bool masked_tail)
{
	Loops loops = { 0 };

	find_inner(k, k->body, &loops);
	for (int i = 0; i < loops.n && side > 1; i++) {
		KOp *outer = loops.at[i]->block->parent;
		if (rows_follow(k, loops.at[i], outer))
			sched_jam(k, outer, side);
		else
			forget(loops.at[i]->body[0]);
	}
	loops.n = 0;
	find_inner(k, k->body, &loops);
	for (int i = 0; i < loops.n; i++) {
		KOp *inner = loops.at[i], *outer = inner->block->parent;
		/* What is left over at the end of the rows is narrower. */
		if (side < 2 || outer->imm != side)
			forget(inner->body[0]);
		else
			sched_vectorize(k, inner, side, VEC_SHUFFLES | (masked_tail ? VEC_MASKED_TAIL : 0));
	}
	forget(k->body);
}
