/* tools/run_parts.h - the parts of tfcc-run. */
#ifndef TOOLS_RUN_PARTS_H
#define TOOLS_RUN_PARTS_H

#include "ir/program.h"
#include "runtime/tfrt.h"
#include "tools/run.h"

/* What a user of tfcc-run asks for. */
typedef struct RunOptions {
	RunnerOptions runner;
	const char *model, *entry, *inputs_dir, *output_dir;    /* inputs_dir: or an .npz */
	VEC(const char *) input_name;    /* --input NAME=FILE */
	VEC(const char *) input_file;
	VEC(const char *) fetch;         /* without the % */
	bool     random, trace, check, cases, bench, steps, profile;
	int      replicas, partitions;   /* of processes that run the graph together */
	int      process;                /* whose inputs are read */
	uint64_t nsteps;                 /* --steps; 0: one run with the inputs as they are */
	uint64_t seed;
	double   seconds;                /* --bench */
} RunOptions;

/* Names of files: characters outside [A-Za-z0-9._-] become _. */
const char *file_name_of(Arena *a, const char *name);
const char *result_name(Arena *a, const Func *f, int i);    /* out0, ... */

/* run_inputs.c: what --input and --inputs-dir give, for a reader that needs an input's value; o must live as long. */
InputValues *inputs_given(Ctx *ctx, RunOptions *o);
/* A tensor an input, in the order of f's; NULL with diagnostics. */
Tensor **inputs_read(Ctx *ctx, const Func *f, const RunOptions *o, const DimEnv *dims);
/* run_fetch.c: adds the value of that name to f's results; false with a diagnostic. */
bool fetch_value(Ctx *ctx, Func *f, const char *name);
void fetch_add(Func *f, Value *v, const char *name);
void fetch_sizes(Func *f);                 /* adds the sizes that the results' types name, where they are no results yet */
/* The entry's values that are computed (no constants), in order; `order` has run. */
typedef struct Computed { VEC(Value *) value; } Computed;
void computed_values(const Func *f, Arena *a, Computed *out);

/* The model again, as far as compile_load: what one run changes the next must not see. */
Module *model_load(Ctx *ctx, RunOptions *o, Func **entry);

/* run_check.c: 0, or 3 after diagnostics that name the first op that differs. */
bool check_run(Ctx *ctx, RunOptions *o, const DimEnv *env, Tensor *const *in, int nin, bool *differs);
bool trace_run(Ctx *ctx, RunOptions *o, const DimEnv *env, Tensor *const *in, int nin);
/* run_bench.c */
typedef struct Work { double flops, bytes; bool open; } Work;     /* open: a loop's trip count is unknown */
Work work_of(const Func *f, const DimEnv *env);
bool bench_run(RunnerCall *c, const RunOptions *o, const char *graph, const Work *w);
/* run_profile.c: a table of the kernels that ran, the slowest first. */
void profile_print(const tfrt_context *c, const Unit *u, const Func *entry, const DimEnv *env, FILE *out);
/* tfcc-run.c */
bool make_dir(Ctx *ctx, const char *dir);
bool write_results(Ctx *ctx, const char *dir, const Func *f, const RunnerCall *c);
void print_results(Ctx *ctx, const char *whose, const Func *f, const RunnerCall *c);    /* whose: put behind each name */
/* run_replicas.c: replicas * partitions processes run the model together.  Gives the exit code; prints the diagnostics. */
int  replicas_run(Ctx *ctx, const RunOptions *o);

/* run_cases.c: every graph @f beside which there is @f.data, which gives its inputs, then the results wanted; of several processes
   stacked, with one more axis in front that counts processes.  Loaded for o->process; a run is false with diagnostics. */
typedef struct Cases { Runner *r; VEC(struct Case *) all; int wrong; } Cases;
bool cases_load(Ctx *ctx, RunOptions *o, Cases *out);
bool cases_check(Cases *c);
void cases_free(Cases *c);
bool cases_run(Ctx *ctx, RunOptions *o, bool *differs);

#endif
