/* ir/eval_index.c - gather and scatter, after StableHLO's specification, with batching dimensions.

   Both walk the positions of the index tensor (its axes but the one that holds index vectors); each position gives the
   corner of a window of the operand. */
#include "ir/base/check.h"
#include "ir/eval_impl.h"

/* How positions of the index tensor name corners of the operand. */
typedef struct Corners {
	const Tensor *index;
	int     nbatch;                  /* axes of the index tensor but index_vector_dim */
	int     axis[RANK_MAX];          /* those */
	int64_t dim[RANK_MAX];           /* their extents */
	int64_t stride[RANK_MAX];        /* in elements of the index tensor */
	int64_t step;                    /* between the components of an index vector */
	Ints    map;                     /* component -> operand axis */
	Ints    operand_batching, index_batching;
} Corners;

static Corners corners_of(const Tensor *index, int64_t vector_dim, Ints map, Ints operand_batching, Ints index_batching)
{
	Corners c = { .index = index, .step = 1, .map = map, .operand_batching = operand_batching,
		.index_batching = index_batching };
	int64_t stride[RANK_MAX];

	eval_strides(index->rank, index->dim, stride);
	for (int i = 0; i < index->rank; i++) {
		if (i == vector_dim) {
			c.step = stride[i];
			continue;
		}
		c.axis[c.nbatch] = i;
		c.dim[c.nbatch] = index->dim[i];
		c.stride[c.nbatch++] = stride[i];
	}
	return c;
}

static bool corners_any(const Corners *c)
{
	for (int i = 0; i < c->nbatch; i++) {
		if (c->dim[i] == 0)
			return false;
	}
	return true;
}

/* The corner at position `batch` of the index tensor: start[d] for each axis of the operand. */
static void corner(const Corners *c, const int64_t *batch, int rank, int64_t *start)
{
	int64_t at = eval_offset(c->nbatch, batch, c->stride);

	for (int d = 0; d < rank; d++)
		start[d] = 0;
	for (int i = 0; i < c->map.n; i++) {
		int64_t x = eval_int(c->index, at + i * c->step);

		/* Beyond int64: out of range at the upper end, not negative. */
		start[c->map.at[i]] = x < 0 && c->index->dtype == DT_U64 ? INT64_MAX : x;
	}
	for (int i = 0; i < c->operand_batching.n; i++) {
		for (int k = 0; k < c->nbatch; k++) {
			if (c->axis[k] == c->index_batching.at[i])
				start[c->operand_batching.at[i]] = batch[k];
		}
	}
}

static bool has(Ints list, int64_t x)
{
	for (int i = 0; i < list.n; i++) {
		if (list.at[i] == x)
			return true;
	}
	return false;
}

/* Axes of the operand that a window spans: all but those in a and b. */
static int window_axes(int rank, Ints a, Ints b, int *axis)
{
	int n = 0;

	for (int d = 0; d < rank; d++) {
		if (!has(a, d) && !has(b, d))
			axis[n++] = d;
	}
	return n;
}

/* Strides of the axes of t that are not in `window`, in order. */
static void other_strides(const Tensor *t, Ints window, int64_t *stride)
{
	int64_t own[RANK_MAX];
	int n = 0;

	eval_strides(t->rank, t->dim, own);
	for (int i = 0; i < t->rank; i++) {
		if (!has(window, i))
			stride[n++] = own[i];
	}
}

bool eval_gather(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	const struct attrs_gather *a = op_attrs(gather, op);
	const Tensor *x = in[0];
	size_t size = (size_t)dtype_size(x->dtype);
	Corners c = corners_of(in[1], a->index_vector_dim, a->start_index_map, a->operand_batching_dims,
		a->start_indices_batching_dims);

	out[0] = eval_tensor(e, op, op->result[0]->type);
	if (!out[0])
		return false;

	int axis[RANK_MAX], n = window_axes(x->rank, a->collapsed_slice_dims, a->operand_batching_dims, axis);
	int64_t own[RANK_MAX], own_out[RANK_MAX], batch_stride[RANK_MAX];
	int64_t dim[RANK_MAX], src[RANK_MAX], dst[RANK_MAX], batch[RANK_MAX] = { 0 }, start[RANK_MAX], slice[RANK_MAX];

	if (!eval_dims(e, op, x->rank, a->slice_sizes.at, slice))
		return false;
	for (int d = 0; d < x->rank; d++) {
		if (slice[d] > x->dim[d] && out[0]->count > 0)
			return eval_fail(e, op, "slice size %lld does not fit into extent %lld of axis %d", (long long)slice[d],
				(long long)x->dim[d], d);
	}
	if (out[0]->count == 0 || !corners_any(&c))
		return true;
	eval_strides(x->rank, x->dim, own);
	eval_strides(out[0]->rank, out[0]->dim, own_out);
	other_strides(out[0], a->offset_dims, batch_stride);
	for (int i = 0; i < n; i++) {
		dim[i] = slice[axis[i]];
		src[i] = own[axis[i]];
		dst[i] = own_out[a->offset_dims.at[i]];
	}
	do {
		corner(&c, batch, x->rank, start);
		for (int i = 0; i < a->start_index_map.n; i++) {
			int64_t d = a->start_index_map.at[i], last = x->dim[d] - slice[d];

			start[d] = start[d] < 0 ? 0 : start[d] > last ? last : start[d];
		}
		for (int i = 0; i < a->operand_batching_dims.n; i++) {
			int64_t d = a->operand_batching_dims.at[i];

			if (start[d] >= x->dim[d])
				return eval_fail(e, op, "batching axis %lld has extent %lld, the indices have more", (long long)d,
					(long long)x->dim[d]);
		}
		eval_copy(n, dim, size, (char *)out[0]->data + eval_offset(c.nbatch, batch, batch_stride) * (int64_t)size,
			dst, (const char *)x->data + eval_offset(x->rank, start, own) * (int64_t)size, src);
	} while (eval_next(c.nbatch, c.dim, batch));
	return true;
}

