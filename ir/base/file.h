/* ir/base/file.h - files as bytes: mapped for reading, and written so that a failure leaves the old file. */
#ifndef IR_BASE_FILE_H
#define IR_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "ir/base/arena.h"

/* The system's words for an error number, in our lower case. */
const char *system_reason(Arena *a, int err);

/* Maps a regular file read-only for as long as the arena lives.  False with *error set (in the arena). */
bool file_map(Arena *a, const char *path, const void **bytes, size_t *size, const char **error);

/* A file being written under a temporary name beside its own, which it gets by outfile_commit; what is no regular file
   (a pipe, /dev/null) is written directly.  The first failure is kept: later writes do nothing and commit tells it. */
typedef struct OutFile OutFile;
OutFile *outfile_open(Arena *a, const char *path, const char **error);   /* NULL with *error set */
bool     outfile_write(OutFile *f, const void *bytes, size_t n);         /* buffered */
size_t   outfile_size(const OutFile *f);                                 /* bytes written so far */
bool     outfile_commit(OutFile *f, const char **error);                 /* closes; false: the old file, if any, is still there */
void     outfile_drop(OutFile *f);                                       /* closes without a trace */

#endif
