/* codegen/lower/reduce.c - reductions: whole-row kernels (softmax, norms), and every other reduction. */
#include "codegen/lower/combine.h"

#include "ir/base/check.h"

/* One reduce op being emitted: its operands at (kept axes fixed, reduced axes from `position`). */
typedef struct Reduction {
	Combine  combine;
	const Op *op;
	Index    at;              /* kept axes filled in */
	int      first_axis;      /* rows: the reduced axes are first_axis ... rank - 1 */
	KOp     *row_start;       /* linear offset of the row, when it spans several axes */
	const Type    *row;       /* the row's extents, where its axes are others than the trailing ones, else NULL */
	const int64_t *row_axis;  /* and which axes they are */
	Value  **stage;           /* values to keep while this row is computed */
	const Stage *stage_buf;
	int      nstage;
} Reduction;

static Index row_index(Emit *e, const Reduction *r, KOp *position)
{
	const Type *t = r->op->arg[0]->type;
	Index ix = r->at;

	if (r->row) {
		Index in_row = index_none(r->row->rank);
		in_row.linear = position;
		for (int i = 0; i < r->row->rank; i++)
			ix.at[r->row_axis[i]] = r->row->rank == 1 ? position : index_axis(e, r->row, &in_row, i);
		return ix;
	}
	/* No axis is reduced: a row of one. */
	if (r->first_axis == t->rank)
		return ix;
	if (r->first_axis == t->rank - 1)
		ix.at[r->first_axis] = position;
	else
		ix.linear = kb_add(&e->b, r->row_start, position);
	return ix;
}

static void row_element(Emit *e, void *arg, KOp *position, KOp *const *acc, KOp **out)
{
	Reduction *r = arg;
	Index ix = row_index(e, r, position);
	KOp *x[COMBINE_MAX];

	for (int i = 0; i < r->combine.n; i++)
		x[i] = combine_load(e, &r->combine, r->op, i, &ix);
	for (int i = 0; i < r->nstage; i++)
		kb_store(&e->b, r->stage_buf[i].buf, position, emit_value(e, r->stage[i], &ix), e->mask);
	combine_apply(e, &r->combine, acc, x, out);
}

static Dim row_count(Emit *e, const Type *t, int first_axis)
{
	Dim n = dim_const(e->ctx->dims, 1);

	for (int i = first_axis; i < t->rank; i++)
		n = dim_mul(e->ctx->dims, n, t->dim[i]);
	/* A product beyond 64 bits is one of a tensor that another extent makes empty. */
	return n ? n : dim_const(e->ctx->dims, 0);
}

/* The row's accumulators, before init and rounding. */
static void emit_row_of(Emit *e, Reduction *r, KOp **out)
{
	const Type *t = r->op->arg[0]->type;

	if (r->first_axis < t->rank - 1) {
		Index start = r->at;
		for (int i = r->first_axis; i < t->rank; i++)
			start.at[i] = kb_int(&e->b, 0);
		r->row_start = index_linear(e, t, &start);
	}
	RowSpec row = {
		.n = r->combine.n, .type = r->combine.type, .absent = r->combine.absent,
		.count = r->row ? row_count(e, r->row, 0) : row_count(e, t, r->first_axis),
		.element = row_element, .combine = combine_apply, .arg = r,
	};
	/* combine_apply wants the Combine, row_element the Reduction: the former is the latter's first member. */
	emit_row(e, &row, out);
}

/* init once and last; round; bind the results. */
static void finish(Emit *e, const Combine *c, const Op *op, KOp **acc)
{
	KOp *init[COMBINE_MAX];

	for (int i = 0; i < c->n; i++)
		init[i] = combine_init_value(e, c, op, i);
	combine_apply(e, (void *)c, acc, init, acc);
	combine_round(e, c, acc);
	for (int i = 0; i < c->nresults; i++)
		map_set(&e->bound, op->result[i], acc[i]);
}

/* Row kernels. */

/* Marks in `seen` what a stage computes to have v: everything below it that is neither in memory, nor reduced, nor staged. */
static void closure(Emit *e, const Value *v, Map *staged, Map *seen)
{
	if (!v->def || map_has(seen, v->def) || map_has(&e->buffers, v) || op_is_anchor(v->def) || map_has(staged, v))
		return;
	map_set(seen, v->def, seen);
	for (int i = 0; i < v->def->nargs; i++)
		closure(e, v->def->arg[i], staged, seen);
}

