/* ir/eval_op.c - one op on constants, for folding: what it refuses, so that compiling always ends, and soon. */
#include "ir/complex.h"
#include "ir/eval_impl.h"

/* Steps (elements touched, roughly) that folding an op may take: well under a second. */
#define WORK_MAX 5e7

static double count_of(const Type *t)
{
	double n = 1;

	for (int i = 0; i < t->rank; i++)
		n *= dim_is_const(t->dim[i]) ? (double)t->dim[i]->value : 1;
	return n;
}

static double product(Ints list)
{
	double n = 1;

	for (int i = 0; i < list.n; i++)
		n *= (double)list.at[i];
	return n;
}

/* Steps an element of the (first) result takes, where that is not about one. */
static double steps_each(const Op *op)
{
	const Type *x = op->nargs ? op->arg[0]->type : NULL;
	double n = 1;

	switch (op->kind) {
	case OP_dot_general: {
		Ints contract = op_attrs(dot_general, op)->lhs_contract;

		for (int i = 0; i < contract.n; i++)
			n *= (double)x->dim[contract.at[i]]->value;
		return n;
	}
	case OP_conv_general: {
		const Type *kernel = op->arg[1]->type;
		Dim features = kernel->dim[op_attrs(conv_general, op)->rhs_spec.at[0]];

		return features->value ? count_of(kernel) / (double)features->value : 1;
	}
	case OP_reduce_window:
		return product(op_attrs(reduce_window, op)->window);
	case OP_sort: {   /* comparisons, and a call each */
		double results = count_of(op->result[0]->type);

		return 64 * (results ? count_of(x) / results : 0);
	}
	default:
		return op_has(op, T_COMPOSITE) ? 100 : 1;
	}
}

static bool is_cheap(const Op *op)
{
	double work = 0;

	for (int i = 0; i < op->nargs; i++) {
		if (!type_is_static(op->arg[i]->type))
			return false;
		work += count_of(op->arg[i]->type);
	}
	for (int i = 0; i < op->nresults; i++) {
		if (!type_is_static(op->result[i]->type))
			return false;
		work += count_of(op->result[i]->type) * steps_each(op);
	}
	return work <= WORK_MAX;
}

/* What might not end, what takes long, and regions that see values from outside. */
typedef struct Refusal { const Op *root; bool refused; } Refusal;

static bool is_inside(const Value *v, const Op *root)
{
	const Block *b = v->def ? v->def->block : v->block;

	while (b && b->parent != root)
		b = b->parent ? b->parent->block : NULL;
	return b != NULL;
}

/* Numbers that have not been through the pass `expand`. */
static bool computes_complex(const Op *op)
{
	bool found = op->kind == OP_complex;

	for (int i = 0; i < op->nargs && op->kind != OP_yield; i++)
		found = found || dtype_is_complex(op->arg[i]->type->dtype);
	return found && !op_is_recast(op) && !op_has(op, T_VIEW);
}

static bool is_refused(const Op *op)
{
	return op_has(op, T_CONTROL | T_COLLECTIVE) || op->kind == OP_call || op->kind == OP_custom_call ||
	       op->kind == OP_replica_id || op->kind == OP_partition_id || !is_cheap(op) || computes_complex(op);
}

static bool look_for_refusal(Op *op, void *arg)
{
	Refusal *r = arg;

	r->refused |= is_refused(op);
	for (int i = 0; i < op->nargs; i++)
		r->refused |= !is_inside(op->arg[i], r->root);
	return !r->refused;
}

bool eval_op(Ctx *ctx, const Op *op, Tensor *const *in, Tensor **out)
{
	Refusal r = { op, is_refused(op) || op_has(op, T_TERMINATOR) };
	int64_t live = 0;
	Eval e;

	memset(out, 0, (size_t)op->nresults * sizeof *out);
	for (int i = 0; i < op->nregions; i++)
		block_walk(op->region[i], look_for_refusal, &r);
	if (r.refused)
		return false;

	eval_open(&e, ctx, op_func(op), NULL, &live);
	e.folding = true;
	bool ok = eval_run(&e, op, in, out);
	for (int i = 0; i < op->nresults && !ok; i++) {
		eval_release(&e, out[i]);
		out[i] = NULL;
	}
	eval_close(&e);
	return ok;
}
