/* frontend/stablehlo/mlir_parse.h - what the parts of the reader of MLIR text share: tokens, the state, one function a rule.

   A function that reads returns false or NULL after a diagnostic, and the reader stops there: after an error of syntax
   nothing is known of what follows.  What is well written but wrong (an unknown name, a type that does not fit, a constant
   of a wrong length) is reported by mlir_wrong, and reading goes on. */
#ifndef FRONTEND_STABLEHLO_MLIR_PARSE_H
#define FRONTEND_STABLEHLO_MLIR_PARSE_H

#include "frontend/stablehlo/mlir.h"

typedef enum MlirTok {
	MT_EOF, MT_BAD,
	MT_WORD,      /* [A-Za-z_][A-Za-z0-9_$.]* */
	MT_INT,       /* 12, 0x1F */
	MT_FLOAT,     /* 1.5, 1.0e-3 */
	MT_STRING,    /* "...": text is what is between the quotes, as written */
	MT_VALUE,     /* %name: text is name */
	MT_SYMBOL,    /* @name, @"name": text is the name or, with a quote before it, the text */
	MT_HASH,      /* #name */
	MT_BANG,      /* !name */
	MT_CARET,     /* ^name */
	MT_ARROW,     /* -> */
	MT_META_OPEN, /* {-# */
	MT_META_END,  /* #-} */
	MT_CHAR,      /* any other single character: c */
} MlirTok;

typedef struct MlirToken {
	MlirTok     kind;
	char        c;
	uint32_t    begin, end;   /* bytes of the source */
	const char *text;         /* not terminated */
	uint32_t    len;
} MlirToken;

enum {
	MLIR_DEPTH = 1000,        /* of nested regions, attributes, types, locations and lists together */
	MLIR_NODES = 1 << 22,     /* attributes and types that aliases may stand for in all */
};

/* #name or !name.  Aliases of aliases could make a short text stand for an endless tree: each use counts as what it stands
   for. */
typedef struct Alias {
	const MlirAttr *attr;
	const MlirType *type;
	int64_t nodes;
	int     depth;
} Alias;

typedef struct Binding Binding;
typedef struct LocTree LocTree;
typedef struct Operation Operation;

/* A location whose parts may be defined further on: put into *where when all is read. */
typedef struct LocFix { Loc *where; LocTree *tree; } LocFix;
typedef struct ResourceFix { MlirAttr *attr; const char *name; } ResourceFix;
typedef struct Resource { const char *name; MlirToken blob; } Resource;

typedef struct Reader {
	Ctx       *ctx;
	Source    *src;
	uint32_t   at;            /* where the token after `tok` is looked for */
	MlirToken  tok;
	int        depth, deepest;   /* now; the greatest since an alias began */
	int64_t    nodes, expanded;  /* attributes and types read; those of them that came out of aliases */
	int        alias_uses;
	Map        types;         /* interned text -> MlirType */
	StrMap     attr_alias, type_alias, loc_alias;
	Map        forms;         /* interned name of an op -> its row */
	Map        bound;         /* interned name of a value -> Binding */
	VEC(const char *) scope;     /* names in force, innermost last */
	VEC(Operation *) spare;   /* whose lists can be used again */
	VEC(LocFix)    locs;
	VEC(ResourceFix) wanted;
	VEC(Resource)  resources;
	const MlirType *i64, *f64, *opaque;   /* opaque: of what could not be read; fits everywhere */
	int        modules;       /* that are open */
} Reader;

/* lex.c */
void advance(Reader *r);
bool tok_is(const Reader *r, char c);                  /* MT_CHAR c? */
bool tok_word(const Reader *r, const char *word);
bool take(Reader *r, char c);                        /* skips it */
bool take_word(Reader *r, const char *word);
bool want(Reader *r, char c);
bool want_arrow(Reader *r);
bool want_word(Reader *r, const char *word);
bool not_wanted(Reader *r, const char *wanted);        /* "expected WANTED, found TOKEN"; false */
void rewind_to(Reader *r, uint32_t at);                /* the next token is the one that begins there */
bool skip_balanced(Reader *r);                         /* an opening bracket up to its end, or one token */
const char *tok_text(Reader *r);                       /* of the token, interned */
const char *source_text(Reader *r, uint32_t begin, uint32_t end);   /* interned */
const char *unescape(Reader *r, const MlirToken *t, size_t *size);   /* of MT_STRING, MT_SYMBOL; NULL with a diagnostic */
Loc  tok_loc(Reader *r);
Loc  span_loc(Reader *r, uint32_t begin, uint32_t end);
bool mlir_wrong(Reader *r, Loc loc, const char *fmt, ...) __attribute__((format(printf, 3, 4)));   /* true: read on */
bool go_deeper(Reader *r);
void come_back(Reader *r);
bool alias_use(Reader *r, const Alias *alias);         /* counts it */

/* mlir_type.c */
const MlirType *read_type(Reader *r);
const MlirQuant *read_quant(Reader *r);                /* mlir_quant.c: <i8:f32, 0.5:3>, after !quant.uniform */
bool at_type(const Reader *r);                         /* may a type begin here? */
const MlirType *function_type(Reader *r, int nargs, const MlirType *const *args, int nresults, const MlirType *const *results);
typedef VEC(const MlirType *) TypeList;
bool read_type_list(Reader *r, char end, TypeList *out);   /* `T, T)`, through the end */
bool read_results(Reader *r, TypeList *out);           /* `T` or `(T, T)` */
const MlirType *tensor_of(Reader *r, const MlirType *like, const MlirType *element);   /* like, with other elements */

