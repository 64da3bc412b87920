/* codegen/c/prelude.h - the scalar operations in portable C11, put in front of every model that is printed as C. */
#ifndef CODEGEN_C_PRELUDE_H
#define CODEGEN_C_PRELUDE_H
#if defined(__FAST_MATH__)
#error "this file keeps every bit of its results: compile it without -ffast-math"
#endif
#include <float.h>
#include <stdint.h>
#include <string.h>
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0
#error "floats must be evaluated in their own type (FLT_EVAL_METHOD 0); on 32-bit x86 use -msse2 -mfpmath=sse"
#endif
#if defined(__clang__) || !defined(__GNUC__)
#pragma STDC FP_CONTRACT OFF
#else
#ifdef TF_KEEP_APART
#pragma GCC optimize("fp-contract=off", "no-tree-slp-vectorize")
#else
#pragma GCC optimize("fp-contract=off")
#endif
#endif
#if defined(__GNUC__)
#define TF_UNUSED __attribute__((unused))
#define TF_NOINLINE __attribute__((noinline))
#define TF_PREFETCH(p) __builtin_prefetch(p)
#else
#define TF_UNUSED
#define TF_NOINLINE
#define TF_PREFETCH(p) ((void)0)
#endif
#if defined(__SSE2__)
#include <emmintrin.h>
#endif
#define TF static inline TF_UNUSED

TF float tf_bits_f32(uint32_t u) { float f; memcpy(&f, &u, 4); return f; }
TF uint32_t tf_f32_bits(float f) { uint32_t u; memcpy(&u, &f, 4); return u; }
TF double tf_bits_f64(uint64_t u) { double f; memcpy(&f, &u, 8); return f; }
TF uint64_t tf_f64_bits(double f) { uint64_t u; memcpy(&u, &f, 8); return u; }

/* Integers: they wrap, and dividing by zero is defined. */
#define TF_COMPARE(N, T) \
	TF uint8_t tf_eq_##N(T a, T b) { return a == b; } \
	TF uint8_t tf_ne_##N(T a, T b) { return a != b; } \
	TF uint8_t tf_lt_##N(T a, T b) { return a < b; } \
	TF uint8_t tf_le_##N(T a, T b) { return a <= b; }
#define TF_BITS(N, T) \
	TF T tf_and_##N(T a, T b) { return (T)(a & b); } \
	TF T tf_or_##N(T a, T b) { return (T)(a | b); } \
	TF T tf_xor_##N(T a, T b) { return (T)(a ^ b); }
#define TF_INTEGER(N, T, U, W) \
	TF_COMPARE(N, T) TF_BITS(N, T) \
	TF T tf_not_##N(T a) { return (T)~a; } \
	TF T tf_min_##N(T a, T b) { return b < a ? b : a; } \
	TF T tf_max_##N(T a, T b) { return a < b ? b : a; } \
	TF T tf_add_##N(T a, T b) { return (T)(U)((uint64_t)a + (uint64_t)b); } \
	TF T tf_sub_##N(T a, T b) { return (T)(U)((uint64_t)a - (uint64_t)b); } \
	TF T tf_mul_##N(T a, T b) { return (T)(U)((uint64_t)a * (uint64_t)b); } \
	TF T tf_neg_##N(T a) { return (T)(U)(0 - (uint64_t)a); } \
	TF T tf_shl_##N(T a, T b) { return (U)b >= W ? 0 : (T)(U)((uint64_t)a << (U)b); } \
	TF T tf_shr_l_##N(T a, T b) { return (U)b >= W ? 0 : (T)((U)a >> (U)b); } \
	TF T tf_shr_a_##N(T a, T b) { return tf_asr_##N(a, (U)b >= W ? W - 1 : (int)(U)b); } \
	TF T tf_popcnt_##N(T a) { int n = 0; for (U u = (U)a; u; u = (U)(u & (u - 1))) n++; return (T)n; } \
	TF T tf_clz_##N(T a) { int n = W; for (U u = (U)a; u; u = (U)(u >> 1)) n--; return (T)n; }
