/* ir/expand_cholesky.c - cholesky and triangular_solve.

   Both go by blocks of rows.  What the rows above contribute to a block is one product with all that is known so far, in which
   rows that are not known yet are zeros; inside the block a row is the block's own share less a product with the rows above it.
   So nearly all work is in products, and all that is written is whole rows. */
#include "ir/expand_matrix.h"

/* cholesky makes U of A = U^T U, row by row; of complex numbers, U^H U. */
typedef struct Cholesky {
	Value  *a;              /* its upper triangle is read */
	Value  *rest, *start;   /* of a block: rows of a less what rows above it contribute; its first row */
	int64_t n, width;
} Cholesky;

static void cholesky_row(Builder *b, void *arg, Value *i, Value **state)
{
	const Cholesky *k = arg;
	Value *at = ew_add(b, k->start, i);
	Value *above = matrix_part(b, state[0], NULL, k->width, at, 1), *row = matrix_part(b, k->rest, i, 1, NULL, k->n);

	above = matrix_conj(b, above);
	row = ew_sub(b, row, matrix_times(b, above, MATRIX_ROWS, state[0], MATRIX_ROWS));
	Value *root = ew_sqrt(b, matrix_real(b, matrix_part(b, row, NULL, 1, at, 1)));
	root = matrix_as(b, root, row);
	Value *under = matrix_over(b, root, 1, k->n), *zero = expand_like(b, row, 0);
	Value *on = matrix_where(b, row, MATRIX_COLUMNS, CMP_EQ, at), *right = matrix_where(b, row, MATRIX_COLUMNS, CMP_GT, at);
	row = ew_div(b, row, under);
	row = ew_select(b, right, row, ew_select(b, on, under, zero));
	state[0] = matrix_put(b, state[0], row, i, NULL);
}

static Value *cholesky_block(Builder *b, Cholesky *k, Value *start, Value *rest)
{
	Value *rows = matrix_zeros(b, k->a, k->width, k->n);

	k->start = start;
	k->rest = rest;
	matrix_loop(b, k->width, 1, &rows, cholesky_row, k);
	return rows;
}

static void cholesky_step(Builder *b, void *arg, Value *i, Value **state)
{
	Cholesky *k = arg;
	Value *start = ew_mul(b, i, matrix_at(b, k->width)), *above = matrix_part(b, state[0], NULL, k->n, start, k->width);
	Value *rest = matrix_part(b, k->a, start, k->width, NULL, k->n);

	above = matrix_conj(b, above);
	rest = ew_sub(b, rest, matrix_times(b, above, MATRIX_ROWS, state[0], MATRIX_ROWS));
	state[0] = matrix_put(b, state[0], cholesky_block(b, k, start, rest), start, NULL);
}

/* Ones on the diagonal from row n on, so that what was grown stays regular. */
static Value *grow_regular(Builder *b, Value *a, int64_t n, int64_t all)
{
	if (n == all)
		return a;
	a = matrix_grow(b, a, all, all);
	Value *new = matrix_where(b, a, MATRIX_ROWS, CMP_GE, matrix_at(b, n));
	new = ew_and(b, new, matrix_triangle(b, a, CMP_EQ, 0));
	return ew_select(b, new, expand_like(b, a, 1), a);
}

/* NaN all over where an element of the diagonal is not positive. */
static Value *unless_indefinite(Builder *b, Value *u)
{
	int rank = u->type->rank;
	Value *size = matrix_real(b, u), *off = matrix_triangle(b, u, CMP_NE, 0), *fine = ew_compare(b, CMP_GT, size, expand_like(b, size, 0));

	fine = build_reduce(b, OP_and, ew_or(b, off, fine), expand_range(b, rank - 2, rank), false);
	fine = expand_over(b, fine, u, expand_range(b, rank - 2, rank));
	return ew_select(b, fine, u, matrix_nan(b, u));
}

void expand_cholesky(Builder *b, const Op *op, Value **out)
{
	bool lower = op_attrs(cholesky, op)->lower;
	Value *a = expand_wide(b, op->arg[0]);
	int64_t n = matrix_size(a, MATRIX_ROWS), blocks = matrix_blocks(n);
	Cholesky k = { .n = blocks * matrix_width(n), .width = matrix_width(n) };

	if (!n) {
		out[0] = op->arg[0];
		return;
	}
	k.a = grow_regular(b, lower ? matrix_adjoint(b, a) : a, n, k.n);
	Value *u = matrix_zeros(b, k.a, k.n, k.n);
	if (blocks == 1)
		u = cholesky_block(b, &k, matrix_at(b, 0), k.a);
	else
		matrix_loop(b, blocks, 1, &u, cholesky_step, &k);
	u = unless_indefinite(b, matrix_corner(b, u, n, n));
	out[0] = expand_convert(b, lower ? matrix_adjoint(b, u) : u, op->result[0]->type->dtype);
}

