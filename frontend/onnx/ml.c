/* frontend/onnx/ml.c - ai.onnx.ml: features and linear models, and what the models share. */
#include "frontend/onnx/ml.h"

#include <math.h>

Value *floats_constant(Onnx *o, DType t, int rank, const int64_t *dim, const double *at)
{
	int64_t n = 1;
	size_t size = (size_t)dtype_size(t);

	for (int k = 0; k < rank; k++)
		n *= dim[k];
	char *bytes = arena_alloc(o->arena, size * (size_t)n + 1);
	for (int64_t i = 0; i < n; i++) {
		uint64_t bits = dtype_from_f64(t, at[i]);
		memcpy(bytes + size * (size_t)i, &bits, size);
	}
	return build_constant(&o->b, blob_dense(o->arena, t, rank, dim, bytes));
}

Floats floats_of(Onnx *o, const Blob *b)
{
	int n = (int)blob_count(b);
	double *at = ARENA_ARRAY(o->arena, double, n + 1);

	for (int i = 0; i < n; i++)
		at[i] = dtype_to_f64(b->dtype, blob_get(b, i));
	return (Floats){ n, at };
}

bool floats_or_tensor(Onnx *o, const char *name, Floats *out)
{
	const char *tensor = arena_printf(o->arena, "%s_as_tensor", name);

	*out = get_floats(o, name);
	if (out->n || !has_attr(o, tensor))
		return true;
	Blob *b = get_tensor(o, tensor);
	if (!b)
		return false;
	if (blob_count(b) > INT32_MAX || !dtype_is_float(b->dtype))
		return refuse_attr(o, tensor, "is no tensor of floats");
	*out = floats_of(o, b);
	return true;
}

Value *features(Onnx *o)
{
	Value *x = arg(o, 0);

	if (!x)
		return NULL;
	if (x->type->dtype != DT_F64)
		x = as_type(o, x, DT_F32);
	if (x->type->rank == 1)
		return reshaped(o, x, 2, (Dim[]){ dim_num(o, 1), x->type->dim[0] });
	if (x->type->rank == 2)
		return x;
	refuse(o, "operand 0 has rank %d, wanted 1 or 2", x->type->rank);
	return NULL;
}

/* Features of a known number. */
static Value *known_features(Onnx *o, int64_t *n)
{
	Value *x = features(o);

	if (!x)
		return NULL;
	Dim d = dim_at(x, 1);
	if (!dim_is_const(d)) {
		refuse(o, "the number of features is not known, wanted a number");
		return NULL;
	}
	*n = d->value;
	return x;
}

Value *with_number(Onnx *o, OpKind kind, Value *x, double number)
{
	Value *y = x ? number_like(o, x, number) : NULL;

	return ew(o, kind, 2, (Value *[]){ x, y });
}

static Value *choose(Onnx *o, Value *where, Value *x, Value *y)
{
	return emit(o, OP_where, 3, (Value *[]){ where, x, y }, NULL);
}

static Value *of_rows(Onnx *o, OpKind kind, Value *x)
{
	return x ? reduced(o, kind, x, ints_of(o->arena, 1, 1), true) : NULL;
}

/* exp(x - max) / sum, where what is almost 0 counts x * exp(-max) instead; 1/2 where nothing counts. */
static Value *softmax_zero(Onnx *o, Value *x)
{
	Value *most = of_rows(o, OP_reduce_max, x), *distance = EW(o, sub, x, most);
	Value *size = EW(o, abs, x), *small = size ? number_like(o, size, 1e-7) : NULL, *counts = compare(o, CMP_GT, size, small);
	Value *rest = EW(o, mul, x, EW(o, exp, EW(o, neg, most)));
	Value *e = EW(o, exp, distance);
	e = choose(o, counts, e, rest);
	Value *sum = of_rows(o, OP_reduce_sum, e), *zero = sum ? number_like(o, sum, 0) : NULL, *half = sum ? number_like(o, sum, 0.5) : NULL;
	Value *nothing = compare(o, CMP_EQ, sum, zero);
	e = EW(o, div, e, sum);
	return choose(o, nothing, half, e);
}

