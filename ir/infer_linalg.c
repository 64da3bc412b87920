/* ir/infer_linalg.c - inference of linear algebra on matrices in the last two axes: cholesky, triangular_solve. */
#include "ir/infer_impl.h"

/* Steps are counted in i32, and a block more may be counted than there are rows. */
enum { SIZE_MAX_OF_MATRICES = 1 << 30 };

/* Operand i holds matrices, whose sizes are numbers, since they decide about the steps. */
static bool matrices(Infer *in, int i)
{
	const Type *t = infer_arg(in, i);

	if (!infer_dtype_in(in, i, DTS_FLOAT))
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
