/* tools/cli.h - what the tools share: options, loading, the pipeline, exit codes. */
#ifndef TOOLS_CLI_H
#define TOOLS_CLI_H

#include "codegen/codegen.h"
#include "frontend/frontend.h"
#include "ir/base/diag.h"
#include "ir/text.h"
#include "passes/pass.h"

/* A command line: options start with '-', everything else is a file; "--" ends options. */
typedef struct Args {
	const char *tool;          /* for messages */
	int argc, i;
	char **argv;
} Args;

/* Is the word at hand this option?  "--name" alone: for value, takes "--name=VALUE" or the next word.  Advances. */
bool arg_flag(Args *a, const char *name);
bool arg_value(Args *a, Ctx *ctx, const char *name, const char **value);

enum { OPTIONS_MAX = 64 };     /* of --dim, and of --bind */

/* A whole number in a range; false with a diagnostic. */
bool arg_number(Ctx *ctx, const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *out);

/* Options of every tool that compiles. */
typedef struct CompileOptions {
	CodegenOptions codegen;
	PassOptions    passes;
	const char    *bind_name[OPTIONS_MAX];      /* --dim N=8 */
	int64_t        bind_value[OPTIONS_MAX];
	int            nbind;
	const char    *input_name[OPTIONS_MAX];     /* --bind NAME=FILE.npy: an input becomes a constant */
	const char    *input_file[OPTIONS_MAX];
	int            ninputs;
	bool           explain;
	const char    *entry;              /* the graph that --bind is about; NULL: see entry_graph */
	const InputValues *given;          /* asked behind --bind where a reader needs the value of an input; NULL: none */
	VEC(const char *) asked;           /* by compile_load: inputs whose values a reader has got, and their positions in the model */
	VEC(int)       asked_at;
} CompileOptions;

void compile_options_init(CompileOptions *o);
/* Takes the option at hand if it is one of these: 1 taken, 0 not ours, -1 wrong (diagnosed).  pass_option knows those
   that passes look at, compile_option these and the others. */
int  pass_option(Args *a, Ctx *ctx, CompileOptions *o);
int  compile_option(Args *a, Ctx *ctx, CompileOptions *o);
extern const char pass_options_help[], compile_options_help[];

/* tools/help.c: --version, --help-ops[=NAME], --help-passes, --help-targets: prints and gives the exit code, or -1. */
int help_option(const Args *a);
const char *help_attr_kind(AttrKind kind);
void help_attr_default(Str *out, const AttrInfo *a);

/* The graph of that name; NULL: `main` where there is one, else the first.  NULL with a diagnostic. */
Func *entry_graph(Ctx *ctx, const Module *m, const char *name);
const char *input_name(Arena *a, const Func *f, int i);     /* arg0, arg1, ... where nameless */
/* The input that a name or a number ("0") means; -1 after a diagnostic, INPUT_TAKEN where the reader has made it a constant. */
enum { INPUT_TAKEN = -2 };
int input_find(Ctx *ctx, const Func *f, const CompileOptions *o, const char *option, const char *word);
/* Where input i of f stands in the model, before the reader made constants of some. */
int input_position(Ctx *ctx, const Func *f, const CompileOptions *o, int i);
/* Is that word the name of an input, or its position? */
bool input_is(const char *word, const char *name, int position);
/* Reads a model and applies --bind, which adds the symbols of those inputs' shapes to --dim.  NULL with diagnostics. */
Module *compile_load(Ctx *ctx, const char *path, CompileOptions *o);
/* The pipeline up to buffers, for the target of o.  False with diagnostics. */
bool compile_passes(Ctx *ctx, Module *m, CompileOptions *o);

/* tools/write.c: to a file, or to standard output where path is NULL or "-".  False with a diagnostic. */
bool text_write(Ctx *ctx, const char *path, const Str *text);
/* Constants that the text does not hold go to path's stem + .safetensors; on standard output it only names them. */
bool module_write(Ctx *ctx, const Module *m, const char *path, PrintOptions print);
bool unit_write(Ctx *ctx, const Unit *u, const char *path, PrintOptions print);

/* Prints the diagnostics to stderr and gives the exit code: 0, 1 or 2. */
int  tool_finish(const Ctx *ctx);
/* On one of our own bugs: leave the model and say which command repeats it. */
void tool_on_bug(const char *tool, int argc, char **argv);
extern const char tool_version[];

#endif
