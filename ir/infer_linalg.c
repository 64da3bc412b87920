/* ir/infer_linalg.c - inference of linear algebra on matrices in the last two axes: cholesky, triangular_solve,
   tridiagonal_solve, lu, qr_factors, householder_product, eigh, svd. */
#include "ir/infer_impl.h"

/* Steps are counted in i32, and a block more may be counted than there are rows. */
enum { SIZE_MAX_OF_MATRICES = 1 << 30 };

/* Operand i holds matrices, whose sizes are numbers, since they decide about the steps. */
static bool matrices(Infer *in, int i)
{
	const Type *t = infer_arg(in, i);

	if (!infer_dtype_in(in, i, DTS_FIELD))
		return false;
	if (t->rank < 2)
		return infer_fail_at(in, i, "%s is %s of rank %d, wanted matrices in the last two axes", infer_operand_text(in, i),
		                     infer_type_text(in, t), t->rank);
	for (int k = t->rank - 2; k < t->rank; k++) {
		if (!dim_is_const(t->dim[k]))
			return infer_fail_at(in, i, "the matrices of %s, %s, have the symbolic extent %s, wanted numbers",
			                     infer_operand_text(in, i), infer_type_text(in, t), infer_dim_text(in, t->dim[k]));
		if (t->dim[k]->value > SIZE_MAX_OF_MATRICES)
			return infer_fail_at(in, i, "the matrices of %s, %s, are larger than 2^30", infer_operand_text(in, i),
			                     infer_type_text(in, t));
	}
	return true;
}

static bool square(Infer *in, int i)
{
	const Type *t = infer_arg(in, i);

	return matrices(in, i) && (t->dim[t->rank - 2] == t->dim[t->rank - 1] ||
	       infer_fail_at(in, i, "the matrices of %s, %s, are not square", infer_operand_text(in, i), infer_type_text(in, t)));
}

bool infer_cholesky(Infer *in)
{
	return square(in, 0) && infer_result_type(in, infer_arg(in, 0));
}

static bool is_one_of(const char *word, const char *a, const char *b, const char *c)
{
	return !strcmp(word, a) || !strcmp(word, b) || !strcmp(word, c);
}

bool infer_triangular_solve(Infer *in)
{
	const struct attrs_triangular_solve *a = op_attrs(triangular_solve, in->op);

	if (!is_one_of(a->transpose_a, "no_transpose", "transpose", "adjoint"))
		return infer_fail(in, "'transpose_a' is \"%s\", wanted \"no_transpose\", \"transpose\" or \"adjoint\"", a->transpose_a);
	if (!square(in, 0) || !matrices(in, 1) || !infer_dtype_same(in, 0, 1))
		return false;

	const Type *m = infer_arg(in, 0), *y = infer_arg(in, 1);
	if (!infer_rank_is(in, 1, m->rank))
		return false;
	int rank = m->rank, axis = a->left_side ? rank - 2 : rank - 1;
	Dim dim[RANK_MAX];
	for (int k = 0; k < rank; k++) {
		Dim want = m->dim[k < rank - 2 ? k : rank - 1];

		dim[k] = y->dim[k];
		if (k < rank - 2 || k == axis) {
			if (!infer_equal(in, want, y->dim[k], "axis %d of operand 1 has extent %s, wanted %s as operand 0 has", k,
			                 infer_dim_text(in, y->dim[k]), infer_dim_text(in, want)))
				return false;
			dim[k] = infer_merge(in, want, y->dim[k]);
		}
	}
	return infer_result(in, y->dtype, rank, dim);
}

