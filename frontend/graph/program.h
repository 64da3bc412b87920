/* frontend/graph/program.h - the text form of lowered models as a file: their large constants from files beside it. */
#ifndef FRONTEND_GRAPH_PROGRAM_H
#define FRONTEND_GRAPH_PROGRAM_H

#include "frontend/frontend.h"
#include "ir/program.h"

/* By its ending (.loops, .kernel) or its first word; a file that cannot be read is none.  Never "-". */
bool  path_is_program(Ctx *ctx, const char *path);
/* By its first word, behind blanks and comments. */
bool  text_is_program(const char *text, size_t size);
/* Constants stay mapped as long as ctx lives.  NULL with diagnostics. */
Unit *program_load(Ctx *ctx, const char *path);
Unit *program_parse(Ctx *ctx, Source *src);

#endif
