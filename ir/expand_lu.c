/* ir/expand_lu.c - lu: rows exchanged for the largest pivot, L below the diagonal (whose own is ones) and U.

   A block of columns is factored by itself; then all rows are exchanged as it says, the rows of U beside it solved for, and
   what is below and right of it is lessened by one product (Golub and Van Loan, Matrix Computations, 3.4.6 and 3.2.11).
   Columns and rows of zeros that fill up the last block give pivots that are 0, which LAPACK passes over too. */
#include "ir/expand_matrix.h"

typedef struct Lu {
	Value  *start;                     /* of a block: its first column */
	int64_t m, n, rows, columns, width;   /* as given; with zeros behind */
} Lu;

/* x's rows i (for each matrix its own) and j exchanged, being row_i and row_j. */
static Value *exchanged(Builder *b, Value *x, Value *j, Value *row_j, Value *is_i, Value *row_i)
{
	int64_t rows = matrix_size(x, MATRIX_ROWS), columns = matrix_size(x, MATRIX_COLUMNS);
	Value *is_j = matrix_where(b, x, MATRIX_ROWS, CMP_EQ, j);

	is_i = matrix_over(b, is_i, rows, columns);
	row_i = matrix_over(b, row_i, rows, columns);
	row_j = matrix_over(b, row_j, rows, columns);
	x = ew_select(b, is_i, row_j, x);
	return ew_select(b, is_j, row_i, x);
}

/* States: the block, the order of rows, pivots, info.  The NaN or else the largest number becomes the pivot. */
static void lu_column(Builder *b, void *arg, Value *i, Value **state)
{
	const Lu *k = arg;
	Value *block = state[0], *order = state[1], *at = ew_add(b, k->start, i);
	int64_t rows = k->rows, width = k->width, axis = block->type->rank - 2;

	Value *column = matrix_part(b, block, NULL, rows, i, 1);
	Value *old = matrix_where(b, column, MATRIX_ROWS, CMP_LT, at), *size = matrix_weight(b, column), *none = expand_like(b, size, -1);
	size = ew_select(b, old, none, size);
	if (rows > k->m)
		size = ew_select(b, matrix_where(b, column, MATRIX_ROWS, CMP_GE, matrix_at(b, k->m)), none, size);
	Value *pivot_row = BUILD(b, argmax, ARGS(size), .axis = -2, .keepdims = true, .dtype = DT_I32);
	pivot_row = ew_max(b, pivot_row, build_broadcast(b, at, pivot_row->type, (Ints)INTS_NONE));

	Value *number = BUILD(b, iota, NO_ARGS, .dim = axis, .dtype = DT_I32,
	                      .shape = dims_copy(expand_arena(b), order->type->rank, order->type->dim));
	Value *is_pivot = ew_compare(b, CMP_EQ, number, matrix_over(b, pivot_row, rows, 1));
	Value *chosen = matrix_rows_at(b, block, pivot_row), *there = matrix_part(b, block, at, 1, NULL, width);
	block = exchanged(b, block, at, there, is_pivot, chosen);
	Value *from = matrix_rows_at(b, order, pivot_row), *to = matrix_part(b, order, at, 1, NULL, 1);
	state[1] = exchanged(b, order, at, to, is_pivot, from);

	Value *pivot = matrix_part(b, chosen, NULL, 1, i, 1), *is_zero = ew_compare(b, CMP_EQ, pivot, expand_like(b, pivot, 0));
	Value *by = ew_select(b, is_zero, expand_like(b, pivot, 1), pivot);
	column = matrix_part(b, block, NULL, rows, i, 1);
	column = matrix_over(b, ew_div(b, column, matrix_over(b, by, rows, 1)), rows, width);
	Value *less = ew_mul(b, column, matrix_over(b, chosen, rows, width));
	less = ew_sub(b, block, less);
	Value *here = matrix_where(b, block, MATRIX_COLUMNS, CMP_EQ, i), *right = matrix_where(b, block, MATRIX_COLUMNS, CMP_GT, i);
	Value *new = ew_select(b, right, less, ew_select(b, here, column, block));
	state[0] = ew_select(b, matrix_where(b, block, MATRIX_ROWS, CMP_GT, at), new, block);

	state[2] = matrix_put(b, state[2], ew_plus(b, pivot_row, 1), at, NULL);
	Value *first = ew_compare(b, CMP_EQ, state[3], expand_like(b, state[3], 0)), *position = ew_plus(b, at, 1);
	Value *inside = ew_compare(b, CMP_LT, at, matrix_at(b, k->m < k->n ? k->m : k->n));
	first = ew_and(b, first, is_zero);
	first = ew_and(b, first, build_broadcast(b, inside, first->type, (Ints)INTS_NONE));
	state[3] = ew_select(b, first, build_broadcast(b, position, state[3]->type, (Ints)INTS_NONE), state[3]);
}

