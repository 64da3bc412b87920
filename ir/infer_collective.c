/* ir/infer_collective.c - inference of collectives: groups that make sense, and extents that their sizes change. */
#include "ir/base/num.h"
#include "ir/collective.h"
#include "ir/infer_impl.h"

/* Is number k of group i there before?  Sorting would be quicker, but there are few processes. */
static bool seen_before(Groups g, int i, int k)
{
	for (int p = 0; p <= i; p++)
		for (int q = 0; q < (p == i ? k : g.at[p].n); q++)
			if (g.at[p].at[q] == g.at[i].at[k])
				return true;
	return false;
}

/* Numbers from 0 on, each once; no group without any. */
static bool groups_fit(Infer *in, const Collective *c)
{
	Groups g = c->groups;
	int64_t total = 0;

	for (int i = 0; i < g.n; i++) {
		total += g.at[i].n;
		if (g.at[i].n == 0)
			return infer_fail(in, "group %d of '%s' is empty", i, c->attr);
	}
	if (total > PROCESSES_MAX)
		return infer_fail(in, "'%s' names %lld processes, wanted at most %d", c->attr, (long long)total, PROCESSES_MAX);
	for (int i = 0; i < g.n; i++)
		for (int k = 0; k < g.at[i].n; k++) {
			if (g.at[i].at[k] < 0)
				return infer_fail(in, "'%s' has %lld, wanted numbers from 0 on", c->attr, (long long)g.at[i].at[k]);
			if (seen_before(g, i, k))
				return infer_fail(in, "'%s' has %lld twice", c->attr, (long long)g.at[i].at[k]);
		}
	if (c->mode == GROUP_FLAT && g.n == 0)
		return infer_fail(in, "'use_global_device_ids' needs 'replica_groups'");
	in->func->module->effects |= !collective_is_alone(in->op);
	return true;
}

static bool global_fits(Infer *in, int64_t channel, bool global)
{
	return !global || channel > 0 || infer_fail(in, "'use_global_device_ids' needs a 'channel_id' above 0");
}

/* How many processes a group has: it changes extents, so that it must be known here. */
static bool group_size(Infer *in, const Collective *c, int64_t *out)
{
	Groups g = c->groups;
	bool listed = g.n && c->mode != GROUP_BOTH;

	for (int i = 1; i < g.n; i++)
		if (g.at[i].n != g.at[0].n)
			return infer_fail(in, "group %d of '%s' has %d process%s, wanted %d as group 0 has", i, c->attr, g.at[i].n,
			                  g.at[i].n == 1 ? "" : "es", g.at[0].n);
	if (c->size < 0 || c->size > PROCESSES_MAX)
		return infer_fail(in, "groups are of %lld processes, wanted 1 to %d", (long long)c->size, PROCESSES_MAX);
	if (!listed && !c->size)
		return infer_fail(in, "how many processes a group has is not known; give 'group_size'");
	*out = c->size ? c->size : g.at[0].n;
	if (listed && *out != g.at[0].n)
		return infer_fail(in, "groups are of %lld processes, but '%s' has groups of %d", (long long)*out, c->attr, g.at[0].n);
	return true;
}

/* One combiner for all operands, which are of one element type. */
static bool combines_all(Infer *in)
{
	const Op *op = in->op;

	if (!infer_arity(in, 1, INT32_MAX, "at least one"))
		return false;
	for (int i = 1; i < op->nargs; i++)
		if (!infer_dtype_same(in, 0, i))
			return false;
	return infer_combiner(in, 0, 1);
}

bool infer_all_reduce(Infer *in)
{
	const struct attrs_all_reduce *a = op_attrs(all_reduce, in->op);
	Collective c = collective_of(in->op);

	if (!global_fits(in, a->channel_id, a->use_global_device_ids) || !groups_fit(in, &c) || !combines_all(in))
		return false;
	for (int i = 0; i < in->op->nargs; i++)
		if (!infer_result_type(in, infer_arg(in, i)))
			return false;
	return true;
}

/* Operand i's type with axis k of another extent. */
static bool result_with(Infer *in, int i, int64_t k, Dim extent)
{
	const Type *x = infer_arg(in, i);
	Dim dim[RANK_MAX];

	memcpy(dim, x->dim, sizeof *dim * (size_t)x->rank);
	dim[k] = extent;
	return infer_result(in, x->dtype, x->rank, dim);
}

