/* test/unit/llvm_control_test.c - control flow, memory and tasks of kernels through the LLVM printer. */
#include <pthread.h>

#include "test/unit/llvm_bench.h"
#include "test/unit/unit.h"

#define N 103

static float xs[N], ys[N];

static void fill(void)
{
	for (int i = 0; i < N; i++) {
		xs[i] = (float)(i * 7 % 31) - 11;
		ys[i] = (float)(i * 5 % 17) + 1;
	}
}

typedef struct Made { Kernel *k; KBuild b; } Made;

static Made kernel_of(Bench *b, const char *name)
{
	Kernel *k = kernel_new(b->unit->arena, b->ctx->dims, name);

	return (Made){ k, { k, k->body, NULL } };
}

static int param(Made *m, DType t, KBufKind kind)
{
	return kernel_add_buf(m->k, (KBuf){ "p", t, kind, NULL, 0 });
}

static uint64_t f32(float x)
{
	union { float f; uint32_t u; } v = { x };

	return v.u;
}

/* Runs the test on every kind of CPU that this machine has, at every level of optimisation. */
static void on_all(void (*test)(const char *cpu, int level))
{
	static const char *const cpu[] = { "x86-64", "x86-64-v2", "x86-64-v3", "native" };

	fill();
	for (size_t i = 0; i < sizeof cpu / sizeof *cpu; i++)
		for (int level = 0; level <= 3; level++)
			if (bench_cpu(cpu[i]))
				test(cpu[i], level);
}

/* y[i] = x[i] where x[i] > 0, else -1; vectors of 8 with a masked tail. */
static void masked_tail(const char *cpu, int level)
{
	Bench b = bench_new();
	Made m = kernel_of(&b, "masked");
	int x = param(&m, DT_F32, KB_IN), y = param(&m, DT_F32, KB_OUT);
	Place place[] = { bench_input(&b, DT_F32, N, xs), bench_output(&b, DT_F32, N + 8) };

	KOp *i = kb_for(&m.b, kb_int(&m.b, 0), kb_int(&m.b, N), 8, KR_N);
	KOp *inside = kb_op(&m.b, SC_lt, kb_ramp(&m.b, i, 8), kb_int(&m.b, N), NULL);
	KOp *v = kb_load_masked(&m.b, x, i, 8, inside, f32(99));
	KOp *positive = kb_op(&m.b, SC_lt, kb_const(&m.b, DT_F32, 0), v, NULL);
	v = kb_op(&m.b, SC_select, positive, v, kb_const(&m.b, DT_F32, f32(-1)));
	kb_store(&m.b, y, i, v, inside);
	kb_end(&m.b);
	bench_launch(&b, m.k, 2, place);
	EXPECT_EQ_INT(bench_run(&b, cpu, level, NULL), TFRT_OK);
	const float *out = bench_data(&b, place[1]);
	for (int k = 0; k < N; k++)
		EXPECT_EQ_F32BITS(out[k], xs[k] > 0 ? xs[k] : -1);
	for (int k = 4 * N; k < 4 * (N + 8); k++)
		EXPECT_EQ_INT(((const unsigned char *)out)[k], 0xa5);
	bench_free(&b);
}

TEST(llvm_masked_memory) { on_all(masked_tail); }

/* Scalars under conditions: masked scalar loads and stores, if and else, a variable. */
static void conditions(const char *cpu, int level)
{
	Bench b = bench_new();
	Made m = kernel_of(&b, "conditions");
	int x = param(&m, DT_F32, KB_IN), y = param(&m, DT_F32, KB_OUT);
	Place place[] = { bench_input(&b, DT_F32, N, xs), bench_output(&b, DT_F32, N) };

	KOp *i = kb_for(&m.b, kb_int(&m.b, 0), kb_int(&m.b, N), 1, KR_N);
	KOp *next = kb_add(&m.b, i, kb_int(&m.b, 1));
	KOp *has_next = kb_op(&m.b, SC_lt, next, kb_int(&m.b, N), NULL);
	KOp *v = kb_load_masked(&m.b, x, next, 1, has_next, f32(5));
	KOp *var = kb_var(&m.b, v);
	kb_if(&m.b, kb_op(&m.b, SC_lt, v, kb_const(&m.b, DT_F32, 0), NULL));
	kb_set(&m.b, var, kb_op(&m.b, SC_neg, v, NULL, NULL));
	kb_else(&m.b);
	kb_set(&m.b, var, kb_op(&m.b, SC_add, kb_get(&m.b, var), kb_const(&m.b, DT_F32, f32(0.5f)), NULL));
	kb_end(&m.b);
	KOp *odd = kb_op(&m.b, SC_eq, kb_mod(&m.b, i, kb_int(&m.b, 2)), kb_int(&m.b, 1), NULL);
	kb_store(&m.b, y, i, kb_get(&m.b, var), odd);
	kb_end(&m.b);
	bench_launch(&b, m.k, 2, place);
	EXPECT_EQ_INT(bench_run(&b, cpu, level, NULL), TFRT_OK);
	const float *out = bench_data(&b, place[1]);
	for (int k = 0; k < N; k++) {
		float w = k + 1 < N ? xs[k + 1] : 5;
		if (k % 2)
			EXPECT_EQ_F32BITS(out[k], w < 0 ? -w : w + 0.5f);
		else
			EXPECT_BYTES(&out[k], "\xa5\xa5\xa5\xa5", 4);
	}
	bench_free(&b);
}

