// Quantized elements that mean nothing, and ops that have no meaning on them: all are told at once.
// RUN: %tfcc-opt --verify-diagnostics %s
!q = !quant.uniform<i8:f32, 0.1:5>
!p = !quant.uniform<i8:f32, 0.2:5>
func.func @main(%a: tensor<2x3x!q>, %b: tensor<2x3x!p>, %f: tensor<2x3xf32>, %i: tensor<i32>) -> (tensor<2x3x!q>) {
  %0 = "stablehlo.concatenate"(%a, %b) {dimension = 0 : i64} : (tensor<2x3x!q>, tensor<2x3x!p>) -> tensor<4x3x!q> // expected-error {{stablehlo.concatenate: moves quantized elements, but their types differ in what is stored, in scales or in zero points}}
  %1 = stablehlo.reshape %a : (tensor<2x3x!q>) -> tensor<6x!p> // expected-error {{stablehlo.reshape: moves quantized elements, but their types differ in what is stored, in scales or in zero points}}
  %2 = stablehlo.and %a, %a : tensor<2x3x!q> // expected-error {{and: operand 0 has element type f32, wanted bool, i8, i16, i32, i64, u8, u16, u32 or u64}} // expected-note {{operand 0 is defined here}}
  %3 = stablehlo.uniform_quantize %f : (tensor<2x3xf32>) -> tensor<2x3x!quant.uniform<i8:f32, -0.1>> // expected-error {{stablehlo.uniform_quantize: tensor<2x3x!quant.uniform<i8:f32, -0.1>>: scale -0.1, wanted more than 0 and finite in f32}}
  %4 = stablehlo.uniform_quantize %f : (tensor<2x3xf32>) -> tensor<2x3x!quant.uniform<i8:f32, 0.1:200>> // expected-error {{stablehlo.uniform_quantize: tensor<2x3x!quant.uniform<i8:f32, 0.1:200>>: zero point 200, wanted -128 to 127}}
  %5 = stablehlo.uniform_quantize %f : (tensor<2x3xf32>) -> tensor<2x3x!quant.uniform<i8:f32:1, {0.1, 0.2}>> // expected-error {{stablehlo.uniform_quantize: tensor<2x3x!quant.uniform<i8:f32:1, {0.1, 0.2}>>: there are 2 scales, wanted one for each index of axis 1}}
  %6 = stablehlo.uniform_quantize %f : (tensor<2x3xf32>) -> tensor<2x3x!quant.uniform<i8:f32:2, {0.1, 0.2}>> // expected-error {{stablehlo.uniform_quantize: tensor<2x3x!quant.uniform<i8:f32:2, {0.1, 0.2}>>: the axis of the scales is 2, but the rank is 2}}
  %7 = stablehlo.uniform_quantize %f : (tensor<2x3xf32>) -> tensor<2x3x!quant.uniform<i8:i32, 0.1>> // expected-error {{stablehlo.uniform_quantize: tensor<2x3x!quant.uniform<i8:i32, 0.1>> stands for numbers of the type i32, wanted floats}}
  %8 = stablehlo.uniform_dequantize %a : (tensor<2x3x!q>) -> tensor<2x3xf16> // expected-error {{stablehlo.uniform_dequantize: the result is declared as tensor<2x3xf16>, but what the operands give is f32[2, 3]}}
  %9 = stablehlo.uniform_dequantize %f : (tensor<2x3xf32>) -> tensor<2x3xf32> // expected-error {{stablehlo.uniform_dequantize: operand 0 is tensor<2x3xf32>, wanted quantized elements}}
  %10 = stablehlo.uniform_quantize %f : (tensor<2x3xf32>) -> tensor<2x3x!quant.uniform<i8:f32, 1.0e-60>> // expected-error {{stablehlo.uniform_quantize: tensor<2x3x!quant.uniform<i8:f32, 1.0e-60>>: scale 1e-60, wanted more than 0 and finite in f32}}
  %12 = stablehlo.infeed %a : tensor<2x3x!q> // expected-error {{stablehlo.infeed: is not supported: there is no host to be fed from}}
  %14 = "stablehlo.add"(%a, %a) : (tensor<2x3x!q>, tensor<2x3x!q>) -> tensor<2x3xi8> // expected-error {{stablehlo.add: the result is declared as tensor<2x3xi8>, but what the operands give is f32[2, 3]}}
  return %a : tensor<2x3x!q>
}
