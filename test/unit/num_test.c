/* test/unit/num_test.c - 16-bit floats against their definition, decimals against other implementations. */
#include "ir/base/num.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/unit/unit.h"

/* 2 to the e, exactly, by multiplication. */
static double power2(int e)
{
	double x = 1;

	for (; e > 0; e--)
		x *= 2;
	for (; e < 0; e++)
		x /= 2;
	return x;
}

/* The value of a finite 16-bit pattern, from the definition of the format. */
static double value16(unsigned bits, int ebits, int mbits)
{
	int bias = (1 << (ebits - 1)) - 1;
	int exponent = (int)(bits >> mbits & ((1u << ebits) - 1));
	double fraction = (double)(bits & ((1u << mbits) - 1)) * power2(-mbits);
	double x = exponent ? (1 + fraction) * power2(exponent - bias) : fraction * power2(1 - bias);

	return bits >> 15 ? -x : x;
}

typedef struct Format {
	const char *name;
	int ebits, mbits;
	unsigned infinity;
	float (*widen)(uint16_t);
	uint16_t (*narrow32)(float);
	uint16_t (*narrow64)(double);
} Format;

static const Format formats[] = {
	{ "f16", 5, 10, 0x7c00, f32_from_f16, f16_from_f32, f16_from_f64 },
	{ "bf16", 8, 7, 0x7f80, f32_from_bf16, bf16_from_f32, bf16_from_f64 },
};

static void check_pattern(const Format *f, unsigned bits)
{
	uint16_t b = (uint16_t)bits;
	unsigned magnitude = bits & 0x7fff;
	float x = f->widen(b);

	if (magnitude > f->infinity) {
		unsigned quiet = bits | 1u << (f->mbits - 1);
		EXPECT(isnan(x));
		EXPECT(f32_bits(x) & 0x400000);
		EXPECT_EQ_INT(f32_bits(x) >> 31, bits >> 15);
		EXPECT_EQ_INT(f->narrow32(x), quiet);
		EXPECT_EQ_INT(f->narrow64(f64_of_bits((uint64_t)(bits >> 15) << 63 | (uint64_t)0x7ff << 52 | 1)),
		              (bits & 0x8000) | f->infinity | 1u << (f->mbits - 1));
		return;
	}
	double wanted = magnitude == f->infinity ? (bits >> 15 ? -INFINITY : INFINITY)
		: value16(bits, f->ebits, f->mbits);
	EXPECT_EQ_F64BITS((double)x, wanted);
	EXPECT_EQ_INT(f->narrow32(x), bits);
	EXPECT_EQ_INT(f->narrow64(wanted), bits);
}

TEST(num_all_16_bit_patterns)
{
	for (size_t i = 0; i < 2; i++)
		for (unsigned bits = 0; bits < 0x10000; bits++)
			check_pattern(&formats[i], bits);
}

/* Around every value and every midpoint of two: the double itself and its two
   neighbours.  The infinity stands where the next value would be. */
TEST(num_16_bit_rounding_at_every_midpoint)
{
	for (size_t i = 0; i < 2; i++) {
		const Format *f = &formats[i];
		for (unsigned b = 0; b < f->infinity; b++) {
			double low = value16(b, f->ebits, f->mbits);
			double high = b + 1 < f->infinity ? value16(b + 1, f->ebits, f->mbits)
				: 2 * value16(f->infinity - (1u << f->mbits), f->ebits, f->mbits);
			double mid = (low + high) / 2;
			unsigned even = b & 1 ? b + 1 : b;

			EXPECT_EQ_INT(f->narrow64(mid), even);
			EXPECT_EQ_INT(f->narrow64(nextafter(mid, 0)), b);
			EXPECT_EQ_INT(f->narrow64(nextafter(mid, INFINITY)), b + 1);
			EXPECT_EQ_INT(f->narrow64(-mid), even | 0x8000);
			EXPECT_EQ_INT(f->narrow64(nextafter(low, INFINITY)), b);
			EXPECT_EQ_INT(f->narrow64(nextafter(high, 0)), b + 1);
			/* Midpoints are floats, too (of bf16 as well: it has 16 bits less). */
			EXPECT_EQ_INT(f->narrow32((float)mid), even);
			EXPECT_EQ_INT(f->narrow32(nextafterf((float)mid, 0)), b);
			EXPECT_EQ_INT(f->narrow32(nextafterf((float)mid, INFINITY)), b + 1);
		}
	}
}

