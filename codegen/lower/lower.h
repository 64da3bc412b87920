/* codegen/lower/lower.h - lowering of op classes to unscheduled loop nests.

   A kernel computes one fusion (a bare op counts as a fusion of itself).  Its anchor - the contraction, window,
   reduction, gather, sort, or none - decides the loop nest; every other op of the region is elementwise, a
   broadcast or a movement and is inlined where its value is asked for: `emit_value(e, v, index)`. */
#ifndef CODEGEN_LOWER_LOWER_H
#define CODEGEN_LOWER_LOWER_H

#include "ir/kernel.h"
#include "ir/program.h"

/* A position in a value's shape: one i64 per axis. */
typedef struct Index { int rank; KOp *at[RANK_MAX]; } Index;

typedef struct Emit {
	Ctx     *ctx;
	Arena   *scratch;
	KBuild   b;             /* the kernel under construction */
	const Block *region;    /* what is computed */
	int      nin, nout;
	Value  *const *in;      /* region arguments (or the bare op's operands): buffers 0 .. nin-1 */
	Map      buffers;       /* Value* -> buffer index + 1: inputs, and values already stored somewhere */
	Map      memo;          /* (value, index) pairs already computed in the open blocks */
} Emit;

/* The element of v at index, computed where the builder stands: a load, or the op that defines v replayed. */
KOp *emit_value(Emit *e, Value *v, const Index *index);
/* Row-major offset of index in a tensor of this type. */
KOp *emit_offset(Emit *e, const Type *t, const Index *index);
void emit_store(Emit *e, int out, const Index *index, KOp *value);
/* Nested KR_* loops over the axes of a shape; index receives the loops.  Close with emit_end. */
void emit_loops(Emit *e, const Type *t, int from, int to, KRole role, Index *index);
void emit_end(Emit *e, int nloops);

/* One function per `lower` cell of ops.def: emits the whole kernel for a fusion whose anchor is this op. */
typedef bool (*LowerFn)(Emit *e, const Op *anchor);

#endif
