module attributes {tf.versions = {producer = 1395 : i32}} {
  func.func @serving_default(%arg0: tensor<2xf32> {tf_saved_model.index_path = ["x"]}) -> (tensor<2xf32>, tensor<f32>, tensor<i32>) attributes {tf.entry_function = {inputs = "x"}} {
    %cst = arith.constant dense<2.0> : tensor<2xf32>
    %0 = mhlo.multiply %arg0, %cst : tensor<2xf32>
    %1 = mhlo.convert %0 : (tensor<2xf32>) -> tensor<2xf16>
    %2 = "mhlo.convert"(%1) : (tensor<2xf16>) -> tensor<2xf32>
    %3 = mhlo.constant dense<3.0> : tensor<2xf32>
    %4 = mhlo.maximum %2, %3 : tensor<2xf32>
    %5 = func.call @f(%4) : (tensor<2xf32>) -> tensor<2xf32>
    %z = mhlo.constant dense<0.0> : tensor<f32>
    %6 = mhlo.reduce(%5 init: %z) applies mhlo.add across dimensions = [0] : (tensor<2xf32>, tensor<f32>) -> tensor<f32>
    %7 = mhlo.erf %5 : tensor<2xf32>
    %8 = mhlo.compare  LT, %7, %5,  NOTYPE : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xi1>
    %9 = mhlo.select %8, %7, %5 : tensor<2xi1>, tensor<2xf32>
    %i = mhlo.constant dense<0> : tensor<i32>
    %n = mhlo.constant dense<10> : tensor<i32>
    %10:2 = mhlo.while(%iterArg = %i, %acc = %i) : tensor<i32>, tensor<i32>
     cond {
      %11 = mhlo.compare  LT, %iterArg, %n,  SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      mhlo.return %11 : tensor<i1>
    } do {
      %11 = mhlo.add %iterArg, %acc : tensor<i32>
      %one = mhlo.constant dense<1> : tensor<i32>
      %12 = mhlo.add %iterArg, %one : tensor<i32>
      mhlo.return %12, %11 : tensor<i32>, tensor<i32>
    }
    return %9, %6, %10#1 : tensor<2xf32>, tensor<f32>, tensor<i32>
  }
  func.func private @f(%arg0: tensor<2xf32>) -> tensor<2xf32> {
    %0 = "mhlo.reduce_precision"(%arg0) {exponent_bits = 5 : i32, mantissa_bits = 3 : i32} : (tensor<2xf32>) -> tensor<2xf32>
    return %0 : tensor<2xf32>
  }
}
