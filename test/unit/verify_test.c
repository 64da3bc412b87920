/* test/unit/verify_test.c - what the verifier refuses, and in which words. */
#include <string.h>

#include "ir/build.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "test/unit/unit.h"

/* The first error of reading and verifying; "" when there is none. */
static const char *first_error(Ctx *ctx, const char *text)
{
	Module *m = module_parse(ctx, source_from_text(ctx->arena, "t.graph", text, strlen(text)));

	if (m)
		EXPECT(module_verify(ctx, m) == (ctx->diag.nerrors == 0));
	return ctx->diag.n ? ctx->diag.at[0].text : "";
}

static void expect_error(const char *text, const char *wanted)
{
	Ctx *ctx = ctx_new();

	EXPECT_STR(first_error(ctx, text), wanted);
	ctx_free(ctx);
}

TEST(verify_accepts)
{
	expect_error("graph @f(%x: f32[N]) -> (%y: f32[N]) { %y = exp %x  return %y }", "");
	/* equal by a recorded condition */
	expect_error("graph @f(%x: f32[N], %y: f32[M]) -> (f32[M]) { %z = add %x, %y  return %z }", "");
	expect_error("graph @f(%x: f32[N]) -> (f32[N]) { %y = call @g(%x) : f32[N]  return %y }\n"
	             "graph @g(%x: f32[K]) -> (f32[K]) { return %x }", "");
}

static Module *parse(Ctx *ctx, const char *text)
{
	return module_parse(ctx, source_from_text(ctx->arena, "t.graph", text, strlen(text)));
}

/* The parser says the same of a text in its own words; a pass that breaks a graph hears this. */
TEST(verify_graph_results)
{
	Ctx *ctx = ctx_new();
	Module *m = parse(ctx, "graph @f(%x: f32[N], %y: f32[M]) -> (f32[N], f32[N]) { return %x, %x }");
	REQUIRE(m != NULL);
	Func *f = m->funcs.at[0];
	Op *end = block_terminator(f->body);

	EXPECT(func_verify(ctx, f));
	op_set_args(end, 1, end->arg);
	EXPECT(!func_verify(ctx, f));
	EXPECT_STR(ctx->diag.at[0].text, "return: found 1 value, but @f has 2 results");
	ctx->diag.n = ctx->diag.nerrors = 0;
	op_set_args(end, 2, (Value *[]){ end->arg[0], f->body->args.at[1] });
	EXPECT(!func_verify(ctx, f));
	EXPECT_STR(ctx->diag.at[0].text, "return: value 1 is f32[M], but result 1 of @f is f32[N]");
	ctx_free(ctx);
}

TEST(verify_terminators)
{
	Ctx *ctx = ctx_new();
	Module *m = parse(ctx, "graph @f(%x: f32[N]) -> (f32[N]) { %y = exp %x  return %y }");
	REQUIRE(m != NULL);
	Func *f = m->funcs.at[0];
	Op *end = block_terminator(f->body);

	op_unlink(end);
	op_insert_before(f->body->first, end);
	EXPECT(!func_verify(ctx, f));
	EXPECT_STR(ctx->diag.at[0].text, "return: found in the middle, but it ends a graph");
	EXPECT_STR(ctx->diag.at[1].text, "return: %y is not defined before it is used here");
	ctx->diag.n = ctx->diag.nerrors = 0;
	op_erase(end);
	EXPECT(!func_verify(ctx, f));
	EXPECT_STR(ctx->diag.at[0].text, "graph: @f does not end with return");
	ctx_free(ctx);
}

TEST(verify_recursion)
{
	expect_error("graph @f(%x: f32[N]) -> (f32[N]) { %y = call @f(%x)  return %y }",
	             "call: @f calls itself; recursion is not supported");
	expect_error("graph @f(%x: f32[N]) -> (f32[N]) { %y = call @g(%x) : f32[N]  return %y }\n"
	             "graph @g(%x: f32[N]) -> (f32[N]) { %y = call @h(%x) : f32[N]  return %y }\n"
	             "graph @h(%x: f32[N]) -> (f32[N]) { %y = call @g(%x) : f32[N]  return %y }",
	             "call: @g calls itself through other graphs; recursion is not supported");
}

TEST(verify_symbols)
{
	expect_error("graph @f(%x: f32[N]) -> (f32[Q]) { %y = iota {dim = 0, dtype = f32, shape = [Q]}  return %y }",
	             "iota: symbol Q is in the type of no input of @f, so that its value is not known");
	expect_error("graph @f(%x: f32[N]) -> (i64[]) { %y = dimension {value = N+Q}  return %y }",
	             "dimension: symbol Q is in the type of no input of @f, so that its value is not known");
}