/* In how many stages (the reductions in order, then the outputs) is op computed; *first: the first of them. */
static int stages_with(Emit *e, const Op *op, Map *staged, int *first)
{
	int n = 0, stage = 0;
	Map seen;

	*first = -1;
	for (const Op *a = e->first; a != e->end; a = a->next) {
		if (!op_is_anchor(a))
			continue;
		map_init(&seen, e->scratch);
		for (int i = 0; i < a->nresults; i++)
			closure(e, a->arg[i], staged, &seen);
		if (map_has(&seen, op)) {
			n++;
			*first = *first < 0 ? stage : *first;
		}
		stage++;
	}
	map_init(&seen, e->scratch);
	for (int i = 0; i < e->nout; i++)
		closure(e, e->out[i], staged, &seen);
	return n + map_has(&seen, op);
}

typedef struct Staging {
	Map      values;                /* Value* -> Stage* */
	Value   *value[8];
	Stage    stage[8];
	int      at[8];                 /* the stage that computes it first */
	int      n;
} Staging;

enum { STAGE_LOCAL_BYTES = 16384, STAGE_CHAIN = 8 };

static bool stays_local(DType t, Dim count)
{
	return dim_is_const(count) && count->value * dtype_size(t) <= STAGE_LOCAL_BYTES;
}

/* Cheap operations add up: from STAGE_CHAIN of them on, a store and a load in the first cache cost less than to compute the
   value again. */
static bool is_long_chain(Emit *e, const Op *op, Map *staged)
{
	Map seen;
	int n = 0;

	map_init(&seen, e->scratch);
	closure(e, op->result[0], staged, &seen);
	for (int i = 0; i < seen.n; i++)
		n += op_has((const Op *)seen.key[i], T_EW);
	return n >= STAGE_CHAIN;
}

static void stage_value(Emit *e, Staging *s, Value *v, int at, int axes, Dim count)
{
	Kernel *k = e->b.k;
	DType t = v->type->dtype;
	KBuf buf = { arena_printf(k->arena, "row%d", k->buf.n), t, stays_local(t, count) ? KB_LOCAL : KB_SCRATCH, count, 64 };

	s->value[s->n] = v;
	s->stage[s->n] = (Stage){ kernel_add_buf(k, buf), axes };
	s->at[s->n] = at;
	map_set(&s->values, v, &s->stage[s->n++]);
}

static bool worth_keeping(Emit *e, const Op *op, const Type *rows, Dim count, Map *staged)
{
	if (!types_same_dims(op->result[0]->type, rows))
		return false;
	return op_has(op, T_COSTLY) || (stays_local(op->result[0]->type->dtype, count) && is_long_chain(e, op, staged));
}

/* Element-level values that several stages need and that cost something are kept, users first, so that what only they need
   is not. */
static void plan_staging(Emit *e, Staging *s, const Type *rows, int axes, Dim count)
{
	const Op *op = e->first;

	map_init(&s->values, e->scratch);
	while (op->next && op->next != e->end)
		op = op->next;
	for (; op; op = op == e->first ? NULL : op->prev) {
		int first;
		if (s->n == 8 || op_is_anchor(op) || !worth_keeping(e, op, rows, count, &s->values))
			continue;
		if (stages_with(e, op, &s->values, &first) >= 2)
			stage_value(e, s, op->result[0], first, axes, count);
	}
}

static void run_stage(Emit *e, const Op *op, int number, const Index *rows, int first_axis, const Staging *s)
{
	Value *value[8];
	Stage buf[8];
	KOp *acc[COMBINE_MAX];
	Reduction r = { .op = op, .at = *rows, .first_axis = first_axis, .stage = value, .stage_buf = buf };

	for (int i = 0; i < s->n; i++)
		if (s->at[i] == number) {
			value[r.nstage] = s->value[i];
			buf[r.nstage++] = s->stage[i];
		}
	combine_init(e, &r.combine, op);
	emit_row_of(e, &r, acc);
	finish(e, &r.combine, op, acc);
	for (int i = 0; i < s->n; i++)
		if (s->at[i] == number)
			map_set(&e->staged, s->value[i], (void *)&s->stage[i]);
}

