/* codegen/object/weights.c - constants as a stream, and as a file of their own. */
#include "codegen/object/weights.h"

#include "ir/base/file.h"
#include "runtime/abi.h"

bool unit_stream_constants(const Unit *u, bool (*emit)(void *arg, const void *bytes, size_t n), void *arg)
{
	static const char zeros[64];
	int64_t at = 0;

	for (int i = 0; i < u->constant.n; i++) {
		const UnitConst *c = &u->constant.at[i];
		if (c->offset > at && !emit(arg, zeros, (size_t)(c->offset - at)))
			return false;
		if (c->bytes && !blob_stream(c->blob, emit, arg))
			return false;
		at = c->offset + c->bytes;
	}
	return true;
}

typedef struct Sum { uint64_t h; unsigned char part[8]; size_t n; } Sum;

/* Word by word, so that the identity does not depend on how the stream is cut. */
static bool add_to_sum(void *arg, const void *bytes, size_t n)
{
	Sum *s = arg;
	const unsigned char *p = bytes;

	for (; n && s->n; n--) {
		s->part[s->n++] = *p++;
		if (s->n == 8) {
			uint64_t w;
			memcpy(&w, s->part, 8);
			s->h = hash_mix(s->h, w);
			s->n = 0;
		}
	}
	for (; n >= 8; n -= 8, p += 8) {
		uint64_t w;
		memcpy(&w, p, 8);
		s->h = hash_mix(s->h, w);
	}
	for (; n; n--)
		s->part[s->n++] = *p++;
	return true;
}

static bool write_piece(void *arg, const void *bytes, size_t n)
{
	return outfile_write(arg, bytes, n);
}

bool weights_write(const Unit *u, const char *path, uint64_t *id)
{
	Arena *a = arena_new();
	const char *error = NULL;
	Sum sum = { .h = (uint64_t)u->const_bytes };
	unsigned char head[TFRT_WEIGHTS_HEADER] = { 0 };

	unit_stream_constants(u, add_to_sum, &sum);
	for (size_t i = 0; i < sum.n; i++)
		sum.h = hash_mix(sum.h, sum.part[i]);
	*id = sum.h ? sum.h : 1;
	memcpy(head, TFRT_WEIGHTS_MAGIC, 8);
	memcpy(head + 8, id, 8);
	memcpy(head + 16, &u->const_bytes, 8);
	OutFile *f = outfile_open(a, path, &error);
	bool ok = f && outfile_write(f, head, sizeof head) && unit_stream_constants(u, write_piece, f);
	if (f && ok)
		ok = outfile_commit(f, &error);
	else if (f)
		ok = outfile_commit(f, &error) && false;
	if (!ok)
		diag_system(&u->ctx->diag, "cannot write '%s': %s", path, error ? error : "write error");
	arena_free(a);
	return ok;
}
