/* codegen/llvm/jit.h - compiling in process, for callers that have scheduled the kernels themselves. */
#ifndef CODEGEN_LLVM_JIT_H
#define CODEGEN_LLVM_JIT_H

#include "codegen/codegen.h"
#include "codegen/llvm/cpu.h"

/* Compiles u with kernels as variant gives them, for cpu. */
Jit *jit_variant(const Unit *u, const Variant *variant, const CpuSpec *cpu, int opt_level, const struct tfrt_model **out);

#endif
