/* ir/infer_control.c - inference of control flow and structure: while, call, fusion. */
#include "ir/infer_impl.h"

bool infer_while(Infer *in)
{
	const Op *op = in->op;
	const Type *truth = type_scalar(in->ctx->types, DT_BOOL);
	const Type **carried = ARENA_ARRAY(in->ctx->arena, const Type *, op->nargs);

	for (int i = 0; i < op->nargs; i++)
		carried[i] = infer_arg(in, i);
	if (!infer_region(in, 0, op->nargs, carried, 1, &truth) ||
	    !infer_region(in, 1, op->nargs, carried, op->nargs, carried))
		return false;
	for (int i = 0; i < op->nargs; i++)
		infer_result_type(in, carried[i]);
	return true;
}

bool infer_fusion(Infer *in)
{
	const Op *op = in->op;
	const Block *b = op->region[0];

	if (b->args.n != op->nargs)
		return infer_fail(in, "the region takes %d arguments, wanted %d, one an operand", b->args.n, op->nargs);
	if (!b->last || b->last->kind != OP_yield)
		return infer_fail(in, "the region does not end with yield");
	for (int i = 0; i < op->nargs; i++)
		if (!infer_type_is(in, b->args.at[i]->type, infer_arg(in, i),
		                   arena_printf(in->ctx->arena, "argument %d of the region", i)))
			return false;
	for (int i = 0; i < b->last->nargs; i++)
		infer_result_type(in, b->last->arg[i]->type);
	return true;
}

/* The callee's symbols as the caller's expressions. */
typedef struct Binding {
	int n;
	const char *name[64];
	Dim by[64];
} Binding;

static bool is_bound(const Binding *b, Dim sym)
{
	for (int i = 0; i < b->n; i++)
		if (b->name[i] == sym->name)
			return true;
	return false;
}

/* A symbol that is an extent of a parameter is bound by the operand's extent there, the first time it comes. */
static bool bind_symbols(Infer *in, const Func *callee, Binding *b)
{
	for (int i = 0; i < in->op->nargs; i++) {
		const Type *param = callee->body->args.at[i]->type, *arg = infer_arg(in, i);

		if (param->rank != arg->rank || param->dtype != arg->dtype)
			return infer_fail_at(in, i, "operand %d is %s, but @%s takes %s", i, infer_type_text(in, arg), callee->name,
			                     infer_type_text(in, param));
		for (int k = 0; k < param->rank; k++) {
			if (param->dim[k]->kind != DIM_SYM || is_bound(b, param->dim[k]))
				continue;
			if (b->n == (int)(sizeof b->name / sizeof *b->name))
				return infer_fail(in, "@%s has more than %d symbols", callee->name, b->n);
			b->name[b->n] = param->dim[k]->name;
			b->by[b->n++] = arg->dim[k];
		}
	}
	return true;
}

static Dim bound_dim(Infer *in, const Binding *b, Dim d)
{
	return dim_is_const(d) ? d : dim_subst(in->ctx->dims, d, b->n, b->name, b->by);
}

static bool all_bound(Infer *in, const Func *callee, const Binding *b, const Type *t)
{
	Dim list[64];

	for (int k = 0; k < t->rank; k++) {
		int n = dim_symbols(t->dim[k], list, 0, 64);

		for (int i = 0; i < n; i++)
			if (!is_bound(b, list[i]))
				return infer_fail(in, "symbol %s of @%s is no extent of a parameter, so that its value is not known",
				                  list[i]->name, callee->name);
	}
	return true;
}

static bool params_fit(Infer *in, const Func *callee, const Binding *b)
{
	for (int i = 0; i < in->op->nargs; i++) {
		const Type *param = callee->body->args.at[i]->type, *arg = infer_arg(in, i);

		if (!all_bound(in, callee, b, param))
			return false;
		for (int k = 0; k < param->rank; k++) {
			Dim want = bound_dim(in, b, param->dim[k]);

			if (!infer_equal(in, arg->dim[k], want, "axis %d of operand %d has extent %s, but @%s takes %s", k, i,
			                 infer_dim_text(in, arg->dim[k]), callee->name, infer_dim_text(in, want)))
				return false;
		}
	}
	for (int i = 0; i < callee->constraints.n; i++) {
		const Constraint *c = &callee->constraints.at[i];
		Dim x = bound_dim(in, b, c->a), y = bound_dim(in, b, c->b);

		if (!infer_equal(in, x, y, "@%s needs %s = %s, which is %s = %s here", callee->name, infer_dim_text(in, c->a),
		                 infer_dim_text(in, c->b), infer_dim_text(in, x), infer_dim_text(in, y)))
			return false;
	}
	return true;
}

bool infer_call(Infer *in)
{
	const char *name = op_attrs(call, in->op)->callee;
	const Func *callee = module_func(in->func->module, name);
	Binding b = { 0 };
	Dim dim[RANK_MAX];

	if (!callee)
		return infer_fail(in, "there is no graph @%s in the module", name);
	if (callee->body->args.n != in->op->nargs) {
		infer_fail(in, "%d operand%s found, but @%s takes %d", in->op->nargs, in->op->nargs == 1 ? "" : "s", name,
		           callee->body->args.n);
		diag_note(&in->ctx->diag, callee->loc, "the graph is defined here");
		return false;
	}
	if (!bind_symbols(in, callee, &b) || !params_fit(in, callee, &b))
		return false;
	for (int i = 0; i < callee->result_types.n; i++) {
		const Type *t = callee->result_types.at[i];

		if (!all_bound(in, callee, &b, t))
			return false;
		for (int k = 0; k < t->rank; k++)
			dim[k] = bound_dim(in, &b, t->dim[k]);
		if (!infer_result(in, t->dtype, t->rank, dim))
			return false;
	}
	return true;
}
