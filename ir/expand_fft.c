/* ir/expand_fft.c - Fourier transforms by products with small matrices (Cooley, Tukey 1965).

   With j = n2 j1 + j2 and k = k1 + n1 k2, the transform of n = n1 n2 points is one of n1 points over j1, a multiplication by
   w^(j2 k1) with w = exp(-2 pi i / n), and one of n2 points over j2.  The first is a dot_general with a constant matrix whose
   result has k1 in front of everything else; so the next step finds its points where it wants them, and in the end the digits
   of k stand in order: nothing is permuted on the way.  Lengths with a large prime factor go by Bluestein's convolution
   (1970) of a power of two; transforms of real numbers by a complex one of half the length where that is even.

   A transform along an axis sees the tensor as [L, n, R], the axes before and behind it as one each; its result is [n, L, R]. */
#include <stdarg.h>
#include <stdlib.h>

#include "ir/base/check.h"
#include "ir/expand_impl.h"
#include "ir/fft.h"
#include "ir/roots.h"

/* Sizes of matrices, and what a step costs beside its product, in rows of one. */
enum { RADIX_MAX = 64, STEP_COST = 12, STEPS_MAX = 24, COLUMNS_FEW = 64 };

typedef struct Parts { Value *re, *im; } Parts;      /* im NULL: 0 */

static DimTable *dims_of(const Builder *b)
{
	return b->ctx->dims;
}

static Dim number(const Builder *b, int64_t n)
{
	return dim_const(dims_of(b), n);
}

static Value *shaped(Builder *b, Value *x, int rank, const Dim *dim)
{
	return expand_in_shape(b, x, type_get(b->ctx->types, x->type->dtype, rank, dim));
}

static Dim times(const Builder *b, Dim x, Dim y)
{
	Dim d = dim_mul(dims_of(b), x, y);

	CHECK(d, "the extents of a verified type overflow");
	return d;
}

/* A constant of type t with these numbers. */
static Value *table(Builder *b, DType t, int rank, const int64_t *dim, const double *x)
{
	int64_t n = 1;

	for (int i = 0; i < rank; i++)
		n *= dim[i];
	void *data = arena_alloc(expand_arena(b), (size_t)(n * dtype_size(t)));
	for (int64_t i = 0; i < n; i++) {
		uint64_t bits = dtype_from_f64(t, x[i]);
		memcpy((char *)data + i * dtype_size(t), &bits, (size_t)dtype_size(t));
	}
	return build_constant(b, blob_dense(expand_arena(b), t, rank, dim, data));
}

static double *numbers(int64_t n)
{
	double *x = calloc((size_t)n + 1, sizeof *x);

	CHECK(x, "out of memory for %lld numbers", (long long)n);
	return x;
}

/* A vector of constants over axis `axis` of a value like x. */
static Value *along(Builder *b, Value *vector, Value *x, int axis)
{
	int64_t dims[] = { axis };

	return build_broadcast(b, vector, x->type, (Ints){ 1, dims });
}

static Parts multiply(Builder *b, Parts x, Value *c, Value *s)
{
	Value *rc = ew_mul(b, x.re, c), *is = ew_mul(b, x.im, s), *rs = ew_mul(b, x.re, s), *ic = ew_mul(b, x.im, c);
	Value *re = ew_sub(b, rc, is);

	return (Parts){ re, ew_add(b, rs, ic) };
}

static Value *section(Builder *b, Value *x, int axis, int64_t from, int64_t to, int64_t step)
{
	Dim start[RANK_MAX], limit[RANK_MAX];
	int64_t steps[RANK_MAX];
	int rank = x->type->rank;

	for (int i = 0; i < rank; i++) {
		start[i] = number(b, i == axis ? from : 0);
		limit[i] = i == axis ? number(b, to) : x->type->dim[i];
		steps[i] = i == axis ? step : 1;
	}
	return BUILD(b, slice, ARGS(x), .start = dims_copy(expand_arena(b), rank, start),
	             .limit = dims_copy(expand_arena(b), rank, limit), .strides = ints_copy(expand_arena(b), rank, steps));
}

