module @jit_step attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<5xf32>, %arg1: tensor<4xf32>, %arg2: tensor<6xf32>, %arg3: tensor<3x3x1x4xf32>, %arg4: tensor<3x3x4x6xf32>, %arg5: tensor<24x5xf32>, %arg6: tensor<5xf32>, %arg7: tensor<4xf32>, %arg8: tensor<6xf32>, %arg9: tensor<3x3x1x4xf32>, %arg10: tensor<3x3x4x6xf32>, %arg11: tensor<24x5xf32>, %arg12: tensor<5xf32>, %arg13: tensor<4xf32>, %arg14: tensor<6xf32>, %arg15: tensor<3x3x1x4xf32>, %arg16: tensor<3x3x4x6xf32>, %arg17: tensor<24x5xf32>, %arg18: tensor<f32>, %arg19: tensor<8x8x8x1xf32>, %arg20: tensor<8xi32>) -> (tensor<5xf32> {jax.result_info = "result[0]['b']"}, tensor<4xf32> {jax.result_info = "result[0]['c1']"}, tensor<6xf32> {jax.result_info = "result[0]['c2']"}, tensor<3x3x1x4xf32> {jax.result_info = "result[0]['k1']"}, tensor<3x3x4x6xf32> {jax.result_info = "result[0]['k2']"}, tensor<24x5xf32> {jax.result_info = "result[0]['w']"}, tensor<5xf32> {jax.result_info = "result[1]['b']"}, tensor<4xf32> {jax.result_info = "result[1]['c1']"}, tensor<6xf32> {jax.result_info = "result[1]['c2']"}, tensor<3x3x1x4xf32> {jax.result_info = "result[1]['k1']"}, tensor<3x3x4x6xf32> {jax.result_info = "result[1]['k2']"}, tensor<24x5xf32> {jax.result_info = "result[1]['w']"}, tensor<5xf32> {jax.result_info = "result[2]['b']"}, tensor<4xf32> {jax.result_info = "result[2]['c1']"}, tensor<6xf32> {jax.result_info = "result[2]['c2']"}, tensor<3x3x1x4xf32> {jax.result_info = "result[2]['k1']"}, tensor<3x3x4x6xf32> {jax.result_info = "result[2]['k2']"}, tensor<24x5xf32> {jax.result_info = "result[2]['w']"}, tensor<f32> {jax.result_info = "result[3]"}, tensor<f32> {jax.result_info = "result[4]"}) {
    %0 = stablehlo.convolution(%arg19, %arg3) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<8x8x8x1xf32>, tensor<3x3x1x4xf32>) -> tensor<8x8x8x4xf32>
    %1 = stablehlo.broadcast_in_dim %arg1, dims = [3] : (tensor<4xf32>) -> tensor<1x1x1x4xf32>
    %2 = stablehlo.broadcast_in_dim %1, dims = [0, 1, 2, 3] : (tensor<1x1x1x4xf32>) -> tensor<8x8x8x4xf32>
    %3 = stablehlo.add %0, %2 : tensor<8x8x8x4xf32>
    %4 = call @relu(%3) : (tensor<8x8x8x4xf32>) -> tensor<8x8x8x4xf32>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %5 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<8x8x8x4xf32>
    %6 = stablehlo.compare GT, %3, %5, FLOAT : (tensor<8x8x8x4xf32>, tensor<8x8x8x4xf32>) -> tensor<8x8x8x4xi1>
    %cst_0 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %7 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<f32>
    %8 = "stablehlo.reduce_window"(%4, %7) <{base_dilations = array<i64: 1, 1, 1, 1>, padding = dense<0> : tensor<4x2xi64>, window_dilations = array<i64: 1, 1, 1, 1>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg21: tensor<f32>, %arg22: tensor<f32>):
      %177 = stablehlo.maximum %arg21, %arg22 : tensor<f32>
      stablehlo.return %177 : tensor<f32>
    }) : (tensor<8x8x8x4xf32>, tensor<f32>) -> tensor<8x4x4x4xf32>
    %9 = stablehlo.convolution(%8, %arg4) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<8x4x4x4xf32>, tensor<3x3x4x6xf32>) -> tensor<8x4x4x6xf32>
    %10 = stablehlo.broadcast_in_dim %arg2, dims = [3] : (tensor<6xf32>) -> tensor<1x1x1x6xf32>
    %11 = stablehlo.broadcast_in_dim %10, dims = [0, 1, 2, 3] : (tensor<1x1x1x6xf32>) -> tensor<8x4x4x6xf32>
    %12 = stablehlo.add %9, %11 : tensor<8x4x4x6xf32>
    %13 = call @relu_0(%12) : (tensor<8x4x4x6xf32>) -> tensor<8x4x4x6xf32>
    %cst_1 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %14 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<8x4x4x6xf32>
    %15 = stablehlo.compare GT, %12, %14, FLOAT : (tensor<8x4x4x6xf32>, tensor<8x4x4x6xf32>) -> tensor<8x4x4x6xi1>
    %cst_2 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %16 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<f32>
    %17 = "stablehlo.reduce_window"(%13, %16) <{base_dilations = array<i64: 1, 1, 1, 1>, padding = dense<0> : tensor<4x2xi64>, window_dilations = array<i64: 1, 1, 1, 1>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg21: tensor<f32>, %arg22: tensor<f32>):
      %177 = stablehlo.maximum %arg21, %arg22 : tensor<f32>
      stablehlo.return %177 : tensor<f32>
    }) : (tensor<8x4x4x6xf32>, tensor<f32>) -> tensor<8x2x2x6xf32>
    %18 = stablehlo.reshape %17 : (tensor<8x2x2x6xf32>) -> tensor<8x24xf32>
    %19 = stablehlo.dot_general %18, %arg5, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<8x24xf32>, tensor<24x5xf32>) -> tensor<8x5xf32>
    %20 = stablehlo.broadcast_in_dim %arg0, dims = [1] : (tensor<5xf32>) -> tensor<1x5xf32>
    %21 = stablehlo.broadcast_in_dim %20, dims = [0, 1] : (tensor<1x5xf32>) -> tensor<8x5xf32>
    %22 = stablehlo.add %19, %21 : tensor<8x5xf32>
    %23:3 = call @log_softmax(%22) : (tensor<8x5xf32>) -> (tensor<8x5xf32>, tensor<8x5xf32>, tensor<8x1xf32>)
    %24 = stablehlo.broadcast_in_dim %arg20, dims = [0] : (tensor<8xi32>) -> tensor<8x1xi32>
    %25:2 = call @take_along_axis(%23#0, %24) : (tensor<8x5xf32>, tensor<8x1xi32>) -> (tensor<8x1xf32>, tensor<8x1x1xi32>)
    %cst_3 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %26 = stablehlo.reduce(%25#0 init: %cst_3) applies stablehlo.add across dimensions = [0, 1] : (tensor<8x1xf32>, tensor<f32>) -> tensor<f32>
    %cst_4 = stablehlo.constant dense<8.000000e+00> : tensor<f32>
    %27 = stablehlo.divide %26, %cst_4 : tensor<f32>
    %28 = stablehlo.negate %27 : tensor<f32>
    %cst_5 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %29 = stablehlo.negate %cst_5 : tensor<f32>
    %cst_6 = stablehlo.constant dense<8.000000e+00> : tensor<f32>
    %30 = stablehlo.divide %29, %cst_6 : tensor<f32>
    %31 = stablehlo.broadcast_in_dim %30, dims = [] : (tensor<f32>) -> tensor<8x1xf32>
    %32 = call @take_along_axis_1(%25#1, %31) : (tensor<8x1x1xi32>, tensor<8x1xf32>) -> tensor<8x5xf32>
    %33 = call @log_softmax_2(%23#1, %23#2, %32) : (tensor<8x5xf32>, tensor<8x1xf32>, tensor<8x5xf32>) -> tensor<8x5xf32>
    %cst_7 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %34 = stablehlo.reduce(%33 init: %cst_7) applies stablehlo.add across dimensions = [0] : (tensor<8x5xf32>, tensor<f32>) -> tensor<5xf32>
    %35 = stablehlo.reshape %34 : (tensor<5xf32>) -> tensor<1x5xf32>
    %cst_8 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %36 = stablehlo.reduce(%35 init: %cst_8) applies stablehlo.add across dimensions = [0] : (tensor<1x5xf32>, tensor<f32>) -> tensor<5xf32>
    %37 = stablehlo.dot_general %33, %18, contracting_dims = [0] x [0], precision = [DEFAULT, DEFAULT] : (tensor<8x5xf32>, tensor<8x24xf32>) -> tensor<5x24xf32>
    %38 = stablehlo.transpose %37, dims = [1, 0] : (tensor<5x24xf32>) -> tensor<24x5xf32>
    %39 = stablehlo.dot_general %33, %arg5, contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<8x5xf32>, tensor<24x5xf32>) -> tensor<8x24xf32>
    %40 = stablehlo.reshape %39 : (tensor<8x24xf32>) -> tensor<8x2x2x6xf32>
    %cst_9 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %41 = stablehlo.pad %13, %cst_9, low = [0, 0, 0, 0], high = [0, 0, 0, 0], interior = [0, 0, 0, 0] : (tensor<8x4x4x6xf32>, tensor<f32>) -> tensor<8x4x4x6xf32>
    %cst_10 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %42 = "stablehlo.select_and_scatter"(%41, %40, %cst_10) <{padding = dense<0> : tensor<4x2xi64>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg21: tensor<f32>, %arg22: tensor<f32>):
      %177 = stablehlo.compare GE, %arg21, %arg22, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %177 : tensor<i1>
    }, {
    ^bb0(%arg21: tensor<f32>, %arg22: tensor<f32>):
      %177 = stablehlo.add %arg21, %arg22 : tensor<f32>
      stablehlo.return %177 : tensor<f32>
    }) : (tensor<8x4x4x6xf32>, tensor<8x2x2x6xf32>, tensor<f32>) -> tensor<8x4x4x6xf32>
    %43 = stablehlo.slice %42 [0:8, 0:4, 0:4, 0:6] : (tensor<8x4x4x6xf32>) -> tensor<8x4x4x6xf32>
    %cst_11 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %44 = stablehlo.broadcast_in_dim %cst_11, dims = [] : (tensor<f32>) -> tensor<8x4x4x6xf32>
    %45 = stablehlo.select %15, %43, %44 : tensor<8x4x4x6xi1>, tensor<8x4x4x6xf32>
    %cst_12 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %46 = stablehlo.reduce(%45 init: %cst_12) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<8x4x4x6xf32>, tensor<f32>) -> tensor<6xf32>
    %47 = stablehlo.reshape %46 : (tensor<6xf32>) -> tensor<1x1x1x6xf32>
    %cst_13 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %48 = stablehlo.reduce(%47 init: %cst_13) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x6xf32>, tensor<f32>) -> tensor<6xf32>
    %49 = stablehlo.convolution(%8, %45) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<8x4x4x4xf32>, tensor<8x4x4x6xf32>) -> tensor<3x3x4x6xf32>
    %50 = stablehlo.reverse %arg4, dims = [0, 1] : tensor<3x3x4x6xf32>
    %51 = stablehlo.convolution(%45, %50) dim_numbers = [b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<8x4x4x6xf32>, tensor<3x3x4x6xf32>) -> tensor<8x4x4x4xf32>
    %cst_14 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %52 = stablehlo.pad %4, %cst_14, low = [0, 0, 0, 0], high = [0, 0, 0, 0], interior = [0, 0, 0, 0] : (tensor<8x8x8x4xf32>, tensor<f32>) -> tensor<8x8x8x4xf32>
    %cst_15 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %53 = "stablehlo.select_and_scatter"(%52, %51, %cst_15) <{padding = dense<0> : tensor<4x2xi64>, window_dimensions = array<i64: 1, 2, 2, 1>, window_strides = array<i64: 1, 2, 2, 1>}> ({
    ^bb0(%arg21: tensor<f32>, %arg22: tensor<f32>):
      %177 = stablehlo.compare GE, %arg21, %arg22, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %177 : tensor<i1>
    }, {
    ^bb0(%arg21: tensor<f32>, %arg22: tensor<f32>):
      %177 = stablehlo.add %arg21, %arg22 : tensor<f32>
      stablehlo.return %177 : tensor<f32>
    }) : (tensor<8x8x8x4xf32>, tensor<8x4x4x4xf32>, tensor<f32>) -> tensor<8x8x8x4xf32>
    %54 = stablehlo.slice %53 [0:8, 0:8, 0:8, 0:4] : (tensor<8x8x8x4xf32>) -> tensor<8x8x8x4xf32>
    %cst_16 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %55 = stablehlo.broadcast_in_dim %cst_16, dims = [] : (tensor<f32>) -> tensor<8x8x8x4xf32>
    %56 = stablehlo.select %6, %54, %55 : tensor<8x8x8x4xi1>, tensor<8x8x8x4xf32>
    %cst_17 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %57 = stablehlo.reduce(%56 init: %cst_17) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<8x8x8x4xf32>, tensor<f32>) -> tensor<4xf32>
    %58 = stablehlo.reshape %57 : (tensor<4xf32>) -> tensor<1x1x1x4xf32>
    %cst_18 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %59 = stablehlo.reduce(%58 init: %cst_18) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<1x1x1x4xf32>, tensor<f32>) -> tensor<4xf32>
    %60 = stablehlo.convolution(%arg19, %56) dim_numbers = [f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<8x8x8x1xf32>, tensor<8x8x8x4xf32>) -> tensor<3x3x1x4xf32>
    %cst_19 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %61 = stablehlo.add %arg18, %cst_19 : tensor<f32>
    %cst_20 = stablehlo.constant dense<0.899999976> : tensor<f32>
    %62 = stablehlo.broadcast_in_dim %cst_20, dims = [] : (tensor<f32>) -> tensor<5xf32>
    %63 = stablehlo.multiply %62, %arg6 : tensor<5xf32>
    %cst_21 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %64 = stablehlo.broadcast_in_dim %cst_21, dims = [] : (tensor<f32>) -> tensor<5xf32>
    %65 = stablehlo.multiply %64, %36 : tensor<5xf32>
    %66 = stablehlo.add %63, %65 : tensor<5xf32>
    %cst_22 = stablehlo.constant dense<0.899999976> : tensor<f32>
    %67 = stablehlo.broadcast_in_dim %cst_22, dims = [] : (tensor<f32>) -> tensor<4xf32>
    %68 = stablehlo.multiply %67, %arg7 : tensor<4xf32>
    %cst_23 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %69 = stablehlo.broadcast_in_dim %cst_23, dims = [] : (tensor<f32>) -> tensor<4xf32>
    %70 = stablehlo.multiply %69, %59 : tensor<4xf32>
    %71 = stablehlo.add %68, %70 : tensor<4xf32>
    %cst_24 = stablehlo.constant dense<0.899999976> : tensor<f32>
    %72 = stablehlo.broadcast_in_dim %cst_24, dims = [] : (tensor<f32>) -> tensor<6xf32>
    %73 = stablehlo.multiply %72, %arg8 : tensor<6xf32>
    %cst_25 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %74 = stablehlo.broadcast_in_dim %cst_25, dims = [] : (tensor<f32>) -> tensor<6xf32>
    %75 = stablehlo.multiply %74, %48 : tensor<6xf32>
    %76 = stablehlo.add %73, %75 : tensor<6xf32>
    %cst_26 = stablehlo.constant dense<0.899999976> : tensor<f32>
    %77 = stablehlo.broadcast_in_dim %cst_26, dims = [] : (tensor<f32>) -> tensor<3x3x1x4xf32>
    %78 = stablehlo.multiply %77, %arg9 : tensor<3x3x1x4xf32>
    %cst_27 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %79 = stablehlo.broadcast_in_dim %cst_27, dims = [] : (tensor<f32>) -> tensor<3x3x1x4xf32>
    %80 = stablehlo.multiply %79, %60 : tensor<3x3x1x4xf32>
    %81 = stablehlo.add %78, %80 : tensor<3x3x1x4xf32>
    %cst_28 = stablehlo.constant dense<0.899999976> : tensor<f32>
    %82 = stablehlo.broadcast_in_dim %cst_28, dims = [] : (tensor<f32>) -> tensor<3x3x4x6xf32>
    %83 = stablehlo.multiply %82, %arg10 : tensor<3x3x4x6xf32>
    %cst_29 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %84 = stablehlo.broadcast_in_dim %cst_29, dims = [] : (tensor<f32>) -> tensor<3x3x4x6xf32>
    %85 = stablehlo.multiply %84, %49 : tensor<3x3x4x6xf32>
    %86 = stablehlo.add %83, %85 : tensor<3x3x4x6xf32>
    %cst_30 = stablehlo.constant dense<0.899999976> : tensor<f32>
    %87 = stablehlo.broadcast_in_dim %cst_30, dims = [] : (tensor<f32>) -> tensor<24x5xf32>
    %88 = stablehlo.multiply %87, %arg11 : tensor<24x5xf32>
    %cst_31 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %89 = stablehlo.broadcast_in_dim %cst_31, dims = [] : (tensor<f32>) -> tensor<24x5xf32>
    %90 = stablehlo.multiply %89, %38 : tensor<24x5xf32>
    %91 = stablehlo.add %88, %90 : tensor<24x5xf32>
    %cst_32 = stablehlo.constant dense<9.990000e-01> : tensor<f32>
    %92 = stablehlo.broadcast_in_dim %cst_32, dims = [] : (tensor<f32>) -> tensor<5xf32>
    %93 = stablehlo.multiply %92, %arg12 : tensor<5xf32>
    %cst_33 = stablehlo.constant dense<1.000000e-03> : tensor<f32>
    %94 = stablehlo.broadcast_in_dim %cst_33, dims = [] : (tensor<f32>) -> tensor<5xf32>
    %95 = stablehlo.multiply %94, %36 : tensor<5xf32>
    %96 = stablehlo.multiply %95, %36 : tensor<5xf32>
    %97 = stablehlo.add %93, %96 : tensor<5xf32>
    %cst_34 = stablehlo.constant dense<9.990000e-01> : tensor<f32>
    %98 = stablehlo.broadcast_in_dim %cst_34, dims = [] : (tensor<f32>) -> tensor<4xf32>
    %99 = stablehlo.multiply %98, %arg13 : tensor<4xf32>
    %cst_35 = stablehlo.constant dense<1.000000e-03> : tensor<f32>
    %100 = stablehlo.broadcast_in_dim %cst_35, dims = [] : (tensor<f32>) -> tensor<4xf32>
    %101 = stablehlo.multiply %100, %59 : tensor<4xf32>
    %102 = stablehlo.multiply %101, %59 : tensor<4xf32>
    %103 = stablehlo.add %99, %102 : tensor<4xf32>
    %cst_36 = stablehlo.constant dense<9.990000e-01> : tensor<f32>
    %104 = stablehlo.broadcast_in_dim %cst_36, dims = [] : (tensor<f32>) -> tensor<6xf32>
    %105 = stablehlo.multiply %104, %arg14 : tensor<6xf32>
    %cst_37 = stablehlo.constant dense<1.000000e-03> : tensor<f32>
    %106 = stablehlo.broadcast_in_dim %cst_37, dims = [] : (tensor<f32>) -> tensor<6xf32>
    %107 = stablehlo.multiply %106, %48 : tensor<6xf32>
    %108 = stablehlo.multiply %107, %48 : tensor<6xf32>
    %109 = stablehlo.add %105, %108 : tensor<6xf32>
    %cst_38 = stablehlo.constant dense<9.990000e-01> : tensor<f32>
    %110 = stablehlo.broadcast_in_dim %cst_38, dims = [] : (tensor<f32>) -> tensor<3x3x1x4xf32>
    %111 = stablehlo.multiply %110, %arg15 : tensor<3x3x1x4xf32>
    %cst_39 = stablehlo.constant dense<1.000000e-03> : tensor<f32>
    %112 = stablehlo.broadcast_in_dim %cst_39, dims = [] : (tensor<f32>) -> tensor<3x3x1x4xf32>
    %113 = stablehlo.multiply %112, %60 : tensor<3x3x1x4xf32>
    %114 = stablehlo.multiply %113, %60 : tensor<3x3x1x4xf32>
    %115 = stablehlo.add %111, %114 : tensor<3x3x1x4xf32>
    %cst_40 = stablehlo.constant dense<9.990000e-01> : tensor<f32>
    %116 = stablehlo.broadcast_in_dim %cst_40, dims = [] : (tensor<f32>) -> tensor<3x3x4x6xf32>
    %117 = stablehlo.multiply %116, %arg16 : tensor<3x3x4x6xf32>
    %cst_41 = stablehlo.constant dense<1.000000e-03> : tensor<f32>
    %118 = stablehlo.broadcast_in_dim %cst_41, dims = [] : (tensor<f32>) -> tensor<3x3x4x6xf32>
    %119 = stablehlo.multiply %118, %49 : tensor<3x3x4x6xf32>
    %120 = stablehlo.multiply %119, %49 : tensor<3x3x4x6xf32>
    %121 = stablehlo.add %117, %120 : tensor<3x3x4x6xf32>
    %cst_42 = stablehlo.constant dense<9.990000e-01> : tensor<f32>
    %122 = stablehlo.broadcast_in_dim %cst_42, dims = [] : (tensor<f32>) -> tensor<24x5xf32>
    %123 = stablehlo.multiply %122, %arg17 : tensor<24x5xf32>
    %cst_43 = stablehlo.constant dense<1.000000e-03> : tensor<f32>
    %124 = stablehlo.broadcast_in_dim %cst_43, dims = [] : (tensor<f32>) -> tensor<24x5xf32>
    %125 = stablehlo.multiply %124, %38 : tensor<24x5xf32>
    %126 = stablehlo.multiply %125, %38 : tensor<24x5xf32>
    %127 = stablehlo.add %123, %126 : tensor<24x5xf32>
    %cst_44 = stablehlo.constant dense<9.990000e-01> : tensor<f32>
    %128 = stablehlo.power %cst_44, %61 : tensor<f32>
    %cst_45 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %129 = stablehlo.subtract %cst_45, %128 : tensor<f32>
    %130 = stablehlo.sqrt %129 : tensor<f32>
    %cst_46 = stablehlo.constant dense<0.00999999977> : tensor<f32>
    %131 = stablehlo.multiply %cst_46, %130 : tensor<f32>
    %cst_47 = stablehlo.constant dense<0.899999976> : tensor<f32>
    %132 = stablehlo.power %cst_47, %61 : tensor<f32>
    %cst_48 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %133 = stablehlo.subtract %cst_48, %132 : tensor<f32>
    %134 = stablehlo.divide %131, %133 : tensor<f32>
    %135 = stablehlo.broadcast_in_dim %134, dims = [] : (tensor<f32>) -> tensor<5xf32>
    %136 = stablehlo.multiply %135, %66 : tensor<5xf32>
    %137 = stablehlo.sqrt %97 : tensor<5xf32>
    %cst_49 = stablehlo.constant dense<1.000000e-07> : tensor<f32>
    %138 = stablehlo.broadcast_in_dim %cst_49, dims = [] : (tensor<f32>) -> tensor<5xf32>
    %139 = stablehlo.add %137, %138 : tensor<5xf32>
    %140 = stablehlo.divide %136, %139 : tensor<5xf32>
    %141 = stablehlo.subtract %arg0, %140 : tensor<5xf32>
    %142 = stablehlo.broadcast_in_dim %134, dims = [] : (tensor<f32>) -> tensor<4xf32>
    %143 = stablehlo.multiply %142, %71 : tensor<4xf32>
    %144 = stablehlo.sqrt %103 : tensor<4xf32>
    %cst_50 = stablehlo.constant dense<1.000000e-07> : tensor<f32>
    %145 = stablehlo.broadcast_in_dim %cst_50, dims = [] : (tensor<f32>) -> tensor<4xf32>
    %146 = stablehlo.add %144, %145 : tensor<4xf32>
    %147 = stablehlo.divide %143, %146 : tensor<4xf32>
    %148 = stablehlo.subtract %arg1, %147 : tensor<4xf32>
    %149 = stablehlo.broadcast_in_dim %134, dims = [] : (tensor<f32>) -> tensor<6xf32>
    %150 = stablehlo.multiply %149, %76 : tensor<6xf32>
    %151 = stablehlo.sqrt %109 : tensor<6xf32>
    %cst_51 = stablehlo.constant dense<1.000000e-07> : tensor<f32>
    %152 = stablehlo.broadcast_in_dim %cst_51, dims = [] : (tensor<f32>) -> tensor<6xf32>
    %153 = stablehlo.add %151, %152 : tensor<6xf32>
    %154 = stablehlo.divide %150, %153 : tensor<6xf32>
    %155 = stablehlo.subtract %arg2, %154 : tensor<6xf32>
    %156 = stablehlo.broadcast_in_dim %134, dims = [] : (tensor<f32>) -> tensor<3x3x1x4xf32>
    %157 = stablehlo.multiply %156, %81 : tensor<3x3x1x4xf32>
    %158 = stablehlo.sqrt %115 : tensor<3x3x1x4xf32>
    %cst_52 = stablehlo.constant dense<1.000000e-07> : tensor<f32>
    %159 = stablehlo.broadcast_in_dim %cst_52, dims = [] : (tensor<f32>) -> tensor<3x3x1x4xf32>
    %160 = stablehlo.add %158, %159 : tensor<3x3x1x4xf32>
    %161 = stablehlo.divide %157, %160 : tensor<3x3x1x4xf32>
    %162 = stablehlo.subtract %arg3, %161 : tensor<3x3x1x4xf32>
    %163 = stablehlo.broadcast_in_dim %134, dims = [] : (tensor<f32>) -> tensor<3x3x4x6xf32>
    %164 = stablehlo.multiply %163, %86 : tensor<3x3x4x6xf32>
    %165 = stablehlo.sqrt %121 : tensor<3x3x4x6xf32>
    %cst_53 = stablehlo.constant dense<1.000000e-07> : tensor<f32>
    %166 = stablehlo.broadcast_in_dim %cst_53, dims = [] : (tensor<f32>) -> tensor<3x3x4x6xf32>
    %167 = stablehlo.add %165, %166 : tensor<3x3x4x6xf32>
    %168 = stablehlo.divide %164, %167 : tensor<3x3x4x6xf32>
    %169 = stablehlo.subtract %arg4, %168 : tensor<3x3x4x6xf32>
    %170 = stablehlo.broadcast_in_dim %134, dims = [] : (tensor<f32>) -> tensor<24x5xf32>
    %171 = stablehlo.multiply %170, %91 : tensor<24x5xf32>
    %172 = stablehlo.sqrt %127 : tensor<24x5xf32>
    %cst_54 = stablehlo.constant dense<1.000000e-07> : tensor<f32>
    %173 = stablehlo.broadcast_in_dim %cst_54, dims = [] : (tensor<f32>) -> tensor<24x5xf32>
    %174 = stablehlo.add %172, %173 : tensor<24x5xf32>
    %175 = stablehlo.divide %171, %174 : tensor<24x5xf32>
    %176 = stablehlo.subtract %arg5, %175 : tensor<24x5xf32>
    return %141, %148, %155, %162, %169, %176, %66, %71, %76, %81, %86, %91, %97, %103, %109, %115, %121, %127, %61, %28 : tensor<5xf32>, tensor<4xf32>, tensor<6xf32>, tensor<3x3x1x4xf32>, tensor<3x3x4x6xf32>, tensor<24x5xf32>, tensor<5xf32>, tensor<4xf32>, tensor<6xf32>, tensor<3x3x1x4xf32>, tensor<3x3x4x6xf32>, tensor<24x5xf32>, tensor<5xf32>, tensor<4xf32>, tensor<6xf32>, tensor<3x3x1x4xf32>, tensor<3x3x4x6xf32>, tensor<24x5xf32>, tensor<f32>, tensor<f32>
  }
  func.func private @relu(%arg0: tensor<8x8x8x4xf32>) -> tensor<8x8x8x4xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<8x8x8x4xf32>
    %1 = stablehlo.maximum %arg0, %0 : tensor<8x8x8x4xf32>
    return %1 : tensor<8x8x8x4xf32>
  }
  func.func private @relu_0(%arg0: tensor<8x4x4x6xf32>) -> tensor<8x4x4x6xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<8x4x4x6xf32>
    %1 = stablehlo.maximum %arg0, %0 : tensor<8x4x4x6xf32>
    return %1 : tensor<8x4x4x6xf32>
  }
  func.func private @log_softmax(%arg0: tensor<8x5xf32>) -> (tensor<8x5xf32>, tensor<8x5xf32>, tensor<8x1xf32>) {
    %cst = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %0 = stablehlo.reduce(%arg0 init: %cst) applies stablehlo.maximum across dimensions = [1] : (tensor<8x5xf32>, tensor<f32>) -> tensor<8xf32>
    %cst_0 = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %1 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<8xf32>
    %2 = stablehlo.maximum %1, %0 : tensor<8xf32>
    %3 = stablehlo.broadcast_in_dim %2, dims = [0] : (tensor<8xf32>) -> tensor<8x1xf32>
    %4 = stablehlo.broadcast_in_dim %3, dims = [0, 1] : (tensor<8x1xf32>) -> tensor<8x5xf32>
    %5 = stablehlo.subtract %arg0, %4 : tensor<8x5xf32>
    %6 = stablehlo.exponential %5 : tensor<8x5xf32>
    %cst_1 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %7 = stablehlo.reduce(%6 init: %cst_1) applies stablehlo.add across dimensions = [1] : (tensor<8x5xf32>, tensor<f32>) -> tensor<8xf32>
    %8 = stablehlo.broadcast_in_dim %7, dims = [0] : (tensor<8xf32>) -> tensor<8x1xf32>
    %9 = stablehlo.log %8 : tensor<8x1xf32>
    %10 = stablehlo.broadcast_in_dim %9, dims = [0, 1] : (tensor<8x1xf32>) -> tensor<8x5xf32>
    %11 = stablehlo.subtract %5, %10 : tensor<8x5xf32>
    return %11, %6, %8 : tensor<8x5xf32>, tensor<8x5xf32>, tensor<8x1xf32>
  }
  func.func private @take_along_axis(%arg0: tensor<8x5xf32>, %arg1: tensor<8x1xi32>) -> (tensor<8x1xf32>, tensor<8x1x1xi32>) {
    %c = stablehlo.constant dense<0> : tensor<i32>
    %0 = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<i32>) -> tensor<8x1xi32>
    %1 = stablehlo.compare LT, %arg1, %0, SIGNED : (tensor<8x1xi32>, tensor<8x1xi32>) -> tensor<8x1xi1>
    %c_0 = stablehlo.constant dense<5> : tensor<i32>
    %2 = stablehlo.broadcast_in_dim %c_0, dims = [] : (tensor<i32>) -> tensor<8x1xi32>
    %3 = stablehlo.add %arg1, %2 : tensor<8x1xi32>
    %4 = stablehlo.select %1, %3, %arg1 : tensor<8x1xi1>, tensor<8x1xi32>
    %5 = stablehlo.reshape %4 : (tensor<8x1xi32>) -> tensor<8x1x1xi32>
    %c_1 = stablehlo.constant dense<4> : tensor<1xi32>
    %c_2 = stablehlo.constant dense<0> : tensor<i32>
    %6 = stablehlo.broadcast_in_dim %c_2, dims = [] : (tensor<i32>) -> tensor<8x1x1xi32>
    %7 = stablehlo.compare GE, %5, %6, SIGNED : (tensor<8x1x1xi32>, tensor<8x1x1xi32>) -> tensor<8x1x1xi1>
    %8 = stablehlo.broadcast_in_dim %c_1, dims = [2] : (tensor<1xi32>) -> tensor<1x1x1xi32>
    %9 = stablehlo.broadcast_in_dim %8, dims = [0, 1, 2] : (tensor<1x1x1xi32>) -> tensor<8x1x1xi32>
    %10 = stablehlo.compare LE, %5, %9, SIGNED : (tensor<8x1x1xi32>, tensor<8x1x1xi32>) -> tensor<8x1x1xi1>
    %11 = stablehlo.and %7, %10 : tensor<8x1x1xi1>
    %c_3 = stablehlo.constant dense<true> : tensor<i1>
    %12 = stablehlo.reduce(%11 init: %c_3) applies stablehlo.and across dimensions = [2] : (tensor<8x1x1xi1>, tensor<i1>) -> tensor<8x1xi1>
    %13 = "stablehlo.gather"(%arg0, %5) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 2>, indices_are_sorted = false, slice_sizes = array<i64: 1, 1>}> : (tensor<8x5xf32>, tensor<8x1x1xi32>) -> tensor<8x1xf32>
    %cst = stablehlo.constant dense<0x7FC00000> : tensor<f32>
    %14 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<8x1xf32>
    %15 = stablehlo.select %12, %13, %14 : tensor<8x1xi1>, tensor<8x1xf32>
    return %15, %5 : tensor<8x1xf32>, tensor<8x1x1xi32>
  }
  func.func private @take_along_axis_1(%arg0: tensor<8x1x1xi32>, %arg1: tensor<8x1xf32>) -> tensor<8x5xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<8x5xf32>
    %1 = "stablehlo.scatter"(%0, %arg0, %arg1) <{indices_are_sorted = false, scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [1], input_batching_dims = [0], scatter_indices_batching_dims = [0], scatter_dims_to_operand_dims = [1], index_vector_dim = 2>, unique_indices = false}> ({
    ^bb0(%arg2: tensor<f32>, %arg3: tensor<f32>):
      %2 = stablehlo.add %arg2, %arg3 : tensor<f32>
      stablehlo.return %2 : tensor<f32>
    }) : (tensor<8x5xf32>, tensor<8x1x1xi32>, tensor<8x1xf32>) -> tensor<8x5xf32>
    return %1 : tensor<8x5xf32>
  }
  func.func private @log_softmax_2(%arg0: tensor<8x5xf32>, %arg1: tensor<8x1xf32>, %arg2: tensor<8x5xf32>) -> tensor<8x5xf32> {
    %0 = stablehlo.negate %arg2 : tensor<8x5xf32>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %1 = stablehlo.reduce(%0 init: %cst) applies stablehlo.add across dimensions = [1] : (tensor<8x5xf32>, tensor<f32>) -> tensor<8xf32>
    %2 = stablehlo.reshape %1 : (tensor<8xf32>) -> tensor<8x1xf32>
    %3 = stablehlo.divide %2, %arg1 : tensor<8x1xf32>
    %cst_0 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %4 = stablehlo.reduce(%3 init: %cst_0) applies stablehlo.add across dimensions = [1] : (tensor<8x1xf32>, tensor<f32>) -> tensor<8xf32>
    %5 = stablehlo.broadcast_in_dim %4, dims = [0] : (tensor<8xf32>) -> tensor<8x5xf32>
    %6 = stablehlo.multiply %5, %arg0 : tensor<8x5xf32>
    %7 = stablehlo.add %arg2, %6 : tensor<8x5xf32>
    return %7 : tensor<8x5xf32>
  }
}
