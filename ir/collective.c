/* ir/collective.c - reads the groups of a collective out of its attributes. */
#include "ir/collective.h"

#include "ir/base/check.h"

/* The modes of ops that take use_global_device_ids, and of those that do not. */
static GroupMode mode_of(int64_t channel, bool global)
{
	return channel <= 0 ? GROUP_REPLICAS : global ? GROUP_FLAT : GROUP_BOTH;
}

static GroupMode mode_short(int64_t channel)
{
	return channel <= 0 ? GROUP_REPLICAS : GROUP_PARTITIONS;
}

Collective collective_of(const Op *op)
{
#define WITH(name) const struct attrs_##name *a = op_attrs(name, op)
	switch (op->kind) {
	case OP_all_reduce: {
		WITH(all_reduce);
		return (Collective){ mode_of(a->channel_id, a->use_global_device_ids), a->replica_groups, "replica_groups", 0 };
	}
	case OP_all_gather: {
		WITH(all_gather);
		return (Collective){ mode_of(a->channel_id, a->use_global_device_ids), a->replica_groups, "replica_groups", a->group_size };
	}
	case OP_reduce_scatter: {
		WITH(reduce_scatter);
		return (Collective){ mode_of(a->channel_id, a->use_global_device_ids), a->replica_groups, "replica_groups", a->group_size };
	}
	case OP_all_to_all: {
		WITH(all_to_all);
		return (Collective){ mode_short(a->channel_id), a->replica_groups, "replica_groups", a->split_count };
	}
	case OP_collective_permute: {
		WITH(collective_permute);
		return (Collective){ mode_short(a->channel_id), a->source_target_pairs, "source_target_pairs", 0 };
	}
	case OP_collective_broadcast: {
		WITH(collective_broadcast);
		return (Collective){ mode_short(a->channel_id), a->replica_groups, "replica_groups", 0 };
	}
	default:
		break;
	}
#undef WITH
	UNREACHABLE("%s is no collective", op_row(op)->name);
}

bool collective_is_alone(const Op *op)
{
	Collective c = collective_of(op);
	bool mine = false;

	if (c.mode == GROUP_BOTH)       /* all partitions: as many as there are */
		return false;
	if (op->kind == OP_collective_permute)
		return c.groups.n == 1 && c.groups.at[0].at[0] == 0 && c.groups.at[0].at[1] == 0;
	for (int i = 0; i < c.groups.n; i++) {
		if (c.groups.at[i].n != 1)
			return false;
		mine = mine || c.groups.at[i].at[0] == 0;
	}
	return mine;
}
