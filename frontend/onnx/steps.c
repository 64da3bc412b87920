/* frontend/onnx/steps.c - ops along the steps of sequences: ReverseSequence, TensorScatter, RotaryEmbedding. */
#include "frontend/onnx/attention.h"

/* Element [b, t] of the result, b and t being axes of x, is element [b, index[b, t]] of x; index is [T, B] where t comes first. */
static Value *along(Onnx *o, Value *x, Value *index, int batch, int steps)
{
	struct attrs_gather a = { 0 };
	int64_t *offset = ARENA_ARRAY(o->arena, int64_t, RANK_MAX);
	Dim *size = ARENA_ARRAY(o->arena, Dim, RANK_MAX);
	int n = 0;

	if (!x || !index)
		return NULL;
	for (int i = 0; i < x->type->rank; i++) {
		bool indexed = i == batch || i == steps;
		size[i] = indexed ? dim_num(o, 1) : x->type->dim[i];
		if (!indexed)
			offset[n++] = i;
	}
	a.offset_dims = (Ints){ n, offset };
	a.collapsed_slice_dims = a.start_index_map = ints_of(o->arena, 1, steps);
	a.operand_batching_dims = ints_of(o->arena, 1, batch);
	a.start_indices_batching_dims = ints_of(o->arena, 1, steps < batch);
	a.index_vector_dim = 2;
	a.slice_sizes = (Dims){ x->type->rank, size };
	return emit(o, OP_gather, 2, (Value *[]){ x, index }, &a);
}

bool onnx_reverse_sequence(Onnx *o)
{
	Value *x = arg(o, 0), *lengths = arg(o, 1);
	int batch, steps;

	if (!x || !lengths)
		return false;
	if (x->type->rank < 2 || lengths->type->rank != 1)
		return refuse(o, "the operands have ranks %d and %d, wanted at least 2, and 1", x->type->rank, lengths->type->rank);
	if (!get_axis(o, "batch_axis", 1, x->type->rank, &batch) || !get_axis(o, "time_axis", 0, x->type->rank, &steps))
		return false;
	if (batch == steps)
		return refuse(o, "'batch_axis' and 'time_axis' are both %d", batch);
	DType t = lengths->type->dtype;
	Dim shape[2] = { x->type->dim[batch], x->type->dim[steps] }, one = dim_num(o, 1);
	if (steps < batch) {
		shape[0] = x->type->dim[steps];
		shape[1] = x->type->dim[batch];
	}
	Value *at = EMIT(o, iota, NO_ARGS, .dim = steps > batch, .dtype = t, .shape = dims_copy(o->arena, 2, shape));
	lengths = reshaped(o, lengths, 2, steps < batch ? (Dim[]){ one, shape[1] } : (Dim[]){ shape[0], one });
	Value *first = number(o, t, 1), *last = EW(o, sub, lengths, first), *other = EW(o, sub, last, at);
	Value *counts = at && lengths ? compare(o, CMP_LT, at, lengths) : NULL, *index = EW(o, select, counts, other, at);
	return give(o, 0, along(o, x, index, batch, steps));
}

/* A scatter that writes what it is given. */
static Value *scattered(Onnx *o, Value *x, Value *index, Value *update, const struct attrs_scatter *a)
{
	if (!x || !index || !update)
		return NULL;
	Op *op = build_begin(&o->b, OP_scatter, 3, (Value *[]){ x, index, update }, a);
	const Type *t = type_scalar(o->ctx->types, x->type->dtype);
	Builder in = builder_at_end(o->ctx, op->region[0]);

	block_add_arg(op->region[0], t, NULL, o->b.loc);
	Value *new = block_add_arg(op->region[0], t, NULL, o->b.loc);
	if (!build_op(&in, OP_yield, 1, &new, NULL) || !(op = build_finish(&o->b, op)))
		return NULL;
	return op->result[0];
}

Value *written_from(Onnx *o, Value *x, Value *update, Value *start, int axis, bool circular)
{
	if (!x || !update)
		return NULL;
	Dims shape = dims_copy(o->arena, 2, (Dim[]){ x->type->dim[0], update->type->dim[axis] });
	Value *index = EMIT(o, iota, NO_ARGS, .dim = 1, .dtype = DT_I64, .shape = shape);
	if (start) {
		start = reshaped(o, as_type(o, start, DT_I64), 2, (Dim[]){ shape.at[0], dim_num(o, 1) });
		index = EW(o, add, index, start);
	}
	if (circular) {
		Value *room = size_value(o, x->type->dim[axis]);
		index = EW(o, rem, index, room);
	}
	int64_t *window = ARENA_ARRAY(o->arena, int64_t, RANK_MAX);
	struct attrs_scatter a = { .index_vector_dim = 2 };
	int n = 0;
	for (int i = 1; i < x->type->rank; i++)
		if (i != axis)
			window[n++] = i;
	a.update_window_dims = (Ints){ n, window };
	a.inserted_window_dims = a.scatter_dims_to_operand_dims = ints_of(o->arena, 1, axis);
	a.input_batching_dims = a.scatter_indices_batching_dims = ints_of(o->arena, 1, 0);
	return scattered(o, x, index, update, &a);
}

