/* tools/expect.c - compares diagnostics with the comments that expect them. */
#include "tools/expect.h"

#include <stdlib.h>
#include <string.h>

#include "ir/base/vec.h"

typedef struct Expected {
	Severity    severity;
	bool        anywhere;
	uint32_t    line;
	const char *text;
	bool        met;
} Expected;

typedef VEC(Expected) ExpectedList;

static const char *const severity_words[] = {
	[SEV_ERROR] = "error", [SEV_WARNING] = "warning", [SEV_REMARK] = "remark", [SEV_NOTE] = "note",
};

static bool skip(const char **s, const char *text)
{
	size_t n = strlen(text);

	if (strncmp(*s, text, n) != 0)
		return false;
	*s += n;
	return true;
}

/* What follows `expected-`; false when it is no such comment after all. */
static bool parse_expected(Arena *a, const char *s, uint32_t line, Expected *out)
{
	*out = (Expected){ .line = line };
	int i = 0;
	while (i < 4 && !skip(&s, severity_words[i]))
		i++;
	if (i == 4)
		return false;
	out->severity = (Severity)i;
	if (skip(&s, "@*")) {
		out->anywhere = true;
	} else if (skip(&s, "@")) {
		char *end;
		out->line = (uint32_t)((long)line + strtol(s, &end, 10));
		s = end;
	}
	while (*s == ' ')
		s++;
	const char *close = strstr(s, "}}"), *eol = strchr(s, '\n');
	if (!skip(&s, "{{") || !close || (eol && close > eol))
		return false;
	out->text = arena_strndup(a, s, (size_t)(close - s));
	return true;
}

static void collect(Arena *a, const Source *src, ExpectedList *list)
{
	static const char mark[] = "expected-";
	uint32_t line = 1;

	for (const char *s = src->text; *s; s++) {
		Expected e;
		if (*s == '\n')
			line++;
		else if (strncmp(s, mark, sizeof mark - 1) == 0 && parse_expected(a, s + sizeof mark - 1, line, &e))
			vec_push(a, list, e);
	}
}

static bool matches(const Expected *e, const Diagnostic *d, const Source *src)
{
	if (e->met || e->severity != d->severity || !strstr(d->text, e->text))
		return false;
	if (e->anywhere)
		return true;
	return d->loc && d->loc->kind == LOC_RANGE && d->loc->line == e->line && strcmp(d->loc->file, src->name) == 0;
}

static void print_place(FILE *out, Loc loc)
{
	if (!loc)
		fprintf(out, "<nowhere>: ");
	else if (loc->kind == LOC_RANGE)
		fprintf(out, "%s:%u:%u: ", loc->file, loc->line, loc->col);
	else
		fprintf(out, "%s: ", loc->kind == LOC_NAME ? loc->file : "<several places>");
}

bool expect_check(const Diag *d, const Source *src, FILE *out)
{
	Arena *a = arena_new();
	ExpectedList list = { 0 };
	bool ok = true;

	collect(a, src, &list);
	for (int i = 0; i < d->n; i++) {
		const Diagnostic *g = &d->at[i];
		int k = 0;
		while (k < list.n && !matches(&list.at[k], g, src))
			k++;
		if (k < list.n) {
			list.at[k].met = true;
			continue;
		}
		print_place(out, g->loc);
		fprintf(out, "unexpected %s: %s\n", severity_words[g->severity], g->text);
		ok = false;
	}
	for (int k = 0; k < list.n; k++) {
		if (list.at[k].met)
			continue;
		fprintf(out, "%s:%u: no such %s was given: %s\n", src->name, list.at[k].line,
		        severity_words[list.at[k].severity], list.at[k].text);
		ok = false;
	}
	arena_free(a);
	return ok;
}
