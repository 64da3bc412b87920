/* ir/attr.h - the kinds of attributes, and one typed struct per op made from ir/ops.def. */
#ifndef IR_ATTR_H
#define IR_ATTR_H

#include "ir/blob.h"
#include "ir/type.h"

typedef struct Ints { int n; const int64_t *at; } Ints;
typedef struct Nums { int n; const double *at; } Nums;
typedef struct Dims { int n; const Dim *at; } Dims;
typedef struct Types { int n; const Type *const *at; } Types;
typedef struct Groups { int n; const Ints *at; } Groups;

typedef enum CmpDir { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE } CmpDir;

/* `same`, `valid`, or `[[low, high], ...]`, one pair an axis. */
typedef enum PadMode { PAD_VALID, PAD_SAME, PAD_EXPLICIT } PadMode;
typedef struct Pads { PadMode mode; int n; const int64_t *low, *high; } Pads;

/* The order of accumulation, fixed by the pass `order`; see docs/graph-format.md, "Numerics".
   CHAIN: fma over k ascending from +0, in chunks of 4096.  LANES: 16 fma lanes from +0 in the tree of a
   reduction.  TREE: lanes, blocks of 256, adjacent pairs.  SERIAL: strictly ascending. */
typedef enum Order { ORDER_NONE, ORDER_CHAIN, ORDER_LANES, ORDER_TREE, ORDER_SERIAL } Order;
#define ORDER_CHUNK 4096   /* CHAIN: terms a chunk */
#define ORDER_BLOCK 256    /* TREE, LANES: elements a block; rows a chunk */
#define ORDER_NLANES 16

#define INTS_NONE  { 0, NULL }
#define NUMS_NONE  { 0, NULL }
#define DIMS_NONE  { 0, NULL }
#define PADS_VALID { PAD_VALID, 0, NULL, NULL }
#define GROUPS_NONE { 0, NULL }

/* C types of the attribute kinds. */
typedef int64_t     attr_int;
typedef double      attr_num;
typedef bool        attr_bool;
typedef Ints        attr_ints;
typedef Nums        attr_nums;
typedef Dim         attr_dim;
typedef Dims        attr_dims;
typedef Types       attr_types;
typedef Dim         attr_dimname;    /* a symbol that the op defines: its value is that of the op's last result, an i64[] */
typedef DType       attr_dtype;
typedef CmpDir      attr_cmp;
typedef const char *attr_sym;     /* without the @; interned */
typedef const char *attr_str;
typedef Blob       *attr_tensor;
typedef Pads        attr_pads;
typedef Order       attr_order;
typedef Groups      attr_groups;

typedef enum AttrKind {
	ATTR_int, ATTR_num, ATTR_bool, ATTR_ints, ATTR_nums, ATTR_dim, ATTR_dims, ATTR_types, ATTR_dimname, ATTR_dtype, ATTR_cmp,
	ATTR_sym, ATTR_str, ATTR_tensor, ATTR_pads, ATTR_order, ATTR_groups, ATTR_KIND_COUNT
} AttrKind;

#define NO_ATTRS
#define ATTR(kind, name)             attr_##kind name;
#define OPT(kind, name, ...)         attr_##kind name;
#define OP(name, operands, traits, attributes, ...) struct attrs_##name { attributes char pad_; };
#include "ir/ops.def"
#undef ATTR
#undef OPT

#endif
