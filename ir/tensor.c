/* ir/tensor.c - concrete tensors. */
#include "ir/tensor.h"

#include <stdlib.h>

#include "ir/base/check.h"
#include "ir/base/num.h"

Tensor *tensor_new(DType dtype, int rank, const int64_t *dim)
{
	int64_t count = 1, bytes;
	bool empty = false;

	if (rank > RANK_MAX)
		return NULL;
	for (int i = 0; i < rank; i++)
		empty = empty || dim[i] <= 0;
	for (int i = 0; i < rank && !empty; i++)
		if (!i64_mul(count, dim[i], &count))
			return NULL;
	count = empty ? 0 : count;
	if (!i64_mul(count, dtype_size(dtype), &bytes) || !i64_add(bytes, 64, &bytes))
		return NULL;

	Tensor *t = calloc(1, sizeof *t);
	if (!t)
		return NULL;
	/* At least one byte and whole cache lines: vector loops may be tested on tensors. */
	size_t size = (size_t)bytes / 64 * 64;
	t->data = aligned_alloc(64, size);
	if (!t->data) {
		free(t);
		return NULL;
	}
	memset(t->data, 0, size);
	t->dtype = dtype;
	t->rank = rank;
	for (int i = 0; i < rank; i++)
		t->dim[i] = dim[i];
	t->count = count;
	t->refs = 1;
	return t;
}

Tensor *tensor_from_blob(const Blob *b)
{
	Tensor *t = tensor_new(b->dtype, b->rank, b->dim);

	if (t)
		blob_copy(b, t->data);
	return t;
}

Tensor *tensor_ref(Tensor *t)
{
	t->refs++;
	return t;
}

void tensor_unref(Tensor *t)
{
	if (!t || --t->refs)
		return;
	free(t->data);
	free(t);
}

Blob *blob_from_tensor(Arena *a, Tensor *t)
{
	size_t bytes = (size_t)t->count * (size_t)dtype_size(t->dtype);

	return blob_dense(a, t->dtype, t->rank, t->dim, arena_copy(a, t->data, bytes));
}

Tensor tensor_parts(const Tensor *t)
{
	Tensor v = *t;

	if (!dtype_is_complex(t->dtype))
		return v;
	CHECK(t->rank < RANK_MAX, "parts of a tensor of rank %d", t->rank);
	v.dtype = dtype_part(t->dtype);
	v.dim[v.rank++] = 2;
	v.count *= 2;
	return v;
}

uint64_t tensor_get(const Tensor *t, int64_t i)
{
	size_t size = (size_t)dtype_size(t->dtype);
	uint64_t bits = 0;

	CHECK(i >= 0 && i < t->count, "element %lld of a tensor of %lld", (long long)i, (long long)t->count);
	CHECK(size <= sizeof bits, "an element of %d bytes", (int)size);
	memcpy(&bits, (const char *)t->data + (size_t)i * size, size);
	return bits;
}

void tensor_set(Tensor *t, int64_t i, uint64_t bits)
{
	size_t size = (size_t)dtype_size(t->dtype);

	CHECK(i >= 0 && i < t->count, "element %lld of a tensor of %lld", (long long)i, (long long)t->count);
	CHECK(size <= sizeof bits, "an element of %d bytes", (int)size);
	memcpy((char *)t->data + (size_t)i * size, &bits, size);
}
