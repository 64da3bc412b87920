/* ir/expand_special.c - zeta and polygamma, in f64 but for the last rounding of other types.

   zeta(x, q) is the sum of (q + k)^-x by Euler and Maclaurin: ten terms, then with a = q + 10 the integral of the rest, half of
   a term, and terms of its derivatives with Bernoulli's numbers (NIST DLMF 25.11.5; 2.10.1).

   Below 0, x being whole, the terms of negative bases are those of |q|, |q| - 1, ... down to its fraction g, with a sign where
   x is odd; the others are zeta(x, 1 - g). */
#include "ir/expand_impl.h"

enum { TERMS = 10, DERIVATIVES = 12 };

/* B_2j / (2j)!, j from 1 */
static const double bernoulli[DERIVATIVES] = {
	1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160, -691.0 / 1307674368000, 1.0 / 74724249600,
	-3617.0 / 10670622842880000, 43867.0 / 5109094217170944000, -174611.0 / 802857662698291200000.0,
	77683.0 / 14101100039391805440000.0, -236364091.0 / 1693824136731743669452800000.0,
};

static Value *is_whole(Builder *b, Value *x)
{
	return ew_compare(b, CMP_EQ, x, BUILD(b, floor, ARGS(x)));
}

/* B_2/2! + (x + 1)(x + 2)/a^2 (B_4/4! + (x + 3)(x + 4)/a^2 (...)). */
static Value *derivatives(Builder *b, Value *x, Value *a)
{
	Value *square = ew_mul(b, a, a), *sum = expand_like(b, x, bernoulli[DERIVATIVES - 1]);

	for (int j = DERIVATIVES - 1; j > 0; j--) {
		Value *one = ew_plus(b, x, 2 * j - 1), *two = ew_plus(b, x, 2 * j);
		Value *factor = ew_div(b, ew_mul(b, one, two), square);
		sum = ew_plus(b, ew_mul(b, factor, sum), bernoulli[j - 1]);
	}
	return sum;
}

/* The sum of (a + k)^-x, a >= 10. */
static Value *tail(Builder *b, Value *x, Value *a)
{
	Value *power = ew_pow(b, a, ew_neg(b, x)), *less = ew_plus(b, x, -1), *zero = expand_like(b, x, 0);
	Value *rest = ew_div(b, a, less), *slope = ew_div(b, x, a);

	slope = ew_mul(b, slope, derivatives(b, x, a));
	rest = ew_add(b, rest, ew_plus(b, slope, 0.5));
	rest = ew_mul(b, rest, power);
	return ew_select(b, ew_compare(b, CMP_EQ, power, zero), zero, rest);    /* where the factor may be infinite */
}

/* x and q are f64.  Terms that cancel below 0 meet before they are rounded away. */
static Value *zeta(Builder *b, Value *x, Value *q)
{
	Value *zero = expand_like(b, x, 0), *one = expand_like(b, x, 1), *nan = expand_like(b, x, __builtin_nan(""));
	Value *inf = expand_like(b, x, __builtin_inf()), *half = ew_times(b, x, 0.5), *is_even = is_whole(b, half), *minus = ew_neg(b, x);
	Value *outside = ew_compare(b, CMP_LE, q, zero), *size = ew_abs(b, q), *part = ew_sub(b, size, BUILD(b, floor, ARGS(size)));
	Value *sign = ew_select(b, is_even, one, ew_neg(b, one)), *from = ew_select(b, outside, ew_sub(b, one, part), q), *sum = zero;

	for (int k = 0; k < TERMS; k++) {
		Value *at = ew_plus(b, part, k), *under = ew_mul(b, sign, ew_pow(b, at, minus));
		under = ew_select(b, ew_and(b, outside, ew_compare(b, CMP_LE, at, size)), under, zero);
		Value *term = ew_pow(b, ew_plus(b, from, k), minus);
		sum = ew_add(b, sum, ew_add(b, term, under));
	}
	Value *end = ew_plus(b, part, TERMS), *behind = ew_max(b, end, ew_plus(b, size, 1));
	Value *under = tail(b, x, end);
	under = ew_sub(b, under, tail(b, x, behind));
	under = ew_select(b, outside, ew_mul(b, sign, under), zero);
	Value *rest = ew_add(b, under, tail(b, x, ew_plus(b, from, TERMS))), *y = ew_add(b, sum, rest);

	/* Below 0 only the powers of whole numbers are real; at whole numbers there is a pole, with a sign where x is even. */
	Value *below = ew_select(b, is_whole(b, x), y, nan), *pole = ew_select(b, is_even, inf, nan);
	below = ew_select(b, is_whole(b, q), pole, below);
	y = ew_select(b, outside, below, y);
	y = ew_select(b, ew_compare(b, CMP_GT, x, one), y, nan);
	return ew_select(b, ew_compare(b, CMP_EQ, x, one), inf, y);
}

/* Extents that are equal may be written differently. */
static Value *operand(Builder *b, const Op *op, int i)
{
	Value *x = expand_convert(b, op->arg[i], DT_F64);

	return expand_in_shape(b, x, type_with_dtype(b->ctx->types, op->result[0]->type, DT_F64));
}

void expand_zeta(Builder *b, const Op *op, Value **out)
{
	Value *x = operand(b, op, 0), *q = operand(b, op, 1);

	out[0] = expand_convert(b, zeta(b, x, q), op->result[0]->type->dtype);
}

/* (-1)^(n + 1) n! zeta(n + 1, x), the factorial as two factors, since it may be out of range where the product is not. */
void expand_polygamma(Builder *b, const Op *op, Value **out)
{
	Value *n = operand(b, op, 0), *x = operand(b, op, 1), *zero = expand_like(b, n, 0);
	Value *next = ew_plus(b, n, 1), *root = BUILD(b, lgamma, ARGS(next));

	root = ew_exp(b, ew_times(b, root, 0.5));
	Value *y = ew_mul(b, zeta(b, next, x), root), *half = ew_times(b, n, 0.5), *minus = NULL;
	y = ew_mul(b, y, root);
	minus = ew_neg(b, y);
	y = ew_select(b, is_whole(b, half), minus, y);
	Value *is_first = ew_compare(b, CMP_EQ, n, zero), *psi = BUILD(b, digamma, ARGS(x));
	y = ew_select(b, is_first, psi, y);
	Value *nan = expand_like(b, n, __builtin_nan("")), *fine = is_whole(b, n);
	fine = ew_and(b, fine, ew_compare(b, CMP_GE, n, zero));
	out[0] = expand_convert(b, ew_select(b, fine, y, nan), op->result[0]->type->dtype);
}
