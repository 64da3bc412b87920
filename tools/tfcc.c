/* tools/tfcc.c - the driver: MODEL -o model.o. */
#include <stdio.h>
#include <stdlib.h>

#include "ir/base/check.h"
#include "ir/text.h"
#include "tools/cli.h"

static const char usage[] =
	"usage: tfcc MODEL -o FILE [options]\n"
	"\n"
	"Compiles a model to an object file and its header, to be linked with libtfrt.a.\n"
	"The ending of FILE picks what is written: .o .so .c .ll .s .graph\n"
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
	"  -MD                  write FILE's dependencies to FILE with the ending .d\n";
static const char usage_end[] =
	"  --help, --version, --help-ops[=NAME], --help-passes, --help-targets\n"
	"\n"
	"exit codes: 0 fine, 1 the surroundings or wrong usage, 2 the model is refused, 70 a bug in tfcc\n";

typedef struct Options {
	CompileOptions compile;
	const char *input, *output, *emit;
	bool deps;
} Options;

/* Help. */

static int help_ops(const char *name)
{
	static const char *const kind[] = { "int", "num", "bool", "ints", "dim", "dims", "dtype", "cmp", "sym", "str",
	                                    "tensor", "pads", "order" };
	bool any = false;

	for (int i = 0; i < OP_COUNT; i++) {
		const OpInfo *o = &op_info[i];
		if (name && strcmp(o->name, name) != 0)
			continue;
		any = true;
		printf("%-22s %s\n", o->name, o->doc);
		if (!name)
			continue;
		if (o->nargs == VARIADIC)
			printf("  operands: any number\n");
		else
			printf("  operands: %d\n", o->nargs);
		for (int k = 0; k < o->nattrs; k++)
			printf("  attribute %s: %s%s\n", o->attr[k].name, kind[o->attr[k].kind],
			       o->attr[k].required ? "" : ", optional");
		for (int k = 0; k < o->nregions; k++)
			printf("  region %s\n", o->region_name[k][0] ? o->region_name[k] : "(unnamed)");
	}
	if (!any)
		fprintf(stderr, "tfcc: there is no op '%s'; --help-ops lists them\n", name);
	return any ? 0 : 1;
}

static int help_passes(void)
{
	printf("passes, in the order of the default pipeline:\n");
	for (int i = 0; i < pipeline_default_count; i++) {
		bool seen = false;
		for (int k = 0; k < i; k++)
			seen = seen || pipeline_default[k] == pipeline_default[i];
		const PassInfo *p = &pass_info[pipeline_default[i]];
		printf("  %-14s %s%s\n", p->name, seen ? "(again)" : p->doc, p->required && !seen ? " Always runs." : "");
	}
	return 0;
}

static int help_targets(void)
{
	for (int i = 0; codegen_targets[i]; i++)
		printf("  %-10s %s\n", codegen_targets[i]->name, codegen_targets[i]->doc);
	return 0;
}

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
		diag_system(&ctx->diag, "%s: the ending names no form; use .o .so .c .ll .s .py or .graph, or --emit", o->output);
	else
		diag_system(&ctx->diag, "nothing to write: give -o FILE or --emit=FORM");
	return false;
}

/* Programs and kernels; scheduled: as the target's first CPU gets them. */
static bool write_kernels(Ctx *ctx, const Options *o, Unit *u, bool scheduled)
{
	Variant v = { 0 };
	Str text = { 0 };

	if (scheduled) {
		if (!codegen_target(o->compile.codegen.target)->facts(ctx, &o->compile.codegen, &v.facts))
			return false;
		codegen_schedule(u, &v, u->arena);
		u->kernel.at = v.kernel;
	}
	unit_print(u, &text);
	bool ok = text_write(ctx, o->output, &text);
	str_free(&text);
	return ok;
}

static bool write_deps(Ctx *ctx, const Options *o, const Module *m)
{
	const char *dot = o->output ? strrchr(o->output, '.') : NULL;
	Str text = { 0 };

	if (!o->deps || !dot)
		return true;
	str_printf(&text, "%s: %s", o->output, o->input);
	for (int i = 0; i < m->weight_files.n; i++)
		str_printf(&text, " %s", path_join(ctx->arena, m->dir, m->weight_files.at[i]));
	str_addc(&text, '\n');
	bool ok = text_write(ctx, arena_printf(ctx->arena, "%.*s.d", (int)(dot - o->output), o->output), &text);
	str_free(&text);
	return ok;
}

static const char *stem_of(Ctx *ctx, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strchr(name, '.');
	char *stem = arena_strndup(ctx->arena, name, dot && dot != name ? (size_t)(dot - name) : strlen(name));

	for (char *c = stem; *c; c++)
		if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == '_' || (*c >= '0' && *c <= '9' && c > stem)))
			*c = '_';
	return stem;
}

static bool compile(Ctx *ctx, Options *o)
{
	Form form;
	EmitForm emit;

	if (!pick_form(ctx, o, &form, &emit))
		return false;
	if (form == FORM_CODE && emit == EMIT_C)
		o->compile.codegen.target = "c";
	const char *named = o->output && strcmp(o->output, "-") != 0 ? o->output : o->input;
	if (!o->compile.codegen.prefix)
		o->compile.codegen.prefix = stem_of(ctx, named);
	if (form == FORM_GRAPH && !o->compile.passes.stop_after)
		o->compile.passes.stop_after = "order";
	Module *m = compile_load(ctx, o->input, &o->compile);
	if (!m || !compile_passes(ctx, m, &o->compile))
		return false;
	if (form == FORM_GRAPH || form == FORM_PLAN)
		return module_write(ctx, m, o->output, (PrintOptions){ 0 }) && write_deps(ctx, o, m);
	Unit *u = codegen_lower(ctx, m);
	if (!u)
		return false;
	if (form != FORM_CODE)
		return write_kernels(ctx, o, u, form == FORM_KERNEL);
	const char *path = o->output ? o->output : "-";
	return codegen_target(o->compile.codegen.target)->emit(u, &o->compile.codegen, emit, path) &&
	       write_deps(ctx, o, m);
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
			printf("%s%s%s", usage, compile_options_help, usage_end);
			return 0;
		}
		if (arg_flag(a, "--version")) {
			printf("%s\n", tool_version);
			return 0;
		}
		if (strncmp(word, "--help-ops", 10) == 0 && (!word[10] || word[10] == '='))
			return help_ops(word[10] ? word + 11 : NULL);
		if (arg_flag(a, "--help-passes"))
			return help_passes();
		if (arg_flag(a, "--help-targets"))
			return help_targets();
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
		fprintf(stderr, "tfcc: no model; tfcc --help shows how to use it\n");
		code = 1;
	}
	if (code < 0) {
		compile(ctx, &o);
		code = tool_finish(ctx);
	}
	ctx_free(ctx);
	return code;
}
