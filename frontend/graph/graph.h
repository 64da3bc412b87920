/* frontend/graph/graph.h - our own text form as a file: imports and constants from files beside it. */
#ifndef FRONTEND_GRAPH_GRAPH_H
#define FRONTEND_GRAPH_GRAPH_H

#include "frontend/frontend.h"

/* Parses path ("-" is standard input); m->dir is its folder.  NULL with diagnostics. */
Module *graph_parse(Ctx *ctx, Source *src, WeightFiles *files);
Module *graph_load(Ctx *ctx, const char *path, WeightFiles *files);

#endif
