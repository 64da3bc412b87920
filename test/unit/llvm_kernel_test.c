/* test/unit/llvm_kernel_test.c - kernels through the LLVM printer, against the definition of the scalar operations. */
#include <math.h>

#include "ir/base/num.h"
#include "test/unit/llvm_bench.h"
#include "test/unit/unit.h"

/* Test values. */

#define COUNT 4096

static uint64_t random_state = 1;

static uint64_t random_bits(void)
{
	uint64_t x = random_state += 0x9e3779b97f4a7c15;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

static const double corner_f[] = {
	0.0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3.7, INFINITY, -INFINITY, NAN, 0x1p-149, -0x1p-149, 0x1p-126, 0x1p-1074,
	0x1p-1022, 127.5, 128, -128.5, -129, 255.5, 256, 32767.5, 65504, 65519.99, 65520, 65536, 0x1p23, 0x1p24, 0x1p31, -0x1p31,
	0x1.fffffep30, 0x1p32, 0x1p52, 0x1p53, 0x1p62, 0x1p63, -0x1p63, 0x1p64, 0x1.fffffep127, 0x1.ffffffffp127,
	-0x1.fffffffffffffp1023, 0x1.002p0, 0x1.001p0, 0x1.003p0, 0x1.01p0, 0x1.00800001p0, 0x1p-14, 0x1.ffcp-15, 0x1p-24,
	0x1p-25, 0x1.8p-25, 0x1.0000000001p-25, 0x1.fffffffffp-127, 0x1.000001p0, 0x1.0000010000001p0, 0x1p-540, 0x1.8p-537, 0x1p600,
};
static const int64_t corner_i[] = {
	0, 1, -1, 2, -2, 3, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 127, 128, -128, 255, 256, 32767, -32768, 65535, 65520, 65519,
	INT32_MAX, INT32_MIN, UINT32_MAX, INT64_MAX, INT64_MIN, INT64_MIN + 1, ((int64_t)1 << 53) + 1, ((int64_t)1 << 24) + 1,
	((int64_t)0x1008 << 40) + 1, -(((int64_t)0x1008 << 40) + 1), ((int64_t)0x1008 << 40), 0x10080, 0x10081,
};
#define NCORNER(a) ((int)(sizeof a / sizeof a[0]))

static uint64_t corner(DType t, int i)
{
	uint64_t mask = ~(uint64_t)0 >> (64 - 8 * dtype_size(t));

	if (t == DT_BOOL)
		return (uint64_t)i & 1;
	if (dtype_is_float(t))
		return dtype_from_f64(t, corner_f[i % NCORNER(corner_f)]);
	return (uint64_t)corner_i[i % NCORNER(corner_i)] & mask;
}

/* All bits, or a number of ordinary size. */
static uint64_t random_value(DType t)
{
	uint64_t r = random_bits(), mask = ~(uint64_t)0 >> (64 - 8 * dtype_size(t));

	if (t == DT_BOOL)
		return r & 1;
	if (dtype_is_float(t) && (r & 3))
		return dtype_from_f64(t, ldexp((double)(int64_t)random_bits(), (int)(r >> 8) % 80 - 100));
	if (r & 4)
		return random_bits() & mask & 0xff;
	return random_bits() & mask;
}

static void put(void *array, DType t, int i, uint64_t bits)
{
	memcpy((char *)array + (size_t)i * (size_t)dtype_size(t), &bits, (size_t)dtype_size(t));
}

static uint64_t get(const void *array, DType t, int i)
{
	uint64_t bits = 0;

	memcpy(&bits, (const char *)array + (size_t)i * (size_t)dtype_size(t), (size_t)dtype_size(t));
	return bits;
}

static bool is_nan(DType t, uint64_t bits)
{
	return dtype_is_float(t) && isnan(dtype_to_f64(t, bits));
}

/* Three arrays of each type: pairs of corners first, then random triples, among them a * b + c near cancellation. */
typedef struct Data { void *at[DT_COUNT][3]; } Data;

static Data data_new(Arena *a)
{
	Data d;

	for (int t = 0; t < DT_COUNT; t++) {
		if (dtype_is_complex((DType)t))
			continue;
		int n = t == DT_BOOL ? 2 : dtype_is_float((DType)t) ? NCORNER(corner_f) : NCORNER(corner_i);
		for (int k = 0; k < 3; k++)
			d.at[t][k] = arena_alloc(a, COUNT * 8);
		for (int i = 0; i < COUNT; i++) {
			bool pair = i < 2500;
			put(d.at[t][0], (DType)t, i, pair ? corner((DType)t, i % n) : random_value((DType)t));
			put(d.at[t][1], (DType)t, i, pair ? corner((DType)t, (int)(random_bits() % 64)) : random_value((DType)t));
			put(d.at[t][2], (DType)t, i, i % 3 ? corner((DType)t, (int)(random_bits() % 64)) : random_value((DType)t));
			if (i % 4 == 3 && (t == DT_F32 || t == DT_F64)) {
				double x = dtype_to_f64((DType)t, get(d.at[t][0], (DType)t, i)), y = dtype_to_f64((DType)t, get(d.at[t][1], (DType)t, i));
				put(d.at[t][2], (DType)t, i, dtype_from_f64((DType)t, -x * y));
			}
		}
	}
	return d;
}

/* One operation on one type, in vectors of each of these widths. */
static const int widths[] = { 1, 4, 16 };
#define NWIDTHS 3

typedef struct Case { ScalarOp op; DType in, out; Place result[NWIDTHS]; } Case;

static Kernel *case_kernel(Bench *b, const Case *c, int lanes)
{
	const ScalarInfo *row = &scalar_info[c->op];
	Kernel *k = kernel_new(b->unit->arena, b->ctx->dims, row->name);
	KBuild kb = { k, k->body, NULL };
	KOp *x[3] = { NULL, NULL, NULL };

	for (int i = 0; i < row->nargs; i++) {
		DType t = c->op == SC_select && i == 0 ? DT_BOOL : c->in;
		kernel_add_buf(k, (KBuf){ "x", t, KB_IN, NULL, 0 });
	}
	int out = kernel_add_buf(k, (KBuf){ "y", c->out, KB_OUT, NULL, 0 });
	KOp *loop = kb_for(&kb, kb_int(&kb, 0), kb_int(&kb, COUNT), lanes, KR_N);
	for (int i = 0; i < row->nargs; i++)
		x[i] = kb_load(&kb, i, loop, lanes);
	KOp *r = row->result == SCR_CAST ? kb_cast(&kb, c->op, c->out, x[0]) : kb_op(&kb, c->op, x[0], x[1], x[2]);
	kb_store(&kb, out, loop, r, NULL);
	kb_end(&kb);
	return k;
}

static void add_case(Bench *b, Case *c, Place (*input)[3])
{
	for (int w = 0; w < NWIDTHS; w++) {
		Place place[4];
		int n = scalar_info[c->op].nargs;
		for (int i = 0; i < n; i++)
			place[i] = input[c->op == SC_select && i == 0 ? DT_BOOL : c->in][i];
		place[n] = c->result[w] = bench_output(b, c->out, COUNT);
		bench_launch(b, case_kernel(b, c, widths[w]), n + 1, place);
	}
}

static void check_case(Bench *b, const Case *c, const Data *d, const char *cpu)
{
	for (int i = 0; i < COUNT; i++) {
		uint64_t x[3] = { 0, 0, 0 };
		for (int k = 0; k < scalar_info[c->op].nargs; k++) {
			DType t = c->op == SC_select && k == 0 ? DT_BOOL : c->in;
			x[k] = get(d->at[t][k], t, i);
		}
		uint64_t wanted = scalar_eval(c->op, c->in, c->out, x[0], x[1], x[2]);
		for (int w = 0; w < NWIDTHS; w++) {
			uint64_t found = get(bench_data(b, c->result[w]), c->out, i);
			if (found == wanted || (is_nan(c->out, found) && is_nan(c->out, wanted)))
				continue;
			unit_fail(__FILE__, __LINE__, "%s %s -> %s, %d lanes, %s: (%llx, %llx, %llx) gives %llx, wanted %llx",
			          scalar_info[c->op].name, dtype_info[c->in].name, dtype_info[c->out].name, widths[w], cpu,
			          (unsigned long long)x[0], (unsigned long long)x[1], (unsigned long long)x[2],
			          (unsigned long long)found, (unsigned long long)wanted);
			return;
		}
	}
}

/* The cases of one operation: every type that it takes, and every type that it gives. */
static int cases_of(ScalarOp op, Case *out)
{
	const ScalarInfo *row = &scalar_info[op];
	int n = 0;

	for (int t = 0; t < DT_COUNT; t++) {
		bool half = t == DT_F16 || t == DT_BF16;
		if (!(row->types & DTS(t)) || (half && row->result != SCR_CAST && op != SC_select))
			continue;
		for (int u = 0; u < DT_COUNT; u++) {
			if (op == SC_convert && (dtype_is_narrow((DType)t) || dtype_is_narrow((DType)u)))
				continue;
			bool fits = row->result == SCR_SAME ? u == t : row->result == SCR_BOOL ? u == DT_BOOL :
			            u != t && (op == SC_convert || (dtype_info[t].bits == dtype_info[u].bits && u != DT_BOOL && t != DT_BOOL));
			if (fits && !dtype_is_complex((DType)u))
				out[n++] = (Case){ .op = op, .in = (DType)t, .out = (DType)u };
		}
	}
	return n;
}

static void scalars_on(const char *cpu, int opt_level)
{
	if (!bench_cpu(cpu))
		SKIP("this CPU lacks AVX2 or FMA");
	Bench b = bench_new();
	Data d = data_new(b.unit->arena);
	Place input[DT_COUNT][3];
	Case *all = ARENA_ARRAY(b.unit->arena, Case, SC_COUNT * DT_COUNT * DT_COUNT);
	int n = 0;

	for (int t = 0; t < DT_COUNT; t++)
		for (int k = 0; k < 3 && !dtype_is_complex((DType)t); k++)
			input[t][k] = bench_input(&b, (DType)t, COUNT, d.at[t][k]);
	for (int op = 0; op < SC_COUNT; op++) {
		int m = cases_of((ScalarOp)op, all + n);
		for (int i = 0; i < m; i++)
			add_case(&b, &all[n + i], input);
		n += m;
	}
	EXPECT_EQ_INT(bench_run(&b, cpu, opt_level, NULL), TFRT_OK);
	for (int i = 0; i < n; i++)
		check_case(&b, &all[i], &d, cpu);
	bench_free(&b);
}

TEST(llvm_scalars_v3) { scalars_on("x86-64-v3", 2); }
TEST(llvm_scalars_baseline) { scalars_on("x86-64", 2); }
TEST(llvm_scalars_v2_unoptimized) { scalars_on("x86-64-v2", 0); }

/* max(x, +0) has code of its own. */
static void relu_on(const char *cpu)
{
	static const DType types[] = { DT_F32, DT_F64 };

	if (!bench_cpu(cpu))
		SKIP("this CPU lacks AVX2 or FMA");
	for (int side = 0; side < 4; side++) {
		DType t = types[side & 1];
		Bench b = bench_new();
		Data d = data_new(b.unit->arena);
		Kernel *k = kernel_new(b.unit->arena, b.ctx->dims, "relu");
		KBuild kb = { k, k->body, NULL };
		kernel_add_buf(k, (KBuf){ "x", t, KB_IN, NULL, 0 });
		kernel_add_buf(k, (KBuf){ "y", t, KB_OUT, NULL, 0 });
		Place place[] = { bench_input(&b, t, COUNT, d.at[t][0]), bench_output(&b, t, COUNT) };
		KOp *loop = kb_for(&kb, kb_int(&kb, 0), kb_int(&kb, COUNT), 8, KR_N);
		KOp *x = kb_load(&kb, 0, loop, 8), *zero = kb_const(&kb, t, 0);
		kb_store(&kb, 1, loop, side & 2 ? kb_op(&kb, SC_max, zero, x, NULL) : kb_op(&kb, SC_max, x, zero, NULL), NULL);
		kb_end(&kb);
		bench_launch(&b, k, 2, place);
		EXPECT_EQ_INT(bench_run(&b, cpu, 2, NULL), TFRT_OK);
		for (int i = 0; i < COUNT; i++) {
			uint64_t found = get(bench_data(&b, place[1]), t, i), wanted = scalar_eval(SC_max, t, t, get(d.at[t][0], t, i), 0, 0);
			if (found != wanted && !(is_nan(t, found) && is_nan(t, wanted)))
				unit_fail(__FILE__, __LINE__, "relu, %s, %s: element %d is %llx, wanted %llx", dtype_info[t].name, cpu, i,
				          (unsigned long long)found, (unsigned long long)wanted);
		}
		bench_free(&b);
	}
}

TEST(llvm_relu_v3) { relu_on("x86-64-v3"); }
TEST(llvm_relu_baseline) { relu_on("x86-64"); }
