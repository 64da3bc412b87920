module @m {
  func.func public @main(%arg0: tensor<40x30xf16>, %arg1: tensor<6xi8>) -> (tensor<30xf32>, tensor<5xi32>, tensor<6xi32>) {
    %z = stablehlo.constant dense<0.0> : tensor<f16>
    %r0 = "stablehlo.reduce"(%arg0, %z) ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %s = stablehlo.add %a, %b : tensor<f32>
      stablehlo.return %s : tensor<f32>
    }) {dimensions = array<i64: 0>} : (tensor<40x30xf16>, tensor<f16>) -> tensor<30xf32>
    %i = stablehlo.constant dense<0> : tensor<i8>
    %r1 = "stablehlo.reduce_window"(%arg1, %i) ({
    ^bb0(%a: tensor<i32>, %b: tensor<i32>):
      %s = stablehlo.add %a, %b : tensor<i32>
      stablehlo.return %s : tensor<i32>
    }) {window_dimensions = array<i64: 2>} : (tensor<6xi8>, tensor<i8>) -> tensor<5xi32>
    %at = stablehlo.constant dense<4> : tensor<2x1xi32>
    %u = stablehlo.slice %arg1 [0:3:2] : (tensor<6xi8>) -> tensor<2xi8>
    %r2 = "stablehlo.scatter"(%arg1, %at, %u) ({
    ^bb0(%a: tensor<i32>, %b: tensor<i32>):
      %s = stablehlo.add %a, %b : tensor<i32>
      stablehlo.return %s : tensor<i32>
    }) {scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>} : (tensor<6xi8>, tensor<2x1xi32>, tensor<2xi8>) -> tensor<6xi32>
    return %r0, %r1, %r2 : tensor<30xf32>, tensor<5xi32>, tensor<6xi32>
  }
}
