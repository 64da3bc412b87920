/* frontend/onnx/sequence.c - sequences and optionals: lists of values that are known while the model is read. */
#include "frontend/onnx/import.h"

static Known *sequence_arg(Onnx *o, int i)
{
	Known *k = arg_known(o, i);

	if (k && k->kind != KNOWN_SEQUENCE) {
		refuse(o, "operand %d is %s, wanted a sequence", i, k->kind == KNOWN_NONE ? "an empty optional" : "a tensor");
		return NULL;
	}
	return k;
}

/* A place among n elements, counted from the end where it is below 0. */
static bool place_of(Onnx *o, int i, int n, int most, int *out)
{
	Value *v = arg(o, i);
	int64_t at;

	if (!v || !int_in(o, v, &at))
		return false;
	if (at < -n || at > most)
		return refuse(o, "the position is %lld, wanted %d to %d, as the sequence has %d element%s", (long long)at, -n, most, n,
		              n == 1 ? "" : "s");
	*out = (int)(at < 0 ? at + n : at);
	return true;
}

bool onnx_sequence_empty(Onnx *o)
{
	DType t;

	return onnx_dtype(o, get_int(o, "dtype", 1), &t) && give_known(o, 0, known_sequence(o, 0, NULL, t));
}

bool onnx_sequence_construct(Onnx *o)
{
	int n = o->node->nargs;
	Known **part = ARENA_ARRAY(o->arena, Known *, n + 1);
	DType t = DT_F32;

	for (int i = 0; i < n; i++) {
		Value *v = arg(o, i);
		if (!v)
			return false;
		part[i] = known_tensor(o, v);
		t = v->type->dtype;
	}
	return give_known(o, 0, known_sequence(o, n, part, t));
}

bool onnx_sequence_insert(Onnx *o)
{
	Known *k = sequence_arg(o, 0);
	Value *v = arg(o, 1);

	if (!k || !v)
		return false;
	int n = k->nparts, at = n;
	if (arg_opt(o, 2) && !place_of(o, 2, n, n, &at))
		return false;
	Known **part = ARENA_ARRAY(o->arena, Known *, n + 1);
	for (int i = 0; i <= n; i++)
		part[i] = i < at ? k->part[i] : i == at ? known_tensor(o, v) : k->part[i - 1];
	return give_known(o, 0, known_sequence(o, n + 1, part, v->type->dtype));
}

bool onnx_sequence_erase(Onnx *o)
{
	Known *k = sequence_arg(o, 0);

	if (!k)
		return false;
	int n = k->nparts, at = n - 1;
	if (n == 0)
		return refuse(o, "the sequence is empty: there is no element to erase");
	if (arg_opt(o, 1) && !place_of(o, 1, n, n - 1, &at))
		return false;
	Known **part = ARENA_ARRAY(o->arena, Known *, n);
	for (int i = 0; i < n - 1; i++)
		part[i] = k->part[i + (i >= at)];
	return give_known(o, 0, known_sequence(o, n - 1, part, k->dtype));
}

/* Do all elements have one type, so that they can be one tensor? */
static bool is_even(const Known *k)
{
	for (int i = 0; i < k->nparts; i++)
		if (k->part[i]->kind != KNOWN_TENSOR || k->part[i]->value->type != k->part[0]->value->type)
			return false;
	return k->nparts > 0;
}

static Value *stacked(Onnx *o, int n, Value *const *v, int axis)
{
	return emit(o, OP_stack, n, v, &(struct attrs_stack){ .axis = axis });
}

/* A position that is data takes from the elements as one tensor, where they are alike. */
bool onnx_sequence_at(Onnx *o)
{
	Known *k = sequence_arg(o, 0);
	Value *where = arg(o, 1);
	int at;

	if (!k || !where)
		return false;
	if ((!where->def || !knows(o, where)) && is_even(k)) {
		Value **v = ARENA_ARRAY(o->arena, Value *, k->nparts);
		for (int i = 0; i < k->nparts; i++)
			v[i] = k->part[i]->value;
		Value *all = stacked(o, k->nparts, v, 0);
		where = reshaped(o, where, 0, NULL);
		return give(o, 0, EMIT(o, take, ARGS(all, where), .axis = 0));
	}
	return place_of(o, 1, k->nparts, k->nparts - 1, &at) && give_known(o, 0, k->part[at]);
}

bool onnx_sequence_length(Onnx *o)
{
	Known *k = sequence_arg(o, 0);

	return k && give(o, 0, size_value(o, dim_num(o, k->nparts)));
}

enum { PIECES_MAX = 1 << 14 };

/* Pieces of one element each are without their axis where keepdims is 0. */
static bool split_evenly(Onnx *o, Value *x, int axis, int64_t step, bool keep)
{
	Dim extent = x->type->dim[axis];

	if (!dim_is_const(extent))
		return refuse(o, "axis %d of the operand has no extent that is a number, so that the number of pieces is not known; give its "
		              "symbol a value by --dim", axis);
	if (step < 1)
		return refuse(o, "'split' is %lld, wanted at least 1", (long long)step);
	int64_t n = extent->value / step + (extent->value % step != 0);
	if (n > PIECES_MAX)
		return refuse(o, "the operand would be split into %lld pieces, at most %d are supported", (long long)n, PIECES_MAX);
	Known **part = ARENA_ARRAY(o->arena, Known *, n + 1);
	for (int64_t i = 0; i < n; i++) {
		int64_t to = i + 1 < n ? (i + 1) * step : extent->value;
		Value *v = sliced(o, x, axis, dim_num(o, i * step), dim_num(o, to));
		if (v && !keep)
			v = EMIT(o, squeeze, ARGS(v), .dims = ints_of(o->arena, 1, axis));
		if (!v)
			return false;
		part[i] = known_tensor(o, v);
	}
	return give_known(o, 0, known_sequence(o, (int)n, part, x->type->dtype));
}

