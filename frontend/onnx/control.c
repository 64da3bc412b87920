/* frontend/onnx/control.c - If, and what it shares with Loop and Scan.

   A condition that is known while the model is read is no control flow: one branch is read.  There is no other way where the
   results of the branches differ in shape. */
#include "frontend/onnx/control.h"

bool can_tell(Onnx *o, Value *v, bool needed)
{
	bool input = !v->def && v->block && !v->block->parent;

	return input ? needed : knows(o, v);
}

Value *scalar_of(Onnx *o, const char *what, Value *v)
{
	for (int i = 0; v && i < v->type->rank; i++)
		if (!dim_is(v->type->dim[i], 1)) {
			refuse(o, "%s has more than one element", what);
			return NULL;
		}
	return v && v->type->rank ? reshaped(o, v, 0, NULL) : v;
}

bool truth_of(Onnx *o, Value *v, bool *out)
{
	Ints at;
	int64_t x;

	if (v->type->rank == 0 ? !int_in(o, v, &x) : !ints_in(o, v, &at))
		return false;
	if (v->type->rank && at.n != 1)
		return refuse(o, "the condition has %d elements, wanted one", at.n);
	*out = (v->type->rank ? at.at[0] : x) != 0;
	return true;
}

Spot region_enter(Onnx *o, Block *b)
{
	Spot s = { o->b, o->node };

	o->b.block = b;
	o->b.before = NULL;
	return s;
}

void region_leave(Onnx *o, Spot s)
{
	o->b = s.b;
	o->node = s.node;
}

bool are_tensors(int n, Known *const *k)
{
	for (int i = 0; i < n; i++)
		if (k[i]->kind != KNOWN_TENSOR)
			return false;
	return true;
}

static bool end_region(Onnx *o, int n, Known *const *k)
{
	Value **v = ARENA_ARRAY(o->arena, Value *, n + 1);

	for (int i = 0; i < n; i++)
		v[i] = k[i]->value;
	return build_op(&o->b, OP_yield, n, v, NULL) != NULL;
}

bool types_differ(const Type *a, const Type *b)
{
	if (a->dtype != b->dtype || a->rank != b->rank)
		return true;
	for (int i = 0; i < a->rank; i++)
		if (dim_known_unequal(a->dim[i], b->dim[i]))
			return true;
	return false;
}

static bool take_branch(Onnx *o, const Onnx__GraphProto *g)
{
	Known **out = ARENA_ARRAY(o->arena, Known *, g->n_output + 1);

	if (!import_body(o, g, 0, NULL, out))
		return false;
	for (int i = 0; i < (int)o->node->proto->n_output; i++)
		if (wants(o, i) && !give_known(o, i, out[i]))
			return false;
	return true;
}

static bool both_branches(Onnx *o, Value *cond, const Onnx__GraphProto *const *g)
{
	Op *op = build_begin(&o->b, OP_cond, 1, &cond, NULL);
	int n = (int)g[0]->n_output;
	Known **out[2];

	for (int i = 0; i < 2; i++) {
		Spot spot = region_enter(o, op->region[i]);
		out[i] = ARENA_ARRAY(o->arena, Known *, n + 1);
		bool ok = import_body(o, g[i], 0, NULL, out[i]);
		region_leave(o, spot);
		if (!ok)
			return false;
	}
	for (int k = 0; k < n; k++) {
		bool alike = out[0][k]->kind == KNOWN_TENSOR && out[1][k]->kind == KNOWN_TENSOR &&
		             !types_differ(out[0][k]->value->type, out[1][k]->value->type);
		if (alike)
			continue;
		op_erase(op);
		return refuse(o, "result %d is not of the same type in both branches, so that the condition must be known when the model is "
		              "compiled; make it a constant, or bind the symbols it depends on by --dim", k);
	}
	for (int i = 0; i < 2; i++) {
		Spot spot = region_enter(o, op->region[i]);
		bool ok = end_region(o, n, out[i]);
		region_leave(o, spot);
		if (!ok)
			return false;
	}
	return give_all(o, build_finish(&o->b, op));
}

/* Do the declared results say that the branches differ, or that they are no tensors? */
static bool must_choose(const Onnx__GraphProto *const *g)
{
	for (size_t k = 0; k < g[0]->n_output; k++) {
		const Onnx__TypeProto *t[2];

		for (int i = 0; i < 2; i++) {
			t[i] = g[i]->output[k]->type;
			if (!t[i] || t[i]->value_case == ONNX__TYPE_PROTO__VALUE__NOT_SET)
				return false;
			if (t[i]->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE)
				return true;
		}
		const Onnx__TensorShapeProto *a = t[0]->tensor_type->shape, *b = t[1]->tensor_type->shape;
		if (!a || !b)
			continue;
		if (a->n_dim != b->n_dim)
			return true;
		for (size_t i = 0; i < a->n_dim; i++)
			if (a->dim[i]->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE &&
			    b->dim[i]->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE && a->dim[i]->dim_value != b->dim[i]->dim_value)
				return true;
	}
	return false;
}

bool onnx_if(Onnx *o)
{
	const Onnx__GraphProto *g[2] = { get_graph(o, "then_branch"), get_graph(o, "else_branch") };
	Value *cond = arg(o, 0);
	bool truth;

	if (!cond)
		return false;
	if (!g[0] || !g[1])
		return refuse(o, "attribute '%s' is missing", g[0] ? "else_branch" : "then_branch");
	if (g[0]->n_output != g[1]->n_output || g[0]->n_output < o->node->proto->n_output)
		return refuse(o, "the branches give %zu and %zu values, wanted %zu", g[0]->n_output, g[1]->n_output, o->node->proto->n_output);
	if (can_tell(o, cond, must_choose(g)))
		return truth_of(o, cond, &truth) && take_branch(o, g[!truth]);
	cond = scalar_of(o, "the condition", cond);
	return cond && both_branches(o, cond, g);
}
