/* frontend/onnx/control.h - what If, Loop and Scan share: conditions, regions, types that must agree. */
#ifndef FRONTEND_ONNX_CONTROL_H
#define FRONTEND_ONNX_CONTROL_H

#include "frontend/onnx/import.h"

/* Is its value there to be had?  That of an input of the graph, which whoever runs the model gives when it is asked for, only
   where it is needed. */
bool   can_tell(Onnx *o, Value *v, bool needed);
Value *scalar_of(Onnx *o, const char *what, Value *v);         /* v without its axes, which are to be 1 */
bool   truth_of(Onnx *o, Value *v, bool *out);

/* Where ops go, for a time. */
typedef struct Spot { Builder b; Node *node; } Spot;
Spot region_enter(Onnx *o, Block *b);
void region_leave(Onnx *o, Spot s);

bool are_tensors(int n, Known *const *k);
/* Results whose shapes are told apart for certain, or whose element types or ranks are. */
bool types_differ(const Type *a, const Type *b);

#endif
