/* codegen/object/merge.c - relocatable files made one.

   Sections that agree in name, type, flags and entry size are laid one after the other, each piece at its alignment.  A
   symbol moves with its piece; a relocation moves with its piece, and where it means a place by section and distance
   the distance grows by the place of the piece.  Code and tables need no other change: whatever refers across a section
   does so by relocation, in debug sections too.  What LLVM does not write here (groups of sections, common symbols,
   sections that belong to others) is refused. */
#include "codegen/object/merge.h"

#include <elf.h>

#include "ir/base/check.h"
#include "ir/base/map.h"
#include "ir/base/vec.h"

/* A section of the result. */
typedef struct Section {
	const char *name;
	Elf64_Shdr  head;
	int         index;     /* in the table of section headers */
	uint32_t    symbol;    /* the one that stands for its start */
	VEC(Elf64_Rela) rela;
} Section;

/* Where a section of an input lies in the result; none for the symbol table and its like. */
typedef struct Piece { Section *in; uint64_t at; } Piece;

typedef struct Input {
	const char *bytes;
	Elf64_Ehdr  head;
	Elf64_Shdr *section;
	Piece      *piece;     /* by section */
	Elf64_Sym  *symbol;
	const char *names;     /* of symbols */
	int         nsymbols;
	uint32_t   *to;        /* by symbol: its number in the result */
} Input;

typedef struct Merge {
	Arena   *arena;
	Input   *input;
	int      n;
	VEC(Section *) section;
	VEC(Elf64_Sym) symbol;
	uint32_t nlocal;
	StrMap   hidden, global;   /* name -> number of the symbol */
	VEC(char) names;
	StrMap   name_at;          /* name -> its offset in names, + 1 */
} Merge;

static void *number_value(uint64_t n)
{
	return (void *)(uintptr_t)(n + 1);
}

static uint64_t value_number(const void *p)
{
	return (uint64_t)(uintptr_t)p - 1;
}

static uint64_t round_up(uint64_t x, uint64_t align)
{
	return align > 1 ? (x + align - 1) / align * align : x;
}

static uint32_t add_name(Merge *m, const char *name)
{
	void *known = strmap_get(&m->name_at, name);

	if (!*name)
		return 0;
	if (known)
		return (uint32_t)value_number(known);
	uint32_t at = (uint32_t)m->names.n;
	for (const char *c = name;; c++) {
		vec_push(m->arena, &m->names, *c);
		if (!*c)
			break;
	}
	strmap_set(&m->name_at, name, number_value(at));
	return at;
}

/* Reading. */

static void read_symbols(Merge *m, Input *in, const Elf64_Shdr *s)
{
	in->nsymbols = (int)(s->sh_size / sizeof(Elf64_Sym));
	in->symbol = arena_copy(m->arena, in->bytes + s->sh_offset, s->sh_size);
	in->names = in->bytes + in->section[s->sh_link].sh_offset;
	in->to = ARENA_ARRAY(m->arena, uint32_t, in->nsymbols + 1);
}

static Section *section_for(Merge *m, const char *name, const Elf64_Shdr *s)
{
	for (int i = 0; i < m->section.n; i++) {
		const Elf64_Shdr *h = &m->section.at[i]->head;
		if (strcmp(m->section.at[i]->name, name) == 0 && h->sh_type == s->sh_type && h->sh_flags == s->sh_flags &&
		    h->sh_entsize == s->sh_entsize)
			return m->section.at[i];
	}
	Section *out = ARENA_NEW(m->arena, Section);
	out->name = name;
	out->head = (Elf64_Shdr){ .sh_type = s->sh_type, .sh_flags = s->sh_flags, .sh_entsize = s->sh_entsize, .sh_addralign = 1 };
	vec_push(m->arena, &m->section, out);
	return out;
}

