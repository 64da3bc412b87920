/* frontend/onnx/ml.h - what the files of ai.onnx.ml share. */
#ifndef FRONTEND_ONNX_ML_H
#define FRONTEND_ONNX_ML_H

#include "frontend/onnx/import.h"

/* A constant of numbers, rounded to t. */
Value *floats_constant(Onnx *o, DType t, int rank, const int64_t *dim, const double *at);
/* Attribute `name` as numbers, or the tensor `name`_as_tensor; absent: n = 0.  False after a refusal. */
bool   floats_or_tensor(Onnx *o, const char *name, Floats *out);
/* A tensor's elements as numbers. */
Floats floats_of(Onnx *o, const Blob *b);
/* Operand 0 as floats: f64 stays, everything else becomes f32; a vector is one row. */
Value *features(Onnx *o);
/* x op number */
Value *with_number(Onnx *o, OpKind kind, Value *x, double number);
/* scores [N, C] after 'post_transform': NONE, SOFTMAX, LOGISTIC, SOFTMAX_ZERO or PROBIT. */
Value *post_transformed(Onnx *o, Value *scores, const char *how);
/* The labels of attribute `name` at these places, as result 0; strings cannot be given. */
bool   give_labels(Onnx *o, const char *ints, const char *strings, Value *at);
/* How many labels there are. */
int    label_count(Onnx *o, const char *ints, const char *strings);
/* The place of the first greatest of each row. */
Value *best_of_row(Onnx *o, Value *x);

#endif
