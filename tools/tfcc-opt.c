/* tools/tfcc-opt.c - reads a graph, runs the passes that are named, prints the graph; or checks and prints a lowered model. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/graph/program.h"
#include "frontend/stablehlo/mlir.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "tools/cli.h"
#include "tools/expect.h"

enum { PASSES_MAX = 256 };

static const char usage[] =
	"usage: tfcc-opt FILE [--passes=A,B,...] [options]       ('-' is standard input)\n"
	"\n"
	"Reads a graph, runs the passes that are named, in that order, and prints the graph.  What tfcc wrote by --emit=loops\n"
	"or --emit=kernel it checks and prints.\n"
	"\n"
	"examples:\n"
	"  tfcc-opt model.graph                                      checks it and prints it with all types\n"
	"  tfcc-opt model.graph --passes=expand,order,canonicalize   what these make of it\n"
	"  tfcc-opt model.graph --passes=expand,order,fuse --explain why it was fused like this\n"
	"  tfcc-opt a.graph -o b.graph --inline-limit=0              constants to b.safetensors\n"
	"\n"
	"options:\n"
	"  -o FILE              write there; constants that are not printed inline go to FILE's stem + .safetensors\n"
	"  --load-weights       read the values of weights, too\n"
	"  --print-locs         print where each op comes from\n"
	"  --inline-limit=N     print constants of up to N elements (64)\n"
	"  --mlir-tree          FILE is MLIR text: print what the reader makes of it, in generic form\n"
	"  --no-print           only check\n"
	"  --verify-diagnostics succeed if the diagnostics are those that `// expected-error {{text}}` comments expect\n"
	"  --split-input        take what is between lines `// -----` as files of their own\n";
static const char usage_end[] =
	"                       (passes that look at the machine see an x86-64-v3 CPU unless --target or --cpu says otherwise)\n"
	"\n"
	"  --help, --version, --help-ops[=NAME], --help-passes, --help-targets\n"
	"\n"
	"exit codes: 0 fine, 1 the surroundings or wrong usage, 2 the graph is refused, 70 a bug in tfcc\n";

typedef struct Options {
	const char *input, *output, *passes;
	bool load, no_print, verify_diagnostics, split, mlir_tree;
	PrintOptions   print;
	CompileOptions compile;
	TargetFacts    facts;
} Options;

static bool parse_word(Args *a, Ctx *ctx, Options *o)
{
	const struct { const char *name; bool *flag; } flags[] = {
		{ "--load-weights", &o->load }, { "--print-locs", &o->print.locs }, { "--no-print", &o->no_print },
		{ "--verify-diagnostics", &o->verify_diagnostics }, { "--split-input", &o->split },
		{ "--mlir-tree", &o->mlir_tree },
	};
	const char *word = a->argv[a->i], *v;
	uint64_t n;

	for (size_t k = 0; k < sizeof flags / sizeof *flags; k++)
		if (arg_flag(a, flags[k].name))
			return *flags[k].flag = true;
	if (arg_value(a, ctx, "-o", &v)) {
		o->output = v;
	} else if (arg_value(a, ctx, "--passes", &v)) {
		o->passes = v;
	} else if (arg_value(a, ctx, "--inline-limit", &v)) {
		if (arg_number(ctx, "--inline-limit", v, 0, INT64_MAX, &n))
			o->print.inline_limit = n;
	} else if (word[0] == '-' && word[1]) {
		if (!pass_option(a, ctx, &o->compile))
			diag_system(&ctx->diag, "unknown option %s; tfcc-opt --help lists them", word);
	} else if (o->input) {
		diag_system(&ctx->diag, "two files, %s and %s: tfcc-opt reads one", o->input, word);
	} else {
		o->input = word;
		a->i++;
	}
	return ctx->diag.nerrors == 0;
}

/* -1: go on; else the exit code. */
static int parse_options(Args *a, Ctx *ctx, Options *o)
{
	while (a->i < a->argc) {
		if (arg_flag(a, "--help") || arg_flag(a, "-h")) {
			printf("%s%s%s", usage, pass_options_help, usage_end);
			return 0;
		}
		int helped = help_option(a);
		if (helped >= 0)
			return helped;
		if (!parse_word(a, ctx, o))
			return tool_finish(ctx);
	}
	if (!o->compile.codegen.cpu && strcmp(o->compile.codegen.target, "cpu") == 0)
		o->compile.codegen.cpu = "x86-64-v3";
	if (!o->input)
		diag_system(&ctx->diag, "no input file; tfcc-opt --help shows how to use it");
	else if (codegen_target(o->compile.codegen.target)->facts(ctx, &o->compile.codegen, &o->facts))
		return -1;
	return tool_finish(ctx);
}

