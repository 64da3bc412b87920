/* ir/kernel.h - loop IR: one kernel per fusion, as structured loops over scalar (later vector) instructions.

   A kernel is a tree of blocks of instructions in SSA form; state that changes lives in variables (K_VAR) and
   buffers.  Emitters (codegen/lower) build it unscheduled: scalar, every loop a plain `for` with its role; the
   scheduler (codegen/sched) vectorises, jams, splits and parallelises it; printers turn every instruction into one
   or a few of their own.  No stage changes a rounding: scheduling only reorders independent work. */
#ifndef IR_KERNEL_H
#define IR_KERNEL_H

#include "ir/base/diag.h"
#include "ir/base/map.h"
#include "ir/base/str.h"
#include "ir/base/vec.h"
#include "ir/dim.h"
#include "ir/math.h"

/* Element type and lanes of a value: 1 = scalar; vectors of any power of two up to 64 (printers split what the
   machine lacks).  Index arithmetic is in DT_I64, lanes 1 unless it is the index of a gather. */
typedef struct KType { DType dtype; int lanes; } KType;

typedef enum KBufKind {
	KB_IN,        /* parameter, only read */
	KB_OUT,       /* parameter, written (and read back, if at all, only where written) */
	KB_INOUT,     /* parameter read and written: in-place; may equal an input of the same offset */
	KB_LOCAL,     /* small array on the stack; size is a number */
	KB_SCRATCH,   /* worker scratch: private to the task while it runs, size may be symbolic */
} KBufKind;

typedef struct KBuf {
	const char *name;
	DType    dtype;        /* of its elements; bool is a byte */
	KBufKind kind;
	Dim      size;         /* elements: LOCAL (constant) and SCRATCH; NULL for parameters */
	int      align;        /* bytes that the base is known to be aligned to: 64 for workspace and constants,
	                          the element's size for user pointers */
} KBuf;

typedef enum KKind {
	/* values */
	K_CONST,      /* bits of type */
	K_PARAM,      /* i64: kernel->param[imm], a dimension expression evaluated by the caller */
	K_TASK,       /* i64: the number of this task, 0 <= task < ntasks */
	K_OP,         /* a scalar operation (op), on every lane */
	K_LOAD,       /* buf[arg0]: lanes consecutive elements from arg0 on, or a gather when arg0 is a vector of indices.
	                 optional arg1: mask (bool lanes); absent lanes read as `bits` (the pattern of type's element) */
	K_SPLAT,      /* arg0 in every lane */
	K_RAMP,       /* arg0 + i in lane i (i64) */
	K_HALF,       /* imm 0: the lower half of arg0's lanes, 1: the upper half */
	K_LANE,       /* lane imm of arg0, as a scalar */
	K_JOIN,       /* the lanes of arg0, then those of arg1 */
	K_ZIP,        /* lanes of arg0 and arg1 in turn: imm 0: of their lower halves, 1: of their upper halves */
	K_UNZIP,      /* the inverse: every second lane of arg0, then of arg1: imm 0: the even ones, 1: the odd ones */
	K_GET,        /* value of variable arg0 (a K_VAR) */
	/* statements */
	K_VAR,        /* a variable of this type, initialised with arg0; visible in the rest of its block and inside */
	K_SET,        /* arg0 (a K_VAR) = arg1 */
	K_STORE,      /* buf[arg0] = arg1, consecutive lanes or scatter like K_LOAD; optional arg2: mask */
	K_FOR,        /* for (self = arg0; self < arg1; self += imm) body[0]; as a value it is its induction variable (i64) */
	K_WHILE,      /* body[0] computes; its last instruction is the condition (bool); body[1] is the loop */
	K_IF,         /* arg0 (bool, scalar) ? body[0] : body[1] */
	K_PREFETCH,   /* buf[arg0] will be read soon; imm: 1 = to L1, 2 = to L2 */
	K_KIND_COUNT
} KKind;

/* What a loop is for: emitters say it, the scheduler decides by it. */
typedef enum KRole {
	KR_SERIAL,    /* iterations depend on each other, ascending */
	KR_K,         /* serial reduction inside a contraction or window: jam and unroll around it */
	KR_BATCH,     /* independent iterations (outermost: tasks) */
	KR_M,         /* independent rows of a contraction: candidates for register tiles (jam) */
	KR_PANEL,     /* independent panels of columns of a contraction (jam, tasks) */
	KR_N,         /* independent, unit stride in the result: vectorise */
	KR_LANE,      /* the ORDER_NLANES lanes of a reduction: independent, vectorise whole */
	KR_BLOCK,     /* independent partial reductions: jam, tasks */
} KRole;

/* KF_TURNED is the scheduler's own (codegen/sched/turn.c) and never in a finished kernel. */
enum { KF_NONTEMPORAL = 1, KF_UNROLL = 2, KF_ALIGNED = 4, KF_TURNED = 8 };

typedef struct KOp KOp;
typedef struct KBlock KBlock;

struct KBlock { KOp *parent; KOp *first, *last; };

struct KOp {
	KKind    kind;
	ScalarOp op;           /* K_OP */
	KType    type;         /* of the value; K_FOR: i64; statements: unused */
	KRole    role;         /* K_FOR */
	unsigned flags;
	int      nargs;
	KOp     *arg[3];
	int      buf;          /* K_LOAD, K_STORE, K_PREFETCH: index into kernel->buf */
	int64_t  imm;          /* see kinds; K_FOR: the step, > 0 */
	uint64_t bits;         /* K_CONST; masked K_LOAD */
	KBlock  *body[2];
	KBlock  *block;
	KOp     *prev, *next;
	int      id;           /* number when printed */
	uint32_t visit;        /* scratch of the analyses below */
	void    *mark;         /* scratch of transformations */
};

