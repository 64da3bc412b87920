/* ir/infer_random.c - inference of what draws random numbers. */
#include <string.h>

#include "ir/infer_impl.h"

bool infer_counter_bits(Infer *in)
{
	const Op *op = in->op;
	DType t = op->kind == OP_philox ? op_attrs(philox, op)->dtype : op_attrs(threefry, op)->dtype;
	const Type *x = infer_arg(in, 0);
	Dim dim[RANK_MAX];

	if (t != DT_U32 && t != DT_U64)
		return infer_fail(in, "'dtype' is %s, wanted u32 or u64", dtype_info[t].name);
	for (int k = 0; k < x->rank; k++)
		dim[k] = x->dim[k];
	for (int i = 0; i < op->nargs; i++) {
		if (!infer_dtype_in(in, i, DTS(DT_U64)) || !infer_shape_same(in, 0, i))
			return false;
		for (int k = 0; k < x->rank; k++)
			dim[k] = infer_merge(in, dim[k], infer_arg(in, i)->dim[k]);
	}
	return infer_result(in, t, x->rank, dim);
}

/* Operand i is a state of the algorithm; the next one is a result. */
static bool next_state(Infer *in, int i, const char *algorithm)
{
	const Type *t = infer_arg(in, i);
	bool philox = !strcmp(algorithm, "philox");

	if (!philox && strcmp(algorithm, "threefry"))
		return infer_fail(in, "'algorithm' is \"%s\", wanted \"philox\" or \"threefry\"", algorithm);
	if (t->dtype != DT_U64 || t->rank != 1 || !(dim_is(t->dim[0], 2) || (philox && dim_is(t->dim[0], 3))))
		return infer_fail_at(in, i, "the state, %s, is %s, wanted u64[2]%s", infer_operand_text(in, i), infer_type_text(in, t),
		                     philox ? " or u64[3]" : "");
	return infer_result_type(in, t);
}

/* Elements of type t, and their indices, can be counted. */
static bool drawn(Infer *in, DType t, int rank, const Dim *dim)
{
	Dim n = infer_product(in, rank, dim);

	if (!n || !infer_mul(in, n, infer_const(in, 8)))
		return infer_fail(in, "the indices of the elements have more bytes than fit 64 bits");
	return infer_result(in, t, rank, dim);
}

bool infer_rng_bits(Infer *in)
{
	const struct attrs_rng_bits *a = op_attrs(rng_bits, in->op);

	if (!(DTS(a->dtype) & DTS_INT))
		return infer_fail(in, "'dtype' is %s, wanted an integer type", dtype_info[a->dtype].name);
	return next_state(in, 0, a->algorithm) && drawn(in, a->dtype, a->shape.n, a->shape.at);
}

bool infer_random_uniform(Infer *in)
{
	const struct attrs_random_uniform *a = op_attrs(random_uniform, in->op);
	DType t = a->dtype;

	if (!(DTS(t) & DTS_WIDE_FLOAT))
		return infer_fail(in, "'dtype' is %s, wanted f16, bf16, f32 or f64", dtype_info[t].name);

	double low = dtype_to_f64(t, dtype_from_f64(t, a->low)), high = dtype_to_f64(t, dtype_from_f64(t, a->high));
	double span = dtype_to_f64(dtype_compute(t), dtype_from_f64(dtype_compute(t), high - low));
	if (!(low < high) || span - span != 0)
		return infer_fail(in, "'low' is %g and 'high' %g in %s, wanted low < high with a finite difference", low, high,
		                  dtype_info[t].name);
	return next_state(in, 0, a->algorithm) && drawn(in, t, a->shape.n, a->shape.at);
}

bool infer_random_normal(Infer *in)
{
	const struct attrs_random_normal *a = op_attrs(random_normal, in->op);

	if (!(DTS(a->dtype) & DTS_WIDE_FLOAT))
		return infer_fail(in, "'dtype' is %s, wanted f16, bf16, f32 or f64", dtype_info[a->dtype].name);
	if (!(a->stddev >= 0))
		return infer_fail(in, "'stddev' is %g, wanted at least 0", a->stddev);
	return next_state(in, 0, a->algorithm) && drawn(in, a->dtype, a->shape.n, a->shape.at);
}

bool infer_dropout(Infer *in)
{
	const struct attrs_dropout *a = op_attrs(dropout, in->op);

	if (!infer_arity(in, 1, 2, "1 or 2 (x, state)"))
		return false;
	if (!(a->rate >= 0 && a->rate < 1))
		return infer_fail(in, "'rate' is %g, wanted a number from 0 to less than 1", a->rate);
	if (!infer_dtype_in(in, 0, DTS_FLOAT))
		return false;
	const Type *x = infer_arg(in, 0);
	return in->op->nargs == 1 ? infer_result_type(in, x)
	                          : next_state(in, 1, a->algorithm) && drawn(in, x->dtype, x->rank, x->dim);
}
