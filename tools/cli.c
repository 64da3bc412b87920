/* tools/cli.c - options, loading and the pipeline, for every tool that compiles. */
#include "tools/cli.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "codegen/object/descriptor.h"
#include "frontend/tensor_file.h"
#include "ir/base/check.h"

#ifndef TFCC_VERSION
#define TFCC_VERSION "0.1.0"
#endif
const char tool_version[] = "tfcc " TFCC_VERSION;

bool arg_flag(Args *a, const char *name)
{
	if (strcmp(a->argv[a->i], name) != 0)
		return false;
	a->i++;
	return true;
}

bool arg_value(Args *a, Ctx *ctx, const char *name, const char **value)
{
	const char *word = a->argv[a->i];
	size_t n = strlen(name);

	if (strncmp(word, name, n) != 0 || (word[n] != 0 && word[n] != '='))
		return false;
	a->i++;
	if (word[n] == '=' && word[n + 1]) {
		*value = word + n + 1;
	} else if (!word[n] && a->i < a->argc) {
		*value = a->argv[a->i++];
	} else {
		*value = "";
		diag_system(&ctx->diag, "%s needs a value", name);
	}
	return true;
}

const char pass_options_help[] =
	"  --target=NAME        cpu (default), c, ...; --help-targets lists them\n"
	"  --cpu=LIST           x86-64-v3,x86-64-v4 (default on x86-64), native, cortex-a72, ...; one variant each\n"
	"  --dim N=8            bind the symbol N; may be repeated\n"
	"  --pass.NAME=off|on   switch a pass; --help-passes lists them\n"
	"  --explain            say what was fused, laid out and allocated, and why not\n"
	"  --dump=PASS,...|all  print the IR after passes;  --time, --stats  what the passes cost and did\n"
	"  --bisect=N           allow only N optional rewrites: halve N to find the one that is to blame\n"
	"  --verify             verify the IR after each pass\n";
const char compile_options_help[] =
	"  -O0 ... -O3          how hard to optimise (default -O2); the results' bits are the same\n"
	"  --bind NAME=FILE.npy make an input a constant; may be repeated\n"
	"  --prefix=P           C name of the model (default: the stem of the output)\n"
	"  --weights=file       leave the weights in a file beside the object, mapped when it is opened\n"
	"  -g                   line tables back to the model's text\n"
	"  --profile            let the runtime time every kernel\n";

void compile_options_init(CompileOptions *o)
{
	*o = (CompileOptions){ .codegen = { .target = "cpu", .opt_level = 2 }, .passes = { .bisect = -1, .opt_level = 2 } };
#ifndef NDEBUG
	o->passes.verify = true;
#endif
}

static bool split(Ctx *ctx, const char *option, const char *what, const char *text, const char **name, const char **value)
{
	const char *eq = strchr(text, '=');

	if (!eq || eq == text || !eq[1]) {
		diag_system(&ctx->diag, "%s: '%s' is not NAME=%s", option, text, what);
		return false;
	}
	*name = intern_str(&ctx->strings, arena_strndup(ctx->arena, text, (size_t)(eq - text)));
	*value = eq + 1;
	return true;
}

bool arg_number(Ctx *ctx, const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 10);
	if (isdigit((unsigned char)text[0]) && !*end && !errno && *out >= least && *out <= most)
		return true;
	if (most == INT64_MAX || most == UINT64_MAX)
		diag_system(&ctx->diag, "%s: '%s' is not a whole number from %" PRIu64 " on", option, text, least);
	else
		diag_system(&ctx->diag, "%s: '%s' is not a whole number from %" PRIu64 " to %" PRIu64, option, text, least, most);
	return false;
}

