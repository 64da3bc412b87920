/* ir/print.c - writes the text form of modules, graphs and ops. */
#include "ir/print.h"

#include "ir/base/check.h"
#include "ir/lex.h"
#include "ir/plan.h"

static void print_line(Printer *p)
{
	str_addc(p->out, '\n');
	for (int i = 0; i < p->indent; i++)
		str_add(p->out, "  ");
}

static void print_value(Printer *p, const Value *v)
{
	str_addc(p->out, '%');
	name_print(p->out, names_get(p->names, v));
}

static void print_values(Printer *p, int n, Value *const *v)
{
	for (int i = 0; i < n; i++) {
		if (i)
			str_add(p->out, ", ");
		print_value(p, v[i]);
	}
}

/* `%a: f32[] at ws(0), ...` */
static void print_args(Printer *p, const Block *b, bool places)
{
	str_addc(p->out, '(');
	for (int i = 0; i < b->args.n; i++) {
		const Value *v = b->args.at[i];
		if (i)
			str_add(p->out, ", ");
		print_value(p, v);
		str_add(p->out, ": ");
		type_print(p->out, v->type);
		if (places)
			print_at(p->out, v->place, v->type->rank);
	}
	str_addc(p->out, ')');
}

static void print_block(Printer *p, const Block *b);

/* Regions in full, or as `{...}` where one line is wanted (indent < 0). */
static void print_regions(Printer *p, const Op *op)
{
	for (int i = 0; i < op->nregions; i++) {
		const char *name = op_region_name(op, i);
		str_printf(p->out, " %s%s", name, *name ? " " : "");
		if (op->region[i]->args.n || !*name) {
			print_args(p, op->region[i], true);
			str_addc(p->out, ' ');
		}
		if (p->indent < 0)
			str_add(p->out, "{...}");
		else
			print_block(p, op->region[i]);
	}
}

/* What stands behind the name: `constant 1.0`, `call @f(%x)`, `weight @w`, `add %a, %b`. */
static void print_operands(Printer *p, const Op *op)
{
	const OpInfo *row = op_row(op);
	const AttrInfo *first = attr_printed_first(row);
	bool parens = first && row->nargs != 0;

	if (first) {
		const void *at = (const char *)op->attrs + first->offset;
		str_addc(p->out, ' ');
		if (first->kind == ATTR_tensor) {
			print_blob(p, *(Blob *const *)at);
		} else {
			str_addc(p->out, '@');
			name_print(p->out, *(const char *const *)at);
		}
	}
	if (parens || op->nargs)
		str_add(p->out, parens ? "(" : " ");
	print_values(p, op->nargs, op->arg);
	if (parens)
		str_addc(p->out, ')');
}

static void print_op(Printer *p, const Op *op)
{
	const OpInfo *row = op_row(op);

	print_values(p, op->nresults, op->result);
	str_printf(p->out, "%s%s", op->nresults ? " = " : "", row->name);
	print_operands(p, op);
	print_attrs(p, row, op->attrs);
	print_regions(p, op);
	for (int i = 0; i < op->nresults; i++) {
		str_add(p->out, i ? ", " : " : ");
		type_print(p->out, op->result[i]->type);
		print_at(p->out, op->result[i]->place, op->result[i]->type->rank);
	}
	if (p->opt->locs && op->loc)
		print_loc(p->out, op->loc);
}

static void print_block(Printer *p, const Block *b)
{
	str_addc(p->out, '{');
	p->indent++;
	for (const Op *op = b->first; op; op = op->next) {
		print_line(p);
		print_op(p, op);
	}
	p->indent--;
	print_line(p);
	str_addc(p->out, '}');
}

/* A size that an op will define: its bound is said wherever it comes before that op. */
void print_early_dim(Printer *p, const Func *f, Dim d)
{
	Dim input[64 + 1];
	int n = func_symbols(f, input, 64);

	if (dim_symbols(d, input, n, n + 1) > n)
		dim_print_bounded(p->out, d);
	else
		dim_print(p->out, d);
}

static void print_result_type(Printer *p, const Func *f, const Type *t)
{
	str_printf(p->out, "%s[", dtype_info[t->dtype].name);
	for (int i = 0; i < t->rank; i++) {
		str_add(p->out, i ? ", " : "");
		if (t->dim[i]->kind == DIM_SYM)
			dim_print_bounded(p->out, t->dim[i]);
		else
			print_early_dim(p, f, t->dim[i]);
	}
	str_addc(p->out, ']');
}

