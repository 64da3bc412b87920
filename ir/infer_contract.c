/* ir/infer_contract.c - inference of contractions: dot_general and conv_general. */
#include "ir/infer_impl.h"

/* Pairs of axes, one of each operand, that must have equal extents. */
static bool paired_axes(Infer *in, const char *lhs_name, Ints lhs, const char *rhs_name, Ints rhs)
{
	const Type *x = infer_arg(in, 0), *y = infer_arg(in, 1);

	if (!infer_axes(in, lhs_name, lhs, x->rank, 0) || !infer_axes(in, rhs_name, rhs, y->rank, 0))
		return false;
	if (lhs.n != rhs.n)
		return infer_fail(in, "'%s' has %d axes, but '%s' has %d", lhs_name, lhs.n, rhs_name, rhs.n);
	for (int i = 0; i < lhs.n; i++) {
		Dim a = x->dim[lhs.at[i]], b = y->dim[rhs.at[i]];

		if (!infer_equal(in, a, b, "axis %d of operand 0 (%s) has extent %s, but axis %d of operand 1 (%s) has %s",
		                 (int)lhs.at[i], lhs_name, infer_dim_text(in, a), (int)rhs.at[i], rhs_name,
		                 infer_dim_text(in, b)))
			return false;
	}
	return true;
}

static bool disjoint_axes(Infer *in, const char *a_name, Ints a, const char *b_name, Ints b)
{
	for (int i = 0; i < a.n; i++)
		if (ints_have(b, a.at[i]))
			return infer_fail(in, "axis %lld is in both '%s' and '%s'", (long long)a.at[i], a_name, b_name);
	return true;
}

static bool contraction_order(Infer *in, Order order, bool may_be_lanes)
{
	if (order == ORDER_NONE || order == ORDER_CHAIN || (order == ORDER_LANES && may_be_lanes))
		return true;
	return infer_fail(in, "'order' is %s, wanted chain%s", order == ORDER_TREE ? "tree" : order == ORDER_LANES ? "lanes" : "serial",
	                  may_be_lanes ? " or lanes" : "");
}

/* Lanes are for one column of results. */
static bool is_column(Infer *in, const struct attrs_dot_general *a)
{
	const Type *y = infer_arg(in, 1);

	for (int k = 0; k < y->rank; k++)
		if (!ints_have(a->rhs_batch, k) && !ints_have(a->rhs_contract, k) && !dim_is(y->dim[k], 1))
			return infer_fail_at(in, 1, "'order' is lanes, but axis %d of operand 1 is free and has extent %s, wanted 1", k,
			                     infer_dim_text(in, y->dim[k]));
	return true;
}

bool infer_dot_general(Infer *in)
{
	const struct attrs_dot_general *a = op_attrs(dot_general, in->op);
	const Type *x = infer_arg(in, 0), *y = infer_arg(in, 1);
	Dim dim[2 * RANK_MAX];
	int rank = 0;

	if (!infer_dtype_in(in, 0, DTS_RING) || !infer_dtype_same(in, 0, 1) ||
	    !paired_axes(in, "lhs_batch", a->lhs_batch, "rhs_batch", a->rhs_batch) ||
	    !paired_axes(in, "lhs_contract", a->lhs_contract, "rhs_contract", a->rhs_contract) ||
	    !disjoint_axes(in, "lhs_batch", a->lhs_batch, "lhs_contract", a->lhs_contract) ||
	    !disjoint_axes(in, "rhs_batch", a->rhs_batch, "rhs_contract", a->rhs_contract) || !contraction_order(in, a->order, true) ||
	    (a->order == ORDER_LANES && !is_column(in, a)))
		return false;
	for (int i = 0; i < a->lhs_batch.n; i++)
		dim[rank++] = infer_merge(in, x->dim[a->lhs_batch.at[i]], y->dim[a->rhs_batch.at[i]]);
	for (int k = 0; k < x->rank; k++)
		if (!ints_have(a->lhs_batch, k) && !ints_have(a->lhs_contract, k))
			dim[rank++] = x->dim[k];
	for (int k = 0; k < y->rank; k++)
		if (!ints_have(a->rhs_batch, k) && !ints_have(a->rhs_contract, k))
			dim[rank++] = y->dim[k];
	return infer_result(in, x->dtype, rank, dim);
}