TEST(num_16_bit_extremes)
{
	for (size_t i = 0; i < 2; i++) {
		const Format *f = &formats[i];
		EXPECT_EQ_INT(f->narrow64(1e300), f->infinity);
		EXPECT_EQ_INT(f->narrow64(-1e300), f->infinity | 0x8000);
		EXPECT_EQ_INT(f->narrow64(INFINITY), f->infinity);
		EXPECT_EQ_INT(f->narrow64(1e-300), 0);
		EXPECT_EQ_INT(f->narrow64(-5e-324), 0x8000);
		EXPECT_EQ_INT(f->narrow32(f32_of_bits(0x80000001)), 0x8000);
		EXPECT_EQ_INT(f->narrow32(f32_of_bits(0x7fffffff)), 0x7fff);
		EXPECT_EQ_INT(f->narrow32(f32_of_bits(0xff800001)), f->infinity | 0x8000 | 1u << (f->mbits - 1));
	}
	EXPECT_EQ_INT(f16_from_f32(65519.996f), 0x7bff);
	EXPECT_EQ_INT(f16_from_f32(65520.0f), 0x7c00);
	EXPECT_EQ_INT(bf16_from_f32(3.4028235e38f), 0x7f80);
}

/* Rounding to float first would fall on a tie, and then to the wrong side. */
TEST(num_f64_to_16_bits_rounds_once)
{
	double above = 1 + power2(-11) + power2(-40), below = 1 + 3 * power2(-11) - power2(-40);

	EXPECT_EQ_INT(f16_from_f64(above), 0x3c01);
	EXPECT_EQ_INT(f16_from_f32((float)above), 0x3c00);
	EXPECT_EQ_INT(f16_from_f64(below), 0x3c01);
	EXPECT_EQ_INT(f16_from_f32((float)below), 0x3c02);

	above = 1 + power2(-8) + power2(-40);
	EXPECT_EQ_INT(bf16_from_f64(above), 0x3f81);
	EXPECT_EQ_INT(bf16_from_f32((float)above), 0x3f80);

	/* The same among subnormals: 1.5 times the least one, and a little less. */
	EXPECT_EQ_INT(f16_from_f64(1.5 * power2(-24) - power2(-70)), 1);
	EXPECT_EQ_INT(f16_from_f64(1.5 * power2(-24)), 2);
	EXPECT_EQ_INT(bf16_from_f64(power2(-134)), 0);
	EXPECT_EQ_INT(bf16_from_f64(power2(-134) + power2(-180)), 1);
}

/* Shortest strings as Python's repr and numpy's float32 print them. */
static const struct { uint64_t bits; const char *text; } shortest64[] = {
	{ 0x0000000000000000, "0.0" },
	{ 0x8000000000000000, "-0.0" },
	{ 0x3ff0000000000000, "1.0" },
	{ 0x4059000000000000, "100.0" },
	{ 0x3fb999999999999a, "0.1" },
	{ 0x3fd3333333333333, "0.3" },
	{ 0x3fd5555555555555, "0.3333333333333333" },
	{ 0x3f1a36e2eb1c432d, "0.0001" },
	{ 0x3f1a36371ea531a8, "9.999e-05" },
	{ 0x3ee4f8b588e368f1, "1e-05" },
	{ 0x40fe240c00000000, "123456.75" },
	{ 0x430c6bf526340000, "1000000000000000.0" },
	{ 0x4341c37937e07fff, "9999999999999998.0" },
	{ 0x4341c37937e08000, "1e+16" },
	{ 0x4345ee2a2eb5a5c4, "1.2345678901234568e+16" },
	{ 0x4480f0cf064dd592, "1e+22" },
	{ 0x44b52d02c7e14af6, "1e+23" },
	{ 0x0000000000000001, "5e-324" },
	{ 0x0010000000000000, "2.2250738585072014e-308" },
	{ 0x000fffffffffffff, "2.225073858507201e-308" },
	{ 0x7fefffffffffffff, "1.7976931348623157e+308" },
	/* Powers of two: the nearest decimal of that length lies too far below for some. */
	{ 0x3d30000000000000, "5.684341886080802e-14" },
	{ 0x43e0000000000000, "9.223372036854776e+18" },
	{ 0x43f0000000000000, "1.8446744073709552e+19" },
	{ 0x0020000000000000, "4.450147717014403e-308" },
	{ 0x7cf0000000000000, "6.386688990511104e+293" },
	{ 0x39b0000000000000, "7.888609052210118e-31" },
	{ 0x3e70000000000000, "5.960464477539063e-08" },
	{ 0xc00921fb54442d18, "-3.141592653589793" },
	{ 0x434018601510c000, "9060801153433600.0" },
	{ 0x43d055dc36f24000, "4.708356024711512e+18" },
	{ 0x7ff0000000000000, "inf" },
	{ 0xfff0000000000000, "-inf" },
	{ 0x7ff8000000000000, "nan" },
	{ 0xfff8000000000000, "0xfff8000000000000" },
	{ 0x7ff0000000000001, "0x7ff0000000000001" },
};

