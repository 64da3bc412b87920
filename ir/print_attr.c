/* ir/print_attr.c - writes attributes by kind, literal tensors, places and locations. */
#include "ir/attr_words.h"
#include "ir/base/check.h"
#include "ir/base/num.h"
#include "ir/lex.h"
#include "ir/plan.h"
#include "ir/print.h"

const char *const cmp_words[CMP_WORDS] = {
	[CMP_EQ] = "eq", [CMP_NE] = "ne", [CMP_LT] = "lt", [CMP_LE] = "le", [CMP_GT] = "gt", [CMP_GE] = "ge",
};
const char *const order_words[ORDER_WORDS] = {
	[ORDER_NONE] = "none", [ORDER_CHAIN] = "chain", [ORDER_LANES] = "lanes", [ORDER_TREE] = "tree",
	[ORDER_SERIAL] = "serial",
};

/* Numbers. */

static void print_element(Str *out, DType t, uint64_t bits)
{
	char buf[64];
	int  unused = 64 - dtype_info[t].bits;

	if (dtype_format(t)) {
		format_print(dtype_format(t), buf, (uint32_t)bits);
		str_add(out, buf);
		return;
	}
	switch (t) {
	case DT_F32:
		f32_print(buf, f32_of_bits((uint32_t)bits));
		str_add(out, buf);
		return;
	case DT_F64:
		f64_print(buf, f64_of_bits(bits));
		str_add(out, buf);
		return;
	default:
		break;
	}
	switch (dtype_info[t].kind) {
	case DK_BOOL:
		str_add(out, bits ? "true" : "false");
		return;
	case DK_INT:
		str_printf(out, "%lld", (long long)((int64_t)(bits << unused) >> unused));
		return;
	case DK_UINT:
		str_printf(out, "%llu", (unsigned long long)bits);
		return;
	case DK_FLOAT:
	case DK_COMPLEX:
		break;
	}
	UNREACHABLE("elements of type %s", dtype_info[t].name);
}

/* Literal tensors. */

/* The key of a constant that is not printed inline: its own if it has one that is free; the same for the same blob. */
static const char *blob_key(Printer *p, const Blob *b)
{
	BlobFile *f = p->opt->blobs;
	const char *key = map_get(&p->keys, b);

	if (key)
		return key;
	key = b->key;
	while (!key || strmap_has(&p->taken, key))
		key = arena_printf(p->arena, "constant.%d", p->nkeys++);
	map_set(&p->keys, b, (void *)key);
	strmap_set(&p->taken, key, p);
	if (f) {
		vec_push(f->arena, &f->blob, b);
		vec_push(f->arena, &f->key, arena_strdup(f->arena, key));
	}
	return key;
}

/* Complex numbers as (real part, imaginary part). */
static void print_blob_element(Str *out, const Blob *b, int64_t index)
{
	if (!dtype_is_complex(b->dtype)) {
		print_element(out, b->dtype, blob_get(b, index));
		return;
	}
	Blob parts = blob_parts(b);
	str_addc(out, '(');
	print_element(out, parts.dtype, blob_get(&parts, 2 * index));
	str_add(out, ", ");
	print_element(out, parts.dtype, blob_get(&parts, 2 * index + 1));
	str_addc(out, ')');
}

static void print_elements(Str *out, const Blob *b, int axis, int64_t *index)
{
	if (axis == b->rank) {
		print_blob_element(out, b, (*index)++);
		return;
	}
	str_addc(out, '[');
	for (int64_t i = 0; i < b->dim[axis]; i++) {
		if (i)
			str_add(out, ", ");
		print_elements(out, b, axis + 1, index);
	}
	str_addc(out, ']');
}

void print_blob(Printer *p, const Blob *b)
{
	size_t limit = p->opt->inline_limit ? p->opt->inline_limit : PRINT_INLINE_LIMIT;
	int64_t n = blob_count(b), index = 0;

	if (n == 0 && b->rank > 0) {
		str_add(p->out, "[]");       /* never the lists: there can be very many of them */
	} else if (n > 1 && blob_is_splat(b)) {
		str_add(p->out, "splat ");
		print_blob_element(p->out, b, 0);
	} else if ((uint64_t)n > limit) {
		str_add(p->out, "blob ");
		string_print(p->out, blob_key(p, b));
	} else {
		print_elements(p->out, b, 0, &index);
	}
}

/* Attributes. */

static void print_ints(Str *out, int n, const int64_t *at)
{
	str_addc(out, '[');
	for (int i = 0; i < n; i++)
		str_printf(out, "%s%lld", i ? ", " : "", (long long)at[i]);
	str_addc(out, ']');
}

static void attr_print_int(Str *out, const void *v) { str_printf(out, "%lld", (long long)*(const attr_int *)v); }
static void attr_print_bool(Str *out, const void *v) { str_add(out, *(const attr_bool *)v ? "true" : "false"); }
static void attr_print_ints(Str *out, const void *v) { print_ints(out, ((const Ints *)v)->n, ((const Ints *)v)->at); }
static void attr_print_dim(Str *out, const void *v) { dim_print(out, *(const attr_dim *)v); }
static void attr_print_dtype(Str *out, const void *v) { str_add(out, dtype_info[*(const attr_dtype *)v].name); }
static void attr_print_cmp(Str *out, const void *v) { str_add(out, cmp_words[*(const attr_cmp *)v]); }
static void attr_print_order(Str *out, const void *v) { str_add(out, order_words[*(const attr_order *)v]); }
static void attr_print_str(Str *out, const void *v) { string_print(out, *(const attr_str *)v); }
static void attr_print_num(Str *out, const void *v) { print_element(out, DT_F64, f64_bits(*(const attr_num *)v)); }

