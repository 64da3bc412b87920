/* ir/scalar_prog.c - building scalar programs: instructions are checked, and equal ones entered once. */
#include "ir/base/check.h"
#include "ir/base/num.h"
#include "ir/base/vec.h"
#include "ir/math.h"

#define SAME SCR_SAME
#define BOOL SCR_BOOL
#define CAST SCR_CAST
const ScalarInfo scalar_info[SC_COUNT] = {
#define SCALAR(name, nargs, types, result, doc) { #name, nargs, types, result, doc },
#include "ir/scalars.def"
};
#undef SAME
#undef BOOL
#undef CAST

static Node append(ScalarProg *p, ScalarInstr in)
{
	if (p->n == p->cap)
		p->at = vec_grow(p->arena, p->at, p->n, &p->cap, sizeof *p->at);
	p->at[p->n] = in;
	return p->n++;
}

static bool is_equal(const ScalarInstr *a, const ScalarInstr *b)
{
	if (a->kind != b->kind || a->type != b->type)
		return false;
	if (a->kind == SI_CONST)
		return a->bits == b->bits;
	return a->op == b->op && a->arg[0] == b->arg[0] && a->arg[1] == b->arg[1] && a->arg[2] == b->arg[2];
}

/* Programs have tens of instructions, so a search from the end beats a table. */
static Node enter(ScalarProg *p, ScalarInstr in)
{
	for (Node i = p->n - 1; i >= p->ninputs; i--) {
		if (is_equal(&p->at[i], &in))
			return i;
	}
	return append(p, in);
}

ScalarProg *scalar_prog_new(Arena *a, int ninputs, const DType *types)
{
	ScalarProg *p = ARENA_NEW(a, ScalarProg);

	p->arena = a;
	p->ninputs = ninputs;
	p->result = -1;
	for (int i = 0; i < ninputs; i++)
		append(p, (ScalarInstr){ .kind = SI_INPUT, .type = types[i], .arg = { -1, -1, -1 } });
	return p;
}

Node scalar_const_bits(ScalarProg *p, DType t, uint64_t bits)
{
	int width = dtype_info[t].bits;

	if (width < 64)
		bits &= (UINT64_C(1) << width) - 1;
	return enter(p, (ScalarInstr){ .kind = SI_CONST, .type = t, .arg = { -1, -1, -1 }, .bits = bits });
}

Node scalar_const(ScalarProg *p, DType t, double x)
{
	return scalar_const_bits(p, t, scalar_eval(SC_convert, DT_F64, t, f64_bits(x), 0, 0));
}

static void check_operands(const ScalarProg *p, ScalarOp op, const Node *arg)
{
	const ScalarInfo *info = &scalar_info[op];

	for (int i = 0; i < 3; i++) {
		CHECK((i < info->nargs) == (arg[i] >= 0), "%s takes %d operands", info->name, info->nargs);
		CHECK(arg[i] < p->n, "%s: operand %d is not defined", info->name, i);
	}
	int first = op == SC_select;   /* the operand that gives the type */
	DType t = p->at[arg[first]].type;
	CHECK(info->types & DTS(t), "%s is not defined for %s", info->name, dtype_info[t].name);
	CHECK(!first || p->at[arg[0]].type == DT_BOOL, "select: the condition is %s",
	      dtype_info[p->at[arg[0]].type].name);
	for (int i = first + 1; i < info->nargs; i++)
		CHECK(p->at[arg[i]].type == t, "%s: operands of %s and %s", info->name, dtype_info[t].name,
		      dtype_info[p->at[arg[i]].type].name);
}

Node scalar_op(ScalarProg *p, ScalarOp op, Node a, Node b, Node c)
{
	ScalarInstr in = { .kind = SI_OP, .op = op, .arg = { a, b, c } };

	check_operands(p, op, in.arg);
	CHECK(scalar_info[op].result != SCR_CAST, "%s needs a type: use scalar_cast", scalar_info[op].name);
	if (scalar_info[op].result == SCR_BOOL)
		in.type = DT_BOOL;
	else
		in.type = p->at[in.arg[op == SC_select]].type;
	return enter(p, in);
}

Node scalar_cast(ScalarProg *p, ScalarOp op, DType to, Node a)
{
	ScalarInstr in = { .kind = SI_OP, .op = op, .type = to, .arg = { a, -1, -1 } };

	check_operands(p, op, in.arg);
	CHECK(scalar_info[op].result == SCR_CAST, "%s does not change the type", scalar_info[op].name);
	CHECK(op != SC_bitcast || dtype_info[p->at[a].type].bits == dtype_info[to].bits, "bitcast: %s to %s",
	      dtype_info[p->at[a].type].name, dtype_info[to].name);
	return enter(p, in);
}
