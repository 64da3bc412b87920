/* test/unit/eval_test.c - the interpreter as a whole: inputs, symbols, limits, hooks, folding, digits. */
#include <math.h>
#include <stdlib.h>

#include "frontend/frontend.h"
#include "frontend/tensor_file.h"
#include "ir/base/num.h"
#include "ir/eval.h"
#include "ir/text.h"
#include "test/unit/unit.h"

static Module *parse(Ctx *ctx, const char *text)
{
	Module *m = module_parse(ctx, source_from_text(ctx->arena, "test.graph", text, strlen(text)));

	if (!m)
		diag_print(&ctx->diag, stderr);
	return m;
}

static Tensor *f32s(int rank, const int64_t *dim, const float *values)
{
	Tensor *t = tensor_new(DT_F32, rank, dim);

	if (values)
		memcpy(t->data, values, (size_t)t->count * sizeof(float));
	return t;
}

/* The first diagnostic of evaluating the only graph of text on one f32 input of this shape; "" when it succeeds. */
static const char *complaint(const char *text, int rank, const int64_t *dim, const DimEnv *env)
{
	static char message[500];
	Ctx *ctx = ctx_new();
	Module *m = parse(ctx, text);
	Tensor *in = f32s(rank, dim, NULL), *out[4] = { NULL };

	*message = 0;
	if (!m || !eval_func(ctx, m->funcs.at[0], env, &in, 1, out, NULL))
		snprintf(message, sizeof message, "%s", ctx->diag.n ? ctx->diag.at[0].text : "no diagnostic");
	for (int i = 0; i < 4; i++)
		tensor_unref(out[i]);
	tensor_unref(in);
	ctx_free(ctx);
	return message;
}

#define DIMS(...) (int)(sizeof((int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t)), (const int64_t[]){ __VA_ARGS__ }

TEST(eval_checks_inputs)
{
	const char *same = "graph @f(%x: f32[N, N]) -> (%y: f32[N, N]) { %y = neg %x  return %y }";
	const char *i32 = "graph @f(%x: i32[N]) -> (%y: i32[N]) { %y = neg %x  return %y }";

	EXPECT_STR(complaint(same, DIMS(3, 3), NULL), "");
	EXPECT_STR(complaint(same, DIMS(3, 4), NULL), "graph @f: input %x has extent 4 on axis 1, expected N = 3");
	EXPECT_STR(complaint(same, DIMS(3), NULL), "graph @f: input %x has rank 1, expected 2");
	EXPECT_STR(complaint(i32, DIMS(3), NULL), "graph @f: input %x has element type f32, expected i32");
}

TEST(eval_solves_symbols)
{
	const char *affine = "graph @f(%x: f32[2*N + 1]) -> (%y: i64[]) { %y = dimension {value = N}  return %y }";
	const char *half = "graph @f(%x: f32[(S + 1)//2]) -> (%y: i64[]) { %y = dimension {value = S}  return %y }";
	DimEnv s6 = { 1, (const char *[]){ "S" }, (int64_t[]){ 6 } }, n4 = { 1, (const char *[]){ "N" }, (int64_t[]){ 4 } };

	EXPECT_STR(complaint(affine, DIMS(7), NULL), "");
	EXPECT_STR(complaint(affine, DIMS(8), NULL),
		"graph @f: the symbols of N*2+1 cannot be found from the inputs' shapes; give their values");
	EXPECT_STR(complaint(affine, DIMS(7), &n4), "graph @f: input %x has extent 7 on axis 0, expected N*2+1 = 9");
	EXPECT_STR(complaint(half, DIMS(3), &s6), "");
}

TEST(eval_counts_inputs)
{
	Ctx *ctx = ctx_new();
	Module *m = parse(ctx, "graph @f(%x: f32[]) -> (%y: f32[]) { %y = neg %x  return %y }");
	Tensor *out = NULL;

	EXPECT(m && !eval_func(ctx, m->funcs.at[0], NULL, NULL, 0, &out, NULL));
	EXPECT_STR(ctx->diag.at[0].text, "graph @f: 0 inputs are given, expected 1");
	ctx_free(ctx);
}

