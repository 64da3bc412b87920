/* codegen/object/layout.h - sizes that every printer has to agree on: worker scratch, workspace, parameters of kernels. */
#ifndef CODEGEN_OBJECT_LAYOUT_H
#define CODEGEN_OBJECT_LAYOUT_H

#include "ir/program.h"

/* How a kernel is called: its buffers, then `nparams` i64, then the task and the worker's scratch.  The i64 are the
   kernel's own parameters, then the offsets of scratch buffers that are not numbers. */
typedef struct KernelLayout {
	int  nparams;
	Dim *param;
	Dim *offset;      /* by buffer: of KB_SCRATCH ones in the worker's scratch, in bytes; else NULL */
	int *offset_param; /* by buffer: which i64 holds the offset, -1 where it is a number */
	Dim  bytes;       /* worker scratch in all, a multiple of 64 */
} KernelLayout;
KernelLayout kernel_layout(Arena *a, const Kernel *k);

/* Workspace of a call of p: `shared` bytes, then one block of `scratch` bytes for each worker; both are multiples of 64.
   Callees and the given forms of the kernels (unit->kernel or a variant's) included.  NULL: larger than int64 holds. */
typedef struct ProgramLayout { Dim shared, scratch; } ProgramLayout;
ProgramLayout program_layout(const Unit *u, const Program *p, Kernel *const *kernel);

/* Every dimension expression whose value the steps of p need (kernel parameters, numbers of tasks, offsets, sizes;
   not those of callees), each once, in a fixed order.  Those that mention a size have one behind the size's step only. */
typedef struct DimList { Dim *at; int n, cap; Map number; } DimList;   /* number: where in `at`, + 1 */
void program_dims(Arena *a, const Program *p, Kernel *const *kernel, DimList *out);
void dimlist_add(Arena *a, DimList *list, Dim d);   /* if it is no number and not there yet */
int  dimlist_find(const DimList *list, Dim d);      /* where in `at`; -1: not there */

/* The run of a long program is cut into functions: what C compilers do with one function grows faster than its length.  A
   range is the steps from `first` up to `end`, which it does not have (NULL: up to the last). */
typedef struct StepRange { const Step *first, *end; } StepRange;
enum { STEPS_WHOLE = 200, STEPS_PART = 100 };
/* Cuts r into ranges that become functions of their own: no more than 2 * STEPS_PART, each of which may be long enough to be
   cut again.  Returns how many; 0: r is short enough to be one function, with its branches and loops where they stand. */
int  steps_cut(Arena *a, StepRange r, StepRange **part);

/* d rounded up to a multiple of 64; NULL on overflow. */
Dim dim_round64(DimTable *t, Dim d);

#endif
