/* test/conformance/batch.c - runs many programs, each in a child of its own, so that starting costs nothing and no program
   can hurt another.

   A line of standard input is TARGET MODEL PREFIX, separated by tabs; PREFIX.in0.npy, PREFIX.in1.npy, ... are the inputs,
   or, where there is a file PREFIX.inputs, those that it names: NAME FILE, separated by a tab, one a line; such an input may
   determine a shape.  The results go to PREFIX.got0.npy, ..., their names, element types and files to PREFIX.results, what the
   compiler says to PREFIX.log.  The answer is a line: exit code (128 + signal for a crash, 124 for a program that takes too long).

   usage: conform-batch [SECONDS [ROUND]]: the limit for one program, 60 by default; and how long to call it, over and over, if
   the best time of a call is wanted in PREFIX.time, in seconds */
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "frontend/tensor_file.h"
#include "frontend/weights/npy.h"
#include "ir/base/file.h"
#include "ir/eval.h"
#include "tools/run_parts.h"

/* What PREFIX.inputs names. */
typedef struct Named {
	bool listed;               /* is there such a file? */
	int  n;
	const char **name, **file;
} Named;

static bool read_names(Ctx *ctx, const char *prefix, Named *out)
{
	const char *path = arena_printf(ctx->arena, "%s.inputs", prefix);
	const void *bytes;
	size_t size;
	const char *error;

	*out = (Named){ 0 };
	if (access(path, F_OK))
		return true;
	if (!file_map(ctx->arena, path, &bytes, &size, &error)) {
		diag_system(&ctx->diag, "cannot read '%s': %s", path, error);
		return false;
	}
	char *text = arena_strndup(ctx->arena, bytes, size), *line;
	out->listed = true;
	out->name = ARENA_ARRAY(ctx->arena, const char *, size + 1);
	out->file = ARENA_ARRAY(ctx->arena, const char *, size + 1);
	while ((line = strsep(&text, "\n"))) {
		const char *name = strsep(&line, "\t");
		if (!line)
			continue;
		out->name[out->n] = name;
		out->file[out->n++] = line;
	}
	return true;
}

static Tensor *value_for(void *arg, Ctx *ctx, const char *name, int position, DType wanted)
{
	const Named *named = arg;

	(void)position;
	for (int k = 0; k < named->n; k++)
		if (strcmp(named->name[k], name) == 0)
			return tensor_read(&ctx->diag, named->file[k], name, &wanted);
	return NULL;
}

/* The file of input i, or NULL after a diagnostic. */
static const char *file_for(Ctx *ctx, const Func *f, const char *prefix, const Named *named, int i)
{
	const char *name = input_name(ctx->arena, f, i);

	if (!named->listed)
		return arena_printf(ctx->arena, "%s.in%d.npy", prefix, i);
	for (int k = 0; k < named->n; k++)
		if (strcmp(named->name[k], name) == 0)
			return named->file[k];
	diag_system(&ctx->diag, "nothing is given for input %s", name);
	return NULL;
}

static bool read_all(Ctx *ctx, const Func *f, const char *prefix, const Named *named, Tensor **in)
{
	for (int i = 0; i < f->body->args.n; i++) {
		const char *file = file_for(ctx, f, prefix, named, i);
		const DType wanted = f->body->args.at[i]->type->dtype;
		in[i] = file ? tensor_read(&ctx->diag, file, input_name(ctx->arena, f, i), &wanted) : NULL;
		if (!in[i])
			return false;
	}
	return true;
}

