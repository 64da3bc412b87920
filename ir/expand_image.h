/* ir/expand_image.h - what the expansions that read images between their elements share. */
#ifndef IR_EXPAND_IMAGE_H
#define IR_EXPAND_IMAGE_H

#include "ir/expand_impl.h"

/* An elementwise op under numpy's broadcasting: OVER(b, add, x, y). */
#define OVER(b, name, ...) image_over((b), OP_##name, ARGS(__VA_ARGS__), NULL)
Value *image_over(Builder *b, OpKind kind, int nargs, Value *const *arg, const void *attrs);
Value *image_compare(Builder *b, CmpDir dir, Value *x, Value *y);
/* 0, 1, ... below n. */
Value *image_count(Builder *b, DType t, Dim n);
/* v [n] as [1, ..., n, ..., 1] of a rank. */
Value *image_along(Builder *b, Value *v, int axis, int rank);
Value *image_reshape(Builder *b, Value *v, int rank, const Dim *dim);
/* v[start:limit] along an axis. */
Value *image_slice(Builder *b, Value *v, int axis, int64_t start, int64_t limit);
/* Where indices (floats) are elements of an axis, else the nearest that is one: as integers. */
Value *image_inside(Builder *b, Value *index, Dim extent, DType t);
/* Keys' cubic (1981, equation 4) at distances d >= 0; a is the slope at distance 1. */
Value *image_cubic(Builder *b, Value *d, double a);
/* The type that interpolation of elements of a type computes in, and back from there: integers are rounded to the nearest, ties to even. */
DType  image_wide(DType t);
Value *image_narrow(Builder *b, Value *y, DType t);

#endif
