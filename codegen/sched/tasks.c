/* codegen/sched/tasks.c - collapsing loops, cutting the outermost ones into tasks, erasing what is unused. */
#include "codegen/sched/sched.h"

#include "ir/base/check.h"

/* Collapse. */

static bool is_zero(const KOp *x)
{
	int64_t c;
	return kop_const(x, &c) && c == 0;
}

static bool leads_to(const Kernel *k, KOp *x, const KOp *outer, const KOp *inner)
{
	if (x == outer || x == inner)
		return true;
	if (x->kind == K_LOAD || x->visit == k->visits)
		return false;   /* what is loaded is as good as the position that it is loaded from */
	x->visit = k->visits;
	for (int i = 0; i < x->nargs; i++)
		if (leads_to(k, x->arg[i], outer, inner))
			return true;
	return false;
}

/* Is x computed from the position in one of the loops, other than by a load? */
static bool is_made_of(Kernel *k, KOp *x, const KOp *outer, const KOp *inner)
{
	k->visits++;
	return leads_to(k, x, outer, inner);
}

/* Every position inside is linear in outer * extent + inner, and neither loop is used otherwise. */
static bool accesses_linear(KBuild *at, const KBlock *b, const KOp *outer, const KOp *inner, KOp *extent)
{
	for (KOp *x = b->first; x; x = x->next) {
		if (x->kind == K_LOAD || x->kind == K_STORE) {
			KOp *co, *ci;
			if (!kop_affine(at, x->arg[0], outer, &co) || !kop_affine(at, x->arg[0], inner, &ci) ||
			    kb_mul(at, ci, extent) != co)
				return false;
			for (int i = 1; i < x->nargs; i++)
				if (is_made_of(at->k, x->arg[i], outer, inner))
					return false;
		} else if (x->kind == K_OP) {
			/* Index arithmetic may only add, subtract and multiply; anything else that depends on the loops
			   through an i64 (a conversion, a comparison) sees the position itself. */
			bool arithmetic = x->type.dtype == DT_I64 && (x->op == SC_add || x->op == SC_sub || x->op == SC_mul);
			for (int i = 0; i < x->nargs && !arithmetic; i++)
				if (is_made_of(at->k, x->arg[i], outer, inner))
					return false;
		} else if (x->kind == K_FOR || x->kind == K_IF || x->kind == K_WHILE || x->kind == K_SET ||
		           x->kind == K_VAR) {
			return false;
		}
	}
	return true;
}

bool sched_collapse(Kernel *k, KOp *outer)
{
	KOp *inner = outer->body[0]->first;
	KBuild b = { k, outer->block, outer };
	Map map;

	/* Index arithmetic of the outer position may stand before the inner loop. */
	while (inner && inner->kind == K_OP)
		inner = inner->next;
	if (!inner || inner->next || inner->kind != K_FOR || !loop_is_independent(outer) || !loop_is_independent(inner) ||
	    outer->imm != 1 || inner->imm != 1 || !is_zero(outer->arg[0]) || !is_zero(inner->arg[0]))
		return false;
	Dim n = loop_count(k, outer), m = loop_count(k, inner);
	Dim all = n && m ? dim_mul(k->dims, n, m) : NULL;
	KBuild scratch = { k, inner->body[0], NULL };
	if (!all || !accesses_linear(&scratch, inner->body[0], outer, inner, inner->arg[1]))
		return false;
	map_init(&map, k->arena);
	KOp *one = kb_for(&b, kb_int(&b, 0), kb_dim(&b, all), 1, inner->role);
	map_set(&map, outer, kb_int(&b, 0));
	map_set(&map, inner, one);
	for (KOp *x = outer->body[0]->first; x != inner; x = x->next)
		kop_clone(&b, x, &map);
	for (KOp *x = inner->body[0]->first; x; x = x->next)
		kop_clone(&b, x, &map);
	kop_erase(outer);
	return true;
}

/* Tasks. */

