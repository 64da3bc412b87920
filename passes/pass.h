/* passes/pass.h - what a pass is, and what the pass manager gives to it. */
#ifndef PASSES_PASS_H
#define PASSES_PASS_H

#include "ir/build.h"
#include "ir/ir.h"
#include "ir/target.h"

typedef enum PassResult { PASS_SAME, PASS_CHANGED, PASS_FAILED } PassResult;

/* Everything a pass may touch.  A pass owns nothing: what must outlive the pass goes to the module's arena;
   scratch is emptied as soon as the pass returns. */
typedef struct PassCtx {
	Ctx    *ctx;          /* diagnostics, interned types */
	Module *module;
	Func   *fn;           /* the graph at hand; NULL for module passes */
	const TargetFacts *facts; /* NULL through `order`: what comes before must not depend on a machine */
	Arena  *scratch;
	int     nhits;        /* rewrites done; shown by --stats */
	bool    explain;      /* say what was done, and why not, as remarks */
	const DimEnv *bind;   /* --dim: numbers for symbols; only pass `bind` looks at them */
	int64_t *budget;      /* --bisect: rewrites left in all; see pass_may_rewrite */
} PassCtx;

/* Each optional rewrite asks first; false when --bisect has used up its number. */
bool pass_may_rewrite(PassCtx *p);

typedef PassResult (*PassFn)(PassCtx *p);

typedef enum PassScope { PASS_FUNC, PASS_MODULE } PassScope;

typedef struct PassInfo {
	const char *name;
	PassFn      run;
	PassScope   scope;
	bool        required;     /* cannot be switched off */
	const char *after;        /* comma-separated passes that must have run before, or "" */
	const char *before;       /* passes that must not have run yet, or "" */
	const char *doc;          /* what it does and why it stands where it stands */
} PassInfo;

typedef enum PassId {
#define PASS(name, ...) PASS_##name,
#include "passes/passes.def"
	PASS_COUNT
} PassId;
extern const PassInfo pass_info[PASS_COUNT];

/* How a pipeline is run. All text comes from the command line's one syntax: --pass.NAME=off|on. */
typedef struct PassOptions {
	const TargetFacts *facts;
	DimEnv       bind;                 /* symbols that get numbers; names interned */
	int          opt_level;            /* 0 skips the passes marked optional after `order`; the bits stay the same */
	bool         off[PASS_COUNT];
	const char  *dump;                 /* --dump: comma list of passes or "all": IR after them to stderr */
	bool         time, stats, explain, verify;
	int64_t      bisect;               /* -1 = no limit */
	const char  *stop_after;           /* pass name, or NULL */
	void (*on_pass)(void *arg, const char *pass, Module *m);   /* after each pass; may be NULL */
	void        *arg;
	FILE        *log;                  /* where dump, time and stats go; NULL = stderr */
} PassOptions;

/* The default pipeline in its order, as data (pipelines.c). */
extern const PassId pipeline_default[];
extern const int    pipeline_default_count;

/* Checks the order constraints, then runs.  False with diagnostics (or when a pass failed). */
bool passes_run(Ctx *ctx, Module *m, const PassId *pass, int n, const PassOptions *opt);
/* "canonicalize,fuse" -> ids; false with a diagnostic naming the nearest known pass. */
bool passes_parse(Ctx *ctx, const char *list, PassId *out, int cap, int *n);
/* `--pass.NAME=VALUE` without the dashes ("pass.fuse=off"); false with a diagnostic. */
bool passes_set(Ctx *ctx, const char *switch_text, PassOptions *opt);

#endif
