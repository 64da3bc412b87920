/* frontend/onnx/svm.c - support vector machines of ai.onnx.ml, after LIBSVM (Chang and Lin, 2011), whose models these are. */
#include "frontend/onnx/ml.h"

enum { CLASSES_MAX = 128, TABLE_MAX = 1 << 27 };

typedef struct Svm {
	Value *x;              /* [N, F] */
	int64_t width;         /* F */
	Floats coefficients, vectors, rho;
	double gamma, coef0, degree;
	const char *kernel;
} Svm;

static bool svm_read(Onnx *o, Svm *s)
{
	Floats kernel = get_floats(o, "kernel_params");

	*s = (Svm){ .x = features(o), .coefficients = get_floats(o, "coefficients"), .vectors = get_floats(o, "support_vectors"),
		.rho = get_floats(o, "rho"), .kernel = get_string(o, "kernel_type", "LINEAR") };
	if (!s->x)
		return false;
	if (!dim_is_const(dim_at(s->x, 1)) || dim_at(s->x, 1)->value < 1 || dim_at(s->x, 1)->value > INT32_MAX)
		return refuse(o, "the number of features is not known, wanted a number of at least 1");
	s->width = dim_at(s->x, 1)->value;
	if (kernel.n && kernel.n != 3)
		return refuse_attr(o, "kernel_params", "has %d numbers, wanted gamma, coef0 and degree", kernel.n);
	if (kernel.n) {
		s->gamma = kernel.at[0];
		s->coef0 = kernel.at[1];
		s->degree = kernel.at[2];
	}
	if (strcmp(s->kernel, "LINEAR") && strcmp(s->kernel, "POLY") && strcmp(s->kernel, "RBF") && strcmp(s->kernel, "SIGMOID"))
		return refuse_attr(o, "kernel_type", "is '%s', wanted LINEAR, POLY, RBF or SIGMOID", s->kernel);
	return s->rho.n || refuse_attr(o, "rho", "is missing");
}

static Value *products(Onnx *o, Value *x, int64_t rows, int64_t width, const double *at)
{
	Value *m = floats_constant(o, x->type->dtype, 2, (const int64_t[]){ rows, width }, at);

	m = transposed(o, m, (const int64_t[]){ 1, 0 });
	return emit(o, OP_matmul, 2, (Value *[]){ x, m }, NULL);
}

/* x to the power of a degree, which is a small whole number as a rule. */
static Value *powered(Onnx *o, Value *x, double degree)
{
	Value *y = NULL;

	if (!(degree >= 1 && degree <= 64) || degree != (int)degree)
		return with_number(o, OP_pow, x, degree);
	for (int n = (int)degree; n && x; n >>= 1) {
		if (n & 1)
			y = y ? EW(o, mul, y, x) : x;
		if (n > 1)
			x = EW(o, mul, x, x);
	}
	return y;
}

/* The kernel of each row with each of n vectors: [N, n]. */
static Value *kernels(Onnx *o, const Svm *s, int64_t n)
{
	if (!strcmp(s->kernel, "LINEAR"))
		return products(o, s->x, n, s->width, s->vectors.at);
	if (!strcmp(s->kernel, "RBF")) {
		Value *v = floats_constant(o, s->x->type->dtype, 3, (const int64_t[]){ 1, n, s->width }, s->vectors.at);
		Value *x = reshaped(o, s->x, 3, (Dim[]){ dim_at(s->x, 0), dim_num(o, 1), dim_at(s->x, 1) });
		Value *d = EW(o, sub, x, v);
		d = EW(o, mul, d, d);
		d = d ? reduced(o, OP_reduce_sum, d, ints_of(o->arena, 1, 2), false) : NULL;
		return EW(o, exp, with_number(o, OP_mul, d, -s->gamma));
	}
	Value *y = with_number(o, OP_mul, products(o, s->x, n, s->width, s->vectors.at), s->gamma);
	y = with_number(o, OP_add, y, s->coef0);
	return !strcmp(s->kernel, "POLY") ? powered(o, y, s->degree) : EW(o, tanh, y);
}

