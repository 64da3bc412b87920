/* codegen/object/merge.h - several relocatable ELF files made one, as a linker's -r does. */
#ifndef CODEGEN_OBJECT_MERGE_H
#define CODEGEN_OBJECT_MERGE_H

#include <stddef.h>

#include "ir/base/arena.h"

typedef struct ObjectBytes { const char *at; size_t n; } ObjectBytes;

/* One 64-bit little-endian relocatable file from n of the same machine, on the arena.  Hidden symbols tie the parts
   together: each must be defined by exactly one of them and is local in the result.  Other global symbols stay global. */
ObjectBytes elf_merge(Arena *a, const ObjectBytes *part, int n);

#endif