static void read_section(Merge *m, Input *in, int i, const char *name)
{
	const Elf64_Shdr *s = &in->section[i];

	switch (s->sh_type) {
	case SHT_NULL: case SHT_STRTAB: case SHT_RELA: return;
	case SHT_SYMTAB: read_symbols(m, in, s); return;
	case SHT_PROGBITS: case SHT_X86_64_UNWIND: {
		CHECK(!(s->sh_flags & (SHF_GROUP | SHF_LINK_ORDER)), "section %s belongs to another", name);
		Section *out = section_for(m, name, s);
		uint64_t at = round_up(out->head.sh_size, s->sh_addralign);
		in->piece[i] = (Piece){ out, at };
		out->head.sh_size = at + s->sh_size;
		if (s->sh_addralign > out->head.sh_addralign)
			out->head.sh_addralign = s->sh_addralign;
		return;
	}
	default: UNREACHABLE("section %s is of type %u", name, s->sh_type);
	}
}

static void read_input(Merge *m, Input *in, ObjectBytes b)
{
	in->bytes = b.at;
	CHECK(b.n >= sizeof in->head && memcmp(b.at, ELFMAG, SELFMAG) == 0, "a part of an object is no ELF file");
	memcpy(&in->head, b.at, sizeof in->head);
	CHECK(in->head.e_ident[EI_CLASS] == ELFCLASS64 && in->head.e_ident[EI_DATA] == ELFDATA2LSB &&
	      in->head.e_type == ET_REL && in->head.e_shentsize == sizeof(Elf64_Shdr), "a part of an object is of an unexpected kind");
	CHECK(in->head.e_machine == m->input->head.e_machine && in->head.e_flags == m->input->head.e_flags,
	      "the parts of an object are for different machines");
	CHECK(in->head.e_shnum > 0 && in->head.e_shnum < SHN_LORESERVE, "a part of an object has %u sections", in->head.e_shnum);
	in->section = arena_copy(m->arena, b.at + in->head.e_shoff, in->head.e_shnum * sizeof(Elf64_Shdr));
	in->piece = ARENA_ARRAY(m->arena, Piece, in->head.e_shnum);
	const char *names = b.at + in->section[in->head.e_shstrndx].sh_offset;
	for (int i = 0; i < in->head.e_shnum; i++)
		read_section(m, in, i, names + in->section[i].sh_name);
	CHECK(in->symbol, "a part of an object has no symbols");
}

/* Symbols: local ones of all parts, then what stays global. */

static bool is_local(const Elf64_Sym *s)
{
	return ELF64_ST_BIND(s->st_info) == STB_LOCAL;
}

static bool is_hidden(const Elf64_Sym *s)
{
	return !is_local(s) && ELF64_ST_VISIBILITY(s->st_other) == STV_HIDDEN;
}

static Elf64_Sym moved(Merge *m, const Input *in, Elf64_Sym s)
{
	s.st_name = add_name(m, in->names + s.st_name);
	if (s.st_shndx < SHN_LORESERVE && s.st_shndx != SHN_UNDEF) {
		const Piece *p = &in->piece[s.st_shndx];
		CHECK(p->in, "a symbol lies in a section that is not kept");
		s.st_shndx = (Elf64_Half)p->in->index;
		s.st_value += p->at;
	}
	CHECK(s.st_shndx < SHN_LORESERVE || s.st_shndx == SHN_ABS, "a symbol is common");
	return s;
}

static uint32_t add_symbol(Merge *m, Elf64_Sym s)
{
	vec_push(m->arena, &m->symbol, s);
	return (uint32_t)m->symbol.n - 1;
}

static void add_section_symbols(Merge *m)
{
	for (int i = 0; i < m->section.n; i++) {
		Section *s = m->section.at[i];
		s->symbol = add_symbol(m, (Elf64_Sym){ .st_info = ELF64_ST_INFO(STB_LOCAL, STT_SECTION), .st_shndx = (Elf64_Half)s->index });
	}
}

