/* frontend/onnx/ops.c - ops.def as a table, and looking up names in it. */
#include "frontend/onnx/import.h"
#include "frontend/onnx/onnx.h"

static const Row rows[] = {
#define SAME(name, since, op, doc)              { name, since, WAY_SAME, OP_##op, NULL, NULL },
#define FOLD(name, since, op, doc)              { name, since, WAY_FOLD, OP_##op, NULL, NULL },
#define FUNC(name, since, function, doc)        { name, since, WAY_FUNC, OP_COUNT, NULL, onnx_##function },
#define REFUSED(name, why)                      { name, 1, WAY_REFUSED, OP_COUNT, why, NULL },
#include "frontend/onnx/ops.def"
};

const Row *onnx_row_find(const char *type, int64_t opset)
{
	const Row *best = NULL;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].since <= opset && (!best || rows[i].since > best->since) && strcmp(rows[i].name, type) == 0)
			best = &rows[i];
	return best;
}

const OnnxRow onnx_rows[] = {
#define SAME(name, since, op, doc)              { name, #op, doc, since, false },
#define FOLD(name, since, op, doc)              { name, #op, doc, since, false },
#define FUNC(name, since, function, doc)        { name, "", doc, since, false },
#define REFUSED(name, why)                      { name, "", why, 1, true },
#include "frontend/onnx/ops.def"
};
const int onnx_nrows = sizeof onnx_rows / sizeof *onnx_rows;
