/* frontend/stablehlo/mlir.h - MLIR text as a syntax tree: what is written, before anything is known of any op.

   Pretty and generic forms give the same tree: the generic one, as `mlir-opt --mlir-print-op-generic` would show it, with
   properties <{...}> and attributes {...} in one list.  Names of values, symbols in scope, aliases (#x, !x) and loc(#x)
   are resolved.  All lives in the arena of the Ctx; the constants' bytes too. */
#ifndef FRONTEND_STABLEHLO_MLIR_H
#define FRONTEND_STABLEHLO_MLIR_H

#include "ir/ir.h"

typedef struct MlirType MlirType;
typedef struct MlirAttr MlirAttr;
typedef struct MlirOp MlirOp;
typedef struct MlirValue MlirValue;
typedef struct MlirBlock MlirBlock;

/* Types. */
typedef enum MlirTypeKind {
	MLIR_ELEMENT,     /* i1, ui8, f32, bf16, f8E4M3FN, i4, index, ... : an element type of ours */
	MLIR_COMPLEX,     /* complex<part> */
	MLIR_QUANTIZED,   /* !quant.uniform<...> */
	MLIR_TENSOR,      /* tensor<...x element>, vector<> and memref<> are refused */
	MLIR_TUPLE,
	MLIR_TOKEN,       /* !stablehlo.token, !mhlo.token */
	MLIR_FUNCTION,
	MLIR_OPAQUE,      /* any other !dialect.type or none: its text */
} MlirTypeKind;

#define MLIR_DYNAMIC INT64_MIN    /* an extent written ? */

/* real = (stored - zero) * scale, one pair for each index along axis, or one for all (axis -1). */
typedef struct MlirQuant {
	const MlirType *storage, *expressed;   /* elements */
	int64_t min, max;                      /* of what is stored; that of the storage type unless written */
	int axis, n;
	const double  *scale;
	const int64_t *zero;
} MlirQuant;

struct MlirType {
	MlirTypeKind kind;
	const char  *text;        /* as written in a diagnostic: "tensor<3x?xf32>" */
	const char  *element;     /* MLIR_ELEMENT: its spelling: "ui8", "f8E5M2" */
	const MlirQuant *quant;   /* MLIR_QUANTIZED */
	int rank;                 /* MLIR_TENSOR; -1: tensor<*x...> */
	const int64_t *dim;       /* extents, MLIR_DYNAMIC for ? */
	const int64_t *bound;     /* of #stablehlo.bounds / #stablehlo.type_extensions: MLIR_DYNAMIC where none; or NULL */
	const MlirType *of;       /* MLIR_TENSOR: the element; MLIR_COMPLEX: the part */
	int npart, nresult;       /* MLIR_TUPLE: its parts; MLIR_FUNCTION: arguments, then results */
	const MlirType *const *part;
};

/* Attributes. */
typedef enum MlirAttrKind {
	MLIR_UNIT,
	MLIR_BOOL,                /* i */
	MLIR_INT,                 /* i, type (i64 unless written) */
	MLIR_FLOAT,               /* f, type; i: its bits */
	MLIR_STRING,              /* text, size: unescaped, NUL after it */
	MLIR_SYMBOL,              /* text: without the @; nested references joined by :: */
	MLIR_TYPE,                /* type */
	MLIR_LIST,                /* [...]: part, npart */
	MLIR_INTS,                /* array<i64: ...>, array<i1: ...>: ints, npart, type of an element */
	MLIR_DENSE,               /* dense<...>, dense_resource<...>: type, bytes */
	MLIR_DICT,                /* {...} and #dialect.name<field = value, ...>: named; text: "" or the name after the dialect */
	MLIR_WORD,                /* #stablehlo<comparison_direction LT>, #stablehlo<precision DEFAULT>, a bare word: text is the
	                             last word (LT), what is its kind (comparison_direction), "" when unknown */
	MLIR_OTHER,               /* anything else that is well nested (sharding, ...): text */
} MlirAttrKind;

