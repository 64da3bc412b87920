/* passes/fuse_cost.h - what computing an element costs, and how often fusing would compute it again. */
#ifndef PASSES_FUSE_COST_H
#define PASSES_FUSE_COST_H

#include "ir/fusion.h"

/* Movement: no arithmetic but on positions.  Cheap: a few instructions an element, no worse than a load. */
typedef enum CostClass { COST_MOVEMENT, COST_CHEAP, COST_EXPENSIVE } CostClass;
CostClass op_cost(const Op *op);

/* Elements of a type, as a number for estimates: symbols count as 32. */
double dim_estimate(Dim d);
double type_size_estimate(const Type *t);
/* How many elements of operand i are asked for to compute op, for each element that the operand has: 1 for elementwise ops. */
double op_request_ratio(const Op *op, int i);
/* Does each element of the result come from the operand's element of the same last axis, neighbours from neighbours? */
bool op_keeps_last_axis(const Op *op);
/* A constant that kernels spell out. */
bool value_is_immediate(const Value *v);
/* Does a region of op use values from outside of it? */
bool op_captures(const Op *op);

#endif
