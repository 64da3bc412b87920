/* tools/tfcc-run.c - compiles a model and runs it once, in this process: on files, compared, traced, or timed. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "frontend/weights/npy.h"
#include "ir/base/file.h"
#include "ir/base/num.h"
#include "ir/collective.h"
#include "tools/run_parts.h"

static const char usage[] =
	"usage: tfcc-run MODEL [--input NAME=FILE.npy ...] [--output-dir DIR] [options]\n"
	"\n"
	"Compiles a model for this machine, runs it once, and writes DIR/<result>.npy, or prints the results.\n"
	"\n"
	"examples:\n"
	"  tfcc-run digits.graph --input image=images.npy --output-dir out       writes out/probs.npy\n"
	"  tfcc-run digits.graph --random-inputs --dim N=2                       random images; prints the results\n"
	"  tfcc-run digits.graph --input 0=images.npy --target c --check         is printed C right?\n"
	"  tfcc-run digits.graph --input 0=images.npy --fetch %c1 --output-dir . an inner value, too\n"
	"  tfcc-run digits.graph --random-inputs --dim N=32 --bench --threads 2  how fast?\n"
	"\n"
	"inputs and results:\n"
	"  --input NAME=FILE.npy  an input by name, or by number (0=FILE.npy); nameless inputs are arg0, arg1, ...;\n"
	"                         FILE.npz:ARRAY is one array of an .npz, FILE.npz the one called NAME or the only one\n"
	"  --inputs-dir DIR       the other inputs: DIR/<input>.npy; DIR may be an .npz, or hold one, with arrays <input>\n"
	"  --random-inputs[=SEED] the other inputs: floats in [-1, 1), integers in [-8, 8)\n"
	"  --output-dir DIR       write DIR/<result>.npy; characters outside [A-Za-z0-9._-] become _,\n"
	"                         nameless results are out0, out1, ...\n"
	"  --fetch %v             the value of %v, too; may be repeated\n"
	"  --replicas R, --partitions P  with --target interp: R * P processes run the graph together, which meet at its\n"
	"                         collectives.  --input x@r.p=FILE.npy is for partition p of replica r, x@r=FILE.npy for all\n"
	"                         of replica r; of folders, DIR/r.p comes before DIR.  Results are x@r.p, or DIR/r.p/x.npy\n"
	"  --entry NAME           the graph to run (default: main, or else the first)\n"
	"what to do:\n"
	"  --target=NAME          cpu (default), c (through a C compiler) or interp (the reference interpreter)\n"
	"  --threads N            threads (default 1); the bits of the results do not depend on them\n"
	"  --check                compare with the interpreter, name the first op that differs (exit code 3) or gives NaN\n"
	"  --trace                print the interpreter's values op by op\n"
	"  --bench[=SECONDS]      median time, GFLOP/s, GB/s; --bench=- times a call for each line of standard input\n"
	"  --steps N              run N times: a result that lies over an input (`over`) is that input the next time\n"
	"  --profile              the time of each kernel\n"
	"  --cases                check every graph @f that has a graph @f.data, which gives inputs and wanted results\n"
	"  --load FILE.so         a library with C functions that the model calls (custom_call); may be repeated\n"
	"  --cc-flags FLAGS       target c: instead of -O2 -march=native; TFCC_CC names the compiler\n"
	"compiling:\n";
static const char usage_end[] =
	"  --help, --version, --help-ops[=NAME], --help-passes, --help-targets\n"
	"\n"
	"exit codes: 0 fine, 1 the surroundings or wrong usage, 2 the model is refused, 3 --check found a difference,\n"
	"            70 a bug in tfcc\n";

/* Options. */

static void seconds_of(Ctx *ctx, const char *option, const char *text, double most, double *out)
{
	if (!f64_parse(text, strlen(text), out) || !(*out >= 0 && *out <= most))
		diag_system(&ctx->diag, "%s: '%s' is not a number of seconds from 0 to %g", option, text, most);
}

static void add_input(Ctx *ctx, RunOptions *o, const char *text)
{
	const char *eq = strchr(text, '=');

	if (!eq || eq == text || !eq[1]) {
		diag_system(&ctx->diag, "--input: '%s' is not NAME=FILE.npy", text);
		return;
	}
	vec_push(ctx->arena, &o->input_name, arena_strndup(ctx->arena, text, (size_t)(eq - text)));
	vec_push(ctx->arena, &o->input_file, eq + 1);
}