static int add_dim(Ctx *ctx, CompileOptions *o, const char *text)
{
	const char *name, *value;
	uint64_t n;

	if (!split(ctx, "--dim", "NUMBER", text, &name, &value) || !arg_number(ctx, "--dim", value, 0, INT64_MAX, &n))
		return -1;
	for (int i = 0; i < o->nbind; i++)
		if (strcmp(o->bind_name[i], name) == 0) {
			diag_system(&ctx->diag, "--dim: %s is given twice", name);
			return -1;
		}
	if (o->nbind == OPTIONS_MAX - 1) {
		diag_system(&ctx->diag, "--dim: more than %d symbols", OPTIONS_MAX - 1);
		return -1;
	}
	o->bind_name[o->nbind] = name;
	o->bind_value[o->nbind++] = (int64_t)n;
	return 1;
}

static int add_bind(Ctx *ctx, CompileOptions *o, const char *text)
{
	if (!split(ctx, "--bind", "FILE.npy", text, &o->input_name[o->ninputs], &o->input_file[o->ninputs]))
		return -1;
	if (o->ninputs == OPTIONS_MAX - 1) {
		diag_system(&ctx->diag, "--bind: more than %d inputs", OPTIONS_MAX - 1);
		return -1;
	}
	o->ninputs++;
	return 1;
}

/* The name becomes part of C declarations. */
static void set_prefix(Ctx *ctx, CompileOptions *o, const char *name)
{
	bool ok = name[0] && !isdigit((unsigned char)name[0]);

	for (const char *c = name; *c; c++)
		ok = ok && (*c == '_' || ((unsigned char)*c < 128 && isalnum((unsigned char)*c)));
	if (!ok)
		diag_system(&ctx->diag, "--prefix: '%s' is no C name: letters, digits and _, and no digit first", name);
	else if (c_reserved(name))
		diag_system(&ctx->diag, "--prefix: '%s' is a word of C or C++", name);
	o->codegen.prefix = name;
}

int pass_option(Args *a, Ctx *ctx, CompileOptions *o)
{
	const char *v, *word = a->argv[a->i];
	int errors = ctx->diag.nerrors;
	uint64_t n;

	if (strncmp(word, "--pass.", 7) == 0) {
		a->i++;
		return passes_set(ctx, word + 2, &o->passes) ? 1 : -1;
	}
	if (arg_value(a, ctx, "--target", &v)) {
		o->codegen.target = v;
		if (v[0] && strcmp(v, "interp") == 0)
			diag_system(&ctx->diag, "target interp runs models, by tfcc-run, and compiles none; --help-targets lists those that do");
		else if (v[0] && !codegen_target(v))
			diag_system(&ctx->diag, "there is no target '%s'; --help-targets lists those that are built", v);
	} else if (arg_value(a, ctx, "--cpu", &v)) {
		o->codegen.cpu = v;
	} else if (arg_value(a, ctx, "--dim", &v)) {
		return v[0] ? add_dim(ctx, o, v) : -1;
	} else if (arg_value(a, ctx, "--dump", &v)) {
		o->passes.dump = v;
	} else if (arg_value(a, ctx, "--bisect", &v)) {
		if (v[0] && arg_number(ctx, "--bisect", v, 0, INT64_MAX, &n))
			o->passes.bisect = (int64_t)n;
	} else if (arg_flag(a, "--explain")) {
		o->explain = o->passes.explain = true;
	} else if (arg_flag(a, "--time")) {
		o->passes.time = true;
	} else if (arg_flag(a, "--stats")) {
		o->passes.stats = true;
	} else if (arg_flag(a, "--verify")) {
		o->passes.verify = true;
	} else {
		return 0;
	}
	return ctx->diag.nerrors > errors ? -1 : 1;
}

