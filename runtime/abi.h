/* abi.h - layout of what the compiler emits and the runtime reads; both include it, so it depends on neither.

   Everything is a plain struct of 32-bit and 64-bit integers and pointers, described by a table of fields
	F(kind, C type, name)      kind: I32, I64, PTR (to data, may be NULL) or FN (to code, may be NULL)
   from which the C struct is made below.  The LLVM printer makes its struct types from the same tables (so that they
   hold for 32-bit targets too) and the C printer writes the structs into its output, which then needs tfrt.h only.
   Whoever changes a table raises TFRT_ABI_VERSION: an object and a runtime of different versions refuse each other.

   What a generated entry `tfrt_status NAME(tfrt_context *ctx, [void *state,] dims…, inputs…, outputs…)` does, in order:
     1. ctx == NULL or ctx->model != &NAME_model                            -> TFRT_INVALID
     2. a negative dim, a dim above its bound, a broken condition, overflow  -> TFRT_SHAPE   (what the shape function checks)
     3. a NULL input, output or state that has at least one element          -> TFRT_INVALID
     4. ctx->workspace_bytes < workspace(dims, ctx->threads)                 -> TFRT_WORKSPACE
     5. (uint32_t)ctx->variant >= variant_count                              -> TFRT_CPU; else runs that variant
   The work is done through ctx alone: temporaries at ctx->workspace (TFRT_ALIGN-aligned; the shared part first, then
   ctx->threads scratch blocks of equal size, one per worker), weights at ctx->weights + offset, parallel loops through
   ctx->parallel, or as plain loops with worker 0 where that is NULL.  An object refers to no tfrt symbol,
   and to no other symbol but memcpy, memmove, memset and the C functions that the model's custom_call name.  These get
   their operands, their results, numbers and a text: int f(const T *..., T *..., int64_t..., const char *), and are called
   by the caller's thread; where one does not give 0 the call ends at once with TFRT_CUSTOM. */
#ifndef TFRT_ABI_H
#define TFRT_ABI_H

#include "tfrt.h"

#define TFRT_ABI_VERSION 3

/* struct tfrt_context: filled in by tfrt_open or tfrt_init, read by generated code, constant during a call
   but for `failed` and `failed_code`, which it sets before it gives TFRT_CUSTOM. */
#define TFRT_CONTEXT_FIELDS(F) \
	F(I32, int32_t,             abi_version)     /* TFRT_ABI_VERSION of the runtime that filled it in */ \
	F(I32, int32_t,             variant)         /* index into model->variants */ \
	F(I32, int32_t,             threads)         /* >= 1; worker numbers are below it; 1 if parallel is NULL */ \
	F(I32, int32_t,             concurrent)      /* 1: a loop of `threads` tasks runs them all at the same time, task t \
	                                                on worker t, so regions with barriers may be used */ \
	F(PTR, const tfrt_model *,  model) \
	F(PTR, const void *,        weights)         /* base of all weights, TFRT_ALIGN-aligned; NULL if there are none */ \
	F(PTR, void *,              workspace)       /* TFRT_ALIGN-aligned; NULL only if workspace_bytes is 0 */ \
	F(I64, int64_t,             workspace_bytes) \
	F(FN,  tfrt_parallel_fn,    parallel)        /* NULL: plain loops */ \
	F(PTR, void *,              pool)            /* its first argument */ \
	F(FN,  tfrt_profile_fn,     profile)         /* called around kernels if not NULL, and only by objects compiled \
	                                                with --profile */ \
	F(PTR, void *,              user)            /* the caller's; not touched */ \
	F(PTR, const char *,        failed)          /* name of the C function that has failed */ \
	F(I32, int32_t,             failed_code)     /* and what it gave */

/* struct tfrt_model: the exported constant NAME_model. */
#define TFRT_MODEL_FIELDS(F) \
	F(I32, int32_t,                      abi_version)    /* TFRT_ABI_VERSION of the compiler; always the first field */ \
	F(I32, int32_t,                      struct_size)    /* sizeof (struct tfrt_model) on the target */ \
	F(I32, int32_t,                      arch)           /* TFRT_ARCH_…: which feature table the variants use */ \
	F(I32, int32_t,                      graph_count)    /* >= 1 */ \
	F(I32, int32_t,                      variant_count)  /* >= 1 */ \
	F(I32, int32_t,                      kernel_count)   /* 0 unless compiled with --profile */ \
	F(PTR, const char *,                 name)           /* the C prefix, "digits" */ \
	F(PTR, const char *,                 compiler)       /* "tfcc 0.1.0" */ \
	F(PTR, const struct tfrt_graph *,    graphs) \
	F(PTR, const struct tfrt_variant *,  variants)       /* best first: the first one that fits is used */ \
	F(PTR, const char *const *,          kernels)        /* kernel_count names, for profiles */ \
	F(PTR, const void *,                 weights)        /* embedded, TFRT_ALIGN-aligned; NULL: none, or in a file */ \
	F(PTR, const char *,                 weights_file)   /* NULL, or name of the file that holds them (see below) */ \
	F(I64, int64_t,                      weights_bytes) \
	F(I64, uint64_t,                     weights_id)     /* 0 if embedded; else equal to the id in the file's header */ \
	F(I64, int64_t,                      state_bytes)    /* size of the caller's state block; 0: none */

