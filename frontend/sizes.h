/* frontend/sizes.h - what is known of a value's elements while a model is read: numbers, or expressions of sizes.

   Exporters compute shapes in the graph: the shape of a tensor, arithmetic on integers, and an op that takes the result as its
   shape.  This follows such arithmetic back through the ops, element by element, so that the shape becomes an expression; the
   ops themselves stay, and go as dead code where nobody else uses them.

   Arithmetic does not wrap here: a size that leaves its type has no meaning.  Signs are decided for symbols of at least 1, as
   exporters state: a symbol of 0 takes the same turns. */
#ifndef FRONTEND_SIZES_H
#define FRONTEND_SIZES_H

#include "ir/ir.h"

typedef struct Sizes Sizes;

/* leaf: the value of a block argument that is known although no op makes it, or NULL; may itself be NULL. */
Sizes *sizes_new(Ctx *ctx, Arena *a, Blob *(*leaf)(void *arg, const Value *v), void *arg);
/* The whole value where it is a constant, or follows from constants by ops that end soon; else NULL. */
Blob  *sizes_constant(Sizes *s, const Value *v);
/* Its elements, row-major, NULL where one is not known; also of floats that are whole numbers.  False: there are none or too many
   (over 1,024), or none is known. */
bool   sizes_elements(Sizes *s, const Value *v, Dims *out);

/* One element of an elementwise op on known ones; an operand may be NULL, and the result is NULL where it is not known. */
Dim    size_element(DimTable *t, OpKind kind, const Dim *x, int n);
/* 1, 0, or NULL when it depends. */
Dim    size_compare(DimTable *t, CmpDir dir, Dim a, Dim b);

#endif
