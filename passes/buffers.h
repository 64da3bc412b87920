/* passes/buffers.h - the pass buffers at work: slots of memory, each holding one value or several that share it. */
#ifndef PASSES_BUFFERS_H
#define PASSES_BUFFERS_H

#include "ir/plan.h"
#include "passes/pass.h"

/* What shares a place: a value, its reshapes, and what is computed in its place.  Alive from the time of its first
   definition to that of its last use; an op's operands and results meet in the op's time. */
typedef struct Slot {
	struct Slot *into;         /* merged into, or NULL */
	PlaceKind kind;
	int      index;            /* IN, OUT, CONST */
	Dim      bytes;            /* WS */
	int64_t  from, to;
	int      level;            /* loops around its definition */
	int64_t  body_last;        /* carried by a loop: the last use in the loop's body */
	Op      *loop;             /* ... and the loop */
	Dim      offset;           /* WS: where it was put */
	const Place *place;
} Slot;

/* May result r of op be written over operand i, element by element, while the op runs? */
bool op_is_in_place(Arena *scratch, const Op *op, int i, int r);

/* Puts n slots, in order of their definitions, into one workspace: sets their offsets and gives its size (NULL: overflow).
   bound: the largest live set when every symbol is 1. */
Dim slots_pack(PassCtx *p, Slot **slot, int n, int64_t *bound);

#endif