static Value *mirrored(Builder *b, Value *x, int axis)
{
	return BUILD(b, reverse, ARGS(x), .dims = ints_of(expand_arena(b), 1, axis));
}

static Value *transposed(Builder *b, Value *x, int n, ...)
{
	int64_t perm[RANK_MAX];
	va_list ap;

	va_start(ap, n);
	for (int i = 0; i < n; i++)
		perm[i] = va_arg(ap, int);
	va_end(ap);
	return BUILD(b, transpose, ARGS(x), .permutation = ints_copy(expand_arena(b), n, perm));
}

static Parts swapped(Parts x)
{
	return (Parts){ x.im, x.re };
}

static Parts scaled(Builder *b, Parts x, double by)
{
	Value *re = ew_times(b, x.re, by);

	return (Parts){ re, ew_times(b, x.im, by) };
}

/* Steps. */

/* Splits n into radices, the largest first, so that the steps cost least; 0 where there is a prime factor that is too large. */
static int64_t best_radices(int64_t n, int largest, int *radix, int *count)
{
	int64_t best = 0;
	int kept[STEPS_MAX], nkept = 0;

	*count = 0;
	if (n == 1)
		return 1;
	for (int r = largest < n ? largest : (int)n; r > 1; r--) {
		int rest[STEPS_MAX], nrest;
		if (n % r)
			continue;
		int64_t cost = best_radices(n / r, r, rest, &nrest);
		if (!cost || nrest + 1 > STEPS_MAX || (best && cost + r + STEP_COST >= best))
			continue;
		best = cost + r + STEP_COST;
		kept[0] = r;
		memcpy(kept + 1, rest, (size_t)nrest * sizeof *rest);
		nkept = nrest + 1;
	}
	memcpy(radix, kept, (size_t)nkept * sizeof *kept);
	*count = nkept;
	return best;
}

/* The matrix of a transform of n points, as [k, part, j]: what gives the real parts, or the imaginary ones. */
static Value *matrix(Builder *b, DType t, int n, bool imaginary, bool of_real)
{
	double *c = numbers(n), *s = numbers(n), *m = numbers(2 * (int64_t)n * n);
	int parts = of_real ? 1 : 2;

	roots_of_unity(n, c, s);
	for (int k = 0; k < n; k++)
		for (int p = 0; p < parts; p++)
			for (int j = 0; j < n; j++) {
				int at = (int)((int64_t)j * k % n);
				m[((int64_t)k * parts + p) * n + j] = imaginary ? (p ? c[at] : s[at]) : p ? -s[at] : c[at];
			}
	Value *v = table(b, t, 3, (int64_t[]){ n, parts, n }, m);
	free(c);
	free(s);
	free(m);
	return v;
}

/* x of [parts, L, n1, n2, R] to [n1, L, n2, R]; without R where it is 1. */
static Value *product(Builder *b, Value *x, int n1, bool imaginary)
{
	bool of_real = dim_is(x->type->dim[0], 1);
	Value *m = matrix(b, x->type->dtype, n1, imaginary, of_real);

	return BUILD(b, dot_general, ARGS(m, x), .lhs_contract = ints_of(expand_arena(b), 2, 1, 2),
	             .rhs_contract = ints_of(expand_arena(b), 2, 0, 2));
}

/* Times w^(j2 k1), of [n1, L, n2, R] or [n1, L, n2]. */
static Parts twiddle(Builder *b, Parts y, int64_t n1, int64_t n2)
{
	int64_t n = n1 * n2, dims[] = { 0, 2 };
	double *c = numbers(n), *s = numbers(n), *tc = numbers(n), *ts = numbers(n);

	roots_of_unity(n, c, s);
	for (int64_t k = 0; k < n1; k++)
		for (int64_t j = 0; j < n2; j++) {
			tc[k * n2 + j] = c[k * j];
			ts[k * n2 + j] = s[k * j];
		}
	DType t = y.re->type->dtype;
	Value *vc = table(b, t, 2, (int64_t[]){ n1, n2 }, tc), *vs = table(b, t, 2, (int64_t[]){ n1, n2 }, ts);
	free(c);
	free(s);
	free(tc);
	free(ts);
	vc = build_broadcast(b, vc, y.re->type, (Ints){ 2, dims });
	vs = build_broadcast(b, vs, y.re->type, (Ints){ 2, dims });
	return multiply(b, y, vc, vs);
}