void print_signature(Printer *p, const Func *f, bool places)
{
	str_addc(p->out, '@');
	name_print(p->out, f->name);
	print_args(p, f->body, places);
	str_add(p->out, " -> (");
	for (int i = 0; i < f->result_types.n; i++) {
		const char *name = f->result_names.at[i];
		if (i)
			str_add(p->out, ", ");
		if (name && !name_is_number(name)) {
			str_addc(p->out, '%');
			name_print(p->out, name);
			str_add(p->out, ": ");
		}
		print_result_type(p, f, f->result_types.at[i]);
		if (func_over(f, i) >= 0) {
			str_add(p->out, " over ");
			print_value(p, f->body->args.at[func_over(f, i)]);
		}
	}
	str_addc(p->out, ')');
	for (int i = 0; i < f->constraints.n; i++) {
		str_add(p->out, i ? ", " : " where (");
		print_early_dim(p, f, f->constraints.at[i].a);
		str_add(p->out, " == ");
		print_early_dim(p, f, f->constraints.at[i].b);
	}
	if (f->constraints.n)
		str_addc(p->out, ')');
}

static void print_header(Printer *p, const Func *f)
{
	str_add(p->out, "graph ");
	print_signature(p, f, true);
	if (f->plan) {
		str_add(p->out, " plan (ws = ");
		dim_print(p->out, f->plan->ws_bytes);
		str_add(p->out, ", lower_bound = ");
		dim_print(p->out, f->plan->lower_bound);
		str_addc(p->out, ')');
	}
}

static void print_func(Printer *p, const Func *f)
{
	Arena *a = arena_new();

	p->names = names_new(a, f);
	print_header(p, f);
	str_addc(p->out, ' ');
	print_block(p, f->body);
	str_addc(p->out, '\n');
	p->names = NULL;
	arena_free(a);
}

static void print_weight(Printer *p, const Weight *w)
{
	str_add(p->out, "weight @");
	name_print(p->out, w->name);
	str_add(p->out, " : ");
	type_print(p->out, w->type);
	switch (w->init) {
	case INIT_FILE:
		break;
	case INIT_ZEROS:
		str_add(p->out, " = zeros");
		break;
	case INIT_ONES:
		str_add(p->out, " = ones");
		break;
	case INIT_VALUE:
		str_add(p->out, " = ");
		print_blob(p, w->value);
		break;
	}
	str_addc(p->out, '\n');
}

static const PrintOptions default_options;

Printer printer_new(const PrintOptions *opt, Str *out)
{
	Printer p = { .out = out, .opt = opt ? opt : &default_options, .arena = arena_new() };

	map_init(&p.keys, p.arena);
	strmap_init(&p.taken, p.arena);
	return p;
}

/* `weights "file"` lines.  The file of the constants comes first, so that an older one has no say about their keys. */
void print_files(const Module *m, const BlobFile *blobs, Str *out)
{
	const char *own = blobs && blobs->blob.n ? blobs->name : NULL;

	for (int i = own ? -1 : 0; i < m->weight_files.n; i++) {
		const char *name = i < 0 ? own : m->weight_files.at[i];
		if (i >= 0 && own && strcmp(own, name) == 0)
			continue;
		str_add(out, "weights ");
		string_print(out, name);
		str_addc(out, '\n');
	}
	if (own || m->weight_files.n)
		str_addc(out, '\n');
}

void module_print(const Module *m, const PrintOptions *opt, Str *out)
{
	/* Weights and graphs go first into a text of their own: only then is known whether there is a file of constants. */
	Str body = { 0 };
	Printer p = printer_new(opt, &body);

	for (int i = 0; i < m->weights.n; i++)
		strmap_set(&p.taken, m->weights.at[i]->name, &p);
	for (int i = 0; i < m->weights.n; i++)
		print_weight(&p, m->weights.at[i]);
	for (int i = 0; i < m->funcs.n; i++) {
		if (i || m->weights.n)
			str_addc(&body, '\n');
		print_func(&p, m->funcs.at[i]);
	}
	str_printf(out, "tfcc_graph %d\n\n", GRAPH_FORMAT_VERSION);
	print_files(m, p.opt->blobs, out);
	str_addn(out, str_cstr(&body), body.n);
	str_free(&body);
	arena_free(p.arena);
}

void func_print(const Func *f, const PrintOptions *opt, Str *out)
{
	Printer p = printer_new(opt, out);

	print_func(&p, f);
	arena_free(p.arena);
}

void op_print_named(const Op *op, const Names *names, Str *out)
{
	Printer p = printer_new(NULL, out);

	p.names = names;
	p.indent = -1;
	print_op(&p, op);
	arena_free(p.arena);
}

void op_print(const Op *op, Str *out)
{
	Arena *a = arena_new();

	op_print_named(op, op->block ? names_new(a, op->block->func) : NULL, out);
	arena_free(a);
}
