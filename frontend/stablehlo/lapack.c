/* frontend/stablehlo/lapack.c - the custom calls of LAPACK's routines that jaxlib makes on CPUs, as our linear algebra.

   Options are letters in the dictionary of the back end.  Matrices lie by columns there; since our values have no layout, that
   is all a layout is looked at for.  info is exact for getrf and gtsv; elsewhere it is 1 where the results are NaN, since nothing in
   them tells at which step a routine would have given up.  What LAPACK leaves undefined is the operand, or 0. */
#include "frontend/stablehlo/import.h"

enum { MATRIX_RANK = 2 };

/* Minor to major: the rows' axis first, then the columns', then the batch's from the last on; of vectors all from the last on. */
static bool is_lapack_layout(int n, const int64_t *at, int rank, bool is_matrix)
{
	if (n != rank)
		return false;
	for (int k = 0; k < rank; k++) {
		int64_t want = is_matrix && k < MATRIX_RANK ? rank - MATRIX_RANK + k : rank - 1 - k;
		if (at[k] != want)
			return false;
	}
	return true;
}

static bool check_layout(Import *im, const MlirAttr *list, const char *name, int i, int rank, int matrix_rank)
{
	const int64_t *at;
	int n;

	if (!list || list->kind != MLIR_LIST || i >= list->npart || !mlir_ints(im->arena, list->part[i], &n, &at))
		return refuse_op(im, "attribute '%s' has no layout number %d", name, i);
	return is_lapack_layout(n, at, rank, rank == matrix_rank) ||
	       refuse_op(im, "attribute '%s' has another layout number %d than LAPACK's: matrices by columns, batches one after the other", name, i);
}

/* All operands, the largest rank among them being that of matrices. */
static bool lapack_args(Import *im, const MlirOp *op, int nargs, int nresults, Value **arg)
{
	int rank = 0;

	if (op->nargs != nargs || op->nresults != nresults)
		return refuse_op(im, "%d operands and %d results found, wanted %d and %d", op->nargs, op->nresults, nargs, nresults);
	for (int i = 0; i < nargs; i++) {
		if (!(arg[i] = import_arg(im, op, i)))
			return false;
		rank = arg[i]->type->rank > rank ? arg[i]->type->rank : rank;
	}
	for (int i = 0; i < nargs; i++)
		if (!check_layout(im, mlir_attr(op, "operand_layouts"), "operand_layouts", i, arg[i]->type->rank, rank))
			return false;
	for (int i = 0; i < nresults; i++) {
		const MlirType *t = op->result[i].type;
		if (!check_layout(im, mlir_attr(op, "result_layouts"), "result_layouts", i, t->kind == MLIR_TENSOR ? t->rank : 0, rank))
			return false;
	}
	return true;
}

/* An option, one of a few letters. */
static bool option(Import *im, const MlirOp *op, const char *name, const char *letters, char *out)
{
	const MlirAttr *a = mlir_field(mlir_attr(op, "mhlo.backend_config"), name);
	int64_t i;

	if (!a)
		a = mlir_field(mlir_attr(op, "backend_config"), name);
	if (!a)
		return refuse_op(im, "option '%s' is missing in 'mhlo.backend_config'", name);
	if (!mlir_int(a, &i) || i <= 0 || i > 127 || !strchr(letters, (int)i))
		return refuse_op(im, "option '%s' is none of the letters %s", name, letters);
	*out = (char)i;
	return true;
}

/* i32: 1 where there is a NaN in the last `axes` axes of x. */
static Value *info_of(Import *im, Value *x, int axes)
{
	int64_t at[MATRIX_RANK];
	Value *wrong = BUILD(&im->b, compare, ARGS(x, x), .dir = CMP_NE);

	for (int k = 0; k < axes; k++)
		at[k] = x->type->rank - axes + k;
	wrong = build_reduce(&im->b, OP_or, wrong, ints_copy(im->arena, axes, at), false);
	return BUILD(&im->b, convert, ARGS(wrong), .dtype = DT_I32);
}

/* x in one triangle, with the diagonal; y in the other. */
static Value *in_triangle(Import *im, bool lower, Value *x, Value *y)
{
	Builder *b = &im->b;
	Dims shape = dims_copy(im->arena, x->type->rank, x->type->dim);
	Value *row = BUILD(b, iota, NO_ARGS, .dim = shape.n - 2, .dtype = DT_I32, .shape = shape);
	Value *column = BUILD(b, iota, NO_ARGS, .dim = shape.n - 1, .dtype = DT_I32, .shape = shape);
	Value *inside = BUILD(b, compare, ARGS(row, column), .dir = lower ? CMP_GE : CMP_LE);

	return BUILD(b, select, ARGS(inside, x, y));
}