static bool run(Ctx *ctx, Module *m, Options *o)
{
	const CompileOptions *c = &o->compile;
	const char *names[OPTIONS_MAX];
	PassOptions pass = c->passes;
	PassId ids[PASSES_MAX];
	int    n = 0;

	if (o->passes && !passes_parse(ctx, o->passes, ids, PASSES_MAX, &n))
		return false;
	for (int i = 0; i < c->nbind; i++)
		names[i] = ctx_str(ctx, c->bind_name[i]);
	pass.bind = (DimEnv){ c->nbind, names, c->bind_value };
	pass.facts = &o->facts;
	pass.verify = true;
	return passes_run(ctx, m, ids, n, &pass);
}

static bool process_graph(Ctx *ctx, Source *src, Options *o)
{
	Module *m = frontend_parse(ctx, src, o->load);

	return m && run(ctx, m, o) && (o->no_print || module_write(ctx, m, o->output, o->print));
}

static bool process_program(Ctx *ctx, Source *src, const Options *o)
{
	if (o->passes) {
		diag_system(&ctx->diag, "--passes: %s is a lowered model, without graphs to run passes on", src->name);
		return false;
	}
	const Unit *u = program_parse(ctx, src);
	return u && (o->no_print || unit_write(ctx, u, o->output, o->print));
}

static bool process_mlir(Ctx *ctx, Source *src, const Options *o)
{
	const MlirModule *m = mlir_parse(ctx, src);
	Str text = { 0 };

	if (m && !o->no_print) {
		mlir_print(&text, m);
		fputs(str_cstr(&text), stdout);
		str_free(&text);
	}
	return m != NULL;
}

/* One text, in a context of its own. Gives the exit code. */
static int process(Source *src, Options *o)
{
	Ctx *ctx = ctx_new();

	if (o->verify_diagnostics)
		ctx->diag.max_errors = INT_MAX;

	bool ok = o->mlir_tree ? process_mlir(ctx, src, o) : text_is_program(src->text, src->size) ? process_program(ctx, src, o) : process_graph(ctx, src, o);
	int code;

	if (o->verify_diagnostics) {
		code = expect_check(&ctx->diag, src, stderr) ? 0 : 2;
	} else {
		diag_print(&ctx->diag, stderr);
		code = ok ? 0 : diag_exit_code(&ctx->diag);
	}
	ctx_free(ctx);
	return code;
}

/* The pieces between `// -----` lines, each with the lines before it left empty, so that line numbers stay. */
static int process_split(Arena *a, const Source *src, Options *o)
{
	static const char mark[] = "// -----";
	int code = 0;

	for (size_t begin = 0; begin < src->size;) {
		const char *end = src->text + begin;
		while ((end = strstr(end, mark)) && end > src->text && end[-1] != '\n')
			end++;
		size_t stop = end ? (size_t)(end - src->text) : src->size;
		char *piece = arena_strndup(a, src->text, stop);
		for (size_t i = 0; i < begin; i++)
			if (piece[i] != '\n')
				piece[i] = ' ';
		if (begin && !o->no_print && !o->verify_diagnostics)
			puts(mark);
		int c = process(source_from_text(a, src->name, piece, stop), o);
		fflush(stdout);
		code = c > code ? c : code;
		begin = end ? stop + sizeof mark - 1 : src->size;
	}
	return code;
}

int main(int argc, char **argv)
{
	Ctx *ctx = ctx_new();      /* of the command line */
	Args a = { "tfcc-opt", argc, 1, argv };
	Options o = { 0 };
	const char *error;

	compile_options_init(&o.compile);
	o.compile.passes.opt_level = 3;
	tool_on_bug("tfcc-opt", argc, argv);
	int code = parse_options(&a, ctx, &o);
	if (code < 0) {
		Source *src = source_read(ctx->arena, o.input, &error);
		if (!src) {
			diag_system(&ctx->diag, "%s", error);
			code = tool_finish(ctx);
		} else {
			code = o.split ? process_split(ctx->arena, src, &o) : process(src, &o);
		}
	}
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "error: standard output: it cannot be written\n");
		code = 1;
	}
	ctx_free(ctx);
	return code;
}
