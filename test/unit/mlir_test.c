/* test/unit/mlir_test.c - what the reader of MLIR text gives beside the tree that is printed: locations, integers. */
#include "frontend/stablehlo/mlir.h"
#include "test/unit/unit.h"

static const char text[] =
	"#loc1 = loc(\"model.py\":3:5)\n"
	"module @m {\n"
	"  func.func @f(%x: tensor<2xf32> {tf.aliasing_output = 0 : i32} loc(\"x\")) -> tensor<2xf32> {\n"
	"    %0 = stablehlo.abs %x : tensor<2xf32> loc(#loc1)\n"
	"    %1 = stablehlo.abs %0 : tensor<2xf32> loc(#loc4)\n"
	"    %2 = stablehlo.abs %1 : tensor<2xf32> loc(\"name\"(callsite(\"inner\" at #loc2)))\n"
	"    %3 = stablehlo.abs %2 : tensor<2xf32> loc(fused<\"meta\">[#loc1, #loc2, #loc1])\n"
	"    %4 = stablehlo.abs %3 : tensor<2xf32> loc(unknown)\n"
	"    %5 = stablehlo.abs %4 : tensor<2xf32>\n"
	"    %named:2 = foo.bar %5 {\n"
	"      anything, [1] } -> 7\n"
	"    %6 = \"foo.ints\"() <{a = array<i64: 1, 2>, b = [3, 4], c = dense<[5, 6]> : tensor<2xi32>, d = dense<-7> : tensor<3xi64>,\n"
	"      e = dense<1> : tensor<99999999xi8>, f = dense<250> : tensor<ui8>, g = dense<true> : tensor<2xi1>, h = [true, false],\n"
	"      i = \"text\", j = dense<1.0> : tensor<2xf32>, k, l = true}> : () -> tensor<i1>\n"
	"    return %5 : tensor<2xf32>\n"
	"  }\n"
	"}\n"
	"#loc2 = loc(\"model.py\":7:9 to :12)\n"
	"#loc3 = loc(\"jit(f)\"(#loc2))\n"
	"#loc4 = loc(callsite(#loc3 at #loc1))\n";

static const MlirOp *op_at(const MlirModule *m, int n)
{
	const MlirOp *op = m->first->region[0]->first;

	while (n--)
		op = op->next;
	return op;
}

static void expect_line(const MlirOp *op, const char *file, int line, int col)
{
	EXPECT_EQ_INT(op->loc->kind, LOC_RANGE);
	EXPECT_STR(op->loc->file, file);
	EXPECT_EQ_INT(op->loc->line, line);
	EXPECT_EQ_INT(op->loc->col, col);
}

static void expect_ints(Ctx *ctx, const MlirOp *op, const char *name, int wanted, int64_t first, int64_t last)
{
	const int64_t *v;
	int n = -1;

	EXPECT(mlir_ints(ctx->arena, mlir_attr(op, name), &n, &v));
	EXPECT_EQ_INT(n, wanted);
	EXPECT_EQ_INT(v[0], first);
	EXPECT_EQ_INT(v[n - 1], last);
}

TEST(mlir_locations)
{
	Ctx *ctx = ctx_new();
	const MlirModule *m = mlir_parse(ctx, source_from_text(ctx->arena, "a.mlir", text, sizeof text - 1));

	EXPECT(m != NULL);
	EXPECT_STR(m->name, "m");
	const MlirValue *x = m->first->region[0]->arg;
	EXPECT_STR(x->name, "x");
	EXPECT_EQ_INT(x->loc->kind, LOC_NAME);
	EXPECT_STR(x->loc->file, "x");
	EXPECT_STR(x->attrs.at[0].name, "tf.aliasing_output");
	expect_line(op_at(m, 0), "model.py", 3, 5);
	expect_line(op_at(m, 1), "model.py", 7, 9);
	expect_line(op_at(m, 2), "model.py", 7, 9);
	EXPECT_EQ_INT(op_at(m, 3)->loc->kind, LOC_FUSED);
	EXPECT_EQ_INT(op_at(m, 3)->loc->nparts, 2);
	expect_line(op_at(m, 4), "a.mlir", 8, 10);
	expect_line(op_at(m, 5), "a.mlir", 9, 10);
	EXPECT_EQ_INT(op_at(m, 5)->src_loc->line, 9);
	EXPECT_EQ_INT(op_at(m, 0)->src_loc->line, 4);
	EXPECT(op_at(m, 5)->result->name == NULL);
	ctx_free(ctx);
}

TEST(mlir_unread_form)
{
	Ctx *ctx = ctx_new();
	const MlirModule *m = mlir_parse(ctx, source_from_text(ctx->arena, "a.mlir", text, sizeof text - 1));
	const MlirOp *op = op_at(m, 6);

	EXPECT(op->unread && !op_at(m, 7)->unread);
	EXPECT_STR(op->name, "foo.bar");
	EXPECT_EQ_INT(op->nresults, 2);
	EXPECT_EQ_INT(op->result[1].type->kind, MLIR_OPAQUE);
	EXPECT_STR(op->result[1].name, "named");
	EXPECT_STR(op_at(m, 7)->name, "foo.ints");
	ctx_free(ctx);
}

TEST(mlir_integers)
{
	Ctx *ctx = ctx_new();
	const MlirModule *m = mlir_parse(ctx, source_from_text(ctx->arena, "a.mlir", text, sizeof text - 1));
	const MlirOp *op = op_at(m, 7);
	const int64_t *v;
	int64_t i;
	bool b;
	int n;

	expect_ints(ctx, op, "a", 2, 1, 2);
	expect_ints(ctx, op, "b", 2, 3, 4);
	expect_ints(ctx, op, "c", 2, 5, 6);
	expect_ints(ctx, op, "d", 3, -7, -7);
	expect_ints(ctx, op, "f", 1, 250, 250);
	expect_ints(ctx, op, "g", 2, 1, 1);
	expect_ints(ctx, op, "h", 2, 1, 0);
	EXPECT(!mlir_ints(ctx->arena, mlir_attr(op, "e"), &n, &v));    /* a splat that would be spread to 800 MB */
	EXPECT(!mlir_ints(ctx->arena, mlir_attr(op, "i"), &n, &v));
	EXPECT(!mlir_ints(ctx->arena, mlir_attr(op, "j"), &n, &v));
	EXPECT(!mlir_ints(ctx->arena, mlir_attr(op, "absent"), &n, &v));
	EXPECT(mlir_int(mlir_attr(op, "f"), &i) && i == 250);
	EXPECT(!mlir_int(mlir_attr(op, "c"), &i));
	EXPECT(mlir_bool(mlir_attr(op, "k"), &b) && b);
	EXPECT(mlir_bool(mlir_attr(op, "l"), &b) && b);
	EXPECT(!mlir_bool(mlir_attr(op, "i"), &b));
	EXPECT_EQ_INT(mlir_dense_size(mlir_attr(op, "e")), 1);
	EXPECT_EQ_INT(mlir_dense_size(mlir_attr(op, "c")), 8);
	ctx_free(ctx);
}
