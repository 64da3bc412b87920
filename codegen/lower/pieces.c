/* codegen/lower/pieces.c - results that are made of pieces: a loop nest for each piece, rather than the choice among them at each
   position.  Pieces that the plan has put where they belong are there already. */
#include "codegen/lower/lower.h"

/* Is operand i, which is in memory, computed where it lies in the result? */
static bool is_there(Emit *e, const Op *op, int i)
{
	intptr_t buf = (intptr_t)map_get(&e->buffers, op->arg[i]);
	Place at;

	return buf && place_operand(e->ctx, e->scratch, op, i, &e->place[e->nin], &at) &&
	       place_equal(&at, &e->place[buf - 1], op->arg[i]->type);
}

/* Loops over axes [from, rank) of a box; ix receives the positions from the box's start.  The innermost axis that is more than
   one element long becomes vectors. */
static void box_loops(Emit *e, const Type *t, int from, Index *ix)
{
	int last = t->rank - 1;

	while (last > from && dim_is(t->dim[last], 1))
		last--;
	emit_loops(e, t, from, last, KR_BATCH, ix);
	emit_loops(e, t, last, last + 1, KR_N, ix);
	emit_loops(e, t, last + 1, t->rank, KR_BATCH, ix);
}

/* Pieces that alternate in memory, as the parts of complex numbers do: they are computed together, since they may have much in
   common and their elements lie side by side. */
enum { ALTERNATE = 16 };    /* elements of a piece until the next one follows */

static bool alternate(const Type *t, int axis)
{
	int64_t n = 1;

	for (int i = axis; i < t->rank; i++) {
		if (!dim_is_const(t->dim[i]) || t->dim[i]->value > ALTERNATE)
			return false;
		n *= t->dim[i]->value;
	}
	return n <= ALTERNATE;
}

static void concatenate(Emit *e, const Op *op)
{
	int axis = (int)op_attrs(concatenate, op)->dim, next;
	Dim start = dim_const(e->ctx->dims, 0);

	for (int i = 0; i < op->nargs; i = next) {
		const Type *t = op->arg[i]->type;
		Index box = index_none(t->rank);
		next = i + 1;
		if (is_there(e, op, i)) {
			start = dim_add(e->ctx->dims, start, t->dim[axis]);
			continue;
		}
		while (next < op->nargs && alternate(t, axis) && op->arg[next]->type == t && !is_there(e, op, next))
			next++;
		box_loops(e, t, 0, &box);
		for (int k = i; k < next; k++) {
			Index ix = box;
			KOp *value = emit_value(e, op->arg[k], &ix);
			ix.at[axis] = kb_add(&e->b, ix.at[axis], kb_dim(&e->b, start));
			emit_store(e, 0, &ix, value);
			start = dim_add(e->ctx->dims, start, t->dim[axis]);
		}
		emit_end(e, t->rank);
	}
}

/* One side of the border: along `axis`, positions start, start + 1, ... ; inside along the axes before it. */
static void border(Emit *e, const Op *op, int lead, int axis, Dim start, Dim extent, const Index *outer, KOp *value)
{
	const Type *from = op->arg[0]->type, *to = op->result[0]->type;
	Ints low = op_attrs(pad, op)->low;
	Dim dim[RANK_MAX];
	Index ix = *outer;

	if (dim_is(extent, 0))
		return;
	for (int i = 0; i < to->rank; i++)
		dim[i] = i < axis ? from->dim[i] : i == axis ? extent : to->dim[i];
	box_loops(e, type_get(e->ctx->types, to->dtype, to->rank, dim), lead, &ix);
	for (int i = lead; i < axis; i++)
		ix.at[i] = kb_add(&e->b, ix.at[i], kb_int(&e->b, low.at[i]));
	ix.at[axis] = kb_add(&e->b, ix.at[axis], kb_dim(&e->b, start));
	emit_store(e, 0, &ix, value);
	emit_end(e, to->rank - lead);
}

static bool pad(Emit *e, const Op *op)
{
	const struct attrs_pad *p = op_attrs(pad, op);
	const Type *from = op->arg[0]->type, *to = op->result[0]->type;
	Index ix = index_none(to->rank), scalar = index_none(0);
	DimTable *dims = e->ctx->dims;
	int lead = 0;

	for (int i = 0; i < to->rank; i++)
		if (p->low.at[i] < 0 || p->high.at[i] < 0 || (p->interior.n && p->interior.at[i]))
			return false;
	while (lead < to->rank - 1 && !p->low.at[lead] && !p->high.at[lead])
		lead++;
	KOp *value = emit_value(e, op->arg[1], &scalar);
	emit_loops(e, to, 0, lead, KR_BATCH, &ix);
	if (!is_there(e, op, 0)) {
		Index inside = ix;
		box_loops(e, from, lead, &inside);
		KOp *x = emit_value(e, op->arg[0], &inside);
		for (int i = lead; i < to->rank; i++)
			inside.at[i] = kb_add(&e->b, inside.at[i], kb_int(&e->b, p->low.at[i]));
		emit_store(e, 0, &inside, x);
		emit_end(e, to->rank - lead);
	}
	for (int i = lead; i < to->rank; i++) {
		Dim low = dim_const(dims, p->low.at[i]);
		border(e, op, lead, i, dim_const(dims, 0), low, &ix, value);
		border(e, op, lead, i, dim_add(dims, low, from->dim[i]), dim_const(dims, p->high.at[i]), &ix, value);
	}
	emit_end(e, lead);
	return true;
}

/* Over the operand: only what is updated has to be written.  Of several updates in a row those before come first. */
static bool update(Emit *e, const Op *op)
{
	const Type *to = op->result[0]->type, *up = op->arg[1]->type;
	intptr_t buf = (intptr_t)map_get(&e->buffers, op->arg[0]);
	const Op *before = op->arg[0]->def;
	Index ix = index_none(up->rank), at = index_none(up->rank);

	if (buf ? !place_equal(&e->place[buf - 1], &e->place[e->nin], to) :
	          !before || before->kind != OP_dynamic_update_slice || !map_has(&e->members, before) || !update(e, before))
		return false;
	for (int i = 0; i < up->rank; i++)
		at.at[i] = emit_clamped_start(e, op->arg[2 + i], to->dim[i], up->dim[i]);
	box_loops(e, up, 0, &ix);
	KOp *value = emit_value(e, op->arg[1], &ix);
	for (int i = 0; i < up->rank; i++)
		at.at[i] = kb_add(&e->b, at.at[i], ix.at[i]);
	emit_store(e, 0, &at, value);
	emit_end(e, up->rank);
	return true;
}

bool lower_pieces(Emit *e)
{
	const Op *op = e->out[0]->def;

	if (e->nout != 1 || !op || !map_has(&e->members, op) || e->out[0]->type->rank == 0)
		return false;
	switch (op->kind) {
	case OP_concatenate:
		concatenate(e, op);
		return true;
	case OP_pad:
		return pad(e, op);
	case OP_dynamic_update_slice:
		return update(e, op);
	default:
		return false;
	}
}
