/* frontend/onnx/attention.h - our ops of attention with the heads of a batch, as ONNX and com.microsoft have them. */
#ifndef FRONTEND_ONNX_ATTENTION_H
#define FRONTEND_ONNX_ATTENTION_H

#include "frontend/onnx/import.h"

/* The operands of our op: query [N, H, T, D], key [N, K, S, D], value [N, K, S, E]; mask and filled may be NULL. */
typedef struct Attention {
	Value *query, *key, *value, *mask, *filled;
	struct attrs_attention attrs;
} Attention;

/* Of a cache: past keys come before the first of those that the queries stand at. */
void   set_past(Onnx *o, Attention *a, Dim past);
/* Gives result 0, with the heads joined or apart, and as result 3 the scores, if the node wants these and attrs has them shown. */
bool   give_attended(Onnx *o, const Attention *a, bool joined);
/* [N, T, H * D] as [N, H, T, D], and back; nothing is done to what has rank 4, or NULL.  heads_apart refuses a width that is no multiple. */
Value *heads_apart(Onnx *o, Value *v, int64_t heads);
Value *heads_split(Onnx *o, Value *v, Dim heads, Dim depth);
Value *heads_joined(Onnx *o, Value *v);
/* Have query, key and value rank 4?  False after a refusal, or where one is NULL. */
bool   are_heads(Onnx *o, const Attention *a);

/* steps.c.  x with update written along axis of each sample from its start on (operand [N], NULL: from 0). */
Value *written_from(Onnx *o, Value *x, Value *update, Value *start, int axis, bool circular);

#endif
