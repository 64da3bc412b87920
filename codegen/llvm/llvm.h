/* codegen/llvm/llvm.h - what the files of the LLVM printer share: the module under construction and its types.

   A unit is one LLVM module, or several (object.c), each in a context of its own.  Every function carries the CPU and
   features of its variant; entry code and descriptor use the baseline.  Values map 1:1: vectors are <n x T>, bool is i1 in registers and a byte 0/1
   in memory, f16 and bf16 are their bits (i16), because all that happens to them is conversion. */
#ifndef CODEGEN_LLVM_LLVM_H
#define CODEGEN_LLVM_LLVM_H

#include <llvm-c/Core.h>
#include <llvm-c/TargetMachine.h>

#include "codegen/codegen.h"
#include "codegen/llvm/cpu.h"

typedef LLVMValueRef Val;

/* A struct of runtime/abi.h as an LLVM type, and the numbers of its fields: ABI_context_variant, ... */
typedef enum AbiStruct { ABI_CONTEXT, ABI_MODEL, ABI_GRAPH, ABI_DIM, ABI_TENSOR, ABI_VARIANT, ABI_STRUCT_COUNT } AbiStruct;

typedef struct Debug Debug;

typedef struct Gen {
	LLVMContextRef       ctx;
	LLVMModuleRef        mod;
	LLVMBuilderRef       b;
	LLVMTargetMachineRef tm;
	int                  opt_level;
	Arena               *arena;
	const Unit          *unit;
	const CpuSpec       *base;       /* what every CPU that can load the object has */
	const CpuSpec       *cpu;        /* of the function under construction */
	Val                  fn;         /* the function under construction */
	LLVMTypeRef          i1, i8, i16, i32, i64, f32, f64, ptr, none;
	LLVMTypeRef          abi[ABI_STRUCT_COUNT];
	Map                  soft_fma[8]; /* CpuSpec* -> function, by log2 of the lanes */
	Val                  parallel;   /* the function that runs a parallel loop */
	Debug               *debug;      /* line tables, or NULL */
	bool                 fast_isel;  /* -O0: LLVM selects instructions one by one; see gen_select */
} Gen;

Gen *gen_new(Arena *a, const Unit *u, const CpuSpec *base, int opt_level);
void gen_free(Gen *g);               /* module and context too */

/* Types and constants. */
LLVMTypeRef gen_type(Gen *g, KType t);          /* in registers */
LLVMTypeRef gen_memory_type(Gen *g, DType t);   /* of an element in memory */
Val gen_i32(Gen *g, int64_t v);
Val gen_i64(Gen *g, int64_t v);
Val gen_null(Gen *g);                           /* null pointer */
Val gen_bits(Gen *g, KType t, uint64_t bits);   /* in every lane */
Val gen_splat(Gen *g, Val scalar, int lanes);
Val gen_text(Gen *g, const char *s);            /* address of the characters and a final 0 */
/* The intrinsic of this name, overloaded on the types given. */
Val gen_select(Gen *g, Val cond, Val a, Val b);
Val gen_intrinsic(Gen *g, const char *name, int ntypes, LLVMTypeRef *types, int nargs, Val *args);

/* Functions. */
Val  gen_function(Gen *g, const char *name, LLVMTypeRef type, const CpuSpec *cpu, bool exported);
void gen_attribute(Gen *g, Val fn, unsigned where, const char *name, uint64_t value);
/* Begins the body of fn, for cpu; loc: what it is made from.  gen_leave goes back to what was under construction. */
typedef struct Scope { Val fn; const CpuSpec *cpu; LLVMBasicBlockRef block; LLVMMetadataRef function, location; } Scope;
Scope gen_enter(Gen *g, Val fn, const CpuSpec *cpu, Loc loc);
void  gen_leave(Gen *g, Scope outer);
LLVMBasicBlockRef gen_block(Gen *g, const char *name);        /* appended to g->fn */
void gen_at(Gen *g, LLVMBasicBlockRef block);
/* An alloca in the entry block of g->fn. */
Val  gen_alloca(Gen *g, LLVMTypeRef type, Val count, int align, const char *name);
Val  gen_offset(Gen *g, Val base, Val bytes);                 /* base + bytes */
Val  gen_field(Gen *g, AbiStruct s, Val base, int field);     /* load of a field */

/* Scalar operations: scalar.c, convert.c, softfma.c. */
Val gen_scalar(Gen *g, ScalarOp op, KType in, KType out, Val a, Val b, Val c);
Val gen_convert(Gen *g, KType from, KType to, Val x);
Val gen_fma(Gen *g, KType t, Val a, Val b, Val c);
Val gen_fneg_if(Gen *g, KType t, Val x, Val cond);

/* debug.c: line tables.  Without debug_start nothing happens. */
void debug_start(Gen *g, Loc first);
void debug_finish(Gen *g);
void debug_line(Gen *g, Loc loc);          /* of what is built next */
LLVMMetadataRef debug_function(Gen *g, Val fn, Loc loc);
void debug_back(Gen *g, LLVMMetadataRef outer, LLVMMetadataRef location);

/* kernel.c: an internal function void (ptr..., i64..., i64 task, ptr scratch), and its body. */
Val  gen_kernel_declare(Gen *g, const Kernel *k, const CpuSpec *cpu, const char *name);
void gen_kernel(Gen *g, const Kernel *k, const CpuSpec *cpu, Val fn, Loc loc);

#endif
