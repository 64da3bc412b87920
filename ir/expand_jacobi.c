/* ir/expand_jacobi.c - eigenvalues of symmetric matrices and singular values, by Jacobi's rotations.

   Rows are rotated in pairs, row i of the upper half with row i of the lower one, all pairs of a round at once; then the rows
   change places as the players of a tournament do, one staying where it is, so that after n - 1 rounds all have met and stand
   as before (Brent and Luk, The solution of singular-value and symmetric eigenvalue problems on multiprocessor arrays).
   eigh turns A into J^T A J, its columns being the rows of what is transposed.  svd turns the rows of A^T until they are
   orthogonal (Hestenes): their norms are the singular values, and a QR of them completes the vectors to a whole basis.
   Of complex numbers the pair's product has a phase, which goes to the sine; eigh then turns A into J A J^H.
   Sweeps end when all is small, or when what is small gets no smaller. */
#include "ir/expand_matrix.h"

enum { SWEEPS_MAX = 30 };

typedef struct Jacobi {
	int64_t half;
	Value  *from, *partner;  /* of a row after a round: which it was, and which it was paired with */
	double  enough, floor;   /* relative size of what is left: below it, ready; below that, ready once it stops to shrink */
	bool    singular;
} Jacobi;

/* Precision of the type that is computed in. */
static double epsilon_of(DType t)
{
	return dtype_part(t) == DT_F64 ? 0x1p-52 : 0x1p-23;
}

static Value *upper(Builder *b, const Jacobi *k, Value *x) { return matrix_rows(b, x, 0, k->half); }
static Value *lower(Builder *b, const Jacobi *k, Value *x) { return matrix_rows(b, x, k->half, 2 * k->half); }

static Value *join(Builder *b, int n, Value *const *part, int rank)
{
	return build_value(b, OP_concatenate, n, part, &(struct attrs_concatenate){ .dim = rank - 2 });
}

/* Which row comes where after a round, and which row it was paired with: [..., 2 half, 1].  Row 0 stays; the first of the
   lower half moves up behind it, the last of the upper half down to the end, all others one place on. */
static void meet(Builder *b, Jacobi *k, Value *like)
{
	int64_t h = k->half;
	const Type *t = type_with_dtype(b->ctx->types, matrix_zeros(b, like, 2 * h, 1)->type, DT_I32);
	Value *row = BUILD(b, iota, NO_ARGS, .dim = t->rank - 2, .dtype = DT_I32, .shape = dims_copy(expand_arena(b), t->rank, t->dim));
	Value *from = row;

	if (h > 1) {
		Value *is_upper = matrix_where(b, row, MATRIX_ROWS, CMP_LT, matrix_at(b, h)), *before = ew_plus(b, row, -1);
		from = ew_plus(b, row, 1);
		from = ew_select(b, is_upper, before, from);
		for (int i = 0; i < 3; i++) {
			int64_t at[] = { 0, 1, 2 * h - 1 }, of[] = { 0, h, h - 1 };
			Value *is_there = matrix_where(b, row, MATRIX_ROWS, CMP_EQ, matrix_at(b, at[i]));
			from = ew_select(b, is_there, expand_like(b, from, (double)of[i]), from);
		}
	}
	Value *is_upper = ew_compare(b, CMP_LT, from, expand_like(b, from, (double)h)), *up = ew_plus(b, from, (double)-h);
	k->from = from;
	k->partner = ew_plus(b, from, (double)h);
	k->partner = ew_select(b, is_upper, k->partner, up);
}

/* What a row and its partner are multiplied with, where the row goes: c and -s in the upper half, c and s in the lower.  With
   a phase p (or NULL: 1) these are c and -s p, and c and s conj(p). */
static void factors(Builder *b, const Jacobi *k, Value *phase, Value **c, Value **s)
{
	if (phase) {
		*c = matrix_as(b, *c, phase);
		*s = ew_mul(b, matrix_as(b, *s, phase), phase);
	}
	Value *minus = ew_neg(b, *s);

	*s = matrix_conj(b, *s);

	*c = matrix_rows_at(b, join(b, 2, (Value *[]){ *c, *c }, k->from->type->rank), k->from);
	*s = matrix_rows_at(b, join(b, 2, (Value *[]){ minus, *s }, k->from->type->rank), k->from);
}