bool onnx_split_to_sequence(Onnx *o)
{
	Value *x = arg(o, 0), *split = arg_opt(o, 1);
	DimTable *t = o->ctx->dims;
	Dim from = dim_num(o, 0);
	int64_t step;
	int axis;
	Dims sizes;

	if (!x || !get_axis(o, "axis", 0, x->type->rank, &axis))
		return false;
	if (!split)
		return split_evenly(o, x, axis, 1, get_int(o, "keepdims", 1) != 0);
	if (split->type->rank == 0)
		return int_in(o, split, &step) && split_evenly(o, x, axis, step, true);
	if (!dims_in(o, split, &sizes))
		return false;
	Known **part = ARENA_ARRAY(o->arena, Known *, sizes.n + 1);
	for (int i = 0; i < sizes.n; i++) {
		Dim to = dim_add(t, from, sizes.at[i]);
		Value *v = sliced(o, x, axis, from, to);
		if (!v)
			return false;
		part[i] = known_tensor(o, v);
		from = to;
	}
	if (!dim_known_equal(from, x->type->dim[axis]) &&
	    (dim_known_unequal(from, x->type->dim[axis]) || !func_require_equal(o->b.func, from, x->type->dim[axis], o->node->loc, "SplitToSequence")))
		return refuse(o, "the pieces do not add up to the extent of axis %d", axis);
	return give_known(o, 0, known_sequence(o, sizes.n, part, x->type->dtype));
}

bool onnx_concat_from_sequence(Onnx *o)
{
	Known *k = sequence_arg(o, 0);
	bool fresh = get_int(o, "new_axis", 0) != 0;
	int axis;

	if (!k)
		return false;
	if (k->nparts == 0)
		return refuse(o, "the sequence is empty: there is nothing to join");
	Value **v = ARENA_ARRAY(o->arena, Value *, k->nparts);
	for (int i = 0; i < k->nparts; i++) {
		if (k->part[i]->kind != KNOWN_TENSOR)
			return refuse(o, "element %d of the sequence is no tensor", i);
		v[i] = k->part[i]->value;
	}
	if (!has_attr(o, "axis"))
		return refuse(o, "attribute 'axis' is missing");
	if (!get_axis(o, "axis", 0, v[0]->type->rank + fresh, &axis))
		return false;
	return give(o, 0, fresh ? stacked(o, k->nparts, v, axis) : concatenated(o, k->nparts, v, axis));
}

/* The body once for each element, with the elements of further sequences of the same length, or with the same tensor. */
bool onnx_sequence_map(Onnx *o)
{
	const Onnx__GraphProto *body = get_graph(o, "body");
	Known *first = sequence_arg(o, 0);
	int nargs = o->node->nargs, nout = (int)o->node->proto->n_output;

	if (!first)
		return false;
	if (!body)
		return refuse(o, "attribute 'body' is missing");
	if ((int)body->n_output < nout)
		return refuse(o, "the body gives %d values, but the node has %d results", (int)body->n_output, nout);
	int n = first->nparts;
	Known **in = ARENA_ARRAY(o->arena, Known *, nargs + 1), **out = ARENA_ARRAY(o->arena, Known *, body->n_output + 1);
	Known ***part = ARENA_ARRAY(o->arena, Known **, nout + 1);
	for (int r = 0; r < nout; r++)
		part[r] = ARENA_ARRAY(o->arena, Known *, n + 1);
	for (int i = 0; i < n; i++) {
		for (int k = 0; k < nargs; k++) {
			Known *from = arg_known(o, k);
			if (!from)
				return false;
			if (from->kind == KNOWN_SEQUENCE && from->nparts != n)
				return refuse(o, "operand %d is a sequence of %d elements, wanted %d as operand 0 has", k, from->nparts, n);
			in[k] = from->kind == KNOWN_SEQUENCE ? from->part[i] : from;
		}
		if (!import_body(o, body, nargs, in, out))
			return false;
		for (int r = 0; r < nout; r++)
			part[r][i] = out[r];
	}
	for (int r = 0; r < nout; r++) {
		DType t = n && part[r][0]->kind == KNOWN_TENSOR ? part[r][0]->value->type->dtype : first->dtype;
		if (!give_known(o, r, known_sequence(o, n, part[r], t)))
			return false;
	}
	return true;
}

bool onnx_optional(Onnx *o)
{
	return give_known(o, 0, has_arg(o, 0) ? arg_known(o, 0) : known_none(o));
}

bool onnx_optional_has_element(Onnx *o)
{
	Known *k = has_arg(o, 0) ? arg_known(o, 0) : known_none(o);

	return k && give(o, 0, number(o, DT_BOOL, k->kind != KNOWN_NONE));
}

bool onnx_optional_get_element(Onnx *o)
{
	Known *k = arg_known(o, 0);

	if (!k)
		return false;
	if (k->kind == KNOWN_NONE)
		return refuse(o, "the optional is empty: there is no element to get");
	return give_known(o, 0, k);
}
