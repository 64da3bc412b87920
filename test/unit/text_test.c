/* test/unit/text_test.c - the text form: printed modules read back, and texts that must be refused. */
#include "ir/text.h"
#include "ir/verify.h"
#include "test/unit/unit.h"

/* Parses and prints; "" with the diagnostics in ctx when refused.  The text is in ctx's arena. */
static const char *printed(Ctx *ctx, const char *text, size_t size)
{
	Module *m = module_parse(ctx, source_from_text(ctx->arena, "test.graph", text, size));
	Str out = { 0 };

	if (!m)
		return "";
	module_print(m, NULL, &out);
	const char *s = arena_strdup(ctx->arena, str_cstr(&out));
	str_free(&out);
	return s;
}

static const char *const every_form =
	"tfcc_graph 1\n"
	"weights \"w.safetensors\"\n"
	"weight @w : f32[2, 2] = [[1, 2], [3, 4.5]]\n"
	"weight @\"a b\" : bf16[3] = splat 0.1\n"
	"weight @e : f32[3, 0] = []\n"
	"weight @z : i8[3] = zeros   weight @o : f16[3] = ones  weight @f : bool[2]\n"
	"graph @main(%x: f32[N, 4] at in(0), %k: i64[]) -> (%r: f32[N], i64[], f32[N, 4]) plan (ws = 64*N, lower_bound = 3) {\n"
	"  %zero = constant 0.0 : f32[]\n"
	"  %s = reduce %x, %zero {dims = [1]} (%a: f32[], %b: f32[]) { %c = add %a, %b  yield %c }\n"
	"  %i, %acc = while (%k, %zero) cond (%i: i64[], %a: f32[]) {\n"
	"    %n = dimension {value = (N+1)//2*3 - max(N, 8) % 3}   // a comment\n"
	"    %c = compare %i, %n {dir = lt}\n"
	"    yield %c\n"
	"  } do (%i: i64[], %a: f32[]) {\n"
	"    %i1 = add %i, 1\n"
	"    %a1 = mul %a, 0x7fc00001\n"
	"    yield %i1, %a1\n"
	"  }\n"
	"  %y = clamp -inf, %x, 6.5e-20 loc(\"x.py\":3:4, \"layer1/conv\")\n"
	"  %z = call @later(%y) : f32[N, 4]\n"
	"  %p = add %z, @w1\n"
	"  %f = fusion (%p, %k) (%z2: f32[N, 4] at in(0), %k2: i64[]) {\n"
	"    %e = exp %z2 : f32[N, 4] at none\n"
	"    yield %e\n"
	"  } : f32[N, 4] at ws(64*N)\n"
	"  return %s, %i, %f\n"
	"}\n"
	"graph @later(%\"x y\": f32[N, 4]) -> (f32[N, 4]) where (N*2 == M) {\n"
	"  return %\"x y\"\n"
	"}\n";

TEST(text_round_trip)
{
	Ctx *ctx = ctx_new();
	char text[4096];
	int n = snprintf(text, sizeof text, "weight @w1 : f32[4]\n%s", strchr(every_form, '\n') + 1);

	const char *once = printed(ctx, text, (size_t)n);
	EXPECT_EQ_INT(ctx->diag.nerrors, 0);
	diag_print(&ctx->diag, stderr);
	EXPECT(strstr(once, "mul %a, %1 : f32[]"));
	EXPECT(strstr(once, "%1 = constant 0x7fc00001 : f32[]"));
	EXPECT(strstr(once, "weight @\"a b\" : bf16[3] = splat 0.1\n"));
	EXPECT(strstr(once, "where (N*2 == M)"));
	EXPECT(strstr(once, "%w1 = weight @w1 : f32[4]\n"));
	EXPECT_STR(printed(ctx, once, strlen(once)), once);
	ctx_free(ctx);
}

/* Cut anywhere, the text is either read or refused with a diagnostic. */
TEST(text_truncated)
{
	size_t n = strlen(every_form);

	for (size_t i = 0; i <= n; i++) {
		Ctx *ctx = ctx_new();
		Module *m = module_parse(ctx, source_from_text(ctx->arena, "cut.graph", every_form, i));
		EXPECT((m != NULL) == (ctx->diag.nerrors == 0));
		ctx_free(ctx);
	}
}

static void expect_refused(const char *text, size_t size, const char *why)
{
	Ctx *ctx = ctx_new();
	Module *m = module_parse(ctx, source_from_text(ctx->arena, "bad.graph", text, size));

	EXPECT(!m);
	EXPECT(ctx->diag.n > 0);
	if (ctx->diag.n)
		EXPECT_STR(ctx->diag.at[0].text, why);
	ctx_free(ctx);
}

TEST(text_bytes)
{
	expect_refused("graph\0", 6, "the text holds a NUL byte");
	expect_refused("// \xff", 4, "the text is not UTF-8: byte 0xff");
	expect_refused("// \xed\xa0\x80", 6, "the text is not UTF-8: byte 0xed");
	expect_refused("// \xc3", 4, "the text is not UTF-8: byte 0xc3");
}

/* Deep nesting of everything that nests. */
TEST(text_depth)
{
	enum { DEEP = 200000 };
	static const struct { const char *head, *open, *why; } cases[] = {
		{ "graph @f(%x: f32[", "(", "nested more than 100 deep" },
		{ "graph @f(%x: f32[", "-", "nested more than 100 deep" },
		{ "graph @f(%x: f32[", "max(1,", "nested more than 100 deep" },
		{ "graph @f() -> () {", "while () cond () {", "nested more than 100 deep" },
		{ "weight @w : f32[1] = ", "[", "the rank of a constant is at most 16" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		Str text = { 0 };
		str_add(&text, cases[i].head);
		for (int k = 0; k < DEEP; k++)
			str_add(&text, cases[i].open);
		expect_refused(text.s, text.n, cases[i].why);
		str_free(&text);
	}
}
