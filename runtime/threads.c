/* threads.c - the pool: n - 1 workers beside the caller, static partition, spin then park.

   Caller and worker talk through gates.  A gate is a number on a cache line of its own with one setter and one waiter:
   the waiter spins until the number is the one that it waits for, and after a while sleeps.  Each worker has two: `go`
   counts the loops that it was given, `done` those that it has finished.  A loop moves the `go` of the workers that take
   part and of no other, and ends when each of these has moved its `done`; so a worker that has no task is not woken, and
   never looks at a loop that it is not part of.

   Sleeping is safe against a lost wake-up by the usual two-sided order: the waiter announces that it sleeps, then looks
   at the number; the setter stores the number, then looks whether someone sleeps; all four sequentially consistent.

   The caller releases workers one after the other.  A tree would pay from some 32 workers on. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE  /* CPU affinity */
#endif
#include "runtime/threads.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <sched.h>
#if !defined(TFRT_NO_FUTEX)
#include <linux/futex.h>
#include <sys/syscall.h>
#define HAVE_FUTEX 1
#endif
#endif

#define LINE            64
#define DEFAULT_SPIN_NS 50000

typedef struct Gate {
	_Alignas(LINE) _Atomic uint32_t number;
	_Atomic uint32_t asleep;
#ifndef HAVE_FUTEX
	pthread_mutex_t mutex;
	pthread_cond_t  cond;
#endif
} Gate;

typedef struct Worker {
	Gate              go, done;
	struct tfrt_pool *pool;
	pthread_t         thread;
	uint32_t          loops;   /* that it was given; the caller's own note */
	int32_t           index;   /* its worker number, from 1 on */
	int32_t           cpu;     /* to bind to, or -1 */
} Worker;

struct tfrt_pool {
	/* The loop that runs; written by the caller while no worker looks. */
	tfrt_task_fn fn;           /* NULL: end the thread */
	void        *arg;
	int64_t      ntasks;
	int32_t      nparts;

	int64_t      spin_ns;
	int32_t      nworkers;     /* without the caller */
	Worker       worker[];
};

/* ---- gates ---- */

static void gate_init(Gate *g)
{
	atomic_init(&g->number, 0);
	atomic_init(&g->asleep, 0);
#ifndef HAVE_FUTEX
	pthread_mutex_init(&g->mutex, NULL);
	pthread_cond_init(&g->cond, NULL);
#endif
}

static void gate_free(Gate *g)
{
#ifdef HAVE_FUTEX
	(void)g;
#else
	pthread_mutex_destroy(&g->mutex);
	pthread_cond_destroy(&g->cond);
#endif
}