typedef struct MlirNamed { const char *name; const MlirAttr *value; } MlirNamed;   /* name: interned */
typedef struct MlirAttrs { int n; const MlirNamed *at; } MlirAttrs;

struct MlirAttr {
	MlirAttrKind kind;
	Loc loc;
	const MlirType *type;
	int64_t i;
	double  f;
	const char *text, *what;
	size_t  size;             /* of a string */
	int npart;
	const MlirAttr *const *part;
	const int64_t *ints;
	MlirAttrs named;
	/* MLIR_DENSE: elements in row-major order, little-endian, in our storage (a bool, an i4, an f8: one byte each, i4 sign-
	   extended; complex: real, imaginary).  splat: bytes hold one element for all. */
	const void *bytes;
	bool splat;
};

/* #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]> and dim_numbers = [...]x[...]->[...] are the dict `conv` with the
   fields of #stablehlo.conv's long form: input_batch_dimension, input_feature_dimension, input_spatial_dimensions,
   kernel_input_feature_dimension, kernel_output_feature_dimension, kernel_spatial_dimensions, output_batch_dimension,
   output_feature_dimension, output_spatial_dimensions. */

/* Ops. */
struct MlirValue {
	const MlirType *type;
	const char *name;         /* without % and #n; for names of our values, NULL where it is only a number */
	Loc   loc;
	MlirOp *def;              /* NULL for a block argument */
	int   index;
	MlirAttrs attrs;          /* of a function's argument: {tf.aliasing_output = 0 : i32} */
	void *mark;               /* the importer's */
};

struct MlirOp {
	const char *name;         /* interned, whole: "stablehlo.add", "func.func", "chlo.erf" */
	Loc  loc;                 /* loc(...) when written, else where it stands; src_loc always the latter */
	Loc  src_loc;
	int  nargs, nresults, nregions;
	MlirValue **arg;
	MlirValue  *result;
	MlirBlock **region;       /* one block each; NULL where a region is empty; several blocks are refused */
	MlirAttrs attrs;
	bool unread;              /* a pretty form that the reader does not know: no operands nor attributes, results of an opaque
	                             type; whoever reads the tree refuses it as any op that it does not know */
	MlirOp *next;
};

struct MlirBlock {
	int nargs;
	MlirValue *arg;
	MlirOp *first, *last;
};

/* Functions are ops "func.func" with sym_name, function_type, sym_visibility, arg_attrs (also in the arguments' values),
   res_attrs and one region; `call @f` is func.call with the attribute callee; return, stablehlo.return, func.return and
   mhlo.return keep their names.  The module's own attributes and name. */
typedef struct MlirModule {
	const char *name;         /* or NULL */
	MlirAttrs   attrs;
	MlirOp     *first;        /* functions, in order; nested modules are refused */
} MlirModule;

/* NULL with diagnostics: all errors of the module that can be found at once are. */
MlirModule *mlir_parse(Ctx *ctx, Source *src);

const MlirAttr *mlir_attr(const MlirOp *op, const char *name);            /* or NULL */
const MlirAttr *mlir_field(const MlirAttr *dict, const char *name);       /* or NULL */
/* Lists of integers in any of their forms: array<i64: ...>, [1, 2], dense<...> : tensor<nxi64> (splats spread, up to 2^20).
   False where it is none of them. */
bool mlir_ints(Arena *a, const MlirAttr *attr, int *n, const int64_t **out);
bool mlir_int(const MlirAttr *attr, int64_t *out);                         /* also a dense scalar */
bool mlir_bool(const MlirAttr *attr, bool *out);

/* Bytes of an MLIR_DENSE; 0 for one that was refused. */
size_t mlir_dense_size(const MlirAttr *attr);

/* The generic form, for tests and for people: one op a line, no locations, attributes by name, constants as blobs.  It reads
   back as the same tree. */
void mlir_print(Str *out, const MlirModule *m);

#endif
