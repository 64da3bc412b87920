/* frontend/stablehlo/types.c - types, constants and attributes of MLIR text as those of the IR. */
#include <ctype.h>

#include "frontend/stablehlo/import.h"

/* ui8 -> u8, i1 -> bool, f8E4M3FN -> f8e4m3fn, complex<f32> -> c64. */
static const char *dtype_name(Import *im, const MlirType *t)
{
	if (t->kind == MLIR_COMPLEX) {
		const char *part = t->of->element ? t->of->element : "";
		return strcmp(part, "f32") == 0 ? "c64" : strcmp(part, "f64") == 0 ? "c128" : "";
	}
	if (t->kind != MLIR_ELEMENT)
		return "";
	if (strcmp(t->element, "i1") == 0)
		return "bool";
	if (strcmp(t->element, "index") == 0)
		return "i64";
	const char *s = t->element;
	char *out = arena_strdup(im->arena, strncmp(s, "ui", 2) == 0 ? arena_printf(im->arena, "u%s", s + 2) : s);
	for (char *c = out; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return out;
}

bool import_dtype(Import *im, const MlirType *t, Loc loc, DType *out)
{
	if ((t->kind == MLIR_QUANTIZED || (t->kind == MLIR_TENSOR && t->of->kind == MLIR_QUANTIZED)) && !quant_check(im, t, loc))
		return false;
	if (t->kind == MLIR_TENSOR)
		t = t->of;
	if (t->kind == MLIR_QUANTIZED)
		t = t->quant->storage;
	const char *name = dtype_name(im, t);
	if (*name && dtype_parse(name, strlen(name), out))
		return true;
	return refuse_at(im, loc, "element type %s is not supported", t->text);
}

static bool is_tensor(Import *im, const MlirType *t, Loc loc)
{
	if (t->kind != MLIR_TENSOR)
		return refuse_at(im, loc, "type %s found, wanted a tensor", t->text);
	if (t->rank < 0 || t->rank > RANK_MAX)
		return refuse_at(im, loc, t->rank < 0 ? "type %s has no rank, wanted a tensor of known rank"
		                                      : "type %s has more axes than are supported", t->text);
	return true;
}

bool import_dims(Import *im, const MlirType *t, Loc loc, Dims *out)
{
	if (!is_tensor(im, t, loc))
		return false;
	Dim *dim = ARENA_ARRAY(im->arena, Dim, t->rank + 1);
	for (int i = 0; i < t->rank; i++) {
		if (t->dim[i] == MLIR_DYNAMIC)
			return refuse_at(im, loc, "axis %d of type %s has no extent here", i, t->text);
		dim[i] = dim_const(im->ctx->dims, t->dim[i]);
	}
	*out = (Dims){ t->rank, dim };
	return true;
}

const Type *import_type(Import *im, const MlirType *t, Loc loc)
{
	Dims dims;
	DType dtype;

	return import_dims(im, t, loc, &dims) && import_dtype(im, t, loc, &dtype) ? type_get(im->ctx->types, dtype, dims.n, dims.at) : NULL;
}

bool type_is_open(const MlirType *t)
{
	if (t->kind != MLIR_TENSOR)
		return true;
	for (int i = 0; i < t->rank; i++)
		if (t->dim[i] == MLIR_DYNAMIC)
			return true;
	return false;
}

Blob *import_blob(Import *im, const MlirAttr *attr)
{
	const Type *type;
	int64_t dim[RANK_MAX];
	DType t;

	if (attr->kind == MLIR_INT || attr->kind == MLIR_FLOAT || attr->kind == MLIR_BOOL) {
		if (!attr->type)
			t = DT_BOOL;
		else if (!import_dtype(im, attr->type, attr->loc, &t))
			return NULL;
		uint64_t bits = attr->kind == MLIR_FLOAT ? dtype_from_f64(t, attr->f) : (uint64_t)attr->i;
		return blob_splat(im->arena, t, 0, NULL, &bits);
	}
	if (attr->kind != MLIR_DENSE) {
		refuse_op(im, "attribute 'value' is not dense<...>");
		return NULL;
	}
	type = import_type(im, attr->type, attr->loc);
	if (!type)
		return NULL;
	for (int i = 0; i < type->rank; i++)
		dim[i] = type->dim[i]->value;
	return attr->splat ? blob_splat(im->arena, type->dtype, type->rank, dim, attr->bytes)
	                   : blob_dense(im->arena, type->dtype, type->rank, dim, attr->bytes);
}

const MlirAttr *attr_find(const MlirOp *op, const char *path)
{
	const MlirAttr *attr = NULL;
	char word[64];

	for (bool first = true; *path; first = false) {
		size_t n = strcspn(path, ".");
		if (n >= sizeof word)
			return NULL;
		memcpy(word, path, n);
		word[n] = '\0';
		attr = first ? mlir_attr(op, word) : mlir_field(attr, word);
		if (!attr)
			return NULL;
		path += n + (path[n] == '.');
	}
	return attr;
}

static bool attr_wrong(Import *im, const MlirAttr *attr, const char *path, const char *wanted)
{
	return refuse_at(im, attr->loc, "attribute '%s' is not %s", path, wanted);
}

bool import_ints(Import *im, const MlirOp *op, const char *path, Ints *out)
{
	const MlirAttr *attr = attr_find(op, path);
	int n;
	const int64_t *at;

	*out = (Ints)INTS_NONE;
	if (!attr)
		return true;
	if (!mlir_ints(im->arena, attr, &n, &at))
		return attr_wrong(im, attr, path, "a list of integers");
	*out = (Ints){ n, at };
	return true;
}

bool import_int(Import *im, const MlirOp *op, const char *path, int64_t *out)
{
	const MlirAttr *attr = attr_find(op, path);

	if (!attr)
		return refuse_op(im, "attribute '%s' is missing", path);
	return mlir_int(attr, out) || attr_wrong(im, attr, path, "an integer");
}

/* Pairs, as dense<[[low, high], ...]>. */
bool import_pads(Import *im, const MlirOp *op, const char *path, Pads *out)
{
	const MlirAttr *attr = attr_find(op, path);
	int n;
	const int64_t *at;

	*out = (Pads)PADS_VALID;
	if (!attr)
		return true;
	if (!mlir_ints(im->arena, attr, &n, &at) || n % 2)
		return attr_wrong(im, attr, path, "a list of pairs of integers");
	int64_t *low = ARENA_ARRAY(im->arena, int64_t, n + 1), *high = low + n / 2;
	for (int i = 0; i < n / 2; i++) {
		low[i] = at[2 * i];
		high[i] = at[2 * i + 1];
	}
	*out = (Pads){ PAD_EXPLICIT, n / 2, low, high };
	return true;
}

static Dims dims_of_ints(Import *im, Ints v)
{
	Dim *at = ARENA_ARRAY(im->arena, Dim, v.n + 1);

	for (int i = 0; i < v.n; i++)
		at[i] = dim_const(im->ctx->dims, v.at[i]);
	return (Dims){ v.n, at };
}

/* The extents of the first result as they are written; one ? of a reshape is left to our op. */
static bool shape_of_result(Import *im, const MlirOp *op, OpKind kind, Dims *out)
{
	const MlirType *t = op->result[0].type;
	int holes = 0;

	for (int i = 0; t->kind == MLIR_TENSOR && i < t->rank; i++)
		holes += t->dim[i] == MLIR_DYNAMIC;
	if (kind != OP_reshape || holes != 1 || t->rank > RANK_MAX)
		return import_dims(im, t, op->loc, out);
	Dim *dim = ARENA_ARRAY(im->arena, Dim, t->rank);
	for (int i = 0; i < t->rank; i++)
		dim[i] = dim_const(im->ctx->dims, t->dim[i] == MLIR_DYNAMIC ? -1 : t->dim[i]);
	*out = (Dims){ t->rank, dim };
	return true;
}

/* One of ours from one of theirs. */
static bool attr_set(Import *im, const MlirOp *op, OpKind kind, const AttrInfo *info, const char *path, bool may_be_absent, void *at)
{
	const MlirAttr *attr = *path == '@' ? NULL : attr_find(op, path);
	int64_t number;
	Ints ints;

	if (strcmp(path, "@shape") == 0)
		return shape_of_result(im, op, kind, at);
	if (strcmp(path, "@dtype") == 0)
		return import_dtype(im, op->result[0].type, op->loc, at);
	if (!attr)
		return may_be_absent || refuse_op(im, "attribute '%s' is missing", path);
	switch (info->kind) {
	case ATTR_int:
		return import_int(im, op, path, at);
	case ATTR_ints:
		return import_ints(im, op, path, at);
	case ATTR_pads:
		return import_pads(im, op, path, at);
	case ATTR_groups:
		return import_groups(im, op, path, at);
	case ATTR_dims:
		if (!import_ints(im, op, path, &ints))
			return false;
		*(Dims *)at = dims_of_ints(im, ints);
		return true;
	case ATTR_dim:
		if (!import_int(im, op, path, &number))
			return false;
		*(Dim *)at = dim_const(im->ctx->dims, number);
		return true;
	case ATTR_bool:
		return mlir_bool(attr, at) || attr_wrong(im, attr, path, "true or false");
	case ATTR_num:
		*(double *)at = attr->f;
		return attr->kind == MLIR_FLOAT || attr_wrong(im, attr, path, "a number");
	case ATTR_str:
		*(const char **)at = attr->text;
		return attr->kind == MLIR_STRING || attr_wrong(im, attr, path, "a text");
	default:
		UNREACHABLE("no attribute of StableHLO is %s of %s", info->name, op_info[kind].name);
	}
}

void *attrs_mapped(Import *im, const MlirOp *op, OpKind kind, const char *map)
{
	const OpInfo *info = &op_info[kind];
	char *attrs = arena_alloc(im->arena, info->attrs_size + 1);
	bool ok = true;

	for (int i = 0; i < info->nattrs; i++)
		if (!info->attr[i].required)
			memcpy(attrs + info->attr[i].offset, info->attr[i].fallback, attr_size(info->attr[i].kind));
	for (const char *s = map; *s; s += strspn(s, " ")) {
		size_t n = strcspn(s, " "), ours = strcspn(s, "= "), skip = s[ours] == '=' ? ours + 1 : 0;
		bool may_be_absent = s[n - 1] == '?';
		const char *path = arena_strndup(im->arena, s + skip, n - skip - may_be_absent);
		const AttrInfo *at = NULL;

		ours -= !skip && may_be_absent;
		for (int i = 0; i < info->nattrs && !at; i++)
			if (strlen(info->attr[i].name) == ours && strncmp(info->attr[i].name, s, ours) == 0)
				at = &info->attr[i];
		CHECK(at, "ops.def: %s has no attribute %.*s", info->name, (int)ours, s);
		ok = attr_set(im, op, kind, at, path, may_be_absent, attrs + at->offset) && ok;
		s += n;
	}
	return ok ? attrs : NULL;
}
