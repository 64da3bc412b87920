/* ir/exprs.c - the scalar program of each elementwise op, and what is known of the bodies of reductions. */
#include "ir/exprs.h"

#include "ir/base/check.h"

/* What a row's `expr` cell names: a scalar operation (their numbers come first, so that such a row needs nothing here),
   or one of these functions. */
enum {
#define SCALAR(name, ...) EXPR_##name,
#include "ir/scalars.def"
	EXPR_FUNCTION,
#define X(name) EXPR_##name,
	MATH_UNARY(X)
#undef X
	EXPR_sign, EXPR_pow, EXPR_atan2,
	EXPR_round_afz, EXPR_is_finite, EXPR_nextafter, EXPR_clamp, EXPR_compare, EXPR_cast, EXPR_NONE,
};

static const int expr_of[OP_COUNT] = {
#define EW(name, operands, traits, types, infer, expr, doc) [OP_##name] = EXPR_##expr,
#define OP(name, ...)                                       [OP_##name] = EXPR_NONE,
#define COMPOSITE(name, ...)                                [OP_##name] = EXPR_NONE,
#include "ir/ops.def"
};

static int expr_kind(OpKind kind)
{
	return kind == OP_compare ? EXPR_compare : kind == OP_convert ? EXPR_cast : expr_of[kind];
}

static Node op2(ScalarProg *p, ScalarOp op, Node a, Node b)
{
	return scalar_op(p, op, a, b, -1);
}

static Node widen(ScalarProg *p, Node x)
{
	DType t = p->at[x].type;

	return t == dtype_scalar(t) ? x : scalar_cast(p, SC_convert, dtype_scalar(t), x);
}

static Node comparison(ScalarProg *p, CmpDir dir, Node a, Node b)
{
	switch (dir) {
	case CMP_EQ: return op2(p, SC_eq, a, b);
	case CMP_NE: return op2(p, SC_ne, a, b);
	case CMP_LT: return op2(p, SC_lt, a, b);
	case CMP_LE: return op2(p, SC_le, a, b);
	case CMP_GT: return op2(p, SC_lt, b, a);
	case CMP_GE: return op2(p, SC_le, b, a);
	}
	UNREACHABLE("comparison %d", (int)dir);
}

/* Straight from type to type, so that there is one rounding; a truth value is "not zero" for every type. */
static Node conversion(ScalarProg *p, DType to, Node x)
{
	if (p->at[x].type == to)
		return x;
	if (to != DT_BOOL)
		return scalar_cast(p, SC_convert, to, x);
	x = widen(p, x);
	return op2(p, SC_ne, x, scalar_const(p, p->at[x].type, 0));
}

/* The expression on operands that are wide already; t is the type of the first that computes. */
static Node compute(ScalarProg *p, const Op *op, DType t, const Node *x)
{
	int kind = expr_kind(op->kind);

	if (kind == EXPR_rem && dtype_is_float(t))
		return math_rem(p, t, x[0], x[1]);
	if (kind < EXPR_FUNCTION)
		return scalar_op(p, (ScalarOp)kind, x[0], op->nargs > 1 ? x[1] : -1, op->nargs > 2 ? x[2] : -1);
	switch (kind) {
#define X(name) case EXPR_##name: return math_##name(p, t, x[0]);
	MATH_UNARY(X)
#undef X
	case EXPR_sign:     return math_sign(p, t, x[0]);
	case EXPR_atan2:    return math_atan2(p, t, x[0], x[1]);
	case EXPR_pow:      return dtype_is_float(t) ? math_pow(p, t, x[0], x[1]) : math_ipow(p, t, x[0], x[1]);
	case EXPR_round_afz: return math_round_afz(p, t, x[0]);
	case EXPR_is_finite: return math_is_finite(p, t, x[0]);
	case EXPR_clamp:    return op2(p, SC_min, op2(p, SC_max, x[1], x[0]), x[2]);
	case EXPR_compare:  return comparison(p, op_attrs(compare, op)->dir, x[0], x[1]);
	}
	UNREACHABLE("%s has no expression", op_row(op)->name);
}

