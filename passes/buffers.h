/* passes/buffers.h - the pass buffers at work: slots of memory, each holding one value or several that share it. */
#ifndef PASSES_BUFFERS_H
#define PASSES_BUFFERS_H

#include "ir/plan.h"
#include "passes/pass.h"

typedef struct Slot Slot;

/* A value in its slot. */
typedef struct View {
	Value *value;
	Slot  *slot;               /* see slot_find */
	Place  at;                 /* offset and strides from the start of the slot */
	bool   part;               /* does not fill its slot */
} View;

/* What shares a place: a value, its reshapes, its parts, and what is computed in its place.  Alive from the time of its first
   definition to that of its last use; an op's operands and results meet in the op's time. */
struct Slot {
	Slot    *into;             /* merged into, or NULL */
	VEC(View *) views;
	bool     parts;            /* holds a value that is made of parts: written before the op that defines it */
	bool     returned;         /* will be an output */
	double   size;             /* bytes, about */
	PlaceKind kind;
	int      index;            /* IN, OUT, CONST */
	Dim      bytes;            /* WS */
	int64_t  from, to;
	int      level;            /* loops around its definition */
	int64_t  body_last;        /* carried by a loop: the last use in the loop's body */
	Op      *loop;             /* ... and the loop */
	Dim      offset;           /* WS: where it was put */
};

typedef struct Loop {
	int64_t begin;
	VEC(Slot *) used;          /* from outside of it: alive until its end */
} Loop;

typedef struct Part { const Value *part, *whole; } Part;

typedef struct Buffers {
	PassCtx *p;
	Func    *fn;
	Map      view;             /* Value* -> View* */
	Map      time;             /* Op* -> its time, as a pointer */
	Map      end;              /* cond -> the time of the end of its branches */
	Map      copies;           /* reshapes that were put in to be copies */
	VEC(Slot *) slots;
	VEC(Loop)   loops;         /* around the op at hand, outermost first */
	int64_t  now;
	int      nconst;
	bool     too_large;        /* an offset beyond 64 bits */
	Dim      symbol[64];       /* of the inputs: what storage may depend on */
	int      nsymbols;
	VEC(Part) parts;           /* values that lie within others, for --explain */
} Buffers;

Slot *slot_find(Slot *s);
Slot *slot_of(const Buffers *b, const Value *v);         /* NULL: a value of a fusion's region */
View *view_of(const Buffers *b, const Value *v);
/* Puts what lies in slot `from` into slot `into`: what fills `from` lies over `over` then.  False, with nothing done, where
   a value of `from` cannot lie there. */
bool slot_merge(Buffers *b, Slot *into, Slot *from, const View *over);
/* Is d known when the graph is called? */
bool dim_at_entry(const Buffers *b, Dim d);
int64_t time_of(const Buffers *b, const Op *op);

/* Does op read the slot, inside of its regions too? */
bool op_reads(const Buffers *b, const Op *op, const Slot *s);
/* May result r of op be computed where operand i lies, as far as op itself sees it? */
bool may_overwrite(Buffers *b, const Op *op, int i, int r);

/* Lets results of cond lie where a value does that the branches pass on or update.  In buffers_cond.c. */
void place_conds(Buffers *b, Block *block);

/* Gives parts of values their places within the whole.  In buffers_part.c. */
void place_parts(Buffers *b);

/* May result r of op be written over operand i, element by element, while the op runs? */
bool op_is_in_place(Arena *scratch, const Op *op, int i, int r);

/* The value of d where every symbol has this value (or its bound); INT64_MAX on overflow. */
int64_t dim_about(Dim d, int64_t symbol);

/* The largest of a few expressions, none of which is known to be below another. */
enum { MOST_MAX = 6 };
typedef struct Most { int n; Dim at[MOST_MAX]; } Most;
bool most_add(Most *m, Dim d);                           /* false: too many */
Dim  most_dim(DimTable *t, const Most *m);               /* 0 of none */

/* The bytes that a slot takes: rounded up, so that all offsets are multiples of 64.  NULL: overflow. */
Dim slot_room(DimTable *t, const Slot *s);
/* Puts n slots, in order of their definitions, into one workspace: sets their offsets and gives its size (NULL: overflow). */
Dim slots_pack(PassCtx *p, Slot **slot, int n);
/* The same, as one way of it: offsets to at.  order: which slots first, < STACK_ORDERS.  NULL: overflow, or too much to prove. */
enum { STACK_ORDERS = 5 };
Dim slots_stack(PassCtx *p, Slot **slot, int n, int order, Dim *at);
/* The largest live set. */
Dim slots_bound(PassCtx *p, Slot **slot, int n);

#endif
