module @m {
  func.func public @main(%arg0: tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, %arg1: tensor<6x7x!quant.uniform<u8<1:200>:f32, 2.500000000e-01:100>>, %arg2: tensor<6x7xi1>, %arg3: tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> (tensor<6x7xi1>, tensor<6x7xi1>, tensor<6x7x!quant.uniform<i16:f32, 3.000000000e-03:-7>>, tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7x!quant.uniform<i16:f32, 3.000000000e-03:-7>>) {
    %r0 = stablehlo.compare LT, %arg0, %arg1 : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7x!quant.uniform<u8<1:200>:f32, 2.500000000e-01:100>>) -> tensor<6x7xi1>
    %r1 = stablehlo.is_finite %arg0 : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> tensor<6x7xi1>
    %r2 = "stablehlo.select"(%arg2, %arg0, %arg1) : (tensor<6x7xi1>, tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7x!quant.uniform<u8<1:200>:f32, 2.500000000e-01:100>>) -> tensor<6x7x!quant.uniform<i16:f32, 3.000000000e-03:-7>>
    %r3 = stablehlo.select %arg2, %arg0, %arg3 : tensor<6x7xi1>, tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %lo = stablehlo.constant dense<-2.0> : tensor<f32>
    %hi = stablehlo.constant dense<3.0> : tensor<f32>
    %l = stablehlo.uniform_quantize %lo : (tensor<f32>) -> tensor<!quant.uniform<i16:f32, 3.000000000e-03:-7>>
    %h = stablehlo.uniform_quantize %hi : (tensor<f32>) -> tensor<!quant.uniform<i16:f32, 3.000000000e-03:-7>>
    %c = stablehlo.uniform_quantize %arg0 : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> tensor<6x7x!quant.uniform<i16:f32, 3.000000000e-03:-7>>
    %r4 = stablehlo.clamp %l, %c, %h : (tensor<!quant.uniform<i16:f32, 3.000000000e-03:-7>>, tensor<6x7x!quant.uniform<i16:f32, 3.000000000e-03:-7>>, tensor<!quant.uniform<i16:f32, 3.000000000e-03:-7>>) -> tensor<6x7x!quant.uniform<i16:f32, 3.000000000e-03:-7>>
    return %r0, %r1, %r2, %r3, %r4 : tensor<6x7xi1>, tensor<6x7xi1>, tensor<6x7x!quant.uniform<i16:f32, 3.000000000e-03:-7>>, tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7x!quant.uniform<i16:f32, 3.000000000e-03:-7>>
  }
}
