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

const uint8_t two_over_pi[TWO_OVER_PI_BYTES] = {
	0xa2, 0xf9, 0x83, 0x6e, 0x4e, 0x44, 0x15, 0x29, 0xfc, 0x27, 0x57, 0xd1, 0xf5, 0x34, 0xdd, 0xc0, 0xdb, 0x62, 0x95, 0x99,
	0x3c, 0x43, 0x90, 0x41, 0xfe, 0x51, 0x63, 0xab, 0xde, 0xbb, 0xc5, 0x61, 0xb7, 0x24, 0x6e, 0x3a, 0x42, 0x4d, 0xd2, 0xe0,
	0x06, 0x49, 0x2e, 0xea, 0x09, 0xd1, 0x92, 0x1c, 0xfe, 0x1d, 0xeb, 0x1c, 0xb1, 0x29, 0xa7, 0x3e, 0xe8, 0x82, 0x35, 0xf5,
	0x2e, 0xbb, 0x44, 0x84, 0xe9, 0x9c, 0x70, 0x26, 0xb4, 0x5f, 0x7e, 0x41, 0x39, 0x91, 0xd6, 0x39, 0x83, 0x53, 0x39, 0xf4,
	0x9c, 0x84, 0x5f, 0x8b, 0xbd, 0xf9, 0x28, 0x3b, 0x1f, 0xf8, 0x97, 0xff, 0xde, 0x05, 0x98, 0x0f, 0xef, 0x2f, 0x11, 0x8b,
	0x5a, 0x0a, 0x6d, 0x1f, 0x6d, 0x36, 0x7e, 0xcf, 0x27, 0xcb, 0x09, 0xb7, 0x4f, 0x46, 0x3f, 0x66, 0x9e, 0x5f, 0xea, 0x2d,
	0x75, 0x27, 0xba, 0xc7, 0xeb, 0xe5, 0xf1, 0x7b, 0x3d, 0x07, 0x39, 0xf7, 0x8a, 0x52, 0x92, 0xea, 0x6b, 0xfb, 0x5f, 0xb1,
	0x1f, 0x8d, 0x5d, 0x08, 0x56, 0x03, 0x30, 0x46, 0xfc, 0x7b, 0x6b, 0xab, 0xf0, 0xcf, 0xbc, 0x20, 0x9a, 0xf4, 0x36, 0x1d,
};

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

DType scalar_convert_via(DType from, DType to)
{
	if (dtype_is_narrow(from))
		return from == to ? to : dtype_scalar(from);
	if (!dtype_is_narrow(to) || from == DT_F32 || from == DT_F64 || from == dtype_scalar(to))
		return to;
	return dtype_is_float(from) ? DT_F32 : dtype_scalar(to);
}

Node scalar_cast(ScalarProg *p, ScalarOp op, DType to, Node a)
{
	DType via = op == SC_convert ? scalar_convert_via(p->at[a].type, to) : to;

	if (op == SC_convert && dtype_is_narrow(to) && p->at[a].type == to)
		return a;
	if (via != to)
		return scalar_cast(p, op, to, scalar_cast(p, op, via, a));
	ScalarInstr in = { .kind = SI_OP, .op = op, .type = to, .arg = { a, -1, -1 } };

	check_operands(p, op, in.arg);
	CHECK(scalar_info[op].result == SCR_CAST, "%s does not change the type", scalar_info[op].name);
	CHECK(op != SC_bitcast || dtype_info[p->at[a].type].bits == dtype_info[to].bits, "bitcast: %s to %s",
	      dtype_info[p->at[a].type].name, dtype_info[to].name);
	return enter(p, in);
}
