/* The pool: every task once, equal loops on equal workers, contexts side by side and inside each other, 1000 starts.
   RUN: %cc -std=gnu17 -I%root %s %tfrt -lpthread -o %t && %t

   The same under ThreadSanitizer, with and without futexes, and as AArch64 code; these build the runtime themselves. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "Inputs/fake.h"

const tfrt_model fake_model = { FAKE_MODEL };

enum { MOST = 5000 };

typedef struct Loop {
	_Atomic int count[MOST];
	int         worker[MOST];
	_Atomic int busy[64];      /* is this worker in a task? */
	int         threads;
	int64_t     plain;         /* written by the caller, read by tasks: visible without help */
	int64_t     seen[MOST];
	_Atomic int bad;
} Loop;

static void note(void *arg, int64_t task, int32_t worker)
{
	Loop *l = arg;

	if (worker < 0 || worker >= l->threads || atomic_fetch_add(&l->busy[worker], 1) != 0)
		l->bad = 1;
	l->count[task]++;
	l->worker[task] = worker;
	l->seen[task] = l->plain;
	atomic_fetch_sub(&l->busy[worker], 1);
}

static tfrt_context *open_threads(int threads, int pin, int64_t spin_ns)
{
	int64_t       dims[] = { 1000, 1, 1 };
	tfrt_options  o = { .threads = threads, .pin = pin, .spin_ns = spin_ns, .max_dims = dims };
	tfrt_context *ctx;

	EXPECT(tfrt_open(&fake_model, &o, &ctx) == TFRT_OK);
	if (!ctx)
		exit(report());
	return ctx;
}

static void test_every_task_once(int threads, int pin, int64_t spin_ns)
{
	static const int64_t sizes[] = { 0, 1, 2, 3, 6, 7, 8, 100, MOST, 2, 1, MOST };
	static int    first[MOST];
	tfrt_context *ctx = open_threads(threads, pin, spin_ns);
	Loop         *l = calloc(1, sizeof *l);

	EXPECT(tfrt_threads(ctx) == threads && (ctx->parallel != NULL) == (threads > 1));
	EXPECT(ctx->concurrent == (threads > 1));
	l->threads = threads;
	for (size_t k = 0; threads > 1 && k < 3 * sizeof sizes / sizeof sizes[0]; k++) {
		int64_t n = sizes[k % (sizeof sizes / sizeof sizes[0])], least = MOST, most = 0;
		int64_t per[64] = { 0 };
		for (int i = 0; i < MOST; i++)
			l->count[i] = 0;
		l->plain = (int64_t)k + 1;
		ctx->parallel(ctx->pool, note, l, n);
		for (int64_t i = 0; i < MOST; i++)
			EXPECT(l->count[i] == (i < n));
		for (int64_t i = 0; i < n; i++) {
			EXPECT(l->seen[i] == l->plain);
			EXPECT(i == 0 || l->worker[i] >= l->worker[i - 1]);  /* contiguous shares */
			per[l->worker[i]]++;
			if (n == MOST && k < 12)
				first[i] = l->worker[i];
			else if (n == MOST)
				EXPECT(first[i] == l->worker[i]);  /* the same every time */
		}
		for (int w = 0; w < threads && w < n; w++) {
			least = per[w] < least ? per[w] : least;
			most = per[w] > most ? per[w] : most;
		}
		EXPECT(n == 0 || most - least <= 1);
	}
	EXPECT(!l->bad);
	free(l);
	tfrt_close(ctx);
}

/* Loops after pauses long enough that the workers sleep: none may be lost. */
static void test_wake_up(int64_t spin_ns)
{
	tfrt_context *ctx = open_threads(3, 0, spin_ns);
	Loop         *l = calloc(1, sizeof *l);

	l->threads = 3;
	for (int k = 0; k < 200; k++) {
		if (k % 4 == 0)
			nanosleep(&(struct timespec){ 0, 300000 }, NULL);
		ctx->parallel(ctx->pool, note, l, 3);
	}
	EXPECT(l->count[0] == 200 && l->count[1] == 200 && l->count[2] == 200 && !l->bad);
	free(l);
	tfrt_close(ctx);
}

