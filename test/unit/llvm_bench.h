/* test/unit/llvm_bench.h - runs hand-made kernels through the LLVM printer, in this process. */
#ifndef TEST_UNIT_LLVM_BENCH_H
#define TEST_UNIT_LLVM_BENCH_H

#include "codegen/llvm/jit.h"
#include "runtime/abi.h"

/* A unit with one graph whose inputs and outputs are arrays, and launches of hand-made kernels on them. */
typedef struct Bench {
	Ctx     *ctx;
	Module  *module;
	Unit    *unit;
	Program *program;
	Func    *func;
	VEC(void *) in;
	VEC(void *) out;
} Bench;

Bench bench_new(void);
void  bench_free(Bench *b);
/* Arrays of n elements.  An output's bytes start out as 0xa5. */
Place bench_input(Bench *b, DType t, int64_t n, void *data);
Place bench_output(Bench *b, DType t, int64_t n);
void *bench_data(Bench *b, Place output);
/* The kernel's parameters are these places. */
void  bench_launch(Bench *b, Kernel *k, int nplaces, const Place *place);
tfrt_status bench_run(Bench *b, const char *cpu, int opt_level, tfrt_parallel_fn parallel);
/* Can code for this CPU run here? */
bool  bench_cpu(const char *cpu);

#endif
