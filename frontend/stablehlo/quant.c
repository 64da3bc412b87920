/* frontend/stablehlo/quant.c - quantized elements: !quant.uniform<i8:f32, 0.1:5> is an i8 that stands for a number.

   Values of the IR hold what is stored.  An op that only moves elements (MOVES in ops.def) moves that; every other op is
   what the specification calls dequantize_op_quantize: operands become the numbers that they stand for, of the expressed
   type, and a result is quantized as its type says.  The op between is read from the same row as ever, from a copy whose
   types are the expressed ones. */
#include <math.h>

#include "frontend/stablehlo/import.h"

static const MlirQuant *quant_of(const MlirType *t)
{
	if (t->kind == MLIR_TENSOR)
		t = t->of;
	return t->kind == MLIR_QUANTIZED ? t->quant : NULL;
}

/* StableHLO specification, "Quantized element types", (C1) to (C13).  Storage as wide as the expressed type is taken too:
   exporters write biases as i32 for f32. */
bool quant_check(Import *im, const MlirType *t, Loc loc)
{
	const MlirQuant *q = quant_of(t);
	DType expressed;

	if (q->expressed->kind != MLIR_ELEMENT || !import_dtype(im, q->expressed, loc, &expressed) || !dtype_is_float(expressed))
		return refuse_at(im, loc, "%s stands for numbers of the type %s, wanted floats", t->text, q->expressed->text);
	if (q->axis >= 0 && t->kind == MLIR_TENSOR) {
		if (q->axis >= t->rank)
			return refuse_at(im, loc, "%s: the axis of the scales is %d, but the rank is %d", t->text, q->axis, t->rank);
		if (t->dim[q->axis] != q->n)
			return refuse_at(im, loc, "%s: there are %d scales, wanted one for each index of axis %d", t->text, q->n, q->axis);
	}
	for (int i = 0; i < q->n; i++) {
		double scale = dtype_to_f64(expressed, dtype_from_f64(expressed, q->scale[i]));
		if (!(scale > 0) || isinf(scale))
			return refuse_at(im, loc, "%s: scale %g, wanted more than 0 and finite in %s", t->text, q->scale[i], q->expressed->text);
		if (q->zero[i] < q->min || q->zero[i] > q->max)
			return refuse_at(im, loc, "%s: zero point %lld, wanted %lld to %lld", t->text, (long long)q->zero[i],
			                 (long long)q->min, (long long)q->max);
	}
	return true;
}

bool is_quantized(const MlirOp *op)
{
	for (int i = 0; i < op->nargs; i++)
		if (quant_of(op->arg[i]->type))
			return true;
	for (int i = 0; i < op->nresults; i++)
		if (quant_of(op->result[i].type))
			return true;
	return false;
}

/* Does the same stored integer stand for the same number?  One scale may be repeated along an axis; which axis that is, an
   op that moves elements changes. */
static bool same_quant(const MlirQuant *a, const MlirQuant *b)
{
	if (!a || !b || a->storage != b->storage || a->expressed != b->expressed || a->min != b->min || a->max != b->max)
		return a == b;
	if (a->n != b->n && a->n != 1 && b->n != 1)
		return false;
	for (int i = 0; i < a->n || i < b->n; i++) {
		int k = a->n == 1 ? 0 : i, l = b->n == 1 ? 0 : i;
		if (a->scale[k] != b->scale[l] || a->zero[k] != b->zero[l])
			return false;
	}
	return true;
}

bool quant_moves(const MlirOp *op)
{
	const MlirType *first = NULL;
	int n = op->nargs + op->nresults;

	for (int i = 0; i < n; i++) {
		const MlirType *t = i < op->nargs ? op->arg[i]->type : op->result[i - op->nargs].type;
		if (!quant_of(t))
			continue;
		if (first && !same_quant(quant_of(first), quant_of(t)))
			return false;
		first = first ? first : t;
	}
	return true;
}

/* The scales or zero points as a constant: a scalar, or a vector along the axis. */
static Value *numbers_of(Import *im, const MlirQuant *q, DType t, bool zeros)
{
	size_t size = dtype_size(t);
	char *at = arena_alloc(im->arena, size * (size_t)q->n + 1);
	int64_t n = q->n;

	for (int i = 0; i < q->n; i++) {
		uint64_t bits = zeros ? (uint64_t)q->zero[i] : dtype_from_f64(t, q->scale[i]);
		memcpy(at + size * (size_t)i, &bits, size);
	}
	return build_constant(&im->b, blob_dense(im->arena, t, q->axis < 0 ? 0 : 1, &n, at));
}

