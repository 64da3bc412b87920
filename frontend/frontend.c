/* frontend/frontend.c - picks the reader of a model. */
#include "frontend/frontend.h"

#include "frontend/graph/graph.h"
#include "frontend/onnx/onnx.h"
#include "frontend/stablehlo/stablehlo.h"
#include "ir/base/file.h"
#include "ir/verify.h"

typedef Module *(*ParseFn)(Ctx *ctx, Source *src, WeightFiles *files);

/* By the ending; a file with another ending is known by its first bytes. */
static const struct { const char *ending, *magic[4]; ParseFn parse; } readers[] = {
	{ ".graph",     { "tfcc_graph" },                        graph_parse },
	{ ".mlir",      { "module", "#loc", "func.func", "#sdy" }, stablehlo_parse },
	{ ".stablehlo", { "\"builtin.module\"" },                stablehlo_parse },
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

static ParseFn pick_by_ending(const char *path)
{
	size_t n = strlen(path);

	if (strcmp(path, "-") == 0)
		return graph_parse;
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		size_t len = strlen(readers[i].ending);
		if (n > len && strcmp(path + n - len, readers[i].ending) == 0)
			return readers[i].parse;
	}
	return NULL;
}

static ParseFn pick_by_bytes(const char *bytes, size_t size)
{
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		for (int k = 0; k < 4 && readers[i].magic[k]; k++) {
			size_t n = strlen(readers[i].magic[k]);
			if (size >= n && memcmp(bytes, readers[i].magic[k], n) == 0)
				return readers[i].parse;
		}
	}
	return NULL;
}

/* NULL after a diagnostic. */
static ParseFn pick(Ctx *ctx, const char *path)
{
	ParseFn parse = pick_by_ending(path);
	const void *bytes;
	size_t size;
	const char *error;
	Str known = { 0 };

	if (parse)
		return parse;
	if (!file_map(ctx->arena, path, &bytes, &size, &error)) {
		diag_system(&ctx->diag, "cannot read '%s': %s", path, error);
		return NULL;
	}
	parse = pick_by_bytes(bytes, size);
	if (parse)
		return parse;
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
		str_printf(&known, "%s, ", readers[i].ending);
	str_add(&known, ".onnx");
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

static bool is_onnx(const char *path)
{
	size_t n = strlen(path);

	return n > 5 && strcmp(path + n - 5, ".onnx") == 0;
}

static Module *load_onnx(Ctx *ctx, const char *path, const InputValues *given)
{
	const void *bytes;
	size_t size;
	const char *error;

	if (!file_map(ctx->arena, path, &bytes, &size, &error)) {
		diag_system(&ctx->diag, "cannot read '%s': %s", path, error);
		return NULL;
	}
	return finish(ctx, onnx_parse(ctx, path, bytes, size, given), NULL, false);
}

Module *frontend_load(Ctx *ctx, const char *path)
{
	return frontend_load_with(ctx, path, NULL);
}

Module *frontend_load_with(Ctx *ctx, const char *path, const InputValues *given)
{
	const char *error;

	if (is_onnx(path))
		return load_onnx(ctx, path, given);
	ParseFn parse = pick(ctx, path);
	if (!parse)
		return NULL;
	Source *src = source_read(ctx->arena, path, &error);
	if (!src) {
		diag_system(&ctx->diag, "%s", error);
		return NULL;
	}
	WeightFiles *files = weight_files_new(ctx, path_dir(ctx->arena, path));
	return finish(ctx, parse(ctx, src, files), files, true);
}

Module *frontend_parse(Ctx *ctx, Source *src, bool values)
{
	WeightFiles *files = weight_files_new(ctx, path_dir(ctx->arena, src->name));
	ParseFn parse = pick_by_ending(src->name);

	if (is_onnx(src->name))
		return finish(ctx, onnx_parse(ctx, src->name, src->text, src->size, NULL), files, false);
	if (!parse)
		parse = pick_by_bytes(src->text, src->size);
	return finish(ctx, (parse ? parse : graph_parse)(ctx, src, files), files, values);
}
