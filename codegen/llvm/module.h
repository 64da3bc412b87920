/* codegen/llvm/module.h - a unit as one LLVM module or several, and what is made of them. */
#ifndef CODEGEN_LLVM_MODULE_H
#define CODEGEN_LLVM_MODULE_H

#include "codegen/llvm/llvm.h"
#include "codegen/object/descriptor.h"

typedef struct ModuleSpec {
	const char           *prefix;
	int                   opt_level;
	bool                  debug;         /* line tables */
	int                   nvariants;
	const Variant        *variant;       /* scheduled kernels */
	const CpuSpec *const *cpu;           /* of each variant */
	enum { WEIGHTS_SECTION, WEIGHTS_ADDRESS, WEIGHTS_FILE, WEIGHTS_SYMBOL } weights;
	const void           *address;       /* WEIGHTS_ADDRESS: where they lie in this process */
	const char           *weights_file;  /* WEIGHTS_FILE */
	uint64_t              weights_id;
	bool                  profile;       /* call the context's hook around each kernel */
} ModuleSpec;

/* Name of the section that stands for the embedded weights until they are put in place. */
#define WEIGHTS_SECTION_NAME ".rodata.tfcc"
#define WEIGHTS_LARGE_SECTION_NAME ".lrodata.tfcc"
#define WEIGHTS_LARGE_BYTES ((int64_t)1 << 30)

/* The whole unit; or all but the bodies of its kernels, which are then symbols that other modules define. */
Gen *module_build(Arena *a, const Unit *u, const ModuleSpec *spec, bool whole);
/* Kernels number from ... to - 1 of a variant, for such a module. */
Gen *module_kernels(Arena *a, const Unit *u, const ModuleSpec *spec, int variant, int from, int to);

/* These touch the module and nothing else: different modules may be worked on by different threads. */
void module_optimize(Gen *g);   /* verifies first */
/* Machine code of the module (or its assembly).  Free with LLVMDisposeMemoryBuffer. */
LLVMMemoryBufferRef module_emit(Gen *g, LLVMCodeGenFileType type);

#endif