bool onnx_svm_regressor(Onnx *o)
{
	int64_t supports = get_int(o, "n_supports", 0);
	bool one_class = get_int(o, "one_class", 0);
	const char *how = get_string(o, "post_transform", "NONE");
	Svm s;

	if (!svm_read(o, &s))
		return false;
	if (supports < 0 || (supports ? s.coefficients.n != supports || s.vectors.n != supports * s.width : s.coefficients.n != s.width))
		return refuse(o, "%d coefficients and %d numbers of support vectors do not fit %lld vectors of %lld features", s.coefficients.n,
		              s.vectors.n, (long long)supports, (long long)s.width);
	Value *y;
	if (supports)
		y = products(o, kernels(o, &s, supports), 1, supports, s.coefficients.at);
	else
		y = products(o, s.x, 1, s.width, s.coefficients.at);
	y = with_number(o, OP_add, y, s.rho.at[0]);
	if (one_class && y) {
		Value *zero = number_like(o, y, 0), *in = number_like(o, y, 1), *out = number_like(o, y, -1);
		y = emit(o, OP_where, 3, (Value *[]){ compare(o, CMP_GT, y, zero), in, out }, NULL);
	}
	return y && give(o, 0, as_type(o, post_transformed(o, y, how), DT_F32));
}

/* Of each pair of classes i < j the value of its machine, [N, pairs]: the support vectors of i with the row j - 1 of
   coefficients, those of j with row i. */
static Value *pairs(Onnx *o, const Svm *s, Ints per_class, int64_t vectors)
{
	int k = per_class.n, n = k * (k - 1) / 2, p = 0;
	int64_t start[k + 1];
	double *at = ARENA_ARRAY(o->arena, double, n * vectors + 1);

	start[0] = 0;
	for (int i = 0; i < k; i++)
		start[i + 1] = start[i] + per_class.at[i];
	for (int i = 0; i < k; i++)
		for (int j = i + 1; j < k; j++, p++) {
			for (int64_t v = start[i]; v < start[i + 1]; v++)
				at[p * vectors + v] = s->coefficients.at[(j - 1) * vectors + v];
			for (int64_t v = start[j]; v < start[j + 1]; v++)
				at[p * vectors + v] = s->coefficients.at[i * vectors + v];
		}
	int64_t dim[] = { n };
	Value *y = products(o, kernels(o, s, vectors), n, vectors, at);
	double *rho = ARENA_ARRAY(o->arena, double, n + 1);
	for (int i = 0; i < n; i++)
		rho[i] = s->rho.at[i < s->rho.n ? i : s->rho.n - 1];
	return EW(o, add, y, floats_constant(o, s->x->type->dtype, 1, dim, rho));
}

/* How many of its machines vote for each class, [N, k]: i where the value is above 0, else j. */
static Value *votes(Onnx *o, Value *values, int k)
{
	int n = k * (k - 1) / 2, p = 0;
	double *for_i = ARENA_ARRAY(o->arena, double, n * k + 1), *for_j = ARENA_ARRAY(o->arena, double, n * k + 1);
	DType t = values->type->dtype;

	for (int i = 0; i < k; i++)
		for (int j = i + 1; j < k; j++, p++) {
			for_i[i * n + p] = 1;
			for_j[j * n + p] = 1;
		}
	Value *zero = number_like(o, values, 0), *yes = as_type(o, compare(o, CMP_GT, values, zero), t), *one = number(o, t, 1);
	Value *no = EW(o, sub, one, yes);
	yes = products(o, yes, k, n, for_i);
	no = products(o, no, k, n, for_j);
	return EW(o, add, yes, no);
}

static Value *clamped(Onnx *o, Value *x, double low, double high)
{
	return with_number(o, OP_min, with_number(o, OP_max, x, low), high);
}

/* 1 / (1 + exp(a * value + b)) of each machine, as a matrix [N, k, k]: r[i][j] how probable i is against j, r[j][i] the rest. */
static Value *pair_probabilities(Onnx *o, Value *values, Floats a, Floats b, int k)
{
	int64_t n = k * (k - 1) / 2, dim[] = { n };
	int64_t *from = ARENA_ARRAY(o->arena, int64_t, k * k);
	int p = 0;
	DType t = values->type->dtype;

	for (int i = 0; i < k; i++) {
		from[i * k + i] = 2 * n;   /* the zeros */
		for (int j = i + 1; j < k; j++, p++) {
			from[i * k + j] = p;
			from[j * k + i] = n + p;
		}
	}
	Value *r = EW(o, mul, values, floats_constant(o, t, 1, dim, a.at));
	r = EW(o, logistic, EW(o, neg, EW(o, add, r, floats_constant(o, t, 1, dim, b.at))));
	r = clamped(o, r, 1e-7, 1 - 1e-7);
	Value *one = number(o, t, 1), *rest = EW(o, sub, one, r);
	if (!r || !rest)
		return NULL;
	Value *zeros = splat(o, t, 2, (Dim[]){ dim_at(r, 0), dim_num(o, 1) }, 0);
	r = concatenated(o, 3, (Value *[]){ r, rest, zeros }, 1);
	r = emit(o, OP_take, 2, (Value *[]){ r, integers(o, DT_I64, k * k, from) }, &(struct attrs_take){ .axis = 1 });
	return r ? reshaped(o, r, 3, (Dim[]){ dim_at(values, 0), dim_num(o, k), dim_num(o, k) }) : NULL;
}

