/* codegen/c/cprint.h - the C printer: one C11 file that needs tfrt.h and memcpy alone. */
#ifndef CODEGEN_C_CPRINT_H
#define CODEGEN_C_CPRINT_H

#include "codegen/codegen.h"
#include "codegen/object/layout.h"
#include "ir/base/str.h"

/* The scalar operations as functions tf_<op>_<type>, and what else the kernels lean on.  Same text for every model. */
extern const char c_prelude[];

const char *c_type(DType t);                    /* of values and of elements in memory */
void c_kernel(const Kernel *k, int number, Str *out);
void c_dim(Str *out, Dim d);                    /* an int64_t expression over the symbols' names, d_<name> */
void c_programs(const Unit *u, const Variant *v, const CodegenOptions *opt, Str *out);
void c_text(Str *out, const char *text);         /* in quotes */
void c_customs(const Unit *u, Str *out);
void c_descriptor(const Unit *u, const Variant *v, const CodegenOptions *opt, Str *out);

#endif
