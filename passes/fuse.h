/* passes/fuse.h - the pass fuse at work: groups of ops that will become one kernel each.

   Every group has a label, and whatever a group uses has a smaller one: the labels are an order in which the groups can
   run.  Two groups may become one when the result can be given a label that keeps this true, which only their direct
   users and operands decide; so there are never cycles through ops outside, and nothing has to be searched. */
#ifndef PASSES_FUSE_H
#define PASSES_FUSE_H

#include "passes/fuse_cost.h"
#include "passes/pass.h"

typedef struct Copy { const Op *of; Op *copy; } Copy;

typedef struct Group {
	struct Group *into;        /* the group that has taken this one in, or NULL */
	int64_t     label;
	FusionKind  kind;          /* LOOP, ROW, REDUCE, CONTRACT, WINDOW; SINGLE: never grows */
	const Op   *anchor;        /* the first one, or NULL */
	const Type *dims;          /* LOOP: dimensions of the outputs; ROW: of the reductions' input */
	VEC(Op *)    ops;
	VEC(Copy)    copies;       /* cheap ops that this group computes for itself */
	VEC(Value *) sealed;       /* values that stay in memory: somebody has laid them out on purpose */
	int         amplified;     /* arithmetic that is done more often than once an element */
} Group;

typedef struct Node {
	Group   *group;
	int64_t  index;            /* position in the block at first: users come after what they use */
	int      serial;           /* a copy's number: it has the index of what it is a copy of */
	Position pos;
	double   ratio;            /* how often an element is asked for, */
	int      times;            /* at how many different positions */
	bool     prologue;         /* on the way into a contraction */
	bool     stored, stored_known; /* an op that never fuses uses it; false until somebody asks */
	const char *why;           /* the last reason not to fuse it with a user */
} Node;

typedef struct Fuse {
	PassCtx *p;
	Block   *block;
	VEC(Group *) groups;       /* in order of creation */
	VEC(const Use *) uses;     /* of uses_in */
	VEC(Op *) sizes;           /* ops that define a size: what mentions it stands behind them, though it need not use them */
	int64_t  nops;
	int      ncopies;
} Fuse;

enum { FUSE_OPS_MAX = 128, FUSE_OUTPUTS_MAX = 8, FUSE_COPIES_MAX = 16, FUSE_AMPLIFIED_MAX = 8, FUSE_TIMES_MAX = 4 };
#define FUSE_LABEL_STEP ((int64_t)1 << 32)

static inline Node *node_of(const Op *op) { return op->mark; }
Group *group_of(const Op *op);
/* The op of the block at hand in which user is nested, or user itself. */
Op    *fuse_user(const Fuse *f, Op *user);
/* The op of the block at hand that defines v; NULL: v comes from outside. */
Op    *fuse_def(const Fuse *f, const Value *v);

void   fuse_groups_init(Fuse *f);
Group *group_new(Fuse *f, FusionKind kind, int64_t label);
void   group_add(Fuse *f, Group *g, Op *op);          /* places op: its position from those of its operands */
/* from becomes part of g, which gets the label. */
void   group_merge(Fuse *f, Group *g, Group *from, int64_t label);
/* Do all users of g's results, but those in `but`, stand after label? */
bool   group_users_after(const Fuse *f, const Group *g, const Group *but, int64_t label);
/* The label behind which op has to stand for the sizes that it mentions; 0: any. */
int64_t fuse_floor(const Fuse *f, const Op *op);
/* Do all operands of g from outside of `but`, and what defines the sizes that g mentions, stand before label? */
bool   group_operands_before(const Fuse *f, const Group *g, const Group *but, int64_t label);
bool   group_seals(const Group *g, const Value *v);
/* op leaves its group for one of its own. */
Group *group_evict(Fuse *f, Op *op, int64_t label);
int    group_outputs(const Fuse *f, const Group *g);

/* Puts the groups into the block as fusions, in the order of their labels. */
void   fuse_build(Fuse *f);

#endif