/* Both parts as one tensor of [2, dim...]; of real numbers [1, dim...].  dim[0] is 1. */
static Value *stacked(Builder *b, Parts x, int rank, const Dim *dim)
{
	Value *re = shaped(b, x.re, rank, dim);

	if (!x.im)
		return re;
	Value *im = shaped(b, x.im, rank, dim);
	return BUILD(b, concatenate, ARGS(re, im), .dim = 0);
}

/* [L, n, R] to [n, R, L]. */
static Value *turned(Builder *b, Value *x, Dim before, int64_t n, Dim behind)
{
	Dim dim[] = { before, number(b, n), behind };

	x = shaped(b, x, 3, dim);
	return transposed(b, x, 3, 1, 2, 0);
}

/* The columns of a product are R, or n2 where R is 1.  Where they are few the tensor is turned, so that L of them stand behind; from
   then on there are enough, and at the end k, R, L are in order again where R is 1. */
static Parts by_steps(Builder *b, Parts x, Dim before, int64_t n, Dim behind, const int *radix, int count)
{
	Dim one = number(b, 1), apart = NULL;    /* R, once the tensor was turned */

	for (int i = 0; i < count; i++) {
		int64_t n1 = radix[i], n2 = n / n1, columns = !dim_is_const(behind) ? INT64_MAX : behind->value == 1 ? n2 : behind->value;
		if (columns < COLUMNS_FEW && !apart && !(dim_is_const(before) && before->value <= columns)) {
			x.re = turned(b, x.re, before, n, behind);
			x.im = x.im ? turned(b, x.im, before, n, behind) : NULL;
			apart = behind;
			behind = times(b, behind, before);
			before = one;
		}
		Dim dim[] = { one, before, number(b, n1), number(b, n2), behind };
		Value *s = stacked(b, x, dim_is(behind, 1) ? 4 : 5, dim);
		x.re = product(b, s, (int)n1, false);
		x.im = product(b, s, (int)n1, true);
		if (n2 > 1)
			x = twiddle(b, x, n1, n2);
		before = times(b, number(b, n1), before);
		n = n2;
	}
	if (!apart || dim_is(apart, 1))
		return x;
	/* [k, R, L]: k stands before what has been before as well, L is all that R was turned with. */
	Dim all = before, rest = dim_floordiv(dims_of(b), behind, apart), dim[] = { all, apart, rest };
	x.re = shaped(b, x.re, 3, dim);
	x.im = shaped(b, x.im, 3, dim);
	x.re = transposed(b, x.re, 3, 0, 2, 1);
	x.im = transposed(b, x.im, 3, 0, 2, 1);
	return x;
}

static Parts transform(Builder *b, Parts x, Dim before, int64_t n, Dim behind);

/* exp(-pi i j j / n) for j < n. */
static void chirp(int64_t n, double *c, double *s)
{
	double *re = numbers(2 * n), *im = numbers(2 * n);

	roots_of_unity(2 * n, re, im);
	for (int64_t j = 0; j < n; j++) {
		int64_t at = j * j % (2 * n);   /* n is at most FFT_LENGTH_MAX */
		c[j] = re[at];
		s[j] = im[at];
	}
	free(re);
	free(im);
}

static Value *padded(Builder *b, Value *x, int axis, int64_t high)
{
	int64_t none[RANK_MAX] = { 0 }, some[RANK_MAX] = { 0 };
	int rank = x->type->rank;
	Value *zero = build_scalar(b, x->type->dtype, 0);

	some[axis] = high;
	return BUILD(b, pad, ARGS(x, zero), .low = ints_copy(expand_arena(b), rank, none), .high = ints_copy(expand_arena(b), rank, some));
}

