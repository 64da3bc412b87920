/* ir/base/num.c - shortest decimals, exact parsing.

   Decimals go through the C library's snprintf and strtod, which round
   correctly.  What they are given and asked for never contains a decimal
   point of theirs ("15e-1", not "1.5"), so that a locale set by a program
   around the compiler changes nothing. */
#include "ir/base/num.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ir/base/check.h"

/* Printing. */

/* A positive decimal 0.d1d2d3... times 10^point. */
typedef struct Decimal {
	char digit[24];
	int  n, point;
} Decimal;

/* The p-digit decimal nearest to x > 0. */
static Decimal decimal_round(double x, int p)
{
	char text[40];
	Decimal d = { .n = 0 };
	const char *s = text;

	snprintf(text, sizeof text, "%.*e", p - 1, x);
	for (; *s != 'e'; s++)
		if (*s >= '0' && *s <= '9')
			d.digit[d.n++] = *s;
	d.point = atoi(s + 1) + 1;
	while (d.n > 1 && d.digit[d.n - 1] == '0')
		d.n--;
	return d;
}

/* The next p-digit decimal above. */
static Decimal decimal_above(Decimal d, int p)
{
	while (d.n < p)
		d.digit[d.n++] = '0';
	while (d.n && d.digit[d.n - 1] == '9')
		d.n--;
	if (!d.n) {
		d.digit[d.n++] = '1';
		d.point++;
	} else {
		d.digit[d.n - 1]++;
	}
	return d;
}

static bool reads_back(const Decimal *d, double x, bool single)
{
	char text[40];

	snprintf(text, sizeof text, "%.*se%d", d->n, d->digit, d->point - d->n);
	return single ? strtof(text, NULL) == (float)x : strtod(text, NULL) == x;
}

/* What lies above a power of two rounds to it from twice as far as what lies
   below. So there the nearest p-digit decimal may fail where the one above
   succeeds, and precision p may succeed where p + 1 needs a look too. */
static Decimal shortest_power(double x, bool single, int most)
{
	Decimal d;

	for (int p = 1; p < most; p++) {
		d = decimal_round(x, p);
		if (reads_back(&d, x, single))
			return d;
		d = decimal_above(d, p);
		if (reads_back(&d, x, single))
			return d;
	}
	return decimal_round(x, most);
}

/* Elsewhere more digits never do worse: search the least precision by halves. */
static Decimal shortest(double x, bool single, int most)
{
	int low = 1, high = most;
	Decimal best = decimal_round(x, most);

	while (low < high) {
		int p = low + (high - low) / 2;
		Decimal d = decimal_round(x, p);
		if (reads_back(&d, x, single)) {
			best = d;
			high = p;
		} else {
			low = p + 1;
		}
	}
	return best;
}

/* Plain digits for 1e-4 <= value < 1e16, else with an exponent of at least two digits. */
static int decimal_print(char *buf, bool minus, const Decimal *d)
{
	char *s = buf;

	if (minus)
		*s++ = '-';
	if (d->point < -3 || d->point > 16) {
		*s++ = d->digit[0];
		if (d->n > 1)
			*s++ = '.';
		memcpy(s, d->digit + 1, (size_t)d->n - 1);
		s += d->n - 1;
		int e = d->point - 1;
		s += snprintf(s, 8, "e%c%02d", e < 0 ? '-' : '+', e < 0 ? -e : e);
		return (int)(s - buf);
	}
	if (d->point <= 0)
		*s++ = '0';
	for (int i = 0; i < d->point; i++)
		*s++ = i < d->n ? d->digit[i] : '0';
	*s++ = '.';
	for (int i = d->point; i < 0; i++)
		*s++ = '0';
	if (d->n <= d->point)
		*s++ = '0';
	for (int i = d->point > 0 ? d->point : 0; i < d->n; i++)
		*s++ = d->digit[i];
	*s = '\0';
	return (int)(s - buf);
}

/* x is finite. */
static int print_finite(char *buf, double x, bool single, bool power_of_two)
{
	bool minus = f64_bits(x) >> 63;
	Decimal d = { .digit = "0", .n = 1, .point = 1 };

	if (minus)
		x = -x;
	if (x > 0) {
		int most = single ? 9 : 17;
		d = power_of_two ? shortest_power(x, single, most) : shortest(x, single, most);
	}
	return decimal_print(buf, minus, &d);
}

int f32_print(char *buf, float x)
{
	uint32_t u = f32_bits(x), magnitude = u & 0x7fffffff;

	if (magnitude == 0x7f800000)
		return sprintf(buf, "%sinf", u >> 31 ? "-" : "");
	if (u == 0x7fc00000)
		return sprintf(buf, "nan");
	if (magnitude > 0x7f800000)
		return sprintf(buf, "0x%08x", (unsigned)u);
	return print_finite(buf, (double)x, true, !(u & 0x7fffff));
}