static const struct { uint32_t bits; const char *text; } shortest32[] = {
	{ 0x00000000, "0.0" },
	{ 0x80000000, "-0.0" },
	{ 0x3f800000, "1.0" },
	{ 0x3dcccccd, "0.1" },
	{ 0x3eaaaaab, "0.33333334" },
	{ 0x38d1b717, "0.0001" },
	{ 0x3727c5ac, "1e-05" },
	{ 0x4b800000, "16777216.0" },
	{ 0x501502f9, "10000000000.0" },
	{ 0x58635fa9, "1000000000000000.0" },
	{ 0x5a0e1bca, "1e+16" },
	{ 0x7f7fffff, "3.4028235e+38" },
	{ 0x00800000, "1.1754944e-38" },
	{ 0x00000001, "1e-45" },
	{ 0x00000003, "4e-45" },
	{ 0x00000007, "1e-44" },
	{ 0x29800000, "5.684342e-14" },
	{ 0x6f800000, "7.9228163e+28" },
	{ 0x6b000000, "1.5474251e+26" },
	{ 0x78000000, "1.0384594e+34" },
	{ 0x0f800000, "1.2621775e-29" },
	{ 0x4affffff, "8388607.5" },
	{ 0xc0490fdb, "-3.1415927" },
	{ 0x3f800001, "1.0000001" },
	{ 0x39000000, "0.00012207031" },
	{ 0x66ff0c2e, "6.0221406e+23" },
	{ 0x7f800000, "inf" },
	{ 0xff800000, "-inf" },
	{ 0x7fc00000, "nan" },
	{ 0xffc00000, "0xffc00000" },
	{ 0x7fc00001, "0x7fc00001" },
};

TEST(num_known_shortest_decimals)
{
	char buf[32];
	double d;
	float f;

	for (size_t i = 0; i < sizeof shortest64 / sizeof *shortest64; i++) {
		int n = f64_print(buf, f64_of_bits(shortest64[i].bits));
		EXPECT_STR(buf, shortest64[i].text);
		EXPECT_EQ_INT(n, strlen(shortest64[i].text));
		EXPECT(f64_parse(buf, (size_t)n, &d));
		EXPECT(f64_bits(d) == shortest64[i].bits);
	}
	for (size_t i = 0; i < sizeof shortest32 / sizeof *shortest32; i++) {
		int n = f32_print(buf, f32_of_bits(shortest32[i].bits));
		EXPECT_STR(buf, shortest32[i].text);
		EXPECT_EQ_INT(n, strlen(shortest32[i].text));
		EXPECT(f32_parse(buf, (size_t)n, &f));
		EXPECT_EQ_INT(f32_bits(f), shortest32[i].bits);
	}
}

/* Fixed seed: failures can be repeated. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Significant digits of a printed decimal. */
static int count_digits(const char *s)
{
	int n = 0, zeros = 0;

	for (; *s && *s != 'e'; s++) {
		if (*s == '0' && n)
			zeros++;
		else if (*s >= '1' && *s <= '9') {
			n += zeros + 1;
			zeros = 0;
		}
	}
	return n;
}

