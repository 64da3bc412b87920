/* tfrt.h - the runtime of compiled models: contexts, status codes, introspection.

   A compiled model is an object file with one C function per graph and a descriptor `NAME_model`; its generated header
   includes this one.  To call it, make a context:

	tfrt_context *ctx;
	int64_t most = 360;
	tfrt_options o = { 0 };
	o.threads = 2;
	o.max_dims = &most;
	tfrt_status s = tfrt_open(&digits_model, &o, &ctx);
	if (s == TFRT_OK)
		s = digits(ctx, 7, image, probs);
	tfrt_close(ctx);

   A context serves one call at a time; open one for each concurrent call.  Models, graphs and everything in them are
   constant data and may be shared by all threads.  The runtime never prints, never exits, keeps no global state, and
   needs libc and pthreads only.  Clean C99 and C++98. */
#ifndef TFRT_H
#define TFRT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tfrt_context tfrt_context;  /* one caller's way into a model: workspace, threads, chosen variant */
typedef struct tfrt_model   tfrt_model;    /* descriptor of an object file, `extern const tfrt_model NAME_model` */
typedef struct tfrt_graph   tfrt_graph;    /* one graph of a model */

/* What every function that can fail returns. */
typedef int32_t tfrt_status;
enum {
	TFRT_OK        = 0,
	TFRT_INVALID   = 1,  /* an argument is wrong: NULL context, context of another model, NULL data, unknown name */
	TFRT_SHAPE     = 2,  /* a dimension is negative, too large, or breaks a condition of the graph */
	TFRT_WORKSPACE = 3,  /* the context's workspace is too small for these dimensions */
	TFRT_CPU       = 4,  /* no variant in the object runs on this CPU */
	TFRT_DEVICE    = 5,  /* the device is missing or failed */
	TFRT_VERSION   = 6,  /* object and runtime (or weights file) are from versions that do not fit */
	TFRT_IO        = 7,  /* the weights file cannot be read, or is not one (errno: EINVAL); errno says why */
	TFRT_MEMORY    = 8,  /* out of memory or threads */
	TFRT_CUSTOM    = 9,  /* a C function of the program that the model calls has failed; tfrt_failed says which */
	TFRT_STATUS_COUNT
};

/* One English sentence for a status, never NULL; unknown codes get one too. */
const char *tfrt_message(tfrt_status status);

/* Version of this header and, as "major.minor.patch" too, of the library that was linked. */
#define TFRT_RELEASE "0.1.0"
const char *tfrt_version(void);

/* Element types.  The codes are part of the object format and never change meaning.  bool is one byte, 0 or 1; f16
   and bf16 are passed as uint16_t.  Integers and floats of less than 8 bits take a byte each, too, in its lowest bits; the sign of
   i2 and i4 is extended.  Complex numbers are these structures, which lie in memory as C's and C++'s own do. */
typedef struct tfrt_c64 { float re, im; } tfrt_c64;
typedef struct tfrt_c128 { double re, im; } tfrt_c128;
typedef int32_t tfrt_dtype;
enum {
	TFRT_BOOL = 1,
	TFRT_I8 = 2, TFRT_I16 = 3, TFRT_I32 = 4, TFRT_I64 = 5,
	TFRT_U8 = 6, TFRT_U16 = 7, TFRT_U32 = 8, TFRT_U64 = 9,
	TFRT_F16 = 10, TFRT_BF16 = 11, TFRT_F32 = 12, TFRT_F64 = 13,
	TFRT_I2 = 14, TFRT_I4 = 15, TFRT_U2 = 16, TFRT_U4 = 17,
	TFRT_F4E2M1FN = 18, TFRT_F6E2M3FN = 19, TFRT_F6E3M2FN = 20, TFRT_F8E3M4 = 21, TFRT_F8E4M3 = 22,
	TFRT_F8E4M3FN = 23, TFRT_F8E4M3FNUZ = 24, TFRT_F8E4M3B11FNUZ = 25,
	TFRT_F8E5M2 = 26, TFRT_F8E5M2FNUZ = 27,
	TFRT_C64 = 28, TFRT_C128 = 29,
	TFRT_DTYPE_COUNT
};
int32_t     tfrt_dtype_bytes(tfrt_dtype t);  /* bytes of one element; 0 for an unknown code */
const char *tfrt_dtype_name(tfrt_dtype t);   /* "f32"; "?" for an unknown code */

