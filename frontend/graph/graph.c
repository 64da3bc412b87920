/* frontend/graph/graph.c - reads .graph files. */
#include "frontend/graph/graph.h"

#include "ir/text.h"

typedef struct Reader {
	Ctx         *ctx;
	const char  *dir;
	WeightFiles *files;
	VEC(const char *) imports;
} Reader;

static Blob *find_blob(void *arg, Module *m, const char *key)
{
	return weight_files_blob(((Reader *)arg)->files, m, key);
}

static Source *read_import(void *arg, const char *path, Loc loc)
{
	Reader *r = arg;
	const char *full = path_join(r->ctx->arena, r->dir, path), *error;
	Source *src = source_read(r->ctx->arena, full, &error);

	vec_push(r->ctx->arena, &r->imports, full);
	if (!src) {
		diag_system(&r->ctx->diag, "%s", error);
		diag_note(&r->ctx->diag, loc, "it is imported here");
	}
	return src;
}

Module *graph_parse(Ctx *ctx, Source *src, WeightFiles *files)
{
	Reader r = { ctx, path_dir(ctx->arena, src->name), files, { 0 } };
	const ParseHooks hooks = { find_blob, read_import, &r };
	Module *m = module_parse_with(ctx, src, &hooks);

	if (m) {
		m->dir = r.dir;
		for (int i = 0; i < r.imports.n; i++)
			vec_push(m->arena, &m->imports, r.imports.at[i]);
	}
	return m;
}
