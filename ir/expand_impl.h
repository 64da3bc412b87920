/* ir/expand_impl.h - what the files of expansion share.

   Composites that sum or use elementary functions (softmax, layer_norm, batch_norm_inference, gelu, mean) compute in
   f32 for f16 and bf16 and round once, at the end; the others stay in their type, whose ops do that themselves. */
#ifndef IR_EXPAND_IMPL_H
#define IR_EXPAND_IMPL_H

#include "ir/base/check.h"
#include "ir/expand.h"

#define EW(name, ...)
#define OP(name, ...)
#define COMPOSITE(name, operands, attributes, infer, expand, doc) \
	void expand_##expand(Builder *b, const Op *op, Value **out);
#include "ir/ops.def"

static inline Arena *expand_arena(const Builder *b) { return b->func->module->arena; }
static inline int expand_axis(int64_t axis, int rank) { return (int)(axis < 0 ? axis + rank : axis); }

Value *expand_convert(Builder *b, Value *x, DType t);      /* x itself where it has the type */
Value *expand_wide(Builder *b, Value *x);                  /* in the type that its ops compute in */
Value *expand_like(Builder *b, Value *like, double x);     /* a number, everywhere in the shape and type of `like` */
Ints   expand_range(Builder *b, int from, int to);         /* from, from + 1, ..., to - 1 */
/* x, whose axes are those of `like` except dims, over the shape of `like`. */
Value *expand_over(Builder *b, Value *x, Value *like, Ints dims);
/* The mean along dims, without those axes. */
Value *expand_mean_of(Builder *b, Value *x, Ints dims);

#endif
