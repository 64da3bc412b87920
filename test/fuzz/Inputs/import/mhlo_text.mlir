module @m {
  func.func public @main(%arg0: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<3xf32>, tensor<i32>) {
    %c = arith.constant dense<3.0> : tensor<2x3xf32>
    %0 = mhlo.multiply %arg0, %c : tensor<2x3xf32>
    %1 = mhlo.is_finite %0 : (tensor<2x3xf32>) -> tensor<2x3xi1>
    %2 = mhlo.compare  LT, %arg0, %c,  NOTYPE : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
    %3 = mhlo.and %1, %2 : tensor<2x3xi1>
    %r0 = mhlo.select %3, %0, %arg0 : tensor<2x3xi1>, tensor<2x3xf32>
    %z = mhlo.constant dense<0.0> : tensor<f32>
    %r1 = mhlo.reduce(%arg0 init: %z) applies mhlo.add across dimensions = [0] : (tensor<2x3xf32>, tensor<f32>) -> tensor<3xf32>
    %i = mhlo.constant dense<0> : tensor<i32>
    %n = mhlo.constant dense<10> : tensor<i32>
    %j, %r2 = mhlo.while(%k = %i, %sum = %i) : tensor<i32>, tensor<i32>
     cond {
      %p = mhlo.compare  LT, %k, %n,  SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      mhlo.return %p : tensor<i1>
    } do {
      %t = mhlo.add %k, %sum : tensor<i32>
      %one = mhlo.constant dense<1> : tensor<i32>
      %l = mhlo.add %k, %one : tensor<i32>
      mhlo.return %l, %t : tensor<i32>, tensor<i32>
    }
    %erf = mhlo.erf %arg0 : tensor<2x3xf32>
    return %r0, %r1, %r2 : tensor<2x3xf32>, tensor<3xf32>, tensor<i32>
  }
}
