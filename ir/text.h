/* ir/text.h - the text form: parse(print(m)) is m at every stage.  Grammar: docs/graph-format.md. */
#ifndef IR_TEXT_H
#define IR_TEXT_H

#include "ir/ir.h"

#define GRAPH_FORMAT_VERSION 1
#define PRINT_INLINE_LIMIT 64  /* elements */

/* The constants that a printed module leaves to a file beside it, in order of printing.  Whoever prints writes them
   (frontend/weights/safetensors.h) and names the file, which the text mentions as a weights file. */
typedef struct BlobFile {
	const char *name;      /* as the text names it, or NULL: not mentioned */
	Arena      *arena;
	VEC(const Blob *) blob;
	VEC(const char *) key; /* parallel to blob */
} BlobFile;

typedef struct PrintOptions {
	bool locs;             /* print loc(...) */
	size_t inline_limit;   /* constants of more elements print as blob "key"; 0 = PRINT_INLINE_LIMIT */
	BlobFile *blobs;       /* collects the large constants, or NULL: they print as `blob "key"` all the same */
} PrintOptions;

/* What the text names outside itself.  Either function may be NULL: then such a reference is an error. */
typedef struct ParseHooks {
	/* The value of `blob "key"`, from m->weight_files as far as they have been read; NULL when there is none. */
	Blob *(*blob)(void *arg, Module *m, const char *key);
	/* The text of `import "path"`, path as written; NULL after a diagnostic at loc. */
	Source *(*import)(void *arg, const char *path, Loc loc);
	void *arg;
} ParseHooks;

/* NULL with diagnostics in ctx->diag.  Weights are declared but not loaded: see frontend/. */
Module *module_parse(Ctx *ctx, Source *src);
Module *module_parse_with(Ctx *ctx, Source *src, const ParseHooks *hooks);
void    module_print(const Module *m, const PrintOptions *opt, Str *out);  /* opt NULL: all defaults */
void    func_print(const Func *f, const PrintOptions *opt, Str *out);
void    op_print(const Op *op, Str *out);              /* one line, for diagnostics and --trace */

/* The names under which a graph's values are printed, without the %. */
typedef struct Names { Map name; } Names;
Names      *names_new(Arena *a, const Func *f);
const char *names_get(const Names *names, const Value *v);
void        op_print_named(const Op *op, const Names *names, Str *out); /* like op_print, for many ops of one graph */

#endif
