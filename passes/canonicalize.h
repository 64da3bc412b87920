/* passes/canonicalize.h - what a rewrite rule is. */
#ifndef PASSES_CANONICALIZE_H
#define PASSES_CANONICALIZE_H

#include "ir/build.h"

/* Looks at op; gives the value that its result becomes, building new ops before it at need, or NULL and builds nothing. */
typedef Value *RuleFn(Builder *b, Op *op);

#endif
