/* codegen/template/template.c - the target `template`: a model as a Python program.  Slow, small, complete: copy it.

   A target turns a Unit (ir/program.h) into whatever its machine runs.  A unit is a program a graph (which kernels run on
   which buffers), kernels (loops over scalar operations, ir/kernel.h), and constants.  This one prints

	def k0(b0, b1, p, sizes)         a kernel: its buffers, its parameters, the sizes of its scratch buffers
	def g0(s, inp, out)              a graph: its symbols' values, its inputs, its results
	GRAPHS = { name: ... }           what main() in epilogue.py needs in order to call one

   A place in memory is a pair: bytes, and an offset in bytes.  The kernels are printed as they were lowered; a target
   that has vectors, registers or threads asks codegen_schedule() for kernels that use them, and gets what its facts say. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "codegen/codegen.h"
#include "codegen/object/weights.h"
#include "ir/base/check.h"
#include "ir/base/file.h"

extern const char template_prelude[], template_epilogue[];     /* prelude.py, epilogue.py */

static bool template_facts(Ctx *ctx, const CodegenOptions *opt, TargetFacts *out)
{
	if (opt->cpu) {
		diag_system(&ctx->diag, "--cpu: the target 'template' has no CPUs");
		return false;
	}
	*out = (TargetFacts){ .name = "template", .vector_bytes = 32, .vector_registers = 16, .fma = true, .l1_bytes = 32 << 10,
	                      .l2_bytes = 256 << 10, .panel = 16, .max_unroll = 1 };
	return true;
}

/* Kernels. */

typedef struct Printer {
	const Kernel *k;
	Str *out;
	int  depth, next;          /* next: number of the next value */
} Printer;

__attribute__((format(printf, 2, 3))) static void line(Printer *p, const char *fmt, ...)
{
	va_list ap;

	str_printf(p->out, "%*s", 4 * p->depth, "");
	va_start(ap, fmt);
	str_vprintf(p->out, fmt, ap);
	va_end(ap);
	str_addc(p->out, '\n');
}

static const char *type_of(const KOp *x)
{
	return dtype_info[x->type.dtype].name;
}

static void print_op(Printer *p, const KOp *x)
{
	const char *op = scalar_info[x->op].name, *type = type_of(x->arg[0]);

	if (x->op == SC_select)
		line(p, "v%d = v%d if v%d else v%d", x->id, x->arg[1]->id, x->arg[0]->id, x->arg[2]->id);
	else if (x->op == SC_convert || x->op == SC_bitcast)
		line(p, "v%d = %s(\"%s\", \"%s\", v%d)", x->id, op, type, type_of(x), x->arg[0]->id);
	else if (x->nargs == 1)
		line(p, "v%d = %s_%s(v%d)", x->id, op, type, x->arg[0]->id);
	else if (x->nargs == 2)
		line(p, "v%d = %s_%s(v%d, v%d)", x->id, op, type, x->arg[0]->id, x->arg[1]->id);
	else
		line(p, "v%d = %s_%s(v%d, v%d, v%d)", x->id, op, type, x->arg[0]->id, x->arg[1]->id, x->arg[2]->id);
}

/* A mask says whether the element is there; reading one that is not gives x->bits. */
static void print_load(Printer *p, const KOp *x)
{
	const char *buf = p->k->buf.at[x->buf].name;

	if (x->nargs == 1)
		line(p, "v%d = %s[v%d]", x->id, buf, x->arg[0]->id);
	else
		line(p, "v%d = %s[v%d] if v%d else from_bits(\"%s\", %" PRIu64 ")", x->id, buf, x->arg[0]->id, x->arg[1]->id,
		     type_of(x), x->bits);
}

static void print_store(Printer *p, const KOp *x)
{
	const char *buf = p->k->buf.at[x->buf].name;

	if (x->nargs == 2)
		line(p, "%s[v%d] = v%d", buf, x->arg[0]->id, x->arg[1]->id);
	else
		line(p, "if v%d: %s[v%d] = v%d", x->arg[2]->id, buf, x->arg[0]->id, x->arg[1]->id);
}

static void print_block(Printer *p, const KBlock *b);

