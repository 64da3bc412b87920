/* ir/plan.h - where values lie in memory: what the pass `buffers` decides and code generation reads. */
#ifndef IR_PLAN_H
#define IR_PLAN_H

#include "ir/ir.h"

typedef enum PlaceKind {
	PLACE_IN,      /* the graph's input number `index` */
	PLACE_OUT,     /* the graph's output number `index` */
	PLACE_WS,      /* the workspace */
	PLACE_CONST,   /* read-only data: a constant or weight; index = number in the function's list of constants */
	PLACE_NONE,    /* nowhere: folded into its users (a scalar constant, an inner value) */
} PlaceKind;

/* `at in(0)`, `at ws(1024)`, `at const(2)`, `at ws(288, strides [1152, 192, 32, 1])`; offset in bytes, an expression.
   What has the workspace for itself starts at a multiple of 64; a value that is a part of another (a slice, an operand of
   a concatenation, the inside of a pad) lies within it, at a multiple of its element's size.
   A value that aliases another (a reshape, an in-place result) has the same place. */
struct Place {
	PlaceKind  kind;
	int        index;
	Dim        offset;     /* bytes from the start of the kind's area or buffer */
	const Dim *stride;     /* elements from one position to the next, for each axis of the value; NULL: row-major, without gaps */
};

typedef struct FuncPlan {
	Dim ws_bytes;          /* the workspace in all, without worker scratch */
	Dim lower_bound;       /* the largest live set: no plan can do with less */
} FuncPlan;

/* The place of elements start, start + step, ... along each axis of a value of type t that lies at `whole`; part is their type.
   step NULL: 1.  False on overflow. */
bool place_part(Ctx *ctx, Arena *a, const Place *whole, const Type *t, const Dim *start, const int64_t *step, const Type *part,
                Place *out);
/* The place of a value of type `to` that has the elements of one of type `from`, at `place`, in row-major order; false where no
   strides can say it. */
bool place_reshape(Ctx *ctx, Arena *a, const Place *place, const Type *from, const Type *to, Place *out);
/* Is operand i of a concatenation or pad (0) a part of the result, where the result lies at `whole`; and where? */
bool place_operand(Ctx *ctx, Arena *a, const Op *op, int i, const Place *whole, Place *out);
/* Where the result of a slice lies if it is not copied. */
bool place_slice(Ctx *ctx, Arena *a, const Op *op, const Place *whole, Place *out);
/* Do values of type t at both lie over each other, element by element? */
bool place_equal(const Place *a, const Place *b, const Type *t);

#endif
