/* passes/fuse_cost.c - estimates for the pass fuse. */
#include "passes/fuse_cost.h"

CostClass op_cost(const Op *op)
{
	if (op_has(op, T_EW))
		return op_has(op, T_COSTLY) ? COST_EXPENSIVE : COST_CHEAP;
	return op_is_pointwise(op) ? COST_MOVEMENT : COST_EXPENSIVE;
}

double dim_estimate(Dim d)
{
	enum { SYMBOLS = 16 };
	Dim sym[SYMBOLS];
	const char *name[SYMBOLS];
	int64_t value[SYMBOLS], v;

	if (dim_is_const(d))
		return (double)d->value;
	int n = dim_symbols(d, sym, 0, SYMBOLS);
	for (int i = 0; i < n; i++) {
		name[i] = sym[i]->name;
		value[i] = sym[i]->bound < 32 ? sym[i]->bound : sym[i]->limit ? (int64_t)dim_estimate(sym[i]->limit) : 32;
	}
	return dim_eval(d, &(DimEnv){ n, name, value }, &v) ? (double)v : 1e6;
}

double type_size_estimate(const Type *t)
{
	double n = 1;

	for (int i = 0; i < t->rank; i++)
		n *= dim_estimate(t->dim[i]);
	return n;
}

static double product(Ints list)
{
	double n = 1;

	for (int i = 0; i < list.n; i++)
		n *= (double)list.at[i];
	return n;
}

double op_request_ratio(const Op *op, int i)
{
	const Type *from = op->arg[i]->type, *to = op->result[0]->type;

	if (op_has(op, T_EW) || op->kind == OP_reduce || op->kind == OP_cumulate)
		return 1;
	if (op->kind == OP_reduce_window) {
		const struct attrs_reduce_window *w = op_attrs(reduce_window, op);
		return product(w->window) / product(w->strides);
	}
	double n = type_size_estimate(from), m = type_size_estimate(to);
	return n > 0 ? m / n : 1;
}

/* The last axis with more than one element; 0 when there is none. */
static int last_axis(const Type *t)
{
	int i = t->rank - 1;

	while (i > 0 && dim_is(t->dim[i], 1))
		i--;
	return i;
}

bool op_keeps_last_axis(const Op *op)
{
	const Type *to = op->result[0]->type, *from = op->nargs ? op->arg[0]->type : NULL;

	if (!from || !from->rank || !to->rank)
		return true;
	switch (op->kind) {
	case OP_transpose:
		return op_attrs(transpose, op)->permutation.at[last_axis(to)] == last_axis(from);
	case OP_broadcast_in_dim:
		return op_attrs(broadcast_in_dim, op)->dims.at[from->rank - 1] == to->rank - 1;
	case OP_slice: {
		Ints s = op_attrs(slice, op)->strides;
		return !s.n || s.at[last_axis(from)] == 1;
	}
	case OP_reshape:
		return true;
	default:
		return op_has(op, T_EW);
	}
}

bool value_is_immediate(const Value *v)
{
	/* Not a weight: the region of a fusion holds constants, but no weights. */
	const Blob *b = v->def && v->def->kind == OP_constant ? value_constant(v) : NULL;

	return b && (blob_is_splat(b) || (blob_count(b) == 1 && !b->nbounds));
}

static bool region_captures(const Op *op, const Block *region)
{
	for (const Op *inner = region->first; inner; inner = inner->next) {
		for (int i = 0; i < inner->nargs; i++) {
			const Value *v = inner->arg[i];
			const Block *b = v->def ? v->def->block : v->block;
			while (b && b->parent != op)
				b = b->parent ? b->parent->block : NULL;
			if (!b)
				return true;
		}
		for (int i = 0; i < inner->nregions; i++)
			if (region_captures(op, inner->region[i]))
				return true;
	}
	return false;
}

bool op_captures(const Op *op)
{
	for (int i = 0; i < op->nregions; i++)
		if (region_captures(op, op->region[i]))
			return true;
	return false;
}