/* The parts have one file name between them. */
static void add_locals(Merge *m, Input *in)
{
	for (int i = 1; i < in->nsymbols; i++) {
		Elf64_Sym s = in->symbol[i];
		int type = ELF64_ST_TYPE(s.st_info);
		if (is_local(&s) && type == STT_SECTION) {
			in->to[i] = in->piece[s.st_shndx].in->symbol;
		} else if (is_local(&s) && (type != STT_FILE || in == m->input)) {
			in->to[i] = add_symbol(m, moved(m, in, s));
		} else if (is_hidden(&s) && s.st_shndx != SHN_UNDEF) {
			const char *name = in->names + s.st_name;
			CHECK(!strmap_get(&m->hidden, name), "two parts of an object define %s", name);
			s.st_info = ELF64_ST_INFO(STB_LOCAL, type);
			s.st_other &= (unsigned char)~3;
			in->to[i] = add_symbol(m, moved(m, in, s));
			strmap_set(&m->hidden, name, number_value(in->to[i]));
		}
	}
}

static void add_globals(Merge *m, Input *in)
{
	for (int i = 1; i < in->nsymbols; i++) {
		Elf64_Sym s = in->symbol[i];
		const char *name = in->names + s.st_name;
		void *known = strmap_get(is_hidden(&s) ? &m->hidden : &m->global, name);
		if (is_local(&s) || in->to[i])
			continue;
		CHECK(known || !is_hidden(&s), "no part of an object defines %s", name);
		if (!known) {
			in->to[i] = add_symbol(m, moved(m, in, s));
			strmap_set(&m->global, name, number_value(in->to[i]));
			continue;
		}
		in->to[i] = (uint32_t)value_number(known);
		if (s.st_shndx != SHN_UNDEF) {
			CHECK(m->symbol.at[in->to[i]].st_shndx == SHN_UNDEF, "two parts of an object define %s", name);
			m->symbol.at[in->to[i]] = moved(m, in, s);
		}
	}
}

static void merge_symbols(Merge *m)
{
	add_symbol(m, (Elf64_Sym){ 0 });
	add_section_symbols(m);
	for (int i = 0; i < m->n; i++)
		add_locals(m, &m->input[i]);
	m->nlocal = (uint32_t)m->symbol.n;
	for (int i = 0; i < m->n; i++)
		add_globals(m, &m->input[i]);
}

static void merge_relocations(Merge *m, const Input *in, const Elf64_Shdr *s)
{
	Piece at = in->piece[s->sh_info];

	CHECK(at.in && s->sh_entsize == sizeof(Elf64_Rela), "relocations of a section that is not kept");
	for (uint64_t i = 0; i < s->sh_size; i += sizeof(Elf64_Rela)) {
		Elf64_Rela r;
		memcpy(&r, in->bytes + s->sh_offset + i, sizeof r);
		uint32_t symbol = ELF64_R_SYM(r.r_info);
		const Elf64_Sym *old = &in->symbol[symbol];
		if (ELF64_ST_TYPE(old->st_info) == STT_SECTION)
			r.r_addend += (Elf64_Sxword)in->piece[old->st_shndx].at;
		r.r_offset += at.at;
		r.r_info = ELF64_R_INFO((uint64_t)in->to[symbol], ELF64_R_TYPE(r.r_info));
		vec_push(m->arena, &at.in->rela, r);
	}
}

/* The result: the kept sections, their relocations, the symbols, the names, the table of sections. */

typedef struct Layout {
	Elf64_Shdr *head;     /* all section headers */
	const void **from;    /* contents; NULL: the pieces of a kept section, or nothing */
	int         n;
	uint64_t    end;
} Layout;

static void place(Layout *l, Elf64_Shdr h, const void *from)
{
	h.sh_offset = round_up(l->end, h.sh_addralign);
	l->end = h.sh_offset + h.sh_size;
	l->head[l->n] = h;
	l->from[l->n++] = from;
}

