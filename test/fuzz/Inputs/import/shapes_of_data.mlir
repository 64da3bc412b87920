module @m {
  func.func public @main(%arg0: tensor<2x3xf32>, %arg1: tensor<2xi32>, %arg2: tensor<3xi32>, %arg3: tensor<2xi32>) -> (tensor<2x3xf32>, tensor<4x2x3xf32>, tensor<3x2xi32>) {
    %r0 = stablehlo.dynamic_reshape %arg0, %arg1 : (tensor<2x3xf32>, tensor<2xi32>) -> tensor<2x3xf32>
    %r1 = stablehlo.dynamic_broadcast_in_dim %arg0, %arg2, dims = [1, 2] : (tensor<2x3xf32>, tensor<3xi32>) -> tensor<4x2x3xf32>
    %r2 = stablehlo.dynamic_iota %arg3, dim = 1 : (tensor<2xi32>) -> tensor<3x2xi32>
    return %r0, %r1, %r2 : tensor<2x3xf32>, tensor<4x2x3xf32>, tensor<3x2xi32>
  }
}