/* With jk = (jj + kk - (k - j)^2) / 2 the sum over j is a convolution with the conjugate chirp; done in m = 2^i >= 2n - 1 points. */
static Parts by_convolution(Builder *b, Parts x, Dim before, int64_t n, Dim behind)
{
	int64_t m = 1;
	DType t = x.re->type->dtype;
	Dim dim[] = { before, number(b, n), behind };

	while (m < 2 * n - 1)
		m *= 2;
	double *c = numbers(n), *s = numbers(n), *fr = numbers(m), *fi = numbers(m);
	chirp(n, c, s);
	for (int64_t j = 0; j < n; j++) {
		fr[j] = fr[(m - j) % m] = c[j] / (double)m;
		fi[j] = fi[(m - j) % m] = -s[j] / (double)m;
	}
	transform_numbers(m, fr, fi);
	Value *vc = table(b, t, 1, &n, c), *vs = table(b, t, 1, &n, s), *vr = table(b, t, 1, &m, fr), *vi = table(b, t, 1, &m, fi);
	free(c);
	free(s);
	free(fr);
	free(fi);

	x.re = shaped(b, x.re, 3, dim);
	x.im = x.im ? shaped(b, x.im, 3, dim) : expand_like(b, x.re, 0);
	Value *cx = along(b, vc, x.re, 1), *sx = along(b, vs, x.re, 1);
	x = multiply(b, x, cx, sx);
	x.re = padded(b, x.re, 1, m - n);
	x.im = padded(b, x.im, 1, m - n);
	x = transform(b, x, before, m, behind);
	Value *fc = along(b, vr, x.re, 0), *fs = along(b, vi, x.re, 0);
	x = multiply(b, x, fc, fs);
	x = swapped(transform(b, swapped(x), number(b, 1), m, times(b, before, behind)));
	Dim out[] = { number(b, m), before, behind };
	x.re = shaped(b, x.re, 3, out);
	x.im = shaped(b, x.im, 3, out);
	x.re = section(b, x.re, 0, 0, n, 1);
	x.im = section(b, x.im, 0, 0, n, 1);
	cx = along(b, vc, x.re, 0);
	sx = along(b, vs, x.re, 0);
	return multiply(b, x, cx, sx);
}

/* Of [L, n, R], in any shape; gives [n, L, R]. */
static Parts transform(Builder *b, Parts x, Dim before, int64_t n, Dim behind)
{
	int radix[STEPS_MAX], count;
	Dim dim[] = { number(b, n), before, behind };

	if (n > 1 && !best_radices(n, RADIX_MAX, radix, &count))
		return by_convolution(b, x, before, n, behind);
	if (n > 1)
		x = by_steps(b, x, before, n, behind, radix, count);
	x.re = shaped(b, x.re, 3, dim);
	x.im = x.im ? shaped(b, x.im, 3, dim) : expand_like(b, x.re, 0);
	return x;
}

static Parts inverse(Builder *b, Parts x, Dim before, int64_t n, Dim behind)
{
	return scaled(b, swapped(transform(b, swapped(x), before, n, behind)), 1.0 / (double)n);
}

/* Real numbers. */

/* (cos, sin) of -2 pi k / n times 1/2, for k < count. */
static void half_roots(Builder *b, DType t, int64_t n, int64_t count, Value **c, Value **s)
{
	double *re = numbers(n), *im = numbers(n);

	roots_of_unity(n, re, im);
	for (int64_t k = 0; k < count; k++)
		re[k] /= 2, im[k] /= 2;
	*c = table(b, t, 1, &count, re);
	*s = table(b, t, 1, &count, im);
	free(re);
	free(im);
}

/* z[j] = x[2j] + i x[2j + 1] has m = n / 2 points.  With E = (Z[k] + conj Z[m - k]) / 2 and O = (Z[k] - conj Z[m - k]) / 2i, the
   transforms of the even and of the odd points, the result is E + w^k O for k <= m. */