/* True when a decimal of p digits reads back as x > 0. Only the two next to x
   need a try; they come from the exact expansion, cut off. */
static bool can_do_with(double x, bool single, int p)
{
	static char exact[1100];
	char text[64];

	if (p < 1)
		return false;
	snprintf(exact, sizeof exact, "%.1000e", x);
	char *e = strchr(exact, 'e');
	int point = atoi(e + 1);
	memmove(exact + 1, exact + 2, (size_t)p); /* drop the point */
	unsigned long long low = 0;
	for (int i = 0; i < p; i++)
		low = low * 10 + (unsigned long long)(exact[i] - '0');
	for (int up = 0; up < 2; up++) {
		snprintf(text, sizeof text, "%llue%d", low + (unsigned)up, point - p + 1);
		if (single ? strtof(text, NULL) == (float)x : strtod(text, NULL) == x)
			return true;
	}
	return false;
}

static void round_trip64(uint64_t bits, bool length)
{
	char buf[32];
	double x = f64_of_bits(bits), back = 0;
	int n = f64_print(buf, x);

	if (!f64_parse(buf, (size_t)n, &back) || f64_bits(back) != bits || (isfinite(x) && strtod(buf, NULL) != x))
		unit_fail(__FILE__, __LINE__, "0x%016llx printed as %s", (unsigned long long)bits, buf);
	if (length && isfinite(x) && x != 0 && can_do_with(fabs(x), false, count_digits(buf) - 1))
		unit_fail(__FILE__, __LINE__, "0x%016llx is not shortest: %s", (unsigned long long)bits, buf);
}

static void round_trip32(uint32_t bits, bool length)
{
	char buf[32];
	float x = f32_of_bits(bits), back = 0;
	int n = f32_print(buf, x);

	if (!f32_parse(buf, (size_t)n, &back) || f32_bits(back) != bits || (isfinite(x) && strtof(buf, NULL) != x))
		unit_fail(__FILE__, __LINE__, "0x%08x printed as %s", (unsigned)bits, buf);
	if (length && isfinite(x) && x != 0 && can_do_with(fabs((double)x), true, count_digits(buf) - 1))
		unit_fail(__FILE__, __LINE__, "0x%08x is not shortest: %s", (unsigned)bits, buf);
}

/* TFCC_TEST_ALL: a million random patterns; else a twentieth of that, the same ones first. */
TEST(num_random_round_trips)
{
	int n = getenv("TFCC_TEST_ALL") ? 500000 : 25000;
	uint64_t state = 88172645463325252u;

	for (int i = 0; i < n; i++) {
		uint64_t bits = next_random(&state);
		round_trip64(bits, i % 16 == 0);
		round_trip32((uint32_t)(bits >> 17), i % 16 == 0);
	}
}

TEST(num_powers_of_two_and_neighbours)
{
	for (uint64_t e = 0; e < 2047; e++) {
		round_trip64(e << 52, e % 4 == 0);
		round_trip64((e << 52) + 1, false);
		round_trip64(((e + 1) << 52) - 1, false);
	}
	for (uint32_t e = 0; e < 255; e++) {
		round_trip32(e << 23, true);
		round_trip32((e << 23) + 1, true);
		round_trip32(((e + 1) << 23) - 1, true);
	}
	for (int i = 0; i < 52; i++)
		round_trip64((uint64_t)1 << i, true);
}

static bool parse64(const char *s, double *out)
{
	return f64_parse(s, strlen(s), out);
}

static bool parse32(const char *s, float *out)
{
	return f32_parse(s, strlen(s), out);
}

TEST(num_parse_refuses_what_is_no_number)
{
	static const char *const bad[] = {
		"", "-", ".", "1.", ".5", "-.5", "+1", "1e", "1e+", "1e-", "e5", "1.e5", "1.5.2", "1,5", " 1", "1 ",
		"1x", "--1", "- 1", "infinity", "Inf", "INF", "-nan", "NaN", "nan(1)", "0x", "0xg", "-0x1", "0x1p3",
		"0x1.8", "0x11111111111111111", "1_000", "1f", "0b1", "1e5e5",
	};
	double d;
	float f;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (parse64(bad[i], &d))
			unit_fail(__FILE__, __LINE__, "f64_parse takes \"%s\"", bad[i]);
		if (parse32(bad[i], &f))
			unit_fail(__FILE__, __LINE__, "f32_parse takes \"%s\"", bad[i]);
	}
	EXPECT(!parse32("0x100000000", &f));
	EXPECT(!f64_parse("1\0002", 3, &d));
	/* The length counts, not a NUL. */
	EXPECT(f64_parse("123junk", 3, &d));
	EXPECT_EQ_F64BITS(d, 123.0);
}