static Value *rotate(Builder *b, const Jacobi *k, Value *x, Value *c, Value *s)
{
	int64_t columns = matrix_size(x, MATRIX_COLUMNS), rows = 2 * k->half;
	Value *here = matrix_rows_at(b, x, k->from), *there = matrix_rows_at(b, x, k->partner);

	here = ew_mul(b, here, matrix_over(b, c, rows, columns));
	there = ew_mul(b, there, matrix_over(b, s, rows, columns));
	return ew_add(b, here, there);
}

/* Of a product that is complex: its size, and its phase, 1 where it is 0.  Others stay, without a phase. */
static Value *size_of(Builder *b, Value *product, Value **phase)
{
	*phase = NULL;
	if (!dtype_is_complex(product->type->dtype))
		return product;
	Value *size = ew_abs(b, product), *none = ew_compare(b, CMP_EQ, size, expand_like(b, size, 0)), *one = expand_like(b, product, 1);
	*phase = ew_div(b, product, ew_select(b, none, one, matrix_as(b, size, product)));
	*phase = ew_select(b, none, one, *phase);
	return size;
}

/* Cosine and sine that make [app apq; apq aqq] diagonal, the smaller angle (Golub and Van Loan, 8.5.2); none where apq is 0. */
static void angle(Builder *b, Value *app, Value *aqq, Value *apq, Value *is_done, Value **c, Value **s)
{
	Value *one = expand_like(b, apq, 1), *zero = expand_like(b, apq, 0);
	Value *twice = ew_add(b, apq, apq);
	Value *slope = ew_sub(b, aqq, app);
	slope = ew_div(b, slope, ew_select(b, is_done, one, twice));
	Value *root = ew_sqrt(b, ew_plus(b, ew_mul(b, slope, slope), 1));
	Value *t = ew_div(b, one, ew_add(b, ew_abs(b, slope), root));

	Value *minus = ew_neg(b, t);
	t = ew_select(b, ew_compare(b, CMP_LT, slope, zero), minus, t);
	t = ew_select(b, is_done, zero, t);
	*c = ew_div(b, one, ew_sqrt(b, ew_plus(b, ew_mul(b, t, t), 1)));
	*s = ew_mul(b, t, *c);
}

/* In a kernel with what is beside it, a transpose reads or writes one element at a time. */
static Value *alone(Builder *b, Value *x)
{
	Op *barrier = build_op(b, OP_optimization_barrier, ARGS(x), NULL);

	CHECK(barrier, "a barrier is refused");
	return barrier->result[0];
}

/* States: the matrix, rows of vectors. */
static void eigh_round(Builder *b, void *arg, Value *i, Value **state)
{
	const Jacobi *k = arg;
	int64_t h = k->half;
	Value *a = state[0], *diagonal = matrix_real(b, matrix_diagonal(b, a)), *c, *s, *phase;
	Value *across = matrix_part(b, a, NULL, h, matrix_at(b, h), h), *apq = size_of(b, matrix_diagonal(b, across), &phase);

	(void)i;
	Value *app = upper(b, k, diagonal), *aqq = lower(b, k, diagonal);
	angle(b, app, aqq, apq, ew_compare(b, CMP_EQ, apq, expand_like(b, apq, 0)), &c, &s);
	factors(b, k, phase, &c, &s);
	a = alone(b, rotate(b, k, a, c, s));
	a = alone(b, matrix_adjoint(b, a));
	state[0] = rotate(b, k, a, c, s);
	state[1] = rotate(b, k, state[1], c, s);
}

/* States: rows to be made orthogonal, rows of vectors, and the largest cosine between two rows so far. */
static void svd_round(Builder *b, void *arg, Value *i, Value **state)
{
	const Jacobi *k = arg;
	Value *x = upper(b, k, state[0]), *y = lower(b, k, state[0]), *c, *s, *phase;
	Value *xx = matrix_sum(b, OP_add, matrix_square(b, x), MATRIX_COLUMNS), *yy = matrix_sum(b, OP_add, matrix_square(b, y), MATRIX_COLUMNS);
	Value *xy = matrix_sum(b, OP_add, ew_mul(b, x, matrix_conj(b, y)), MATRIX_COLUMNS);
	xy = size_of(b, xy, &phase);
	Value *zero = expand_like(b, xy, 0);

	(void)i;
	Value *norms = ew_sqrt(b, xx);
	norms = ew_mul(b, norms, ew_sqrt(b, yy));
	Value *none = ew_compare(b, CMP_EQ, norms, zero), *cosine = ew_abs(b, xy);
	cosine = ew_div(b, cosine, ew_select(b, none, expand_like(b, norms, 1), norms));
	cosine = ew_select(b, none, zero, cosine);
	Value *is_done = ew_compare(b, CMP_LE, cosine, expand_like(b, cosine, k->enough / 4));
	angle(b, xx, yy, xy, is_done, &c, &s);
	factors(b, k, phase, &c, &s);
	state[0] = rotate(b, k, state[0], c, s);
	state[1] = rotate(b, k, state[1], c, s);
	state[2] = ew_max(b, state[2], matrix_sum(b, OP_max, cosine, MATRIX_ROWS));
}

