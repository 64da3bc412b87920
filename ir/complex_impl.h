/* ir/complex_impl.h - what the files of complex arithmetic share: formulas over the parts of numbers. */
#ifndef IR_COMPLEX_IMPL_H
#define IR_COMPLEX_IMPL_H

#include "ir/complex.h"
#include "ir/expand_impl.h"

/* The parts of a complex value; of a real one itself and NULL. */
typedef struct Pair { Value *re, *im; } Pair;

/* Builds what op computes from the parts of its operands. */
typedef Pair (*Formula)(Builder *b, const Op *op, const Pair *x);

Pair complex_abs(Builder *b, const Op *op, const Pair *x);
Pair complex_acos(Builder *b, const Op *op, const Pair *x);
Pair complex_acosh(Builder *b, const Op *op, const Pair *x);
Pair complex_asin(Builder *b, const Op *op, const Pair *x);
Pair complex_asinh(Builder *b, const Op *op, const Pair *x);
Pair complex_atan(Builder *b, const Op *op, const Pair *x);
Pair complex_atanh(Builder *b, const Op *op, const Pair *x);
Pair complex_cosh(Builder *b, const Op *op, const Pair *x);
Pair complex_sinh(Builder *b, const Op *op, const Pair *x);
Pair complex_compare(Builder *b, const Op *op, const Pair *x);
Pair complex_cbrt(Builder *b, const Op *op, const Pair *x);
Pair complex_complex(Builder *b, const Op *op, const Pair *x);
Pair complex_convert(Builder *b, const Op *op, const Pair *x);
Pair complex_contract(Builder *b, const Op *op, const Pair *x);
Pair complex_cos(Builder *b, const Op *op, const Pair *x);
Pair complex_div(Builder *b, const Op *op, const Pair *x);
Pair complex_exp(Builder *b, const Op *op, const Pair *x);
Pair complex_expm1(Builder *b, const Op *op, const Pair *x);
Pair complex_imag(Builder *b, const Op *op, const Pair *x);
Pair complex_iota(Builder *b, const Op *op, const Pair *x);
Pair complex_log(Builder *b, const Op *op, const Pair *x);
Pair complex_log1p(Builder *b, const Op *op, const Pair *x);
Pair complex_logistic(Builder *b, const Op *op, const Pair *x);
Pair complex_mul(Builder *b, const Op *op, const Pair *x);
Pair complex_pow(Builder *b, const Op *op, const Pair *x);
Pair complex_real(Builder *b, const Op *op, const Pair *x);
Pair complex_rsqrt(Builder *b, const Op *op, const Pair *x);
Pair complex_sign(Builder *b, const Op *op, const Pair *x);
Pair complex_sin(Builder *b, const Op *op, const Pair *x);
Pair complex_sqrt(Builder *b, const Op *op, const Pair *x);
Pair complex_tan(Builder *b, const Op *op, const Pair *x);
Pair complex_tanh(Builder *b, const Op *op, const Pair *x);

/* Arithmetic in f64, that the functions share.  wide: the numbers come from c64, so that their squares neither overflow nor
   vanish, and products of two parts are exact. */
Pair   pair_wide(Builder *b, Pair z);
Pair   pair_narrow(Builder *b, Pair z, DType t);
Pair   pair_times(Builder *b, Pair z, Value *k);
Pair   pair_select(Builder *b, Value *p, Pair z, Pair w);
Value *pair_larger(Builder *b, Pair z);          /* max(|re|, |im|); NaN if either is */
Value *pair_has_inf(Builder *b, Pair z);
Value *ew_is_infinite(Builder *b, Value *x);
Value *ew_is_nan(Builder *b, Value *x);
Value *ew_copysign(Builder *b, Value *x, Value *sign);
Value *pair_hypot(Builder *b, Pair z, bool wide);
Pair   pair_div(Builder *b, Pair z, Pair w, bool wide);

/* A function of numbers of f64. */
typedef Pair (*Function)(Builder *b, Pair z, bool wide);
/* Applied to the parts of c64 (wide) or c128, and rounded to them. */
Pair   pair_apply(Builder *b, const Pair *x, Function f);
#define COMPLEX_FUNCTION(name) \
	Pair complex_##name(Builder *b, const Op *op, const Pair *x) \
	{ \
		(void)op; \
		return pair_apply(b, x, pair_##name); \
	}
/* iz and -iz. */
static inline Pair pair_turn(Builder *b, Pair z) { return (Pair){ ew_neg(b, z.im), z.re }; }
static inline Pair pair_turn_back(Builder *b, Pair z) { return (Pair){ z.im, ew_neg(b, z.re) }; }

#endif
