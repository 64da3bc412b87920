/* ir/fusion.c - the rules of ir/fusion.h. */
#include "ir/fusion.h"

#include <string.h>

bool op_is_pointwise(const Op *op)
{
	switch (op->kind) {
	case OP_constant: case OP_iota: case OP_dimension: case OP_broadcast_in_dim: case OP_reshape:
	case OP_transpose: case OP_slice: case OP_pad: case OP_concatenate: case OP_dynamic_slice:
	case OP_dynamic_update_slice: case OP_gather:
		return true;
	default:
		return op_has(op, T_EW);
	}
}

bool op_is_forward(const Op *op)
{
	if (op_has(op, T_EW) || op->kind == OP_reshape || op->kind == OP_transpose)
		return true;
	if (op->kind != OP_slice)
		return false;
	const struct attrs_slice *s = op_attrs(slice, op);
	for (int i = 0; i < s->start.n; i++)
		if (!dim_is(s->start.at[i], 0) || (s->strides.n && s->strides.at[i] != 1))
			return false;
	return true;
}

bool op_is_anchor(const Op *op)
{
	switch (op->kind) {
	case OP_reduce: case OP_reduce_window: case OP_dot_general: case OP_conv_general: case OP_scatter: case OP_sort:
		return true;
	default:
		return false;
	}
}

bool types_same_dims(const Type *a, const Type *b)
{
	return a->rank == b->rank && memcmp(a->dim, b->dim, sizeof(Dim) * (size_t)a->rank) == 0;
}

/* Enters in `map` every op that is computed from `from` by forward ops alone. */
static void mark_reached(const Op *from, const Op *end, Map *map)
{
	map_set(map, from, map);
	for (const Op *op = from->next; op && op != end; op = op->next) {
		if (!op_is_forward(op))
			continue;
		for (int i = 0; i < op->nargs; i++)
			if (op->arg[i]->def && map_has(map, op->arg[i]->def))
				map_set(map, op, map);
	}
}

static bool reduces_row(const Op *op)
{
	const struct attrs_reduce *r = op_attrs(reduce, op);
	int rank = op->arg[0]->type->rank;

	if (op->kind != OP_reduce || r->order != ORDER_TREE || r->row != r->dims.n || r->row == 0)
		return false;
	for (int i = 0; i < r->dims.n; i++)
		if (r->dims.at[i] != rank - r->dims.n + i)
			return false;
	return true;
}

static bool same_rows(const Op *a, const Op *b)
{
	return types_same_dims(a->arg[0]->type, b->arg[0]->type) &&
	       op_attrs(reduce, a)->dims.n == op_attrs(reduce, b)->dims.n;
}

/* Is each output of element level, or reached from an anchor? */
static bool outputs_reached(const Op *first, const Op *end, bool rows)
{
	Arena *a = arena_new();
	Map reached;
	bool ok = true;

	map_init(&reached, a);
	for (const Op *op = first; op != end; op = op->next)
		if (op_is_anchor(op))
			mark_reached(op, end, &reached);
	for (int i = 0; i < end->nargs; i++) {
		const Value *v = end->arg[i];
		if (!(rows && types_same_dims(v->type, first->arg[0]->type)))
			ok = ok && v->def && map_has(&reached, v->def);
	}
	arena_free(a);
	return ok;
}

FusionKind fusion_kind(const Block *region, const Op **anchor)
{
	const Op *first = NULL, *end = region->last;
	bool rows = true;
	int n = 0;

	*anchor = NULL;
	if (!end || end->kind != OP_yield || end->nargs == 0)
		return FUSION_INVALID;
	for (const Op *op = region->first; op != end; op = op->next) {
		if (op_is_anchor(op)) {
			if (!first)
				first = op;
			rows = rows && reduces_row(op) && same_rows(op, first);
			n++;
		} else if (!op_is_pointwise(op)) {
			return n == 0 && op == region->first && op->next == end ? FUSION_SINGLE : FUSION_INVALID;
		}
	}
	*anchor = first;
	if (n == 0) {
		for (int i = 1; i < end->nargs; i++)
			if (!types_same_dims(end->arg[i]->type, end->arg[0]->type))
				return FUSION_INVALID;
		return FUSION_LOOP;
	}
	if (!rows && n > 1)
		return FUSION_INVALID;
	if (first->kind == OP_scatter || first->kind == OP_sort)
		return region->first == first && first->next == end ? FUSION_SINGLE : FUSION_INVALID;
	if (!outputs_reached(first, end, rows))
		return FUSION_INVALID;
	if (rows)
		return FUSION_ROW;
	return first->kind == OP_reduce ? FUSION_REDUCE : first->kind == OP_reduce_window ? FUSION_WINDOW : FUSION_CONTRACT;
}
