/* ir/exprs.h - the scalar program of each elementwise op. */
#ifndef IR_EXPRS_H
#define IR_EXPRS_H

#include "ir/ir.h"
#include "ir/math.h"

/* Operands of an elementwise op. */
enum { EXPR_ARGS = 4 };

/* Adds to p the computation of op on the scalar nodes arg (one an operand, in the operands' element types) and gives
   the node of its result, in the result's element type: operands of f16, bf16 and the
   narrow types are widened (dtype_scalar), and the result is rounded, or wrapped, once at the end. */
Node expr_build(ScalarProg *p, const Op *op, const Node *arg);
/* The same as a program of its own (cached by nobody). */
ScalarProg *expr_prog(Arena *a, const Op *op);
/* A region made only of elementwise ops and constants of rank 0 (the body of a reduction): the program of its i-th
   yielded value over its arguments; NULL when the region holds anything else. */
ScalarProg *region_prog(Arena *a, const Block *region, int i);
/* The combining op when the region is one commutative binary op of its two arguments (add, mul, min, max, and, or, xor), else
   OP_COUNT. */
OpKind region_combiner(const Block *region);
/* The neutral element that stands for an absent lane: add -0, mul 1, max -inf, min +inf, and all ones, or 0, xor 0; as bits. */
uint64_t combiner_absent(OpKind combiner, DType t);

#endif
