/* ir/build.h - making ops at an insertion point. */
#ifndef IR_BUILD_H
#define IR_BUILD_H

#include "ir/ir.h"

typedef struct Builder {
	Ctx   *ctx;
	Func  *func;
	Block *block;      /* where to append, when before is NULL */
	Op    *before;     /* or the op before which to insert */
	Loc    loc;        /* given to new ops */
	const char *what;  /* the op on whose behalf build_common_shape works, for its diagnostics; or NULL */
} Builder;

Builder builder_at_end(Ctx *ctx, Block *b);
Builder builder_before(Ctx *ctx, Op *op);          /* takes op's location too */

/* New op with inferred results, inserted.  NULL (with diagnostics) when inference refuses it.  attrs: the op's struct, all
   of it; NULL: the defaults of ir/ops.def. */
Op    *build_op(Builder *b, OpKind kind, int nargs, Value *const *arg, const void *attrs);
/* The only result; CHECKs that inference accepted: for code that builds what must be valid. */
Value *build_value(Builder *b, OpKind kind, int nargs, Value *const *arg, const void *attrs);

/* BUILD(b, transpose, ARGS(x), .permutation = p): a value.  What is left out is 0, as C has it: where the default of an
   attribute is another, 0 is refused by a CHECK.  Who means 0 gives the whole struct to build_value. */
#define ARGS(...) (int)(sizeof((Value *[]){ __VA_ARGS__ }) / sizeof(Value *)), (Value *[]){ __VA_ARGS__ }
#define NO_ARGS 0, NULL
void   build_check_given(OpKind kind, const void *attrs);       /* the CHECK, for who makes the op another way */
Value *build_given(Builder *b, OpKind kind, int nargs, Value *const *arg, const void *attrs);
#define BUILD(b, name, args, ...) build_given((b), OP_##name, args, &(struct attrs_##name){ __VA_ARGS__ })

/* One-op reductions and region helpers. combine is a binary elementwise op (add, max, ...). keepdims keeps extents of 1. */
Value *build_reduce(Builder *b, OpKind combine, Value *x, Ints dims, bool keepdims);
/* Starts an op with regions: fill op->region[i] (arguments by block_add_arg, ops, yield), then build_finish. */
Op    *build_begin(Builder *b, OpKind kind, int nargs, Value *const *arg, const void *attrs);
Op    *build_finish(Builder *b, Op *op);           /* infers and inserts; NULL when refused */

Value *build_constant(Builder *b, Blob *blob);
Value *build_scalar(Builder *b, DType t, double x);             /* rank 0, rounded to t */
Value *build_splat(Builder *b, const Type *type, double x);     /* scalar broadcast to a type (symbolic dims allowed) */
Value *build_identity(Builder *b, DType t, OpKind combine);     /* neutral element of a reduction: add -> 0, max -> -inf, ... */
Value *build_broadcast(Builder *b, Value *x, const Type *shape, Ints dims);
/* numpy broadcasting of two or more values to one shape (false with diagnostics when they do not fit). */
bool   build_common_shape(Builder *b, int n, Value **v);
/* An input of f gets a value: its uses become uses of a constant, and f loses the argument. */
void   build_bound_input(Ctx *ctx, Func *f, Value *v, Blob *value);
Ints   ints_copy(Arena *a, int n, const int64_t *at);
Dims   dims_copy(Arena *a, int n, const Dim *at);
Ints   ints_of(Arena *a, int n, ...);               /* int arguments */

#endif
