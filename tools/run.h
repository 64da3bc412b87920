/* tools/run.h - models run in this process: by the interpreter, through LLVM, or as C that a compiler has made into a library. */
#ifndef TOOLS_RUN_H
#define TOOLS_RUN_H

#include "ir/eval.h"
#include "tools/cli.h"

/* A module that is ready to run on one target. */
typedef struct Runner Runner;

typedef struct RunnerOptions {
	CompileOptions compile;    /* target, cpu, -O, passes, --dim */
	bool        interp;        /* the reference interpreter instead of compile.codegen.target */
	int         threads;       /* 0: one */
	const char *cc;            /* target c: the C compiler; NULL: $TFCC_CC or cc */
	const char *cc_flags;      /* target c: NULL: $TFCC_CC_FLAGS or -O2 -march=native */
	bool        steps;         /* each run is a step: a result that lies over an input is that input in the next one */
	const EvalPeers *peers;    /* interp: the other processes that run this graph; NULL: none */
	/* After pass `order`, from where on bits are fixed, before anything looks at the machine; may be NULL. */
	void      (*on_order)(void *arg, Module *m);
	void       *arg;
} RunnerOptions;

/* Takes m through the passes and compiles it.  NULL with diagnostics. */
Runner *runner_new(Ctx *ctx, Module *m, const RunnerOptions *o);
/* Runs a graph.  env: all its symbols (eval_symbols).  out gets its results, one reference each.  False with diagnostics. */
bool    runner_call(Runner *r, const char *graph, const DimEnv *env, Tensor *const *in, int nin, Tensor **out);
void    runner_free(Runner *r);
const Module *runner_module(const Runner *r);

/* The same in steps, for many calls with the same inputs. */
typedef struct RunnerCall RunnerCall;
RunnerCall *runner_begin(Runner *r, const char *graph, const DimEnv *env, Tensor *const *in, int nin);  /* NULL with diagnostics */
bool        runner_again(RunnerCall *c);                       /* one run; results in runner_out(c, i) */
Tensor     *runner_out(const RunnerCall *c, int i);            /* still the call's */
void        runner_profile(const RunnerCall *c, FILE *out);    /* a table of the kernels' times */
void        runner_end(RunnerCall *c);

/* tools/run_cc.c: C files -> a loaded library.  NULL with diagnostics. */
void *library_load(Ctx *ctx, const RunnerOptions *o, const char *dir, const char *stem);

/* tools/run_custom.c: the C functions of custom_call.  What a library has is found from then on; all of a module's are there;
   the address or NULL; for EvalOptions; and what is said of one that fails (false).  False with diagnostics. */
bool  custom_load(Ctx *ctx, const char *path);
bool  customs_loaded(Ctx *ctx, const Module *m);
void *custom_symbol(const char *name);
bool  custom_evaluate(Ctx *ctx, const Op *op, Tensor *const *in, Tensor *const *out, const int64_t *dims);
bool  custom_failed(Ctx *ctx, const char *name, int code);

/* Only `keep` and what it calls stay in the module. */
void module_keep(Module *m, Func *keep);

/* tools/show.c: `f32[2, 3] = [[1.0, 2.0, ...` with at most `limit` elements, and comparing bits (all NaNs are one). */
void    tensor_show(Str *out, const Tensor *t, int64_t limit);
bool    element_is_nan(DType t, uint64_t bits);
int64_t tensor_differ(const Tensor *a, const Tensor *b, int64_t *first);   /* how many elements; -1: another type */

#endif
