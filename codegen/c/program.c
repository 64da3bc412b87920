/* codegen/c/program.c - programs as C: dimensions, checks, launches, and the descriptor. */
#include <inttypes.h>

#include "codegen/c/cprint.h"
#include "codegen/object/descriptor.h"
#include "ir/base/check.h"
#include "runtime/abi.h"

typedef struct Graph {
	const Unit *u;
	const Variant *v;
	const Program *p;
	int number;
	const CodegenOptions *opt;
	const char *cname;
	ProgramLayout layout;
	DimList dims;                  /* value[i] of the call's expressions; with sizes: of the symbols, too */
	SizeStep *size;
	int nsizes;
	bool in_size;                  /* symbols are read from v[] */
	int nin, nout;
	int *ncustoms;                 /* custom_calls printed so far */
	Arena *a;
	Str *parts;                    /* functions that the run is cut into, those that others call first */
	int *nparts;
} Graph;

static const Type *tensor_type(const Graph *g, int i)
{
	return program_room(g->u, g->p, i);
}

static void print_value(const Graph *g, Str *out, Dim d);

/* An expression over s[], with overflow gathered in `bad`. */
static void print_checked(const Graph *g, Str *out, Dim d)
{
	static const char *const name[] = { [DIM_ADD] = "add", [DIM_MUL] = "mul", [DIM_FLOORDIV] = "div",
	                                    [DIM_MOD] = "mod", [DIM_MAX] = "max", [DIM_MIN] = "min" };

	CHECK(d, "graph @%s: a dimension expression has overflowed", g->p->name);
	if (d->kind == DIM_CONST) {
		str_printf(out, "INT64_C(%" PRId64 ")", d->value);
		return;
	}
	if (d->kind == DIM_SYM && g->in_size) {
		print_value(g, out, d);
		return;
	}
	if (d->kind == DIM_SYM) {
		for (int i = 0; i < g->p->nsymbols; i++)
			if (g->p->symbol[i] == d) {
				str_printf(out, "s[%d]", i);
				return;
			}
		UNREACHABLE("graph @%s: symbol %s is no argument", g->p->name, d->name);
	}
	for (int i = 1; i < d->nargs; i++)
		str_printf(out, "tf_d%s(&bad, ", name[d->kind]);
	print_checked(g, out, d->arg[0]);
	for (int i = 1; i < d->nargs; i++) {
		str_add(out, ", ");
		print_checked(g, out, d->arg[i]);
		str_addc(out, ')');
	}
}

/* An expression that the call has evaluated. */
static void print_value(const Graph *g, Str *out, Dim d)
{
	if (dim_is_const(d)) {
		str_printf(out, "INT64_C(%" PRId64 ")", d->value);
		return;
	}
	int number = dimlist_find(&g->dims, d);
	CHECK(number >= 0, "graph @%s: an expression has no value", g->p->name);
	str_printf(out, "v[%d]", number);
}

/* Signature: symbols, conditions, extents, sizes. */

typedef struct Checks { const Graph *g; Str *out; Map seen; } Checks;

static void check_extent(Checks *c, Dim d)
{
	int64_t lo, hi;

	dim_range(d, &lo, &hi);
	if (lo >= 0 || map_has(&c->seen, d))
		return;
	map_set(&c->seen, d, c);
	str_add(c->out, "\tbad |= ");
	print_checked(c->g, c->out, d);
	str_add(c->out, " < 0;\n");
}

static void check_extents(Checks *c, const Type *t)
{
	for (int i = 0; i < t->rank; i++)
		check_extent(c, t->dim[i]);
}

static void check_equal(Checks *c, const Constraint *k)
{
	str_add(c->out, "\tbad |= ");
	print_checked(c->g, c->out, k->a);
	str_add(c->out, " != ");
	print_checked(c->g, c->out, k->b);
	str_add(c->out, ";\n");
}

