/* ir/infer.h - result types of ops, and whether an op is well formed.  One function per `infer` cell. */
#ifndef IR_INFER_H
#define IR_INFER_H

#include "ir/ir.h"

typedef struct Infer {
	Ctx  *ctx;
	Func *func;            /* for constraints */
	const Op *op;          /* operands, attributes and complete regions; results are not read */
	VEC(const Type *) result;
} Infer;

/* Appends the result types; false after at least one diagnostic at the op's location.  Does not change the op,
   but may fill in an attribute that its operands determine. */
typedef bool (*InferFn)(Infer *in);
extern const InferFn infer_table[OP_COUNT];

/* Checks the number of operands against the op's row, then calls its function: what everybody calls. */
bool infer_op(Infer *in);

#endif
