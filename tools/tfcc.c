/* tools/tfcc.c - the driver: MODEL -o model.o. */
#include <stdio.h>
#include <stdlib.h>

#include "codegen/object/descriptor.h"
#include "frontend/graph/program.h"
#include "frontend/tensor_file.h"
#include "ir/base/check.h"
#include "ir/text.h"
#include "tools/cli.h"

static const char usage[] =
	"usage: tfcc MODEL -o FILE [options]\n"
	"\n"
	"Compiles a model to an object file and its header, to be linked with libtfrt.a.\n"
	"The ending of FILE picks what is written: .o .so .c .ll .s .graph .plan .loops .kernel\n"
	"MODEL may be what --emit=loops or --emit=kernel wrote: then it is compiled from there.\n"
	"\n"
	"examples:\n"
	"  tfcc digits.graph -o digits.o                    digits.o and digits.h, for common x86-64 CPUs\n"
	"  tfcc digits.graph -o digits.o --cpu=native       for this CPU alone\n"
	"  tfcc digits.graph -o digits.c                    portable C11\n"
	"  tfcc digits.graph --emit=kernel                  the loops that it computes, to read\n"
	"\n"
	"options:\n"
	"  -o FILE              where to write; '-' is standard output for text forms\n"
	"  --emit=FORM          graph (through pass order), plan, loops (as lowered), kernel (as scheduled for the first\n"
	"                       CPU), llvm, asm, c, text (the target's own), obj or shared; to -o or to standard output\n"
	"  -MD                  write FILE's dependencies, for make, to FILE with the ending .d\n"
	"  --stop-after=PASS    with --emit=graph: after another pass than order\n";
static const char usage_end[] =
	"\n"
	"  --help, --version, --help-ops[=NAME], --help-passes, --help-targets\n"
	"\n"
	"exit codes: 0 fine, 1 the surroundings or wrong usage, 2 the model is refused, 70 a bug in tfcc\n";

typedef struct Options {
	CompileOptions compile;
	const char *input, *output, *emit;
	bool deps;
} Options;

/* What to write. */

typedef enum Form { FORM_NONE, FORM_GRAPH, FORM_PLAN, FORM_LOOPS, FORM_KERNEL, FORM_CODE } Form;

static const struct { const char *ending, *name; Form form; EmitForm emit; } forms[] = {
	{ ".o", "obj", FORM_CODE, EMIT_OBJ },         { ".so", "shared", FORM_CODE, EMIT_SHARED },
	{ ".c", "c", FORM_CODE, EMIT_C },             { ".ll", "llvm", FORM_CODE, EMIT_LLVM },
	{ ".s", "asm", FORM_CODE, EMIT_ASM },         { ".graph", "graph", FORM_GRAPH, EMIT_OBJ },
	{ ".plan", "plan", FORM_PLAN, EMIT_OBJ },     { ".loops", "loops", FORM_LOOPS, EMIT_OBJ },
	{ ".kernel", "kernel", FORM_KERNEL, EMIT_OBJ }, { ".py", "text", FORM_CODE, EMIT_TEXT },
};

static bool pick_form(Ctx *ctx, const Options *o, Form *form, EmitForm *emit)
{
	const char *dot = o->output ? strrchr(o->output, '.') : NULL;

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (o->emit ? strcmp(o->emit, forms[i].name) == 0 : dot && strcmp(dot, forms[i].ending) == 0) {
			*form = forms[i].form;
			*emit = forms[i].emit;
			return true;
		}
	if (o->emit)
		diag_system(&ctx->diag, "--emit: there is no form '%s'; graph, plan, loops, kernel, llvm, asm, c, text, obj and shared are known", o->emit);
	else if (o->output)
		diag_system(&ctx->diag, "-o %s: the ending names no form; use .o .so .c .ll .s .py or .graph, or --emit=FORM", o->output);
	else
		diag_system(&ctx->diag, "nothing to write: give -o FILE or --emit=FORM");
	return false;
}

/* Programs and kernels; scheduled: as the target's first CPU gets them. */
static bool write_kernels(Ctx *ctx, const Options *o, Unit *u, bool scheduled)
{
	Variant v = { 0 };

	if (u->scheduled && !scheduled) {
		diag_system(&ctx->diag, "--emit=loops: the kernels of %s are scheduled already; --emit=kernel prints them", o->input);
		return false;
	}
	if (scheduled && !u->scheduled) {
		if (!codegen_target(o->compile.codegen.target)->facts(ctx, &o->compile.codegen, &v.facts))
			return false;
		codegen_schedule(u, &v, u->arena);
		u->kernel.at = v.kernel;
		u->scheduled = true;
	}
	return unit_write(ctx, u, o->output, (PrintOptions){ 0 });
}

/* A name as make reads it. */
static void add_name(Str *out, const char *name)
{
	for (; *name; name++) {
		if (*name == ' ' || *name == '#' || *name == '$')
			str_addc(out, *name == '$' ? '$' : '\\');
		str_addc(out, *name);
	}
}

static void add_dependency(Str *out, const char *name)
{
	str_add(out, " \\\n  ");
	add_name(out, name);
}

