/* ir/base/num_half.c - conversions of floats of 16 bits and less. */
#include "ir/base/num.h"

const FloatFormat format_f16 = { 5, 10, 15, 0x7bff, 0x7c00, 0x7e00, true };
const FloatFormat format_bf16 = { 8, 7, 127, 0x7f7f, 0x7f80, 0x7fc0, true };

bool format_has_nan(const FloatFormat *f)
{
	return !f->minus_zero || f->infinity || f->most < format_sign(f) - 1;
}

bool format_is_nan(const FloatFormat *f, uint32_t bits)
{
	uint32_t size = bits & (format_sign(f) - 1);

	return f->minus_zero ? size > (f->infinity ? f->infinity : f->most) : bits == format_sign(f);
}

static uint32_t overflow(const FloatFormat *f, uint32_t sign)
{
	return f->infinity ? sign | f->infinity : format_has_nan(f) ? f->minus_zero ? sign | f->nan : f->nan : sign | f->most;
}

/* Rounds the double with these bits once, to nearest even. */
static uint32_t narrow(const FloatFormat *f, uint64_t bits)
{
	uint32_t sign = bits >> 63 ? format_sign(f) : 0;
	int exponent = (int)(bits >> 52 & 0x7ff) - 1023 + f->bias; /* as biased in the result */
	uint64_t fraction = bits & (((uint64_t)1 << 52) - 1);

	if ((bits >> 52 & 0x7ff) == 0x7ff) {
		if (!fraction)
			return overflow(f, sign);
		if (f->infinity)
			return sign | f->nan | (uint32_t)(fraction >> (52 - f->fraction));
		return f->minus_zero && format_has_nan(f) ? sign | f->nan : f->nan;
	}
	if (exponent > 1 << f->exponent)
		return overflow(f, sign);

	/* A subnormal result keeps fewer bits; below half of the least one it is zero
	   (all subnormal doubles are, too). */
	int shift = 52 - f->fraction;
	fraction |= (uint64_t)1 << 52;
	if (exponent <= 0) {
		shift += 1 - exponent;
		exponent = 1;
		if (shift > 53)
			return f->minus_zero ? sign : 0;
	}

	uint64_t rest = fraction & (((uint64_t)1 << shift) - 1), half = (uint64_t)1 << (shift - 1);
	uint32_t kept = (uint32_t)(fraction >> shift);
	if (rest > half || (rest == half && (kept & 1)))
		kept++;
	/* The leading one of `kept` carries into the exponent: of a normal number
	   always, of a subnormal one when it rounds up to the least normal, and
	   of the greatest one to what follows it. */
	uint32_t size = ((uint32_t)(exponent - 1) << f->fraction) + kept;
	if (size > f->most)
		return overflow(f, sign);
	return size || f->minus_zero ? sign | size : 0;
}

/* Through double, which holds every float exactly. By bits, because hardware
   may be told to flush subnormals. */
static uint64_t widen_f32(float x)
{
	uint32_t u = f32_bits(x);
	uint64_t sign = (uint64_t)(u >> 31) << 63, fraction = u & 0x7fffff;
	int exponent = (int)(u >> 23 & 0xff);

	if (exponent == 0xff)
		return sign | (uint64_t)0x7ff << 52 | fraction << 29;
	if (!exponent) {
		if (!fraction)
			return sign;
		int up = __builtin_clz((uint32_t)fraction) - 8;
		fraction = fraction << up & 0x7fffff;
		exponent = 1 - up;
	}
	return sign | (uint64_t)(exponent - 127 + 1023) << 52 | fraction << 29;
}

float f32_from_f16(uint16_t bits)
{
	uint32_t sign = (uint32_t)(bits >> 15) << 31, fraction = bits & 0x3ff;
	uint32_t exponent = bits >> 10 & 0x1f;

	if (exponent == 0x1f) {
		uint32_t quiet = fraction ? (uint32_t)1 << 22 : 0;
		return f32_of_bits(sign | 0x7f800000 | quiet | fraction << 13);
	}
	if (!exponent) {
		if (!fraction)
			return f32_of_bits(sign);
		/* Shift the leading one up to bit 10, where normal numbers have it. */
		int up = __builtin_clz(fraction) - 21;
		return f32_of_bits(sign | (uint32_t)(113 - up) << 23 | (fraction << up & 0x3ff) << 13);
	}
	return f32_of_bits(sign | (exponent + 112) << 23 | fraction << 13);
}

uint16_t f16_from_f64(double x)
{
	return (uint16_t)narrow(&format_f16, f64_bits(x));
}

uint16_t f16_from_f32(float x)
{
	return (uint16_t)narrow(&format_f16, widen_f32(x));
}

float f32_from_bf16(uint16_t bits)
{
	bool nan = (bits & 0x7fff) > 0x7f80;

	return f32_of_bits((uint32_t)(bits | (nan ? 0x40 : 0)) << 16);
}

uint16_t bf16_from_f64(double x)
{
	return (uint16_t)narrow(&format_bf16, f64_bits(x));
}

uint16_t bf16_from_f32(float x)
{
	return (uint16_t)narrow(&format_bf16, widen_f32(x));
}

uint32_t format_from_f64(const FloatFormat *f, double x)
{
	return narrow(f, f64_bits(x));
}

uint32_t format_from_f32(const FloatFormat *f, float x)
{
	return narrow(f, widen_f32(x));
}

/* No subnormal is ever met on the way: hardware may be told to flush them. */
double format_to_f64(const FloatFormat *f, uint32_t bits)
{
	uint32_t sign = bits & format_sign(f), size = bits & (format_sign(f) - 1);
	int exponent = (int)(size >> f->fraction);
	uint64_t fraction = size & ((1u << f->fraction) - 1), top = sign ? (uint64_t)1 << 63 : 0;

	if (format_is_nan(f, bits))
		return f64_of_bits(top | (uint64_t)0x7ff8 << 48);
	if (f->infinity && size == f->infinity)
		return f64_of_bits(top | (uint64_t)0x7ff << 52);
	if (!exponent) {   /* a whole number of the least ones */
		double least = f64_of_bits((uint64_t)(1 - f->bias - f->fraction + 1023) << 52), x = (double)fraction * least;
		return sign ? -x : x;
	}
	return f64_of_bits(top | (uint64_t)(exponent - f->bias + 1023) << 52 | fraction << (52 - f->fraction));
}
