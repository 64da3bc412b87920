/* frontend/weights.c - gives the weights of a module their values from the files that it names. */
#include <string.h>

#include "frontend/frontend.h"
#include "frontend/weights/npz.h"
#include "frontend/weights/safetensors.h"
#include "ir/base/file.h"

struct WeightFiles {
	Ctx        *ctx;
	const char *dir;
	StrMap      opened;        /* path -> OpenFile * */
};

/* One of the two; neither: reported already. */
typedef struct OpenFile { const char *path; Safetensors *st; Npz *npz; } OpenFile;

/* A tensor by name: in the file of either kind. */
typedef struct Found { const OpenFile *file; const SafetensorsEntry *entry; int array; } Found;

WeightFiles *weight_files_new(Ctx *ctx, const char *dir)
{
	WeightFiles *f = ARENA_NEW(ctx->arena, WeightFiles);

	f->ctx = ctx;
	f->dir = dir;
	strmap_init(&f->opened, ctx->arena);
	return f;
}

/* Opened at most once; NULL when it cannot be read. */
static const OpenFile *open_file(WeightFiles *f, const char *name)
{
	Arena *a = f->ctx->arena;
	const char *path = path_join(a, f->dir, name);
	OpenFile *o = strmap_get(&f->opened, path);
	const void *bytes;
	size_t size;
	const char *error;

	if (!o) {
		o = ARENA_NEW(a, OpenFile);
		o->path = path;
		if (!file_map(a, path, &bytes, &size, &error))
			diag_system(&f->ctx->diag, "cannot read '%s': %s", path, error);
		else if (npz_is(path, bytes, size))
			o->npz = npz_parse(&f->ctx->diag, a, path, bytes, size);
		else
			o->st = safetensors_parse(&f->ctx->diag, a, path, bytes, size);
		strmap_set(&f->opened, path, o);
	}
	return o->st || o->npz ? o : NULL;
}

/* The first file that has the name; *ok is false when a file cannot be read. */
static bool find(WeightFiles *f, Module *m, const char *name, Found *out, bool *ok)
{
	for (int i = 0; i < m->weight_files.n; i++) {
		const OpenFile *o = open_file(f, m->weight_files.at[i]);
		*ok = *ok && o;
		*out = (Found){ o, o && o->st ? safetensors_find(o->st, name) : NULL, o && o->npz ? npz_find(o->npz, name) : -1 };
		if (out->entry || out->array >= 0)
			return true;
	}
	return false;
}

Blob *weight_files_blob(WeightFiles *f, Module *m, const char *key)
{
	Found at;
	bool ok = true;

	if (!find(f, m, key, &at, &ok))
		return NULL;
	if (at.array >= 0)
		return npz_array(at.file->npz, at.array, NULL);
	if (!at.entry->known)
		diag_error(&f->ctx->diag, loc_name(f->ctx->arena, at.file->path),
		           "tensor \"%s\" has the element type %s, which is not supported", key, at.entry->dtype);
	return at.entry->blob;
}

/* The type in the file, before any of an .npz is unpacked; NULL after a diagnostic. */
static const Type *found_type(WeightFiles *f, const Weight *w, const Found *at)
{
	NpyHeader h;

	if (at->array >= 0)
		return npz_header(at->file->npz, at->array, &w->type->dtype, &h) ? type_of_ints(f->ctx->types, h.dtype, h.rank, h.dim) : NULL;
	if (at->entry->known) {
		const Blob *b = blob_read_as(f->ctx->arena, at->entry->blob, w->type->dtype);
		return type_of_ints(f->ctx->types, b->dtype, b->rank, b->dim);
	}
	diag_error(&f->ctx->diag, w->loc, "weight @%s: the element type %s in %s is not supported", w->name, at->entry->dtype,
	           at->file->path);
	return NULL;
}

static bool load_weight(WeightFiles *f, Module *m, Weight *w)
{
	Diag *d = &f->ctx->diag;
	bool ok = true;
	Found at;

	if (!find(f, m, w->name, &at, &ok)) {
		if (ok && w->init == INIT_FILE) {
			diag_error(d, w->loc, "weight @%s has no value: %s", w->name, m->weight_files.n
			           ? "no weights file has a tensor of that name"
			           : "give it one, as in '= zeros', or name a file by 'weights'");
			ok = false;
		}
		return ok;
	}
	const Type *found = found_type(f, w, &at);
	if (found && found != w->type) {
		Str is = { 0 }, wanted = { 0 };
		type_print(&is, found);
		type_print(&wanted, w->type);
		diag_error(d, w->loc, "weight @%s is declared as %s, but is %s in %s", w->name, str_cstr(&wanted),
		           str_cstr(&is), at.file->path);
		str_free(&is);
		str_free(&wanted);
	}
	if (found != w->type)
		return false;
	w->value = at.array >= 0 ? npz_array(at.file->npz, at.array, &w->type->dtype) : blob_read_as(m->arena, at.entry->blob, w->type->dtype);
	w->init = INIT_FILE;
	return w->value != NULL;
}

bool weight_files_load(WeightFiles *f, Module *m)
{
	bool ok = true;

	for (int i = 0; i < m->weight_files.n; i++)
		ok = open_file(f, m->weight_files.at[i]) && ok;
	if (!ok)
		return false;
	for (int i = 0; i < m->weights.n; i++)
		ok = load_weight(f, m, m->weights.at[i]) && ok;
	return ok;
}
