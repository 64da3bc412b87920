/* frontend/onnx/tfidf.c - TfIdfVectorizer: how often each n-gram of a pool stands in each row. */
#include "frontend/onnx/ml.h"

enum { SKIPS_MAX = 100 };

typedef struct Grams {
	Ints pool, starts, column;   /* n-grams one behind the other; where those of length 1, 2, ... start; the result of each */
	int64_t columns;             /* of the result */
} Grams;

static bool grams_read(Onnx *o, Grams *g)
{
	*g = (Grams){ get_ints(o, "pool_int64s"), get_ints(o, "ngram_counts"), get_ints(o, "ngram_indexes"), 0 };
	if (!g->pool.n)
		return refuse_attr(o, "pool_int64s", "is missing; a pool of strings has no element type");
	int64_t n = 0;
	for (int i = 0; i < g->starts.n; i++) {
		int64_t end = i + 1 < g->starts.n ? g->starts.at[i + 1] : g->pool.n, items = end - g->starts.at[i];
		if (g->starts.at[i] < 0 || end > g->pool.n || items < 0 || items % (i + 1))
			return refuse_attr(o, "ngram_counts", "has the entry %lld, from where to %lld are no %d-grams", (long long)g->starts.at[i], (long long)end, i + 1);
		n += items / (i + 1);
	}
	if (n != g->column.n)
		return refuse_attr(o, "ngram_indexes", "has %d entries, wanted %lld", g->column.n, (long long)n);
	int64_t most = (1 << 26) / (n ? n : 1);
	for (int i = 0; i < g->column.n; i++) {
		if (g->column.at[i] < 0 || g->column.at[i] >= most)
			return refuse_attr(o, "ngram_indexes", "has the entry %lld, wanted 0 to %lld", (long long)g->column.at[i], (long long)most - 1);
		g->columns = g->column.at[i] >= g->columns ? g->column.at[i] + 1 : g->columns;
	}
	return true;
}

/* How often each of count n-grams, at[0..count * n), stands in the rows of x [B, C] with its items `distance` apart: [B, count]. */
static Value *matches(Onnx *o, Value *x, int64_t length, int n, int64_t distance, int64_t count, const int64_t *at)
{
	Value *all = NULL;
	int64_t windows = length - (n - 1) * distance;

	for (int j = 0; j < n; j++) {
		int64_t *item = ARENA_ARRAY(o->arena, int64_t, count + 1);
		for (int64_t k = 0; k < count; k++)
			item[k] = at[k * n + j];
		Value *part = sliced(o, x, 1, dim_num(o, j * distance), dim_num(o, j * distance + windows));
		part = reshaped(o, part, 3, (Dim[]){ dim_at(x, 0), dim_num(o, windows), dim_num(o, 1) });
		Value *is = compare(o, CMP_EQ, part, integers(o, DT_I64, (int)count, item));
		all = all ? EW(o, and, all, is) : is;
	}
	all = as_type(o, all, DT_F32);
	return all ? reduced(o, OP_reduce_sum, all, ints_of(o->arena, 1, 1), false) : NULL;
}

/* Counts of n-grams [B, count] in the columns of the result. */
static Value *in_columns(Onnx *o, const Grams *g, Value *counts, int64_t count, const int64_t *column)
{
	double *at = ARENA_ARRAY(o->arena, double, count * g->columns + 1);

	for (int64_t k = 0; k < count; k++)
		at[k * g->columns + column[k]] = 1;
	Value *to = floats_constant(o, DT_F32, 2, (const int64_t[]){ count, g->columns }, at);
	return emit(o, OP_matmul, 2, (Value *[]){ counts, to }, NULL);
}

static Value *weighted(Onnx *o, const Grams *g, Value *y)
{
	Floats w = get_floats(o, "weights");
	int64_t n = w.n;

	if (get_is(o, "mode", "", "TF"))
		return y;
	bool idf = get_is(o, "mode", "", "IDF");
	if (!idf && !get_is(o, "mode", "", "TFIDF")) {
		refuse_attr(o, "mode", "is '%s', wanted TF, IDF or TFIDF", get_string(o, "mode", ""));
		return NULL;
	}
	if (n && n != g->columns) {
		refuse_attr(o, "weights", "has %d numbers, wanted %lld", w.n, (long long)g->columns);
		return NULL;
	}
	if (idf)
		y = with_number(o, OP_min, y, 1);
	return n ? EW(o, mul, y, floats_constant(o, DT_F32, 1, &n, w.at)) : y;
}

bool onnx_tfidf_vectorizer(Onnx *o)
{
	int64_t least = get_int(o, "min_gram_length", 1), most = get_int(o, "max_gram_length", 1), skips = get_int(o, "max_skip_count", 0);
	Value *x = arg(o, 0), *y = NULL;
	Grams g;

	if (!x || !grams_read(o, &g))
		return false;
	if (skips < 0 || skips > SKIPS_MAX)
		return refuse_attr(o, "max_skip_count", "is %lld, wanted 0 to %d", (long long)skips, SKIPS_MAX);
	int rank = x->type->rank;
	if (rank > 2)
		return refuse(o, "the operand has rank %d, wanted 1 or 2", rank);
	Dim rows = rank == 2 ? dim_at(x, 0) : dim_num(o, 1), length = rank ? dim_at(x, -1) : dim_num(o, 1), columns = dim_num(o, g.columns);
	if (!dim_is_const(length) || length->value > 1 << 20)
		return refuse(o, "the length of a row is not known, wanted a number");
	x = as_type(o, reshaped(o, x, 2, (Dim[]){ rows, length }), DT_I64);
	if (!x)
		return false;
	int64_t before = 0;
	for (int n = 1; n <= g.starts.n; n++) {
		int64_t end = n < g.starts.n ? g.starts.at[n] : g.pool.n, count = (end - g.starts.at[n - 1]) / n;
		for (int64_t d = 1; n >= least && n <= most && d <= (n == 1 ? 1 : skips + 1) && count && (n - 1) * d < length->value; d++) {
			Value *c = matches(o, x, length->value, n, d, count, g.pool.at + g.starts.at[n - 1]);
			c = in_columns(o, &g, c, count, g.column.at + before);
			y = y ? EW(o, add, y, c) : c;
			if (!y)
				return false;
		}
		before += count;
	}
	if (!y)
		y = splat(o, DT_F32, 2, (Dim[]){ rows, columns }, 0);
	y = weighted(o, &g, y);
	return give(o, 0, rank == 2 ? y : reshaped(o, y, 1, &columns));
}
