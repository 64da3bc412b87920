/* ir/dtype.h - element types and what is known about each. */
#ifndef IR_DTYPE_H
#define IR_DTYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum DType {
#define DTYPE(name, ...) DT_##name,
#include "ir/dtype.def"
	DT_COUNT
} DType;

typedef enum DKind { DK_BOOL, DK_INT, DK_UINT, DK_FLOAT } DKind;

typedef struct DTypeInfo {
	const char *name;        /* spelling in .graph */
	DKind       kind;
	int         bits;        /* of storage */
	const char *ctype;       /* in generated headers and C */
	const char *npy;         /* dtype descr in .npy files */
	const char *safetensors; /* dtype name in safetensors files */
	const char *doc;
} DTypeInfo;

extern const DTypeInfo dtype_info[DT_COUNT];

static inline int  dtype_size(DType t)     { return (dtype_info[t].bits + 7) / 8; }
static inline bool dtype_is_float(DType t) { return dtype_info[t].kind == DK_FLOAT; }
static inline bool dtype_is_int(DType t)   { return dtype_info[t].kind == DK_INT || dtype_info[t].kind == DK_UINT; }
static inline bool dtype_is_signed(DType t){ return dtype_info[t].kind == DK_INT || dtype_info[t].kind == DK_FLOAT; }
bool dtype_parse(const char *s, size_t n, DType *out);

/* The type in which ops on t compute: f32 for f16 and bf16, t itself otherwise. */
static inline DType dtype_compute(DType t) { return t == DT_F16 || t == DT_BF16 ? DT_F32 : t; }

/* The number that an element's bits stand for, and the bits of the element nearest to a number: floats round
   once, integers truncate and saturate, NaN gives integer 0, bool is x != 0.  Bits are zero-extended. */
double   dtype_to_f64(DType t, uint64_t bits);
uint64_t dtype_from_f64(DType t, double x);

/* Type sets as bit masks, for tables. */
#define DTS(t)      (1u << (t))
#define DTS_FLOAT   (DTS(DT_F16) | DTS(DT_BF16) | DTS(DT_F32) | DTS(DT_F64))
#define DTS_SINT    (DTS(DT_I8) | DTS(DT_I16) | DTS(DT_I32) | DTS(DT_I64))
#define DTS_UINT    (DTS(DT_U8) | DTS(DT_U16) | DTS(DT_U32) | DTS(DT_U64))
#define DTS_INT     (DTS_SINT | DTS_UINT)
#define DTS_BOOL    DTS(DT_BOOL)
#define DTS_NUM     (DTS_FLOAT | DTS_INT)
#define DTS_SIGNED  (DTS_FLOAT | DTS_SINT)
#define DTS_LOGIC   (DTS_BOOL | DTS_INT)
#define DTS_ANY     (DTS_NUM | DTS_BOOL)

#endif
