/* codegen/lower/emit.c - "the value of %v at these indices": loads, elementwise ops, memo, outputs. */
#include "codegen/lower/lower.h"

#include "ir/base/check.h"
#include "ir/exprs.h"

/* Positions. */

Index index_none(int rank)
{
	Index ix = { .rank = rank };
	return ix;
}

KOp *index_linear(Emit *e, const Type *t, const Index *ix)
{
	if (ix->linear)
		return ix->linear;
	KOp *sum = kb_int(&e->b, 0);
	Dim stride = dim_const(e->ctx->dims, 1);

	for (int i = t->rank - 1; i >= 0; i--) {
		if (!dim_is(t->dim[i], 1))
			sum = kb_add(&e->b, kb_mul(&e->b, ix->at[i], kb_dim(&e->b, stride)), sum);
		stride = dim_mul(e->ctx->dims, stride, t->dim[i]);
		/* Where another axis is empty, nothing is read. */
		stride = stride ? stride : dim_const(e->ctx->dims, 0);
	}
	return sum;
}

KOp *index_in_buffer(Emit *e, int buf, const Type *t, const Index *ix)
{
	const Dim *stride = e->place[buf].stride;
	KOp *sum = kb_int(&e->b, 0);

	if (!stride)
		return index_linear(e, t, ix);
	for (int i = t->rank - 1; i >= 0; i--)
		if (!dim_is(t->dim[i], 1))
			sum = kb_add(&e->b, kb_mul(&e->b, index_axis(e, t, ix, i), kb_dim(&e->b, stride[i])), sum);
	return sum;
}

KOp *index_axis(Emit *e, const Type *t, const Index *ix, int axis)
{
	if (ix->at[axis])
		return ix->at[axis];
	Dim inner = dim_const(e->ctx->dims, 1);

	for (int i = axis + 1; i < t->rank; i++)
		inner = dim_mul(e->ctx->dims, inner, t->dim[i]);
	KOp *q = kb_floordiv(&e->b, ix->linear, kb_dim(&e->b, inner));
	for (int i = 0; i < axis; i++)
		if (!dim_is(t->dim[i], 1))
			return kb_mod(&e->b, q, kb_dim(&e->b, t->dim[axis]));
	return q;   /* the leading axis: nothing above it */
}

void emit_loops(Emit *e, const Type *t, int from, int to, KRole role, Index *ix)
{
	for (int i = from; i < to; i++)
		ix->at[i] = kb_for(&e->b, kb_int(&e->b, 0), kb_dim(&e->b, t->dim[i]), 1, role);
}

void emit_end(Emit *e, int nloops)
{
	for (int i = 0; i < nloops; i++)
		kb_end(&e->b);
}

/* Memory. */

KOp *emit_mask_and(Emit *e, KOp *more)
{
	return !more ? e->mask : e->mask ? kb_op(&e->b, SC_and, e->mask, more, NULL) : more;
}

KOp *emit_load(Emit *e, int buf, KOp *offset)
{
	return kb_load_masked(&e->b, buf, offset, 1, e->mask, 0);
}

void emit_store(Emit *e, int out, const Index *ix, KOp *value)
{
	kb_store(&e->b, e->nin + out, index_in_buffer(e, e->nin + out, e->out[out]->type, ix), value, e->mask);
	e->stores = true;
}

KOp *emit_convert(Emit *e, KOp *x, DType to)
{
	return kb_cast(&e->b, SC_convert, to, x);
}

/* Memo: a value already computed for the same position, in a block that is still open. */

typedef struct Known {
	Index index;
	KOp *mask, *result;
	const KBlock *block;
	struct Known *next;
} Known;

static bool is_open(const Emit *e, const KBlock *block)
{
	for (const KBlock *b = e->b.block; b; b = b->parent ? b->parent->block : NULL)
		if (b == block)
			return true;
	return false;
}

static bool same_number(const KOp *a, const KOp *b)
{
	int64_t by;

	return a == b || (a && b && kop_apart(a, b, &by) && by == 0);
}

static bool same_position(const Index *a, const Index *b)
{
	if (a->linear || b->linear)
		return a->linear && b->linear && same_number(a->linear, b->linear);
	for (int i = 0; i < a->rank; i++)
		if (!same_number(a->at[i], b->at[i]))
			return false;
	return true;
}

static KOp *memo_find(Emit *e, const Value *v, const Index *ix)
{
	for (Known *k = map_get(&e->memo, v); k; k = k->next)
		if (k->mask == e->mask && same_position(&k->index, ix) && is_open(e, k->block))
			return k->result;
	return NULL;
}

static void memo_add(Emit *e, const Value *v, const Index *ix, KOp *result)
{
	Known *k = ARENA_NEW(e->scratch, Known);

	k->index = *ix;
	k->mask = e->mask;
	k->result = result;
	k->block = e->b.block;
	k->next = map_get(&e->memo, v);
	map_set(&e->memo, v, k);
}

/* Values. */

static KOp *emit_elementwise(Emit *e, const Op *op, const Index *ix)
{
	KOp *arg[8];

	CHECK(op->nargs <= 8, "%s: too many operands", op_row(op)->name);
	for (int i = 0; i < op->nargs; i++)
		arg[i] = emit_value(e, op->arg[i], ix);
	return kb_prog(&e->b, expr_prog(e->scratch, op), arg);
}

