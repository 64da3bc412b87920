/* frontend/onnx/onnx.h - ONNX models, as PyTorch, scikit-learn and others export them, read into the IR. */
#ifndef FRONTEND_ONNX_ONNX_H
#define FRONTEND_ONNX_ONNX_H

#include "frontend/frontend.h"

/* The model's graph becomes @main.  An input without a shape has it from the given value; elements of a sequence are NAME.0, NAME.1,
   ...  NULL with diagnostics: everything that is not supported is reported at once, by node. */
Module *onnx_parse(Ctx *ctx, const char *path, const void *bytes, size_t size, const InputValues *given);

/* The table of ops, for the reference pages. */
typedef struct OnnxRow { const char *name, *ours, *doc; int since; bool refused; } OnnxRow;
extern const OnnxRow onnx_rows[];
extern const int onnx_nrows;

#endif
