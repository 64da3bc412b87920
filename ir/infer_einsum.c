/* ir/infer_einsum.c - inference of einsum: the extents of labels, and whether all steps of the expansion are types. */
#include "ir/einsum.h"
#include "ir/infer_impl.h"

static const char *label_text(Infer *in, int label)
{
	if (label >= EINSUM_LETTERS)
		return arena_printf(in->ctx->arena, "axis -%d of '...'", label - EINSUM_LETTERS + 1);
	return arena_printf(in->ctx->arena, "letter '%c'", label < 26 ? 'A' + label : 'a' + label - 26);
}

/* The extent of every label; extents of 1 under an ellipsis go with any. */
static bool extents_of(Infer *in, const Einsum *e, Dim *extent)
{
	for (int i = 0; i < e->n; i++) {
		for (int k = 0; k < e->term[i].n; k++) {
			int label = e->term[i].at[k];
			Dim d = infer_arg(in, i)->dim[k];

			if (!extent[label] || (label >= EINSUM_LETTERS && dim_is(extent[label], 1)))
				extent[label] = d;
			if (label >= EINSUM_LETTERS && dim_is(d, 1))
				continue;
			if (!infer_equal(in, d, extent[label], "%s has extent %s in operand %d, wanted %s", label_text(in, label),
			                 infer_dim_text(in, d), i, infer_dim_text(in, extent[label])))
				return false;
			extent[label] = infer_merge(in, extent[label], d);
		}
	}
	return true;
}

/* Operand i with each label once: of a label that it has twice the diagonal is taken, through a value of n * n + n elements
   in place of the n * n; an axis of 1 that stands for more is dropped. */
static bool distinct_labels(Infer *in, const Einsum *e, int i, Dim *const extent, Labels *out)
{
	const Labels *t = &e->term[i];
	Dim dim[RANK_MAX];
	int n = 0;

	out->n = 0;
	for (int k = 0; k < t->n; k++) {
		Dim d = infer_arg(in, i)->dim[k];

		if (labels_have(out, t->at[k])) {
			dim[n++] = infer_add(in, infer_mul(in, d, d), d);
			if (!infer_fits(in, "an operand spread to take its diagonal", infer_arg(in, i)->dtype, n, dim))
				return false;
		} else if (d == extent[t->at[k]] || !dim_is(d, 1)) {
			labels_add(out, t->at[k]);
			dim[n++] = d;
		}
	}
	return true;
}

static bool product_fits(Infer *in, const EinsumStep *s, Dim *const extent, Labels *joined)
{
	const Labels *part[] = { &s->batch, &s->left, &s->right };
	Dim dim[2 * EINSUM_LABELS];

	joined->n = 0;
	for (int p = 0; p < 3; p++) {
		for (int k = 0; k < part[p]->n; k++) {
			dim[joined->n] = extent[part[p]->at[k]];
			labels_add(joined, part[p]->at[k]);
		}
	}
	return infer_fits(in, "a product on the way", dtype_compute(infer_arg(in, 0)->dtype), joined->n, dim);
}

static bool steps_fit(Infer *in, const Einsum *e, Dim *const extent)
{
	Labels left, right, joined;
	EinsumStep step;

	if (!distinct_labels(in, e, 0, extent, &left))
		return false;
	for (int i = 1; i < e->n; i++) {
		if (!distinct_labels(in, e, i, extent, &right))
			return false;
		einsum_step(e, i, &left, &right, &step);
		if (!product_fits(in, &step, extent, &joined))
			return false;
		left = joined;
	}
	return true;
}

bool infer_einsum(Infer *in)
{
	const char *equation = op_attrs(einsum, in->op)->equation, *error;
	const Type **types = ARENA_ARRAY(in->ctx->arena, const Type *, in->op->nargs + 1);
	Dim extent[EINSUM_LABELS] = { NULL }, dim[EINSUM_LABELS];
	Einsum e;

	if (!infer_arity(in, 1, INT32_MAX, "at least one") || !infer_dtype_in(in, 0, DTS_RING))
		return false;
	for (int i = 0; i < in->op->nargs; i++) {
		if (!infer_dtype_same(in, 0, i))
			return false;
		types[i] = infer_arg(in, i);
	}
	if (!einsum_parse(in->ctx->arena, equation, in->op->nargs, types, &e, &error))
		return infer_fail(in, "%s", error);
	if (!extents_of(in, &e, extent) || !steps_fit(in, &e, extent))
		return false;
	for (int k = 0; k < e.out.n; k++)
		dim[k] = extent[e.out.at[k]];
	return infer_result(in, infer_arg(in, 0)->dtype, e.out.n, dim);
}
