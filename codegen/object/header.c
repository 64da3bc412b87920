/* codegen/object/header.c - the generated header: what a C program needs to call a model. */
#include <ctype.h>
#include <inttypes.h>

#include "codegen/codegen.h"
#include "codegen/object/descriptor.h"
#include "codegen/object/layout.h"
#include "ir/base/check.h"

/* Names: identifiers, each once, and no words of C and C++, nor those that the header itself uses. */

bool c_reserved(const char *s)
{
	static const char *const word[] = {
		"alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char",
		"class", "compl", "concept", "const", "consteval", "constexpr", "constinit", "continue", "ctx", "decltype", "default",
		"delete", "do", "double", "else", "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto",
		"if", "inline", "int", "long", "main", "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr",
		"operator", "or", "or_eq", "private", "protected", "public", "register", "requires", "restrict", "return", "short",
		"signed", "sizeof", "static", "struct", "switch", "template", "this", "threads", "throw", "true", "try", "typedef",
		"typeid", "typename", "typeof", "union", "unsigned", "using", "virtual", "void", "volatile", "while", "xor", "xor_eq",
	};

	for (size_t i = 0; i < sizeof word / sizeof *word; i++)
		if (strcmp(word[i], s) == 0)
			return true;
	return false;
}

static const char *unique(Arena *a, StrMap *used, const char *name, const char *fallback)
{
	char *s = arena_strdup(a, name && name[0] ? name : fallback);

	for (char *c = s; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '_')
			*c = '_';
	if (isdigit((unsigned char)s[0]) || c_reserved(s))
		s = arena_printf(a, "%s_", isdigit((unsigned char)s[0]) ? arena_printf(a, "_%s", s) : s);
	const char *base = s;
	for (int i = 2; strmap_has(used, s); i++)
		s = arena_printf(a, "%s_%d", base, i);
	strmap_set(used, s, used);
	return s;
}

