/* ir/program.h - program IR: which kernels run in which order on which buffers; one program per graph. */
#ifndef IR_PROGRAM_H
#define IR_PROGRAM_H

#include "ir/custom.h"
#include "ir/ir.h"
#include "ir/kernel.h"
#include "ir/plan.h"

#define PROGRAM_MAGIC          "tfcc_program"   /* the text form's first word */
#define PROGRAM_FORMAT_VERSION 1

typedef enum StepKind { STEP_LAUNCH, STEP_COPY, STEP_IF, STEP_WHILE, STEP_CALL, STEP_CUSTOM, STEP_SIZE } StepKind;

typedef struct Program Program;
typedef struct Step Step;
typedef struct Steps { Step *first, *last; } Steps;

struct Step {
	StepKind kind;
	Loc      loc;
	Step    *next;
	/* LAUNCH: kernel->nparams places; the kernel's symbolic parameters and ntasks are evaluated from the symbols (kernels
	   are shared only when these expressions are equal too: scheduling may lean on them).
	   COPY: place[0] = place[1], `bytes` bytes, not overlapping.  IF, WHILE: place[0] holds the bool.
	   CALL: the callee's inputs then outputs; its workspace starts at ws_offset of ours.
	   CUSTOM: the C function's operands then results; it is called once, by the thread that runs the program.
	   SIZE: from here to the end of these steps the symbol `size` is the i64 at place[0]; the call ends with TFRT_SHAPE where it
	   is not within its bound, or where a constraint or an extent that mentions it does not hold. */
	int      kernel;              /* LAUNCH: index into unit->kernel */
	int      nplaces;
	Place   *place;
	Dim      bytes;               /* COPY */
	Program *callee;              /* CALL */
	const Dim *callee_symbol;     /* CALL: values of the callee's symbols */
	int      nsymbols;            /* CALL: how many they are */
	Dim      ws_offset;           /* CALL */
	const Custom *custom;         /* CUSTOM */
	const Dim *custom_dim;        /* CUSTOM: custom->ndims of them */
	Dim      size;                /* SIZE */
	int      result;              /* SIZE: the number of the output that gets the size, too; -1: none */
	Steps    body, other;         /* IF: then, else.  WHILE: body computes place[0] first; other is the loop's body */
};

struct Program {
	Func       *func;
	const char *name;
	int         nsymbols;
	Dim         symbol[64];       /* arguments, in order */
	VEC(Dim)    extent;           /* of inner values: a call is refused where one is negative, as of inputs and outputs */
	Steps       steps;
	Dim         ws_bytes;         /* shared part of the workspace */
	Program    *next;
};

/* All that goes into one object: programs, the kernels they launch, the constants they read. */
typedef struct UnitConst { Blob *blob; int64_t offset, bytes; } UnitConst;   /* offset in the data section, 64-byte aligned */
typedef struct Unit {
	Ctx     *ctx;
	Module  *module;
	Arena   *arena;
	Program *programs;            /* in the module's order; callees too */
	VEC(Kernel *) kernel;         /* each once */
	bool     scheduled;           /* the kernels are, for some machine: they are taken as they are */
	VEC(UnitConst) constant;      /* PLACE_CONST's index counts here; equal blobs once */
	int64_t  const_bytes;
} Unit;

/* Where a size gets its value, and the symbols that have one from there on: arguments, sizes around it, itself the last one. */
typedef struct SizeStep { const Step *step; Dim *known; int nknown; } SizeStep;
/* All of them, in order; gives their number. */
int  program_sizes(Arena *a, const Program *p, SizeStep **out);
/* Has d its value when the call begins; or from that step on, and not before? */
bool program_knows(const Program *p, Dim d);
bool size_gives(const SizeStep *s, Dim d);
/* Can a == b be told from that step on, and not before? */
bool size_decides(const SizeStep *s, Dim a, Dim b);
/* The most that d can be, in terms of the arguments: d itself where it mentions no size.  NULL: it does not fit 64 bits. */
Dim  program_most(const Unit *u, const Program *p, Dim d);
/* Of input or output i (behind the inputs): with room for all that a size may be.  NULL: a bound does not fit 64 bits; not in a verified
   program. */
const Type *program_room(const Unit *u, const Program *p, int i);

struct PrintOptions;              /* ir/text.h */
struct ParseHooks;
/* The text form, docs/graph-format.md: programs, constants, kernels.  parse(print(u)) prints the same, and compiles to the same.
   opt NULL: all defaults; locations are not printed. */
void  unit_print(const Unit *u, const struct PrintOptions *opt, Str *out);
/* Verified; the locations of its steps are those of the text.  hooks give the values of `blob "key"`; may be NULL.  NULL with
   diagnostics. */
Unit *unit_parse(Ctx *ctx, Source *src, const struct ParseHooks *hooks);
bool  unit_verify(const Unit *u, Diag *diag);

#endif
