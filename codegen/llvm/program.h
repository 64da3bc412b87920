/* codegen/llvm/program.h - what the files that emit programs, entries and the descriptor share. */
#ifndef CODEGEN_LLVM_PROGRAM_H
#define CODEGEN_LLVM_PROGRAM_H

#include "codegen/llvm/llvm.h"
#include "codegen/object/layout.h"

/* One graph.  All its functions are internal but the entry:
	i32 dims(const i64 *symbols, i64 *values)           status: ranges, conditions, overflow
	i32 shape(const i64 *symbols, i64 *extents)
	i64 workspace(const i64 *symbols, i32 threads)
	i32 size(i64 *values, i64 size)                     one per size that the graph finds out: what follows from it, and its checks
	i32 run(ctx, ptr ws, ptr scratch, i64 stride, i64 *values, ptr *in, ptr *out)     one per variant
	i32 call(ctx, state, const i64 *symbols, ptr *in, ptr *out)                              the checks, then run
	i32 NAME(ctx, i64 symbols..., ptr in..., ptr out...)                                     packs, then call */
typedef struct Graph {
	const Program *p;
	const char    *cname;       /* of the entry */
	DimList        dims;        /* values: the symbols, then every expression needed; some have theirs behind a size's step */
	SizeStep      *size;
	int            nsizes;
	Val           *size_fn;     /* by size */
	ProgramLayout  layout;
	int            nin, nout;
	Val            dims_fn, shape_fn, workspace_fn, call_fn;
	Val           *run;         /* by variant */
} Graph;

typedef struct Programs {
	Gen           *g;
	const Variant *variant;
	int            nvariants;
	const CpuSpec *const *cpu;  /* of each variant */
	Graph         *graph;
	int            ngraphs;
	Map            by_program;  /* Program* -> Graph* */
	Val            model;       /* the descriptor */
	bool           profile;
} Programs;

/* The value of d in a function that has `values`. */
Val  dim_value(Gen *g, const Graph *gr, Val values, Dim d);
void emit_dims(Programs *ps, Graph *gr);
void emit_sizes(Programs *ps, Graph *gr);
void emit_shape(Programs *ps, Graph *gr);
void emit_workspace(Programs *ps, Graph *gr);
void emit_call(Programs *ps, Graph *gr);
void emit_entry(Programs *ps, Graph *gr);
void declare_run(Programs *ps, Graph *gr, int variant);
void emit_run(Programs *ps, Graph *gr, int variant, Val *kernel_fn, Val *task_fn);
LLVMTypeRef run_type(Gen *g);
/* The C functions of custom_call.  Before all else: names inside give way to those that are there. */
void declare_customs(Gen *g, const Steps *steps);

#endif
