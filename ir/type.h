/* ir/type.h - tensor types, interned: equal types are equal pointers. */
#ifndef IR_TYPE_H
#define IR_TYPE_H

#include "ir/dim.h"
#include "ir/dtype.h"

#define RANK_MAX 16
/* A complex tensor has one axis more where its parts are told apart. */
static inline int dtype_rank_max(DType t) { return RANK_MAX - dtype_is_complex(t); }

typedef struct Type {
	DType dtype;
	int   rank;
	Dim   dim[];
} Type;

typedef struct TypeTable TypeTable;           /* owned by Ctx */
TypeTable *type_table_new(Arena *a, DimTable *dims);

/* NULL when the rank is over dtype_rank_max. */
const Type *type_get(TypeTable *t, DType dtype, int rank, const Dim *dim);
const Type *type_of_ints(TypeTable *t, DType dtype, int rank, const int64_t *dim);
const Type *type_scalar(TypeTable *t, DType dtype);
const Type *type_with_dtype(TypeTable *t, const Type *shape, DType dtype);

bool type_is_static(const Type *t);
bool type_is_empty(const Type *t);            /* some extent is the number 0: there is no element, however large the others are */
/* Number of elements / bytes: an expression; NULL on overflow of int64. */
Dim  type_count(TypeTable *t, const Type *type);
Dim  type_bytes(TypeTable *t, const Type *type);
/* Static types only (CHECKed): the number of elements. */
int64_t type_count_static(const Type *type);
void type_print(Str *out, const Type *t);     /* f32[N, 8] */

#endif
