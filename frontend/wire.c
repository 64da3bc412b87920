/* frontend/wire.c - bounds-checked reads of foreign bytes. */
#include "frontend/wire.h"

bool wire_bytes(Wire *w, size_t n, const void **out)
{
	if (n > w->left)
		return false;
	*out = w->at;
	w->at += n;
	w->left -= n;
	return true;
}

/* An unsigned number of n bytes, the least significant first. */
static bool wire_number(Wire *w, size_t n, uint64_t *out)
{
	const void *p;

	if (!wire_bytes(w, n, &p))
		return false;
	*out = 0;
	for (size_t i = n; i-- > 0;)
		*out = *out << 8 | ((const unsigned char *)p)[i];
	return true;
}

bool wire_u8(Wire *w, uint8_t *out)
{
	uint64_t v;
	bool ok = wire_number(w, sizeof *out, &v);

	*out = ok ? (uint8_t)v : 0;
	return ok;
}

bool wire_u16(Wire *w, uint16_t *out)
{
	uint64_t v;
	bool ok = wire_number(w, sizeof *out, &v);

	*out = ok ? (uint16_t)v : 0;
	return ok;
}

bool wire_u32(Wire *w, uint32_t *out)
{
	uint64_t v;
	bool ok = wire_number(w, sizeof *out, &v);

	*out = ok ? (uint32_t)v : 0;
	return ok;
}

bool wire_u64(Wire *w, uint64_t *out)
{
	uint64_t v;
	bool ok = wire_number(w, sizeof *out, &v);

	*out = ok ? v : 0;
	return ok;
}

bool wire_tensor_bytes(int rank, const int64_t *dim, size_t elem_size, size_t *out)
{
	uint64_t n = elem_size;
	bool empty = false;

	for (int i = 0; i < rank; i++) {
		if (dim[i] < 0)
			return false;
		empty = empty || dim[i] == 0;
		if (dim[i] && (__builtin_mul_overflow(n, (uint64_t)dim[i], &n) || n > INT64_MAX))
			return false;
	}
	*out = empty ? 0 : (size_t)n;
	return true;
}

bool wire_are_bools(const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	unsigned all = 0;

	for (size_t i = 0; i < n; i++)
		all |= p[i];
	return all <= 1;
}
