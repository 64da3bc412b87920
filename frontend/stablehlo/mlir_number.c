/* frontend/stablehlo/mlir_number.c - the numbers of each element type: from their text into our storage. */
#include "frontend/stablehlo/mlir_parse.h"

#include <math.h>

#include "ir/base/num.h"

typedef enum Kind { K_BOOL, K_INT, K_UINT, K_F16, K_BF16, K_F32, K_F64, K_SMALL } Kind;

/* K_SMALL: floats of 8 bits and less; `largest` is the encoding of the greatest finite number, `zeros` whether -0 exists.
   Formats: OCP 8-bit Floating Point Specification 1.0, OCP Microscaling Formats 1.0, and "8-bit Numerical Formats for
   Deep Neural Networks" (arXiv:2206.02915) for the FNUZ ones. */
struct MlirNumber {
	const char *name;
	Kind kind;
	int  bits, mantissa, bias, largest;
	bool zeros;
};

static const MlirNumber numbers[] = {
	{ .name = "i1", K_BOOL, 1 },
	{ .name = "i2", K_INT, 2 }, { .name = "i4", K_INT, 4 }, { .name = "i8", K_INT, 8 },
	{ .name = "i16", K_INT, 16 }, { .name = "i32", K_INT, 32 }, { .name = "i64", K_INT, 64 },
	{ .name = "si2", K_INT, 2 }, { .name = "si4", K_INT, 4 }, { .name = "si8", K_INT, 8 },
	{ .name = "si16", K_INT, 16 }, { .name = "si32", K_INT, 32 }, { .name = "si64", K_INT, 64 },
	{ .name = "ui2", K_UINT, 2 }, { .name = "ui4", K_UINT, 4 }, { .name = "ui8", K_UINT, 8 },
	{ .name = "ui16", K_UINT, 16 }, { .name = "ui32", K_UINT, 32 }, { .name = "ui64", K_UINT, 64 },
	{ .name = "index", K_INT, 64 },
	{ .name = "f16", K_F16, 16 }, { .name = "bf16", K_BF16, 16 }, { .name = "f32", K_F32, 32 }, { .name = "f64", K_F64, 64 },
	{ .name = "f8E5M2", K_SMALL, 8, 2, 15, 0x7b, true },
	{ .name = "f8E4M3", K_SMALL, 8, 3, 7, 0x77, true },
	{ .name = "f8E3M4", K_SMALL, 8, 4, 3, 0x6f, true },
	{ .name = "f8E4M3FN", K_SMALL, 8, 3, 7, 0x7e, true },
	{ .name = "f8E4M3FNUZ", K_SMALL, 8, 3, 8, 0x7f, false },
	{ .name = "f8E5M2FNUZ", K_SMALL, 8, 2, 16, 0x7f, false },
	{ .name = "f8E4M3B11FNUZ", K_SMALL, 8, 3, 11, 0x7f, false },
	{ .name = "f4E2M1FN", K_SMALL, 4, 1, 1, 0x7, true },
	{ .name = "f6E2M3FN", K_SMALL, 6, 3, 1, 0x1f, true },
	{ .name = "f6E3M2FN", K_SMALL, 6, 2, 3, 0x1f, true },
};

const MlirNumber *number_find(const char *element)
{
	for (size_t i = 0; element && i < sizeof numbers / sizeof *numbers; i++)
		if (strcmp(numbers[i].name, element) == 0)
			return &numbers[i];
	return NULL;
}

int  number_size(const MlirNumber *k) { return (k->bits + 7) / 8; }
bool number_is_float(const MlirNumber *k) { return k->kind >= K_F16; }
bool number_is_bool(const MlirNumber *k) { return k->kind == K_BOOL; }
bool number_is_packed(const MlirNumber *k) { return k->kind == K_BOOL || k->bits < 8; }

void number_normal(const MlirNumber *k, void *at)
{
	uint8_t *byte = at;

	if (k->kind == K_BOOL) {
		*byte = *byte != 0;
	} else if (k->bits < 8) {    /* MLIR leaves the high bits zero, we extend the sign */
		int top = 1 << (k->bits - 1), sign = k->kind == K_INT ? top : 0;
		*byte = (uint8_t)(((*byte & (2 * top - 1)) ^ sign) - sign);
	}
}

static bool small_bits(const MlirNumber *k, double x, uint8_t *out)
{
	double a = fabs(x);
	int e = 1 - k->bias;

	if (!(a <= 1e300))
		return false;
	if (a > 0 && ilogb(a) > e)
		e = ilogb(a);
	/* Below 2^mantissa it is a subnormal; a number that rounds up to the next power carries into the exponent. */
	double q = nearbyint(ldexp(a, k->mantissa - e));
	double bits = q + ldexp(e + k->bias - 1, k->mantissa);
	if (bits > k->largest)
		return false;
	*out = (uint8_t)bits;
	if (signbit(x) && (*out || k->zeros))
		*out |= (uint8_t)(1 << (k->bits - 1));
	return true;
}

/* Digits, or 0x and hexadecimal ones, below 2^64. */
static bool parse_digits(const char *s, size_t n, uint64_t *out)
{
	uint64_t v = 0;
	bool hex = n > 2 && s[1] == 'x';

	for (size_t i = hex ? 2 : 0; i < n; i++) {
		char c = s[i];
		unsigned digit = c <= '9' ? (unsigned)(c - '0') : (unsigned)(c | 0x20) - 'a' + 10;
		if (digit >= (hex ? 16 : 10) || __builtin_mul_overflow(v, hex ? 16u : 10u, &v) || __builtin_add_overflow(v, digit, &v))
			return false;
	}
	*out = v;
	return true;
}

