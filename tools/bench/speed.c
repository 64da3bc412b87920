/* tools/bench/speed.c - how fast compiled kernels are, as percent of what this machine does in the same run.

   For each kernel: compiles a small graph for this CPU in process, runs it between measurements of the ceiling that
   binds it (fused multiply-adds in registers, or memory traffic at 256 MiB), and prints the ratio of the best times.
   Single-thread times are CPU times of the thread, so that other work on the machine does little harm. */
#include <immintrin.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "codegen/codegen.h"
#include "ir/text.h"
#include "passes/pass.h"
#include "runtime/tfrt.h"

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Ceilings. */

/* Twelve independent chains: more than latency times ports needs. */
#define FMA_LOOP(name, V, SET, FMA, TARGET) \
	__attribute__((target(TARGET), noinline)) static double name(void) \
	{ \
		enum { N = 12, STEPS = 4000000 }; \
		V acc[N], a = SET(0.999f), b = SET(0.001f); \
		for (int i = 0; i < N; i++) \
			acc[i] = SET((float)i); \
		double t = now(CLOCK_THREAD_CPUTIME_ID); \
		for (int k = 0; k < STEPS; k++) { \
			_Pragma("GCC unroll 12") for (int i = 0; i < N; i++) \
				acc[i] = FMA(acc[i], a, b); \
		} \
		t = now(CLOCK_THREAD_CPUTIME_ID) - t; \
		volatile float sink = 0; \
		for (int i = 0; i < N; i++) \
			sink += acc[i][0]; \
		return 2.0 * sizeof(V) / 4 * N * STEPS / t; \
	}
FMA_LOOP(fma_avx2, __m256, _mm256_set1_ps, _mm256_fmadd_ps, "avx2,fma")
FMA_LOOP(fma_avx512, __m512, _mm512_set1_ps, _mm512_fmadd_ps, "avx512f")

static double peak_flops(void)
{
	double best = 0;

	for (int i = 0; i < 3; i++) {
		double f = __builtin_cpu_supports("avx512f") ? fma_avx512() : fma_avx2();
		best = f > best ? f : best;
	}
	return best;
}

enum { BIG = 64 << 20 };    /* floats: 256 MiB */

__attribute__((target("avx2"), noinline)) static void stream(float *z, const float *x, const float *y)
{
	for (long i = 0; i < BIG; i += 8) {
		__m256 v = _mm256_load_ps(x + i);
		if (y)
			v = _mm256_add_ps(v, _mm256_load_ps(y + i));
		_mm256_stream_ps(z + i, v);
	}
	_mm_sfence();
}

__attribute__((target("avx2"), noinline)) static float read_all(const float *x)
{
	__m256 s[4] = { 0 };

	for (long i = 0; i < BIG; i += 32)
		for (int k = 0; k < 4; k++)
			s[k] = _mm256_add_ps(s[k], _mm256_load_ps(x + i + 8 * k));
	return s[0][0] + s[1][0] + s[2][0] + s[3][0];
}

static double timed(int what, float *z, const float *x, const float *y)
{
	double t = now(CLOCK_THREAD_CPUTIME_ID);
	volatile float sink;

	if (what == 0)
		sink = read_all(x), (void)sink;
	else
		stream(z, x, what == 2 ? y : NULL);
	t = now(CLOCK_THREAD_CPUTIME_ID) - t;
	return (what + 1) * 4.0 * BIG / t;
}

/* Best of read, copy and triad with streaming stores, bytes a second. */
static double peak_bandwidth(void)
{
	float *m = aligned_alloc(64, 3 * sizeof(float) * (size_t)BIG);
	double best = 0;

	memset(m, 1, 3 * sizeof(float) * (size_t)BIG);
	for (int i = 0; i < 2; i++)
		for (int what = 0; what < 3; what++) {
			double b = timed(what, m, m + BIG, m + 2 * (size_t)BIG);
			best = b > best ? b : best;
		}
	free(m);
	return best;
}

