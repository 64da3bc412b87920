/* ir/eval_conv.c - conv_general: for each output position the row of its terms, then the contraction with the kernel.

   Terms run over the kernel's spatial positions (in the order of rhs_spec, major first), then over the input features of
   the group.  Padding is a term with +0.  The holes of lhs dilation are left out, those that the distance between two elements
   would have among the padding too, but keep their numbers in the chunks. */
#include "ir/base/check.h"
#include "ir/base/num.h"
#include "ir/eval_impl.h"
#include "ir/order.h"

typedef struct Conv {
	const struct attrs_conv_general *at;
	int     nspatial;
	int64_t in[RANK_MAX], kernel[RANK_MAX], out[RANK_MAX]; /* spatial extents */
	int64_t stride[RANK_MAX], dil_in[RANK_MAX], dil_kernel[RANK_MAX], low[RANK_MAX];
	int64_t batch, features;   /* of the input */
	int64_t group_in;          /* input features a group */
	int64_t group_out;         /* output features a group */
	int64_t terms;
	DType   type;
} Conv;

static int64_t or_one(Ints list, int i)
{
	return i < list.n ? list.at[i] : 1;
}

/* PAD_SAME gives ceil(extent / stride) results. */
int64_t pads_low(Pads p, int i, int64_t extent, int64_t window, int64_t stride)
{
	if (p.mode == PAD_EXPLICIT)
		return p.low[i];
	if (p.mode == PAD_VALID || extent == 0)
		return 0;

	int64_t total = (extent - 1) / stride * stride + window - extent;

	return total > 0 ? total / 2 : 0;
}

int64_t dilated(int64_t extent, int64_t dilation)
{
	return extent == 0 ? 0 : (extent - 1) * dilation + 1;
}

static Conv conv_of(const Op *op, Tensor *const *in, const Tensor *out)
{
	const struct attrs_conv_general *at = op_attrs(conv_general, op);
	Conv c = { .at = at, .nspatial = in[0]->rank - 2, .type = contract_type(out->dtype) };

	c.batch = in[0]->dim[at->lhs_spec.at[0]];
	c.features = in[0]->dim[at->lhs_spec.at[1]];
	c.group_in = in[1]->dim[at->rhs_spec.at[1]];
	c.group_out = in[1]->dim[at->rhs_spec.at[0]] / (at->feature_groups * at->batch_groups);
	c.terms = c.group_in;
	for (int i = 0; i < c.nspatial; i++) {
		c.in[i] = in[0]->dim[at->lhs_spec.at[2 + i]];
		c.kernel[i] = in[1]->dim[at->rhs_spec.at[2 + i]];
		c.out[i] = out->dim[at->out_spec.at[2 + i]];
		c.stride[i] = or_one(at->strides, i);
		c.dil_in[i] = or_one(at->lhs_dilation, i);
		c.dil_kernel[i] = or_one(at->rhs_dilation, i);
		c.low[i] = pads_low(at->padding, i, dilated(c.in[i], c.dil_in[i]), dilated(c.kernel[i], c.dil_kernel[i]),
			c.stride[i]);
		c.terms *= c.kernel[i];
	}
	return c;
}

enum { TERM_VALUE, TERM_PADDING, TERM_HOLE };

/* What the kernel's position `w` meets at output position `o`: an element, padding or a hole; *at is the element's
   number among the input's spatial positions. */
static int meet(const Conv *c, const int64_t *o, const int64_t *w, int64_t *at)
{
	int kind = TERM_VALUE;

	*at = 0;
	for (int i = 0; i < c->nspatial; i++) {
		int64_t p = o[i] * c->stride[i] + w[i] * c->dil_kernel[i] - c->low[i];

		if (p % c->dil_in[i] != 0)
			return TERM_HOLE;
		if (p < 0 || p >= dilated(c->in[i], c->dil_in[i]))
			kind = TERM_PADDING;
		*at = *at * c->in[i] + p / c->dil_in[i];
	}
	return kind;
}

/* row[k] and hole[k] for the terms of output position o; x is [spatial][features] of one sample, from the group's first
   feature on. */
