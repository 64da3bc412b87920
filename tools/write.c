/* tools/write.c - a module as text, with its large constants in a file beside it. */
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

bool module_write(Ctx *ctx, const Module *m, const char *path, PrintOptions print)
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
		module_print(m, &print, &text);
		if (blobs.blob.n)
			ok = safetensors_write(&ctx->diag, beside, blobs.blob.n, blobs.key.at, blobs.blob.at);
	} else {
		module_print(m, &print, &text);
	}
	ok = ok && text_write(ctx, path, &text);
	str_free(&text);
	return ok;
}