/* Models. */

typedef struct Bench {
	const char *name, *text;
	double flops, bytes;           /* of one call */
	int threads;
} Bench;

/* x[m, k] times a constant [k, n]. */
#define MATMUL(m, k, n) \
	"weight @w : f32[" #k ", " #n "] = ones\n" \
	"graph @f(%x: f32[" #m ", " #k "]) -> (%y: f32[" #m ", " #n "]) { %y = matmul %x, @w  return %y }\n", 2.0 * (m) * (k) * (n), 0
/* batch x size x size x ci images, kernels of k x k, to co channels on out x out. */
#define CONV(batch, size, ci, k, co, stride, out) \
	"weight @w : f32[" #k ", " #k ", " #ci ", " #co "] = ones\n" \
	"graph @f(%x: f32[" #batch ", " #size ", " #size ", " #ci "]) -> (%y: f32[" #batch ", " #out ", " #out ", " #co "]) {\n" \
	"  %y = conv2d %x, @w {padding = same, strides = [" #stride ", " #stride "]}  return %y }\n", \
	2.0 * (batch) * (out) * (out) * (co) * (k) * (k) * (ci), 0
#define DEPTHWISE(batch, size, c, k) \
	"weight @w : f32[" #k ", " #k ", 1, " #c "] = ones\n" \
	"graph @f(%x: f32[" #batch ", " #size ", " #size ", " #c "]) -> (%y: f32[" #batch ", " #size ", " #size ", " #c "]) {\n" \
	"  %y = conv2d %x, @w {padding = same, groups = " #c "}  return %y }\n", 2.0 * (batch) * (size) * (size) * (c) * (k) * (k), 0

static const char conv_bias[] =
	"weight @w : f32[3, 3, 32, 64] = ones\n"
	"weight @b : f32[64] = ones\n"
	"graph @f(%x: f32[48, 4, 4, 32]) -> (%y: f32[48, 4, 4, 64]) { %y = conv2d %x, @w, @b {padding = same}  return %y }\n";
static const char gemm_both[] =
	"graph @f(%x: f32[1024, 1024], %w: f32[1024, 1024]) -> (%y: f32[1024, 1024]) { %y = matmul %x, %w  return %y }\n";
static const char chain[] =
	"graph @f(%x: f32[67108864], %y: f32[67108864]) -> (%z: f32[67108864]) {\n"
	"  %a = mul %x, 1.5  %b = add %a, %y  %c = max %b, 0.0  %z = sub %c, 0.25  return %z }\n";
static const char rows[] =
	"graph @f(%x: f32[65536, 1024]) -> (%y: f32[65536]) { %y = reduce_sum %x {dims = [1]}  return %y }\n";
static const char softmax[] =
	"graph @f(%x: f32[65536, 1024]) -> (%y: f32[65536, 1024]) { %y = softmax %x  return %y }\n";
static const char all[] =
	"graph @f(%x: f32[67108864]) -> (%y: f32[]) { %y = reduce_max %x {dims = [0]}  return %y }\n";

