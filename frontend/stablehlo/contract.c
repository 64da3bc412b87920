/* frontend/stablehlo/contract.c - products: dot_general, dot, convolution. */
#include "frontend/stablehlo/import.h"

static bool is_wider(DType a, DType b)
{
	return dtype_info[a].bits > dtype_info[b].bits;
}

/* Both operands in the type that the products are summed in: that of the result, or where it is narrower their own. */
static bool common_type(Import *im, const MlirOp *op, Value **arg, DType *out)
{
	DType to;

	if (op->nresults != 1)
		return refuse_op(im, "%d results declared, wanted one", op->nresults);
	if (!(arg[0] = import_arg(im, op, 0)) || !(arg[1] = import_arg(im, op, 1)) || !import_dtype(im, op->result[0].type, NULL, out))
		return false;
	to = *out;
	for (int i = 0; i < 2; i++)
		if (is_wider(arg[i]->type->dtype, to))
			to = arg[i]->type->dtype;
	for (int i = 0; i < 2; i++)
		if (arg[i]->type->dtype != to)
			arg[i] = BUILD(&im->b, convert, ARGS(arg[i]), .dtype = to);
	return true;
}

static bool result_of_type(Import *im, const MlirOp *op, Value *v, DType t)
{
	if (v && v->type->dtype != t)
		v = BUILD(&im->b, convert, ARGS(v), .dtype = t);
	return set_result(im, op, 0, v);
}

bool import_dot_general(Import *im, const MlirOp *op)
{
	Value *arg[2];
	DType t;

	if (!common_type(im, op, arg, &t))
		return false;
	void *attrs = attrs_mapped(im, op, OP_dot_general,
		"lhs_batch=dot_dimension_numbers.lhs_batching_dimensions? rhs_batch=dot_dimension_numbers.rhs_batching_dimensions? "
		"lhs_contract=dot_dimension_numbers.lhs_contracting_dimensions? rhs_contract=dot_dimension_numbers.rhs_contracting_dimensions?");
	return attrs && result_of_type(im, op, import_value(im, OP_dot_general, 2, arg, attrs), t);
}

/* Vectors and matrices, over the last axis of one and the first of the other. */
bool import_dot(Import *im, const MlirOp *op)
{
	Value *arg[2];
	DType t;

	if (!common_type(im, op, arg, &t))
		return false;
	int rank = arg[0]->type->rank;
	if (!rank || !arg[1]->type->rank || rank > 2 || arg[1]->type->rank > 2)
		return refuse_op(im, "operands have the ranks %d and %d, wanted 1 or 2", rank, arg[1]->type->rank);
	return result_of_type(im, op, import_value(im, OP_dot_general, 2, arg, &(struct attrs_dot_general){
		.lhs_contract = ints_of(im->arena, 1, rank - 1), .rhs_contract = ints_of(im->arena, 1, 0) }), t);
}

/* Axes in our order: two by name, then the spatial ones. */
static bool spec(Import *im, const MlirOp *op, const char *first, const char *second, const char *spatial, Ints *out)
{
	Ints more;
	int64_t *at;

	if (!import_ints(im, op, arena_printf(im->arena, "dimension_numbers.%s", spatial), &more))
		return false;
	at = ARENA_ARRAY(im->arena, int64_t, more.n + 2);
	memcpy(at + 2, more.at, sizeof *at * (size_t)more.n);
	*out = (Ints){ more.n + 2, at };
	return import_int(im, op, arena_printf(im->arena, "dimension_numbers.%s", first), &at[0]) &&
	       import_int(im, op, arena_printf(im->arena, "dimension_numbers.%s", second), &at[1]);
}

/* The kernel mirrored along the spatial axes that are marked. */
static bool mirror(Import *im, const MlirOp *op, Ints rhs_spec, Value **kernel)
{
	Ints marked;
	int n = 0;

	if (!import_ints(im, op, "window_reversal", &marked))
		return false;
	int64_t *axis = ARENA_ARRAY(im->arena, int64_t, marked.n + 1);
	for (int i = 0; i < marked.n && i + 2 < rhs_spec.n; i++)
		if (marked.at[i])
			axis[n++] = rhs_spec.at[i + 2];
	if (n)
		*kernel = import_value(im, OP_reverse, 1, kernel, &(struct attrs_reverse){ .dims = { n, axis } });
	return *kernel != NULL;
}

static bool convolve(Import *im, const MlirOp *op, const Pads *padding)
{
	Value *arg[2];
	DType t;
	struct attrs_conv_general *a;

	if (!common_type(im, op, arg, &t))
		return false;
	a = attrs_mapped(im, op, OP_conv_general, "strides=window_strides? padding=padding? lhs_dilation=lhs_dilation? "
	                 "rhs_dilation=rhs_dilation? feature_groups=feature_group_count batch_groups=batch_group_count");
	if (!a || !spec(im, op, "input_batch_dimension", "input_feature_dimension", "input_spatial_dimensions", &a->lhs_spec) ||
	    !spec(im, op, "kernel_output_feature_dimension", "kernel_input_feature_dimension", "kernel_spatial_dimensions", &a->rhs_spec) ||
	    !spec(im, op, "output_batch_dimension", "output_feature_dimension", "output_spatial_dimensions", &a->out_spec) ||
	    !mirror(im, op, a->rhs_spec, &arg[1]))
		return false;
	if (padding)
		a->padding = *padding;
	return result_of_type(im, op, import_value(im, OP_conv_general, 2, arg, a), t);
}

bool import_convolution(Import *im, const MlirOp *op)
{
	return convolve(im, op, NULL);
}

bool import_dynamic_conv(Import *im, const MlirOp *op)
{
	Ints both;

	if (!ints_of_arg(im, op, 2, &both))
		return false;
	int n = both.n / 2;
	int64_t *low = ARENA_ARRAY(im->arena, int64_t, both.n + 1), *high = low + n;
	for (int i = 0; i < n; i++) {
		low[i] = both.at[2 * i];
		high[i] = both.at[2 * i + 1];
	}
	return convolve(im, op, &(Pads){ PAD_EXPLICIT, n, low, high });
}
