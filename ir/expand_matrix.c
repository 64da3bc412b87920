/* ir/expand_matrix.c - what the expansions of linear algebra share. */
#include "ir/expand_matrix.h"

static Dim number(Builder *b, int64_t n)
{
	return dim_const(b->ctx->dims, n);
}

/* x's batch with matrices of rows x columns. */
static const Type *resized(Builder *b, const Value *x, DType t, int64_t rows, int64_t columns)
{
	Dim dim[RANK_MAX];
	int rank = x->type->rank;

	memcpy(dim, x->type->dim, sizeof *dim * (size_t)rank);
	dim[rank - 2] = number(b, rows);
	dim[rank - 1] = number(b, columns);
	return type_get(b->ctx->types, t, rank, dim);
}

static Dims shape_of(Builder *b, const Type *t)
{
	return dims_copy(expand_arena(b), t->rank, t->dim);
}

void matrix_loop(Builder *b, int64_t rounds, int n, Value **state, MatrixStep *step, void *arg)
{
	Value *now[1 + MATRIX_STATES];
	Dim count = number(b, rounds);

	CHECK(n <= MATRIX_STATES, "%d states", n);
	if (!rounds)
		return;
	now[0] = matrix_at(b, 0);
	memcpy(now + 1, state, sizeof *now * (size_t)n);
	Op *loop = build_begin(b, OP_while, 1 + n, now, &(struct attrs_while){ .rounds = dims_copy(expand_arena(b), 1, &count) });
	for (int r = 0; r < 2; r++)
		for (int i = 0; i <= n; i++)
			block_add_arg(loop->region[r], now[i]->type, NULL, b->loc);

	Builder in = builder_at_end(b->ctx, loop->region[0]);
	in.loc = b->loc;
	Value *more = ew_compare(&in, CMP_LT, loop->region[0]->args.at[0], matrix_at(&in, rounds));
	CHECK(build_op(&in, OP_yield, ARGS(more), NULL), "the test of a loop");

	in = builder_at_end(b->ctx, loop->region[1]);
	in.loc = b->loc;
	for (int i = 0; i <= n; i++)
		now[i] = loop->region[1]->args.at[i];
	step(&in, arg, now[0], now + 1);
	now[0] = ew_add(&in, now[0], matrix_at(&in, 1));
	CHECK(build_op(&in, OP_yield, 1 + n, now, NULL), "the body of a loop");
	loop = build_finish(b, loop);
	CHECK(loop, "a loop of an expansion is refused");
	for (int i = 0; i < n; i++)
		state[i] = loop->result[1 + i];
}

Value *matrix_at(Builder *b, int64_t i)
{
	return build_scalar(b, DT_I32, (double)i);
}

/* Operands that are start indices, behind `skip` others. */
static Value **starts(Builder *b, int rank, int skip, Value *i, Value *j)
{
	Value **arg = ARENA_ARRAY(expand_arena(b), Value *, skip + rank), *zero = matrix_at(b, 0);

	for (int k = 0; k < rank; k++)
		arg[skip + k] = zero;
	if (i)
		arg[skip + rank - 2] = i;
	if (j)
		arg[skip + rank - 1] = j;
	return arg;
}

Value *matrix_part(Builder *b, Value *x, Value *i, int64_t rows, Value *j, int64_t columns)
{
	const Type *t = resized(b, x, x->type->dtype, rows, columns);

	if (t == x->type)
		return x;
	Value **arg = starts(b, t->rank, 1, i, j);
	arg[0] = x;
	return build_value(b, OP_dynamic_slice, 1 + t->rank, arg, &(struct attrs_dynamic_slice){ .sizes = shape_of(b, t) });
}

Value *matrix_put(Builder *b, Value *x, Value *part, Value *i, Value *j)
{
	Value **arg = starts(b, x->type->rank, 2, i, j);

	arg[0] = x;
	arg[1] = part;
	return build_value(b, OP_dynamic_update_slice, 2 + x->type->rank, arg, NULL);
}