/* sqrt(2) * erf_inv(2 x - 1), by Winitzki's approximation ("A handy approximation for the error function and its inverse", 2008),
   which is what the format's implementations have. */
static Value *probit(Onnx *o, Value *x)
{
	const double a = 0.147, pi = 3.14159265358979323846;
	Value *y = with_number(o, OP_sub, with_number(o, OP_mul, x, 2), 1), *one = y ? number_like(o, y, 1) : NULL;
	Value *below = EW(o, sub, one, y), *above = EW(o, add, one, y), *product = EW(o, mul, below, above);
	Value *log = EW(o, log, product);
	Value *v = with_number(o, OP_add, with_number(o, OP_mul, log, 0.5), 2 / (pi * a));
	Value *w = with_number(o, OP_mul, log, 1 / a), *square = EW(o, mul, v, v);
	Value *root = EW(o, sqrt, EW(o, sub, square, w));
	root = EW(o, sqrt, EW(o, sub, root, v));
	Value *zero = y ? number_like(o, y, 0) : NULL, *end = compare(o, CMP_EQ, product, zero);
	root = choose(o, end, zero, root);
	Value *negative = compare(o, CMP_LT, y, zero), *minus = EW(o, neg, root);
	return with_number(o, OP_mul, choose(o, negative, minus, root), 1.41421356);
}

Value *post_transformed(Onnx *o, Value *scores, const char *how)
{
	if (!strcmp(how, "NONE"))
		return scores;
	if (!strcmp(how, "SOFTMAX"))
		return emit(o, OP_softmax, 1, &scores, &(struct attrs_softmax){ .axis = 1 });
	if (!strcmp(how, "LOGISTIC"))
		return EW(o, logistic, scores);
	if (!strcmp(how, "SOFTMAX_ZERO"))
		return softmax_zero(o, scores);
	if (!strcmp(how, "PROBIT"))
		return probit(o, scores);
	refuse_attr(o, "post_transform", "is '%s', wanted NONE, SOFTMAX, LOGISTIC, SOFTMAX_ZERO or PROBIT", how);
	return NULL;
}

Value *best_of_row(Onnx *o, Value *x)
{
	return emit(o, OP_argmax, 1, &x, &(struct attrs_argmax){ .axis = 1, .dtype = DT_I64 });
}

int label_count(Onnx *o, const char *ints, const char *strings)
{
	Ints i = get_ints(o, ints);
	Strings s = get_strings(o, strings);

	return i.n ? i.n : s.n;
}

bool give_labels(Onnx *o, const char *ints, const char *strings, Value *at)
{
	Ints labels = get_ints(o, ints);

	if (!wants(o, 0))
		return true;
	if (!labels.n && get_strings(o, strings).n)
		return refuse_attr(o, strings, "gives labels that are strings, which have no element type; leave result 0 unnamed or give numbers");
	if (!labels.n)
		return give(o, 0, at);
	Value *table = integers(o, DT_I64, labels.n, labels.at);
	return give(o, 0, emit(o, OP_take, 2, (Value *[]){ table, at }, &(struct attrs_take){ .axis = 0 }));
}

/* x [N, F] times the transpose of the coefficients [rows, F], plus the intercepts. */
static Value *linear(Onnx *o, Value *x, int64_t width, int64_t *rows)
{
	Floats c = get_floats(o, "coefficients"), b = get_floats(o, "intercepts");

	if (width < 1 || c.n < 1 || c.n % width) {
		refuse_attr(o, "coefficients", "has %d numbers, wanted a multiple of the %lld features", c.n, (long long)width);
		return NULL;
	}
	*rows = c.n / width;
	if (b.n && b.n != *rows && b.n != 1) {
		refuse_attr(o, "intercepts", "has %d numbers, wanted %lld", b.n, (long long)*rows);
		return NULL;
	}
	DType t = x->type->dtype;
	int64_t dim[] = { *rows, width }, n = b.n;
	Value *m = floats_constant(o, t, 2, dim, c.at);
	m = transposed(o, m, (const int64_t[]){ 1, 0 });
	Value *y = emit(o, OP_matmul, 2, (Value *[]){ x, m }, NULL);
	return b.n ? EW(o, add, y, floats_constant(o, t, 1, &n, b.at)) : y;
}

