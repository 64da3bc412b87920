/* ir/eval_select.c - select_and_scatter, window by window. */
#include "ir/eval_impl.h"

typedef struct Select {
	int     rank;
	int64_t in[RANK_MAX], out[RANK_MAX], size[RANK_MAX], stride[RANK_MAX], low[RANK_MAX];
	int64_t in_stride[RANK_MAX];
	int     bytes;            /* of an element */
	Body    select, scatter;
} Select;

static void windows_of(const Op *op, const Tensor *x, const Tensor *source, Select *s)
{
	const struct attrs_select_and_scatter *a = op_attrs(select_and_scatter, op);

	s->rank = x->rank;
	s->bytes = dtype_size(x->dtype);
	eval_strides(x->rank, x->dim, s->in_stride);
	for (int i = 0; i < x->rank; i++) {
		s->in[i] = x->dim[i];
		s->out[i] = source->dim[i];
		s->size[i] = a->window.at[i];
		s->stride[i] = a->strides.n ? a->strides.at[i] : 1;
		s->low[i] = pads_low(a->padding, i, s->in[i], s->size[i], s->stride[i]);
	}
}

/* The part of the window at output position o that holds elements: first element and extent of each axis; false when there
   is none. */
static bool part_inside(const Select *s, const int64_t *o, int64_t *first, int64_t *extent)
{
	for (int i = 0; i < s->rank; i++) {
		int64_t from = o[i] * s->stride[i] - s->low[i], end = s->size[i] < s->in[i] - from ? from + s->size[i] : s->in[i];

		first[i] = from < 0 ? 0 : from;
		extent[i] = end - first[i];
		if (extent[i] <= 0)
			return false;
	}
	return true;
}

/* The element that the window selects. */
static bool pick(Select *s, const char *x, const int64_t *first, const int64_t *extent, int64_t *at)
{
	int64_t p[RANK_MAX] = { 0 }, base = eval_offset(s->rank, first, s->in_stride);

	*at = -1;
	do {
		int64_t here = base + eval_offset(s->rank, p, s->in_stride);
		uint8_t keep = 0;

		if (*at >= 0 && !body_call(&s->select, (const void *[]){ x + *at * s->bytes, x + here * s->bytes }, (void *[]){ &keep }, 1))
			return false;
		*at = keep ? *at : here;
	} while (eval_next(s->rank, extent, p));
	return true;
}

bool eval_select_and_scatter(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	const char *x = in[0]->data, *source = in[1]->data;
	int64_t o[RANK_MAX] = { 0 }, first[RANK_MAX], extent[RANK_MAX], at;
	Select s;

	windows_of(op, in[0], in[1], &s);
	if (!body_open(&s.select, e, op, op->region[0]) || !body_open(&s.scatter, e, op, op->region[1]))
		return false;
	out[0] = eval_tensor(e, op, op->result[0]->type);
	if (!out[0])
		return false;

	char *to = out[0]->data;
	for (int64_t i = 0; i < out[0]->count; i++)
		memcpy(to + i * s.bytes, in[2]->data, (size_t)s.bytes);
	if (in[1]->count == 0)
		return true;
	do {
		uint64_t sum;

		if (part_inside(&s, o, first, extent)) {
			if (!pick(&s, x, first, extent, &at) ||
			    !body_call(&s.scatter, (const void *[]){ to + at * s.bytes, source }, (void *[]){ &sum }, 1))
				return false;
			memcpy(to + at * s.bytes, &sum, (size_t)s.bytes);
		}
		source += s.bytes;
	} while (eval_next(s.rank, s.out, o));
	return true;
}
