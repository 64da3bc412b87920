/* ir/eval_contract.c - dot_general, and what it shares with convolutions: dense operands, chunks of chains. */
#include <stdlib.h>

#include "ir/base/check.h"
#include "ir/base/num.h"
#include "ir/eval_impl.h"
#include "ir/order.h"

DType contract_type(DType t)
{
	CHECK(t != DT_BOOL, "contractions of bool are refused by inference");
	return dtype_is_float(t) ? dtype_compute(t) : DT_U64;
}

static void widen(DType from, const void *src, DType to, void *dst, int64_t n)
{
	Arena *a;
	ScalarProg *p;

	if (dtype_size(from) == dtype_size(to)) {
		memcpy(dst, src, (size_t)(n * dtype_size(to)));
		return;
	}
	/* To i64: signed integers extend their sign. */
	a = arena_new();
	p = scalar_prog_new(a, 1, &from);
	p->result = scalar_cast(p, SC_convert, to == DT_U64 ? DT_I64 : to, 0);
	scalar_prog_eval(p, &src, (int[]){ 1 }, dst, (size_t)n);
	arena_free(a);
}

void *contract_load(Eval *e, const Op *op, const Tensor *t, const int *axis, DType type)
{
	size_t size = (size_t)dtype_size(t->dtype);
	int64_t own[RANK_MAX], dim[RANK_MAX], src[RANK_MAX], dst[RANK_MAX];
	void *moved = eval_scratch(e, op, t->count, size);
	void *wide = moved ? eval_scratch(e, op, t->count, (size_t)dtype_size(type)) : NULL;

	if (wide) {
		eval_strides(t->rank, t->dim, own);
		for (int i = 0; i < t->rank; i++) {
			dim[i] = t->dim[axis[i]];
			src[i] = own[axis[i]];
		}
		eval_strides(t->rank, dim, dst);
		eval_copy(t->rank, dim, size, moved, dst, t->data, src);
		widen(t->dtype, moved, type, wide, t->count);
	}
	eval_scratch_free(e, moved, t->count, size);
	return wide;
}

void contract_store(Tensor *t, int64_t first, int64_t step, DType type, const void *from, int64_t n)
{
	for (int64_t i = 0; i < n; i++) {
		uint64_t bits;

		if (type == DT_F32) {
			bits = f32_bits(((const float *)from)[i]);
			if (t->dtype != DT_F32)
				bits = scalar_eval(SC_convert, type, t->dtype, bits, 0, 0);
		} else {
			bits = ((const uint64_t *)from)[i];
			bits = dtype_is_int(t->dtype) ? dtype_wrap(t->dtype, bits) : bits;
		}
		tensor_set(t, first + i * step, bits);
	}
}

/* The chunks' sums are added ascending; a single chunk is the result itself. */
#define CONTRACT(suffix, type) \
	static void contract_##suffix(const type *a, const uint8_t *hole, const type *b, int64_t ldb, int64_t k, \
		int64_t n, type *acc, type *tmp) \
	{ \
		memset(acc, 0, (size_t)n * sizeof *acc); \
		for (int64_t i = 0; i < k; i += ORDER_CHUNK) { \
			int64_t m = k - i < ORDER_CHUNK ? k - i : ORDER_CHUNK; \
			type *sum = i == 0 ? acc : tmp; \
			if (i > 0) \
				memset(tmp, 0, (size_t)n * sizeof *tmp); \
			chain_##suffix(a + i, hole ? hole + i : NULL, b + i * ldb, ldb, m, n, sum); \
			for (int64_t j = 0; i > 0 && j < n; j++) \
				acc[j] += tmp[j]; \
		} \
	}
CONTRACT(f32, float)
CONTRACT(f64, double)
CONTRACT(u64, uint64_t)

void contract_chain(DType type, const void *a, const uint8_t *hole, const void *b, int64_t ldb, int64_t k, int64_t n,
	void *acc, void *tmp)
{
	switch (type) {
	case DT_F32: contract_f32(a, hole, b, ldb, k, n, acc, tmp); break;
	case DT_F64: contract_f64(a, hole, b, ldb, k, n, acc, tmp); break;
	default: contract_u64(a, hole, b, ldb, k, n, acc, tmp); break;
	}
}

