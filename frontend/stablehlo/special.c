/* frontend/stablehlo/special.c - ops that are a few of ours, constants, and custom calls. */
#include <stdlib.h>

#include "frontend/stablehlo/import.h"

bool import_constant(Import *im, const MlirOp *op)
{
	const MlirAttr *value = mlir_attr(op, "value");
	Blob *blob = value ? import_blob(im, value) : NULL;

	if (!value)
		return refuse_op(im, "attribute 'value' is missing");
	return blob && set_result(im, op, 0, build_constant(&im->b, blob));
}

bool import_constant_like(Import *im, const MlirOp *op)
{
	const MlirAttr *value = mlir_attr(op, "value");
	Value *like = import_arg(im, op, 0);
	Blob *blob = value ? import_blob(im, value) : NULL;

	if (!blob || !like)
		return value ? false : refuse_op(im, "attribute 'value' is missing");
	return set_result(im, op, 0, build_broadcast(&im->b, build_constant(&im->b, blob), like->type, (Ints)INTS_NONE));
}

Value *complex_order(Import *im, CmpDir dir, Value *const *z)
{
	CmpDir strict = dir == CMP_LE ? CMP_LT : dir == CMP_GE ? CMP_GT : dir;
	Value *re[2], *part[2], *tie[2], *both[2];

	for (int i = 0; i < 2; i++) {
		re[i] = import_value(im, OP_real, 1, &z[i], NULL);
		part[i] = import_value(im, OP_imag, 1, &z[i], NULL);
	}
	tie[0] = import_value(im, OP_compare, 2, re, &(struct attrs_compare){ .dir = CMP_EQ });
	tie[1] = import_value(im, OP_compare, 2, part, &(struct attrs_compare){ .dir = dir });
	both[0] = import_value(im, OP_compare, 2, re, &(struct attrs_compare){ .dir = strict });
	both[1] = import_value(im, OP_and, 2, tie, NULL);
	return import_value(im, OP_or, 2, both, NULL);
}

bool import_compare(Import *im, const MlirOp *op)
{
	static const char *const names[] = { "EQ", "NE", "LT", "LE", "GT", "GE" };
	const MlirAttr *direction = mlir_attr(op, "comparison_direction"), *how = mlir_attr(op, "compare_type");
	Value **arg;
	int dir = 0;

	if (op->nargs != 2)
		return refuse_op(im, "%d operand%s found, wanted two", op->nargs, op->nargs == 1 ? "" : "s");
	if (!import_ew_args(im, op, &arg))
		return false;
	while (dir < 6 && (!direction || !direction->text || strcmp(direction->text, names[dir]) != 0))
		dir++;
	if (dir == 6)
		return refuse_op(im, "attribute 'comparison_direction' is none of EQ, NE, LT, LE, GT and GE");
	if (dir > CMP_NE && dtype_is_complex(arg[0]->type->dtype) && arg[1]->type == arg[0]->type)
		return set_result(im, op, 0, complex_order(im, (CmpDir)dir, arg));
	bool total = how && how->text && strcmp(how->text, "TOTALORDER") == 0 && dtype_is_float(arg[0]->type->dtype);
	return set_result(im, op, 0, import_value(im, OP_compare, 2, arg, &(struct attrs_compare){ .dir = (CmpDir)dir, .total = total }));
}

/* Is it infinite, of this sign (0: either)? */
static bool infinite(Import *im, const MlirOp *op, int sign)
{
	Value *x = import_arg(im, op, 0);

	if (x && !sign)
		x = import_value(im, OP_abs, 1, &x, NULL);
	if (!x)
		return false;
	Value *arg[2] = { x, build_splat(&im->b, x->type, sign < 0 ? -__builtin_inf() : __builtin_inf()) };
	return set_result(im, op, 0, import_value(im, OP_compare, 2, arg, &(struct attrs_compare){ .dir = CMP_EQ }));
}

bool import_is_inf(Import *im, const MlirOp *op) { return infinite(im, op, 0); }
bool import_is_pos_inf(Import *im, const MlirOp *op) { return infinite(im, op, 1); }
bool import_is_neg_inf(Import *im, const MlirOp *op) { return infinite(im, op, -1); }