static void print_signature(const Graph *g, Str *out)
{
	const Func *f = g->p->func;
	Checks c = { g, out, { 0 } };

	map_init(&c.seen, g->a);
	for (int i = 0; i < g->p->nsymbols; i++) {
		Dim limit = g->p->symbol[i]->limit;
		str_printf(out, "\tbad |= s[%d] < 0 || s[%d] > ", i, i);
		print_checked(g, out, limit ? limit : dim_const(g->u->ctx->dims, g->p->symbol[i]->bound));
		str_add(out, ";\n");
	}
	for (int i = 0; i < f->constraints.n; i++)
		if (program_knows(g->p, f->constraints.at[i].a) && program_knows(g->p, f->constraints.at[i].b))
			check_equal(&c, &f->constraints.at[i]);
	for (int i = 0; i < g->nin + g->nout; i++) {
		check_extents(&c, tensor_type(g, i));
		Dim bytes = type_bytes(g->u->ctx->types, tensor_type(g, i));
		if (bytes && dim_is_const(bytes))
			continue;
		str_add(out, "\t(void)");
		print_checked(g, out, bytes);
		str_add(out, ";\n");
	}
	for (int i = 0; i < g->p->extent.n; i++)
		if (program_knows(g->p, g->p->extent.at[i]))
			check_extent(&c, g->p->extent.at[i]);
}

/* What follows from a size, and its checks: everything that can be told now and could not before. */
static void print_size(const Graph *graph, Str *out, int number)
{
	Graph of = *graph, *g = &of;
	const SizeStep *s = &g->size[number];
	const Func *f = g->p->func;
	Checks c = { g, out, { 0 } };

	of.in_size = true;
	map_init(&c.seen, g->a);
	str_printf(out, "static tfrt_status g%d_size%d(int64_t *v, int64_t size)\n{\n\tint bad = 0;\n\n\t", g->number, number);
	print_value(g, out, s->step->size);
	str_add(out, " = size;\n\tbad |= size < 0 || size > ");
	print_checked(g, out, dim_bound(g->u->ctx->dims, s->step->size));
	str_add(out, ";\n");
	for (int i = 0; i < f->constraints.n; i++)
		if (size_decides(s, f->constraints.at[i].a, f->constraints.at[i].b))
			check_equal(&c, &f->constraints.at[i]);
	for (int i = 0; i < f->result_types.n; i++)
		for (int k = 0; k < f->result_types.at[i]->rank; k++)
			if (size_gives(s, f->result_types.at[i]->dim[k]))
				check_extent(&c, f->result_types.at[i]->dim[k]);
	for (int i = 0; i < g->p->extent.n; i++)
		if (size_gives(s, g->p->extent.at[i]))
			check_extent(&c, g->p->extent.at[i]);
	for (int i = 0; i < g->dims.n; i++) {
		if (g->dims.at[i] == s->step->size || !size_gives(s, g->dims.at[i]))
			continue;
		str_printf(out, "\tv[%d] = ", i);
		print_checked(g, out, g->dims.at[i]);
		str_add(out, ";\n");
	}
	str_add(out, "\treturn bad ? TFRT_SHAPE : TFRT_OK;\n}\n\n");
}

static void print_dims(const Graph *g, Str *out)
{
	str_printf(out, "static tfrt_status tf_g%d_dims(const int64_t *s, int64_t *v)\n{\n\tint bad = 0;\n\n\t(void)s; (void)v;\n", g->number);
	print_signature(g, out);
	for (int i = 0; i < g->dims.n; i++) {
		if (!program_knows(g->p, g->dims.at[i]))
			continue;
		str_printf(out, "\tv[%d] = ", i);
		print_checked(g, out, g->dims.at[i]);
		str_add(out, ";\n");
	}
	str_add(out, "\treturn bad ? TFRT_SHAPE : TFRT_OK;\n}\n\n");
	for (int i = 0; i < g->nsizes; i++)
		print_size(g, out, i);
	str_printf(out, "static tfrt_status tf_%s_shape(const int64_t *s, int64_t *extents)\n{\n\tint bad = 0;\n\n\t(void)s; (void)extents;\n", g->cname);
	print_signature(g, out);
	int n = 0;
	for (int i = 0; i < g->nin + g->nout; i++)
		for (int k = 0; k < tensor_type(g, i)->rank; k++) {
			str_printf(out, "\textents[%d] = ", n++);
			print_checked(g, out, tensor_type(g, i)->dim[k]);
			str_add(out, ";\n");
		}
	str_add(out, "\treturn bad ? TFRT_SHAPE : TFRT_OK;\n}\n\n");
	str_printf(out, "static int64_t tf_%s_workspace(const int64_t *s, int32_t threads)\n{\n\tint64_t v[%d], all;\n\tint bad = 0;\n\n\tif (tf_g%d_dims(s, v) != TFRT_OK)\n\t\treturn -1;\n\tall = tf_dadd(&bad, ",
	           g->cname, g->dims.n + 1, g->number);
	print_value(g, out, g->layout.shared);
	str_add(out, ", tf_dmul(&bad, threads, ");
	print_value(g, out, g->layout.scratch);
	str_add(out, "));\n\treturn bad ? -1 : all;\n}\n\n");
}