static Parts even_real(Builder *b, Value *x, Dim before, int64_t n, Dim behind)
{
	int64_t m = n / 2;
	Dim pairs[] = { before, number(b, m), number(b, 2), behind };
	Value *c, *s, *p = shaped(b, x, 4, pairs);
	Parts z = { section(b, p, 2, 0, 1, 1), NULL }, e, o;

	z.im = section(b, p, 2, 1, 2, 1);
	z = transform(b, z, before, m, behind);
	Value *first_re = section(b, z.re, 0, 0, 1, 1), *first_im = section(b, z.im, 0, 0, 1, 1);
	z.re = BUILD(b, concatenate, ARGS(z.re, first_re), .dim = 0);
	z.im = BUILD(b, concatenate, ARGS(z.im, first_im), .dim = 0);
	Parts r = { mirrored(b, z.re, 0), NULL };
	r.im = mirrored(b, z.im, 0);
	e.re = ew_add(b, z.re, r.re);
	e.im = ew_sub(b, z.im, r.im);
	e = scaled(b, e, 0.5);
	o.re = ew_add(b, z.im, r.im);
	o.im = ew_sub(b, r.re, z.re);
	half_roots(b, x->type->dtype, n, m + 1, &c, &s);
	Value *cx = along(b, c, o.re, 0), *sx = along(b, s, o.re, 0);
	o = multiply(b, o, cx, sx);
	Value *re = ew_add(b, e.re, o.re);
	return (Parts){ re, ew_add(b, e.im, o.im) };
}

/* [L, n, R] to [n / 2 + 1, L, R]. */
static Parts of_real(Builder *b, Value *x, Dim before, int64_t n, Dim behind)
{
	if (n > 1 && n % 2 == 0)
		return even_real(b, x, before, n, behind);
	Parts z = transform(b, (Parts){ x, NULL }, before, n, behind);
	z.re = section(b, z.re, 0, 0, n / 2 + 1, 1);
	z.im = section(b, z.im, 0, 0, n / 2 + 1, 1);
	return z;
}

/* The imaginary parts that must be 0, of points 0 and n / 2, count as 0. */
static Value *without_ends(Builder *b, Value *im, int64_t m)
{
	Value *zero = build_scalar(b, im->type->dtype, 0), *inner = section(b, im, 1, 1, m, 1);
	Ints ends = ints_of(expand_arena(b), 3, 0, 1, 0);

	return BUILD(b, pad, ARGS(inner, zero), .low = ends, .high = ends);
}

/* [L, n / 2 + 1, R] to [n, L, R]: even_real backwards. */
static Value *to_even_real(Builder *b, Parts x, Dim before, int64_t n, Dim behind)
{
	int64_t m = n / 2;
	Value *c, *s;
	Parts e, o, z;

	x.im = without_ends(b, x.im, m);
	Parts r = { mirrored(b, x.re, 1), NULL };
	r.im = mirrored(b, x.im, 1);
	r.re = section(b, r.re, 1, 0, m, 1);
	r.im = section(b, r.im, 1, 0, m, 1);
	x.re = section(b, x.re, 1, 0, m, 1);
	x.im = section(b, x.im, 1, 0, m, 1);
	e.re = ew_add(b, x.re, r.re);
	e.im = ew_sub(b, x.im, r.im);
	e = scaled(b, e, 0.5);
	o.re = ew_sub(b, x.re, r.re);
	o.im = ew_add(b, x.im, r.im);
	half_roots(b, x.re->type->dtype, n, m, &c, &s);
	Value *minus = ew_neg(b, s), *cx = along(b, c, o.re, 1), *sx = along(b, minus, o.re, 1);
	o = multiply(b, o, cx, sx);
	z.re = ew_sub(b, e.re, o.im);
	z.im = ew_add(b, e.im, o.re);
	z = inverse(b, z, before, m, behind);
	Dim one[] = { number(b, m), number(b, 1), before, behind }, all[] = { number(b, n), before, behind };
	Value *even = shaped(b, z.re, 4, one), *odd = shaped(b, z.im, 4, one);
	Value *both = BUILD(b, concatenate, ARGS(even, odd), .dim = 1);
	return shaped(b, both, 3, all);
}

