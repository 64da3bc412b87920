/* test/unit/eval_unchecked_test.c - what the interpreter says of graphs whose conditions nobody has checked.

   It is the oracle of all else, so it looks at every extent itself before it touches memory, though what is compiled has
   been verified and the conditions at entry hold.  Here they are taken away. */
#include "ir/base/num.h"
#include "ir/eval.h"
#include "ir/text.h"
#include "test/unit/unit.h"

typedef struct Shape { int rank; int64_t dim[4]; } Shape;

/* The first diagnostic of the first graph of text on an f32 input %x and, where it takes two, an i32 or f32 input %y. */
static const char *complaint(const char *text, Shape x, Shape y)
{
	static char message[300];
	Ctx *ctx = ctx_new();
	Module *m = module_parse(ctx, source_from_text(ctx->arena, "test.graph", text, strlen(text)));
	Tensor *in[2] = { NULL }, *out[4] = { NULL };

	snprintf(message, sizeof message, "it does not parse: %s", ctx->diag.n ? ctx->diag.at[0].text : "");
	if (m) {
		Func *f = m->funcs.at[0];
		for (int i = 0; i < m->funcs.n; i++)
			m->funcs.at[i]->constraints.n = 0;
		in[0] = tensor_new(DT_F32, x.rank, x.dim);
		if (f->body->args.n > 1)
			in[1] = tensor_new(f->body->args.at[1]->type->dtype, y.rank, y.dim);
		*message = 0;
		if (!eval_func(ctx, f, NULL, in, f->body->args.n, out, NULL))
			snprintf(message, sizeof message, "%s", ctx->diag.n ? ctx->diag.at[0].text : "no diagnostic");
	}
	for (int i = 0; i < 4; i++)
		tensor_unref(out[i]);
	tensor_unref(in[0]);
	tensor_unref(in[1]);
	ctx_free(ctx);
	return message;
}

#define SHAPE(r, ...) (Shape){ r, { __VA_ARGS__ } }
#define XY "graph @f(%x: f32[N], %y: f32[M]) -> (%z: f32[N]) { "

TEST(eval_unchecked_elements)
{
	EXPECT_STR(complaint(XY "%z = add %x, %y  return %z }", SHAPE(1, 2), SHAPE(1, 3)),
		"add: operand 0 has 2 elements, the result 3");
	EXPECT_STR(complaint("graph @f(%x: f32[N]) -> (%z: f32[4]) { %z = reshape %x {shape = [4]}  return %z }", SHAPE(1, 2),
		SHAPE(0, 0)), "reshape: the operand has 2 elements, the result 4");
	EXPECT_STR(complaint("graph @f(%x: f32[N]) -> (%z: f32[4]) {"
		"  %z = broadcast_in_dim %x {shape = [4], dims = [0]}  return %z }", SHAPE(1, 2), SHAPE(0, 0)),
		"broadcast_in_dim: operand axis 0 has extent 2, the result 4");
	EXPECT_STR(complaint("graph @f(%x: f32[N]) -> (%z: f32[4]) { %z = slice %x {start = [0], limit = [4]}  return %z }",
		SHAPE(1, 2), SHAPE(0, 0)), "slice: 0 to 4 of axis 0 is not inside its extent 2");
	EXPECT_STR(complaint("graph @f(%x: f32[N, 1], %y: f32[M, 1]) -> (%z: f32[N, 2]) {"
		"  %z = concatenate %x, %y {dim = 1}  return %z }", SHAPE(2, 2, 1), SHAPE(2, 3, 1)),
		"concatenate: operand 0 has extent 2 on axis 0, the result 3");
	EXPECT_STR(complaint("graph @f(%x: f32[N]) -> (%z: f32[N-3]) {"
		"  %z = iota {dim = 0, dtype = f32, shape = [N-3]}  return %z }", SHAPE(1, 2), SHAPE(0, 0)),
		"iota: its result has a negative extent or too many elements");
}

