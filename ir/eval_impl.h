/* ir/eval_impl.h - what the files of the interpreter share; nobody else includes it. */
#ifndef IR_EVAL_IMPL_H
#define IR_EVAL_IMPL_H

#include "ir/eval.h"
#include "ir/exprs.h"

/* One evaluation of one graph.  A call makes another one. */
struct Eval {
	Ctx   *ctx;
	const Func *func;
	Arena *arena;             /* caches; lives as long as the evaluation */
	const EvalOptions *opt;
	DimEnv env;               /* the symbols of the inputs, then the sizes that ops have defined, in order */
	int    env_cap;           /* room in it */
	Map    values;            /* Value* -> Tensor*, one reference each; NULL once freed */
	Map    plans;             /* Block* -> what dies where */
	Map    progs;             /* Op* -> ScalarProg* of elementwise ops; Block* -> programs of a body */
	Map    expanded;          /* Op* -> Func* of composite ops */
	int64_t *live;            /* bytes of tensors held; shared with calls */
	int64_t max_bytes;
	bool   folding;           /* failures leave no diagnostics; nothing that might not end */
	int    untraced;          /* inside the body of a reduction, sort, ...: on_op is not called */
};

/* live: the count of bytes held, which outlives the evaluation. */
void eval_open(Eval *e, Ctx *ctx, const Func *f, const EvalOptions *opt, int64_t *live);
void eval_close(Eval *e);
/* f itself, or what stands for it if it has complex numbers; NULL with diagnostics. */
const Func *eval_real(Eval *e, const Func *f);
/* One op: its function, a check of what it gives, and on_op.  On failure out may hold some results. */
bool eval_run(Eval *e, const Op *op, Tensor *const *in, Tensor **out);

