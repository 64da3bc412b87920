/* ir/infer_size.c - inference of ops that define a size: a dimension whose value is data. */
#include "ir/base/check.h"
#include "ir/infer_impl.h"

bool infer_size(Infer *in, Dim most)
{
	Dim *size = op_size(in->op);

	CHECK(*size && (*size)->kind == DIM_SYM, "the size that %s defines is no symbol", op_row(in->op)->name);
	if (dim_is_bounded(*size))
		return true;
	Dim limited = dim_sym_limited(in->ctx->dims, (*size)->name, most);
	if (!limited)
		return infer_fail(in, "'size' needs a bound, as in %s<=100", (*size)->name);
	*size = limited;
	return true;
}

bool infer_define_size(Infer *in)
{
	return infer_is_scalar(in, 0, DT_I64, "the size") && infer_size(in, NULL) && infer_result_type(in, infer_arg(in, 0));
}

/* What the expansions of nonzero and unique make on the way has as many elements as x, one of them too many, or as many as the
   bound. */
static bool fits(Infer *in, Dim count)
{
	Dim most = dim_bound(in->ctx->dims, *op_size(in->op));

	return infer_fits(in, "the flattened operand", DT_I64, 1, &count) && infer_fits(in, "a result of the size's bound", DT_I64, 1, &most);
}

bool infer_nonzero(Infer *in)
{
	const Type *x = infer_arg(in, 0);
	Dim count = infer_product(in, x->rank, x->dim);

	if (!infer_size(in, count) || !fits(in, count))
		return false;
	Dim shape[] = { *op_size(in->op), infer_const(in, x->rank) };
	return infer_result(in, DT_I64, 2, shape) && infer_result(in, DT_I64, 0, NULL);
}

bool infer_unique(Infer *in)
{
	const Type *x = infer_arg(in, 0);
	Dim count = infer_product(in, x->rank, x->dim);

	if (!infer_dtype_in(in, 0, DTS_REAL) || !infer_size(in, count) || !fits(in, count))
		return false;
	Dim size = *op_size(in->op);
	return infer_result(in, x->dtype, 1, &size) && infer_result(in, DT_I64, 1, &size) && infer_result(in, DT_I64, 1, &count) &&
	       infer_result(in, DT_I64, 1, &size) && infer_result(in, DT_I64, 0, NULL);
}
