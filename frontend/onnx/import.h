/* frontend/onnx/import.h - what the files of the ONNX importer share.

   Every name of a graph has a Known: what it stands for in the IR.  A node that is refused poisons its results, and nodes with
   poisoned operands are passed over, so that each error is reported once and all of them are.

   A function of ops.def makes the node at hand, o->node: it takes operands by arg(), attributes by get_*(), makes our ops by
   emit() and ew(), and gives the results by give().  All of these pass a NULL on, the sign of a refusal that has been told, so
   that a function needs to test only what it looks into. */
#ifndef FRONTEND_ONNX_IMPORT_H
#define FRONTEND_ONNX_IMPORT_H

#include "frontend/onnx/model.h"
#include "frontend/sizes.h"
#include "ir/base/check.h"
#include "ir/build.h"

/* A tensor, a sequence of others, or nothing: an optional without its element. */
typedef enum KnownKind { KNOWN_TENSOR, KNOWN_SEQUENCE, KNOWN_NONE } KnownKind;
typedef struct Known {
	KnownKind kind;
	bool   poisoned;
	Value *value;               /* of a tensor */
	int    nparts;              /* of a sequence */
	struct Known **part;
	DType  dtype;               /* of the elements of an empty sequence */
} Known;

/* What one graph, body or function knows: its names. */
typedef struct Scope {
	struct Scope *outer;        /* the graph around a body; NULL for a graph and a function */
	StrMap known;               /* name -> Known * */
	StrMap initializers;        /* name -> Onnx__TensorProto *, not yet asked for */
	Block *block;               /* where constants go, in front */
	const Onnx__GraphProto *graph;  /* NULL: a function */
	const Onnx__NodeProto *call;  /* of a function: the node that calls it, whose attributes it may take */
	struct Scope *calling;      /* where that node stands */
	const Onnx__FunctionProto *function;
	size_t nopsets;             /* its imports of operator sets */
	Onnx__OperatorSetIdProto *const *opset;
} Scope;

typedef struct Node {
	const Onnx__NodeProto *proto;
	const char *type;           /* op_type, with the domain in front unless that is ONNX's own: "com.microsoft.Gelu" */
	int64_t opset;              /* version of its domain */
	int     number;             /* among the nodes of its graph, from 0 */
	const char *place;          /* FILE: node 41 "layer2/conv1" (Conv, opset 17) */
	Loc     loc;                /* the same */
	int     nargs;              /* operands, without absent ones at the end */
	Known **arg;                /* NULL: absent */
	Known **result;             /* n_output */
	bool    failed;             /* an attribute was refused */
	int     nerrors;            /* told before this node: when there are more, it is given up */
} Node;

typedef struct Onnx {
	Ctx     *ctx;
	Arena   *arena;             /* of the module */
	Module  *m;
	Model   *model;
	Builder  b;                 /* where ops go */
	Scope   *scope;
	Node    *node;              /* at hand; NULL between nodes */
	Sizes   *sizes;
	const InputValues *given;   /* or NULL */
	StrMap   given_values;      /* name of an input -> Tensor *: those that were looked at */
	StrMap   bound;             /* name of an input -> Blob *: those that become constants */
	StrMap   functions;         /* "domain.name" -> Onnx__FunctionProto * */
	int      depth;             /* of bodies and functions */
	int      nsizes;            /* symbols made for sizes that are data */
	int64_t  nnodes;            /* read so far */
	int      nrandom;           /* nodes that draw random numbers */
} Onnx;

typedef bool (*OnnxFn)(Onnx *o);

