/* ir/blob_copy.c - writing views out: one pass over the result, at the speed of memory.

   Axes that walk memory alike are merged first.  Two axes then make the inner kernel: the last one, along which
   the result is contiguous, and a partner.  Where the source is contiguous along the last axis (or constant), rows
   are copied with memcpy; where it is contiguous along another axis, that one is the partner, and tiles as wide
   as a cache line are transposed.  Either way the order is blocked so that a page of the source, once touched, gives
   some hundred bytes.  Bounds become the length of a row's prefix that is not zero. */
#include <stdlib.h>

#include "ir/base/check.h"
#include "ir/blob.h"

#define CHUNK_BYTES (1 << 20) /* of blob_stream */
#define LINE_BYTES 64
#define BLOCK 16               /* rows that are read side by side; a power of two */
#define TILES 4                /* tiles that are read side by side */

typedef struct Axis {
	int64_t dim, in, out;  /* steps in elements */
	int64_t coef[BLOB_BOUNDS_MAX];
} Axis;

typedef struct Nest {
	const char *in;
	char       *out;
	size_t      size;      /* bytes of an element */
	int         rank, nbounds;
	Axis        axis[RANK_MAX];  /* outer first; the last two are the partner and the row */
} Nest;

/* What is left of each limit at some outer index. */
typedef struct Left { int64_t of[BLOB_BOUNDS_MAX]; } Left;

static bool axes_merge(const Axis *outer, const Axis *inner, int nbounds)
{
	if (outer->in != inner->in * inner->dim)
		return false;
	for (int k = 0; k < nbounds; k++)
		if (outer->coef[k] != inner->coef[k] * inner->dim)
			return false;
	return true;
}

static void nest_make(Nest *n, const Blob *b, void *out)
{
	int64_t step = 1;

	*n = (Nest){ .in = b->data, .out = out, .size = (size_t)dtype_size(b->dtype), .nbounds = b->nbounds };
	CHECK(b->nbounds <= BLOB_BOUNDS_MAX, "constant with %d bounds", b->nbounds);
	/* From the last axis outwards, in reversed order. */
	for (int i = b->rank - 1; i >= 0; i--) {
		Axis x = { b->dim[i], b->stride[i], step, { 0 } };
		for (int k = 0; k < b->nbounds; k++)
			x.coef[k] = b->bound[k].coef[i];
		step *= b->dim[i];
		if (x.dim == 1)
			continue;
		if (n->rank && axes_merge(&x, &n->axis[n->rank - 1], n->nbounds))
			n->axis[n->rank - 1].dim *= x.dim;
		else
			n->axis[n->rank++] = x;
	}
	while (n->rank < 2)
		n->axis[n->rank++] = (Axis){ .dim = 1 };
	/* The partner of a strided row is the axis with step 1, if there is one. */
	int partner = 1;
	for (int i = 1; i < n->rank && n->axis[0].in != 1 && n->axis[0].in != 0; i++)
		if (n->axis[i].in == 1)
			partner = i;
	Axis chosen = n->axis[partner];
	for (int i = partner; i > 1; i--)
		n->axis[i] = n->axis[i - 1];
	n->axis[1] = chosen;
	for (int i = 0; i < n->rank / 2; i++) {
		Axis x = n->axis[i];
		n->axis[i] = n->axis[n->rank - 1 - i];
		n->axis[n->rank - 1 - i] = x;
	}
}

/* How many elements of the row at step r of the partner are not zero by a bound. */
static int64_t prefix(const Nest *n, const Left *left, int64_t r)
{
	const Axis *partner = &n->axis[n->rank - 2], *row = &n->axis[n->rank - 1];
	int64_t len = row->dim;

	for (int k = 0; k < n->nbounds; k++) {
		int64_t rest = left->of[k] - r * partner->coef[k], c = row->coef[k];
		if (rest <= 0)
			return 0;
		if (c && (rest - 1) / c + 1 < len)
			len = (rest - 1) / c + 1;
	}
	return len;
}

/* Elements may lie at any address: they are moved by memcpy, which compiles to one load or store. */
#define STRIDED(bits) \
	static void copy_strided##bits(char *out, const char *in, int64_t n, int64_t step) \
	{ \
		for (int64_t i = 0; i < n; i++) \
			memcpy(out + i * (bits / 8), in + i * step * (bits / 8), bits / 8); \
	}

/* out[r * out_step + i] = in[r + i * in_step] for r < nr, i < ni, nr and ni at most a line's elements.  A full tile
   goes through a buffer, so that each line of both sides is touched once: strides that are powers of two would
   evict them otherwise. */
