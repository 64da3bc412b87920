/* tools/tfcc-doc.c - writes the reference pages from the tables: docs/ops.md, docs/passes.md, docs/targets.md, ... */
#include "frontend/stablehlo/stablehlo.h"
#include "ir/base/file.h"
#include "tools/cli.h"

static const char usage[] =
	"usage: tfcc-doc PAGE            prints a page: ops, passes, targets or from-stablehlo\n"
	"       tfcc-doc -o DIR          writes all of them to DIR/PAGE.md\n"
	"\n"
	"Writes the reference pages of the documentation from the tables that the compiler is made of.\n"
	"\n"
	"  -h, --help, --version, --help-ops[=NAME], --help-passes, --help-targets\n"
	"\n"
	"exit codes: 0 fine, 1 the surroundings or wrong usage\n";

/* The words for sets of element types. */
static const struct { unsigned set; const char *words; } type_sets[] = {
	{ DTS_ANY, "any" }, { DTS_NUM, "numbers" }, { DTS_FLOAT, "floats" }, { DTS_INT, "integers" },
	{ DTS_SIGNED, "floats, signed integers" }, { DTS_LOGIC, "bool, integers" }, { DTS_BOOL, "bool" },
	{ DTS_REAL, "numbers, bool" }, { DTS_FIELD, "floats, complex" }, { DTS_RING, "numbers, complex" },
	{ DTS_SIGNED | DTS_COMPLEX, "floats, signed integers, complex" },
};

static const char *set_words(unsigned set)
{
	for (size_t i = 0; i < sizeof type_sets / sizeof *type_sets; i++)
		if (type_sets[i].set == set || DTS_WIDE(type_sets[i].set) == set)
			return type_sets[i].words;
	return "see text";
}

/* A cell of a table: '|' would end it. */
static void cell(Str *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '|')
			str_addc(out, '\\');
		str_addc(out, *text);
	}
}

static void made_by(Str *out, const char *what)
{
	str_printf(out, "<!-- Written by tfcc-doc from %s: change the table, then run `tfcc-doc -o docs`. -->\n\n", what);
}

/* ops.md */

static void op_attributes(Str *out, const OpInfo *o)
{
	for (int i = 0; i < o->nattrs; i++) {
		const AttrInfo *a = &o->attr[i];
		str_printf(out, "%s`%s` %s", i ? ", " : "", a->name, help_attr_kind(a->kind));
		if (a->required)
			continue;
		str_add(out, " (");
		help_attr_default(out, a);
		str_addc(out, ')');
	}
	for (int i = 0; i < (o->nregions == VARIADIC ? 1 : o->nregions); i++)
		str_printf(out, "%s%s%s%s", i || o->nattrs ? "; " : "", o->region_name[i][0] ? "region `" : "a region",
		           o->region_name[i], o->region_name[i][0] ? "`" : "");
}

static void op_rows(Str *out, const char *title, const char *text, unsigned with, unsigned without)
{
	bool types = with == T_EW;

	str_printf(out, "## %s\n\n%s\n\n| op | operands | %s | |\n|---|---|---|---|\n", title, text,
	           types ? "element types" : "attributes");
	for (int i = 0; i < OP_COUNT; i++) {
		const OpInfo *o = &op_info[i];
		if ((o->traits & with) != with || (o->traits & without))
			continue;
		str_printf(out, "| `%s` | ", o->name);
		if (o->nargs == VARIADIC)
			str_add(out, "any | ");
		else
			str_printf(out, "%d | ", o->nargs);
		if (types && o->types)
			str_add(out, set_words(o->types));
		else
			op_attributes(out, o);
		str_add(out, " | ");
		cell(out, o->doc);
		str_add(out, " |\n");
	}
	str_addc(out, '\n');
}

static void ops_page(Str *out)
{
	str_add(out, "# Ops\n\n");
	made_by(out, "ir/ops.def and ir/dtype.def");
	str_add(out, "How ops are written, and what their attributes look like, is in [graph-format.md](graph-format.md). Defaults are in "
	             "brackets.\n\n");
	op_rows(out, "Elementwise", "All operands have the same shape; in text, numpy broadcasting is accepted and written out.", T_EW,
	        T_COMPOSITE);
	op_rows(out, "Primitives", "Semantics are StableHLO's.", 0, T_EW | T_COMPOSITE);
	op_rows(out, "Composites",
	        "Made of other ops: the pass `expand` replaces them, so that interpreter and targets know primitives alone.", T_COMPOSITE, 0);
	str_add(out, "## Element types\n\n| type | in C | in .npy | in safetensors | |\n|---|---|---|---|---|\n");
	for (int i = 0; i < DT_COUNT; i++)
		str_printf(out, "| `%s` | `%s` | `%s` | `%s` | %s |\n", dtype_info[i].name, dtype_info[i].ctype, dtype_info[i].npy,
		           dtype_info[i].safetensors, dtype_info[i].doc);
}