static void print_instr(Printer *p, const KOp *x)
{
	switch (x->kind) {
	case K_CONST: line(p, "v%d = from_bits(\"%s\", %" PRIu64 ")", x->id, type_of(x), x->bits); return;
	case K_PARAM: line(p, "v%d = p[%" PRId64 "]", x->id, x->imm); return;
	case K_TASK:  line(p, "v%d = 0", x->id); return;
	case K_OP:    print_op(p, x); return;
	case K_LOAD:  print_load(p, x); return;
	case K_STORE: print_store(p, x); return;
	case K_GET:
	case K_VAR:   line(p, "v%d = v%d", x->id, x->arg[0]->id); return;
	case K_SET:   line(p, "v%d = v%d", x->arg[0]->id, x->arg[1]->id); return;
	case K_FOR:
		line(p, "for v%d in range(v%d, v%d, %" PRId64 "):", x->id, x->arg[0]->id, x->arg[1]->id, x->imm);
		print_block(p, x->body[0]);
		return;
	case K_WHILE:
		line(p, "while True:");
		print_block(p, x->body[0]);
		line(p, "    if not v%d: break", x->body[0]->last->id);
		print_block(p, x->body[1]);
		return;
	case K_IF:
		line(p, "if v%d:", x->arg[0]->id);
		print_block(p, x->body[0]);
		if (x->body[1] && x->body[1]->first) {
			line(p, "else:");
			print_block(p, x->body[1]);
		}
		return;
	case K_PREFETCH: return;
	default: UNREACHABLE("vectors come from scheduling, which this target does not ask for");
	}
}

static void print_block(Printer *p, const KBlock *b)
{
	p->depth++;
	line(p, "pass");
	for (KOp *x = b->first; x; x = x->next) {
		x->id = p->next++;
		print_instr(p, x);
	}
	p->depth--;
}

static void print_kernel(const Kernel *k, int number, Str *out)
{
	Printer p = { .k = k, .out = out };
	int scratch = 0;

	str_printf(out, "\n\ndef k%d(", number);
	for (int i = 0; i < k->nparams; i++)
		str_printf(out, "b%d, ", i);
	str_printf(out, "p, sizes):\n    # %s\n", k->name);
	p.depth = 1;
	for (int i = 0; i < k->buf.n; i++) {
		const KBuf *b = &k->buf.at[i];
		const char *type = dtype_info[b->dtype].name;
		if (i < k->nparams)
			line(&p, "%s = view(b%d, \"%s\")", b->name, i, type);
		else if (b->kind == KB_LOCAL)
			line(&p, "%s = view((bytearray(%" PRId64 "), 0), \"%s\")", b->name, b->size->value * dtype_size(b->dtype), type);
		else
			line(&p, "%s = view((bytearray(sizes[%d] * %d), 0), \"%s\")", b->name, scratch++, dtype_size(b->dtype), type);
	}
	p.depth = 0;
	print_block(&p, k->body);
}

/* Programs. */

typedef struct Graph {
	const Unit *u;
	const Program *p;
	Str *out;
	SizeStep *size;            /* what it finds out while it runs: variables size0, size1, ... */
	int nsizes;
} Graph;

/* Python's //, %, max and min on integers are those of dimensions. */
static void print_dim(const Graph *g, Dim d)
{
	static const char *const op[] = { [DIM_ADD] = " + ", [DIM_MUL] = " * ", [DIM_FLOORDIV] = " // ", [DIM_MOD] = " % ",
	                                  [DIM_MAX] = ", ", [DIM_MIN] = ", " };

	if (d->kind == DIM_CONST) {
		str_printf(g->out, "%" PRId64, d->value);
		return;
	}
	for (int i = 0; i < g->p->nsymbols; i++)
		if (g->p->symbol[i] == d) {
			str_printf(g->out, "s[%d]", i);
			return;
		}
	for (int i = 0; i < g->nsizes; i++)
		if (g->size[i].step->size == d) {
			str_printf(g->out, "size%d", i);
			return;
		}
	CHECK(d->kind != DIM_SYM, "graph @%s: symbol %s is no argument", g->p->name, d->name);
	str_add(g->out, d->kind == DIM_MAX ? "max(" : d->kind == DIM_MIN ? "min(" : "(");
	for (int i = 0; i < d->nargs; i++) {
		str_add(g->out, i ? op[d->kind] : "");
		print_dim(g, d->arg[i]);
	}
	str_addc(g->out, ')');
}

static void print_dims(const Graph *g, int n, const Dim *d)
{
	str_addc(g->out, '[');
	for (int i = 0; i < n; i++) {
		print_dim(g, d[i]);
		str_add(g->out, ", ");
	}
	str_addc(g->out, ']');
}

static void print_place(const Graph *g, const Place *p)
{
	switch (p->kind) {
	case PLACE_IN:    str_printf(g->out, "at(inp[%d], ", p->index); break;
	case PLACE_OUT:   str_printf(g->out, "at(out[%d], ", p->index); break;
	case PLACE_WS:    str_add(g->out, "at(ws, "); break;
	case PLACE_CONST: str_printf(g->out, "at(WEIGHTS, %" PRId64 " + ", g->u->constant.at[p->index].offset); break;
	case PLACE_NONE:  UNREACHABLE("a value without a place");
	}
	print_dim(g, p->offset);
	str_addc(g->out, ')');
}

