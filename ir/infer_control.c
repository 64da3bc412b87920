/* ir/infer_control.c - inference of control flow and structure: while, cond, case, scan, call, fusion, barrier. */
#include "ir/custom.h"
#include "ir/infer_impl.h"

bool infer_while(Infer *in)
{
	const Op *op = in->op;
	if (op_attrs(while, op)->rounds.n > 1)
		return infer_fail(in, "'rounds' has %d entries, wanted one", op_attrs(while, op)->rounds.n);
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

/* Regions without arguments that yield the same types: those of the first are the results'. */
static bool infer_branches(Infer *in)
{
	const Op *op = in->op;
	const Block *first = op->region[0];

	if (!first->last || first->last->kind != OP_yield)
		return infer_fail(in, "region '%s' does not end with yield", op_region_name(op, 0));
	int n = first->last->nargs;
	const Type **yields = ARENA_ARRAY(in->ctx->arena, const Type *, n);
	for (int i = 0; i < n; i++)
		yields[i] = first->last->arg[i]->type;
	for (int r = 0; r < op->nregions; r++)
		if (!infer_region(in, r, 0, NULL, n, yields))
			return false;
	for (int i = 0; i < n; i++)
		if (!infer_result_type(in, yields[i]))
			return false;
	return true;
}

bool infer_cond(Infer *in)
{
	return infer_is_scalar(in, 0, DT_BOOL, "the condition") && infer_branches(in);
}

bool infer_case(Infer *in)
{
	if (in->op->nregions == 0)
		return infer_fail(in, "has no branch, wanted at least one");
	return infer_is_scalar(in, 0, DT_I32, "the number of the branch") && infer_branches(in);
}

/* The rounds: the first extent of the tensors, or `length`. */
static Dim scan_length(Infer *in)
{
	const struct attrs_scan *a = op_attrs(scan, in->op);
	Dim length = a->length.n ? a->length.at[0] : NULL;

	for (int i = (int)a->carry; i < in->op->nargs; i++) {
		const Type *t = infer_arg(in, i);

		if (t->rank == 0) {
			infer_fail_at(in, i, "operand %d is a scalar, wanted a tensor to be taken apart along axis 0", i);
			return NULL;
		}
		if (!length)
			length = t->dim[0];
		else if (!infer_equal(in, t->dim[0], length, "axis 0 of operand %d has extent %s, wanted %s as the others have", i,
		                      infer_dim_text(in, t->dim[0]), infer_dim_text(in, length)))
			return NULL;
		else
			length = infer_merge(in, length, t->dim[0]);
	}
	if (!length)
		infer_fail(in, "'length' is needed where there is no tensor to take apart");
	return length;
}

bool infer_scan(Infer *in)
{
	const Op *op = in->op;
	const struct attrs_scan *a = op_attrs(scan, op);
	TypeTable *types = in->ctx->types;

	if (a->carry < 0 || a->carry > op->nargs)
		return infer_fail(in, "'carry' is %lld, wanted 0 to %d, the number of operands", (long long)a->carry, op->nargs);
	if (a->length.n > 1)
		return infer_fail(in, "'length' has %d entries, wanted one", a->length.n);
	Dim length = scan_length(in);
	if (!length)
		return false;
	const Block *b = op->region[0];
	if (!b->last || b->last->kind != OP_yield)
		return infer_fail(in, "the region does not end with yield");
	int carry = (int)a->carry, nyields = b->last->nargs;
	if (nyields < carry)
		return infer_fail(in, "the region yields %d value%s, wanted at least the %d carried", nyields, nyields == 1 ? "" : "s", carry);
	const Type **args = ARENA_ARRAY(in->ctx->arena, const Type *, op->nargs + 1);
	const Type **yields = ARENA_ARRAY(in->ctx->arena, const Type *, nyields + 1);
	for (int i = 0; i < op->nargs; i++) {
		const Type *t = infer_arg(in, i);
		args[i] = i < carry ? t : type_get(types, t->dtype, t->rank - 1, t->dim + 1);
	}
	for (int i = 0; i < nyields; i++)
		yields[i] = i < carry ? args[i] : b->last->arg[i]->type;
	if (!infer_region(in, 0, op->nargs, args, nyields, yields))
		return false;
	for (int i = 0; i < nyields; i++) {
		Dim dim[RANK_MAX + 1] = { length };

		memcpy(dim + 1, yields[i]->dim, sizeof *dim * (size_t)yields[i]->rank);
		if (i < carry ? !infer_result_type(in, yields[i]) : !infer_result(in, yields[i]->dtype, yields[i]->rank + 1, dim))
			return false;
	}
	return true;
}

bool infer_custom_call(Infer *in)
{
	const struct attrs_custom_call *a = op_attrs(custom_call, in->op);

	if (!custom_is_name(a->target))
		return infer_fail(in, "'target' is \"%s\", wanted the name of a C function", a->target ? a->target : "");
	in->func->module->effects |= a->side_effect;
	for (int i = 0; i < a->results.n; i++)
		if (!infer_result_type(in, a->results.at[i]))
			return false;
	return true;
}

bool infer_barrier(Infer *in)
{
	for (int i = 0; i < in->op->nargs; i++)
		if (!infer_result_type(in, infer_arg(in, i)))
			return false;
	return true;
}

bool infer_fusion(Infer *in)
{
	const Op *op = in->op;
	const Block *b = op->region[0];

	if (b->args.n != op->nargs)
		return infer_fail(in, "the region takes %d argument%s, wanted %d, one an operand", b->args.n, b->args.n == 1 ? "" : "s", op->nargs);
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

/* Conditions on sizes that the callee defines are its own affair. */
static bool is_ours(const Binding *b, Dim d)
{
	Dim list[64];
	int n = dim_symbols(d, list, 0, 64);

	for (int i = 0; i < n; i++)
		if (!is_bound(b, list[i]))
			return false;
	return true;
}

static bool all_bound(Infer *in, const Func *callee, const Binding *b, const Type *t)
{
	Dim list[64];

	for (int k = 0; k < t->rank; k++) {
		int n = dim_symbols(t->dim[k], list, 0, 64);

		for (int i = 0; i < n; i++)
			if (!is_bound(b, list[i]))
				return infer_fail(in, "symbol %s of @%s is no extent of a parameter, so that its value is not known here",
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
		if (!is_ours(b, c->a) || !is_ours(b, c->b))
			continue;
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