#define TF_SIGNED(N, T, U, W) \
	TF T tf_asr_##N(T a, int n) { return a < 0 ? (T)~(T)((U)~(U)a >> n) : (T)((U)a >> n); } \
	TF_INTEGER(N, T, U, W) \
	TF T tf_abs_##N(T a) { return a < 0 ? tf_neg_##N(a) : a; } \
	TF T tf_div_##N(T a, T b) { return b == 0 ? (T)-1 : b == -1 ? tf_neg_##N(a) : (T)(a / b); } \
	TF T tf_rem_##N(T a, T b) { return b == 0 ? a : b == -1 ? 0 : (T)(a % b); }
#define TF_UNSIGNED(N, T, W) \
	TF T tf_asr_##N(T a, int n) { return (T)((a >> n) | (a >> (W - 1) ? (T)~((T)~(T)0 >> n) : 0)); } \
	TF_INTEGER(N, T, T, W) \
	TF T tf_div_##N(T a, T b) { return b == 0 ? (T)~(T)0 : (T)(a / b); } \
	TF T tf_rem_##N(T a, T b) { return b == 0 ? a : (T)(a % b); }
TF_SIGNED(i8, int8_t, uint8_t, 8)
TF_SIGNED(i16, int16_t, uint16_t, 16)
TF_SIGNED(i32, int32_t, uint32_t, 32)
TF_SIGNED(i64, int64_t, uint64_t, 64)
TF_UNSIGNED(u8, uint8_t, 8)
TF_UNSIGNED(u16, uint16_t, 16)
TF_UNSIGNED(u32, uint32_t, 32)
TF_UNSIGNED(u64, uint64_t, 64)
TF_COMPARE(bool, uint8_t)
TF_BITS(bool, uint8_t)
TF uint8_t tf_not_bool(uint8_t a) { return !a; }
TF uint8_t tf_min_bool(uint8_t a, uint8_t b) { return a & b; }
TF uint8_t tf_max_bool(uint8_t a, uint8_t b) { return a | b; }

/* 48 bits of 2/pi, from bit 8 a + 48 b after the point on. */
TF int64_t tf_two_over_pi_i64(int64_t a, int64_t b)
{
	static const uint8_t bytes[] = {
		0xa2, 0xf9, 0x83, 0x6e, 0x4e, 0x44, 0x15, 0x29, 0xfc, 0x27, 0x57, 0xd1, 0xf5, 0x34, 0xdd, 0xc0, 0xdb, 0x62, 0x95, 0x99,
		0x3c, 0x43, 0x90, 0x41, 0xfe, 0x51, 0x63, 0xab, 0xde, 0xbb, 0xc5, 0x61, 0xb7, 0x24, 0x6e, 0x3a, 0x42, 0x4d, 0xd2, 0xe0,
		0x06, 0x49, 0x2e, 0xea, 0x09, 0xd1, 0x92, 0x1c, 0xfe, 0x1d, 0xeb, 0x1c, 0xb1, 0x29, 0xa7, 0x3e, 0xe8, 0x82, 0x35, 0xf5,
		0x2e, 0xbb, 0x44, 0x84, 0xe9, 0x9c, 0x70, 0x26, 0xb4, 0x5f, 0x7e, 0x41, 0x39, 0x91, 0xd6, 0x39, 0x83, 0x53, 0x39, 0xf4,
		0x9c, 0x84, 0x5f, 0x8b, 0xbd, 0xf9, 0x28, 0x3b, 0x1f, 0xf8, 0x97, 0xff, 0xde, 0x05, 0x98, 0x0f, 0xef, 0x2f, 0x11, 0x8b,
		0x5a, 0x0a, 0x6d, 0x1f, 0x6d, 0x36, 0x7e, 0xcf, 0x27, 0xcb, 0x09, 0xb7, 0x4f, 0x46, 0x3f, 0x66, 0x9e, 0x5f, 0xea, 0x2d,
		0x75, 0x27, 0xba, 0xc7, 0xeb, 0xe5, 0xf1, 0x7b, 0x3d, 0x07, 0x39, 0xf7, 0x8a, 0x52, 0x92, 0xea, 0x6b, 0xfb, 0x5f, 0xb1,
		0x1f, 0x8d, 0x5d, 0x08, 0x56, 0x03, 0x30, 0x46, 0xfc, 0x7b, 0x6b, 0xab, 0xf0, 0xcf, 0xbc, 0x20, 0x9a, 0xf4, 0x36, 0x1d,
	};
	const uint8_t *p = bytes + ((uint64_t)a < 127 ? a : 127) + 6 * ((uint64_t)b < 3 ? b : 3);
	uint64_t bits = 0;
	for (int i = 0; i < 6; i++)
		bits = bits << 8 | p[i];
	return (int64_t)bits;
}