/* import.c.  Refuses the node at hand; false.  One refusal of a node is enough: what follows from it is not told. */
bool   is_refused(const Onnx *o);
bool   refuse(Onnx *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool   refuse_attr(Onnx *o, const char *attr, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
bool   overflows(Onnx *o);                                     /* refuses sizes that leave 64 bits */

/* Operands.  arg: a tensor that must be there; arg_opt: NULL when it is absent, and then nothing has been told. */
bool   has_arg(const Onnx *o, int i);
Value *arg(Onnx *o, int i);
Value *arg_opt(Onnx *o, int i);
Known *arg_known(Onnx *o, int i);                              /* of any kind; NULL after a refusal when absent */
bool   wants(const Onnx *o, int i);                            /* has result i a name? */
bool   give(Onnx *o, int i, Value *v);                         /* false for NULL */
bool   give_known(Onnx *o, int i, Known *k);
bool   give_all(Onnx *o, Op *op);                              /* result i of the node is result i of op; false for NULL */
Known *known_tensor(Onnx *o, Value *v);
Known *known_sequence(Onnx *o, int n, Known *const *part, DType dtype);
Known *known_none(Onnx *o);

/* Attributes of the node at hand, by their name; a wrong kind is refused once and makes the node fail. */
bool        has_attr(Onnx *o, const char *name);
int64_t     get_int(Onnx *o, const char *name, int64_t fallback);
double      get_float(Onnx *o, const char *name, double fallback);
const char *get_string(Onnx *o, const char *name, const char *fallback);
bool        get_is(Onnx *o, const char *name, const char *fallback, const char *word);   /* is the string that word? */
Ints        get_ints(Onnx *o, const char *name);              /* absent: none, at = NULL */
typedef struct Floats { int n; const double *at; } Floats;
typedef struct Strings { int n; const char *const *at; } Strings;
Floats      get_floats(Onnx *o, const char *name);
Strings     get_strings(Onnx *o, const char *name);
Blob       *get_tensor(Onnx *o, const char *name);            /* NULL: absent or refused */
const Onnx__GraphProto *get_graph(Onnx *o, const char *name); /* likewise */
bool        get_axis(Onnx *o, const char *name, int64_t fallback, int rank, int *out);   /* negative ones count from the end */

/* types.c */
bool   onnx_dtype(Onnx *o, int64_t elem_type, DType *out);     /* a TensorProto.DataType; false after a refusal */
bool   axis_of(Onnx *o, const char *what, int64_t axis, int rank, int *out);
bool   axes_of(Onnx *o, const char *what, Ints axes, int rank, Ints *out);                /* also refuses repetitions */

/* Elements of operands that must be known when the model is compiled: constants, what follows from sizes, and inputs whose
   value was given (--bind).  False after a refusal. */
bool   dims_in(Onnx *o, Value *v, Dims *out);                  /* as expressions of sizes */
bool   ints_in(Onnx *o, Value *v, Ints *out);                  /* as numbers */
bool   floats_in(Onnx *o, Value *v, Floats *out);
bool   int_in(Onnx *o, Value *v, int64_t *out);                /* one element */
Blob  *blob_in(Onnx *o, Value *v);                             /* all of it; NULL after a refusal */
bool   knows(Onnx *o, Value *v);                               /* would dims_in or floats_in succeed? */
/* Attribute `name`, or operand i where that is where it stands since some opset: axes, pads, k, ... absent: n = -1. */
bool   ints_given(Onnx *o, const char *name, int i, Ints *out);
bool   dims_given(Onnx *o, const char *name, int i, Dims *out);

/* Ops.  EMIT(o, transpose, ARGS(x), .permutation = p): a value, or NULL when an operand is NULL or inference refuses it.
   What is left out is 0, and 0 is refused by a CHECK where the default is another: where a model may say 0, use emit with the whole
   struct. */
Value *emit(Onnx *o, OpKind kind, int nargs, Value *const *arg, const void *attrs);   /* attrs NULL: all defaults */
Op    *emit_op(Onnx *o, OpKind kind, int nargs, Value *const *arg, const void *attrs);
Value *emit_given(Onnx *o, OpKind kind, int nargs, Value *const *arg, const void *attrs);
#define EMIT(o, name, args, ...) emit_given((o), OP_##name, args, &(struct attrs_##name){ __VA_ARGS__ })
/* Elementwise, after numpy's broadcasting: EW(o, add, x, y). */
#define EW(o, name, ...) ew((o), OP_##name, ARGS(__VA_ARGS__))
Value *ew(Onnx *o, OpKind kind, int nargs, Value *const *arg);
Value *compare(Onnx *o, CmpDir dir, Value *x, Value *y);
Value *as_type(Onnx *o, Value *v, DType t);                    /* v itself where it has that type */
Value *number(Onnx *o, DType t, double x);                     /* of rank 0 */
Value *number_like(Onnx *o, Value *v, double x);               /* of v's element type, of rank 0: ew repeats it */
Value *integers(Onnx *o, DType t, int n, const int64_t *at);   /* a constant of rank 1 */
Value *splat(Onnx *o, DType t, int rank, const Dim *dim, double x);  /* all elements x */
/* A dimension that is NULL, having left 64 bits, is refused by these. */
Value *size_value(Onnx *o, Dim d);                             /* an i64 of rank 0 */
Value *sizes_value(Onnx *o, Dims d);                           /* an i64 of rank 1 */
Value *reshaped(Onnx *o, Value *v, int rank, const Dim *dim);
Value *transposed(Onnx *o, Value *v, const int64_t *permutation);
Value *broadcast_to(Onnx *o, Value *v, int rank, const Dim *dim);  /* numpy's rule; both ways as ONNX's Expand where bothways */
Value *sliced(Onnx *o, Value *v, int axis, Dim start, Dim limit);  /* v[start:limit] along one axis */
Value *concatenated(Onnx *o, int n, Value *const *v, int axis);
Value *reduced(Onnx *o, OpKind composite, Value *v, Ints axes, bool keepdims);  /* OP_reduce_sum, OP_reduce_max, ... */
Dim    dim_at(const Value *v, int axis);                       /* negative: from the end */
Dim    dim_num(Onnx *o, int64_t n);

/* import.c: the nodes of a graph, body or function, into the block that o->b appends to; false after a refusal. */
bool   import_nodes(Onnx *o, size_t n, Onnx__NodeProto *const *node);
Known *scope_find(Onnx *o, const char *name);                  /* NULL: no such name, and nothing has been told */
void   scope_open(Onnx *o, Scope *s, const Onnx__GraphProto *g);
void   scope_close(Onnx *o);
/* attr.c */
const Onnx__AttributeProto *node_attr(Onnx *o, const Node *n, const char *name);
/* A graph that is an attribute (a branch, the body of a loop), read into the block that o->b appends to: names of the graphs around it are
   visible.  in: one Known an input of the graph; out gets one an output (room for n_output). */
bool   import_body(Onnx *o, const Onnx__GraphProto *g, int nin, Known *const *in, Known **out);

/* ops.c: the table. */
typedef enum Way { WAY_SAME, WAY_FOLD, WAY_FUNC, WAY_REFUSED } Way;
typedef struct Row {
	const char *name;
	int         since;
	Way         way;
	OpKind      kind;
	const char *why;            /* REFUSED */
	OnnxFn      fn;
} Row;
const Row *onnx_row_find(const char *type, int64_t opset);          /* NULL: unknown */
bool row_make(Onnx *o, const Row *row);

#define SAME(...)
#define FOLD(...)
#define REFUSED(...)
#define FUNC(name, since, function, doc) bool onnx_##function(Onnx *o);
#include "frontend/onnx/ops.def"

#endif