/* Types of generated functions and of hooks. */

/* Does task `task` of a parallel loop.  `worker` < threads and no two tasks that run at the same time have the same. */
typedef void (*tfrt_task_fn)(void *arg, int64_t task, int32_t worker);

/* Calls fn(arg, t, worker) once for each t in [0, ntasks), in any order and on any threads, and returns when all are
   done; what the tasks wrote is then visible to the caller.  Tasks never wait for each other. */
typedef void (*tfrt_parallel_fn)(void *pool, tfrt_task_fn fn, void *arg, int64_t ntasks);

/* Runs a graph: dims in the order of tfrt_dim_name, in and out in the order of the graph's inputs and outputs. */
typedef tfrt_status (*tfrt_call_fn)(tfrt_context *ctx, void *state, const int64_t *dims, void *const *in,
                                    void *const *out);

/* Checks dims and writes the extents of all inputs, then of all outputs, one after the other.  TFRT_SHAPE if a
   dimension is out of range, a condition of the graph does not hold, or a size overflows. */
typedef tfrt_status (*tfrt_shape_fn)(const int64_t *dims, int64_t *extents);

/* Exact workspace for a call with these dims in bytes; -1 if dims are refused or the size overflows. */
typedef int64_t (*tfrt_workspace_fn)(const int64_t *dims, int32_t threads);

/* Told by the calling thread when kernel number `kernel` begins (end = 0) and ends (end = 1). */
typedef void (*tfrt_profile_fn)(tfrt_context *ctx, int32_t kernel, int32_t end);

/* ---- contexts ---- */

#define TFRT_ALL_CPUS    (-1)  /* threads: one per CPU that this process may use */
#define TFRT_MAX_THREADS 4096
#define TFRT_ALIGN       64    /* of every workspace, in bytes */

/* All zero is a good default: one thread, workspace allocated for max_dims. */
typedef struct tfrt_options {
	int32_t          threads;          /* 0 or 1: no pool; n: the caller and n-1 workers; or TFRT_ALL_CPUS */
	int32_t          pin;              /* not 0: bind each worker (not the caller) to a CPU of its own */
	int32_t          profile;          /* not 0: time the kernels of an object that was compiled with --profile */
	int32_t          reserved;         /* 0 */
	int64_t          spin_ns;          /* how long idle workers spin before they sleep; 0: default, < 0: not at all */
	const char      *graph;            /* the graph that will be called; NULL: any */
	const int64_t   *max_dims;         /* largest dims of that graph; if graph is NULL, of each graph, in order, one
	                                      after the other.  NULL is right for graphs without symbolic dims */
	void            *workspace;        /* caller's, aligned to TFRT_ALIGN, used instead of allocating; or NULL */
	int64_t          workspace_bytes;  /* of it */
	tfrt_parallel_fn parallel;         /* caller's own pool of `threads` workers instead of tfrt's; or NULL */
	void            *pool;             /* its first argument */
	const char      *variant;          /* use this variant, e.g. "x86-64-v3"; NULL: the best that this CPU can run */
	const char      *weights;          /* path of the weights file, if the object needs one; NULL: as compiled in */
	void            *user;             /* tfrt_user gives it back */
} tfrt_options;

/* Checks the descriptor, picks a variant, maps the weights, gets the workspace, starts the threads.  options may be
   NULL.  On failure *ctx is NULL and nothing is left behind. */
tfrt_status tfrt_open(const tfrt_model *model, const tfrt_options *options, tfrt_context **ctx);

/* Ends threads and frees what tfrt_open made (never the caller's workspace).  NULL is fine. */
void tfrt_close(tfrt_context *ctx);

/* Room for a context in caller memory. */
#define TFRT_CONTEXT_BYTES 256
typedef union tfrt_storage {
	void         *align_pointer;
	int64_t       align_integer;
	double        align_float;
	unsigned char bytes[TFRT_CONTEXT_BYTES];
} tfrt_storage;

