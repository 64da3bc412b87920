/* frontend/weights/npz.c - reads .npz files through libzip.  The archive's directory is not trusted: a member that claims
   more bytes than its packed ones can give is refused, and memory is taken only for an array whose header agrees. */
#include "frontend/weights/npz.h"

#include <ctype.h>
#include <zip.h>

#include "ir/base/file.h"
#include "ir/base/map.h"

/* Deflate spends at least two bits on 258 bytes (RFC 1951, 3.2.5), and a few bytes at the ends. */
enum { DEFLATE_RATIO = 1032, DEFLATE_SLACK = 64 };

typedef struct Member {
	const char  *label;        /* `w.npz: array "a"`, for messages */
	int          ordinal;      /* among the arrays */
	zip_uint64_t index, size;
	Blob        *blob;         /* once it was read */
} Member;

struct Npz {
	Diag       *diag;
	Arena      *arena;
	const char *path;
	zip_t      *zip;
	StrMap      members;       /* name -> Member * */
	size_t      file_size;
};

static bool refuse(Npz *z, const char *label, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static bool refuse(Npz *z, const char *label, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_add(z->diag, SEV_ERROR, loc_name(z->diag->arena, label), fmt, ap);
	va_end(ap);
	return false;
}

/* The library's words for an error, in our lower case. */
static const char *reason_of(Arena *a, zip_error_t *error)
{
	char *s = arena_strdup(a, zip_error_strerror(error));

	if (isupper((unsigned char)s[0]) && !isupper((unsigned char)s[1]))
		s[0] = (char)tolower((unsigned char)s[0]);
	return s;
}

/* The directory. */

static bool add_member(Npz *z, zip_uint64_t index)
{
	const char *file = zip_get_name(z->zip, index, ZIP_FL_ENC_RAW);
	size_t n = file ? strlen(file) : 0;

	if (!file)
		return refuse(z, z->path, "member %llu of the archive has no name", (unsigned long long)index);
	if (n <= 4 || strcmp(file + n - 4, ".npy") != 0)
		return true;
	const char *name = arena_strndup(z->arena, file, n - 4);
	if (strmap_has(&z->members, name))
		return refuse(z, z->path, "two arrays are named \"%s\"", name);
	Member *m = ARENA_NEW(z->arena, Member);
	*m = (Member){ .label = arena_printf(z->arena, "%s: array \"%s\"", z->path, name), .ordinal = z->members.n,
	               .index = index };
	strmap_set(&z->members, name, m);
	return true;
}

static void discard(void *zip)
{
	zip_discard(zip);
}

Npz *npz_parse(Diag *d, Arena *a, const char *path, const void *bytes, size_t size)
{
	Npz *z = ARENA_NEW(a, Npz);
	zip_error_t error;

	*z = (Npz){ .diag = d, .arena = a, .path = arena_strdup(a, path), .file_size = size };
	strmap_init(&z->members, a);
	zip_error_init(&error);
	zip_source_t *source = zip_source_buffer_create(bytes, size, 0, &error);
	z->zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
	if (!z->zip) {
		refuse(z, z->path, "this is no .npz file: %s", reason_of(a, &error));
		zip_source_free(source);
	}
	zip_error_fini(&error);
	if (!z->zip)
		return NULL;
	arena_at_free(a, discard, z->zip);
	zip_int64_t n = zip_get_num_entries(z->zip, 0);
	for (zip_int64_t i = 0; i < n; i++)
		if (!add_member(z, (zip_uint64_t)i))
			return NULL;
	return z;
}

Npz *npz_open(Diag *d, Arena *a, const char *path)
{
	const void *bytes;
	size_t size;
	const char *error;

	if (!file_map(a, path, &bytes, &size, &error)) {
		diag_system(d, "cannot read '%s': %s", path, error);
		return NULL;
	}
	return npz_parse(d, a, path, bytes, size);
}

bool npz_is(const char *path, const void *bytes, size_t size)
{
	size_t n = strlen(path);

	return (n > 4 && strcmp(path + n - 4, ".npz") == 0) || (size >= 4 && memcmp(bytes, "PK\3\4", 4) == 0);
}

int npz_count(const Npz *z)
{
	return z->members.n;
}

const char *npz_name(const Npz *z, int i)
{
	return z->members.key[i];
}

int npz_find(const Npz *z, const char *name)
{
	const Member *m = strmap_get(&z->members, name);

	return m ? m->ordinal : -1;
}

/* Members. */

/* How it is packed, and whether its sizes can be true. */
static bool check_member(Npz *z, Member *m)
{
	zip_stat_t s;

	zip_stat_init(&s);
	if (zip_stat_index(z->zip, m->index, 0, &s))
		return refuse(z, m->label, "%s", reason_of(z->arena, zip_get_error(z->zip)));
	if (s.encryption_method != ZIP_EM_NONE)
		return refuse(z, m->label, "it is encrypted");
	if (s.comp_method != ZIP_CM_STORE && s.comp_method != ZIP_CM_DEFLATE)
		return refuse(z, m->label, "it is packed by method %d; stored (%d) and deflated (%d) arrays are supported", s.comp_method,
		              ZIP_CM_STORE, ZIP_CM_DEFLATE);
	if (s.comp_size > z->file_size)
		return refuse(z, m->label, "it has %llu bytes in the archive, more than the whole file: it is truncated or damaged",
		              (unsigned long long)s.comp_size);
	if (s.comp_method == ZIP_CM_STORE ? s.size != s.comp_size : s.size / DEFLATE_RATIO > s.comp_size + DEFLATE_SLACK)
		return refuse(z, m->label, "it claims %llu bytes, but %llu bytes in the archive cannot give them: it is damaged",
		              (unsigned long long)s.size, (unsigned long long)s.comp_size);
	m->size = s.size;
	return true;
}

/* Exactly n bytes more. */
static bool read_bytes(Npz *z, const Member *m, zip_file_t *f, void *out, size_t n)
{
	for (size_t done = 0; done < n;) {
		zip_int64_t got = zip_fread(f, (char *)out + done, n - done);
		if (got < 0)
			return refuse(z, m->label, "it cannot be unpacked: %s", reason_of(z->arena, zip_file_get_error(f)));
		if (got == 0)
			return refuse(z, m->label, "it ends after %zu bytes too few: it is damaged", n - done);
		done += (size_t)got;
	}
	return true;
}

/* The library compares the check sum when the end has been seen. */
static bool read_end(Npz *z, const Member *m, zip_file_t *f)
{
	char more;
	zip_int64_t got = zip_fread(f, &more, 1);

	if (got < 0)
		return refuse(z, m->label, "it cannot be unpacked: %s", reason_of(z->arena, zip_file_get_error(f)));
	return got == 0 || refuse(z, m->label, "it has more bytes than it claims: it is damaged");
}

/* The start of the member goes to scratch, its header to h; false after a diagnostic. */
static bool read_start(Npz *z, Member *m, zip_file_t *f, Arena *scratch, const DType *wanted, void **start, size_t *n, NpyHeader *h)
{
	*n = m->size < 12 + NPY_HEADER_MAX ? (size_t)m->size : 12 + NPY_HEADER_MAX;
	*start = arena_alloc(scratch, *n);
	if (!read_bytes(z, m, f, *start, *n) || !npy_header(z->diag, m->label, *start, *n, wanted, h))
		return false;
	if (h->nbytes != m->size - h->begin)
		return refuse(z, m->label, "the array has %zu bytes, but the archive has %llu for it", h->nbytes,
		              (unsigned long long)(m->size - h->begin));
	return true;
}

static zip_file_t *open_member(Npz *z, Member *m)
{
	if (!check_member(z, m))
		return NULL;
	zip_file_t *f = zip_fopen_index(z->zip, m->index, 0);
	if (!f)
		refuse(z, m->label, "it cannot be unpacked: %s", reason_of(z->arena, zip_get_error(z->zip)));
	return f;
}

bool npz_header(Npz *z, int i, const DType *wanted, NpyHeader *out)
{
	Member *m = z->members.val[i];
	zip_file_t *f = open_member(z, m);
	Arena *scratch = arena_new();
	void *start;
	size_t n;
	bool ok = f && read_start(z, m, f, scratch, wanted, &start, &n, out);

	if (f)
		zip_fclose(f);
	arena_free(scratch);
	return ok;
}

static Blob *read_array(Npz *z, Member *m, zip_file_t *f, const DType *wanted)
{
	Arena *scratch = arena_new();
	Blob *b = NULL;
	NpyHeader h;
	void *start;
	size_t n;

	if (read_start(z, m, f, scratch, wanted, &start, &n, &h)) {
		char *all = arena_alloc(z->arena, (size_t)m->size);
		memcpy(all, start, n);
		if (read_bytes(z, m, f, all + n, (size_t)m->size - n) && read_end(z, m, f))
			b = npy_parse(z->diag, z->arena, m->label, all, (size_t)m->size, wanted);
	}
	arena_free(scratch);
	return b;
}

Blob *npz_array(Npz *z, int i, const DType *wanted)
{
	Member *m = z->members.val[i];

	if (m->blob && (!wanted || m->blob->dtype == *wanted))
		return m->blob;
	zip_file_t *f = open_member(z, m);
	m->blob = f ? read_array(z, m, f, wanted) : NULL;
	if (f)
		zip_fclose(f);
	if (m->blob)
		m->blob->key = z->members.key[i];
	return m->blob;
}
