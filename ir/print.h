/* ir/print.h - what the files of the printer share; private to ir/print*.c. */
#ifndef IR_PRINT_H
#define IR_PRINT_H

#include "ir/text.h"

typedef struct Printer {
	Str *out;
	const PrintOptions *opt;
	const Names *names;
	int indent;
	Arena *arena;          /* of the next two; until the end of printing */
	Map    keys;           /* blob -> its key */
	StrMap taken;          /* keys, and names of weights: the files that hold both are searched by name */
	int    nkeys;
} Printer;

/* print_attr.c */
void print_attrs(Printer *p, const OpInfo *row, const void *attrs);   /* ` {name = value, ...}`, but the leading one */
void print_blob(Printer *p, const Blob *b);                           /* `[1, 2]`, `splat 0.0`, `blob "key"` */
void print_place(Str *out, const Place *place, int rank);
void print_loc(Str *out, Loc loc);
/* The attribute that stands right behind the op's name: a required first one that is a name or a tensor; or NULL. */
const AttrInfo *attr_printed_first(const OpInfo *row);

#endif