static void print_places(const Graph *g, const Place *p, int n)
{
	for (int i = 0; i < n; i++) {
		print_place(g, &p[i]);
		str_add(g->out, ", ");
	}
}

static void print_launch(const Graph *g, const Step *s)
{
	const Kernel *k = g->u->kernel.at[s->kernel];

	str_printf(g->out, "k%d(", s->kernel);
	print_places(g, s->place, s->nplaces);
	print_dims(g, k->param.n, k->param.at);
	str_add(g->out, ", [");
	for (int i = k->nparams; i < k->buf.n; i++)
		if (k->buf.at[i].kind == KB_SCRATCH) {
			print_dim(g, k->buf.at[i].size);
			str_add(g->out, ", ");
		}
	str_add(g->out, "])\n");
}

/* A text in quotes. */
static void quote(Str *out, const char *text)
{
	str_addc(out, '"');
	for (; *text; text++)
		str_printf(out, strchr("\"\\\n", *text) ? "\\x%02x" : "%c", (unsigned char)*text);
	str_addc(out, '"');
}

/* The C function that a custom_call names, through ctypes; the libraries given to main() are there. */
static void print_custom(const Graph *g, const Step *s)
{
	str_printf(g->out, "custom(\"%s\", [", s->custom->target);
	print_places(g, s->place, s->nplaces);
	str_add(g->out, "], ");
	print_dims(g, s->custom->ndims, s->custom_dim);
	str_add(g->out, ", ");
	quote(g->out, s->custom->config);
	str_add(g->out, ")\n");
}

static int program_number(const Unit *u, const Program *p)
{
	int n = 0;

	for (const Program *q = u->programs; q != p; q = q->next)
		n++;
	return n;
}

static void print_assert(const Graph *g, const Constraint *c, int depth)
{
	str_printf(g->out, "%*sassert ", 4 * depth, "");
	print_dim(g, c->a);
	str_add(g->out, " == ");
	print_dim(g, c->b);
	str_addc(g->out, '\n');
}

/* A size, and what can be told of it. */
static void print_size(const Graph *g, const Step *s, int depth)
{
	int n = 0;

	while (g->size[n].step != s)
		n++;
	str_printf(g->out, "size%d = view(", n);
	print_place(g, &s->place[0]);
	str_printf(g->out, ", \"i64\")[0]\n%*sassert 0 <= size%d <= ", 4 * depth, "", n);
	print_dim(g, dim_bound(g->u->ctx->dims, s->size));
	str_addc(g->out, '\n');
	for (int i = 0; i < g->p->func->constraints.n; i++)
		if (size_decides(&g->size[n], g->p->func->constraints.at[i].a, g->p->func->constraints.at[i].b))
			print_assert(g, &g->p->func->constraints.at[i], depth);
}

static void print_steps(const Graph *g, const Steps *steps, int depth)
{
	str_printf(g->out, "%*spass\n", 4 * depth, "");
	for (const Step *s = steps->first; s; s = s->next) {
		str_printf(g->out, "%*s", 4 * depth, "");
		switch (s->kind) {
		case STEP_LAUNCH:
			print_launch(g, s);
			break;
		case STEP_COPY:
			str_add(g->out, "copy(");
			print_places(g, s->place, 2);
			print_dim(g, s->bytes);
			str_add(g->out, ")\n");
			break;
		case STEP_IF:
			str_add(g->out, "if view(");
			print_place(g, &s->place[0]);
			str_add(g->out, ", \"bool\")[0]:\n");
			print_steps(g, &s->body, depth + 1);
			str_printf(g->out, "%*selse:\n", 4 * depth, "");
			print_steps(g, &s->other, depth + 1);
			break;
		case STEP_WHILE:
			str_add(g->out, "while True:\n");
			print_steps(g, &s->body, depth + 1);
			str_printf(g->out, "%*sif not view(", 4 * depth + 4, "");
			print_place(g, &s->place[0]);
			str_add(g->out, ", \"bool\")[0]: break\n");
			print_steps(g, &s->other, depth + 1);
			break;
		case STEP_CALL: {
			int nin = s->callee->func->body->args.n;
			str_printf(g->out, "g%d(", program_number(g->u, s->callee));
			print_dims(g, s->callee->nsymbols, s->callee_symbol);
			str_add(g->out, ", [");
			print_places(g, s->place, nin);
			str_add(g->out, "], [");
			print_places(g, s->place + nin, s->nplaces - nin);
			str_add(g->out, "])\n");
			break;
		}
		case STEP_CUSTOM:
			print_custom(g, s);
			break;
		case STEP_SIZE:
			print_size(g, s, depth);
			break;
		}
	}
}