int compile_option(Args *a, Ctx *ctx, CompileOptions *o)
{
	const char *v, *word = a->argv[a->i];
	int errors = ctx->diag.nerrors, taken = pass_option(a, ctx, o);

	if (taken)
		return taken;
	if (word[0] == '-' && word[1] == 'O' && word[2] >= '0' && word[2] <= '3' && !word[3]) {
		o->codegen.opt_level = o->passes.opt_level = word[2] - '0';
		a->i++;
	} else if (strncmp(word, "-O", 2) == 0) {
		diag_system(&ctx->diag, "%s: the levels are -O0, -O1, -O2 and -O3", word);
	} else if (arg_value(a, ctx, "--bind", &v)) {
		return v[0] ? add_bind(ctx, o, v) : -1;
	} else if (arg_value(a, ctx, "--prefix", &v)) {
		if (ctx->diag.nerrors == errors)
			set_prefix(ctx, o, v);
	} else if (arg_value(a, ctx, "--weights", &v)) {
		if (v[0] && strcmp(v, "file") != 0 && strcmp(v, "embed") != 0)
			diag_system(&ctx->diag, "--weights: '%s' is neither file nor embed", v);
		o->codegen.weights_file = strcmp(v, "file") == 0;
	} else if (arg_flag(a, "-g")) {
		o->codegen.debug = true;
	} else if (arg_flag(a, "--profile")) {
		o->codegen.profile = true;
	} else {
		return 0;
	}
	return ctx->diag.nerrors > errors ? -1 : 1;
}

static void wrong_shape(Ctx *ctx, const Value *v, const char *file, const Tensor *t)
{
	Str found = { 0 }, wanted = { 0 };

	type_print(&found, type_of_ints(ctx->types, t->dtype, t->rank, t->dim));
	type_print(&wanted, v->type);
	diag_error(&ctx->diag, v->loc, "--bind: %s holds %s, but input %%%s is %s", file, str_cstr(&found), v->name ? v->name : "",
	           str_cstr(&wanted));
	str_free(&found);
	str_free(&wanted);
}

/* The symbols of an input's shape get the numbers of the tensor's, as if --dim had given them. */
static bool bind_shape(Ctx *ctx, const Value *v, const char *file, const Tensor *t, CompileOptions *o)
{
	bool fits = t->rank == v->type->rank;
	int64_t n;

	for (int k = 0; fits && k < t->rank; k++) {
		Dim d = v->type->dim[k];
		DimEnv env = { o->nbind, o->bind_name, o->bind_value };
		if (d->kind == DIM_SYM && !dim_eval(d, &env, &n) && o->nbind < OPTIONS_MAX) {
			o->bind_name[o->nbind] = d->name;
			o->bind_value[o->nbind++] = t->dim[k];
		}
	}
	for (int k = 0; fits && k < t->rank; k++) {
		DimEnv env = { o->nbind, o->bind_name, o->bind_value };
		if (!dim_eval(v->type->dim[k], &env, &n)) {
			diag_error(&ctx->diag, v->loc, "--bind: the shape of %s does not give all symbols of input %%%s; give the others with --dim",
			           file, v->name ? v->name : "");
			return false;
		}
		fits = n == t->dim[k];
	}
	if (!fits)
		wrong_shape(ctx, v, file, t);
	return fits;
}

const char *input_name(Arena *a, const Func *f, int i)
{
	const char *name = f->body->args.at[i]->name;

	return name ? name : arena_printf(a, "arg%d", i);
}

bool input_is(const char *word, const char *name, int position)
{
	char *end;

	if (strcmp(word, name) == 0)
		return true;
	return word[0] >= '0' && word[0] <= '9' && strtol(word, &end, 10) == position && !*end;
}

static int named_input(Ctx *ctx, const Func *f, const char *name)
{
	for (int i = 0; i < f->body->args.n; i++)
		if (strcmp(input_name(ctx->arena, f, i), name) == 0)
			return i;
	return -1;
}

int input_position(Ctx *ctx, const Func *f, const CompileOptions *o, int i)
{
	int left = i + 1, at = -1;

	while (left > 0) {
		bool taken = false;
		at++;
		for (int k = 0; k < o->asked.n && !taken; k++)
			taken = o->asked_at.at[k] == at && named_input(ctx, f, o->asked.at[k]) < 0;
		left -= !taken;
	}
	return at;
}

