/* test/fuzz/fuzz_npy.c - any bytes as an .npy file: refused with a diagnostic, or an array inside the bytes. */
#include "frontend/weights/npy.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *a = arena_new();
	Diag d;

	diag_init(&d, a);
	for (int wanted = -1; wanted < DT_COUNT; wanted++) {
		DType type = (DType)wanted;
		int before = d.nerrors;
		Blob *b = npy_parse(&d, a, "fuzz.npy", data, size, wanted < 0 ? NULL : &type);

		if (!b != (d.nerrors > before))
			abort();
		if (!b)
			continue;
		if (blob_bytes(b) > size)
			abort();
		void *copy = malloc(blob_bytes(b) + 1);
		blob_copy(b, copy);
		free(copy);
	}
	arena_free(a);
	return 0;
}
