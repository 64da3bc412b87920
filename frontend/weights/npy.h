/* frontend/weights/npy.h - NumPy's .npy files, versions 1 to 3.
   Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. */
#ifndef FRONTEND_WEIGHTS_NPY_H
#define FRONTEND_WEIGHTS_NPY_H

#include "ir/base/diag.h"
#include "ir/blob.h"
#include "ir/tensor.h"

/* The header is a Python literal of a known form; NumPy itself reads at most 10,000 bytes of it unless told otherwise. */
enum { NPY_HEADER_MAX = 1 << 20 };

/* What the header says: the array is bytes [begin, begin + nbytes) of the file, if the file has as many. */
typedef struct NpyHeader {
	DType   dtype;
	bool    fortran, big_endian;
	int     rank;
	int64_t dim[RANK_MAX];
	size_t  begin, nbytes;
} NpyHeader;

/* From the first bytes of a file: all of it, or the first 12 + NPY_HEADER_MAX.  wanted decides between types that are
   spelled alike.  False after a diagnostic. */
bool npy_header(Diag *d, const char *path, const void *bytes, size_t size, const DType *wanted, NpyHeader *out);

/* The array in bytes as a view of them (Fortran order is a matter of strides; big-endian elements are copied into the
   arena).  wanted: the element type that the caller expects, which decides where NumPy lacks it (bfloat16 is <V2 or <u2)
   and is an error when the file holds another; NULL takes what is there.  NULL after a diagnostic that names path. */
Blob *npy_parse(Diag *d, Arena *a, const char *path, const void *bytes, size_t size, const DType *wanted);
/* Writes version 1, C order; false after a diagnostic, and the old file is still there. */
bool npy_write(Diag *d, const char *path, const Tensor *t);

#endif
