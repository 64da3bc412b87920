/* ir/order.h - the order of accumulation that the language fixes for each op ("Numerics" in docs/graph-format.md).

   Depends only on reduced extents and static structure, never on lhs-free or batching extents, so that a sample's
   bits do not depend on its batch.  The pass `order` writes these answers into the ops; until then the interpreter
   asks for them, so that a graph has the same bits before and after that pass.

   reduce, TREE: the last `row` entries of dims are the row.  A row is cut into blocks of ORDER_BLOCK elements;
   element i of a block goes to lane i mod ORDER_NLANES, ascending; lanes that get no element are skipped; lane j takes
   in lane j + 8, then j + 4, j + 2, j + 1; blocks combine by adjacent pairs, level by level, an odd last one being
   carried up unchanged.  Rows (with row = 0: single elements) combine ascending within chunks of ORDER_BLOCK rows,
   chunks by adjacent pairs.  init comes once and last: combine(acc, init).  Zero elements give init.
   reduce, SERIAL: from init, acc = body(acc, x), strictly ascending.
   dot_general and conv_general, CHAIN: the terms are cut into chunks of ORDER_CHUNK; a chunk is a chain of fma from +0,
   ascending; the result is s0 + s1 + ... in ascending order (one chunk: s0 itself; no terms: +0).
   conv_general's terms are numbered over the kernel's spatial positions (order of rhs_spec, major first), then the input
   features of the group.  A position that lies between elements along any axis is a hole of lhs dilation: the term is left
   out, its number is not.  Else, one before the first or after the last element along any axis is padding: a term with +0.
   dot_general, LANES: the tree of one row whose lanes are chains of fma, each from +0; no init.
   reduce_window: from init, acc = body(acc, x), window positions ascending; padding and holes of base dilation are left
   out.  A one-op body on f16 or bf16 accumulates in f32 here as in reduce.
   cumulate: from init, acc = body(acc, x), one chain along the axis (from its end when reverse); a one-op body on f16 or
   bf16 accumulates in f32, and each result is a rounded copy of the accumulator. */
#ifndef IR_ORDER_H
#define IR_ORDER_H

#include "ir/ir.h"

/* The order of a reduce, dot_general or conv_general: its attribute, or what pass `order` chooses where that is
   ORDER_NONE.  ORDER_NONE for any other op.  *row (when row is not NULL) is the `row` of a TREE, else 0. */
Order order_of(const Op *op, int64_t *row);
/* The reduced axes of a reduce in order of iteration: as written, but ascending while `order` is not fixed (the source's
   order of writing them has no meaning).  out holds RANK_MAX; returns how many. */
int order_dims(const Op *op, int64_t *out);
/* Is this the body of an argmin or argmax: over (value a, index a, value b, index b) it yields one of the two pairs,
   decides by comparisons alone, and neither the order nor the grouping of elements matters while indices differ. */
bool region_is_argreduce(const Block *region);
/* Do the ops that the body of op is written in decide the order of accumulation, or where it rounds?  Then no rewrite may
   change them, not even one that keeps the body's own results. */
static inline bool op_body_is_fixed(const Op *op)
{
	return op->kind == OP_reduce || op->kind == OP_reduce_window;
}

#endif
