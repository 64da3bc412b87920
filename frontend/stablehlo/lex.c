/* frontend/stablehlo/lex.c - the tokens of MLIR text, and what every rule needs: expecting one, and errors. */
#include "frontend/stablehlo/mlir_parse.h"

#include <stdarg.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/* Of a word or name: a letter, a digit, _ . $ */
static const bool name_chars[256] = {
	['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['0' ... '9'] = true, ['_'] = true, ['.'] = true, ['$'] = true,
};
static inline bool is_name(char c) { return name_chars[(unsigned char)c]; }

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool lex_error(Reader *r, uint32_t begin, uint32_t end, const char *text)
{
	diag_error(&r->ctx->diag, span_loc(r, begin, end), "%s", text);
	return false;
}

/* The text ends with a NUL byte and holds no other one (lex_check_text): no bound is needed. */
static uint32_t skip_blanks(const Reader *r, uint32_t at)
{
	const char *s = r->src->text;

	for (;;) {
		char c = s[at];
		if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
			at++;
		} else if (c == '/' && s[at + 1] == '/') {
			const char *end = memchr(s + at, '\n', r->src->size - at);
			at = end ? (uint32_t)(end - s) : (uint32_t)r->src->size;
		} else {
			return at;
		}
	}
}

/* From the quote at `at`; the end is after the closing quote.  Strings may be megabytes: memchr finds their end. */
static bool lex_string(Reader *r, uint32_t at, MlirToken *t)
{
	const char *s = r->src->text, *from = s + at + 1, *quote;

	t->text = from;
	for (;;) {
		quote = memchr(from, '"', r->src->size - (size_t)(from - s));
		if (!quote)
			break;
		const char *back = quote;
		while (back > t->text && back[-1] == '\\')
			back--;
		if ((quote - back) % 2 == 0)
			break;
		from = quote + 1;
	}
	if (!quote) {
		t->end = (uint32_t)r->src->size;
		return lex_error(r, at, at + 1, "the quoted text has no end");
	}
	t->len = (uint32_t)(quote - t->text);
	t->end = (uint32_t)(quote - s) + 1;
	return true;
}

static uint32_t lex_number(const char *s, uint32_t at, MlirTok *kind)
{
	*kind = MT_INT;
	if (s[at] == '0' && s[at + 1] == 'x' && hex_digit(s[at + 2]) >= 0) {
		at += 2;
		while (hex_digit(s[at]) >= 0)
			at++;
		return at;
	}
	while (is_digit(s[at]))
		at++;
	if (s[at] == '.' && is_digit(s[at + 1])) {
		*kind = MT_FLOAT;
		at++;
		while (is_digit(s[at]))
			at++;
	} else if (s[at] == '.') {
		*kind = MT_FLOAT;
		at++;
	}
	if (*kind == MT_FLOAT && (s[at] == 'e' || s[at] == 'E')) {
		uint32_t sign = s[at + 1] == '+' || s[at + 1] == '-';
		if (is_digit(s[at + 1 + sign])) {
			at += 1 + sign;
			while (is_digit(s[at]))
				at++;
		}
	}
	return at;
}

/* After the sign of %name, #name, !name, ^name, @name. */
static bool lex_signed(Reader *r, MlirToken *t)
{
	const char *s = r->src->text;
	uint32_t at = t->begin + 1;

	t->text = s + at;
	if (t->kind == MT_SYMBOL && s[at] == '"')
		return lex_string(r, at, t);
	while (is_name(s[at]) || (s[at] == '-' && t->kind == MT_VALUE && is_name(s[at + 1])))
		at++;
	t->len = (uint32_t)(s + at - t->text);
	t->end = at;
	return t->len || lex_error(r, t->begin, at, "expected a name after this sign");
}

static MlirTok sign_kind(char c)
{
	switch (c) {
	case '%': return MT_VALUE;
	case '@': return MT_SYMBOL;
	case '#': return MT_HASH;
	case '!': return MT_BANG;
	case '^': return MT_CARET;
	default: return MT_CHAR;
	}
}

