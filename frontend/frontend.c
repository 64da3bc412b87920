/* frontend/frontend.c - picks the reader of a model. */
#include "frontend/frontend.h"

#include "frontend/graph/graph.h"
#include "frontend/onnx/onnx.h"
#include "frontend/stablehlo/stablehlo.h"
#include "ir/base/file.h"
#include "ir/verify.h"

/* A format: a reader of text, or one of bytes.  Bytes are mapped, and weights stay where they are in them. */
typedef struct {
	const char *ending, *magic[4];
	Module *(*text)(Ctx *ctx, Source *src, WeightFiles *files);
	Module *(*bytes)(Ctx *ctx, const char *path, const void *bytes, size_t size, const InputValues *given);
} Reader;

/* By the ending; a file with another ending is known by its first bytes, where the format has such. */
static const Reader readers[] = {
	{ ".graph",     { "tfcc_graph" },                          .text = graph_parse },
	{ ".mlir",      { "module", "#loc", "func.func", "#sdy" }, .text = stablehlo_parse },
	{ ".stablehlo", { "\"builtin.module\"" },                  .text = stablehlo_parse },
	{ ".onnx",      { NULL },                                  .bytes = onnx_parse },
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

static const Reader *pick_by_ending(const char *path)
{
	size_t n = strlen(path);

	if (strcmp(path, "-") == 0)
		return &readers[0];
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		size_t len = strlen(readers[i].ending);
		if (n > len && strcmp(path + n - len, readers[i].ending) == 0)
			return &readers[i];
	}
	return NULL;
}

static const Reader *pick_by_bytes(const char *bytes, size_t size)
{
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		for (int k = 0; k < 4 && readers[i].magic[k]; k++) {
			size_t n = strlen(readers[i].magic[k]);
			if (size >= n && memcmp(bytes, readers[i].magic[k], n) == 0)
				return &readers[i];
		}
	}
	return NULL;
}

static bool map(Ctx *ctx, const char *path, const void **bytes, size_t *size)
{
	const char *error;

	if (file_map(ctx->arena, path, bytes, size, &error))
		return true;
	diag_system(&ctx->diag, "cannot read '%s': %s", path, error);
	return false;
}

/* NULL after a diagnostic. */
static const Reader *pick(Ctx *ctx, const char *path)
{
	const Reader *reader = pick_by_ending(path);
	const void *bytes;
	size_t size;
	Str known = { 0 };

	if (reader)
		return reader;
	if (!map(ctx, path, &bytes, &size))
		return NULL;
	reader = pick_by_bytes(bytes, size);
	if (reader)
		return reader;
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
		str_printf(&known, "%s%s", i > 0 ? ", " : "", readers[i].ending);
	diag_error(&ctx->diag, loc_name(ctx->arena, path),
	           "neither the ending nor the first bytes are those of a known format; known: %s", str_cstr(&known));
	str_free(&known);
	return NULL;
}

/* What every reader leaves to do; files: where a text's weights are, loaded unless NULL. */
static Module *finish(Ctx *ctx, Module *m, WeightFiles *files)
{
	if (!m || (files && !weight_files_load(files, m)))
		return NULL;
	return module_verify(ctx, m) ? m : NULL;
}

Module *frontend_load(Ctx *ctx, const char *path)
{
	return frontend_load_with(ctx, path, NULL);
}

Module *frontend_load_with(Ctx *ctx, const char *path, const InputValues *given)
{
	const Reader *reader = pick(ctx, path);
	const void *bytes;
	size_t size;
	const char *error;

	if (!reader)
		return NULL;
	if (reader->bytes)
		return map(ctx, path, &bytes, &size) ? finish(ctx, reader->bytes(ctx, path, bytes, size, given), NULL) : NULL;
	Source *src = source_read(ctx->arena, path, &error);
	if (!src) {
		diag_system(&ctx->diag, "%s", error);
		return NULL;
	}
	WeightFiles *files = weight_files_new(ctx, path_dir(ctx->arena, path));
	return finish(ctx, reader->text(ctx, src, files), files);
}

Module *frontend_parse(Ctx *ctx, Source *src, bool values)
{
	WeightFiles *files = weight_files_new(ctx, path_dir(ctx->arena, src->name));
	const Reader *reader = pick_by_ending(src->name);

	if (!reader)
		reader = pick_by_bytes(src->text, src->size);
	if (!reader)
		reader = &readers[0];
	if (reader->bytes)
		return finish(ctx, reader->bytes(ctx, src->name, src->text, src->size, NULL), NULL);
	return finish(ctx, reader->text(ctx, src, files), values ? files : NULL);
}