/* The element type of the result, from those of the operands. */
static DType result_type(const ScalarProg *p, const Op *op, const Node *arg)
{
	if (op->kind == OP_compare || op->kind == OP_is_finite)
		return DT_BOOL;
	return p->at[arg[op->kind == OP_select]].type;
}

/* By how much is shifted: unsigned in t's width. */
static Node narrow_count(ScalarProg *p, DType t, Node y)
{
	return op2(p, SC_and, widen(p, y), scalar_const_bits(p, dtype_scalar(t), (1u << dtype_width(t)) - 1));
}

/* The ops on a narrow integer of type t that tell its bits from those of the byte that holds it; -1 for all others. */
static Node narrow_integer(ScalarProg *p, const Op *op, DType t, const Node *arg)
{
	DType wide = dtype_scalar(t);
	int width = dtype_width(t), rest = dtype_info[wide].bits - width;
	Node x = widen(p, arg[0]), up = scalar_const_bits(p, wide, (uint64_t)rest);
	Node plain = op2(p, SC_and, x, scalar_const_bits(p, wide, (1u << width) - 1));

	switch (op->kind) {
	case OP_popcnt:
		x = scalar_op(p, SC_popcnt, plain, -1, -1);
		break;
	case OP_clz:
		x = op2(p, SC_sub, scalar_op(p, SC_clz, plain, -1, -1), up);
		break;
	case OP_shr_l:
		x = op2(p, SC_shr_l, plain, narrow_count(p, t, arg[1]));
		break;
	case OP_shr_a:
		x = op2(p, SC_shr_a, op2(p, SC_shl, x, up), up);
		x = op2(p, SC_shr_a, x, narrow_count(p, t, arg[1]));
		break;
	case OP_shl:
		x = op2(p, SC_shl, x, narrow_count(p, t, arg[1]));
		break;
	default:
		return -1;
	}
	return scalar_cast(p, SC_convert, t, x);
}

/* The ops that work in the element type itself, without widening; -1 for all others. */
static Node unwidened(ScalarProg *p, const Op *op, const Node *arg)
{
	DType t = p->at[arg[0]].type;

	switch (op->kind) {
	case OP_convert:
		return conversion(p, op_attrs(convert, op)->dtype, arg[0]);
	case OP_philox:
		return math_philox(p, op_attrs(philox, op)->dtype, arg[0], arg[1], arg[2], arg[3]);
	case OP_threefry:
		return math_threefry(p, op_attrs(threefry, op)->dtype, arg[0], arg[1], arg[2]);
	case OP_compare:
		if (!op_attrs(compare, op)->total || !dtype_is_float(t))
			return -1;
		return comparison(p, op_attrs(compare, op)->dir, math_total_order(p, t, arg[0]), math_total_order(p, t, arg[1]));
	case OP_nextafter:
		return math_nextafter(p, t, arg[0], arg[1]);
	case OP_reduce_precision: {
		const struct attrs_reduce_precision *a = op_attrs(reduce_precision, op);
		return math_reduce_precision(p, t, arg[0], (int)a->exponent_bits, (int)a->mantissa_bits);
	}
	case OP_select:   /* a narrow value would cost a conversion each way */
		t = p->at[arg[1]].type;
		return dtype_is_narrow(t) ? scalar_op(p, SC_select, arg[0], arg[1], arg[2]) : -1;
	default:
		return DTS_NARROW_INT & DTS(t) ? narrow_integer(p, op, t, arg) : -1;
	}
}

Node expr_build(ScalarProg *p, const Op *op, const Node *arg)
{
	Node wide[EXPR_ARGS], narrow;

	CHECK(op_has(op, T_EW) && op->nargs <= EXPR_ARGS, "%s is not elementwise", op_row(op)->name);
	if ((narrow = unwidened(p, op, arg)) >= 0)
		return narrow;
	for (int i = 0; i < op->nargs; i++)
		wide[i] = widen(p, arg[i]);

	DType to = result_type(p, op, arg), t = p->at[wide[op->kind == OP_select]].type;
	Node out = compute(p, op, t, wide);
	return p->at[out].type == to ? out : scalar_cast(p, SC_convert, to, out);
}

