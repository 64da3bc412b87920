/* status.c - sentences for status codes, names and sizes of element types, the version. */
#include "runtime/tfrt.h"

static const char *const messages[TFRT_STATUS_COUNT] = {
	[TFRT_OK]        = "success",
	[TFRT_INVALID]   = "invalid argument: a NULL pointer, a context of another model, or an unknown name",
	[TFRT_SHAPE]     = "a dimension is negative, too large, or breaks a condition of the graph",
	[TFRT_WORKSPACE] = "the context's workspace is too small for these dimensions",
	[TFRT_CPU]       = "no variant in the object runs on this CPU",
	[TFRT_DEVICE]    = "the device is missing or failed",
	[TFRT_VERSION]   = "the model, its weights file and the runtime are from versions that do not fit together",
	[TFRT_IO]        = "the weights file cannot be read",
	[TFRT_MEMORY]    = "out of memory or threads",
	[TFRT_CUSTOM]    = "a C function that the model calls has failed",
};

const char *tfrt_message(tfrt_status status)
{
	if (status < 0 || status >= TFRT_STATUS_COUNT)
		return "unknown status code";
	return messages[status];
}

const char *tfrt_version(void)
{
	return TFRT_RELEASE;
}

static const struct {
	const char *name;
	int32_t     bytes;
} dtypes[TFRT_DTYPE_COUNT] = {
	[0]         = { "?", 0 },
	[TFRT_BOOL] = { "bool", 1 },
	[TFRT_I8]   = { "i8", 1 },  [TFRT_I16]  = { "i16", 2 },  [TFRT_I32] = { "i32", 4 }, [TFRT_I64] = { "i64", 8 },
	[TFRT_U8]   = { "u8", 1 },  [TFRT_U16]  = { "u16", 2 },  [TFRT_U32] = { "u32", 4 }, [TFRT_U64] = { "u64", 8 },
	[TFRT_C64]  = { "c64", 8 }, [TFRT_C128] = { "c128", 16 },
	[TFRT_F16]  = { "f16", 2 }, [TFRT_BF16] = { "bf16", 2 }, [TFRT_F32] = { "f32", 4 }, [TFRT_F64] = { "f64", 8 },
	[TFRT_I2] = { "i2", 1 },
	[TFRT_I4] = { "i4", 1 },
	[TFRT_U2] = { "u2", 1 },
	[TFRT_U4] = { "u4", 1 },
	[TFRT_F4E2M1FN] = { "f4e2m1fn", 1 },
	[TFRT_F6E2M3FN] = { "f6e2m3fn", 1 },
	[TFRT_F6E3M2FN] = { "f6e3m2fn", 1 },
	[TFRT_F8E3M4] = { "f8e3m4", 1 },
	[TFRT_F8E4M3] = { "f8e4m3", 1 },
	[TFRT_F8E4M3FN] = { "f8e4m3fn", 1 },
	[TFRT_F8E4M3FNUZ] = { "f8e4m3fnuz", 1 },
	[TFRT_F8E4M3B11FNUZ] = { "f8e4m3b11fnuz", 1 },
	[TFRT_F8E5M2] = { "f8e5m2", 1 },
	[TFRT_F8E5M2FNUZ] = { "f8e5m2fnuz", 1 },
};

int32_t tfrt_dtype_bytes(tfrt_dtype t)
{
	return t < 0 || t >= TFRT_DTYPE_COUNT ? 0 : dtypes[t].bytes;
}

const char *tfrt_dtype_name(tfrt_dtype t)
{
	return t < 0 || t >= TFRT_DTYPE_COUNT ? dtypes[0].name : dtypes[t].name;
}
