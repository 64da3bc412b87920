/* ir/lex.c - splits the text form into tokens. */
#include "ir/lex.h"

#include "ir/base/check.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static bool is_name(char c) { return is_alpha(c) || is_digit(c) || c == '.'; }

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Bytes of the UTF-8 sequence at s, 0 when it is malformed (RFC 3629, section 4). */
static size_t utf8_length(const unsigned char *s, size_t n)
{
	if (s[0] < 0x80)
		return 1;
	size_t len = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4 || n < len)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	unsigned second = s[1];
	if ((s[0] == 0xe0 && second < 0xa0) || (s[0] == 0xed && second > 0x9f) ||
	    (s[0] == 0xf0 && second < 0x90) || (s[0] == 0xf4 && second > 0x8f))
		return 0;
	return len;
}

/* Eight bytes that are all ASCII and none of them NUL: most of a large text. */
static bool is_plain_word(const unsigned char *s)
{
	const uint64_t ones = 0x0101010101010101, tops = ones << 7;
	uint64_t w;

	memcpy(&w, s, sizeof w);
	return !((w | (w - ones)) & tops);
}

bool lex_check_text(Ctx *ctx, Source *src)
{
	const unsigned char *s = (const unsigned char *)src->text;

	for (size_t i = 0; i < src->size;) {
		if (src->size - i >= 8 && is_plain_word(s + i)) {
			i += 8;
			continue;
		}
		size_t len = utf8_length(s + i, src->size - i);
		if (len == 0 || s[i] == 0) {
			Loc loc = loc_range(ctx->arena, src, i, i + 1);
			if (len == 0)
				diag_error(&ctx->diag, loc, "the text is not UTF-8: byte 0x%02x", s[i]);
			else
				diag_error(&ctx->diag, loc, "the text holds a NUL byte");
			return false;
		}
		i += len;
	}
	return true;
}

static char peek(const Lexer *lx, uint32_t ahead)
{
	return lx->src->size - lx->at > ahead ? lx->src->text[lx->at + ahead] : '\0';
}

/* Skips blanks and comments; true when a line began among them. */
static bool skip_blanks(Lexer *lx)
{
	bool line = lx->at == 0;

	for (;;) {
		char c = peek(lx, 0);
		if (c == '\n')
			line = true;
		if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
			lx->at++;
		} else if (c == '/' && peek(lx, 1) == '/' && !lx->dims) {
			while (lx->at < lx->src->size && peek(lx, 0) != '\n')
				lx->at++;
		} else {
			return line;
		}
	}
}

static void lex_error(Lexer *lx, uint32_t begin, uint32_t end, const char *text)
{
	diag_error(&lx->ctx->diag, loc_range(lx->ctx->arena, lx->src, begin, end), "%s", text);
}

static void token_set_text(Lexer *lx, Token *t, const char *s, size_t n)
{
	t->text = intern_bytes(&lx->ctx->strings, s, n);
	t->len = (uint32_t)n;
}

/* One character of a quoted text, escapes resolved; false at a malformed escape. */
static bool lex_escape(Lexer *lx, char *out)
{
	char c = peek(lx, 1);
	if (c == 'x') {
		int high = hex_digit(peek(lx, 2)), low = high < 0 ? -1 : hex_digit(peek(lx, 3));
		if (low < 0 || (high | low) == 0)
			return false;
		*out = (char)(high * 16 + low);
		lx->at += 4;
		return true;
	}
	if (c != '"' && c != '\\' && c != 'n' && c != 't' && c != 'r')
		return false;
	*out = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
	lx->at += 2;
	return true;
}