/* The tree of one row: blocks of lanes, blocks by adjacent pairs.  part holds a number a block. */
#define LANES(suffix, type) \
	static type tree_##suffix(const type *a, const type *b, int64_t k, type *part) \
	{ \
		int64_t n = 0; \
		for (int64_t i = 0; i < k; i += ORDER_BLOCK) \
			part[n++] = lanes_##suffix(a + i, b + i, k - i < ORDER_BLOCK ? k - i : ORDER_BLOCK); \
		for (; n > 1; n = (n + 1) / 2) { \
			for (int64_t i = 0; i < n / 2; i++) \
				part[i] = part[2 * i] + part[2 * i + 1]; \
			if (n % 2) \
				part[n / 2] = part[n - 1]; \
		} \
		return k > 0 ? part[0] : 0; \
	}
LANES(f32, float)
LANES(f64, double)
LANES(u64, uint64_t)

static void contract_lanes(DType type, const void *a, const void *b, int64_t k, void *out, void *part)
{
	switch (type) {
	case DT_F32: *(float *)out = tree_f32(a, b, k, part); break;
	case DT_F64: *(double *)out = tree_f64(a, b, k, part); break;
	default: *(uint64_t *)out = tree_u64(a, b, k, part); break;
	}
}

/* The axes of a side, sorted into batch, free and contracting ones, and the product of their extents. */
typedef struct Side {
	int     axis[RANK_MAX];       /* all: see side_axes */
	int64_t nbatch, nfree, ncontract;
} Side;

static Side side_axes(const Tensor *t, Ints batch, Ints contract, bool contract_first)
{
	Side s = { .nbatch = 1, .nfree = 1, .ncontract = 1 };
	int kind[RANK_MAX] = { 0 }, n = 0;

	for (int i = 0; i < batch.n; i++) {
		kind[batch.at[i]] = 1;
		s.nbatch *= t->dim[batch.at[i]];
		s.axis[n++] = (int)batch.at[i];
	}
	for (int i = 0; i < contract.n; i++) {
		kind[contract.at[i]] = 2;
		s.ncontract *= t->dim[contract.at[i]];
	}
	for (int pass = 0; pass < 2; pass++) {
		if ((pass == 0) == contract_first) {
			for (int i = 0; i < contract.n; i++)
				s.axis[n++] = (int)contract.at[i];
			continue;
		}
		for (int i = 0; i < t->rank; i++) {
			if (kind[i] != 0)
				continue;
			s.nfree *= t->dim[i];
			s.axis[n++] = i;
		}
	}
	return s;
}

/* a is [batch][free][k], b is [batch][k][free]; all of out is written in row-major order. */
static void dot(Tensor *out, DType type, Order order, const char *a, const char *b, Side l, Side r, char *acc,
	char *tmp)
{
	int64_t size = dtype_size(type), k = l.ncontract, m = l.nfree, n = r.nfree;

	for (int64_t i = 0; i < l.nbatch; i++) {
		for (int64_t j = 0; j < m; j++) {
			const char *row = a + (i * m + j) * k * size, *cols = b + i * k * n * size;

			if (order == ORDER_CHAIN)
				contract_chain(type, row, NULL, cols, n, k, n, acc, tmp);
			for (int64_t c = 0; c < n && order != ORDER_CHAIN; c++)
				contract_lanes(type, row, b + (i * n + c) * k * size, k, acc + c * size, tmp);
			contract_store(out, (i * m + j) * n, 1, type, acc, n);
		}
	}
}

bool eval_dot_general(Eval *e, const Op *op, Tensor *const *in, Tensor **out)
{
	const struct attrs_dot_general *at = op_attrs(dot_general, op);
	Order order = order_of(op, NULL);
	Side l = side_axes(in[0], at->lhs_batch, at->lhs_contract, false);
	Side r = side_axes(in[1], at->rhs_batch, at->rhs_contract, order == ORDER_CHAIN);
	DType type = contract_type(op->result[0]->type->dtype);
	size_t size = (size_t)dtype_size(type);

	if (l.nbatch != r.nbatch || l.ncontract != r.ncontract)
		return eval_fail(e, op, "the operands' batch or contracting extents differ");
	out[0] = eval_tensor(e, op, op->result[0]->type);
	if (!out[0])
		return false;

	int64_t ntmp = r.nfree + l.ncontract / ORDER_BLOCK + 1;
	void *a = contract_load(e, op, in[0], l.axis, type), *b = contract_load(e, op, in[1], r.axis, type);
	void *acc = eval_scratch(e, op, r.nfree, size), *tmp = eval_scratch(e, op, ntmp, size);
	bool ok = a && b && acc && tmp;

	if (ok && out[0]->count > 0)
		dot(out[0], type, order, a, b, l, r, acc, tmp);
	eval_scratch_free(e, a, in[0]->count, size);
	eval_scratch_free(e, b, in[1]->count, size);
	eval_scratch_free(e, acc, r.nfree, size);
	eval_scratch_free(e, tmp, ntmp, size);
	return ok;
}
