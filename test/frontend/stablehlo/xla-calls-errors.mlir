// RUN: %tfcc-opt --verify-diagnostics %s
// Custom calls of XLA's builder that are none.
module {
  func.func @main(%a: tensor<3x3xf32>) -> tensor<3x3xf32> {
    %1 = stablehlo.custom_call @Qr(%a) : (tensor<3x3xf32>) -> tuple<tensor<3x3xf32>> // expected-error {{stablehlo.custom_call: the result is declared as tuple<tensor<3x3xf32>>, but has 2 parts}}
    %2 = stablehlo.custom_call @Qr(%a) : (tensor<3x3xf32>) -> tuple<tensor<3x3xf32>, tensor<2xf32>> // expected-error {{stablehlo.custom_call: the result is declared as tensor<2xf32>, but what the operands give is f32[3]}}
    %3 = stablehlo.custom_call @Qr(%a) : (tensor<3x3xf32>) -> tensor<3x3xf32> // expected-error {{stablehlo.custom_call: 1 result declared, but there are 2}}
    %4 = stablehlo.custom_call @ProductOfElementaryHouseholderReflectors(%a) : (tensor<3x3xf32>) -> tensor<3x3xf32> // expected-error {{stablehlo.custom_call: 1 operand found, wanted at least 2}}
    %5 = stablehlo.custom_call @Eigh(%a) {backend_config = "lower"} : (tensor<3x3xf32>) -> tuple<tensor<3x3xf32>, tensor<3xf32>> // expected-error {{stablehlo.custom_call: attribute 'backend_config' does not begin with 0 or 1 and a comma: which triangle is read}}
    return %a : tensor<3x3xf32>
  }
}