/* struct tfrt_graph. */
#define TFRT_GRAPH_FIELDS(F) \
	F(PTR, const char *,                 name)           /* as in the source, without @ */ \
	F(PTR, const struct tfrt_dim *,      dims)           /* symbolic dims in order of first appearance */ \
	F(PTR, const struct tfrt_tensor *,   inputs) \
	F(PTR, const struct tfrt_tensor *,   outputs) \
	F(I32, int32_t,                      dim_count) \
	F(I32, int32_t,                      input_count) \
	F(I32, int32_t,                      output_count) \
	F(I32, int32_t,                      extent_count)   /* sum of the ranks of all inputs and outputs */ \
	F(FN,  tfrt_shape_fn,                shape) \
	F(FN,  tfrt_workspace_fn,            workspace) \
	F(FN,  tfrt_call_fn,                 call)           /* same checks and work as the C entry */

/* struct tfrt_dim: a symbolic dimension. */
#define TFRT_DIM_FIELDS(F) \
	F(PTR, const char *, name)    /* "N" */ \
	F(I64, int64_t,      bound)   /* largest allowed value; INT64_MAX if any */

/* struct tfrt_tensor: an input or output. */
#define TFRT_TENSOR_FIELDS(F) \
	F(PTR, const char *,    name)     /* "image", without %; "arg0", "out0" if it has none */ \
	F(PTR, const int64_t *, extents)  /* rank numbers: >= 0 a constant, TFRT_EXTENT_DIM(k) the symbol k itself, \
	                                     TFRT_EXTENT_EXPR any other expression (ask the shape function), \
	                                     TFRT_EXTENT_RESULT(k) what output k, an i64, says after the call (the shape function \
	                                     gives the bound, for which there must be room); NULL if rank 0 */ \
	F(I32, int32_t,         dtype)    /* TFRT_F32 … */ \
	F(I32, int32_t,         rank) \
	F(I32, int32_t,         over)     /* outputs: 1 + the number of the input whose buffer it may be given; 0: none */

#define TFRT_EXTENT_DIM(k) (-1 - (int64_t)(k))
#define TFRT_EXTENT_EXPR   INT64_MIN
#define TFRT_EXTENT_RESULT(k) (INT64_MIN + 1 + (int64_t)(k))

/* struct tfrt_variant: code for one kind of CPU. */
#define TFRT_VARIANT_FIELDS(F) \
	F(PTR, const char *, name)      /* "x86-64-v3"; as given to --cpu */ \
	F(I64, uint64_t,     features)  /* TFRT_FEATURE(…) bits that it needs */

/* Instruction sets.  ANY is portable C, whose only variant needs no feature. */
enum {
	TFRT_ARCH_ANY     = 0,
	TFRT_ARCH_X86_64  = 1,
	TFRT_ARCH_AARCH64 = 2,
	TFRT_ARCH_WASM32  = 3
};

/* CPU features that a variant may require: F(arch, bit, NAME, "LLVM's name").  An object may use no feature that is
   not in this table, because only these can be checked before it runs (apart from the baseline of the architecture,
   and crc32 and xsave, which come with sse4.2 and avx). */