enum { TASKS_MAX = 64 };

/* Two loops can be cut into tasks together when none reads what another writes. */
static bool reads_outputs(const Kernel *k, const KBlock *b)
{
	for (const KOp *x = b->first; x; x = x->next) {
		if (x->kind == K_LOAD && k->buf.at[x->buf].kind == KB_OUT)
			return true;
		for (int i = 0; i < 2 && x->body[i]; i++)
			if (reads_outputs(k, x->body[i]))
				return true;
	}
	return false;
}

static bool only_value_ops(const KOp *x)
{
	return x->kind == K_CONST || x->kind == K_PARAM || x->kind == K_OP || x->kind == K_LOAD || x->kind == K_TASK;
}

/* One loop over both positions, cut apart again inside. */
static KOp *flatten(Kernel *k, KOp *outer)
{
	KOp *inner = outer->body[0]->first;

	while (inner && inner->kind == K_OP)
		inner = inner->next;
	/* Rows and columns stay loops: they become tiles and vectors. */
	if (!inner || inner->next || (inner->role != KR_BATCH && inner->role != KR_PANEL) || outer->imm != 1 || inner->imm != 1 ||
	    !is_zero(outer->arg[0]) || !is_zero(inner->arg[0]) || !loop_count(k, outer) || !loop_count(k, inner))
		return NULL;
	KBuild b = { k, outer->block, outer };
	Map map;
	Dim n = dim_mul(k->dims, loop_count(k, outer), loop_count(k, inner));
	if (!n)
		return NULL;
	map_init(&map, k->arena);
	KOp *one = kb_for(&b, kb_int(&b, 0), kb_dim(&b, n), 1, outer->role);
	map_set(&map, outer, kb_op(&b, SC_div, one, inner->arg[1], NULL));
	map_set(&map, inner, kb_op(&b, SC_rem, one, inner->arg[1], NULL));
	for (KOp *x = outer->body[0]->first; x != inner; x = x->next)
		kop_clone(&b, x, &map);
	for (KOp *x = inner->body[0]->first; x; x = x->next)
		kop_clone(&b, x, &map);
	kop_erase(outer);
	return one;
}

static void narrow(Kernel *k, KOp *loop, KOp *task, KOp *ntasks)
{
	KBuild b = { k, loop->block, loop };
	KOp *lo = loop->arg[0], *hi = loop->arg[1], *step = kb_int(&b, loop->imm);
	KOp *n = kb_sub(&b, hi, lo);

	if (loop->imm > 1)
		n = kb_op(&b, SC_div, kb_add(&b, n, kb_int(&b, loop->imm - 1)), step, NULL);
	KOp *from = kb_op(&b, SC_div, kb_mul(&b, task, n), ntasks, NULL);
	KOp *to = kb_op(&b, SC_div, kb_mul(&b, kb_add(&b, task, kb_int(&b, 1)), n), ntasks, NULL);
	loop->arg[0] = kb_add(&b, lo, kb_mul(&b, from, step));
	loop->arg[1] = kb_op(&b, SC_min, kb_add(&b, lo, kb_mul(&b, to, step)), hi, NULL);
}

static bool small(Dim count)
{
	return !dim_is_const(count) || count->value < 16;
}

/* The only loop inside, or NULL. */
static KOp *perfect_inner(const KOp *loop)
{
	KOp *inner = loop->body[0]->first;

	while (inner && inner->kind == K_OP)
		inner = inner->next;
	return inner && !inner->next && inner->kind == K_FOR ? inner : NULL;
}

/* The loop of a nest to cut into tasks: the outermost, made one with those inside while it is short.  The rows of a
   contraction stay a loop of their own, for register tiles; they are cut themselves when there are few panels. */
