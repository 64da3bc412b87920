/* test/fuzz/fuzz_import.c - any bytes as StableHLO: refused with a diagnostic, or a module that prints and reads back. */
#include "frontend/stablehlo/stablehlo.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "test/fuzz/run.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *print(Module *m)
{
	Str s = { 0 };

	module_print(m, &(PrintOptions){ .inline_limit = 1 << 20 }, &s);
	char *out = strdup(str_cstr(&s));
	str_free(&s);
	return out;
}

/* What is printed of an import, read again, prints the same. */
static void check(Module *m)
{
	char *first = print(m), *second;
	Ctx *ctx = ctx_new();
	Module *again = module_parse(ctx, source_from_text(ctx->arena, "again.graph", first, strlen(first)));

	if (!again)
		fuzz_fail("what was imported is refused", first, "");
	second = print(again);
	if (strcmp(first, second) != 0)
		fuzz_fail("what was imported prints otherwise when it is read again", first, second);
	ctx_free(ctx);
	free(second);
	free(first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Ctx *ctx = ctx_new();
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	Module *m = stablehlo_parse(ctx, source_from_text(ctx->arena, "fuzz.mlir", text, size), NULL);
	/* Symbols that no input binds and results that no size is returned of are told by the verifier. */
	if (m && module_verify(ctx, m))
		check(m);
	else if (ctx->diag.nerrors == 0)
		fuzz_fail("refused without a diagnostic", text, "");
	ctx_free(ctx);
	free(text);
	return 0;
}
