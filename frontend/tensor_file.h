/* frontend/tensor_file.h - tensors that a command line names: in .npy files, or one of an .npz file. */
#ifndef FRONTEND_TENSOR_FILE_H
#define FRONTEND_TENSOR_FILE_H

#include "ir/base/diag.h"
#include "ir/tensor.h"

/* spec: FILE.npy; FILE.npz:NAME; or FILE.npz, whose array `name` is taken, or else its only one.  wanted: the element type
   that the caller expects, as in npy_parse.  NULL after a diagnostic. */
Tensor *tensor_read(Diag *d, const char *spec, const char *name, const DType *wanted);

/* The file that spec names, and the array after the colon or NULL. */
const char *tensor_path(Arena *a, const char *spec, const char **array);

#endif