void advance(Reader *r)
{
	const char *s = r->src->text;
	uint32_t at = skip_blanks(r, r->at);
	char c = s[at];
	MlirToken t = { .kind = MT_CHAR, .c = c, .begin = at, .end = at + 1, .text = s + at, .len = 1 };

	if (at >= r->src->size) {
		t.kind = MT_EOF;
		t.end = at;
		t.c = 0;
	} else if (is_alpha(c)) {
		t.kind = MT_WORD;
		while (is_name(s[t.end]))
			t.end++;
		t.len = t.end - at;
	} else if (is_digit(c)) {
		t.end = lex_number(s, at, &t.kind);
		t.len = t.end - at;
	} else if (c == '"') {
		t.kind = lex_string(r, at, &t) ? MT_STRING : MT_BAD;
	} else if (c == '-' && s[at + 1] == '>') {
		t.kind = MT_ARROW;
		t.end = at + 2;
	} else if (c == '{' && s[at + 1] == '-' && s[at + 2] == '#') {
		t.kind = MT_META_OPEN;
		t.end = at + 3;
	} else if (c == '#' && s[at + 1] == '-' && s[at + 2] == '}') {
		t.kind = MT_META_END;
		t.end = at + 3;
	} else {
		t.kind = sign_kind(c);
		if (t.kind != MT_CHAR && !lex_signed(r, &t))
			t.kind = MT_BAD;
	}
	if (t.kind != MT_CHAR)
		t.c = 0;
	r->at = t.end;
	r->tok = t;
}

bool tok_is(const Reader *r, char c) { return r->tok.c == c; }

bool tok_word(const Reader *r, const char *word)
{
	return r->tok.kind == MT_WORD && r->tok.len == strlen(word) && memcmp(r->tok.text, word, r->tok.len) == 0;
}

bool take(Reader *r, char c)
{
	if (r->tok.c != c)
		return false;
	advance(r);
	return true;
}

bool take_word(Reader *r, const char *word)
{
	if (!tok_word(r, word))
		return false;
	advance(r);
	return true;
}

bool not_wanted(Reader *r, const char *wanted)
{
	enum { LONGEST = 40 };
	const MlirToken *t = &r->tok;
	uint32_t n = t->end - t->begin, shown = n < LONGEST ? n : LONGEST;

	if (t->kind == MT_BAD)
		return false;
	while (shown > 0 && shown < n && ((unsigned char)r->src->text[t->begin + shown] & 0xc0) == 0x80)
		shown--;
	if (t->kind == MT_CHAR)
		while (((unsigned char)r->src->text[t->begin + shown] & 0xc0) == 0x80)
			shown++;
	if (t->kind == MT_EOF)
		diag_error(&r->ctx->diag, tok_loc(r), "expected %s, found the end of the file", wanted);
	else
		diag_error(&r->ctx->diag, tok_loc(r), "expected %s, found '%.*s%s'", wanted, (int)shown,
		           r->src->text + t->begin, shown < n ? "…" : "");
	return false;
}

bool want(Reader *r, char c)
{
	const char wanted[] = { '\'', c, '\'', 0 };

	return take(r, c) || not_wanted(r, wanted);
}

bool want_arrow(Reader *r)
{
	if (r->tok.kind != MT_ARROW)
		return not_wanted(r, "'->'");
	advance(r);
	return true;
}

bool want_word(Reader *r, const char *word)
{
	return take_word(r, word) || not_wanted(r, arena_printf(r->ctx->arena, "'%s'", word));
}

void rewind_to(Reader *r, uint32_t at)
{
	r->at = at;
	advance(r);
}

/* Brackets of all kinds; those of another kind than the one that is open belong to some syntax we do not know, but they do
   nest in all dialects that print with these signs.  Without recursion: the depth is only counted. */
