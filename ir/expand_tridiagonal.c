/* ir/expand_tridiagonal.c - tridiagonal_solve: Gaussian elimination, in which a row may change places with the next.

   A row is [c0, c1, c2 | b], its coefficients from the column of the current pivot on.  Of the row at hand and the next one the
   larger c0 becomes the pivot, and what is left of the other moves one column on; so U has two diagonals above its own. */
#include "ir/expand_matrix.h"

enum { COEFFICIENTS = 3 };

typedef struct Tridiagonal {
	Value  *rows;             /* [lower, diagonal, upper | b], and a row of zeros behind */
	Value  *factor;           /* of the way back: the rows of U and what b became */
	int64_t n, columns;
} Tridiagonal;

static Value *columns_of(Builder *b, Value *x, int64_t first, int64_t n)
{
	return matrix_part(b, x, NULL, matrix_size(x, MATRIX_ROWS), matrix_at(b, first), n);
}

static Value *beside(Builder *b, int n, Value *const *part)
{
	return build_value(b, OP_concatenate, n, part, &(struct attrs_concatenate){ .dim = part[0]->type->rank - 1 });
}

/* [c0, c1, c2 | b] as [c1, c2, 0 | b]. */
static Value *next_column(Builder *b, Value *row, int64_t columns)
{
	Value *part[3] = { columns_of(b, row, 1, COEFFICIENTS - 1), matrix_zeros(b, row, 1, 1) };

	part[2] = columns_of(b, row, COEFFICIENTS, columns);
	return beside(b, 3, part);
}

/* States: the row at hand, the rows that are done. */
static void eliminate(Builder *b, void *arg, Value *i, Value **state)
{
	const Tridiagonal *k = arg;
	int64_t width = COEFFICIENTS + k->columns;
	Value *at = ew_plus(b, i, 1), *here = state[0], *below = matrix_part(b, k->rows, at, 1, NULL, width);
	Value *mine = matrix_weight(b, columns_of(b, here, 0, 1)), *other = matrix_weight(b, columns_of(b, below, 0, 1));

	Value *is_other = matrix_over(b, ew_compare(b, CMP_GT, other, mine), 1, width);
	Value *pivot = ew_select(b, is_other, below, here), *rest = ew_select(b, is_other, here, below);
	Value *by = columns_of(b, pivot, 0, 1), *none = ew_compare(b, CMP_EQ, by, expand_like(b, by, 0));
	by = ew_select(b, none, expand_like(b, by, 1), by);      /* what it divides is 0 as well */
	Value *factor = ew_div(b, columns_of(b, rest, 0, 1), by);
	rest = ew_sub(b, rest, ew_mul(b, matrix_over(b, factor, 1, width), pivot));
	state[0] = next_column(b, rest, k->columns);
	state[1] = matrix_put(b, state[1], pivot, i, NULL);
}

/* The rows of x from the last on; x has two rows of zeros behind. */
static void substitute(Builder *b, void *arg, Value *i, Value **state)
{
	const Tridiagonal *k = arg;
	Value *at = ew_sub(b, matrix_at(b, k->n - 1), i), *row = matrix_part(b, k->factor, at, 1, NULL, COEFFICIENTS + k->columns);
	Value *y = columns_of(b, row, COEFFICIENTS, k->columns);

	for (int c = 1; c < COEFFICIENTS; c++) {
		Value *known = matrix_part(b, state[0], ew_plus(b, at, c), 1, NULL, k->columns), *by = columns_of(b, row, c, 1);
		y = ew_sub(b, y, ew_mul(b, matrix_over(b, by, 1, k->columns), known));
	}
	y = ew_div(b, y, matrix_over(b, columns_of(b, row, 0, 1), 1, k->columns));
	state[0] = matrix_put(b, state[0], y, at, NULL);
}

/* The number of the first pivot that is 0, or 0: [..., 1, 1]. */
static Value *first_zero(Builder *b, Value *pivots, int64_t n)
{
	const Type *t = type_with_dtype(b->ctx->types, pivots->type, DT_I32);
	Value *is_zero = ew_compare(b, CMP_EQ, pivots, expand_like(b, pivots, 0)), *number = NULL;

	number = BUILD(b, iota, NO_ARGS, .dim = t->rank - 2, .dtype = DT_I32, .shape = dims_copy(expand_arena(b), t->rank, t->dim));
	number = ew_plus(b, number, 1);
	number = ew_select(b, is_zero, number, expand_like(b, number, (double)n + 1));
	number = matrix_sum(b, OP_min, number, MATRIX_ROWS);
	Value *some = ew_compare(b, CMP_LE, number, expand_like(b, number, (double)n));
	return ew_select(b, some, number, expand_like(b, number, 0));
}

/* Operand i in the batch of the result, as a column. */
static Value *diagonal_of(Builder *b, const Op *op, int i)
{
	Value *x = expand_wide(b, op->arg[i]);
	const Type *t = op->result[0]->type;

	return matrix_column(b, expand_in_shape(b, x, type_get(b->ctx->types, x->type->dtype, t->rank - 1, t->dim)));
}

void expand_tridiagonal_solve(Builder *b, const Op *op, Value **out)
{
	Value *y = expand_wide(b, op->arg[3]);
	Tridiagonal k = { .n = matrix_size(y, MATRIX_ROWS), .columns = matrix_size(y, MATRIX_COLUMNS) };

	if (!k.n) {
		out[0] = op->arg[3];
		out[1] = build_splat(b, op->result[1]->type, 0);
		return;
	}
	Value *part[COEFFICIENTS + 1];
	for (int i = 0; i < COEFFICIENTS; i++)
		part[i] = diagonal_of(b, op, i);
	Value *last = matrix_where(b, part[2], MATRIX_ROWS, CMP_EQ, matrix_at(b, k.n - 1));
	part[2] = ew_select(b, last, expand_like(b, part[2], 0), part[2]);
	part[3] = expand_in_shape(b, y, type_with_dtype(b->ctx->types, op->result[0]->type, y->type->dtype));
	Value *rows = beside(b, COEFFICIENTS + 1, part);
	k.rows = matrix_grow(b, rows, k.n + 1, COEFFICIENTS + k.columns);

	Value *state[2] = { next_column(b, matrix_part(b, rows, NULL, 1, NULL, COEFFICIENTS + k.columns), k.columns) };
	state[1] = matrix_zeros(b, rows, k.n, COEFFICIENTS + k.columns);
	matrix_loop(b, k.n, 2, state, eliminate, &k);
	k.factor = state[1];
	Value *x = matrix_zeros(b, rows, k.n + COEFFICIENTS - 1, k.columns);
	matrix_loop(b, k.n, 1, &x, substitute, &k);
	out[0] = expand_convert(b, matrix_corner(b, x, k.n, k.columns), op->result[0]->type->dtype);
	out[1] = expand_in_shape(b, first_zero(b, columns_of(b, k.factor, 0, 1), k.n), op->result[1]->type);
}