TEST(llvm_conditions) { on_all(conditions); }

/* Steps of Collatz: a while loop inside of a for loop, with two variables. */
static void collatz(const char *cpu, int level)
{
	Bench b = bench_new();
	Made m = kernel_of(&b, "collatz");
	int y = param(&m, DT_I64, KB_OUT);
	Place place[] = { bench_output(&b, DT_I64, N) };

	KOp *i = kb_for(&m.b, kb_int(&m.b, 0), kb_int(&m.b, N), 1, KR_N);
	KOp *v = kb_var(&m.b, kb_add(&m.b, i, kb_int(&m.b, 1))), *steps = kb_var(&m.b, kb_int(&m.b, 0));
	kb_while(&m.b);
	kb_do(&m.b, kb_op(&m.b, SC_ne, kb_get(&m.b, v), kb_int(&m.b, 1), NULL));
	KOp *x = kb_get(&m.b, v);
	KOp *odd = kb_op(&m.b, SC_eq, kb_op(&m.b, SC_and, x, kb_int(&m.b, 1), NULL), kb_int(&m.b, 1), NULL);
	KOp *up = kb_op(&m.b, SC_add, kb_op(&m.b, SC_mul, x, kb_int(&m.b, 3), NULL), kb_int(&m.b, 1), NULL);
	kb_set(&m.b, v, kb_op(&m.b, SC_select, odd, up, kb_op(&m.b, SC_div, x, kb_int(&m.b, 2), NULL)));
	kb_set(&m.b, steps, kb_add(&m.b, kb_get(&m.b, steps), kb_int(&m.b, 1)));
	kb_end(&m.b);
	kb_store(&m.b, y, i, kb_get(&m.b, steps), NULL);
	kb_end(&m.b);
	bench_launch(&b, m.k, 1, place);
	EXPECT_EQ_INT(bench_run(&b, cpu, level, NULL), TFRT_OK);
	const int64_t *out = bench_data(&b, place[0]);
	for (int k = 0; k < N; k++) {
		int n = 0;
		for (int64_t c = k + 1; c != 1; n++)
			c = c % 2 ? 3 * c + 1 : c / 2;
		EXPECT_EQ_INT(out[k], n);
	}
	bench_free(&b);
}

TEST(llvm_while) { on_all(collatz); }

/* y[16] = x[index]: gathers with and without mask; a scatter back; halves, joins, lanes, splats. */
static void gathers(const char *cpu, int level)
{
	static int64_t index[16];
	static unsigned char mask[16];
	Bench b = bench_new();
	Made m = kernel_of(&b, "gather");
	int x = param(&m, DT_F32, KB_IN), ix = param(&m, DT_I64, KB_IN), mk = param(&m, DT_BOOL, KB_IN);
	int all = param(&m, DT_F32, KB_OUT), some = param(&m, DT_F32, KB_OUT), put = param(&m, DT_F32, KB_OUT);
	int shuffled = param(&m, DT_F32, KB_OUT), flags = param(&m, DT_BOOL, KB_OUT);

	for (int i = 0; i < 16; i++) {
		index[i] = i * 37 % N;
		mask[i] = i % 3 != 0;
	}
	Place place[] = { bench_input(&b, DT_F32, N, xs), bench_input(&b, DT_I64, 16, index), bench_input(&b, DT_BOOL, 16, mask),
	                  bench_output(&b, DT_F32, 16), bench_output(&b, DT_F32, 16), bench_output(&b, DT_F32, N),
	                  bench_output(&b, DT_F32, 33), bench_output(&b, DT_BOOL, 16) };
	KOp *zero = kb_int(&m.b, 0), *at = kb_load(&m.b, ix, zero, 16), *on = kb_load(&m.b, mk, zero, 16);
	KOp *v = kb_load(&m.b, x, at, 16);
	kb_store(&m.b, all, zero, v, NULL);
	kb_store(&m.b, some, zero, kb_load_masked(&m.b, x, at, 16, on, f32(7)), NULL);
	kb_store(&m.b, put, at, v, on);
	kb_store(&m.b, shuffled, zero, kb_join(&m.b, kb_half(&m.b, v, 1), kb_half(&m.b, v, 0)), NULL);
	kb_store(&m.b, shuffled, kb_int(&m.b, 16), kb_lane(&m.b, v, 5), NULL);
	for (int i = 0; i < 2; i++)
		kb_store(&m.b, shuffled, kb_int(&m.b, 17 + 8 * i), kb_zip(&m.b, kb_half(&m.b, v, 0), kb_half(&m.b, v, 1), i), NULL);
	kb_store(&m.b, flags, zero, kb_op(&m.b, SC_not, on, NULL, NULL), NULL);
	bench_launch(&b, m.k, 8, place);
	EXPECT_EQ_INT(bench_run(&b, cpu, level, NULL), TFRT_OK);
	const float *a = bench_data(&b, place[3]), *s = bench_data(&b, place[4]), *p = bench_data(&b, place[5]);
	const float *h = bench_data(&b, place[6]);
	const unsigned char *f = bench_data(&b, place[7]);
	bool written[N] = { false };
	for (int i = 0; i < 16; i++) {
		EXPECT_EQ_F32BITS(a[i], xs[index[i]]);
		EXPECT_EQ_F32BITS(s[i], mask[i] ? xs[index[i]] : 7);
		EXPECT_EQ_F32BITS(h[i], xs[index[(i + 8) % 16]]);
		EXPECT_EQ_F32BITS(h[17 + i], xs[index[i / 2 + i % 2 * 8]]);
		EXPECT_EQ_INT(f[i], !mask[i]);
		written[index[i]] = mask[i];
	}
	EXPECT_EQ_F32BITS(h[16], xs[index[5]]);
	for (int i = 0; i < N; i++)
		if (written[i])
			EXPECT_EQ_F32BITS(p[i], xs[i]);
		else
			EXPECT_BYTES(&p[i], "\xa5\xa5\xa5\xa5", 4);
	bench_free(&b);
}

