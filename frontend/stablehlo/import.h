/* frontend/stablehlo/import.h - what the files of the StableHLO importer share.

   Every value of the text has a Known: what it stands for in the IR.  An op that is refused poisons its results, and ops on
   poisoned operands are passed over, so that each error is reported once and all of them are. */
#ifndef FRONTEND_STABLEHLO_IMPORT_H
#define FRONTEND_STABLEHLO_IMPORT_H

#include "frontend/stablehlo/mlir.h"
#include "frontend/stablehlo/stablehlo.h"
#include "ir/base/check.h"
#include "ir/build.h"

/* A value, a tuple of parts, or neither: a token. */
typedef struct Known {
	bool   poisoned;
	Value *value;
	int    nparts;
	struct Known **part;
	/* A few integers (truth values: 0, 1) whose elements follow from sizes: one expression an element, NULL where it is not known.  at is NULL where nothing is. */
	Dims   sizes;
} Known;

/* A function of the module. */
typedef struct Callee {
	const MlirOp *op;
	const char   *name;
	bool   is_public;
	bool   is_region;     /* a custom_call takes it as the body of a reduction: no graph */
	bool   open;          /* its body is being read: a call of it would recurse */
	bool   open_shapes;   /* somewhere in it is a dimension that is known only where it is called, a token or a tuple */
	int    state;         /* of measuring: 0 not yet, 1 at it, 2 done */
	int    ncalls;        /* places in the text that call it */
	int64_t nops;         /* calls in it copied in */
	Func  *func;          /* once it is a graph */
	bool   refused;
} Callee;

typedef struct Import {
	Ctx     *ctx;
	Arena   *arena;       /* of the module */
	Module  *m;
	const MlirModule *text;
	StrMap   callees;     /* name -> Callee * */
	Builder  b;           /* where ops go */
	const MlirOp *op;     /* the op at hand */
	bool     broadcasts;  /* the op at hand is chlo.broadcast_... */
	bool     in_scalars;  /* in a region that is computed element by element: calls are copied in */
	bool     in_map;      /* in the region of a map: values have the operands' shape, not the one written */
	int      depth;       /* of regions and copied calls */
	int      nrng;        /* ops that draw from a generator of their own */
	int      nsizes;      /* symbols made for sizes that are data */
	int64_t  ncopied;     /* ops copied in */
} Import;

enum {
	IMPORT_DEPTH_MAX = 200,
	CALL_COPY_MAX = 20000,       /* ops that all copies of a function may have together */
	SIZES_MAX = 64,              /* elements whose sizes are followed */
};

typedef bool (*ImportFn)(Import *im, const MlirOp *op);

/* ops.c: the table. */
typedef enum Way { WAY_SAME, WAY_ATTRS, WAY_FUNC, WAY_REFUSED } Way;
typedef struct Row {
	const char *name;
	Way         way;
	OpKind      kind, on_bool;   /* SAME, ATTRS */
	const char *attrs;           /* ATTRS; REFUSED: why */
	ImportFn    fn;              /* FUNC */
} Row;
const Row *row_find(const char *name, bool *broadcasts);   /* NULL: unknown */
const Row *row_find_custom(const char *target);
bool row_moves(const Row *row);                            /* of quantized elements, what is stored */

