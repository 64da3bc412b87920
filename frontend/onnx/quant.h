/* frontend/onnx/quant.h - operands that are quantized numbers, for ops that compute with what they stand for. */
#ifndef FRONTEND_ONNX_QUANT_H
#define FRONTEND_ONNX_QUANT_H

#include "frontend/onnx/import.h"

/* Operand i, with its scale and zero point behind it, as floats. */
Value *dequantized_arg(Onnx *o, int i);
/* x as the operands `scale` and `zero` say; u8 where there is no zero point. */
Value *quantized_as(Onnx *o, Value *x, int scale, int zero);

#endif
