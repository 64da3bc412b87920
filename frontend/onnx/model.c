/* frontend/onnx/model.c - reads a model: its messages, and the values of its tensors. */
#include "frontend/onnx/model.h"

#include <stdlib.h>

#include "frontend/wire.h"
#include "ir/base/file.h"

/* By the numbers of TensorProto.DataType. */
static const struct { const char *name; int dtype; } dtypes[] = {
	{ "undefined", -1 }, { "float", DT_F32 }, { "uint8", DT_U8 }, { "int8", DT_I8 }, { "uint16", DT_U16 }, { "int16", DT_I16 },
	{ "int32", DT_I32 }, { "int64", DT_I64 }, { "string", -1 }, { "bool", DT_BOOL }, { "float16", DT_F16 }, { "double", DT_F64 },
	{ "uint32", DT_U32 }, { "uint64", DT_U64 }, { "complex64", DT_C64 }, { "complex128", DT_C128 }, { "bfloat16", DT_BF16 },
	{ "float8e4m3fn", DT_F8E4M3FN }, { "float8e4m3fnuz", DT_F8E4M3FNUZ }, { "float8e5m2", DT_F8E5M2 },
	{ "float8e5m2fnuz", DT_F8E5M2FNUZ }, { "uint4", DT_U4 }, { "int4", DT_I4 }, { "float4e2m1", DT_F4E2M1FN },
	{ "float8e8m0", -1 }, { "uint2", DT_U2 }, { "int2", DT_I2 },
};
enum { NDTYPES = sizeof dtypes / sizeof *dtypes };

bool model_dtype(int64_t elem_type, DType *out)
{
	if (elem_type < 0 || elem_type >= NDTYPES || dtypes[elem_type].dtype < 0)
		return false;
	*out = (DType)dtypes[elem_type].dtype;
	return true;
}

const char *model_dtype_name(int64_t elem_type)
{
	return elem_type < 0 || elem_type >= NDTYPES ? "unknown" : dtypes[elem_type].name;
}

static void *arena_allocate(void *arena, size_t n) { return arena_alloc(arena, n); }
static void arena_forget(void *arena, void *p) { (void)arena, (void)p; }

Model *model_read(Ctx *ctx, const char *path, const void *bytes, size_t size)
{
	Arena *a = ctx->arena;
	Model *m = ARENA_NEW(a, Model);
	ProtobufCAllocator allocator = { arena_allocate, arena_forget, a };
	const void *reduced;
	size_t n, at;
	const char *error;

	*m = (Model){ .ctx = ctx, .path = path, .dir = path_dir(a, path), .bytes = bytes, .size = size };
	strmap_init(&m->external, a);
	if (!prescan(a, &onnx__model_proto__descriptor, bytes, size, &reduced, &n, &error, &at)) {
		diag_error(&ctx->diag, loc_name(a, path), "byte %zu: %s", at, error);
		return NULL;
	}
	m->proto = onnx__model_proto__unpack(&allocator, n, reduced);
	if (!m->proto || !m->proto->graph) {
		diag_error(&ctx->diag, loc_name(a, path), "%s", m->proto ? "the model has no graph" : "this is no ONNX model");
		return NULL;
	}
	return m;
}

static const char *field(const Onnx__TensorProto *t, const char *key)
{
	for (size_t i = 0; i < t->n_external_data; i++)
		if (t->external_data[i]->key && strcmp(t->external_data[i]->key, key) == 0)
			return t->external_data[i]->value;
	return NULL;
}

/* An offset or a length; absent: fallback. */
static bool number_field(const Onnx__TensorProto *t, const char *key, uint64_t fallback, uint64_t *out)
{
	const char *text = field(t, key);
	char *end;

	*out = fallback;
	if (!text)
		return true;
	if (*text < '0' || *text > '9')
		return false;
	*out = strtoull(text, &end, 10);
	return !*end;
}

/* A path that stays below the model's folder. */
static bool is_inside(const char *path)
{
	if (!*path || *path == '/' || strchr(path, '\\'))
		return false;
	for (const char *s = path; *s; s += strcspn(s, "/"), s += *s == '/')
		if (strncmp(s, "..", 2) == 0 && (s[2] == '/' || !s[2]))
			return false;
	return true;
}

typedef struct Mapped { const unsigned char *bytes; size_t size; } Mapped;

static const Mapped *external_file(Model *m, const char *name, const char **error)
{
	const char *path = path_join(m->ctx->arena, m->dir, name);
	Mapped *f = strmap_get(&m->external, path);
	const void *bytes = NULL;

	if (f)
		return f;
	f = ARENA_NEW(m->ctx->arena, Mapped);
	if (!file_map(m->ctx->arena, path, &bytes, &f->size, error))
		return NULL;
	f->bytes = bytes;
	strmap_set(&m->external, path, f);
	return f;
}

typedef struct Read { Model *m; Loc loc; const char *what; const Onnx__TensorProto *t; } Read;