/* Reports at the op (unless folding) and gives false. */
bool eval_fail(Eval *e, const Op *op, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* A zeroed tensor of the type's shape under the evaluation's symbols; NULL after eval_fail. */
Tensor *eval_tensor(Eval *e, const Op *op, const Type *type);
Tensor *eval_tensor_of(Eval *e, const Op *op, DType dtype, int rank, const int64_t *dim);
bool    eval_dim(Eval *e, const Op *op, Dim d, int64_t *out);
bool    eval_dims(Eval *e, const Op *op, int n, const Dim *d, int64_t *out);
void    eval_release(Eval *e, Tensor *t);             /* gives back a reference; NULL is fine */
/* Scratch memory, zeroed, counted against the limit; NULL after eval_fail. */
void   *eval_scratch(Eval *e, const Op *op, int64_t count, size_t size);
void    eval_scratch_free(Eval *e, void *p, int64_t count, size_t size);

/* Evaluates a region: binds its arguments, runs its ops, gives references to what its terminator names. */
bool eval_block(Eval *e, const Block *b, Tensor *const *in, Tensor **out);
/* Another graph of the module, under its own symbols. */
bool eval_callee(Eval *e, const Op *op, const Func *callee, const DimEnv *env, Tensor *const *in, Tensor **out);
/* Finds the symbols of f's inputs and checks shapes, element types and constraints; false with diagnostics. */
bool eval_bind(Eval *e, const Func *f, const DimEnv *given, Tensor *const *in, int nin);
/* Gives a size its value, or another one.  What was defined after it the last time has none any more.  False with a diagnostic
   where a constraint that can be told now does not hold. */
bool eval_set_size(Eval *e, const char *name, int64_t value);

/* Positions: row-major strides in elements, and copies between strided views of elements of `size` bytes. */
void eval_strides(int rank, const int64_t *dim, int64_t *stride);
void eval_copy(int rank, const int64_t *dim, size_t size, void *dst, const int64_t *dst_stride, const void *src,
	const int64_t *src_stride);
/* Steps idx to the next position in row-major order; false after the last (idx is then all zero again). */
bool eval_next(int rank, const int64_t *dim, int64_t *idx);
static inline int64_t eval_offset(int rank, const int64_t *idx, const int64_t *stride)
{
	int64_t at = 0;

	for (int i = 0; i < rank; i++)
		at += idx[i] * stride[i];
	return at;
}
/* Elements of any type as 64-bit integers (sign- or zero-extended); floats are not accepted. */
int64_t eval_int(const Tensor *t, int64_t i);

/* A region of scalars as a function on vectors: out[k][i] = region(in[..][i])[k] for i < count.  Regions made of
   elementwise ops run as scalar programs, others op by op on tensors of rank 0. */
enum { BODY_MAX = 64 };           /* arguments */
typedef struct Body {
	Eval  *e;
	const Op *op;
	const Block *region;
	int    nargs, nresults;
	ScalarProg *const *prog;      /* one a result; NULL when the region is general */
} Body;
bool body_open(Body *b, Eval *e, const Op *op, const Block *region);
bool body_call(Body *b, const void *const *in, void *const *out, int64_t count);

/* The body of a reduction, one accumulator an operand. */
enum { FOLD_MAX = BODY_MAX / 2 };
typedef struct Fold {
	Body   body;
	int    n;                     /* operands */
	DType  from[FOLD_MAX];        /* their element types */
	DType  type[FOLD_MAX];        /* of accumulators: f32 for a one-op body on f16 or bf16 */
	ScalarProg *wide;             /* that body on f32, else NULL */
	void  *tmp[FOLD_MAX];         /* results of a step, before they replace the accumulators */
	int64_t width;
} Fold;
/* For op's only region, which takes n accumulators and n elements; width is the largest `count` of a step.  False after
   eval_fail; fold_close is due in either case. */
bool fold_open(Fold *f, Eval *e, const Op *op, int n, int64_t width);
void fold_close(Fold *f);
/* acc[k][i] = body(acc[..][i], x[..][i])[k] for i < count.  No element of acc may be one of x. */
bool fold_step(Fold *f, void *const *acc, const void *const *x, int64_t count);
/* Elements of operand k's type to accumulators and back (one rounding). */
void fold_widen(const Fold *f, int k, const void *from, void *to, int64_t count);
void fold_narrow(const Fold *f, int k, const void *from, void *to, int64_t count);

/* Contractions on dense operands of one of three types: f32, f64, and u64 for all integers (which wrap, so that the low
   bits are right).  acc[j] = fma(a[k], b[k * ldb + j], acc[j]) for k ascending; terms with hole[k] are left out (hole
   may be NULL). */
void chain_f32(const float *a, const uint8_t *hole, const float *b, int64_t ldb, int64_t k, int64_t n, float *acc);
void chain_f64(const double *a, const uint8_t *hole, const double *b, int64_t ldb, int64_t k, int64_t n, double *acc);
void chain_u64(const uint64_t *a, const uint8_t *hole, const uint64_t *b, int64_t ldb, int64_t k, int64_t n,
	uint64_t *acc);
/* One block of m <= ORDER_BLOCK terms in lanes of fma from +0; its lanes by halving. */
float    lanes_f32(const float *a, const float *b, int64_t m);
double   lanes_f64(const double *a, const double *b, int64_t m);
uint64_t lanes_u64(const uint64_t *a, const uint64_t *b, int64_t m);

/* The type in which a contraction with results of type t is computed: DT_F32, DT_F64 or DT_U64. */
DType contract_type(DType t);
/* Zeroed scratch holding t's elements in that type, axes in the order `axis` (all of them), dense. */
void *contract_load(Eval *e, const Op *op, const Tensor *t, const int *axis, DType type);
/* Rounds or cuts n results into t from element `first` on, `step` elements apart. */
void contract_store(Tensor *t, int64_t first, int64_t step, DType type, const void *from, int64_t n);
/* acc[j], j < n: the whole contraction of one row a[K] with b[K][ldb] in chunks; tmp holds n.  */
void contract_chain(DType type, const void *a, const uint8_t *hole, const void *b, int64_t ldb, int64_t k, int64_t n,
	void *acc, void *tmp);

/* Windows.  Elements before the first one along axis i (a number of `pads`) that has `extent` elements: explicit, none, or
   half (rounded down) of what PAD_SAME needs in all. */
int64_t pads_low(Pads pads, int i, int64_t extent, int64_t window, int64_t stride);
/* Extent with dilation - 1 holes between neighbours. */
int64_t dilated(int64_t extent, int64_t dilation);

#endif