int f64_print(char *buf, double x)
{
	uint64_t u = f64_bits(x), magnitude = u & (UINT64_MAX >> 1), inf = (uint64_t)0x7ff << 52;

	if (magnitude == inf)
		return sprintf(buf, "%sinf", u >> 63 ? "-" : "");
	if (u == (inf | (uint64_t)1 << 51))
		return sprintf(buf, "nan");
	if (magnitude > inf)
		return sprintf(buf, "0x%016llx", (unsigned long long)u);
	return print_finite(buf, x, false, !(u & (((uint64_t)1 << 52) - 1)));
}

/* Parsing. */

/* A rounding to double depends on at most 767 significant digits, and then
   on whether anything but zeros follows: a 1 at the end stands for that. */
enum { MOST_DIGITS = 800 };

static bool is_digit(const char *s, const char *end)
{
	return s < end && *s >= '0' && *s <= '9';
}

static bool parse_bits(const char *s, size_t n, size_t most, uint64_t *bits)
{
	uint64_t u = 0;

	if (n < 3 || n - 2 > most || s[0] != '0' || (s[1] != 'x' && s[1] != 'X'))
		return false;
	for (size_t i = 2; i < n; i++) {
		char c = s[i];
		int v = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
			: c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
		if (v < 0)
			return false;
		u = u << 4 | (uint64_t)v;
	}
	*bits = u;
	return true;
}

/* Gathers significant digits. `exponent` counts how far the value lies from the integer that they form. */
typedef struct Digits {
	char text[MOST_DIGITS + 32]; /* and "1e-12345" */
	int  n;
	bool more;                   /* a digit other than 0 was left out */
	long long exponent;
} Digits;

static void take_digit(Digits *d, char c, bool after_point)
{
	if (d->n < MOST_DIGITS) {
		if (d->n || c != '0')
			d->text[d->n++] = c;
		d->exponent -= after_point;
	} else {
		d->more |= c != '0';
		d->exponent += !after_point;
	}
}

/* Checks the whole decimal and writes it without a point: "12.5e3" is "125e2". */
static bool parse_decimal(const char *s, const char *end, Digits *d)
{
	long long e = 0;

	d->n = 0;
	d->more = false;
	d->exponent = 0;
	if (!is_digit(s, end))
		return false;
	while (is_digit(s, end))
		take_digit(d, *s++, false);
	if (s < end && *s == '.') {
		s++;
		if (!is_digit(s, end))
			return false;
		while (is_digit(s, end))
			take_digit(d, *s++, true);
	}
	if (s < end && (*s == 'e' || *s == 'E')) {
		s++;
		bool minus = s < end && *s == '-';
		if (s < end && (*s == '-' || *s == '+'))
			s++;
		if (!is_digit(s, end))
			return false;
		/* An exponent that outweighs every text that fits in memory may stop growing. */
		for (; is_digit(s, end); s++)
			if (e < (long long)1 << 56)
				e = e * 10 + (*s - '0');
		e = minus ? -e : e;
	}
	if (s != end)
		return false;

	if (!d->n)
		d->text[d->n++] = '0';
	if (d->more) {
		d->text[d->n++] = '1';
		d->exponent--;
	}
	e += d->exponent;
	e = e > 99999 ? 99999 : e < -99999 ? -99999 : e;
	snprintf(d->text + d->n, sizeof d->text - (size_t)d->n, "e%lld", e);
	return true;
}

/* Words and the sign: what is left is unsigned and decimal. */
static bool parse_word(const char *s, size_t n, double *out)
{
	if (n == 3 && !memcmp(s, "inf", 3))
		*out = INFINITY;
	else if (n == 4 && !memcmp(s, "-inf", 4))
		*out = -INFINITY;
	else
		return false;
	return true;
}

/* The forms that are no decimal; false when the text may be one.  nan: the bits of the word; most: hexadecimal digits. */
static bool parse_special(const char *s, size_t n, uint64_t nan, size_t most, double *number, uint64_t *bits, bool *is_bits)
{
	*is_bits = true;
	if (n == 3 && !memcmp(s, "nan", 3)) {
		*bits = nan;
		return true;
	}
	if (parse_bits(s, n, most, bits))
		return true;
	*is_bits = false;
	return parse_word(s, n, number);
}

bool f64_parse(const char *s, size_t n, double *out)
{
	uint64_t bits;
	bool is_bits;
	Digits d;

	if (parse_special(s, n, (uint64_t)0x7ff8 << 48, 16, out, &bits, &is_bits)) {
		*out = is_bits ? f64_of_bits(bits) : *out;
		return true;
	}
	bool minus = n && s[0] == '-';
	if (!parse_decimal(s + minus, s + n, &d))
		return false;
	double x = strtod(d.text, NULL);
	*out = minus ? -x : x;
	return true;
}

