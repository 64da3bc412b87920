/* ir/infer_ew.c - inference of elementwise ops, constants and indices. */
#include "ir/infer_impl.h"

/* All operands from `first` on have one shape: the result's, with element type t. */
static bool common_shape(Infer *in, int first, DType t)
{
	const Type *x = infer_arg(in, first);
	Dim dim[RANK_MAX];

	for (int k = 0; k < x->rank; k++)
		dim[k] = x->dim[k];
	for (int i = first + 1; i < in->op->nargs; i++) {
		const Type *y = infer_arg(in, i);

		if (!infer_shape_same(in, first, i))
			return false;
		for (int k = 0; k < x->rank; k++)
			dim[k] = infer_merge(in, dim[k], y->dim[k]);
	}
	return infer_result(in, t, x->rank, dim);
}

/* One element type, one shape: all rows of EW but select. */
bool infer_same(Infer *in)
{
	const OpInfo *row = op_row(in->op);

	if (row->types && !infer_dtype_in(in, 0, row->types))
		return false;
	for (int i = 1; i < in->op->nargs; i++)
		if (!infer_dtype_same(in, 0, i))
			return false;
	return common_shape(in, 0, infer_arg(in, 0)->dtype);
}

/* The absolute value of a complex number is real. */
bool infer_abs(Infer *in)
{
	return infer_dtype_in(in, 0, op_row(in->op)->types) && common_shape(in, 0, dtype_part(infer_arg(in, 0)->dtype));
}

bool infer_complex(Infer *in)
{
	return infer_dtype_in(in, 0, DTS(DT_F32) | DTS(DT_F64)) && infer_dtype_same(in, 0, 1) &&
	       common_shape(in, 0, infer_arg(in, 0)->dtype == DT_F32 ? DT_C64 : DT_C128);
}

bool infer_part(Infer *in)
{
	return infer_dtype_in(in, 0, DTS_FIELD) && common_shape(in, 0, dtype_part(infer_arg(in, 0)->dtype));
}

bool infer_same_num(Infer *in)
{
	return infer_dtype_in(in, 0, DTS_NUM) && infer_same(in);
}

bool infer_same_float(Infer *in)
{
	return infer_dtype_in(in, 0, DTS_FLOAT) && infer_same(in);
}

bool infer_select(Infer *in)
{
	return infer_dtype_in(in, 0, DTS_BOOL) && infer_dtype_in(in, 1, op_row(in->op)->types) &&
	       infer_dtype_same(in, 1, 2) && common_shape(in, 0, infer_arg(in, 1)->dtype);
}

bool infer_compare(Infer *in)
{
	CmpDir dir = op_attrs(compare, in->op)->dir;

	if (dir != CMP_EQ && dir != CMP_NE && dtype_is_complex(infer_arg(in, 0)->dtype))
		return infer_fail(in, "complex numbers have no order; 'dir' must be eq or ne");
	return infer_dtype_same(in, 0, 1) && common_shape(in, 0, DT_BOOL);
}

bool infer_is_finite(Infer *in)
{
	return infer_dtype_in(in, 0, op_row(in->op)->types) && common_shape(in, 0, DT_BOOL);
}

/* More bits than the type has change nothing; there is always one for the exponent. */
bool infer_reduce_precision(Infer *in)
{
	const struct attrs_reduce_precision *a = op_attrs(reduce_precision, in->op);

	if (a->exponent_bits < 1 || a->exponent_bits > 64)
		return infer_fail(in, "'exponent_bits' is %lld, wanted 1 to 64", (long long)a->exponent_bits);
	if (a->mantissa_bits < 0 || a->mantissa_bits > 64)
		return infer_fail(in, "'mantissa_bits' is %lld, wanted 0 to 64", (long long)a->mantissa_bits);
	return infer_dtype_in(in, 0, DTS_FLOAT) && infer_same(in);
}

bool infer_convert(Infer *in)
{
	const Type *x = infer_arg(in, 0);

	return infer_result(in, op_attrs(convert, in->op)->dtype, x->rank, x->dim);
}

bool infer_constant(Infer *in)
{
	const Blob *b = op_attrs(constant, in->op)->value;
	Dim dim[RANK_MAX];

	CHECK(b && b->rank <= RANK_MAX, "constant without a value");
	for (int i = 0; i < b->rank; i++)
		dim[i] = infer_const(in, b->dim[i]);
	return infer_result(in, b->dtype, b->rank, dim);
}

bool infer_weight(Infer *in)
{
	const char *name = op_attrs(weight, in->op)->name;
	const Weight *w = module_weight(in->func->module, name);

	if (!w)
		return infer_fail(in, "there is no weight @%s in the module", name);
	return infer_result_type(in, w->type);
}

bool infer_iota(Infer *in)
{
	const struct attrs_iota *a = op_attrs(iota, in->op);

	if (!(DTS_RING & DTS(a->dtype)))
		return infer_fail(in, "'dtype' is %s, wanted a number type", dtype_info[a->dtype].name);
	return infer_axis(in, "dim", a->dim, a->shape.n) && infer_result(in, a->dtype, a->shape.n, a->shape.at);
}

bool infer_dimension(Infer *in)
{
	if (!op_attrs(dimension, in->op)->value)
		return infer_fail(in, "'value' does not fit 64 bits");
	return infer_result(in, DT_I64, 0, NULL);
}

/* Terminators: what they must give is checked with the region or the graph that they end. */
bool infer_none(Infer *in)
{
	(void)in;
	return true;
}
