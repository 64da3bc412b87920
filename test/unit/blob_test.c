/* test/unit/blob_test.c - views of constants against arrays on which the same layout ops are done element by element. */
#include <stdlib.h>
#include <string.h>

#include "ir/blob.h"
#include "test/unit/unit.h"

#define COUNT_MAX 6000

/* A tensor as a plain array. */
typedef struct Plain {
	int      rank;
	int64_t  dim[RANK_MAX], count;
	uint64_t at[COUNT_MAX];
} Plain;

typedef struct Random { uint64_t state; } Random;

static int64_t below(Random *r, int64_t n)
{
	r->state = r->state * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)((r->state >> 33) % (uint64_t)n);
}

static void split(const Plain *p, int64_t flat, int64_t *index)
{
	for (int i = p->rank - 1; i >= 0; i--) {
		index[i] = flat % p->dim[i];
		flat /= p->dim[i];
	}
}

static int64_t flat(const Plain *p, const int64_t *index)
{
	int64_t f = 0;

	for (int i = 0; i < p->rank; i++)
		f = f * p->dim[i] + index[i];
	return f;
}

static void count(Plain *p)
{
	p->count = 1;
	for (int i = 0; i < p->rank; i++)
		p->count *= p->dim[i];
}

/* How element `index` of the result is found in the operand; false: it is zero. */
typedef bool (*Source)(const Plain *from, const int64_t *index, const int64_t *arg, int64_t *out);

static bool source_transpose(const Plain *from, const int64_t *index, const int64_t *perm, int64_t *out)
{
	for (int i = 0; i < from->rank; i++)
		out[perm[i]] = index[i];
	return true;
}

static bool source_slice(const Plain *from, const int64_t *index, const int64_t *start_stride, int64_t *out)
{
	for (int i = 0; i < from->rank; i++)
		out[i] = start_stride[i] + index[i] * start_stride[RANK_MAX + i];
	return true;
}

static bool source_broadcast(const Plain *from, const int64_t *index, const int64_t *dims, int64_t *out)
{
	for (int i = 0; i < from->rank; i++)
		out[i] = from->dim[i] == 1 ? 0 : index[dims[i]];
	return true;
}

static bool source_pad(const Plain *from, const int64_t *index, const int64_t *arg, int64_t *out)
{
	bool inside = true;

	(void)arg;
	for (int i = 0; i < from->rank; i++) {
		out[i] = index[i];
		inside = inside && index[i] < from->dim[i];
	}
	return inside;
}

static void derive(Plain *to, const Plain *from, Source source, const int64_t *arg)
{
	int64_t index[RANK_MAX], old[RANK_MAX];

	count(to);
	for (int64_t f = 0; f < to->count; f++) {
		split(to, f, index);
		to->at[f] = source(from, index, arg, old) ? from->at[flat(from, old)] : 0;
	}
}

static bool fits(int rank, const int64_t *dim)
{
	int64_t n = 1;

	for (int i = 0; i < rank; i++)
		n *= dim[i];
	return n <= COUNT_MAX;
}

static Blob *random_transpose(Arena *a, Random *r, const Blob *b, const Plain *from, Plain *to)
{
	int64_t perm[RANK_MAX];

	for (int i = 0; i < from->rank; i++) {
		int64_t k = below(r, i + 1);
		perm[i] = perm[k];
		perm[k] = i;
	}
	to->rank = from->rank;
	for (int i = 0; i < to->rank; i++)
		to->dim[i] = from->dim[perm[i]];
	derive(to, from, source_transpose, perm);
	return blob_transpose(a, b, perm);
}

static Blob *random_slice(Arena *a, Random *r, const Blob *b, const Plain *from, Plain *to)
{
	int64_t arg[2 * RANK_MAX], limit[RANK_MAX];

	to->rank = from->rank;
	for (int i = 0; i < from->rank; i++) {
		int64_t d = from->dim[i];
		arg[i] = below(r, 2) ? 0 : below(r, d + 1);
		limit[i] = below(r, 2) ? d : arg[i] + below(r, d - arg[i] + 1);
		arg[RANK_MAX + i] = 1 + below(r, 3);
		to->dim[i] = 0;
		for (int64_t x = arg[i]; x < limit[i]; x += arg[RANK_MAX + i])
			to->dim[i]++;
	}
	derive(to, from, source_slice, arg);
	return blob_slice(a, b, arg, limit, arg + RANK_MAX);
}

