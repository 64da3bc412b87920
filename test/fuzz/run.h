/* test/fuzz/run.h - what the fuzzers that run graphs share: graphs on made-up inputs, and comparing results. */
#ifndef TEST_FUZZ_RUN_H
#define TEST_FUZZ_RUN_H

#include "ir/ir.h"
#include "ir/tensor.h"

enum { RUN_STEPS = 2000, RUN_ARGS = 32, RUN_SYMBOLS = 16, RUN_FUNCS = 8 };

typedef struct Run {
	uint64_t seed;        /* of inputs, weights and symbols */
	int      steps;       /* ops evaluated so far */
	Ctx     *ctx;
	Module  *module;      /* NULL when the text was refused */
} Run;

typedef struct RunEnv {
	const char *name[RUN_SYMBOLS];
	int64_t     value[RUN_SYMBOLS];
	DimEnv      env;      /* points into the arrays above */
} RunEnv;

/* The caller frees ctx. */
Run  run_parse(const char *text, size_t size);
/* Weights that a file would hold get made-up values; false when one is too large. */
bool run_fill_weights(Run *r);
/* Every symbol of f is 1 to 3; false if there are too many. */
bool run_env(const Run *r, Func *f, RunEnv *out);
/* Mostly small numbers, some special ones; NULL when the tensor would be large. */
Tensor *made_up_tensor(uint64_t seed, DType t, int rank, const int64_t *dim);
/* The inputs of f; false when one is too large or there are too many. */
bool run_inputs(const Run *r, Func *f, const DimEnv *env, Tensor **in);
/* The results of f by the interpreter; false when it has none, or not within RUN_STEPS. */
bool run_evaluate(Run *r, Func *f, const DimEnv *env, Tensor **out);
/* Equal shape and bits, all NaNs being one value. */
bool tensor_same(const Tensor *a, const Tensor *b);
void tensors_unref(Tensor **t, int n);
/* Reads a text and prints what it says; NULL when it is refused, after fuzz_fail if without a diagnostic.  To be freed. */
typedef char *(*FuzzPrint)(const char *text, size_t size);
/* Any bytes as text: what is read prints, and reads and prints the same again. */
void fuzz_round_trip(FuzzPrint print, const uint8_t *data, size_t size);
_Noreturn void fuzz_fail(const char *what, const char *text, const char *other);
/* Whether the text is refused with a reason by the passes that see what is written, before anything is made of it. */
bool run_is_refused(const char *text, size_t size);
/* Prints diagnostics and the module, and aborts. */
_Noreturn void run_fail(const Run *r, const char *what, const char *func);

#endif
