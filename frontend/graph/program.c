/* frontend/graph/program.c - reads .loops and .kernel files. */
#include "frontend/graph/program.h"

#include <string.h>

#include "ir/base/file.h"
#include "ir/text.h"

bool text_is_program(const char *text, size_t size)
{
	const char *end = text + size;
	size_t n = strlen(PROGRAM_MAGIC);

	for (;;) {
		while (text < end && strchr(" \t\r\n", *text) && *text)
			text++;
		if (end - text < 2 || text[0] != '/' || text[1] != '/')
			break;
		while (text < end && *text != '\n')
			text++;
	}
	return (size_t)(end - text) >= n && memcmp(text, PROGRAM_MAGIC, n) == 0;
}

bool path_is_program(Ctx *ctx, const char *path)
{
	const char *dot = strrchr(path, '.'), *error;
	const void *bytes;
	size_t size;

	if (dot && (strcmp(dot, ".loops") == 0 || strcmp(dot, ".kernel") == 0))
		return true;
	if (strcmp(path, "-") == 0 || (dot && strcmp(dot, ".graph") == 0))
		return false;
	return file_map(ctx->arena, path, &bytes, &size, &error) && text_is_program(bytes, size);
}

static Blob *find_blob(void *arg, Module *m, const char *key)
{
	return weight_files_blob(arg, m, key);
}

Unit *program_parse(Ctx *ctx, Source *src)
{
	const char *dir = path_dir(ctx->arena, src->name);
	const ParseHooks hooks = { .blob = find_blob, .arg = weight_files_new(ctx, dir) };
	Unit *u = unit_parse(ctx, src, &hooks);

	if (u)
		u->module->dir = dir;
	return u;
}

Unit *program_load(Ctx *ctx, const char *path)
{
	const char *error;
	Source *src = source_read(ctx->arena, path, &error);

	if (src)
		return program_parse(ctx, src);
	diag_system(&ctx->diag, "%s", error);
	return NULL;
}