#define TRANSPOSE(bits) \
	static void transpose##bits(char *out, int64_t out_step, const char *in, int64_t in_step, int64_t nr, int64_t ni) \
	{ \
		enum { SIZE = bits / 8, TILE = LINE_BYTES / SIZE }; \
		char from[TILE][TILE * SIZE], to[TILE * SIZE]; \
		if (nr < TILE || ni < TILE) { \
			for (int64_t r = 0; r < nr; r++) \
				for (int64_t i = 0; i < ni; i++) \
					memcpy(out + (r * out_step + i) * SIZE, in + (r + i * in_step) * SIZE, SIZE); \
			return; \
		} \
		for (int i = 0; i < TILE; i++) \
			memcpy(from[i], in + i * in_step * SIZE, LINE_BYTES); \
		for (int r = 0; r < TILE; r++) { \
			for (int i = 0; i < TILE; i++) \
				memcpy(to + i * SIZE, from[i] + r * SIZE, SIZE); \
			memcpy(out + r * out_step * SIZE, to, LINE_BYTES); \
		} \
	}
STRIDED(8)
STRIDED(16)
STRIDED(32)
STRIDED(64)
TRANSPOSE(8)
TRANSPOSE(16)
TRANSPOSE(32)
TRANSPOSE(64)

static void copy_row(char *out, const char *in, int64_t n, int64_t step, size_t size)
{
	if (step == 1) {
		memcpy(out, in, (size_t)n * size);
		return;
	}
	switch (size) {
	case 1: copy_strided8(out, in, n, step); break;
	case 2: copy_strided16(out, in, n, step); break;
	case 4: copy_strided32(out, in, n, step); break;
	case 8: copy_strided64(out, in, n, step); break;
	default: UNREACHABLE("element of %zu bytes", size);
	}
}

static void copy_one(const Nest *n, const char *in, char *out, const Left *left, int64_t r)
{
	const Axis *partner = &n->axis[n->rank - 2], *row = &n->axis[n->rank - 1];
	int64_t len = n->nbounds ? prefix(n, left, r) : row->dim, size = (int64_t)n->size;

	if (len)
		copy_row(out + r * partner->out * size, in + r * partner->in * size, len, row->in, n->size);
	if (len < row->dim)
		memset(out + (r * partner->out + len) * size, 0, (size_t)((row->dim - len) * size));
}

static void copy_rows(const Nest *n, const char *in, char *out, const Left *left)
{
	for (int64_t r = 0; r < n->axis[n->rank - 2].dim; r++)
		copy_one(n, in, out, left, r);
}

static Left left_at(const Nest *n, Left left, const Axis *x, int64_t i)
{
	for (int k = 0; k < n->nbounds; k++)
		left.of[k] -= i * x->coef[k];
	return left;
}

/* Rows that are neighbours in the source along `outer`, the axis before the partner, are copied side by side: panels
   of a matrix are written together while its rows are read. */
static void copy_panels(const Nest *n, const Axis *outer, const char *in, char *out, const Left *left)
{
	const Axis *partner = &n->axis[n->rank - 2];
	int64_t size = (int64_t)n->size;
	Left at[BLOCK];

	for (int64_t q = 0; q < outer->dim; q += BLOCK) {
		int nq = outer->dim - q < BLOCK ? (int)(outer->dim - q) : BLOCK;
		for (int i = 0; i < nq; i++)
			at[i] = left_at(n, *left, outer, q + i);
		for (int64_t r = 0; r < partner->dim; r++)
			for (int i = 0; i < nq; i++)
				copy_one(n, in + (q + i) * outer->in * size, out + (q + i) * outer->out * size, &at[i], r);
	}
}

static void transpose_tile(const Nest *n, const char *in, char *out, int64_t nr, int64_t ni)
{
	int64_t out_step = n->axis[n->rank - 2].out, in_step = n->axis[n->rank - 1].in;

	switch (n->size) {
	case 1: transpose8(out, out_step, in, in_step, nr, ni); break;
	case 2: transpose16(out, out_step, in, in_step, nr, ni); break;
	case 4: transpose32(out, out_step, in, in_step, nr, ni); break;
	case 8: transpose64(out, out_step, in, in_step, nr, ni); break;
	default: UNREACHABLE("element of %zu bytes", n->size);
	}
}

/* Tiles whose rows have the same prefix go through the transposing kernel; what a bound cuts at different lengths
   goes row by row. */
static void copy_tiles(const Nest *n, const char *in, char *out, const Left *left)
{
	const Axis *partner = &n->axis[n->rank - 2], *row = &n->axis[n->rank - 1];
	int64_t tile = LINE_BYTES / (int64_t)n->size, size = (int64_t)n->size;

	for (int64_t r = 0; r < partner->dim; r += TILES * tile) {
		int64_t end = partner->dim - r < TILES * tile ? partner->dim : r + TILES * tile;
		/* Prefixes shrink with r: the last row of the block has the shortest. */
		int64_t common = n->nbounds ? prefix(n, left, end - 1) : row->dim;
		for (int64_t i = 0; i < common; i += tile) {
			int64_t ni = common - i < tile ? common - i : tile;
			for (int64_t k = r; k < end; k += tile)
				transpose_tile(n, in + (k + i * row->in) * size, out + (k * partner->out + i) * size,
				               end - k < tile ? end - k : tile, ni);
		}
		for (int64_t k = r; k < end && common < row->dim; k++) {
			int64_t len = prefix(n, left, k);
			char *to = out + (k * partner->out + common) * size;
			if (len > common)
				copy_row(to, in + (k + common * row->in) * size, len - common, row->in, n->size);
			memset(to + (len - common) * size, 0, (size_t)((row->dim - len) * size));
		}
	}
}