/* (x - y)(x + y) + 2xyi, which overflows only where the result does, and is 0 between equals that are finite. */
static Value *complex_square(Import *im, Value *z)
{
	Value *x = import_value(im, OP_real, 1, &z, NULL), *y = import_value(im, OP_imag, 1, &z, NULL), *both[2] = { x, y };
	Value *factor[2] = { import_value(im, OP_sub, 2, both, NULL), import_value(im, OP_add, 2, both, NULL) };
	Value *size[2] = { import_value(im, OP_abs, 1, &x, NULL), import_value(im, OP_abs, 1, &y, NULL) };
	Value *equal[2] = { import_value(im, OP_compare, 2, size, &(struct attrs_compare){ .dir = CMP_EQ }), NULL };
	Value *xy = import_value(im, OP_mul, 2, both, NULL), *twice[2] = { xy, xy }, *choice[3], *part[2];

	equal[1] = import_value(im, OP_is_finite, 1, &x, NULL);
	choice[0] = import_value(im, OP_and, 2, equal, NULL);
	choice[1] = build_splat(&im->b, x->type, 0);
	choice[2] = import_value(im, OP_mul, 2, factor, NULL);
	part[0] = import_value(im, OP_select, 3, choice, NULL);
	part[1] = import_value(im, OP_add, 2, twice, NULL);
	return import_value(im, OP_complex, 2, part, NULL);
}

bool import_square(Import *im, const MlirOp *op)
{
	Value *x = import_arg(im, op, 0), *arg[2] = { x, x };

	if (x && dtype_is_complex(x->type->dtype))
		return set_result(im, op, 0, complex_square(im, x));
	return x && set_result(im, op, 0, import_value(im, x->type->dtype == DT_BOOL ? OP_and : OP_mul, 2, arg, NULL));
}

bool import_conj(Import *im, const MlirOp *op)
{
	Value *x = import_arg(im, op, 0), *part[2];

	if (!x || !dtype_is_complex(x->type->dtype))
		return x && set_result(im, op, 0, x);
	part[0] = import_value(im, OP_real, 1, &x, NULL);
	part[1] = import_value(im, OP_imag, 1, &x, NULL);
	part[1] = import_value(im, OP_neg, 1, &part[1], NULL);
	return set_result(im, op, 0, import_value(im, OP_complex, 2, part, NULL));
}

static Value *shifted(Import *im, Value *x, int bits, bool arithmetic)
{
	Value *arg[2] = { x, build_splat(&im->b, x->type, bits) };

	return build_value(&im->b, arithmetic ? OP_shr_a : OP_shr_l, 2, arg, NULL);
}

static Value *of_two(Import *im, OpKind kind, Value *x, Value *y)
{
	return build_value(&im->b, kind, 2, (Value *[]){ x, y }, NULL);
}

/* The upper half of the product of two u64, by their halves: no sum here leaves 64 bits. */
static Value *upper_half(Import *im, Value *a, Value *b)
{
	Value *mask = build_splat(&im->b, a->type, 4294967295.0);
	Value *ah = shifted(im, a, 32, false), *al = of_two(im, OP_and, a, mask);
	Value *bh = shifted(im, b, 32, false), *bl = of_two(im, OP_and, b, mask);
	Value *u = of_two(im, OP_add, of_two(im, OP_mul, ah, bl), shifted(im, of_two(im, OP_mul, al, bl), 32, false));
	Value *v = of_two(im, OP_add, of_two(im, OP_mul, al, bh), of_two(im, OP_and, u, mask));
	Value *high = of_two(im, OP_add, of_two(im, OP_mul, ah, bh), shifted(im, u, 32, false));

	return of_two(im, OP_add, high, shifted(im, v, 32, false));
}

/* What leaves the type when two integers are multiplied.  A negative i64 is 2^64 less than the u64 of its bits, so that the
   upper half is the other factor less. */
bool import_mulhi(Import *im, const MlirOp *op)
{
	Value **arg;

	if (!import_counts(im, op, 2, 1) || !import_ew_args(im, op, &arg))
		return false;
	DType t = arg[0]->type->dtype;
	if (t == DT_BOOL || !(DTS_LOGIC & DTS(t)) || arg[0]->type != arg[1]->type)
		return refuse_op(im, "operands are %s and %s, wanted integers of one type", op->arg[0]->type->text, op->arg[1]->type->text);
	int bits = (int)strtol(dtype_info[t].name + 1, NULL, 10);
	DType wide = bits == 64 ? DT_U64 : dtype_is_signed(t) ? DT_I64 : DT_U64;
	Value *a = BUILD(&im->b, convert, ARGS(arg[0]), .dtype = wide), *b = BUILD(&im->b, convert, ARGS(arg[1]), .dtype = wide), *r;
	if (bits < 64) {
		r = shifted(im, of_two(im, OP_mul, a, b), bits, dtype_is_signed(t));
	} else {
		r = upper_half(im, a, b);
		for (int i = 0; i < 2 && dtype_is_signed(t); i++) {
			Value *all = BUILD(&im->b, convert, ARGS(shifted(im, arg[i], 63, true)), .dtype = wide);
			r = of_two(im, OP_sub, r, of_two(im, OP_and, all, i ? a : b));
		}
	}
	return set_result(im, op, 0, BUILD(&im->b, convert, ARGS(r), .dtype = t));
}

