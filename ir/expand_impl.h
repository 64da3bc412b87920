/* ir/expand_impl.h - what the files of expansion share.

   Composites that sum or use elementary functions (softmax, norms, activations, statistics) compute in f32 for f16 and
   bf16 and round once, at the end; the others stay in their type, whose ops do that themselves.

   C evaluates arguments in any order, and so would ops be built: a call has at most one argument that builds. */
#ifndef IR_EXPAND_IMPL_H
#define IR_EXPAND_IMPL_H

#include "ir/base/check.h"
#include "ir/expand.h"

#define EW(name, ...)
#define OP(name, ...)
#define COMPOSITE(name, operands, attributes, infer, expand, doc) \
	void expand_##expand(Builder *b, const Op *op, Value **out);
#define STRUCTURED(name, operands, attributes, regions, infer, eval, expand, doc) \
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
/* x over a shape by numpy's rule: its axes are the last ones of the shape, and extents of 1 are repeated. */
Value *expand_numpy(Builder *b, Value *x, const Type *shape);
/* Ends an op begun with build_begin: its region is `combine` of two scalars; or, for OP_COUNT, gives the second. */
Value *expand_combiner(Builder *b, Op *op, OpKind combine);
/* The value of d, as a scalar of type t. */
Value *expand_extent(Builder *b, Dim d, DType t);
/* The mean along dims, without those axes. */
Value *expand_mean_of(Builder *b, Value *x, Ints dims);
/* x less its mean along dims; *variance: the mean of the squares of that, without those axes. */
Value *expand_center(Builder *b, Value *x, Ints dims, Value **variance);
/* y plus operand i of op, a vector along y's last axis, if op has such an operand. */
Value *expand_add_bias(Builder *b, const Op *op, int i, Value *y);
/* x's elements in the shape of t, whose element type is x's; x itself where it has that. */
Value *expand_in_shape(Builder *b, Value *x, const Type *t);
/* The ops of a region, moved to the end of another: the op that it belonged to is about to go. */
void   expand_move_ops(Block *to, Block *from);
/* The slices of x at indices along an axis, in whose place the axes of the indices are; one outside clamps. */
Value *expand_picked(Builder *b, Value *x, Value *indices, int axis);
/* The same; an index below 0 counts from the end. */
Value *expand_taken(Builder *b, Value *x, Value *indices, int axis);
/* x where x >= 0, else y. */
Value *expand_unless_negative(Builder *b, Value *x, Value *y);

/* Elementwise ops as functions: ew_add(b, x, y), ew_exp(b, x); with a number: ew_plus(b, x, 1). */
#define EW1(name) static inline Value *ew_##name(Builder *b, Value *x) { return BUILD(b, name, ARGS(x)); }
#define EW2(name) static inline Value *ew_##name(Builder *b, Value *x, Value *y) { return BUILD(b, name, ARGS(x, y)); }
#define EW_NUMBER(to, name) \
	static inline Value *ew_##to(Builder *b, Value *x, double y) { return BUILD(b, name, ARGS(x, expand_like(b, x, y))); }
EW1(abs) EW1(erf) EW1(exp) EW1(expm1) EW1(log) EW1(log1p) EW1(logistic) EW1(neg) EW1(not) EW1(rsqrt) EW1(sqrt) EW1(tanh)
EW1(acos) EW1(asin) EW1(cbrt) EW1(cos) EW1(cosh) EW1(sin) EW1(sinh) EW1(tan)
EW2(add) EW2(and) EW2(div) EW2(max) EW2(min) EW2(mul) EW2(or) EW2(pow) EW2(sub) EW2(atan2)
EW_NUMBER(plus, add)
EW_NUMBER(times, mul)
EW_NUMBER(at_least, max)
EW_NUMBER(at_most, min)
EW_NUMBER(to_power, pow)
#undef EW1
#undef EW2
#undef EW_NUMBER
static inline Value *ew_compare(Builder *b, CmpDir dir, Value *x, Value *y)
{
	return BUILD(b, compare, ARGS(x, y), .dir = dir);
}
static inline Value *ew_select(Builder *b, Value *p, Value *x, Value *y) { return BUILD(b, select, ARGS(p, x, y)); }

#endif