/* What is beside the diagonal, as a part of the whole, both as norms. */
static Value *beside(Builder *b, Value *a)
{
	Value *square = matrix_square(b, a), *off = matrix_triangle(b, a, CMP_NE, 0);
	Value *rest = ew_select(b, off, square, expand_like(b, square, 0));

	rest = matrix_sum(b, OP_add, matrix_sum(b, OP_add, rest, MATRIX_COLUMNS), MATRIX_ROWS);
	square = matrix_sum(b, OP_add, matrix_sum(b, OP_add, square, MATRIX_COLUMNS), MATRIX_ROWS);
	Value *none = ew_compare(b, CMP_EQ, square, expand_like(b, square, 0));
	return ew_sqrt(b, ew_div(b, rest, ew_select(b, none, expand_like(b, square, 1), square)));
}

/* States: number of the sweep, whether there is another, what is left; then those of the rounds. */
enum { SWEEP, GOES_ON, LEFT, MATRIX, VECTORS, STATES };

static void sweep(Builder *b, const Jacobi *k, Value **state)
{
	Value *now[3] = { state[MATRIX], state[VECTORS], expand_like(b, state[LEFT], 0) }, *left;

	matrix_loop(b, 2 * k->half - 1, k->singular ? 3 : 2, now, k->singular ? svd_round : eigh_round, (void *)k);
	left = k->singular ? now[2] : beside(b, now[0]);
	Value *above = ew_compare(b, CMP_GT, left, expand_like(b, left, k->enough));
	Value *far = ew_compare(b, CMP_GT, left, expand_like(b, left, k->floor));
	Value *shrinks = ew_compare(b, CMP_LT, left, ew_times(b, state[LEFT], 0.5));
	Value *more = ew_and(b, above, ew_or(b, far, shrinks));
	more = build_reduce(b, OP_or, more, expand_range(b, 0, more->type->rank), false);
	state[SWEEP] = ew_plus(b, state[SWEEP], 1);
	state[GOES_ON] = ew_and(b, more, ew_compare(b, CMP_LT, state[SWEEP], matrix_at(b, SWEEPS_MAX)));
	state[LEFT] = left;
	state[MATRIX] = now[0];
	state[VECTORS] = now[1];
}

static void run_sweeps(Builder *b, Jacobi *k, Value **matrix, Value **rows)
{
	Value *state[STATES] = { matrix_at(b, 0), NULL, NULL, *matrix, *rows };

	meet(b, k, *matrix);
	state[GOES_ON] = build_scalar(b, DT_BOOL, 1);
	state[LEFT] = matrix_real(b, matrix_corner(b, *matrix, 1, 1));
	state[LEFT] = expand_like(b, state[LEFT], __builtin_inf());
	Op *loop = build_begin(b, OP_while, STATES, state, NULL);
	for (int r = 0; r < 2; r++)
		for (int i = 0; i < STATES; i++)
			block_add_arg(loop->region[r], state[i]->type, NULL, b->loc);
	Builder in = builder_at_end(b->ctx, loop->region[0]);
	in.loc = b->loc;
	CHECK(build_op(&in, OP_yield, ARGS(loop->region[0]->args.at[GOES_ON]), NULL), "the test of sweeps");
	in = builder_at_end(b->ctx, loop->region[1]);
	in.loc = b->loc;
	for (int i = 0; i < STATES; i++)
		state[i] = loop->region[1]->args.at[i];
	sweep(&in, k, state);
	CHECK(build_op(&in, OP_yield, STATES, state, NULL), "the body of sweeps");
	loop = build_finish(b, loop);
	CHECK(loop, "the loop of sweeps is refused");
	*matrix = loop->result[MATRIX];
	*rows = loop->result[VECTORS];
}