int input_find(Ctx *ctx, const Func *f, const CompileOptions *o, const char *option, const char *word)
{
	char *end;
	int at = named_input(ctx, f, word);
	long number = strtol(word, &end, 10);
	Str known = { 0 };

	if (at >= 0)
		return at;
	for (int i = 0; i < o->asked.n; i++)
		if (input_is(word, o->asked.at[i], o->asked_at.at[i]) && named_input(ctx, f, o->asked.at[i]) < 0)
			return INPUT_TAKEN;
	for (int i = 0; i < f->body->args.n && end > word && !*end; i++)
		if (input_position(ctx, f, o, i) == number)
			return i;
	for (int i = 0; i < f->body->args.n && i < 20; i++)
		str_printf(&known, "%s%s", i ? ", " : "; it has ", input_name(ctx->arena, f, i));
	diag_system(&ctx->diag, "%s: graph @%s has no input '%s'%s", option, f->name, word, known.n ? str_cstr(&known) : ", nor any other");
	str_free(&known);
	return -1;
}

/* What a reader is told of an input: --bind's file, or what else is given. */
static Tensor *value_for(void *arg, Ctx *ctx, const char *name, int position, DType wanted)
{
	CompileOptions *o = arg;
	Tensor *t = NULL;
	bool bound = false;

	for (int i = 0; i < o->ninputs && !bound; i++)
		if ((bound = input_is(o->input_name[i], name, position)))
			t = tensor_read(&ctx->diag, o->input_file[i], name, &wanted);
	if (!bound && o->given)
		t = o->given->value(o->given->arg, ctx, name, position, wanted);
	if (t) {
		vec_push(ctx->arena, &o->asked, arena_strdup(ctx->arena, name));
		vec_push(ctx->arena, &o->asked_at, position);
	}
	return t;
}

/* An input with a given value: its uses become uses of a constant, and the graph loses the argument. */
static bool bind_input(Ctx *ctx, Func *f, Value *v, const char *file, CompileOptions *o)
{
	Tensor *t = tensor_read(&ctx->diag, file, input_name(ctx->arena, f, v->index), &v->type->dtype);
	bool ok = t && bind_shape(ctx, v, file, t, o);

	if (ok)
		build_bound_input(ctx, f, v, blob_from_tensor(f->module->arena, t));
	tensor_unref(t);
	return ok;
}

Func *entry_graph(Ctx *ctx, const Module *m, const char *name)
{
	Func *f = module_func(m, name ? name : "main");

	if (!f && !name && m->funcs.n)
		f = m->funcs.at[0];
	if (f)
		return f;
	Str known = { 0 };
	for (int i = 0; i < m->funcs.n && i < 20; i++)
		str_printf(&known, "%s%s", i ? ", " : "", m->funcs.at[i]->name);
	diag_system(&ctx->diag, "--entry: there is no graph '%s'; the model has %s", name ? name : "main", str_cstr(&known));
	str_free(&known);
	return NULL;
}

static bool dims_are_known(Ctx *ctx, const Module *m, const CompileOptions *o)
{
	for (int i = 0; i < o->nbind; i++) {
		bool known = false;
		for (int f = 0; f < m->funcs.n; f++) {
			Dim symbol[64];
			int n = func_symbols(m->funcs.at[f], symbol, 64);
			for (int k = 0; k < n && k < 64; k++)
				known = known || strcmp(symbol[k]->name, o->bind_name[i]) == 0;
		}
		if (!known) {
			diag_system(&ctx->diag, "--dim: no graph has a symbol %s", o->bind_name[i]);
			return false;
		}
	}
	return true;
}