static bool conv_specs(Infer *in)
{
	const struct attrs_conv_general *a = op_attrs(conv_general, in->op);
	int rank = infer_arg(in, 0)->rank;

	if (rank < 2)
		return infer_fail_at(in, 0, "operand 0 has rank %d, wanted at least 2 (batch and feature)", rank);
	return infer_rank_is(in, 1, rank) && infer_ints_count(in, "lhs_spec", a->lhs_spec, rank, false) &&
	       infer_axes(in, "lhs_spec", a->lhs_spec, rank, 0) && infer_ints_count(in, "rhs_spec", a->rhs_spec, rank, false) &&
	       infer_axes(in, "rhs_spec", a->rhs_spec, rank, 0) && infer_ints_count(in, "out_spec", a->out_spec, rank, false) &&
	       infer_axes(in, "out_spec", a->out_spec, rank, 0) &&
	       infer_ints_count(in, "lhs_dilation", a->lhs_dilation, rank - 2, true) &&
	       infer_ints_least(in, "lhs_dilation", a->lhs_dilation, 1) &&
	       infer_ints_count(in, "rhs_dilation", a->rhs_dilation, rank - 2, true) &&
	       infer_ints_least(in, "rhs_dilation", a->rhs_dilation, 1) &&
	       infer_ints_count(in, "zeros", a->zeros, 2 * (rank - 2), true) && infer_ints_least(in, "zeros", a->zeros, 0) &&
	       contraction_order(in, a->order, false);
}

/* d / groups; the division must come out even, symbols included. */
static bool group_extent(Infer *in, const char *attr, int64_t groups, Dim d, const char *what, Dim *out)
{
	Dim g = infer_const(in, groups), left = dim_mod(in->ctx->dims, d, g);

	if (!left || !infer_equal(in, left, infer_const(in, 0), "'%s' is %lld, which does not divide the %s %s", attr,
	                          (long long)groups, infer_dim_text(in, d), what))
		return false;
	*out = infer_floordiv(in, d, g);
	return true;
}

static bool conv_groups(Infer *in, Dim batch, Dim features, Dim kernel_in, Dim kernel_out, Dim *out_batch)
{
	const struct attrs_conv_general *a = op_attrs(conv_general, in->op);
	Dim per_group, ignored;

	if (a->feature_groups < 1 || a->batch_groups < 1)
		return infer_fail(in, "'%s' is %lld, wanted at least 1", a->feature_groups < 1 ? "feature_groups" : "batch_groups",
		                  (long long)(a->feature_groups < 1 ? a->feature_groups : a->batch_groups));
	if (a->feature_groups > 1 && a->batch_groups > 1)
		return infer_fail(in, "'feature_groups' is %lld and 'batch_groups' %lld, wanted 1 for one of them",
		                  (long long)a->feature_groups, (long long)a->batch_groups);
	return group_extent(in, "feature_groups", a->feature_groups, features, "input channels", &per_group) &&
	       group_extent(in, "feature_groups", a->feature_groups, kernel_out, "output channels", &ignored) &&
	       group_extent(in, "batch_groups", a->batch_groups, batch, "entries of the batch", out_batch) &&
	       group_extent(in, "batch_groups", a->batch_groups, kernel_out, "output channels", &ignored) &&
	       infer_equal(in, kernel_in, per_group, "the kernel has %s input channels, wanted %s (%s in %lld groups)",
	                   infer_dim_text(in, kernel_in), infer_dim_text(in, per_group), infer_dim_text(in, features),
	                   (long long)a->feature_groups);
}

bool infer_conv_general(Infer *in)
{
	struct attrs_conv_general *a = op_attrs(conv_general, in->op);
	const Type *x = infer_arg(in, 0), *k = infer_arg(in, 1);
	Dim extent[RANK_MAX], spatial[RANK_MAX], dim[RANK_MAX], batch;
	int64_t size[RANK_MAX];

	if (!infer_dtype_in(in, 0, DTS_RING) || !infer_dtype_same(in, 0, 1) || !conv_specs(in) ||
	    !conv_groups(in, x->dim[a->lhs_spec.at[0]], x->dim[a->lhs_spec.at[1]], k->dim[a->rhs_spec.at[1]],
	                 k->dim[a->rhs_spec.at[0]], &batch))
		return false;

	int n = x->rank - 2;
	for (int i = 0; i < n; i++) {
		Dim kd = k->dim[a->rhs_spec.at[2 + i]];

		if (!dim_is_const(kd) || kd->value < 1)
			return infer_fail_at(in, 1, "spatial axis %d of the kernel has extent %s, wanted a number of at least 1", i,
			                     infer_dim_text(in, kd));
		size[i] = kd->value;
		extent[i] = x->dim[a->lhs_spec.at[2 + i]];
	}
	WindowAttrs w = { { n, size }, a->strides, a->lhs_dilation, a->rhs_dilation, &a->padding };
	if (!infer_windows(in, n, extent, &w, spatial, &a->padding))
		return false;

	dim[a->out_spec.at[0]] = batch;
	dim[a->out_spec.at[1]] = k->dim[a->rhs_spec.at[0]];
	for (int i = 0; i < n; i++)
		dim[a->out_spec.at[2 + i]] = spatial[i];
	return infer_result(in, x->dtype, x->rank, dim);
}