bool onnx_linear_regressor(Onnx *o)
{
	const char *how = get_string(o, "post_transform", "NONE");
	int64_t targets = get_int(o, "targets", 1), width, rows;
	Value *x = known_features(o, &width), *y = x ? linear(o, x, width, &rows) : NULL;

	if (!y)
		return false;
	if (rows != targets)
		return refuse_attr(o, "targets", "is %lld, but the coefficients are those of %lld", (long long)targets, (long long)rows);
	return give(o, 0, post_transformed(o, y, how));
}

bool onnx_linear_classifier(Onnx *o)
{
	const char *how = get_string(o, "post_transform", "NONE");
	int labels = label_count(o, "classlabels_ints", "classlabels_strings");
	int64_t width, rows;
	Value *x = known_features(o, &width), *y = x ? linear(o, x, width, &rows) : NULL;

	(void)get_int(o, "multi_class", 0);
	Value *ranks = NULL;
	if (y && rows == 1 && labels == 2) {   /* one score for two classes */
		Value *one = number_like(o, y, 1);
		ranks = concatenated(o, 2, (Value *[]){ EW(o, neg, y), y }, 1);
		y = strcmp(how, "NONE") ? ranks : concatenated(o, 2, (Value *[]){ EW(o, sub, one, y), y }, 1);
		rows = 2;
	}
	y = y ? post_transformed(o, y, how) : NULL;
	if (!y || !give(o, 1, as_type(o, y, DT_F32)))
		return false;
	if (labels && labels < rows)
		return refuse(o, "there are %d labels, wanted %lld", labels, (long long)rows);
	if (rows > 1)
		return give_labels(o, "classlabels_ints", "classlabels_strings", best_of_row(o, ranks ? ranks : y));
	Ints label = get_ints(o, "classlabels_ints");
	Value *least = number_like(o, y, strcmp(how, "NONE") ? 0.5 : 0), *yes = compare(o, CMP_GE, y, least);
	yes = yes ? reshaped(o, yes, 1, (Dim[]){ dim_at(y, 0) }) : NULL;
	yes = as_type(o, yes, DT_I64);
	return give(o, 0, label.n ? with_number(o, OP_mul, yes, (double)label.at[0]) : yes);
}

/* A number for each feature, or one for all. */
static Value *for_features(Onnx *o, const char *name, DType t, double fallback)
{
	Floats f = get_floats(o, name);
	int64_t n = f.n ? f.n : 1;

	return floats_constant(o, t, 1, &n, f.n ? f.at : &fallback);
}

bool onnx_scaler(Onnx *o)
{
	Value *x = arg(o, 0);

	if (!x)
		return false;
	DType t = x->type->dtype == DT_F64 || x->type->dtype == DT_I64 ? DT_F64 : DT_F32;
	x = as_type(o, x, t);
	x = EW(o, sub, x, for_features(o, "offset", t, 0));
	return give(o, 0, as_type(o, EW(o, mul, x, for_features(o, "scale", t, 1)), DT_F32));
}

bool onnx_normalizer(Onnx *o)
{
	const char *norm = get_string(o, "norm", "MAX");
	Value *x = arg(o, 0), *size;

	x = as_type(o, x, DT_F32);
	if (!x || x->type->rank < 1)
		return x && refuse(o, "operand 0 is a scalar, wanted rows");
	Ints last = ints_of(o->arena, 1, x->type->rank - 1);
	if (!strcmp(norm, "MAX"))
		size = reduced(o, OP_reduce_max, EW(o, abs, x), last, true);
	else if (!strcmp(norm, "L1"))
		size = reduced(o, OP_reduce_sum, EW(o, abs, x), last, true);
	else if (!strcmp(norm, "L2"))
		size = EW(o, sqrt, reduced(o, OP_reduce_sum, EW(o, mul, x, x), last, true));
	else
		return refuse_attr(o, "norm", "is '%s', wanted MAX, L1 or L2", norm);
	size = with_number(o, OP_max, size, 1e-30);
	return give(o, 0, EW(o, div, x, size));
}

