/* ir/custom.h - the C functions that custom_call names: what they are called and how they are declared. */
#ifndef IR_CUSTOM_H
#define IR_CUSTOM_H

#include "ir/ir.h"

/* How a call sees its function.  All calls of a function agree about it (verified). */
typedef struct Custom {
	const char  *target;
	int          nin, nout, ndims;
	const DType *dtype;            /* of the operands, then the results */
	const char  *config;           /* "": not passed */
} Custom;

/* An identifier of C, and none of its words. */
bool custom_is_name(const char *s);
Custom custom_of(Arena *a, const Op *op);
/* `int f(const float *, int64_t *, int64_t)`: operands, results, dims, config. */
void custom_prototype(Str *out, const Custom *c);
bool customs_agree(const Custom *a, const Custom *b);

#endif
