/* ir/parse.h - what the files of the parser share; private to ir/parse*.c, kernel_parse.c and program_parse.c.

   Every parse function reads tokens from p->tok on.  One that returns bool or a pointer gives false or NULL after
   adding a diagnostic; the statement at hand is then given up, and reading goes on at the next line. */
#ifndef IR_PARSE_H
#define IR_PARSE_H

#include "ir/lex.h"
#include "ir/plan.h"
#include "ir/text.h"

enum {
	PARSE_DEPTH_MAX = 100,     /* regions, dimensions, imports inside each other */
	NAME_COMPARE_MAX = 64,     /* longer names are not looked at for "did you mean" */
};

/* What a %name stands for. */
typedef struct Binding {
	const char *name;
	Value      *value;         /* NULL: its op was refused, uses of it are silently refused too */
	Loc         loc;
	bool        live;          /* false once its region has ended */
} Binding;

typedef struct Range { uint32_t begin, end; } Range;

/* A call of a graph that comes later: checked when the whole module has been read. */
typedef struct LateCall { Func *func; Op *op; Loc loc; } LateCall;

typedef struct Parser {
	Ctx    *ctx;
	Module *m;
	Arena  *scratch;           /* until the end of parsing */
	const ParseHooks *hooks;
	Lexer   lx;
	Token   tok;               /* the next token */
	uint32_t prev_end;         /* where the token before it ended */
	uint32_t statement;        /* where the statement at hand began */
	int     braces;            /* open '{', to find the end of a broken statement */
	int     depth;             /* of nesting, at most PARSE_DEPTH_MAX */
	int     imports;           /* depth of imports */
	StrMap  imported;          /* paths read already */
	const char *prefix;        /* folder of an imported file, with its slash, put before file names; "" at the top */

	/* The graph at hand. */
	Func   *func;
	StrMap  bindings;          /* name -> Binding *, of all names so far */
	VEC(Binding *) scope;      /* the live ones, in order of definition */
	StrMap  bounded;           /* symbol -> Dim, for those with a bound */
	VEC(LateCall) late;
} Parser;

/* parse.c: tokens. */
void next(Parser *p);
bool at(const Parser *p, Tok kind);
bool at_word(const Parser *p, const char *word);
bool accept(Parser *p, Tok kind);
bool accept_word(Parser *p, const char *word);
bool expect(Parser *p, Tok kind, const char *before);   /* `before`: what went before, or NULL */
bool unexpected(Parser *p, const char *wanted);         /* "expected WANTED, found TOKEN"; always false */
Token look_ahead(const Parser *p, int n);               /* the n-th token after p->tok; lexes anew */
Loc  token_loc(Parser *p, const Token *t);
Loc  range_loc(Parser *p, uint32_t begin, uint32_t end);
Loc  here(Parser *p);
const char *token_str(Parser *p, const Token *t);       /* its text, interned */
bool at_module_statement(const Parser *p);              /* `graph` and the like at the very start of a line */
void recover(Parser *p, int braces);                    /* on to the next statement at this depth of braces */
bool enter(Parser *p);                                  /* one level deeper; false when that is too deep */
void leave(Parser *p);

/* parse.c: parts of modules.  All after their keyword. */
bool parse_signature(Parser *p, const char *keyword);   /* `@f(%x: f32[N]) -> (f32[N])`: makes p->func */
bool parse_constraints(Parser *p);                      /* of p->func, after `where` */
bool parse_weights_file(Parser *p);
bool parse_version(Parser *p, int wanted);

/* The closest of candidates offered one by one, for "did you mean". */
typedef struct Guess { const char *wanted, *best; int distance; } Guess;
void        guess_offer(Guess *g, const char *candidate);
const char *guess_text(Parser *p, const Guess *g, const char *sigil); /* "; did you mean '%x'?" or "" */

/* parse_type.c */
Dim         parse_dim(Parser *p);
bool        parse_int(Parser *p, int64_t *out);         /* an optional minus and an integer */
const Type *parse_type(Parser *p);
bool        parse_dtype(Parser *p, DType *out);
const Place *parse_place(Parser *p, const Type *t);     /* after `at`: of a value of type t; NULL: an address in a step */
Loc         parse_loc(Parser *p);                       /* after `loc` */
FuncPlan   *parse_plan(Parser *p);                      /* after `plan` */

/* parse_const.c: a literal is read before its type is known. */
typedef struct Literal {
	bool     splat;
	const char *key;           /* blob "key" */
	Loc      loc;
	int      rank;
	int64_t  dim[RANK_MAX];
	struct Element *elem;
	int64_t  n;
	bool     pairs;            /* (re, im): two elements each, 2 * n in all */
} Literal;
bool  at_scalar(const Parser *p);                       /* does a scalar literal begin here? */
bool  parse_literal(Parser *p, Literal *out);
Blob *literal_blob(Parser *p, const Literal *lit, const Type *type, const char *what);
Blob *blob_number(Parser *p, const Type *type, double x); /* splat of x */
bool  literal_fits(const Literal *lit, DType t);        /* may a scalar literal be of this type? */

/* parse_attr.c: `{name = value, ...}` into the op's attrs struct, after filling in the defaults.  given[i] is
   where attribute i's value stands in the text (empty when absent). */
void *attrs_new(Parser *p, const OpInfo *row);
bool  parse_attrs(Parser *p, const OpInfo *row, void *attrs, Range *given);
bool  attrs_complete(Parser *p, const OpInfo *row, const Range *given, Loc loc);
const AttrInfo *attr_leading(const OpInfo *row, AttrKind kind); /* the first attribute, if required and of this kind */

/* An op as it is read, before it is made. */
typedef struct Operand {
	Value   *value;        /* NULL for a literal, and for a name whose op was refused */
	bool     literal;
	Literal  lit;
	Loc      loc;
} Operand;

typedef struct Stmt {
	VEC(Token)   name;     /* of the results */
	OpKind       kind;
	const OpInfo *row;
	Loc          loc;      /* the op's keyword */
	Loc          given;    /* loc(...), or NULL */
	VEC(Operand) arg;
	bool         refused;  /* an operand is bound to nothing */
	void        *attrs;
	Range       *attr_at;
	bool         has_value;
	Literal      value;    /* of a leading tensor attribute */
	uint32_t     types_begin, types_end;
	VEC(const Type *)  type;
	VEC(const Place *) place;
	VEC(uint32_t)      type_at;
} Stmt;

/* parse_operand.c */
bool bind(Parser *p, const Token *t, Value *value);     /* defines a name; false when it is taken */
void scope_end(Parser *p, int begin);                   /* the names from `begin` on are no longer known */
void scope_clear(Parser *p);
bool parse_operands(Parser *p, Block *block, Stmt *s);
bool make_literals(Parser *p, Block *block, Stmt *s);   /* constants for the numbers among the operands */
bool broadcast_operands(Parser *p, Block *block, const Stmt *s, Value **arg);

/* parse_op.c */
bool parse_block(Parser *p, Block *b);                  /* after '{', through '}' */
bool parse_block_args(Parser *p, Block *b);             /* after '(', through ')' */
bool finish_late_calls(Parser *p);

#endif