/* Our own options: false when the word is none. */
static bool run_option(Args *a, Ctx *ctx, RunOptions *o)
{
	RunnerOptions *r = &o->runner;
	const char *v;
	uint64_t n;

	if (arg_value(a, ctx, "--input", &v)) {
		add_input(ctx, o, v);
	} else if (arg_value(a, ctx, "--inputs-dir", &v)) {
		o->inputs_dir = v;
	} else if (arg_value(a, ctx, "--output-dir", &v)) {
		o->output_dir = v;
	} else if (arg_value(a, ctx, "--entry", &v)) {
		o->entry = r->compile.entry = v[0] == '@' ? v + 1 : v;
	} else if (arg_value(a, ctx, "--fetch", &v)) {
		vec_push(ctx->arena, &o->fetch, v[0] == '%' ? v + 1 : v);
	} else if (arg_value(a, ctx, "--threads", &v)) {
		if (v[0] && arg_number(ctx, "--threads", v, 1, 4096, &n))
			r->threads = (int)n;
	} else if (arg_value(a, ctx, "--replicas", &v)) {
		if (v[0] && arg_number(ctx, "--replicas", v, 1, PROCESSES_MAX, &n))
			o->replicas = (int)n;
	} else if (arg_value(a, ctx, "--partitions", &v)) {
		if (v[0] && arg_number(ctx, "--partitions", v, 1, PROCESSES_MAX, &n))
			o->partitions = (int)n;
	} else if (arg_value(a, ctx, "--steps", &v)) {
		if (v[0] && arg_number(ctx, "--steps", v, 1, INT64_MAX, &o->nsteps))
			r->steps = true;
	} else if (arg_value(a, ctx, "--load", &v)) {
		custom_load(ctx, v);
	} else if (arg_value(a, ctx, "--cc-flags", &v)) {
		r->cc_flags = v;
	} else if (arg_flag(a, "--random-inputs")) {
		o->random = true;
	} else if (strncmp(a->argv[a->i], "--random-inputs=", 16) == 0) {
		o->random = true;
		arg_number(ctx, "--random-inputs", a->argv[a->i++] + 16, 0, UINT64_MAX, &o->seed);
	} else if (arg_flag(a, "--bench")) {
		o->bench = true;
	} else if (strcmp(a->argv[a->i], "--bench=-") == 0) {
		o->bench = o->steps = true;
		a->i++;
	} else if (strncmp(a->argv[a->i], "--bench=", 8) == 0) {
		o->bench = true;
		seconds_of(ctx, "--bench", a->argv[a->i++] + 8, 1e6, &o->seconds);
	} else if (arg_flag(a, "--check")) {
		o->check = true;
	} else if (arg_flag(a, "--trace")) {
		o->trace = true;
	} else if (arg_flag(a, "--cases")) {
		o->cases = true;
	} else if (arg_flag(a, "--profile")) {
		o->profile = r->compile.codegen.profile = true;
	} else {
		return false;
	}
	return true;
}

static bool target_option(Args *a, RunOptions *o)
{
	const char *word = a->argv[a->i];

	if (strcmp(word, "--target=interp") == 0) {
		a->i++;
	} else if (strcmp(word, "--target") == 0 && a->i + 1 < a->argc && strcmp(a->argv[a->i + 1], "interp") == 0) {
		a->i += 2;
	} else {
		return false;
	}
	o->runner.interp = true;
	return true;
}

/* Several processes are the interpreter's only. */
static void check_processes(Ctx *ctx, const RunOptions *o)
{
	if (o->replicas * o->partitions > PROCESSES_MAX)
		diag_system(&ctx->diag, "%d replicas of %d partitions are more than %d processes", o->replicas, o->partitions, PROCESSES_MAX);
	if (!o->runner.interp)
		diag_system(&ctx->diag, "--replicas, --partitions: only the interpreter runs several processes; give --target interp");
	if (o->trace || o->bench)
		diag_system(&ctx->diag, "--replicas, --partitions: neither --trace nor --bench follow several processes");
}

/* -1: go on; else the exit code. */
static int parse_options(Args *a, Ctx *ctx, RunOptions *o)
{
	while (a->i < a->argc) {
		const char *word = a->argv[a->i];
		if (arg_flag(a, "--help") || arg_flag(a, "-h")) {
			printf("%s%s%s%s", usage, compile_options_help, pass_options_help, usage_end);
			return 0;
		}
		int helped = help_option(a);
		if (helped >= 0)
			return helped;
		bool option = word[0] == '-' && word[1];
		if (option && !target_option(a, o) && !run_option(a, ctx, o) && compile_option(a, ctx, &o->runner.compile) == 0) {
			diag_system(&ctx->diag, "unknown option %s; tfcc-run --help lists them", word);
		} else if (!option && o->model) {
			diag_system(&ctx->diag, "two models, %s and %s: tfcc-run runs one at a time", o->model, word);
		} else if (!option) {
			o->model = word;
			a->i++;
		}
		if (ctx->diag.nerrors)
			return tool_finish(ctx);
	}
	if (!o->model)
		diag_system(&ctx->diag, "no model; tfcc-run --help shows how to use it");
	if (o->profile && o->runner.interp)
		diag_system(&ctx->diag, "--profile: the interpreter has no kernels");
	if (o->check && o->runner.interp)
		diag_system(&ctx->diag, "--check compares a target with the interpreter: give another --target");
	if (o->nsteps && (o->check || o->trace || o->cases))
		diag_system(&ctx->diag, "--steps: --check, --trace and --cases follow one run only");
	if (o->replicas * o->partitions > 1)
		check_processes(ctx, o);
	return ctx->diag.nerrors ? tool_finish(ctx) : -1;
}

/* Results. */

