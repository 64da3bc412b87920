/* frontend/weights/npy.c - reads and writes .npy files. */
#include "frontend/weights/npy.h"

#include "frontend/wire.h"
#include "ir/base/file.h"
#include "ir/base/num.h"
#include "ir/base/str.h"

enum { DESCR_MAX = 16 };

typedef struct Npy {
	Diag       *diag;
	const char *path;
	const char *at, *end;          /* what is left of the header */
	char        descr[DESCR_MAX];  /* "<f4" */
	bool        fortran;
	int         rank;              /* -1 until 'shape' was read */
	int64_t     dim[RANK_MAX];
} Npy;

static bool refuse(Npy *n, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static bool refuse(Npy *n, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_add(n->diag, SEV_ERROR, loc_name(n->diag->arena, n->path), fmt, ap);
	va_end(ap);
	return false;
}

/* The header: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } */

static void skip_blanks(Npy *n)
{
	while (n->at < n->end && (*n->at == ' ' || *n->at == '\t' || *n->at == '\n' || *n->at == '\r'))
		n->at++;
}

static bool accept(Npy *n, const char *text)
{
	size_t len = strlen(text);

	skip_blanks(n);
	if ((size_t)(n->end - n->at) < len || memcmp(n->at, text, len) != 0)
		return false;
	n->at += len;
	return true;
}

static bool expect(Npy *n, const char *text)
{
	return accept(n, text) || refuse(n, "the header is malformed: expected '%s'", text);
}

/* A quoted text without escapes. */
static bool read_string(Npy *n, char *out, size_t cap)
{
	skip_blanks(n);
	char quote = n->at < n->end ? *n->at : '\0';
	if (quote != '\'' && quote != '"')
		return refuse(n, "the header is malformed: expected a quoted text");
	size_t len = 0;
	for (n->at++; n->at < n->end && *n->at != quote; n->at++) {
		if (len + 1 == cap || *n->at == '\\' || *n->at == '\0')
			return refuse(n, "the header is malformed: a text in it is too long or has an escape");
		out[len++] = *n->at;
	}
	out[len] = '\0';
	return expect(n, quote == '"' ? "\"" : "'");
}

static bool read_dim(Npy *n, int64_t *out)
{
	*out = 0;
	skip_blanks(n);
	const char *begin = n->at;
	for (; n->at < n->end && *n->at >= '0' && *n->at <= '9'; n->at++)
		if (!i64_mul(*out, 10, out) || !i64_add(*out, *n->at - '0', out))
			return refuse(n, "a dimension does not fit in 64 bits");
	return n->at > begin || refuse(n, "the header is malformed: expected a dimension, an integer from 0 on");
}

static bool read_shape(Npy *n)
{
	if (!expect(n, "("))
		return false;
	for (n->rank = 0; !accept(n, ")"); n->rank++) {
		if (n->rank == RANK_MAX)
			return refuse(n, "the rank is above %d", RANK_MAX);
		if (!read_dim(n, &n->dim[n->rank]))
			return false;
		accept(n, "L");            /* Python 2 wrote long integers so */
		if (!accept(n, ",")) {
			n->rank++;
			return expect(n, ")");
		}
	}
	return true;
}

static bool read_field(Npy *n)
{
	char key[DESCR_MAX];

	if (!read_string(n, key, sizeof key) || !expect(n, ":"))
		return false;
	if (strcmp(key, "descr") == 0) {
		if (accept(n, "["))
			return refuse(n, "arrays of records are not supported");
		return read_string(n, n->descr, sizeof n->descr);
	}
	if (strcmp(key, "fortran_order") == 0) {
		n->fortran = accept(n, "True");
		return n->fortran || expect(n, "False");
	}
	if (strcmp(key, "shape") == 0)
		return read_shape(n);
	return refuse(n, "the header has an unknown key '%s'", key);
}

static bool read_header(Npy *n)
{
	n->rank = -1;
	if (!expect(n, "{"))
		return false;
	while (!accept(n, "}")) {
		if (!read_field(n))
			return false;
		if (!accept(n, ",")) {
			if (!expect(n, "}"))
				return false;
			break;
		}
	}
	skip_blanks(n);
	if (n->at != n->end)
		return refuse(n, "the header is malformed: more follows behind its '}'");
	if (n->rank < 0 || !n->descr[0])
		return refuse(n, "the header has no '%s'", n->rank < 0 ? "shape" : "descr");
	return true;
}

/* The magic, the version and the header; then w is at the data. */
static bool read_preamble(Npy *n, Wire *w)
{
	const void *magic, *header;
	uint8_t  major, minor;
	uint16_t short_length;
	uint32_t length;

	if (!wire_bytes(w, 6, &magic) || memcmp(magic, "\x93NUMPY", 6) != 0)
		return refuse(n, "this is no .npy file");
	if (!wire_u8(w, &major) || !wire_u8(w, &minor))
		return refuse(n, "the file is truncated in its header");
	if (major < 1 || major > 3)
		return refuse(n, "version %d.%d of the format is not supported", major, minor);
	bool ok = major == 1 ? wire_u16(w, &short_length) : wire_u32(w, &length);
	if (major == 1)
		length = short_length;
	if (ok && length > NPY_HEADER_MAX)
		return refuse(n, "the header has %u bytes; at most %d are supported", length, NPY_HEADER_MAX);
	if (!ok || !wire_bytes(w, length, &header))
		return refuse(n, "the file is truncated in its header");
	n->at = header;
	n->end = n->at + length;
	return read_header(n);
}

/* Element types. */

/* Floats that NumPy lacks are the raw bits of their elements, or (without the byte order) unsigned integers. */
static bool spelled(const char *descr, DType t)
{
	bool lacks = dtype_is_float(t) && dtype_info[t].npy[1] == 'V';

	return strcmp(descr + 1, dtype_info[t].npy + 1) == 0 ||
	       (lacks && strcmp(descr + 1, dtype_size(t) == 1 ? "u1" : "u2") == 0);
}

static bool find_dtype(Npy *n, const DType *wanted, DType *out)
{
	if (strchr("<>=|", n->descr[0])) {
		if (wanted && spelled(n->descr, *wanted)) {
			*out = *wanted;
			return true;
		}
		if (strcmp(n->descr + 1, "V1") == 0)
			return refuse(n, "element type '%s' may be any float of 8 bits or less: its type must be known from elsewhere", n->descr);
		for (int t = 0; t < DT_COUNT; t++) {
			if (strcmp(n->descr + 1, dtype_info[t].npy + 1) == 0) {
				*out = (DType)t;
				return true;
			}
		}
	}
	return refuse(n, "element type '%s' is not supported", n->descr);
}

static const void *swapped(Arena *a, const unsigned char *bytes, size_t size, size_t elem)
{
	unsigned char *out = arena_alloc(a, size);

	for (size_t i = 0; i < size; i += elem)
		for (size_t k = 0; k < elem; k++)
			out[i + k] = bytes[i + elem - 1 - k];
	return out;
}

bool npy_header(Diag *d, const char *path, const void *bytes, size_t size, const DType *wanted, NpyHeader *out)
{
	Npy  n = { .diag = d, .path = path };
	Wire w = { bytes, size };

	if (!read_preamble(&n, &w) || !find_dtype(&n, wanted, &out->dtype))
		return false;
	if (n.rank > dtype_rank_max(out->dtype))
		return refuse(&n, "the rank is above %d", dtype_rank_max(out->dtype));
	out->begin = size - w.left;
	out->fortran = n.fortran;
	out->big_endian = n.descr[0] == '>';
	out->rank = n.rank;
	memcpy(out->dim, n.dim, sizeof out->dim);
	if (!wire_tensor_bytes(n.rank, n.dim, (size_t)dtype_size(out->dtype), &out->nbytes))
		return refuse(&n, "the size of the array does not fit in 64 bits");
	return true;
}

Blob *npy_parse(Diag *d, Arena *a, const char *path, const void *bytes, size_t size, const DType *wanted)
{
	Npy n = { .diag = d, .path = path };
	NpyHeader h;

	if (!npy_header(d, path, bytes, size, wanted, &h))
		return NULL;
	if (wanted && h.dtype != *wanted) {
		refuse(&n, "the array is %s, wanted %s", dtype_info[h.dtype].name, dtype_info[*wanted].name);
		return NULL;
	}
	if (h.nbytes > size - h.begin) {
		refuse(&n, "the array has %zu bytes, but the file has only %zu left: it is truncated", h.nbytes, size - h.begin);
		return NULL;
	}
	const void *data = (const unsigned char *)bytes + h.begin;
	if (h.dtype == DT_BOOL && !wire_are_bools(data, h.nbytes)) {
		refuse(&n, "a bool in the array is neither 0 nor 1");
		return NULL;
	}
	if (!dtype_fits(h.dtype, data, h.nbytes)) {
		refuse(&n, "an element of the array is no %s", dtype_info[h.dtype].name);
		return NULL;
	}
	size_t elem = (size_t)dtype_size(dtype_part(h.dtype));
	if (h.big_endian && elem > 1)
		data = swapped(a, data, h.nbytes, elem);
	Blob *b = blob_dense(a, h.dtype, h.rank, h.dim, data);
	if (h.fortran && h.nbytes) {
		int64_t stride = 1;
		for (int i = 0; i < h.rank; i++) {
			b->stride[i] = h.dim[i] == 1 ? 0 : stride;
			stride *= h.dim[i];
		}
	}
	return b;
}

bool npy_write(Diag *d, const char *path, const Tensor *t)
{
	Arena *a = arena_new();
	Str    header = { 0 };
	const char *error = NULL;

	str_printf(&header, "{'descr': '%s', 'fortran_order': False, 'shape': (", dtype_info[t->dtype].npy);
	for (int i = 0; i < t->rank; i++)
		str_printf(&header, i ? ", %lld" : "%lld", (long long)t->dim[i]);
	str_add(&header, t->rank == 1 ? ",), }" : "), }");
	while ((10 + header.n + 1) % 64)       /* the data are aligned to 64 bytes */
		str_addc(&header, ' ');
	str_addc(&header, '\n');

	unsigned char start[10] = { 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (unsigned char)(header.n & 0xff),
	                            (unsigned char)(header.n >> 8) };
	OutFile *f = outfile_open(a, path, &error);
	bool ok = f != NULL;
	if (ok) {
		outfile_write(f, start, sizeof start);
		outfile_write(f, header.s, header.n);
		outfile_write(f, t->data, (size_t)t->count * (size_t)dtype_size(t->dtype));
		ok = outfile_commit(f, &error);
	}
	if (!ok)
		diag_system(d, "cannot write '%s': %s", path, error);
	str_free(&header);
	arena_free(a);
	return ok;
}
