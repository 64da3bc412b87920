// RUN: %tfcc-opt --verify-diagnostics %s
// Calls of LAPACK's routines that are none.
module {
  func.func @main(%a: tensor<3x3xf32>, %v: tensor<3xf32>) -> tensor<3x3xf32> {
    %1 = "stablehlo.custom_call"(%a) {call_target_name = "lapack_xpotrf_ffi"} : (tensor<3x3xf32>) -> tensor<3x3xf32> // expected-error {{stablehlo.custom_call: target 'lapack_xpotrf_ffi' is not supported}}
    %2 = "stablehlo.custom_call"(%a) {call_target_name = "lapack_sgeev_ffi"} : (tensor<3x3xf32>) -> tensor<3x3xf32> // expected-error {{stablehlo.custom_call: target 'lapack_sgeev_ffi' is not supported}}
    %3 = "stablehlo.custom_call"(%a) {call_target_name = "lapack_spotrf_ffi"} : (tensor<3x3xf32>) -> tensor<3x3xf32> // expected-error {{stablehlo.custom_call: 1 operands and 1 results found, wanted 1 and 2}}
    %4:2 = "stablehlo.custom_call"(%a) {call_target_name = "lapack_spotrf_ffi"} : (tensor<3x3xf32>) -> (tensor<3x3xf32>, tensor<i32>) // expected-error {{stablehlo.custom_call: attribute 'operand_layouts' has no layout number 0}}
    %5:2 = "stablehlo.custom_call"(%a) {call_target_name = "lapack_spotrf_ffi", operand_layouts = [dense<[1, 0]> : tensor<2xindex>]} : (tensor<3x3xf32>) -> (tensor<3x3xf32>, tensor<i32>) // expected-error {{stablehlo.custom_call: attribute 'operand_layouts' has another layout number 0 than LAPACK's: matrices by columns, batches one after the other}}
    %6:2 = "stablehlo.custom_call"(%a) {call_target_name = "lapack_spotrf_ffi", operand_layouts = [dense<[0, 1]> : tensor<2xindex>], result_layouts = [dense<[0, 1]> : tensor<2xindex>, dense<0> : tensor<1xindex>]} : (tensor<3x3xf32>) -> (tensor<3x3xf32>, tensor<i32>) // expected-error {{stablehlo.custom_call: attribute 'result_layouts' has another layout number 1 than LAPACK's: matrices by columns, batches one after the other}}
    %7:2 = "stablehlo.custom_call"(%a) {call_target_name = "lapack_spotrf_ffi", operand_layouts = [dense<[0, 1]> : tensor<2xindex>], result_layouts = [dense<[0, 1]> : tensor<2xindex>, dense<> : tensor<0xindex>]} : (tensor<3x3xf32>) -> (tensor<3x3xf32>, tensor<i32>) // expected-error {{stablehlo.custom_call: option 'uplo' is missing in 'mhlo.backend_config'}}
    %8:2 = "stablehlo.custom_call"(%a) {call_target_name = "lapack_spotrf_ffi", mhlo.backend_config = {uplo = 78 : ui8}, operand_layouts = [dense<[0, 1]> : tensor<2xindex>], result_layouts = [dense<[0, 1]> : tensor<2xindex>, dense<> : tensor<0xindex>]} : (tensor<3x3xf32>) -> (tensor<3x3xf32>, tensor<i32>) // expected-error {{stablehlo.custom_call: option 'uplo' is none of the letters LU}}
    %9:2 = "stablehlo.custom_call"(%v) {call_target_name = "lapack_sgeqrf_ffi", operand_layouts = [dense<0> : tensor<1xindex>], result_layouts = [dense<0> : tensor<1xindex>, dense<> : tensor<0xindex>]} : (tensor<3xf32>) -> (tensor<3xf32>, tensor<f32>) // expected-error {{stablehlo.custom_call: attribute 'operand_layouts' has another layout number 0 than LAPACK's: matrices by columns, batches one after the other}}
    return %a : tensor<3x3xf32>
  }
}
