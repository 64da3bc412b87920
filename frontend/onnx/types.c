/* frontend/onnx/types.c - element types, axes, and operands whose elements must be known. */
#include "frontend/onnx/import.h"

bool onnx_dtype(Onnx *o, int64_t elem_type, DType *out)
{
	return model_dtype(elem_type, out) || refuse(o, "elements of type %s are not supported", model_dtype_name(elem_type));
}

bool axis_of(Onnx *o, const char *what, int64_t axis, int rank, int *out)
{
	*out = 0;
	if (axis < -rank || axis >= rank)
		return refuse(o, "%s is %lld, wanted %d to %d for a tensor of rank %d", what, (long long)axis, -rank, rank - 1, rank);
	*out = (int)(axis < 0 ? axis + rank : axis);
	return true;
}

bool axes_of(Onnx *o, const char *what, Ints axes, int rank, Ints *out)
{
	int64_t *at = ARENA_ARRAY(o->arena, int64_t, axes.n + 1);
	bool seen[RANK_MAX + 1] = { false };
	int axis;

	for (int i = 0; i < axes.n; i++) {
		if (!axis_of(o, what, axes.at[i], rank, &axis))
			return false;
		if (seen[axis])
			return refuse(o, "%s names axis %d twice", what, axis);
		seen[axis] = true;
		at[i] = axis;
	}
	*out = (Ints){ axes.n, at };
	return true;
}

/* How an operand is called in what is refused. */
static const char *called(Onnx *o, const Value *v)
{
	for (int i = 0; i < o->node->nargs; i++)
		if (o->node->arg[i] && o->node->arg[i]->value == v)
			return arena_printf(o->arena, "operand %d (\"%s\")", i, o->node->proto->input[i]);
	return "an operand";
}

static bool unknown(Onnx *o, const Value *v)
{
	if (!v->def && v->block && !v->block->parent)
		return refuse(o, "%s must be known when the model is compiled: give input '%s' a value with --bind %s=FILE.npy", called(o, v),
		              v->name ? v->name : "", v->name ? v->name : "");
	return refuse(o, "%s must be known when the model is compiled, but it depends on the data of inputs", called(o, v));
}

static int64_t count(const Value *v)
{
	int64_t n = 1;

	for (int i = 0; i < v->type->rank; i++)
		if (!dim_is_const(v->type->dim[i]) || __builtin_mul_overflow(n, v->type->dim[i]->value, &n))
			return -1;
	return n;
}

bool dims_in(Onnx *o, Value *v, Dims *out)
{
	*out = (Dims)DIMS_NONE;
	if (!v)
		return false;
	if (count(v) == 0)
		return true;
	if (!sizes_elements(o->sizes, v, out))
		return unknown(o, v);
	for (int i = 0; i < out->n; i++)
		if (!out->at[i])
			return unknown(o, v);
	return true;
}

bool ints_in(Onnx *o, Value *v, Ints *out)
{
	Dims d;

	*out = (Ints)INTS_NONE;
	if (!dims_in(o, v, &d))
		return false;
	int64_t *at = ARENA_ARRAY(o->arena, int64_t, d.n + 1);
	for (int i = 0; i < d.n; i++) {
		if (!dim_is_const(d.at[i])) {
			Str s = { 0 };
			dim_print(&s, d.at[i]);
			refuse(o, "element %d of %s is %s, wanted a number: bind its symbols with --dim", i, called(o, v), str_cstr(&s));
			str_free(&s);
			return false;
		}
		at[i] = d.at[i]->value;
	}
	*out = (Ints){ d.n, at };
	return true;
}

Blob *blob_in(Onnx *o, Value *v)
{
	Blob *b = v ? sizes_constant(o->sizes, v) : NULL;

	if (v && !b)
		unknown(o, v);
	return b;
}

bool floats_in(Onnx *o, Value *v, Floats *out)
{
	Blob *b = blob_in(o, v);
	int64_t n = b ? blob_count(b) : 0;
	double *at = ARENA_ARRAY(o->arena, double, n + 1);

	for (int64_t i = 0; i < n; i++)
		at[i] = dtype_to_f64(b->dtype, blob_get(b, i));
	*out = (Floats){ (int)n, at };
	return b != NULL;
}

bool int_in(Onnx *o, Value *v, int64_t *out)
{
	Ints all;

	if (!ints_in(o, v, &all))
		return false;
	if (all.n != 1)
		return refuse(o, "%s has %d elements, wanted one", called(o, v), all.n);
	*out = all.at[0];
	return true;
}

bool knows(Onnx *o, Value *v)
{
	Dims d;

	if (count(v) == 0 || sizes_constant(o->sizes, v))
		return true;
	if (!sizes_elements(o->sizes, v, &d))
		return false;
	for (int i = 0; i < d.n; i++)
		if (!d.at[i])
			return false;
	return true;
}

bool dims_given(Onnx *o, const char *name, int i, Dims *out)
{
	*out = (Dims){ -1, NULL };
	if (has_attr(o, name)) {
		Ints v = get_ints(o, name);
		Dim *at = ARENA_ARRAY(o->arena, Dim, v.n + 1);
		for (int k = 0; k < v.n; k++)
			at[k] = dim_num(o, v.at[k]);
		*out = (Dims){ v.n, at };
		return !o->node->failed;
	}
	return !has_arg(o, i) || dims_in(o, arg(o, i), out);
}

bool ints_given(Onnx *o, const char *name, int i, Ints *out)
{
	*out = (Ints){ -1, NULL };
	if (has_attr(o, name)) {
		*out = get_ints(o, name);
		return !o->node->failed;
	}
	return !has_arg(o, i) || ints_in(o, arg(o, i), out);
}
