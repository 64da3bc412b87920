/* ir/lex.h - the tokens of the text form. */
#ifndef IR_LEX_H
#define IR_LEX_H

#include "ir/ir.h"

typedef enum Tok {
	TOK_EOF,
	TOK_BAD,      /* already reported */
	TOK_IDENT,    /* [A-Za-z_][A-Za-z0-9_.]* */
	TOK_INT,      /* 12 */
	TOK_FLOAT,    /* 1.5, 1e9 */
	TOK_HEX,      /* 0x1f: an integer, or the bits of a float */
	TOK_VALUE,    /* %name, %"name" */
	TOK_SYM,      /* @name, @"name" */
	TOK_STRING,   /* "text" */
	TOK_LPAREN, TOK_RPAREN, TOK_LBRACE, TOK_RBRACE, TOK_LBRACKET, TOK_RBRACKET,
	TOK_COMMA, TOK_COLON, TOK_ASSIGN, TOK_EQ, TOK_ARROW, TOK_LE, TOK_LT, TOK_GT,
	TOK_PLUS, TOK_MINUS, TOK_STAR, TOK_FLOORDIV, TOK_MOD,
} Tok;

typedef struct Token {
	Tok         kind;
	uint32_t    begin, end;   /* bytes of the source */
	bool        line_start;   /* nothing but blanks before it on its line */
	const char *text;         /* VALUE, SYM, STRING: the unquoted name, interned; otherwise the source, not terminated */
	uint32_t    len;          /* of text */
} Token;

/* `dims` is on while a dimension is read: there `//` and `%` are operators, elsewhere they start a comment and a name. */
typedef struct Lexer {
	Ctx     *ctx;
	Source  *src;
	uint32_t at;
	bool     dims;
} Lexer;

/* False, with a diagnostic, when the text is not UTF-8 or holds a NUL byte. */
bool  lex_check_text(Ctx *ctx, Source *src);
Token lex_next(Lexer *lx);
/* How a message names a token: 'text' (shortened), or "the end of the file". */
const char *token_show(Arena *a, const Source *src, const Token *t);
const char *token_kind_show(Tok kind);
/* A name as it is printed after % or @: quoted where it must be. */
void  name_print(Str *out, const char *name);
void  word_print(Str *out, const char *name);  /* the same where it stands without a sign before it: a symbol */
void  string_print(Str *out, const char *s);
bool  name_is_number(const char *name);       /* digits only: stands for "unnamed" */

#endif
