/* frontend/onnx/model.h - a file of ONNX as messages whose weights stay in the file. */
#ifndef FRONTEND_ONNX_MODEL_H
#define FRONTEND_ONNX_MODEL_H

#include "frontend/frontend.h"
#include <onnx.pb-c.h>

typedef struct Model {
	Ctx        *ctx;
	const char *path, *dir;
	const unsigned char *bytes; /* of the file, mapped */
	size_t      size;
	const Onnx__ModelProto *proto;
	StrMap      external;       /* path -> mapped file with weights */
} Model;

/* Checks the bytes before protobuf-c sees them.  NULL with a diagnostic. */
Model *model_read(Ctx *ctx, const char *path, const void *bytes, size_t size);
/* The tensor's value: in place where its bytes are stored raw, or in a file beside the model, in our layout.  NULL with a diagnostic
   at loc that begins with `what`. */
Blob  *model_tensor(Model *m, Loc loc, const char *what, const Onnx__TensorProto *t);
/* Our name of a TensorProto.DataType; false: none. */
bool   model_dtype(int64_t elem_type, DType *out);
/* How the specification calls it, for diagnostics. */
const char *model_dtype_name(int64_t elem_type);

/* prescan.c: the message without the bytes of its raw_data fields, which become a RawRange each: where they are in `bytes`.  NULL with
   *error (and *at, the offset) where it is no valid message: a wrong tag or length, or messages nested deeper than 100. */
typedef struct RawRange { uint64_t offset, size; } RawRange;
bool prescan(Arena *a, const ProtobufCMessageDescriptor *what, const unsigned char *bytes, size_t size, const void **out, size_t *out_size,
             const char **error, size_t *at);

#endif