/* A single-threaded context without any allocation, lock or system call: it lives in *storage and uses
   workspace[0, bytes), aligned to TFRT_ALIGN.  Nothing to close.  TFRT_INVALID if the model's weights are in a file. */
tfrt_status tfrt_init(const tfrt_model *model, tfrt_storage *storage, void *workspace, int64_t bytes,
                      tfrt_context **ctx);

const tfrt_model *tfrt_context_model(const tfrt_context *ctx);
int32_t           tfrt_threads(const tfrt_context *ctx);
const char       *tfrt_variant_name(const tfrt_context *ctx);
void             *tfrt_user(const tfrt_context *ctx);

/* After TFRT_CUSTOM: the name of the C function that has failed, and what it gave in *code (NULL: not wanted).  NULL if none
   has in this context. */
const char       *tfrt_failed(const tfrt_context *ctx, int32_t *code);

/* ---- calling by name; for tools and language bindings ---- */

/* Runs the graph of that name (NULL: the only one).  state is the model's state block, NULL if it has none. */
tfrt_status tfrt_call(tfrt_context *ctx, const char *graph, void *state, const int64_t *dims, void *const *in,
                      void *const *out);

const char       *tfrt_model_name(const tfrt_model *model);
const char       *tfrt_model_compiler(const tfrt_model *model);  /* "tfcc 0.1.0" */
int64_t           tfrt_model_state_bytes(const tfrt_model *model);
int32_t           tfrt_graph_count(const tfrt_model *model);
const tfrt_graph *tfrt_graph_at(const tfrt_model *model, int32_t i);               /* NULL if out of range */
const tfrt_graph *tfrt_graph_find(const tfrt_model *model, const char *name);      /* NULL if unknown; name NULL: the only one */

const char *tfrt_graph_name(const tfrt_graph *graph);
int32_t     tfrt_dim_count(const tfrt_graph *graph);                /* symbolic dims */
const char *tfrt_dim_name(const tfrt_graph *graph, int32_t i);
int64_t     tfrt_dim_bound(const tfrt_graph *graph, int32_t i);     /* largest allowed value; INT64_MAX: any */
int32_t     tfrt_input_count(const tfrt_graph *graph);
int32_t     tfrt_output_count(const tfrt_graph *graph);

int32_t     tfrt_output_over(const tfrt_graph *graph, int32_t i);   /* the input whose buffer output i may be given, too: the call
                                                                        overwrites it; -1: none */

/* A tensor of a graph's signature: i counts the inputs, then the outputs. */
typedef struct tfrt_tensor_info {
	const char *name;   /* "image"; never NULL */
	tfrt_dtype  dtype;
	int32_t     rank;
} tfrt_tensor_info;
tfrt_status tfrt_tensor_at(const tfrt_graph *graph, int32_t i, tfrt_tensor_info *info);

/* Extents of tensor i for these dims (rank numbers).  Where an extent of an output is known after the call only: its bound, for
   which there must be room; what is used lies at the front, without gaps, and another output says how much that is. */
tfrt_status tfrt_shape(const tfrt_graph *graph, const int64_t *dims, int32_t i, int64_t *extents);

/* Solves the symbolic dims from the shapes of all inputs, shapes[i] having rank_i numbers.  TFRT_SHAPE if they
   contradict the graph or each other; TFRT_INVALID if a symbol is not itself an extent of any input. */
tfrt_status tfrt_bind(const tfrt_graph *graph, const int64_t *const *shapes, int64_t *dims);

/* Exact workspace of a call; -1 if dims are refused. */
int64_t tfrt_workspace(const tfrt_graph *graph, const int64_t *dims, int32_t threads);

/* ---- profile of a context opened with options.profile ---- */

typedef struct tfrt_kernel_time {
	const char *name;      /* what tfcc --emit=kernel calls it */
	int64_t     calls;
	int64_t     total_ns;
	int64_t     least_ns;  /* of one call */
} tfrt_kernel_time;
int32_t     tfrt_kernel_count(const tfrt_context *ctx);  /* 0 without a profile */
tfrt_status tfrt_kernel_at(const tfrt_context *ctx, int32_t i, tfrt_kernel_time *time);
void        tfrt_profile_reset(tfrt_context *ctx);

#ifdef __cplusplus
}
#endif

#endif
