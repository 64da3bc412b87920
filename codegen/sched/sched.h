/* codegen/sched/sched.h - transformations of loop IR.  Each keeps every rounding: it only reorders independent work. */
#ifndef CODEGEN_SCHED_SCHED_H
#define CODEGEN_SCHED_SCHED_H

#include "ir/kernel.h"
#include "ir/target.h"

/* for i in [lo, hi) -> for o in [lo, hi) step factor { for i in [o, min(o + factor, hi)) }, the part below the last
   whole multiple and the rest as two loops, so that the main loop's inner extent is exact.  *rest is NULL when factor
   provably divides. Returns the main outer loop; its inner loop is its body's first op. */
KOp *sched_split(Kernel *k, KOp *loop, int64_t factor, KOp **rest);
/* Independent loop of step 1 -> vector code: uniform values stay scalar, unit strides become vector loads.  The rest of
   the extent is masked (tail = true, when all memory operations allow it) or left as a scalar loop.  False when the body cannot be vectorised
   (then nothing was changed). */
bool sched_vectorize(Kernel *k, KOp *loop, int lanes, bool masked_tail);
/* Unroll and jam: `factor` copies of the independent loop's body, interleaved statement by statement; inner loops with
   bounds that do not depend on it are shared.  The rest runs through smaller jams (halved each time) down to 1. */
bool sched_jam(Kernel *k, KOp *loop, int64_t factor);
/* Full unrolling of a loop with constant bounds. */
bool sched_unroll(Kernel *k, KOp *loop);
/* Exchange of two perfectly nested loops. */
bool sched_interchange(Kernel *k, KOp *outer);
/* The outermost independent loops become tasks: K_TASK picks a contiguous range. grain: least flops a task. */
void sched_tasks(Kernel *k, int64_t grain);
/* Two perfectly nested independent loops whose accesses are linear in outer * extent + inner become one. */
bool sched_collapse(Kernel *k, KOp *outer);

#endif
