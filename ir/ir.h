/* ir/ir.h - the tensor IR: modules of graphs of ops on SSA values.

   Ownership: everything lives in the module's arena and is freed with the module; erased ops are only unlinked.
   A region is one block: control flow is structured.  A value defined in an enclosing block is visible in nested
   regions of while, reduce, ... ; a fusion's region sees only its own arguments and constants. */
#ifndef IR_IR_H
#define IR_IR_H

#include <stdio.h>

#include "ir/attr.h"
#include "ir/base/diag.h"
#include "ir/base/map.h"
#include "ir/base/vec.h"

typedef struct Ctx Ctx;
typedef struct Module Module;
typedef struct Func Func;
typedef struct Block Block;
typedef struct Op Op;
typedef struct Value Value;
typedef struct Place Place;                    /* ir/plan.h */

typedef enum OpKind {
#define OP(name, ...) OP_##name,
#include "ir/ops.def"
	OP_COUNT
} OpKind;

/* Traits. */
enum {
	T_EW         = 1 << 0,  /* elementwise: result element i depends on operand elements i */
	T_COMM       = 1 << 1,  /* commutative */
	T_ASSOC      = 1 << 2,  /* associative over the reals (orders of reduction apply to it) */
	T_IDEMP      = 1 << 3,  /* f(f(x)) = f(x) */
	T_INVOL      = 1 << 4,  /* f(f(x)) = x */
	T_VIEW       = 1 << 5,  /* moves elements, computes nothing */
	T_CONST      = 1 << 6,  /* no operands, known value */
	T_TERMINATOR = 1 << 7,
	T_COMPOSITE  = 1 << 8,
	T_CONTROL    = 1 << 9,  /* its regions are steps that run one after the other: what works on blocks goes into them */
	T_COLLECTIVE = 1 << 10, /* several processes meet there: it runs as often and in the order as written */
	T_COSTLY     = 1 << 11, /* an element costs much more than an addition: computed once rather than by each user */
};

/* How ops become loops.  Who works on one of these classes works on each op of it: passes and code generation ask for the
   class, and for the op only where its attributes matter. */
typedef enum LowerClass {
	LOWER_none,             /* no loop: a terminator, a barrier, a value of the program */
	LOWER_composite,        /* gone after the pass `expand` */
	LOWER_control,          /* steps of the program */
	LOWER_collective,       /* a meeting of processes: by the interpreter alone */
	LOWER_fusion,           /* a region of the others */
	LOWER_constant,
	LOWER_scalar,           /* an element from the operands' elements at the same index */
	LOWER_move,             /* an element of an operand, or one made of the index alone */
	LOWER_reduce, LOWER_window, LOWER_scan, LOWER_contract, LOWER_scatter, LOWER_sort,  /* anchors: a loop nest of their own */
} LowerClass;

#define VARIADIC (-1)

typedef struct AttrInfo {
	const char *name;
	AttrKind    kind;
	bool        required;
	size_t      offset;             /* in the op's attrs struct */
	const void *fallback;           /* the default value, of the attribute's C type, when not required */
} AttrInfo;

size_t attr_size(AttrKind kind);    /* of its C type */

typedef struct OpInfo {
	const char     *name;
	int             nargs;          /* or VARIADIC */
	unsigned        traits;
	LowerClass      lower;
	unsigned        types;          /* elementwise rows: allowed element types; else 0 */
	const AttrInfo *attr;
	int             nattrs;
	size_t          attrs_size;
	int             nregions;       /* or VARIADIC: one and more, all of the name region_name[0] */
	const char     *region_name[2];
	const char     *doc;
} OpInfo;
extern const OpInfo op_info[OP_COUNT];
bool op_kind_find(const char *name, size_t n, OpKind *out);

/* What one compilation shares.  Not thread-safe; make one per thread. */
struct Ctx {
	Arena     *arena;
	Interner   strings;
	DimTable  *dims;
	TypeTable *types;
	Diag       diag;
};
Ctx  *ctx_new(void);
void  ctx_free(Ctx *ctx);
static inline const char *ctx_str(Ctx *ctx, const char *s) { return intern_str(&ctx->strings, s); }

typedef struct Use {
	Op  *user;
	int  index;                     /* user->arg[index] is the value */
	struct Use *next, **link;       /* the value's list of uses, in order of creation */
} Use;

struct Value {
	const Type *type;
	Op         *def;                /* the op that defines it, or NULL for a block argument */
	Block      *block;              /* block arguments: their block */
	int         index;              /* which result or argument */
	const char *name;               /* interned, without the %; NULL when unnamed */
	Loc         loc;
	Use        *first_use, **last_use; /* last_use: where the next one is linked; NULL before the first */
	const Place *place;             /* where it lies in memory, set by the pass `buffers`; else NULL */
	void       *mark;               /* scratch of whoever walks the function; no meaning between passes */
};

struct Op {
	OpKind  kind;
	Loc     loc;
	Block  *block;                  /* NULL while detached */
	Op     *prev, *next;
	int     nargs, nresults, nregions;
	Value **arg;                    /* change only through op_set_arg(s) */
	Use    *use;                    /* parallel to arg */
	Value **result;
	Block **region;
	void   *attrs;                  /* struct attrs_<name> */
	void   *mark;
};

#define op_attrs(name, op) ((struct attrs_##name *)(op)->attrs)

struct Block {
	Op    *parent;                  /* the op whose region it is, or NULL for a graph's body */
	Func  *func;
	VEC(Value *) args;
	Op    *first, *last;            /* the last op of a complete block is its terminator */
};