bool f32_parse(const char *s, size_t n, float *out)
{
	uint64_t bits;
	bool is_bits;
	double word;
	Digits d;

	if (parse_special(s, n, 0x7fc00000, 8, &word, &bits, &is_bits)) {
		*out = is_bits ? f32_of_bits((uint32_t)bits) : (float)word;
		return true;
	}
	bool minus = n && s[0] == '-';
	if (!parse_decimal(s + minus, s + n, &d))
		return false;
	float x = strtof(d.text, NULL);
	*out = minus ? -x : x;
	return true;
}

/* 16 bits.  The nearest double decides, unless it lies half-way between two results: then it may have come there by its
   own rounding, and what counts is on which side of it the decimal lies. */

/* -1, 0, 1: the decimal is below, equal to, or above x > 0, which has so few bits that EXACT digits hold it. */
enum { EXACT = 160 };
static int decimal_compare(const Digits *d, double x)
{
	char text[EXACT + 32], digit[EXACT + 1];
	int n = 0;

	snprintf(text, sizeof text, "%.*e", EXACT - 1, x);
	const char *s = text;
	for (; *s != 'e'; s++)
		if (*s >= '0' && *s <= '9')
			digit[n++] = *s;
	int point = atoi(s + 1) + 1, mine = d->n + atoi(d->text + d->n + 1);
	if (mine != point)
		return mine < point ? -1 : 1;
	for (int i = 0; i < n || i < d->n; i++) {
		char a = i < d->n ? d->text[i] : '0', b = i < n ? digit[i] : '0';
		if (a != b)
			return a < b ? -1 : 1;
	}
	return 0;
}

/* The double that rounds to 16 bits as the decimal does. */
static double for_narrowing(const Digits *d)
{
	double x = strtod(d->text, NULL);
	uint64_t u = f64_bits(x);
	bool few_bits = !(u & (((uint64_t)1 << 40) - 1));    /* as every half-way point has */

	if (!few_bits || !(x >= 0x1p-140 && x < 0x1p130))
		return x;
	return f64_of_bits(u + (uint64_t)(int64_t)decimal_compare(d, x));
}

bool format_parse(const FloatFormat *f, const char *s, size_t n, uint32_t *out)
{
	uint64_t bits;
	bool is_bits;
	double x;
	Digits d;

	if (parse_special(s, n, f->nan, (1 + f->exponent + f->fraction + 3) / 4, &x, &bits, &is_bits)) {
		*out = is_bits ? (uint32_t)bits : format_from_f64(f, x);
		return !is_bits || bits < 2 * format_sign(f);
	}
	bool minus = n && s[0] == '-';
	if (!parse_decimal(s + minus, s + n, &d))
		return false;
	*out = format_from_f64(f, minus ? -for_narrowing(&d) : for_narrowing(&d));
	return true;
}

static bool half_parse(const FloatFormat *f, const char *s, size_t n, uint16_t *out)
{
	uint32_t bits;
	bool ok = format_parse(f, s, n, &bits);

	*out = ok ? (uint16_t)bits : *out;
	return ok;
}

bool f16_parse(const char *s, size_t n, uint16_t *out)
{
	return half_parse(&format_f16, s, n, out);
}

bool bf16_parse(const char *s, size_t n, uint16_t *out)
{
	return half_parse(&format_bf16, s, n, out);
}

/* Few digits do: each precision is tried, its nearest decimal first, then (see shortest_power) the one above. */
int format_print(const FloatFormat *f, char *buf, uint32_t bits)
{
	bool minus = bits & format_sign(f);
	double x = format_to_f64(f, bits);
	uint32_t back;

	if (x != x)
		return bits == f->nan ? sprintf(buf, "nan") : sprintf(buf, "0x%0*x", (1 + f->exponent + f->fraction + 3) / 4, bits);
	if (x - x != 0)
		return sprintf(buf, "%sinf", minus ? "-" : "");
	Decimal d = { .digit = "0", .n = 1, .point = 1 };
	for (int p = 1; p <= 9 && x != 0; p++) {
		d = decimal_round(minus ? -x : x, p);
		for (int above = 0; above < 2; above++) {
			char text[40];
			int n = snprintf(text, sizeof text, "%s%.*se%d", minus ? "-" : "", d.n, d.digit, d.point - d.n);
			if (format_parse(f, text, (size_t)n, &back) && back == bits)
				return decimal_print(buf, minus, &d);
			if (!above)
				d = decimal_above(d, p);
		}
	}
	return decimal_print(buf, minus, &d);
}

int f16_print(char *buf, uint16_t bits)
{
	return format_print(&format_f16, buf, bits);
}

int bf16_print(char *buf, uint16_t bits)
{
	return format_print(&format_bf16, buf, bits);
}
