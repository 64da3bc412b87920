/* ir/dtype.h - element types and what is known about each. */
#ifndef IR_DTYPE_H
#define IR_DTYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ir/base/num.h"

typedef enum DType {
#define DTYPE(name, ...) DT_##name,
#include "ir/dtype.def"
	DT_COUNT
} DType;

typedef enum DKind { DK_BOOL, DK_INT, DK_UINT, DK_FLOAT, DK_COMPLEX } DKind;

typedef struct DTypeInfo {
	const char *name;        /* spelling in .graph */
	DKind       kind;
	int         bits;        /* of storage; see dtype_width */
	const char *ctype;       /* in generated headers and C */
	const char *npy;         /* dtype descr in .npy files */
	const char *safetensors; /* dtype name in safetensors files */
	const char *doc;
} DTypeInfo;

extern const DTypeInfo dtype_info[DT_COUNT];

static inline int  dtype_size(DType t)     { return (dtype_info[t].bits + 7) / 8; }
static inline bool dtype_is_float(DType t) { return dtype_info[t].kind == DK_FLOAT; }
static inline bool dtype_is_complex(DType t) { return dtype_info[t].kind == DK_COMPLEX; }
static inline bool dtype_is_int(DType t)   { return dtype_info[t].kind == DK_INT || dtype_info[t].kind == DK_UINT; }
static inline bool dtype_is_signed(DType t){ return dtype_info[t].kind == DK_INT || dtype_info[t].kind == DK_FLOAT; }
/* The type of the real and the imaginary part of a complex number; t itself otherwise. */
static inline DType dtype_part(DType t)   { return t == DT_C64 ? DT_F32 : t == DT_C128 ? DT_F64 : t; }
bool dtype_parse(const char *s, size_t n, DType *out);

/* The type in which float ops on t compute: f32 for f16, bf16 and the narrow ones; t itself otherwise, integers too. */
DType dtype_compute(DType t);
/* The type of the scalar operations that an op on t is made of: dtype_compute's, and i8 or u8 for a narrow integer. */
DType dtype_scalar(DType t);
/* Bits that count: 1 for bool, 4 for i4, all of storage otherwise. */
int dtype_width(DType t);
/* The layout of a float of 16 bits or less, else NULL. */
const FloatFormat *dtype_format(DType t);
/* Bits of a float's fraction, as stored. */
int dtype_mantissa(DType t);

/* The number that an element's bits stand for, and the bits of the element nearest to a number: floats round
   once, integers truncate and saturate, NaN gives integer 0, bool is x != 0.  Bits are those of storage, zero-extended.  Of a
   complex number it is the real part; the other is 0, and that of c128 has no room in the bits. */
double   dtype_to_f64(DType t, uint64_t bits);
uint64_t dtype_from_f64(DType t, double x);
/* An integer's lowest bits as it is stored: cut to its width, and the sign of a narrow one extended to its byte. */
uint64_t dtype_wrap(DType t, uint64_t bits);
/* Whether bytes are elements of a narrow type; true for every other type. */
bool dtype_fits(DType t, const void *bytes, size_t n);
bool dtype_is_nan(DType t, uint64_t bits);
bool dtype_has_infinity(DType t);
/* The bits of the greatest or the least value: infinite for a float that can be, 0 or 1 for bool. */
uint64_t dtype_extreme(DType t, bool greatest);

/* Type sets as bit masks, for tables. */
#define DTS(t)      (1u << (t))
enum {
	DTS_NARROW_INT = 0
#define NARROW_INT(t, ...) | (1 << DT_##t)
#define NARROW_FLOAT(t, ...)
#include "ir/narrow.def"
	,
	DTS_NARROW_FLOAT = 0
#define NARROW_INT(t, ...)
#define NARROW_FLOAT(t, ...) | (1 << DT_##t)
#include "ir/narrow.def"
};
#define DTS_NARROW  ((unsigned)DTS_NARROW_INT | (unsigned)DTS_NARROW_FLOAT)
#define DTS_WIDE(set) ((set) & ~DTS_NARROW)
#define DTS_WIDE_FLOAT (DTS(DT_F16) | DTS(DT_BF16) | DTS(DT_F32) | DTS(DT_F64))
#define DTS_FLOAT   (DTS_WIDE_FLOAT | (unsigned)DTS_NARROW_FLOAT)
#define DTS_SINT    (DTS(DT_I2) | DTS(DT_I4) | DTS(DT_I8) | DTS(DT_I16) | DTS(DT_I32) | DTS(DT_I64))
#define DTS_UINT    (DTS(DT_U2) | DTS(DT_U4) | DTS(DT_U8) | DTS(DT_U16) | DTS(DT_U32) | DTS(DT_U64))
#define DTS_INT     (DTS_SINT | DTS_UINT)
#define DTS_BOOL    DTS(DT_BOOL)
#define DTS_COMPLEX (DTS(DT_C64) | DTS(DT_C128))
#define DTS_NUM     (DTS_FLOAT | DTS_INT)
#define DTS_SIGNED  (DTS_FLOAT | DTS_SINT)
#define DTS_LOGIC   (DTS_BOOL | DTS_INT)
#define DTS_REAL    (DTS_NUM | DTS_BOOL)        /* has an order */
#define DTS_FIELD   (DTS_FLOAT | DTS_COMPLEX)
#define DTS_RING    (DTS_NUM | DTS_COMPLEX)
#define DTS_ANY     (DTS_REAL | DTS_COMPLEX)

static inline bool dtype_is_narrow(DType t) { return DTS_NARROW & DTS(t); }

#endif