bool onnx_tensor_scatter(Onnx *o)
{
	Value *x = arg(o, 0), *update = arg(o, 1), *start = arg_opt(o, 2);
	bool circular = get_is(o, "mode", "linear", "circular");
	int axis;

	if (!x || !update || !get_axis(o, "axis", -2, x->type->rank, &axis))
		return false;
	if (!circular && !get_is(o, "mode", "linear", "linear"))
		return refuse_attr(o, "mode", "\"%s\" found, wanted \"linear\" or \"circular\"", get_string(o, "mode", ""));
	if (axis == 0 || update->type->rank != x->type->rank)
		return refuse(o, "the axis is %d, and the operands have ranks %d and %d; wanted an axis behind the batch, and equal ranks", axis,
		              x->type->rank, update->type->rank);
	return give(o, 0, written_from(o, x, update, start, axis, circular));
}

/* --- RotaryEmbedding --- */

/* Rotates x, whose heads are along the last axis where it has rank 3; depth: of a head. */
static bool give_rotated(Onnx *o, Value *x, Dim depth, Value *cos, Value *sin, Value *position)
{
	DimTable *t = o->ctx->dims;
	const Type *like = x->type;
	int64_t rotated = get_int(o, "rotary_embedding_dim", 0);
	Dim half = dim_floordiv(t, rotated ? dim_num(o, rotated) : depth, dim_num(o, 2));
	bool joined = like->rank == 3;
	Value *v[4] = { joined ? heads_split(o, x, dim_floordiv(t, like->dim[2], depth), depth) : x, cos, sin, position };

	if (cos->type->rank && dim_known_unequal(dim_at(cos, -1), half))
		return refuse(o, "the last axis of the caches is not half of what is rotated of a head");
	Value *y = emit(o, OP_rotary_embedding, 3 + (position != NULL), v,
	                &(struct attrs_rotary_embedding){ .interleaved = get_int(o, "interleaved", 0) != 0 });
	return give(o, 0, joined && y ? reshaped(o, transposed(o, y, (int64_t[]){ 0, 2, 1, 3 }), 3, like->dim) : y);
}

bool onnx_rotary_embedding(Onnx *o)
{
	Value *x = arg(o, 0), *cos = arg(o, 1), *sin = arg(o, 2), *position = arg_opt(o, 3);
	int64_t heads = get_int(o, "num_heads", 0);

	if (!x || !cos || !sin)
		return false;
	if (x->type->rank != 4 && (x->type->rank != 3 || heads < 1))
		return refuse(o, "the operand has rank %d and 'num_heads' is %lld, wanted rank 4, or rank 3 and at least one head", x->type->rank,
		              (long long)heads);
	if (cos->type->rank != (position ? 2 : 3) || sin->type->rank != cos->type->rank)
		return refuse(o, "the caches have ranks %d and %d, wanted %d %s position_ids", cos->type->rank, sin->type->rank, position ? 2 : 3,
		              position ? "with" : "without");
	Dim depth = x->type->rank == 4 ? x->type->dim[3] : dim_floordiv(o->ctx->dims, x->type->dim[2], dim_num(o, heads));
	return give_rotated(o, x, depth, cos, sin, position);
}

/* com.microsoft: positions come before the caches, and one alone is that of the first step. */
bool onnx_rotary_embedding_ms(Onnx *o)
{
	Value *x = arg(o, 0), *position = arg(o, 1), *cos = arg(o, 2), *sin = arg(o, 3);
	int64_t heads = get_int(o, "num_heads", 0);
	DimTable *t = o->ctx->dims;

	if (!x || !position || !cos || !sin)
		return false;
	if ((x->type->rank != 3 && x->type->rank != 4) || cos->type->rank != 2 || sin->type->rank != 2)
		return refuse(o, "the operands have ranks %d, %d and %d, wanted 3 or 4, and 2 for the caches", x->type->rank, cos->type->rank,
		              sin->type->rank);
	if (heads < 0)
		return refuse(o, "'num_heads' is %lld, wanted at least 0", (long long)heads);
	if (get_int(o, "is_packed_batching", 0) || get_float(o, "scale", 1) != 1)
		return refuse(o, "'is_packed_batching' and 'scale' other than 1 are not supported");
	Dim depth = x->type->rank == 4 ? x->type->dim[3] : heads ? dim_floordiv(t, x->type->dim[2], dim_num(o, heads)) :
	            dim_mul(t, cos->type->dim[1], dim_num(o, 2));
	if (position->type->rank == 1) {
		Dim steps = x->type->rank == 4 ? x->type->dim[2] : x->type->dim[1];
		Value *step = EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = DT_I64, .shape = dims_copy(o->arena, 1, &steps));
		position = reshaped(o, as_type(o, position, DT_I64), 0, NULL);
		position = EW(o, add, step, position);
	}
	return give_rotated(o, x, depth, cos, sin, position);
}