bool onnx_binarizer(Onnx *o)
{
	double threshold = get_float(o, "threshold", 0);
	Value *x = arg(o, 0), *least = x ? number_like(o, x, threshold) : NULL;

	return x && give(o, 0, as_type(o, compare(o, CMP_GT, x, least), x->type->dtype));
}

/* Elements at places along the last axis; a vector is one row. */
bool onnx_array_feature_extractor(Onnx *o)
{
	Value *x = arg(o, 0), *at = arg(o, 1);

	if (!x || !at)
		return false;
	if (x->type->rank == 0)
		return refuse(o, "operand 0 is a scalar, wanted rank 1 or more");
	if (x->type->rank == 1)
		x = reshaped(o, x, 2, (Dim[]){ dim_num(o, 1), x->type->dim[0] });
	Dim n = type_count(o->ctx->types, at->type);
	at = reshaped(o, at, 1, &n);
	return give(o, 0, emit(o, OP_take, 2, (Value *[]){ x, at }, &(struct attrs_take){ .axis = -1 }));
}

/* Columns of all operands, as many of each as 'inputdimensions' says: cut, or zeros behind. */
bool onnx_feature_vectorizer(Onnx *o)
{
	Ints wanted = get_ints(o, "inputdimensions");
	int n = o->node->nargs;
	Value **part = ARENA_ARRAY(o->arena, Value *, n + 1);

	if (n < 1 || (wanted.n && wanted.n != n))
		return refuse(o, "there are %d operands and %d 'inputdimensions', wanted one number for each operand", n, wanted.n);
	for (int i = 0; i < n; i++) {
		Value *x = as_type(o, arg(o, i), DT_F32);
		if (!x)
			return false;
		if (x->type->rank == 1)
			x = reshaped(o, x, 2, (Dim[]){ x->type->dim[0], dim_num(o, 1) });
		if (!x || x->type->rank != 2)
			return x && refuse(o, "operand %d has rank %d, wanted 1 or 2", i, x->type->rank);
		Dim d = dim_at(x, 1);
		if (wanted.n && !dim_is(d, wanted.at[i])) {
			if (!dim_is_const(d) || d->value > INT32_MAX || wanted.at[i] < 0 || wanted.at[i] > INT32_MAX)
				return refuse_attr(o, "inputdimensions", "has the entry %lld, but the columns of operand %d are not known", (long long)wanted.at[i], i);
			Value *zero = number_like(o, x, 0);
			x = EMIT(o, pad, ARGS(x, zero), .low = ints_of(o->arena, 2, 0, 0), .high = ints_of(o->arena, 2, 0, (int)(wanted.at[i] - d->value)));
		}
		part[i] = x;
	}
	return give(o, 0, concatenated(o, n, part, 1));
}

/* x with a last axis, compared with a vector of numbers: [..., n] of bool; nans: one is like another. */
static Value *is_any(Onnx *o, Value *x, Value *keys, bool nans)
{
	x = emit(o, OP_expand_dims, 1, &x, &(struct attrs_expand_dims){ .dims = ints_of(o->arena, 1, -1) });
	Value *is = compare(o, CMP_EQ, x, keys);
	if (!is || !nans || !dtype_is_float(x->type->dtype))
		return is;
	Value *nan = compare(o, CMP_NE, x, x), *other = compare(o, CMP_NE, keys, keys);
	nan = EW(o, and, nan, other);
	return EW(o, or, is, nan);
}

bool onnx_one_hot_encoder(Onnx *o)
{
	Ints cats = get_ints(o, "cats_int64s");
	Value *x = arg(o, 0);

	(void)get_int(o, "zeros", 1);
	if (!x)
		return false;
	if (!cats.n)
		return refuse_attr(o, "cats_int64s", "is missing; categories that are strings have no element type");
	x = as_type(o, x, dtype_is_float(x->type->dtype) ? DT_F64 : DT_I64);
	Value *keys = x ? as_type(o, integers(o, DT_I64, cats.n, cats.at), x->type->dtype) : NULL;
	return give(o, 0, as_type(o, is_any(o, x, keys, false), DT_F32));
}