bool infer_tridiagonal_solve(Infer *in)
{
	const Type *b = infer_arg(in, 3);
	Dim dim[RANK_MAX];

	if (!matrices(in, 3))
		return false;
	memcpy(dim, b->dim, sizeof *dim * (size_t)b->rank);
	for (int i = 0; i < 3; i++) {
		if (!infer_dtype_same(in, i, 3) || !infer_rank_is(in, i, b->rank - 1))
			return false;
		for (int k = 0; k < b->rank - 1; k++) {
			Dim have = infer_arg(in, i)->dim[k];
			if (!infer_equal(in, b->dim[k], have, "axis %d of operand %d has extent %s, wanted %s as operand 3 has", k, i,
			                 infer_dim_text(in, have), infer_dim_text(in, b->dim[k])))
				return false;
			dim[k] = infer_merge(in, dim[k], have);
		}
	}
	return infer_result(in, b->dtype, b->rank, dim) && infer_result(in, DT_I32, b->rank - 2, dim);
}

/* Of operand 0: the extents of the batch and then these; counts < 0: none. */
static bool result_of(Infer *in, DType t, int64_t rows, int64_t columns)
{
	const Type *a = infer_arg(in, 0);
	Dim dim[RANK_MAX];
	int rank = a->rank - 2;

	memcpy(dim, a->dim, sizeof *dim * (size_t)rank);
	if (rows >= 0)
		dim[rank++] = infer_const(in, rows);
	if (columns >= 0)
		dim[rank++] = infer_const(in, columns);
	return infer_result(in, t, rank, dim);
}

typedef struct Sizes { int64_t m, n, few; } Sizes;

static bool sizes(Infer *in, Sizes *s)
{
	const Type *a = infer_arg(in, 0);

	if (!matrices(in, 0))
		return false;
	s->m = a->dim[a->rank - 2]->value;
	s->n = a->dim[a->rank - 1]->value;
	s->few = s->m < s->n ? s->m : s->n;
	return true;
}

bool infer_lu(Infer *in)
{
	Sizes s;

	return sizes(in, &s) && infer_result_type(in, infer_arg(in, 0)) && result_of(in, DT_I32, s.few, -1) && result_of(in, DT_I32, -1, -1);
}

bool infer_qr_factors(Infer *in)
{
	Sizes s;

	return sizes(in, &s) && infer_result_type(in, infer_arg(in, 0)) && result_of(in, infer_arg(in, 0)->dtype, s.few, -1);
}

bool infer_householder_product(Infer *in)
{
	const Type *a = infer_arg(in, 0), *tau = infer_arg(in, 1);
	Sizes s;

	if (!sizes(in, &s) || !infer_dtype_same(in, 0, 1) || !infer_rank_is(in, 1, a->rank - 1))
		return false;
	if (s.n > s.m)
		return infer_fail_at(in, 0, "the matrices of operand 0, %s, have more columns than rows", infer_type_text(in, a));
	for (int k = 0; k < a->rank - 2; k++)
		if (!infer_equal(in, a->dim[k], tau->dim[k], "axis %d of operand 1 has extent %s, wanted %s as operand 0 has", k,
		                 infer_dim_text(in, tau->dim[k]), infer_dim_text(in, a->dim[k])))
			return false;
	Dim count = tau->dim[a->rank - 2];
	if (!dim_is_const(count) || count->value > s.n)
		return infer_fail_at(in, 1, "operand 1 has %s reflections, wanted at most %lld, the columns of operand 0",
		                     infer_dim_text(in, count), (long long)s.n);
	return infer_result_type(in, a);
}

bool infer_eigh(Infer *in)
{
	Sizes s;

	return square(in, 0) && sizes(in, &s) && result_of(in, dtype_part(infer_arg(in, 0)->dtype), s.n, -1) && infer_result_type(in, infer_arg(in, 0));
}

bool infer_svd(Infer *in)
{
	const struct attrs_svd *a = op_attrs(svd, in->op);
	DType t = infer_arg(in, 0)->dtype;
	Sizes s;

	if (!sizes(in, &s))
		return false;
	if (!a->compute_uv)
		return result_of(in, dtype_part(t), s.few, -1);
	return result_of(in, t, s.m, a->full_matrices ? s.m : s.few) && result_of(in, dtype_part(t), s.few, -1) &&
	       result_of(in, t, a->full_matrices ? s.n : s.few, s.n);
}
