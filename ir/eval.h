/* ir/eval.h - the reference interpreter: the oracle between the layers, and the constant folder.

   Evaluates any stage of the IR, straightforwardly, under the numerics contract (every reduction and contraction in
   the order its attribute states; ORDER_NONE means what pass `order` would choose).  One function per `eval` cell. */
#ifndef IR_EVAL_H
#define IR_EVAL_H

#include "ir/ir.h"
#include "ir/tensor.h"

typedef struct Eval Eval;
typedef struct EvalOptions {
	/* Called after each op with its result values; for --trace, --fetch, --check.  False stops. */
	bool (*on_op)(void *arg, const Op *op, Tensor *const *result);
	void *arg;
	int64_t max_bytes;          /* refuse tensors above this in total (0 = 16 GiB) */
} EvalOptions;

/* Evaluates a graph.  Symbols are solved from the inputs' shapes; env supplies those that no input has.  False with
   diagnostics: wrong inputs (SHAPE), data-dependent failure.  out holds func's results, one reference each. */
bool eval_func(Ctx *ctx, Func *f, const DimEnv *env, Tensor *const *in, int nin, Tensor **out, const EvalOptions *opt);
/* Folding: evaluates one op on constant operands (static shapes); NULL when it cannot. One Tensor per result in out. */
bool eval_op(Ctx *ctx, const Op *op, Tensor *const *in, Tensor **out);

typedef bool (*EvalFn)(Eval *e, const Op *op, Tensor *const *in, Tensor **out);
extern const EvalFn eval_table[OP_COUNT];

#endif