/* Along the last axis. */
static bool largest(Import *im, const MlirOp *op, Dim k)
{
	Value *x = import_arg(im, op, 0);
	bool largest = true;

	if (!x || (mlir_attr(op, "largest") && !mlir_bool(mlir_attr(op, "largest"), &largest)))
		return false;
	return set_results(im, op, build_op(&im->b, OP_top_k, ARGS(x), &(struct attrs_top_k){ .k = k, .axis = -1, .largest = largest }));
}

bool import_top_k(Import *im, const MlirOp *op)
{
	int64_t k;

	return import_int(im, op, "k", &k) && largest(im, op, dim_const(im->ctx->dims, k));
}

bool import_dynamic_top_k(Import *im, const MlirOp *op)
{
	Dims k;

	return sizes_of_arg(im, op, 1, &k) && largest(im, op, k.at[0]);
}

bool import_sort(Import *im, const MlirOp *op)
{
	Value **arg = ARENA_ARRAY(im->arena, Value *, op->nargs + 1);
	struct attrs_sort a = { .dim = -1, .stable = true };

	for (int i = 0; i < op->nargs; i++)
		if (!(arg[i] = import_arg(im, op, i)))
			return false;
	if (mlir_attr(op, "dimension") && !import_int(im, op, "dimension", &a.dim))
		return false;
	if (a.dim < 0 && op->nargs)
		a.dim += arg[0]->type->rank;
	Op *ours = build_begin(&im->b, OP_sort, op->nargs, arg, &a);
	return import_region_of(im, op, 0, ours, 0) && set_results(im, op, build_finish(&im->b, ours));
}

/* The operand repeated along new axes in front. */
bool import_broadcast(Import *im, const MlirOp *op)
{
	Value *x = import_arg(im, op, 0);
	Ints sizes;
	Dim dim[RANK_MAX];

	if (!x || !import_ints(im, op, "broadcast_sizes", &sizes))
		return false;
	int rank = sizes.n + x->type->rank;
	if (rank > RANK_MAX)
		return refuse_op(im, "the result has rank %d; at most %d is supported", rank, RANK_MAX);
	int64_t *dims = ARENA_ARRAY(im->arena, int64_t, rank + 1);
	for (int i = 0; i < sizes.n; i++)
		dim[i] = dim_const(im->ctx->dims, sizes.at[i]);
	for (int i = 0; i < x->type->rank; i++) {
		dim[sizes.n + i] = x->type->dim[i];
		dims[i] = sizes.n + i;
	}
	return set_result(im, op, 0, import_value(im, OP_broadcast_in_dim, 1, &x, &(struct attrs_broadcast_in_dim){
		.shape = dims_copy(im->arena, rank, dim), .dims = { x->type->rank, dims } }));
}

/* Slices along `dim`, one for each index; the first batch_dims axes of both operands go together. */
bool import_torch_index_select(Import *im, const MlirOp *op)
{
	Value *arg[2] = { import_arg(im, op, 0), import_arg(im, op, 1) };
	int64_t dim, batch;

	if (!arg[0] || !arg[1] || !import_int(im, op, "dim", &dim) || !import_int(im, op, "batch_dims", &batch))
		return false;
	int rank = arg[0]->type->rank, index_rank = arg[1]->type->rank, n = 0;
	if (batch < 0 || batch > index_rank || dim < batch || dim >= rank)
		return refuse_op(im, "attributes 'dim' and 'batch_dims' are %lld and %lld, wanted 0 <= batch_dims <= dim < %d", (long long)dim,
		              (long long)batch, rank);
	int64_t *leading = ARENA_ARRAY(im->arena, int64_t, rank + 1), *offset = ARENA_ARRAY(im->arena, int64_t, rank + 1);
	Dim *size = ARENA_ARRAY(im->arena, Dim, rank);
	for (int k = 0; k < rank; k++) {
		leading[k] = k;
		size[k] = k < batch || k == dim ? dim_const(im->ctx->dims, 1) : arg[0]->type->dim[k];
		if (k >= batch && k != dim)
			offset[n++] = k < dim ? k : k - 1 + (index_rank - batch);
	}
	Ints both = { (int)batch, leading };
	int64_t *at = arena_copy(im->arena, &dim, sizeof dim);
	return set_result(im, op, 0, import_value(im, OP_gather, 2, arg, &(struct attrs_gather){
		.offset_dims = { n, offset }, .collapsed_slice_dims = { 1, at }, .operand_batching_dims = both,
		.start_indices_batching_dims = both, .start_index_map = { 1, at }, .index_vector_dim = index_rank,
		.slice_sizes = { rank, size } }));
}

