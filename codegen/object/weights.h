/* codegen/object/weights.h - the weights file beside a model: a header of 64 bytes (runtime/abi.h), then the constants. */
#ifndef CODEGEN_OBJECT_WEIGHTS_H
#define CODEGEN_OBJECT_WEIGHTS_H

#include "ir/program.h"

/* Hands out all constant bytes in order, gaps as zeros, without holding them. False as soon as emit says so. */
bool unit_stream_constants(const Unit *u, bool (*emit)(void *arg, const void *bytes, size_t n), void *arg);
/* Writes the file; *id is its identity (a hash, never 0).  False with diagnostics. */
bool weights_write(const Unit *u, const char *path, uint64_t *id);

#endif
