/* test/unit/llvm_entry_test.c - what a compiled graph checks before it runs, in the order that runtime/abi.h gives. */
#include <stdio.h>
#include <stdlib.h>

#include "codegen/codegen.h"
#include "ir/text.h"
#include "passes/pass.h"
#include "runtime/abi.h"
#include "test/unit/unit.h"

typedef struct Compiled {
	Ctx *ctx;
	Jit *jit;
	const tfrt_model *model;
} Compiled;

static Compiled compile_with(const char *text, void *(*symbol)(const char *))
{
	CodegenOptions o = { .target = "cpu", .cpu = "native", .opt_level = 2, .symbol = symbol };
	TargetFacts facts;
	const PassOptions p = { .facts = &facts, .opt_level = 2, .verify = true, .bisect = -1 };
	Compiled c = { .ctx = ctx_new() };
	Module *m = module_parse(c.ctx, source_from_text(c.ctx->arena, "test.graph", text, strlen(text)));
	Unit *u = m && codegen_target("cpu")->facts(c.ctx, &o, &facts) && passes_run(c.ctx, m, pipeline_default, pipeline_default_count, &p) ?
		codegen_lower(c.ctx, m) : NULL;

	c.jit = u ? jit_new(u, &o, &c.model) : NULL;
	return c;
}

static Compiled compile(const char *text)
{
	Compiled c = compile_with(text, NULL);

	if (!c.jit)
		unit_fail(__FILE__, __LINE__, "is not compiled");
	diag_print(&c.ctx->diag, stderr);
	return c;
}

static void finish(Compiled *c)
{
	jit_free(c->jit);
	ctx_free(c->ctx);
}

static tfrt_context context_of(const Compiled *c, void *ws, int64_t bytes)
{
	return (tfrt_context){ .abi_version = TFRT_ABI_VERSION, .threads = 1, .model = c->model, .weights = c->model->weights,
	                       .workspace = ws, .workspace_bytes = bytes };
}

/* Two dims that must be equal, one of them bounded; a workspace is needed. */
static const char two_dims[] =
	"graph @f(%a: f32[N<=1000, 64], %b: f32[M, 64]) -> (%y: f32[N, 64]) {\n"
	"  %s = add %a, %b\n"
	"  %t = transpose %s {permutation = [1, 0]}\n"
	"  %d = dot_general %s, %t {lhs_contract = [1], rhs_contract = [0]}\n"
	"  %e = dot_general %d, %a {lhs_contract = [1], rhs_contract = [0]}\n"
	"  %y = tanh %e\n"
	"  return %y\n"
	"}\n";

static int add_numbers(const int64_t *x, int64_t *y, int64_t n)
{
	*y = *x + n;
	return *x == 3 ? 12 : 0;
}

static void *find_function(const char *name)
{
	return strcmp(name, "add_numbers") == 0 ? (void *)(uintptr_t)add_numbers : NULL;
}

/* C functions are found through the options; one that fails ends the call, and the context says which. */
TEST(llvm_entry_calls_c_functions)
{
	const char *text = "graph @f(%x: i64[], %z: f32[N]) -> (%y: i64[]) {"
		"  %y = custom_call @add_numbers(%x) {results = [i64[]], dims = [N]}  return %y }";
	Compiled none = compile_with(text, NULL), c = compile_with(text, find_function);
	int64_t x = 5, y = 0, n = 7;
	float z[7] = { 0 };

	EXPECT(!none.jit);
	EXPECT_STR(none.ctx->diag.at[0].text, "custom_call: there is no function 'add_numbers' in this process");
	EXPECT(c.jit);
	if (c.jit) {
		tfrt_context t = context_of(&c, NULL, 0);
		void *const in[] = { &x, z }, *const out[] = { &y };
		EXPECT_EQ_INT(c.model->graphs[0].call(&t, NULL, &n, in, out), TFRT_OK);
		EXPECT_EQ_INT(y, 12);
		EXPECT(!t.failed);
		x = 3;
		EXPECT_EQ_INT(c.model->graphs[0].call(&t, NULL, &n, in, out), TFRT_CUSTOM);
		EXPECT_STR(t.failed, "add_numbers");
		EXPECT_EQ_INT(t.failed_code, 12);
	}
	finish(&none);
	finish(&c);
}

