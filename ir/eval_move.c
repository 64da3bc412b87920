/* ir/eval_move.c - constants and ops that only move elements: strided copies from operand to result. */
#include "ir/base/check.h"
#include "ir/base/num.h"
#include "ir/eval_impl.h"

static bool from_blob(Eval *e, const Op *op, const Blob *b, Tensor **out)
{
	out[0] = eval_tensor(e, op, op->result[0]->type);
	if (!out[0])
		return false;
	CHECK(blob_bytes(b) == (size_t)(out[0]->count * dtype_size(out[0]->dtype)), "%s: its value has %lld elements",
		op_row(op)->name, (long long)blob_count(b));
	blob_copy(b, out[0]->data);
	return true;
}

bool eval_constant(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	(void)in;
	return from_blob(e, op, op_attrs(constant, op)->value, out);
}

bool eval_weight(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	const char *name = op_attrs(weight, op)->name;
	const Weight *w = module_weight(e->func->module, name);

	(void)in;
	if (!w || !w->value)
		return eval_fail(e, op, "weight @%s has no value", name);
	return from_blob(e, op, w->value, out);
}

bool eval_iota(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	int64_t axis = op_attrs(iota, op)->dim;
	int64_t src[RANK_MAX] = { 0 }, dst[RANK_MAX];

	(void)in;
	out[0] = eval_tensor(e, op, op->result[0]->type);
	if (!out[0] || out[0]->count == 0)
		return out[0] != NULL;

	int64_t n = out[0]->dim[axis];
	Tensor *line = eval_tensor_of(e, op, out[0]->dtype, 1, &n);

	if (!line)
		return false;
	for (int64_t i = 0; i < n; i++)
		tensor_set(line, i, scalar_eval(SC_convert, DT_I64, line->dtype, (uint64_t)i, 0, 0));
	src[axis] = 1;
	eval_strides(out[0]->rank, out[0]->dim, dst);
	eval_copy(out[0]->rank, out[0]->dim, (size_t)dtype_size(line->dtype), out[0]->data, dst, line->data, src);
	eval_release(e, line);
	return true;
}

bool eval_dimension(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	int64_t value;

	(void)in;
	if (!eval_dim(e, op, op_attrs(dimension, op)->value, &value))
		return false;
	out[0] = eval_tensor(e, op, op->result[0]->type);
	if (!out[0])
		return false;
	tensor_set(out[0], 0, (uint64_t)value);
	return true;
}

/* Elements of which less than a byte counts: one long string of bits, the first element's lowest bit first. */
static void repack(const Tensor *from, Tensor *to)
{
	int nfrom = dtype_width(from->dtype), nto = dtype_width(to->dtype), filled = 0;
	uint64_t all = nto == 64 ? UINT64_MAX : ((uint64_t)1 << nto) - 1, bits = 0;
	int64_t next = 0;

	for (int64_t i = 0; i < to->count; i++) {
		uint64_t r = 0;
		for (int n = 0; n < nto; n += nfrom < nto ? nfrom : nto) {
			if (!filled) {
				bits = tensor_get(from, next++) & (nfrom == 64 ? UINT64_MAX : ((uint64_t)1 << nfrom) - 1);
				filled = nfrom;
			}
			r |= (bits & all) << n;
			filled -= nfrom < nto ? nfrom : nto;
			bits = nto < 64 ? bits >> nto : 0;
		}
		tensor_set(to, i, dtype_is_int(to->dtype) ? dtype_wrap(to->dtype, r) : r);
	}
}

/* The elements of both lie in memory in the same order, and numbers are little-endian. */
bool eval_bitcast_convert(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	out[0] = eval_tensor(e, op, op->result[0]->type);
	if (!out[0])
		return false;
	size_t bytes = (size_t)out[0]->count * (size_t)dtype_size(out[0]->dtype);
	if (out[0]->count * dtype_width(out[0]->dtype) != in[0]->count * dtype_width(in[0]->dtype))
		return eval_fail(e, op, "the operand has %lld elements, the result %lld", (long long)in[0]->count,
		                 (long long)out[0]->count);
	if (dtype_is_narrow(in[0]->dtype) || dtype_is_narrow(out[0]->dtype))
		repack(in[0], out[0]);
	else if (bytes > 0)
		memcpy(out[0]->data, in[0]->data, bytes);
	return true;
}