TEST(llvm_gathers_and_vectors) { on_all(gathers); }

/* Tasks write where their number says, each through its worker's scratch and a local array. */
#define TASKS 37

static Made task_kernel(Bench *b)
{
	Made m = kernel_of(b, "tasks");
	int y = param(&m, DT_I64, KB_OUT);
	int local = kernel_add_buf(m.k, (KBuf){ "local", DT_I64, KB_LOCAL, dim_const(b->ctx->dims, 4), 64 });
	int one = kernel_add_buf(m.k, (KBuf){ "one", DT_U8, KB_SCRATCH, dim_const(b->ctx->dims, 3), 64 });
	int two = kernel_add_buf(m.k, (KBuf){ "two", DT_I64, KB_SCRATCH, dim_const(b->ctx->dims, 5), 64 });
	KOp *task = ARENA_NEW(b->unit->arena, KOp);

	/* There is no builder function for K_TASK: schedulers link it in front. */
	*task = (KOp){ .kind = K_TASK, .type = { DT_I64, 1 }, .block = m.k->body };
	m.k->body->first = m.k->body->last = task;
	m.k->ntasks = dim_const(b->ctx->dims, TASKS);
	KOp *zero = kb_int(&m.b, 0);
	kb_store(&m.b, one, zero, kb_cast(&m.b, SC_convert, DT_U8, task), NULL);
	kb_store(&m.b, two, kb_int(&m.b, 4), kb_mul(&m.b, task, task), NULL);
	kb_store(&m.b, local, kb_int(&m.b, 3), kb_int(&m.b, 1000), NULL);
	KOp *sum = kb_add(&m.b, kb_load(&m.b, two, kb_int(&m.b, 4), 1), kb_load(&m.b, local, kb_int(&m.b, 3), 1));
	sum = kb_add(&m.b, sum, kb_cast(&m.b, SC_convert, DT_I64, kb_load(&m.b, one, zero, 1)));
	kb_store(&m.b, y, task, sum, NULL);
	return m;
}

static void two_at_a_time(void *pool, tfrt_task_fn fn, void *arg, int64_t ntasks);

static void tasks(const char *cpu, int level)
{
	for (int threads = 0; threads < 2; threads++) {
		Bench b = bench_new();
		Made m = task_kernel(&b);
		Place place[] = { bench_output(&b, DT_I64, TASKS) };
		bench_launch(&b, m.k, 1, place);
		EXPECT_EQ_INT(bench_run(&b, cpu, level, threads ? two_at_a_time : NULL), TFRT_OK);
		const int64_t *out = bench_data(&b, place[0]);
		for (int64_t i = 0; i < TASKS; i++)
			EXPECT_EQ_INT(out[i], i * i + 1000 + i);
		bench_free(&b);
	}
}

typedef struct Half { tfrt_task_fn fn; void *arg; int64_t ntasks; } Half;

static void *odd_tasks(void *p)
{
	Half *h = p;

	for (int64_t t = 1; t < h->ntasks; t += 2)
		h->fn(h->arg, t, 3);
	return NULL;
}

static void two_at_a_time(void *pool, tfrt_task_fn fn, void *arg, int64_t ntasks)
{
	pthread_t other;
	Half h = { fn, arg, ntasks };

	(void)pool;
	pthread_create(&other, NULL, odd_tasks, &h);
	for (int64_t t = 0; t < ntasks; t += 2)
		fn(arg, t, 0);
	pthread_join(other, NULL);
}

TEST(llvm_tasks) { on_all(tasks); }
