/* frontend/graph/graph.h - our own text form as a file: imports and constants from files beside it. */
#ifndef FRONTEND_GRAPH_GRAPH_H
#define FRONTEND_GRAPH_GRAPH_H

#include "frontend/frontend.h"

/* m->dir is the folder of src->name.  NULL with diagnostics. */
Module *graph_parse(Ctx *ctx, Source *src, WeightFiles *files);

#endif
