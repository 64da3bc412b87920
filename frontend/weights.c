/* frontend/weights.c - gives the weights of a module their values from the files that it names. */
#include <string.h>

#include "frontend/frontend.h"
#include "frontend/weights/safetensors.h"

struct WeightFiles {
	Ctx        *ctx;
	const char *dir;
	StrMap      opened;        /* path -> OpenFile * */
};

typedef struct OpenFile { Safetensors *st; } OpenFile;   /* st NULL: reported already */

WeightFiles *weight_files_new(Ctx *ctx, const char *dir)
{
	WeightFiles *f = ARENA_NEW(ctx->arena, WeightFiles);

	f->ctx = ctx;
	f->dir = dir;
	strmap_init(&f->opened, ctx->arena);
	return f;
}

/* Opened at most once; NULL when it cannot be read. */
static Safetensors *open_file(WeightFiles *f, const char *name)
{
	const char *path = path_join(f->ctx->arena, f->dir, name);
	OpenFile *o = strmap_get(&f->opened, path);

	if (!o) {
		o = ARENA_NEW(f->ctx->arena, OpenFile);
		o->st = safetensors_open(&f->ctx->diag, f->ctx->arena, path);
		strmap_set(&f->opened, path, o);
	}
	return o->st;
}

/* The first file that has the name; *ok is false when a file cannot be read. */
static const SafetensorsEntry *find(WeightFiles *f, Module *m, const char *name, const char **path, bool *ok)
{
	for (int i = 0; i < m->weight_files.n; i++) {
		Safetensors *st = open_file(f, m->weight_files.at[i]);
		*ok = *ok && st;
		const SafetensorsEntry *e = st ? safetensors_find(st, name) : NULL;
		if (!e)
			continue;
		*path = st->path;
		return e;
	}
	return NULL;
}

Blob *weight_files_blob(WeightFiles *f, Module *m, const char *key)
{
	const char *path;
	bool ok = true;
	const SafetensorsEntry *e = find(f, m, key, &path, &ok);

	if (e && !e->known)
		diag_error(&f->ctx->diag, loc_name(f->ctx->arena, path), "tensor \"%s\" has the element type %s, which is not supported",
		           key, e->dtype);
	return e ? e->blob : NULL;
}

static bool load_weight(WeightFiles *f, Module *m, Weight *w)
{
	Diag *d = &f->ctx->diag;
	const char *path = NULL;
	bool ok = true;
	const SafetensorsEntry *e = find(f, m, w->name, &path, &ok);

	if (!e) {
		if (ok && w->init == INIT_FILE) {
			diag_error(d, w->loc, "weight @%s has no value: %s", w->name, m->weight_files.n
			           ? "no weights file has a tensor of that name"
			           : "give it one, as in '= zeros', or name a file by 'weights'");
			ok = false;
		}
		return ok;
	}
	if (!e->known) {
		diag_error(d, w->loc, "weight @%s: the element type %s in %s is not supported", w->name, e->dtype, path);
		return false;
	}
	const Type *found = type_of_ints(f->ctx->types, e->blob->dtype, e->blob->rank, e->blob->dim);
	if (found != w->type) {
		Str is = { 0 }, wanted = { 0 };
		type_print(&is, found);
		type_print(&wanted, w->type);
		diag_error(d, w->loc, "weight @%s is declared as %s, but is %s in %s", w->name, str_cstr(&wanted),
		           str_cstr(&is), path);
		str_free(&is);
		str_free(&wanted);
		return false;
	}
	w->value = e->blob;
	w->init = INIT_FILE;
	return true;
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