/* Fills the result from the operand: result axis i steps through the operand by src_stride[i] from element `first`. */
static bool move(Eval *e, const Op *op, const Tensor *x, int64_t first, const int64_t *src_stride, Tensor **out)
{
	int64_t dst_stride[RANK_MAX];
	int size = dtype_size(x->dtype);

	out[0] = eval_tensor(e, op, op->result[0]->type);
	if (!out[0])
		return false;
	eval_strides(out[0]->rank, out[0]->dim, dst_stride);
	if (out[0]->count > 0)
		eval_copy(out[0]->rank, out[0]->dim, (size_t)size, out[0]->data, dst_stride,
			(const char *)x->data + first * size, src_stride);
	return true;
}

bool eval_broadcast_in_dim(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	const struct attrs_broadcast_in_dim *a = op_attrs(broadcast_in_dim, op);
	int64_t own[RANK_MAX], stride[RANK_MAX] = { 0 };

	eval_strides(in[0]->rank, in[0]->dim, own);
	for (int i = 0; i < in[0]->rank; i++) {
		int64_t extent;

		if (!eval_dim(e, op, a->shape.at[a->dims.at[i]], &extent))
			return false;
		if (in[0]->dim[i] != 1 && in[0]->dim[i] != extent)
			return eval_fail(e, op, "operand axis %d has extent %lld, the result %lld", i,
				(long long)in[0]->dim[i], (long long)extent);
		stride[a->dims.at[i]] = in[0]->dim[i] == 1 ? 0 : own[i];
	}
	return move(e, op, in[0], 0, stride, out);
}

bool eval_reshape(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	out[0] = eval_tensor(e, op, op->result[0]->type);
	if (!out[0])
		return false;
	if (out[0]->count != in[0]->count)
		return eval_fail(e, op, "the operand has %lld elements, the result %lld", (long long)in[0]->count,
			(long long)out[0]->count);
	memcpy(out[0]->data, in[0]->data, (size_t)in[0]->count * (size_t)dtype_size(in[0]->dtype));
	return true;
}

bool eval_transpose(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	Ints perm = op_attrs(transpose, op)->permutation;
	int64_t own[RANK_MAX], stride[RANK_MAX];

	eval_strides(in[0]->rank, in[0]->dim, own);
	for (int i = 0; i < perm.n; i++)
		stride[i] = own[perm.at[i]];
	return move(e, op, in[0], 0, stride, out);
}

bool eval_reverse(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	Ints dims = op_attrs(reverse, op)->dims;
	int64_t stride[RANK_MAX], first = 0;

	eval_strides(in[0]->rank, in[0]->dim, stride);
	for (int i = 0; i < dims.n; i++) {
		int64_t k = dims.at[i];

		first += (in[0]->dim[k] - 1) * stride[k];
		stride[k] = -stride[k];
	}
	return move(e, op, in[0], first, stride, out);
}

bool eval_slice(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	const struct attrs_slice *a = op_attrs(slice, op);
	const Tensor *x = in[0];
	int64_t stride[RANK_MAX], start[RANK_MAX], limit[RANK_MAX];

	if (!eval_dims(e, op, a->start.n, a->start.at, start) || !eval_dims(e, op, a->limit.n, a->limit.at, limit))
		return false;
	eval_strides(x->rank, x->dim, stride);

	int64_t first = 0;

	for (int i = 0; i < x->rank; i++) {
		if (start[i] < 0 || start[i] > limit[i] || limit[i] > x->dim[i])
			return eval_fail(e, op, "%lld to %lld of axis %d is not inside its extent %lld", (long long)start[i],
				(long long)limit[i], i, (long long)x->dim[i]);
		first += start[i] * stride[i];
		/* A step beyond the end is never taken, and may be large. */
		if (i < a->strides.n && a->strides.at[i] < limit[i] - start[i])
			stride[i] *= a->strides.at[i];
	}
	return move(e, op, x, first, stride, out);
}

static int64_t ceil_div(int64_t a, int64_t b) /* a >= 0, b > 0 */
{
	return a / b + (a % b != 0);
}