static Blob *random_broadcast(Arena *a, Random *r, const Blob *b, const Plain *from, Plain *to)
{
	int64_t dims[RANK_MAX];

	to->rank = 0;
	for (int i = 0; i < from->rank; i++) {
		if (to->rank + from->rank - i < 6 && below(r, 3) == 0)
			to->dim[to->rank++] = 1 + below(r, 3);
		dims[i] = to->rank;
		to->dim[to->rank++] = from->dim[i] == 1 ? 1 + below(r, 5) : from->dim[i];
	}
	if (!fits(to->rank, to->dim))
		return NULL;
	derive(to, from, source_broadcast, dims);
	return blob_broadcast(a, b, to->rank, to->dim, dims);
}

static Blob *random_pad(Arena *a, Random *r, const Blob *b, const Plain *from, Plain *to)
{
	int64_t high[RANK_MAX];

	to->rank = from->rank;
	for (int i = 0; i < from->rank; i++) {
		high[i] = below(r, 2) ? 0 : below(r, 6);
		to->dim[i] = from->dim[i] + high[i];
	}
	if (!fits(to->rank, to->dim))
		return NULL;
	derive(to, from, source_pad, NULL);
	return blob_pad_high(a, b, high);
}

/* Splits some axes by a divisor and merges some neighbours. */
static Blob *random_reshape(Arena *a, Random *r, const Blob *b, const Plain *from, Plain *to)
{
	to->rank = 0;
	for (int i = 0; i < from->rank; i++) {
		int64_t d = from->dim[i], divisor = 1 + below(r, 8);
		if (d && d % divisor == 0 && to->rank < 5) {
			to->dim[to->rank++] = d / divisor;
			d = divisor;
		}
		if (to->rank && below(r, 3) == 0)
			to->dim[to->rank - 1] *= d;
		else
			to->dim[to->rank++] = d;
	}
	count(to);
	memcpy(to->at, from->at, sizeof to->at);
	return blob_reshape(a, b, to->rank, to->dim);
}

typedef struct Sink { unsigned char *at; size_t n; } Sink;

static bool collect(void *arg, const void *bytes, size_t n)
{
	Sink *s = arg;

	memcpy(s->at + s->n, bytes, n);
	s->n += n;
	return true;
}

static bool compare(const Blob *b, const Plain *p)
{
	size_t size = (size_t)dtype_size(b->dtype);
	unsigned char *wanted = calloc((size_t)p->count + 1, size), *found = calloc((size_t)p->count + 1, size);
	Sink sink = { calloc((size_t)p->count + 1, size), 0 };
	bool ok = b->rank == p->rank && blob_count(b) == p->count;

	for (int i = 0; ok && i < p->rank; i++)
		ok = b->dim[i] == p->dim[i];
	if (ok) {
		for (int64_t i = 0; i < p->count; i++) {
			memcpy(wanted + (size_t)i * size, &p->at[i], size);
			ok = ok && blob_get(b, i) == p->at[i];
		}
		blob_copy(b, found);
		ok = ok && !memcmp(found, wanted, ((size_t)p->count + 1) * size); /* nothing behind the end either */
		ok = blob_stream(b, collect, &sink) && ok;
		ok = ok && sink.n == (size_t)p->count * size && !memcmp(sink.at, wanted, sink.n);
	}
	free(wanted);
	free(found);
	free(sink.at);
	return ok;
}

TEST(blob_random_views)
{
	static const DType types[4] = { DT_U8, DT_F16, DT_F32, DT_F64 };
	static Plain plain[2];
	Random r = { 7 };
	int nviews = 0, nrefused = 0;

	for (int round = 0; round < 3000; round++) {
		Arena *a = arena_new();
		DType t = types[round % 4];
		size_t size = (size_t)dtype_size(t);
		Plain *p = &plain[0], *q = &plain[1];
		p->rank = (int)below(&r, 4);
		for (int i = 0; i < p->rank; i++)
			p->dim[i] = 1 + below(&r, round % 3 ? 9 : 17);
		count(p);
		unsigned char *data = arena_alloc(a, (size_t)p->count * size);
		for (int64_t i = 0; i < p->count; i++) {
			p->at[i] = (uint64_t)(i + 1) & (size == 1 ? 0xff : 0xffff);
			memcpy(data + (size_t)i * size, &p->at[i], size);
		}
		Blob *b = blob_dense(a, t, p->rank, p->dim, data);
		EXPECT(blob_is_dense(b) && compare(b, p));
		for (int step = 0; step < 6; step++) {
			Blob *v = NULL;
			switch (below(&r, 5)) {
			case 0: v = random_transpose(a, &r, b, p, q); break;
			case 1: v = random_slice(a, &r, b, p, q); break;
			case 2: v = random_broadcast(a, &r, b, p, q); break;
			case 3: v = random_pad(a, &r, b, p, q); break;
			case 4: v = random_reshape(a, &r, b, p, q); break;
			}
			if (!v) {
				nrefused++;
				continue;
			}
			nviews++;
			if (!compare(v, q)) {
				unit_fail(__FILE__, __LINE__, "round %d, step %d differs", round, step);
				break;
			}
			EXPECT(compare(blob_materialize(a, v), q));
			EXPECT(blob_equal(v, blob_materialize(a, v)));
			b = v;
			Plain *swap = p;
			p = q;
			q = swap;
		}
		arena_free(a);
	}
	EXPECT(nviews > 10000);
	EXPECT(nrefused < nviews / 4);
}

