/* ir/blob.c - views of constant tensors: making them and composing them.

   A view maps an index linearly to a position, and each bound maps it linearly to a number that is compared with
   a limit.  So an axis has one column of numbers, its stride and its coefficient in each bound, and a layout op
   does the same to all of them.  Coefficients are never negative: along any axis, what is not zero is a prefix. */
#include "ir/blob.h"

#include "ir/base/check.h"
#include "ir/base/num.h"

#define BOUNDS_MAX BLOB_BOUNDS_MAX

/* Row 0: strides; row k + 1: coefficients of bound k. */
typedef struct Columns {
	int     n;
	int64_t row[BOUNDS_MAX + 1][RANK_MAX];
} Columns;

static Columns columns_of(const Blob *b)
{
	Columns c = { .n = b->nbounds + 1 };

	memcpy(c.row[0], b->stride, sizeof b->stride);
	for (int k = 0; k < b->nbounds; k++)
		memcpy(c.row[k + 1], b->bound[k].coef, sizeof b->bound[k].coef);
	return c;
}

static bool dims_have_zero(int rank, const int64_t *dim)
{
	for (int i = 0; i < rank; i++)
		if (!dim[i])
			return true;
	return false;
}

Blob *blob_read_as(Arena *a, Blob *b, DType t)
{
	if (b->dtype == t || strcmp(dtype_info[b->dtype].safetensors, dtype_info[t].safetensors) != 0 || !dtype_fits(t, b->data, b->size))
		return b;
	Blob *as = arena_copy(a, b, sizeof *b);
	as->dtype = t;
	return as;
}

/* A copy of b with other dimensions, rows and bounds; bounds that no index reaches are dropped. */
static Blob *blob_view(Arena *a, const Blob *b, int rank, const int64_t *dim, const Columns *c, int64_t offset,
		       const int64_t *limit)
{
	Blob *v = arena_copy(a, b, sizeof *b);
	BlobBound *bound = c->n > 1 ? ARENA_ARRAY(a, BlobBound, c->n - 1) : NULL;
	bool empty = dims_have_zero(rank, dim);

	v->rank = rank;
	v->offset = empty ? 0 : offset;
	v->nbounds = 0;
	v->bound = bound;
	memset(v->dim, 0, sizeof v->dim);
	memset(v->stride, 0, sizeof v->stride);
	for (int i = 0; i < rank; i++) {
		v->dim[i] = dim[i];
		v->stride[i] = empty || dim[i] == 1 ? 0 : c->row[0][i];
	}
	for (int k = 1; k < c->n && !empty; k++) {
		BlobBound *to = &bound[v->nbounds];
		int64_t last = 0;
		*to = (BlobBound){ .limit = limit[k - 1] };
		for (int i = 0; i < rank; i++) {
			to->coef[i] = dim[i] == 1 ? 0 : c->row[k][i];
			last += to->coef[i] * (dim[i] - 1);
		}
		v->nbounds += last >= to->limit;
	}
	return v;
}

static void limits_of(const Blob *b, int64_t *limit)
{
	for (int k = 0; k < b->nbounds; k++)
		limit[k] = b->bound[k].limit;
}

int64_t blob_count(const Blob *b)
{
	int64_t n = 1;

	if (dims_have_zero(b->rank, b->dim))
		return 0;
	for (int i = 0; i < b->rank; i++)
		CHECK(i64_mul(n, b->dim[i], &n), "number of elements of a constant overflows");
	return n;
}

size_t blob_bytes(const Blob *b)
{
	int64_t n;

	CHECK(i64_mul(blob_count(b), dtype_size(b->dtype), &n), "size of a constant overflows");
	return (size_t)n;
}

Blob *blob_dense(Arena *a, DType dtype, int rank, const int64_t *dim, const void *data)
{
	Blob *b = ARENA_NEW(a, Blob);
	int64_t stride = 1;

	CHECK(rank >= 0 && rank <= RANK_MAX, "constant of rank %d", rank);
	b->dtype = dtype;
	b->rank = rank;
	b->data = data;
	for (int i = 0; i < rank; i++)
		b->dim[i] = dim[i];
	b->size = blob_bytes(b);
	for (int i = rank - 1; i >= 0 && b->size; i--) {
		b->stride[i] = dim[i] == 1 ? 0 : stride;
		stride *= dim[i];
	}
	return b;
}

