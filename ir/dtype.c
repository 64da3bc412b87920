/* ir/dtype.c - the table of element types. */
#include "ir/dtype.h"

#include <string.h>

const DTypeInfo dtype_info[DT_COUNT] = {
#define DTYPE(enum_name, spelling, kind, bits, ctype, npy, safetensors, doc) \
	[DT_##enum_name] = { spelling, DK_##kind, bits, #ctype, npy, safetensors, doc },
#include "ir/dtype.def"
};

bool dtype_parse(const char *s, size_t n, DType *out)
{
	for (int t = 0; t < DT_COUNT; t++) {
		if (strlen(dtype_info[t].name) == n && !memcmp(dtype_info[t].name, s, n)) {
			*out = (DType)t;
			return true;
		}
	}
	return false;
}