static Value *column(Onnx *o, Value *x, int axis, int i)
{
	return x ? sliced(o, x, axis, dim_num(o, i), dim_num(o, i + 1)) : NULL;
}

static Value *along(Onnx *o, OpKind kind, Value *x, int axis, bool keepdims)
{
	return x ? reduced(o, kind, x, ints_of(o->arena, 1, axis), keepdims) : NULL;
}

/* One round of Gauss and Seidel over the k classes: Wu, Lin and Weng, "Probability estimates for multi-class classification by
   pairwise coupling", JMLR 5, 2004, algorithm 2.  p, qp [N, k]; q [N, k, k]. */
static Value *coupling_round(Onnx *o, Value *p, Value *q, int k)
{
	Value *qp, *pqp;
	Dim n = dim_at(p, 0), kk = dim_num(o, k), one = dim_num(o, 1);
	Value *wide = reshaped(o, p, 3, (Dim[]){ n, one, kk });

	qp = along(o, OP_reduce_sum, EW(o, mul, q, wide), 2, false);
	pqp = along(o, OP_reduce_sum, EW(o, mul, p, qp), 1, true);
	Value *error = along(o, OP_reduce_max, EW(o, abs, EW(o, sub, qp, pqp)), 1, true);
	Value *least = error ? number_like(o, error, 0.005 / k) : NULL, *going = compare(o, CMP_GE, error, least), *before = p;
	for (int t = 0; t < k && qp; t++) {
		Value *row = column(o, q, 1, t), *qt = column(o, qp, 1, t), *unit, *diff, *scale;
		row = row ? reshaped(o, row, 2, (Dim[]){ n, kk }) : NULL;
		Value *qtt = column(o, row, 1, t);
		diff = EW(o, sub, pqp, qt);
		diff = EW(o, div, diff, qtt);
		double *at = ARENA_ARRAY(o->arena, double, k + 1);
		at[t] = 1;
		unit = floats_constant(o, p->type->dtype, 1, (const int64_t[]){ k }, at);
		scale = with_number(o, OP_add, diff, 1);
		p = EW(o, add, p, EW(o, mul, diff, unit));
		Value *inner = EW(o, mul, diff, qtt);
		inner = EW(o, add, inner, with_number(o, OP_mul, qt, 2));
		pqp = EW(o, add, pqp, EW(o, mul, diff, inner));
		pqp = EW(o, div, pqp, EW(o, mul, scale, scale));
		p = EW(o, div, p, scale);
		qp = EW(o, add, qp, EW(o, mul, diff, row));
		qp = EW(o, div, qp, scale);
	}
	return emit(o, OP_where, 3, (Value *[]){ going, p, before }, NULL);
}

/* q[t][t] = sum of r[j][t]^2 over j != t, q[t][j] = -r[j][t] r[t][j]; then rounds from 1 / k until they change little. */
static Value *coupled(Onnx *o, Value *r, int k)
{
	if (!r)
		return NULL;
	double *eye = ARENA_ARRAY(o->arena, double, k * k);
	for (int i = 0; i < k; i++)
		eye[i * k + i] = 1;
	Value *turned = transposed(o, r, (const int64_t[]){ 0, 2, 1 });
	Value *squares = EW(o, mul, turned, turned);
	Value *diagonal = along(o, OP_reduce_sum, squares, 2, true);
	diagonal = EW(o, mul, diagonal, floats_constant(o, r->type->dtype, 2, (const int64_t[]){ k, k }, eye));
	Value *q = EW(o, mul, r, turned);
	q = EW(o, sub, diagonal, q);
	if (!q)
		return NULL;
	Value *start = splat(o, r->type->dtype, 2, (Dim[]){ dim_at(r, 0), dim_num(o, k) }, 1.0 / k);
	if (!start)
		return NULL;
	Dim rounds = dim_num(o, k > 100 ? k : 100);
	Builder outer = o->b;
	Op *scan = build_begin(&outer, OP_scan, ARGS(start), &(struct attrs_scan){ .carry = 1, .length = dims_copy(o->arena, 1, &rounds) });
	Value *p = block_add_arg(scan->region[0], start->type, NULL, outer.loc);
	o->b = builder_at_end(o->ctx, scan->region[0]);
	o->b.loc = outer.loc;
	p = coupling_round(o, p, q, k);
	Op *end = p ? emit_op(o, OP_yield, 1, &p, NULL) : NULL;
	o->b = outer;
	scan = end ? build_finish(&o->b, scan) : NULL;
	return scan ? scan->result[0] : NULL;
}

