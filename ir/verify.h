/* ir/verify.h - structural rules of the IR; a failure after a pass is our own bug. */
#ifndef IR_VERIFY_H
#define IR_VERIFY_H

#include "ir/ir.h"

/* Dominance, use lists, terminators, arity, element types, types equal to what inference says, fusion regions closed,
   calls without recursion, places (after buffers).  Diagnostics go to ctx->diag. */
bool module_verify(Ctx *ctx, Module *m);
bool func_verify(Ctx *ctx, Func *f);

#endif
