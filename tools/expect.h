/* tools/expect.h - diagnostics that a text expects, by comments beside what they are about. */
#ifndef TOOLS_EXPECT_H
#define TOOLS_EXPECT_H

#include "ir/base/diag.h"

/* `// expected-error {{text}}`, also -warning, -remark and -note: on this line a diagnostic is given that contains text.
   `@+2` or `@-1` after the kind moves the line, `@*` stands for any place at all.  True when every comment
   in src met a diagnostic of its own and every diagnostic a comment; else the differences are printed to out. */
bool expect_check(const Diag *d, const Source *src, FILE *out);

#endif
