/* ir/fusion.h - which ops may stand together in one kernel: the rules that pass `fuse` keeps, the verifier checks and lowering relies on.

   A fusion's region computes one of:
   LOOP      only pointwise ops: elementwise, movement, iota, gather.  All outputs have the same dimensions.
   ROW       one or more reductions (TREE over a trailing row), all of the same input dimensions and `dims`.  Outputs are
             of the reductions' input dimensions (element level), or reached from a reduction by ops that keep the number
             of rows (row level).
   REDUCE    one reduction of any other kind; outputs are reached from it.
   CONTRACT  one dot_general or conv_general; outputs are reached from it.
   WINDOW    one reduce_window; outputs are reached from it.
   SCAN      one cumulate; outputs are reached from it.
   SINGLE    one op alone (scatter, sort, ...).
   "Reached": by elementwise ops at the same position and by movements that can be followed forwards (reshape, transpose,
   slice from 0 with stride 1).  Everything else in the region is pointwise and is computed where it is asked for.

   An anchor's result is known only at the position at hand.  So every op that needs it must need it at one and the same
   position: what follows the anchor stays in step with it (struct Position), and a row's statistics are broadcast only
   to the elements of their own row. */
#ifndef IR_FUSION_H
#define IR_FUSION_H

#include "ir/ir.h"

typedef enum FusionKind {
	FUSION_LOOP, FUSION_ROW, FUSION_REDUCE, FUSION_CONTRACT, FUSION_WINDOW, FUSION_SCAN, FUSION_SINGLE, FUSION_INVALID
} FusionKind;

/* A kernel's limits: ops in all, elements of a constant that is no splat, operands of a concatenation. */
enum { FUSION_OPS_MAX = 2048, FUSION_TABLE_MAX = 16, FUSION_PIECES_MAX = 64 };

bool op_is_pointwise(const Op *op);          /* its element can be computed anywhere from elements of its operands */
/* The first op of the body of a reduction, sort, ... that does not work element by element, so that no kernel can compute
   the body; NULL when there is none, or op's regions are no such bodies.  What composites are made of is not looked at. */
const Op *op_body_intruder(const Op *op);
bool op_is_forward(const Op *op);            /* elementwise, or a movement that can be followed forwards from operand 0 */
bool op_is_anchor(const Op *op);             /* decides a loop nest: contraction, window, reduction, scan, scatter, sort */
FusionKind op_fusion_kind(const Op *op);     /* of a fusion of op alone, by its class of lowering */
/* The kind of a region (of a bare op: op->region's like; see fusion_kind_of_op) and its first anchor, or NULL. */
FusionKind fusion_kind(const Block *region, const Op **anchor);
bool types_same_dims(const Type *a, const Type *b);
bool op_reduces_row(const Op *op);           /* a reduce in order TREE over the trailing axes */
bool op_same_rows(const Op *a, const Op *b); /* of two such: the same input dimensions and dims */

/* Where an op's element lies, seen from the element of the anchor that it is computed from. */
typedef enum PosLevel {
	POS_FREE,                      /* needs no anchor: computed anywhere */
	POS_FOLLOWS,                   /* one element for each of the anchor's (of a row's, in a ROW) */
	POS_ELEMENT,                   /* ROW: at each element of the reductions' input, from its own row */
	POS_LOST,                      /* would need the anchor at another position */
} PosLevel;
typedef struct Position {
	PosLevel    level;
	const Op   *move;              /* FOLLOWS: the last movement on the way, or NULL */
	signed char axis[RANK_MAX];    /* FOLLOWS in a ROW, move = NULL: the rows' axis under each axis, -1: extent 1 */
} Position;
/* The position of op's results from those of its operands (arg[i]; NULL is FREE).  anchor: the region's first; rows: it is
   a ROW. */
Position op_position(const Op *op, const Op *anchor, bool rows, const Position *const *arg);

#endif
