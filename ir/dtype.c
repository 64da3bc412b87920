/* ir/dtype.c - the table of element types. */
#include "ir/dtype.h"

#include <string.h>

#include "ir/base/num.h"

const DTypeInfo dtype_info[DT_COUNT] = {
#define DTYPE(enum_name, spelling, kind, bits, ctype, npy, safetensors, doc) \
	[DT_##enum_name] = { spelling, DK_##kind, bits, #ctype, npy, safetensors, doc },
#include "ir/dtype.def"
};

bool dtype_parse(const char *s, size_t n, DType *out)
{
	for (int t = 0; t < DT_COUNT; t++) {
		if (strlen(dtype_info[t].name) == n && !memcmp(dtype_info[t].name, s, n)) {
			*out = (DType)t;
			return true;
		}
	}
	return false;
}

double dtype_to_f64(DType t, uint64_t bits)
{
	switch (t) {
	case DT_BOOL: return bits != 0;
	case DT_I8:   return (int8_t)bits;
	case DT_I16:  return (int16_t)bits;
	case DT_I32:  return (int32_t)bits;
	case DT_I64:  return (double)(int64_t)bits;
	case DT_U8:
	case DT_U16:
	case DT_U32:
	case DT_U64:  return (double)bits;
	case DT_F16:  return f32_from_f16((uint16_t)bits);
	case DT_BF16: return f32_from_bf16((uint16_t)bits);
	case DT_F32:  return f32_of_bits((uint32_t)bits);
	case DT_F64:  return f64_of_bits(bits);
	case DT_COUNT: break;
	}
	return 0;
}

/* Saturates at the limits of an integer of the given width. */
static uint64_t integer_from_f64(double x, int bits, bool is_signed)
{
	double end = is_signed ? 0x1p63 : 0x1p64; /* one past the largest of 64 bits */

	for (int i = bits; i < 64; i++)
		end /= 2;
	if (x != x)
		return 0;
	uint64_t mask = bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
	if (x >= end)
		return is_signed ? mask >> 1 : mask;
	if (is_signed)
		return x <= -end ? (mask >> 1) + 1 : (uint64_t)(int64_t)x & mask;
	return x <= 0 ? 0 : (uint64_t)x;
}

uint64_t dtype_from_f64(DType t, double x)
{
	switch (t) {
	case DT_BOOL: return x != 0;
	case DT_F16:  return f16_from_f64(x);
	case DT_BF16: return bf16_from_f64(x);
	case DT_F32:  return f32_bits((float)x);
	case DT_F64:  return f64_bits(x);
	default:      return integer_from_f64(x, dtype_info[t].bits, dtype_is_signed(t));
	}
}