/* The upper half of a product. */
TF uint64_t tf_mulhi_u64(uint64_t a, uint64_t b)
{
	uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
	uint64_t m = ah * bl + (al * bl >> 32), n = al * bh + (uint32_t)m;

	return ah * bh + (m >> 32) + (n >> 32);
}
TF int64_t tf_mulhi_i64(int64_t a, int64_t b)
{
	return (int64_t)(tf_mulhi_u64((uint64_t)a, (uint64_t)b) - (a < 0 ? (uint64_t)b : 0) - (b < 0 ? (uint64_t)a : 0));
}
#define TF_MULHI(N, T, WIDE, W) TF T tf_mulhi_##N(T a, T b) { return (T)((WIDE)a * (WIDE)b >> W); }
TF int32_t tf_mulhi_i32(int32_t a, int32_t b) { return (int32_t)tf_asr_i64((int64_t)a * b, 32); }
TF int16_t tf_mulhi_i16(int16_t a, int16_t b) { return (int16_t)tf_asr_i32((int32_t)a * b, 16); }
TF int8_t tf_mulhi_i8(int8_t a, int8_t b) { return (int8_t)tf_asr_i32((int32_t)a * b, 8); }
TF_MULHI(u32, uint32_t, uint64_t, 32)
TF_MULHI(u16, uint16_t, uint32_t, 16)
TF_MULHI(u8, uint8_t, uint32_t, 8)

/* Floats. */
#define TF_FLOAT(N, T, U, SIGN) \
	TF_COMPARE(N, T) \
	TF T tf_add_##N(T a, T b) { return a + b; } \
	TF T tf_sub_##N(T a, T b) { return a - b; } \
	TF T tf_mul_##N(T a, T b) { return a * b; } \
	TF T tf_div_##N(T a, T b) { return a / b; } \
	TF T tf_neg_##N(T a) { return tf_bits_##N(tf_##N##_bits(a) ^ SIGN); } \
	TF T tf_abs_##N(T a) { return tf_bits_##N(tf_##N##_bits(a) & ~SIGN); } \
	TF T tf_copysign_##N(T a, T b) { return tf_bits_##N((tf_##N##_bits(a) & ~SIGN) | (tf_##N##_bits(b) & SIGN)); } \
	TF T tf_max_##N(T a, T b) \
	{ \
		T m = a > b ? a : b, z = tf_bits_##N(tf_##N##_bits(a) & tf_##N##_bits(b)); \
		return a == b ? z : ((a != a) | (b != b)) ? a + b : m; \
	} \
	TF T tf_min_##N(T a, T b) \
	{ \
		T m = a < b ? a : b, z = tf_bits_##N(tf_##N##_bits(a) | tf_##N##_bits(b)); \
		return a == b ? z : ((a != a) | (b != b)) ? a + b : m; \
	}
TF_FLOAT(f32, float, uint32_t, UINT32_C(0x80000000))
TF_FLOAT(f64, double, uint64_t, UINT64_C(0x8000000000000000))

/* Rounding to integers: adding and taking away 2^23 (2^52) rounds to the nearest, ties to even; the sign is kept. */
#define TF_ROUND(N, T, BIG) \
	TF T tf_roundeven_##N(T a) \
	{ \
		T x = tf_abs_##N(a), r = (x + BIG) - BIG; \
		return x < BIG ? tf_copysign_##N(r, a) : a; \
	} \
	TF T tf_floor_##N(T a) { T r = tf_roundeven_##N(a); return tf_copysign_##N(r > a ? r - 1 : r, a < 0 || r < 0 ? -(T)1 : a); } \
	TF T tf_ceil_##N(T a) { T r = tf_roundeven_##N(a); return tf_copysign_##N(r < a ? r + 1 : r, a); } \
	TF T tf_trunc_##N(T a) { return tf_copysign_##N(tf_floor_##N(tf_abs_##N(a)), a); }
