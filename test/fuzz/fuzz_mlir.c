/* test/fuzz/fuzz_mlir.c - any bytes as MLIR text: refused with a diagnostic, or a tree that prints and reads back. */
#include "frontend/stablehlo/mlir.h"
#include "test/fuzz/run.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *read_and_print(const char *text, size_t size)
{
	Ctx *ctx = ctx_new();
	char *out = NULL;
	const MlirModule *m = mlir_parse(ctx, source_from_text(ctx->arena, "fuzz.mlir", text, size));

	if (m) {
		Str s = { 0 };

		mlir_print(&s, m);
		out = strdup(str_cstr(&s));
		str_free(&s);
	} else if (ctx->diag.nerrors == 0) {
		fuzz_fail("refused without a diagnostic", text, "");
	}
	ctx_free(ctx);
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_round_trip(read_and_print, data, size);
	return 0;
}