TEST(eval_unchecked_indices)
{
	EXPECT_STR(complaint("graph @f(%x: f32[N], %y: i32[]) -> (%z: f32[4]) {"
		"  %z = dynamic_slice %x, %y {sizes = [4]}  return %z }", SHAPE(1, 2), SHAPE(0, 0)),
		"dynamic_slice: size 4 does not fit into extent 2 of axis 0");
	EXPECT_STR(complaint("graph @f(%x: f32[N], %y: f32[M]) -> (%z: f32[N]) {"
		"  %i = constant 0 : i32[]  %z = dynamic_update_slice %x, %y, %i  return %z }", SHAPE(1, 2), SHAPE(1, 3)),
		"dynamic_update_slice: update extent 3 does not fit into extent 2 of axis 0");
	EXPECT_STR(complaint("graph @f(%x: f32[N], %y: i32[2, 1]) -> (%z: f32[2, 4]) {"
		"  %z = gather %x, %y {offset_dims = [1], collapsed_slice_dims = [], start_index_map = [0],"
		"  index_vector_dim = 1, slice_sizes = [4]}  return %z }", SHAPE(1, 2), SHAPE(2, 2, 1)),
		"gather: slice size 4 does not fit into extent 2 of axis 0");
	EXPECT_STR(complaint("graph @f(%x: f32[N, 2], %y: i32[M, 1]) -> (%z: f32[M]) {"
		"  %z = gather %x, %y {offset_dims = [], collapsed_slice_dims = [1], operand_batching_dims = [0],"
		"  start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 1, slice_sizes = [1, 1]}"
		"  return %z }", SHAPE(2, 2, 2), SHAPE(2, 3, 1)),
		"gather: batching axis 0 has extent 2, the indices have more");
	EXPECT_STR(complaint("graph @f(%x: f32[N], %y: f32[M]) -> (%z: f32[N]) {  %i = constant [[0], [1]] : i32[2, 1]"
		"  %z = scatter %x, %i, %y {update_window_dims = [], inserted_window_dims = [0],"
		"  scatter_dims_to_operand_dims = [0], index_vector_dim = 1} (%a: f32[], %b: f32[]) { yield %b }  return %z }",
		SHAPE(1, 2), SHAPE(1, 3)), "scatter: axis 0 of the updates does not match the indices");
	EXPECT_STR(complaint("graph @f(%x: f32[N], %y: f32[M]) -> (%z: f32[N], %w: f32[M]) {"
		"  %i = constant [[0], [1]] : i32[2, 1]  %u = constant [1.0, 2.0] : f32[2]"
		"  %z, %w = scatter %x, %y, %i, %u, %u {update_window_dims = [], inserted_window_dims = [0],"
		"  scatter_dims_to_operand_dims = [0], index_vector_dim = 1}"
		"  (%a: f32[], %b: f32[], %c: f32[], %d: f32[]) { yield %c, %d }  return %z, %w }",
		SHAPE(1, 2), SHAPE(1, 3)), "scatter: the inputs or the updates differ in shape");
}

