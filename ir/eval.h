/* ir/eval.h - the reference interpreter: the oracle between the layers, and the constant folder.

   Evaluates any stage of the IR, straightforwardly, under the numerics contract (every reduction and contraction in
   the order its attribute states; ORDER_NONE means what pass `order` would choose).  One function per `eval` cell. */
#ifndef IR_EVAL_H
#define IR_EVAL_H

#include "ir/ir.h"
#include "ir/tensor.h"

typedef struct Eval Eval;

/* Several evaluations of one graph at once, each in a thread of its own: processes that meet at collectives (ir/collective.h). */
typedef struct EvalPeers {
	int replicas, partitions;   /* how many there are */
	int replica, partition;     /* which of them this evaluation is */
	/* Waits until all n processes of a group, of which this is one, stand at this op: all[m] gets the operands of member[m], which
	   stay as they are until each of them has called `leave`.  False, with a diagnostic, when they will never meet. */
	bool (*meet)(void *arg, Ctx *ctx, const Op *op, int n, const int *member, Tensor *const *in, Tensor *const **all);
	void (*leave)(void *arg);
	void *arg;
} EvalPeers;

typedef struct EvalOptions {
	/* Called after each op of the graph, of graphs it calls, and of regions of while and fusion (not of bodies of
	   reductions and the like, nor inside composite ops) with its results; for --trace, --fetch, --check.  False
	   stops the evaluation, which then fails without a diagnostic: the way to interrupt it. */
	bool (*on_op)(void *arg, const Op *op, Tensor *const *result);
	void *arg;
	/* Calls the C function of a custom_call with these operands, room for its results and the values of its `dims`; false with
	   diagnostics.  NULL: such ops cannot be evaluated. */
	bool (*custom)(Ctx *ctx, const Op *op, Tensor *const *in, Tensor *const *out, const int64_t *dims);
	const EvalPeers *peers;     /* NULL: there is one process */
	int64_t max_bytes;          /* of tensors held at a time (0 = 16 GiB); beyond is an error */
} EvalOptions;

/* Evaluates a graph.  Symbols are solved from the inputs' shapes; env (NULL: none) supplies those that no input has, and
   must agree about the others.  False with diagnostics: wrong inputs, a weight without a value, too much memory.  out
   gets the graph's results, one reference each. */
bool eval_func(Ctx *ctx, Func *f, const DimEnv *env, Tensor *const *in, int nin, Tensor **out, const EvalOptions *opt);
/* The values of all symbols of a graph for given inputs, as eval_func finds and checks them; names and values live in a.
   False with diagnostics. */
bool eval_symbols(Ctx *ctx, Arena *a, const Func *f, const DimEnv *env, Tensor *const *in, int nin, DimEnv *out);
/* Folding: evaluates one op on constant operands; out gets a tensor a result.  False, without a diagnostic and with
   out all NULL, when it cannot: symbolic shapes, a region that sees values from outside, an op that takes
   long or might not end. */
bool eval_op(Ctx *ctx, const Op *op, Tensor *const *in, Tensor **out);

typedef bool (*EvalFn)(Eval *e, const Op *op, Tensor *const *in, Tensor **out);
extern const EvalFn eval_table[OP_COUNT];

#endif
