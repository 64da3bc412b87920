module @jit__lambda attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<4x3xf32> {tf.aliasing_output = 1 : i32}, %arg1: tensor<4x3xf32> {jax.buffer_donor = true}, %arg2: tensor<4x3xf32>, %arg3: tensor<3xf32> {jax.buffer_donor = true}) -> (tensor<4x3xf32> {jax.result_info = "result[0]"}, tensor<4x3xf32> {jax.result_info = "result[1]"}) {
    %cst = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<4x3xf32>
    %1 = stablehlo.multiply %0, %arg1 : tensor<4x3xf32>
    %2 = stablehlo.subtract %arg0, %1 : tensor<4x3xf32>
    %3 = stablehlo.add %arg1, %arg2 : tensor<4x3xf32>
    return %3, %2 : tensor<4x3xf32>, tensor<4x3xf32>
  }
}
