/* ir/conv.h - what inference and expansion of convolutions and pooling share. */
#ifndef IR_CONV_H
#define IR_CONV_H

#include "ir/ir.h"

/* How many spatial axes an op of the family has: the digit before the d of its name (conv2d_transpose: 2). */
int op_spatial_axes(OpKind kind);

/* The padding of the convolution over x with strides - 1 holes between its elements that a transposed one is: op is conv1d_transpose
   or a sibling, its kernel extents are numbers.  Arrays lie in a.  False when numbers leave 64 bits. */
bool conv_transpose_padding(Arena *a, const Op *op, Pads *out);

#endif