TEST(verify_fusions)
{
	expect_error("graph @f(%x: f32[N]) -> (f32[N]) {\n"
	             "  %y = fusion (%x) (%a: f32[N]) { %b = add %a, %x  yield %b }\n"
	             "  return %y\n}",
	             "add: %x comes from outside of the fusion, whose region sees its own arguments only");
	expect_error("graph @f(%x: f32[N]) -> (f32[N]) {\n"
	             "  %y = fusion (%x) (%a: f32[N]) { %b = call @g(%a) : f32[N]  %c = exp %b  yield %c }\n"
	             "  return %y\n}\n"
	             "graph @g(%x: f32[N]) -> (f32[N]) { return %x }",
	             "fusion: the region is of no kind that one kernel can compute");
}

/* What no text can say: built by hand. */
TEST(verify_order_and_types)
{
	Ctx *ctx = ctx_new();
	Module *m = module_new(ctx);
	Func *f = func_new(m, "f", NULL);
	Dim n = dim_sym(ctx->dims, "N", INT64_MAX);
	Value *x = block_add_arg(f->body, type_get(ctx->types, DT_F32, 1, &n), "x", NULL);
	Builder b = builder_at_end(ctx, f->body);
	Value *y = BUILD(&b, exp, ARGS(x), 0), *z = BUILD(&b, neg, ARGS(y), 0);

	build_op(&b, OP_return, ARGS(z), NULL);
	vec_push(ctx->arena, &f->result_names, NULL);
	vec_push(ctx->arena, &f->result_types, z->type);
	EXPECT(func_verify(ctx, f));

	op_unlink(y->def);
	op_insert_after(z->def, y->def);
	EXPECT(!func_verify(ctx, f));
	EXPECT_STR(ctx->diag.at[0].text, "neg: operand 0 is not defined before it is used here");
	op_unlink(y->def);
	op_insert_before(z->def, y->def);

	ctx->diag.n = ctx->diag.nerrors = 0;
	y->type = type_with_dtype(ctx->types, x->type, DT_F64);
	EXPECT(!func_verify(ctx, f));
	EXPECT_STR(ctx->diag.at[0].text, "exp: result 0 is declared as f64[N], but it is f32[N]");
	y->type = x->type;

	/* A condition that nobody recorded. */
	ctx->diag.n = ctx->diag.nerrors = 0;
	Dim k = dim_sym(ctx->dims, "K", INT64_MAX);
	Value *w = block_add_arg(f->body, type_get(ctx->types, DT_F32, 1, &k), "w", NULL);
	Builder before = builder_before(ctx, z->def);
	Value *sum = BUILD(&before, add, ARGS(x, w), 0);
	EXPECT_EQ_INT(f->constraints.n, 1);
	EXPECT(func_verify(ctx, f));
	f->constraints.n = 0;
	EXPECT(!func_verify(ctx, f));
	EXPECT_STR(ctx->diag.at[0].text, "add: N = K is needed, but not among what @f requires");
	EXPECT_EQ_INT(f->constraints.n, 0);
	op_erase(sum->def);

	ctx->diag.n = ctx->diag.nerrors = 0;
	Weight *weight = ARENA_NEW(ctx->arena, Weight);
	*weight = (Weight){ .name = "w", .type = x->type };
	vec_push(ctx->arena, &m->weights, weight);
	EXPECT(!module_verify(ctx, m));
	EXPECT_STR(ctx->diag.at[0].text, "weight @w: type f32[N] has a symbolic dimension");
	ctx_free(ctx);
}

static void break_uses(void *arg)
{
	Func *f = arg;

	f->body->args.at[0]->first_use->index = 7;
	func_verify(f->module->ctx, f);
}

/* Only a faulty pass can do this: exit code 70. */
TEST(verify_use_lists)
{
	Ctx *ctx = ctx_new();
	const char *text = "graph @f(%x: f32[N]) -> (f32[N]) { %y = exp %x  return %y }";
	Module *m = parse(ctx, text);
	char err[512];

	REQUIRE(m != NULL);
	EXPECT_EQ_INT(unit_child(break_uses, m->funcs.at[0], err, sizeof err), 70);
	EXPECT(strstr(err, "list of uses") != NULL);
	ctx_free(ctx);
}