bool infer_all_gather(Infer *in)
{
	const struct attrs_all_gather *a = op_attrs(all_gather, in->op);
	Collective c = collective_of(in->op);
	int64_t n;

	if (!global_fits(in, a->channel_id, a->use_global_device_ids) || !groups_fit(in, &c) || !group_size(in, &c, &n) ||
	    !infer_arity(in, 1, INT32_MAX, "at least one"))
		return false;
	for (int i = 0; i < in->op->nargs; i++)
		if (!infer_axis(in, "dim", a->dim, infer_arg(in, i)->rank) ||
		    !result_with(in, i, a->dim, infer_mul(in, infer_arg(in, i)->dim[a->dim], infer_const(in, n))))
			return false;
	return true;
}

/* The extent of an axis that is cut into n equal parts. */
static bool part_of(Infer *in, int i, int64_t k, int64_t n, Dim *out)
{
	Dim whole = infer_arg(in, i)->dim[k], count = infer_const(in, n);

	*out = infer_floordiv(in, whole, count);
	return infer_equal(in, whole, infer_mul(in, *out, count), "axis %d of %s has extent %s, wanted a multiple of %lld, one part for each "
	                   "process of a group", (int)k, infer_operand_text(in, i), infer_dim_text(in, whole), (long long)n);
}

bool infer_reduce_scatter(Infer *in)
{
	const struct attrs_reduce_scatter *a = op_attrs(reduce_scatter, in->op);
	Collective c = collective_of(in->op);
	int64_t n;
	Dim part;

	return global_fits(in, a->channel_id, a->use_global_device_ids) && groups_fit(in, &c) && group_size(in, &c, &n) &&
	       infer_axis(in, "dim", a->dim, infer_arg(in, 0)->rank) && infer_combiner(in, 0, 1) && part_of(in, 0, a->dim, n, &part) &&
	       result_with(in, 0, a->dim, part);
}

bool infer_all_to_all(Infer *in)
{
	const struct attrs_all_to_all *a = op_attrs(all_to_all, in->op);
	Collective c = collective_of(in->op);
	int64_t n;

	if (a->split_count < 1)
		return infer_fail(in, "'split_count' is %lld, wanted at least 1", (long long)a->split_count);
	if (!groups_fit(in, &c) || !group_size(in, &c, &n) || !infer_arity(in, 1, INT32_MAX, "at least one"))
		return false;
	for (int i = 0; i < in->op->nargs; i++) {
		const Type *x = infer_arg(in, i);
		Dim dim[RANK_MAX], part;
		if (!infer_axis(in, "split_dim", a->split_dim, x->rank) || !infer_axis(in, "concat_dim", a->concat_dim, x->rank) ||
		    !part_of(in, i, a->split_dim, n, &part))
			return false;
		memcpy(dim, x->dim, sizeof *dim * (size_t)x->rank);
		dim[a->split_dim] = part;
		dim[a->concat_dim] = infer_mul(in, dim[a->concat_dim], infer_const(in, n));
		if (!infer_result(in, x->dtype, x->rank, dim))
			return false;
	}
	return true;
}

bool infer_collective_permute(Infer *in)
{
	Groups pairs = op_attrs(collective_permute, in->op)->source_target_pairs;

	if (pairs.n > PROCESSES_MAX)
		return infer_fail(in, "'source_target_pairs' has %d pairs, wanted at most %d", pairs.n, PROCESSES_MAX);
	for (int i = 0; i < pairs.n; i++) {
		const int64_t *at = pairs.at[i].at;
		if (pairs.at[i].n != 2)
			return infer_fail(in, "entry %d of 'source_target_pairs' has %d number%s, wanted two, [source, target]", i, pairs.at[i].n,
			                  pairs.at[i].n == 1 ? "" : "s");
		if (at[0] < 0 || at[1] < 0)
			return infer_fail(in, "'source_target_pairs' has %lld, wanted numbers from 0 on", (long long)(at[0] < 0 ? at[0] : at[1]));
		for (int k = 0; k < i; k++)
			if (pairs.at[k].at[0] == at[0] || pairs.at[k].at[1] == at[1])
				return infer_fail(in, "'source_target_pairs' has %s %lld twice", pairs.at[k].at[0] == at[0] ? "source" : "target",
				                  (long long)(pairs.at[k].at[0] == at[0] ? at[0] : at[1]));
	}
	in->func->module->effects |= !collective_is_alone(in->op);
	return infer_result_type(in, infer_arg(in, 0));
}

bool infer_collective_broadcast(Infer *in)
{
	Collective c = collective_of(in->op);

	return groups_fit(in, &c) && infer_result_type(in, infer_arg(in, 0));
}

bool infer_process_id(Infer *in)
{
	return infer_result(in, DT_U32, 0, NULL);
}
