/* ir/eval_sort.c - sort: a stable merge sort of positions, one line along the axis after the other; of `first` elements a heap of
   the best ones so far, the worst of them on top.

   The region is asked "is the later element less than the earlier one"; only then it overtakes.  So any answers, also
   inconsistent ones, end in some permutation. */
#include "ir/base/check.h"
#include "ir/eval_impl.h"

typedef struct Sort {
	Body    body;
	int     n;
	int64_t len;                     /* elements a line */
	int64_t first;                   /* of them, in the results */
	bool    select;                  /* `first` is given */
	void   *line[BODY_MAX];          /* of each operand, dense */
	int64_t *at, *tmp;               /* positions in the line */
} Sort;

static bool is_less(Sort *s, int64_t i, int64_t j, bool *less)
{
	const void *arg[BODY_MAX];
	uint8_t answer = 0;
	void *result = &answer;

	for (int k = 0; k < s->n; k++) {
		int64_t size = dtype_size(s->body.region->args.at[2 * k]->type->dtype);

		arg[2 * k] = (char *)s->line[k] + i * size;
		arg[2 * k + 1] = (char *)s->line[k] + j * size;
	}
	bool ok = body_call(&s->body, arg, &result, 1);
	*less = answer != 0;
	return ok;
}

/* at[low, mid) and at[mid, high) are sorted; tmp[low, high) becomes both. */
static bool merge(Sort *s, int64_t low, int64_t mid, int64_t high)
{
	int64_t i = low, j = mid;

	for (int64_t k = low; k < high; k++) {
		bool right = i == mid;

		if (i < mid && j < high && !is_less(s, s->at[j], s->at[i], &right))
			return false;
		s->tmp[k] = right ? s->at[j++] : s->at[i++];
	}
	return true;
}

/* Of two that are equal the later one is the worse. */
static bool is_worse(Sort *s, int64_t i, int64_t j, bool *worse)
{
	bool before;

	if (!is_less(s, j, i, worse) || !is_less(s, i, j, &before))
		return false;
	*worse = *worse || (!before && i > j);
	return true;
}

/* Puts `at` where it belongs below `hole`, among the first n. */
static bool sift_down(Sort *s, int64_t hole, int64_t n, int64_t at)
{
	for (int64_t child; (child = 2 * hole + 1) < n; hole = child) {
		bool worse = false;

		if (child + 1 < n && !is_worse(s, s->at[child + 1], s->at[child], &worse))
			return false;
		child += worse;
		if (!is_worse(s, s->at[child], at, &worse))
			return false;
		if (!worse)
			break;
		s->at[hole] = s->at[child];
	}
	s->at[hole] = at;
	return true;
}

static bool select_line(Sort *s)
{
	bool ok = true;

	for (int64_t i = 0; i < s->first; i++)
		s->at[i] = i;
	for (int64_t i = s->first / 2 - 1; i >= 0 && ok; i--)
		ok = sift_down(s, i, s->first, s->at[i]);
	for (int64_t i = s->first; i < s->len && ok && s->first; i++) {
		bool better = false;

		ok = is_less(s, i, s->at[0], &better) && (!better || sift_down(s, 0, s->first, i));
	}
	for (int64_t n = s->first - 1; n > 0 && ok; n--) {
		int64_t last = s->at[n];

		s->at[n] = s->at[0];
		ok = sift_down(s, 0, n, last);
	}
	return ok;
}

static bool sort_line(Sort *s)
{
	if (s->select)
		return select_line(s);
	for (int64_t i = 0; i < s->len; i++)
		s->at[i] = i;
	for (int64_t run = 1; run < s->len; run *= 2) {
		for (int64_t low = 0; low < s->len; low += 2 * run) {
			int64_t mid = low + run < s->len ? low + run : s->len;
			int64_t high = mid + run < s->len ? mid + run : s->len;

			if (!merge(s, low, mid, high))
				return false;
		}
		int64_t *swap = s->at;

		s->at = s->tmp;
		s->tmp = swap;
	}
	return true;
}

static void load_line(void *line, const Tensor *t, int64_t first, int64_t step, int64_t len)
{
	eval_copy(1, &len, (size_t)dtype_size(t->dtype), line, (int64_t[]){ 1 },
		(const char *)t->data + first * dtype_size(t->dtype), &step);
}

static void store_line(const Sort *s, const void *line, Tensor *t, int64_t first, int64_t step)
{
	size_t size = (size_t)dtype_size(t->dtype);

	for (int64_t i = 0; i < s->first; i++)
		memcpy((char *)t->data + (first + i * step) * (int64_t)size, (const char *)line + s->at[i] * (int64_t)size,
			size);
}

static bool sort_all(Sort *s, int64_t axis, Tensor *const *in, Tensor **out)
{
	int rank = in[0]->rank;
	int64_t stride[RANK_MAX], to[RANK_MAX], dim[RANK_MAX], idx[RANK_MAX] = { 0 };

	eval_strides(rank, in[0]->dim, stride);
	eval_strides(rank, out[0]->dim, to);
	memcpy(dim, in[0]->dim, sizeof dim);
	dim[axis] = 1;
	do {
		int64_t first = eval_offset(rank, idx, stride);

		for (int k = 0; k < s->n; k++)
			load_line(s->line[k], in[k], first, stride[axis], s->len);
		if (!sort_line(s))
			return false;
		for (int k = 0; k < s->n; k++)
			store_line(s, s->line[k], out[k], eval_offset(rank, idx, to), to[axis]);
	} while (eval_next(rank, dim, idx));
	return true;
}

bool eval_sort(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	int64_t axis = op_attrs(sort, op)->dim;
	Sort s = { .n = op->nargs, .len = in[0]->dim[axis], .select = op_attrs(sort, op)->first.n > 0 };

	if (!body_open(&s.body, e, op, op->region[0]))
		return false;
	for (int k = 0; k < s.n; k++) {
		out[k] = eval_tensor(e, op, op->result[k]->type);
		if (!out[k])
			return false;
		s.first = out[k]->dim[axis];
		if (in[k]->count != in[0]->count)
			return eval_fail(e, op, "operand %d has %lld elements, operand 0 has %lld", k, (long long)in[k]->count,
				(long long)in[0]->count);
	}
	if (in[0]->count == 0)
		return true;

	int64_t *at = s.at = eval_scratch(e, op, s.len, sizeof *s.at);
	int64_t *tmp = s.tmp = eval_scratch(e, op, s.len, sizeof *s.tmp);
	bool ok = at && tmp;

	for (int k = 0; k < s.n; k++) {
		s.line[k] = eval_scratch(e, op, s.len, (size_t)dtype_size(in[k]->dtype));
		ok &= s.line[k] != NULL;
	}
	ok = ok && sort_all(&s, axis, in, out);
	for (int k = 0; k < s.n; k++)
		eval_scratch_free(e, s.line[k], s.len, (size_t)dtype_size(in[k]->dtype));
	eval_scratch_free(e, at, s.len, sizeof *at);
	eval_scratch_free(e, tmp, s.len, sizeof *tmp);
	return ok;
}
