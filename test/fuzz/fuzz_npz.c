/* test/fuzz/fuzz_npz.c - any bytes as an .npz file: refused with a diagnostic, or arrays not larger than deflate can give. */
#include "frontend/weights/npz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *a = arena_new();
	Diag d;

	diag_init(&d, a);
	Npz *z = npz_parse(&d, a, "fuzz.npz", data, size);
	if (!z != (d.nerrors > 0))
		abort();
	for (int i = 0; z && i < npz_count(z); i++) {
		int before = d.nerrors;
		NpyHeader h;
		bool ok = npz_header(z, i, NULL, &h);

		if (npz_find(z, npz_name(z, i)) != i || ok != (d.nerrors == before))
			abort();
		before = d.nerrors;
		Blob *b = npz_array(z, i, NULL);
		if (!b != (d.nerrors > before) || (b && !ok))
			abort();
		if (!b)
			continue;
		if (blob_bytes(b) > (size + 64) * 1100 || b->dtype != h.dtype || b->rank != h.rank)
			abort();
		void *copy = malloc(blob_bytes(b) + 1);
		blob_copy(b, copy);
		free(copy);
	}
	arena_free(a);
	return 0;
}