/* Steps. */

static void print_place(const Graph *g, Str *out, const Place *p)
{
	bool moved = !dim_is(p->offset, 0);

	str_add(out, moved ? "tf_at(" : "");
	switch (p->kind) {
	case PLACE_IN: str_printf(out, "(char *)in[%d]", p->index); break;
	case PLACE_OUT: str_printf(out, "(char *)out[%d]", p->index); break;
	case PLACE_WS: str_add(out, "ws"); break;
	case PLACE_CONST: str_printf(out, "tf_at(weights, INT64_C(%" PRId64 "))", g->u->constant.at[p->index].offset); break;
	case PLACE_NONE: UNREACHABLE("a value without a place");
	}
	if (moved) {
		str_add(out, ", ");
		print_value(g, out, p->offset);
		str_addc(out, ')');
	}
}

static void tabs(Str *out, int depth)
{
	for (int i = 0; i < depth; i++)
		str_addc(out, '\t');
}

/* With --profile the context is told, if it wants to know, when a kernel begins and ends. */
static void print_hook(const Graph *g, Str *out, int kernel, int end, int depth)
{
	if (!g->opt->profile)
		return;
	tabs(out, depth);
	str_add(out, "if (ctx->profile)\n");
	tabs(out, depth + 1);
	str_printf(out, "ctx->profile(ctx, %d, %d);\n", kernel, end);
}

static void print_launch(const Graph *g, Str *out, const Step *s, int depth)
{
	const Kernel *k = g->v->kernel[s->kernel];
	KernelLayout layout = kernel_layout(g->a, k);

	tabs(out, depth);
	str_add(out, "{\n");
	tabs(out, depth + 1);
	str_printf(out, "void *const p[] = { ");
	for (int i = 0; i < s->nplaces; i++) {
		str_add(out, i ? ", " : "");
		print_place(g, out, &s->place[i]);
	}
	str_add(out, s->nplaces ? " };\n" : "NULL };\n");
	tabs(out, depth + 1);
	str_add(out, "const int64_t i[] = { ");
	for (int i = 0; i < layout.nparams; i++) {
		print_value(g, out, layout.param[i]);
		str_add(out, ", ");
	}
	str_add(out, "0 };\n");
	print_hook(g, out, s->kernel, 0, depth + 1);
	tabs(out, depth + 1);
	str_printf(out, "tf_launch(ctx, tf_k%d_task, p, i, scratch, each, ", s->kernel);
	print_value(g, out, k->ntasks);
	str_add(out, ");\n");
	print_hook(g, out, s->kernel, 1, depth + 1);
	tabs(out, depth);
	str_add(out, "}\n");
}

static void print_steps(const Graph *g, Str *out, StepRange range, int depth);
static Graph graph_new(Arena *a, const Unit *u, const Variant *v, const Program *p, const CodegenOptions *opt);