TEST(llvm_entry_checks)
{
	Compiled c = compile(two_dims);
	if (!c.jit)
		return;
	const tfrt_graph *g = c.model->graphs;
	static float a[8 * 64], b[8 * 64], y[8 * 64];
	_Alignas(64) static char ws[1 << 16];
	void *in[] = { a, b }, *out[] = { y }, *no_in[] = { a, NULL }, *no_out[] = { NULL };
	int64_t dims[] = { 8, 8 }, extents[6];
	int64_t need = g->workspace(dims, 1);
	tfrt_context ctx = context_of(&c, ws, sizeof ws), small = context_of(&c, ws, need - 1);
	tfrt_context other = ctx, variant = ctx, exact = context_of(&c, ws, need);

	EXPECT(need > 0 && need <= (int64_t)sizeof ws);
	EXPECT_EQ_INT(need % 64, 0);
	EXPECT_EQ_INT(g->call(&ctx, NULL, dims, in, out), TFRT_OK);
	EXPECT_EQ_INT(g->call(&exact, NULL, dims, in, out), TFRT_OK);
	/* 1: the context */
	EXPECT_EQ_INT(g->call(NULL, NULL, dims, in, out), TFRT_INVALID);
	struct tfrt_model copy = *c.model;
	other.model = &copy;
	EXPECT_EQ_INT(g->call(&other, NULL, dims, in, out), TFRT_INVALID);
	/* 2: the dims, before anything else about the call */
	const int64_t wrong[][2] = { { -1, -1 }, { 8, 7 }, { 1001, 1001 }, { INT64_MIN, INT64_MIN }, { 8, INT64_MAX } };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		EXPECT_EQ_INT(g->call(&small, NULL, wrong[i], no_in, no_out), TFRT_SHAPE);
		EXPECT_EQ_INT(g->shape(wrong[i], extents), TFRT_SHAPE);
		EXPECT_EQ_INT(g->workspace(wrong[i], 1), -1);
	}
	/* 3: missing data, unless it has no elements */
	EXPECT_EQ_INT(g->call(&small, NULL, dims, no_in, out), TFRT_INVALID);
	EXPECT_EQ_INT(g->call(&small, NULL, dims, in, no_out), TFRT_INVALID);
	EXPECT_EQ_INT(g->call(&ctx, NULL, (int64_t[]){ 0, 0 }, (void *[]){ NULL, NULL }, no_out), TFRT_OK);
	/* 4: the workspace, 5: the variant */
	small.variant = variant.variant = 1;
	EXPECT_EQ_INT(g->call(&small, NULL, dims, in, out), TFRT_WORKSPACE);
	EXPECT_EQ_INT(g->call(&variant, NULL, dims, in, out), TFRT_CPU);
	variant.variant = -1;
	EXPECT_EQ_INT(g->call(&variant, NULL, dims, in, out), TFRT_CPU);
	/* The shape function. */
	EXPECT_EQ_INT(g->shape((int64_t[]){ 5, 5 }, extents), TFRT_OK);
	for (int i = 0; i < 6; i++)
		EXPECT_EQ_INT(extents[i], i % 2 ? 64 : 5);
	finish(&c);
}

/* Sizes that overflow int64 are refused, by whatever they come from. */
TEST(llvm_entry_overflow)
{
	Compiled c = compile("graph @f(%a: f32[N, M]) -> (%y: f32[N, M]) {\n  %y = exp %a\n  return %y\n}\n");
	if (!c.jit)
		return;
	const tfrt_graph *g = c.model->graphs;
	tfrt_context ctx = context_of(&c, NULL, 0);
	static float x[4], y[4];
	int64_t extents[4];
	const int64_t large[][2] = { { (int64_t)1 << 32, (int64_t)1 << 32 }, { INT64_MAX, 1 }, { (int64_t)1 << 61, 1 }, { 3, INT64_MAX / 2 } };

	for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
		EXPECT_EQ_INT(g->shape(large[i], extents), TFRT_SHAPE);
		EXPECT_EQ_INT(g->workspace(large[i], 1), -1);
		EXPECT_EQ_INT(g->call(&ctx, NULL, large[i], (void *[]){ x }, (void *[]){ y }), TFRT_SHAPE);
	}
	EXPECT_EQ_INT(g->call(&ctx, NULL, (int64_t[]){ 2, 2 }, (void *[]){ x }, (void *[]){ y }), TFRT_OK);
	EXPECT_EQ_F32BITS(y[3], 1);
	finish(&c);
}

/* A size that the call finds out: the shape is the bound's, an output tells the size, and one beyond its bound, below 0, or in the way of
   a condition or an extent is refused. */
