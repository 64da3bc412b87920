/* ir/base/str.h - text that grows: a buffer for printing to memory or to a file. */
#ifndef IR_BASE_STR_H
#define IR_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Heap-allocated (callers free with str_free): printed modules can be large. */
typedef struct Str {
	char  *s;    /* NUL-terminated once anything was added; NULL when empty */
	size_t n, cap;
} Str;

void str_free(Str *b);
void str_add(Str *b, const char *s);
void str_addn(Str *b, const char *s, size_t n);
void str_addc(Str *b, char c);
void str_printf(Str *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void str_vprintf(Str *b, const char *fmt, va_list ap);
const char *str_cstr(const Str *b);                  /* "" when empty */

/* The edit distance (Levenshtein) between two words, for "did you mean". */
int str_distance(const char *a, const char *b);

#endif
