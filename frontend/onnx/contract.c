/* frontend/onnx/contract.c - products of matrices, Einsum and Det. */
#include "frontend/onnx/import.h"

bool onnx_matmul(Onnx *o)
{
	Value *x = arg(o, 0), *y = arg(o, 1);

	return give(o, 0, EMIT(o, matmul, ARGS(x, y)));
}

static Ints one_axis(Onnx *o, int axis)
{
	return ints_of(o->arena, 1, axis);
}

/* factor * v.  Integers by a factor that is none go through f64 and are cut to integers again. */
static Value *scaled(Onnx *o, Value *v, double factor)
{
	if (!v || factor == 1)
		return v;
	DType t = v->type->dtype;
	bool through = dtype_is_int(t) && factor != (double)(int64_t)factor;
	Value *x = as_type(o, v, through ? DT_F64 : t), *by = number(o, through ? DT_F64 : t, factor);
	return as_type(o, EW(o, mul, x, by), t);
}

/* alpha * op(A) * op(B) + beta * C. */
bool onnx_gemm(Onnx *o)
{
	bool left = get_int(o, "transA", 0) != 0, right = get_int(o, "transB", 0) != 0;
	double alpha = get_float(o, "alpha", 1), beta = get_float(o, "beta", 1);
	Value *x = arg(o, 0), *y = arg(o, 1), *bias = arg_opt(o, 2);

	if (!x || !y)
		return false;
	if (x->type->rank != 2 || y->type->rank != 2)
		return refuse(o, "A and B have ranks %d and %d, wanted 2", x->type->rank, y->type->rank);
	Value *z = EMIT(o, dot_general, ARGS(x, y), .lhs_contract = one_axis(o, !left), .rhs_contract = one_axis(o, right));
	z = scaled(o, z, alpha);
	if (bias && beta != 0) {
		bias = scaled(o, bias, beta);
		z = EW(o, add, z, bias);
	}
	return give(o, 0, z);
}

bool onnx_einsum(Onnx *o)
{
	const char *equation = get_string(o, "equation", NULL);
	Value **v = ARENA_ARRAY(o->arena, Value *, o->node->nargs + 1);

	if (!equation)
		return refuse(o, "attribute 'equation' is missing");
	for (int i = 0; i < o->node->nargs; i++)
		if (!(v[i] = arg(o, i)))
			return false;
	return give(o, 0, emit(o, OP_einsum, o->node->nargs, v, &(struct attrs_einsum){ .equation = equation }));
}

/* The product of the diagonal of U, negated for each exchange of rows. */
bool onnx_det(Onnx *o)
{
	Value *x = arg(o, 0);

	if (!x)
		return false;
	int rank = x->type->rank;
	if (rank < 2)
		return refuse(o, "X has rank %d, wanted at least 2", rank);
	DType given = x->type->dtype;
	x = as_type(o, x, dtype_compute(given));
	Op *lu = x ? emit_op(o, OP_lu, 1, &x, NULL) : NULL;
	if (!lu)
		return false;
	DType t = x->type->dtype;
	Dims plane = dims_copy(o->arena, 2, x->type->dim + rank - 2);
	Value *row = EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = DT_I32, .shape = plane);
	Value *column = EMIT(o, iota, NO_ARGS, .dim = 1, .dtype = DT_I32, .shape = plane);
	Value *diagonal = compare(o, CMP_EQ, row, column), *one = number(o, t, 1);
	Value *factors = EW(o, select, diagonal, lu->result[0], one);
	Value *size = reduced(o, OP_reduce_prod, factors, ints_of(o->arena, 2, rank - 2, rank - 1), false);

	Value *place = EMIT(o, iota, NO_ARGS, .dim = 0, .dtype = DT_I32, .shape = dims_copy(o->arena, 1, plane.at)), *first = number(o, DT_I32, 1);
	place = EW(o, add, place, first);
	Value *stays = compare(o, CMP_EQ, lu->result[1], place), *minus = number(o, t, -1);
	Value *signs = EW(o, select, stays, one, minus);
	Value *sign = reduced(o, OP_reduce_prod, signs, one_axis(o, rank - 2), false);
	return give(o, 0, as_type(o, EW(o, mul, size, sign), given));
}

/* The axes of an operand of FusedMatMul as its product wants them: batch transposed brings the first axis behind the batch. */
static Value *fused_operand(Onnx *o, Value *v, bool batch, bool swap)
{
	if (!v || v->type->rank < 2 || (!batch && !swap))
		return v;
	int rank = v->type->rank;
	int64_t *p = ARENA_ARRAY(o->arena, int64_t, rank);
	for (int i = 0; i < rank; i++)
		p[i] = i;
	if (batch) {
		for (int i = 0; i < rank - 2; i++)
			p[i] = i + 1;
		p[rank - 2] = 0;
	}
	if (swap) {
		int64_t last = p[rank - 1];
		p[rank - 1] = p[rank - 2];
		p[rank - 2] = last;
	}
	return transposed(o, v, p);
}

bool onnx_fused_matmul(Onnx *o)
{
	Value *x = fused_operand(o, arg(o, 0), get_int(o, "transBatchA", 0) != 0, get_int(o, "transA", 0) != 0);
	Value *y = fused_operand(o, arg(o, 1), get_int(o, "transBatchB", 0) != 0, get_int(o, "transB", 0) != 0);
	Value *z = EMIT(o, matmul, ARGS(x, y));

	return give(o, 0, scaled(o, z, get_float(o, "alpha", 1)));
}