static KOp *emit_staged(Emit *e, Value *v, const Stage *s, const Index *ix)
{
	Index row = index_none(s->axes);
	const Type *t = v->type;
	const Type *tail = type_get(e->ctx->types, t->dtype, s->axes, t->dim + t->rank - s->axes);

	for (int i = 0; i < s->axes; i++)
		row.at[i] = index_axis(e, t, ix, t->rank - s->axes + i);
	return emit_load(e, s->buf, index_linear(e, tail, &row));
}

/* All results of a cond or while: each is likely to be asked for. */
static KOp *emit_of_control(Emit *e, const Value *v, const Index *ix)
{
	const Op *op = v->def;
	KOp **out = ARENA_ARRAY(e->scratch, KOp *, op->nresults);

	emit_control(e, op, out);
	for (int i = 0; i < op->nresults; i++)
		if (op->result[i] != v)
			memo_add(e, op->result[i], ix, out[i]);
	return out[v->index];
}

KOp *emit_value(Emit *e, Value *v, const Index *ix)
{
	KOp *known = map_get(&e->bound, v);
	Stage *stage;
	void *buf;

	if (known || (known = memo_find(e, v, ix)))
		return known;
	if ((buf = map_get(&e->buffers, v)))
		known = emit_load(e, (int)(intptr_t)buf - 1, index_in_buffer(e, (int)(intptr_t)buf - 1, v->type, ix));
	else if ((stage = map_get(&e->staged, v)))
		known = emit_staged(e, v, stage, ix);
	else if (v->def && op_has(v->def, T_EW))
		known = emit_elementwise(e, v->def, ix);
	else if (v->def && (v->def->kind == OP_cond || v->def->kind == OP_while))
		known = emit_of_control(e, v, ix);
	else
		known = emit_pointwise(e, v->def, v->index, ix);
	memo_add(e, v, ix, known);
	return known;
}

void emit_region(Emit *e, const Block *region, KOp *const *arg, KOp **out)
{
	const Op *yield = block_terminator(region);
	Map memo = e->memo;
	Index scalar = index_none(0);

	for (int i = 0; i < region->args.n; i++)
		map_set(&e->bound, region->args.at[i], arg[i]);
	map_init(&e->memo, e->scratch);   /* the region's values hold for these arguments only */
	for (int i = 0; i < yield->nargs; i++)
		out[i] = emit_value(e, yield->arg[i], &scalar);
	e->memo = memo;
}

/* Following an anchor's element forwards to where it is stored. */

static bool forward(Emit *e, const Op *op, const Type *from, const Index *ix, Index *to, KOp **mask)
{
	const Type *t = op->result[0]->type;

	*to = index_none(t->rank);
	if (op_has(op, T_EW)) {
		*to = *ix;
	} else if (op->kind == OP_reshape) {
		to->linear = index_linear(e, from, ix);
	} else if (op->kind == OP_transpose) {
		Ints perm = op_attrs(transpose, op)->permutation;
		for (int i = 0; i < t->rank; i++)
			to->at[i] = index_axis(e, from, ix, (int)perm.at[i]);
	} else if (op->kind == OP_slice && op_is_forward(op)) {
		for (int i = 0; i < t->rank; i++) {
			to->at[i] = index_axis(e, from, ix, i);
			if (t->dim[i] != from->dim[i]) {
				KOp *in = kb_op(&e->b, SC_lt, to->at[i], kb_dim(&e->b, t->dim[i]), NULL);
				*mask = *mask ? kb_op(&e->b, SC_and, *mask, in, NULL) : in;
			}
		}
	} else {
		return false;
	}
	return true;
}

/* All outputs of a position are computed before any is stored: an output may lie where an operand does. */
typedef struct Pending { int out; Index ix; KOp *mask, *value; } Pending;
typedef VEC(Pending) Stores;

static void outputs_from(Emit *e, const Value *v, const Index *ix, Map *seen, Stores *stores)
{
	for (int i = 0; i < e->nout; i++) {
		if (e->out[i] != v || e->done[i])
			continue;
		e->done[i] = true;
		vec_push(e->scratch, stores, (Pending){ i, *ix, e->mask, emit_value(e, e->out[i], ix) });
	}
	for (const Use *u = v->first_use; u; u = u->next) {
		const Op *op = u->user;
		KOp *old = e->mask, *mask = NULL;
		Index to;

		if (!map_has(&e->members, op) || !op_is_forward(op) || map_has(seen, op))
			continue;
		map_set(seen, op, seen);
		if (!forward(e, op, v->type, ix, &to, &mask))
			continue;
		e->mask = emit_mask_and(e, mask);
		outputs_from(e, op->result[0], &to, seen, stores);
		e->mask = old;
	}
}

void emit_outputs_from(Emit *e, const Value *from, const Index *ix)
{
	Map seen;
	Stores stores = { 0 };
	KOp *mask = e->mask;

	map_init(&seen, e->scratch);
	outputs_from(e, from, ix, &seen, &stores);
	for (int i = 0; i < stores.n; i++) {
		e->mask = stores.at[i].mask;
		emit_store(e, stores.at[i].out, &stores.at[i].ix, stores.at[i].value);
	}
	e->mask = mask;
}
