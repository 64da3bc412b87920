/* frontend/stablehlo/random.c - random numbers. */
#include "frontend/stablehlo/import.h"

static Value *two(Import *im, OpKind kind, Value *x, Value *y)
{
	Value *arg[2] = { x, y };

	if (!y->type->rank && x->type->rank)
		arg[1] = build_broadcast(&im->b, y, x->type, (Ints)INTS_NONE);
	return import_value(im, kind, 2, arg, NULL);
}

/* UNIFORM: a <= x < b; NORMAL: mean a, standard deviation b.  The generator has no state in the text: each op has a stream of
   Philox of its own, whose key is the op's number, and gives the same numbers at every call. */
bool import_rng(Import *im, const MlirOp *op)
{
	const MlirAttr *how = mlir_attr(op, "rng_distribution");
	Value *a = import_arg(im, op, 0), *b = import_arg(im, op, 1);
	bool normal = how && how->text && strcmp(how->text, "NORMAL") == 0;
	uint64_t state[2] = { (uint64_t)im->nrng++, 0 };
	int64_t two_words = 2;
	Dims shape;

	if (!import_counts(im, op, 3, 1))
		return false;
	if (!a || !b || a->type->rank || b->type->rank)
		return a && b ? refuse(im, "operands 0 and 1 are not scalars") : false;
	if (known(op->arg[2])->sizes.n ? !sizes_of_arg(im, op, 2, &shape) : !import_dims(im, op->result[0].type, NULL, &shape))
		return false;
	Value *from = build_constant(&im->b, blob_dense(im->arena, DT_U64, 1, &two_words, arena_copy(im->arena, state, sizeof state)));
	DType t = a->type->dtype;
	Op *draw;
	if (!dtype_is_float(t)) {
		draw = build_op(&im->b, OP_rng_bits, ARGS(from), &(struct attrs_rng_bits){ .algorithm = "philox",
			.dtype = dtype_size(t) == 8 ? DT_U64 : DT_U32, .shape = shape });
		if (!draw)
			return false;
		/* The remainder of the word by the number of values, from a on. */
		DType u = draw->result[1]->type->dtype;
		Value *span = BUILD(&im->b, convert, ARGS(two(im, t == DT_BOOL ? OP_xor : OP_sub, b, a)), .dtype = u);
		Value *x = two(im, OP_rem, draw->result[1], span);
		x = BUILD(&im->b, convert, ARGS(x), .dtype = t);
		return set_result(im, op, 0, two(im, t == DT_BOOL ? OP_xor : OP_add, x, a));
	}
	if (normal)
		draw = build_op(&im->b, OP_random_normal, ARGS(from), &(struct attrs_random_normal){ .algorithm = "philox", .stddev = 1,
			.dtype = t, .shape = shape });
	else
		draw = build_op(&im->b, OP_random_uniform, ARGS(from), &(struct attrs_random_uniform){ .algorithm = "philox", .high = 1,
			.dtype = t, .shape = shape });
	if (!draw)
		return false;
	Value *scale = normal ? b : two(im, OP_sub, b, a);
	return set_result(im, op, 0, two(im, OP_add, two(im, OP_mul, draw->result[1], scale), a));
}

bool import_rng_bit_generator(Import *im, const MlirOp *op)
{
	const MlirAttr *how = mlir_attr(op, "rng_algorithm");
	Value *state = import_arg(im, op, 0);
	const char *name = how && how->text ? how->text : "DEFAULT";
	struct attrs_rng_bits a = { .algorithm = strcmp(name, "THREE_FRY") == 0 ? "threefry" : "philox" };

	if (!state || op->nresults != 2)
		return state ? refuse(im, "%d results declared, wanted two", op->nresults) : false;
	if (!import_dims(im, op->result[1].type, NULL, &a.shape) || !import_dtype(im, op->result[1].type, NULL, &a.dtype))
		return false;
	return set_results(im, op, build_op(&im->b, OP_rng_bits, ARGS(state), &a));
}
