/* ir/base/diag.c - collecting diagnostics and printing them with their source lines. */
#include "ir/base/diag.h"

#include <string.h>

#include "ir/base/vec.h"

enum {
	LONGEST_LINE = 200,  /* bytes; of a longer one a window around the caret is shown */
	WINDOW_BEFORE = 60,
	WINDOW = 160,
	SHOWN_PARTS = 3,     /* of a fused location */
};

void diag_init(Diag *d, Arena *a)
{
	*d = (Diag){ .arena = a, .max_errors = 20 };
}

void diag_add(Diag *d, Severity sev, Loc loc, const char *fmt, va_list ap)
{
	if (sev == SEV_ERROR)
		d->nerrors++;
	else if (sev == SEV_WARNING)
		d->nwarnings++;
	if (sev != SEV_NOTE)
		d->dropped = sev == SEV_ERROR && d->nerrors > d->max_errors;
	if (d->dropped)
		return;
	vec_push(d->arena, d, (Diagnostic){ sev, loc, arena_vprintf(d->arena, fmt, ap) });
}

#define ADD(sev, loc) \
	do { \
		va_list ap; \
		va_start(ap, fmt); \
		diag_add(d, (sev), (loc), fmt, ap); \
		va_end(ap); \
	} while (0)

void diag_error(Diag *d, Loc loc, const char *fmt, ...)
{
	ADD(SEV_ERROR, loc);
}

void diag_warning(Diag *d, Loc loc, const char *fmt, ...)
{
	ADD(SEV_WARNING, loc);
}

void diag_remark(Diag *d, Loc loc, const char *fmt, ...)
{
	ADD(SEV_REMARK, loc);
}

void diag_note(Diag *d, Loc loc, const char *fmt, ...)
{
	ADD(SEV_NOTE, loc);
}

void diag_system(Diag *d, const char *fmt, ...)
{
	d->surroundings = true;
	ADD(SEV_ERROR, NULL);
}

int diag_exit_code(const Diag *d)
{
	return !d->nerrors ? 0 : d->surroundings ? 1 : 2;
}

/* Bytes of the UTF-8 sequence at s (at most n), 0 when it is none. Only
   lengths and continuation marks matter here: it is for display. */
static size_t utf8_length(const char *s, size_t n)
{
	unsigned char c = (unsigned char)s[0];
	size_t len = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3
		: c >= 0xf0 && c < 0xf5 ? 4 : 0;

	if (len > n)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

/* Text from outside: what could steer a terminal is shown as '?'. */
static void print_clean(FILE *out, const char *s, size_t n)
{
	while (n) {
		size_t len = utf8_length(s, n);
		unsigned char c = (unsigned char)s[0];
		/* U+0080 to U+009F are control characters too. */
		bool control = (c < 0x20 && c != '\t') || c == 0x7f
			|| (len == 2 && c == 0xc2 && (unsigned char)s[1] < 0xa0);
		if (!len || control)
			fputc('?', out);
		else
			fwrite(s, 1, len, out);
		len = len ? len : 1;
		s += len;
		n -= len;
	}
}

static void print_text(FILE *out, const char *s)
{
	const char *end;

	while ((end = strchr(s, '\n'))) {
		print_clean(out, s, (size_t)(end - s));
		fputc('\n', out);
		s = end + 1;
	}
	print_clean(out, s, strlen(s));
}

/* Fills with blanks, so that what follows stands below the end of s: one a
   character, tabs as tabs. */
static void print_blank(FILE *out, const char *s, size_t n)
{
	while (n) {
		size_t len = utf8_length(s, n);
		fputc(*s == '\t' ? '\t' : ' ', out);
		len = len ? len : 1;
		s += len;
		n -= len;
	}
}

static size_t count_characters(const char *s, size_t n)
{
	size_t count = 0;

	while (n) {
		size_t len = utf8_length(s, n);
		len = len ? len : 1;
		s += len;
		n -= len;
		count++;
	}
	return count;
}

static bool is_continuation(char c)
{
	return (c & 0xc0) == 0x80;
}

/* The source line and the caret range below it. */
static void print_snippet(FILE *out, Loc loc)
{
	const Source *s = loc->source;
	const char *line = s->text + s->line_start[loc->line - 1];
	const char *stop = memchr(line, '\n', s->size - (size_t)(line - s->text));
	size_t n = stop ? (size_t)(stop - line) : s->size - (size_t)(line - s->text);
	if (n && line[n - 1] == '\r')
		n--;

	size_t from = 0, to = n, begin = loc->col - 1, end = loc->end_col - 1;
	if (begin > n)
		begin = n;
	if (n > LONGEST_LINE) {
		from = begin > WINDOW_BEFORE ? begin - WINDOW_BEFORE : 0;
		if (from + WINDOW > n)
			from = n - WINDOW;
		to = from + WINDOW;
		/* Never cut a character. */
		while (from > 0 && from < begin && is_continuation(line[from]))
			from++;
		while (to < n && to > begin && is_continuation(line[to]))
			to--;
	}
	if (end > to)
		end = to;

	fprintf(out, "%5u | %s", (unsigned)loc->line, from ? "..." : "");
	print_clean(out, line + from, to - from);
	fprintf(out, "%s\n      | %s", to < n ? "..." : "", from ? "   " : "");
	print_blank(out, line + from, begin - from);
	fputc('^', out);
	for (size_t more = end > begin ? count_characters(line + begin, end - begin) : 1; more > 1; more--)
		fputc('~', out);
	fputc('\n', out);
}

static void print_part(FILE *out, Loc part)
{
	print_clean(out, part->file, strlen(part->file));
	if (part->kind == LOC_RANGE)
		fprintf(out, ":%u", (unsigned)part->line);
}

/* Everything before the severity. A fused location names its first parts, without columns. */
static void print_place(FILE *out, Loc loc)
{
	if (!loc)
		return;
	if (loc->kind != LOC_FUSED) {
		print_part(out, loc);
		if (loc->kind == LOC_RANGE)
			fprintf(out, ":%u", (unsigned)loc->col);
		fputs(": ", out);
		return;
	}
	for (int i = 0; i < loc->nparts && i < SHOWN_PARTS; i++) {
		fputs(i ? ", " : "", out);
		print_part(out, loc->part[i]);
	}
	if (loc->nparts > SHOWN_PARTS)
		fprintf(out, " and %d more", loc->nparts - SHOWN_PARTS);
	fputs(": ", out);
}

void diag_print(const Diag *d, FILE *out)
{
	static const char *const word[] = {
		[SEV_ERROR] = "error", [SEV_WARNING] = "warning", [SEV_REMARK] = "remark", [SEV_NOTE] = "note",
	};

	int shown = 0;   /* a limit may have been wider for a while */

	for (int i = 0; i < d->n; i++) {
		const Diagnostic *at = &d->at[i];
		shown += at->severity == SEV_ERROR;
		print_place(out, at->loc);
		fprintf(out, "%s: ", word[at->severity]);
		print_text(out, at->text);
		fputc('\n', out);
		if (at->loc && at->loc->kind == LOC_RANGE && at->loc->source)
			print_snippet(out, at->loc);
	}
	if (d->nerrors > shown)
		fprintf(out, "note: %d more errors are not shown\n", d->nerrors - shown);
}
