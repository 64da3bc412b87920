/* ir/program.h - program IR: which kernels run in which order on which buffers; one program per graph. */
#ifndef IR_PROGRAM_H
#define IR_PROGRAM_H

#include "ir/ir.h"
#include "ir/kernel.h"
#include "ir/plan.h"

typedef enum StepKind { STEP_LAUNCH, STEP_COPY, STEP_IF, STEP_WHILE, STEP_CALL } StepKind;

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
	   CALL: the callee's inputs then outputs; its workspace starts at ws_offset of ours. */
	int      kernel;              /* LAUNCH: index into unit->kernel */
	int      nplaces;
	Place   *place;
	Dim      bytes;               /* COPY */
	Program *callee;              /* CALL */
	const Dim *callee_symbol;     /* CALL: values of the callee's symbols */
	Dim      ws_offset;           /* CALL */
	Steps    body, other;         /* IF: then, else.  WHILE: body computes place[0] first; other is the loop's body */
};

struct Program {
	Func       *func;
	const char *name;
	int         nsymbols;
	Dim         symbol[64];       /* arguments, in order */
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
	VEC(Kernel *) kernel;         /* unscheduled; each once */
	VEC(UnitConst) constant;      /* PLACE_CONST's index counts here; equal blobs once */
	int64_t  const_bytes;
} Unit;

void unit_print(const Unit *u, Str *out);       /* programs, then kernels */
bool unit_verify(const Unit *u, Diag *diag);

#endif
