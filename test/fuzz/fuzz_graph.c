/* test/fuzz/fuzz_graph.c - any bytes as .graph text: refused with a diagnostic, or a module that prints and reads back. */
#include "ir/text.h"
#include "ir/verify.h"
#include "test/fuzz/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Parses text and prints the module.  NULL when it is refused; that must leave a diagnostic. */
static char *read_and_print(const char *text, size_t size)
{
	Ctx *ctx = ctx_new();
	char *out = NULL;
	Module *m = module_parse(ctx, source_from_text(ctx->arena, "fuzz.graph", text, size));

	/* Rules that one statement alone cannot break (recursion, symbols of no input) are the verifier's: it refuses, too. */
	if (m && module_verify(ctx, m)) {
		Str s = { 0 };

		module_print(m, &(PrintOptions){ .inline_limit = 1 << 20 }, &s);
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
