/* frontend/stablehlo/dynamic.c - ops whose shape is an operand: the same ops of ours, with the shape as expressions. */
#include "frontend/stablehlo/import.h"

/* The shape that operand i gives: an expression of sizes, or, where it is data, what the result's type says, which it must be
   equal to. */
static bool shape_of_arg(Import *im, const MlirOp *op, int i, Dims *out)
{
	if (!import_counts(im, op, i + 1, 1))
		return false;
	const Dims *sizes = &known(op->arg[i])->sizes;
	bool data = sizes->n == 0;
	for (int e = 0; e < sizes->n; e++)
		data = data || !sizes->at[e];
	if (data && !type_is_open(op->result[0].type))
		return import_dims(im, op->result[0].type, NULL, out);
	return sizes_of_arg(im, op, i, out);
}

bool import_dynamic_reshape(Import *im, const MlirOp *op)
{
	Value *x = import_arg(im, op, 0);
	Dims shape;

	return x && shape_of_arg(im, op, 1, &shape) &&
	       set_result(im, op, 0, import_value(im, OP_reshape, 1, &x, &(struct attrs_reshape){ .shape = shape }));
}

bool import_dynamic_broadcast_in_dim(Import *im, const MlirOp *op)
{
	Value *x = import_arg(im, op, 0);
	Dims shape;
	Ints dims;

	return x && shape_of_arg(im, op, 1, &shape) && import_ints(im, op, "broadcast_dimensions", &dims) &&
	       set_result(im, op, 0, import_value(im, OP_broadcast_in_dim, 1, &x, &(struct attrs_broadcast_in_dim){
			.shape = shape, .dims = dims }));
}

bool import_dynamic_iota(Import *im, const MlirOp *op)
{
	struct attrs_iota a = { 0 };

	return shape_of_arg(im, op, 0, &a.shape) && import_int(im, op, "iota_dimension", &a.dim) &&
	       import_dtype(im, op->result[0].type, NULL, &a.dtype) &&
	       set_result(im, op, 0, import_value(im, OP_iota, 0, NULL, &a));
}

bool import_dynamic_gather(Import *im, const MlirOp *op)
{
	Value *arg[2] = { import_arg(im, op, 0), import_arg(im, op, 1) };
	struct attrs_gather *a;

	if (!arg[0] || !arg[1])
		return false;
	a = attrs_mapped(im, op, OP_gather, "offset_dims=dimension_numbers.offset_dims? "
		"collapsed_slice_dims=dimension_numbers.collapsed_slice_dims? operand_batching_dims=dimension_numbers.operand_batching_dims? "
		"start_indices_batching_dims=dimension_numbers.start_indices_batching_dims? "
		"start_index_map=dimension_numbers.start_index_map? index_vector_dim=dimension_numbers.index_vector_dim? "
		"indices_are_sorted=indices_are_sorted?");
	return a && sizes_of_arg(im, op, 2, &a->slice_sizes) && set_result(im, op, 0, import_value(im, OP_gather, 2, arg, a));
}

bool import_real_dynamic_slice(Import *im, const MlirOp *op)
{
	Value *x = import_arg(im, op, 0);
	struct attrs_slice a = { 0 };

	return x && sizes_of_arg(im, op, 1, &a.start) && sizes_of_arg(im, op, 2, &a.limit) && ints_of_arg(im, op, 3, &a.strides) &&
	       set_result(im, op, 0, import_value(im, OP_slice, 1, &x, &a));
}

/* x with `count` more along axis, before or behind it. */
static Value *extend(Import *im, Value *x, Value *padding, int axis, Dim count, bool before)
{
	Dim dim[RANK_MAX];

	if (!x || dim_is(count, 0))
		return x;
	for (int k = 0; k < x->type->rank; k++)
		dim[k] = k == axis ? count : x->type->dim[k];
	Value *more = import_value(im, OP_broadcast_in_dim, 1, &padding, &(struct attrs_broadcast_in_dim){
		.shape = dims_copy(im->arena, x->type->rank, dim) });
	Value *part[2] = { before ? more : x, before ? x : more };
	return more ? import_value(im, OP_concatenate, 2, part, &(struct attrs_concatenate){ .dim = axis }) : NULL;
}

