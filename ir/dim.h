/* ir/dim.h - dimensions: numbers and symbolic expressions, interned in a normal form.

   Equal expressions are equal pointers.  The normal form is a sum of terms
   (integer coefficient times a product of atoms), atoms being symbols,
   floordiv, mod, max and min of normal forms; terms are sorted by a
   deterministic key (never by address).  Symbols are integers >= 0, at most
   their bound, a number or an expression of other symbols, and are never
   assumed to be 1.  Arithmetic that leaves int64 gives NULL, and so do
   expressions beyond DIM_SIZE_MAX or DIM_DEPTH_MAX, a divisor that is never
   positive, and a NULL operand: a chain of operations needs one test. */
#ifndef IR_DIM_H
#define IR_DIM_H

#include <stdbool.h>
#include <stdint.h>

#include "ir/base/map.h"
#include "ir/base/str.h"

typedef enum DimKind { DIM_CONST, DIM_SYM, DIM_ADD, DIM_MUL, DIM_FLOORDIV, DIM_MOD, DIM_MAX, DIM_MIN } DimKind;

typedef struct DimExpr DimExpr;
typedef const DimExpr *Dim;

/* DIM_ADD: the sum of at least two operands; DIM_MUL: the product of at least two, a constant factor
   first if there is one; FLOORDIV, MOD, MAX, MIN: two operands. */
struct DimExpr {
	DimKind     kind;
	int         nargs;
	int64_t     value;   /* DIM_CONST */
	const char *name;    /* DIM_SYM, interned */
	int64_t     bound;   /* DIM_SYM: largest value, INT64_MAX when unbounded or bounded by limit */
	Dim         limit;   /* DIM_SYM: the bound where that is no number, else NULL */
	const Dim  *arg;
	uint64_t    hash;    /* of the structure */
	int64_t     lo, hi;  /* what dim_range gives */
	int         size;    /* nodes of the expression written out as a tree */
	int         depth;
	Dim         self;    /* this expression: an atom is the product of one */
};

#define DIM_SIZE_MAX  (1 << 16)  /* nodes */
#define DIM_DEPTH_MAX 100

typedef struct DimTable DimTable;            /* owned by Ctx */
DimTable *dim_table_new(Arena *a);

Dim dim_const(DimTable *t, int64_t v);
Dim dim_sym(DimTable *t, const char *name, int64_t bound);
Dim dim_sym_limited(DimTable *t, const char *name, Dim limit);  /* limit: a number, or an expression of other symbols */
static inline bool dim_is_bounded(Dim sym) { return sym->bound != INT64_MAX || sym->limit; }
Dim dim_bound(DimTable *t, Dim sym);                  /* of a symbol that is bounded */
Dim dim_add(DimTable *t, Dim a, Dim b);
Dim dim_sub(DimTable *t, Dim a, Dim b);
Dim dim_mul(DimTable *t, Dim a, Dim b);
Dim dim_floordiv(DimTable *t, Dim a, Dim b);  /* b > 0 is required of its value */
Dim dim_ceildiv(DimTable *t, Dim a, Dim b);
Dim dim_mod(DimTable *t, Dim a, Dim b);
Dim dim_max(DimTable *t, Dim a, Dim b);
Dim dim_min(DimTable *t, Dim a, Dim b);

static inline bool dim_is_const(Dim d) { return d->kind == DIM_CONST; }
static inline bool dim_is(Dim d, int64_t v) { return d->kind == DIM_CONST && d->value == v; }
/* What can be proved from symbols lying in [0, bound]. */
void dim_range(Dim d, int64_t *lo, int64_t *hi);      /* saturates at INT64_MIN / INT64_MAX */
bool dim_known_equal(Dim a, Dim b);                   /* a == b for all symbol values */
bool dim_known_unequal(Dim a, Dim b);                 /* for no symbol values */
bool dim_known_le(Dim a, Dim b);
bool dim_known_multiple(Dim d, int64_t k);            /* k > 0 divides d for all symbol values */
/* a / b when b divides a for all symbol values by the look of the normal form, else NULL. */
Dim  dim_divide_exact(DimTable *t, Dim a, Dim b);

/* Values of symbols, by interned name. */
typedef struct DimEnv { int n; const char *const *name; const int64_t *value; } DimEnv;
bool dim_eval(Dim d, const DimEnv *env, int64_t *out);   /* false: unknown symbol or overflow */
Dim  dim_subst(DimTable *t, Dim d, int n, const char *const *name, const Dim *by);
/* The symbols of d in order of first appearance, appended to list (no duplicates). Returns the new count; cap bounds it. */
int  dim_symbols(Dim d, Dim *list, int n, int cap);
bool dim_mentions(Dim d, const char *name);
/* A bound of d in which only symbols of `known` are left: the others, which have bounds, may take any value up to them.
   Not below 0.  NULL: there is none, or it does not fit 64 bits. */
Dim  dim_most(DimTable *t, Dim d, const Dim *known, int n);

/* `N*4`, `(S+1)//2`, `max(N, 8)`, `N % 3`; reads back to the same pointer. */
void dim_print(Str *out, Dim d);
/* The same, with the bounds of symbols: `(K<=100)*2`; alone: `K<=100`. */
void dim_print_bounded(Str *out, Dim d);

#endif
