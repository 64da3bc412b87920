/* frontend/weights/safetensors.c - reads and writes safetensors files. */
#include "frontend/weights/safetensors.h"

#include <jansson.h>
#include <stdlib.h>

#include "frontend/wire.h"
#include "ir/base/file.h"

/* The format's own limit. */
#define HEADER_MAX 100000000u

typedef struct Reader {
	Diag       *diag;
	Arena      *arena;
	const char *path;
	const unsigned char *data;     /* behind the header */
	uint64_t    size;
} Reader;

static bool refuse(Reader *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static bool refuse(Reader *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_add(r->diag, SEV_ERROR, loc_name(r->diag->arena, r->path), fmt, ap);
	va_end(ap);
	return false;
}

static bool known_dtype(const char *name, DType *out)
{
	for (int t = 0; t < DT_COUNT; t++) {
		if (strcmp(dtype_info[t].safetensors, name) == 0) {
			*out = (DType)t;
			return true;
		}
	}
	return false;
}

static bool read_shape(Reader *r, const char *name, const json_t *shape, int64_t *dim, int *rank)
{
	if (!json_is_array(shape))
		return refuse(r, "tensor \"%s\": 'shape' is no list", name);
	size_t n = json_array_size(shape);
	for (size_t i = 0; i < n; i++) {
		const json_t *v = json_array_get(shape, i);
		if (!json_is_integer(v) || json_integer_value(v) < 0)
			return refuse(r, "tensor \"%s\": dimension %zu is no integer from 0 on", name, i);
		if (i < RANK_MAX)
			dim[i] = json_integer_value(v);
	}
	*rank = n > RANK_MAX ? -1 : (int)n;
	return true;
}

static bool read_offsets(Reader *r, SafetensorsEntry *e, const json_t *offsets)
{
	const json_t *begin = json_array_get(offsets, 0), *end = json_array_get(offsets, 1);

	if (json_array_size(offsets) != 2 || !json_is_integer(begin) || !json_is_integer(end))
		return refuse(r, "tensor \"%s\": 'data_offsets' is no list of two integers", e->name);
	e->begin = (uint64_t)json_integer_value(begin);
	e->end = (uint64_t)json_integer_value(end);
	if (json_integer_value(begin) < 0 || e->begin > e->end)
		return refuse(r, "tensor \"%s\": 'data_offsets' run backwards", e->name);
	if (e->end > r->size)
		return refuse(r, "tensor \"%s\" ends at byte %llu of the data, but the file has only %llu: it is truncated or damaged",
		              e->name, (unsigned long long)e->end, (unsigned long long)r->size);
	return true;
}

static bool read_entry(Reader *r, const char *name, const json_t *value, SafetensorsEntry *e)
{
	const json_t *dtype = json_object_get(value, "dtype");
	int64_t dim[RANK_MAX];
	int     rank = -1;
	DType   t = DT_BOOL;
	size_t  bytes;

	e->name = arena_strdup(r->arena, name);
	if (!json_is_object(value))
		return refuse(r, "tensor \"%s\" is described by no object", name);
	if (!json_is_string(dtype))
		return refuse(r, "tensor \"%s\": 'dtype' is no string", name);
	e->dtype = arena_strdup(r->arena, json_string_value(dtype));
	if (!read_shape(r, name, json_object_get(value, "shape"), dim, &rank) ||
	    !read_offsets(r, e, json_object_get(value, "data_offsets")))
		return false;
	e->known = known_dtype(e->dtype, &t) && rank >= 0 && rank <= dtype_rank_max(t);
	if (!e->known)
		return true;
	if (!wire_tensor_bytes(rank, dim, (size_t)dtype_size(t), &bytes))
		return refuse(r, "tensor \"%s\": the size of its shape does not fit in 64 bits", name);
	if (bytes != e->end - e->begin)
		return refuse(r, "tensor \"%s\": its shape has %zu bytes, but 'data_offsets' give %llu", name, bytes,
		              (unsigned long long)(e->end - e->begin));
	if (t == DT_BOOL && !wire_are_bools(r->data + e->begin, bytes))
		return refuse(r, "tensor \"%s\": a bool in it is neither 0 nor 1", name);
	e->blob = blob_dense(r->arena, t, rank, dim, r->data + e->begin);
	e->blob->key = e->name;
	return true;
}

static int by_offset(const void *pa, const void *pb)
{
	const SafetensorsEntry *a = *(SafetensorsEntry *const *)pa, *b = *(SafetensorsEntry *const *)pb;

	if (a->begin != b->begin)
		return a->begin < b->begin ? -1 : 1;
	if (a->end != b->end)
		return a->end < b->end ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* The tensors must cover the data without holes and overlaps, as the format demands. */
static bool check_cover(Reader *r, SafetensorsEntry **entry, size_t n)
{
	uint64_t at = 0;

	for (size_t i = 0; i < n; i++) {
		if (entry[i]->begin != at)
			return refuse(r, "tensor \"%s\" begins at byte %llu of the data, but what is before it ends at %llu",
			              entry[i]->name, (unsigned long long)entry[i]->begin, (unsigned long long)at);
		at = entry[i]->end;
	}
	if (at != r->size)
		return refuse(r, "%llu bytes behind the last tensor belong to nothing", (unsigned long long)(r->size - at));
	return true;
}

static Safetensors *read_entries(Reader *r, json_t *header)
{
	size_t n = 0;
	const char *name;
	json_t *value;

	if (!json_is_object(header)) {
		refuse(r, "the header is no JSON object");
		return NULL;
	}
	SafetensorsEntry **entry = ARENA_ARRAY(r->arena, SafetensorsEntry *, json_object_size(header) + 1);
	json_object_foreach(header, name, value) {
		if (strcmp(name, "__metadata__") == 0)
			continue;
		entry[n] = ARENA_NEW(r->arena, SafetensorsEntry);
		if (!read_entry(r, name, value, entry[n++]))
			return NULL;
	}
	qsort(entry, n, sizeof *entry, by_offset);
	if (!check_cover(r, entry, n))
		return NULL;
	Safetensors *st = ARENA_NEW(r->arena, Safetensors);
	st->path = r->path;
	strmap_init(&st->entries, r->arena);
	for (size_t i = 0; i < n; i++)
		strmap_set(&st->entries, entry[i]->name, entry[i]);
	return st;
}

Safetensors *safetensors_parse(Diag *d, Arena *a, const char *path, const void *bytes, size_t size)
{
	Reader r = { .diag = d, .arena = a, .path = arena_strdup(a, path) };
	Wire   w = { bytes, size };
	uint64_t length;
	const void *text;
	json_error_t error;

	if (!wire_u64(&w, &length)) {
		refuse(&r, "the file has %zu bytes, too few for a safetensors file", size);
		return NULL;
	}
	if (length > HEADER_MAX) {
		refuse(&r, "the header has %llu bytes; at most %u are allowed", (unsigned long long)length, HEADER_MAX);
		return NULL;
	}
	if (!wire_bytes(&w, (size_t)length, &text)) {
		refuse(&r, "the header has %llu bytes, but the file has only %zu left: it is truncated or no safetensors file",
		       (unsigned long long)length, w.left);
		return NULL;
	}
	r.data = w.at;
	r.size = w.left;
	json_t *header = json_loadb(text, (size_t)length, JSON_REJECT_DUPLICATES, &error);
	if (!header) {
		refuse(&r, "the header is no JSON: %s at byte %d", error.text, error.position);
		return NULL;
	}
	Safetensors *st = read_entries(&r, header);
	json_decref(header);
	return st;
}

Safetensors *safetensors_open(Diag *d, Arena *a, const char *path)
{
	const void *bytes;
	size_t size;
	const char *error;

	if (!file_map(a, path, &bytes, &size, &error)) {
		diag_system(d, "cannot read '%s': %s", path, error);
		return NULL;
	}
	return safetensors_parse(d, a, path, bytes, size);
}

const SafetensorsEntry *safetensors_find(const Safetensors *st, const char *name)
{
	return strmap_get(&st->entries, name);
}

/* Writing. */

static json_t *describe(const Blob *b, size_t *offset)
{
	json_t *shape = json_array();
	size_t  begin = *offset;

	for (int i = 0; i < b->rank; i++)
		json_array_append_new(shape, json_integer(b->dim[i]));
	*offset += blob_bytes(b);
	return json_pack("{s:s, s:o, s:[I, I]}", "dtype", dtype_info[b->dtype].safetensors, "shape", shape,
	                 "data_offsets", (json_int_t)begin, (json_int_t)*offset);
}

static bool write_piece(void *arg, const void *bytes, size_t n)
{
	return outfile_write(arg, bytes, n);
}

/* The header, padded with blanks so that the data are aligned to 64 bytes. */
static void write_header(OutFile *f, const json_t *header)
{
	char  *text = json_dumps(header, JSON_COMPACT);
	size_t n = strlen(text), padded = (n + 8 + 63) / 64 * 64 - 8;
	unsigned char length[8];

	for (int i = 0; i < 8; i++)
		length[i] = (unsigned char)((uint64_t)padded >> (8 * i));
	outfile_write(f, length, sizeof length);
	outfile_write(f, text, n);
	for (; n < padded; n++)
		outfile_write(f, " ", 1);
	free(text);
}

bool safetensors_write(Diag *d, const char *path, int n, const char *const *name, const Blob *const *blob)
{
	Arena  *scratch = arena_new();
	json_t *header = json_object();
	size_t  offset = 0;
	const char *error = NULL;

	for (int i = 0; i < n; i++)
		if (json_object_set_new(header, name[i], describe(blob[i], &offset)))
			error = arena_printf(scratch, "the name of tensor %d is not UTF-8, as JSON wants it", i);
	OutFile *f = error ? NULL : outfile_open(scratch, path, &error);
	bool ok = f != NULL;
	if (ok) {
		write_header(f, header);
		for (int i = 0; i < n; i++)
			blob_stream(blob[i], write_piece, f);
		ok = outfile_commit(f, &error);
	}
	if (!ok)
		diag_system(d, "cannot write '%s': %s", path, error);
	json_decref(header);
	arena_free(scratch);
	return ok;
}
