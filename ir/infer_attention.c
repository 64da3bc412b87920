/* ir/infer_attention.c - inference of attention. */
#include "ir/infer_impl.h"

/* Axis k of operand i is to be that of operand `of`; *out: the extent to use from here on. */
static bool axis_as(Infer *in, int i, int k, int of, int axis, const char *what, Dim *out)
{
	Dim found = infer_arg(in, i)->dim[k], want = infer_arg(in, of)->dim[axis];

	if (!infer_equal(in, found, want, "axis %d of operand %d, the %s, has extent %s, wanted %s as axis %d of operand %d has", k, i, what,
	                 infer_dim_text(in, found), infer_dim_text(in, want), axis, of))
		return false;
	*out = infer_merge(in, want, found);
	return true;
}

static bool heads_divide(Infer *in, Dim heads, Dim shared)
{
	if (dim_is_const(shared) && shared->value < 1)
		return infer_fail_at(in, 1, "the key, operand 1, has 0 heads, wanted at least 1");
	return infer_equal(in, dim_mod(in->ctx->dims, heads, shared), infer_const(in, 0),
	                   "the %s heads of the key, operand 1, do not divide the %s of the query", infer_dim_text(in, shared),
	                   infer_dim_text(in, heads));
}

/* Booleans or numbers that broadcast to the scores. */
static bool mask_fits(Infer *in, const Dim *scores)
{
	const Type *m = infer_arg(in, 3);

	if (!infer_dtype_in(in, 3, DTS_BOOL | DTS(infer_arg(in, 0)->dtype)))
		return false;
	if (m->rank > 4)
		return infer_fail_at(in, 3, "the mask, operand 3, has rank %d, wanted at most 4", m->rank);
	for (int i = 0; i < m->rank; i++) {
		Dim want = scores[4 - m->rank + i];

		if (!dim_is(m->dim[i], 1) &&
		    !infer_equal(in, m->dim[i], want, "axis %d of the mask, operand 3, has extent %s, wanted 1 or %s as the scores have", i,
		                 infer_dim_text(in, m->dim[i]), infer_dim_text(in, want)))
			return false;
	}
	return true;
}

bool infer_attention(Infer *in)
{
	Dim batch, shared, depth, length;

	if (!infer_arity(in, 3, 4, "query, key, value, and optionally mask") || !infer_dtype_in(in, 0, DTS_FLOAT))
		return false;
	for (int i = 0; i < 3; i++)
		if (!infer_rank_is(in, i, 4) || (i && !infer_dtype_same(in, 0, i)))
			return false;
	const Type *q = infer_arg(in, 0), *k = infer_arg(in, 1), *v = infer_arg(in, 2);
	if (!axis_as(in, 1, 0, 0, 0, "batch", &batch) || !axis_as(in, 2, 0, 0, 0, "batch", &batch) ||
	    !axis_as(in, 2, 1, 1, 1, "heads", &shared) || !axis_as(in, 1, 3, 0, 3, "depth", &depth) ||
	    !axis_as(in, 2, 2, 1, 2, "length", &length) || !heads_divide(in, q->dim[1], k->dim[1]))
		return false;
	batch = infer_merge(in, infer_merge(in, q->dim[0], k->dim[0]), v->dim[0]);
	Dim scores[4] = { batch, q->dim[1], q->dim[2], k->dim[2] };
	if (!(op_attrs(attention, in->op)->scale >= 0))
		return infer_fail(in, "'scale' is %g, wanted a number above 0, or 0 for 1 / sqrt(depth)", op_attrs(attention, in->op)->scale);
	Dim rows = infer_mul(in, infer_floordiv(in, q->dim[1], k->dim[1]), q->dim[2]);
	return infer_fits(in, "the rows of heads that share a key", DT_BOOL, 1, &rows) &&
	       infer_fits(in, "the plane of scores", DT_I64, 2, scores + 2) && infer_fits(in, "the scores", dtype_compute(q->dtype), 4, scores) &&
	       (in->op->nargs == 3 || mask_fits(in, scores)) &&
	       infer_result(in, q->dtype, 4, (Dim[]){ batch, q->dim[1], q->dim[2], v->dim[3] });
}