/* Rows of a lower triangle from the first on, of an upper one from the last. */
typedef struct Solve {
	Value  *inner, *m, *y;          /* m without its diagonal and what is beyond; m itself, read on its diagonal only */
	Value  *rest, *block, *start;   /* of a block: rows of y less what known rows contribute; its part of inner; its first row */
	int64_t n, width, columns, blocks;
	bool    lower, unit;
} Solve;

static Value *in_order(Builder *b, const Solve *k, Value *i, int64_t n)
{
	return k->lower ? i : ew_sub(b, matrix_at(b, n - 1), i);
}

static void solve_row(Builder *b, void *arg, Value *i, Value **state)
{
	const Solve *k = arg;

	i = in_order(b, k, i, k->width);
	Value *factors = matrix_part(b, k->block, i, 1, NULL, k->width), *row = matrix_part(b, k->rest, i, 1, NULL, k->columns);
	row = ew_sub(b, row, matrix_times(b, factors, MATRIX_COLUMNS, state[0], MATRIX_ROWS));
	if (!k->unit) {
		Value *at = ew_add(b, k->start, i), *diagonal = matrix_part(b, k->m, at, 1, at, 1);
		row = ew_div(b, row, matrix_over(b, diagonal, 1, k->columns));
	}
	state[0] = matrix_put(b, state[0], row, i, NULL);
}

static Value *solve_block(Builder *b, Solve *k, Value *start, Value *rest, Value *block)
{
	Value *rows = matrix_zeros(b, k->y, k->width, k->columns);

	k->start = start;
	k->rest = rest;
	k->block = block;
	matrix_loop(b, k->width, 1, &rows, solve_row, k);
	return rows;
}

static void solve_step(Builder *b, void *arg, Value *i, Value **state)
{
	Solve *k = arg;
	Value *number = in_order(b, k, i, k->blocks), *start = ew_mul(b, number, matrix_at(b, k->width));
	Value *rest = matrix_part(b, k->y, start, k->width, NULL, k->columns);
	Value *factors = matrix_part(b, k->inner, start, k->width, NULL, k->n);

	rest = ew_sub(b, rest, matrix_times(b, factors, MATRIX_COLUMNS, state[0], MATRIX_ROWS));
	Value *block = matrix_part(b, k->inner, start, k->width, start, k->width);
	state[0] = matrix_put(b, state[0], solve_block(b, k, start, rest, block), start, NULL);
}

Value *matrix_solve(Builder *b, Value *m, Value *y, bool lower, bool unit_diagonal)
{
	int64_t n = matrix_size(m, MATRIX_ROWS), columns = matrix_size(y, MATRIX_COLUMNS), blocks = matrix_blocks(n);
	Solve k = { .n = blocks * matrix_width(n), .width = matrix_width(n), .columns = columns, .blocks = blocks,
	            .lower = lower, .unit = unit_diagonal };

	if (!n || !columns)
		return y;
	k.m = grow_regular(b, m, n, k.n);
	k.y = matrix_grow(b, y, k.n, columns);
	Value *side = matrix_triangle(b, k.m, lower ? CMP_GT : CMP_LT, 0);
	k.inner = ew_select(b, side, k.m, expand_like(b, k.m, 0));
	Value *x = matrix_zeros(b, y, k.n, columns);
	if (blocks == 1)
		x = solve_block(b, &k, matrix_at(b, 0), k.y, k.inner);
	else
		matrix_loop(b, blocks, 1, &x, solve_step, &k);
	return matrix_corner(b, x, n, columns);
}

/* x a = y is a^T x^T = y^T. */
void expand_triangular_solve(Builder *b, const Op *op, Value **out)
{
	const struct attrs_triangular_solve *a = op_attrs(triangular_solve, op);
	Value *m = expand_wide(b, op->arg[0]), *y = expand_wide(b, op->arg[1]);
	bool turned = (strcmp(a->transpose_a, "no_transpose") != 0) == a->left_side;
	const Type *t = type_with_dtype(b->ctx->types, op->result[0]->type, y->type->dtype);
	Dim dim[RANK_MAX];

	/* Extents of batches that are equal may be written differently. */
	memcpy(dim, t->dim, sizeof *dim * (size_t)t->rank);
	dim[t->rank - 2] = dim[t->rank - 1] = m->type->dim[t->rank - 1];
	m = expand_in_shape(b, m, type_get(b->ctx->types, t->dtype, t->rank, dim));
	y = expand_in_shape(b, y, t);
	if (strcmp(a->transpose_a, "adjoint") == 0)
		m = matrix_conj(b, m);
	if (turned)
		m = matrix_transpose(b, m);
	if (!a->left_side)
		y = matrix_transpose(b, y);
	y = matrix_solve(b, m, y, a->lower != turned, a->unit_diagonal);
	out[0] = expand_convert(b, a->left_side ? y : matrix_transpose(b, y), op->result[0]->type->dtype);
}
