/* ir/attention.h - what inference and expansion of attention share: its optional operands, and the scores that it may show. */
#ifndef IR_ATTENTION_H
#define IR_ATTENTION_H

#include "ir/ir.h"

/* In the order in which they come to be. */
typedef enum ShownScores { SHOWN_NONE, SHOWN_PRODUCTS, SHOWN_CAPPED, SHOWN_MASKED, SHOWN_WEIGHTS, SHOWN_COUNT } ShownScores;

/* Of a name that inference has let through. */
ShownScores attention_shown(const char *name);

/* The type in which it computes. */
static inline DType attention_type(const Op *op)
{
	return op_attrs(attention, op)->precise ? DT_F64 : dtype_compute(op->arg[0]->type->dtype);
}

/* How many keys of each sample are filled: integers, which a mask is not.  The number of the operand, or -1. */
static inline int attention_filled(const Op *op)
{
	return op->nargs > 3 && (DTS(op->arg[op->nargs - 1]->type->dtype) & DTS_INT) ? op->nargs - 1 : -1;
}

static inline int attention_mask(const Op *op)
{
	return op->nargs > 3 && attention_filled(op) != 3 ? 3 : -1;
}

#endif
