/* ir/eval_chain.c - the inner loops of contractions: chains and lanes of fma, with hardware fma where there is one.

   Each loop is written once and compiled twice: for any CPU, where __builtin_fma is libc's exact function, and for
   x86-64 with AVX2 and FMA.  Both give the same bits; only the speed differs. */
#include <string.h>

#include "ir/eval_impl.h"

#define NCOLS 32   /* columns whose sums are held in registers at a time */

#define FMA_f32(a, b, c) __builtin_fmaf((a), (b), (c))
#define FMA_f64(a, b, c) __builtin_fma((a), (b), (c))
#define FMA_u64(a, b, c) ((a) * (b) + (c))

#define CHAIN(name, type, fma, attributes) \
	attributes static void name(const type *restrict a, const uint8_t *restrict hole, const type *restrict b, \
		int64_t ldb, int64_t k, int64_t n, type *restrict acc) \
	{ \
		int64_t j = 0; \
		for (; j + NCOLS <= n; j += NCOLS) { \
			type c[NCOLS]; \
			memcpy(c, acc + j, sizeof c); \
			for (int64_t i = 0; i < k; i++) { \
				if (hole && hole[i]) \
					continue; \
				for (int t = 0; t < NCOLS; t++) \
					c[t] = fma(a[i], b[i * ldb + j + t], c[t]); \
			} \
			memcpy(acc + j, c, sizeof c); \
		} \
		for (int64_t i = 0; i < k && j < n; i++) { \
			if (hole && hole[i]) \
				continue; \
			for (int64_t t = j; t < n; t++) \
				acc[t] = fma(a[i], b[i * ldb + t], acc[t]); \
		} \
	}

#define LANES(name, type, fma, attributes) \
	attributes static type name(const type *restrict a, const type *restrict b, int64_t m) \
	{ \
		type lane[ORDER_NLANES] = { 0 }; \
		int64_t i = 0, used = m < ORDER_NLANES ? m : ORDER_NLANES; \
		for (; i + ORDER_NLANES <= m; i += ORDER_NLANES) { \
			for (int t = 0; t < ORDER_NLANES; t++) \
				lane[t] = fma(a[i + t], b[i + t], lane[t]); \
		} \
		for (int t = 0; i + t < m; t++) \
			lane[t] = fma(a[i + t], b[i + t], lane[t]); \
		for (int64_t half = ORDER_NLANES / 2; half > 0; half /= 2) { \
			for (int64_t t = 0; t + half < used; t++) \
				lane[t] += lane[t + half]; \
			used = used < half ? used : half; \
		} \
		return lane[0]; \
	}

#if defined(__x86_64__)
#define BOTH(MAKE, name, type, fma) \
	MAKE(name##_any, type, fma, ) \
	MAKE(name##_fma, type, fma, __attribute__((target("avx2,fma"))))
#define PICK(name) \
	(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? name##_fma : name##_any)
#else
#define BOTH(MAKE, name, type, fma) MAKE(name##_any, type, fma, )
#define PICK(name) (name##_any)
#endif

#define DEFINE(suffix, type) \
	BOTH(CHAIN, run_chain_##suffix, type, FMA_##suffix) \
	BOTH(LANES, run_lanes_##suffix, type, FMA_##suffix) \
	void chain_##suffix(const type *a, const uint8_t *hole, const type *b, int64_t ldb, int64_t k, int64_t n, \
		type *acc) \
	{ \
		PICK(run_chain_##suffix)(a, hole, b, ldb, k, n, acc); \
	} \
	type lanes_##suffix(const type *a, const type *b, int64_t m) \
	{ \
		return PICK(run_lanes_##suffix)(a, b, m); \
	}

DEFINE(f32, float)
DEFINE(f64, double)
DEFINE(u64, uint64_t)