Blob *blob_splat(Arena *a, DType dtype, int rank, const int64_t *dim, const void *element)
{
	Blob *b = ARENA_NEW(a, Blob);

	CHECK(rank >= 0 && rank <= RANK_MAX, "constant of rank %d", rank);
	b->dtype = dtype;
	b->rank = rank;
	for (int i = 0; i < rank; i++)
		b->dim[i] = dim[i];
	b->size = (size_t)dtype_size(dtype);
	b->data = arena_copy(a, element, b->size);
	return b;
}

bool blob_is_splat(const Blob *b)
{
	for (int i = 0; i < b->rank; i++)
		if (!b->dim[i] || (b->dim[i] > 1 && b->stride[i]))
			return false;
	return !b->nbounds;
}

bool blob_is_dense(const Blob *b)
{
	int64_t stride = 1;

	if (dims_have_zero(b->rank, b->dim))
		return true;
	for (int i = b->rank - 1; i >= 0; i--) {
		if (b->dim[i] > 1 && b->stride[i] != stride)
			return false;
		stride *= b->dim[i];
	}
	return !b->nbounds;
}

Blob *blob_transpose(Arena *a, const Blob *b, const int64_t *perm)
{
	Columns from = columns_of(b), to = { .n = from.n };
	int64_t dim[RANK_MAX], limit[BOUNDS_MAX];

	for (int i = 0; i < b->rank; i++) {
		CHECK(perm[i] >= 0 && perm[i] < b->rank, "permutation of a constant");
		dim[i] = b->dim[perm[i]];
		for (int k = 0; k < from.n; k++)
			to.row[k][i] = from.row[k][perm[i]];
	}
	limits_of(b, limit);
	return blob_view(a, b, b->rank, dim, &to, b->offset, limit);
}

/* Axes i .. end - 1 of the rows can be walked as one axis. */
static bool axes_merge(const Columns *c, const int64_t *dim, int i, int end)
{
	for (; i + 1 < end; i++)
		for (int k = 0; k < c->n; k++)
			if (c->row[k][i] != c->row[k][i + 1] * dim[i + 1])
				return false;
	return true;
}

/* Old and new axes are matched in the smallest groups with equal numbers of elements; each old group must walk
   memory like one axis, which the new group then splits. */
Blob *blob_reshape(Arena *a, const Blob *b, int rank, const int64_t *dim)
{
	Columns all = columns_of(b), old = { .n = all.n }, to = { .n = all.n };
	int64_t from[RANK_MAX], limit[BOUNDS_MAX];
	int n = 0, i = 0;

	limits_of(b, limit);
	if (dims_have_zero(rank, dim))
		return blob_view(a, b, rank, dim, &to, 0, limit);
	for (int k = 0; k < b->rank; k++) {
		if (b->dim[k] == 1)
			continue;
		for (int r = 0; r < all.n; r++)
			old.row[r][n] = all.row[r][k];
		from[n++] = b->dim[k];
	}
	for (int j = 0; j < rank;) {
		if (dim[j] == 1) {
			j++;
			continue;
		}
		CHECK(i < n, "reshape of a constant changes the number of elements");
		int i1 = i + 1, j1 = j + 1;
		for (int64_t p = from[i], q = dim[j]; p != q;) {
			CHECK(p < q ? i1 < n : j1 < rank, "reshape of a constant changes the number of elements");
			if (p < q)
				p *= from[i1++];
			else
				q *= dim[j1++];
		}
		if (!axes_merge(&old, from, i, i1))
			return NULL;
		for (int r = 0; r < old.n; r++) {
			int64_t step = old.row[r][i1 - 1];
			for (int k = j1 - 1; k >= j; k--) {
				to.row[r][k] = step;
				step *= dim[k];
			}
		}
		i = i1;
		j = j1;
	}
	CHECK(i == n, "reshape of a constant changes the number of elements");
	return blob_view(a, b, rank, dim, &to, b->offset, limit);
}

Blob *blob_slice(Arena *a, const Blob *b, const int64_t *start, const int64_t *limit, const int64_t *stride)
{
	Columns c = columns_of(b);
	int64_t dim[RANK_MAX], end[BOUNDS_MAX], offset = b->offset;

	limits_of(b, end);
	for (int i = 0; i < b->rank; i++) {
		int64_t step = stride ? stride[i] : 1;
		CHECK(start[i] >= 0 && start[i] <= limit[i] && limit[i] <= b->dim[i] && step > 0, "slice of a constant");
		dim[i] = (limit[i] - start[i]) / step + ((limit[i] - start[i]) % step != 0);
		offset += start[i] * c.row[0][i];
		for (int k = 1; k < c.n; k++)
			end[k - 1] -= start[i] * c.row[k][i];
		for (int k = 0; k < c.n; k++)
			c.row[k][i] *= dim[i] > 1 ? step : 0;
	}
	return blob_view(a, b, b->rank, dim, &c, offset, end);
}

