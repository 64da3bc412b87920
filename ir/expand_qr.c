/* ir/expand_qr.c - QR by Householder's reflections, packed as LAPACK's geqrf does, and the product of such reflections.

   A block of columns is factored by itself; its reflections together are I - V T V^H with an upper triangle T (Schreiber and Van
   Loan, A storage-efficient WY representation for products of Householder transformations), so that the columns beside it take
   three products.  R is Q^H A: there each reflection is 1 - conj(tau) v v^H, and all together I - V T^H V^H.  Columns of zeros
   that fill up the last block have reflections with tau = 0, which change nothing. */
#include "ir/expand_matrix.h"

typedef struct Qr {
	Value  *packed, *tau, *start;   /* matrix_reflect: all of both; of a block: its first column */
	int64_t rows, columns, width, blocks;
} Qr;

static Value *over(Builder *b, const Qr *k, Value *x)
{
	return matrix_over(b, x, k->rows, k->width);
}

/* States: the block, all of tau. */
static void qr_column(Builder *b, void *arg, Value *i, Value **state)
{
	const Qr *k = arg;
	Value *block = state[0], *at = ew_add(b, k->start, i), *x = matrix_part(b, block, NULL, k->rows, i, 1);
	Value *zero = expand_like(b, x, 0), *below = matrix_where(b, x, MATRIX_ROWS, CMP_GT, at);
	Value *on = matrix_where(b, x, MATRIX_ROWS, CMP_EQ, at), *alpha = matrix_part(b, x, at, 1, NULL, 1);

	/* The norm, of numbers that are at most 1, so that no square is too large or too small. */
	Value *tail = ew_select(b, below, x, zero), *rest = matrix_sum(b, OP_max, ew_abs(b, tail), MATRIX_ROWS);
	Value *scale = ew_max(b, rest, ew_abs(b, alpha)), *none = expand_like(b, scale, 0), *one = expand_like(b, scale, 1);
	scale = ew_select(b, ew_compare(b, CMP_EQ, scale, none), one, scale);
	Value *part = ew_select(b, on, x, tail);
	part = ew_div(b, part, matrix_over(b, matrix_as(b, scale, x), k->rows, 1));
	Value *norm = ew_mul(b, scale, ew_sqrt(b, matrix_sum(b, OP_add, matrix_square(b, part), MATRIX_ROWS)));

	Value *is_done = ew_compare(b, CMP_EQ, rest, none), *is_negative = ew_compare(b, CMP_LT, matrix_real(b, alpha), none);
	if (dtype_is_complex(x->type->dtype))
		is_done = ew_and(b, is_done, ew_compare(b, CMP_EQ, BUILD(b, imag, ARGS(alpha)), none));
	Value *beta = ew_select(b, is_negative, norm, ew_neg(b, norm));
	beta = ew_select(b, is_done, alpha, matrix_as(b, beta, x));
	Value *gap = ew_sub(b, alpha, beta);
	gap = ew_select(b, is_done, matrix_as(b, one, x), gap);
	Value *tau = ew_div(b, ew_neg(b, gap), beta);   /* 0 where beta is: a choice below */
	tau = ew_select(b, is_done, matrix_as(b, none, x), tau);
	Value *v = ew_div(b, tail, matrix_over(b, gap, k->rows, 1));
	v = ew_select(b, on, expand_like(b, v, 1), v);

	Value *share = matrix_times(b, matrix_conj(b, v), MATRIX_ROWS, block, MATRIX_ROWS);
	share = ew_mul(b, share, matrix_over(b, matrix_conj(b, tau), 1, k->width));
	Value *less = over(b, k, v);
	less = ew_mul(b, less, over(b, k, share));
	less = ew_sub(b, block, less);
	Value *right = matrix_where(b, block, MATRIX_COLUMNS, CMP_GT, i), *here = matrix_where(b, block, MATRIX_COLUMNS, CMP_EQ, i);
	x = ew_select(b, below, v, x);
	x = ew_select(b, on, matrix_over(b, beta, k->rows, 1), x);
	state[0] = ew_select(b, right, less, ew_select(b, here, over(b, k, x), block));
	state[1] = matrix_put(b, state[1], tau, at, NULL);
}

