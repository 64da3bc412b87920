/* ir/infer_attention.c - inference of attention and rotary_embedding. */
#include <math.h>

#include "ir/attention.h"
#include "ir/infer_impl.h"

static const char *const shown_scores[SHOWN_COUNT] = { "none", "products", "capped", "masked", "weights" };

ShownScores attention_shown(const char *name)
{
	return (ShownScores)word_index(name, shown_scores, SHOWN_COUNT);
}

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

static bool attributes_fit(Infer *in)
{
	const struct attrs_attention *a = op_attrs(attention, in->op);
	int filled = attention_filled(in->op);

	if (!isfinite(a->scale))
		return infer_fail(in, "'scale' is %g, wanted a finite number, or 0 for 1 / sqrt(depth)", a->scale);
	if (!(a->softcap >= 0) || isinf(a->softcap))
		return infer_fail(in, "'softcap' is %g, wanted a finite number above 0, or 0 for none", a->softcap);
	if (a->left_window < -1 || a->right_window < -1)
		return infer_fail(in, "the window is %lld keys to the left and %lld to the right, wanted at least 0, or -1 for all",
		                  (long long)a->left_window, (long long)a->right_window);
	if (a->past.n > 1)
		return infer_fail(in, "'past' has %d entries, wanted at most one", a->past.n);
	if (a->past.n && filled >= 0)
		return infer_fail(in, "'past' is given, but where the queries stand follows from the filled keys, operand %d", filled);
	return infer_word(in, "scores", a->scores, shown_scores, SHOWN_COUNT);
}

/* What the expansion makes on the way. */
static bool steps_fit(Infer *in, const Dim *scores)
{
	const Type *q = infer_arg(in, 0), *k = infer_arg(in, 1);
	DType t = attention_type(in->op);
	Dim rows = infer_mul(in, infer_floordiv(in, q->dim[1], k->dim[1]), q->dim[2]);
	Dim places[3] = { scores[0], scores[2], scores[3] };

	for (int i = 0; i < 3; i++)
		if (!infer_fits(in, "an operand in the type that it is computed in", t, 4, infer_arg(in, i)->dim))
			return false;
	return infer_fits(in, "the rows of heads that share a key", DT_BOOL, 1, &rows) &&
	       infer_fits(in, "the plane of scores", DT_I64, 2, scores + 2) && infer_fits(in, "the scores", t, 4, scores) &&
	       (attention_filled(in->op) < 0 || infer_fits(in, "the places of keys", DT_I64, 3, places));
}

bool infer_attention(Infer *in)
{
	const Op *op = in->op;
	Dim batch, shared, depth, length, samples;

	if (!infer_arity(in, 3, 5, "query, key, value, and optionally mask and filled") || !infer_dtype_in(in, 0, DTS_FLOAT))
		return false;
	for (int i = 0; i < 3; i++)
		if (!infer_rank_is(in, i, 4) || (i && !infer_dtype_same(in, 0, i)))
			return false;
	int filled = attention_filled(op), mask = attention_mask(op);
	const Type *q = infer_arg(in, 0), *k = infer_arg(in, 1), *v = infer_arg(in, 2);
	if (!axis_as(in, 1, 0, 0, 0, "batch", &batch) || !axis_as(in, 2, 0, 0, 0, "batch", &batch) ||
	    !axis_as(in, 2, 1, 1, 1, "heads", &shared) || !axis_as(in, 1, 3, 0, 3, "depth", &depth) ||
	    !axis_as(in, 2, 2, 1, 2, "length", &length) || !heads_divide(in, q->dim[1], k->dim[1]))
		return false;
	batch = infer_merge(in, infer_merge(in, q->dim[0], k->dim[0]), v->dim[0]);
	Dim scores[4] = { batch, q->dim[1], q->dim[2], k->dim[2] };
	if (op->nargs == 5 && !infer_dtype_in(in, 4, DTS(DT_I32) | DTS(DT_I64)))
		return false;
	if (!attributes_fit(in) || !steps_fit(in, scores) || (mask >= 0 && !mask_fits(in, scores)))
		return false;
	if (filled >= 0 && (!infer_dtype_in(in, filled, DTS(DT_I32) | DTS(DT_I64)) || !infer_rank_is(in, filled, 1) ||
	                    !axis_as(in, filled, 0, 0, 0, "batch", &samples)))
		return false;
	return infer_result(in, q->dtype, 4, (Dim[]){ batch, q->dim[1], q->dim[2], v->dim[3] }) &&
	       (attention_shown(op_attrs(attention, op)->scores) == SHOWN_NONE || infer_result(in, q->dtype, 4, scores));
}

/* --- rotary_embedding --- */

/* Axis k of operand i goes with axis `of` of x: as long, or the literal 1. */
static bool goes_with(Infer *in, int i, int k, int of, const char *what)
{
	Dim found = infer_arg(in, i)->dim[k], want = infer_arg(in, 0)->dim[of];

	return dim_is(found, 1) ||
	       infer_equal(in, found, want, "axis %d of operand %d, the %s, has extent %s, wanted 1 or %s as x has", k, i, what,
	                   infer_dim_text(in, found), infer_dim_text(in, want));
}

/* Operand i, of rank least or one more, goes with the steps of x, and with its batch where it has that. */
static bool steps_go_with(Infer *in, int i, int least)
{
	const Type *t = infer_arg(in, i);

	if (t->rank != least && t->rank != least + 1)
		return infer_fail_at(in, i, "operand %d is %s of rank %d, wanted rank %d or %d", i, infer_type_text(in, t), t->rank, least, least + 1);
	return (t->rank == least || goes_with(in, i, 0, 0, "batch")) && goes_with(in, i, t->rank == least ? 0 : 1, 2, "steps");
}

bool infer_rotary_embedding(Infer *in)
{
	bool placed = in->op->nargs == 4;

	if (!infer_arity(in, 3, 4, "x, cos, sin, and optionally positions") || !infer_dtype_in(in, 0, DTS_FLOAT) || !infer_rank_is(in, 0, 4) ||
	    !infer_dtype_same(in, 0, 1) || !infer_dtype_same(in, 0, 2))
		return false;
	const Type *x = infer_arg(in, 0), *cos = infer_arg(in, 1);
	if (placed ? !infer_rank_is(in, 1, 2) : !steps_go_with(in, 1, 2))
		return false;
	if (!infer_rank_is(in, 2, cos->rank) || !infer_shape_same(in, 1, 2))
		return false;
	if (placed && (!infer_dtype_in(in, 3, DTS_INT) || !steps_go_with(in, 3, 1) ||
	               !infer_at_most(in, infer_const(in, 1), cos->dim[0], "cos and sin have no rows")))
		return false;
	Dim half = cos->dim[cos->rank - 1], rotated = infer_mul(in, half, infer_const(in, 2));
	DType wide = dtype_compute(x->dtype);
	Dim rows[3] = { x->dim[0], x->dim[2], half };
	return infer_at_most(in, rotated, x->dim[3], "cos and sin rotate %s elements, but the last axis of x has %s", infer_dim_text(in, rotated),
	                     infer_dim_text(in, x->dim[3])) &&
	       infer_fits(in, "x in the type that it is computed in", wide, 4, x->dim) &&
	       infer_fits(in, "the rows of cos and sin", wide, 3, rows) && infer_result_type(in, x);
}
