/* ir/resize.h - what inference and expansion of resize share: its words, and what each axis is resized by. */
#ifndef IR_RESIZE_H
#define IR_RESIZE_H

#include "ir/ir.h"

typedef enum ResizeMode { RESIZE_NEAREST, RESIZE_LINEAR, RESIZE_CUBIC, RESIZE_MODES } ResizeMode;

/* Where element i of the result lies in the input. */
typedef enum ResizePosition {
	POSITION_HALF_PIXEL, POSITION_HALF_PIXEL_SYMMETRIC, POSITION_PYTORCH_HALF_PIXEL, POSITION_ASYMMETRIC, POSITION_ALIGN_CORNERS,
	POSITION_TF_HALF_PIXEL_FOR_NN, POSITION_TF_CROP_AND_RESIZE, POSITION_COUNT
} ResizePosition;

/* Which element is the nearest.  SIMPLE: down for an enlargement, up else. */
typedef enum ResizeRounding { ROUND_PREFER_FLOOR, ROUND_PREFER_CEIL, ROUND_FLOOR, ROUND_CEIL, ROUND_SIMPLE, ROUNDING_COUNT } ResizeRounding;

extern const char *const resize_modes[RESIZE_MODES];
extern const char *const resize_positions[POSITION_COUNT];
extern const char *const resize_roundings[ROUNDING_COUNT];

typedef struct ResizeAxis {
	int    axis;
	int    number, count;       /* among the axes of `dims` */
	Dim    in, out;
	bool   given;               /* the scale is one of `scales` */
	bool   fixed;               /* the scale is a number */
	double scale;
} ResizeAxis;

/* Axis number i of those that are resized. */
ResizeAxis resize_axis(DimTable *t, const Op *op, int i);
int  resize_naxes(const Op *op);
/* Is anything done along it? */
bool resize_changes(const Op *op, const ResizeAxis *a);
/* How many elements of the input make one of the result along an axis; *first: where they begin, from the one before the position. */
int  resize_taps(const Op *op, const ResizeAxis *a, int *first);
/* More than so many are summed up as a reduction. */
enum { RESIZE_UNROLLED = 4 };

#endif
