/* frontend/frontend.h - reads a model of any known format into the IR. */
#ifndef FRONTEND_FRONTEND_H
#define FRONTEND_FRONTEND_H

#include "ir/ir.h"
#include "ir/tensor.h"

/* Picks the reader by the file's ending ("-" is a .graph on standard input), reads the model and its weights, and
   verifies it.  NULL with diagnostics in ctx->diag.  Weights stay mapped as long as ctx lives. */
Module *frontend_load(Ctx *ctx, const char *path);
/* Values that are given for inputs before the model is read: an input whose elements determine a shape, or what else must be known to
   compile it, becomes a constant and is no input any more. */
typedef struct InputValues {
	/* The value of the input of that name, or the position-th; wanted: its element type, as npy_parse takes it.  NULL: none is given, or it
	   cannot be read, which then is a diagnostic.  Called once for each input that is asked for. */
	Tensor *(*value)(void *arg, Ctx *ctx, const char *name, int position, DType wanted);
	void *arg;
} InputValues;
/* The same with these; NULL: none. */
Module *frontend_load_with(Ctx *ctx, const char *path, const InputValues *given);
/* A text in memory, a .graph unless src->name or its first bytes say otherwise; the files that it names are looked for beside
   src->name.  Without `values` weights get none:
   for work on the text alone. */
Module *frontend_parse(Ctx *ctx, Source *src, bool values);

/* frontend/weights.c: the values of m's weights and of what `blob "key"` names, from m->weight_files, relative to
   m->dir.  False with diagnostics. */
typedef struct WeightFiles WeightFiles;
WeightFiles *weight_files_new(Ctx *ctx, const char *dir);
Blob        *weight_files_blob(WeightFiles *files, Module *m, const char *key);   /* NULL when no file has it */
bool         weight_files_load(WeightFiles *files, Module *m);

/* dir/name, or name where it is absolute or dir is ".". */
const char *path_join(Arena *a, const char *dir, const char *name);
const char *path_dir(Arena *a, const char *path);

#endif
