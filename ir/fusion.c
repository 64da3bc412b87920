/* ir/fusion.c - the rules of ir/fusion.h. */
#include "ir/fusion.h"

#include <string.h>

bool op_is_pointwise(const Op *op)
{
	LowerClass c = op_row(op)->lower;

	return c == LOWER_scalar || c == LOWER_move || c == LOWER_constant;
}

/* A branch or a loop over single elements. */
static bool is_scalar_control(const Op *op)
{
	if (op->kind != OP_cond && op->kind != OP_while)
		return false;
	for (int i = 0; i < op->nresults; i++)
		if (op->result[i]->type->rank != 0)
			return false;
	return true;
}

static const Op *intruder_in(const Op *op)
{
	for (int i = 0; i < op->nregions; i++)
		for (const Op *inner = op->region[i]->first; inner; inner = inner->next) {
			const Op *found = is_scalar_control(inner) ? intruder_in(inner) : inner;

			if (found && !op_is_pointwise(found) && !op_has(found, T_EW | T_CONST | T_COMPOSITE | T_TERMINATOR))
				return found;
		}
	return NULL;
}

const Op *op_body_intruder(const Op *op)
{
	return op_has(op, T_CONTROL) || op->kind == OP_fusion ? NULL : intruder_in(op);
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
	return op_row(op)->lower >= LOWER_reduce;
}

FusionKind op_fusion_kind(const Op *op)
{
	switch (op_row(op)->lower) {
	case LOWER_scalar: case LOWER_move: case LOWER_constant: return FUSION_LOOP;
	case LOWER_reduce: return FUSION_REDUCE;
	case LOWER_window: return FUSION_WINDOW;
	case LOWER_scan: return FUSION_SCAN;
	case LOWER_contract: return FUSION_CONTRACT;
	default: return FUSION_SINGLE;
	}
}

bool types_same_dims(const Type *a, const Type *b)
{
	return a->rank == b->rank && memcmp(a->dim, b->dim, sizeof(Dim) * (size_t)a->rank) == 0;
}

/* Positions. */

static bool same_position(const Position *a, const Position *b, int rank)
{
	return a->level == b->level && a->move == b->move && memcmp(a->axis, b->axis, (size_t)rank) == 0;
}

/* Is a value at this position also one at each element of the rows?  (Those that follow are where a row is one element.) */
static bool at_elements(const Position *p, const Type *t, const Type *rows)
{
	if (p->level == POS_ELEMENT)
		return true;
	if (p->level != POS_FOLLOWS || p->move || !types_same_dims(t, rows))
		return false;
	for (int i = 0; i < t->rank; i++)
		if (p->axis[i] >= 0 && p->axis[i] != i)
			return false;
	return true;
}

static Position position_of_anchor(const Op *op, const Op *anchor, bool rows, const Position *const *arg)
{
	Position out = { .level = POS_FOLLOWS };
	const Type *t = anchor->arg[0]->type;
	int r = 0;

	for (int i = 0; i < op->nargs; i++)
		if (arg[i] && arg[i]->level != POS_FREE && !(rows && i < op->nresults && at_elements(arg[i], op->arg[i]->type, t)))
			out.level = POS_LOST;
	for (int i = 0; rows && i < t->rank - op_attrs(reduce, anchor)->dims.n; i++)
		out.axis[r++] = dim_is(t->dim[i], 1) ? -1 : (signed char)i;
	return out;
}

static Position position_of_elementwise(const Op *op, const Op *anchor, bool rows, const Position *const *arg)
{
	Position out = { .level = POS_FREE };
	const Type *t = op->result[0]->type;

	for (int i = 0; i < op->nargs; i++) {
		if (!arg[i] || arg[i]->level == POS_FREE)
			continue;
		if (out.level == POS_FREE) {
			out = *arg[i];
		} else if (!same_position(&out, arg[i], t->rank)) {
			const Type *r = anchor->arg[0]->type;
			bool both = rows && at_elements(&out, t, r) && at_elements(arg[i], op->arg[i]->type, r);
			out = (Position){ .level = both ? POS_ELEMENT : POS_LOST };
		}
		if (out.level == POS_LOST)
			return out;
	}
	/* Extents that are only equal when the graph is called make no rows of the anchor's. */
	if (out.level == POS_ELEMENT && !types_same_dims(t, anchor->arg[0]->type))
		out.level = POS_LOST;
	return out;
}

/* A reshape that only adds or drops axes of extent 1. */
static bool follow_unit_axes(const Op *op, const Position *in, Position *out)
{
	const Type *from = op->arg[0]->type, *to = op->result[0]->type;
	int k = 0;

	for (int i = 0; i < to->rank; i++) {
		out->axis[i] = -1;
		if (dim_is(to->dim[i], 1))
			continue;
		while (k < from->rank && dim_is(from->dim[k], 1))
			k++;
		if (k == from->rank || from->dim[k] != to->dim[i])
			return false;
		out->axis[i] = in->axis[k++];
	}
	while (k < from->rank && dim_is(from->dim[k], 1))
		k++;
	return k == from->rank;
}

