/* frontend/stablehlo/collective.c - collectives whose attributes do not map one to one. */
#include "frontend/stablehlo/import.h"

/* dense<[[0, 1], [2, -1]]>: rows, -1 filling them up. */
bool import_groups(Import *im, const MlirOp *op, const char *path, Groups *out)
{
	const MlirAttr *attr = attr_find(op, path);
	int n;
	const int64_t *at;

	*out = (Groups)GROUPS_NONE;
	if (!attr)
		return true;
	if (attr->kind != MLIR_DENSE || !attr->type || attr->type->rank != 2 || !mlir_ints(im->arena, attr, &n, &at))
		return refuse_at(im, attr->loc, "attribute '%s' is no table of integers", path);
	int rows = (int)attr->type->dim[0], width = rows ? n / rows : 0;
	Ints *group = ARENA_ARRAY(im->arena, Ints, rows + 1);
	for (int i = 0; i < rows; i++) {
		int64_t *row = ARENA_ARRAY(im->arena, int64_t, width + 1);
		group[i].at = row;
		for (int k = 0; k < width; k++)
			if (at[i * width + k] != -1)
				row[group[i].n++] = at[i * width + k];
	}
	*out = (Groups){ rows, group };
	return true;
}

/* How many processes a group has, where the lists do not tell: by the extents written. */
static int64_t size_by_extents(const MlirType *small, const MlirType *large, int64_t axis)
{
	bool known = small->kind == MLIR_TENSOR && large->kind == MLIR_TENSOR && axis >= 0 && axis < small->rank && axis < large->rank &&
	             small->dim[axis] > 0 && large->dim[axis] > 0 && large->dim[axis] % small->dim[axis] == 0;

	return known ? large->dim[axis] / small->dim[axis] : 0;
}

/* Without lists, or where the numbers are replicas of which all partitions are meant. */
static bool size_is_open(Groups groups, int64_t channel, bool global)
{
	return groups.n == 0 || (channel > 0 && !global);
}

bool import_all_gather(Import *im, const MlirOp *op)
{
	struct attrs_all_gather *a = attrs_mapped(im, op, OP_all_gather,
		"dim=all_gather_dim replica_groups channel_id=channel_handle.handle? use_global_device_ids=use_global_device_ids?");
	Value **arg = ARENA_ARRAY(im->arena, Value *, op->nargs + 1);

	if (!a || !import_counts(im, op, 1, 1))
		return false;
	for (int i = 0; i < op->nargs; i++)
		if (!(arg[i] = import_arg(im, op, i)))
			return false;
	if (size_is_open(a->replica_groups, a->channel_id, a->use_global_device_ids))
		a->group_size = size_by_extents(op->arg[0]->type, op->result[0].type, a->dim);
	return set_results(im, op, build_op(&im->b, OP_all_gather, op->nargs, arg, a));
}

bool import_reduce_scatter(Import *im, const MlirOp *op)
{
	struct attrs_reduce_scatter *a = attrs_mapped(im, op, OP_reduce_scatter,
		"dim=scatter_dimension replica_groups channel_id=channel_handle.handle? use_global_device_ids=use_global_device_ids?");
	Value *x = import_arg(im, op, 0);

	if (!a || !x || !import_counts(im, op, 1, 1))
		return false;
	if (size_is_open(a->replica_groups, a->channel_id, a->use_global_device_ids))
		a->group_size = size_by_extents(op->result[0].type, op->arg[0]->type, a->dim);
	Op *ours = build_begin(&im->b, OP_reduce_scatter, 1, &x, a);
	return import_region_of(im, op, 0, ours, 0) && set_results(im, op, build_finish(&im->b, ours));
}

/* all_reduce that adds. */
bool import_cross_replica_sum(Import *im, const MlirOp *op)
{
	struct attrs_all_reduce *a = attrs_mapped(im, op, OP_all_reduce, "replica_groups=replica_groups?");
	Value *x = import_arg(im, op, 0), *part[2];

	if (!a || !x)
		return false;
	Op *ours = build_begin(&im->b, OP_all_reduce, 1, &x, a);
	Builder body = builder_at_end(im->ctx, ours->region[0]);
	for (int i = 0; i < 2; i++)
		part[i] = block_add_arg(ours->region[0], type_scalar(im->ctx->types, x->type->dtype), NULL, im->b.loc);
	Op *sum = build_op(&body, x->type->dtype == DT_BOOL ? OP_or : OP_add, 2, part, NULL);
	return sum && build_op(&body, OP_yield, 1, sum->result, NULL) && set_results(im, op, build_finish(&im->b, ours));
}
