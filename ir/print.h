/* ir/print.h - what the files of the printer share; private to ir/print*.c and ir/program_print.c. */
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

/* print.c */
Printer printer_new(const PrintOptions *opt, Str *out);               /* opt NULL: all defaults; its arena is the caller's to free */
void print_files(const Module *m, const BlobFile *blobs, Str *out);   /* the `weights "file"` lines, and a blank one after them */
void print_early_dim(Printer *p, const Func *f, Dim d);                /* with the bounds of sizes that f defines */
void print_signature(Printer *p, const Func *f, bool places);         /* `@f(%x: f32[N]) -> (f32[N]) where (...)` */

/* print_attr.c */
void print_attrs(Printer *p, const OpInfo *row, const void *attrs);   /* ` {name = value, ...}`, but the leading one */
void print_blob(Printer *p, const Blob *b);                           /* `[1, 2]`, `splat 0.0`, `blob "key"` */
void print_place(Str *out, const Place *place, int rank);             /* `ws(64, strides [8, 1])`, of a value of this rank */
void print_at(Str *out, const Place *place, int rank);                /* ` at ` and the place; nothing where it is NULL */
void print_loc(Str *out, Loc loc);
/* The attribute that stands right behind the op's name: a required first one that is a name or a tensor; or NULL. */
const AttrInfo *attr_printed_first(const OpInfo *row);

#endif
