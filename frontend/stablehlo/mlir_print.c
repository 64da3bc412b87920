/* frontend/stablehlo/mlir_print.c - a tree of MLIR as text in generic form: reads back as the same tree. */
#include "frontend/stablehlo/mlir.h"

#include <math.h>
#include <stdlib.h>

#include "ir/base/num.h"

typedef struct Printer {
	Str   *out;
	Arena *scratch;
	Map    number;      /* MlirValue -> its number + 1 */
	int    next;
} Printer;

static bool is_plain(const char *s)
{
	if (!(*s == '_' || (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z')))
		return false;
	for (; *s; s++)
		if (!(*s == '_' || *s == '.' || *s == '$' || (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9')))
			return false;
	return true;
}

static void quoted_print(Str *out, const char *s, size_t n)
{
	str_addc(out, '"');
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
			str_printf(out, "\\%02X", c);
		else
			str_addc(out, (char)c);
	}
	str_addc(out, '"');
}

static void extent_print(Str *out, int64_t n)
{
	if (n == MLIR_DYNAMIC)
		str_addc(out, '?');
	else
		str_printf(out, "%lld", (long long)n);
}

static void tree_type_print(Str *out, const MlirType *t);

static void type_list_print(Str *out, const char *open, int n, const MlirType *const *t, const char *close)
{
	str_add(out, open);
	for (int i = 0; i < n; i++) {
		str_add(out, i ? ", " : "");
		tree_type_print(out, t[i]);
	}
	str_add(out, close);
}

static void tensor_print(Str *out, const MlirType *t)
{
	str_add(out, t->rank < 0 ? "tensor<*x" : "tensor<");
	for (int i = 0; i < t->rank; i++) {
		extent_print(out, t->dim[i]);
		str_addc(out, 'x');
	}
	tree_type_print(out, t->of);
	for (int i = 0; t->bound && i < t->rank; i++) {
		str_add(out, i ? ", " : ", #stablehlo.bounds<");
		extent_print(out, t->bound[i]);
	}
	str_add(out, t->bound && t->rank > 0 ? ">>" : ">");
}

/* A float as MLIR reads it: with a point. */
static void float_print(Str *out, double x)
{
	char buf[64];
	int n = f64_print(buf, x), mantissa = (int)strcspn(buf, "e");

	str_addn(out, buf, (size_t)mantissa);
	if (!memchr(buf, '.', (size_t)mantissa))
		str_add(out, ".0");
	str_addn(out, buf + mantissa, (size_t)(n - mantissa));
}

static void quant_print(Str *out, const MlirQuant *q)
{
	const char *e = q->storage->element;

	str_printf(out, "!quant.uniform<%s%s<%lld:%lld>:", *e == 'u' ? "u" : "", *e == 'u' ? e + 2 : e, (long long)q->min, (long long)q->max);
	tree_type_print(out, q->expressed);
	if (q->axis >= 0)
		str_printf(out, ":%d", q->axis);
	for (int i = 0; i < q->n; i++) {
		str_add(out, i || q->axis < 0 ? ", " : ", {");
		float_print(out, q->scale[i]);
		str_printf(out, ":%lld", (long long)q->zero[i]);
	}
	str_add(out, q->axis >= 0 ? "}>" : ">");
}

static void tree_type_print(Str *out, const MlirType *t)
{
	switch (t->kind) {
	case MLIR_ELEMENT: str_add(out, t->element); return;
	case MLIR_COMPLEX: str_printf(out, "complex<%s>", t->of->element); return;
	case MLIR_QUANTIZED: quant_print(out, t->quant); return;
	case MLIR_TENSOR: tensor_print(out, t); return;
	case MLIR_TUPLE: type_list_print(out, "tuple<", t->npart, t->part, ">"); return;
	case MLIR_TOKEN: str_add(out, "!stablehlo.token"); return;
	case MLIR_OPAQUE: str_add(out, *t->text == '!' ? t->text : "none"); return;
	case MLIR_FUNCTION: break;
	}
	type_list_print(out, "(", t->npart, t->part, ") -> (");
	type_list_print(out, "", t->nresult, t->part + t->npart, ")");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const MlirNamed *)a)->name, ((const MlirNamed *)b)->name);
}

static void tree_attr_print(Printer *p, const MlirAttr *a);

/* In the order of the names: properties and attributes come in one list, in either order. */
static void named_print(Printer *p, const char *open, const MlirAttrs *all, const char *close)
{
	MlirNamed *sorted = arena_copy(p->scratch, all->at, sizeof *sorted * (size_t)all->n);

	qsort(sorted, (size_t)all->n, sizeof *sorted, by_name);
	str_add(p->out, open);
	for (int i = 0; i < all->n; i++) {
		str_add(p->out, i ? ", " : "");
		if (is_plain(sorted[i].name))
			str_add(p->out, sorted[i].name);
		else
			quoted_print(p->out, sorted[i].name, strlen(sorted[i].name));
		str_add(p->out, " = ");
		tree_attr_print(p, sorted[i].value);
	}
	str_add(p->out, close);
}

/* As a blob of our storage: exact, and a splat is a blob of one element. */
static void dense_print(Printer *p, const MlirAttr *a)
{
	size_t size = mlir_dense_size(a);

	str_add(p->out, "dense<");
	if (size) {
		str_add(p->out, "\"0x");
		for (size_t i = 0; i < size; i++)
			str_printf(p->out, "%02X", ((const uint8_t *)a->bytes)[i]);
		str_addc(p->out, '"');
	}
	str_add(p->out, "> : ");
	tree_type_print(p->out, a->type);
}

static void ints_print(Str *out, const MlirAttr *a)
{
	str_printf(out, "array<%s", a->type->element);
	for (int i = 0; i < a->npart; i++)
		str_printf(out, "%s%lld", i ? ", " : ": ", (long long)a->ints[i]);
	str_addc(out, '>');
}

static void dict_print(Printer *p, const MlirAttr *a)
{
	const MlirAttr *bounds = mlir_field(a, "bounds");

	if (!*a->text) {
		named_print(p, "{", &a->named, "}");
	} else if (bounds && bounds->kind == MLIR_INTS && (strcmp(a->text, "bounds") == 0 || strcmp(a->text, "type_extensions") == 0)) {
		str_printf(p->out, "#stablehlo.%s<%s", a->text, *a->text == 'b' ? "" : "bounds = [");
		for (int i = 0; i < bounds->npart; i++) {
			str_add(p->out, i ? ", " : "");
			extent_print(p->out, bounds->ints[i]);
		}
		str_add(p->out, *a->text == 'b' ? ">" : "]>");
	} else {
		str_printf(p->out, "#stablehlo.%s", a->text);
		named_print(p, "<", &a->named, ">");
	}
}

static void number_print(Str *out, const MlirAttr *a)
{
	if (a->kind == MLIR_INT)
		str_printf(out, *a->type->element == 'u' ? "%llu" : "%lld", (long long)a->i);
	else if (isfinite(a->f))
		float_print(out, a->f);
	else
		str_printf(out, "0x%llX", (unsigned long long)a->i);
	str_add(out, " : ");
	tree_type_print(out, a->type);
}

static void tree_attr_print(Printer *p, const MlirAttr *a)
{
	Str *out = p->out;

	switch (a->kind) {
	case MLIR_UNIT: str_add(out, "unit"); return;
	case MLIR_BOOL: str_add(out, a->i ? "true" : "false"); return;
	case MLIR_INT:
	case MLIR_FLOAT: number_print(out, a); return;
	case MLIR_STRING: quoted_print(out, a->text, a->size); return;
	case MLIR_SYMBOL: str_addc(out, '@'); quoted_print(out, a->text, strlen(a->text)); return;
	case MLIR_TYPE: tree_type_print(out, a->type); return;
	case MLIR_INTS: ints_print(out, a); return;
	case MLIR_DENSE: dense_print(p, a); return;
	case MLIR_DICT: dict_print(p, a); return;
	case MLIR_WORD: str_printf(out, !*a->what ? "%s%s" : is_plain(a->what) ? "#stablehlo<%s %s>" : "#stablehlo.%s<%s>", a->what, a->text); return;
	case MLIR_OTHER: str_add(out, a->text); return;
	case MLIR_LIST: break;
	}
	str_addc(out, '[');
	for (int i = 0; i < a->npart; i++) {
		str_add(out, i ? ", " : "");
		tree_attr_print(p, a->part[i]);
	}
	str_addc(out, ']');
}

static void value_print(Printer *p, const MlirValue *v)
{
	intptr_t n = (intptr_t)map_get(&p->number, v);

	if (n)
		str_printf(p->out, "%%%d", (int)n - 1);
	else
		str_add(p->out, "%undefined");
}

static void value_define(Printer *p, const MlirValue *v)
{
	map_set(&p->number, v, (void *)(intptr_t)++p->next);
	value_print(p, v);
}

static void indent(Printer *p, int depth) { str_printf(p->out, "%*s", depth * 2, ""); }

static void tree_op_print(Printer *p, const MlirOp *op, int depth);

static void region_print(Printer *p, const MlirBlock *b, int depth)
{
	str_add(p->out, "{\n");
	if (b && b->nargs) {
		indent(p, depth);
		for (int i = 0; i < b->nargs; i++) {
			str_add(p->out, i ? ", " : "^bb0(");
			value_define(p, &b->arg[i]);
			str_add(p->out, ": ");
			tree_type_print(p->out, b->arg[i].type);
		}
		str_add(p->out, "):\n");
	}
	for (const MlirOp *op = b ? b->first : NULL; op; op = op->next)
		tree_op_print(p, op, depth + 1);
	indent(p, depth);
	str_addc(p->out, '}');
}

static void signature_print(Printer *p, const MlirOp *op)
{
	str_add(p->out, " : (");
	for (int i = 0; i < op->nargs; i++) {
		str_add(p->out, i ? ", " : "");
		tree_type_print(p->out, op->arg[i]->type);
	}
	str_add(p->out, ") -> (");
	for (int i = 0; i < op->nresults; i++) {
		str_add(p->out, i ? ", " : "");
		tree_type_print(p->out, op->result[i].type);
	}
	str_add(p->out, ")\n");
}

static void tree_op_print(Printer *p, const MlirOp *op, int depth)
{
	indent(p, depth);
	for (int i = 0; i < op->nresults; i++) {
		str_add(p->out, i ? ", " : "");
		value_define(p, &op->result[i]);
	}
	str_printf(p->out, op->nresults ? " = \"%s\"(" : "\"%s\"(", op->name);
	for (int i = 0; i < op->nargs; i++) {
		str_add(p->out, i ? ", " : "");
		value_print(p, op->arg[i]);
	}
	str_addc(p->out, ')');
	if (op->attrs.n)
		named_print(p, " <{", &op->attrs, "}>");
	for (int i = 0; i < op->nregions; i++) {
		str_add(p->out, i ? ", " : " (");
		region_print(p, op->region[i], depth);
	}
	str_add(p->out, op->nregions ? ")" : "");
	signature_print(p, op);
}

void mlir_print(Str *out, const MlirModule *m)
{
	Printer p = { .out = out, .scratch = arena_new() };

	map_init(&p.number, p.scratch);
	named_print(&p, "\"builtin.module\"() <{", &m->attrs, "}> ({\n");
	for (const MlirOp *op = m->first; op; op = op->next)
		tree_op_print(&p, op, 1);
	str_add(out, "}) : () -> ()\n");
	arena_free(p.scratch);
}
