/* test/fuzz/fuzz_kernel.c - any bytes as the text of a lowered model: refused with a diagnostic, or a unit that prints and
   reads back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ir/program.h"
#include "ir/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fail(const char *what, const char *text, const char *other)
{
	fprintf(stderr, "fuzz_kernel: %s\n--- first\n%s\n--- second\n%s\n", what, text, other);
	abort();
}

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
		fail("refused without a diagnostic", text, "");
	}
	ctx_free(ctx);
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1), *once, *twice;

	memcpy(copy, data, size);
	copy[size] = '\0';
	once = read_and_print(copy, size);
	if (once) {
		twice = read_and_print(once, strlen(once));
		if (!twice)
			fail("what was printed does not read back", copy, once);
		else if (strcmp(once, twice) != 0)
			fail("printing twice differs", once, twice);
		free(twice);
	}
	free(once);
	free(copy);
	return 0;
}
