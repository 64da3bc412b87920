module @m {
  func.func public @main(%arg0: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
    %f = "stablehlo.async_start"(%arg0) ({
    ^bb0(%x: tensor<2x3xf32>):
      %a = stablehlo.add %x, %x : tensor<2x3xf32>
      %b = stablehlo.negate %x : tensor<2x3xf32>
      stablehlo.return %a, %b : tensor<2x3xf32>, tensor<2x3xf32>
    }) : (tensor<2x3xf32>) -> !stablehlo.future<tensor<2x3xf32>, tensor<2x3xf32>>
    %r0, %r1 = "stablehlo.async_done"(%f) : (!stablehlo.future<tensor<2x3xf32>, tensor<2x3xf32>>) -> (tensor<2x3xf32>, tensor<2x3xf32>)
    return %r0, %r1 : tensor<2x3xf32>, tensor<2x3xf32>
  }
}