/* passes.md */

static void passes_page(Str *out)
{
	str_add(out, "# Passes\n\n");
	made_by(out, "passes/passes.def and passes/pipelines.c");
	str_add(out, "| pass | on | must come after | and before | |\n|---|---|---|---|---|\n");
	for (int i = 0; i < PASS_COUNT; i++) {
		const PassInfo *p = &pass_info[i];
		str_printf(out, "| `%s` | %s | %s | %s | %s%s |\n", p->name, p->scope == PASS_FUNC ? "each graph" : "the module",
		           p->after, p->before, p->doc, p->required ? " Always runs." : "");
	}
	str_add(out, "\n## The default pipeline\n\n");
	for (int i = 0; i < pipeline_default_count; i++)
		str_printf(out, "%s`%s`", i ? ", " : "", pass_info[pipeline_default[i]].name);
	str_add(out, ".\n\nThrough `order` it runs alike for every target, at every `-O`, and for the interpreter: what it leaves decides the "
	             "bits of every result. What comes after may look at the machine and changes no bit.\n\n"
	             "`--pass.NAME=off` leaves a pass out, `--dump=NAME` prints the module after "
	             "it, `--bisect=N` allows N optional rewrites in all.\n");
}

/* targets.md */

static void targets_page(Str *out)
{
	static const struct { const char *name, *doc; int nargs; unsigned types; const char *result; } scalars[] = {
#define SCALAR(name, nargs, types, result, doc) { #name, doc, nargs, types, #result },
#include "ir/scalars.def"
	};

	str_add(out, "# Targets\n\n");
	made_by(out, "codegen/targets.def and ir/scalars.def");
	str_add(out, "| `--target` | |\n|---|---|\n");
	for (int i = 0; codegen_targets[i]; i++)
		str_printf(out, "| `%s` | %s |\n", codegen_targets[i]->name, codegen_targets[i]->doc);
	str_add(out, "\n`tfcc-run --target interp` is the reference interpreter: no target, but what all of them are compared with.\n");
	for (int i = 0; codegen_targets[i]; i++) {
		if (!codegen_targets[i]->cpus)
			continue;
		str_printf(out, "\n## CPUs of target `%s`\n\nNames for `--cpu`, besides `native`; a comma list makes one variant for each:\n\n",
		           codegen_targets[i]->name);
		for (int k = 0; codegen_targets[i]->cpus[k]; k++)
			str_printf(out, "%s`%s`", k ? ", " : "", codegen_targets[i]->cpus[k]);
		str_add(out, ".\n");
	}
	str_add(out, "\n## Scalar operations\n\nWhat a target implements, besides loops, loads and stores. Each row is exact or correctly "
	             "rounded; elementary functions such as exp are made of them ([adding-a-target.md](adding-a-target.md)).\n\n"
	             "| operation | operands | types | result | |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++) {
		str_printf(out, "| `%s` | %d | %s | %s | ", scalars[i].name, scalars[i].nargs, set_words(scalars[i].types),
		           strcmp(scalars[i].result, "BOOL") == 0 ? "bool" :
		           strcmp(scalars[i].result, "CAST") == 0 ? "as stated" : "same");
		cell(out, scalars[i].doc);
		str_add(out, " |\n");
	}
}

/* from-stablehlo.md */

static void stablehlo_rows_of(Str *out, bool custom, bool refused)
{
	for (int i = 0; i < stablehlo_nrows; i++) {
		const StablehloRow *r = &stablehlo_rows[i];

		if (r->custom != custom || r->refused != refused)
			continue;
		str_printf(out, "| `%s` | ", r->name);
		if (!custom && !refused)
			str_printf(out, *r->ours ? "`%s` | " : "%s | ", r->ours);
		cell(out, r->doc);
		str_add(out, " |\n");
	}
}

