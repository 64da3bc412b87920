/* codegen/llvm/cpu.h - the CPUs that code can be made for: their features, as LLVM and the runtime name them, and facts.

   Code uses the features listed here and no other, so that what an object requires can be checked when it is opened.
   LLVM's own idea of a CPU is used for tuning only. */
#ifndef CODEGEN_LLVM_CPU_H
#define CODEGEN_LLVM_CPU_H

#include "ir/base/arena.h"
#include "ir/base/diag.h"
#include "ir/target.h"

typedef struct CpuSpec {
	const char *name;       /* as given to --cpu */
	int         arch;       /* TFRT_ARCH_... */
	uint64_t    required;   /* TFRT_FEATURE bits */
	const char *triple;
	const char *llvm_cpu;   /* the baseline of the architecture */
	const char *tune;       /* LLVM's name for scheduling models */
	const char *features;   /* "+avx,+fma" */
	bool        fma;        /* of f32 and f64, in hardware */
	bool        f16;        /* conversions between f16 and f32 */
	bool        round;      /* floor, ceil, trunc and roundeven */
	TargetFacts facts;
} CpuSpec;

extern const char *const cpu_names[];      /* of cpu.def, NULL-terminated */
/* The CPU of this name ("native": this machine's features).  NULL with a diagnostic that lists close names. */
const CpuSpec *cpu_find(Arena *a, Diag *diag, const char *name);
/* The baseline of the same architecture. */
const CpuSpec *cpu_baseline(Arena *a, const CpuSpec *cpu);
/* The CPUs of a comma list, strongest first.  0 with diagnostics: an unknown name, one twice, two architectures. */
int cpu_list(Arena *a, Diag *diag, const char *list, const CpuSpec ***out);

#endif