static const Bench benches[] = {
	{ "matmul 1024^3, constant right side", MATMUL(1024, 1024, 1024), 1 },
	{ "matmul 1024^3, constant right side", MATMUL(1024, 1024, 1024), 2 },
	{ "matmul 1024^3, both variable", gemm_both, 2.0 * 1024 * 1024 * 1024, 0, 1 },
	{ "matmul 4096 x 512 x 512", MATMUL(4096, 512, 512), 1 },
	{ "matmul 16384 x 256 x 256", MATMUL(16384, 256, 256), 1 },
	{ "matmul 65536 x 64 x 64", MATMUL(65536, 64, 64), 1 },
	{ "matmul 256 x 256 x 2", MATMUL(256, 256, 2), 1 },
	{ "matmul 256 x 256 x 4", MATMUL(256, 256, 4), 1 },
	{ "matmul 256 x 256 x 7", MATMUL(256, 256, 7), 1 },
	{ "matmul 256 x 256 x 8", MATMUL(256, 256, 8), 1 },
	{ "matmul 256 x 256 x 10", MATMUL(256, 256, 10), 1 },
	{ "matmul 256 x 256 x 15", MATMUL(256, 256, 15), 1 },
	{ "matmul 256 x 256 x 100", MATMUL(256, 256, 100), 1 },
	{ "conv 3x3, 64 -> 64, 56 x 56", CONV(1, 56, 64, 3, 64, 1, 56), 1 },
	{ "conv 3x3, 64 -> 64, 56 x 56, batch 8", CONV(8, 56, 64, 3, 64, 1, 56), 1 },
	{ "conv 3x3, 3 -> 64, 56 x 56", CONV(1, 56, 3, 3, 64, 1, 56), 1 },
	{ "conv 3x3, 3 -> 64, 56 x 56, batch 8", CONV(8, 56, 3, 3, 64, 1, 56), 1 },
	{ "conv 3x3, 1 -> 32, 8 x 8, batch 32", CONV(32, 8, 1, 3, 32, 1, 8), 1 },
	{ "conv 1x1, 64 -> 256, 56 x 56", CONV(1, 56, 64, 1, 256, 1, 56), 1 },
	{ "conv 7x7, 3 -> 64, 224 x 224, stride 2", CONV(1, 224, 3, 7, 64, 2, 112), 1 },
	{ "conv 3x3, 64 -> 128, 56 x 56, stride 2", CONV(1, 56, 64, 3, 128, 2, 28), 1 },
	{ "conv 3x3, 32 -> 64, 8 x 8", CONV(1, 8, 32, 3, 64, 1, 8), 1 },
	{ "conv 3x3, 32 -> 64, 8 x 8, batch 8", CONV(8, 8, 32, 3, 64, 1, 8), 1 },
	{ "conv 3x3, 32 -> 64, 4 x 4", CONV(1, 4, 32, 3, 64, 1, 4), 1 },
	{ "conv 3x3, 32 -> 64, 4 x 4, batch 8", CONV(8, 4, 32, 3, 64, 1, 4), 1 },
	{ "conv 3x3, 32 -> 64, 4 x 4, bias, batch 48", conv_bias, 2.0 * 48 * 16 * 64 * 9 * 32, 0, 1 },
	{ "conv 3x3, 32 -> 10, 28 x 28", CONV(1, 28, 32, 3, 10, 1, 28), 1 },
	{ "depthwise 5x5, 64, 56 x 56", DEPTHWISE(1, 56, 64, 5), 1 },
	{ "depthwise 3x3, 64, 56 x 56", DEPTHWISE(1, 56, 64, 3), 1 },
	{ "elementwise chain, 64 Mi", chain, 0, 3 * 4.0 * BIG, 1 },
	{ "row sums, 65536 x 1024", rows, 0, 4.0 * BIG, 1 },
	{ "maximum of 64 Mi", all, 0, 4.0 * BIG, 1 },
	{ "softmax, 65536 x 1024", softmax, 0, 2 * 4.0 * BIG, 1 },
};

static void *random_tensor(int64_t bytes)
{
	float *x = aligned_alloc(64, ((size_t)bytes + 63) & ~(size_t)63);
	uint32_t s = 12345;

	for (int64_t i = 0; i < bytes / 4; i++) {
		s = s * 1664525 + 1013904223;
		x[i] = (float)(s >> 8) / (1 << 24) - 0.5f;
	}
	return x;
}

