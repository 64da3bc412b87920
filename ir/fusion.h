/* ir/fusion.h - which ops may stand together in one kernel: the rules that pass `fuse` keeps, the verifier checks and lowering relies on.

   A fusion's region computes one of:
   LOOP      only pointwise ops: elementwise, movement, iota, gather.  All outputs have the same dimensions.
   ROW       one or more reductions (TREE over a trailing row), all of the same input dimensions and `dims`.  Outputs are
             of the reductions' input dimensions (element level), or reached from a reduction by ops that keep the number
             of rows (row level).
   REDUCE    one reduction of any other kind; outputs are reached from it.
   CONTRACT  one dot_general or conv_general; outputs are reached from it.
   WINDOW    one reduce_window; outputs are reached from it.
   SINGLE    one op alone (scatter, sort, ...).
   "Reached": by elementwise ops at the same position and by movements that can be followed forwards (reshape, transpose,
   slice from 0 with stride 1).  Everything else in the region is pointwise and is computed where it is asked for. */
#ifndef IR_FUSION_H
#define IR_FUSION_H

#include "ir/ir.h"

typedef enum FusionKind {
	FUSION_LOOP, FUSION_ROW, FUSION_REDUCE, FUSION_CONTRACT, FUSION_WINDOW, FUSION_SINGLE, FUSION_INVALID
} FusionKind;

bool op_is_pointwise(const Op *op);          /* its element can be computed anywhere from elements of its operands */
bool op_is_forward(const Op *op);            /* elementwise, or a movement that can be followed forwards from operand 0 */
bool op_is_anchor(const Op *op);             /* decides a loop nest: contraction, window, reduction, scatter, sort */
/* The kind of a region (of a bare op: op->region's like; see fusion_kind_of_op) and its first anchor, or NULL. */
FusionKind fusion_kind(const Block *region, const Op **anchor);
bool types_same_dims(const Type *a, const Type *b);

#endif
