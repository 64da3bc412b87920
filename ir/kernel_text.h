/* ir/kernel_text.h - what reading and printing of kernels share; private to ir/kernel_p*.c and ir/program_p*.c. */
#ifndef IR_KERNEL_TEXT_H
#define IR_KERNEL_TEXT_H

#include "ir/kernel.h"
#include "ir/parse.h"

enum { KR_COUNT = KR_BLOCK + 1, KB_COUNT = KB_SCRATCH + 1 };

extern const char *const kernel_role_name[KR_COUNT];
extern const char *const kernel_buf_name[KB_COUNT];

/* kernel_print.c: `kernel @label "title" ...`; without the @label where it is NULL. */
void kernel_print_labelled(const Kernel *k, const char *label, Str *out);
/* kernel_parse.c: after `kernel`, of any text that p reads; *label as it stood there, of no kind TOK_SYM where there is none.
   Not verified.  NULL with a diagnostic. */
Kernel *parse_kernel(Parser *p, Token *label);

#endif