static void print_call(const Graph *g, Str *out, const Step *s, int depth)
{
	const Program *c = s->callee;
	Graph callee = graph_new(g->a, g->u, g->v, c, g->opt);
	int nin = callee.nin, number = callee.number;

	tabs(out, depth);
	str_add(out, "{\n");
	tabs(out, depth + 1);
	str_add(out, "const int64_t s[] = { ");
	for (int i = 0; i < c->nsymbols; i++) {
		print_value(g, out, s->callee_symbol[i]);
		str_add(out, ", ");
	}
	str_add(out, "0 };\n");
	for (int part = 0; part < 2; part++) {
		tabs(out, depth + 1);
		str_add(out, part ? "void *const cout[] = { " : "void *const cin[] = { ");
		for (int i = part ? nin : 0; i < (part ? s->nplaces : nin); i++) {
			print_place(g, out, &s->place[i]);
			str_add(out, ", ");
		}
		str_add(out, "NULL };\n");
	}
	tabs(out, depth + 1);
	str_printf(out, "int64_t cv[%d];\n", callee.dims.n + 1);
	tabs(out, depth + 1);
	str_printf(out, "tfrt_status cs = tf_g%d_dims(s, cv);\n", number);
	tabs(out, depth + 1);
	str_printf(out, "if (cs == TFRT_OK) cs = tf_g%d_run(ctx, tf_at(ws, ", number);
	print_value(g, out, s->ws_offset);
	str_add(out, "), scratch, each, cv, cin, cout);\n");
	tabs(out, depth + 1);
	str_add(out, "if (cs != TFRT_OK) return cs;\n");
	tabs(out, depth);
	str_add(out, "}\n");
}

static void print_custom(const Graph *g, Str *out, const Step *s, int depth)
{
	tabs(out, depth);
	str_add(out, "{\n");
	tabs(out, depth + 1);
	str_add(out, "void *const p[] = { ");
	for (int i = 0; i < s->nplaces; i++) {
		print_place(g, out, &s->place[i]);
		str_add(out, ", ");
	}
	str_add(out, "NULL };\n");
	tabs(out, depth + 1);
	str_add(out, "const int64_t i[] = { ");
	for (int i = 0; i < s->custom->ndims; i++) {
		print_value(g, out, s->custom_dim[i]);
		str_add(out, ", ");
	}
	str_add(out, "0 };\n");
	tabs(out, depth + 1);
	str_printf(out, "const int code = tf_custom%d(p, i);\n", (*g->ncustoms)++);
	tabs(out, depth + 1);
	str_printf(out, "if (code) { ctx->failed = \"%s\"; ctx->failed_code = code; return TFRT_CUSTOM; }\n", s->custom->target);
	tabs(out, depth);
	str_add(out, "}\n");
}

static void print_size_step(const Graph *g, Str *out, const Step *s, int depth)
{
	int n = 0;

	while (n < g->nsizes && g->size[n].step != s)
		n++;
	CHECK(n < g->nsizes, "a size that graph @%s does not know", g->p->name);
	tabs(out, depth);
	str_add(out, "{\n");
	tabs(out, depth + 1);
	str_add(out, "int64_t size;\n");
	tabs(out, depth + 1);
	str_add(out, "tfrt_status status;\n");
	tabs(out, depth + 1);
	str_add(out, "memcpy(&size, ");
	print_place(g, out, &s->place[0]);
	str_add(out, ", sizeof size);\n");
	tabs(out, depth + 1);
	str_printf(out, "status = g%d_size%d(v, size);\n", g->number, n);
	tabs(out, depth + 1);
	str_add(out, "if (status != TFRT_OK) return status;\n");
	tabs(out, depth);
	str_add(out, "}\n");
}

static StepRange whole(const Steps *steps)
{
	return (StepRange){ steps->first, NULL };
}

static const char run_params[] =
	"(tfrt_context *ctx, char *ws, char *scratch, int64_t each, int64_t *v, void *const *in, void *const *out)";

/* The body of a run or of a part of it. */
static void print_body(const Graph *g, Str *out, StepRange range)
{
	str_add(out, "\n{\n\tchar *weights = (char *)(uintptr_t)ctx->weights;\n\n"
	        "\t(void)ws; (void)scratch; (void)each; (void)v; (void)in; (void)out; (void)weights;\n");
	print_steps(g, out, range, 1);
	str_add(out, "\treturn TFRT_OK;\n}\n\n");
}

/* A function of its own for the range, and the call of it. */
static void print_part(const Graph *g, Str *out, StepRange range, int depth)
{
	int part = (*g->nparts)++;
	Str text = { 0 };

	str_printf(&text, "static TF_NOINLINE tfrt_status tf_g%d_part%d%s", g->number, part, run_params);
	print_body(g, &text, range);
	str_add(g->parts, str_cstr(&text));
	str_free(&text);
	tabs(out, depth);
	str_printf(out, "{ tfrt_status cs = tf_g%d_part%d(ctx, ws, scratch, each, v, in, out); if (cs != TFRT_OK) return cs; }\n", g->number, part);
}

