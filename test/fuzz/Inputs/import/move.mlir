module @m {
  func.func public @main(%arg0: tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, %arg1: tensor<3x1xi32>, %arg2: tensor<i32>, %arg3: tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> (tensor<2x5x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<8x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<7x9x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<3x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<3x2x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x2x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7xui8>) {
    %r0 = stablehlo.slice %arg0 [1:5:2, 2:7] : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> tensor<2x5x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %two = stablehlo.slice %arg0 [0:2, 0:7] : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> tensor<2x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %r1 = stablehlo.concatenate %arg0, %two, dim = 0 : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<2x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> tensor<8x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %r2 = stablehlo.pad %arg0, %arg3, low = [1, 0], high = [0, 2], interior = [0, 0] : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> tensor<7x9x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %r3 = stablehlo.reverse %arg0, dims = [0] : tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %r4 = "stablehlo.gather"(%arg0, %arg1) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 7>} : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<3x1xi32>) -> tensor<3x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %r5 = stablehlo.dynamic_slice %arg0, %arg2, %arg2, sizes = [3, 2] : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<i32>, tensor<i32>) -> tensor<3x2x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %r6 = "stablehlo.sort"(%arg0) ({
    ^bb0(%a: tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>, %b: tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>):
      %l = stablehlo.compare LT, %a, %b : (tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> tensor<i1>
      stablehlo.return %l : tensor<i1>
    }) {dimension = 1 : i64} : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %r7, %i = chlo.top_k(%arg0, k = 2) : tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>> -> (tensor<6x2x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x2xi32>)
    %m = stablehlo.custom_call @Sharding(%arg0) {mhlo.sharding = "{replicated}"} : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %o = stablehlo.optimization_barrier %m : tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %r8 = stablehlo.bitcast_convert %o : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> tensor<6x7xui8>
    return %r0, %r1, %r2, %r3, %r4, %r5, %r6, %r7, %r8 : tensor<2x5x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<8x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<7x9x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<3x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<3x2x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x2x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7xui8>
  }
}