bool make_dir(Ctx *ctx, const char *dir)
{
	if (mkdir(dir, 0777) == 0 || errno == EEXIST)
		return true;
	diag_system(&ctx->diag, "cannot make the folder %s: %s", dir, system_reason(ctx->arena, errno));
	return false;
}

bool write_results(Ctx *ctx, const char *dir, const Func *f, const RunnerCall *c)
{
	StrMap taken;

	strmap_init(&taken, ctx->arena);
	if (!make_dir(ctx, dir))
		return false;
	for (int i = 0; i < f->result_types.n; i++) {
		const char *name = result_name(ctx->arena, f, i), *file = file_name_of(ctx->arena, name);
		if (strmap_has(&taken, file)) {
			diag_system(&ctx->diag, "results %s and %s would both be written to %s.npy", (const char *)strmap_get(&taken, file), name,
			            file);
			return false;
		}
		strmap_set(&taken, file, (void *)name);
		if (!npy_write(&ctx->diag, arena_printf(ctx->arena, "%s/%s.npy", dir, file), runner_out(c, i)))
			return false;
	}
	return true;
}

void print_results(Ctx *ctx, const char *whose, const Func *f, const RunnerCall *c)
{
	for (int i = 0; i < f->result_types.n; i++) {
		Str text = { 0 };
		tensor_show(&text, runner_out(c, i), 64);
		printf("%%%s%s: %s\n", result_name(ctx->arena, f, i), whose, str_cstr(&text));
		str_free(&text);
	}
}

/* Running. */

Module *model_load(Ctx *ctx, RunOptions *o, Func **entry)
{
	o->runner.compile.given = inputs_given(ctx, o);
	Module *m = compile_load(ctx, o->model, &o->runner.compile);
	Func *f = m ? entry_graph(ctx, m, o->entry) : NULL;

	for (int i = 0; f && i < o->fetch.n; i++)
		if (!fetch_value(ctx, f, o->fetch.at[i]))
			return NULL;
	if (f)
		module_keep(m, f);
	*entry = f;
	return f ? m : NULL;
}

typedef struct Measure { const char *entry; const DimEnv *env; Work work; } Measure;

static void measure(void *arg, Module *m)
{
	Measure *w = arg;

	w->work = work_of(module_func(m, w->entry), w->env);
}

static bool run_once(Ctx *ctx, const RunOptions *o, Module *m, Func *f, const DimEnv *env, Tensor *const *in)
{
	Measure w = { .entry = f->name, .env = env };
	RunnerOptions ro = o->runner;

	ro.on_order = measure;
	ro.arg = &w;
	Runner *r = runner_new(ctx, m, &ro);
	RunnerCall *c = r ? runner_begin(r, f->name, env, in, f->body->args.n) : NULL;
	bool ok = c && runner_again(c);
	for (uint64_t i = 1; i < o->nsteps && ok; i++)
		ok = runner_again(c);
	if (ok && o->output_dir)
		ok = write_results(ctx, o->output_dir, f, c);
	else if (ok && !o->bench && !o->profile)
		print_results(ctx, "", f, c);
	if (ok && o->bench)
		ok = bench_run(c, o, f->name, &w.work);
	if (ok && o->profile)
		runner_profile(c, stdout);
	if (c)
		runner_end(c);
	runner_free(r);
	return ok;
}

static bool run(Ctx *ctx, RunOptions *o, bool *differs)
{
	const CompileOptions *k = &o->runner.compile;
	DimEnv given, env;
	Func *f;

	if (o->cases)
		return cases_run(ctx, o, differs);
	Module *m = model_load(ctx, o, &f);
	given = (DimEnv){ k->nbind, k->bind_name, k->bind_value };
	Tensor **in = m ? inputs_read(ctx, f, o, &given) : NULL;
	if (!in)
		return false;
	int nin = f->body->args.n;
	bool ok = eval_symbols(ctx, ctx->arena, f, &given, in, nin, &env);
	if (ok && o->trace)
		ok = trace_run(ctx, o, &env, in, nin);
	if (ok && o->check)
		ok = check_run(ctx, o, &env, in, nin, differs);
	if (ok && !((o->trace || o->check) && !o->output_dir && !o->bench && !o->profile))
		ok = run_once(ctx, o, m, f, &env, in);
	for (int i = 0; i < nin; i++)
		tensor_unref(in[i]);
	return ok;
}

int main(int argc, char **argv)
{
	Ctx *ctx = ctx_new();
	Args a = { "tfcc-run", argc, 1, argv };
	RunOptions o = { .seconds = 1, .replicas = 1, .partitions = 1 };
	bool differs = false;

	compile_options_init(&o.runner.compile);
	tool_on_bug("tfcc-run", argc, argv);
	int code = parse_options(&a, ctx, &o);
	if (code < 0 && o.replicas * o.partitions > 1) {
		code = replicas_run(ctx, &o);
	} else if (code < 0) {
		run(ctx, &o, &differs);
		code = tool_finish(ctx);
		if (differs)
			code = 3;
	}
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "error: standard output: it cannot be written\n");
		code = code ? code : 1;
	}
	ctx_free(ctx);
	return code;
}
