module @m {
  func.func public @main(%arg0: tensor<2xf32>, %arg1: tensor<2x3x0xi32>, %arg2: tensor<2x2x3xf32>) -> (tensor<2xf32>) {
    %r0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %s = stablehlo.add %a, %b : tensor<f32>
      stablehlo.return %s : tensor<f32>
    }) {scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], index_vector_dim = 2>} : (tensor<2xf32>, tensor<2x3x0xi32>, tensor<2x2x3xf32>) -> tensor<2xf32>
    return %r0 : tensor<2xf32>
  }
}