/* A symbol that only bound inputs had gets its number at once: after `order`, as the others, nobody would know it. */
static bool bind_orphans(Ctx *ctx, Module *m, const Func *f, const CompileOptions *o)
{
	const char *name[OPTIONS_MAX];
	int64_t value[OPTIONS_MAX];
	DimEnv orphans = { 0, name, value };

	for (int i = 0; i < o->nbind; i++) {
		bool held = false;
		for (int k = 0; k < f->body->args.n; k++)
			for (int axis = 0; axis < f->body->args.at[k]->type->rank; axis++)
				held = held || dim_mentions(f->body->args.at[k]->type->dim[axis], o->bind_name[i]);
		if (!held) {
			name[orphans.n] = o->bind_name[i];
			value[orphans.n++] = o->bind_value[i];
		}
	}
	PassCtx p = { .ctx = ctx, .module = m, .scratch = arena_new(), .bind = &orphans };
	bool ok = o->ninputs == 0 || pass_info[PASS_bind].run(&p) != PASS_FAILED;
	arena_free(p.scratch);
	return ok;
}

Module *compile_load(Ctx *ctx, const char *path, CompileOptions *o)
{
	InputValues values = { value_for, o };

	o->asked.n = o->asked_at.n = 0;
	Module *m = frontend_load_with(ctx, path, o->ninputs || o->given ? &values : NULL);
	if (!m)
		return NULL;
	if (m->funcs.n == 0) {
		diag_error(&ctx->diag, NULL, "%s: the model has no graph", path);
		return NULL;
	}
	Func *entry = entry_graph(ctx, m, o->entry);
	if (!entry || !dims_are_known(ctx, m, o))
		return NULL;
	/* All are found before one is bound, which moves the numbers of those behind it. */
	Value *input[OPTIONS_MAX] = { 0 };
	for (int i = 0; i < o->ninputs; i++) {
		int at = input_find(ctx, entry, o, "--bind", o->input_name[i]);
		if (at == INPUT_TAKEN)
			continue;
		if (at < 0)
			return NULL;
		input[i] = entry->body->args.at[at];
		for (int k = 0; k < i; k++)
			if (input[k] == input[i]) {
				diag_system(&ctx->diag, "--bind: input %s is given twice", input_name(ctx->arena, entry, at));
				return NULL;
			}
	}
	for (int i = 0; i < o->ninputs; i++)
		if (input[i] && !bind_input(ctx, entry, input[i], o->input_file[i], o))
			return NULL;
	return bind_orphans(ctx, m, entry, o) ? m : NULL;
}

bool compile_passes(Ctx *ctx, Module *m, CompileOptions *o)
{
	const CodegenTarget *t = codegen_target(o->codegen.target);
	TargetFacts facts;

	if (!t || !t->facts(ctx, &o->codegen, &facts))
		return false;
	o->passes.facts = &facts;
	o->passes.bind = (DimEnv){ o->nbind, o->bind_name, o->bind_value };
	bool ok = passes_run(ctx, m, pipeline_default, pipeline_default_count, &o->passes);
	o->passes.facts = NULL;
	return ok;
}

int tool_finish(const Ctx *ctx)
{
	diag_print(&ctx->diag, stderr);
	return diag_exit_code(&ctx->diag);
}

/* Ours. */

typedef struct Bug { const char *tool; int argc; char **argv; } Bug;
static _Thread_local Bug bug;

static void report_bug(void *arg)
{
	const Bug *b = arg;

	fprintf(stderr, "%s: this is a bug in tfcc, not in your model; this command repeats it:\n ", b->tool);
	for (int i = 0; i < b->argc; i++)
		fprintf(stderr, " %s", b->argv[i]);
	fprintf(stderr, "\n%s: please keep the model and the command for a report; --dump=all shows how far it came\n", b->tool);
}

void tool_on_bug(const char *tool, int argc, char **argv)
{
	bug = (Bug){ tool, argc, argv };
	check_context.on_fail = report_bug;
	check_context.arg = &bug;
}