/* x divided by a power of two next to its largest number: squares stay in range, and nothing is rounded.  *by: [..., 1, 1] */
static Value *scaled(Builder *b, Value *x, Value **by)
{
	bool is_double = dtype_part(x->type->dtype) == DT_F64;
	Value *most = matrix_sum(b, OP_max, matrix_sum(b, OP_max, ew_abs(b, x), MATRIX_COLUMNS), MATRIX_ROWS);

	most = BUILD(b, reduce_precision, ARGS(most), .exponent_bits = is_double ? 11 : 8, .mantissa_bits = 0);
	Value *none = ew_compare(b, CMP_EQ, most, expand_like(b, most, 0));
	most = ew_select(b, none, expand_like(b, most, 1), most);
	*by = most;
	most = matrix_as(b, most, x);
	return ew_div(b, x, matrix_over(b, most, matrix_size(x, MATRIX_ROWS), matrix_size(x, MATRIX_COLUMNS)));
}

/* The numbers 0, 1, ... of the rows in the order of their values in `key`, a column; and the values. */
static Value *sorted(Builder *b, Value **key, bool descending)
{
	const Type *t = type_with_dtype(b->ctx->types, (*key)->type, DT_I32);
	int axis = t->rank - 2;
	Value *number = BUILD(b, iota, NO_ARGS, .dim = axis, .dtype = DT_I32, .shape = dims_copy(expand_arena(b), t->rank, t->dim));
	Op *sort = build_begin(b, OP_sort, ARGS(*key, number), &(struct attrs_sort){ .dim = axis, .stable = true });
	Block *region = sort->region[0];
	Builder in = builder_at_end(b->ctx, region);
	Value *arg[4];

	in.loc = b->loc;
	for (int i = 0; i < 4; i++)
		arg[i] = block_add_arg(region, type_scalar(b->ctx->types, i < 2 ? (*key)->type->dtype : DT_I32), NULL, b->loc);
	Value *first = ew_compare(&in, CMP_LT, arg[descending], arg[!descending]);
	CHECK(build_op(&in, OP_yield, ARGS(first), NULL), "the order of values");
	sort = build_finish(b, sort);
	CHECK(sort, "the sort of values is refused");
	*key = sort->result[0];
	return sort->result[1];
}

/* NaN everywhere in y where x is not finite somewhere. */
static Value *unless_odd(Builder *b, Value *x, Value *y)
{
	int rank = x->type->rank;
	Value *fine = BUILD(b, is_finite, ARGS(matrix_real(b, x)));

	if (dtype_is_complex(x->type->dtype))
		fine = ew_and(b, fine, BUILD(b, is_finite, ARGS(BUILD(b, imag, ARGS(x)))));
	fine = build_reduce(b, OP_and, fine, expand_range(b, rank - 2, rank), false);
	fine = expand_over(b, fine, y, expand_range(b, rank - 2, y->type->rank));
	return ew_select(b, fine, y, matrix_nan(b, y));
}

void expand_eigh(Builder *b, const Op *op, Value **out)
{
	Value *a = expand_wide(b, op->arg[0]), *by;
	int64_t n = matrix_size(a, MATRIX_ROWS), half = (n + 1) / 2;
	double epsilon = epsilon_of(a->type->dtype);
	Jacobi k = { .half = half, .enough = 2 * epsilon, .floor = 64 * epsilon * (double)n };

	if (!n) {
		out[0] = build_splat(b, op->result[0]->type, 0);
		out[1] = op->arg[0];
		return;
	}
	bool reads_lower = op_attrs(eigh, op)->lower;
	Value *read = matrix_triangle(b, a, reads_lower ? CMP_GE : CMP_LE, 0);
	Value *whole = ew_select(b, read, a, matrix_adjoint(b, a)), *rows = matrix_identity(b, a, 2 * half, 2 * half);
	if (dtype_is_complex(a->type->dtype)) {
		Value *on = matrix_triangle(b, a, CMP_EQ, 0);
		whole = ew_select(b, on, matrix_as(b, matrix_real(b, a), a), whole);
	}
	a = matrix_grow(b, scaled(b, whole, &by), 2 * half, 2 * half);
	run_sweeps(b, &k, &a, &rows);
	a = matrix_corner(b, a, n, n);
	Value *values = matrix_real(b, matrix_diagonal(b, a)), *order = sorted(b, &values, false);
	values = ew_mul(b, values, matrix_over(b, by, n, 1));
	rows = matrix_rows_at(b, matrix_corner(b, rows, n, n), order);
	out[0] = expand_convert(b, matrix_flat(b, unless_odd(b, whole, values)), op->result[0]->type->dtype);
	out[1] = expand_convert(b, matrix_adjoint(b, unless_odd(b, whole, rows)), op->result[1]->type->dtype);
}