#define TFRT_FEATURES(F) \
	F(X86_64,  0, SSE3,       "sse3") \
	F(X86_64,  1, SSSE3,      "ssse3") \
	F(X86_64,  2, SSE41,      "sse4.1") \
	F(X86_64,  3, SSE42,      "sse4.2") \
	F(X86_64,  4, POPCNT,     "popcnt") \
	F(X86_64,  5, CX16,       "cx16") \
	F(X86_64,  6, SAHF,       "sahf") \
	F(X86_64,  7, AVX,        "avx") \
	F(X86_64,  8, AVX2,       "avx2") \
	F(X86_64,  9, FMA,        "fma") \
	F(X86_64, 10, F16C,       "f16c") \
	F(X86_64, 11, BMI,        "bmi") \
	F(X86_64, 12, BMI2,       "bmi2") \
	F(X86_64, 13, LZCNT,      "lzcnt") \
	F(X86_64, 14, MOVBE,      "movbe") \
	F(X86_64, 15, AVX512F,    "avx512f") \
	F(X86_64, 16, AVX512BW,   "avx512bw") \
	F(X86_64, 17, AVX512CD,   "avx512cd") \
	F(X86_64, 18, AVX512DQ,   "avx512dq") \
	F(X86_64, 19, AVX512VL,   "avx512vl") \
	F(X86_64, 20, AVX512VBMI, "avx512vbmi") \
	F(X86_64, 21, AVX512VBMI2, "avx512vbmi2") \
	F(X86_64, 22, AVX512VNNI, "avx512vnni") \
	F(X86_64, 23, AVX512BITALG, "avx512bitalg") \
	F(X86_64, 24, AVX512VPOPCNTDQ, "avx512vpopcntdq") \
	F(X86_64, 25, AVX512IFMA, "avx512ifma") \
	F(X86_64, 26, AVX512BF16, "avx512bf16") \
	F(X86_64, 27, AVX512FP16, "avx512fp16") \
	F(X86_64, 28, AVXVNNI,    "avxvnni") \
	F(X86_64, 29, GFNI,       "gfni") \
	F(X86_64, 30, AMXTILE,    "amx-tile") \
	F(X86_64, 31, AMXINT8,    "amx-int8") \
	F(X86_64, 32, AMXBF16,    "amx-bf16") \
	F(X86_64, 33, PCLMUL,     "pclmul") \
	F(X86_64, 34, ADX,        "adx") \
	F(AARCH64, 0, FPARMV8,    "fp-armv8") \
	F(AARCH64, 1, NEON,       "neon") \
	F(AARCH64, 2, CRC,        "crc") \
	F(AARCH64, 3, LSE,        "lse") \
	F(AARCH64, 4, RDM,        "rdm") \
	F(AARCH64, 5, FULLFP16,   "fullfp16") \
	F(AARCH64, 6, DOTPROD,    "dotprod") \
	F(AARCH64, 7, FP16FML,    "fp16fml") \
	F(AARCH64, 8, BF16,       "bf16") \
	F(AARCH64, 9, I8MM,       "i8mm") \
	F(AARCH64, 10, SVE,       "sve") \
	F(AARCH64, 11, SVE2,      "sve2")

/* TFRT_X86_64_AVX2, TFRT_AARCH64_NEON, …: bit numbers; TFRT_FEATURE(X86_64_AVX2): the mask. */
enum {
#define TFRT_BIT_(arch, bit, name, llvm) TFRT_##arch##_##name = bit,
	TFRT_FEATURES(TFRT_BIT_)
#undef TFRT_BIT_
	TFRT_FEATURE_LIMIT = 64
};
#define TFRT_FEATURE(name) ((uint64_t)1 << TFRT_##name)

/* The micro-architecture levels of the x86-64 psABI. */
#define TFRT_X86_64_V1 ((uint64_t)0)
#define TFRT_X86_64_V2 \
	(TFRT_FEATURE(X86_64_SSE3) | TFRT_FEATURE(X86_64_SSSE3) | TFRT_FEATURE(X86_64_SSE41) | \
	 TFRT_FEATURE(X86_64_SSE42) | TFRT_FEATURE(X86_64_POPCNT) | TFRT_FEATURE(X86_64_CX16) | \
	 TFRT_FEATURE(X86_64_SAHF))
#define TFRT_X86_64_V3 \
	(TFRT_X86_64_V2 | TFRT_FEATURE(X86_64_AVX) | TFRT_FEATURE(X86_64_AVX2) | TFRT_FEATURE(X86_64_FMA) | \
	 TFRT_FEATURE(X86_64_F16C) | TFRT_FEATURE(X86_64_BMI) | TFRT_FEATURE(X86_64_BMI2) | \
	 TFRT_FEATURE(X86_64_LZCNT) | TFRT_FEATURE(X86_64_MOVBE))
#define TFRT_X86_64_V4 \
	(TFRT_X86_64_V3 | TFRT_FEATURE(X86_64_AVX512F) | TFRT_FEATURE(X86_64_AVX512BW) | \
	 TFRT_FEATURE(X86_64_AVX512CD) | TFRT_FEATURE(X86_64_AVX512DQ) | TFRT_FEATURE(X86_64_AVX512VL))

/* A weights file: this header of 64 bytes, then weights_bytes bytes as they lie in memory.  All little-endian.  The
   same file serves `.incbin "model.weights", 64`. */
#define TFRT_WEIGHTS_HEADER 64
#define TFRT_WEIGHTS_MAGIC  "tfrt-w1\n"  /* 8 bytes, without the final 0 */
#define TFRT_WEIGHTS_FIELDS(F) \
	F(I64, uint64_t, magic)  \
	F(I64, uint64_t, id)     /* hash of the bytes, never 0; equal to the model's weights_id */ \
	F(I64, int64_t,  bytes)  /* of the weights, without this header; the rest of the header is 0 */

#define TFRT_FIELD_(kind, type, name) type name;
struct tfrt_context { TFRT_CONTEXT_FIELDS(TFRT_FIELD_) };
struct tfrt_model   { TFRT_MODEL_FIELDS(TFRT_FIELD_) };
struct tfrt_graph   { TFRT_GRAPH_FIELDS(TFRT_FIELD_) };
struct tfrt_dim     { TFRT_DIM_FIELDS(TFRT_FIELD_) };
struct tfrt_tensor  { TFRT_TENSOR_FIELDS(TFRT_FIELD_) };
struct tfrt_variant { TFRT_VARIANT_FIELDS(TFRT_FIELD_) };
#undef TFRT_FIELD_

#endif