bool eval_pad(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	const struct attrs_pad *a = op_attrs(pad, op);
	const Tensor *x = in[0];
	size_t size = (size_t)dtype_size(x->dtype);
	int64_t src[RANK_MAX], dst[RANK_MAX], none[RANK_MAX] = { 0 }, part[RANK_MAX];

	out[0] = eval_tensor(e, op, op->result[0]->type);
	if (!out[0] || out[0]->count == 0)
		return out[0] != NULL;

	int rank = x->rank;
	int64_t from = 0, to = 0;

	eval_strides(rank, x->dim, src);
	eval_strides(rank, out[0]->dim, dst);
	eval_copy(rank, out[0]->dim, size, out[0]->data, dst, in[1]->data, none);
	/* Operand index i goes to low + i * step; first and last are the ends of what stays inside. */
	for (int k = 0; k < rank; k++) {
		int64_t low = a->low.at[k], step = k < a->interior.n && x->dim[k] > 1 ? 1 + a->interior.at[k] : 1;

		if (low < 0 && low + dilated(x->dim[k], step) <= 0)
			return true;

		int64_t first = low < 0 ? ceil_div(-low, step) : 0;
		int64_t end = out[0]->dim[k] > low ? ceil_div(out[0]->dim[k] - low, step) : 0;

		end = end < x->dim[k] ? end : x->dim[k];
		part[k] = end > first ? end - first : 0;
		if (part[k] == 0)
			return true;
		from += first * src[k];
		to += (low + first * step) * dst[k];
		dst[k] *= step;
	}
	eval_copy(rank, part, size, (char *)out[0]->data + to * (int64_t)size, dst,
		(const char *)x->data + from * (int64_t)size, src);
	return true;
}

bool eval_concatenate(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	int64_t axis = op_attrs(concatenate, op)->dim, at = 0;
	int64_t src[RANK_MAX], dst[RANK_MAX];

	out[0] = eval_tensor(e, op, op->result[0]->type);
	if (!out[0])
		return false;
	eval_strides(out[0]->rank, out[0]->dim, dst);
	for (int i = 0; i < op->nargs; i++) {
		size_t size = (size_t)dtype_size(in[i]->dtype);

		for (int k = 0; k < out[0]->rank; k++) {
			if (k == axis ? in[i]->dim[k] > out[0]->dim[k] - at : in[i]->dim[k] != out[0]->dim[k])
				return eval_fail(e, op, "operand %d has extent %lld on axis %d, the result %lld", i,
					(long long)in[i]->dim[k], k, (long long)out[0]->dim[k]);
		}
		eval_strides(in[i]->rank, in[i]->dim, src);
		eval_copy(in[i]->rank, in[i]->dim, size, (char *)out[0]->data + at * dst[axis] * (int64_t)size, dst,
			in[i]->data, src);
		at += in[i]->dim[axis];
	}
	return true;
}

/* Start indices (scalar operands) clamped so that a slice of extents `size` lies inside x; as an element offset. */
static int64_t clamped_start(const Tensor *x, Tensor *const *start, const int64_t *size)
{
	int64_t stride[RANK_MAX], at = 0;

	eval_strides(x->rank, x->dim, stride);
	for (int i = 0; i < x->rank; i++) {
		int64_t s = eval_int(start[i], 0), last = x->dim[i] - size[i];

		/* An unsigned 64-bit start beyond int64 is too large, not negative. */
		if (s < 0 && start[i]->dtype == DT_U64)
			s = last;
		s = s > last ? last : s;
		at += (s < 0 ? 0 : s) * stride[i];
	}
	return at;
}

bool eval_dynamic_slice(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	const struct attrs_dynamic_slice *a = op_attrs(dynamic_slice, op);
	int64_t size[RANK_MAX], stride[RANK_MAX];

	if (!eval_dims(e, op, a->sizes.n, a->sizes.at, size))
		return false;
	for (int i = 0; i < in[0]->rank; i++) {
		if (size[i] < 0 || size[i] > in[0]->dim[i])
			return eval_fail(e, op, "size %lld does not fit into extent %lld of axis %d", (long long)size[i],
				(long long)in[0]->dim[i], i);
	}
	eval_strides(in[0]->rank, in[0]->dim, stride);
	return move(e, op, in[0], clamped_start(in[0], in + 1, size), stride, out);
}

bool eval_dynamic_update_slice(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	const Tensor *x = in[0], *update = in[1];
	size_t size = (size_t)dtype_size(x->dtype);
	int64_t dst[RANK_MAX], src[RANK_MAX];

	for (int i = 0; i < x->rank; i++) {
		if (update->dim[i] > x->dim[i])
			return eval_fail(e, op, "update extent %lld does not fit into extent %lld of axis %d",
				(long long)update->dim[i], (long long)x->dim[i], i);
	}
	out[0] = eval_tensor(e, op, op->result[0]->type);
	if (!out[0])
		return false;
	memcpy(out[0]->data, x->data, (size_t)x->count * size);
	eval_strides(x->rank, x->dim, dst);
	eval_strides(update->rank, update->dim, src);
	eval_copy(update->rank, update->dim, size,
		(char *)out[0]->data + clamped_start(x, in + 2, update->dim) * (int64_t)size, dst, update->data, src);
	return true;
}
