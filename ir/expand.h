/* ir/expand.h - composite ops in terms of others.  One function per `expand` cell. */
#ifndef IR_EXPAND_H
#define IR_EXPAND_H

#include "ir/build.h"

/* Builds the replacement before op and gives its results. Never fails: op has passed inference. */
typedef void (*ExpandFn)(Builder *b, const Op *op, Value **out);
extern const ExpandFn expand_table[OP_COUNT];   /* NULL for primitives */

/* The pass `expand`: composite ops become primitives, until none is left, and complex numbers pairs of real ones.  False with
   diagnostics where a region cannot hold what a composite in it has become.  *nhits grows by the number of ops replaced. */
bool expand_func(Ctx *ctx, Func *f, int *nhits);

#endif