TEST(blob_splats)
{
	Arena *a = arena_new();
	float x = 2.5f, out[6];
	Blob *b = blob_splat(a, DT_F32, 2, (int64_t[]){ 2, 3 }, &x);

	EXPECT(blob_is_splat(b));
	EXPECT(!blob_is_dense(b));
	EXPECT_EQ_INT(blob_bytes(b), 24);
	blob_copy(b, out);
	for (int i = 0; i < 6; i++)
		EXPECT_EQ_F32BITS(out[i], 2.5f);
	EXPECT(blob_reshape(a, b, 1, (int64_t[]){ 6 }) != NULL);
	EXPECT(blob_is_splat(blob_reshape(a, b, 1, (int64_t[]){ 6 })));
	EXPECT(!blob_is_splat(blob_pad_high(a, b, (int64_t[]){ 1, 0 })));
	EXPECT(!blob_is_splat(blob_splat(a, DT_F32, 1, (int64_t[]){ 0 }, &x)));
	EXPECT(blob_equal(b, blob_splat(a, DT_F32, 2, (int64_t[]){ 2, 3 }, &x)));
	EXPECT(!blob_equal(b, blob_splat(a, DT_F32, 2, (int64_t[]){ 3, 2 }, &x)));
	arena_free(a);
}

/* A merged axis cannot be walked with one step once it is transposed. */
TEST(blob_reshape_refuses)
{
	Arena *a = arena_new();
	float data[6] = { 0 };
	Blob *b = blob_dense(a, DT_F32, 2, (int64_t[]){ 2, 3 }, data);
	Blob *t = blob_transpose(a, b, (int64_t[]){ 1, 0 });

	EXPECT(blob_reshape(a, t, 1, (int64_t[]){ 6 }) == NULL);
	EXPECT(blob_reshape(a, t, 3, (int64_t[]){ 3, 1, 2 }) != NULL);
	arena_free(a);
}

static bool stop_at_two(void *arg, const void *bytes, size_t n)
{
	(void)bytes;
	(void)n;
	return ++*(int *)arg < 2;
}

/* Weights [K, N] (or [N, K] transposed) packed into panels of 16 columns, larger than a chunk. */
TEST(blob_packed_weights)
{
	enum { K = 700, N = 1000, PANELS = (N + 15) / 16 };
	Arena *a = arena_new();
	float *w = arena_alloc(a, sizeof(float) * K * N);
	float *found = arena_alloc(a, sizeof(float) * PANELS * K * 16), *streamed = arena_alloc(a, sizeof(float) * PANELS * K * 16);

	for (int i = 0; i < K * N; i++)
		w[i] = (float)i + 1;
	for (int transposed = 0; transposed < 2; transposed++) {
		Blob *b = blob_dense(a, DT_F32, 2, transposed ? (int64_t[]){ N, K } : (int64_t[]){ K, N }, w);
		if (transposed)
			b = blob_transpose(a, b, (int64_t[]){ 1, 0 });
		b = blob_pad_high(a, b, (int64_t[]){ 0, PANELS * 16 - N });
		b = blob_reshape(a, b, 3, (int64_t[]){ K, PANELS, 16 });
		REQUIRE(b != NULL);
		b = blob_transpose(a, b, (int64_t[]){ 1, 0, 2 });
		blob_copy(b, found);
		int wrong = 0;
		for (int p = 0; p < PANELS; p++) {
			for (int k = 0; k < K; k++) {
				for (int j = 0; j < 16; j++) {
					int n = p * 16 + j;
					float wanted = n >= N ? 0 : transposed ? w[n * K + k] : w[k * N + n];
					wrong += found[(p * K + k) * 16 + j] != wanted;
				}
			}
		}
		EXPECT_EQ_INT(wrong, 0);
		Sink sink = { (unsigned char *)streamed, 0 };
		EXPECT(blob_stream(b, collect, &sink));
		EXPECT_EQ_INT(sink.n, sizeof(float) * PANELS * K * 16);
		EXPECT(!memcmp(found, streamed, sink.n));
		int calls = 0;
		EXPECT(!blob_stream(b, stop_at_two, &calls));
		EXPECT_EQ_INT(calls, 2);
	}
	arena_free(a);
}