bool import_lapack_potrf(Import *im, const MlirOp *op)
{
	Value *a;
	char uplo;

	if (!lapack_args(im, op, 1, 2, &a) || !option(im, op, "uplo", "LU", &uplo))
		return false;
	Value *factor = import_value(im, OP_cholesky, 1, &a, &(struct attrs_cholesky){ .lower = uplo == 'L' });
	return factor && set_result(im, op, 0, in_triangle(im, uplo == 'L', factor, a)) &&
	       set_result(im, op, 1, info_of(im, factor, 2));
}

bool import_lapack_trsm(Import *im, const MlirOp *op)
{
	Value *arg[2];
	char side, uplo, diag, trans;

	if (!lapack_args(im, op, 2, 1, arg) || !option(im, op, "side", "LR", &side) || !option(im, op, "uplo", "LU", &uplo) ||
	    !option(im, op, "diag", "NU", &diag) || !option(im, op, "trans_x", "NTC", &trans))
		return false;
	return set_result(im, op, 0, import_value(im, OP_triangular_solve, 2, arg, &(struct attrs_triangular_solve){
		.left_side = side == 'L', .lower = uplo == 'L', .unit_diagonal = diag == 'U',
		.transpose_a = trans == 'N' ? "no_transpose" : trans == 'T' ? "transpose" : "adjoint" }));
}

/* What the factors replace is given back as it was. */
bool import_lapack_gtsv(Import *im, const MlirOp *op)
{
	Value *arg[4];

	if (!lapack_args(im, op, 4, 5, arg))
		return false;
	Op *solve = build_op(&im->b, OP_tridiagonal_solve, 4, arg, NULL);
	for (int i = 0; i < 3; i++)
		if (!solve || !set_result(im, op, i, arg[i]))
			return false;
	return set_result(im, op, 3, solve->result[0]) && set_result(im, op, 4, solve->result[1]);
}

bool import_lapack_getrf(Import *im, const MlirOp *op)
{
	Value *a;

	return lapack_args(im, op, 1, 3, &a) && set_results(im, op, build_op(&im->b, OP_lu, ARGS(a), NULL));
}

bool import_lapack_geqrf(Import *im, const MlirOp *op)
{
	Value *a;

	return lapack_args(im, op, 1, 2, &a) && set_results(im, op, build_op(&im->b, OP_qr_factors, ARGS(a), NULL));
}

bool import_lapack_orgqr(Import *im, const MlirOp *op)
{
	Value *arg[2];

	return lapack_args(im, op, 2, 1, arg) && set_results(im, op, build_op(&im->b, OP_householder_product, 2, arg, NULL));
}

bool import_lapack_syevd(Import *im, const MlirOp *op)
{
	Value *a;
	char mode, uplo;

	if (!lapack_args(im, op, 1, 3, &a) || !option(im, op, "mode", "NV", &mode) || !option(im, op, "uplo", "LU", &uplo))
		return false;
	Op *eigh = build_op(&im->b, OP_eigh, ARGS(a), &(struct attrs_eigh){ .lower = uplo == 'L' });
	return eigh && set_result(im, op, 0, mode == 'V' ? eigh->result[1] : a) && set_result(im, op, 1, eigh->result[0]) &&
	       set_result(im, op, 2, info_of(im, eigh->result[0], 1));
}

static bool zeros(Import *im, const MlirOp *op, int i)
{
	const Type *t = import_type(im, op->result[i].type, op->loc);

	return t && set_result(im, op, i, build_splat(&im->b, t, 0));
}

bool import_lapack_gesdd(Import *im, const MlirOp *op)
{
	Value *a, *s;
	char mode;

	if (!lapack_args(im, op, 1, 5, &a) || !option(im, op, "mode", "ASN", &mode))
		return false;
	Op *svd = build_op(&im->b, OP_svd, ARGS(a), &(struct attrs_svd){ .full_matrices = mode == 'A', .compute_uv = mode != 'N' });
	if (!svd)
		return false;
	s = svd->result[mode != 'N'];
	return set_result(im, op, 0, a) && set_result(im, op, 1, s) &&
	       (mode == 'N' ? zeros(im, op, 2) && zeros(im, op, 3) :
	                      set_result(im, op, 2, svd->result[0]) && set_result(im, op, 3, svd->result[2])) &&
	       set_result(im, op, 4, info_of(im, s, 1));
}