static bool all_positive(Floats f)
{
	for (int i = 0; i < f.n; i++)
		if (f.at[i] < 0)
			return false;
	return true;
}

static bool counts_fit(Onnx *o, const Svm *s, Ints per_class, int labels, int64_t *vectors)
{
	*vectors = 0;
	for (int i = 0; i < per_class.n; i++) {
		if (per_class.at[i] < 0 || per_class.at[i] > s->vectors.n)
			return refuse_attr(o, "vectors_per_class", "has the entry %lld", (long long)per_class.at[i]);
		*vectors += per_class.at[i];
	}
	if (!*vectors)
		return s->coefficients.n == labels * s->width ||
		       refuse_attr(o, "coefficients", "has %d numbers, wanted %d times %lld", s->coefficients.n, labels, (long long)s->width);
	if (per_class.n != labels || labels < 2 || labels > CLASSES_MAX)
		return refuse_attr(o, "vectors_per_class", "has %d entries for %d labels, wanted as many, and 2 to %d", per_class.n, labels, CLASSES_MAX);
	if (*vectors > TABLE_MAX / (labels * labels))
		return refuse(o, "%lld support vectors of %d classes are too many", (long long)*vectors, labels);
	if (s->vectors.n != *vectors * s->width || s->coefficients.n != *vectors * (labels - 1))
		return refuse(o, "%d coefficients and %d numbers of support vectors do not fit %lld vectors of %lld features", s->coefficients.n,
		              s->vectors.n, (long long)*vectors, (long long)s->width);
	return true;
}

/* One score is two where there are two labels: s and -s, transformed. */
static Value *scores_of(Onnx *o, Value *scores, int labels, const char *how)
{
	if (!scores || !dim_is(dim_at(scores, 1), 1))
		return scores ? post_transformed(o, scores, how) : NULL;
	if (!strcmp(how, "PROBIT") || labels != 2)
		return strcmp(how, "PROBIT") ? scores : post_transformed(o, scores, how);
	return post_transformed(o, concatenated(o, 2, (Value *[]){ EW(o, neg, scores), scores }, 1), how);
}

bool onnx_svm_classifier(Onnx *o)
{
	const char *how = get_string(o, "post_transform", "NONE");
	Floats a = get_floats(o, "prob_a"), b = get_floats(o, "prob_b");
	Ints per_class = get_ints(o, "vectors_per_class");
	int labels = label_count(o, "classlabels_ints", "classlabels_strings"), k = labels ? labels : 1;
	int64_t vectors;
	Value *scores, *ranks;
	Svm s;

	if (!svm_read(o, &s) || !counts_fit(o, &s, per_class, k, &vectors))
		return false;
	if (vectors) {
		scores = pairs(o, &s, per_class, vectors);
		ranks = scores ? votes(o, scores, k) : NULL;
	} else {
		scores = ranks = with_number(o, OP_add, products(o, s.x, k, s.width, s.coefficients.at), s.rho.at[0]);
	}
	bool proba = vectors && a.n;
	if (proba && (a.n != k * (k - 1) / 2 || b.n != a.n))
		return refuse_attr(o, "prob_a", "has %d entries and 'prob_b' %d, wanted one for each pair of classes", a.n, b.n);
	if (proba)
		scores = scores ? coupled(o, pair_probabilities(o, scores, a, b, k), k) : NULL;
	if (!scores || !ranks || (wants(o, 1) && !give(o, 1, as_type(o, scores_of(o, scores, labels, how), DT_F32))))
		return false;
	Value *at = best_of_row(o, ranks);
	if (s.rho.n == 1 && (labels != 2 || (!proba && all_positive(s.coefficients)))) {
		Value *most = along(o, OP_reduce_max, ranks, 1, false);
		Value *least = most ? number_like(o, most, labels == 2 ? 0.5 : 0) : NULL;
		Value *yes = as_type(o, compare(o, labels == 2 ? CMP_GE : CMP_GT, most, least), DT_I64);
		if (labels != 2)
			return give(o, 0, yes);
		at = EW(o, max, at, yes);
	}
	return give_labels(o, "classlabels_ints", "classlabels_strings", at);
}
