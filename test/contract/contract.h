/* test/contract/contract.h - the numerics contract, tested: graphs through the interpreter and through every way to compile
   them, compared bit for bit.

   A batch is one .graph file.  Each graph of it is run on a few sets of inputs: those that the graph's own @name.data
   gives, or made-up ones, with made-up numbers for the symbols.  The interpreter on the graph as written gives the
   wanted results; a configuration is a way of compiling the whole batch into one descriptor. */
#ifndef TEST_CONTRACT_CONTRACT_H
#define TEST_CONTRACT_CONTRACT_H

#include "ir/ir.h"
#include "ir/tensor.h"
#include "runtime/abi.h"

enum { MAX_ARGS = 64, MAX_SYMBOLS = 16, MAX_SETS = 8 };

/* One set of inputs of a graph and what the interpreter makes of them. */
typedef struct Inputs {
	int         nsymbols;
	const char *symbol[MAX_SYMBOLS];
	int64_t     value[MAX_SYMBOLS];
	int         nin, nout;
	Tensor     *in[MAX_ARGS];
	Tensor     *want[MAX_ARGS];
	bool        refused;            /* the interpreter finds that these dimensions do not fit */
	bool        in_batch[MAX_ARGS], out_batch[MAX_ARGS];   /* the first axis is the symbol N */
} Inputs;

typedef struct Case {
	const char *name;
	int         nsets;
	Inputs      set[MAX_SETS];
} Case;

typedef struct Options {
	const char *only;               /* the one graph to look at, or NULL */
	const char *configs;            /* comma list, or NULL: the default ones */
	const char *dir;                /* where files go that are made on the way */
	bool        all;                /* every configuration */
	int         first;              /* number of the first set: it says which numbers symbols have, and which kind inputs are of */
	bool        rotate;             /* one number of threads a graph, in turn, instead of 1, 2 and 3 */
	bool        rows;               /* N counts samples: each alone gives the same bits as in the batch */
	bool        bound;              /* each set once more with its symbols bound, as by --dim */
	const char *extent_name;        /* this symbol is extent_value in every set; or NULL */
	int64_t     extent_value;
	bool        relax;              /* with the pass that changes roundings: wanted is the module after `order` */
	bool        keep;               /* leave the files */
	int         nsets;
	int         most;               /* differences that are printed */
	uint64_t    seed;
} Options;

typedef struct Batch {
	const char    *path;
	const Options *opt;
	const char    *weights;         /* the file, for a model that could not take it in; or NULL */
	Ctx           *ctx;
	Arena         *arena;
	int            ncases;
	Case          *at;
	int            bound;           /* the set whose numbers the symbols have; -1: they stay symbols */
	DimEnv         env;             /* those numbers */
	int            ncompared, nskipped, nfailed;
} Batch;

/* Reads the graphs, makes the inputs and evaluates them.  False after a message: the file is of no use. */
bool batch_read(Batch *b, const char *path, const Options *opt);
void batch_free(Batch *b);
/* A new context with the graphs to compile: without the data.  NULL after a message. */
Ctx *batch_parse(Batch *b, Module **out);
void batch_fail(Batch *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* From here on the symbols have the numbers of this set; false where no graph has such a set.  -1: symbols again. */
bool batch_bind(Batch *b, int set);
/* With bound symbols: is this a set of just these numbers, and one that the graph accepts? */
bool batch_fits(const Batch *b, const Case *c, int set);

/* Ways to compile. */
void run_configs(Batch *b);

/* Calls every graph of the model on every set of inputs with 1, 2 and 3 threads. */
void check_model(Batch *b, const char *config, const tfrt_model *model);
/* The same for a module after its passes, by the interpreter. */
void check_module(Batch *b, const char *config, Ctx *ctx, Module *m);
/* What is being run, for the message when it crashes. */
extern char running[];

/* Memory with a page behind it (or in front) that cannot be touched. */
typedef struct Guarded { char *data; size_t bytes; char *map; size_t mapped; } Guarded;
/* With align > 1 the end may be up to align - 1 bytes before the page.  Filled with `fill`. */
Guarded guarded_new(size_t bytes, size_t align, bool at_end, int fill);
void    guarded_free(Guarded *g);
/* Were bytes around the data written? */
bool    guarded_intact(const Guarded *g);

uint64_t made_up(uint64_t *seed, DType t, int flavour);
bool     same_bits(DType t, uint64_t a, uint64_t b);

#endif