TEST(eval_checks_constraints)
{
	const char *text = "graph @f(%x: f32[N, M]) -> (%y: f32[N, N]) {"
		"  %t = transpose %x {permutation = [1, 0]}  %y = add %x, %t  return %y }";

	EXPECT_STR(complaint(text, DIMS(2, 2), NULL), "");
	EXPECT_STR(complaint(text, DIMS(2, 3), NULL), "graph @f: N and M must be equal, but are not for these inputs");
	EXPECT_STR(complaint("graph @f(%x: f32[N<=4]) -> (%y: f32[N<=4]) { %y = neg %x  return %y }", DIMS(5), NULL),
		"graph @f: N = 5 is not in 0 .. 4");
}

/* Only who knows C functions can call them. */
TEST(eval_refuses_c_functions)
{
	EXPECT_STR(complaint("graph @f(%x: f32[N]) -> (%y: f32[N]) { %y = custom_call @f(%x) {results = [f32[N]]}  return %y }",
		DIMS(2), NULL), "custom_call: there is nobody here to call 'f'");
}

TEST(eval_limits_memory)
{
	Ctx *ctx = ctx_new();
	Module *m = parse(ctx, "graph @f(%n: f32[]) -> (%y: f32[1099511627776]) {"
		"  %y = broadcast_in_dim %n {shape = [1099511627776], dims = []}  return %y }");
	Tensor *in = f32s(0, NULL, NULL), *out = NULL;

	EXPECT(m && !eval_func(ctx, m->funcs.at[0], NULL, &in, 1, &out, NULL));
	EXPECT_STR(ctx->diag.at[0].text, "broadcast_in_dim: needs more than the 17179869184 bytes that the interpreter may hold");
	tensor_unref(in);
	ctx_free(ctx);
}

/* Values are given back after their last use: a chain of 50 needs no more than three at a time. */
TEST(eval_frees_after_last_use)
{
	Ctx *ctx = ctx_new();
	Str text = { 0 };

	str_add(&text, "graph @f(%v0: f32[N]) -> (%y: f32[N]) {\n");
	for (int i = 0; i < 50; i++)
		str_printf(&text, "  %%v%d = neg %%v%d\n", i + 1, i);
	str_add(&text, "  %y = neg %v50\n  return %y\n}\n");

	Module *m = parse(ctx, str_cstr(&text));
	EvalOptions opt = { .max_bytes = 3 * 4000 };
	Tensor *in = f32s(DIMS(1000), NULL), *out = NULL;

	EXPECT(m && eval_func(ctx, m->funcs.at[0], NULL, &in, 1, &out, &opt));
	EXPECT_EQ_INT(ctx->diag.nerrors, 0);
	tensor_unref(out);
	opt.max_bytes = 4000;
	EXPECT(!eval_func(ctx, m->funcs.at[0], NULL, &in, 1, &out, &opt));
	tensor_unref(in);
	str_free(&text);
	ctx_free(ctx);
}

static bool count_until(void *arg, const Op *op, Tensor *const *result)
{
	int *left = arg;

	EXPECT(result[0] != NULL && op->nresults == 1);
	return --*left > 0;
}

TEST(eval_can_be_interrupted)
{
	Ctx *ctx = ctx_new();
	Module *m = parse(ctx, "graph @f(%x: f32[]) -> (%y: f32[]) {"
		"  %y = while %x cond (%a: f32[]) { %t = constant true : bool[]  yield %t }"
		"  do (%a: f32[]) { %b = neg %a  yield %b }  return %y }");
	int left = 1000;
	EvalOptions opt = { .on_op = count_until, .arg = &left };
	Tensor *in = f32s(0, NULL, NULL), *out = NULL;

	EXPECT(m && !eval_func(ctx, m->funcs.at[0], NULL, &in, 1, &out, &opt));
	EXPECT_EQ_INT(left, 0);
	EXPECT_EQ_INT(ctx->diag.n, 0);
	tensor_unref(in);
	ctx_free(ctx);
}