Value *matrix_corner(Builder *b, Value *x, int64_t rows, int64_t columns)
{
	const Type *t = resized(b, x, x->type->dtype, rows, columns);
	Dim start[RANK_MAX];

	if (t == x->type)
		return x;
	for (int k = 0; k < t->rank; k++)
		start[k] = number(b, 0);
	return BUILD(b, slice, ARGS(x), .start = dims_copy(expand_arena(b), t->rank, start), .limit = shape_of(b, t));
}

Value *matrix_grow(Builder *b, Value *x, int64_t rows, int64_t columns)
{
	int64_t low[RANK_MAX] = { 0 }, high[RANK_MAX] = { 0 };
	int rank = x->type->rank;

	high[rank - 2] = rows - matrix_size(x, MATRIX_ROWS);
	high[rank - 1] = columns - matrix_size(x, MATRIX_COLUMNS);
	if (!high[rank - 2] && !high[rank - 1])
		return x;
	Value *zero = build_scalar(b, x->type->dtype, 0);
	return BUILD(b, pad, ARGS(x, zero), .low = ints_copy(expand_arena(b), rank, low), .high = ints_copy(expand_arena(b), rank, high));
}

Value *matrix_transpose(Builder *b, Value *x)
{
	int rank = x->type->rank;
	int64_t at[RANK_MAX];

	for (int k = 0; k < rank; k++)
		at[k] = k;
	at[rank - 2] = rank - 1;
	at[rank - 1] = rank - 2;
	return BUILD(b, transpose, ARGS(x), .permutation = ints_copy(expand_arena(b), rank, at));
}

Value *matrix_conj(Builder *b, Value *x)
{
	if (!dtype_is_complex(x->type->dtype))
		return x;
	Value *re = BUILD(b, real, ARGS(x)), *im = ew_neg(b, BUILD(b, imag, ARGS(x)));
	return BUILD(b, complex, ARGS(re, im));
}

Value *matrix_adjoint(Builder *b, Value *x)
{
	return matrix_conj(b, matrix_transpose(b, x));
}

Value *matrix_real(Builder *b, Value *x)
{
	return dtype_is_complex(x->type->dtype) ? BUILD(b, real, ARGS(x)) : x;
}

Value *matrix_square(Builder *b, Value *x)
{
	if (!dtype_is_complex(x->type->dtype))
		return ew_mul(b, x, x);
	Value *re = BUILD(b, real, ARGS(x)), *im = BUILD(b, imag, ARGS(x));
	re = ew_mul(b, re, re);
	return ew_add(b, re, ew_mul(b, im, im));
}

Value *matrix_weight(Builder *b, Value *x)
{
	if (!dtype_is_complex(x->type->dtype))
		return ew_abs(b, x);
	Value *re = ew_abs(b, BUILD(b, real, ARGS(x)));
	return ew_add(b, re, ew_abs(b, BUILD(b, imag, ARGS(x))));
}

Value *matrix_as(Builder *b, Value *x, Value *like)
{
	return expand_convert(b, x, like->type->dtype);
}

Value *matrix_nan(Builder *b, Value *like)
{
	if (!dtype_is_complex(like->type->dtype))
		return expand_like(b, like, __builtin_nan(""));
	Value *part = build_splat(b, type_with_dtype(b->ctx->types, like->type, dtype_part(like->type->dtype)), __builtin_nan(""));
	return BUILD(b, complex, ARGS(part, part));
}

Value *matrix_times(Builder *b, Value *x, int x_axis, Value *y, int y_axis)
{
	int batch = x->type->rank - 2;
	Ints all = expand_range(b, 0, batch);

	return BUILD(b, dot_general, ARGS(x, y), .lhs_batch = all, .rhs_batch = all,
	             .lhs_contract = expand_range(b, batch + x_axis, batch + x_axis + 1),
	             .rhs_contract = expand_range(b, batch + y_axis, batch + y_axis + 1));
}

Value *matrix_zeros(Builder *b, Value *like, int64_t rows, int64_t columns)
{
	return build_splat(b, resized(b, like, like->type->dtype, rows, columns), 0);
}

Value *matrix_over(Builder *b, Value *x, int64_t rows, int64_t columns)
{
	return build_broadcast(b, x, resized(b, x, x->type->dtype, rows, columns), expand_range(b, 0, x->type->rank));
}