TF_ROUND(f32, float, 8388608.0f)
TF_ROUND(f64, double, 4503599627370496.0)

/* Exact fma in software: a 128-bit product and sum, rounded once. */
typedef struct tf_wide { uint64_t hi, lo; } tf_wide;
TF tf_wide tf_wide_shl(tf_wide x, int n)
{
	tf_wide r = x;
	if (n >= 64) { r.hi = n < 128 ? x.lo << (n - 64) : 0; r.lo = 0; }
	else if (n > 0) { r.hi = x.hi << n | x.lo >> (64 - n); r.lo = x.lo << n; }
	return r;
}
/* Shifts right; what falls off stays as a sticky last bit. */
TF tf_wide tf_wide_shr(tf_wide x, int n)
{
	tf_wide r = x;
	uint64_t lost = 0;
	if (n >= 128) { lost = x.hi | x.lo; r.hi = r.lo = 0; }
	else if (n >= 64) { lost = x.lo | (n > 64 ? x.hi << (128 - n) : 0); r.lo = n > 64 ? x.hi >> (n - 64) : x.hi; r.hi = 0; }
	else if (n > 0) { lost = x.lo << (64 - n); r.lo = x.lo >> n | x.hi << (64 - n); r.hi = x.hi >> n; }
	r.lo |= lost != 0;
	return r;
}
TF int tf_wide_top(tf_wide x)   /* number of the highest one bit; -1 for 0 */
{
	int n = -1;
	uint64_t w = x.hi ? x.hi : x.lo;
	while (w) { n++; w >>= 1; }
	return x.hi ? n + 64 : n;
}
TF void tf_split_f64(double x, uint64_t *m, int *e)
{
	uint64_t u = tf_f64_bits(x) & UINT64_C(0x7fffffffffffffff);
	*e = (int)(u >> 52);
	*m = u & UINT64_C(0xfffffffffffff);
	if (*e) *m |= UINT64_C(1) << 52; else *e = 1;
	*e -= 1075;
}
TF double tf_soft_fma_f64(double a, double b, double c)
{
	uint64_t ma, mb, mc, sign = UINT64_C(0x8000000000000000);
	int ea, eb, ec, e, d, top;
	tf_wide p, q, s;
	uint64_t sp = (tf_f64_bits(a) ^ tf_f64_bits(b)) & sign, sc = tf_f64_bits(c) & sign, ss = sp;

	if (!(a - a == 0) || !(b - b == 0) || !(c - c == 0)) {
		if (a - a == 0 && b - b == 0)
			return c;              /* the product is finite (though a * b might overflow) */
		return a * b + c;
	}
	if (a == 0 || b == 0)
		return a * b + c;
	tf_split_f64(a, &ma, &ea);
	tf_split_f64(b, &mb, &eb);
	tf_split_f64(c, &mc, &ec);
	p.hi = tf_mulhi_u64(ma, mb);
	p.lo = ma * mb;
	q.hi = 0;
	q.lo = mc;
	e = ea + eb;
	if (mc != 0) {
		/* Bring both to one exponent with the larger one's top bit at 125, so that nothing but a sticky bit falls off. */
		int tp = 125 - tf_wide_top(p), tq = 125 - tf_wide_top(q);
		p = tf_wide_shl(p, tp); e -= tp;
		q = tf_wide_shl(q, tq); ec -= tq;
		d = e - ec;
		if (d > 0) q = tf_wide_shr(q, d);
		else { p = tf_wide_shr(p, -d); e = ec; }
		if (sp == sc) {
			s.lo = p.lo + q.lo;
			s.hi = p.hi + q.hi + (s.lo < p.lo);
		} else {
			int less = p.hi < q.hi || (p.hi == q.hi && p.lo < q.lo);
			tf_wide x = less ? q : p, y = less ? p : q;
			s.lo = x.lo - y.lo;
			s.hi = x.hi - y.hi - (x.lo < y.lo);
			ss = less ? sc : sp;
		}
		if (s.hi == 0 && s.lo == 0)
			return 0.0;            /* exact cancellation: +0 when rounding to nearest */
	} else {
		s = p;
	}
	/* Round to 53 bits, or to fewer where the result is subnormal. */
	top = tf_wide_top(s);
	d = top - 52;
	if (e + d < -1074)
		d = -1074 - e;
	if (d > 1)
		{ s = tf_wide_shr(s, d - 2); }
	else
		{ s = tf_wide_shl(s, 2 - d); }
	{
		uint64_t m = s.lo >> 2, rest = s.lo & 3;   /* s < 2^55: two bits below the last place, the lower one sticky */
		int at = e + d;                            /* exponent of the last place */
		uint64_t bits;
		if (rest == 3 || (rest == 2 && (m & 1)))
			m++;
		if (m >> 53) { m >>= 1; at++; }
		if (m >> 52) {
			if (at + 1075 >= 2047)
				return tf_bits_f64(ss | UINT64_C(0x7ff0000000000000));
			bits = (uint64_t)(at + 1075) << 52 | (m & UINT64_C(0xfffffffffffff));
		} else {
			bits = m;                              /* subnormal */
		}
		return tf_bits_f64(ss | bits);
	}
}
/* The product of two floats is exact in double; the sum is rounded to odd, so that rounding to float rounds once. */
TF float tf_soft_fma_f32(float a, float b, float c)
{
	double p = (double)a * (double)b, s = p + (double)c, z = s - p, err = (p - (s - z)) + ((double)c - z);
	uint64_t u = tf_f64_bits(s);

	if (err != 0 && s - s == 0 && !(u & 1))
		u += (err > 0) == (s > 0) ? 1 : UINT64_MAX;
	return (float)tf_bits_f64(u);
}
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__aarch64__)
TF float tf_fma_f32(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
TF double tf_fma_f64(double a, double b, double c) { return __builtin_fma(a, b, c); }
#else
TF float tf_fma_f32(float a, float b, float c) { return tf_soft_fma_f32(a, b, c); }
TF double tf_fma_f64(double a, double b, double c) { return tf_soft_fma_f64(a, b, c); }
#endif

/* Square roots: the instruction where there is one, else digit by digit. */
#if defined(__SSE2__)
TF float tf_sqrt_f32(float a) { return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(a))); }
TF double tf_sqrt_f64(double a) { __m128d v = _mm_set_sd(a); return _mm_cvtsd_f64(_mm_sqrt_sd(v, v)); }
#else
TF double tf_sqrt_f64(double a)
{
	uint64_t m, r = 0, rem = 0;
	int e;

	if (!(a > 0) || a - a != 0)
		return a == 0 || a != a ? a + a : a > 0 ? a : tf_bits_f64(UINT64_C(0x7ff8000000000000));
	tf_split_f64(a, &m, &e);
	while (!(m >> 52)) { m <<= 1; e--; }
	if (e & 1) { m <<= 1; e--; }
	/* floor(sqrt(m * 2^56)) has 54 bits or more; two digits a step */
	for (int i = 27 + 28; i >= 0; i--) {
		uint64_t two = i >= 28 ? m >> (2 * (i - 28)) & 3 : 0, t;
		rem = rem << 2 | two;
		t = r << 2 | 1;
		r <<= 1;
		if (rem >= t) { rem -= t; r |= 1; }
	}
	/* r = floor(sqrt(m << 56)): 53 or 54 + 1 bits below; round to nearest with the remainder as sticky */
	e = e / 2 - 28;
	{
		int top = 63;
		while (!(r >> top)) top--;
		int d = top - 52;
		uint64_t half = UINT64_C(1) << (d - 1), low = r & ((half << 1) - 1), q = r >> d;
		if (low > half || (low == half && (rem || (q & 1)))) q++;
		e += d;
		if (q >> 53) { q >>= 1; e++; }
		return tf_bits_f64((uint64_t)(e + 1075) << 52 | (q & UINT64_C(0xfffffffffffff)));
	}
}
/* A double's square root rounded to float is the float's: 53 >= 2 * 24 + 2. */
TF float tf_sqrt_f32(float a) { return (float)tf_sqrt_f64((double)a); }
#endif

