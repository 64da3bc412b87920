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
	if (!normal && how && (!how->text || strcmp(how->text, "UNIFORM") != 0))
		return refuse_op(im, "attribute 'rng_distribution' is neither UNIFORM nor NORMAL");
	if (!a || !b || a->type->rank || b->type->rank)
		return a && b ? refuse_op(im, "operands 0 and 1 are not scalars") : false;
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

/* XLA's counter of a state of two words is (counter, key): our state of three has its upper half last. */
static Value *with_upper_half(Import *im, Value *state)
{
	Dim zero = dim_const(im->ctx->dims, 0), one = dim_const(im->ctx->dims, 1);
	Value *key = import_value(im, OP_slice, 1, &state, &(struct attrs_slice){
		.start = dims_copy(im->arena, 1, &zero), .limit = dims_copy(im->arena, 1, &one) });
	Value *part[2] = { state, key };

	return key ? import_value(im, OP_concatenate, 2, part, &(struct attrs_concatenate){ .dim = 0 }) : NULL;
}

static Value *first_two(Import *im, Value *state)
{
	Dim zero = dim_const(im->ctx->dims, 0), two = dim_const(im->ctx->dims, 2);

	return import_value(im, OP_slice, 1, &state, &(struct attrs_slice){
		.start = dims_copy(im->arena, 1, &zero), .limit = dims_copy(im->arena, 1, &two) });
}

/* The axis whose elements take the words of a block of Threefry two by two in XLA: the first one of an even extent, or else the
   longest. */
static int paired_axis(Dims shape)
{
	int best = -1;

	for (int i = 0; i < shape.n; i++)
		if (shape.at[i]->value % 2 == 0)
			return i;
	for (int i = 0; i < shape.n; i++)
		if (best < 0 || shape.at[i]->value > shape.at[best]->value)
			best = i;
	return best;
}

static Value *reshaped(Import *im, Value *x, int rank, const int64_t *extent)
{
	Dim dim[RANK_MAX];

	for (int i = 0; i < rank; i++)
		dim[i] = dim_const(im->ctx->dims, extent[i]);
	return import_value(im, OP_reshape, 1, &x, &(struct attrs_reshape){ .shape = dims_copy(im->arena, rank, dim) });
}

/* Blocks of two words over (before, pairs, behind), both words along the paired axis, whose odd last element has a block of its
   own. */
static bool paired_words(Import *im, const MlirOp *op, Value *state, const struct attrs_rng_bits *wanted)
{
	int axis = paired_axis(wanted->shape);
	int64_t part[4] = { 1, 1, 1, 2 }, before = 1, behind = 1, extent = wanted->shape.at[axis]->value;
	Dim dim[RANK_MAX], start[RANK_MAX];

	for (int i = 0; i < wanted->shape.n; i++) {
		start[i] = dim_const(im->ctx->dims, 0);
		if (i < axis)
			before *= wanted->shape.at[i]->value;
		else if (i > axis)
			behind *= wanted->shape.at[i]->value;
	}
	part[0] = before, part[1] = (extent + 1) / 2, part[2] = behind;
	for (int i = 0; i < 4; i++)
		dim[i] = dim_const(im->ctx->dims, part[i]);
	Op *draw = build_op(&im->b, OP_rng_bits, ARGS(state), &(struct attrs_rng_bits){
		.algorithm = wanted->algorithm, .dtype = wanted->dtype, .shape = dims_copy(im->arena, 4, dim) });
	if (!draw || !set_result(im, op, 0, draw->result[0]))
		return false;
	Value *x = import_value(im, OP_transpose, 1, &draw->result[1], &(struct attrs_transpose){
		.permutation = ints_of(im->arena, 4, 0, 1, 3, 2) });
	int64_t whole[RANK_MAX];
	for (int i = 0; i < wanted->shape.n; i++)
		whole[i] = i == axis ? 2 * part[1] : wanted->shape.at[i]->value;
	if (!x || !(x = reshaped(im, x, wanted->shape.n, whole)))
		return false;
	if (extent % 2)
		x = import_value(im, OP_slice, 1, &x, &(struct attrs_slice){
			.start = dims_copy(im->arena, wanted->shape.n, start), .limit = wanted->shape });
	return set_result(im, op, 1, x);
}

/* States and the places of words are XLA's. */
bool import_rng_bit_generator(Import *im, const MlirOp *op)
{
	const MlirAttr *how = mlir_attr(op, "rng_algorithm");
	Value *state = import_arg(im, op, 0);
	const char *name = how && how->text ? how->text : "DEFAULT";
	bool threefry = strcmp(name, "THREE_FRY") == 0;
	struct attrs_rng_bits a = { .algorithm = threefry ? "threefry" : "philox" };

	if (!threefry && strcmp(name, "PHILOX") != 0 && strcmp(name, "DEFAULT") != 0)
		return refuse_op(im, "attribute 'rng_algorithm' is none of DEFAULT, THREE_FRY and PHILOX");
	if (!state || op->nresults != 2)
		return state ? refuse_op(im, "%d results declared, wanted two", op->nresults) : false;
	if (!import_dims(im, op->result[1].type, NULL, &a.shape) || !import_dtype(im, op->result[1].type, NULL, &a.dtype))
		return false;
	if (threefry && dtype_size(a.dtype) < 8 && a.shape.n)
		return paired_words(im, op, state, &a);
	bool short_state = !threefry && state->type->rank == 1 && dim_is(state->type->dim[0], 2);
	if (short_state && !(state = with_upper_half(im, state)))
		return false;
	Op *draw = build_op(&im->b, OP_rng_bits, ARGS(state), &a);
	if (!draw)
		return false;
	return set_result(im, op, 0, short_state ? first_two(im, draw->result[0]) : draw->result[0]) && set_result(im, op, 1, draw->result[1]);
}
