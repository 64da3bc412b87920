/* ir/attr.c - attributes as values: equality, hashes, and constants read from ops. */
#include <string.h>

#include "ir/base/num.h"
#include "ir/ir.h"

static bool ints_equal(int n, const int64_t *a, const int64_t *b)
{
	return !n || !memcmp(a, b, sizeof *a * (size_t)n);
}

static bool str_equal(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

int word_index(const char *word, const char *const *words, int n)
{
	for (int i = 0; i < n; i++)
		if (str_equal(word, words[i]))
			return i;
	return -1;
}

bool attr_equal(AttrKind kind, const void *pa, const void *pb)
{
#define BOTH(type, a, b) const type *a = pa, *b = pb
	switch (kind) {
	case ATTR_int: { BOTH(attr_int, a, b); return *a == *b; }
	case ATTR_num: { BOTH(attr_num, a, b); return f64_bits(*a) == f64_bits(*b); }
	case ATTR_bool: { BOTH(attr_bool, a, b); return *a == *b; }
	case ATTR_ints: { BOTH(attr_ints, a, b); return a->n == b->n && ints_equal(a->n, a->at, b->at); }
	case ATTR_nums: {
		BOTH(attr_nums, a, b);
		bool same = a->n == b->n;
		for (int i = 0; i < a->n && same; i++)
			same = f64_bits(a->at[i]) == f64_bits(b->at[i]);
		return same;
	}
	case ATTR_dimname:
	case ATTR_dim: { BOTH(attr_dim, a, b); return *a == *b; }
	case ATTR_dims: {
		BOTH(attr_dims, a, b);
		return a->n == b->n && (!a->n || !memcmp(a->at, b->at, sizeof *a->at * (size_t)a->n));
	}
	case ATTR_types: {   /* interned */
		BOTH(attr_types, a, b);
		return a->n == b->n && (!a->n || !memcmp(a->at, b->at, sizeof *a->at * (size_t)a->n));
	}
	case ATTR_dtype: { BOTH(attr_dtype, a, b); return *a == *b; }
	case ATTR_cmp: { BOTH(attr_cmp, a, b); return *a == *b; }
	case ATTR_sym:
	case ATTR_str: { BOTH(attr_str, a, b); return str_equal(*a, *b); }
	case ATTR_tensor: { BOTH(attr_tensor, a, b); return *a == *b || (*a && *b && blob_equal(*a, *b)); }
	case ATTR_pads: {
		BOTH(attr_pads, a, b);
		return a->mode == b->mode && a->n == b->n && ints_equal(a->n, a->low, b->low)
			&& ints_equal(a->n, a->high, b->high);
	}
	case ATTR_order: { BOTH(attr_order, a, b); return *a == *b; }
	case ATTR_groups: {
		BOTH(attr_groups, a, b);
		bool same = a->n == b->n;
		for (int i = 0; i < a->n && same; i++)
			same = a->at[i].n == b->at[i].n && ints_equal(a->at[i].n, a->at[i].at, b->at[i].at);
		return same;
	}
	case ATTR_KIND_COUNT: break;
	}
#undef BOTH
	return false;
}

bool attrs_equal(OpKind kind, const void *a, const void *b)
{
	for (int i = 0; i < op_info[kind].nattrs; i++) {
		const AttrInfo *info = &op_info[kind].attr[i];
		if (!attr_equal(info->kind, (const char *)a + info->offset, (const char *)b + info->offset))
			return false;
	}
	return true;
}

static uint64_t hash_ints(uint64_t h, int n, const int64_t *at)
{
	h = hash_mix(h, (uint64_t)n);
	for (int i = 0; i < n; i++)
		h = hash_mix(h, (uint64_t)at[i]);
	return h;
}

/* Equal tensors may be different views: only what both must share goes into the hash. */
static uint64_t hash_blob(uint64_t h, const Blob *b)
{
	if (!b)
		return hash_mix(h, 0);
	h = hash_ints(hash_mix(h, b->dtype), b->rank, b->dim);
	Blob parts = b->dtype == DT_C128 ? blob_parts(b) : *b;
	int64_t n = blob_count(b = &parts);
	for (int64_t i = 0; i < n && i < 16; i++)
		h = hash_mix(h, blob_get(b, i));
	return n ? hash_mix(h, blob_get(b, n - 1)) : h;
}

static uint64_t attr_hash(uint64_t h, AttrKind kind, const void *p)
{
	switch (kind) {
	case ATTR_int: return hash_mix(h, (uint64_t)*(const attr_int *)p);
	case ATTR_num: return hash_mix(h, f64_bits(*(const attr_num *)p));
	case ATTR_bool: return hash_mix(h, *(const attr_bool *)p);
	case ATTR_ints: return hash_ints(h, ((const attr_ints *)p)->n, ((const attr_ints *)p)->at);
	case ATTR_nums: {
		const attr_nums *a = p;
		h = hash_mix(h, (uint64_t)a->n);
		for (int i = 0; i < a->n; i++)
			h = hash_mix(h, f64_bits(a->at[i]));
		return h;
	}
	case ATTR_dimname:
	case ATTR_dim: {
		Dim d = *(const attr_dim *)p;
		return hash_mix(h, d ? d->hash : 0);
	}
	case ATTR_dims: {
		const attr_dims *a = p;
		h = hash_mix(h, (uint64_t)a->n);
		for (int i = 0; i < a->n; i++)
			h = hash_mix(h, a->at[i]->hash);
		return h;
	}
	case ATTR_types: {
		const attr_types *a = p;
		h = hash_mix(h, (uint64_t)a->n);
		for (int i = 0; i < a->n; i++) {
			h = hash_mix(h, a->at[i]->dtype);
			for (int k = 0; k < a->at[i]->rank; k++)
				h = hash_mix(h, a->at[i]->dim[k]->hash);
		}
		return h;
	}
	case ATTR_dtype: return hash_mix(h, *(const attr_dtype *)p);
	case ATTR_cmp: return hash_mix(h, *(const attr_cmp *)p);
	case ATTR_sym:
	case ATTR_str: {
		const char *s = *(const attr_str *)p;
		return hash_mix(h, s ? hash_bytes(s, strlen(s)) : 0);
	}
	case ATTR_tensor: return hash_blob(h, *(const attr_tensor *)p);
	case ATTR_pads: {
		const attr_pads *a = p;
		return hash_ints(hash_ints(hash_mix(h, a->mode), a->n, a->low), a->n, a->high);
	}
	case ATTR_order: return hash_mix(h, *(const attr_order *)p);
	case ATTR_groups: {
		const attr_groups *a = p;
		h = hash_mix(h, (uint64_t)a->n);
		for (int i = 0; i < a->n; i++)
			h = hash_ints(h, a->at[i].n, a->at[i].at);
		return h;
	}
	case ATTR_KIND_COUNT: break;
	}
	return h;
}

uint64_t attrs_hash(OpKind kind, const void *a)
{
	uint64_t h = hash_mix(0, kind);

	for (int i = 0; i < op_info[kind].nattrs; i++)
		h = attr_hash(h, op_info[kind].attr[i].kind, (const char *)a + op_info[kind].attr[i].offset);
	return h;
}

Blob *value_constant(const Value *v)
{
	const Op *op = v->def;

	if (op && op->kind == OP_constant)
		return op_attrs(constant, op)->value;
	if (op && op->kind == OP_weight && op->block) {
		const Weight *w = module_weight(op->block->func->module, op_attrs(weight, op)->name);
		return w ? w->value : NULL;
	}
	return NULL;
}

/* A broadcast or reshape of equal elements still has equal elements. */
bool value_is_splat(const Value *v, double *out)
{
	while (v->def && (v->def->kind == OP_broadcast_in_dim || v->def->kind == OP_reshape))
		v = v->def->arg[0];

	const Blob *b = value_constant(v);
	if (!b || !blob_is_splat(b) || dtype_is_complex(b->dtype))
		return false;
	*out = dtype_to_f64(b->dtype, blob_get(b, 0));
	return true;
}
