/* codegen/llvm/object.h - the object code of a unit, made by as many threads as there are processors. */
#ifndef CODEGEN_LLVM_OBJECT_H
#define CODEGEN_LLVM_OBJECT_H

#include "codegen/llvm/module.h"
#include "codegen/object/merge.h"

/* One relocatable ELF file, on the arena.  Its bytes depend on the unit and the spec only, not on the machine. */
ObjectBytes object_build(Arena *a, const Unit *u, const ModuleSpec *spec);

#endif