/* Element-level outputs: one pass over the row. */
static void store_row(Emit *e, const Type *t, const Index *rows, int first_axis)
{
	Index ix = *rows;
	KOp **value = ARENA_ARRAY(e->scratch, KOp *, e->nout);
	bool any = false;

	for (int i = 0; i < e->nout; i++)
		any = any || (!e->done[i] && types_same_dims(e->out[i]->type, t));
	if (!any)
		return;
	emit_loops(e, t, first_axis, t->rank - 1, KR_BATCH, &ix);
	emit_loops(e, t, t->rank - 1, t->rank, KR_N, &ix);
	/* All are computed before any is stored: an output may lie where an operand does. */
	for (int i = 0; i < e->nout; i++)
		value[i] = !e->done[i] && types_same_dims(e->out[i]->type, t) ? emit_value(e, e->out[i], &ix) : NULL;
	for (int i = 0; i < e->nout; i++)
		if (value[i]) {
			e->done[i] = true;
			emit_store(e, i, &ix, value[i]);
		}
	emit_end(e, t->rank - first_axis);
}

static Index result_index(const Op *op, const Index *at)
{
	Ints dims = op_attrs(reduce, op)->dims;
	Index ix = index_none(0);

	for (int i = 0; i < op->arg[0]->type->rank; i++) {
		bool reduced = false;
		for (int k = 0; k < dims.n; k++)
			reduced = reduced || dims.at[k] == i;
		if (!reduced)
			ix.at[ix.rank++] = at->at[i];
	}
	return ix;
}

void lower_row(Emit *e, const Op *first)
{
	const Type *t = first->arg[0]->type;
	int first_axis = t->rank - op_attrs(reduce, first)->dims.n, number = 0;
	Index rows = index_none(t->rank);
	Staging staging = { 0 };

	plan_staging(e, &staging, t, t->rank - first_axis, row_count(e, t, first_axis));
	emit_loops(e, t, 0, first_axis, KR_BATCH, &rows);
	for (const Op *op = first; op != e->end; op = op->next)
		if (op_is_anchor(op))
			run_stage(e, op, number++, &rows, first_axis, &staging);
	store_row(e, t, &rows, first_axis);
	for (const Op *op = first; op != e->end; op = op->next)
		for (int i = 0; op_is_anchor(op) && i < op->nresults; i++) {
			Index ix = result_index(op, &rows);
			emit_outputs_from(e, op->result[i], &ix);
		}
	emit_end(e, first_axis);
}

/* All other reductions. */

/* Strictly ascending from init: any body. */
static void reduce_serial(Emit *e, Reduction *r, KOp **out)
{
	const Type *t = r->op->arg[0]->type;
	Ints dims = op_attrs(reduce, r->op)->dims;
	KOp *acc[COMBINE_MAX], *now[COMBINE_MAX], *x[COMBINE_MAX];
	Index ix = r->at;

	for (int i = 0; i < r->combine.n; i++)
		acc[i] = kb_var(&e->b, combine_init_value(e, &r->combine, r->op, i));
	for (int k = 0; k < dims.n; k++)
		emit_loops(e, t, (int)dims.at[k], (int)dims.at[k] + 1, KR_K, &ix);
	for (int i = 0; i < r->combine.n; i++) {
		now[i] = kb_get(&e->b, acc[i]);
		x[i] = combine_load(e, &r->combine, r->op, i, &ix);
	}
	combine_apply(e, r, now, x, now);
	for (int i = 0; i < r->combine.n; i++)
		kb_set(&e->b, acc[i], now[i]);
	emit_end(e, dims.n);
	for (int i = 0; i < r->combine.n; i++)
		out[i] = kb_get(&e->b, acc[i]);
}

/* One more row (or element, when no trailing axis is reduced) into the chunk's accumulators. */
static void add_row(Emit *e, Reduction *r, bool row, KOp *const *acc)
{
	KOp *x[COMBINE_MAX], *now[COMBINE_MAX];

	if (row) {
		emit_row_of(e, r, x);
	} else {
		for (int i = 0; i < r->combine.n; i++)
			x[i] = combine_load(e, &r->combine, r->op, i, &r->at);
	}
	for (int i = 0; i < r->combine.n; i++)
		now[i] = kb_get(&e->b, acc[i]);
	combine_apply(e, r, now, x, now);
	for (int i = 0; i < r->combine.n; i++)
		kb_set(&e->b, acc[i], now[i]);
}