/* The vectors of a block's reflections: 0 above the 1. */
static Value *vectors(Builder *b, Value *block, Value *start)
{
	const Type *t = type_with_dtype(b->ctx->types, block->type, DT_I32);
	Dims shape = dims_copy(expand_arena(b), t->rank, t->dim);
	Value *row = BUILD(b, iota, NO_ARGS, .dim = t->rank - 2, .dtype = DT_I32, .shape = shape);
	Value *column = BUILD(b, iota, NO_ARGS, .dim = t->rank - 1, .dtype = DT_I32, .shape = shape);

	column = ew_add(b, column, build_broadcast(b, start, t, (Ints)INTS_NONE));
	Value *below = ew_compare(b, CMP_GT, row, column), *on = ew_compare(b, CMP_EQ, row, column);
	Value *rest = expand_like(b, block, 0);
	rest = ew_select(b, on, expand_like(b, block, 1), rest);
	return ew_select(b, below, block, rest);
}

/* Column i of T: tau (e - T V^H v), where T knows the columns before. */
typedef struct Together { Value *products, *tau; int64_t width; } Together;

static void join_reflection(Builder *b, void *arg, Value *i, Value **state)
{
	const Together *k = arg;
	Value *column = matrix_times(b, state[0], MATRIX_COLUMNS, matrix_part(b, k->products, NULL, k->width, i, 1), MATRIX_ROWS);
	Value *on = matrix_where(b, column, MATRIX_ROWS, CMP_EQ, i), *tau = matrix_part(b, k->tau, i, 1, NULL, 1);

	column = ew_neg(b, column);
	column = ew_select(b, on, expand_like(b, column, 1), column);
	column = ew_mul(b, column, matrix_over(b, tau, k->width, 1));
	state[0] = matrix_put(b, state[0], column, NULL, i);
}

static Value *together(Builder *b, Value *v, Value *tau)
{
	int64_t width = matrix_size(v, MATRIX_COLUMNS);
	Together k = { matrix_times(b, matrix_conj(b, v), MATRIX_ROWS, v, MATRIX_ROWS), tau, width };
	Value *t = matrix_zeros(b, v, width, width);

	matrix_loop(b, width, 1, &t, join_reflection, &k);
	return t;
}

/* States: the matrix, tau. */
static void qr_step(Builder *b, void *arg, Value *i, Value **state)
{
	Qr *k = arg;
	Value *a = state[0], *start = k->start = ew_mul(b, i, matrix_at(b, k->width));
	Value *now[2] = { matrix_part(b, a, NULL, k->rows, start, k->width), state[1] };

	matrix_loop(b, k->width, 2, now, qr_column, k);
	state[1] = now[1];
	if (k->width == k->columns) {
		state[0] = now[0];
		return;
	}
	Value *v = vectors(b, now[0], start);
	Value *t = together(b, v, matrix_part(b, now[1], start, k->width, NULL, 1));
	Value *share = matrix_times(b, matrix_conj(b, v), MATRIX_ROWS, a, MATRIX_ROWS);
	share = matrix_times(b, matrix_conj(b, t), MATRIX_ROWS, share, MATRIX_ROWS);
	Value *less = ew_sub(b, a, matrix_times(b, v, MATRIX_COLUMNS, share, MATRIX_ROWS));
	Value *right = matrix_where(b, a, MATRIX_COLUMNS, CMP_GE, ew_plus(b, start, (double)k->width));
	state[0] = matrix_put(b, ew_select(b, right, less, a), now[0], NULL, start);
}