/* Of m x n with m >= n: its left vectors [m, columns], and rows that are the right ones. */
static void svd_tall(Builder *b, Value *a, int64_t columns, Value **left, Value **values, Value **right)
{
	int64_t m = matrix_size(a, MATRIX_ROWS), n = matrix_size(a, MATRIX_COLUMNS), half = (n + 1) / 2;
	double epsilon = epsilon_of(a->type->dtype);
	Jacobi k = { .half = half, .enough = 4 * epsilon, .floor = 8 * epsilon * (double)m, .singular = true };
	Value *by, *rows = matrix_identity(b, a, 2 * half, 2 * half), *tau;
	Value *x = matrix_grow(b, matrix_transpose(b, scaled(b, a, &by)), 2 * half, m);

	run_sweeps(b, &k, &x, &rows);
	x = matrix_corner(b, x, n, m);
	rows = matrix_corner(b, rows, n, n);
	Value *norms = ew_sqrt(b, matrix_sum(b, OP_add, matrix_square(b, x), MATRIX_COLUMNS));
	Value *order = sorted(b, &norms, true);
	*values = ew_mul(b, norms, matrix_over(b, by, n, 1));
	if (!columns)
		return;
	*right = matrix_conj(b, matrix_rows_at(b, rows, order));
	Value *packed = matrix_qr(b, matrix_transpose(b, matrix_rows_at(b, x, order)), &tau);
	Value *q = matrix_reflect(b, packed, tau, columns);
	Value *r = matrix_real(b, matrix_diagonal(b, packed)), *sign = expand_like(b, r, 1), *is_negative = ew_compare(b, CMP_LT, r, expand_like(b, r, 0));
	sign = ew_select(b, is_negative, expand_like(b, r, -1), sign);
	if (columns > n) {
		Value *more = build_splat(b, matrix_zeros(b, r, columns - n, 1)->type, 1);
		sign = join(b, 2, (Value *[]){ sign, more }, sign->type->rank);
	}
	sign = matrix_as(b, sign, q);
	*left = ew_mul(b, q, matrix_over(b, matrix_transpose(b, sign), m, columns));
}

void expand_svd(Builder *b, const Op *op, Value **out)
{
	const struct attrs_svd *s = op_attrs(svd, op);
	Value *a = expand_wide(b, op->arg[0]), *left = NULL, *values = NULL, *right = NULL;
	int64_t m = matrix_size(a, MATRIX_ROWS), n = matrix_size(a, MATRIX_COLUMNS), few = m < n ? m : n, many = m < n ? n : m;
	DType t = op->result[0]->type->dtype;

	if (!few) {
		Value *whole = expand_like(b, a, 0);
		for (int i = 0; i < op->nresults; i++)
			out[i] = build_splat(b, op->result[i]->type, 0);
		if (s->compute_uv) {
			int64_t rows = s->full_matrices ? m : 0, columns = s->full_matrices ? n : 0;
			out[0] = expand_convert(b, matrix_identity(b, whole, m, rows), t);
			out[2] = expand_convert(b, matrix_identity(b, whole, columns, n), t);
		}
		return;
	}
	Value *tall = m < n ? matrix_transpose(b, a) : a;
	svd_tall(b, tall, !s->compute_uv ? 0 : s->full_matrices ? many : few, &left, &values, &right);
	values = expand_convert(b, matrix_flat(b, unless_odd(b, a, values)), dtype_part(t));
	if (!s->compute_uv) {
		out[0] = values;
		return;
	}
	left = expand_convert(b, unless_odd(b, a, left), t);
	right = expand_convert(b, unless_odd(b, a, right), t);
	out[0] = m < n ? matrix_transpose(b, right) : left;
	out[1] = values;
	out[2] = m < n ? matrix_transpose(b, left) : right;
}