static const tfrt_model *compile(Ctx *ctx, const char *text, Jit **jit)
{
	CodegenOptions o = { .target = "cpu", .cpu = "native", .prefix = "bench", .opt_level = 2 };
	PassOptions p = { .bisect = -1, .opt_level = 2 };
	TargetFacts facts;
	const tfrt_model *model = NULL;
	Module *m = module_parse(ctx, source_from_text(ctx->arena, "bench", text, strlen(text)));

	if (!m || !codegen_target("cpu")->facts(ctx, &o, &facts))
		return NULL;
	p.facts = &facts;
	for (int i = 0; i < m->weights.n; i++) {
		Weight *w = m->weights.at[i];
		const Type *t = w->type;
		int64_t dim[RANK_MAX];
		for (int k = 0; k < t->rank; k++)
			dim[k] = t->dim[k]->value;
		w->value = blob_dense(ctx->arena, t->dtype, t->rank, dim, random_tensor(4 * type_count_static(t)));
	}
	if (!passes_run(ctx, m, pipeline_default, pipeline_default_count, &p))
		return NULL;
	Unit *u = codegen_lower(ctx, m);
	*jit = u ? jit_new(u, &o, &model) : NULL;
	return *jit ? model : NULL;
}

static double run(const Bench *b, const tfrt_model *model)
{
	tfrt_options o = { 0 };
	tfrt_context *ctx;
	void *in[4], *out[4];
	int64_t extents[64];
	double best = 1e30, begin;

	o.threads = b->threads;
	if (tfrt_open(model, &o, &ctx) != TFRT_OK)
		return 0;
	const tfrt_graph *g = tfrt_graph_at(model, 0);
	int nin = tfrt_input_count(g), nout = tfrt_output_count(g);
	for (int i = 0; i < nin + nout; i++) {
		tfrt_tensor_info t;
		int64_t n = 4;
		tfrt_tensor_at(g, i, &t);
		tfrt_shape(g, NULL, i, extents);
		for (int k = 0; k < t.rank; k++)
			n *= extents[k];
		*(i < nin ? &in[i] : &out[i - nin]) = random_tensor(n);
	}
	clockid_t clock = b->threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC;
	begin = now(CLOCK_MONOTONIC);
	for (int i = 0; i < 5 || now(CLOCK_MONOTONIC) - begin < 0.5; i++) {
		double t = now(clock);
		tfrt_status s = tfrt_call(ctx, NULL, NULL, NULL, in, out);
		t = now(clock) - t;
		if (s != TFRT_OK)
			printf("  failed: %s\n", tfrt_message(s));
		best = i && t < best ? t : best;
	}
	for (int i = 0; i < nin; i++)
		free(in[i]);
	for (int i = 0; i < nout; i++)
		free(out[i]);
	tfrt_close(ctx);
	return best;
}

int main(int argc, char **argv)
{
	double bandwidth = 0;

	printf("%-38s %8s %9s %12s %8s\n", "kernel", "threads", "ms", "rate", "of peak");
	for (size_t i = 0; i < sizeof benches / sizeof *benches; i++) {
		const Bench *b = &benches[i];
		if (argc > 1 && !strstr(b->name, argv[1]))
			continue;
		Ctx *ctx = ctx_new();
		Jit *jit = NULL;
		const tfrt_model *model = compile(ctx, b->text, &jit);
		diag_print(&ctx->diag, stderr);
		if (!model)
			return 1;
		if (!bandwidth && b->bytes > 0)
			bandwidth = peak_bandwidth();
		double before = b->flops > 0 ? peak_flops() : bandwidth, t = run(b, model);
		double after = b->flops > 0 ? peak_flops() : bandwidth, peak = before > after ? before : after;
		double rate = (b->flops > 0 ? b->flops : b->bytes) / t;
		printf("%-38s %8d %9.3f %7.1f %s %6.1f %% of %.1f\n", b->name, b->threads, t * 1e3, rate / 1e9,
		       b->flops > 0 ? "GF/s" : "GB/s", 100 * rate / (peak * b->threads), peak * b->threads / 1e9);
		fflush(stdout);
		jit_free(jit);
		ctx_free(ctx);
	}
	return 0;
}