TEST(llvm_entry_size)
{
	Compiled c = compile("graph @f(%a: f32[N, 2], %n: i64[], %b: f32[4]) -> (%y: f32[K<=N, 2], %k: i64[], %z: f32[N-K]) {\n"
	                     "  %k = define_size %n {size = K<=N}\n"
	                     "  %y = slice %a {start = [0, 0], limit = [K, 2]}\n"
	                     "  %i = iota {dim = 0, dtype = f32, shape = [2*K]}\n"
	                     "  %j = add %i, %b\n"
	                     "  %h = slice %b {start = [0], limit = [K+2]}\n"
	                     "  %z = iota {dim = 0, dtype = f32, shape = [N-K]}\n"
	                     "  return %y, %k, %z\n}\n");
	if (!c.jit)
		return;
	const tfrt_graph *g = c.model->graphs;
	static char ws[4096] __attribute__((aligned(64)));
	tfrt_context ctx = context_of(&c, ws, sizeof ws);
	float a[6] = { 1, 2, 3, 4, 5, 6 }, b[4] = { 0 }, y[6] = { 0 }, z[3] = { 9, 9, 9 };
	int64_t n = 2, k = 0, three = 3, extents[9];

	EXPECT_EQ_INT(g->dim_count, 1);
	EXPECT_EQ_INT(g->outputs[0].extents[0], TFRT_EXTENT_RESULT(1));
	EXPECT_EQ_INT(g->outputs[2].extents[0], TFRT_EXTENT_EXPR);
	EXPECT_EQ_INT(g->shape(&three, extents), TFRT_OK);
	EXPECT_EQ_INT(extents[3], 3);   /* of y */
	EXPECT_EQ_INT(extents[5], 3);   /* of z */
	EXPECT(g->workspace(&three, 1) <= (int64_t)sizeof ws);
	EXPECT_EQ_INT(g->call(&ctx, NULL, &three, (void *[]){ a, &n, b }, (void *[]){ y, &k, z }), TFRT_OK);
	EXPECT_EQ_INT(k, 2);
	EXPECT_EQ_F32BITS(y[3], 4);
	EXPECT_EQ_F32BITS(y[4], 0);
	EXPECT_EQ_F32BITS(z[0], 0);
	EXPECT_EQ_F32BITS(z[1], 9);
	for (n = -1; n <= 4; n++)
		EXPECT_EQ_INT(g->call(&ctx, NULL, &three, (void *[]){ a, &n, b }, (void *[]){ y, &k, z }), n == 2 ? TFRT_OK : TFRT_SHAPE);
	finish(&c);
}

/* Extents that symbols make negative. */
TEST(llvm_entry_negative_extent)
{
	Compiled c = compile("graph @f(%a: f32[N]) -> (%y: f32[N-3]) {\n  %y = slice %a {start = [3], limit = [N], strides = [1]}\n  return %y\n}\n");
	if (!c.jit)
		return;
	const tfrt_graph *g = c.model->graphs;
	tfrt_context ctx = context_of(&c, NULL, 0);
	float x[5] = { 1, 2, 3, 4, 5 }, y[2] = { 0 };
	int64_t n = 2, extents[2];

	EXPECT_EQ_INT(g->shape(&n, extents), TFRT_SHAPE);
	EXPECT_EQ_INT(g->call(&ctx, NULL, &n, (void *[]){ x }, (void *[]){ y }), TFRT_SHAPE);
	n = 3;
	EXPECT_EQ_INT(g->call(&ctx, NULL, &n, (void *[]){ x }, (void *[]){ y }), TFRT_OK);
	n = 5;
	EXPECT_EQ_INT(g->call(&ctx, NULL, &n, (void *[]){ x }, (void *[]){ y }), TFRT_OK);
	EXPECT_EQ_F32BITS(y[0], 4);
	EXPECT_EQ_F32BITS(y[1], 5);
	finish(&c);
}

/* What the descriptor says. */
TEST(llvm_descriptor)
{
	Compiled c = compile("weight @w : f32[3] = ones\n"
	                     "graph @first(%image: f16[N, 2*N], %flag: bool[]) -> (%y: f16[N, 2*N]) {\n  %y = select %flag, %image, %image\n  return %y\n}\n"
	                     "graph @second(%x: f32[3]) -> (f32[3]) {\n  %y = add %x, @w\n  return %y\n}\n");
	if (!c.jit)
		return;
	const tfrt_model *m = c.model;

	EXPECT_EQ_INT(m->abi_version, TFRT_ABI_VERSION);
	EXPECT_EQ_INT(m->struct_size, sizeof(struct tfrt_model));
	EXPECT_EQ_INT(m->graph_count, 2);
	EXPECT_EQ_INT(m->variant_count, 1);
	EXPECT_STR(m->variants[0].name, "native");
	const tfrt_graph *f = tfrt_graph_find(m, "first"), *s = tfrt_graph_find(m, "second");
	REQUIRE(f && s);
	EXPECT_EQ_INT(tfrt_dim_count(f), 1);
	EXPECT_STR(tfrt_dim_name(f, 0), "N");
	EXPECT_EQ_INT(tfrt_dim_bound(f, 0), INT64_MAX);
	EXPECT_EQ_INT(f->extent_count, 4);
	EXPECT_STR(f->inputs[0].name, "image");
	EXPECT_EQ_INT(f->inputs[0].dtype, TFRT_F16);
	EXPECT_EQ_INT(f->inputs[0].extents[0], TFRT_EXTENT_DIM(0));
	EXPECT_EQ_INT(f->inputs[0].extents[1], TFRT_EXTENT_EXPR);
	EXPECT_EQ_INT(f->inputs[1].rank, 0);
	EXPECT_EQ_INT(f->inputs[1].dtype, TFRT_BOOL);
	EXPECT(f->inputs[1].extents == NULL);
	EXPECT_STR(s->outputs[0].name, "out0");
	EXPECT_EQ_INT(s->outputs[0].extents[0], 3);
	finish(&c);
}
