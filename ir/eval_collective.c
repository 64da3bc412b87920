/* ir/eval_collective.c - collectives: the operands of all processes of a group, brought together by whoever runs the processes.

   Every process computes its own result from the operands of all members.  They are combined ascending in the group's order,
   which is that of a `reduce` along a leading axis of members (docs/graph-format.md, "Numerics"), with at most ORDER_BLOCK of
   them: so a sum over processes has the bits of the sum over a stacked axis. */
#include <stdlib.h>

#include "ir/base/check.h"
#include "ir/collective.h"
#include "ir/eval_impl.h"

/* Processes in the group's order.  n = 0: this one is in none. */
typedef struct Group {
	int n, me;                        /* which member this process is */
	int member[PROCESSES_MAX];
} Group;

static bool has(Ints list, int64_t id)
{
	for (int i = 0; i < list.n; i++)
		if (list.at[i] == id)
			return true;
	return false;
}

static const EvalPeers *peers_of(const Eval *e)
{
	static const EvalPeers single = { .replicas = 1, .partitions = 1 };

	return e->opt && e->opt->peers ? e->opt->peers : &single;
}

static void group_add(Group *g, const EvalPeers *p, int64_t replica, int64_t partition)
{
	if (replica == p->replica && partition == p->partition)
		g->me = g->n;
	g->member[g->n++] = (int)(replica * p->partitions + partition);
}

/* The processes of one list of numbers, with what is this process's own where the mode leaves it open. */
static void group_fill(Group *g, const EvalPeers *p, GroupMode mode, Ints list)
{
	for (int k = 0; mode == GROUP_BOTH && k < p->partitions; k++)
		for (int i = 0; i < list.n; i++)
			group_add(g, p, list.at[i], k);
	for (int i = 0; mode != GROUP_BOTH && i < list.n; i++) {
		int64_t id = list.at[i];
		if (mode == GROUP_FLAT)
			group_add(g, p, id / p->partitions, id % p->partitions);
		else
			group_add(g, p, mode == GROUP_REPLICAS ? id : p->replica, mode == GROUP_REPLICAS ? p->partition : id);
	}
}

static const char *number_kind(GroupMode mode)
{
	return mode == GROUP_FLAT ? "process" : mode == GROUP_PARTITIONS ? "partition" : "replica";
}

static bool numbers_exist(Eval *e, const Op *op, const Collective *c)
{
	const EvalPeers *p = peers_of(e);
	int count = c->mode == GROUP_FLAT ? p->replicas * p->partitions : c->mode == GROUP_PARTITIONS ? p->partitions : p->replicas;

	for (int i = 0; i < c->groups.n; i++)
		for (int k = 0; k < c->groups.at[i].n; k++)
			if (c->groups.at[i].at[k] >= count)
				return eval_fail(e, op, "'%s' names %s %lld, but the last one is %s %d; --replicas and --partitions say how many run", c->attr,
				                 number_kind(c->mode), (long long)c->groups.at[i].at[k], number_kind(c->mode), count - 1);
	return true;
}

/* The group that this process is in; without lists, all are in one. */
static bool group_find(Eval *e, const Op *op, const Collective *c, Group *g)
{
	const EvalPeers *p = peers_of(e);
	int64_t everyone[PROCESSES_MAX];
	int mine = c->mode == GROUP_FLAT ? p->replica * p->partitions + p->partition : c->mode == GROUP_PARTITIONS ? p->partition : p->replica;

	*g = (Group){ 0 };
	if (!numbers_exist(e, op, c))
		return false;
	for (int i = 0; i < c->groups.n; i++)
		if (has(c->groups.at[i], mine)) {
			group_fill(g, p, c->mode, c->groups.at[i]);
			return true;
		}
	if (c->groups.n)
		return true;
	int n = c->mode == GROUP_PARTITIONS ? p->partitions : p->replicas;
	for (int i = 0; i < n; i++)
		everyone[i] = i;
	group_fill(g, p, c->mode, (Ints){ n, everyone });
	return true;
}

/* Has every member operands of the same shapes? */
static bool same_shapes(Eval *e, const Op *op, const Group *g, Tensor *const *const *all)
{
	for (int m = 0; m < g->n; m++)
		for (int i = 0; i < op->nargs; i++) {
			const Tensor *a = all[g->me][i], *b = all[m][i];
			for (int k = 0; k < a->rank; k++)
				if (a->dim[k] != b->dim[k])
					return eval_fail(e, op, "axis %d of operand %d has extent %lld here, but %lld in process %d", k, i,
					                 (long long)a->dim[k], (long long)b->dim[k], g->member[m]);
		}
	return true;
}