TEST(eval_op_folds)
{
	Ctx *ctx = ctx_new();
	Module *m = parse(ctx, "graph @f(%x: f32[2, 3], %i: f32[], %n: f32[N]) -> (%y: f32[2], %z: f32[2], %m: f32[N]) {"
		"  %y = reduce %x, %i {dims = [1]} (%a: f32[], %b: f32[]) { %c = add %a, %b  yield %c }"
		"  %z = reduce %x, %i {dims = [1]} (%a: f32[], %b: f32[]) { %c = add %a, %b  %d = mul %c, %i  yield %d }"
		"  %m = neg %n"
		"  return %y, %z, %m }");
	Tensor *in[2] = { f32s(DIMS(2, 3), (float[]){ 1, 2, 3, 4, 5, 6 }), f32s(0, NULL, (float[]){ 0.5f }) };
	Tensor *out = NULL;

	REQUIRE(m);
	Op *sum = m->funcs.at[0]->body->first;

	EXPECT(eval_op(ctx, sum, in, &out));
	EXPECT_EQ_F32BITS(((float *)out->data)[0], 6.5f);
	EXPECT_EQ_F32BITS(((float *)out->data)[1], 15.5f);
	tensor_unref(out);
	EXPECT(!eval_op(ctx, sum->next, in, &out)); /* sees %i from outside */
	EXPECT(out == NULL);
	EXPECT(!eval_op(ctx, sum->next->next, in, &out)); /* symbolic shape */
	EXPECT_EQ_INT(ctx->diag.n, 0);
	tensor_unref(in[0]);
	tensor_unref(in[1]);
	ctx_free(ctx);
}

static Tensor *read_digits(Ctx *ctx, const char *name)
{
	const char *path = arena_printf(ctx->arena, "%s/docs/examples/digits/data/%s", TFCC_SOURCE_DIR, name);
	Tensor *t = tensor_read(&ctx->diag, path, "", NULL);

	if (!t)
		diag_print(&ctx->diag, stderr);
	return t;
}

static Module *load_digits(Ctx *ctx)
{
	Module *m = frontend_load(ctx, arena_printf(ctx->arena, "%s/docs/examples/digits/digits.graph", TFCC_SOURCE_DIR));

	if (!m)
		diag_print(&ctx->diag, stderr);
	return m;
}

static int best(const float *p)
{
	int at = 0;

	for (int i = 1; i < 10; i++)
		at = p[i] > p[at] ? i : at;
	return at;
}

/* 356 of 360 right, each probability within 1e-5 of those of the model's own framework. */
TEST(eval_digits)
{
	Ctx *ctx = ctx_new();
	Module *m = load_digits(ctx);
	Tensor *x = read_digits(ctx, "digits_test_x.npy"), *y = read_digits(ctx, "digits_test_y.npy");
	Tensor *wanted = read_digits(ctx, "digits_cnn_expected.npy"), *out = NULL;
	int right = 0;
	float worst = 0;

	REQUIRE(m && x && y && wanted);
	REQUIRE(eval_func(ctx, m->funcs.at[0], NULL, &x, 1, &out, NULL));
	REQUIRE(out->count == 3600 && wanted->count == 3600);
	for (int i = 0; i < 360; i++)
		right += best((float *)out->data + 10 * i) == (int)tensor_get(y, i);
	for (int i = 0; i < 3600; i++)
		worst = fmaxf(worst, fabsf(((float *)out->data)[i] - ((float *)wanted->data)[i]));
	EXPECT_EQ_INT(right, 356);
	EXPECT(worst <= 1e-5f);
	tensor_unref(x);
	tensor_unref(y);
	tensor_unref(wanted);
	tensor_unref(out);
	ctx_free(ctx);
}

/* A sample has the same bits alone and in any batch. */
TEST(eval_digits_any_batch)
{
	Ctx *ctx = ctx_new();
	Module *m = load_digits(ctx);
	Tensor *x = read_digits(ctx, "digits_test_x.npy"), *all = NULL;

	REQUIRE(m && x);
	REQUIRE(eval_func(ctx, m->funcs.at[0], NULL, &x, 1, &all, NULL));
	for (int64_t n = 1; n <= 7; n += 6) {
		Tensor *in = f32s(DIMS(n, 8, 8, 1), (float *)x->data + 64 * 11), *out = NULL;

		REQUIRE(eval_func(ctx, m->funcs.at[0], NULL, &in, 1, &out, NULL));
		EXPECT_BYTES(out->data, (float *)all->data + 10 * 11, (size_t)n * 40);
		tensor_unref(in);
		tensor_unref(out);
	}
	tensor_unref(x);
	tensor_unref(all);
	ctx_free(ctx);
}
