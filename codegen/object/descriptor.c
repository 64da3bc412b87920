/* codegen/object/descriptor.c - what the exported descriptor of a model says. */
#include "codegen/object/descriptor.h"

#include <ctype.h>

#include "ir/base/check.h"
#include "runtime/abi.h"

#ifndef TFCC_VERSION
#define TFCC_VERSION "0.1.0"
#endif

const char *model_prefix(Arena *a, const CodegenOptions *opt, const char *path)
{
	if (opt->prefix)
		return arena_strdup(a, opt->prefix);
	const char *base = strrchr(path, '/'), *dot;
	base = base ? base + 1 : path;
	dot = strchr(base, '.');
	char *name = arena_strndup(a, base, dot && dot > base ? (size_t)(dot - base) : strlen(base));
	for (char *s = name; *s; s++)
		if (!isalnum((unsigned char)*s) || (unsigned char)*s > 127)
			*s = '_';
	if (c_reserved(name))
		return arena_printf(a, "%s_", name);
	return isdigit((unsigned char)name[0]) || !name[0] ? arena_printf(a, "m%s", name) : name;
}

static const char *identifier(Arena *a, const char *name)
{
	char *s = arena_strdup(a, name);

	for (char *c = s; *c; c++)
		if (!isalnum((unsigned char)*c) || (unsigned char)*c > 127)
			*c = '_';
	return s;
}

const char *graph_cname(Arena *a, const Unit *u, const char *prefix, const Program *p)
{
	return u->programs->next ? arena_printf(a, "%s_%s", prefix, identifier(a, p->name)) : arena_strdup(a, prefix);
}

int tfrt_code(DType t)
{
	switch (t) {
	case DT_BOOL: return TFRT_BOOL;
	case DT_I8: return TFRT_I8;
	case DT_I16: return TFRT_I16;
	case DT_I32: return TFRT_I32;
	case DT_I64: return TFRT_I64;
	case DT_U8: return TFRT_U8;
	case DT_U16: return TFRT_U16;
	case DT_U32: return TFRT_U32;
	case DT_U64: return TFRT_U64;
	case DT_F16: return TFRT_F16;
	case DT_BF16: return TFRT_BF16;
	case DT_F32: return TFRT_F32;
	case DT_F64: return TFRT_F64;
	case DT_C64: return TFRT_C64;
	case DT_C128: return TFRT_C128;
#define NARROW_INT(t, ...) case DT_##t: return TFRT_##t;
#define NARROW_FLOAT(t, ...) case DT_##t: return TFRT_##t;
#include "ir/narrow.def"
	case DT_COUNT: break;
	}
	UNREACHABLE("element type %d", t);
}

typedef struct Build {
	Arena *a;
	const Unit *u;
	const DescriptorInfo *info;
	Descriptor *d;
} Build;

static DataField number(DataKind kind, int64_t v)
{
	return (DataField){ .kind = kind, .value = v };
}

static DataField text(const char *s)
{
	return (DataField){ .kind = s ? DATA_TEXT : DATA_NULL, .text = s };
}

static DataField function(const char *which, int graph)
{
	return (DataField){ .kind = DATA_FUNCTION, .value = graph, .text = which };
}

/* Adds an array; nothing of no elements.  Gives the pointer to it. */
static DataField add_array(Build *b, const char *symbol, const char *type, int n, int nfields, DataField *field)
{
	if (!n)
		return number(DATA_NULL, 0);
	DataObject o = { arena_printf(b->a, "%s_%s", b->info->prefix, symbol), type, n, nfields, field };
	vec_push(b->a, &b->d->object, o);
	return number(DATA_OBJECT, b->d->object.n - 1);
}

/* Fields are given in the order of the tables of runtime/abi.h, which also name them: a table that has changed is a
   compile error here (too many, or too few, initialisers). */
#define NAME_OF(kind, type, name) #name,
#define COUNT_OF(kind, type, name) +1
#define FILL(out, FIELDS, ...) \
	do { \
		static const char *const names[] = { FIELDS(NAME_OF) }; \
		const DataField values[] = { __VA_ARGS__ }; \
		_Static_assert(sizeof values / sizeof values[0] == 0 FIELDS(COUNT_OF), "a field is missing"); \
		for (size_t i_ = 0; i_ < sizeof values / sizeof values[0]; i_++) { \
			(out)[i_] = values[i_]; \
			(out)[i_].name = names[i_]; \
		} \
	} while (0)
enum {
	NGRAPH = TFRT_GRAPH_FIELDS(COUNT_OF), NDIM = TFRT_DIM_FIELDS(COUNT_OF), NTENSOR = TFRT_TENSOR_FIELDS(COUNT_OF),
	NVARIANT = TFRT_VARIANT_FIELDS(COUNT_OF), NMODEL = TFRT_MODEL_FIELDS(COUNT_OF),
};

static int64_t extent_code(Build *b, const Program *p, Dim d)
{
	SizeStep *size;
	int n = program_sizes(b->a, p, &size);

	if (dim_is_const(d))
		return d->value;
	for (int k = 0; k < p->nsymbols; k++)
		if (p->symbol[k] == d)
			return TFRT_EXTENT_DIM(k);
	for (int i = 0; i < n; i++)
		if (size[i].step->size == d && size[i].step->result >= 0)
			return TFRT_EXTENT_RESULT(size[i].step->result);
	return TFRT_EXTENT_EXPR;
}