static void print_steps(const Graph *g, Str *out, StepRange range, int depth)
{
	StepRange *part;
	int nparts = steps_cut(g->a, range, &part);

	for (int i = 0; i < nparts; i++)
		print_part(g, out, part[i], depth);
	if (nparts)
		return;
	for (const Step *s = range.first; s != range.end; s = s->next) {
		switch (s->kind) {
		case STEP_LAUNCH:
			print_launch(g, out, s, depth);
			break;
		case STEP_COPY:
			tabs(out, depth);
			/* A result may lie over the input that it is. */
			str_add(out, s->place[0].kind == PLACE_OUT && s->place[1].kind == PLACE_IN ? "memmove(" : "memcpy(");
			print_place(g, out, &s->place[0]);
			str_add(out, ", ");
			print_place(g, out, &s->place[1]);
			str_add(out, ", (size_t)");
			print_value(g, out, s->bytes);
			str_add(out, ");\n");
			break;
		case STEP_IF:
			tabs(out, depth);
			str_add(out, "if (*(const uint8_t *)(");
			print_place(g, out, &s->place[0]);
			str_add(out, ")) {\n");
			print_steps(g, out, whole(&s->body), depth + 1);
			tabs(out, depth);
			str_add(out, "} else {\n");
			print_steps(g, out, whole(&s->other), depth + 1);
			tabs(out, depth);
			str_add(out, "}\n");
			break;
		case STEP_WHILE:
			tabs(out, depth);
			str_add(out, "for (;;) {\n");
			print_steps(g, out, whole(&s->body), depth + 1);
			tabs(out, depth + 1);
			str_add(out, "if (!*(const uint8_t *)(");
			print_place(g, out, &s->place[0]);
			str_add(out, ")) break;\n");
			print_steps(g, out, whole(&s->other), depth + 1);
			tabs(out, depth);
			str_add(out, "}\n");
			break;
		case STEP_CALL:
			print_call(g, out, s, depth);
			break;
		case STEP_CUSTOM:
			print_custom(g, out, s, depth);
			break;
		case STEP_SIZE:
			print_size_step(g, out, s, depth);
			break;
		}
	}
}

/* C compilers keep what they know of a function in tables that grow faster than it does; hence the parts. */
static void print_run(const Graph *g, Str *out)
{
	Str parts = { 0 }, run = { 0 };
	int nparts = 0;
	Graph in = *g;

	in.parts = &parts;
	in.nparts = &nparts;
	str_printf(&run, "static tfrt_status tf_g%d_run%s", g->number, run_params);
	print_body(&in, &run, whole(&g->p->steps));
	str_add(out, str_cstr(&parts));
	str_add(out, str_cstr(&run));
	str_free(&parts);
	str_free(&run);
}

static void print_missing(const Graph *g, Str *out, const char *array, int from, int n)
{
	for (int i = 0; i < n; i++) {
		str_printf(out, "\tif (!%s[%d] && ", array, i);
		print_value(g, out, type_count(g->u->ctx->types, tensor_type(g, from + i)));
		str_add(out, " != 0)\n\t\treturn TFRT_INVALID;\n");
	}
}

/* The order of the checks is part of the ABI (runtime/abi.h). */
static void print_uniform_call(const Graph *g, Str *out)
{
	str_printf(out, "static tfrt_status tf_%s_call(tfrt_context *ctx, void *state, const int64_t *s, void *const *in, void *const *out)\n{\n"
	           "\tint64_t v[%d], need;\n\ttfrt_status status;\n\tint bad = 0;\n\n"
	           "\t(void)state; (void)in; (void)out;\n"
	           "\tif (!ctx || ctx->model != &%s_model)\n\t\treturn TFRT_INVALID;\n"
	           "\tstatus = tf_g%d_dims(s, v);\n\tif (status != TFRT_OK)\n\t\treturn status;\n"
	           "\tneed = tf_dadd(&bad, ", g->cname, g->dims.n + 1, g->opt->prefix, g->number);
	print_value(g, out, g->layout.shared);
	str_add(out, ", tf_dmul(&bad, ctx->threads, ");
	print_value(g, out, g->layout.scratch);
	str_add(out, "));\n\tif (bad)\n\t\treturn TFRT_SHAPE;\n");
	print_missing(g, out, "in", 0, g->nin);
	print_missing(g, out, "out", g->nin, g->nout);
	str_printf(out, "\tif (ctx->workspace_bytes < need)\n\t\treturn TFRT_WORKSPACE;\n\tif (ctx->variant != 0)\n\t\treturn TFRT_CPU;\n"
	           "\treturn tf_g%d_run(ctx, (char *)ctx->workspace, tf_at(ctx->workspace, ", g->number);
	print_value(g, out, g->layout.shared);
	str_add(out, "), ");
	print_value(g, out, g->layout.scratch);
	str_add(out, ", v, in, out);\n}\n\n");
}

