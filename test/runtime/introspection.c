/* Names, types and shapes of a model, and solving symbols from shapes.
   RUN: %cc -std=gnu17 -I%root %s %tfrt -lpthread -o %t && %t
*/
#include "Inputs/fake.h"

const tfrt_model fake_model = { FAKE_MODEL };

static void test_names(void)
{
	const tfrt_graph *scale = tfrt_graph_find(&fake_model, "scale"), *outer = tfrt_graph_at(&fake_model, 1);
	tfrt_tensor_info  t;

	EXPECT(strcmp(tfrt_model_name(&fake_model), "fake") == 0);
	EXPECT(strcmp(tfrt_model_compiler(&fake_model), "tfcc by hand") == 0);
	EXPECT(tfrt_model_state_bytes(&fake_model) == 0);
	EXPECT(tfrt_graph_count(&fake_model) == 2 && scale == tfrt_graph_at(&fake_model, 0));
	EXPECT(!tfrt_graph_at(&fake_model, -1) && !tfrt_graph_at(&fake_model, 2));
	EXPECT(!tfrt_graph_find(&fake_model, "x") && !tfrt_graph_find(&fake_model, NULL));
	EXPECT(strcmp(tfrt_graph_name(outer), "outer") == 0);
	EXPECT(tfrt_dim_count(outer) == 2 && strcmp(tfrt_dim_name(outer, 1), "K") == 0);
	EXPECT(tfrt_dim_bound(scale, 0) == 1 << 20 && tfrt_dim_bound(outer, 0) == INT64_MAX);
	EXPECT(!tfrt_dim_name(outer, 2) && tfrt_dim_bound(outer, -1) == -1);
	EXPECT(tfrt_input_count(outer) == 3 && tfrt_output_count(outer) == 1);
	EXPECT(tfrt_tensor_at(outer, 2, &t) == TFRT_OK && strcmp(t.name, "ab") == 0 && t.rank == 1);
	EXPECT(tfrt_tensor_at(outer, 3, &t) == TFRT_OK && strcmp(t.name, "c") == 0 && t.rank == 2);
	EXPECT(t.dtype == TFRT_F32);
	EXPECT(tfrt_output_over(outer, 0) == 1 && tfrt_output_over(outer, 1) == -1 && tfrt_output_over(outer, -1) == -1);
	EXPECT(tfrt_tensor_at(outer, 4, &t) == TFRT_INVALID && tfrt_tensor_at(outer, -1, &t) == TFRT_INVALID);
}

static void test_shapes(void)
{
	const tfrt_graph *outer = tfrt_graph_find(&fake_model, "outer"), *scale = tfrt_graph_at(&fake_model, 0);
	int64_t           mk[] = { 2, 3 }, e[2] = { -7, -7 }, over[] = { INT64_MAX, 1 }, n = 10;

	EXPECT(tfrt_shape(outer, mk, 3, e) == TFRT_OK && e[0] == 2 && e[1] == 3);
	EXPECT(tfrt_shape(outer, mk, 2, e) == TFRT_OK && e[0] == 5 && e[1] == 3);
	EXPECT(tfrt_shape(outer, mk, 4, e) == TFRT_INVALID);
	EXPECT(tfrt_shape(outer, NULL, 0, e) == TFRT_INVALID);
	EXPECT(tfrt_shape(outer, over, 0, e) == TFRT_SHAPE);
	EXPECT(tfrt_workspace(scale, &n, 3) == 160 + 192);
	EXPECT(tfrt_workspace(scale, &n, 0) == -1 && tfrt_workspace(scale, NULL, 1) == -1);
}

static void test_bind(void)
{
	const tfrt_graph *outer = tfrt_graph_find(&fake_model, "outer"), *scale = tfrt_graph_at(&fake_model, 0);
	int64_t           a = 2, b = 3, ab = 5, x[] = { 9, 4 }, dims[2];
	const int64_t    *shapes[] = { &a, &b, &ab }, *x_shape[] = { x };

	EXPECT(tfrt_bind(outer, shapes, dims) == TFRT_OK && dims[0] == 2 && dims[1] == 3);
	ab = 6;
	EXPECT(tfrt_bind(outer, shapes, dims) == TFRT_SHAPE);
	a = -1;
	EXPECT(tfrt_bind(outer, shapes, dims) == TFRT_SHAPE);
	EXPECT(tfrt_bind(scale, x_shape, dims) == TFRT_OK && dims[0] == 9);
	x[1] = 5;
	EXPECT(tfrt_bind(scale, x_shape, dims) == TFRT_SHAPE);

	/* A symbol that no input shows by itself cannot be solved. */
	struct tfrt_graph  hidden = *outer;
	int64_t            expr[] = { TFRT_EXTENT_EXPR };
	struct tfrt_tensor inputs[] = { outer_inputs[0], outer_inputs[1], outer_inputs[2] };
	inputs[1].extents = expr;
	hidden.inputs = inputs;
	a = 2, ab = 5;
	EXPECT(tfrt_bind(&hidden, shapes, dims) == TFRT_INVALID);
}

int main(void)
{
	test_names();
	test_shapes();
	test_bind();
	return report();
}
