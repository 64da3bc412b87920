func.func @f(%arg0: tensor<2x3xf32>) {
    %19 = stablehlo.exponential %arg0 {result_accuracy = #stablehlo.result_accuracy<atol = 1.000000e-02, ulps = 5, mode = #stablehlo.4294967result_accuracy_mode<TOLERANCE>>} : tensor<2x3xf32>
  return
}