/* States: the matrix, pivots, info. */
static void lu_step(Builder *b, void *arg, Value *i, Value **state)
{
	Lu *k = arg;
	Value *a = state[0], *start = k->start = ew_mul(b, i, matrix_at(b, k->width));
	Value *like = matrix_part(b, a, NULL, k->rows, NULL, 1);
	const Type *t = type_with_dtype(b->ctx->types, like->type, DT_I32);
	Value *order = BUILD(b, iota, NO_ARGS, .dim = t->rank - 2, .dtype = DT_I32, .shape = dims_copy(expand_arena(b), t->rank, t->dim));
	Value *now[4] = { matrix_part(b, a, NULL, k->rows, start, k->width), order, state[1], state[2] };

	matrix_loop(b, k->width, 4, now, lu_column, k);
	state[1] = now[2];
	state[2] = now[3];
	if (k->width == k->columns) {
		state[0] = now[0];
		return;
	}
	a = matrix_put(b, matrix_rows_at(b, a, now[1]), now[0], NULL, start);
	Value *end = ew_plus(b, start, (double)k->width);
	Value *corner = matrix_part(b, now[0], start, k->width, NULL, k->width), *beside = matrix_part(b, a, start, k->width, NULL, k->columns);
	Value *solved = matrix_solve(b, corner, beside, true, true);
	Value *right = matrix_where(b, beside, MATRIX_COLUMNS, CMP_GE, end);
	a = matrix_put(b, a, ew_select(b, right, solved, beside), start, NULL);
	Value *less = ew_sub(b, a, matrix_times(b, now[0], MATRIX_COLUMNS, solved, MATRIX_ROWS));
	Value *rest = matrix_where(b, a, MATRIX_COLUMNS, CMP_GE, end);
	rest = ew_and(b, rest, matrix_where(b, a, MATRIX_ROWS, CMP_GE, end));
	state[0] = ew_select(b, rest, less, a);
}

void expand_lu(Builder *b, const Op *op, Value **out)
{
	Value *a = expand_wide(b, op->arg[0]);
	int64_t m = matrix_size(a, MATRIX_ROWS), n = matrix_size(a, MATRIX_COLUMNS), few = m < n ? m : n;
	int64_t width = matrix_width(few), all = width * matrix_blocks(few);
	Lu k = { .m = m, .n = n, .rows = m > all ? m : all, .columns = n > all ? n : all, .width = width };

	if (!few) {
		out[0] = op->arg[0];
		out[1] = build_splat(b, op->result[1]->type, 0);
		out[2] = build_splat(b, op->result[2]->type, 0);
		return;
	}
	a = matrix_grow(b, a, k.rows, k.columns);
	Value *whole = expand_convert(b, matrix_zeros(b, a, all, 1), DT_I32);
	Value *state[3] = { a, whole, matrix_corner(b, whole, 1, 1) };
	if (all == width)
		lu_step(b, &k, matrix_at(b, 0), state);
	else
		matrix_loop(b, all / width, 3, state, lu_step, &k);
	out[0] = expand_convert(b, matrix_corner(b, state[0], m, n), op->result[0]->type->dtype);
	out[1] = matrix_flat(b, matrix_corner(b, state[1], few, 1));
	out[2] = expand_in_shape(b, state[2], op->result[2]->type);
}
