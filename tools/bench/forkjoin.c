/* forkjoin.c - what a parallel loop of nothing costs: the pool's latency, busy and asleep.

   Columns: threads; median time of an empty loop with one task a thread, one loop right after the other; the same after
   a pause long enough that the workers sleep; and the work (one thread's µs) from which on two or more threads win.
   usage: bench-forkjoin [MOST_THREADS] */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "runtime/threads.h"

enum { HOT = 20000, COLD = 300 };

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static void nothing(void *arg, int64_t task, int32_t worker)
{
	(void)arg, (void)task, (void)worker;
}

/* Work that no compiler removes: about `rounds` dependent multiplications a task. */
static void work(void *arg, int64_t task, int32_t worker)
{
	volatile double sink;
	double          x = 1.0 + (double)task;

	(void)worker;
	for (long i = *(const long *)arg; i > 0; i--)
		x = x * 0.999999 + 1e-6;
	sink = x;
	(void)sink;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sorts t[n]; the middle one. */
static double median(double *t, int n)
{
	qsort(t, (size_t)n, sizeof *t, ascending);
	return t[n / 2];
}

static double loop_us(tfrt_pool *p, tfrt_task_fn fn, void *arg, int64_t ntasks, int rounds, long pause_us)
{
	static double t[HOT];

	for (int i = 0; i < rounds; i++) {
		if (pause_us > 0)
			nanosleep(&(struct timespec){ 0, pause_us * 1000 }, NULL);
		double begin = now_us();
		if (p)
			tfrt_pool_run(p, fn, arg, ntasks);
		else
			for (int64_t k = 0; k < ntasks; k++)
				fn(arg, k, 0);
		t[i] = now_us() - begin;
	}
	return median(t, rounds);
}

/* Least total work in µs for which the pool beats one thread, growing by a quarter. */
static double break_even_us(tfrt_pool *p, int32_t threads)
{
	for (long rounds = 32; rounds < 1 << 20; rounds += rounds / 4) {
		double alone = loop_us(NULL, work, &rounds, threads, 200, 0);
		double shared = loop_us(p, work, &rounds, threads, 200, 0);
		if (shared < alone)
			return alone;
	}
	return -1;
}

int main(int argc, char **argv)
{
	int32_t most = argc > 1 ? atoi(argv[1]) : tfrt_cpu_count();

	printf("threads  spinning us  asleep us  pays from us\n");
	for (int32_t n = 2; n <= most; n++) {
		tfrt_pool *p = tfrt_pool_open(n, true, 0);
		if (!p) {
			fprintf(stderr, "cannot start %d threads\n", n);
			return 1;
		}
		loop_us(p, nothing, NULL, n, HOT / 10, 0);
		double hot = loop_us(p, nothing, NULL, n, HOT, 0), cold = loop_us(p, nothing, NULL, n, COLD, 500);
		printf("%7d  %11.2f  %9.2f  %12.2f\n", n, hot, cold, break_even_us(p, n));
		tfrt_pool_close(p);
	}
	return 0;
}