static bool all_zero(const MlirQuant *q)
{
	for (int i = 0; i < q->n; i++)
		if (q->zero[i])
			return false;
	return true;
}

static Value *dequantized(Import *im, Value *x, const MlirQuant *q)
{
	DType expressed;

	if (!import_dtype(im, q->expressed, NULL, &expressed))
		return NULL;
	Value *arg[3] = { x, numbers_of(im, q, expressed, false), all_zero(q) ? NULL : numbers_of(im, q, x->type->dtype, true) };
	return import_value(im, OP_dequantize_linear, arg[2] ? 3 : 2, arg, &(struct attrs_dequantize_linear){ .axis = q->axis });
}

/* Rounded after the zero point has been added, and within the bounds of what is stored. */
static Value *quantized(Import *im, Value *x, const MlirQuant *q)
{
	struct attrs_quantize_linear a = { .axis = q->axis, .round_sum = true, .saturate = true };

	if (!x || !import_dtype(im, q->storage, NULL, &a.dtype))
		return NULL;
	int64_t *range = ARENA_ARRAY(im->arena, int64_t, 2);
	range[0] = q->min, range[1] = q->max;
	a.range = (Ints){ 2, range };
	Value *arg[3] = { x, numbers_of(im, q, x->type->dtype, false), all_zero(q) ? NULL : numbers_of(im, q, a.dtype, true) };
	return import_value(im, OP_quantize_linear, arg[2] ? 3 : 2, arg, &a);
}

static const MlirType *expressed_type(Import *im, const MlirType *t)
{
	MlirType *out;

	if (!quant_of(t))
		return t;
	out = arena_copy(im->arena, t, sizeof *t);
	out->of = quant_of(t)->expressed;
	return out;
}

bool quant_compute(Import *im, const MlirOp *op, const Row *row)
{
	MlirOp copy = *op;

	copy.arg = ARENA_ARRAY(im->arena, MlirValue *, op->nargs + 1);
	copy.result = ARENA_ARRAY(im->arena, MlirValue, op->nresults + 1);
	for (int i = 0; i < op->nargs; i++) {
		const MlirQuant *q = quant_of(op->arg[i]->type);
		MlirValue *v = copy.arg[i] = arena_copy(im->arena, op->arg[i], sizeof *v);
		Value *x;
		if (!q)
			continue;
		if (!quant_check(im, v->type, NULL) || !(x = import_arg(im, op, i)) || !(x = dequantized(im, x, q)))
			return false;
		v->type = expressed_type(im, v->type);
		Known *k = known_new(im);
		k->value = x;
		set_known(v, k);
	}
	for (int i = 0; i < op->nresults; i++) {
		copy.result[i] = op->result[i];
		if (quant_of(op->result[i].type) && !quant_check(im, op->result[i].type, NULL))
			return false;
		copy.result[i].type = expressed_type(im, op->result[i].type);
	}
	if (!import_row(im, &copy, row))
		return false;
	for (int i = 0; i < op->nresults; i++) {
		const MlirQuant *q = quant_of(op->result[i].type);
		Known *k = known(&copy.result[i]);
		if (!q)
			set_known(&op->result[i], k);
		else if (!set_result(im, op, i, quantized(im, k->value, q)))
			return false;
	}
	return true;
}

/* Between its two types is nothing but the numbers: `op` has the expressed types, im->op those that are written. */
static bool convert(Import *im, const MlirOp *op, bool to)
{
	if (!import_counts(im, op, 1, 1))
		return false;
	const MlirType *t = to ? im->op->result[0].type : im->op->arg[0]->type;
	if (!quant_of(t))
		return refuse_op(im, "%s is %s, wanted quantized elements", to ? "the result" : "operand 0", t->text);
	return import_pass(im, op);
}

bool import_uniform_quantize(Import *im, const MlirOp *op) { return convert(im, op, true); }
bool import_uniform_dequantize(Import *im, const MlirOp *op) { return convert(im, op, false); }