bool skip_balanced(Reader *r)
{
	static const char open[] = "([{<", close[] = ")]}>";
	uint32_t begin = r->tok.begin, end = r->tok.end;
	VEC(char) stack = { 0 };

	do {
		char c = r->tok.c;
		const char *in = c ? strchr(open, c) : NULL, *out = c ? strchr(close, c) : NULL;
		if (r->tok.kind == MT_EOF || r->tok.kind == MT_BAD) {
			if (r->tok.kind == MT_EOF)
				diag_error(&r->ctx->diag, span_loc(r, begin, end), "this bracket is not closed");
			return false;
		}
		if (in)
			vec_push(r->ctx->arena, &stack, close[in - open]);
		if (out && (!stack.n || vec_pop(&stack) != *out))
			return not_wanted(r, stack.n ? "the other bracket" : "a value");
		if (stack.n > MLIR_DEPTH) {
			diag_error(&r->ctx->diag, tok_loc(r), "nested more than %d deep", MLIR_DEPTH);
			return false;
		}
		advance(r);
	} while (stack.n);
	return true;
}

const char *source_text(Reader *r, uint32_t begin, uint32_t end)
{
	return intern_bytes(&r->ctx->strings, r->src->text + begin, end - begin);
}

const char *tok_text(Reader *r)
{
	return intern_bytes(&r->ctx->strings, r->tok.text, r->tok.len);
}

/* MLIR's escapes: \\ \" \n \t and two hexadecimal digits. */
const char *unescape(Reader *r, const MlirToken *t, size_t *size)
{
	char *out = arena_alloc(r->ctx->arena, (size_t)t->len + 1);
	size_t n = 0;

	for (uint32_t i = 0; i < t->len; i++) {
		char c = t->text[i];
		if (c == '\\') {
			static const char from[] = "\\\"nt", to[] = "\\\"\n\t";
			char next = i + 1 < t->len ? t->text[i + 1] : 0;
			const char *known = next ? strchr(from, next) : NULL;
			int high = hex_digit(next), low = high >= 0 && i + 2 < t->len ? hex_digit(t->text[i + 2]) : -1;
			if (known) {
				c = to[known - from];
				i++;
			} else if (low >= 0) {
				c = (char)(high * 16 + low);
				i += 2;
			} else {
				uint32_t at = (uint32_t)(t->text - r->src->text) + i;
				lex_error(r, at, at + 2, "unknown escape; known are \\\\ \\\" \\n \\t and \\HH");
				return NULL;
			}
		}
		out[n++] = c;
	}
	if (size)
		*size = n;
	return out;
}

Loc span_loc(Reader *r, uint32_t begin, uint32_t end) { return loc_range(r->ctx->arena, r->src, begin, end); }
Loc tok_loc(Reader *r) { return span_loc(r, r->tok.begin, r->tok.end); }

bool mlir_wrong(Reader *r, Loc loc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_add(&r->ctx->diag, SEV_ERROR, loc, fmt, ap);
	va_end(ap);
	return true;
}

bool go_deeper(Reader *r)
{
	if (r->depth < MLIR_DEPTH) {
		r->depth++;
		if (r->deepest < r->depth)
			r->deepest = r->depth;
		return true;
	}
	diag_error(&r->ctx->diag, tok_loc(r), "nested more than %d deep", MLIR_DEPTH);
	return false;
}

void come_back(Reader *r) { r->depth--; }

bool alias_use(Reader *r, const Alias *alias)
{
	int deep = r->depth + alias->depth;

	r->alias_uses++;
	r->nodes += alias->nodes;
	r->expanded += alias->nodes;
	if (r->deepest < deep)
		r->deepest = deep;
	if (deep <= MLIR_DEPTH && r->expanded <= MLIR_NODES)
		return true;
	if (deep > MLIR_DEPTH)
		diag_error(&r->ctx->diag, tok_loc(r), "nested more than %d deep, by way of aliases", MLIR_DEPTH);
	else
		diag_error(&r->ctx->diag, tok_loc(r), "aliases stand for more than %d attributes and types", MLIR_NODES);
	return false;
}
