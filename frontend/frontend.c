/* frontend/frontend.c - picks the reader of a model. */
#include "frontend/frontend.h"

#include "frontend/graph/graph.h"
#include "ir/base/file.h"
#include "ir/verify.h"

typedef Module *(*LoadFn)(Ctx *ctx, const char *path, WeightFiles *files);

/* By the ending; a file with another ending is known by its first bytes. */
static const struct { const char *ending, *magic; LoadFn load; } readers[] = {
	{ ".graph", "tfcc_graph", graph_load },
};

const char *path_dir(Arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	return slash == path ? "/" : arena_strndup(a, path, (size_t)(slash - path));
}

const char *path_join(Arena *a, const char *dir, const char *name)
{
	if (name[0] == '/' || strcmp(dir, ".") == 0)
		return name;
	return arena_printf(a, "%s%s%s", dir, strcmp(dir, "/") == 0 ? "" : "/", name);
}

static LoadFn pick_by_ending(const char *path)
{
	size_t n = strlen(path);

	if (strcmp(path, "-") == 0)
		return graph_load;
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		size_t len = strlen(readers[i].ending);
		if (n > len && strcmp(path + n - len, readers[i].ending) == 0)
			return readers[i].load;
	}
	return NULL;
}

/* NULL after a diagnostic. */
static LoadFn pick(Ctx *ctx, const char *path)
{
	LoadFn load = pick_by_ending(path);
	const void *bytes;
	size_t size;
	const char *error;
	Str known = { 0 };

	if (load)
		return load;
	if (!file_map(ctx->arena, path, &bytes, &size, &error)) {
		diag_system(&ctx->diag, "cannot read '%s': %s", path, error);
		return NULL;
	}
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		size_t n = strlen(readers[i].magic);
		if (size >= n && memcmp(bytes, readers[i].magic, n) == 0)
			return readers[i].load;
	}
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
		str_printf(&known, "%s%s", i ? ", " : "", readers[i].ending);
	diag_error(&ctx->diag, loc_name(ctx->arena, path),
	           "neither the ending nor the first bytes are those of a known format; known: %s", str_cstr(&known));
	str_free(&known);
	return NULL;
}

/* What every reader leaves to do. */
static Module *finish(Ctx *ctx, Module *m, WeightFiles *files, bool values)
{
	if (!m || (values && !weight_files_load(files, m)))
		return NULL;
	return module_verify(ctx, m) ? m : NULL;
}

Module *frontend_load(Ctx *ctx, const char *path)
{
	LoadFn read = pick(ctx, path);

	if (!read)
		return NULL;
	WeightFiles *files = weight_files_new(ctx, path_dir(ctx->arena, path));
	return finish(ctx, read(ctx, path, files), files, true);
}

Module *frontend_parse(Ctx *ctx, Source *src, bool values)
{
	WeightFiles *files = weight_files_new(ctx, path_dir(ctx->arena, src->name));

	return finish(ctx, graph_parse(ctx, src, files), files, values);
}
