/* codegen/lower/lower.h - lowering of fusions to unscheduled loop nests.

   A kernel computes one fusion (a bare op counts as a fusion of itself).  Its anchor - the contraction, window,
   reduction, scatter, sort, or none - decides the loop nest; every other op of the region is pointwise and is
   inlined where its value is asked for: `emit_value(e, v, index)`.  So producers and epilogues fuse in the same way
   everywhere, and an anchor's emitter knows nothing of the ops around it. */
#ifndef CODEGEN_LOWER_LOWER_H
#define CODEGEN_LOWER_LOWER_H

#include "ir/fusion.h"
#include "ir/kernel.h"
#include "ir/program.h"

/* A position in a value's shape: one i64 per axis, or the row-major offset, or both; index_axis and
   index_linear compute what is missing where the builder stands. */
typedef struct Index { int rank; KOp *at[RANK_MAX]; KOp *linear; } Index;

typedef struct Emit {
	Ctx     *ctx;
	Arena   *scratch;
	KBuild   b;             /* the kernel under construction */
	int      nin, nout;     /* buffers 0 .. nin-1 are the inputs, then the outputs */
	Value *const *in;
	Value *const *out;      /* the values that the kernel stores (inner values of a region) */
	const Op *first, *end;  /* the ops of the region: first ... before end */
	Map      members;       /* the ops of the kernel */
	bool    *done;          /* outputs already stored */
	Map      buffers;       /* Value* -> buffer + 1: values that lie in memory, in their own shape */
	const Place *place;     /* of each buffer */
	bool     stores;        /* something is stored */
	Map      bound;         /* Value* -> KOp*: the value at the point at hand (an anchor's result, a region argument) */
	Map      staged;        /* Value* -> Stage*: rows kept between the stages of a row kernel */
	Map      memo;          /* Value* -> chain of (index, mask, result) */
	KOp     *mask;          /* bool or NULL: lanes outside must not touch memory; loads give 0 there */
} Emit;

/* A row of an inner value, kept in a worker's buffer: indexed by the row-major position in the last `axes` axes. */
typedef struct Stage { int buf, axes; } Stage;

/* The element of v at index, computed where the builder stands: a load, or the op that defines v replayed. */
KOp *emit_value(Emit *e, Value *v, const Index *index);
KOp *emit_load(Emit *e, int buf, KOp *offset);       /* under e->mask */
/* Stores output `out` (0 .. nout-1) at index, under e->mask. */
void emit_store(Emit *e, int out, const Index *index, KOp *value);
/* Stores every output reached from `from` (whose element at index is bound) and not yet stored, at the positions that
   follow from index. */
void emit_outputs_from(Emit *e, const Value *from, const Index *index);
/* The scalar results of a region (reduce, sort, ... ) whose arguments are given: n = how many yields, in out. */
void emit_region(Emit *e, const Block *region, KOp *const *arg, KOp **out);

/* The results of a cond or while on scalars, which a region may hold.  In region.c. */
void emit_control(Emit *e, const Op *op, KOp **out);
/* Whether op's regions hold no constants too large for a kernel; diagnostics when they do. */
bool emit_check_regions(Ctx *ctx, const Op *op);

Index index_none(int rank);
KOp *index_axis(Emit *e, const Type *t, const Index *index, int axis);
KOp *index_linear(Emit *e, const Type *t, const Index *index);
/* Where the element at index lies in a buffer that holds a value of type t: index_linear, or by the strides of its place. */
KOp *index_in_buffer(Emit *e, int buf, const Type *t, const Index *index);
/* Nested loops from 0 over axes [from, to) of a shape; index receives them.  Close with emit_end. */
void emit_loops(Emit *e, const Type *t, int from, int to, KRole role, Index *index);
void emit_end(Emit *e, int nloops);
KOp *emit_mask_and(Emit *e, KOp *more);              /* e->mask and more */
KOp *emit_convert(Emit *e, KOp *x, DType to);

/* The element at index of an op that is not elementwise: movement, iota, gather.  In pointwise.c. */
KOp *emit_pointwise(Emit *e, const Op *op, int result, const Index *index);
/* A start index of a dynamic slice, clamped so that `size` elements fit into an axis. */
KOp *emit_clamped_start(Emit *e, Value *start, Dim axis, Dim size);

/* Accumulation in the order of a reduction (TREE): partial results combined as adjacent pairs. */
typedef struct Tree Tree;
/* n accumulators of the types of absent[]; combine(arg, a, b, out) emits the body. count: how many pushes there will be, when
   that is a number, else -1. */
typedef void (*CombineFn)(Emit *e, void *arg, KOp *const *a, KOp *const *b, KOp **out);
Tree *tree_begin(Emit *e, int n, const DType *type, int64_t count, CombineFn combine, void *arg);
void  tree_push(Emit *e, Tree *t, KOp *index, KOp *const *value);       /* index: 0, 1, ... in ascending order */
/* n: how many were pushed; absent: the result when that is 0. */
void  tree_finish(Emit *e, Tree *t, KOp *n, KOp *const *absent, KOp **out);
/* Reduces `count` elements given by element(arg, position, out) in blocks and lanes.  absent: neutral elements. Results in out. */
typedef struct RowSpec {
	int n;                     /* how many values are reduced together */
	const DType *type;         /* of the accumulators */
	KOp *const *absent;        /* neutral elements (scalars): what a lane without elements holds */
	KOp *start;                /* what a lane with elements starts from (n = 1), or NULL: absent, too */
	Dim count;
	/* out = acc after the element at a position of the row; e->mask may be set. */
	void (*element)(Emit *e, void *arg, KOp *position, KOp *const *acc, KOp **out);
	CombineFn combine;         /* of partial results */
	void *arg;
} RowSpec;
void emit_row(Emit *e, const RowSpec *row, KOp **out);

/* Emitters of whole kernels, by kind of fusion. */
void lower_loop(Emit *e);
bool lower_pieces(Emit *e);     /* in pieces.c; false: not of that kind */
void lower_row(Emit *e, const Op *first);
void lower_reduce(Emit *e, const Op *op);
void lower_contract(Emit *e, const Op *op);
void lower_window(Emit *e, const Op *op);
void lower_cumulate(Emit *e, const Op *op);
void lower_scatter(Emit *e, const Op *op);
void lower_sort(Emit *e, const Op *op);

#endif