Value *matrix_qr(Builder *b, Value *a, Value **tau)
{
	int64_t m = matrix_size(a, MATRIX_ROWS), n = matrix_size(a, MATRIX_COLUMNS), few = m < n ? m : n;
	int64_t width = matrix_width(few), blocks = matrix_blocks(few), all = width * blocks;
	Qr k = { .rows = m > all ? m : all, .columns = n > all ? n : all, .width = width, .blocks = blocks };
	Value *state[2] = { matrix_grow(b, a, k.rows, k.columns) };
	state[1] = matrix_zeros(b, a, all, 1);

	if (blocks == 1)
		qr_step(b, &k, matrix_at(b, 0), state);
	else
		matrix_loop(b, blocks, 2, state, qr_step, &k);
	*tau = matrix_corner(b, state[1], few, 1);
	return matrix_corner(b, state[0], m, n);
}

/* The last block first: what it multiplies from the left is the product of all behind it. */
static void reflect_step(Builder *b, void *arg, Value *i, Value **state)
{
	const Qr *k = arg;
	Value *number = ew_sub(b, matrix_at(b, k->blocks - 1), i), *start = ew_mul(b, number, matrix_at(b, k->width));
	Value *v = vectors(b, matrix_part(b, k->packed, NULL, k->rows, start, k->width), start);
	Value *t = together(b, v, matrix_part(b, k->tau, start, k->width, NULL, 1));
	Value *share = matrix_times(b, matrix_conj(b, v), MATRIX_ROWS, state[0], MATRIX_ROWS);

	share = matrix_times(b, t, MATRIX_COLUMNS, share, MATRIX_ROWS);
	state[0] = ew_sub(b, state[0], matrix_times(b, v, MATRIX_COLUMNS, share, MATRIX_ROWS));
}

Value *matrix_reflect(Builder *b, Value *packed, Value *tau, int64_t columns)
{
	int64_t m = matrix_size(packed, MATRIX_ROWS), n = matrix_size(tau, MATRIX_ROWS);
	int64_t width = matrix_width(n), blocks = matrix_blocks(n), all = width * blocks;
	Qr k = { .rows = m > all ? m : all, .width = width, .blocks = blocks };
	Value *q = matrix_identity(b, packed, k.rows, columns);

	packed = matrix_corner(b, packed, m, n);
	k.packed = matrix_grow(b, packed, k.rows, all);
	k.tau = matrix_grow(b, tau, all, 1);
	if (blocks == 1)
		reflect_step(b, &k, matrix_at(b, 0), &q);
	else
		matrix_loop(b, blocks, 1, &q, reflect_step, &k);
	return matrix_corner(b, q, m, columns);
}

void expand_qr_factors(Builder *b, const Op *op, Value **out)
{
	Value *a = expand_wide(b, op->arg[0]), *tau;
	DType t = op->result[0]->type->dtype;

	if (!matrix_size(a, MATRIX_ROWS) || !matrix_size(a, MATRIX_COLUMNS)) {
		out[0] = op->arg[0];
		out[1] = build_splat(b, op->result[1]->type, 0);
		return;
	}
	out[0] = expand_convert(b, matrix_qr(b, a, &tau), t);
	out[1] = expand_convert(b, matrix_flat(b, tau), t);
}

void expand_householder_product(Builder *b, const Op *op, Value **out)
{
	Value *a = expand_wide(b, op->arg[0]), *tau = expand_wide(b, op->arg[1]);
	const Type *t = a->type;
	Dim dim[RANK_MAX];

	/* Extents of batches that are equal may be written differently. */
	memcpy(dim, t->dim, sizeof *dim * (size_t)t->rank);
	dim[t->rank - 2] = tau->type->dim[tau->type->rank - 1];
	tau = matrix_column(b, expand_in_shape(b, tau, type_get(b->ctx->types, t->dtype, t->rank - 1, dim)));
	if (!matrix_size(a, MATRIX_ROWS) || !matrix_size(tau, MATRIX_ROWS))
		a = matrix_identity(b, a, matrix_size(a, MATRIX_ROWS), matrix_size(a, MATRIX_COLUMNS));
	else
		a = matrix_reflect(b, a, tau, matrix_size(a, MATRIX_COLUMNS));
	out[0] = expand_convert(b, a, op->result[0]->type->dtype);
}