TEST(eval_unchecked_several_operands)
{
	EXPECT_STR(complaint("graph @f(%x: f32[N], %y: f32[M]) -> (%a: f32[], %b: f32[]) { %z = constant 0.0 : f32[]"
		"  %a, %b = reduce %x, %y, %z, %z {dims = [0]} (%p: f32[], %q: f32[], %r: f32[], %s: f32[]) { yield %p, %q }"
		"  return %a, %b }", SHAPE(1, 2), SHAPE(1, 3)), "reduce: operand 1 has 3 elements, operand 0 has 2");
	EXPECT_STR(complaint("graph @f(%x: f32[N], %y: f32[M]) -> (%a: f32[N], %b: f32[M]) {"
		"  %a, %b = sort %x, %y {dim = 0} (%p: f32[], %q: f32[], %r: f32[], %s: f32[]) {"
		"  %c = compare %p, %q {dir = lt}  yield %c }  return %a, %b }", SHAPE(1, 2), SHAPE(1, 3)),
		"sort: operand 1 has 3 elements, operand 0 has 2");
	EXPECT_STR(complaint("graph @f(%x: f32[N], %y: f32[M]) -> (%a: f32[N], %b: f32[M]) { %z = constant 0.0 : f32[]"
		"  %a, %b = cumulate %x, %y, %z, %z {dim = 0} (%p: f32[], %q: f32[], %r: f32[], %s: f32[]) { yield %p, %q }"
		"  return %a, %b }", SHAPE(1, 2), SHAPE(1, 3)), "cumulate: operand 1 has 3 elements, operand 0 has 2");
	EXPECT_STR(complaint("graph @f(%x: f32[N], %y: f32[M]) -> (%a: f32[N], %b: f32[M]) { %z = constant 0.0 : f32[]"
		"  %a, %b = reduce_window %x, %y, %z, %z {window = [1]} (%p: f32[], %q: f32[], %r: f32[], %s: f32[]) {"
		"  yield %p, %q }  return %a, %b }", SHAPE(1, 2), SHAPE(1, 3)),
		"reduce_window: operand 1 has 3 elements, operand 0 has 2");
}

TEST(eval_unchecked_contractions)
{
	EXPECT_STR(complaint("graph @f(%x: f32[N], %y: f32[M]) -> (%z: f32[]) {"
		"  %z = dot_general %x, %y {lhs_contract = [0], rhs_contract = [0]}  return %z }", SHAPE(1, 2), SHAPE(1, 3)),
		"dot_general: the operands' batch or contracting extents differ");
	EXPECT_STR(complaint("graph @f(%x: f32[1, N], %y: f32[1, M]) -> (%z: f32[1, 1]) {"
		"  %z = conv_general %x, %y {lhs_spec = [0, 1], rhs_spec = [0, 1], out_spec = [0, 1]}  return %z }",
		SHAPE(2, 1, 2), SHAPE(2, 1, 3)), "conv_general: 2 input features in 1 groups do not fit a kernel of 3");
}

TEST(eval_unchecked_calls)
{
	EXPECT_STR(complaint("graph @f(%x: f32[N], %y: f32[M]) -> (%z: f32[M]) { %z = call @g(%x, %y) : f32[M]  return %z }\n"
		"graph @g(%x: f32[K], %y: f32[J]) -> (%z: f32[J]) { return %x }", SHAPE(1, 2), SHAPE(1, 3)),
		"call: axis 0 of result 0 has extent 2, but its type says 3");
	EXPECT_STR(complaint("graph @f(%x: f32[N]) -> (%y: i64[]) { %y = dimension {value = Q}  return %y }", SHAPE(1, 2),
		SHAPE(0, 0)), "dimension: the dimension Q has no value");
}

/* 33 inputs with as many initial values are more than a body of scalars takes. */
TEST(eval_limits_arguments)
{
	Str s = { 0 };

	str_add(&s, "graph @f(%x: f32[N]) -> (%r0: f32[]) { %z = constant 0.0 : f32[]\n  ");
	for (int i = 0; i < 33; i++)
		str_printf(&s, "%s%%r%d", i ? ", " : "", i);
	str_add(&s, " = reduce ");
	for (int i = 0; i < 66; i++)
		str_printf(&s, "%s%s", i ? ", " : "", i < 33 ? "%x" : "%z");
	str_add(&s, " {dims = [0]} (");
	for (int i = 0; i < 66; i++)
		str_printf(&s, "%s%%a%d: f32[]", i ? ", " : "", i);
	str_add(&s, ") { yield ");
	for (int i = 0; i < 33; i++)
		str_printf(&s, "%s%%a%d", i ? ", " : "", i);
	str_add(&s, " }\n  return %r0\n}\n");
	EXPECT_STR(complaint(str_cstr(&s), SHAPE(1, 2), SHAPE(0, 0)),
		"reduce: 66 arguments of a region are too many for the interpreter, which takes 64");
	str_free(&s);
}