TEST(num_parse_forms)
{
	static const struct { const char *text; double value; } good[] = {
		{ "1", 1 }, { "-1.5e3", -1500 }, { "0", 0.0 }, { "-0", -0.0 }, { "-0.0e99", -0.0 }, { "007", 7 },
		{ "1E2", 100 }, { "1e+02", 100 }, { "0.000001e6", 1 }, { "inf", INFINITY }, { "-inf", -INFINITY },
		{ "1e99999999999999999999", INFINITY }, { "-1e400", -INFINITY }, { "1e-99999999999999999999", 0.0 },
		{ "0e99999999999999999999", 0.0 }, { "4.9e-324", 0x1p-1074 }, { "2.4e-324", 0.0 },
		{ "1.7976931348623158e308", 0x1.fffffffffffffp1023 }, { "0x3ff0000000000000", 1 },
		{ "0X3FF8000000000000", 1.5 }, { "0x1", 0x1p-1074 },
		/* A tie, and the least bit above it after 800 digits (below). */
		{ "9007199254740993", 9007199254740992.0 }, { "9007199254740993.00000000001", 9007199254740994.0 },
	};
	double d;
	float f;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		if (!parse64(good[i].text, &d)) {
			unit_fail(__FILE__, __LINE__, "f64_parse refuses \"%s\"", good[i].text);
			continue;
		}
		if (f64_bits(d) != f64_bits(good[i].value))
			unit_fail(__FILE__, __LINE__, "\"%s\" is %a, wanted %a", good[i].text, d, good[i].value);
	}
	EXPECT(parse64("nan", &d) && f64_bits(d) == (uint64_t)0x7ff8 << 48);
	EXPECT(parse32("nan", &f) && f32_bits(f) == 0x7fc00000);
	EXPECT(parse32("-inf", &f) && f32_bits(f) == 0xff800000);
	EXPECT(parse32("0x7fc00001", &f) && f32_bits(f) == 0x7fc00001);
	EXPECT(parse32("0xFFC00001", &f) && f32_bits(f) == 0xffc00001);
	EXPECT(parse32("1e39", &f) && isinf(f));
	EXPECT(parse32("-0", &f) && f32_bits(f) == 0x80000000);
}

/* 1 + 2^-24 is the tie between 1 and the next float; what is nearer to it than
   double can tell must still go to the right side. */
TEST(num_f32_parse_rounds_once)
{
	float f;

	EXPECT(parse32("1.000000059604644775390625", &f) && f32_bits(f) == 0x3f800000);
	EXPECT(parse32("1.000000059604644775390625000000001", &f) && f32_bits(f) == 0x3f800001);
	EXPECT(parse32("1.000000178813934326171875", &f) && f32_bits(f) == 0x3f800002);
	EXPECT(parse32("1.000000178813934326171874999999999", &f) && f32_bits(f) == 0x3f800001);
}

TEST(num_parse_of_very_long_decimals)
{
	enum { N = 100000 };
	char *s = malloc(N + 16);
	double d;

	/* A tie, 100,000 zeros, and a last digit that breaks it. */
	int n = sprintf(s, "9007199254740993.");
	memset(s + n, '0', N - (size_t)n);
	EXPECT(f64_parse(s, N, &d));
	EXPECT_EQ_F64BITS(d, 9007199254740992.0);
	s[N - 1] = '1';
	EXPECT(f64_parse(s, N, &d));
	EXPECT_EQ_F64BITS(d, 9007199254740994.0);

	/* Leading zeros count for nothing, trailing ones for the exponent. */
	memset(s, '0', N);
	s[1] = '.';
	sprintf(s + N - 3, "125e%d", N - 3);
	EXPECT(f64_parse(s, strlen(s), &d));
	EXPECT_EQ_F64BITS(d, 12.5);
	memset(s, '0', N);
	s[0] = '5';
	sprintf(s + N, "e-%d", N - 1);
	EXPECT(f64_parse(s, strlen(s), &d));
	EXPECT_EQ_F64BITS(d, 5.0);
	free(s);
}

