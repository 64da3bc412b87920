/* ir/base/source.h - where text came from: files in memory and positions in them. */
#ifndef IR_BASE_SOURCE_H
#define IR_BASE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ir/base/arena.h"

typedef struct Source {
	Arena      *arena;  /* owns all below */
	const char *name;   /* as the user wrote it; "<stdin>" for standard input */
	const char *text;   /* NUL-terminated copy or mapping */
	size_t      size;
	uint32_t   *line_start; /* offset of each line, made on first use */
	int         nlines;
	int         last;       /* the line asked for last: readers go forward */
} Source;

/* A location: a range of a text file, or a path inside a binary file, or a
   list of the locations of what was fused.  Lives in an arena, is passed on
   and compared by pointer, NULL = unknown. */
typedef enum LocKind { LOC_RANGE, LOC_NAME, LOC_FUSED } LocKind;
typedef struct LocData {
	LocKind kind;
	const Source *source;        /* LOC_RANGE with text at hand, else NULL */
	const char *file;            /* LOC_RANGE: file name; LOC_NAME: the path inside a binary file */
	uint32_t line, col, end_col; /* LOC_RANGE: 1-based; end_col is one past the range on that line */
	const struct LocData *const *part; /* LOC_FUSED */
	int nparts;
} LocData;
typedef const LocData *Loc;

/* Reads a whole file ("-" = standard input).  NULL with *error set (in the
   arena: "cannot read 'x.graph': no such file or directory") when it cannot
   be read; files above 2 GiB are refused. */
Source *source_read(Arena *a, const char *path, const char **error);
Source *source_from_text(Arena *a, const char *name, const char *text, size_t size);
void    source_position(Source *s, size_t offset, uint32_t *line, uint32_t *col); /* 1-based; columns are bytes */
Loc     loc_range(Arena *a, Source *s, size_t begin, size_t end);
Loc     loc_file(Arena *a, const char *file, uint32_t line, uint32_t col);   /* no text at hand */
Loc     loc_name(Arena *a, const char *path);
Loc     loc_fused(Arena *a, const Loc *part, int n);  /* flattens; equal parts once; one part is itself; none is NULL */

#endif
