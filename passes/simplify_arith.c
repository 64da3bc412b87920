/* passes/simplify_arith.c - rules on elementwise ops.  Each keeps every bit: x + 0.0 is not x when x is -0. */
#include <math.h>

#include "passes/canonicalize.h"

static bool is_splat(const Value *v, double want)
{
	double x;

	return value_is_splat(v, &x) && x == want && signbit(x) == signbit(want);
}

Value *rule_convert_identity(Builder *b, Op *op)
{
	(void)b;
	return op->arg[0]->type == op->result[0]->type ? op->arg[0] : NULL;
}

Value *rule_add_zero(Builder *b, Op *op)
{
	bool is_float = dtype_is_float(op->result[0]->type->dtype);

	(void)b;
	return is_splat(op->arg[1], is_float ? -0.0 : 0.0) ? op->arg[0] : NULL;
}

Value *rule_sub_zero(Builder *b, Op *op)
{
	(void)b;
	return is_splat(op->arg[1], 0.0) ? op->arg[0] : NULL;
}

Value *rule_mul_one(Builder *b, Op *op)
{
	(void)b;
	return is_splat(op->arg[1], 1.0) ? op->arg[0] : NULL;
}

Value *rule_div_one(Builder *b, Op *op)
{
	(void)b;
	return is_splat(op->arg[1], 1.0) ? op->arg[0] : NULL;
}

/* The inverse of a power of two is exact as long as it is a normal number of the type. */
Value *rule_div_exact(Builder *b, Op *op)
{
	const Type *t = op->result[0]->type;
	double x;
	int e;

	if ((t->dtype != DT_F32 && t->dtype != DT_F64) || !value_is_splat(op->arg[1], &x) || !isfinite(x) || x == 0 ||
	    fabs(frexp(x, &e)) != 0.5)
		return NULL;
	int limit = t->dtype == DT_F32 ? 126 : 1022;
	if (e - 1 > limit || e - 1 < -limit)
		return NULL;
	return BUILD(b, mul, ARGS(op->arg[0], build_splat(b, t, 1 / x)));
}

/* ir/math_pow.c: that is what pow computes.  In a type that computes in a wider one the first product would be rounded. */
Value *rule_pow_product(Builder *b, Op *op)
{
	Value *x = op->arg[0];
	DType t = x->type->dtype;
	double y;

	if (!dtype_is_float(t) || !value_is_splat(op->arg[1], &y) || (y != 2 && (y != 3 || (t != DT_F32 && t != DT_F64))))
		return NULL;
	Value *square = BUILD(b, mul, ARGS(x, x));
	return y == 2 ? square : BUILD(b, mul, ARGS(square, x));
}

Value *rule_select_constant(Builder *b, Op *op)
{
	double c;

	(void)b;
	if (op->arg[1] == op->arg[2])
		return op->arg[1];
	if (value_is_splat(op->arg[0], &c))
		return op->arg[c != 0 ? 1 : 2];
	return NULL;
}

Value *rule_select_not(Builder *b, Op *op)
{
	const Op *c = op->arg[0]->def;

	if (!c || c->kind != OP_not)
		return NULL;
	return BUILD(b, select, ARGS(c->arg[0], op->arg[2], op->arg[1]));
}

static Value *same_operands(Op *op)
{
	return op->arg[0] == op->arg[1] ? op->arg[0] : NULL;
}

Value *rule_same_operands_max(Builder *b, Op *op) { (void)b; return same_operands(op); }
Value *rule_same_operands_min(Builder *b, Op *op) { (void)b; return same_operands(op); }
Value *rule_same_operands_and(Builder *b, Op *op) { (void)b; return same_operands(op); }
Value *rule_same_operands_or(Builder *b, Op *op) { (void)b; return same_operands(op); }
