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

/* Loops over axes [from, rank) of a box; ix receives the positions from the box's start. */
static void box_loops(Emit *e, const Type *t, int from, Index *ix)
{
	if (from < t->rank - 1)
		emit_loops(e, t, from, t->rank - 1, KR_BATCH, ix);
	emit_loops(e, t, t->rank - 1, t->rank, KR_N, ix);
}

static void concatenate(Emit *e, const Op *op)
{
	int axis = (int)op_attrs(concatenate, op)->dim;
	Dim start = dim_const(e->ctx->dims, 0);

	for (int i = 0; i < op->nargs; i++) {
		const Type *t = op->arg[i]->type;
		Index ix = index_none(t->rank);
		if (!is_there(e, op, i)) {
			box_loops(e, t, 0, &ix);
			KOp *value = emit_value(e, op->arg[i], &ix);
			ix.at[axis] = kb_add(&e->b, ix.at[axis], kb_dim(&e->b, start));
			emit_store(e, 0, &ix, value);
			emit_end(e, t->rank);
		}
		start = dim_add(e->ctx->dims, start, t->dim[axis]);
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
