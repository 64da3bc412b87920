module @m {
  func.func private @f(%x: tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>> {
    %y = "stablehlo.map"(%x, %x) ({
    ^bb0(%a: tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>, %b: tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>):
      %p = stablehlo.multiply %a, %b : tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>
      stablehlo.return %p : tensor<!quant.uniform<i8:f32, 1.000000000e-01:5>>
    }) {dimensions = array<i64: 0, 1>} : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    return %y : tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
  }
  func.func public @main(%arg0: tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, %arg1: tensor<i1>) -> (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>) {
    %n = stablehlo.constant dense<0> : tensor<i32>
    %one = stablehlo.constant dense<1> : tensor<i32>
    %two = stablehlo.constant dense<2> : tensor<i32>
    %c, %r0 = stablehlo.while(%i = %n, %x = %arg0) : tensor<i32>, tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
     cond {
      %l = stablehlo.compare LT, %i, %two : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %l : tensor<i1>
    } do {
      %half = stablehlo.constant dense<0.5> : tensor<6x7xf32>
      %h = "stablehlo.multiply"(%x, %half) : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7xf32>) -> tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
      %j = stablehlo.add %i, %one : tensor<i32>
      stablehlo.return %j, %h : tensor<i32>, tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    }
    %r1 = "stablehlo.if"(%arg1) ({
      %a = stablehlo.negate %arg0 : tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
      stablehlo.return %a : tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    }, {
      stablehlo.return %arg0 : tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    }) : (tensor<i1>) -> tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %t = stablehlo.tuple %arg0, %arg1 : tuple<tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<i1>>
    %u = stablehlo.get_tuple_element %t[0] : (tuple<tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<i1>>) -> tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %v = func.call @f(%u) : (tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>) -> tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    %r2 = stablehlo.optimization_barrier %v : tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
    return %r0, %r1, %r2 : tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>, tensor<6x7x!quant.uniform<i8:f32, 1.000000000e-01:5>>
  }
}
