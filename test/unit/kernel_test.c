/* test/unit/kernel_test.c - loop IR: its text reads back, what is wrong is refused, schedules keep structure. */
#include "codegen/codegen.h"
#include "ir/text.h"
#include "passes/pass.h"
#include "test/unit/unit.h"

static const char graph[] =
	"weight @w : f32[3, 3, 5, 20] = ones\n"
	"graph @f(%x: f32[N, 9, 9, 5], %i: i32[N]) -> (%y: f32[N, 20], %s: f32[9, 9, 5]) {\n"
	"  %c = conv2d %x, @w {padding = same}\n"
	"  %p = max_pool2d %c {window = [3, 3]}\n"
	"  %m = mean %p {dims = [1, 2]}\n"
	"  %t = tanh %m\n"
	"  %y = softmax %t\n"
	"  %s = reduce_sum %x {dims = [0]}\n"
	"  return %y, %s\n"
	"}\n";

static Unit *lower(Ctx *ctx, const TargetFacts *facts)
{
	PassOptions o = { .facts = facts, .bisect = -1, .opt_level = 2, .verify = true };
	Module *m = module_parse(ctx, source_from_text(ctx->arena, "test", graph, strlen(graph)));

	if (!m || !passes_run(ctx, m, pipeline_default, pipeline_default_count, &o))
		return NULL;
	return codegen_lower(ctx, m);
}

static bool reads_back(Ctx *ctx, const Kernel *k)
{
	Str one = { 0 }, two = { 0 };

	kernel_print(k, &one);
	Kernel *back = kernel_parse(ctx, source_from_text(ctx->arena, "k", one.s, one.n));
	if (back)
		kernel_print(back, &two);
	bool same = back && strcmp(one.s, two.s) == 0;
	str_free(&one);
	str_free(&two);
	return same;
}

TEST(kernel_text_reads_back)
{
	static const TargetFacts facts[] = {
		{ "vector32", 32, 16, true, true, true, 32 << 10, 512 << 10, 16, 256 },
		{ "vector64", 64, 32, true, true, true, 32 << 10, 512 << 10, 16, 256 },
		{ "vector16", 16, 32, false, true, true, 32 << 10, 512 << 10, 16, 256 },
	};

	for (int f = 0; f < 3; f++) {
		Ctx *ctx = ctx_new();
		Unit *u = lower(ctx, &facts[f]);
		EXPECT(u != NULL);
		if (u) {
			EXPECT(unit_verify(u, &ctx->diag));
			EXPECT(u->kernel.n >= 3);
		}
		for (int i = 0; u && i < u->kernel.n; i++) {
			EXPECT(reads_back(ctx, u->kernel.at[i]));
			EXPECT(reads_back(ctx, kernel_schedule(ctx->arena, u->kernel.at[i], &facts[f])));
		}
		diag_print(&ctx->diag, stderr);
		ctx_free(ctx);
	}
}

static bool refused(const char *text, const char *why)
{
	Ctx *ctx = ctx_new();
	Kernel *k = kernel_parse(ctx, source_from_text(ctx->arena, "k", text, strlen(text)));
	bool said = ctx->diag.n > 0 && strstr(ctx->diag.at[0].text, why) != NULL;

	if (!said && ctx->diag.n)
		fprintf(stderr, "it says: %s\n", ctx->diag.at[0].text);
	ctx_free(ctx);
	return !k && said;
}

TEST(kernel_text_errors)
{
	EXPECT(refused("kernel \"k\" (a: in f32 align 4) {\n  %0 = const i64 0\n  %1 = load f32 b[%0]\n}\n", "no such buffer"));
	EXPECT(refused("kernel \"k\" (a: in f32 align 4) {\n  %1 = load f32 a[%0]\n}\n", "not defined yet"));
	EXPECT(refused("kernel \"k\" (a: in f32 align 4) {\n  %0 = const i64 0\n  %1 = const f32 1\n  store f32 a[%0] = %1\n}\n", "store to an input"));
	EXPECT(refused("kernel \"k\" (a: out f32 align 4) {\n  %0 = const i64 0\n  store f32 a[%0] = %0\n}\n", "of another type"));
	EXPECT(refused("kernel \"k\" (a: out f32 align 4) {\n  %0 = const i64 0\n  %1 = var i64 %0\n  %2 = add i64 %1, %0\n}\n", "without get"));
	EXPECT(refused("kernel \"k\" (a: out f32 align 3) {\n}\n", "power of two"));
	EXPECT(refused("kernel \"k\" (a: local f32 align 4) {\n}\n", "has a size"));
	EXPECT(refused("kernel \"k\" (a: out f32 align 4) {\n  %0 = const <3 x f32> 0\n}\n", "lanes of a vector"));
	EXPECT(refused("kernel \"k\" (a: out f32 align 4) {\n  %0 = param 0\n}\n", "no such parameter"));
	EXPECT(refused("kernel \"k\" () {\n  %0 = const i64 0\n  %1 = frobnicate i64 %0\n}\n", "no such instruction"));
	EXPECT(refused("kernel \"k\" () {\n  %0 = const i64 0\n", "found the end of the file"));
	EXPECT(refused("kernel \"k\" () {\n  %0 = const i64 0\n  for %1 = %0 to %0 step 0 n {\n  }\n}\n", "step is not positive"));
	EXPECT(refused("kernel \"k\" () {\n  %0 = const i64 0\n  %1 = const f32 1.0\n  %2 = add i64 %0, %1\n}\n", "differ in element type"));
}

/* A value defined inside of a loop is not visible behind it. */
TEST(kernel_scopes)
{
	EXPECT(refused("kernel \"k\" (o: out i64 align 8) {\n  %0 = const i64 0\n  %1 = const i64 4\n"
	               "  for %2 = %0 to %1 step 1 n {\n    %3 = add i64 %2, %1\n  }\n  store i64 o[%0] = %3\n}\n",
	               "not visible"));
}