static void print_and_parse_in_locale(void *name)
{
	char buf[32];
	double d = 0;

	if (!setlocale(LC_ALL, name) || strcmp(localeconv()->decimal_point, ",") != 0)
		exit(77);
	f64_print(buf, -1234.5678);
	if (strcmp(buf, "-1234.5678") != 0 || !parse64(buf, &d) || d != -1234.5678)
		exit(1);
	f32_print(buf, 2.5e-7f);
	if (strcmp(buf, "2.5e-07") != 0)
		exit(2);
}

TEST(num_knows_no_locale)
{
	char name[] = "de_DE.UTF-8";
	int rc = unit_child(print_and_parse_in_locale, name, NULL, 0);

	if (rc == 77)
		SKIP("no locale with a decimal comma is installed");
	EXPECT_EQ_INT(rc, 0);
}

/* Every number of a 16-bit format reads back; every half-way point rounds to even, and a hair beside it to that side. */
static void check_half(uint16_t inf, uint16_t nan, float (*widen)(uint16_t), int (*print)(char *, uint16_t),
                       bool (*parse)(const char *, size_t, uint16_t *))
{
	char buf[64], exact[400], less[400];
	uint16_t back;
	int wrong = 0;

	for (uint32_t u = 0; u < 0x10000; u++) {
		int n = print(buf, (uint16_t)u);
		bool is_nan = (u & 0x7fff) > inf;
		wrong += !parse(buf, (size_t)n, &back) || back != u || (is_nan && (u == nan) != !strcmp(buf, "nan"));
	}
	for (uint16_t u = 0; u < inf; u++) {
		double next = u + 1 == inf ? 2 * (double)widen(u) - (double)widen((uint16_t)(u - 1)) : (double)widen((uint16_t)(u + 1));
		uint16_t even = u & 1 ? (uint16_t)(u + 1) : u;
		int n = snprintf(exact, sizeof exact, "%.170e", ((double)widen(u) + next) / 2); /* no digit is lost */
		char *e = strchr(exact, 'e'), *last = e - 1;
		int exponent = atoi(e + 1);
		wrong += !parse(exact, (size_t)n, &back) || back != even;
		while (*last == '0')
			last--;
		if (*last == '.')
			last--;
		const char *point = last == exact ? "." : "";
		n = snprintf(less, sizeof less, "%.*s%c%s999999999999999999999999999999e%d", (int)(last - exact), exact, *last - 1, point, exponent);
		wrong += !parse(less, (size_t)n, &back) || back != u;
		n = snprintf(less, sizeof less, "-%.*s%c%s000000000000000000000000000001e%d", (int)(last - exact), exact, *last, point, exponent);
		wrong += !parse(less, (size_t)n, &back) || back != (0x8000 | (u + 1));
	}
	EXPECT_EQ_INT(wrong, 0);
}

TEST(num_16_bit_decimals_round_once)
{
	check_half(0x7c00, 0x7e00, f32_from_f16, f16_print, f16_parse);
	check_half(0x7f80, 0x7fc0, f32_from_bf16, bf16_print, bf16_parse);
}

TEST(num_checked_integers)
{
	int64_t r;

	EXPECT(i64_add(INT64_MAX - 1, 1, &r) && r == INT64_MAX);
	EXPECT(!i64_add(INT64_MAX, 1, &r));
	EXPECT(i64_sub(INT64_MIN + 1, 1, &r) && r == INT64_MIN);
	EXPECT(!i64_sub(INT64_MIN, 1, &r));
	EXPECT(i64_mul((int64_t)1 << 31, (int64_t)1 << 31, &r) && r == (int64_t)1 << 62);
	EXPECT(!i64_mul((int64_t)1 << 32, (int64_t)1 << 31, &r));
	EXPECT(!i64_mul(INT64_MIN, -1, &r));
}