static Graph graph_new(Arena *a, const Unit *u, const Program *p, Str *out)
{
	Graph g = { .u = u, .p = p, .out = out };

	g.nsizes = program_sizes(a, p, &g.size);
	return g;
}

static void print_program(Arena *a, const Unit *u, const Program *p, Str *out)
{
	Graph g = graph_new(a, u, p, out);

	str_printf(out, "\n\ndef g%d(s, inp, out):\n", program_number(u, p));
	for (int i = 0; i < p->func->constraints.n; i++)
		if (program_knows(p, p->func->constraints.at[i].a) && program_knows(p, p->func->constraints.at[i].b))
			print_assert(&g, &p->func->constraints.at[i], 1);
	str_add(out, "    ws = bytearray(");
	print_dim(&g, p->ws_bytes);
	str_add(out, "), 0\n");
	print_steps(&g, &p->steps, 1);
}

/* (name, type, [extents]); an extent with symbols is a text, to be evaluated. */
static void print_tensor(const Graph *g, const char *name, const char *instead, int number, const Type *t)
{
	str_add(g->out, "(");
	quote(g->out, name ? name : instead);
	if (!name)
		str_printf(g->out, " + \"%d\"", number);
	str_printf(g->out, ", \"%s\", [", dtype_info[t->dtype].name);
	for (int i = 0; i < t->rank; i++) {
		bool number = dim_is_const(t->dim[i]);
		str_add(g->out, number ? "" : "\"");
		print_dim(g, t->dim[i]);
		str_add(g->out, number ? ", " : "\", ");
	}
	str_add(g->out, "]), ");
}

static void print_graphs(const Unit *u, Str *out)
{
	str_add(out, "\n\n# name: (number of symbols, inputs, results, function)\nGRAPHS = {\n");
	for (const Program *p = u->programs; p; p = p->next) {
		Graph g = { .u = u, .p = p, .out = out };
		str_add(out, "    ");
		quote(out, p->name);
		str_printf(out, ": (%d, [", p->nsymbols);
		for (int i = 0; i < p->func->body->args.n; i++)
			print_tensor(&g, p->func->body->args.at[i]->name, "arg", i, program_room(u, p, i));
		str_add(out, "], [");
		for (int i = 0; i < p->func->result_types.n; i++)
			print_tensor(&g, p->func->result_names.at[i], "out", i, program_room(u, p, p->func->body->args.n + i));
		str_printf(out, "], g%d),\n", program_number(u, p));
	}
	str_add(out, "}\n");
}

/* Files. */

static bool write_text(const Unit *u, const char *path, const Str *text)
{
	const char *error = NULL;
	OutFile *f;

	if (strcmp(path, "-") == 0) {
		if (fwrite(text->s, 1, text->n, stdout) == text->n && fflush(stdout) == 0)
			return true;
		error = system_reason(u->arena, errno);
		path = "standard output";
	} else if ((f = outfile_open(u->arena, path, &error))) {
		outfile_write(f, text->s, text->n);
		if (outfile_commit(f, &error))
			return true;
	}
	diag_system(&u->ctx->diag, "cannot write '%s': %s", path, error);
	return false;
}

/* Constants go to a file beside the text, as for every target that prints text. */
static bool write_weights(const Unit *u, const char *path, Str *text)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
	const char *weights = arena_printf(u->arena, "%.*s.weights", (int)(dot ? dot - path : (long)strlen(path)), path);
	uint64_t id;

	if (u->const_bytes == 0)
		return true;
	str_add(text, "\n\nimport os\nWEIGHTS = open(os.path.join(os.path.dirname(os.path.abspath(__file__)), ");
	quote(text, slash ? weights + (slash + 1 - path) : weights);
	str_add(text, "), \"rb\").read(), 64\n");
	return strcmp(path, "-") == 0 || weights_write(u, weights, &id);
}

static bool template_emit(const Unit *u, const CodegenOptions *opt, EmitForm form, const char *path)
{
	Str text = { 0 };

	(void)opt;
	if (form != EMIT_TEXT) {
		diag_system(&u->ctx->diag, "the target 'template' writes Python only: give -o FILE.py");
		return false;
	}
	Arena *scratch = arena_new();
	str_add(&text, template_prelude);
	bool ok = write_weights(u, path, &text);
	for (int i = 0; i < u->kernel.n; i++)
		print_kernel(u->kernel.at[i], i, &text);
	for (const Program *p = u->programs; p; p = p->next)
		print_program(scratch, u, p, &text);
	print_graphs(u, &text);
	str_add(&text, template_epilogue);
	ok = ok && write_text(u, path, &text);
	str_free(&text);
	arena_free(scratch);
	return ok;
}

const CodegenTarget target_template = {
	"template", "Python 3, slowly: the smallest target, to be copied for a new one.", template_facts, template_emit, NULL
};
