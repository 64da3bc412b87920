/* frontend/stablehlo/stablehlo.h - StableHLO text, as JAX, TensorFlow and PyTorch export it, read into the IR. */
#ifndef FRONTEND_STABLEHLO_STABLEHLO_H
#define FRONTEND_STABLEHLO_STABLEHLO_H

#include "frontend/frontend.h"

/* Public functions become graphs; inputs are arg0, arg1, ... and results out0, out1, ...  NULL with diagnostics: everything
   that is not supported is reported at once. */
Module *stablehlo_parse(Ctx *ctx, Source *src, WeightFiles *files);

/* The table of ops, for the reference pages. */
typedef struct StablehloRow { const char *name, *ours, *doc; bool custom, refused; } StablehloRow;
extern const StablehloRow stablehlo_rows[];
extern const int stablehlo_nrows;

#endif