/* import.c */
bool import_op(Import *im, const MlirOp *op);
bool import_row(Import *im, const MlirOp *op, const Row *row);
/* Ops up to the block's terminator, which is given back; NULL when there is none. */
const MlirOp *import_ops(Import *im, const MlirBlock *b);
/* Refuses the op at hand; false. */
bool refuse_op(Import *im, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool refuse_at(Import *im, Loc loc, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
Known *known(const MlirValue *v);
Known *known_new(Import *im);
bool   import_counts(Import *im, const MlirOp *op, int nargs, int nresults);   /* at least so many; false after a refusal */
Value *import_arg(Import *im, const MlirOp *op, int i);            /* NULL after a refusal when it is no tensor */
/* All operands, of one shape: scalars among them are repeated, and numpy's rule is followed where the op broadcasts. */
bool   import_ew_args(Import *im, const MlirOp *op, Value ***out);
bool   set_result(Import *im, const MlirOp *op, int i, Value *v); /* false: NULL, or the type is not the one written */
/* All results, or the parts of the tuple that is the only one. */
bool   set_values(Import *im, const MlirOp *op, int n, Value *const *v);
bool   set_results(Import *im, const MlirOp *op, Op *ours);       /* ours may be NULL: it was refused */
void   set_known(MlirValue *v, Known *k);
void   poison_results(Import *im, const MlirOp *op);
Value *import_value(Import *im, OpKind kind, int nargs, Value *const *arg, const void *attrs); /* NULL: refused */

/* special.c: z[0] dir z[1] by the real parts, and where these are equal by the imaginary ones; both are of one type. */
Value *complex_order(Import *im, CmpDir dir, Value *const *z);

/* types.c */
bool   import_dtype(Import *im, const MlirType *t, Loc loc, DType *out);  /* of an element, or of a tensor's elements */
bool   import_dims(Import *im, const MlirType *t, Loc loc, Dims *out);    /* no extent may be ? */
const Type *import_type(Import *im, const MlirType *t, Loc loc);          /* likewise */
Blob  *import_blob(Import *im, const MlirAttr *attr);
bool   type_is_open(const MlirType *t);                                    /* a ? is in it, or it is no tensor */
const MlirAttr *attr_find(const MlirOp *op, const char *path);
bool   import_ints(Import *im, const MlirOp *op, const char *path, Ints *out);     /* absent: none */
bool   import_int(Import *im, const MlirOp *op, const char *path, int64_t *out);   /* it must be there */
bool   import_pads(Import *im, const MlirOp *op, const char *path, Pads *out);     /* absent: none */
bool   import_groups(Import *im, const MlirOp *op, const char *path, Groups *out); /* absent: none */
/* The op's attributes after a mapping as in ops.def; NULL after a refusal. */
void  *attrs_mapped(Import *im, const MlirOp *op, OpKind kind, const char *map);

/* structure.c: values that may be tuples and tokens, as lists of values; regions. */
typedef VEC(Value *) Values;
bool   known_collect(Import *im, const Known *k, Values *out);
Known *known_spread(Import *im, const MlirType *t, Value *const **next);      /* takes values from *next on */
bool   callee_import(Import *im, Callee *c);                                   /* stablehlo.c: as a graph, once */
bool   import_call_of(Import *im, const MlirOp *op, const char *callee);
bool   callee_region(Import *im, const MlirOp *op, const char *name, Op *to);  /* a function as the region of a reduction */
bool   import_region_of(Import *im, const MlirOp *op, int r, Op *to, int to_r);

/* quant.c */
bool quant_check(Import *im, const MlirType *t, Loc loc);                      /* does an element type that is quantized mean something here? */
bool is_quantized(const MlirOp *op);
bool quant_moves(const MlirOp *op);                                            /* do all its quantized types store numbers alike? */
bool quant_compute(Import *im, const MlirOp *op, const Row *row);              /* on what the elements stand for */

/* sizes.c */
void   sizes_follow(Import *im, const MlirOp *op, const Row *row);
/* The elements of operand i, which must follow from sizes; false after a refusal. */
bool   sizes_of_arg(Import *im, const MlirOp *op, int i, Dims *out);
bool   ints_of_arg(Import *im, const MlirOp *op, int i, Ints *out);           /* they must be numbers */
Known *sizes_known(Import *im, Dim d);

#define SAME(...)
#define ATTRS(...)
#define REFUSED(...)
#define MOVES(...)
#define FUNC(name, function, doc) bool import_##function(Import *im, const MlirOp *op);
#define CUSTOM(target, function, doc) bool import_##function(Import *im, const MlirOp *op);
#include "frontend/stablehlo/ops.def"

#endif