/* Dimensions that must be equal when the graph is called, because inference could not prove it. */
typedef struct Constraint { Dim a, b; Loc loc; } Constraint;

/* A result that may be written over an input: whoever calls the graph may give one buffer for both. */
typedef struct Overlay { int result; Value *input; Loc loc; } Overlay;

struct Func {
	Module     *module;
	const char *name;
	Loc         loc;
	Block      *body;               /* arguments are the graph's inputs; the terminator is `return` */
	VEC(const char *) result_names; /* interned; NULL where nameless */
	VEC(const Type *) result_types; /* as declared */
	VEC(Overlay) overlays;           /* declared; no result and no input twice */
	VEC(Constraint) constraints;
	const struct FuncPlan *plan;    /* ir/plan.h: totals of the pass `buffers`, or NULL */
};

typedef enum WeightInit { INIT_FILE, INIT_ZEROS, INIT_ONES, INIT_VALUE } WeightInit;

typedef struct Weight {
	const char *name;
	const Type *type;
	Loc         loc;
	WeightInit  init;
	Blob       *value;              /* the value; zeros and ones are splats; NULL until loaded */
} Weight;

struct Module {
	Ctx   *ctx;
	Arena *arena;                   /* of the IR; scratch structures go elsewhere */
	VEC(Func *) funcs;
	VEC(Weight *) weights;
	VEC(const char *) weight_files; /* as written in the text */
	VEC(const char *) imports;      /* paths of other files that the text came from */
	bool   effects;                 /* somewhere is a custom_call with a side effect, or a collective: any call may lead to it */
	const char *dir;                /* folder against which file names are resolved */
};

Module *module_new(Ctx *ctx);
Func   *module_func(const Module *m, const char *name);      /* NULL when absent */
Weight *module_weight(const Module *m, const char *name);
Func   *func_new(Module *m, const char *name, Loc loc);      /* appended to the module, with an empty body */
Value  *block_add_arg(Block *b, const Type *type, const char *name, Loc loc);

/* The number of the input over which that result is declared to lie; -1: none. */
int     func_over(const Func *f, int result);
/* Symbols of a function's inputs in order of first appearance: the `int64_t` arguments of compiled code. */
int     func_symbols(const Func *f, Dim *out, int cap);
/* Records that a == b must hold at entry; false (with a diagnostic at loc) when it provably never does. */
bool    func_require_equal(Func *f, Dim a, Dim b, Loc loc, const char *what);

/* Detached op: operands set, attrs copied (arrays inside are shared; they must live in the module's arena or
   longer), regions made with empty blocks (none where their number is VARIADIC), no results yet.  attrs may be NULL:
   all defaults. */
Op     *op_new(Func *f, OpKind kind, Loc loc, int nargs, Value *const *arg, const void *attrs);
void    op_set_regions(Op *op, Func *f, int n);               /* n empty ones, of a detached op that has none yet */
const char *op_region_name(const Op *op, int i);
/* Runs shape inference and makes (or retypes) the results; false with diagnostics when the op is invalid.
   The regions must be complete. */
bool    op_infer(Ctx *ctx, Func *f, Op *op);
void    op_append(Block *b, Op *op);
void    op_insert_before(Op *where, Op *op);
void    op_insert_after(Op *where, Op *op);
void    op_unlink(Op *op);                                    /* keeps operands and uses */
void    op_erase(Op *op);                                     /* unlinks and drops its uses; results must be unused */
void    op_set_arg(Op *op, int i, Value *v);
void    op_set_args(Op *op, int n, Value *const *arg);
void    value_replace(Value *old, Value *by);                 /* every use of old becomes a use of by */
static inline bool value_has_uses(const Value *v) { return v->first_use != NULL; }
bool    value_has_one_use(const Value *v);
static inline const OpInfo *op_row(const Op *op) { return &op_info[op->kind]; }
static inline bool op_has(const Op *op, unsigned trait) { return (op_info[op->kind].traits & trait) != 0; }
Op     *block_terminator(const Block *b);                     /* CHECKs that there is one */
Func   *op_func(const Op *op);
bool    op_is_pure(const Op *op);                             /* may be erased when unused, may be computed twice */
int     word_index(const char *word, const char *const *words, int n);   /* of an attribute that is one of some words; -1: none */
/* The symbol that op defines, in its attribute; NULL: it defines none.  Its value is that of the op's last result.  It may be
   mentioned behind the op, in its block and inside of it, and in the types of the graph's results. */
Dim    *op_size(const Op *op);
/* Is the symbol in the type of a result of op, or in its attributes, or inside of its regions? */
bool    op_mentions(const Op *op, Dim symbol);
/* Deep copy of op (attributes shared) into f, operands looked up in map (Value* -> Value*; a missing one is
   itself); the copy's results and region values are entered in map.  Detached. */
Op     *op_clone(Func *f, const Op *op, Map *map);
bool    attr_equal(AttrKind kind, const void *a, const void *b);  /* two attributes of one kind */
bool    attrs_equal(OpKind kind, const void *a, const void *b);
uint64_t attrs_hash(OpKind kind, const void *a);

/* Constants. */
Blob   *value_constant(const Value *v);                       /* of a constant op or a weight with a value, else NULL */
bool    value_is_splat(const Value *v, double *out);          /* constant with equal elements, read as a number */

/* Iterating: for (Op *op = b->first; op; op = op->next); nested ops: */
typedef bool (*OpVisit)(Op *op, void *arg);                   /* false stops */
bool    block_walk(Block *b, OpVisit visit, void *arg);       /* pre-order, regions included */

#endif