static void fill_row(const Conv *c, const int64_t *o, const char *x, char *row, uint8_t *hole)
{
	size_t size = (size_t)dtype_size(c->type), n = (size_t)c->group_in;
	int64_t w[RANK_MAX] = { 0 }, at;

	do {
		int kind = meet(c, o, w, &at);

		memset(hole, kind == TERM_HOLE, n);
		if (kind == TERM_VALUE)
			memcpy(row, x + at * c->features * (int64_t)size, n * size);
		else
			memset(row, 0, n * size);
		row += n * size;
		hole += n;
	} while (eval_next(c->nspatial, c->kernel, w));
}

/* x: [batch][spatial][features], kernel: [spatial][group_in][output features], both dense. */
static void convolve(const Conv *c, Tensor *out, const char *x, const char *kernel, char *row, uint8_t *hole, char *acc,
	char *tmp)
{
	int64_t size = dtype_size(c->type), groups = c->at->feature_groups * c->at->batch_groups;
	int64_t per_batch = c->batch / c->at->batch_groups, ldb = groups * c->group_out;
	int64_t stride[RANK_MAX], sample = c->features;

	eval_strides(out->rank, out->dim, stride);
	for (int i = 0; i < c->nspatial; i++)
		sample *= c->in[i];
	for (int64_t g = 0; g < groups; g++) {
		/* Either kind of group takes its own output features; feature groups their own input features, batch
		   groups their own samples. */
		int64_t first = c->at->feature_groups > 1 ? g * c->group_in : 0;
		int64_t from = c->at->batch_groups > 1 ? g * per_batch : 0;

		for (int64_t n = 0; n < per_batch; n++) {
			int64_t o[RANK_MAX] = { 0 };

			do {
				int64_t at = n * stride[c->at->out_spec.at[0]] +
				             g * c->group_out * stride[c->at->out_spec.at[1]];

				for (int i = 0; i < c->nspatial; i++)
					at += o[i] * stride[c->at->out_spec.at[2 + i]];
				if (c->terms > 0)
					fill_row(c, o, x + ((from + n) * sample + first) * size, row, hole);
				contract_chain(c->type, row, hole, kernel + g * c->group_out * size, ldb, c->terms, c->group_out,
					acc, tmp);
				contract_store(out, at, stride[c->at->out_spec.at[1]], c->type, acc, c->group_out);
			} while (eval_next(c->nspatial, c->out, o));
		}
	}
}

bool eval_conv_general(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	const struct attrs_conv_general *at = op_attrs(conv_general, op);
	int x_axis[RANK_MAX], k_axis[RANK_MAX], n = in[0]->rank - 2;

	out[0] = eval_tensor(e, op, op->result[0]->type);
	if (!out[0] || out[0]->count == 0)
		return out[0] != NULL;

	Conv c = conv_of(op, in, out[0]);
	size_t size = (size_t)dtype_size(c.type);

	if (c.features != c.group_in * at->feature_groups || c.batch % at->batch_groups != 0)
		return eval_fail(e, op, "%lld input features in %lld groups do not fit a kernel of %lld",
			(long long)c.features, (long long)at->feature_groups, (long long)c.group_in);
	x_axis[0] = (int)at->lhs_spec.at[0];
	x_axis[1 + n] = (int)at->lhs_spec.at[1];
	k_axis[n] = (int)at->rhs_spec.at[1];
	k_axis[n + 1] = (int)at->rhs_spec.at[0];
	for (int i = 0; i < n; i++) {
		x_axis[1 + i] = (int)at->lhs_spec.at[2 + i];
		k_axis[i] = (int)at->rhs_spec.at[2 + i];
	}

	void *x = contract_load(e, op, in[0], x_axis, c.type), *kernel = contract_load(e, op, in[1], k_axis, c.type);
	void *row = eval_scratch(e, op, c.terms, size), *hole = eval_scratch(e, op, c.terms, 1);
	void *acc = eval_scratch(e, op, c.group_out, size), *tmp = eval_scratch(e, op, c.group_out, size);
	bool ok = x && kernel && row && hole && acc && tmp;

	if (ok)
		convolve(&c, out[0], x, kernel, row, hole, acc, tmp);
	eval_scratch_free(e, x, in[0]->count, size);
	eval_scratch_free(e, kernel, in[1]->count, size);
	eval_scratch_free(e, row, c.terms, size);
	eval_scratch_free(e, hole, c.terms, 1);
	eval_scratch_free(e, acc, c.group_out, size);
	eval_scratch_free(e, tmp, c.group_out, size);
	return ok;
}