static bool wrong(const Read *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static bool wrong(const Read *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_error(&r->m->ctx->diag, r->loc, "%s: %s", r->what, arena_vprintf(r->m->ctx->arena, fmt, ap));
	va_end(ap);
	return false;
}

static bool external_bytes(const Read *r, size_t wanted, const void **bytes)
{
	const char *name = field(r->t, "location"), *error;
	uint64_t offset, length;

	if (!name)
		return wrong(r, "its external data has no location");
	if (!is_inside(name))
		return wrong(r, "external data in '%s': the path must lead to a file in the model's folder or below", name);
	if (!number_field(r->t, "offset", 0, &offset) || !number_field(r->t, "length", wanted, &length))
		return wrong(r, "external data in '%s': offset or length is no number", name);
	const Mapped *f = external_file(r->m, name, &error);
	if (!f)
		return wrong(r, "cannot read its external data '%s': %s", name, error);
	if (length != wanted)
		return wrong(r, "external data in '%s' of %llu bytes, wanted %zu", name, (unsigned long long)length, wanted);
	if (offset > f->size || length > f->size - offset)
		return wrong(r, "external data at %llu of %llu bytes, but '%s' has %zu", (unsigned long long)offset, (unsigned long long)length,
		             name, f->size);
	*bytes = f->bytes + offset;
	return true;
}

/* Elements in a byte as the format packs them: the first in the lowest bits. */
static int per_byte(DType t)
{
	return t == DT_I4 || t == DT_U4 || t == DT_F4E2M1FN ? 2 : t == DT_I2 || t == DT_U2 ? 4 : 1;
}

static unsigned char *unpacked(Arena *a, DType t, const unsigned char *from, int64_t count)
{
	unsigned char *to = arena_alloc(a, (size_t)count + 1);
	int per = per_byte(t), bits = 8 / per;

	for (int64_t i = 0; i < count; i++) {
		unsigned v = from[i / per] >> (i % per * bits) & ((1u << bits) - 1);
		if (dtype_is_signed(t) && t != DT_F4E2M1FN && v >> (bits - 1))
			v |= 0xffu << bits;
		to[i] = (unsigned char)v;
	}
	return to;
}

/* Numbers of one of the typed fields as elements of `size` bytes, the lowest of each number. */
static const void *narrowed(Arena *a, const void *from, size_t from_size, size_t n, size_t size)
{
	unsigned char *to;

	if (from_size == size)
		return from;
	to = arena_alloc(a, n * size + 1);
	for (size_t i = 0; i < n; i++)
		memcpy(to + i * size, (const unsigned char *)from + i * from_size, size);
	return to;
}

/* The bytes as the format stores them, `wanted` of them. */
static bool typed_bytes(const Read *r, DType dtype, size_t wanted, const void **bytes)
{
	const Onnx__TensorProto *t = r->t;
	size_t size = per_byte(dtype) > 1 ? 1 : (size_t)dtype_size(dtype), n = wanted / size, found;
	const void *from;
	size_t from_size;

	switch (dtype) {
	case DT_F32: case DT_C64:
		from = t->float_data, from_size = 4, found = t->n_float_data, size = 4;
		break;
	case DT_F64: case DT_C128:
		from = t->double_data, from_size = 8, found = t->n_double_data, size = 8;
		break;
	case DT_I64:
		from = t->int64_data, from_size = 8, found = t->n_int64_data;
		break;
	case DT_U32: case DT_U64:
		from = t->uint64_data, from_size = 8, found = t->n_uint64_data;
		break;
	default:
		from = t->int32_data, from_size = 4, found = t->n_int32_data;
		break;
	}
	n = wanted / size;
	if (found != n)
		return wrong(r, "%zu number%s found for a tensor of %s, wanted %zu", found, found == 1 ? "" : "s",
		             model_dtype_name(t->data_type), n);
	*bytes = n ? narrowed(r->m->ctx->arena, from, from_size, n, size) : "";
	return true;
}

static bool stored_bytes(const Read *r, DType dtype, size_t wanted, const void **bytes)
{
	RawRange range;

	if (r->t->has_data_location && r->t->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL)
		return external_bytes(r, wanted, bytes);
	if (r->t->has_raw_data) {
		memcpy(&range, r->t->raw_data.data, sizeof range);
		*bytes = r->m->bytes + range.offset;
		return range.size == wanted || wrong(r, "raw_data has %llu bytes, wanted %zu", (unsigned long long)range.size, wanted);
	}
	return typed_bytes(r, dtype, wanted, bytes);
}

Blob *model_tensor(Model *m, Loc loc, const char *what, const Onnx__TensorProto *t)
{
	Read r = { m, loc, what, t };
	int64_t dim[RANK_MAX], count = 1;
	const void *bytes = NULL;
	DType dtype;
	size_t size;

	if (!model_dtype(t->data_type, &dtype)) {
		wrong(&r, "elements of type %s are not supported", model_dtype_name(t->data_type));
		return NULL;
	}
	if (t->n_dims > (size_t)dtype_rank_max(dtype) || t->segment) {
		wrong(&r, t->segment ? "is stored in segments, which are not supported" : "has rank %zu, at most %d is supported", t->n_dims,
		      dtype_rank_max(dtype));
		return NULL;
	}
	for (size_t i = 0; i < t->n_dims; i++)
		dim[i] = t->dims[i];
	if (!wire_tensor_bytes((int)t->n_dims, dim, (size_t)dtype_size(dtype), &size)) {
		wrong(&r, "its dimensions are negative or too large");
		return NULL;
	}
	for (size_t i = 0; i < t->n_dims; i++)
		count *= dim[i];
	if (size == 0)
		count = 0;
	if (per_byte(dtype) > 1)
		size = (size_t)((count + per_byte(dtype) - 1) / per_byte(dtype));
	if (!stored_bytes(&r, dtype, size, &bytes))
		return NULL;
	if (per_byte(dtype) > 1)
		bytes = unpacked(m->ctx->arena, dtype, bytes, count);
	if (dtype == DT_BOOL && !wire_are_bools(bytes, size)) {
		wrong(&r, "an element of a bool tensor is neither 0 nor 1");
		return NULL;
	}
	return blob_dense(m->ctx->arena, dtype, (int)t->n_dims, dim, bytes);
}