static void print_entry(const Graph *g, Str *out)
{
	str_printf(out, "tfrt_status %s(tfrt_context *ctx", g->cname);
	for (int i = 0; i < g->p->nsymbols; i++)
		str_printf(out, ", int64_t s%d", i);
	for (int i = 0; i < g->nin + g->nout; i++)
		str_printf(out, ", %s%s *t%d", i < g->nin ? "const " : "", c_type(tensor_type(g, i)->dtype), i);
	str_add(out, ")\n{\n\tconst int64_t s[] = { ");
	for (int i = 0; i < g->p->nsymbols; i++)
		str_printf(out, "s%d, ", i);
	str_add(out, "0 };\n\tvoid *const in[] = { ");
	for (int i = 0; i < g->nin; i++)
		str_printf(out, "(void *)(uintptr_t)t%d, ", i);
	str_add(out, "NULL };\n\tvoid *const out[] = { ");
	for (int i = g->nin; i < g->nin + g->nout; i++)
		str_printf(out, "t%d, ", i);
	str_printf(out, "NULL };\n\n\treturn tf_%s_call(ctx, NULL, s, in, out);\n}\n\n", g->cname);
}

/* A kernel's arguments from their arrays. */
static void print_task(const Unit *u, const Variant *v, int number, Str *out)
{
	Arena *a = arena_new();
	const Kernel *k = v->kernel[number];
	KernelLayout layout = kernel_layout(a, k);

	(void)u;
	str_printf(out, "static void tf_k%d_task(void *arg, int64_t task, int32_t worker)\n{\n\tconst struct tf_args *a = (const struct tf_args *)arg;\n\n\ttf_k%d(", number, number);
	for (int i = 0; i < k->nparams; i++)
		str_printf(out, "(%s%s *)a->p[%d], ", k->buf.at[i].kind == KB_IN ? "const " : "", c_type(k->buf.at[i].dtype), i);
	for (int i = 0; i < layout.nparams; i++)
		str_printf(out, "a->i[%d], ", i);
	str_add(out, "task, tf_at(a->scratch, worker * a->each));\n}\n\n");
	arena_free(a);
}

static Graph graph_new(Arena *a, const Unit *u, const Variant *v, const Program *p, const CodegenOptions *opt)
{
	Graph g = { .u = u, .v = v, .p = p, .opt = opt, .a = a };

	for (const Program *q = u->programs; q != p; q = q->next)
		g.number++;
	g.cname = graph_cname(a, u, opt->prefix, p);
	g.layout = program_layout(u, p, v->kernel);
	CHECK(g.layout.shared && g.layout.scratch, "graph @%s: the workspace overflows", p->name);
	g.nin = p->func->body->args.n;
	g.nout = p->func->result_types.n;
	g.nsizes = program_sizes(a, p, &g.size);
	for (int i = 0; i < p->nsymbols && g.nsizes; i++)
		dimlist_add(a, &g.dims, p->symbol[i]);
	program_dims(a, p, v->kernel, &g.dims);
	dimlist_add(a, &g.dims, g.layout.shared);
	dimlist_add(a, &g.dims, g.layout.scratch);
	for (int i = 0; i < g.nin + g.nout; i++)
		dimlist_add(a, &g.dims, type_count(u->ctx->types, tensor_type(&g, i)));
	return g;
}