static KOp *task_loop(Kernel *k, KOp *loop)
{
	for (int i = 0; i < 2 && small(loop_count(k, loop)); i++) {
		const KOp *inner = perfect_inner(loop);
		bool rows = inner && inner->role == KR_M && loop_count(k, inner);
		if (rows && dim_is_const(loop_count(k, loop)) && loop_count(k, loop)->value < 4)
			return perfect_inner(loop);
		KOp *one = rows ? NULL : flatten(k, loop);
		if (!one)
			break;
		loop = one;
	}
	return loop;
}

void sched_tasks(Kernel *k, int64_t grain)
{
	Dim most = NULL;
	VEC(KOp *) cut = { 0 };
	int nloops = 0;

	for (KOp *x = k->body->first; x; x = x->next) {
		if (!only_value_ops(x) && x->kind != K_FOR)
			return;
		if (x->kind != K_FOR)
			continue;
		if (!loop_is_independent(x) || !loop_count(k, x))
			return;
		nloops++;
	}
	if (nloops == 0 || !k->flops || (nloops > 1 && reads_outputs(k, k->body)))
		return;
	Dim tasks = dim_floordiv(k->dims, k->flops, dim_const(k->dims, grain));
	if (tasks && dim_is_const(tasks) && tasks->value <= 1)
		return;
	for (KOp *x = k->body->first, *next; x; x = next) {
		next = x->next;
		if (x->kind != K_FOR)
			continue;
		KOp *loop = task_loop(k, x);
		Dim n = loop_count(k, loop);
		most = most ? dim_max(k->dims, most, n) : n;
		vec_push(k->arena, &cut, loop);
	}
	tasks = dim_min(k->dims, tasks, dim_const(k->dims, TASKS_MAX));
	tasks = dim_max(k->dims, dim_min(k->dims, tasks, most), dim_const(k->dims, 1));
	if (!tasks || dim_is(tasks, 1))
		return;
	k->ntasks = tasks;
	KBuild top = { k, k->body, k->body->first };
	while (top.before && (top.before->kind == K_CONST || top.before->kind == K_PARAM))
		top.before = top.before->next;
	KOp *ntasks = kb_dim(&top, tasks);
	KOp *task = ARENA_NEW(k->arena, KOp);
	*task = (KOp){ .kind = K_TASK, .type = { DT_I64, 1 }, .block = k->body, .next = top.before };
	task->prev = top.before ? top.before->prev : k->body->last;
	*(task->prev ? &task->prev->next : &k->body->first) = task;
	*(top.before ? &top.before->prev : &k->body->last) = task;
	for (int i = 0; i < cut.n; i++)
		narrow(k, cut.at[i], task, ntasks);
}

/* Dead values. */

static void mark_live(KOp *x)
{
	if (x->mark)
		return;
	x->mark = x;
	for (int i = 0; i < x->nargs; i++)
		mark_live(x->arg[i]);
}

static bool mark_statements(KBlock *b)
{
	bool any = false;

	for (KOp *x = b->first; x; x = x->next) {
		bool inner = false;
		for (int i = 0; i < 2 && x->body[i]; i++)
			inner = mark_statements(x->body[i]) || inner;
		if (x->kind == K_STORE || x->kind == K_PREFETCH || x->kind == K_SET || inner || x->kind == K_WHILE) {
			mark_live(x);
			any = true;
		}
		if (x->kind == K_WHILE)
			mark_live(x->body[0]->last);
	}
	return any;
}

static void clear_marks(KBlock *b)
{
	for (KOp *x = b->first; x; x = x->next) {
		x->mark = NULL;
		for (int i = 0; i < 2 && x->body[i]; i++)
			clear_marks(x->body[i]);
	}
}

static void sweep(KBlock *b)
{
	for (KOp *x = b->first, *next; x; x = next) {
		next = x->next;
		if (!x->mark) {
			kop_erase(x);
			continue;
		}
		for (int i = 0; i < 2 && x->body[i]; i++)
			sweep(x->body[i]);
	}
}

void sched_dce(Kernel *k)
{
	clear_marks(k->body);
	mark_statements(k->body);
	sweep(k->body);
}
