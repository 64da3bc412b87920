/* test/fuzz/fuzz_kernel.c - any bytes as the text of a lowered model: refused with a diagnostic, or a unit that prints and
   reads back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ir/program.h"
#include "ir/text.h"
#include "test/fuzz/run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Parses text and prints the unit.  NULL when it is refused; that must leave a diagnostic. */
static char *read_and_print(const char *text, size_t size)
{
	Ctx *ctx = ctx_new();
	char *out = NULL;
	Unit *u = unit_parse(ctx, source_from_text(ctx->arena, "fuzz.loops", text, size), NULL);

	if (u) {
		Str s = { 0 };

		unit_print(u, &(PrintOptions){ .inline_limit = 1 << 20 }, &s);
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
