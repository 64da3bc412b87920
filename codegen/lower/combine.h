/* codegen/lower/combine.h - what a reduction's region does to accumulators: one scalar operation, or its body replayed. */
#ifndef CODEGEN_LOWER_COMBINE_H
#define CODEGEN_LOWER_COMBINE_H

#include "codegen/lower/lower.h"
#include "ir/exprs.h"

/* Operands of a reduction, scatter or sort, and a flag. */
enum { COMBINE_MAX = 33 };

/* A reduction by one commutative op of f16 or bf16 accumulates in f32 and rounds once at the end; other bodies keep
   the element types and round at every step.  A body without a neutral element, reduced as a tree, has one more
   accumulator: whether there is a value yet. */
typedef struct Combine {
	const Block *region;
	OpKind  one;                   /* the only op, or OP_COUNT */
	int     n;                     /* accumulators */
	int     nresults;              /* n, or n - 1 when the last one is the flag */
	DType   type[COMBINE_MAX];     /* of the accumulators */
	DType   result[COMBINE_MAX];
	KOp    *absent[COMBINE_MAX];   /* neutral elements; with a flag: anything, the flag being false */
} Combine;

void combine_init(Emit *e, Combine *c, const Op *op);       /* op: reduce, reduce_window or cumulate */
void combine_apply(Emit *e, void *combine, KOp *const *a, KOp *const *b, KOp **out);   /* a CombineFn */
/* Operand i of op at index, as an accumulator. */
KOp *combine_load(Emit *e, const Combine *c, const Op *op, int i, const Index *index);
KOp *combine_init_value(Emit *e, const Combine *c, const Op *op, int i);
/* Rounds accumulators to the results' types. */
void combine_round(Emit *e, const Combine *c, KOp **value);

#endif
