module @m {
  func.func public @main() -> (tensor<7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<3x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<7x!quant.uniform<i8:f32, 1.000000000e-01:5>>) {
    %r0 = "stablehlo.iota"() {iota_dimension = 0 : i64} : () -> tensor<7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %r1 = "stablehlo.constant"() {value = dense<[1, -2, 127]> : tensor<3xi8>} : () -> tensor<3x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %r2 = stablehlo.add %r0, %r0 : tensor<7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    return %r0, %r1, %r2 : tensor<7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<3x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
  }
}
