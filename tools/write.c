/* tools/write.c - a module or a lowered one as text, with its large constants in a file beside it. */
#include <errno.h>

#include "frontend/weights/safetensors.h"
#include "ir/base/file.h"
#include "tools/cli.h"

bool text_write(Ctx *ctx, const char *path, const Str *text)
{
	const char *error = NULL;

	if (!path || strcmp(path, "-") == 0) {
		if (fwrite(str_cstr(text), 1, text->n, stdout) == text->n && fflush(stdout) == 0)
			return true;
		diag_system(&ctx->diag, "cannot write 'standard output': %s", system_reason(ctx->arena, errno));
		return false;
	}
	OutFile *f = outfile_open(ctx->arena, path, &error);
	if (f) {
		outfile_write(f, str_cstr(text), text->n);
		if (outfile_commit(f, &error))
			return true;
	}
	diag_system(&ctx->diag, "cannot write '%s': %s", path, error);
	return false;
}

/* What a printer of text with constants is: of a module or of a unit. */
typedef void (*PrintFn)(const void *what, const PrintOptions *print, Str *out);

static void print_module(const void *m, const PrintOptions *print, Str *out)
{
	module_print(m, print, out);
}

static void print_unit(const void *u, const PrintOptions *print, Str *out)
{
	unit_print(u, print, out);
}

static bool write_with_constants(Ctx *ctx, PrintFn fn, const void *what, const char *path, PrintOptions print)
{
	BlobFile blobs = { .arena = ctx->arena };
	Str text = { 0 };
	bool ok = true;

	if (path && strcmp(path, "-") != 0) {
		const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
		int stem = dot ? (int)(dot - path) : (int)strlen(path);
		const char *beside = arena_printf(ctx->arena, "%.*s.safetensors", stem, path);
		blobs.name = slash ? beside + (slash + 1 - path) : beside;
		print.blobs = &blobs;
		fn(what, &print, &text);
		if (blobs.blob.n)
			ok = safetensors_write(&ctx->diag, beside, blobs.blob.n, blobs.key.at, blobs.blob.at);
	} else {
		fn(what, &print, &text);
	}
	ok = ok && text_write(ctx, path, &text);
	str_free(&text);
	return ok;
}

bool module_write(Ctx *ctx, const Module *m, const char *path, PrintOptions print)
{
	return write_with_constants(ctx, print_module, m, path, print);
}

bool unit_write(Ctx *ctx, const Unit *u, const char *path, PrintOptions print)
{
	return write_with_constants(ctx, print_unit, u, path, print);
}
