/* ir/base/num.c - 16-bit floats, shortest decimals, exact parsing.

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

/* 16-bit floats: 1 sign, `ebits` exponent, `mbits` fraction bits. */

/* Rounds the double with these bits once, to nearest even. */
static uint16_t narrow(uint64_t bits, int ebits, int mbits)
{
	uint32_t sign = (uint32_t)(bits >> 63) << 15;
	uint32_t emax = (1u << ebits) - 1, infinity = emax << mbits;
	int exponent = (int)(bits >> 52 & 0x7ff) - 1023 + (int)(emax >> 1); /* as biased in the result */
	uint64_t fraction = bits & (((uint64_t)1 << 52) - 1);

	if ((bits >> 52 & 0x7ff) == 0x7ff) {
		if (!fraction)
			return (uint16_t)(sign | infinity);
		return (uint16_t)(sign | infinity | 1u << (mbits - 1) | (uint32_t)(fraction >> (52 - mbits)));
	}
	if (exponent >= (int)emax)
		return (uint16_t)(sign | infinity);

	/* A subnormal result keeps fewer bits; below half of the least one it is zero
	   (all subnormal doubles are, too). */
	int shift = 52 - mbits;
	fraction |= (uint64_t)1 << 52;
	if (exponent <= 0) {
		shift += 1 - exponent;
		exponent = 1;
		if (shift > 53)
			return (uint16_t)sign;
	}

	uint64_t rest = fraction & (((uint64_t)1 << shift) - 1), half = (uint64_t)1 << (shift - 1);
	uint32_t kept = (uint32_t)(fraction >> shift);
	if (rest > half || (rest == half && (kept & 1)))
		kept++;
	/* The leading one of `kept` carries into the exponent: of a normal number
	   always, of a subnormal one when it rounds up to the least normal, and
	   of the greatest one to infinity. */
	return (uint16_t)(sign | (((uint32_t)(exponent - 1) << mbits) + kept));
}

/* Through double, which holds every float exactly. By bits, because hardware
   may be told to flush subnormals. */
static uint64_t widen_f32(float x)
{
	uint32_t u = f32_bits(x);
	uint64_t sign = (uint64_t)(u >> 31) << 63, fraction = u & 0x7fffff;
	int exponent = (int)(u >> 23 & 0xff);

	if (exponent == 0xff)
		return sign | (uint64_t)0x7ff << 52 | fraction << 29;
	if (!exponent) {
		if (!fraction)
			return sign;
		int up = __builtin_clz((uint32_t)fraction) - 8;
		fraction = fraction << up & 0x7fffff;
		exponent = 1 - up;
	}
	return sign | (uint64_t)(exponent - 127 + 1023) << 52 | fraction << 29;
}

float f32_from_f16(uint16_t bits)
{
	uint32_t sign = (uint32_t)(bits >> 15) << 31, fraction = bits & 0x3ff;
	uint32_t exponent = bits >> 10 & 0x1f;

	if (exponent == 0x1f) {
		uint32_t quiet = fraction ? (uint32_t)1 << 22 : 0;
		return f32_of_bits(sign | 0x7f800000 | quiet | fraction << 13);
	}
	if (!exponent) {
		if (!fraction)
			return f32_of_bits(sign);
		/* Shift the leading one up to bit 10, where normal numbers have it. */
		int up = __builtin_clz(fraction) - 21;
		return f32_of_bits(sign | (uint32_t)(113 - up) << 23 | (fraction << up & 0x3ff) << 13);
	}
	return f32_of_bits(sign | (exponent + 112) << 23 | fraction << 13);
}

uint16_t f16_from_f64(double x)
{
	return narrow(f64_bits(x), 5, 10);
}

uint16_t f16_from_f32(float x)
{
	return narrow(widen_f32(x), 5, 10);
}

float f32_from_bf16(uint16_t bits)
{
	bool nan = (bits & 0x7fff) > 0x7f80;

	return f32_of_bits((uint32_t)(bits | (nan ? 0x40 : 0)) << 16);
}

uint16_t bf16_from_f64(double x)
{
	return narrow(f64_bits(x), 8, 7);
}

uint16_t bf16_from_f32(float x)
{
	return narrow(widen_f32(x), 8, 7);
}

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

bool f64_parse(const char *s, size_t n, double *out)
{
	uint64_t bits;
	Digits d;

	if (parse_word(s, n, out))
		return true;
	if (n == 3 && !memcmp(s, "nan", 3)) {
		*out = f64_of_bits((uint64_t)0x7ff8 << 48);
		return true;
	}
	if (parse_bits(s, n, 16, &bits)) {
		*out = f64_of_bits(bits);
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
	double word;
	Digits d;

	if (parse_word(s, n, &word)) {
		*out = (float)word;
		return true;
	}
	if (n == 3 && !memcmp(s, "nan", 3)) {
		*out = f32_of_bits(0x7fc00000);
		return true;
	}
	if (parse_bits(s, n, 8, &bits)) {
		*out = f32_of_bits((uint32_t)bits);
		return true;
	}
	bool minus = n && s[0] == '-';
	if (!parse_decimal(s + minus, s + n, &d))
		return false;
	float x = strtof(d.text, NULL);
	*out = minus ? -x : x;
	return true;
}