static void check_scale(tfrt_context *ctx, int64_t n, float seed)
{
	float *x = malloc((size_t)n * 16), *y = malloc((size_t)n * 16);

	for (int64_t i = 0; i < n * 4; i++)
		x[i] = seed + (float)i;
	EXPECT(fake_scale(ctx, n, x, y) == TFRT_OK);
	int wrong = 0;
	for (int64_t i = 0; i < n * 4; i++)
		wrong += y[i] != 3 * (seed + (float)i);
	EXPECT(wrong == 0);
	free(x);
	free(y);
}

static void *one_caller(void *arg)
{
	int           id = *(int *)arg;
	tfrt_context *ctx = open_threads(id % 3 + 1, 0, id % 2 ? -1 : 0);

	for (int k = 0; k < 50; k++)
		check_scale(ctx, 1 + (id * 37 + k * 19) % 1000, (float)id);
	tfrt_close(ctx);
	return NULL;
}

static void test_side_by_side(void)
{
	pthread_t t[5];
	int       id[5];

	for (int i = 0; i < 5; i++) {
		id[i] = i;
		EXPECT(pthread_create(&t[i], NULL, one_caller, &id[i]) == 0);
	}
	for (int i = 0; i < 5; i++)
		pthread_join(t[i], NULL);
}

/* Tasks of one context call the model through contexts of their own. */
static void inner(void *arg, int64_t task, int32_t worker)
{
	tfrt_context **ctx = arg;

	check_scale(ctx[worker], 10 + task, (float)task);
}

static void test_nested(void)
{
	tfrt_context *outer = open_threads(3, 0, 0), *own[3];

	for (int i = 0; i < 3; i++)
		own[i] = open_threads(2, 0, 0);
	for (int k = 0; k < 20; k++)
		outer->parallel(outer->pool, inner, own, 9);
	for (int i = 0; i < 3; i++)
		tfrt_close(own[i]);
	tfrt_close(outer);
}

static void test_start_and_stop(void)
{
	for (int k = 0; k < 1000; k++) {
		tfrt_context *ctx = open_threads(2 + k % 3, k % 2, k % 5 == 0 ? -1 : 0);
		if (k % 2)
			check_scale(ctx, 5, 1);
		tfrt_close(ctx);
	}
}

/* A pool of the caller's: backwards, all on the last worker. */
static void backwards(void *pool, tfrt_task_fn fn, void *arg, int64_t ntasks)
{
	++*(int *)pool;
	while (ntasks-- > 0)
		fn(arg, ntasks, 3);
}

static void test_own_pool(void)
{
	int64_t       dims[] = { 1000, 1, 1 };
	int           calls = 0;
	tfrt_options  o = { .threads = 4, .max_dims = dims, .parallel = backwards, .pool = &calls };
	tfrt_context *ctx;

	EXPECT(tfrt_open(&fake_model, &o, &ctx) == TFRT_OK);
	EXPECT(ctx->concurrent == 0);
	check_scale(ctx, 1000, 2);
	EXPECT(calls == 1);
	tfrt_close(ctx);
	o.threads = TFRT_ALL_CPUS;
	o.parallel = NULL;
	EXPECT(tfrt_open(&fake_model, &o, &ctx) == TFRT_OK && tfrt_threads(ctx) >= 1);
	check_scale(ctx, 1000, 3);
	tfrt_close(ctx);
}

int main(void)
{
	static const int threads[] = { 1, 2, 3, 7 };

	for (int i = 0; i < 4; i++)
		for (int pin = 0; pin < 2; pin++)
			for (int64_t spin = -1; spin < 2; spin++)
				test_every_task_once(threads[i], pin, spin * 20000);
	test_wake_up(0);
	test_wake_up(-1);
	test_wake_up(20000);
	test_side_by_side();
	test_nested();
	test_start_and_stop();
	test_own_pool();
	return report();
}
