/* tools/tfcc-opt.c - reads a graph, runs the passes that are named, prints the graph. */
#include <stdlib.h>
#include <string.h>

#include "frontend/frontend.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "passes/pass.h"
#include "tools/cli.h"
#include "tools/expect.h"

enum { PASSES_MAX = 256, DIMS_MAX = 64 };

static const char usage[] =
	"usage: tfcc-opt FILE [options]       ('-' is standard input)\n"
	"  --passes=A,B,...       run these passes, in this order\n"
	"  --pass.NAME=off        switch a pass off, or give it an option\n"
	"  --dim N=8              what the pass 'bind' makes of the symbol N; may be repeated\n"
	"  -o FILE                write there; constants that are not printed inline go to FILE's stem + .safetensors\n"
	"  --load-weights         read the values of weights, too\n"
	"  --print-locs           print where each op comes from\n"
	"  --inline-limit=N       print constants of up to N elements (64)\n"
	"  --no-print             only check\n"
	"  --verify-diagnostics   succeed if the diagnostics are those that `// expected-error {{text}}` comments expect\n"
	"  --split-input          take what is between lines `// -----` as files of their own\n"
	"  --dump=PASS,...|all    print the graph after these passes to standard error\n"
	"  --time, --stats        tell how long passes took and what they did\n"
	"  --explain              say what was done and why not\n"
	"  --bisect=N             stop rewriting after N rewrites\n"
	"  --help-passes          list the passes\n"
	"  --help\n";

typedef struct Options {
	const char *input, *output, *passes;
	bool load, no_print, verify_diagnostics, split;
	PrintOptions print;
	PassOptions  pass;
	const char  *switches[PASSES_MAX];    /* pass.NAME=VALUE */
	int          nswitches;
	const char  *dim_name[DIMS_MAX];
	int64_t      dim_value[DIMS_MAX];
	int          ndims;
} Options;

/* What a machine-dependent pass is told when a single pass is tried out: an x86-64-v3 CPU. */
static const TargetFacts default_facts = {
	.name = "x86-64-v3", .vector_bytes = 32, .vector_registers = 16, .masked_memory = true, .fma = true,
	.l1_bytes = 32 << 10, .l2_bytes = 512 << 10, .panel = 16, .max_unroll = 64,
};

/* Reads `--name=value`. */
static const char *value_of(const char *arg, const char *name)
{
	size_t n = strlen(name);

	return strncmp(arg, name, n) == 0 && arg[n] == '=' ? arg + n + 1 : NULL;
}

static void help_passes(void)
{
	for (int i = 0; i < PASS_COUNT; i++)
		printf("%-16s %s\n", pass_info[i].name, pass_info[i].doc);
}

static int wrong_usage(const char *what, const char *arg)
{
	fprintf(stderr, "tfcc-opt: %s%s%s; --help lists the options\n", what, arg ? " " : "", arg ? arg : "");
	return 1;
}

/* `N=8`, in place. */
static bool add_dim(Options *o, char *text)
{
	char *eq = strchr(text, '='), *end;

	if (!eq || eq == text || !eq[1] || o->ndims == DIMS_MAX)
		return false;
	*eq = '\0';
	o->dim_name[o->ndims] = text;
	o->dim_value[o->ndims++] = strtoll(eq + 1, &end, 10);
	return !*end;
}

/* -1: go on; else the exit code. */
static int parse_options(int argc, char **argv, Options *o)
{
	const struct { const char *name; bool *flag; } flags[] = {
		{ "--load-weights", &o->load }, { "--print-locs", &o->print.locs }, { "--no-print", &o->no_print },
		{ "--verify-diagnostics", &o->verify_diagnostics }, { "--split-input", &o->split },
		{ "--time", &o->pass.time }, { "--stats", &o->pass.stats }, { "--explain", &o->pass.explain },
	};
	size_t nflags = sizeof flags / sizeof *flags;

	for (int i = 1; i < argc; i++) {
		const char *arg = argv[i], *v;
		size_t k = 0;
		while (k < nflags && strcmp(arg, flags[k].name) != 0)
			k++;
		if (k < nflags) {
			*flags[k].flag = true;
		} else if (strcmp(arg, "--help") == 0) {
			fputs(usage, stdout);
			return 0;
		} else if (strcmp(arg, "--help-passes") == 0) {
			help_passes();
			return 0;
		} else if (strcmp(arg, "-o") == 0 && i + 1 < argc) {
			o->output = argv[++i];
		} else if (strcmp(arg, "--dim") == 0 && i + 1 < argc) {
			if (!add_dim(o, argv[++i]))
				return wrong_usage("--dim wants NAME=NUMBER, not", argv[i]);
		} else if ((v = value_of(arg, "--passes"))) {
			o->passes = v;
		} else if (strncmp(arg, "--pass.", 7) == 0 && o->nswitches < PASSES_MAX) {
			o->switches[o->nswitches++] = arg + 2;
		} else if ((v = value_of(arg, "--inline-limit"))) {
			o->print.inline_limit = strtoull(v, NULL, 10);
		} else if ((v = value_of(arg, "--dump"))) {
			o->pass.dump = v;
		} else if ((v = value_of(arg, "--bisect"))) {
			o->pass.bisect = strtoll(v, NULL, 10);
		} else if (arg[0] == '-' && arg[1]) {
			return wrong_usage("unknown option", arg);
		} else if (o->input) {
			return wrong_usage("more than one input:", arg);
		} else {
			o->input = arg;
		}
	}
	return o->input ? -1 : wrong_usage("no input file", NULL);
}

static bool run(Ctx *ctx, Module *m, Options *o)
{
	PassId ids[PASSES_MAX];
	int    n = 0;

	for (int i = 0; i < o->nswitches; i++)
		if (!passes_set(ctx, o->switches[i], &o->pass))
			return false;
	if (o->passes && !passes_parse(ctx, o->passes, ids, PASSES_MAX, &n))
		return false;
	const char *names[DIMS_MAX];
	for (int i = 0; i < o->ndims; i++)
		names[i] = ctx_str(ctx, o->dim_name[i]);
	o->pass.bind = (DimEnv){ o->ndims, names, o->dim_value };
	o->pass.facts = &default_facts;
	o->pass.verify = true;
	return passes_run(ctx, m, ids, n, &o->pass);
}

/* One text, in a context of its own. Gives the exit code. */
static int process(Source *src, Options *o)
{
	Ctx *ctx = ctx_new();
	Module *m = frontend_parse(ctx, src, o->load);
	bool ok = m && run(ctx, m, o);
	int code;

	if (ok && !o->no_print)
		ok = module_write(ctx, m, o->output, o->print);
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
	Options o = { .pass = { .opt_level = 3, .bisect = -1 } };
	const char *error;
	int code = parse_options(argc, argv, &o);

	if (code >= 0)
		return code;
	Arena *a = arena_new();
	Source *src = source_read(a, o.input, &error);
	if (!src) {
		fprintf(stderr, "error: %s\n", error);
		code = 1;
	} else {
		code = o.split ? process_split(a, src, &o) : process(src, &o);
	}
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "error: standard output: it cannot be written\n");
		code = 1;
	}
	arena_free(a);
	return code;
}
