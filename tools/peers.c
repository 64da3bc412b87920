/* tools/peers.c - the rendezvous of processes that are threads: who waits for whom, and when that has no end.

   A process runs, waits at an op for the others of its group, or has ended.  Whoever completes a group makes a meeting of it: all
   members run again, and read each other's operands until the last one leaves.  When nobody runs and somebody waits, nobody ever
   will: all who wait fail, each with what the first missing member of its group does instead. */
#include "tools/peers.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "ir/base/map.h"
#include "ir/collective.h"

typedef enum State { RUNS, WAITS, ENDED } State;

/* Members that read each other's operands. */
typedef struct Meeting {
	int left;                        /* who still has to leave; then who still has to notice */
	int n, noticed;
	Tensor *const *in[PROCESSES_MAX];
} Meeting;

typedef struct Process {
	Peers     *all;
	int        number;
	EvalPeers  eval;
	Arena     *arena;
	Map        op;                   /* Op* -> its number in the module, from 1 on */
	pthread_t  thread;
	State      state;
	const Op  *at;                   /* WAITS: where, with what, for whom */
	intptr_t   at_number;
	Tensor *const *in;
	int        n;
	int        member[PROCESSES_MAX];
	Meeting   *meeting;
	State      end_state;            /* when nobody went on any more */
	bool       stuck, ok;
} Process;

struct Peers {
	int      replicas, partitions, n, running;
	bool     over;                   /* nobody goes on any more */
	pthread_mutex_t lock;
	pthread_cond_t  changed;
	bool   (*work)(void *arg, int i);
	void    *arg;
	Process *process;
};

const char *peers_name(const Peers *p, Arena *a, int i)
{
	if (p->partitions == 1)
		return arena_printf(a, "replica %d", i);
	if (p->replicas == 1)
		return arena_printf(a, "partition %d", i);
	return arena_printf(a, "replica %d, partition %d", i / p->partitions, i % p->partitions);
}

/* Meeting. */

/* Does member m stand where me does, for the same group? */
static bool is_there(const Process *me, const Process *m)
{
	return m->state == WAITS && m->at_number == me->at_number && m->n == me->n &&
	       memcmp(m->member, me->member, sizeof *me->member * (size_t)me->n) == 0;
}

static int first_missing(const Process *me)
{
	for (int i = 0; i < me->n; i++)
		if (!is_there(me, &me->all->process[me->member[i]]))
			return me->member[i];
	return -1;
}

/* Makes a meeting of a group that is complete.  False: out of memory. */
static bool begin_meeting(Peers *p, const Process *me)
{
	Meeting *m = calloc(1, sizeof *m);

	if (!m)
		return false;
	m->n = m->left = me->n;
	for (int i = 0; i < me->n; i++) {
		Process *member = &p->process[me->member[i]];
		m->in[i] = member->in;
		member->meeting = m;
		member->state = RUNS;
	}
	p->running += me->n;
	pthread_cond_broadcast(&p->changed);
	return true;
}

/* Called with one process fewer that runs. */
static void look_for_the_end(Peers *p)
{
	bool waits = false;

	for (int i = 0; i < p->n; i++)
		waits = waits || p->process[i].state == WAITS;
	if (p->running || !waits)
		return;
	p->over = true;
	for (int i = 0; i < p->n; i++)
		p->process[i].end_state = p->process[i].state;
	pthread_cond_broadcast(&p->changed);
}

/* p->over: where the others stood then.  at_number and the rest of those who waited do not change any more. */
static void report(Process *me, Ctx *ctx)
{
	Peers *p = me->all;
	int missing = -1;

	for (int i = 0; i < me->n && missing < 0; i++) {
		const Process *m = &p->process[me->member[i]];
		bool there = m->end_state == WAITS && m->at_number == me->at_number;
		if (!there)
			missing = me->member[i];
	}
	if (missing < 0) {
		diag_system(&ctx->diag, "out of memory where processes meet");
		return;
	}
	const Process *m = &p->process[missing];
	if (m->end_state == ENDED) {
		diag_error(&ctx->diag, me->at->loc, "%s: waits for %s, which has ended without coming here", op_row(me->at)->name,
		           peers_name(p, ctx->arena, missing));
	} else {
		diag_error(&ctx->diag, me->at->loc, "%s: waits for %s, which waits elsewhere: none of them can go on", op_row(me->at)->name,
		           peers_name(p, ctx->arena, missing));
		diag_note(&ctx->diag, m->at->loc, "%s waits here, at %s", peers_name(p, ctx->arena, missing), op_row(m->at)->name);
	}
}

