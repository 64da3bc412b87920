/* frontend/onnx/attention.h - attention as ONNX and com.microsoft have it, on the heads of a batch. */
#ifndef FRONTEND_ONNX_ATTENTION_H
#define FRONTEND_ONNX_ATTENTION_H

#include "frontend/onnx/import.h"

/* query [N, H, T, D], key [N, K, S, D], value [N, K, S, E], in one element type; K divides H.
   mask, or NULL: who may look where (bool), or what is added (numbers), broadcast to [N, H, T, S]. */
typedef struct Attention {
	Value *query, *key, *value, *mask;
	bool   has_scale;           /* else 1 / sqrt(D) */
	double scale;
	bool   is_causal;           /* key <= query, by their numbers */
	double softcap;             /* 0: none */
	bool   precise;             /* softmax in f64 */
	int    shown;               /* -1, or what *scores becomes: 0 products, 1 capped, 2 masked, 3 weights */
} Attention;

Value *attend(Onnx *o, const Attention *a, Value **scores);
/* [N, T, H * D] as [N, H, T, D], and back; nothing is done to what has rank 4, or NULL. */
Value *heads_apart(Onnx *o, Value *v, int64_t heads);
Value *heads_joined(Onnx *o, Value *v);
/* Have query, key and value rank 4?  False after a refusal, or where one is NULL. */
bool   are_heads(Onnx *o, const Attention *a);
/* Where a (bool), or both; NULL stands for everywhere. */
Value *and_also(Onnx *o, Value *a, Value *b);
/* mask where allowed holds, else -inf; mask may be NULL, of bool or of numbers, allowed too NULL. */
Value *mask_within(Onnx *o, Value *mask, Value *allowed);
/* 0, 1, ... along axis 2 or 3 of scores: [n, 1] or [1, n], as i64. */
Value *counted(Onnx *o, Dim n, bool keys);
/* dot_general over the last axis of x and axis `axis` of y, heads sharing keys in a row. */
Value *head_products(Onnx *o, Value *x, Value *y, int axis);
/* The sum of the last axis to 1; 0 where all of a row is -inf. */
Value *row_softmax(Onnx *o, Value *scores);
/* x * scale, or x / sqrt(depth) */
Value *scores_scaled(Onnx *o, Value *x, bool has_scale, double scale, Dim depth);

/* steps.c.  x with update written along axis of each sample from its start on (operand [N], NULL: from 0). */
Value *written_from(Onnx *o, Value *x, Value *update, Value *start, int axis, bool circular);
/* x [N, H, T, D] rotated by the rows of the caches [M, half] at positions [N, T]; what is behind 2 * half stays. */
Value *rotated_at(Onnx *o, Value *x, Value *cos, Value *sin, Value *position, bool interleaved);

#endif
