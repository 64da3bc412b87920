/* ir/target.h - facts about a machine, as plain data: what passes and schedulers may know. */
#ifndef IR_TARGET_H
#define IR_TARGET_H

#include <stdbool.h>
#include <stdint.h>

typedef struct TargetFacts {
	const char *name;          /* "x86-64-v3", "c", ... */
	int  vector_bytes;         /* register width: 32 for AVX2, 64 for AVX-512, 16 for NEON; C: 32 */
	int  vector_registers;     /* 16, 32 */
	bool masked_memory;        /* cheap masked loads and stores of 4- and 8-byte elements */
	bool shuffles;             /* vectors are registers whose lanes can be moved about */
	bool fma;                  /* in hardware */
	int  l1_bytes, l2_bytes;
	int  panel;                /* columns of a packed right-hand side of a contraction: 16, for every CPU */
	int  max_unroll;           /* statements an unrolled body may grow to */
} TargetFacts;

#endif