static void fill_tensor(Build *b, const Program *p, const char *symbol, const char *name, const Type *t, int over,
                        DataField *out)
{
	DataField *extent = ARENA_ARRAY(b->a, DataField, t->rank + 1);

	for (int i = 0; i < t->rank; i++)
		extent[i] = number(DATA_I64, extent_code(b, p, t->dim[i]));
	DataField extents = add_array(b, symbol, NULL, t->rank, 1, extent);
	FILL(out, TFRT_TENSOR_FIELDS, text(name), extents, number(DATA_I32, tfrt_code(t->dtype)), number(DATA_I32, t->rank),
	     number(DATA_I32, over));
}

static DataField add_tensors(Build *b, const Program *p, int graph, bool outputs)
{
	const Func *f = p->func;
	int n = outputs ? f->result_types.n : f->body->args.n;
	DataField *field = ARENA_ARRAY(b->a, DataField, n * NTENSOR + 1);

	for (int i = 0; i < n; i++) {
		const char *name = outputs ? f->result_names.at[i] : f->body->args.at[i]->name;
		const Type *t = outputs ? f->result_types.at[i] : f->body->args.at[i]->type;
		if (!name)
			name = arena_printf(b->a, "%s%d", outputs ? "out" : "arg", i);
		fill_tensor(b, p, arena_printf(b->a, "extents%d_%s%d", graph, outputs ? "out" : "in", i), name, t,
		            outputs ? func_over(f, i) + 1 : 0, field + i * NTENSOR);
	}
	return add_array(b, arena_printf(b->a, "%s%d", outputs ? "outputs" : "inputs", graph), "tfrt_tensor", n, NTENSOR, field);
}

static DataField add_symbols(Build *b, const Program *p, int graph)
{
	DataField *field = ARENA_ARRAY(b->a, DataField, p->nsymbols * NDIM + 1);

	for (int i = 0; i < p->nsymbols; i++)
		FILL(field + i * NDIM, TFRT_DIM_FIELDS, text(p->symbol[i]->name), number(DATA_I64, p->symbol[i]->bound));
	return add_array(b, arena_printf(b->a, "dims%d", graph), "tfrt_dim", p->nsymbols, NDIM, field);
}

static void fill_graph(Build *b, const Program *p, int graph, DataField *out)
{
	const Func *f = p->func;
	int nin = f->body->args.n, nout = f->result_types.n, extents = 0;

	for (int i = 0; i < nin; i++)
		extents += f->body->args.at[i]->type->rank;
	for (int i = 0; i < nout; i++)
		extents += f->result_types.at[i]->rank;
	DataField dims = add_symbols(b, p, graph), in = add_tensors(b, p, graph, false), outs = add_tensors(b, p, graph, true);
	FILL(out, TFRT_GRAPH_FIELDS, text(p->name), dims, in, outs, number(DATA_I32, p->nsymbols), number(DATA_I32, nin),
	     number(DATA_I32, nout), number(DATA_I32, extents), function("shape", graph), function("workspace", graph),
	     function("call", graph));
}

static DataField add_variants(Build *b)
{
	const DescriptorInfo *info = b->info;
	DataField *field = ARENA_ARRAY(b->a, DataField, info->nvariants * NVARIANT + 1);

	for (int i = 0; i < info->nvariants; i++)
		FILL(field + i * NVARIANT, TFRT_VARIANT_FIELDS, text(info->variant[i].name),
		     number(DATA_I64, (int64_t)info->variant[i].features));
	return add_array(b, "variants", "tfrt_variant", info->nvariants, NVARIANT, field);
}

static DataField add_kernels(Build *b)
{
	DataField *field = ARENA_ARRAY(b->a, DataField, b->u->kernel.n + 1);

	if (!b->info->profile)
		return number(DATA_NULL, 0);
	for (int i = 0; i < b->u->kernel.n; i++)
		field[i] = text(b->u->kernel.at[i]->name);
	return add_array(b, "kernels", "text", b->u->kernel.n, 1, field);
}

Descriptor *descriptor_new(Arena *a, const Unit *u, const DescriptorInfo *info)
{
	Build b = { a, u, info, ARENA_NEW(a, Descriptor) };
	int n = 0, i = 0;

	for (const Program *p = u->programs; p; p = p->next)
		n++;
	DataField *graph = ARENA_ARRAY(a, DataField, n * NGRAPH + 1), *model = ARENA_ARRAY(a, DataField, NMODEL);
	for (const Program *p = u->programs; p; p = p->next, i++)
		fill_graph(&b, p, i, graph + i * NGRAPH);
	DataField graphs = add_array(&b, "graphs", "tfrt_graph", n, NGRAPH, graph), variants = add_variants(&b), kernels = add_kernels(&b);
	int nkernels = info->profile ? u->kernel.n : 0;
	bool embedded = !info->weights_file && u->const_bytes > 0;
	FILL(model, TFRT_MODEL_FIELDS, number(DATA_I32, TFRT_ABI_VERSION), number(DATA_SIZEOF, 0), number(DATA_I32, info->arch),
	     number(DATA_I32, n), number(DATA_I32, info->nvariants), number(DATA_I32, nkernels), text(info->prefix),
	     text("tfcc " TFCC_VERSION), graphs, variants, kernels,
	     number(embedded ? DATA_WEIGHTS : DATA_NULL, 0), text(info->weights_file), number(DATA_I64, u->const_bytes),
	     number(DATA_I64, (int64_t)info->weights_id), number(DATA_I64, 0));
	add_array(&b, "model", "tfrt_model", 1, NMODEL, model);
	return b.d;
}