/* Meets the others: all[m] are the operands of member m, until peers_leave. */
static bool peers_meet(Eval *e, const Op *op, const Group *g, Tensor *const *in, Tensor *const **all)
{
	const EvalPeers *p = peers_of(e);

	if (e->folding)
		return false;
	all[0] = in;
	CHECK(g->n <= 1 || p->meet, "%s: a group of several processes where there is one", op_row(op)->name);
	return g->n <= 1 || p->meet(p->arg, e->ctx, op, g->n, g->member, in, all);
}

static void peers_leave(Eval *e, const Group *g)
{
	const EvalPeers *p = peers_of(e);

	if (g->n > 1)
		p->leave(p->arg);
}

/* Reports a process that the op has no group for. */
static bool not_alone(Eval *e, const Op *op, const Collective *c, const Group *g)
{
	const EvalPeers *p = peers_of(e);

	if (g->n == 0)
		return eval_fail(e, op, "replica %d, partition %d is in no group of '%s'", p->replica, p->partition, c->attr);
	if (c->size && c->size != g->n)
		return eval_fail(e, op, "its group has %d process%s, wanted %lld", g->n, g->n == 1 ? "" : "es", (long long)c->size);
	return true;
}

/* `part` elements along each axis, from one tensor into another. */
static void copy_part(Tensor *to, int to_axis, int64_t to_at, const Tensor *from, int from_axis, int64_t from_at, const int64_t *part)
{
	int64_t dst[RANK_MAX], src[RANK_MAX];
	size_t size = (size_t)dtype_size(to->dtype);

	for (int i = 0; i < to->rank; i++)
		if (part[i] == 0)
			return;
	eval_strides(to->rank, to->dim, dst);
	eval_strides(from->rank, from->dim, src);
	eval_copy(to->rank, part, size, (char *)to->data + (size_t)(to_at * dst[to_axis]) * size, dst,
	          (const char *)from->data + (size_t)(from_at * src[from_axis]) * size, src);
}

/* out = operand i of all members, combined ascending. */
static bool combine(Eval *e, const Op *op, const Group *g, Tensor *const *const *all, int i, Tensor *out)
{
	Fold f;
	int64_t n = out->count;
	bool ok = fold_open(&f, e, op, 1, n);
	size_t size = (size_t)dtype_size(f.type[0]);
	void *acc = ok ? eval_scratch(e, op, n, size) : NULL, *x = acc ? eval_scratch(e, op, n, size) : NULL;

	ok = x != NULL;
	for (int m = 0; m < g->n && ok; m++) {
		fold_widen(&f, 0, all[m][i]->data, m ? x : acc, n);
		const void *next = x;
		if (m)
			ok = fold_step(&f, &acc, &next, n);
	}
	if (ok)
		fold_narrow(&f, 0, acc, out->data, n);
	eval_scratch_free(e, x, n, size);
	eval_scratch_free(e, acc, n, size);
	fold_close(&f);
	return ok;
}

static bool sum_all(Eval *e, const Op *op, const Group *g, Tensor *const *const *all, Tensor **out)
{
	for (int i = 0; i < op->nargs; i++)
		if (!(out[i] = eval_tensor(e, op, op->result[i]->type)) || !combine(e, op, g, all, i, out[i]))
			return false;
	return true;
}

static bool gather_all(Eval *e, const Op *op, const Group *g, Tensor *const *const *all, Tensor **out)
{
	int axis = (int)op_attrs(all_gather, op)->dim;

	for (int i = 0; i < op->nargs; i++) {
		if (!(out[i] = eval_tensor(e, op, op->result[i]->type)))
			return false;
		for (int m = 0; m < g->n; m++)
			copy_part(out[i], axis, m * all[m][i]->dim[axis], all[m][i], axis, 0, all[m][i]->dim);
	}
	return true;
}

static bool sum_and_cut(Eval *e, const Op *op, const Group *g, Tensor *const *const *all, Tensor **out)
{
	int axis = (int)op_attrs(reduce_scatter, op)->dim;
	const Tensor *x = all[g->me][0];
	Tensor *sum = eval_tensor_of(e, op, x->dtype, x->rank, x->dim);
	bool ok = sum && (out[0] = eval_tensor(e, op, op->result[0]->type)) && combine(e, op, g, all, 0, sum);

	if (ok)
		copy_part(out[0], axis, 0, sum, axis, g->me * out[0]->dim[axis], out[0]->dim);
	eval_release(e, sum);
	return ok;
}

