/* frontend/onnx/index.c - elements at positions that are data. */
#include "frontend/onnx/import.h"

bool onnx_gather(Onnx *o)
{
	Value *x = arg(o, 0), *i = arg(o, 1);
	int axis;

	return x && i && get_axis(o, "axis", 0, x->type->rank, &axis) && give(o, 0, EMIT(o, take, ARGS(x, i), .axis = axis));
}

/* Index vectors for every element of `at`: its own position, but along axis what it says. */
static Value *positions(Onnx *o, Value *at, int axis)
{
	int rank = at->type->rank;
	Dim dim[RANK_MAX];
	Value *part[RANK_MAX];

	if (rank + 1 > RANK_MAX) {
		refuse(o, "rank %d, at most %d is supported here", rank, RANK_MAX - 1);
		return NULL;
	}
	at = as_type(o, at, DT_I64);
	for (int k = 0; k < rank; k++)
		dim[k] = at->type->dim[k];
	dim[rank] = dim_num(o, 1);
	for (int k = 0; k < rank; k++)
		part[k] = reshaped(o, k == axis ? at : EMIT(o, iota, NO_ARGS, .dim = k, .dtype = DT_I64, .shape = at ? dims_copy(o->arena, rank, dim) : (Dims)DIMS_NONE),
		                   rank + 1, dim);
	return concatenated(o, rank, part, rank);
}

bool onnx_gather_elements(Onnx *o)
{
	Value *x = arg(o, 0), *i = arg(o, 1);
	int axis;

	if (!x || !i || !get_axis(o, "axis", 0, x->type->rank, &axis))
		return false;
	if (i->type->rank != x->type->rank)
		return refuse(o, "the indices have rank %d, but the data rank %d", i->type->rank, x->type->rank);
	Value *at = positions(o, i, axis);
	return at && give(o, 0, EMIT(o, gather_nd, ARGS(x, at)));
}

bool onnx_gather_nd(Onnx *o)
{
	Value *x = arg(o, 0), *i = arg(o, 1);

	return x && i && give(o, 0, EMIT(o, gather_nd, ARGS(x, i), .batch_dims = get_int(o, "batch_dims", 0)));
}

static bool reduction(Onnx *o, const char **out)
{
	*out = get_string(o, "reduction", "none");
	if (*out && strcmp(*out, "none") != 0 && strcmp(*out, "add") != 0 && strcmp(*out, "mul") != 0 && strcmp(*out, "max") != 0 &&
	    strcmp(*out, "min") != 0)
		return refuse_attr(o, "reduction", "is \"%s\", wanted none, add, mul, max or min", *out);
	return *out != NULL;
}

bool onnx_scatter_elements(Onnx *o)
{
	Value *x = arg(o, 0), *i = arg(o, 1), *update = arg(o, 2);
	const char *how;
	int axis;

	if (!x || !i || !update || !get_axis(o, "axis", 0, x->type->rank, &axis) || !reduction(o, &how))
		return false;
	if (i->type->rank != x->type->rank)
		return refuse(o, "the indices have rank %d, but the data rank %d", i->type->rank, x->type->rank);
	Value *at = positions(o, i, axis);
	return at && give(o, 0, EMIT(o, scatter_nd, ARGS(x, at, update), .reduction = how));
}

bool onnx_scatter_nd(Onnx *o)
{
	Value *x = arg(o, 0), *i = arg(o, 1), *update = arg(o, 2);
	const char *how;

	return x && i && update && reduction(o, &how) && give(o, 0, EMIT(o, scatter_nd, ARGS(x, i, update), .reduction = how));
}

/* values[1] where an index says so, else values[0]; an index outside is nowhere. */
bool onnx_one_hot(Onnx *o)
{
	Value *i = arg(o, 0), *values = arg(o, 2);
	Dims depth;
	Dim dim[RANK_MAX];
	int axis, rank;

	if (!i || !values || !dims_in(o, arg(o, 1), &depth))
		return false;
	if (depth.n != 1 || i->type->rank + 1 > RANK_MAX)
		return refuse(o, depth.n != 1 ? "the depth has %d elements, wanted one" : "indices of rank %d are not supported",
		              depth.n != 1 ? depth.n : i->type->rank);
	rank = i->type->rank;
	if (!get_axis(o, "axis", -1, rank + 1, &axis))
		return false;
	for (int k = 0; k < rank + 1; k++)
		dim[k] = k == axis ? dim_num(o, 1) : i->type->dim[k - (k > axis)];
	Value *at = reshaped(o, as_type(o, i, DT_I64), rank + 1, dim), *n = size_value(o, depth.at[0]);
	at = EW(o, select, compare(o, CMP_LT, at, number(o, DT_I64, 0)), EW(o, add, at, n), at);
	dim[axis] = depth.at[0];
	Value *place = EMIT(o, iota, NO_ARGS, .dim = axis, .dtype = DT_I64, .shape = dims_copy(o->arena, rank + 1, dim));
	Value *off = reshaped(o, sliced(o, values, 0, dim_num(o, 0), dim_num(o, 1)), 0, NULL);
	Value *on = reshaped(o, sliced(o, values, 0, dim_num(o, 1), dim_num(o, 2)), 0, NULL);
	return give(o, 0, EW(o, select, compare(o, CMP_EQ, place, at), on, off));
}