static Position position_of_broadcast(const Op *op, const Op *anchor, const Position *in)
{
	const Type *from = op->arg[0]->type, *to = op->result[0]->type;
	Ints dims = op_attrs(broadcast_in_dim, op)->dims;
	Position out = { .level = POS_FOLLOWS };

	for (int i = 0; i < to->rank; i++)
		out.axis[i] = -1;
	for (int i = 0; i < from->rank; i++)
		if (!dim_is(from->dim[i], 1))
			out.axis[dims.at[i]] = in->axis[i];
	/* One that leaves each element alone but moves its axes is no way to an output: lowering follows transposes and reshapes. */
	return (Position){ .level = at_elements(&out, to, anchor->arg[0]->type) ? POS_ELEMENT : POS_LOST };
}

Position op_position(const Op *op, const Op *anchor, bool rows, const Position *const *arg)
{
	Position out = { .level = POS_FREE };

	if (op_is_anchor(op))
		return position_of_anchor(op, anchor, rows, arg);
	if (op_has(op, T_EW))
		return position_of_elementwise(op, anchor, rows, arg);
	for (int i = 0; i < op->nargs; i++)
		if (arg[i] && arg[i]->level != POS_FREE)
			out.level = POS_LOST;
	if (out.level == POS_FREE || op->nargs != 1 || arg[0]->level != POS_FOLLOWS)
		return out;
	const Position *in = arg[0];
	bool plain = rows && !in->move;
	out = (Position){ .level = POS_FOLLOWS };
	if (op->kind == OP_broadcast_in_dim)
		return plain ? position_of_broadcast(op, anchor, in) : (Position){ .level = POS_LOST };
	if (plain && op->kind == OP_reshape && follow_unit_axes(op, in, &out))
		return out;
	if (plain && op->kind == OP_transpose) {
		Ints perm = op_attrs(transpose, op)->permutation;
		for (int i = 0; i < perm.n; i++)
			out.axis[i] = in->axis[perm.at[i]];
		return out;
	}
	out = (Position){ .level = POS_FOLLOWS, .move = op };
	if (!op_is_forward(op))
		out.level = POS_LOST;
	return out;
}

/* Whether no op of the region needs the anchor where it is not known. */
static bool positions_fit(const Op *first_op, const Op *end, const Op *anchor, bool rows)
{
	Arena *a = arena_new();
	Map at;
	bool ok = true;

	map_init(&at, a);
	for (const Op *op = first_op; ok && op != end; op = op->next) {
		const Position **arg = ARENA_ARRAY(a, const Position *, op->nargs);
		Position *p = ARENA_NEW(a, Position);
		for (int i = 0; i < op->nargs; i++)
			arg[i] = op->arg[i]->def ? map_get(&at, op->arg[i]->def) : NULL;
		*p = op_position(op, anchor, rows, arg);
		ok = p->level != POS_LOST;
		map_set(&at, op, p);
	}
	arena_free(a);
	return ok;
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

bool op_reduces_row(const Op *op)
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

bool op_same_rows(const Op *a, const Op *b)
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

/* Kernels spell constants out, and choose among a concatenation's operands at each position: both must be small. */
static bool fits_in_kernel(const Op *op)
{
	if (op->kind == OP_concatenate)
		return op->nargs <= FUSION_PIECES_MAX;
	if (op->kind != OP_constant)
		return true;
	const Blob *b = op_attrs(constant, op)->value;
	return b && (blob_is_splat(b) || blob_count(b) <= FUSION_TABLE_MAX);
}

FusionKind fusion_kind(const Block *region, const Op **anchor)
{
	const Op *first = NULL, *end = region->last;
	bool rows = true;
	int n = 0, nops = 0;

	*anchor = NULL;
	if (!end || end->kind != OP_yield || end->nargs == 0)
		return FUSION_INVALID;
	for (const Op *op = region->first; op != end; op = op->next) {
		if (++nops > FUSION_OPS_MAX || !fits_in_kernel(op))
			return FUSION_INVALID;
		if (op_is_anchor(op)) {
			if (!first)
				first = op;
			rows = rows && op_reduces_row(op) && op_same_rows(op, first);
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
	if (op_fusion_kind(first) == FUSION_SINGLE)
		return region->first == first && first->next == end ? FUSION_SINGLE : FUSION_INVALID;
	if (!outputs_reached(first, end, rows) || !positions_fit(region->first, end, first, rows))
		return FUSION_INVALID;
	if (rows)
		return FUSION_ROW;
	return op_fusion_kind(first);
}
