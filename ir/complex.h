/* ir/complex.h - complex numbers in terms of real ones: every value becomes two, its real and its imaginary part.

   This is the second half of the pass `expand`, and what the interpreter does with a graph that has not been through it.  What
   is left of complex types then are boundaries: inputs, results, weights, constants and what other graphs and functions take and
   give.  There a tensor lies as C has it, real part first; a bitcast_convert that costs nothing makes it one of real numbers with
   one axis more, of which the parts are slices. */
#ifndef IR_COMPLEX_H
#define IR_COMPLEX_H

#include "ir/ir.h"

/* Is there an op with complex operands, results or region arguments that is no boundary? */
bool func_has_complex(const Func *f);
/* Rewrites a graph without composite ops until there is none.  False with diagnostics: an op that takes no complex numbers.
   *nhits grows by the number of ops rewritten. */
bool complex_expand(Ctx *ctx, Func *f, int *nhits);
/* bitcast_convert between a complex tensor and one of its parts: no op at all, once there are places in memory. */
bool op_is_recast(const Op *op);

#endif