bool onnx_imputer(Onnx *o)
{
	Value *x = arg(o, 0), *values, *missing;

	if (!x)
		return false;
	DType t = x->type->dtype;
	Floats f = get_floats(o, "imputed_value_floats");
	Ints i = get_ints(o, "imputed_value_int64s");
	if (dtype_is_float(t) ? !f.n : !i.n)
		return refuse(o, "no imputed values of the operand's type, %s, are given", dtype_info[t].name);
	int64_t n = f.n;
	if (dtype_is_float(t)) {
		double replaced = get_float(o, "replaced_value_float", 0);
		Value *which = number_like(o, x, replaced);
		values = floats_constant(o, t, 1, &n, f.at);
		missing = isnan(replaced) ? compare(o, CMP_NE, x, x) : compare(o, CMP_EQ, x, which);
	} else {
		int64_t replaced = get_int(o, "replaced_value_int64", 0);
		Value *which = as_type(o, integers(o, DT_I64, 1, &replaced), t);
		values = as_type(o, integers(o, DT_I64, i.n, i.at), t);
		missing = compare(o, CMP_EQ, x, which);
	}
	return give(o, 0, choose(o, missing, values, x));
}

/* Numbers of attribute `name` with the ending that is there: _int64s, _floats or _tensor.  *values: as a vector. */
static bool label_table(Onnx *o, const char *name, Value **values)
{
	Ints i = get_ints(o, arena_printf(o->arena, "%s_int64s", name));
	Floats f = get_floats(o, arena_printf(o->arena, "%s_floats", name));
	const char *tensor = arena_printf(o->arena, "%s_tensor", name);
	int64_t n = f.n;

	if (get_strings(o, arena_printf(o->arena, "%s_strings", name)).n)
		return refuse(o, "'%s_strings' is given, but strings have no element type, wanted numbers", name);
	if (i.n) {
		*values = integers(o, DT_I64, i.n, i.at);
	} else if (f.n) {
		*values = floats_constant(o, DT_F32, 1, &n, f.at);
	} else if (has_attr(o, tensor)) {
		Blob *b = get_tensor(o, tensor);
		if (!b)
			return false;
		Dim count = dim_num(o, blob_count(b));
		*values = reshaped(o, build_constant(&o->b, b), 1, &count);
	} else {
		return refuse(o, "'%s_int64s', '%s_floats' and '%s_tensor' are missing, wanted one of them", name, name, name);
	}
	return *values && (!dim_is((*values)->type->dim[0], 0) || refuse(o, "'%s' is empty", name));
}

static Value *label_default(Onnx *o, DType t)
{
	if (has_attr(o, "default_tensor")) {
		Blob *b = get_tensor(o, "default_tensor");
		if (b && blob_count(b) != 1)
			refuse_attr(o, "default_tensor", "has %lld elements, wanted one", (long long)blob_count(b));
		return b && blob_count(b) == 1 ? as_type(o, reshaped(o, build_constant(&o->b, b), 0, NULL), t) : NULL;
	}
	return number(o, t, dtype_is_float(t) ? get_float(o, "default_float", -0.0) : (double)get_int(o, "default_int64", -1));
}

bool onnx_label_encoder(Onnx *o)
{
	Value *x = arg(o, 0), *keys, *values;

	if (!x || !label_table(o, "keys", &keys) || !label_table(o, "values", &values))
		return false;
	if (!dim_known_equal(keys->type->dim[0], values->type->dim[0]))
		return refuse(o, "there are not as many keys as values");
	Value *otherwise = label_default(o, values->type->dtype);
	Value *is = is_any(o, x, as_type(o, keys, x->type->dtype), o->node->opset >= 4);
	Value *at = emit(o, OP_argmax, 1, &is, &(struct attrs_argmax){ .axis = -1, .dtype = DT_I64 });
	Value *any = is ? reduced(o, OP_reduce_any, is, ints_of(o->arena, 1, is->type->rank - 1), false) : NULL;
	Value *y = emit(o, OP_take, 2, (Value *[]){ values, at }, &(struct attrs_take){ .axis = 0 });
	return give(o, 0, choose(o, any, y, otherwise));
}

/* The map of each row is the row: its keys are the labels, in order. */
bool onnx_zip_map(Onnx *o)
{
	return give(o, 0, arg(o, 0));
}