static void stablehlo_page(Str *out)
{
	str_add(out, "# From StableHLO\n\n");
	made_by(out, "frontend/stablehlo/ops.def");
	str_add(out, "`tfcc step.mlir -o step.o` reads StableHLO text, as `jax.jit(f).lower(x).as_text()`, `jax.export` and TensorFlow write "
	             "it. So do `tfcc-run` and `tfcc-opt`. A file is known by its ending, `.mlir` or `.stablehlo`, or by its first word.\n\n"
	             "- Public functions become graphs, which are called like the functions (`main`). Private ones are copied to where they "
	             "are called; large ones that are called often become graphs, too.\n"
	             "- Inputs are `arg0`, `arg1`, ..., as in the text, and results `out0`, `out1`, ...\n"
	             "- An extent `?` of an input is a symbol: `N0`, `N1`, ..., or what `jax.export` calls it. Arithmetic on sizes "
	             "(`get_dimension_size` and what is made of it) is followed at compile time, so that shapes are expressions of the "
	             "symbols, and `shape_assertion`s are checked when the graph is called. Bounds, `#stablehlo.bounds`, are kept. "
	             "A size that `set_dimension_size` takes from data is returned as `i64[]`, behind the results of the text, with a result of that size.\n"
	             "- Tokens are dropped, tuples are taken apart, shardings mean nothing on one device.\n"
	             "- Inputs and results of quantized elements, `!quant.uniform`, are what is stored. Ops that move elements move that; the others "
	             "compute on the numbers that it stands for, and round what they give to the nearest that its type can store, ties to "
	             "even, as the specification says (with `--pass.relax=off`; otherwise a division by a scale is a product with its inverse, and "
	             "what lies within a rounding of a tie may go either way).\n"
	             "- What is not supported is refused: all of it at once, with line and column.\n\n"
	             "## Ops\n\n`mhlo.X` is read as `stablehlo.X` or `chlo.X`, and `chlo.broadcast_X` as X under numpy's broadcasting. No name "
	             "of ours: made of several, or of none.\n\n| op | ours | |\n|---|---|---|\n");
	stablehlo_rows_of(out, false, false);
	str_add(out, "\n## Targets of custom_call\n\nA target that is the name of an op, as `mhlo.erf`, is that op. A ? stands for s, d, c and z: f32, f64, c64 and c128. What LAPACK leaves undefined is the operand, or 0.\n\n| target | |\n|---|---|\n");
	stablehlo_rows_of(out, true, false);
	str_add(out, "\n## Refused\n\n| op | because |\n|---|---|\n");
	stablehlo_rows_of(out, false, true);
}

static const struct { const char *name; void (*print)(Str *out); } pages[] = {
	{ "ops", ops_page }, { "passes", passes_page }, { "targets", targets_page }, { "from-stablehlo", stablehlo_page },
};
enum { NPAGES = sizeof pages / sizeof *pages };

static bool write_pages(Ctx *ctx, const char *dir)
{
	bool ok = true;

	for (int i = 0; ok && i < NPAGES; i++) {
		const char *path = arena_printf(ctx->arena, "%s/%s.md", dir, pages[i].name), *error = NULL;
		Str text = { 0 };
		pages[i].print(&text);
		OutFile *f = outfile_open(ctx->arena, path, &error);
		if (f)
			outfile_write(f, text.s, text.n);
		ok = f && outfile_commit(f, &error);
		if (!ok)
			diag_system(&ctx->diag, "cannot write '%s': %s", path, error);
		str_free(&text);
	}
	return ok;
}

int main(int argc, char **argv)
{
	Ctx *ctx = ctx_new();
	int code = 1;

	if (argc == 3 && strcmp(argv[1], "-o") == 0) {
		write_pages(ctx, argv[2]);
		code = tool_finish(ctx);
	}
	for (int i = 0; argc == 2 && i < NPAGES; i++)
		if (strcmp(argv[1], pages[i].name) == 0) {
			Str text = { 0 };
			pages[i].print(&text);
			code = fwrite(text.s, 1, text.n, stdout) == text.n && fflush(stdout) == 0 ? 0 : 1;
			str_free(&text);
		}
	const Args a = { "tfcc-doc", argc, 1, argv };
	int helped = argc == 2 ? help_option(&a) : -1;
	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		code = printf("%s", usage) < 0;
	else if (helped >= 0)
		code = helped;
	else if (code && !ctx->diag.nerrors)
		fprintf(stderr, "%s", usage);
	ctx_free(ctx);
	return code;
}
