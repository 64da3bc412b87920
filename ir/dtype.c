/* ir/dtype.c - the table of element types. */
#include "ir/dtype.h"

#include <string.h>

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

static const FloatFormat formats[DT_COUNT] = {
#define NARROW_INT(...)
#define NARROW_FLOAT(t, exponent, fraction, bias, most, infinity, nan, minus_zero) \
	[DT_##t] = { exponent, fraction, bias, most, infinity, nan, minus_zero },
#include "ir/narrow.def"
};

static const struct { int width; DType scalar; } narrow_ints[DT_COUNT] = {
#define NARROW_INT(t, width, scalar) [DT_##t] = { width, DT_##scalar },
#define NARROW_FLOAT(...)
#include "ir/narrow.def"
};

const FloatFormat *dtype_format(DType t)
{
	if (t == DT_F16 || t == DT_BF16)
		return t == DT_F16 ? &format_f16 : &format_bf16;
	return DTS_NARROW_FLOAT & DTS(t) ? &formats[t] : NULL;
}

DType dtype_compute(DType t)
{
	return dtype_format(t) ? DT_F32 : t;
}

DType dtype_scalar(DType t)
{
	return DTS_NARROW_INT & DTS(t) ? narrow_ints[t].scalar : dtype_compute(t);
}

int dtype_width(DType t)
{
	const FloatFormat *f = dtype_format(t);

	return t == DT_BOOL ? 1 : f ? 1 + f->exponent + f->fraction : narrow_ints[t].width ? narrow_ints[t].width : dtype_info[t].bits;
}

int dtype_mantissa(DType t)
{
	const FloatFormat *f = dtype_format(t);

	return f ? f->fraction : t == DT_F32 ? 23 : 52;
}

double dtype_to_f64(DType t, uint64_t bits)
{
	if (dtype_format(t))
		return format_to_f64(dtype_format(t), (uint32_t)bits);
	switch (t) {
	case DT_BOOL: return bits != 0;
	case DT_I2:
	case DT_I4:
	case DT_I8:   return (int8_t)bits;
	case DT_I16:  return (int16_t)bits;
	case DT_I32:  return (int32_t)bits;
	case DT_I64:  return (double)(int64_t)bits;
	case DT_U2:
	case DT_U4:
	case DT_U8:
	case DT_U16:
	case DT_U32:
	case DT_U64:  return (double)bits;
	case DT_F32:  return f32_of_bits((uint32_t)bits);
	case DT_C64:  return f32_of_bits((uint32_t)bits);
	case DT_F64:
	case DT_C128: return f64_of_bits(bits);
	default:      break;
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
	case DT_F32:
	case DT_C64:  return f32_bits((float)x);
	case DT_F64:
	case DT_C128: return f64_bits(x);
	default:      break;
	}
	return dtype_format(t) ? format_from_f64(dtype_format(t), x) :
	       dtype_wrap(t, integer_from_f64(x, dtype_width(t), dtype_is_signed(t)));
}

uint64_t dtype_wrap(DType t, uint64_t bits)
{
	int unused = 64 - dtype_width(t);

	bits = dtype_is_signed(t) ? (uint64_t)((int64_t)(bits << unused) >> unused) : bits << unused >> unused;
	return dtype_info[t].bits == 64 ? bits : bits & (((uint64_t)1 << dtype_info[t].bits) - 1);
}

bool dtype_fits(DType t, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	bool ok[256], all = true;

	if (!dtype_is_narrow(t))
		return true;
	for (unsigned b = 0; b < 256; b++)
		ok[b] = dtype_is_float(t) ? b >> dtype_width(t) == 0 : dtype_wrap(t, b) == b;
	for (size_t i = 0; i < n; i++)
		all &= ok[p[i]];
	return all;
}

bool dtype_is_nan(DType t, uint64_t bits)
{
	double x = dtype_is_float(t) ? dtype_to_f64(t, bits) : 0;

	return x != x;
}

bool dtype_has_infinity(DType t)
{
	return dtype_is_float(t) && (!dtype_format(t) || dtype_format(t)->infinity);
}

uint64_t dtype_extreme(DType t, bool greatest)
{
	double infinity = greatest ? __builtin_inf() : -__builtin_inf();
	const FloatFormat *f = dtype_format(t);

	if (f && !f->infinity)
		return greatest ? f->most : f->most | format_sign(f);
	return t == DT_BOOL ? greatest : dtype_from_f64(t, infinity);
}
