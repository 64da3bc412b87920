/* ir/base/num_half.c - conversions of 16-bit floats. */
#include "ir/base/num.h"

/* 16-bit floats: 1 sign, `ebits` exponent, `mbits` fraction bits. */

/* Rounds the double with these bits once, to nearest even. */
static uint16_t narrow(uint64_t bits, int ebits, int mbits)
{
	uint32_t sign = (uint32_t)(bits >> 63) << 15;
	uint32_t emax = (1u << ebits) - 1, infinity = emax << mbits;
	int exponent = (int)(bits >> 52 & 0x7ff) - 1023 + (int)(emax >> 1); /* as biased in the result */
	uint64_t fraction = bits & (((uint64_t)1 << 52) - 1);

	if ((bits >> 52 & 0x7ff) == 0x7ff) {
		if (!fraction)
			return (uint16_t)(sign | infinity);
		return (uint16_t)(sign | infinity | 1u << (mbits - 1) | (uint32_t)(fraction >> (52 - mbits)));
	}
	if (exponent >= (int)emax)
		return (uint16_t)(sign | infinity);

	/* A subnormal result keeps fewer bits; below half of the least one it is zero
	   (all subnormal doubles are, too). */
	int shift = 52 - mbits;
	fraction |= (uint64_t)1 << 52;
	if (exponent <= 0) {
		shift += 1 - exponent;
		exponent = 1;
		if (shift > 53)
			return (uint16_t)sign;
	}

	uint64_t rest = fraction & (((uint64_t)1 << shift) - 1), half = (uint64_t)1 << (shift - 1);
	uint32_t kept = (uint32_t)(fraction >> shift);
	if (rest > half || (rest == half && (kept & 1)))
		kept++;
	/* The leading one of `kept` carries into the exponent: of a normal number
	   always, of a subnormal one when it rounds up to the least normal, and
	   of the greatest one to infinity. */
	return (uint16_t)(sign | (((uint32_t)(exponent - 1) << mbits) + kept));
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
	return narrow(f64_bits(x), 5, 10);
}

uint16_t f16_from_f32(float x)
{
	return narrow(widen_f32(x), 5, 10);
}

float f32_from_bf16(uint16_t bits)
{
	bool nan = (bits & 0x7fff) > 0x7f80;

	return f32_of_bits((uint32_t)(bits | (nan ? 0x40 : 0)) << 16);
}

uint16_t bf16_from_f64(double x)
{
	return narrow(f64_bits(x), 8, 7);
}

uint16_t bf16_from_f32(float x)
{
	return narrow(widen_f32(x), 8, 7);
}
