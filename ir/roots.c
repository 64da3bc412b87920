/* ir/roots.c - sines and cosines of fractions of a turn in double-double arithmetic: the same bits on every machine.

   exp(-2 pi i (a m + b) / n) is the product of two of about sqrt(n) entries each, which come from Taylor series of angles up to
   an eighth of a turn. */
#include "ir/roots.h"

#include <stdbool.h>
#include <stdlib.h>

#include "ir/base/check.h"

/* hi + lo, |lo| <= ulp(hi) / 2. */
typedef struct Twin { double hi, lo; } Twin;
typedef struct Root { Twin re, im; } Root;

static Twin twin_fast(double x, double y)
{
	double s = x + y;

	return (Twin){ s, y - (s - x) };
}

static Twin twin_sum(double x, double y)
{
	double s = x + y, yy = s - x;

	return (Twin){ s, (x - (s - yy)) + (y - yy) };
}

/* Dekker: exact. */
static Twin twin_product(double x, double y)
{
	double p = x * y, c = x * 0x1.0000002p27, d = y * 0x1.0000002p27;
	double xh = c - (c - x), xl = x - xh, yh = d - (d - y), yl = y - yh;

	return (Twin){ p, ((xh * yh - p) + xh * yl + xl * yh) + xl * yl };
}

static Twin twin_add(Twin x, Twin y)
{
	Twin s = twin_sum(x.hi, y.hi);

	return twin_fast(s.hi, s.lo + (x.lo + y.lo));
}

static Twin twin_neg(Twin x)
{
	return (Twin){ -x.hi, -x.lo };
}

static Twin twin_mul(Twin x, Twin y)
{
	Twin p = twin_product(x.hi, y.hi);

	return twin_fast(p.hi, p.lo + (x.hi * y.lo + x.lo * y.hi));
}

static Twin twin_div(Twin x, double y)
{
	double q = x.hi / y;
	Twin p = twin_product(q, y);
	double r = ((x.hi - p.hi) - p.lo + x.lo) / y;

	return twin_fast(q, r);
}

/* cos and sin of up to an eighth of a turn. */
static Root small_turn(int64_t k, int64_t n)
{
	static const Twin two_pi = { 0x1.921fb54442d18p+2, 0x1.1a62633145c07p-52 };
	Twin x = twin_div(twin_mul(two_pi, (Twin){ (double)k, 0 }), (double)n), term = { 1, 0 };
	Root r = { { 1, 0 }, { 0, 0 } };

	for (int i = 1; i < 30; i++) {
		term = twin_div(twin_mul(term, x), i);
		Twin *sum = i % 2 ? &r.im : &r.re;
		*sum = twin_add(*sum, i % 4 < 2 ? term : twin_neg(term));
	}
	return r;
}

/* exp(-2 pi i k / n), 0 <= k < n. */
static Root root(int64_t k, int64_t n)
{
	int64_t quarter = 4 * k / n, rest = 4 * k - quarter * n;    /* of n, in quarters of a turn */
	bool mirror = 2 * rest > n;
	Root r = small_turn(mirror ? n - rest : rest, 4 * n);
	Twin c = mirror ? r.im : r.re, s = mirror ? r.re : r.im;

	switch (quarter) {
	case 0:  return (Root){ c, twin_neg(s) };
	case 1:  return (Root){ twin_neg(s), twin_neg(c) };
	case 2:  return (Root){ twin_neg(c), s };
	default: return (Root){ s, c };
	}
}

static Root root_mul(Root x, Root y)
{
	Twin re = twin_add(twin_mul(x.re, y.re), twin_neg(twin_mul(x.im, y.im)));

	return (Root){ re, twin_add(twin_mul(x.re, y.im), twin_mul(x.im, y.re)) };
}

void roots_of_unity(int64_t n, double *re, double *im)
{
	static const double c4[4] = { 1, 0, -1, 0 }, s4[4] = { 0, -1, 0, 1 };
	int64_t m = 1;

	while (m * m < n)
		m++;
	Root *fine = malloc((size_t)m * sizeof *fine);
	CHECK(fine, "out of memory for %lld roots of unity", (long long)m);
	for (int64_t b = 0; b < m && b < n; b++)
		fine[b] = root(b, n);
	for (int64_t a = 0; a * m < n; a++) {
		Root coarse = root(a * m, n);
		for (int64_t b = 0; b < m && a * m + b < n; b++) {
			int64_t k = a * m + b;
			Root r = root_mul(coarse, fine[b]);
			bool exact = 4 * k % n == 0;
			re[k] = exact ? c4[4 * k / n] : r.re.hi;
			im[k] = exact ? s4[4 * k / n] : r.im.hi;
		}
	}
	free(fine);
}

void transform_numbers(int64_t n, double *re, double *im)
{
	double *c = malloc((size_t)n * sizeof *c), *s = malloc((size_t)n * sizeof *s);

	CHECK(c && s && n > 0 && (n & (n - 1)) == 0, "a transform of %lld numbers", (long long)n);
	roots_of_unity(n, c, s);
	for (int64_t i = 1, j = 0; i < n; i++) {   /* bits of the index in reverse */
		int64_t bit = n >> 1;
		for (; j & bit; bit >>= 1)
			j ^= bit;
		j ^= bit;
		if (i < j) {
			double x = re[i], y = im[i];
			re[i] = re[j], im[i] = im[j];
			re[j] = x, im[j] = y;
		}
	}
	for (int64_t half = 1; half < n; half *= 2)
		for (int64_t from = 0; from < n; from += 2 * half)
			for (int64_t k = 0; k < half; k++) {
				double wr = c[k * (n / (2 * half))], wi = s[k * (n / (2 * half))];
				double *xr = &re[from + k], *xi = &im[from + k], *yr = xr + half, *yi = xi + half;
				double zr = *yr * wr - *yi * wi, zi = *yr * wi + *yi * wr;
				*yr = *xr - zr, *yi = *xi - zi;
				*xr += zr, *xi += zi;
			}
	free(c);
	free(s);
}
