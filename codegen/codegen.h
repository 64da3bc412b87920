/* codegen/codegen.h - from planned tensor IR to files: lower once, schedule per CPU, print. */
#ifndef CODEGEN_CODEGEN_H
#define CODEGEN_CODEGEN_H

#include "ir/program.h"
#include "ir/target.h"

typedef enum EmitForm { EMIT_OBJ, EMIT_SHARED, EMIT_C, EMIT_LLVM, EMIT_ASM, EMIT_TEXT, EMIT_FORM_COUNT } EmitForm;   /* TEXT: the target's own language */

typedef struct CodegenOptions {
	const char *target;       /* a row of targets.def: "cpu", "c", "template", ... */
	const char *cpu;          /* "x86-64-v3,x86-64-v4" by default on x86-64; "native"; "cortex-a72"; a comma list gives variants */
	const char *prefix;       /* C name of the model; NULL: from the output's stem */
	int         opt_level;    /* 0..3: how much LLVM or the C compiler is asked for; the bits are the same */
	bool        debug;        /* -g: line tables back to the model's text */
	bool        profile;      /* name the kernels in the descriptor and call ctx->profile around each (runtime/abi.h) */
	/* Compiling in process: the address of the C function that a custom_call names; NULL: there is none. */
	void     *(*symbol)(const char *name);
	bool        weights_file; /* leave the constants in <stem>.weights beside the object */
} CodegenOptions;

/* One scheduled form of a unit: kernel[i] for unit->kernel[i]. */
typedef struct Variant {
	TargetFacts facts;
	const char *cpu;          /* LLVM's name, or NULL */
	const char *features;     /* LLVM's feature string, or NULL */
	uint64_t    required;     /* feature bits of runtime/abi.h that the code needs */
	Kernel    **kernel;
} Variant;

/* Functions of a target (a row of targets.def); a target is one const struct. */
typedef struct CodegenTarget {
	const char *name;
	const char *doc;
	/* Facts for the passes (the strongest of the variants asked for), before lowering.  False with diagnostics for an unknown CPU. */
	bool (*facts)(Ctx *ctx, const CodegenOptions *opt, TargetFacts *out);
	/* Writes form to path (through a temporary name, renamed when complete), plus what belongs to it: the header
	   <stem>.h beside an object or C file, the weights file.  False with diagnostics. */
	bool (*emit)(const Unit *u, const CodegenOptions *opt, EmitForm form, const char *path);
	const char *const *cpus;      /* names for --cpu, NULL-terminated; NULL: the target knows none */
} CodegenTarget;
const CodegenTarget *codegen_target(const char *name);        /* NULL when there is no such row */
extern const CodegenTarget *const codegen_targets[];          /* NULL-terminated, for --help-targets */

/* codegen/lower: planned module -> unit of unscheduled kernels.  Every op that computes becomes one kernel.  NULL with diagnostics. */
Unit *codegen_lower(Ctx *ctx, Module *m);

/* codegen/sched: schedules all kernels for a machine, unless that was done before they were read.  The launches' ntasks become expressions. */
void codegen_schedule(Unit *u, Variant *v, Arena *a);
Kernel *kernel_schedule(Arena *a, const Kernel *k, const TargetFacts *f);

/* codegen/object: what every printer needs to say about a model besides its code. */
void header_print(const Unit *u, const CodegenOptions *opt, Str *out);   /* model.h */

/* codegen/llvm/jit.c: compiles in process (ORC) and gives the model's descriptor; constants are not copied. */
typedef struct Jit Jit;
struct tfrt_model;
Jit *jit_new(const Unit *u, const CodegenOptions *opt, const struct tfrt_model **out);  /* NULL with diagnostics */
void jit_free(Jit *j);

#endif
