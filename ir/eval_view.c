/* ir/eval_view.c - positions in tensors and strided copies, which most data movement comes down to. */
#include "ir/base/check.h"
#include "ir/eval_impl.h"

void eval_strides(int rank, const int64_t *dim, int64_t *stride)
{
	int64_t step = 1;

	for (int i = rank - 1; i >= 0; i--) {
		stride[i] = step;
		step *= dim[i];
	}
}

bool eval_next(int rank, const int64_t *dim, int64_t *idx)
{
	for (int i = rank - 1; i >= 0; i--) {
		if (++idx[i] < dim[i])
			return true;
		idx[i] = 0;
	}
	return false;
}

typedef struct Element16 { uint64_t half[2]; } Element16;

static void copy_line(int64_t n, size_t size, char *dst, int64_t dst_step, const char *src, int64_t src_step)
{
	if (dst_step == 1 && src_step == 1) {
		memcpy(dst, src, (size_t)n * size);
		return;
	}

#define COPY(type) \
	for (int64_t i = 0; i < n; i++) \
		((type *)dst)[i * dst_step] = ((const type *)src)[i * src_step]
	switch (size) {
	case 1: COPY(uint8_t); break;
	case 2: COPY(uint16_t); break;
	case 4: COPY(uint32_t); break;
	case 8: COPY(uint64_t); break;
	case 16: COPY(Element16); break;
	default: UNREACHABLE("elements of %d bytes", (int)size);
	}
#undef COPY
}

void eval_copy(int rank, const int64_t *dim, size_t size, void *dst, const int64_t *dst_stride, const void *src,
	const int64_t *src_stride)
{
	int64_t idx[RANK_MAX] = { 0 };
	int outer = rank > 0 ? rank - 1 : 0;

	for (int i = 0; i < rank; i++) {
		if (dim[i] == 0)
			return;
	}
	do {
		char *to = (char *)dst + eval_offset(outer, idx, dst_stride) * (int64_t)size;
		const char *from = (const char *)src + eval_offset(outer, idx, src_stride) * (int64_t)size;

		if (rank > 0)
			copy_line(dim[outer], size, to, dst_stride[outer], from, src_stride[outer]);
		else
			memcpy(to, from, size);
	} while (eval_next(outer, dim, idx));
}

int64_t eval_int(const Tensor *t, int64_t i)
{
	CHECK(!dtype_is_float(t->dtype), "a float is no index");

	uint64_t bits = tensor_get(t, i);
	int shift = 64 - 8 * dtype_size(t->dtype);

	return dtype_info[t->dtype].kind == DK_INT ? (int64_t)(bits << shift) >> shift : (int64_t)bits;
}
