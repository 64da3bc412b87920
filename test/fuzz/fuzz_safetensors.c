/* test/fuzz/fuzz_safetensors.c - any bytes as a .safetensors file: refused with a diagnostic, or tensors inside the bytes. */
#include "frontend/weights/safetensors.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *a = arena_new();
	Diag d;

	diag_init(&d, a);
	Safetensors *st = safetensors_parse(&d, a, "fuzz.safetensors", data, size);
	if (!st != (d.nerrors > 0))
		abort();
	for (int i = 0; st && i < st->entries.n; i++) {
		const SafetensorsEntry *e = st->entries.val[i];

		if (e->begin > e->end || e->end > size)
			abort();
		if (!e->known)
			continue;
		if (blob_bytes(e->blob) > size)
			abort();
		void *copy = malloc(blob_bytes(e->blob) + 1);
		blob_copy(e->blob, copy);
		free(copy);
	}
	arena_free(a);
	return 0;
}
