/* ir/math.h - scalar programs: what an elementwise op computes, as straight-line code over the scalar operations.

   One source for all layers: the interpreter evaluates a ScalarProg on blocks of elements, code
   generation replays it into loop IR.  Elementary functions (exp, tanh, ...) are written here once, as
   expressions; none calls libm.  Accuracy is measured by tests against MPFR. */
#ifndef IR_MATH_H
#define IR_MATH_H

#include "ir/base/arena.h"
#include "ir/dtype.h"

typedef enum ScalarOp {
#define SCALAR(name, ...) SC_##name,
#include "ir/scalars.def"
	SC_COUNT
} ScalarOp;

typedef struct ScalarInfo {
	const char *name;
	int         nargs;
	unsigned    types;      /* DTS_* */
	enum { SCR_SAME, SCR_BOOL, SCR_CAST } result;
	const char *doc;
} ScalarInfo;
extern const ScalarInfo scalar_info[SC_COUNT];

/* The first 1280 bits of 2/pi after the point, eight a byte, the highest first. */
enum { TWO_OVER_PI_BYTES = 160 };
extern const uint8_t two_over_pi[TWO_OVER_PI_BYTES];

/* One value of a scalar program: its index. Inputs come first (0 .. ninputs-1). */
typedef int Node;

typedef enum ScalarKind { SI_INPUT, SI_CONST, SI_OP } ScalarKind;
typedef struct ScalarInstr {
	ScalarKind kind;
	ScalarOp   op;       /* SI_OP */
	DType      type;     /* of the result */
	Node       arg[3];
	uint64_t   bits;     /* SI_CONST: the bit pattern in the low bits */
} ScalarInstr;

typedef struct ScalarProg {
	Arena       *arena;
	ScalarInstr *at;     /* in order of definition; equal instructions are entered once */
	int          n, cap;
	int          ninputs;
	Node         result;
} ScalarProg;

/* Building.  scalar_op folds nothing but removes exact duplicates. */
ScalarProg *scalar_prog_new(Arena *a, int ninputs, const DType *types);
Node scalar_const_bits(ScalarProg *p, DType t, uint64_t bits);
Node scalar_const(ScalarProg *p, DType t, double x);       /* rounded to t */
Node scalar_op(ScalarProg *p, ScalarOp op, Node a, Node b, Node c);  /* unused operands: -1 */
Node scalar_cast(ScalarProg *p, ScalarOp op, DType to, Node a);      /* convert or bitcast */
/* Where a conversion goes first, or `to`.  Only a narrow type's own scalar type, f32 and f64 are converted to it straight, and it
   to its scalar type: all else passes through those, and still rounds once (an integer beyond 2^24 overflows in any case). */
DType scalar_convert_via(DType from, DType to);

/* Evaluation of one scalar operation on bit patterns (the definition of every row of scalars.def). */
uint64_t scalar_eval(ScalarOp op, DType in, DType out, uint64_t a, uint64_t b, uint64_t c);
/* Evaluation of a program on n elements: in[i] and out are dense arrays of the programs' types (bool: bytes;
   f16/bf16: their bits). Strides of 0 elements are allowed per input (a broadcast scalar): in_step[i] is 0 or 1. */
void scalar_prog_eval(const ScalarProg *p, const void *const *in, const int *in_step, void *out, size_t n);

/* Elementary functions: t is f32 or f64 (the type of the nodes).  Their bounds in ulp: docs/notes/math.md. */
#define MATH_UNARY(X) X(exp) X(exp2) X(expm1) X(log) X(log1p) X(tanh) X(erf) X(erfc) X(rsqrt) X(logistic) \
	X(sin) X(cos) X(tan) X(asin) X(acos) X(atan) X(sinh) X(cosh) X(asinh) X(acosh) X(atanh) X(cbrt) X(erf_inv) X(lgamma) \
	X(digamma) X(bessel_i1e)
#define X(name) Node math_##name(ScalarProg *p, DType t, Node x);
MATH_UNARY(X)
#undef X
Node math_pow(ScalarProg *p, DType t, Node x, Node y);
Node math_atan2(ScalarProg *p, DType t, Node y, Node x);
Node math_ipow(ScalarProg *p, DType t, Node x, Node y);   /* t an integer type; wraps; y < 0: 0 but for x = 1, -1 */
Node math_rem(ScalarProg *p, DType t, Node x, Node y);    /* any number type; floats: exact fmod, sign of x */
Node math_round_afz(ScalarProg *p, DType t, Node x);      /* to an integer, halves away from zero */
Node math_is_finite(ScalarProg *p, DType t, Node x);      /* a bool */
/* A conversion that is straight (scalar_convert_via) between a narrow type and another, in operations on wider types: for
   code generation, which knows no others. */
Node math_narrow(ScalarProg *p, DType to, Node x);
/* In the element type itself, f16, bf16 and the narrow ones too. */
Node math_total_order(ScalarProg *p, DType t, Node x);    /* a signed integer of t's width, in the order of the bits */
Node math_nextafter(ScalarProg *p, DType t, Node x, Node y);
Node math_reduce_precision(ScalarProg *p, DType t, Node x, int exponent_bits, int mantissa_bits);
/* Element `index` of a stream of random numbers, t = u32 or u64; the other nodes are u64.  The counter is (lo, hi). */
Node math_philox(ScalarProg *p, DType t, Node index, Node key, Node lo, Node hi);
Node math_threefry(ScalarProg *p, DType t, Node index, Node key, Node counter);
Node math_sign(ScalarProg *p, DType t, Node x);           /* any number type: -1, 0, 1; keeps -0 and NaN */

#endif
