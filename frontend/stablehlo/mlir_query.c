/* frontend/stablehlo/mlir_query.c - attributes by name, and integers out of them in whatever form they are written. */
#include "frontend/stablehlo/mlir.h"

#include <stdlib.h>

enum { SPREAD_MAX = 1 << 20 };   /* integers that a splat is spread to */

static const MlirAttr *find(const MlirAttrs *attrs, const char *name)
{
	for (int i = 0; i < attrs->n; i++)
		if (strcmp(attrs->at[i].name, name) == 0)
			return attrs->at[i].value;
	return NULL;
}

const MlirAttr *mlir_attr(const MlirOp *op, const char *name) { return find(&op->attrs, name); }

const MlirAttr *mlir_field(const MlirAttr *dict, const char *name)
{
	return dict && dict->kind == MLIR_DICT ? find(&dict->named, name) : NULL;
}

/* Element i of a constant of integers; false when it is no such constant. */
static bool dense_int(const MlirAttr *a, int64_t i, int64_t *out)
{
	const char *e = a->type->of->kind == MLIR_ELEMENT ? a->type->of->element : NULL;
	const char *digits = e ? e + strcspn(e, "0123456789") : "";
	bool index = e && strcmp(e, "index") == 0;
	uint64_t v = 0;

	if (!a->bytes || !e || !(index || *e == 'i' || (e[1] == 'i' && (*e == 's' || *e == 'u'))))
		return false;
	int bits = index ? 64 : (int)strtol(digits, NULL, 10);
	size_t size = (size_t)(bits + 7) / 8;
	if (size > sizeof v)
		return false;
	memcpy(&v, (const char *)a->bytes + (a->splat ? 0 : (size_t)i * size), size);
	int free_bits = 64 - 8 * (int)size;
	*out = *e == 'u' || bits == 1 ? (int64_t)v : (int64_t)(v << free_bits) >> free_bits;
	return true;
}

static bool dense_ints(Arena *a, const MlirAttr *attr, int *n, const int64_t **out)
{
	int64_t total = 1;

	if (attr->type->kind != MLIR_TENSOR || attr->type->rank < 0)
		return false;
	for (int i = 0; i < attr->type->rank; i++)
		if (attr->type->dim[i] < 0 || __builtin_mul_overflow(total, attr->type->dim[i], &total))
			return false;
	if (total > INT32_MAX || (attr->splat && total > SPREAD_MAX))
		return false;
	int64_t *v = ARENA_ARRAY(a, int64_t, total);
	for (int64_t i = 0; i < total; i++)
		if (!dense_int(attr, i, &v[i]))
			return false;
	*n = (int)total;
	*out = v;
	return true;
}

bool mlir_ints(Arena *a, const MlirAttr *attr, int *n, const int64_t **out)
{
	if (!attr)
		return false;
	if (attr->kind == MLIR_DENSE)
		return dense_ints(a, attr, n, out);
	*n = attr->npart;
	if (attr->kind == MLIR_INTS) {
		*out = attr->ints;
		return true;
	}
	if (attr->kind != MLIR_LIST)
		return false;
	int64_t *v = ARENA_ARRAY(a, int64_t, attr->npart);
	for (int i = 0; i < attr->npart; i++) {
		bool b;
		if (mlir_int(attr->part[i], &v[i]))
			continue;
		if (!mlir_bool(attr->part[i], &b))
			return false;
		v[i] = b;
	}
	*out = v;
	return true;
}

bool mlir_int(const MlirAttr *attr, int64_t *out)
{
	if (attr && attr->kind == MLIR_INT) {
		*out = attr->i;
		return true;
	}
	return attr && attr->kind == MLIR_DENSE && attr->type->kind == MLIR_TENSOR && attr->type->rank == 0 && dense_int(attr, 0, out);
}

bool mlir_bool(const MlirAttr *attr, bool *out)
{
	int64_t i;

	if (attr && (attr->kind == MLIR_BOOL || attr->kind == MLIR_UNIT)) {
		*out = attr->kind == MLIR_UNIT || attr->i;
		return true;
	}
	if (!mlir_int(attr, &i))
		return false;
	*out = i != 0;
	return true;
}

static size_t part_size(const MlirType *of)
{
	if (of->kind == MLIR_QUANTIZED)
		return part_size(of->quant->storage);
	if (of->kind == MLIR_COMPLEX)
		return 2 * part_size(of->of);
	if (of->kind != MLIR_ELEMENT)
		return 0;
	int bits = (int)strtol(of->element + strcspn(of->element, "0123456789"), NULL, 10);
	return strcmp(of->element, "index") == 0 ? 8 : (size_t)(bits + 7) / 8;
}

size_t mlir_dense_size(const MlirAttr *attr)
{
	if (!attr->bytes)
		return 0;
	size_t n = part_size(attr->type->of);
	for (int i = 0; !attr->splat && i < attr->type->rank; i++)
		n *= (size_t)attr->type->dim[i];
	return n;
}
