/* frontend/weights/npz.h - NumPy's .npz files: .npy files in a zip archive, stored or deflated.
   Format: https://numpy.org/doc/stable/reference/generated/numpy.savez.html. */
#ifndef FRONTEND_WEIGHTS_NPZ_H
#define FRONTEND_WEIGHTS_NPZ_H

#include "frontend/weights/npy.h"

typedef struct Npz Npz;

/* NULL after a diagnostic that names path.  No array is read yet; bytes must live as long as the arena. */
Npz *npz_parse(Diag *d, Arena *a, const char *path, const void *bytes, size_t size);
/* The same on a mapped file. */
Npz *npz_open(Diag *d, Arena *a, const char *path);
/* Is the file one, by its ending or by its first bytes? */
bool npz_is(const char *path, const void *bytes, size_t size);

/* The arrays are the members NAME.npy, in the archive's order; others are left out. */
int         npz_count(const Npz *z);
const char *npz_name(const Npz *z, int i);
int         npz_find(const Npz *z, const char *name);    /* -1: none */

/* What array i is, before memory is spent on its data: wanted decides between types that are spelled alike.  False after
   a diagnostic that names the file and the array. */
bool  npz_header(Npz *z, int i, const DType *wanted, NpyHeader *out);
/* The array, as npy_parse gives it, in the arena; read once.  NULL after a diagnostic. */
Blob *npz_array(Npz *z, int i, const DType *wanted);

#endif