static const char *lower(Arena *a, const char *s)
{
	char *r = arena_strdup(a, s);

	for (char *c = r; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return r;
}

typedef struct Names {
	const char *symbol[64];
	const char **in, **out;
} Names;

static Names names_of(Arena *a, const Program *p)
{
	const Func *f = p->func;
	int nin = f->body->args.n, nout = f->result_types.n;
	Names n;
	StrMap used;

	strmap_init(&used, a);
	n.in = ARENA_ARRAY(a, const char *, nin + 1);
	n.out = ARENA_ARRAY(a, const char *, nout + 1);
	for (int i = 0; i < p->nsymbols; i++)
		n.symbol[i] = unique(a, &used, lower(a, p->symbol[i]->name), "n");
	for (int i = 0; i < nin; i++)
		n.in[i] = unique(a, &used, f->body->args.at[i]->name, arena_printf(a, "arg%d", i));
	for (int i = 0; i < nout; i++)
		n.out[i] = unique(a, &used, f->result_names.at[i], arena_printf(a, "out%d", i));
	return n;
}

/* Expressions over the macro's arguments; extents are >= 0, so that C's division is the floor's. */
static void expression(Str *out, const Program *p, const Names *n, Dim d)
{
	static const char *const op[] = { [DIM_ADD] = " + ", [DIM_MUL] = " * ", [DIM_FLOORDIV] = " / ", [DIM_MOD] = " % " };

	switch (d->kind) {
	case DIM_CONST:
		str_printf(out, "INT64_C(%" PRId64 ")", d->value);
		return;
	case DIM_SYM:
		for (int i = 0; i < p->nsymbols; i++)
			if (p->symbol[i] == d)
				str_printf(out, "(int64_t)(%s)", n->symbol[i]);
		return;
	case DIM_MAX:
	case DIM_MIN:
		str_add(out, "((");
		expression(out, p, n, d->arg[0]);
		str_add(out, d->kind == DIM_MAX ? ") > (" : ") < (");
		expression(out, p, n, d->arg[1]);
		str_add(out, ") ? (");
		expression(out, p, n, d->arg[0]);
		str_add(out, ") : (");
		expression(out, p, n, d->arg[1]);
		str_add(out, "))");
		return;
	default:
		str_addc(out, '(');
		for (int i = 0; i < d->nargs; i++) {
			str_add(out, i ? op[d->kind] : "");
			expression(out, p, n, d->arg[i]);
		}
		str_addc(out, ')');
	}
}

static void upper(Str *out, const char *s)
{
	for (; *s; s++)
		str_addc(out, (char)toupper((unsigned char)*s));
}

/* image: float32[n][8][8][1] */
static void describe(Str *out, const Program *p, const char *name, const Type *t)
{
	static const struct { DType t; const char *name; } long_name[] = {
		{ DT_F16, "float16" }, { DT_BF16, "bfloat16" }, { DT_F32, "float32" }, { DT_F64, "float64" },
		{ DT_C64, "complex64" }, { DT_C128, "complex128" },
	};
	const char *type = dtype_info[t->dtype].name;

	for (size_t i = 0; i < sizeof long_name / sizeof *long_name; i++)
		if (long_name[i].t == t->dtype)
			type = long_name[i].name;
	if (dtype_is_int(t->dtype))
		str_printf(out, "%s: %sint%d", name, dtype_is_signed(t->dtype) ? "" : "u", dtype_width(t->dtype));
	else
		str_printf(out, "%s: %s", name, type);
	for (int i = 0; i < t->rank; i++) {
		str_addc(out, '[');
		if (t->dim[i]->kind == DIM_SYM && !program_knows(p, t->dim[i]))
			dim_print_bounded(out, t->dim[i]);
		else
			dim_print(out, t->dim[i]);
		str_addc(out, ']');
	}
}

static void print_graph(Arena *a, const Unit *u, const Program *p, const CodegenOptions *opt, Str *out)
{
	const Func *f = p->func;
	const char *cname = graph_cname(a, u, opt->prefix, p);
	ProgramLayout layout = program_layout(u, p, u->kernel.at);
	Names n = names_of(a, p);

	str_add(out, "/* Bytes of workspace that a context needs: exact. */\n#define ");
	upper(out, cname);
	str_add(out, "_WORKSPACE_BYTES(threads");
	for (int i = 0; i < p->nsymbols; i++)
		str_printf(out, ", %s", n.symbol[i]);
	str_add(out, ") \\\n\t(");
	CHECK(layout.shared && layout.scratch, "graph @%s: the workspace overflows", p->name);
	expression(out, p, &n, layout.shared);
	str_add(out, " + (int64_t)(threads) * ");
	expression(out, p, &n, layout.scratch);
	str_add(out, ")\n\n/* ");
	for (int i = 0; i < f->body->args.n; i++) {
		describe(out, p, n.in[i], f->body->args.at[i]->type);
		str_add(out, "; ");
	}
	for (int i = 0; i < f->result_types.n; i++) {
		str_add(out, i ? "; " : "");
		describe(out, p, n.out[i], f->result_types.at[i]);
		if (func_over(f, i) >= 0)
			str_printf(out, " (may be %s)", n.in[func_over(f, i)]);
	}
	str_add(out, ".");
	for (int i = 0; i < f->constraints.n; i++) {
		str_add(out, i ? ", " : "\n   TFRT_SHAPE unless ");
		dim_print(out, f->constraints.at[i].a);
		str_add(out, " == ");
		dim_print(out, f->constraints.at[i].b);
		str_add(out, i + 1 == f->constraints.n ? "." : "");
	}
	SizeStep *size;
	int nsizes = program_sizes(a, p, &size);
	for (int i = 0; i < nsizes; i++) {
		const Step *s = size[i].step;
		if (s->result < 0)
			continue;
		str_add(out, "\n   ");
		dim_print(out, s->size);
		str_printf(out, " is what the call stores in *%s; the buffers of outputs have room for its bound.", n.out[s->result]);
	}
	str_printf(out, "\n   Re-entrant: one context per concurrent call.  Inputs and outputs must not overlap%s. */\ntfrt_status %s(tfrt_context *ctx",
	           f->overlays.n ? ", but where one may be the other" : "", cname);
	for (int i = 0; i < p->nsymbols; i++)
		str_printf(out, ", int64_t %s", n.symbol[i]);
	for (int i = 0; i < f->body->args.n; i++)
		str_printf(out, ", const %s *%s", dtype_info[f->body->args.at[i]->type->dtype].ctype, n.in[i]);
	for (int i = 0; i < f->result_types.n; i++)
		str_printf(out, ", %s *%s", dtype_info[f->result_types.at[i]->dtype].ctype, n.out[i]);
	str_add(out, ");\n\n");
}

/* The C functions that the program must bring. */
static void print_customs(const Steps *steps, StrMap *seen, Str *out)
{
	for (const Step *s = steps->first; s; s = s->next) {
		print_customs(&s->body, seen, out);
		print_customs(&s->other, seen, out);
		if (s->kind != STEP_CUSTOM || strmap_has(seen, s->custom->target))
			continue;
		str_add(out, seen->n ? "\n   " : "/* Your program must have, as C functions; 0 says that all went well:\n   ");
		strmap_set(seen, s->custom->target, seen);
		custom_prototype(out, s->custom);
		str_addc(out, ';');
	}
}

static void describe_customs(Arena *a, const Unit *u, Str *out)
{
	StrMap seen;

	strmap_init(&seen, a);
	for (const Program *p = u->programs; p; p = p->next)
		print_customs(&p->steps, &seen, out);
	str_add(out, seen.n ? " */\n\n" : "");
}

void header_print(const Unit *u, const CodegenOptions *opt, Str *out)
{
	Arena *a = arena_new();

	str_printf(out, "/* %s.h - made by tfcc: how to call this model.  Link %s.o with libtfrt.a. */\n#ifndef ", opt->prefix, opt->prefix);
	upper(out, opt->prefix);
	str_add(out, "_H\n#define ");
	upper(out, opt->prefix);
	str_add(out, "_H\n\n#include \"tfrt.h\"\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
	for (const Program *p = u->programs; p; p = p->next)
		print_graph(a, u, p, opt, out);
	describe_customs(a, u, out);
	str_printf(out, "/* What tfrt_open takes. */\nextern const tfrt_model %s_model;\n\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n", opt->prefix);
	arena_free(a);
}