Blob *blob_broadcast(Arena *a, const Blob *b, int rank, const int64_t *dim, const int64_t *dims)
{
	Columns from = columns_of(b), to = { .n = from.n };
	int64_t limit[BOUNDS_MAX];

	for (int i = 0; i < b->rank; i++) {
		CHECK(dims[i] >= 0 && dims[i] < rank && (b->dim[i] == 1 || b->dim[i] == dim[dims[i]]), "broadcast of a constant");
		for (int k = 0; k < from.n; k++)
			to.row[k][dims[i]] = b->dim[i] == 1 ? 0 : from.row[k][i];
	}
	limits_of(b, limit);
	return blob_view(a, b, rank, dim, &to, b->offset, limit);
}

Blob *blob_pad_high(Arena *a, const Blob *b, const int64_t *high)
{
	Columns c = columns_of(b);
	int64_t dim[RANK_MAX], limit[BOUNDS_MAX];

	limits_of(b, limit);
	for (int i = 0; i < b->rank; i++) {
		CHECK(i64_add(b->dim[i], high[i], &dim[i]) && dim[i] >= 0, "padding of a constant");
		if (high[i] <= 0)
			continue;
		if (c.n > BOUNDS_MAX)
			return NULL;
		c.row[c.n][i] = 1;
		limit[c.n++ - 1] = b->dim[i];
	}
	return blob_view(a, b, b->rank, dim, &c, b->offset, limit);
}

Blob *blob_materialize(Arena *a, const Blob *b)
{
	void *data = arena_alloc(a, blob_bytes(b));

	blob_copy(b, data);
	Blob *dense = blob_dense(a, b->dtype, b->rank, b->dim, data);
	dense->key = b->key;
	return dense;
}

Blob blob_parts(const Blob *b)
{
	Blob v = *b;

	CHECK(dtype_is_complex(b->dtype) && b->rank < RANK_MAX, "parts of %s", dtype_info[b->dtype].name);
	v.dtype = dtype_part(b->dtype);
	v.offset *= 2;
	for (int i = 0; i < b->rank; i++)
		v.stride[i] *= 2;
	v.dim[v.rank] = 2;
	v.stride[v.rank++] = 1;
	return v;
}

uint64_t blob_get(const Blob *b, int64_t index)
{
	int64_t at = b->offset, value[BOUNDS_MAX] = { 0 };
	size_t size = (size_t)dtype_size(b->dtype);
	uint64_t bits = 0;

	CHECK(index >= 0 && index < blob_count(b), "element %lld of a constant", (long long)index);
	CHECK(size <= sizeof bits, "an element of %d bytes", (int)size);
	for (int i = b->rank - 1; i >= 0; i--) {
		int64_t x = index % b->dim[i];
		index /= b->dim[i];
		at += x * b->stride[i];
		for (int k = 0; k < b->nbounds; k++)
			value[k] += x * b->bound[k].coef[i];
	}
	for (int k = 0; k < b->nbounds; k++)
		if (value[k] >= b->bound[k].limit)
			return 0;
	CHECK(at >= 0 && (uint64_t)at < b->size / size, "a view outside of its data");
	memcpy(&bits, (const char *)b->data + (size_t)at * size, size);
	return bits;
}

static bool same_view(const Blob *a, const Blob *b)
{
	if (a->data != b->data || a->offset != b->offset || a->nbounds != b->nbounds
	    || memcmp(a->stride, b->stride, sizeof a->stride))
		return false;
	return !a->nbounds || !memcmp(a->bound, b->bound, sizeof *a->bound * (size_t)a->nbounds);
}

bool blob_equal(const Blob *a, const Blob *b)
{
	if (a->dtype != b->dtype || a->rank != b->rank || memcmp(a->dim, b->dim, sizeof *a->dim * (size_t)a->rank))
		return false;
	int64_t n = blob_count(a);
	if (!n || same_view(a, b))
		return true;
	if (a->dtype == DT_C128) {
		Blob x = blob_parts(a), y = blob_parts(b);
		return blob_equal(&x, &y);
	}
	if (blob_is_splat(a) && blob_is_splat(b))
		return blob_get(a, 0) == blob_get(b, 0);
	if (n > (64 << 10) / dtype_size(a->dtype))
		return false;
	for (int64_t i = 0; i < n; i++)
		if (blob_get(a, i) != blob_get(b, i))
			return false;
	return true;
}