static Layout lay_out(Merge *m)
{
	int n = m->section.n, most = 2 * n + 3;
	Layout l = { ARENA_ARRAY(m->arena, Elf64_Shdr, most), ARENA_ARRAY(m->arena, const void *, most), 1, sizeof(Elf64_Ehdr) };
	uint32_t *rela_name = ARENA_ARRAY(m->arena, uint32_t, n + 1), symtab_name = add_name(m, ".symtab"), strtab_name = add_name(m, ".strtab");
	int nrela = 0;

	for (int i = 0; i < n; i++) {
		m->section.at[i]->head.sh_name = add_name(m, m->section.at[i]->name);
		rela_name[i] = add_name(m, arena_printf(m->arena, ".rela%s", m->section.at[i]->name));
		nrela += m->section.at[i]->rela.n > 0;
	}
	uint32_t symtab = (uint32_t)(1 + n + nrela);
	for (int i = 0; i < n; i++)
		place(&l, m->section.at[i]->head, NULL);
	for (int i = 0; i < n; i++) {
		const Section *s = m->section.at[i];
		if (s->rela.n)
			place(&l, (Elf64_Shdr){ .sh_name = rela_name[i], .sh_type = SHT_RELA, .sh_flags = SHF_INFO_LINK, .sh_link = symtab,
			                        .sh_info = (Elf64_Word)s->index, .sh_addralign = 8, .sh_entsize = sizeof(Elf64_Rela),
			                        .sh_size = (uint64_t)s->rela.n * sizeof(Elf64_Rela) }, s->rela.at);
	}
	place(&l, (Elf64_Shdr){ .sh_name = symtab_name, .sh_type = SHT_SYMTAB, .sh_link = symtab + 1, .sh_info = m->nlocal,
	                        .sh_addralign = 8, .sh_entsize = sizeof(Elf64_Sym), .sh_size = (uint64_t)m->symbol.n * sizeof(Elf64_Sym) },
	      m->symbol.at);
	place(&l, (Elf64_Shdr){ .sh_name = strtab_name, .sh_type = SHT_STRTAB, .sh_addralign = 1, .sh_size = (uint64_t)m->names.n }, m->names.at);
	return l;
}

static void copy_pieces(const Merge *m, const Layout *l, char *out)
{
	for (int i = 0; i < m->n; i++) {
		const Input *in = &m->input[i];
		for (int k = 0; k < in->head.e_shnum; k++)
			if (in->piece[k].in)
				memcpy(out + l->head[in->piece[k].in->index].sh_offset + in->piece[k].at, in->bytes + in->section[k].sh_offset,
				       in->section[k].sh_size);
	}
}

static ObjectBytes write_object(Merge *m)
{
	Layout l = lay_out(m);
	Elf64_Ehdr head = m->input->head;
	size_t table = (size_t)l.n * sizeof(Elf64_Shdr);

	head.e_shoff = round_up(l.end, 8);
	head.e_shnum = (Elf64_Half)l.n;
	head.e_shstrndx = (Elf64_Half)(l.n - 1);
	char *out = arena_alloc(m->arena, head.e_shoff + table);
	memcpy(out, &head, sizeof head);
	copy_pieces(m, &l, out);
	for (int i = 0; i < l.n; i++)
		if (l.from[i])
			memcpy(out + l.head[i].sh_offset, l.from[i], l.head[i].sh_size);
	memcpy(out + head.e_shoff, l.head, table);
	return (ObjectBytes){ out, head.e_shoff + table };
}

ObjectBytes elf_merge(Arena *a, const ObjectBytes *part, int n)
{
	Merge m = { .arena = a, .input = ARENA_ARRAY(a, Input, n), .n = n };

	strmap_init(&m.hidden, a);
	strmap_init(&m.global, a);
	strmap_init(&m.name_at, a);
	vec_push(a, &m.names, '\0');
	for (int i = 0; i < n; i++)
		read_input(&m, &m.input[i], part[i]);
	for (int i = 0; i < m.section.n; i++)
		m.section.at[i]->index = i + 1;
	merge_symbols(&m);
	for (int i = 0; i < n; i++)
		for (int k = 0; k < m.input[i].head.e_shnum; k++)
			if (m.input[i].section[k].sh_type == SHT_RELA)
				merge_relocations(&m, &m.input[i], &m.input[i].section[k]);
	return write_object(&m);
}
