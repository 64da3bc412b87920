/* codegen/lower/scatter.c - scatter: copy the inputs that do not lie where the results do, then apply the updates in ascending order. */
#include "codegen/lower/combine.h"

#include "ir/base/check.h"

static bool has(Ints list, int64_t x)
{
	for (int i = 0; i < list.n; i++)
		if (list.at[i] == x)
			return true;
	return false;
}

/* The position in the inputs that an update goes to; *fits: whether the whole window lies inside. */
static Index target_of(Emit *e, const Op *op, const Index *up, KOp **fits)
{
	const struct attrs_scatter *s = op_attrs(scatter, op);
	int n = op->nresults, nbatch = 0, b = 0, w = 0;
	const Type *to = op->arg[0]->type, *idx = op->arg[n]->type, *upd = op->arg[n + 1]->type;
	KOp *batch[RANK_MAX];
	Index at = index_none(idx->rank), r = index_none(to->rank);

	for (int i = 0; i < upd->rank; i++)
		if (!has(s->update_window_dims, i))
			batch[nbatch++] = up->at[i];
	for (int i = 0; i < idx->rank; i++)
		if (i != s->index_vector_dim)
			at.at[i] = batch[b++];
	for (int i = 0; i < to->rank; i++) {
		KOp *start = kb_int(&e->b, 0), *offset = start;
		bool indexed = false, window = !has(s->inserted_window_dims, i) && !has(s->input_batching_dims, i);
		Dim extent = dim_const(e->ctx->dims, 1);

		for (int k = 0; k < s->scatter_dims_to_operand_dims.n; k++) {
			if (s->scatter_dims_to_operand_dims.at[k] != i)
				continue;
			if (s->index_vector_dim < idx->rank)
				at.at[s->index_vector_dim] = kb_int(&e->b, k);
			start = emit_value(e, op->arg[n], &at);
			if (start->type.dtype == DT_U64)
				start = kb_op(&e->b, SC_min, start, kb_const(&e->b, DT_U64, INT64_MAX), NULL);
			start = emit_convert(e, start, DT_I64);
			indexed = true;
		}
		for (int k = 0; k < s->input_batching_dims.n; k++)
			if (s->input_batching_dims.at[k] == i) {
				int axis = (int)s->scatter_indices_batching_dims.at[k];
				start = batch[axis - (axis > s->index_vector_dim)];
			}
		if (window) {
			int axis = (int)s->update_window_dims.at[w++];
			offset = up->at[axis];
			extent = upd->dim[axis];
		}
		if (indexed) {
			Dim last = dim_sub(e->ctx->dims, to->dim[i], extent);
			KOp *lo = kb_op(&e->b, SC_le, kb_int(&e->b, 0), start, NULL);
			KOp *hi = kb_op(&e->b, SC_le, start, kb_dim(&e->b, last), NULL);
			KOp *in = kb_op(&e->b, SC_and, lo, hi, NULL);
			*fits = *fits ? kb_op(&e->b, SC_and, *fits, in, NULL) : in;
		}
		r.at[i] = kb_add(&e->b, start, offset);
	}
	return r;
}

static bool is_there(Emit *e, const Op *op, int i)
{
	intptr_t buf = (intptr_t)map_get(&e->buffers, op->arg[i]);

	return buf && place_equal(&e->place[buf - 1], &e->place[e->nin + i], op->result[i]->type);
}

static void copy_inputs(Emit *e, const Op *op)
{
	const Type *to = op->result[0]->type;
	Index ix = index_none(to->rank);
	bool all = true;

	for (int i = 0; i < op->nresults; i++)
		all = all && is_there(e, op, i);
	if (all)
		return;
	emit_loops(e, to, 0, to->rank, KR_BATCH, &ix);
	for (int i = 0; i < op->nresults; i++)
		if (!is_there(e, op, i))
			emit_store(e, i, &ix, emit_value(e, op->arg[i], &ix));
	emit_end(e, to->rank);
}

void lower_scatter(Emit *e, const Op *op)
{
	int n = op->nresults;
	const Type *to = op->result[0]->type, *upd = op->arg[n + 1]->type;
	Index up = index_none(upd->rank);
	KOp *arg[2 * COMBINE_MAX], *now[COMBINE_MAX], *fits = NULL;

	CHECK(n <= COMBINE_MAX, "scatter: %d inputs in one kernel", n);
	copy_inputs(e, op);
	e->stores = true;
	map_init(&e->memo, e->scratch);
	emit_loops(e, upd, 0, upd->rank, KR_SERIAL, &up);
	Index at = target_of(e, op, &up, &fits);
	if (fits)
		kb_if(&e->b, fits);
	KOp *offset[COMBINE_MAX];
	for (int i = 0; i < n; i++) {
		offset[i] = index_in_buffer(e, e->nin + i, to, &at);
		arg[i] = kb_load(&e->b, e->nin + i, offset[i], 1);
		arg[n + i] = emit_value(e, op->arg[n + 1 + i], &up);
	}
	emit_region(e, op->region[0], arg, now);
	for (int i = 0; i < n; i++)
		kb_store(&e->b, e->nin + i, offset[i], now[i], NULL);
	if (fits)
		kb_end(&e->b);
	emit_end(e, upd->rank);
}