static Value *numbers(Builder *b, const Type *t, int axis)
{
	return BUILD(b, iota, NO_ARGS, .dim = t->rank - 2 + axis, .dtype = DT_I32, .shape = shape_of(b, t));
}

Value *matrix_where(Builder *b, Value *like, int axis, CmpDir dir, Value *i)
{
	const Type *t = type_with_dtype(b->ctx->types, like->type, DT_I32);
	Value *at = build_broadcast(b, i, t, (Ints)INTS_NONE);

	return ew_compare(b, dir, numbers(b, t, axis), at);
}

Value *matrix_triangle(Builder *b, Value *like, CmpDir dir, int64_t more)
{
	const Type *t = like->type;
	Value *row = numbers(b, t, MATRIX_ROWS), *column = numbers(b, t, MATRIX_COLUMNS);

	if (more)
		column = ew_plus(b, column, (double)more);
	return ew_compare(b, dir, row, column);
}

Value *matrix_rows_at(Builder *b, Value *x, Value *i)
{
	const Type *t = x->type;
	Dim size[RANK_MAX];
	int batch = t->rank - 2;
	int64_t at = batch, column = batch + 1;

	for (int k = 0; k < t->rank; k++)
		size[k] = k == batch + 1 ? t->dim[k] : number(b, 1);
	return BUILD(b, gather, ARGS(x, i), .offset_dims = ints_copy(expand_arena(b), 1, &column),
	             .collapsed_slice_dims = ints_copy(expand_arena(b), 1, &at), .operand_batching_dims = expand_range(b, 0, batch),
	             .start_indices_batching_dims = expand_range(b, 0, batch), .start_index_map = ints_copy(expand_arena(b), 1, &at),
	             .index_vector_dim = batch + 1, .slice_sizes = dims_copy(expand_arena(b), t->rank, size));
}

Value *matrix_rows(Builder *b, Value *x, int64_t first, int64_t last)
{
	const Type *t = x->type;
	Dim start[RANK_MAX], limit[RANK_MAX];

	for (int k = 0; k < t->rank; k++) {
		start[k] = number(b, k == t->rank - 2 ? first : 0);
		limit[k] = k == t->rank - 2 ? number(b, last) : t->dim[k];
	}
	return BUILD(b, slice, ARGS(x), .start = dims_copy(expand_arena(b), t->rank, start),
	             .limit = dims_copy(expand_arena(b), t->rank, limit));
}

Value *matrix_sum(Builder *b, OpKind combine, Value *x, int axis)
{
	int k = x->type->rank - 2 + axis;

	return build_reduce(b, combine, x, expand_range(b, k, k + 1), true);
}

Value *matrix_diagonal(Builder *b, Value *x)
{
	int64_t rows = matrix_size(x, MATRIX_ROWS), columns = matrix_size(x, MATRIX_COLUMNS), n = rows < columns ? rows : columns;

	x = matrix_corner(b, x, n, n);
	Value *on = matrix_triangle(b, x, CMP_EQ, 0);
	return matrix_sum(b, OP_add, ew_select(b, on, x, expand_like(b, x, 0)), MATRIX_COLUMNS);
}

Value *matrix_identity(Builder *b, Value *like, int64_t rows, int64_t columns)
{
	Value *zeros = matrix_zeros(b, like, rows, columns), *on = matrix_triangle(b, zeros, CMP_EQ, 0);

	return ew_select(b, on, expand_like(b, zeros, 1), zeros);
}

Value *matrix_flat(Builder *b, Value *x)
{
	return BUILD(b, reshape, ARGS(x), .shape = dims_copy(expand_arena(b), x->type->rank - 1, x->type->dim));
}

Value *matrix_column(Builder *b, Value *x)
{
	Dim dim[RANK_MAX + 1];

	memcpy(dim, x->type->dim, sizeof *dim * (size_t)x->type->rank);
	dim[x->type->rank] = number(b, 1);
	return BUILD(b, reshape, ARGS(x), .shape = dims_copy(expand_arena(b), x->type->rank + 1, dim));
}
