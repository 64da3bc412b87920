/* test/fuzz/fuzz_onnx.c - any bytes as an ONNX model: refused with a diagnostic, or a module that prints and reads back. */
#include "frontend/onnx/onnx.h"
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

/* Constants larger than what is printed inline would need a file. */
static bool fits(Op *op, void *arg)
{
	bool *ok = arg;

	if (op->kind == OP_constant)
		*ok = *ok && blob_bytes(op_attrs(constant, op)->value) <= 1 << 20;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Ctx *ctx = ctx_new();
	/* A folder that is not there: external data is never found. */
	Module *m = onnx_parse(ctx, "nowhere/fuzz.onnx", data, size, NULL);

	if (m && module_verify(ctx, m)) {
		bool ok = true;
		for (int i = 0; i < m->funcs.n; i++)
			block_walk(m->funcs.at[i]->body, fits, &ok);
		if (ok)
			check(m);
	} else if (ctx->diag.nerrors == 0) {
		fuzz_fail("refused without a diagnostic", "", "");
	}
	ctx_free(ctx);
	return 0;
}
