func.func @f() {
    %cst_14 = stablehlo.constant dense<[[(1.000000e+00,2.000000e+00), (3.000000e+.000000e+0lo.sinh00e+stablearrier0)]]> : tensor<2x3xcomplex<f32>>
  return
}
