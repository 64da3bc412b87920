/* ir/base/num.h - number formats: f16, bf16 and narrower bits, checked integer arithmetic, shortest decimals. */
#ifndef IR_BASE_NUM_H
#define IR_BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Conversions round to nearest, ties to even; NaN stays NaN (quiet). Subnormals are kept. */
float    f32_from_f16(uint16_t bits);
uint16_t f16_from_f32(float x);
uint16_t f16_from_f64(double x);       /* rounds once */
float    f32_from_bf16(uint16_t bits);
uint16_t bf16_from_f32(float x);
uint16_t bf16_from_f64(double x);      /* rounds once */

/* A float of 16 bits or less: a sign, an exponent, a fraction.  The last four are as in ir/narrow.def. */
typedef struct FloatFormat {
	int      exponent, fraction;   /* bits */
	int      bias;
	uint32_t most, infinity, nan;
	bool     minus_zero;
} FloatFormat;
extern const FloatFormat format_f16, format_bf16;
uint32_t format_from_f64(const FloatFormat *f, double x);    /* rounds once; what overflows: see ir/narrow.def */
uint32_t format_from_f32(const FloatFormat *f, float x);
double   format_to_f64(const FloatFormat *f, uint32_t bits);
bool     format_is_nan(const FloatFormat *f, uint32_t bits);
bool     format_has_nan(const FloatFormat *f);
static inline uint32_t format_sign(const FloatFormat *f) { return 1u << (f->exponent + f->fraction); }

static inline uint32_t f32_bits(float x) { union { float f; uint32_t u; } v = { x }; return v.u; }
static inline float f32_of_bits(uint32_t u) { union { uint32_t u; float f; } v = { u }; return v.f; }
static inline uint64_t f64_bits(double x) { union { double f; uint64_t u; } v = { x }; return v.u; }
static inline double f64_of_bits(uint64_t u) { union { uint64_t u; double f; } v = { u }; return v.f; }

static inline bool i64_add(int64_t a, int64_t b, int64_t *out) { return !__builtin_add_overflow(a, b, out); }
static inline bool i64_sub(int64_t a, int64_t b, int64_t *out) { return !__builtin_sub_overflow(a, b, out); }
static inline bool i64_mul(int64_t a, int64_t b, int64_t *out) { return !__builtin_mul_overflow(a, b, out); }

/* The shortest decimal that reads back to the same bits, and of those the nearest: "0.1", "1e-05", "-0.0",
   "inf", "-inf", NaNs as "nan" (the default quiet NaN, 0x7fc00000) or by bits, "0x7fc00001".  Plain digits for
   1e-4 <= |x| < 1e16.  Never reads as an integer: "1.0", not "1".  buf holds at least 32 bytes.  Returns the
   length.  No locale. */
int f32_print(char *buf, float x);
int f64_print(char *buf, double x);
int f16_print(char *buf, uint16_t bits);
int bf16_print(char *buf, uint16_t bits);
int format_print(const FloatFormat *f, char *buf, uint32_t bits);
/* Exact parse, correctly rounded, whole text: [-]digits[.digits][e[+-]digits], [-]inf, nan, or "0x..." with at
   most 16 (f32: 8, f16 and bf16: 4) hexadecimal digits, which are the bits.  False for any other text.  What is too large rounds
   to infinity, as IEEE 754 has it: callers that mind test for that.  No locale. */
bool f64_parse(const char *s, size_t n, double *out);
bool f32_parse(const char *s, size_t n, float *out);   /* rounds once from the decimal */
bool f16_parse(const char *s, size_t n, uint16_t *out);
bool bf16_parse(const char *s, size_t n, uint16_t *out);
bool format_parse(const FloatFormat *f, const char *s, size_t n, uint32_t *out);

#endif