/* mlir_attr.c */
const MlirAttr *read_attr(Reader *r);
bool read_dict(Reader *r, MlirAttrs *out);             /* {...}, at its brace */
bool read_named_list(Reader *r, char end, MlirAttrs *out);   /* `name = value, ...`, through the end */
const MlirAttr *read_conv(Reader *r);                  /* [b, 0, f]x[i, o, 0]->[b, f, 0] */
MlirAttr *attr_new(Reader *r, MlirAttrKind kind, Loc loc);
const MlirAttr *int_attr(Reader *r, Loc loc, int64_t i, const char *element);
const MlirAttr *ints_attr(Reader *r, Loc loc, int n, const int64_t *v, const char *element);
const MlirAttr *string_attr(Reader *r, Loc loc, const char *text, size_t size);
const MlirAttr *symbol_attr(Reader *r, Loc loc, const char *text);
const MlirAttr *word_attr(Reader *r, Loc loc, const char *what, const char *word);
bool read_int(Reader *r, int64_t *out);                /* with a sign */
bool read_ints(Reader *r, int *n, const int64_t **out);   /* [1, -2] */
const char *read_symbol(Reader *r);                    /* @a::@b */
const MlirType *element_type(Reader *r, const char *element);
typedef VEC(MlirNamed) NamedList;
bool named_add(Reader *r, NamedList *list, const char *name, const MlirAttr *value);
bool named_add_all(Reader *r, NamedList *list, const MlirAttrs *more);   /* true */

/* mlir_number.c: the element types whose numbers we can write down. */
typedef struct MlirNumber MlirNumber;
const MlirNumber *number_find(const char *element);    /* NULL when it is none of them */
int  number_size(const MlirNumber *k);                 /* bytes in our storage */
bool number_is_float(const MlirNumber *k);
bool number_is_bool(const MlirNumber *k);
bool number_is_packed(const MlirNumber *k);            /* does number_normal change its bytes? */
/* A number from its text (digits, 0x..., decimals), in our storage.  False: it is none of the type, or does not fit. */
bool number_parse(const MlirNumber *k, bool minus, const char *text, size_t n, void *out);
int64_t number_integer(const MlirNumber *k, const void *at);   /* of what is stored */
double  number_value(const MlirNumber *k, const void *at);     /* NaN for small floats' infinities and NaNs */
void number_normal(const MlirNumber *k, void *at);     /* bytes of a blob as we store them: i4 sign-extended, bool 0 or 1 */

/* mlir_dense.c */
const MlirAttr *read_dense(Reader *r, Loc loc);        /* after the word dense, which stands at loc */
const MlirAttr *read_dense_resource(Reader *r, Loc loc);
bool read_resources(Reader *r);                        /* {-# ... #-} */
void finish_resources(Reader *r);

/* mlir_loc.c */
bool read_loc(Reader *r, Loc *where);                  /* loc(...), at its word; *where is set by finish_locs */
bool read_trailing_loc(Reader *r, Loc *where);         /* the same or nothing */
bool read_loc_alias(Reader *r, const char *name);      /* after `#name =` */
void finish_locs(Reader *r);

/* mlir_op.c */
typedef struct ArgName { const char *name; uint32_t begin, end; } ArgName;

/* Arguments of a block while they are read: values move as the list grows, so that names and locations are bound later. */
typedef struct ArgList {
	VEC(MlirValue) value;
	VEC(ArgName)   name;
	VEC(int)       fix;        /* in r->locs; -1: none */
} ArgList;

typedef struct ResultName { ArgName name; int64_t n; } ResultName;   /* %name:n */

/* An op while it is read.  Its lists are used again for the next one; op_make copies what is kept. */
struct Operation {
	const char *name;
	VEC(ResultName)  names;
	uint32_t begin, end;       /* of its name */
	VEC(MlirValue *) args;
	VEC(uint32_t)    arg_at;
	NamedList attrs;
	TypeList  results;
	VEC(MlirBlock *) regions;
	bool unread;
};

MlirOp *read_op(Reader *r);
MlirOp *op_make(Reader *r, const Operation *o);
bool read_block(Reader *r, MlirBlock *b);              /* ops up to the '}', which is left */
bool read_operand(Reader *r, Operation *o);
bool read_operands(Reader *r, Operation *o);           /* any number, with commas between */
bool check_args(Reader *r, const Operation *o, const TypeList *types);   /* those that are written for them */
bool read_signature(Reader *r, Operation *o);          /* (T, T) -> T, after the colon */
bool read_attr_dict(Reader *r, Operation *o);          /* {...} or nothing */
bool read_arg_name(Reader *r, ArgName *out);
bool read_typed_arg(Reader *r, ArgList *out);          /* %x: T loc(...) */
void args_add(Reader *r, ArgList *out, const ArgName *name, MlirValue v, int fix);
bool region_add(Reader *r, Operation *o, const ArgList *args);   /* reads {...}; its arguments have these names */
void block_append(MlirBlock *b, MlirOp *op);
MlirBlock *block_new(Reader *r, const ArgList *args);

/* mlir_form.c: the pretty form of o->name, after the name.  o->unread: there is none. */
bool read_form(Reader *r, Operation *o);
void forms_init(Reader *r);

/* mlir_region.c, mlir_func.c, mlir_part.c: what the table of forms has no letters for. */
bool form_while(Reader *r, Operation *o);
bool form_reduce(Reader *r, Operation *o);
bool form_func(Reader *r, Operation *o);
bool form_module(Reader *r, Operation *o);
bool part_slice(Reader *r, Operation *o);
bool part_dot(Reader *r, Operation *o);
bool part_window(Reader *r, Operation *o);
bool part_mantissa(Reader *r, Operation *o);
const MlirAttr *read_words(Reader *r, const char *what);   /* [HIGH, DEFAULT] */
void func_finish(Reader *r, MlirOp *op);

#endif
