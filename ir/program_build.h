/* ir/program_build.h - making units: constants, programs and their steps. */
#ifndef IR_PROGRAM_BUILD_H
#define IR_PROGRAM_BUILD_H

#include "ir/program.h"

Unit *unit_new(Ctx *ctx, Module *m);
/* Appended behind the others, at the next multiple of 64; gives its number, -1 where the sizes overflow. */
int   unit_add_const(Unit *u, Blob *blob);
/* Of a graph whose inputs are known: its symbols are theirs, its extents those of the ops inside, where it has any.  Not yet
   in u->programs. */
Program *program_new(Unit *u, Func *f, Dim ws_bytes);
/* One that must not be negative, unless that is known, by the signature or otherwise. */
void  program_add_extent(Unit *u, Program *p, Dim d);
/* Appended; its places are to be set. */
Step *step_add(Unit *u, Steps *to, StepKind kind, Loc loc, int nplaces);
/* A step sees an address: what strides the value at it has is the kernels' affair. */
void  step_set_place(Step *s, int i, Place place);
Step *step_add_copy(Unit *u, Steps *to, Loc loc, Place dst, Place src, Dim bytes);

#endif
