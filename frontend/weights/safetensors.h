/* frontend/weights/safetensors.h - tensors by name in one file: a JSON header, then the bytes.
   Format: https://github.com/huggingface/safetensors, "Format". */
#ifndef FRONTEND_WEIGHTS_SAFETENSORS_H
#define FRONTEND_WEIGHTS_SAFETENSORS_H

#include "ir/base/diag.h"
#include "ir/base/map.h"
#include "ir/blob.h"

typedef struct SafetensorsEntry {
	const char *name;
	const char *dtype;         /* as the file spells it; need not be one that we know */
	bool        known;         /* dtype and rank are ours: blob is set */
	Blob       *blob;          /* a view of the file's bytes */
	uint64_t    begin, end;    /* in the bytes behind the header */
} SafetensorsEntry;

typedef struct Safetensors {
	const char *path;
	StrMap      entries;       /* name -> SafetensorsEntry *, in order of offsets */
} Safetensors;

/* NULL after a diagnostic that names path.  The tensors point into bytes, which must live as long as they do; all else
   is in the arena.  Anything wrong anywhere in the header is an error. */
Safetensors *safetensors_parse(Diag *d, Arena *a, const char *path, const void *bytes, size_t size);
/* The same on a mapped file, which stays mapped as long as the arena lives. */
Safetensors *safetensors_open(Diag *d, Arena *a, const char *path);
const SafetensorsEntry *safetensors_find(const Safetensors *st, const char *name);   /* NULL when absent */

/* Writes a file with these tensors; false after a diagnostic, and the old file is still there. */
bool safetensors_write(Diag *d, const char *path, int n, const char *const *name, const Blob *const *blob);

#endif
