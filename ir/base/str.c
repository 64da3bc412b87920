/* ir/base/str.c - text that grows, and the distance between words. */
#include "ir/base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ir/base/arena.h"

void str_free(Str *b)
{
	free(b->s);
	*b = (Str){ 0 };
}

/* Room for n more bytes and the NUL. */
static void str_reserve(Str *b, size_t n)
{
	if (n < b->cap - b->n) /* cap is 0 or greater than n */
		return;
	if (n >= SIZE_MAX / 2 - b->n)
		out_of_memory(n);

	size_t cap = b->cap ? b->cap * 2 : 64;
	if (cap < b->n + n + 1)
		cap = b->n + n + 1;
	char *s = realloc(b->s, cap);
	if (!s)
		out_of_memory(cap);
	b->s = s;
	b->cap = cap;
}

void str_addn(Str *b, const char *s, size_t n)
{
	str_reserve(b, n);
	if (n)
		memcpy(b->s + b->n, s, n);
	b->n += n;
	b->s[b->n] = '\0';
}

void str_add(Str *b, const char *s)
{
	str_addn(b, s, strlen(s));
}

void str_addc(Str *b, char c)
{
	str_addn(b, &c, 1);
}

void str_vprintf(Str *b, const char *fmt, va_list ap)
{
	va_list again;

	/* Most pieces are short: try what is left, then make room and do it again. */
	str_reserve(b, 48);
	va_copy(again, ap);
	int n = vsnprintf(b->s + b->n, b->cap - b->n, fmt, again);
	va_end(again);
	if (n < 0) /* the text is beyond INT_MAX bytes */
		out_of_memory(SIZE_MAX);
	if ((size_t)n >= b->cap - b->n) {
		str_reserve(b, (size_t)n);
		vsnprintf(b->s + b->n, b->cap - b->n, fmt, ap);
	}
	b->n += (size_t)n;
}

void str_printf(Str *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	str_vprintf(b, fmt, ap);
	va_end(ap);
}

const char *str_cstr(const Str *b)
{
	return b->s ? b->s : "";
}

int str_distance(const char *a, const char *b)
{
	enum { LONGEST = 127 };
	int row[LONGEST + 1];
	size_t na = strlen(a), nb = strlen(b);

	/* Nobody mistypes such a word, and the work grows with the product. */
	if (na > LONGEST || nb > LONGEST) {
		size_t n = na > nb ? na : nb;
		return n > 1000000 ? 1000000 : (int)n;
	}

	/* row[j] is the distance between the first i of a and the first j of b. */
	for (int j = 0; j <= (int)nb; j++)
		row[j] = j;
	for (int i = 1; i <= (int)na; i++) {
		int diagonal = row[0];
		row[0] = i;
		for (int j = 1; j <= (int)nb; j++) {
			int best = diagonal + (a[i - 1] != b[j - 1]);
			if (best > row[j] + 1)
				best = row[j] + 1;
			if (best > row[j - 1] + 1)
				best = row[j - 1] + 1;
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[nb];
}
