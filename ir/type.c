/* ir/type.c - interned tensor types. */
#include "ir/type.h"

#include "ir/base/check.h"
#include "ir/base/num.h"

struct TypeTable {
	Interner  types;  /* of the structs' bytes: dimensions are interned, so bytes decide */
	DimTable *dims;
};

TypeTable *type_table_new(Arena *a, DimTable *dims)
{
	TypeTable *t = ARENA_NEW(a, TypeTable);

	interner_init(&t->types, a);
	t->dims = dims;
	return t;
}

const Type *type_get(TypeTable *t, DType dtype, int rank, const Dim *dim)
{
	union {
		Type type;
		char bytes[sizeof(Type) + RANK_MAX * sizeof(Dim)];
	} key;

	if (rank > dtype_rank_max(dtype))
		return NULL;
	memset(&key, 0, sizeof key);
	key.type.dtype = dtype;
	key.type.rank = rank;
	for (int i = 0; i < rank; i++) {
		CHECK(dim[i], "type with a NULL dimension");
		key.type.dim[i] = dim[i];
	}
	return intern_bytes(&t->types, &key, sizeof(Type) + sizeof(Dim) * (size_t)rank);
}

const Type *type_of_ints(TypeTable *t, DType dtype, int rank, const int64_t *dim)
{
	Dim d[RANK_MAX];

	if (rank > dtype_rank_max(dtype))
		return NULL;
	for (int i = 0; i < rank; i++)
		d[i] = dim_const(t->dims, dim[i]);
	return type_get(t, dtype, rank, d);
}

const Type *type_scalar(TypeTable *t, DType dtype)
{
	return type_get(t, dtype, 0, NULL);
}

const Type *type_with_dtype(TypeTable *t, const Type *shape, DType dtype)
{
	return type_get(t, dtype, shape->rank, shape->dim);
}

bool type_is_empty(const Type *t)
{
	for (int i = 0; i < t->rank; i++)
		if (dim_is(t->dim[i], 0))
			return true;
	return false;
}

bool type_is_static(const Type *t)
{
	for (int i = 0; i < t->rank; i++)
		if (!dim_is_const(t->dim[i]))
			return false;
	return true;
}

/* A dimension of 0 makes the product 0, however large the others are. */
Dim type_count(TypeTable *t, const Type *type)
{
	Dim n = dim_const(t->dims, 1);

	for (int i = 0; i < type->rank; i++)
		if (dim_is(type->dim[i], 0))
			return type->dim[i];
	for (int i = 0; i < type->rank; i++)
		n = dim_mul(t->dims, n, type->dim[i]);
	return n;
}

Dim type_bytes(TypeTable *t, const Type *type)
{
	return dim_mul(t->dims, type_count(t, type), dim_const(t->dims, dtype_size(type->dtype)));
}

int64_t type_count_static(const Type *type)
{
	int64_t n = 1;
	bool empty = false;

	CHECK(type_is_static(type), "number of elements of a type with symbolic dimensions");
	for (int i = 0; i < type->rank; i++)
		empty = empty || dim_is(type->dim[i], 0);
	for (int i = 0; i < type->rank && !empty; i++)
		CHECK(i64_mul(n, type->dim[i]->value, &n), "number of elements overflows");
	return empty ? 0 : n;
}

void type_print(Str *out, const Type *t)
{
	str_add(out, dtype_info[t->dtype].name);
	str_addc(out, '[');
	for (int i = 0; i < t->rank; i++) {
		if (i)
			str_add(out, ", ");
		if (t->dim[i]->kind == DIM_SYM)
			dim_print_bounded(out, t->dim[i]);
		else
			dim_print(out, t->dim[i]);
	}
	str_addc(out, ']');
}
