/* ir/blob.h - constant tensors: a strided view of bytes that are copied once, when they are written.

   The element at index i of the view is data[offset + sum(i[k] * stride[k])] (in elements), or zero when a
   bound says so: layout ops on constants compose into the view and never touch the data.  Bounds come from
   zero padding: an index with sum(i[k] * coef[k]) >= limit reads as zero (+0). */
#ifndef IR_BLOB_H
#define IR_BLOB_H

#include "ir/base/arena.h"
#include "ir/type.h"

#define BLOB_BOUNDS_MAX 8

typedef struct BlobBound {
	int64_t coef[RANK_MAX];        /* never negative */
	int64_t limit;
} BlobBound;

typedef struct Blob {
	DType       dtype;
	int         rank;
	int64_t     dim[RANK_MAX];
	int64_t     stride[RANK_MAX];  /* in elements; 0 repeats */
	int64_t     offset;            /* in elements */
	const void *data;              /* element-aligned not promised: read with memcpy */
	size_t      size;              /* bytes behind data */
	int         nbounds;
	const BlobBound *bound;
	const char *key;               /* name in the file beside a printed module, or NULL */
} Blob;

Blob *blob_dense(Arena *a, DType dtype, int rank, const int64_t *dim, const void *data); /* data is not copied */
Blob *blob_splat(Arena *a, DType dtype, int rank, const int64_t *dim, const void *element); /* copies the element */
/* b, or the same bytes as type t where files have no name of their own for t but that of b's type, as I8 for i4, and the bytes
   are elements of t; b is then as long-lived as the result. */
Blob *blob_read_as(Arena *a, Blob *b, DType t);
int64_t blob_count(const Blob *b);
size_t  blob_bytes(const Blob *b);
bool    blob_is_splat(const Blob *b);          /* every stride 0 (or dim 1) and no bounds, at least one element */
bool    blob_is_dense(const Blob *b);          /* row-major and without bounds: `data + offset` is the tensor */

/* Views. NULL where the result is no view (then the caller materialises first). */
Blob *blob_transpose(Arena *a, const Blob *b, const int64_t *perm);
Blob *blob_reshape(Arena *a, const Blob *b, int rank, const int64_t *dim);
Blob *blob_slice(Arena *a, const Blob *b, const int64_t *start, const int64_t *limit, const int64_t *stride);
Blob *blob_broadcast(Arena *a, const Blob *b, int rank, const int64_t *dim, const int64_t *dims);
Blob *blob_pad_high(Arena *a, const Blob *b, const int64_t *high);   /* zero padding after each axis */

/* Copies the view, row-major, to out (blob_bytes(b) bytes): one pass, >= 1 GB/s for packed weights. */
void blob_copy(const Blob *b, void *out);
/* Calls emit with consecutive pieces of the row-major bytes, so that a large view is streamed, not held. */
bool blob_stream(const Blob *b, bool (*emit)(void *arg, const void *bytes, size_t n), void *arg);
Blob *blob_materialize(Arena *a, const Blob *b);
/* Complex numbers as pairs of real ones: one axis more, of extent 2. */
Blob    blob_parts(const Blob *b);
/* Bits of one element, by row-major index; of elements of up to 64 bits. */
uint64_t blob_get(const Blob *b, int64_t index);
bool blob_equal(const Blob *a, const Blob *b); /* same type and bits; may compare contents up to 64 KiB, else identity of views */

#endif