/* Amounts that are numbers are those of a pad; the others, which must not be negative, are repeated in front and behind. */
bool import_dynamic_pad(Import *im, const MlirOp *op)
{
	Value *arg[2] = { import_arg(im, op, 0), import_arg(im, op, 1) };
	Dims low, high;
	Ints interior;

	if (!arg[0] || !arg[1] || !sizes_of_arg(im, op, 2, &low) || !sizes_of_arg(im, op, 3, &high) || !ints_of_arg(im, op, 4, &interior))
		return false;
	int rank = arg[0]->type->rank;
	if (low.n != rank || high.n != rank || interior.n != rank)
		return refuse_op(im, "the amounts are not one for each axis");
	int64_t *at = ARENA_ARRAY(im->arena, int64_t, 2 * rank + 1);
	for (int k = 0; k < rank; k++) {
		at[k] = dim_is_const(low.at[k]) ? low.at[k]->value : 0;
		at[rank + k] = dim_is_const(high.at[k]) ? high.at[k]->value : 0;
	}
	Value *x = import_value(im, OP_pad, 2, arg, &(struct attrs_pad){
		.low = { rank, at }, .high = { rank, at + rank }, .interior = interior });
	for (int k = 0; k < rank; k++) {
		if (!dim_is_const(low.at[k]))
			x = extend(im, x, arg[1], k, low.at[k], true);
		if (!dim_is_const(high.at[k]))
			x = extend(im, x, arg[1], k, high.at[k], false);
	}
	return set_result(im, op, 0, x);
}

/* Where the windows of one axis end with the position itself (or begin there) and reach over all the rest: what there is of the
   operands up to each position. */
static bool is_running(Import *im, Dim extent, Dim window, Dim low, Dim high, bool *reverse)
{
	Dim rest = dim_sub(im->ctx->dims, extent, dim_const(im->ctx->dims, 1));

	*reverse = dim_is(low, 0);
	return window == extent && ((low == rest && dim_is(high, 0)) || (dim_is(low, 0) && high == rest));
}

static bool all_numbers(Dims d)
{
	for (int i = 0; i < d.n; i++)
		if (!dim_is_const(d.at[i]))
			return false;
	return true;
}

static Ints numbers(Import *im, Dims d)
{
	int64_t *at = ARENA_ARRAY(im->arena, int64_t, d.n + 1);

	for (int i = 0; i < d.n; i++)
		at[i] = d.at[i]->value;
	return (Ints){ d.n, at };
}

/* Operands: inputs, initial values, window, strides, base dilation, window dilation, padding [rank, 2]. */
bool import_dynamic_reduce_window(Import *im, const MlirOp *op)
{
	const MlirAttr *body = mlir_attr(op, "called_computations");
	int n = (op->nargs - 5) / 2, first = op->nargs - 5, axis = -1;
	Dims part[5];
	Value **arg = ARENA_ARRAY(im->arena, Value *, op->nargs + 1);
	bool reverse = false;
	Op *ours;

	if (n < 1 || op->nargs != 2 * n + 5 || !body || body->npart != 1)
		return refuse_op(im, "the operands, or 'called_computations', are not those of a reduce_window");
	for (int i = 0; i < 2 * n; i++)
		if (!(arg[i] = import_arg(im, op, i)))
			return false;
	for (int i = 0; i < 5; i++)
		if (!sizes_of_arg(im, op, first + i, &part[i]))
			return false;
	const Type *t = arg[0]->type;
	int rank = t->rank;
	if (part[0].n != rank || part[1].n != rank || part[2].n != rank || part[3].n != rank || part[4].n != 2 * rank)
		return refuse_op(im, "the window is not given for each axis");
	if (all_numbers(part[0]) && all_numbers(part[4])) {
		Ints pads = numbers(im, part[4]);
		int64_t *low = ARENA_ARRAY(im->arena, int64_t, 2 * rank + 1), *high = low + rank;

		for (int k = 0; k < rank; k++) {
			low[k] = pads.at[2 * k];
			high[k] = pads.at[2 * k + 1];
		}
		if (!all_numbers(part[1]) || !all_numbers(part[2]) || !all_numbers(part[3]))
			return refuse_op(im, "strides and dilations depend on the sizes of inputs, wanted numbers");
		ours = build_begin(&im->b, OP_reduce_window, 2 * n, arg, &(struct attrs_reduce_window){
			.window = numbers(im, part[0]), .strides = numbers(im, part[1]), .base_dilation = numbers(im, part[2]),
			.window_dilation = numbers(im, part[3]), .padding = { PAD_EXPLICIT, rank, low, high } });
	} else {
		for (int k = 0; k < rank; k++) {
			bool plain = dim_is(part[1].at[k], 1) && dim_is(part[2].at[k], 1) && dim_is(part[3].at[k], 1);
			Dim low = part[4].at[2 * k], high = part[4].at[2 * k + 1];

			if (plain && dim_is(part[0].at[k], 1) && dim_is(low, 0) && dim_is(high, 0))
				continue;
			if (!plain || axis >= 0 || !is_running(im, t->dim[k], part[0].at[k], low, high, &reverse))
				return refuse_op(im, "the window depends on the sizes of inputs, and is not that of a running sum");
			axis = k;
		}
		ours = build_begin(&im->b, OP_cumulate, 2 * n, arg, &(struct attrs_cumulate){ .dim = axis, .reverse = reverse });
	}
	return callee_region(im, op, body->part[0]->text, ours) && set_results(im, op, build_finish(&im->b, ours));
}
