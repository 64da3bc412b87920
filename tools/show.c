/* tools/show.c - tensors as text, and how two of them differ. */
#include <inttypes.h>

#include "ir/base/check.h"
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
	int64_t per = dtype_is_complex(a->dtype) ? 2 : 1;
	Tensor u = { .dtype = dtype_part(a->dtype), .count = per * a->count, .data = a->data }, v = u;
	v.data = b->data;
	for (int64_t i = 0; i < a->count; i++) {
		bool same = true;
		for (int64_t k = per * i; k < per * (i + 1); k++) {
			uint64_t x = tensor_get(&u, k), y = tensor_get(&v, k);
			same = same && (x == y || (element_is_nan(u.dtype, x) && element_is_nan(u.dtype, y)));
		}
		if (!same && n++ == 0)
			*first = i;
	}
	return n;
}

static void show_element(Str *out, const Tensor *t, int64_t i)
{
	if (dtype_is_complex(t->dtype)) {
		Tensor parts = { .dtype = dtype_part(t->dtype), .count = 2 * t->count, .data = t->data };
		str_addc(out, '(');
		show_element(out, &parts, 2 * i);
		str_add(out, ", ");
		show_element(out, &parts, 2 * i + 1);
		str_addc(out, ')');
		return;
	}
	uint64_t bits = tensor_get(t, i);
	int unused = 64 - dtype_info[t->dtype].bits;
	char text[40];

	switch (dtype_info[t->dtype].kind) {
	case DK_BOOL: str_add(out, bits ? "true" : "false"); return;
	case DK_UINT: str_printf(out, "%" PRIu64, bits); return;
	case DK_INT:  str_printf(out, "%" PRId64, (int64_t)(bits << unused) >> unused); return;
	case DK_FLOAT: break;
	case DK_COMPLEX: UNREACHABLE("a complex number is shown by its parts");
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
