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

/* Where the updates at a scatter index go: along each axis of the inputs from `start` on, by the position along an axis of the updates
   (-1: none).  fits: whether the whole window lies inside; NULL: it does. */
typedef struct Target {
	KOp *start[RANK_MAX];
	int  window[RANK_MAX];
	KOp *fits;
} Target;

/* The axis of the updates that belongs to an axis of the indices, which is not that of the vectors. */
static int update_axis(const struct attrs_scatter *s, int rank, int index_axis)
{
	int n = index_axis - (index_axis > s->index_vector_dim);

	for (int i = 0; i < rank; i++)
		if (!has(s->update_window_dims, i) && n-- == 0)
			return i;
	UNREACHABLE("scatter: no axis of the updates belongs to axis %d of the indices", index_axis);
}

static bool is_batching(const struct attrs_scatter *s, int rank, int axis)
{
	for (int k = 0; k < s->scatter_indices_batching_dims.n; k++)
		if (update_axis(s, rank, (int)s->scatter_indices_batching_dims.at[k]) == axis)
			return true;
	return false;
}

static KOp *start_index(Emit *e, const Op *op, const Index *at)
{
	KOp *start = emit_value(e, op->arg[op->nresults], at);

	if (start->type.dtype == DT_U64)
		start = kb_op(&e->b, SC_min, start, kb_const(&e->b, DT_U64, INT64_MAX), NULL);
	return emit_convert(e, start, DT_I64);
}

static void target_of(Emit *e, const Op *op, const Index *up, Target *t)
{
	const struct attrs_scatter *s = op_attrs(scatter, op);
	const Type *to = op->arg[0]->type, *idx = op->arg[op->nresults]->type, *upd = op->arg[op->nresults + 1]->type;
	Index at = index_none(idx->rank);
	int w = 0;

	for (int i = 0; i < idx->rank; i++)
		if (i != s->index_vector_dim)
			at.at[i] = up->at[update_axis(s, upd->rank, i)];
	t->fits = NULL;
	for (int i = 0; i < to->rank; i++) {
		bool indexed = false, window = !has(s->inserted_window_dims, i) && !has(s->input_batching_dims, i);
		t->start[i] = kb_int(&e->b, 0);
		t->window[i] = window ? (int)s->update_window_dims.at[w++] : -1;
		Dim extent = window ? upd->dim[t->window[i]] : dim_const(e->ctx->dims, 1);

		for (int k = 0; k < s->scatter_dims_to_operand_dims.n; k++) {
			if (s->scatter_dims_to_operand_dims.at[k] != i)
				continue;
			if (s->index_vector_dim < idx->rank)
				at.at[s->index_vector_dim] = kb_int(&e->b, k);
			t->start[i] = start_index(e, op, &at);
			indexed = true;
		}
		for (int k = 0; k < s->input_batching_dims.n; k++)
			if (s->input_batching_dims.at[k] == i)
				t->start[i] = up->at[update_axis(s, upd->rank, (int)s->scatter_indices_batching_dims.at[k])];
		if (indexed) {
			KOp *lo = kb_op(&e->b, SC_le, kb_int(&e->b, 0), t->start[i], NULL);
			KOp *hi = kb_op(&e->b, SC_le, t->start[i], kb_dim(&e->b, dim_sub(e->ctx->dims, to->dim[i], extent)), NULL);
			KOp *in = kb_op(&e->b, SC_and, lo, hi, NULL);
			t->fits = t->fits ? kb_op(&e->b, SC_and, t->fits, in, NULL) : in;
		}
	}
}

static bool is_there(Emit *e, const Op *op, int i)
{
	intptr_t buf = (intptr_t)map_get(&e->buffers, op->arg[i]);

	return buf && place_equal(&e->place[buf - 1], &e->place[e->nin + i], op->result[i]->type);
}

/* Of what lies at these positions along the batching axes. */
static void copy_inputs(Emit *e, const Op *op, const Index *up)
{
	const struct attrs_scatter *s = op_attrs(scatter, op);
	const Type *to = op->result[0]->type;
	Index ix = index_none(to->rank);
	bool all = true;
	int nloops = 0;

	for (int i = 0; i < op->nresults; i++)
		all = all && is_there(e, op, i);
	if (all)
		return;
	for (int i = 0; i < to->rank; i++) {
		for (int k = 0; k < s->input_batching_dims.n; k++)
			if (s->input_batching_dims.at[k] == i)
				ix.at[i] = up->at[update_axis(s, up->rank, (int)s->scatter_indices_batching_dims.at[k])];
		if (!ix.at[i]) {
			emit_loops(e, to, i, i + 1, i == to->rank - 1 ? KR_N : KR_BATCH, &ix);
			nloops++;
		}
	}
	for (int i = 0; i < op->nresults; i++)
		if (!is_there(e, op, i))
			emit_store(e, i, &ix, emit_value(e, op->arg[i], &ix));
	emit_end(e, nloops);
}

static void emit_update(Emit *e, const Op *op, const Target *t, const Index *up)
{
	const Type *to = op->result[0]->type;
	KOp *arg[2 * COMBINE_MAX], *now[COMBINE_MAX], *offset[COMBINE_MAX];
	Index at = index_none(to->rank);
	int n = op->nresults;

	for (int i = 0; i < to->rank; i++)
		at.at[i] = t->window[i] < 0 ? t->start[i] : kb_add(&e->b, t->start[i], up->at[t->window[i]]);
	for (int i = 0; i < n; i++) {
		offset[i] = index_in_buffer(e, e->nin + i, to, &at);
		arg[i] = kb_load(&e->b, e->nin + i, offset[i], 1);
		arg[n + i] = emit_value(e, op->arg[n + 1 + i], up);
	}
	emit_region(e, op->region[0], arg, now);
	for (int i = 0; i < n; i++)
		kb_store(&e->b, e->nin + i, offset[i], now[i], NULL);
}

/* Outermost the batching axes, which are independent; then the updates in order; their windows, where they are the last axes, are
   independent again: each position of a window is another element. */
void lower_scatter(Emit *e, const Op *op)
{
	const struct attrs_scatter *s = op_attrs(scatter, op);
	const Type *upd = op->arg[op->nresults + 1]->type;
	int rank = upd->rank, inner = rank - s->update_window_dims.n;
	Index up = index_none(rank);
	Target t;

	CHECK(op->nresults <= COMBINE_MAX, "scatter: %d inputs in one kernel", op->nresults);
	for (int i = 0; i < s->update_window_dims.n; i++)
		if (s->update_window_dims.at[i] < inner)
			inner = rank;
	for (int i = 0; i < rank; i++)
		if (is_batching(s, rank, i))
			emit_loops(e, upd, i, i + 1, KR_BATCH, &up);
	copy_inputs(e, op, &up);
	e->stores = true;
	map_init(&e->memo, e->scratch);
	for (int i = 0; i < inner; i++)
		if (!up.at[i])
			emit_loops(e, upd, i, i + 1, KR_SERIAL, &up);
	target_of(e, op, &up, &t);
	if (t.fits)
		kb_if(&e->b, t.fits);
	for (int i = inner; i < rank; i++)
		emit_loops(e, upd, i, i + 1, i == rank - 1 ? KR_N : KR_SERIAL, &up);
	emit_update(e, op, &t, &up);
	emit_end(e, rank - inner);
	if (t.fits)
		kb_end(&e->b);
	emit_end(e, inner);
}
