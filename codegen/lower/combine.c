/* codegen/lower/combine.c - the bodies of reductions on accumulators. */
#include "codegen/lower/combine.h"

#include "ir/base/check.h"
#include "ir/order.h"

static ScalarOp scalar_of(OpKind kind)
{
	switch (kind) {
	case OP_add: return SC_add;
	case OP_mul: return SC_mul;
	case OP_max: return SC_max;
	case OP_min: return SC_min;
	case OP_and: return SC_and;
	case OP_or: return SC_or;
	case OP_xor: return SC_xor;
	default: UNREACHABLE("%s combines nothing", op_info[kind].name);
	}
}

static bool wants_largest(const Block *region)
{
	for (const Op *op = region->first; op; op = op->next)
		if (op->kind == OP_compare && op_attrs(compare, op)->dir >= CMP_LT && dtype_is_float(op->arg[0]->type->dtype))
			return op_attrs(compare, op)->dir >= CMP_GT;
	for (const Op *op = region->first; op; op = op->next)
		if (op->kind == OP_compare && op_attrs(compare, op)->dir >= CMP_GT)
			return true;
	return false;
}

void combine_init(Emit *e, Combine *c, const Op *op)
{
	c->region = op->region[0];
	c->one = region_combiner(c->region);
	c->n = c->nresults = op->nresults;
	CHECK(c->n < COMBINE_MAX, "%s: %d operands in one kernel", op_row(op)->name, c->n);
	bool largest = wants_largest(c->region);
	for (int i = 0; i < c->n; i++) {
		c->result[i] = op->arg[i]->type->dtype;
		c->type[i] = c->one != OP_COUNT ? dtype_scalar(c->result[i]) : c->result[i];
		/* An arg-reduction's absent pair loses against every element: the worst value at the last index. */
		OpKind as = c->one != OP_COUNT ? c->one : i == 0 && largest ? OP_max : OP_min;
		c->absent[i] = kb_const(&e->b, c->type[i], combiner_absent(as, c->type[i]));
	}
	if (op->kind == OP_reduce && op_attrs(reduce, op)->order == ORDER_TREE && c->one == OP_COUNT &&
	    !region_is_argreduce(c->region)) {
		c->type[c->n] = c->result[c->n] = DT_BOOL;
		c->absent[c->n++] = kb_const(&e->b, DT_BOOL, 0);
	}
}

void combine_apply(Emit *e, void *combine, KOp *const *a, KOp *const *b, KOp **out)
{
	const Combine *c = combine;
	KOp *arg[2 * COMBINE_MAX] = { NULL };

	if (c->one != OP_COUNT) {
		out[0] = kb_op(&e->b, scalar_of(c->one), a[0], b[0], NULL);
		return;
	}
	KOp *x[COMBINE_MAX], *both = NULL;
	int n = c->nresults;
	for (int i = 0; i < n; i++) {
		arg[i] = a[i];
		arg[n + i] = b[i];
	}
	emit_region(e, c->region, arg, x);
	if (c->n > n)
		both = kb_op(&e->b, SC_and, a[n], b[n], NULL);
	for (int i = 0; i < n; i++)
		x[i] = both ? kb_op(&e->b, SC_select, both, x[i], kb_op(&e->b, SC_select, a[n], a[i], b[i])) : x[i];
	if (both)
		x[n] = kb_op(&e->b, SC_or, a[n], b[n], NULL);
	memcpy(out, x, sizeof *x * (size_t)c->n);
}

KOp *combine_load(Emit *e, const Combine *c, const Op *op, int i, const Index *ix)
{
	if (i == c->nresults)
		return kb_const(&e->b, DT_BOOL, 1);
	return emit_convert(e, emit_value(e, op->arg[i], ix), c->type[i]);
}

KOp *combine_init_value(Emit *e, const Combine *c, const Op *op, int i)
{
	Index scalar = index_none(0);

	if (i == c->nresults)
		return kb_const(&e->b, DT_BOOL, 1);
	return emit_convert(e, emit_value(e, op->arg[c->nresults + i], &scalar), c->type[i]);
}

void combine_round(Emit *e, const Combine *c, KOp **value)
{
	for (int i = 0; i < c->nresults; i++)
		value[i] = emit_convert(e, value[i], c->result[i]);
}