static Value *to_real(Builder *b, Parts x, Dim before, int64_t n, Dim behind)
{
	Dim dim[] = { before, number(b, n / 2 + 1), behind };

	x.re = shaped(b, x.re, 3, dim);
	x.im = shaped(b, x.im, 3, dim);
	if (n % 2 == 0)
		return to_even_real(b, x, before, n, behind);
	if (n == 1) {
		Dim one[] = { number(b, 1), before, behind };
		return shaped(b, x.re, 3, one);
	}
	/* The other half: conjugates in reverse.  The imaginary part of point 0 changes the real parts of no result. */
	Value *tail_re = section(b, x.re, 1, 1, n / 2 + 1, 1), *tail_im = section(b, x.im, 1, 1, n / 2 + 1, 1);
	tail_re = mirrored(b, tail_re, 1);
	tail_im = mirrored(b, tail_im, 1);
	tail_im = ew_neg(b, tail_im);
	x.re = BUILD(b, concatenate, ARGS(x.re, tail_re), .dim = 1);
	x.im = BUILD(b, concatenate, ARGS(x.im, tail_im), .dim = 1);
	return inverse(b, x, before, n, behind).re;
}

/* Along one axis of a tensor. */

typedef struct Around { Dim before, behind; int rank, axis; Dim dim[RANK_MAX]; } Around;

static Around around(Builder *b, const Type *t, int axis)
{
	Around a = { number(b, 1), number(b, 1), t->rank, axis, { NULL } };

	for (int i = 0; i < t->rank; i++) {
		a.dim[i] = t->dim[i];
		if (i < axis)
			a.before = times(b, a.before, t->dim[i]);
		else if (i > axis)
			a.behind = times(b, a.behind, t->dim[i]);
	}
	return a;
}

/* [n, L, R] to where it was. */
static Value *back(Builder *b, Value *x, const Around *a)
{
	Dim dim[RANK_MAX];

	for (int i = 0; i < a->rank; i++)
		dim[i] = i == a->axis ? x->type->dim[0] : a->dim[i];
	if (!dim_is(a->before, 1))
		x = transposed(b, x, 3, 1, 0, 2);
	return shaped(b, x, a->rank, dim);
}

static Parts back_parts(Builder *b, Parts x, const Around *a)
{
	Value *re = back(b, x.re, a);

	return (Parts){ re, back(b, x.im, a) };
}

static Parts transform_axis(Builder *b, Parts x, int axis, int64_t n, bool backwards)
{
	Around a = around(b, x.re->type, axis);

	x = backwards ? inverse(b, x, a.before, n, a.behind) : transform(b, x, a.before, n, a.behind);
	return back_parts(b, x, &a);
}

void expand_fft(Builder *b, const Op *op, Value **out)
{
	FftType type = fft_type(op_attrs(fft, op)->type);
	Ints length = op_attrs(fft, op)->length;
	Value *x = op->arg[0];
	int rank = x->type->rank, last = length.n - 1, first = rank - length.n;
	Parts z = { x, NULL };
	bool none = false;

	for (int i = 0; i < length.n; i++)
		none = none || length.at[i] == 0;
	if (none) {   /* no points */
		out[0] = build_splat(b, op->result[0]->type, 0);
		return;
	}
	if (type == FFT_RFFT) {
		Around a = around(b, x->type, rank - 1);
		z = back_parts(b, of_real(b, x, a.before, length.at[last], a.behind), &a);
	} else {
		z.re = BUILD(b, real, ARGS(x));
		z.im = BUILD(b, imag, ARGS(x));
	}
	bool backwards = type == FFT_IFFT || type == FFT_IRFFT, real = type == FFT_RFFT || type == FFT_IRFFT;
	for (int i = real ? last - 1 : last; i >= 0; i--)
		z = transform_axis(b, z, first + i, length.at[i], backwards);
	if (type == FFT_IRFFT) {
		Around a = around(b, z.re->type, rank - 1);
		out[0] = back(b, to_real(b, z, a.before, length.at[last], a.behind), &a);
		return;
	}
	out[0] = BUILD(b, complex, ARGS(z.re, z.im));
}