/* tensor<?xf32> to tensor<4xf32>: what set_result records is all there is to it. */
bool import_cast(Import *im, const MlirOp *op)
{
	return import_pass(im, op);
}

/* The attributes of an op that stands as a custom_call: {mhlo.attributes = {k = 2 : i64}}. */
static MlirOp unwrapped(Import *im, const MlirOp *op)
{
	const MlirAttr *inner = mlir_attr(op, "mhlo.attributes");
	MlirOp copy = *op;

	if (inner && inner->kind == MLIR_DICT && inner->named.n) {
		MlirNamed *at = ARENA_ARRAY(im->arena, MlirNamed, inner->named.n + op->attrs.n);
		memcpy(at, inner->named.at, sizeof *at * (size_t)inner->named.n);
		memcpy(at + inner->named.n, op->attrs.at, sizeof *at * (size_t)op->attrs.n);
		copy.attrs = (MlirAttrs){ inner->named.n + op->attrs.n, at };
	}
	return copy;
}

bool import_custom_call(Import *im, const MlirOp *op)
{
	const MlirAttr *name = mlir_attr(op, "call_target_name");
	const char *target = name && name->text ? name->text : "";
	const Row *row = row_find_custom(target);

	if (row)
		return import_row(im, op, row);
	if (strchr(target, '.'))
		row = row_find(target, &im->broadcasts);
	if (!row || row->fn == import_custom_call)
		return refuse_op(im, "target '%s' is not supported", target);
	MlirOp inner = unwrapped(im, op);
	return import_row(im, &inner, row);
}

bool import_triangular_solve(Import *im, const MlirOp *op)
{
	static const struct { const char *theirs, *ours; } ops[] = {
		{ "NO_TRANSPOSE", "no_transpose" }, { "TRANSPOSE", "transpose" }, { "ADJOINT", "adjoint" },
	};
	const MlirAttr *transpose = mlir_attr(op, "transpose_a");
	Value *arg[2] = { import_arg(im, op, 0), import_arg(im, op, 1) };
	struct attrs_triangular_solve *a = attrs_mapped(im, op, OP_triangular_solve, "left_side lower unit_diagonal");

	if (!arg[0] || !arg[1] || !a)
		return false;
	bool known = !transpose;
	for (size_t i = 0; !known && transpose->text && i < sizeof ops / sizeof *ops; i++)
		if (strcmp(transpose->text, ops[i].theirs) == 0) {
			a->transpose_a = ops[i].ours;
			known = true;
		}
	if (!known)
		return refuse_op(im, "attribute 'transpose_a' is none of NO_TRANSPOSE, TRANSPOSE and ADJOINT");
	return set_result(im, op, 0, import_value(im, OP_triangular_solve, 2, arg, a));
}

bool import_fft(Import *im, const MlirOp *op)
{
	static const struct { const char *theirs, *ours; } types[] = {
		{ "FFT", "fft" }, { "IFFT", "ifft" }, { "RFFT", "rfft" }, { "IRFFT", "irfft" },
	};
	const MlirAttr *type = mlir_attr(op, "fft_type");
	struct attrs_fft a = { 0 };
	Value *x = import_arg(im, op, 0);

	if (!x || !import_ints(im, op, "fft_length", &a.length))
		return false;
	for (size_t i = 0; type && type->text && i < sizeof types / sizeof *types; i++)
		if (strcmp(type->text, types[i].theirs) == 0)
			a.type = types[i].ours;
	if (!a.type)
		return refuse_op(im, "attribute 'fft_type' is none of FFT, IFFT, RFFT and IRFFT");
	return set_result(im, op, 0, import_value(im, OP_fft, 1, &x, &a));
}