static void copy_nest(const Nest *n, int level, const char *in, char *out, Left left)
{
	const Axis *x = &n->axis[level], *partner = &n->axis[n->rank - 2], *row = &n->axis[n->rank - 1];
	bool tiles = partner->in == 1 && row->in != 1 && row->in != 0;

	if (level == n->rank - 2) {
		if (tiles)
			copy_tiles(n, in, out, &left);
		else
			copy_rows(n, in, out, &left);
		return;
	}
	if (level == n->rank - 3 && !tiles && x->in < partner->in) {
		copy_panels(n, x, in, out, &left);
		return;
	}
	for (int64_t i = 0; i < x->dim; i++)
		copy_nest(n, level + 1, in + i * x->in * (int64_t)n->size, out + i * x->out * (int64_t)n->size,
		          left_at(n, left, x, i));
}

/* Without bounds every element is read; with bounds those that are read lie where the same view without padding
   would read them, which was inside when it was made. */
static void check_inside(const Blob *b)
{
	int64_t last = b->offset;

	for (int i = 0; i < b->rank; i++)
		last += b->stride[i] * (b->dim[i] - 1);
	CHECK(b->nbounds || (b->offset >= 0 && (uint64_t)last < b->size / (size_t)dtype_size(b->dtype)),
	      "a view outside of its data");
}

void blob_copy(const Blob *b, void *out)
{
	size_t bytes = blob_bytes(b);
	Left left = { { 0 } };
	Nest n;

	if (!bytes)
		return;
	check_inside(b);
	if (blob_is_dense(b)) {
		memcpy(out, (const char *)b->data + (size_t)b->offset * (size_t)dtype_size(b->dtype), bytes);
		return;
	}
	if (b->dtype == DT_C128) {   /* no element of the loops has 16 bytes */
		Blob parts = blob_parts(b);
		blob_copy(&parts, out);
		return;
	}
	nest_make(&n, b, out);
	for (int k = 0; k < b->nbounds; k++)
		left.of[k] = b->bound[k].limit;
	copy_nest(&n, 0, n.in + b->offset * (int64_t)n.size, n.out, left);
}

/* The part of b at one index of the axes before `axis`, and [from, to) of that axis. */
static Blob sub_blob(const Blob *b, const int64_t *index, int axis, int64_t from, int64_t to, BlobBound *bound)
{
	Blob part = *b;

	part.bound = bound;
	for (int k = 0; k < b->nbounds; k++)
		bound[k] = b->bound[k];
	for (int i = 0; i <= axis; i++) {
		int64_t start = i < axis ? index[i] : from;
		part.dim[i] = i < axis ? 1 : to - from;
		part.offset += start * b->stride[i];
		for (int k = 0; k < b->nbounds; k++)
			bound[k].limit -= start * b->bound[k].coef[i];
	}
	return part;
}

typedef bool (*Emit)(void *arg, const void *bytes, size_t n);

static bool stream_dense(const Blob *b, Emit emit, void *arg)
{
	const char *p = (const char *)b->data + (size_t)b->offset * (size_t)dtype_size(b->dtype);

	check_inside(b);
	for (size_t left = blob_bytes(b), n; left; left -= n, p += n) {
		n = left < CHUNK_BYTES ? left : CHUNK_BYTES;
		if (!emit(arg, p, n))
			return false;
	}
	return true;
}

/* Walks the axes before `axis` like an odometer. */
static bool next_index(const Blob *b, int64_t *index, int axis)
{
	for (int i = axis - 1; i >= 0; i--) {
		if (++index[i] < b->dim[i])
			return true;
		index[i] = 0;
	}
	return false;
}

bool blob_stream(const Blob *b, Emit emit, void *arg)
{
	int64_t index[RANK_MAX] = { 0 }, inner = dtype_size(b->dtype);
	int axis = b->rank - 1;
	BlobBound bound[BLOB_BOUNDS_MAX];
	bool ok = true;

	if (!blob_bytes(b))
		return true;
	if (blob_is_dense(b))
		return stream_dense(b, emit, arg);
	/* The outermost axis of which one step fits a chunk (rank 0 is dense). */
	while (axis > 0 && inner * b->dim[axis] <= CHUNK_BYTES)
		inner *= b->dim[axis--];
	int64_t steps = CHUNK_BYTES / inner, bytes = (steps < b->dim[axis] ? steps : b->dim[axis]) * inner;
	void *buffer = malloc((size_t)bytes);
	if (!buffer)
		out_of_memory((size_t)bytes);
	do {
		for (int64_t from = 0; ok && from < b->dim[axis]; from += steps) {
			int64_t to = b->dim[axis] - from < steps ? b->dim[axis] : from + steps;
			Blob part = sub_blob(b, index, axis, from, to, bound);
			blob_copy(&part, buffer);
			ok = emit(arg, buffer, (size_t)((to - from) * inner));
		}
	} while (ok && next_index(b, index, axis));
	free(buffer);
	return ok;
}