/* A scatter at work. */
typedef struct Scatter {
	const struct attrs_scatter *a;
	Body    body;
	Corners c;
	int     n;
	const Tensor *update;            /* the first: all have its shape */
	int     axis[RANK_MAX];          /* operand axes that windows span, in order of update_window_dims */
	int     nwindow;
	int64_t own[RANK_MAX];           /* strides of the operand */
	int64_t *corner_at;              /* element of each corner, or -1 where the window does not fit */
	int64_t corner_stride[RANK_MAX];
} Scatter;

/* Whether the window with this corner lies inside x; its first element. */
static int64_t fit(const Scatter *s, const Tensor *x, const int64_t *start)
{
	int64_t extent[RANK_MAX];

	for (int d = 0; d < x->rank; d++)
		extent[d] = 1;
	for (int i = 0; i < s->nwindow; i++)
		extent[s->axis[i]] = s->update->dim[s->a->update_window_dims.at[i]];
	for (int d = 0; d < x->rank; d++) {
		if (start[d] < 0 || start[d] > x->dim[d] - extent[d])
			return -1;
	}
	return eval_offset(x->rank, start, s->own);
}

static void find_corners(Scatter *s, const Tensor *x)
{
	int64_t batch[RANK_MAX] = { 0 }, start[RANK_MAX], i = 0;

	do {
		corner(&s->c, batch, x->rank, start);
		s->corner_at[i++] = fit(s, x, start);
	} while (eval_next(s->c.nbatch, s->c.dim, batch));
}

/* The element of the result that the update at idx goes to, or -1. */
static int64_t target(const Scatter *s, const int64_t *idx)
{
	int64_t at = 0, inside = 0;
	int outer = 0, window = 0;

	for (int i = 0; i < s->update->rank; i++) {
		if (has(s->a->update_window_dims, i))
			inside += idx[i] * s->own[s->axis[window++]];
		else
			at += idx[i] * s->corner_stride[outer++];
	}
	return s->corner_at[at] < 0 ? -1 : s->corner_at[at] + inside;
}

static bool apply_updates(Scatter *s, Tensor *const *update, Tensor **out)
{
	int64_t idx[RANK_MAX] = { 0 };
	uint64_t new_bits[BODY_MAX];
	const void *arg[BODY_MAX];
	void *result[BODY_MAX];

	for (int64_t i = 0; i < s->update->count; i++, eval_next(s->update->rank, s->update->dim, idx)) {
		int64_t at = target(s, idx);

		if (at < 0)
			continue;
		for (int k = 0; k < s->n; k++) {
			int64_t size = dtype_size(out[k]->dtype);

			arg[k] = (char *)out[k]->data + at * size;
			arg[s->n + k] = (const char *)update[k]->data + i * size;
			result[k] = &new_bits[k];
		}
		if (!body_call(&s->body, arg, result, 1))
			return false;
		for (int k = 0; k < s->n; k++)
			memcpy((void *)arg[k], &new_bits[k], (size_t)dtype_size(out[k]->dtype));
	}
	return true;
}

bool eval_scatter(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	const struct attrs_scatter *a = op_attrs(scatter, op);
	Scatter s = { .a = a, .n = (op->nargs - 1) / 2 };
	const Tensor *x = in[0];
	int64_t ncorners = 1;

	s.update = in[s.n + 1];
	s.c = corners_of(in[s.n], a->index_vector_dim, a->scatter_dims_to_operand_dims, a->input_batching_dims,
		a->scatter_indices_batching_dims);
	s.nwindow = window_axes(x->rank, a->inserted_window_dims, a->input_batching_dims, s.axis);
	eval_strides(x->rank, x->dim, s.own);
	eval_strides(s.c.nbatch, s.c.dim, s.corner_stride);
	for (int i = 0; i < s.c.nbatch; i++)
		ncorners *= s.c.dim[i];
	if (!body_open(&s.body, e, op, op->region[0]))
		return false;
	for (int k = 0; k < s.n; k++) {
		out[k] = eval_tensor(e, op, op->result[k]->type);
		if (!out[k])
			return false;
		if (in[k]->count != x->count || in[s.n + 1 + k]->count != s.update->count)
			return eval_fail(e, op, "the inputs or the updates differ in shape");
		memcpy(out[k]->data, in[k]->data, (size_t)(in[k]->count * dtype_size(in[k]->dtype)));
	}
	if (s.update->count == 0 || ncorners == 0)
		return true;
	for (int i = 0, k = 0; i < s.update->rank; i++) {
		if (!has(a->update_window_dims, i) && s.update->dim[i] != s.c.dim[k++])
			return eval_fail(e, op, "axis %d of the updates does not match the indices", i);
	}
	s.corner_at = eval_scratch(e, op, ncorners, sizeof *s.corner_at);
	if (!s.corner_at)
		return false;
	find_corners(&s, x);

	bool ok = apply_updates(&s, in + s.n + 1, out);

	eval_scratch_free(e, s.corner_at, ncorners, sizeof *s.corner_at);
	return ok;
}
