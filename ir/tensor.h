/* ir/tensor.h - concrete tensors: dense row-major values with a heap-allocated, 64-byte aligned buffer. */
#ifndef IR_TENSOR_H
#define IR_TENSOR_H

#include "ir/blob.h"

typedef struct Tensor {
	DType   dtype;
	int     rank;
	int64_t dim[RANK_MAX];
	int64_t count;
	void   *data;
	int     refs;
} Tensor;

Tensor *tensor_new(DType dtype, int rank, const int64_t *dim);  /* zeroed; NULL when the size overflows or memory is out */
Tensor *tensor_from_blob(const Blob *b);
Tensor *tensor_ref(Tensor *t);
void    tensor_unref(Tensor *t);
static inline int64_t tensor_bytes(const Tensor *t) { return t->count * dtype_size(t->dtype); }
Blob   *blob_from_tensor(Arena *a, Tensor *t);                  /* copies the data into the arena */
/* Complex numbers as pairs of real ones, in the same memory; others as they are.  Has no reference of its own. */
Tensor  tensor_parts(const Tensor *t);
/* Element as bits, zero-extended; of up to 64. */
uint64_t tensor_get(const Tensor *t, int64_t i);
void    tensor_set(Tensor *t, int64_t i, uint64_t bits);

#endif
