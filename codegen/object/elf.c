/* codegen/object/elf.c - one section of an object file moved to its end, where it may be as long as it likes.

   Sections of a relocatable file may lie in any order, so nothing else moves: the file as LLVM wrote it (without its
   table of section headers, which comes last), the constants, then the table with the section's new place and size. */
#include "codegen/object/elf.h"

#include <elf.h>

#include "codegen/object/weights.h"
#include "ir/base/check.h"

#ifndef SHF_X86_64_LARGE
#define SHF_X86_64_LARGE 0x10000000
#endif

typedef struct Elf {
	Arena       *arena;
	char        *bytes;
	size_t       size;
	Elf64_Ehdr   head;
	Elf64_Shdr  *section;
	int          nsections;
} Elf;

static void read_elf(Elf *e, const void *bytes, size_t size)
{
	CHECK(size >= sizeof e->head && memcmp(bytes, ELFMAG, SELFMAG) == 0, "LLVM's object is no ELF file");
	e->bytes = arena_copy(e->arena, bytes, size);
	e->size = size;
	memcpy(&e->head, bytes, sizeof e->head);
	CHECK(e->head.e_ident[EI_CLASS] == ELFCLASS64 && e->head.e_ident[EI_DATA] == ELFDATA2LSB &&
	      e->head.e_shentsize == sizeof(Elf64_Shdr), "LLVM's object is of an unexpected kind");
	size_t table = (size_t)e->head.e_shnum * sizeof(Elf64_Shdr);
	CHECK(e->head.e_shnum > 0 && e->head.e_shoff + table == size, "LLVM's section headers are not at the end");
	e->nsections = e->head.e_shnum;
	e->section = arena_copy(e->arena, e->bytes + e->head.e_shoff, table);
}

static int find_section(const Elf *e, const char *name)
{
	const Elf64_Shdr *names = &e->section[e->head.e_shstrndx];

	for (int i = 0; i < e->nsections; i++)
		if (strcmp(e->bytes + names->sh_offset + e->section[i].sh_name, name) == 0)
			return i;
	UNREACHABLE("LLVM's object has no section %s", name);
}

/* The symbol of the placeholder gets the size of what takes its place. */
static void resize_symbol(Elf *e, int section, uint64_t size)
{
	for (int i = 0; i < e->nsections; i++) {
		if (e->section[i].sh_type != SHT_SYMTAB)
			continue;
		for (size_t at = 0; at + sizeof(Elf64_Sym) <= e->section[i].sh_size; at += sizeof(Elf64_Sym)) {
			char *where = e->bytes + e->section[i].sh_offset + at;
			Elf64_Sym s;
			memcpy(&s, where, sizeof s);
			if (s.st_shndx == section && ELF64_ST_TYPE(s.st_info) == STT_OBJECT) {
				s.st_size = size;
				memcpy(where, &s, sizeof s);
			}
		}
	}
}

static void pad(OutFile *f, size_t align)
{
	static const char zeros[64];
	size_t over = outfile_size(f) % align;

	if (over)
		outfile_write(f, zeros, align - over);
}

static bool write_piece(void *arg, const void *bytes, size_t n)
{
	return outfile_write(arg, bytes, n);
}

void elf_write(const Unit *u, const void *bytes, size_t size, const char *section, OutFile *f)
{
	Elf e = { .arena = arena_new() };

	read_elf(&e, bytes, size);
	int at = find_section(&e, section);
	size_t body = e.head.e_shoff, data = (body + 63) & ~(size_t)63, end = data + (size_t)u->const_bytes;
	resize_symbol(&e, at, (uint64_t)u->const_bytes);
	e.section[at].sh_offset = data;
	e.section[at].sh_size = (uint64_t)u->const_bytes;
	if (e.head.e_machine == EM_X86_64 && strncmp(section, ".lrodata", 8) == 0)
		e.section[at].sh_flags |= SHF_X86_64_LARGE;
	e.head.e_shoff = (end + 63) & ~(size_t)63;
	memcpy(e.bytes, &e.head, sizeof e.head);
	outfile_write(f, e.bytes, body);
	pad(f, 64);
	if (unit_stream_constants(u, write_piece, f))
		CHECK(outfile_size(f) == end, "%zu bytes of constants were written, not %zu", outfile_size(f) - data, end - data);
	pad(f, 64);
	outfile_write(f, e.section, (size_t)e.nsections * sizeof(Elf64_Shdr));
	arena_free(e.arena);
}
