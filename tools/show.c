/* tools/show.c - tensors as text, and how two of them differ. */
#include <inttypes.h>

#include "ir/base/num.h"
#include "tools/run.h"

bool element_is_nan(DType t, uint64_t bits)
{
	return dtype_is_nan(t, bits);
}

int64_t tensor_differ(const Tensor *a, const Tensor *b, int64_t *first)
{
	int64_t n = 0;

	*first = 0;
	if (a->dtype != b->dtype || a->rank != b->rank || memcmp(a->dim, b->dim, (size_t)a->rank * sizeof *a->dim) != 0)
		return -1;
	if (memcmp(a->data, b->data, (size_t)a->count * (size_t)dtype_size(a->dtype)) == 0)
		return 0;
	for (int64_t i = 0; i < a->count; i++) {
		uint64_t x = tensor_get(a, i), y = tensor_get(b, i);
		if (x == y || (element_is_nan(a->dtype, x) && element_is_nan(a->dtype, y)))
			continue;
		if (n++ == 0)
			*first = i;
	}
	return n;
}

static void show_element(Str *out, const Tensor *t, int64_t i)
{
	uint64_t bits = tensor_get(t, i);
	int unused = 64 - dtype_info[t->dtype].bits;
	char text[40];

	switch (dtype_info[t->dtype].kind) {
	case DK_BOOL: str_add(out, bits ? "true" : "false"); return;
	case DK_UINT: str_printf(out, "%" PRIu64, bits); return;
	case DK_INT:  str_printf(out, "%" PRId64, (int64_t)(bits << unused) >> unused); return;
	case DK_FLOAT: break;
	}
	if (element_is_nan(t->dtype, bits))
		strcpy(text, "nan");
	else if (t->dtype == DT_F64)
		f64_print(text, f64_of_bits(bits));
	else
		f32_print(text, (float)dtype_to_f64(t->dtype, bits));
	str_add(out, text);
}

/* The block of axis `axis` at element `at`, which has `count` elements. */
static void show_axis(Str *out, const Tensor *t, int axis, int64_t at, int64_t count, int64_t *left)
{
	if (axis == t->rank) {
		show_element(out, t, at);
		--*left;
		return;
	}
	int64_t n = t->dim[axis], each = n ? count / n : 0;
	str_addc(out, '[');
	for (int64_t i = 0; i < n; i++) {
		str_add(out, i ? ", " : "");
		if (*left <= 0) {
			str_add(out, "...");
			break;
		}
		show_axis(out, t, axis + 1, at + i * each, each, left);
	}
	str_addc(out, ']');
}

void tensor_show(Str *out, const Tensor *t, int64_t limit)
{
	str_printf(out, "%s[", dtype_info[t->dtype].name);
	for (int i = 0; i < t->rank; i++)
		str_printf(out, "%s%" PRId64, i ? ", " : "", t->dim[i]);
	str_add(out, "] = ");
	show_axis(out, t, 0, 0, t->count, &limit);
}