typedef struct Kernel {
	Arena      *arena;
	DimTable   *dims;
	const char *name;      /* what it computes, for people: "dot_general+add+max" */
	Loc         loc;       /* of its text, where it was read from one; else NULL */
	VEC(KBuf)   buf;       /* parameters first, in the order of the launch's places */
	int         nparams;   /* how many of buf are parameters */
	VEC(Dim)    param;     /* symbolic expressions; K_PARAM refers to them */
	Dim         ntasks;    /* 1 until parallelised; an expression of the symbols */
	Dim         flops;     /* scalar operations in all, roughly: for the choice of tasks; may be NULL */
	KBlock     *body;      /* constants and parameters stand first, each once */
	uint32_t    visits;    /* how many analyses have used KOp.visit */
} Kernel;

Kernel *kernel_new(Arena *a, DimTable *dims, const char *name);
int     kernel_add_buf(Kernel *k, KBuf buf);
/* Builder: appends at the end of block (or before `before`).  Integer arithmetic folds constants and identities
   (x + 0, x * 1, x * 0) so that emitters need no special cases. */
typedef struct KBuild { Kernel *k; KBlock *block; KOp *before; } KBuild;

KOp *kb_const(KBuild *b, DType t, uint64_t bits);
KOp *kb_int(KBuild *b, int64_t v);                                /* i64 */
KOp *kb_dim(KBuild *b, Dim d);                                    /* K_CONST or K_PARAM, the same one for equal expressions */
KOp *kb_op(KBuild *b, ScalarOp op, KOp *x, KOp *y, KOp *z);       /* unused: NULL; lanes must agree */
KOp *kb_cast(KBuild *b, ScalarOp op, DType to, KOp *x);           /* convert, bitcast; narrow types: math_narrow */
KOp *kb_add(KBuild *b, KOp *x, KOp *y);                           /* i64 with folding; so are the next four */
KOp *kb_sub(KBuild *b, KOp *x, KOp *y);
KOp *kb_mul(KBuild *b, KOp *x, KOp *y);
KOp *kb_floordiv(KBuild *b, KOp *x, KOp *y);   /* x >= 0, y > 0; uses ranges of loops to simplify ((i*64 + c) / 64 = i) */
KOp *kb_mod(KBuild *b, KOp *x, KOp *y);        /* likewise */
KOp *kb_load(KBuild *b, int buf, KOp *index, int lanes);
KOp *kb_load_masked(KBuild *b, int buf, KOp *index, int lanes, KOp *mask, uint64_t absent);
KOp *kb_store(KBuild *b, int buf, KOp *index, KOp *value, KOp *mask);   /* mask may be NULL */
KOp *kb_splat(KBuild *b, KOp *x, int lanes);
KOp *kb_ramp(KBuild *b, KOp *base, int lanes);
KOp *kb_half(KBuild *b, KOp *x, int which);
KOp *kb_lane(KBuild *b, KOp *x, int lane);
KOp *kb_join(KBuild *b, KOp *x, KOp *y);
KOp *kb_zip(KBuild *b, KOp *x, KOp *y, int which);
KOp *kb_unzip(KBuild *b, KOp *x, KOp *y, int which);
KOp *kb_var(KBuild *b, KOp *init);
KOp *kb_get(KBuild *b, KOp *var);
void kb_set(KBuild *b, KOp *var, KOp *value);
/* Loops and branches: b->block becomes the new body; kb_end goes back to after the statement. */
KOp *kb_for(KBuild *b, KOp *lo, KOp *hi, int64_t step, KRole role);
KOp *kb_while(KBuild *b);                      /* starts the condition block */
void kb_do(KBuild *b, KOp *cond);              /* ends it and starts the loop's body */
KOp *kb_if(KBuild *b, KOp *cond);
void kb_else(KBuild *b);
void kb_end(KBuild *b);
/* Replays a scalar program on values (all of equal lanes, or scalars that are splatted). */
KOp *kb_prog(KBuild *b, const ScalarProg *p, KOp *const *in);

/* Analysis used by builder and scheduler. */
bool kop_const(const KOp *x, int64_t *out);                       /* integer constant */
/* x = base + coef * loop where base does not depend on loop: coef NULL when not affine; coef is an i64 value available
   where x is (made through b). */
bool kop_affine(KBuild *b, KOp *x, const KOp *loop, KOp **coef);
/* Whether y - x is a number for every value of what they are computed from, as far as their structure tells; *by is it. */
bool kop_apart(const KOp *x, const KOp *y, int64_t *by);
/* Whether x may change from one iteration of the loop `on` to the next (conservative: variables and loads from buffers that
   the kernel writes count as changing). */
bool kop_depends(Kernel *k, KOp *x, const KOp *on);
void kop_range(const KOp *x, int64_t *lo, int64_t *hi);           /* of an i64 value, from loop bounds; saturating */

void kernel_print(const Kernel *k, Str *out);                     /* the text form; values renumbered in order */
struct Ctx;
Kernel *kernel_parse(struct Ctx *ctx, Source *src);              /* verified; NULL with diagnostics */
bool kernel_verify(const Kernel *k, Diag *diag);                  /* SSA dominance, types, lanes, buffers, loops */
Kernel *kernel_clone(Arena *a, const Kernel *k);
/* Cloning of instruction ranges with substitution, for transformations: map: KOp* -> KOp*. */
KOp *kop_clone(KBuild *b, const KOp *x, Map *map);
void kop_erase(KOp *x);
bool kernel_equal(const Kernel *a, const Kernel *b);              /* same structure and parameters (names aside): emitted once */
uint64_t kernel_hash(const Kernel *k);

#endif
