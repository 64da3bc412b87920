/* codegen/object/elf.h - puts the constants of a unit into an object file that has a small section in their place. */
#ifndef CODEGEN_OBJECT_ELF_H
#define CODEGEN_OBJECT_ELF_H

#include "ir/base/file.h"
#include "ir/program.h"

/* Writes the 64-bit little-endian ELF object `bytes` to f with the contents of the section of this name replaced by the
   unit's constants, which are streamed: they are never held.  The first failure of writing stays with f. */
void elf_write(const Unit *u, const void *bytes, size_t size, const char *section, OutFile *f);

#endif
