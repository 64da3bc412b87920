/* test/unit/verify_test.c - what the verifier refuses, and in which words. */
#include <string.h>

#include "ir/build.h"
#include "ir/plan.h"
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

/* The first region of the first op with regions loses its last op. */
static void expect_unended(const char *text, int region, const char *wanted)
{
	Ctx *ctx = ctx_new();
	Module *m = parse(ctx, text);
	REQUIRE(m != NULL);
	Op *op = m->funcs.at[0]->body->first;

	while (!op->nregions)
		op = op->next;
	op_erase(block_terminator(op->region[region]));
	EXPECT(!func_verify(ctx, m->funcs.at[0]));
	bool found = false;
	for (int i = 0; i < ctx->diag.n; i++)
		found |= strcmp(ctx->diag.at[i].text, wanted) == 0;
	if (!found)
		fprintf(stderr, "found: %s\n", ctx->diag.at[0].text);
	EXPECT(found);
	ctx_free(ctx);
}

TEST(verify_regions)
{
	const char *branches = "graph @f(%x: f32[], %p: bool[]) -> (f32[]) {"
		" %y = cond %p then { yield %x } else { %z = neg %x yield %z }  return %y }";

	expect_unended(branches, 0, "cond: region 'then' does not end with yield");
	expect_unended(branches, 1, "cond: region 'else' does not end with yield");
	expect_unended("graph @f(%x: f32[3]) -> (f32[3]) {"
	               " %y = scan %x {carry = 0} (%a: f32[]) { %b = neg %a  yield %b }  return %y }", 0,
	               "scan: the region does not end with yield");
	expect_unended("graph @f(%x: f32[3]) -> (f32[3]) { %y = fusion %x (%a: f32[3]) { %b = neg %a  yield %b }  return %y }",
	               0, "fusion: the region does not end with yield");
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

TEST(verify_counts_and_notes)
{
	Ctx *ctx = ctx_new();
	Module *m = parse(ctx, "graph @f(%x: f32[N], %y: f32[M]) -> (f32[N]) {"
	                       " %i = constant [[0]] : i32[1, 1]  %a, %b = sort %x, %x {dim = 0}"
	                       " (%p: f32[], %q: f32[], %r: f32[], %s: f32[]) { %c = compare %p, %q {dir = lt}  yield %c }"
	                       " return %a }");
	REQUIRE(m != NULL);
	Func *f = m->funcs.at[0];
	Op *end = block_terminator(f->body), *sort = end->prev;

	EXPECT(func_verify(ctx, f));
	sort->nresults = 1;
	EXPECT(!func_verify(ctx, f));
	EXPECT_STR(ctx->diag.at[0].text, "sort: found 1 result, wanted 2");
	sort->nresults = 2;

	ctx->diag.n = ctx->diag.nerrors = 0;
	op_set_args(end, 1, (Value *[]){ f->body->args.at[1] });
	EXPECT(!func_verify(ctx, f));
	EXPECT_STR(ctx->diag.at[0].text, "return: value 0 is f32[M], but result 0 of @f is f32[N]");
	EXPECT_STR(ctx->diag.at[1].text, "the value is defined here");
	ctx_free(ctx);
}

/* More symbols than a call can bind. */
TEST(verify_many_symbols)
{
	Str s = { 0 };

	for (int both = 0; both < 2; both++) {
		str_add(&s, both ? "graph @f(" : "graph @g(");
		for (int i = 0; i < 65; i++)
			str_printf(&s, "%s%%x%d: f32[S%d]", i ? ", " : "", i, i);
		str_add(&s, ") -> (f32[S0]) {\n");
		if (both) {
			str_add(&s, "  %y = call @g(");
			for (int i = 0; i < 65; i++)
				str_printf(&s, "%s%%x%d", i ? ", " : "", i);
			str_add(&s, ") : f32[S0]\n");
		}
		str_add(&s, both ? "  return %y\n}\n" : "  return %x0\n}\n");
	}
	expect_error(str_cstr(&s), "call: @g has more than 64 symbols");
	str_free(&s);
}

/* What no text can say. */
TEST(verify_missing_parts)
{
	Ctx *ctx = ctx_new();
	Module *m = parse(ctx, "graph @f(%x: f32[N] at in(0)) -> (i64[], f32[N]) plan (ws = N*4, lower_bound = N*4) {"
	                       " %d = dimension {value = N} : i64[] at out(0)  %y = neg %x : f32[N] at out(1)  return %d, %y }");
	REQUIRE(m != NULL);
	Func *f = m->funcs.at[0];
	Op *op = f->body->first;

	EXPECT(func_verify(ctx, f));
	op->next->result[0]->place = &(Place){ .kind = PLACE_WS };
	EXPECT(!func_verify(ctx, f));
	EXPECT_STR(ctx->diag.at[0].text, "neg: result 0 lies at no offset");

	ctx->diag.n = ctx->diag.nerrors = 0;
	((struct attrs_dimension *)op->attrs)->value = NULL;
	EXPECT(!func_verify(ctx, f));
	EXPECT_STR(ctx->diag.at[0].text, "dimension: 'value' does not fit 64 bits");
	ctx_free(ctx);
}

/* The parser refuses such texts in its own words. */
TEST(verify_names_and_weights)
{
	Ctx *ctx = ctx_new();
	Module *m = parse(ctx, "weight @v : f32[2] = ones\nweight @w : f32[2] = ones\n"
	                       "graph @f(%x: f32[2]) -> (f32[2]) { %y = add %x, @w  return %y }\n"
	                       "graph @g(%x: f32[2]) -> (f32[2]) { return %x }");
	REQUIRE(m != NULL);
	const char *f = m->funcs.at[0]->name, *g = m->funcs.at[1]->name;

	EXPECT(module_verify(ctx, m));
	m->funcs.at[1]->name = f;
	m->weights.at[0]->name = m->weights.at[1]->name;
	EXPECT(!module_verify(ctx, m));
	EXPECT_STR(ctx->diag.at[0].text, "graph @f: defined twice");
	EXPECT_STR(ctx->diag.at[1].text, "the other definition is here");
	EXPECT_STR(ctx->diag.at[2].text, "weight @w: defined twice");
	m->funcs.at[1]->name = g;
	m->weights.at[0]->name = "v";

	ctx->diag.n = ctx->diag.nerrors = 0;
	const Type *type = m->weights.at[1]->type;
	m->weights.at[1]->type = type_scalar(ctx->types, DT_F32);
	EXPECT(!module_verify(ctx, m));
	EXPECT_STR(ctx->diag.at[0].text, "weight @w: the value is not of type f32[]");
	m->weights.at[1]->type = type;

	ctx->diag.n = ctx->diag.nerrors = 0;
	m->weights.n = 1;
	EXPECT(!module_verify(ctx, m));
	EXPECT_STR(ctx->diag.at[0].text, "weight: there is no weight @w in the module");
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
