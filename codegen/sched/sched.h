/* codegen/sched/sched.h - transformations of loop IR.  Each keeps every rounding: it only reorders independent work. */
#ifndef CODEGEN_SCHED_SCHED_H
#define CODEGEN_SCHED_SCHED_H

#include "ir/kernel.h"
#include "ir/target.h"

/* An independent loop may run its iterations in any order, also at once. */
bool loop_is_independent(const KOp *loop);
/* The number of iterations, as an expression of the symbols; NULL when the bounds are computed. */
Dim loop_count(const Kernel *k, const KOp *loop);

/* Independent loop of step 1 -> vector code of `lanes` lanes: uniform values stay scalar, unit strides become vector
   loads and stores, others gathers.  What is left over goes through a masked copy with VEC_MASKED_TAIL, else through the
   scalar loop.  VEC_SHUFFLES: pairs of accesses (pairs.c) become vectors whose lanes are moved about.  False, and nothing
   changed, when the body cannot be vectorised. */
enum { VEC_MASKED_TAIL = 1, VEC_SHUFFLES = 2 };
bool sched_vectorize(Kernel *k, KOp *loop, int lanes, unsigned how);
/* pair: KOp* -> KOp*, of loads and stores in the loop; loop_varying has been asked. */
void sched_find_pairs(Kernel *k, KOp *loop, Map *pair);
/* Unroll and jam: `factor` copies of the independent loop's body, interleaved instruction by instruction; inner loops
   whose bounds do not depend on it are shared.  What is left over goes through smaller jams (halved each time). */
bool sched_jam(Kernel *k, KOp *loop, int64_t factor);
/* Cuts [lo, hi) at lo + n: two loops one after the other, the first returned, the second in *rest.  Constant bounds. */
KOp *sched_cut(Kernel *k, KOp *loop, int64_t n, KOp **rest);
/* The outermost independent loops become tasks: K_TASK picks a contiguous part. grain: least scalar operations a task. */
void sched_tasks(Kernel *k, int64_t grain);
/* Two perfectly nested independent loops whose positions are linear in outer * extent + inner become one. */
bool sched_collapse(Kernel *k, KOp *outer);
/* The same with copies far apart: iterations i, i + n / ways, ... run together, so that a kernel that streams through
   memory reads `ways` streams at once. */
bool sched_spread(Kernel *k, KOp *loop, int64_t ways);
/* Loops that read across memory (turn.c).  First, before tasks are cut: the loop along which they read consecutive elements
   comes next to the innermost one; false where there is none, or not `side` iterations.  Then their tiles, side * side
   elements: vectors are turned in registers; side 1: the loops stay scalar. */
bool sched_turn(Kernel *k, int side);
void sched_turn_tiles(Kernel *k, int side, bool masked_tail);
/* Loops of one trip become their bodies. */
void sched_open_loops(Kernel *k);
/* Loads from local arrays take the value that was just stored there; arrays that nobody reads fall away. */
void sched_forward(Kernel *k);
/* Erases values that nobody uses. */
void sched_dce(Kernel *k);

/* Which instructions inside `loop` take different values in its iterations.  Marks them (KOp.mark = &k->visits);
   private_buf[i] is set for local buffers that every iteration needs for itself.  False when something inside is
   not understood. */
bool loop_varying(Kernel *k, const KOp *loop, bool *private_buf);
static inline bool is_varying(const Kernel *k, const KOp *x) { return x->mark == (const void *)k; }

#endif
