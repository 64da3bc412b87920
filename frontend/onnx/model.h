/* frontend/onnx/model.h - a file of ONNX as messages whose weights stay in the file. */
#ifndef FRONTEND_ONNX_MODEL_H
#define FRONTEND_ONNX_MODEL_H

#include "frontend/frontend.h"
#include "onnx.pb-c.h"

/* The largest raw_data fields are no part of the messages: raw_data.data then points into the mapped file. */
typedef struct Model {
	Ctx        *ctx;
	const char *path;
	const char *dir;
	const Onnx__ModelProto *proto;
	StrMap      external;       /* path -> mapped file of external data */
} Model;

/* Checks the bytes before protobuf-c sees them: nesting of at most 100, lengths within what is there.  NULL with a diagnostic. */
Model *model_read(Ctx *ctx, const char *path, const void *bytes, size_t size);
/* The tensor's value, in place where its bytes are stored raw or in a file beside the model.  NULL with a diagnostic that begins
   with `what`. */
Blob  *model_tensor(Model *m, Arena *a, Loc loc, const char *what, const Onnx__TensorProto *t);

#endif