/* A quoted text, from its first quote on. */
static bool lex_quoted(Lexer *lx, Token *t)
{
	Str  text = { 0 };
	bool ok = true;

	lx->at++;
	while (peek(lx, 0) != '"') {
		char c = peek(lx, 0);
		if (lx->at >= lx->src->size || c == '\n') {
			lex_error(lx, t->begin, lx->at, "the quoted text does not end on its line");
			str_free(&text);
			return false;
		}
		if (c == '\\') {
			if (!lex_escape(lx, &c)) {
				lex_error(lx, lx->at, lx->at + 2,
				          "unknown escape; known are \\\\ \\\" \\n \\t \\r and \\xHH, but not \\x00");
				ok = false;
				lx->at++;
				continue;
			}
		} else {
			lx->at++;
		}
		str_addc(&text, c);
	}
	lx->at++;
	token_set_text(lx, t, str_cstr(&text), text.n);
	str_free(&text);
	return ok;
}

/* After % or @. */
static bool lex_name(Lexer *lx, Token *t)
{
	lx->at++;
	if (peek(lx, 0) == '"') {
		if (!lex_quoted(lx, t))
			return false;
		if (t->len == 0)
			lex_error(lx, t->begin, lx->at, "the name is empty");
		return t->len > 0;
	}
	uint32_t begin = lx->at;
	while (is_name(peek(lx, 0)))
		lx->at++;
	if (lx->at == begin) {
		lex_error(lx, t->begin, lx->at, t->kind == TOK_VALUE ? "expected a name after '%'" : "expected a name after '@'");
		return false;
	}
	token_set_text(lx, t, lx->src->text + begin, lx->at - begin);
	return true;
}

static void lex_number(Lexer *lx, Token *t)
{
	t->kind = TOK_INT;
	if (peek(lx, 0) == '0' && (peek(lx, 1) == 'x' || peek(lx, 1) == 'X') && hex_digit(peek(lx, 2)) >= 0) {
		t->kind = TOK_HEX;
		lx->at += 2;
		while (hex_digit(peek(lx, 0)) >= 0)
			lx->at++;
		return;
	}
	while (is_digit(peek(lx, 0)))
		lx->at++;
	if (peek(lx, 0) == '.') {
		t->kind = TOK_FLOAT;
		lx->at++;
		while (is_digit(peek(lx, 0)))
			lx->at++;
	}
	if (peek(lx, 0) == 'e' || peek(lx, 0) == 'E') {
		uint32_t sign = peek(lx, 1) == '+' || peek(lx, 1) == '-';
		if (is_digit(peek(lx, 1 + sign))) {
			t->kind = TOK_FLOAT;
			lx->at += 1 + sign;
			while (is_digit(peek(lx, 0)))
				lx->at++;
		}
	}
}

static Tok lex_punctuation(Lexer *lx)
{
	static const struct { const char *text; Tok kind; } table[] = {
		{ "->", TOK_ARROW }, { "==", TOK_EQ }, { "<=", TOK_LE }, { "//", TOK_FLOORDIV },
		{ "(", TOK_LPAREN }, { ")", TOK_RPAREN }, { "{", TOK_LBRACE }, { "}", TOK_RBRACE },
		{ "[", TOK_LBRACKET }, { "]", TOK_RBRACKET }, { ",", TOK_COMMA }, { ":", TOK_COLON },
		{ "=", TOK_ASSIGN }, { "+", TOK_PLUS }, { "-", TOK_MINUS }, { "*", TOK_STAR }, { "%", TOK_MOD },
		{ "<", TOK_LT }, { ">", TOK_GT },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		const char *s = table[i].text;
		if (peek(lx, 0) == s[0] && (!s[1] || peek(lx, 1) == s[1])) {
			lx->at += s[1] ? 2 : 1;
			return table[i].kind;
		}
	}
	size_t len = utf8_length((const unsigned char *)lx->src->text + lx->at, lx->src->size - lx->at);
	lex_error(lx, lx->at, lx->at + (uint32_t)len, "this character has no meaning here");
	lx->at += (uint32_t)len;
	return TOK_BAD;
}