static bool meet(void *arg, Ctx *ctx, const Op *op, int n, const int *member, Tensor *const *in, Tensor *const **all)
{
	Process *me = arg;
	Peers *p = me->all;

	pthread_mutex_lock(&p->lock);
	me->state = WAITS;
	me->at = op;
	me->at_number = (intptr_t)map_get(&me->op, op);
	me->in = in;
	me->n = n;
	memcpy(me->member, member, sizeof *member * (size_t)n);
	p->running--;
	if (first_missing(me) >= 0 || !begin_meeting(p, me))
		look_for_the_end(p);
	while (!me->meeting && !p->over)
		pthread_cond_wait(&p->changed, &p->lock);
	bool met = me->meeting != NULL;
	if (met)
		memcpy(all, me->meeting->in, sizeof *all * (size_t)n);
	else
		report(me, ctx);
	me->stuck = !met;
	pthread_mutex_unlock(&p->lock);
	return met;
}

static void leave(void *arg)
{
	Process *me = arg;
	Peers *p = me->all;
	Meeting *m = me->meeting;

	pthread_mutex_lock(&p->lock);
	if (--m->left == 0)
		pthread_cond_broadcast(&p->changed);
	while (m->left)
		pthread_cond_wait(&p->changed, &p->lock);
	me->meeting = NULL;
	if (++m->noticed == m->n)
		free(m);
	pthread_mutex_unlock(&p->lock);
}

/* Running. */

static void *run_process(void *arg)
{
	Process *me = arg;
	Peers *p = me->all;
	bool ok = p->work(p->arg, me->number);

	pthread_mutex_lock(&p->lock);
	me->ok = ok;
	me->state = ENDED;
	if (!me->stuck) {
		p->running--;
		look_for_the_end(p);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

bool peers_run(Peers *p, bool (*work)(void *arg, int i), void *arg, bool *ok)
{
	int made = 0;

	p->work = work;
	p->arg = arg;
	p->running = p->n;
	pthread_mutex_lock(&p->lock);      /* nobody ends before all are made */
	while (made < p->n && pthread_create(&p->process[made].thread, NULL, run_process, &p->process[made]) == 0)
		made++;
	for (int i = made; i < p->n; i++) {
		p->process[i].state = ENDED;
		p->running--;
	}
	pthread_mutex_unlock(&p->lock);
	for (int i = 0; i < made; i++)
		pthread_join(p->process[i].thread, NULL);
	for (int i = 0; i < p->n; i++)
		ok[i] = p->process[i].ok;
	return made == p->n;
}

bool peers_stuck(const Peers *p, int i)
{
	return p->process[i].stuck;
}

const EvalPeers *peers_eval(const Peers *p, int i)
{
	return &p->process[i].eval;
}

typedef struct Count { Map *to; intptr_t n; } Count;

static bool number_op(Op *op, void *arg)
{
	Count *c = arg;

	map_set(c->to, op, (void *)++c->n);
	return true;
}

void peers_module(Peers *p, int i, const Module *m)
{
	Count c = { .to = &p->process[i].op };

	for (int k = 0; k < m->funcs.n; k++)
		block_walk(m->funcs.at[k]->body, number_op, &c);
}

Peers *peers_new(int replicas, int partitions)
{
	Peers *p = calloc(1, sizeof *p);
	int n = replicas * partitions;

	if (p)
		p->process = calloc((size_t)n, sizeof *p->process);
	if (!p || !p->process) {
		free(p);
		return NULL;
	}
	p->replicas = replicas;
	p->partitions = partitions;
	p->n = n;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->changed, NULL);
	for (int i = 0; i < n; i++) {
		Process *q = &p->process[i];
		q->all = p;
		q->number = i;
		q->arena = arena_new();
		map_init(&q->op, q->arena);
		q->eval = (EvalPeers){ replicas, partitions, i / partitions, i % partitions, meet, leave, q };
	}
	return p;
}

void peers_free(Peers *p)
{
	if (!p)
		return;
	for (int i = 0; i < p->n; i++)
		arena_free(p->process[i].arena);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->changed);
	free(p->process);
	free(p);
}