/* MLIR takes a literal of a signless type for signed or unsigned, as it fits. */
static bool parse_int_element(const MlirNumber *k, bool minus, const char *s, size_t n, void *out)
{
	uint64_t v, top = (uint64_t)1 << (k->bits - 1);
	bool hex = n > 2 && s[1] == 'x', either = hex || k->name[0] == 'i';

	if (!parse_digits(s, n, &v))
		return false;
	if (k->kind == K_BOOL) {
		*(uint8_t *)out = (uint8_t)v;
		return v <= 1;
	}
	uint64_t most = minus ? k->kind == K_UINT ? 0 : top : k->kind == K_UINT || either ? top - 1 + top : top - 1;
	if (v > most)
		return false;
	v = minus ? 0 - v : v;
	memcpy(out, &v, (size_t)number_size(k));
	number_normal(k, out);
	return true;
}

/* 7 digits or fewer and a small power of ten: both are floats exactly, and one operation rounds once.  Most numbers that
   people and MLIR write are of this kind. */
static bool parse_short_f32(const char *s, size_t n, float *out)
{
	static const float power[] = { 1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f };
	uint32_t m = 0;
	int e = 0, digits = 0;
	size_t i = 0;
	bool point = false;

	for (; i < n && (s[i] == '.' || (s[i] >= '0' && s[i] <= '9')); i++) {
		if (s[i] == '.') {
			point = true;
			continue;
		}
		m = m * 10 + (uint32_t)(s[i] - '0');
		e -= point;
		if (++digits > 8)
			return false;
	}
	if (i < n && (s[i] | 0x20) == 'e') {
		bool minus = i + 1 < n && s[i + 1] == '-';
		int x = 0;
		for (i += 1 + (minus || (i + 1 < n && s[i + 1] == '+')); i < n && x < 100 && s[i] >= '0' && s[i] <= '9'; i++)
			x = x * 10 + (s[i] - '0');
		e += minus ? -x : x;
	}
	if (i < n || m >= 1 << 24 || e < -10 || e > 10)
		return false;
	*out = e < 0 ? (float)m / power[-e] : (float)m * power[e];
	return true;
}

static bool parse_float_element(const MlirNumber *k, bool minus, const char *s, size_t n, void *out)
{
	uint64_t bits;
	double x;
	float f;

	if (n > 2 && s[1] == 'x') {
		if (minus || !parse_digits(s, n, &bits) || (k->bits < 64 && bits >> k->bits))
			return false;
		memcpy(out, &bits, (size_t)number_size(k));
		return true;
	}
	if (k->kind == K_F32) {
		if (!parse_short_f32(s, n, &f) && !f32_parse(s, n, &f))
			return false;
		f = minus ? -f : f;
		memcpy(out, &f, sizeof f);
		return true;
	}
	if (k->kind == K_F16 || k->kind == K_BF16) {
		uint16_t half;
		if (!(k->kind == K_F16 ? f16_parse : bf16_parse)(s, n, &half))
			return false;
		half |= minus ? 0x8000 : 0;
		memcpy(out, &half, sizeof half);
		return true;
	}
	if (!f64_parse(s, n, &x))
		return false;
	x = minus ? -x : x;
	if (k->kind == K_SMALL)
		return small_bits(k, x, out);
	memcpy(out, &x, sizeof x);
	return true;
}

bool number_parse(const MlirNumber *k, bool minus, const char *text, size_t n, void *out)
{
	return (number_is_float(k) ? parse_float_element : parse_int_element)(k, minus, text, n, out);
}

int64_t number_integer(const MlirNumber *k, const void *at)
{
	int size = number_size(k);
	uint64_t v = 0;

	memcpy(&v, at, (size_t)size);
	if (k->kind == K_INT && size < 8)
		return (int64_t)(v << (64 - 8 * size)) >> (64 - 8 * size);
	return (int64_t)v;
}

static double small_value(const MlirNumber *k, uint8_t bits)
{
	int sign = 1 << (k->bits - 1), e = (bits & (sign - 1)) >> k->mantissa, m = bits & ((1 << k->mantissa) - 1);
	double x = e ? ldexp((1 << k->mantissa) + m, e - k->bias - k->mantissa) : ldexp(m, 1 - k->bias - k->mantissa);

	if ((bits & (sign - 1)) > k->largest || (!k->zeros && bits == sign))
		return NAN;
	return bits & sign ? -x : x;
}

double number_value(const MlirNumber *k, const void *at)
{
	uint16_t half = 0;
	double x;
	float f;

	memcpy(&half, at, k->bits == 16 ? 2 : 1);
	switch (k->kind) {
	case K_F16: return f32_from_f16(half);
	case K_BF16: return f32_from_bf16(half);
	case K_F32: return memcpy(&f, at, sizeof f), f;
	case K_F64: return memcpy(&x, at, sizeof x), x;
	case K_SMALL: return small_value(k, *(const uint8_t *)at);
	case K_BOOL:
	case K_INT:
	case K_UINT: break;
	}
	return (double)number_integer(k, at);
}