static bool write_all(Ctx *ctx, const Func *f, const char *prefix, const RunnerCall *c)
{
	FILE *list = fopen(arena_printf(ctx->arena, "%s.results", prefix), "w");

	if (!list)
		return false;
	for (int i = 0; i < f->result_types.n; i++) {
		const char *file = arena_printf(ctx->arena, "%s.got%d.npy", prefix, i);
		const Tensor *t = runner_out(c, i);
		if (!npy_write(&ctx->diag, file, t)) {
			fclose(list);
			return false;
		}
		fprintf(list, "%s\t%s\t%s\n", result_name(ctx->arena, f, i), dtype_info[t->dtype].name, file);
	}
	return fclose(list) == 0;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Best of three rounds of as many calls as take `round` seconds. */
static bool measure(Ctx *ctx, RunnerCall *c, double round, const char *prefix)
{
	double best = 0, took = 0;
	long calls = 1;

	for (int rounds = 0; rounds < 3;) {
		double start = now();
		for (long i = 0; i < calls; i++)
			if (!runner_again(c))
				return false;
		took = now() - start;
		if (took < round / 2 && calls < 1L << 40) {
			calls *= 2;
			continue;
		}
		if (rounds++ == 0 || took / (double)calls < best)
			best = took / (double)calls;
	}
	FILE *f = fopen(arena_printf(ctx->arena, "%s.time", prefix), "w");
	if (!f)
		return false;
	fprintf(f, "%.9g\n", best);
	return fclose(f) == 0;
}

static bool run(Ctx *ctx, const char *target, const char *model, const char *prefix, double round)
{
	RunnerOptions o = { .interp = strcmp(target, "interp") == 0, .cc_flags = "-O1 -march=native" };
	DimEnv env;

	compile_options_init(&o.compile);
	if (strcmp(target, "c") == 0)
		o.compile.codegen.target = "c";
	Named named;
	if (!read_names(ctx, prefix, &named))
		return false;
	InputValues given = { value_for, &named };
	o.compile.given = named.listed ? &given : NULL;
	Module *m = compile_load(ctx, model, &o.compile);
	Func *f = m ? entry_graph(ctx, m, NULL) : NULL;
	if (!f)
		return false;
	module_keep(m, f);
	Tensor **in = ARENA_ARRAY(ctx->arena, Tensor *, f->body->args.n + 1);
	if (!read_all(ctx, f, prefix, &named, in) || !eval_symbols(ctx, ctx->arena, f, NULL, in, f->body->args.n, &env))
		return false;
	Runner *r = runner_new(ctx, m, &o);
	RunnerCall *c = r ? runner_begin(r, f->name, &env, in, f->body->args.n) : NULL;
	bool ok = c && runner_again(c);
	ok = ok && write_all(ctx, f, prefix, c);
	if (ok && round > 0)
		ok = measure(ctx, c, round, prefix);
	if (c)
		runner_end(c);
	runner_free(r);
	return ok;
}

/* The child of one line; never returns. */
static void child(const char *target, const char *model, const char *prefix, unsigned seconds, double round)
{
	char log[4096];

	snprintf(log, sizeof log, "%s.log", prefix);
	if (!freopen(log, "w", stderr))
		_exit(1);
	alarm(seconds);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	Ctx *ctx = ctx_new();
	run(ctx, target, model, prefix, round);
	int code = tool_finish(ctx);
	fflush(stderr);
	_exit(code);
}

int main(int argc, char **argv)
{
	unsigned seconds = argc > 1 ? (unsigned)atoi(argv[1]) : 60;
	double round = argc > 2 ? atof(argv[2]) : 0;
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0) {
		char *target = strtok(line, "\t\n"), *model = strtok(NULL, "\t\n"), *prefix = strtok(NULL, "\t\n");
		int status = 0;
		if (!prefix) {
			fprintf(stderr, "conform-batch: a line is TARGET MODEL PREFIX, separated by tabs\n");
			return 1;
		}
		pid_t pid = fork();
		if (pid == 0)
			child(target, model, prefix, seconds, round);
		if (pid < 0 || waitpid(pid, &status, 0) < 0)
			return 1;
		int code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status) == SIGALRM ? 124 : 128 + WTERMSIG(status);
		printf("%d\n", code);
		fflush(stdout);
	}
	free(line);
	return 0;
}