static void attr_print_nums(Str *out, const void *v)
{
	const Nums *nums = v;

	str_addc(out, '[');
	for (int i = 0; i < nums->n; i++) {
		str_add(out, i ? ", " : "");
		attr_print_num(out, &nums->at[i]);
	}
	str_addc(out, ']');
}

static void attr_print_sym(Str *out, const void *v)
{
	str_addc(out, '@');
	name_print(out, *(const attr_sym *)v);
}

static void attr_print_dims(Str *out, const void *v)
{
	const Dims *dims = v;

	str_addc(out, '[');
	for (int i = 0; i < dims->n; i++) {
		if (i)
			str_add(out, ", ");
		dim_print(out, dims->at[i]);
	}
	str_addc(out, ']');
}

static void attr_print_types(Str *out, const void *v)
{
	const Types *types = v;

	str_addc(out, '[');
	for (int i = 0; i < types->n; i++) {
		if (i)
			str_add(out, ", ");
		type_print(out, types->at[i]);
	}
	str_addc(out, ']');
}

static void attr_print_pads(Str *out, const void *v)
{
	const Pads *pads = v;

	if (pads->mode != PAD_EXPLICIT) {
		str_add(out, pads->mode == PAD_SAME ? "same" : "valid");
		return;
	}
	str_addc(out, '[');
	for (int i = 0; i < pads->n; i++)
		str_printf(out, "%s[%lld, %lld]", i ? ", " : "", (long long)pads->low[i], (long long)pads->high[i]);
	str_addc(out, ']');
}

static void attr_print_groups(Str *out, const void *v)
{
	const Groups *groups = v;

	str_addc(out, '[');
	for (int i = 0; i < groups->n; i++) {
		if (i)
			str_add(out, ", ");
		print_ints(out, groups->at[i].n, groups->at[i].at);
	}
	str_addc(out, ']');
}

static void attr_print_dimname(Str *out, const void *v)
{
	dim_print_bounded(out, *(const Dim *)v);
}

typedef void (*AttrWriter)(Str *out, const void *v);
#define WRITER(kind) [ATTR_##kind] = attr_print_##kind
static const AttrWriter writers[ATTR_KIND_COUNT] = {
	WRITER(int), WRITER(num), WRITER(bool), WRITER(ints), WRITER(nums), WRITER(dim), WRITER(dims), WRITER(types), WRITER(dimname),
	WRITER(dtype), WRITER(cmp), WRITER(sym), WRITER(str), WRITER(pads), WRITER(order),
	WRITER(groups),
};

const AttrInfo *attr_printed_first(const OpInfo *row)
{
	const AttrInfo *a = row->attr;
	return row->nattrs > 0 && a->required && (a->kind == ATTR_sym || a->kind == ATTR_tensor) ? a : NULL;
}

void print_attrs(Printer *p, const OpInfo *row, const void *attrs)
{
	const AttrInfo *first = attr_printed_first(row);
	bool any = false;

	for (int i = 0; i < row->nattrs; i++) {
		const AttrInfo *a = &row->attr[i];
		const void *v = (const char *)attrs + a->offset;
		if (a == first || (!a->required && attr_equal(a->kind, v, a->fallback)))
			continue;
		CHECK(writers[a->kind], "%s: attribute '%s' of kind %d has no writer", row->name, a->name, (int)a->kind);
		str_printf(p->out, "%s%s = ", any ? ", " : " {", a->name);
		writers[a->kind](p->out, v);
		any = true;
	}
	if (any)
		str_addc(p->out, '}');
}

void print_place(Str *out, const Place *place, int rank)
{
	static const char *const words[] = {
		[PLACE_IN] = "in", [PLACE_OUT] = "out", [PLACE_WS] = "ws", [PLACE_CONST] = "const", [PLACE_NONE] = "none",
	};

	str_add(out, words[place->kind]);
	if (place->kind == PLACE_NONE)
		return;
	str_addc(out, '(');
	bool offset = place->kind == PLACE_WS || place->stride || (place->offset && !dim_is(place->offset, 0));
	if (place->kind != PLACE_WS)
		str_printf(out, "%d%s", place->index, offset ? ", " : "");
	if (offset)
		dim_print(out, place->offset);
	for (int i = 0; place->stride && i < rank; i++) {
		str_add(out, i ? ", " : ", strides [");
		dim_print(out, place->stride[i]);
	}
	str_add(out, place->stride ? "])" : ")");
}

void print_at(Str *out, const Place *place, int rank)
{
	if (place) {
		str_add(out, " at ");
		print_place(out, place, rank);
	}
}

static void print_loc_part(Str *out, Loc loc)
{
	string_print(out, loc->file);
	if (loc->kind == LOC_RANGE)
		str_printf(out, ":%u:%u", loc->line, loc->col);
}

void print_loc(Str *out, Loc loc)
{
	bool fused = loc->kind == LOC_FUSED;
	int n = fused ? loc->nparts : 1;

	str_add(out, " loc(");
	for (int i = 0; i < n; i++) {
		if (i)
			str_add(out, ", ");
		print_loc_part(out, fused ? loc->part[i] : loc);
	}
	str_addc(out, ')');
}
