/* passes/canonicalize.c - drives the rules of rules.def, and two that hold by the traits of ops. */
#include "passes/canonicalize.h"

#include "ir/order.h"
#include "ir/base/check.h"
#include "passes/pass.h"

#define RULE(name, op, doc) RuleFn rule_##name;
#include "passes/rules.def"

static const struct { OpKind op; RuleFn *fn; } rules[] = {
#define RULE(name, op, doc) { OP_##op, rule_##name },
#include "passes/rules.def"
};

static bool is_constant(const Value *v)
{
	double x;

	return value_constant(v) || value_is_splat(v, &x);
}

/* Constants stand to the right of commutative ops: rules and cse then need to look at one side only. */
static bool order_operands(PassCtx *p, Op *op)
{
	if (!op_has(op, T_COMM) || op->nargs != 2 || !is_constant(op->arg[0]) || is_constant(op->arg[1]) ||
	    !pass_may_rewrite(p))
		return false;
	op_set_args(op, 2, (Value *[]){ op->arg[1], op->arg[0] });
	p->nhits++;
	return true;
}

static Value *by_traits(Op *op)
{
	const Op *inner = op->nargs == 1 ? op->arg[0]->def : NULL;

	if (!inner || inner->kind != op->kind)
		return NULL;
	if (dtype_is_complex(inner->arg[0]->type->dtype))   /* known by its parts only, after `expand` */
		return NULL;
	if (op_has(op, T_IDEMP))
		return op->arg[0];
	return op_has(op, T_INVOL) ? inner->arg[0] : NULL;
}

static Value *rewrite(PassCtx *p, Op *op)
{
	Builder b = builder_before(p->ctx, op);
	Value *by = by_traits(op);

	for (size_t i = 0; !by && i < sizeof rules / sizeof *rules; i++)
		if (rules[i].op == op->kind)
			by = rules[i].fn(&b, op);
	return by;
}

static void visit(PassCtx *p, Block *b)
{
	for (Op *op = b->first, *next; op; op = next) {
		next = op->next;
		for (int i = 0; i < op->nregions && !op_body_is_fixed(op); i++)
			visit(p, op->region[i]);
		if (op->nresults != 1 || op_has(op, T_TERMINATOR))
			continue;
		order_operands(p, op);
		if (p->budget && *p->budget == 0)
			return;
		Value *by = rewrite(p, op);
		if (!by)
			continue;
		pass_may_rewrite(p);
		CHECK(by->type == op->result[0]->type, "canonicalize: %s becomes another type", op_row(op)->name);
		/* What the rule has built may be rewritten in turn. */
		if (by->def && by->def->block == b && by->def->next == op && !by->name)
			by->name = op->result[0]->name;
		value_replace(op->result[0], by);
		op_erase(op);
		p->nhits++;
		if (by->def && by->def->block == b && by->def->next == next && value_has_uses(by))
			next = by->def;
	}
}

PassResult pass_canonicalize(PassCtx *p)
{
	/* A rule may make work for an op further up; a few rounds reach the rest. */
	for (int round = 0, before = -1; round < 4 && before != p->nhits; round++) {
		before = p->nhits;
		visit(p, p->fn->body);
	}
	return p->nhits ? PASS_CHANGED : PASS_SAME;
}
