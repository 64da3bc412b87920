/* passes/layout.h - the pass layout at work. */
#ifndef PASSES_LAYOUT_H
#define PASSES_LAYOUT_H

#include "passes/fuse_cost.h"
#include "passes/pass.h"

typedef struct Layout {
	PassCtx *p;
	Map      packed;           /* constants that have been packed: Value* -> Packed* */
	Map      moved;            /* results of the transposes that stand behind convolutions, as a set */
} Layout;

/* A right-hand side in panels: [lead..., columns / 16, k..., 16], the last panel filled up with zeros. */
typedef struct Panels {
	int     nlead, nk;         /* axes before and after the panels' axis */
	Ints    perm;              /* natural axes (lead..., k..., columns) as axes of the value: natural axis i is axis perm[i] of it */
	Value  *value;             /* the packed value */
	const Type *natural;       /* the type of [lead..., k..., columns] */
	struct Panels *next;       /* another packing of the same constant */
} Panels;

enum { LAYOUT_PANEL = 16 };

/* Packs v, in front of b.  NULL when columns are no number. */
Panels *layout_pack(Layout *l, Builder *b, Value *v, int nlead, int nk, Ints perm);
/* [lead..., k..., columns] again, from the packed value: movements that lowering resolves to positions. */
Value  *layout_unpack(Layout *l, Builder *b, const Panels *panels, Value *packed);
/* The contraction `op` (dot_general or conv_general, its right-hand side being panels->natural) with unpacking inside: a fusion in front of b. */
Value  *layout_fusion(Layout *l, Builder *b, const Panels *panels, OpKind kind, Value *lhs, const void *attrs);

bool layout_dot(Layout *l, Op *op);
bool layout_conv(Layout *l, Op *op);
/* Moves the transposes that convolutions have left behind them towards the next ones. */
bool layout_sink(Layout *l, Op *op);

/* Shared small things. */
Ints   ints_identity(Arena *a, int n);
Ints   ints_inverse(Arena *a, Ints perm);
bool   ints_are_identity(Ints perm);
Value *layout_transpose(Layout *l, Builder *b, Value *v, Ints perm);      /* v itself when perm moves nothing */
void   layout_replace(Layout *l, Op *op, Value *by);

#endif
