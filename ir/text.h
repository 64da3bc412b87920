/* ir/text.h - the text form: parse(print(m)) is m at every stage.  Grammar: docs/graph-format.md. */
#ifndef IR_TEXT_H
#define IR_TEXT_H

#include "ir/ir.h"

#define GRAPH_FORMAT_VERSION 1

typedef struct PrintOptions {
	bool locs;             /* print loc(...) */
	size_t inline_limit;   /* constants of more elements print as blob "key"; 0 = 64 elements */
	struct BlobFile *blobs;/* collects the large constants, or NULL: they print as `blob "key"` all the same */
} PrintOptions;

/* NULL with diagnostics in ctx->diag.  Weights are declared but not loaded: see frontend/. */
Module *module_parse(Ctx *ctx, Source *src);
void    module_print(const Module *m, const PrintOptions *opt, Str *out);
void    func_print(const Func *f, const PrintOptions *opt, Str *out);
void    op_print(const Op *op, Str *out);              /* one line, for diagnostics and --trace */

/* Values of large constants by key while parsing: set by the frontend before module_parse; NULL key -> NULL. */
typedef Blob *(*BlobLookup)(void *arg, const char *key);
void    ctx_set_blob_lookup(Ctx *ctx, BlobLookup fn, void *arg);

#endif
