/* ir/math_expr.h - short names with which math_*.c write expressions; private to them. */
#ifndef IR_MATH_EXPR_H
#define IR_MATH_EXPR_H

#include "ir/base/num.h"
#include "ir/math.h"

/* Where an expression is built, and in which float type: f32 or f64. */
typedef struct Expr {
	ScalarProg *p;
	DType       t;
} Expr;

static inline bool is_f32(Expr e) { return e.t == DT_F32; }
/* The integer type of the same width, and the bits of its stored mantissa. */
static inline DType int_type(Expr e) { return is_f32(e) ? DT_I32 : DT_I64; }
static inline int mant_bits(Expr e)  { return is_f32(e) ? 23 : 52; }
static inline int exp_bias(Expr e)   { return is_f32(e) ? 127 : 1023; }

static inline Node num(Expr e, double x)         { return scalar_const(e.p, e.t, x); }
static inline Node pick(Expr e, double f32, double f64) { return num(e, is_f32(e) ? f32 : f64); }
static inline Node inum(Expr e, int64_t x)       { return scalar_const_bits(e.p, int_type(e), (uint64_t)x); }
static inline Node op1(Expr e, ScalarOp op, Node a)         { return scalar_op(e.p, op, a, -1, -1); }
static inline Node op2(Expr e, ScalarOp op, Node a, Node b) { return scalar_op(e.p, op, a, b, -1); }
static inline Node add(Expr e, Node a, Node b)   { return op2(e, SC_add, a, b); }
static inline Node sub(Expr e, Node a, Node b)   { return op2(e, SC_sub, a, b); }
static inline Node mul(Expr e, Node a, Node b)   { return op2(e, SC_mul, a, b); }
static inline Node quo(Expr e, Node a, Node b)   { return op2(e, SC_div, a, b); }
static inline Node neg(Expr e, Node a)           { return op1(e, SC_neg, a); }
static inline Node mag(Expr e, Node a)           { return op1(e, SC_abs, a); }
static inline Node fma3(Expr e, Node a, Node b, Node c)  { return scalar_op(e.p, SC_fma, a, b, c); }
static inline Node lt(Expr e, Node a, Node b)    { return op2(e, SC_lt, a, b); }
static inline Node eq(Expr e, Node a, Node b)    { return op2(e, SC_eq, a, b); }
static inline Node sel(Expr e, Node c, Node a, Node b)   { return scalar_op(e.p, SC_select, c, a, b); }
static inline Node with_sign(Expr e, Node a, Node s)     { return op2(e, SC_copysign, a, s); }
static inline Node to_bits(Expr e, Node a)       { return scalar_cast(e.p, SC_bitcast, int_type(e), a); }
static inline Node of_bits(Expr e, Node a)       { return scalar_cast(e.p, SC_bitcast, e.t, a); }

/* Bounds that let NaN through (x where neither comparison holds). */
static inline Node at_most(Expr e, Node x, Node hi)  { return sel(e, lt(e, hi, x), hi, x); }
static inline Node at_least(Expr e, Node x, Node lo) { return sel(e, lt(e, x, lo), lo, x); }

/* Horner's rule; the highest power comes first. */
static inline Node horner(Expr e, Node x, const double *c, int n)
{
	Node y = num(e, c[0]);

	for (int i = 1; i < n; i++)
		y = fma3(e, y, x, num(e, c[i]));
	return y;
}

/* The polynomial with the table NAME_f32 or NAME_f64. */
#define POLY(e, x, name) \
	(is_f32(e) ? horner(e, x, name##_f32, (int)(sizeof name##_f32 / sizeof *name##_f32)) \
	           : horner(e, x, name##_f64, (int)(sizeof name##_f64 / sizeof *name##_f64)))

#endif
