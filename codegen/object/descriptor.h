/* codegen/object/descriptor.h - the model descriptor of runtime/abi.h as neutral constant data, for every printer. */
#ifndef CODEGEN_OBJECT_DESCRIPTOR_H
#define CODEGEN_OBJECT_DESCRIPTOR_H

#include "codegen/codegen.h"
#include "ir/program.h"

/* C names.  The prefix is the option's, else made from the output's stem: every character that an identifier cannot
   have becomes '_', and a reserved word gets one more. */
const char *model_prefix(Arena *a, const CodegenOptions *opt, const char *path);
/* A word of C or C++, or one that generated headers use. */
bool c_reserved(const char *name);
/* PREFIX where the unit has one graph, else PREFIX_graph; `suffix` "" or "_model" and the like. */
const char *graph_cname(Arena *a, const Unit *u, const char *prefix, const Program *p);

/* Are the names of the C functions that custom_calls name free, or does the compiled model use one itself?  False with diagnostics. */
bool customs_are_free(const Unit *u, const char *prefix);

/* One field of a constant struct, or one element of a constant array. */
typedef enum DataKind {
	DATA_I32, DATA_I64,   /* value */
	DATA_NULL,            /* a null pointer */
	DATA_TEXT,            /* pointer to the characters of text, with a final 0 */
	DATA_OBJECT,          /* pointer to object number `value` of the descriptor */
	DATA_FUNCTION,        /* pointer to a function of graph number `value`: text is "shape", "workspace" or "call" */
	DATA_WEIGHTS,         /* pointer to the embedded weights */
	DATA_SIZEOF,          /* 32 bits: the size of this object's own struct on the target */
} DataKind;
typedef struct DataField { DataKind kind; const char *name; int64_t value; const char *text; } DataField;

/* A constant array of `n` structs, one after the other in field; of plain int64_t where type is NULL, of pointers to text
   where it is "text". */
typedef struct DataObject {
	const char *symbol;    /* C name, unique in the descriptor */
	const char *type;      /* "tfrt_graph": the struct of runtime/abi.h; NULL: int64_t */
	int         n;
	int         nfields;   /* of each; 1 for int64_t */
	DataField  *field;     /* n * nfields */
} DataObject;

/* Objects stand before those that point to them; the last is the exported model. */
typedef struct Descriptor { VEC(DataObject) object; } Descriptor;

/* What only the printer knows. */
typedef struct DescriptorVariant { const char *name; uint64_t features; } DescriptorVariant;
typedef struct DescriptorInfo {
	const char              *prefix;
	int                      arch;           /* TFRT_ARCH_... */
	int                      nvariants;
	const DescriptorVariant *variant;
	const char              *weights_file;   /* NULL: embedded */
	uint64_t                 weights_id;     /* of the file; 0: embedded */
	bool                     profile;        /* name the kernels */
} DescriptorInfo;
Descriptor *descriptor_new(Arena *a, const Unit *u, const DescriptorInfo *info);

/* TFRT_F32 for DT_F32, and so on. */
int tfrt_code(DType t);

#endif