/* Half-width floats. */
TF float tf_convert_bf16_f32(uint16_t h) { return tf_bits_f32((uint32_t)h << 16); }
TF uint16_t tf_convert_f32_bf16(float x)
{
	uint32_t u = tf_f32_bits(x), r = u + 0x7fff + (u >> 16 & 1);
	return (uint16_t)(x != x ? (u >> 16 | 0x40) : r >> 16);
}
TF float tf_convert_f16_f32(uint16_t h)
{
	uint32_t s = (uint32_t)(h & 0x8000) << 16, e = h >> 10 & 31, m = h & 0x3ff;
	float sub = (float)m * 5.9604644775390625e-8f;   /* 2^-24 */
	if (e == 31) return tf_bits_f32(s | 0x7f800000 | m << 13 | (m ? 0x400000 : 0));
	if (e == 0) return tf_bits_f32(s | tf_f32_bits(sub));
	return tf_bits_f32(s | (e + 112) << 23 | m << 13);
}
TF uint16_t tf_convert_f32_f16(float x)
{
	uint32_t u = tf_f32_bits(x), s = u >> 16 & 0x8000, a = u & 0x7fffffff;
	if (a > 0x7f800000) return (uint16_t)(s | 0x7e00 | (a >> 13 & 0x3ff));
	if (a >= 0x477ff000) return (uint16_t)(s | 0x7c00);
	if (a < 0x38800000) {          /* subnormal or zero: adding 0.5 leaves the digits in the last places of a float */
		float r = tf_bits_f32(a) + 0.5f;
		return (uint16_t)(s | (tf_f32_bits(r) - 0x3f000000));
	}
	a += 0xfff + (a >> 13 & 1);
	return (uint16_t)(s | ((a - 0x38000000) >> 13));
}
/* A double as a float rounded to odd: rounding that again to fewer digits rounds once. */
TF float tf_odd_f32(double x)
{
	float r = (float)x;
	uint32_t u = tf_f32_bits(r);
	if (x != x || (double)r == x) return r;
	if (tf_abs_f64((double)r) > tf_abs_f64(x)) u--;
	return tf_bits_f32(u | 1);
}
TF uint16_t tf_convert_f64_f16(double x) { return tf_convert_f32_f16(tf_odd_f32(x)); }
TF uint16_t tf_convert_f64_bf16(double x) { return tf_convert_f32_bf16(tf_odd_f32(x)); }
TF double tf_convert_f16_f64(uint16_t h) { return (double)tf_convert_f16_f32(h); }
TF double tf_convert_bf16_f64(uint16_t h) { return (double)tf_convert_bf16_f32(h); }
TF uint16_t tf_convert_f16_bf16(uint16_t h) { return tf_convert_f32_bf16(tf_convert_f16_f32(h)); }
TF uint16_t tf_convert_bf16_f16(uint16_t h) { return tf_convert_f32_f16(tf_convert_bf16_f32(h)); }
TF float tf_convert_f64_f32(double x) { return (float)x; }
TF double tf_convert_f32_f64(float x) { return (double)x; }
/* An integer as a double rounded to odd. */
TF double tf_odd_u64(uint64_t a)
{
	if (a >> 53) a = ((a >> 11) | ((a & 0x7ff) != 0)) << 11;
	return (double)a;
}
TF double tf_odd_i64(int64_t a) { return a < 0 ? -tf_odd_u64(0 - (uint64_t)a) : tf_odd_u64((uint64_t)a); }

