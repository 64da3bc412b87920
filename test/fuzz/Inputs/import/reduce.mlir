module @m {
  func.func public @main(%arg0: tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, %arg1: tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>, %arg2: tensor<3x1xi32>, %arg3: tensor<3x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> (tensor<6x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<5x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>) {
    %r0 = stablehlo.reduce(%arg0 init: %arg1) applies stablehlo.add across dimensions = [1] : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> tensor<6x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %least = "stablehlo.constant"() {value = dense<-128> : tensor<i8>} : () -> tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %r1 = stablehlo.reduce(%arg0 init: %least) applies stablehlo.maximum across dimensions = [0] : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> tensor<7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %r2 = "stablehlo.reduce_window"(%arg0, %least) ({
    ^bb0(%a: tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>, %b: tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>):
      %l = stablehlo.maximum %a, %b : tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>
      stablehlo.return %l : tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>
    }) {window_dimensions = array<i64: 2, 1>} : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> tensor<5x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %r3 = "stablehlo.scatter"(%arg0, %arg2, %arg3) ({
    ^bb0(%a: tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>, %b: tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>):
      %l = stablehlo.add %a, %b : tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>
      stablehlo.return %l : tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>
    }) {scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>} : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<3x1xi32>, tensor<3x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    return %r0, %r1, %r2, %r3 : tensor<6x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<5x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
  }
}