static void gate_set(Gate *g, uint32_t number)
{
	atomic_store(&g->number, number);
	if (!atomic_load(&g->asleep))
		return;
#ifdef HAVE_FUTEX
	syscall(SYS_futex, &g->number, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
#else
	pthread_mutex_lock(&g->mutex);
	pthread_cond_signal(&g->cond);
	pthread_mutex_unlock(&g->mutex);
#endif
}

static void gate_sleep(Gate *g, uint32_t number)
{
#ifdef HAVE_FUTEX
	atomic_store(&g->asleep, 1);
	for (uint32_t seen; (seen = atomic_load(&g->number)) != number;)
		syscall(SYS_futex, &g->number, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
	atomic_store(&g->asleep, 0);
#else
	pthread_mutex_lock(&g->mutex);
	atomic_store(&g->asleep, 1);
	while (atomic_load(&g->number) != number)
		pthread_cond_wait(&g->cond, &g->mutex);
	atomic_store(&g->asleep, 0);
	pthread_mutex_unlock(&g->mutex);
#endif
}

static inline void pause_cpu(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("isb" ::: "memory");
#endif
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void gate_wait(Gate *g, uint32_t number, int64_t spin_ns)
{
	if (spin_ns > 0) {
		/* The first round is free of the clock: most waits between two kernels end in it. */
		int64_t end = 0;
		do {
			for (int i = 0; i < 32; i++) {
				if (atomic_load_explicit(&g->number, memory_order_acquire) == number)
					return;
				pause_cpu();
			}
			int64_t now = now_ns();
			if (end == 0)
				end = now + spin_ns;
			else if (now >= end)
				break;
		} while (true);
	}
	if (atomic_load(&g->number) != number)
		gate_sleep(g, number);
}

/* ---- loops ---- */

static void part_run(const tfrt_pool *p, int32_t w)
{
	int64_t each = p->ntasks / p->nparts, rest = p->ntasks % p->nparts;
	int64_t begin = each * w + (w < rest ? w : rest);
	int64_t end = begin + each + (w < rest);

	for (int64_t t = begin; t < end; t++)
		p->fn(p->arg, t, w);
}

void tfrt_pool_run(void *pool, tfrt_task_fn fn, void *arg, int64_t ntasks)
{
	tfrt_pool *p = pool;

	if (ntasks <= 0)
		return;
	p->fn = fn;
	p->arg = arg;
	p->ntasks = ntasks;
	p->nparts = ntasks <= p->nworkers ? (int32_t)ntasks : p->nworkers + 1;
	for (int32_t i = 0; i < p->nparts - 1; i++)
		gate_set(&p->worker[i].go, ++p->worker[i].loops);
	part_run(p, 0);
	for (int32_t i = 0; i < p->nparts - 1; i++)
		gate_wait(&p->worker[i].done, p->worker[i].loops, p->spin_ns);
}

/* ---- threads ---- */

#if defined(__linux__)
int32_t tfrt_cpu_count(void)
{
	cpu_set_t set;

	/* Fails on machines with more CPUs than a cpu_set_t has bits. */
	if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
		return CPU_COUNT(&set);
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 ? (int32_t)n : 1;
}

/* The k-th CPU (from 1 on) after the one that the caller is on, among those allowed; -1: do not bind. */
static int32_t cpu_after_caller(int32_t k)
{
	cpu_set_t set;
	int       here = sched_getcpu();

	if (here < 0 || sched_getaffinity(0, sizeof set, &set) != 0 || CPU_COUNT(&set) == 0)
		return -1;
	int32_t cpu = here;
	for (k %= CPU_COUNT(&set); k > 0; k--) {
		do
			cpu = (cpu + 1) % CPU_SETSIZE;
		while (!CPU_ISSET(cpu, &set));
	}
	return cpu;
}

static void bind_to(int32_t cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	/* A wish, not a need: a refusal is not an error. */
	(void)pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}
#else
int32_t tfrt_cpu_count(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n > 0 ? (int32_t)n : 1;
}

static int32_t cpu_after_caller(int32_t k)
{
	(void)k;
	return -1;
}

static void bind_to(int32_t cpu)
{
	(void)cpu;
}
#endif

static void *worker_main(void *arg)
{
	Worker          *w = arg;
	const tfrt_pool *p = w->pool;

	if (w->cpu >= 0)
		bind_to(w->cpu);
	for (uint32_t loop = 1;; loop++) {
		gate_wait(&w->go, loop, p->spin_ns);
		if (!p->fn)
			return NULL;
		part_run(p, w->index);
		gate_set(&w->done, loop);
	}
}

/* Signal handlers of the program run on its own threads, never on ours. */
static bool worker_start(Worker *w)
{
	sigset_t all, old;

	sigfillset(&all);
	if (pthread_sigmask(SIG_SETMASK, &all, &old) != 0)
		return false;
	bool ok = pthread_create(&w->thread, NULL, worker_main, w) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return ok;
}

tfrt_pool *tfrt_pool_open(int32_t threads, bool pin, int64_t spin_ns)
{
	tfrt_pool *p;
	void      *memory;

	if (posix_memalign(&memory, _Alignof(tfrt_pool), sizeof *p + (size_t)(threads - 1) * sizeof(Worker)) != 0)
		return NULL;
	p = memory;
	p->nworkers = 0;
	p->spin_ns = spin_ns;
	/* More threads than CPUs: whoever spins keeps the CPU from one that works. */
	if (spin_ns == 0)
		p->spin_ns = threads <= tfrt_cpu_count() ? DEFAULT_SPIN_NS : -1;
	for (int32_t i = 1; i < threads; i++) {
		Worker *w = &p->worker[i - 1];
		gate_init(&w->go);
		gate_init(&w->done);
		w->pool = p;
		w->loops = 0;
		w->index = i;
		w->cpu = pin ? cpu_after_caller(i) : -1;
		if (!worker_start(w)) {
			gate_free(&w->go);
			gate_free(&w->done);
			tfrt_pool_close(p);
			return NULL;
		}
		p->nworkers = i;
	}
	return p;
}

void tfrt_pool_close(tfrt_pool *p)
{
	if (!p)
		return;
	p->fn = NULL;
	for (int32_t i = 0; i < p->nworkers; i++)
		gate_set(&p->worker[i].go, ++p->worker[i].loops);
	for (int32_t i = 0; i < p->nworkers; i++) {
		pthread_join(p->worker[i].thread, NULL);
		gate_free(&p->worker[i].go);
		gate_free(&p->worker[i].done);
	}
	free(p);
}