/* Float to integer saturates; NaN gives 0. */
#define TF_TO_INT(N, T, D, DT, LO, HI, MIN, MAX) \
	TF DT tf_convert_##N##_##D(T x) { return x != x ? 0 : x <= LO ? (DT)MIN : x >= HI ? (DT)MAX : (DT)x; }
#define TF_TO_INTS(N, T) \
	TF_TO_INT(N, T, i8, int8_t, -128, 127, INT8_MIN, INT8_MAX) \
	TF_TO_INT(N, T, i16, int16_t, -32768, 32767, INT16_MIN, INT16_MAX) \
	TF_TO_INT(N, T, i32, int32_t, -(T)2147483648.0, (T)2147483648.0, INT32_MIN, INT32_MAX) \
	TF_TO_INT(N, T, i64, int64_t, -(T)9223372036854775808.0, (T)9223372036854775808.0, INT64_MIN, INT64_MAX) \
	TF_TO_INT(N, T, u8, uint8_t, 0, 255, 0, UINT8_MAX) \
	TF_TO_INT(N, T, u16, uint16_t, 0, 65535, 0, UINT16_MAX) \
	TF_TO_INT(N, T, u32, uint32_t, 0, (T)4294967296.0, 0, UINT32_MAX) \
	TF_TO_INT(N, T, u64, uint64_t, 0, (T)18446744073709551616.0, 0, UINT64_MAX) \
	TF uint8_t tf_convert_##N##_bool(T x) { return x != 0; }