void c_programs(const Unit *u, const Variant *v, const CodegenOptions *opt, Str *out)
{
	Arena *a = arena_new();
	int ncustoms = 0;

	c_customs(u, out);
	for (int i = 0; i < u->kernel.n; i++)
		print_task(u, v, i, out);
	for (const Program *p = u->programs; p; p = p->next) {
		Graph g = graph_new(a, u, v, p, opt);
		str_printf(out, "static tfrt_status tf_g%d_dims(const int64_t *s, int64_t *v);\n"
		           "static tfrt_status tf_g%d_run%s;\n\n", g.number, g.number, run_params);
	}
	for (const Program *p = u->programs; p; p = p->next) {
		Graph g = graph_new(a, u, v, p, opt);
		g.ncustoms = &ncustoms;
		print_dims(&g, out);
		print_run(&g, out);
		print_uniform_call(&g, out);
		print_entry(&g, out);
	}
	arena_free(a);
}

/* The descriptor. */

static void print_field(const Unit *u, const Descriptor *d, const DataObject *o, const DataField *f, const CodegenOptions *opt,
                        Str *out)
{
	Arena *a = arena_new();
	bool weights = u->const_bytes > 0;

	if (weights && strcmp(f->name ? f->name : "", "weights") == 0) {
		str_add(out, "TF_WEIGHTS");
	} else if (weights && strcmp(f->name ? f->name : "", "weights_file") == 0) {
		str_add(out, "TF_WEIGHTS_FILE");
	} else if (weights && strcmp(f->name ? f->name : "", "weights_id") == 0) {
		str_add(out, "TF_WEIGHTS_ID");
	} else {
		switch (f->kind) {
		case DATA_I32: case DATA_I64:
			if (f->value == INT64_MIN)
				str_add(out, "INT64_MIN");
			else
				str_printf(out, "INT64_C(%" PRId64 ")", f->value);
			break;
		case DATA_NULL: str_add(out, "NULL"); break;
		case DATA_TEXT:
			c_text(out, f->text);
			break;
		case DATA_OBJECT: {
			const DataObject *t = &d->object.at[f->value];
			str_printf(out, "tf_%s", t->symbol);
			break;
		}
		case DATA_FUNCTION: {
			const Program *p = u->programs;
			for (int64_t i = 0; i < f->value; i++)
				p = p->next;
			str_printf(out, "tf_%s_%s", graph_cname(a, u, opt->prefix, p), f->text);
			break;
		}
		case DATA_WEIGHTS: str_add(out, "TF_WEIGHTS"); break;
		case DATA_SIZEOF: str_printf(out, "(int32_t)sizeof (struct %s)", o->type); break;
		}
	}
	arena_free(a);
}

void c_descriptor(const Unit *u, const Variant *v, const CodegenOptions *opt, Str *out)
{
	Arena *a = arena_new();
	DescriptorVariant variant = { "c", 0 };
	DescriptorInfo info = { .prefix = opt->prefix, .arch = TFRT_ARCH_ANY, .nvariants = 1, .variant = &variant,
	                        .profile = opt->profile };
	Descriptor *d = descriptor_new(a, u, &info);

	(void)v;
	for (int i = 0; i < d->object.n; i++) {
		const DataObject *o = &d->object.at[i];
		bool last = i == d->object.n - 1;
		if (last)
			str_printf(out, "const struct %s %s = {", o->type, o->symbol);
		else if (o->type && strcmp(o->type, "text") == 0)
			str_printf(out, "static const char *const tf_%s[] = {", o->symbol);
		else
			str_printf(out, "static const %s%s tf_%s[] = {", o->type ? "struct " : "", o->type ? o->type : "int64_t", o->symbol);
		for (int k = 0; k < o->n; k++) {
			bool bare = last || !o->type || strcmp(o->type, "text") == 0;
			str_add(out, bare ? "\n\t" : "\n\t{ ");
			for (int f = 0; f < o->nfields; f++) {
				print_field(u, d, o, &o->field[k * o->nfields + f], opt, out);
				str_add(out, f + 1 < o->nfields ? ", " : "");
			}
			str_add(out, last ? "" : bare ? "," : " },");
		}
		str_add(out, "\n};\n\n");
	}
	arena_free(a);
}
