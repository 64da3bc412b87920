/* tools/help.c - what every tool can say about ops, passes and targets, from their tables. */
#include "tools/cli.h"

#include <inttypes.h>
#include <stdio.h>

#include "ir/base/num.h"

static const char *const attr_kinds[ATTR_KIND_COUNT] = {
	[ATTR_int] = "integer", [ATTR_num] = "number", [ATTR_bool] = "bool", [ATTR_ints] = "integers", [ATTR_nums] = "numbers",
	[ATTR_dim] = "dimension", [ATTR_dims] = "dimensions", [ATTR_types] = "types", [ATTR_dimname] = "name of a size", [ATTR_dtype] = "element type", [ATTR_cmp] = "direction", [ATTR_sym] = "@name",
	[ATTR_str] = "text", [ATTR_tensor] = "tensor", [ATTR_pads] = "padding", [ATTR_order] = "order", [ATTR_groups] = "lists of integers",
};

const char *help_attr_kind(AttrKind kind)
{
	return attr_kinds[kind];
}

void help_attr_default(Str *out, const AttrInfo *a)
{
	char number[40];

	switch (a->kind) {
	case ATTR_int:  str_printf(out, "%" PRId64, *(const attr_int *)a->fallback); return;
	case ATTR_bool: str_add(out, *(const attr_bool *)a->fallback ? "true" : "false"); return;
	case ATTR_num:  f64_print(number, *(const attr_num *)a->fallback); str_add(out, number); return;
	case ATTR_dtype: str_add(out, dtype_info[*(const attr_dtype *)a->fallback].name); return;
	case ATTR_str:  str_printf(out, "\"%s\"", *(const attr_str *)a->fallback); return;
	case ATTR_pads: str_add(out, "valid"); return;
	case ATTR_order: str_add(out, "chosen by the pass `order`"); return;
	default: str_add(out, "none"); return;
	}
}

static const char *nearest_op(const char *name)
{
	const char *best = NULL;
	int distance = 4;

	for (int i = 0; i < OP_COUNT; i++) {
		int d = str_distance(op_info[i].name, name);
		if (d < distance) {
			distance = d;
			best = op_info[i].name;
		}
	}
	return best;
}

static void print_op(const OpInfo *o)
{
	printf("%-22s %s\n", o->name, o->doc);
	if (o->nargs == VARIADIC)
		printf("  operands: any number\n");
	else
		printf("  operands: %d\n", o->nargs);
	for (int k = 0; k < o->nattrs; k++) {
		Str text = { 0 };
		if (!o->attr[k].required)
			help_attr_default(&text, &o->attr[k]);
		printf("  attribute %s: %s%s%s\n", o->attr[k].name, attr_kinds[o->attr[k].kind], text.n ? "; default: " : "", str_cstr(&text));
		str_free(&text);
	}
	for (int k = 0; k < (o->nregions == VARIADIC ? 1 : o->nregions); k++)
		printf("  region %s\n", o->region_name[k][0] ? o->region_name[k] : "(unnamed)");
}

static int help_ops(const char *tool, const char *name)
{
	for (int i = 0; i < OP_COUNT; i++) {
		if (!name) {
			printf("%-22s %s\n", op_info[i].name, op_info[i].doc);
		} else if (strcmp(op_info[i].name, name) == 0) {
			print_op(&op_info[i]);
			return 0;
		}
	}
	if (!name)
		return 0;
	const char *near = nearest_op(name);
	if (near)
		fprintf(stderr, "%s: there is no op '%s'; did you mean '%s'?\n", tool, name, near);
	else
		fprintf(stderr, "%s: there is no op '%s'; --help-ops lists them\n", tool, name);
	return 1;
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
	printf("--target:\n");
	for (int i = 0; codegen_targets[i]; i++)
		printf("  %-10s %s\n", codegen_targets[i]->name, codegen_targets[i]->doc);
	printf("  %-10s The reference interpreter; tfcc-run only.\n", "interp");
	for (int i = 0; codegen_targets[i]; i++) {
		if (!codegen_targets[i]->cpus)
			continue;
		printf("\n--cpu for target %s, one or a comma list; native is this machine's:\n", codegen_targets[i]->name);
		for (int k = 0, column = 0; codegen_targets[i]->cpus[k]; k++) {
			const char *cpu = codegen_targets[i]->cpus[k];
			if (column + 2 + (int)strlen(cpu) > 100)
				column = 0;
			column += printf("%s%s", column ? ", " : k ? ",\n  " : "  ", cpu);
		}
		printf("\n");
	}
	return 0;
}

int help_option(const Args *a)
{
	const char *word = a->argv[a->i];

	if (strcmp(word, "--version") == 0)
		return printf("%s\n", tool_version), 0;
	if (strcmp(word, "--help-ops") == 0)
		return help_ops(a->tool, NULL);
	if (strncmp(word, "--help-ops=", 11) == 0)
		return help_ops(a->tool, word + 11);
	if (strcmp(word, "--help-passes") == 0)
		return help_passes();
	return strcmp(word, "--help-targets") == 0 ? help_targets() : -1;
}
