/* frontend/weights/npy.h - NumPy's .npy files, versions 1 to 3.
   Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. */
#ifndef FRONTEND_WEIGHTS_NPY_H
#define FRONTEND_WEIGHTS_NPY_H

#include "ir/base/diag.h"
#include "ir/blob.h"
#include "ir/tensor.h"

/* The array in bytes as a view of them (Fortran order is a matter of strides; big-endian elements are copied into the
   arena).  wanted: the element type that the caller expects, which decides where NumPy lacks it (bfloat16 is <V2 or <u2)
   and is an error when the file holds another; NULL takes what is there.  NULL after a diagnostic that names path. */
Blob *npy_parse(Diag *d, Arena *a, const char *path, const void *bytes, size_t size, const DType *wanted);
/* The same from a file, copied. */
Tensor *npy_read(Diag *d, const char *path, const DType *wanted);
/* Writes version 1, C order; false after a diagnostic, and the old file is still there. */
bool npy_write(Diag *d, const char *path, const Tensor *t);

#endif