/* Rows combine ascending within chunks of ORDER_BLOCK rows, chunks as adjacent pairs. */
static void reduce_rows(Emit *e, Reduction *r, const Type *outer, const int *axis, bool row, KOp **out)
{
	KBuild *b = &e->b;
	Dim count = row_count(e, outer, 0);
	bool number = dim_is_const(count);
	int64_t nchunks = number ? (count->value + ORDER_BLOCK - 1) / ORDER_BLOCK : -1;
	KOp *acc[COMBINE_MAX], *now[COMBINE_MAX], *n = kb_dim(b, count), *block = kb_int(b, ORDER_BLOCK);
	int c = r->combine.n;

	if (nchunks == 1) {
		for (int i = 0; i < c; i++)
			acc[i] = kb_var(b, r->combine.absent[i]);
		for (int i = 0; i < outer->rank; i++)
			r->at.at[axis[i]] = kb_for(b, kb_int(b, 0), kb_dim(b, outer->dim[i]), 1, KR_K);
		add_row(e, r, row, acc);
		emit_end(e, outer->rank);
		for (int i = 0; i < c; i++)
			out[i] = kb_get(b, acc[i]);
		return;
	}
	Tree *t = tree_begin(e, c, r->combine.type, -1, combine_apply, r);
	KOp *last = kb_op(b, SC_div, kb_add(b, n, kb_int(b, ORDER_BLOCK - 1)), block, NULL);
	KOp *chunk = kb_for(b, kb_int(b, 0), last, 1, KR_SERIAL);
	KOp *from = kb_mul(b, chunk, block), *to = kb_op(b, SC_min, kb_add(b, from, block), n, NULL);
	for (int i = 0; i < c; i++)
		acc[i] = kb_var(b, r->combine.absent[i]);
	Index at = index_none(outer->rank);
	at.linear = kb_for(b, from, to, 1, KR_K);
	for (int i = 0; i < outer->rank; i++)
		r->at.at[axis[i]] = index_axis(e, outer, &at, i);
	add_row(e, r, row, acc);
	kb_end(b);
	for (int i = 0; i < c; i++)
		now[i] = kb_get(b, acc[i]);
	tree_push(e, t, chunk, now);
	kb_end(b);
	tree_finish(e, t, last, r->combine.absent, out);
}

static void reduce_tree(Emit *e, Reduction *r, KOp **out)
{
	const struct attrs_reduce *a = op_attrs(reduce, r->op);
	const Type *t = r->op->arg[0]->type;
	int nouter = a->dims.n - (int)a->row, axis[RANK_MAX];
	Dim dim[RANK_MAX];

	bool trailing = true;
	for (int i = 0; i < a->row; i++) {
		dim[i] = t->dim[a->dims.at[nouter + i]];
		trailing = trailing && a->dims.at[nouter + i] == t->rank - a->row + i;
	}
	r->first_axis = trailing ? t->rank - (int)a->row : t->rank;
	if (!trailing) {
		r->row = type_get(e->ctx->types, t->dtype, (int)a->row, dim);
		r->row_axis = a->dims.at + nouter;
	}
	for (int i = 0; i < nouter; i++) {
		axis[i] = (int)a->dims.at[i];
		dim[i] = t->dim[axis[i]];
	}
	if (nouter == 0) {
		emit_row_of(e, r, out);
		return;
	}
	reduce_rows(e, r, type_get(e->ctx->types, t->dtype, nouter, dim), axis, a->row > 0, out);
}

void lower_reduce(Emit *e, const Op *op)
{
	const struct attrs_reduce *a = op_attrs(reduce, op);
	const Type *t = op->arg[0]->type;
	Reduction r = { .op = op, .at = index_none(t->rank) };
	KOp *acc[COMBINE_MAX];
	int nloops = 0;

	for (int i = 0; i < t->rank; i++) {
		bool reduced = false;
		for (int k = 0; k < a->dims.n; k++)
			reduced = reduced || a->dims.at[k] == i;
		if (reduced)
			continue;
		/* A kept last axis is unit stride in operand and result: the axis to vectorise. */
		emit_loops(e, t, i, i + 1, i == t->rank - 1 ? KR_N : KR_BATCH, &r.at);
		nloops++;
	}
	combine_init(e, &r.combine, op);
	if (a->order == ORDER_TREE) {
		reduce_tree(e, &r, acc);
		finish(e, &r.combine, op, acc);
	} else {
		reduce_serial(e, &r, acc);
		combine_round(e, &r.combine, acc);
		for (int i = 0; i < r.combine.n; i++)
			map_set(&e->bound, op->result[i], acc[i]);
	}
	Index ix = result_index(op, &r.at);
	for (int i = 0; i < op->nresults; i++)
		emit_outputs_from(e, op->result[i], &ix);
	emit_end(e, nloops);
}
