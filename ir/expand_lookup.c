/* ir/expand_lookup.c - expansions of composites that read and write at indices: take, gather_nd, scatter_nd, one_hot. */
#include "ir/expand_impl.h"

/* Indices are i32 where that holds them, whatever they are, and the extent: vectors of them are shorter. */
static DType index_type(DType t, Dim extent)
{
	bool narrow = dim_is_const(extent) && extent->value <= INT32_MAX;

	return narrow && t != DT_I64 && t != DT_U64 && t != DT_U32 ? DT_I32 : DT_I64;
}

/* Indices below 0 count from the end of the axis, whose extent is given; with several extents the last axis of the indices
   holds one index for each. */
static Value *from_end(Builder *b, Value *index, int n, const Dim *extent)
{
	DType it = DT_I32;
	Value *end[RANK_MAX], *all;

	if (!dtype_is_signed(index->type->dtype) || n == 0)
		return index;
	for (int i = 0; i < n; i++)
		it = index_type(index->type->dtype, extent[i]) == DT_I64 ? DT_I64 : it;
	index = expand_convert(b, index, it);
	for (int i = 0; i < n; i++)
		end[i] = expand_extent(b, extent[i], it);
	if (n == 1) {
		all = build_broadcast(b, end[0], index->type, (Ints)INTS_NONE);
	} else {
		Dims one = dims_copy(expand_arena(b), 1, (Dim[]){ dim_const(b->ctx->dims, 1) });

		for (int i = 0; i < n; i++)
			end[i] = BUILD(b, reshape, ARGS(end[i]), .shape = one);
		all = build_value(b, OP_concatenate, n, end, &(struct attrs_concatenate){ .dim = 0 });
		all = expand_numpy(b, all, index->type);
	}
	Value *below = ew_compare(b, CMP_LT, index, expand_like(b, index, 0));
	return ew_select(b, below, ew_add(b, index, all), index);
}

/* The extents of x, 1 for axes first .. first+n-1. */
static Dims slices(Builder *b, const Type *x, int n)
{
	Dim size[RANK_MAX];

	for (int k = 0; k < x->rank; k++)
		size[k] = k < n ? dim_const(b->ctx->dims, 1) : x->dim[k];
	return dims_copy(expand_arena(b), x->rank, size);
}

Value *expand_picked(Builder *b, Value *x, Value *indices, int axis)
{
	const Type *t = x->type;
	int rank = indices->type->rank, n = 0;
	int64_t offset[RANK_MAX];
	Dim size[RANK_MAX];

	for (int k = 0; k < t->rank; k++) {
		size[k] = k == axis ? dim_const(b->ctx->dims, 1) : t->dim[k];
		if (k != axis)
			offset[n++] = k < axis ? k : k + rank - 1;
	}
	Ints at = expand_range(b, axis, axis + 1);
	return BUILD(b, gather, ARGS(x, indices), .offset_dims = ints_copy(expand_arena(b), n, offset), .collapsed_slice_dims = at,
	             .start_index_map = at, .index_vector_dim = rank, .slice_sizes = dims_copy(expand_arena(b), t->rank, size));
}

Value *expand_taken(Builder *b, Value *x, Value *indices, int axis)
{
	return expand_picked(b, x, from_end(b, indices, 1, &x->type->dim[axis]), axis);
}

void expand_take(Builder *b, const Op *op, Value **out)
{
	out[0] = expand_taken(b, op->arg[0], op->arg[1], expand_axis(op_attrs(take, op)->axis, op->arg[0]->type->rank));
}

void expand_embedding(Builder *b, const Op *op, Value **out)
{
	out[0] = expand_taken(b, op->arg[1], op->arg[0], 0);
}

void expand_gather_nd(Builder *b, const Op *op, Value **out)
{
	const Type *x = op->arg[0]->type, *t = op->arg[1]->type;
	int batch = (int)op_attrs(gather_nd, op)->batch_dims, last = t->rank - 1, n = (int)t->dim[last]->value;
	Value *indices = from_end(b, op->arg[1], n, x->dim + batch);
	Ints indexed = expand_range(b, batch, batch + n), together = expand_range(b, 0, batch);

	out[0] = BUILD(b, gather, ARGS(op->arg[0], indices), .offset_dims = expand_range(b, last, op->result[0]->type->rank),
	               .collapsed_slice_dims = indexed, .operand_batching_dims = together, .start_indices_batching_dims = together,
	               .start_index_map = indexed, .index_vector_dim = last, .slice_sizes = slices(b, x, batch + n));
}

static OpKind combiner_named(const char *reduction)
{
	static const struct { const char *name; OpKind kind; } row[] = {
		{ "add", OP_add }, { "mul", OP_mul }, { "max", OP_max }, { "min", OP_min },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		if (!strcmp(row[i].name, reduction))
			return row[i].kind;
	return OP_COUNT;
}

void expand_scatter_nd(Builder *b, const Op *op, Value **out)
{
	Value *x = op->arg[0], *updates = op->arg[2];
	const Type *t = op->arg[1]->type;
	int last = t->rank - 1, n = (int)t->dim[last]->value;
	Value *indices = from_end(b, op->arg[1], n, x->type->dim);
	OpKind combine = combiner_named(op_attrs(scatter_nd, op)->reduction);
	Ints indexed = expand_range(b, 0, n);
	Op *scatter = build_begin(b, OP_scatter, ARGS(x, indices, updates), &(struct attrs_scatter){
		.update_window_dims = expand_range(b, last, updates->type->rank), .inserted_window_dims = indexed,
		.scatter_dims_to_operand_dims = indexed, .index_vector_dim = last });

	out[0] = expand_combiner(b, scatter, combine);
}

void expand_one_hot(Builder *b, const Op *op, Value **out)
{
	const struct attrs_one_hot *a = op_attrs(one_hot, op);
	const Type *t = op->result[0]->type;
	int axis = expand_axis(a->axis, t->rank);
	DType it = index_type(op->arg[0]->type->dtype, a->num_classes);
	Value *classes = BUILD(b, iota, NO_ARGS, .dim = axis, .dtype = it, .shape = dims_copy(expand_arena(b), t->rank, t->dim));
	Value *x = expand_convert(b, op->arg[0], it);
	Value *is = ew_compare(b, CMP_EQ, expand_over(b, x, classes, expand_range(b, axis, axis + 1)), classes);

	out[0] = expand_convert(b, is, a->dtype);
}
