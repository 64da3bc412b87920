/* frontend/onnx/vision.h - what the importers of convolutions, pools and sampling share. */
#ifndef FRONTEND_ONNX_VISION_H
#define FRONTEND_ONNX_VISION_H

#include "frontend/onnx/import.h"

/* Windows over the last n axes of a tensor.  Padding that depends on symbols is an expression; so is where results end that
   are fewer than the windows that fit (ceil_mode), NULL otherwise. */
typedef struct Windows {
	int     n;
	int64_t size[RANK_MAX], stride[RANK_MAX], dilation[RANK_MAX];
	Dim     low[RANK_MAX], high[RANK_MAX];
	Dim     more[RANK_MAX];     /* what the last window needs behind the padding: no element counts there */
	Dim     end[RANK_MAX];
} Windows;

/* The attributes strides, dilations, pads, auto_pad, and ceil_mode where that is given, for windows of these sizes over the
   spatial axes of [N, C, ...]. */
bool windows_given(Onnx *o, const Type *x, const int64_t *size, Windows *out);
/* One number a spatial axis, of at least `least`; absent: fallback. */
bool spatial_ints(Onnx *o, const char *name, int n, int64_t least, int64_t fallback, int64_t *out);
/* `kernel_shape`, which must be there. */
bool kernel_given(Onnx *o, int n, int64_t *out);
/* Extent of a window with its holes. */
Dim  window_cover(Onnx *o, const Windows *w, int i);
/* x with what of the padding is no number (all: everything) put around it, and that taken out of the windows. */
Value *windows_padded(Onnx *o, Value *x, Windows *w, bool all, double fill);
/* Each window of x's last axes reduced by a binary op; padding is skipped. */
Value *windows_reduced(Onnx *o, OpKind combine, Value *x, Windows w);
/* The largest element of each window, the first where there are several, and what index (i64, below 0 for what is none) has there. */
Op    *windows_argmax(Onnx *o, Value *x, Value *index, const Windows *w);
Value *windows_ended(Onnx *o, Value *y, const Windows *w);
/* The means of the windows of the node's attributes, of x [N, C, ...]. */
Value *average_pooled(Onnx *o, Value *x);

/* The convolution of [N, C, ...] with [M, C / group, ...] by the attributes of the node at hand, without bias. */
Value *convolved(Onnx *o, Value *x, Value *w);
/* y [N, C, ...] plus a vector of C; NULL for the vector: y. */
Value *with_bias(Onnx *o, Value *y, Value *bias);

/* x with low and high elements of fill put around an axis; negative ones cut away. */
Value *padded(Onnx *o, Value *x, int axis, Dim low, Dim high, double fill);
/* 0, 1, ... below n. */
Value *counting(Onnx *o, DType t, Dim n);
/* v [n] as [1, ..., n, ..., 1] of a rank. */
Value *along(Onnx *o, Value *v, int axis, int rank);
/* Is the extent n, or a symbol, which then must be n when the graph is called? */
bool   extent_is(Onnx *o, Dim d, int64_t n);
/* The type that interpolation computes in. */
DType  wide_type(DType t);

#endif