TF_TO_INTS(f32, float)
TF_TO_INTS(f64, double)
#define TF_HALF(N, D, DT) TF DT tf_convert_##N##_##D(uint16_t h) { return tf_convert_f32_##D(tf_convert_##N##_f32(h)); }
#define TF_HALF_INTS(N) TF_HALF(N, i8, int8_t) TF_HALF(N, i16, int16_t) TF_HALF(N, i32, int32_t) TF_HALF(N, i64, int64_t) \
	TF_HALF(N, u8, uint8_t) TF_HALF(N, u16, uint16_t) TF_HALF(N, u32, uint32_t) TF_HALF(N, u64, uint64_t) \
	TF_HALF(N, bool, uint8_t)
TF_HALF_INTS(f16)
TF_HALF_INTS(bf16)
#define TF_CAST(S, ST, D, DT) TF DT tf_convert_##S##_##D(ST a) { return (DT)a; }
#define TF_FROM_INT(S, ST, ODD) \
	TF_CAST(S, ST, i8, int8_t) TF_CAST(S, ST, i16, int16_t) TF_CAST(S, ST, i32, int32_t) TF_CAST(S, ST, i64, int64_t) \
	TF_CAST(S, ST, u8, uint8_t) TF_CAST(S, ST, u16, uint16_t) TF_CAST(S, ST, u32, uint32_t) TF_CAST(S, ST, u64, uint64_t) \
	TF_CAST(S, ST, f32, float) TF_CAST(S, ST, f64, double) \
	TF uint8_t tf_convert_##S##_bool(ST a) { return a != 0; } \
	TF uint16_t tf_convert_##S##_f16(ST a) { return tf_convert_f64_f16(ODD(a)); } \
	TF uint16_t tf_convert_##S##_bf16(ST a) { return tf_convert_f64_bf16(ODD(a)); }
TF_FROM_INT(bool, uint8_t, (double))
TF_FROM_INT(i8, int8_t, (double))
TF_FROM_INT(i16, int16_t, (double))
TF_FROM_INT(i32, int32_t, (double))
TF_FROM_INT(i64, int64_t, tf_odd_i64)
TF_FROM_INT(u8, uint8_t, (double))
TF_FROM_INT(u16, uint16_t, (double))
TF_FROM_INT(u32, uint32_t, (double))
TF_FROM_INT(u64, uint64_t, tf_odd_u64)

#define TF_BITCAST(S, ST, D, DT) TF DT tf_bitcast_##S##_##D(ST a) { DT r; memcpy(&r, &a, sizeof r); return r; }
#define TF_PAIR(A, AT, B, BT) TF_BITCAST(A, AT, B, BT) TF_BITCAST(B, BT, A, AT)
TF_PAIR(i8, int8_t, u8, uint8_t)
TF_PAIR(bool, uint8_t, u8, uint8_t)
TF_PAIR(bool, uint8_t, i8, int8_t)
TF_PAIR(i16, int16_t, u16, uint16_t)
TF_PAIR(i16, int16_t, f16, uint16_t)
TF_PAIR(i16, int16_t, bf16, uint16_t)
TF_PAIR(u16, uint16_t, f16, uint16_t)
TF_PAIR(u16, uint16_t, bf16, uint16_t)
TF_PAIR(f16, uint16_t, bf16, uint16_t)
TF_PAIR(i32, int32_t, u32, uint32_t)
TF_PAIR(i32, int32_t, f32, float)
TF_PAIR(u32, uint32_t, f32, float)
TF_PAIR(i64, int64_t, u64, uint64_t)
TF_PAIR(i64, int64_t, f64, double)
TF_PAIR(u64, uint64_t, f64, double)
#endif