/* All files that were read: the model, what it imports, weights, --bind. */
static bool write_deps(Ctx *ctx, const Options *o, const Module *m)
{
	const char *dot = o->output ? strrchr(o->output, '.') : NULL, *array;
	Str text = { 0 };

	if (!o->deps)
		return true;
	add_name(&text, o->output);
	str_add(&text, ":");
	add_dependency(&text, o->input);
	for (int i = 0; i < m->imports.n; i++)
		add_dependency(&text, m->imports.at[i]);
	for (int i = 0; i < m->weight_files.n; i++)
		add_dependency(&text, path_join(ctx->arena, m->dir, m->weight_files.at[i]));
	for (int i = 0; i < o->compile.ninputs; i++)
		add_dependency(&text, tensor_path(ctx->arena, o->compile.input_file[i], &array));
	str_addc(&text, '\n');
	const char *stem = dot && !strchr(dot, '/') ? arena_strndup(ctx->arena, o->output, (size_t)(dot - o->output)) : o->output;
	bool ok = text_write(ctx, arena_printf(ctx->arena, "%s.d", stem), &text);
	str_free(&text);
	return ok;
}

/* From a lowered model on: the passes have run when it was written. */
static Unit *load_program(Ctx *ctx, const Options *o, Form form)
{
	const char *option = o->compile.nbind ? "--dim" : o->compile.ninputs ? "--bind" : NULL;

	if (option)
		diag_system(&ctx->diag, "%s: %s is lowered already; give the option when that is made", option, o->input);
	else if (form == FORM_GRAPH || form == FORM_PLAN)
		diag_system(&ctx->diag, "%s holds kernels: there is no graph of it to write", o->input);
	else
		return program_load(ctx, o->input);
	return NULL;
}

static Unit *lower_model(Ctx *ctx, Options *o, Module **m)
{
	*m = compile_load(ctx, o->input, &o->compile);
	return *m && compile_passes(ctx, *m, &o->compile) ? codegen_lower(ctx, *m) : NULL;
}

static bool write_graph(Ctx *ctx, Options *o)
{
	Module *m = compile_load(ctx, o->input, &o->compile);

	return m && compile_passes(ctx, m, &o->compile) && module_write(ctx, m, o->output, (PrintOptions){ 0 }) && write_deps(ctx, o, m);
}

static bool compile(Ctx *ctx, Options *o)
{
	Module *m;
	Form form;
	EmitForm emit;

	if (!pick_form(ctx, o, &form, &emit))
		return false;
	if (o->deps && (!o->output || strcmp(o->output, "-") == 0)) {
		diag_system(&ctx->diag, "-MD names its file after -o FILE; give one");
		return false;
	}
	if (form == FORM_CODE && emit == EMIT_C)
		o->compile.codegen.target = "c";
	const char *named = o->output && strcmp(o->output, "-") != 0 ? o->output : o->input;
	if (!o->compile.codegen.prefix)
		o->compile.codegen.prefix = model_prefix(ctx->arena, &(CodegenOptions){ 0 }, named);
	if (form == FORM_GRAPH && !o->compile.passes.stop_after)
		o->compile.passes.stop_after = "order";
	bool program = path_is_program(ctx, o->input);
	if (!program && (form == FORM_GRAPH || form == FORM_PLAN))
		return write_graph(ctx, o);
	Unit *u = program ? load_program(ctx, o, form) : lower_model(ctx, o, &m);
	if (!u)
		return false;
	if (form != FORM_CODE)
		return write_kernels(ctx, o, u, form == FORM_KERNEL);
	const char *path = o->output ? o->output : "-";
	return codegen_target(o->compile.codegen.target)->emit(u, &o->compile.codegen, emit, path) &&
	       write_deps(ctx, o, u->module);
}

/* -1: go on; else the exit code. */
static int parse_options(Args *a, Ctx *ctx, Options *o)
{
	const char *v;

	while (a->i < a->argc) {
		const char *word = a->argv[a->i];
		int taken = word[0] == '-' && word[1] ? compile_option(a, ctx, &o->compile) : 0;
		if (taken < 0)
			return tool_finish(ctx);
		if (taken)
			continue;
		if (arg_flag(a, "--help") || arg_flag(a, "-h")) {
			printf("%s%s%s%s", usage, compile_options_help, pass_options_help, usage_end);
			return 0;
		}
		int helped = help_option(a);
		if (helped >= 0)
			return helped;
		if (arg_value(a, ctx, "-o", &v)) {
			o->output = v;
		} else if (arg_value(a, ctx, "--emit", &v)) {
			o->emit = v;
		} else if (arg_value(a, ctx, "--stop-after", &v)) {
			o->compile.passes.stop_after = v;
		} else if (arg_flag(a, "-MD")) {
			o->deps = true;
		} else if (word[0] == '-' && word[1]) {
			diag_system(&ctx->diag, "unknown option %s; tfcc --help lists them", word);
			return tool_finish(ctx);
		} else if (o->input) {
			diag_system(&ctx->diag, "two models, %s and %s: tfcc compiles one at a time", o->input, word);
			return tool_finish(ctx);
		} else {
			o->input = word;
			a->i++;
		}
		if (ctx->diag.nerrors)
			return tool_finish(ctx);
	}
	return -1;
}

int main(int argc, char **argv)
{
	Ctx *ctx = ctx_new();
	Args a = { "tfcc", argc, 1, argv };
	Options o = { 0 };

	compile_options_init(&o.compile);
	tool_on_bug("tfcc", argc, argv);
	int code = parse_options(&a, ctx, &o);
	if (code < 0 && !o.input) {
		diag_system(&ctx->diag, "no model; tfcc --help shows how to use it");
		code = tool_finish(ctx);
	}
	if (code < 0) {
		compile(ctx, &o);
		code = tool_finish(ctx);
	}
	ctx_free(ctx);
	return code;
}