static bool swap_parts(Eval *e, const Op *op, const Group *g, Tensor *const *const *all, Tensor **out)
{
	int split = (int)op_attrs(all_to_all, op)->split_dim, join = (int)op_attrs(all_to_all, op)->concat_dim;

	for (int i = 0; i < op->nargs; i++) {
		int64_t part[RANK_MAX];
		if (!(out[i] = eval_tensor(e, op, op->result[i]->type)))
			return false;
		for (int k = 0; k < out[i]->rank; k++)
			part[k] = all[g->me][i]->dim[k];
		part[split] /= g->n;
		for (int m = 0; m < g->n; m++)
			copy_part(out[i], join, m * part[join], all[m][i], split, g->me * part[split], part);
	}
	return true;
}

typedef bool (*Exchange)(Eval *e, const Op *op, const Group *g, Tensor *const *const *all, Tensor **out);

static bool exchange(Eval *e, const Op *op, Tensor *const *in, Tensor **out, Exchange fn)
{
	Collective c = collective_of(op);
	Tensor *const *all[PROCESSES_MAX];
	Group g;

	if (!group_find(e, op, &c, &g) || !not_alone(e, op, &c, &g) || !peers_meet(e, op, &g, in, all))
		return false;
	bool ok = same_shapes(e, op, &g, all) && fn(e, op, &g, all, out);
	peers_leave(e, &g);
	return ok;
}

bool eval_all_reduce(Eval *e, const Op *op, Tensor *const *in, Tensor **out) { return exchange(e, op, in, out, sum_all); }
bool eval_all_gather(Eval *e, const Op *op, Tensor *const *in, Tensor **out) { return exchange(e, op, in, out, gather_all); }
bool eval_reduce_scatter(Eval *e, const Op *op, Tensor *const *in, Tensor **out) { return exchange(e, op, in, out, sum_and_cut); }
bool eval_all_to_all(Eval *e, const Op *op, Tensor *const *in, Tensor **out) { return exchange(e, op, in, out, swap_parts); }

/* Of the group that is met: a copy of what member `from` has (-1: zeros). */
static bool take(Eval *e, const Op *op, const Group *g, Tensor *const *in, int from, Tensor **out)
{
	Tensor *const *all[PROCESSES_MAX];

	if (!peers_meet(e, op, g, in, all))
		return false;
	bool ok = same_shapes(e, op, g, all) && (out[0] = eval_tensor(e, op, op->result[0]->type)) != NULL;
	if (ok && from >= 0 && out[0]->count)
		memcpy(out[0]->data, all[from][0]->data, (size_t)tensor_bytes(out[0]));
	peers_leave(e, g);
	return ok;
}

bool eval_collective_broadcast(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	Collective c = collective_of(op);
	Group g;

	if (!group_find(e, op, &c, &g))
		return false;
	if (g.n)
		return take(e, op, &g, in, 0, out);
	return (out[0] = eval_tensor(e, op, op->result[0]->type)) != NULL;
}

/* Everybody that a pair names meets; the others get zeros and go on. */
bool eval_collective_permute(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	Collective c = collective_of(op);
	const EvalPeers *p = peers_of(e);
	int64_t mine = c.mode == GROUP_PARTITIONS ? p->partition : p->replica, from = -1, named[PROCESSES_MAX];
	int n = 0, count = c.mode == GROUP_PARTITIONS ? p->partitions : p->replicas, source = -1;
	bool here = false;

	if (!numbers_exist(e, op, &c))
		return false;
	for (int i = 0; i < c.groups.n; i++) {
		here = here || has(c.groups.at[i], mine);
		from = c.groups.at[i].at[1] == mine ? c.groups.at[i].at[0] : from;
	}
	for (int id = 0; id < count; id++) {
		bool found = false;
		for (int i = 0; i < c.groups.n && !found; i++)
			found = has(c.groups.at[i], id);
		source = found && id == from ? n : source;
		if (found)
			named[n++] = id;
	}
	Group g = { 0 };
	if (!here)
		return (out[0] = eval_tensor(e, op, op->result[0]->type)) != NULL;
	group_fill(&g, p, c.mode, (Ints){ n, named });
	return take(e, op, &g, in, source, out);
}

static bool process_id(Eval *e, const Op *op, int which, Tensor **out)
{
	if (e->folding || !(out[0] = eval_tensor(e, op, op->result[0]->type)))
		return false;
	tensor_set(out[0], 0, (uint64_t)which);
	return true;
}

bool eval_replica_id(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	(void)in;
	return process_id(e, op, peers_of(e)->replica, out);
}

bool eval_partition_id(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	(void)in;
	return process_id(e, op, peers_of(e)->partition, out);
}