ScalarProg *expr_prog(Arena *a, const Op *op)
{
	DType types[EXPR_ARGS];
	Node arg[EXPR_ARGS];

	CHECK(op->nargs <= EXPR_ARGS, "%s has %d operands", op_row(op)->name, op->nargs);
	for (int i = 0; i < op->nargs; i++) {
		types[i] = op->arg[i]->type->dtype;
		arg[i] = i;
	}
	ScalarProg *p = scalar_prog_new(a, op->nargs, types);
	p->result = expr_build(p, op, arg);
	return p;
}

/* Nodes are kept in a map from Value to node + 1. */
static bool region_op(ScalarProg *p, Map *nodes, const Op *op)
{
	Node arg[EXPR_ARGS], out;

	if (op->kind == OP_constant) {
		const Blob *b = op_attrs(constant, op)->value;

		if (b->rank != 0)
			return false;
		out = scalar_const_bits(p, b->dtype, blob_get(b, 0));
	} else {
		if (!op_has(op, T_EW))
			return false;
		for (int i = 0; i < op->nargs; i++) {
			intptr_t node = (intptr_t)map_get(nodes, op->arg[i]);

			if (!node)
				return false;
			arg[i] = (Node)(node - 1);
		}
		out = expr_build(p, op, arg);
	}
	map_set(nodes, op->result[0], (void *)(intptr_t)(out + 1));
	return true;
}

ScalarProg *region_prog(Arena *a, const Block *region, int i)
{
	int n = region->args.n;
	DType *types = ARENA_ARRAY(a, DType, n);
	Map nodes;

	map_init(&nodes, a);
	for (int k = 0; k < n; k++) {
		types[k] = region->args.at[k]->type->dtype;
		map_set(&nodes, region->args.at[k], (void *)(intptr_t)(k + 1));
	}
	ScalarProg *p = scalar_prog_new(a, n, types);
	const Op *last = block_terminator(region);
	for (const Op *op = region->first; op != last; op = op->next)
		if (!region_op(p, &nodes, op))
			return NULL;

	CHECK(i < last->nargs, "the region yields %d values", last->nargs);
	intptr_t node = (intptr_t)map_get(&nodes, last->arg[i]);
	if (!node)
		return NULL;
	p->result = (Node)(node - 1);
	return p;
}

OpKind region_combiner(const Block *region)
{
	const Op *op = region->first;

	if (region->args.n != 2 || !op || op->kind == OP_yield || op->next != region->last || !region->last)
		return OP_COUNT;
	const Op *end = region->last;
	const Value *a = region->args.at[0], *b = region->args.at[1];
	if (end->kind != OP_yield || end->nargs != 1 || op->nresults != 1 || end->arg[0] != op->result[0] || op->nargs != 2)
		return OP_COUNT;
	if (!(op->arg[0] == a && op->arg[1] == b) && !(op->arg[0] == b && op->arg[1] == a))
		return OP_COUNT;
	switch (op->kind) {
	case OP_add: case OP_mul: case OP_min: case OP_max: case OP_and: case OP_or: case OP_xor:
		return op->kind;
	default:
		return OP_COUNT;
	}
}

uint64_t combiner_absent(OpKind combiner, DType t)
{
	switch (combiner) {
	case OP_add: return dtype_from_f64(t, -0.0);
	case OP_mul: return dtype_from_f64(t, 1);
	case OP_max: return dtype_extreme(t, false);
	case OP_min: return dtype_extreme(t, true);
	case OP_and: return dtype_wrap(t, UINT64_MAX);
	case OP_or:
	case OP_xor: return 0;
	default:     UNREACHABLE("%s combines nothing", op_info[combiner].name);
	}
}