Token lex_next(Lexer *lx)
{
	bool line_start = skip_blanks(lx);
	Token t = { .begin = lx->at, .line_start = line_start, .text = lx->src->text + lx->at };
	char c = peek(lx, 0);

	if (lx->at >= lx->src->size) {
		t.kind = TOK_EOF;
	} else if (is_alpha(c)) {
		t.kind = TOK_IDENT;
		while (is_name(peek(lx, 0)))
			lx->at++;
	} else if (is_digit(c) || (c == '.' && is_digit(peek(lx, 1)))) {
		lex_number(lx, &t);
	} else if (c == '"') {
		t.kind = lex_quoted(lx, &t) ? TOK_STRING : TOK_BAD;
	} else if (c == '@' || (c == '%' && !lx->dims)) {
		t.kind = c == '@' ? TOK_SYM : TOK_VALUE;
		if (!lex_name(lx, &t))
			t.kind = TOK_BAD;
	} else {
		t.kind = lex_punctuation(lx);
	}
	t.end = lx->at;
	if (t.text == lx->src->text + t.begin)
		t.len = t.end - t.begin;
	return t;
}

const char *token_show(Arena *a, const Source *src, const Token *t)
{
	enum { LONGEST = 40 };

	if (t->kind == TOK_EOF)
		return "the end of the file";
	uint32_t n = t->end - t->begin, shown = n;
	if (n > LONGEST) {
		shown = LONGEST;
		while (shown > 0 && ((unsigned char)src->text[t->begin + shown] & 0xc0) == 0x80)
			shown--;
	}
	return arena_printf(a, "'%.*s%s'", (int)shown, src->text + t->begin, shown < n ? "…" : "");
}

const char *token_kind_show(Tok kind)
{
	switch (kind) {
	case TOK_EOF: return "the end of the file";
	case TOK_BAD: return "?";
	case TOK_IDENT: return "a word";
	case TOK_INT: return "an integer";
	case TOK_FLOAT: return "a number";
	case TOK_HEX: return "a hexadecimal number";
	case TOK_VALUE: return "a value (%name)";
	case TOK_SYM: return "a name (@name)";
	case TOK_STRING: return "a quoted text";
	case TOK_LPAREN: return "'('";
	case TOK_RPAREN: return "')'";
	case TOK_LBRACE: return "'{'";
	case TOK_RBRACE: return "'}'";
	case TOK_LBRACKET: return "'['";
	case TOK_RBRACKET: return "']'";
	case TOK_COMMA: return "','";
	case TOK_COLON: return "':'";
	case TOK_ASSIGN: return "'='";
	case TOK_EQ: return "'=='";
	case TOK_ARROW: return "'->'";
	case TOK_LE: return "'<='";
	case TOK_LT: return "'<'";
	case TOK_GT: return "'>'";
	case TOK_PLUS: return "'+'";
	case TOK_MINUS: return "'-'";
	case TOK_STAR: return "'*'";
	case TOK_FLOORDIV: return "'//'";
	case TOK_MOD: return "'%'";
	}
	UNREACHABLE("token kind %d", (int)kind);
}

void string_print(Str *out, const char *s)
{
	size_t n = strlen(s);

	str_addc(out, '"');
	for (size_t i = 0; i < n;) {
		unsigned char c = (unsigned char)s[i];
		size_t len = utf8_length((const unsigned char *)s + i, n - i);
		if (c == '"' || c == '\\')
			str_printf(out, "\\%c", c);
		else if (c == '\n' || c == '\t' || c == '\r')
			str_printf(out, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
		else if (len == 0 || c < 0x20 || c == 0x7f)
			str_printf(out, "\\x%02x", c);
		else
			str_addn(out, s + i, len);
		i += len ? len : 1;
	}
	str_addc(out, '"');
}

void name_print(Str *out, const char *name)
{
	bool plain = *name != '\0';
	for (const char *s = name; *s; s++)
		plain = plain && is_name(*s);
	if (plain)
		str_add(out, name);
	else
		string_print(out, name);
}

void word_print(Str *out, const char *name)
{
	if (is_alpha(*name))
		name_print(out, name);
	else
		string_print(out, name);
}

bool name_is_number(const char *name)
{
	for (const char *s = name; *s; s++)
		if (!is_digit(*s))
			return false;
	return true;
}
