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

/* `at in(0)`, `at ws(1024)`, `at const(2)`; offset in bytes, an expression, a multiple of 64 for ws.
   A value that aliases another (a reshape, an in-place result) has the same place. */
struct Place {
	PlaceKind kind;
	int       index;
	Dim       offset;      /* bytes from the start of the kind's area or buffer */
};

typedef struct FuncPlan {
	Dim ws_bytes;          /* the workspace in all, without worker scratch */
	Dim lower_bound;       /* the largest live set (of the static part when symbolic: evaluated at all symbols = 1) */
} FuncPlan;

#endif
