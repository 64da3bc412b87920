module @jit_step attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<8xf64>, %arg1: tensor<8xf64>, %arg2: tensor<8xf64>, %arg3: tensor<8xf64>, %arg4: tensor<16x8xf64>, %arg5: tensor<16x8xf64>, %arg6: tensor<11x8xf64>, %arg7: tensor<8xf64>, %arg8: tensor<8xf64>, %arg9: tensor<8xf64>, %arg10: tensor<8xf64>, %arg11: tensor<8x2x4xf64>, %arg12: tensor<8x2x4xf64>, %arg13: tensor<2x4x8xf64>, %arg14: tensor<2x4x8xf64>, %arg15: tensor<6x8xf64>, %arg16: tensor<8x2x4xf64>, %arg17: tensor<8x2x4xf64>, %arg18: tensor<8x16xf64>, %arg19: tensor<8x16xf64>, %arg20: tensor<8x2x4xf64>, %arg21: tensor<8x2x4xf64>, %arg22: tensor<8xf64>, %arg23: tensor<8xf64>, %arg24: tensor<8xf64>, %arg25: tensor<8xf64>, %arg26: tensor<16x8xf64>, %arg27: tensor<16x8xf64>, %arg28: tensor<11x8xf64>, %arg29: tensor<8xf64>, %arg30: tensor<8xf64>, %arg31: tensor<8xf64>, %arg32: tensor<8xf64>, %arg33: tensor<8x2x4xf64>, %arg34: tensor<8x2x4xf64>, %arg35: tensor<2x4x8xf64>, %arg36: tensor<2x4x8xf64>, %arg37: tensor<6x8xf64>, %arg38: tensor<8x2x4xf64>, %arg39: tensor<8x2x4xf64>, %arg40: tensor<8x16xf64>, %arg41: tensor<8x16xf64>, %arg42: tensor<8x2x4xf64>, %arg43: tensor<8x2x4xf64>, %arg44: tensor<8xf64>, %arg45: tensor<8xf64>, %arg46: tensor<8xf64>, %arg47: tensor<8xf64>, %arg48: tensor<16x8xf64>, %arg49: tensor<16x8xf64>, %arg50: tensor<11x8xf64>, %arg51: tensor<8xf64>, %arg52: tensor<8xf64>, %arg53: tensor<8xf64>, %arg54: tensor<8xf64>, %arg55: tensor<8x2x4xf64>, %arg56: tensor<8x2x4xf64>, %arg57: tensor<2x4x8xf64>, %arg58: tensor<2x4x8xf64>, %arg59: tensor<6x8xf64>, %arg60: tensor<8x2x4xf64>, %arg61: tensor<8x2x4xf64>, %arg62: tensor<8x16xf64>, %arg63: tensor<8x16xf64>, %arg64: tensor<8x2x4xf64>, %arg65: tensor<8x2x4xf64>, %arg66: tensor<f64>, %arg67: tensor<4x6xi32>, %arg68: tensor<4x6xi32>) -> (tensor<8xf64> {jax.result_info = "result[0]['b1_0']"}, tensor<8xf64> {jax.result_info = "result[0]['b1_1']"}, tensor<8xf64> {jax.result_info = "result[0]['b2_0']"}, tensor<8xf64> {jax.result_info = "result[0]['b2_1']"}, tensor<16x8xf64> {jax.result_info = "result[0]['down0']"}, tensor<16x8xf64> {jax.result_info = "result[0]['down1']"}, tensor<11x8xf64> {jax.result_info = "result[0]['embed']"}, tensor<8xf64> {jax.result_info = "result[0]['g1_0']"}, tensor<8xf64> {jax.result_info = "result[0]['g1_1']"}, tensor<8xf64> {jax.result_info = "result[0]['g2_0']"}, tensor<8xf64> {jax.result_info = "result[0]['g2_1']"}, tensor<8x2x4xf64> {jax.result_info = "result[0]['k0']"}, tensor<8x2x4xf64> {jax.result_info = "result[0]['k1']"}, tensor<2x4x8xf64> {jax.result_info = "result[0]['o0']"}, tensor<2x4x8xf64> {jax.result_info = "result[0]['o1']"}, tensor<6x8xf64> {jax.result_info = "result[0]['place']"}, tensor<8x2x4xf64> {jax.result_info = "result[0]['q0']"}, tensor<8x2x4xf64> {jax.result_info = "result[0]['q1']"}, tensor<8x16xf64> {jax.result_info = "result[0]['up0']"}, tensor<8x16xf64> {jax.result_info = "result[0]['up1']"}, tensor<8x2x4xf64> {jax.result_info = "result[0]['v0']"}, tensor<8x2x4xf64> {jax.result_info = "result[0]['v1']"}, tensor<8xf64> {jax.result_info = "result[1]['b1_0']"}, tensor<8xf64> {jax.result_info = "result[1]['b1_1']"}, tensor<8xf64> {jax.result_info = "result[1]['b2_0']"}, tensor<8xf64> {jax.result_info = "result[1]['b2_1']"}, tensor<16x8xf64> {jax.result_info = "result[1]['down0']"}, tensor<16x8xf64> {jax.result_info = "result[1]['down1']"}, tensor<11x8xf64> {jax.result_info = "result[1]['embed']"}, tensor<8xf64> {jax.result_info = "result[1]['g1_0']"}, tensor<8xf64> {jax.result_info = "result[1]['g1_1']"}, tensor<8xf64> {jax.result_info = "result[1]['g2_0']"}, tensor<8xf64> {jax.result_info = "result[1]['g2_1']"}, tensor<8x2x4xf64> {jax.result_info = "result[1]['k0']"}, tensor<8x2x4xf64> {jax.result_info = "result[1]['k1']"}, tensor<2x4x8xf64> {jax.result_info = "result[1]['o0']"}, tensor<2x4x8xf64> {jax.result_info = "result[1]['o1']"}, tensor<6x8xf64> {jax.result_info = "result[1]['place']"}, tensor<8x2x4xf64> {jax.result_info = "result[1]['q0']"}, tensor<8x2x4xf64> {jax.result_info = "result[1]['q1']"}, tensor<8x16xf64> {jax.result_info = "result[1]['up0']"}, tensor<8x16xf64> {jax.result_info = "result[1]['up1']"}, tensor<8x2x4xf64> {jax.result_info = "result[1]['v0']"}, tensor<8x2x4xf64> {jax.result_info = "result[1]['v1']"}, tensor<8xf64> {jax.result_info = "result[2]['b1_0']"}, tensor<8xf64> {jax.result_info = "result[2]['b1_1']"}, tensor<8xf64> {jax.result_info = "result[2]['b2_0']"}, tensor<8xf64> {jax.result_info = "result[2]['b2_1']"}, tensor<16x8xf64> {jax.result_info = "result[2]['down0']"}, tensor<16x8xf64> {jax.result_info = "result[2]['down1']"}, tensor<11x8xf64> {jax.result_info = "result[2]['embed']"}, tensor<8xf64> {jax.result_info = "result[2]['g1_0']"}, tensor<8xf64> {jax.result_info = "result[2]['g1_1']"}, tensor<8xf64> {jax.result_info = "result[2]['g2_0']"}, tensor<8xf64> {jax.result_info = "result[2]['g2_1']"}, tensor<8x2x4xf64> {jax.result_info = "result[2]['k0']"}, tensor<8x2x4xf64> {jax.result_info = "result[2]['k1']"}, tensor<2x4x8xf64> {jax.result_info = "result[2]['o0']"}, tensor<2x4x8xf64> {jax.result_info = "result[2]['o1']"}, tensor<6x8xf64> {jax.result_info = "result[2]['place']"}, tensor<8x2x4xf64> {jax.result_info = "result[2]['q0']"}, tensor<8x2x4xf64> {jax.result_info = "result[2]['q1']"}, tensor<8x16xf64> {jax.result_info = "result[2]['up0']"}, tensor<8x16xf64> {jax.result_info = "result[2]['up1']"}, tensor<8x2x4xf64> {jax.result_info = "result[2]['v0']"}, tensor<8x2x4xf64> {jax.result_info = "result[2]['v1']"}, tensor<f64> {jax.result_info = "result[3]"}, tensor<f64> {jax.result_info = "result[4]"}) {
    %c = stablehlo.constant dense<0> : tensor<i32>
    %0 = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<i32>) -> tensor<4x6xi32>
    %1 = stablehlo.compare LT, %arg67, %0, SIGNED : (tensor<4x6xi32>, tensor<4x6xi32>) -> tensor<4x6xi1>
    %c_0 = stablehlo.constant dense<11> : tensor<i32>
    %2 = stablehlo.broadcast_in_dim %c_0, dims = [] : (tensor<i32>) -> tensor<4x6xi32>
    %3 = stablehlo.add %arg67, %2 : tensor<4x6xi32>
    %4 = stablehlo.select %1, %3, %arg67 : tensor<4x6xi1>, tensor<4x6xi32>
    %5 = stablehlo.broadcast_in_dim %4, dims = [0, 1] : (tensor<4x6xi32>) -> tensor<4x6x1xi32>
    %6 = "stablehlo.gather"(%arg6, %5) <{dimension_numbers = #stablehlo.gather<offset_dims = [2], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 2>, indices_are_sorted = false, slice_sizes = array<i64: 1, 8>}> : (tensor<11x8xf64>, tensor<4x6x1xi32>) -> tensor<4x6x8xf64>
    %7 = stablehlo.broadcast_in_dim %arg15, dims = [1, 2] : (tensor<6x8xf64>) -> tensor<1x6x8xf64>
    %8 = stablehlo.broadcast_in_dim %7, dims = [0, 1, 2] : (tensor<1x6x8xf64>) -> tensor<4x6x8xf64>
    %9 = stablehlo.add %6, %8 : tensor<4x6x8xf64>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %10 = stablehlo.reduce(%9 init: %cst) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %11 = stablehlo.broadcast_in_dim %10, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %cst_1 = stablehlo.constant dense<8.000000e+00> : tensor<f64>
    %12 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %13 = stablehlo.divide %11, %12 : tensor<4x6x1xf64>
    %14 = stablehlo.broadcast_in_dim %13, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x8xf64>
    %15 = stablehlo.subtract %9, %14 : tensor<4x6x8xf64>
    %16 = stablehlo.broadcast_in_dim %13, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x8xf64>
    %17 = stablehlo.subtract %9, %16 : tensor<4x6x8xf64>
    %18 = stablehlo.multiply %17, %17 : tensor<4x6x8xf64>
    %cst_2 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %19 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f64>) -> tensor<4x6x8xf64>
    %20 = stablehlo.multiply %19, %17 : tensor<4x6x8xf64>
    %cst_3 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %21 = stablehlo.reduce(%18 init: %cst_3) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %22 = stablehlo.broadcast_in_dim %21, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %cst_4 = stablehlo.constant dense<8.000000e+00> : tensor<f64>
    %23 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %24 = stablehlo.divide %22, %23 : tensor<4x6x1xf64>
    %cst_5 = stablehlo.constant dense<1.000000e-05> : tensor<f64>
    %25 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %26 = stablehlo.add %24, %25 : tensor<4x6x1xf64>
    %27 = stablehlo.rsqrt %26 : tensor<4x6x1xf64>
    %28 = stablehlo.divide %27, %26 : tensor<4x6x1xf64>
    %cst_6 = stablehlo.constant dense<-5.000000e-01> : tensor<f64>
    %29 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %30 = stablehlo.multiply %29, %28 : tensor<4x6x1xf64>
    %31 = stablehlo.broadcast_in_dim %27, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x8xf64>
    %32 = stablehlo.multiply %15, %31 : tensor<4x6x8xf64>
    %33 = stablehlo.broadcast_in_dim %arg7, dims = [2] : (tensor<8xf64>) -> tensor<1x1x8xf64>
    %34 = stablehlo.broadcast_in_dim %33, dims = [0, 1, 2] : (tensor<1x1x8xf64>) -> tensor<4x6x8xf64>
    %35 = stablehlo.multiply %32, %34 : tensor<4x6x8xf64>
    %36 = stablehlo.broadcast_in_dim %arg0, dims = [2] : (tensor<8xf64>) -> tensor<1x1x8xf64>
    %37 = stablehlo.broadcast_in_dim %36, dims = [0, 1, 2] : (tensor<1x1x8xf64>) -> tensor<4x6x8xf64>
    %38 = stablehlo.add %35, %37 : tensor<4x6x8xf64>
    %39 = stablehlo.dot_general %arg16, %38, contracting_dims = [0] x [2], precision = [DEFAULT, DEFAULT] : (tensor<8x2x4xf64>, tensor<4x6x8xf64>) -> tensor<2x4x4x6xf64>
    %40 = stablehlo.transpose %39, dims = [2, 0, 3, 1] : (tensor<2x4x4x6xf64>) -> tensor<4x2x6x4xf64>
    %41 = stablehlo.dot_general %arg11, %38, contracting_dims = [0] x [2], precision = [DEFAULT, DEFAULT] : (tensor<8x2x4xf64>, tensor<4x6x8xf64>) -> tensor<2x4x4x6xf64>
    %42 = stablehlo.transpose %41, dims = [2, 0, 3, 1] : (tensor<2x4x4x6xf64>) -> tensor<4x2x6x4xf64>
    %43 = stablehlo.dot_general %arg20, %38, contracting_dims = [0] x [2], precision = [DEFAULT, DEFAULT] : (tensor<8x2x4xf64>, tensor<4x6x8xf64>) -> tensor<2x4x4x6xf64>
    %44 = stablehlo.transpose %43, dims = [2, 0, 3, 1] : (tensor<2x4x4x6xf64>) -> tensor<4x2x6x4xf64>
    %45 = stablehlo.dot_general %40, %42, batching_dims = [0, 1] x [0, 1], contracting_dims = [3] x [3], precision = [DEFAULT, DEFAULT] : (tensor<4x2x6x4xf64>, tensor<4x2x6x4xf64>) -> tensor<4x2x6x6xf64>
    %cst_7 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %46 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f64>) -> tensor<4x2x6x6xf64>
    %47 = stablehlo.multiply %45, %46 : tensor<4x2x6x6xf64>
    %c_8 = stablehlo.constant dense<true> : tensor<i1>
    %48 = stablehlo.broadcast_in_dim %c_8, dims = [] : (tensor<i1>) -> tensor<6x6xi1>
    %49 = call @tril(%48) : (tensor<6x6xi1>) -> tensor<6x6xi1>
    %cst_9 = stablehlo.constant dense<-1.000000e+09> : tensor<f64>
    %50:2 = call @_where(%49, %47, %cst_9) : (tensor<6x6xi1>, tensor<4x2x6x6xf64>, tensor<f64>) -> (tensor<4x2x6x6xf64>, tensor<4x2x6x6xi1>)
    %cst_10 = stablehlo.constant dense<0xFFF0000000000000> : tensor<f64>
    %51 = stablehlo.reduce(%50#0 init: %cst_10) applies stablehlo.maximum across dimensions = [3] : (tensor<4x2x6x6xf64>, tensor<f64>) -> tensor<4x2x6xf64>
    %cst_11 = stablehlo.constant dense<0xFFF0000000000000> : tensor<f64>
    %52 = stablehlo.broadcast_in_dim %cst_11, dims = [] : (tensor<f64>) -> tensor<4x2x6xf64>
    %53 = stablehlo.maximum %52, %51 : tensor<4x2x6xf64>
    %54 = stablehlo.broadcast_in_dim %53, dims = [0, 1, 2] : (tensor<4x2x6xf64>) -> tensor<4x2x6x1xf64>
    %55 = stablehlo.broadcast_in_dim %54, dims = [0, 1, 2, 3] : (tensor<4x2x6x1xf64>) -> tensor<4x2x6x6xf64>
    %56 = stablehlo.subtract %50#0, %55 : tensor<4x2x6x6xf64>
    %57 = stablehlo.exponential %56 : tensor<4x2x6x6xf64>
    %cst_12 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %58 = stablehlo.reduce(%57 init: %cst_12) applies stablehlo.add across dimensions = [3] : (tensor<4x2x6x6xf64>, tensor<f64>) -> tensor<4x2x6xf64>
    %59 = stablehlo.broadcast_in_dim %58, dims = [0, 1, 2] : (tensor<4x2x6xf64>) -> tensor<4x2x6x1xf64>
    %60 = stablehlo.broadcast_in_dim %59, dims = [0, 1, 2, 3] : (tensor<4x2x6x1xf64>) -> tensor<4x2x6x6xf64>
    %61 = stablehlo.divide %57, %60 : tensor<4x2x6x6xf64>
    %62 = stablehlo.multiply %59, %59 : tensor<4x2x6x1xf64>
    %cst_13 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %63 = stablehlo.broadcast_in_dim %cst_13, dims = [] : (tensor<f64>) -> tensor<4x2x6x1xf64>
    %64 = stablehlo.divide %63, %62 : tensor<4x2x6x1xf64>
    %65 = stablehlo.dot_general %44, %61, batching_dims = [0, 1] x [0, 1], contracting_dims = [2] x [3], precision = [DEFAULT, DEFAULT] : (tensor<4x2x6x4xf64>, tensor<4x2x6x6xf64>) -> tensor<4x2x4x6xf64>
    %66 = stablehlo.dot_general %65, %arg13, contracting_dims = [1, 2] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<4x2x4x6xf64>, tensor<2x4x8xf64>) -> tensor<4x6x8xf64>
    %67 = stablehlo.add %9, %66 : tensor<4x6x8xf64>
    %cst_14 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %68 = stablehlo.reduce(%67 init: %cst_14) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %69 = stablehlo.broadcast_in_dim %68, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %cst_15 = stablehlo.constant dense<8.000000e+00> : tensor<f64>
    %70 = stablehlo.broadcast_in_dim %cst_15, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %71 = stablehlo.divide %69, %70 : tensor<4x6x1xf64>
    %72 = stablehlo.broadcast_in_dim %71, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x8xf64>
    %73 = stablehlo.subtract %67, %72 : tensor<4x6x8xf64>
    %74 = stablehlo.broadcast_in_dim %71, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x8xf64>
    %75 = stablehlo.subtract %67, %74 : tensor<4x6x8xf64>
    %76 = stablehlo.multiply %75, %75 : tensor<4x6x8xf64>
    %cst_16 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %77 = stablehlo.broadcast_in_dim %cst_16, dims = [] : (tensor<f64>) -> tensor<4x6x8xf64>
    %78 = stablehlo.multiply %77, %75 : tensor<4x6x8xf64>
    %cst_17 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %79 = stablehlo.reduce(%76 init: %cst_17) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %80 = stablehlo.broadcast_in_dim %79, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %cst_18 = stablehlo.constant dense<8.000000e+00> : tensor<f64>
    %81 = stablehlo.broadcast_in_dim %cst_18, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %82 = stablehlo.divide %80, %81 : tensor<4x6x1xf64>
    %cst_19 = stablehlo.constant dense<1.000000e-05> : tensor<f64>
    %83 = stablehlo.broadcast_in_dim %cst_19, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %84 = stablehlo.add %82, %83 : tensor<4x6x1xf64>
    %85 = stablehlo.rsqrt %84 : tensor<4x6x1xf64>
    %86 = stablehlo.divide %85, %84 : tensor<4x6x1xf64>
    %cst_20 = stablehlo.constant dense<-5.000000e-01> : tensor<f64>
    %87 = stablehlo.broadcast_in_dim %cst_20, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %88 = stablehlo.multiply %87, %86 : tensor<4x6x1xf64>
    %89 = stablehlo.broadcast_in_dim %85, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x8xf64>
    %90 = stablehlo.multiply %73, %89 : tensor<4x6x8xf64>
    %91 = stablehlo.broadcast_in_dim %arg9, dims = [2] : (tensor<8xf64>) -> tensor<1x1x8xf64>
    %92 = stablehlo.broadcast_in_dim %91, dims = [0, 1, 2] : (tensor<1x1x8xf64>) -> tensor<4x6x8xf64>
    %93 = stablehlo.multiply %90, %92 : tensor<4x6x8xf64>
    %94 = stablehlo.broadcast_in_dim %arg2, dims = [2] : (tensor<8xf64>) -> tensor<1x1x8xf64>
    %95 = stablehlo.broadcast_in_dim %94, dims = [0, 1, 2] : (tensor<1x1x8xf64>) -> tensor<4x6x8xf64>
    %96 = stablehlo.add %93, %95 : tensor<4x6x8xf64>
    %97 = stablehlo.dot_general %96, %arg18, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<4x6x8xf64>, tensor<8x16xf64>) -> tensor<4x6x16xf64>
    %98 = stablehlo.multiply %97, %97 : tensor<4x6x16xf64>
    %99 = stablehlo.multiply %98, %97 : tensor<4x6x16xf64>
    %100 = stablehlo.multiply %97, %97 : tensor<4x6x16xf64>
    %cst_21 = stablehlo.constant dense<3.000000e+00> : tensor<f64>
    %101 = stablehlo.broadcast_in_dim %cst_21, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %102 = stablehlo.multiply %101, %100 : tensor<4x6x16xf64>
    %cst_22 = stablehlo.constant dense<4.471500e-02> : tensor<f64>
    %103 = stablehlo.broadcast_in_dim %cst_22, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %104 = stablehlo.multiply %103, %99 : tensor<4x6x16xf64>
    %105 = stablehlo.add %97, %104 : tensor<4x6x16xf64>
    %cst_23 = stablehlo.constant dense<0.79788456080286541> : tensor<f64>
    %106 = stablehlo.broadcast_in_dim %cst_23, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %107 = stablehlo.multiply %106, %105 : tensor<4x6x16xf64>
    %108 = stablehlo.tanh %107 : tensor<4x6x16xf64>
    %cst_24 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %109 = stablehlo.broadcast_in_dim %cst_24, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %110 = stablehlo.subtract %109, %108 : tensor<4x6x16xf64>
    %cst_25 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %111 = stablehlo.broadcast_in_dim %cst_25, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %112 = stablehlo.add %111, %108 : tensor<4x6x16xf64>
    %cst_26 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %113 = stablehlo.broadcast_in_dim %cst_26, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %114 = stablehlo.multiply %113, %112 : tensor<4x6x16xf64>
    %115 = stablehlo.multiply %97, %114 : tensor<4x6x16xf64>
    %116 = stablehlo.dot_general %115, %arg4, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<4x6x16xf64>, tensor<16x8xf64>) -> tensor<4x6x8xf64>
    %117 = stablehlo.add %67, %116 : tensor<4x6x8xf64>
    %cst_27 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %118 = stablehlo.reduce(%117 init: %cst_27) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %119 = stablehlo.broadcast_in_dim %118, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %cst_28 = stablehlo.constant dense<8.000000e+00> : tensor<f64>
    %120 = stablehlo.broadcast_in_dim %cst_28, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %121 = stablehlo.divide %119, %120 : tensor<4x6x1xf64>
    %122 = stablehlo.broadcast_in_dim %121, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x8xf64>
    %123 = stablehlo.subtract %117, %122 : tensor<4x6x8xf64>
    %124 = stablehlo.broadcast_in_dim %121, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x8xf64>
    %125 = stablehlo.subtract %117, %124 : tensor<4x6x8xf64>
    %126 = stablehlo.multiply %125, %125 : tensor<4x6x8xf64>
    %cst_29 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %127 = stablehlo.broadcast_in_dim %cst_29, dims = [] : (tensor<f64>) -> tensor<4x6x8xf64>
    %128 = stablehlo.multiply %127, %125 : tensor<4x6x8xf64>
    %cst_30 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %129 = stablehlo.reduce(%126 init: %cst_30) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %130 = stablehlo.broadcast_in_dim %129, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %cst_31 = stablehlo.constant dense<8.000000e+00> : tensor<f64>
    %131 = stablehlo.broadcast_in_dim %cst_31, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %132 = stablehlo.divide %130, %131 : tensor<4x6x1xf64>
    %cst_32 = stablehlo.constant dense<1.000000e-05> : tensor<f64>
    %133 = stablehlo.broadcast_in_dim %cst_32, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %134 = stablehlo.add %132, %133 : tensor<4x6x1xf64>
    %135 = stablehlo.rsqrt %134 : tensor<4x6x1xf64>
    %136 = stablehlo.divide %135, %134 : tensor<4x6x1xf64>
    %cst_33 = stablehlo.constant dense<-5.000000e-01> : tensor<f64>
    %137 = stablehlo.broadcast_in_dim %cst_33, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %138 = stablehlo.multiply %137, %136 : tensor<4x6x1xf64>
    %139 = stablehlo.broadcast_in_dim %135, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x8xf64>
    %140 = stablehlo.multiply %123, %139 : tensor<4x6x8xf64>
    %141 = stablehlo.broadcast_in_dim %arg8, dims = [2] : (tensor<8xf64>) -> tensor<1x1x8xf64>
    %142 = stablehlo.broadcast_in_dim %141, dims = [0, 1, 2] : (tensor<1x1x8xf64>) -> tensor<4x6x8xf64>
    %143 = stablehlo.multiply %140, %142 : tensor<4x6x8xf64>
    %144 = stablehlo.broadcast_in_dim %arg1, dims = [2] : (tensor<8xf64>) -> tensor<1x1x8xf64>
    %145 = stablehlo.broadcast_in_dim %144, dims = [0, 1, 2] : (tensor<1x1x8xf64>) -> tensor<4x6x8xf64>
    %146 = stablehlo.add %143, %145 : tensor<4x6x8xf64>
    %147 = stablehlo.dot_general %arg17, %146, contracting_dims = [0] x [2], precision = [DEFAULT, DEFAULT] : (tensor<8x2x4xf64>, tensor<4x6x8xf64>) -> tensor<2x4x4x6xf64>
    %148 = stablehlo.transpose %147, dims = [2, 0, 3, 1] : (tensor<2x4x4x6xf64>) -> tensor<4x2x6x4xf64>
    %149 = stablehlo.dot_general %arg12, %146, contracting_dims = [0] x [2], precision = [DEFAULT, DEFAULT] : (tensor<8x2x4xf64>, tensor<4x6x8xf64>) -> tensor<2x4x4x6xf64>
    %150 = stablehlo.transpose %149, dims = [2, 0, 3, 1] : (tensor<2x4x4x6xf64>) -> tensor<4x2x6x4xf64>
    %151 = stablehlo.dot_general %arg21, %146, contracting_dims = [0] x [2], precision = [DEFAULT, DEFAULT] : (tensor<8x2x4xf64>, tensor<4x6x8xf64>) -> tensor<2x4x4x6xf64>
    %152 = stablehlo.transpose %151, dims = [2, 0, 3, 1] : (tensor<2x4x4x6xf64>) -> tensor<4x2x6x4xf64>
    %153 = stablehlo.dot_general %148, %150, batching_dims = [0, 1] x [0, 1], contracting_dims = [3] x [3], precision = [DEFAULT, DEFAULT] : (tensor<4x2x6x4xf64>, tensor<4x2x6x4xf64>) -> tensor<4x2x6x6xf64>
    %cst_34 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %154 = stablehlo.broadcast_in_dim %cst_34, dims = [] : (tensor<f64>) -> tensor<4x2x6x6xf64>
    %155 = stablehlo.multiply %153, %154 : tensor<4x2x6x6xf64>
    %c_35 = stablehlo.constant dense<true> : tensor<i1>
    %156 = stablehlo.broadcast_in_dim %c_35, dims = [] : (tensor<i1>) -> tensor<6x6xi1>
    %157 = call @tril(%156) : (tensor<6x6xi1>) -> tensor<6x6xi1>
    %cst_36 = stablehlo.constant dense<-1.000000e+09> : tensor<f64>
    %158:2 = call @_where(%157, %155, %cst_36) : (tensor<6x6xi1>, tensor<4x2x6x6xf64>, tensor<f64>) -> (tensor<4x2x6x6xf64>, tensor<4x2x6x6xi1>)
    %cst_37 = stablehlo.constant dense<0xFFF0000000000000> : tensor<f64>
    %159 = stablehlo.reduce(%158#0 init: %cst_37) applies stablehlo.maximum across dimensions = [3] : (tensor<4x2x6x6xf64>, tensor<f64>) -> tensor<4x2x6xf64>
    %cst_38 = stablehlo.constant dense<0xFFF0000000000000> : tensor<f64>
    %160 = stablehlo.broadcast_in_dim %cst_38, dims = [] : (tensor<f64>) -> tensor<4x2x6xf64>
    %161 = stablehlo.maximum %160, %159 : tensor<4x2x6xf64>
    %162 = stablehlo.broadcast_in_dim %161, dims = [0, 1, 2] : (tensor<4x2x6xf64>) -> tensor<4x2x6x1xf64>
    %163 = stablehlo.broadcast_in_dim %162, dims = [0, 1, 2, 3] : (tensor<4x2x6x1xf64>) -> tensor<4x2x6x6xf64>
    %164 = stablehlo.subtract %158#0, %163 : tensor<4x2x6x6xf64>
    %165 = stablehlo.exponential %164 : tensor<4x2x6x6xf64>
    %cst_39 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %166 = stablehlo.reduce(%165 init: %cst_39) applies stablehlo.add across dimensions = [3] : (tensor<4x2x6x6xf64>, tensor<f64>) -> tensor<4x2x6xf64>
    %167 = stablehlo.broadcast_in_dim %166, dims = [0, 1, 2] : (tensor<4x2x6xf64>) -> tensor<4x2x6x1xf64>
    %168 = stablehlo.broadcast_in_dim %167, dims = [0, 1, 2, 3] : (tensor<4x2x6x1xf64>) -> tensor<4x2x6x6xf64>
    %169 = stablehlo.divide %165, %168 : tensor<4x2x6x6xf64>
    %170 = stablehlo.multiply %167, %167 : tensor<4x2x6x1xf64>
    %cst_40 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %171 = stablehlo.broadcast_in_dim %cst_40, dims = [] : (tensor<f64>) -> tensor<4x2x6x1xf64>
    %172 = stablehlo.divide %171, %170 : tensor<4x2x6x1xf64>
    %173 = stablehlo.dot_general %152, %169, batching_dims = [0, 1] x [0, 1], contracting_dims = [2] x [3], precision = [DEFAULT, DEFAULT] : (tensor<4x2x6x4xf64>, tensor<4x2x6x6xf64>) -> tensor<4x2x4x6xf64>
    %174 = stablehlo.dot_general %173, %arg14, contracting_dims = [1, 2] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<4x2x4x6xf64>, tensor<2x4x8xf64>) -> tensor<4x6x8xf64>
    %175 = stablehlo.add %117, %174 : tensor<4x6x8xf64>
    %cst_41 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %176 = stablehlo.reduce(%175 init: %cst_41) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %177 = stablehlo.broadcast_in_dim %176, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %cst_42 = stablehlo.constant dense<8.000000e+00> : tensor<f64>
    %178 = stablehlo.broadcast_in_dim %cst_42, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %179 = stablehlo.divide %177, %178 : tensor<4x6x1xf64>
    %180 = stablehlo.broadcast_in_dim %179, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x8xf64>
    %181 = stablehlo.subtract %175, %180 : tensor<4x6x8xf64>
    %182 = stablehlo.broadcast_in_dim %179, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x8xf64>
    %183 = stablehlo.subtract %175, %182 : tensor<4x6x8xf64>
    %184 = stablehlo.multiply %183, %183 : tensor<4x6x8xf64>
    %cst_43 = stablehlo.constant dense<2.000000e+00> : tensor<f64>
    %185 = stablehlo.broadcast_in_dim %cst_43, dims = [] : (tensor<f64>) -> tensor<4x6x8xf64>
    %186 = stablehlo.multiply %185, %183 : tensor<4x6x8xf64>
    %cst_44 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %187 = stablehlo.reduce(%184 init: %cst_44) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %188 = stablehlo.broadcast_in_dim %187, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %cst_45 = stablehlo.constant dense<8.000000e+00> : tensor<f64>
    %189 = stablehlo.broadcast_in_dim %cst_45, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %190 = stablehlo.divide %188, %189 : tensor<4x6x1xf64>
    %cst_46 = stablehlo.constant dense<1.000000e-05> : tensor<f64>
    %191 = stablehlo.broadcast_in_dim %cst_46, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %192 = stablehlo.add %190, %191 : tensor<4x6x1xf64>
    %193 = stablehlo.rsqrt %192 : tensor<4x6x1xf64>
    %194 = stablehlo.divide %193, %192 : tensor<4x6x1xf64>
    %cst_47 = stablehlo.constant dense<-5.000000e-01> : tensor<f64>
    %195 = stablehlo.broadcast_in_dim %cst_47, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %196 = stablehlo.multiply %195, %194 : tensor<4x6x1xf64>
    %197 = stablehlo.broadcast_in_dim %193, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x8xf64>
    %198 = stablehlo.multiply %181, %197 : tensor<4x6x8xf64>
    %199 = stablehlo.broadcast_in_dim %arg10, dims = [2] : (tensor<8xf64>) -> tensor<1x1x8xf64>
    %200 = stablehlo.broadcast_in_dim %199, dims = [0, 1, 2] : (tensor<1x1x8xf64>) -> tensor<4x6x8xf64>
    %201 = stablehlo.multiply %198, %200 : tensor<4x6x8xf64>
    %202 = stablehlo.broadcast_in_dim %arg3, dims = [2] : (tensor<8xf64>) -> tensor<1x1x8xf64>
    %203 = stablehlo.broadcast_in_dim %202, dims = [0, 1, 2] : (tensor<1x1x8xf64>) -> tensor<4x6x8xf64>
    %204 = stablehlo.add %201, %203 : tensor<4x6x8xf64>
    %205 = stablehlo.dot_general %204, %arg19, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<4x6x8xf64>, tensor<8x16xf64>) -> tensor<4x6x16xf64>
    %206 = stablehlo.multiply %205, %205 : tensor<4x6x16xf64>
    %207 = stablehlo.multiply %206, %205 : tensor<4x6x16xf64>
    %208 = stablehlo.multiply %205, %205 : tensor<4x6x16xf64>
    %cst_48 = stablehlo.constant dense<3.000000e+00> : tensor<f64>
    %209 = stablehlo.broadcast_in_dim %cst_48, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %210 = stablehlo.multiply %209, %208 : tensor<4x6x16xf64>
    %cst_49 = stablehlo.constant dense<4.471500e-02> : tensor<f64>
    %211 = stablehlo.broadcast_in_dim %cst_49, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %212 = stablehlo.multiply %211, %207 : tensor<4x6x16xf64>
    %213 = stablehlo.add %205, %212 : tensor<4x6x16xf64>
    %cst_50 = stablehlo.constant dense<0.79788456080286541> : tensor<f64>
    %214 = stablehlo.broadcast_in_dim %cst_50, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %215 = stablehlo.multiply %214, %213 : tensor<4x6x16xf64>
    %216 = stablehlo.tanh %215 : tensor<4x6x16xf64>
    %cst_51 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %217 = stablehlo.broadcast_in_dim %cst_51, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %218 = stablehlo.subtract %217, %216 : tensor<4x6x16xf64>
    %cst_52 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %219 = stablehlo.broadcast_in_dim %cst_52, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %220 = stablehlo.add %219, %216 : tensor<4x6x16xf64>
    %cst_53 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %221 = stablehlo.broadcast_in_dim %cst_53, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %222 = stablehlo.multiply %221, %220 : tensor<4x6x16xf64>
    %223 = stablehlo.multiply %205, %222 : tensor<4x6x16xf64>
    %224 = stablehlo.dot_general %223, %arg5, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<4x6x16xf64>, tensor<16x8xf64>) -> tensor<4x6x8xf64>
    %225 = stablehlo.add %175, %224 : tensor<4x6x8xf64>
    %226 = stablehlo.transpose %arg6, dims = [1, 0] : (tensor<11x8xf64>) -> tensor<8x11xf64>
    %227 = stablehlo.dot_general %225, %226, contracting_dims = [2] x [0], precision = [DEFAULT, DEFAULT] : (tensor<4x6x8xf64>, tensor<8x11xf64>) -> tensor<4x6x11xf64>
    %228:3 = call @log_softmax(%227) : (tensor<4x6x11xf64>) -> (tensor<4x6x11xf64>, tensor<4x6x11xf64>, tensor<4x6x1xf64>)
    %229 = stablehlo.broadcast_in_dim %arg68, dims = [0, 1] : (tensor<4x6xi32>) -> tensor<4x6x1xi32>
    %230:2 = call @take_along_axis(%228#0, %229) : (tensor<4x6x11xf64>, tensor<4x6x1xi32>) -> (tensor<4x6x1xf64>, tensor<4x6x1x1xi32>)
    %cst_54 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %231 = stablehlo.reduce(%230#0 init: %cst_54) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<4x6x1xf64>, tensor<f64>) -> tensor<f64>
    %cst_55 = stablehlo.constant dense<2.400000e+01> : tensor<f64>
    %232 = stablehlo.divide %231, %cst_55 : tensor<f64>
    %233 = stablehlo.negate %232 : tensor<f64>
    %cst_56 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %234 = stablehlo.negate %cst_56 : tensor<f64>
    %cst_57 = stablehlo.constant dense<2.400000e+01> : tensor<f64>
    %235 = stablehlo.divide %234, %cst_57 : tensor<f64>
    %236 = stablehlo.broadcast_in_dim %235, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %237 = call @take_along_axis_0(%230#1, %236) : (tensor<4x6x1x1xi32>, tensor<4x6x1xf64>) -> tensor<4x6x11xf64>
    %238 = call @log_softmax_1(%228#1, %228#2, %237) : (tensor<4x6x11xf64>, tensor<4x6x1xf64>, tensor<4x6x11xf64>) -> tensor<4x6x11xf64>
    %239 = stablehlo.dot_general %238, %225, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<4x6x11xf64>, tensor<4x6x8xf64>) -> tensor<11x8xf64>
    %240 = stablehlo.transpose %239, dims = [1, 0] : (tensor<11x8xf64>) -> tensor<8x11xf64>
    %241 = stablehlo.dot_general %238, %226, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<4x6x11xf64>, tensor<8x11xf64>) -> tensor<4x6x8xf64>
    %242 = stablehlo.transpose %240, dims = [1, 0] : (tensor<8x11xf64>) -> tensor<11x8xf64>
    %243 = stablehlo.dot_general %241, %223, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<4x6x8xf64>, tensor<4x6x16xf64>) -> tensor<8x16xf64>
    %244 = stablehlo.transpose %243, dims = [1, 0] : (tensor<8x16xf64>) -> tensor<16x8xf64>
    %245 = stablehlo.dot_general %241, %arg5, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<4x6x8xf64>, tensor<16x8xf64>) -> tensor<4x6x16xf64>
    %246 = stablehlo.multiply %205, %245 : tensor<4x6x16xf64>
    %247 = stablehlo.multiply %245, %222 : tensor<4x6x16xf64>
    %cst_58 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %248 = stablehlo.broadcast_in_dim %cst_58, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %249 = stablehlo.multiply %248, %246 : tensor<4x6x16xf64>
    %250 = stablehlo.multiply %249, %218 : tensor<4x6x16xf64>
    %251 = stablehlo.multiply %250, %216 : tensor<4x6x16xf64>
    %252 = stablehlo.add %250, %251 : tensor<4x6x16xf64>
    %cst_59 = stablehlo.constant dense<0.79788456080286541> : tensor<f64>
    %253 = stablehlo.broadcast_in_dim %cst_59, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %254 = stablehlo.multiply %253, %252 : tensor<4x6x16xf64>
    %255 = stablehlo.add %247, %254 : tensor<4x6x16xf64>
    %cst_60 = stablehlo.constant dense<4.471500e-02> : tensor<f64>
    %256 = stablehlo.broadcast_in_dim %cst_60, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %257 = stablehlo.multiply %256, %254 : tensor<4x6x16xf64>
    %258 = stablehlo.multiply %257, %210 : tensor<4x6x16xf64>
    %259 = stablehlo.add %255, %258 : tensor<4x6x16xf64>
    %260 = stablehlo.dot_general %259, %204, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<4x6x16xf64>, tensor<4x6x8xf64>) -> tensor<16x8xf64>
    %261 = stablehlo.transpose %260, dims = [1, 0] : (tensor<16x8xf64>) -> tensor<8x16xf64>
    %262 = stablehlo.dot_general %259, %arg19, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<4x6x16xf64>, tensor<8x16xf64>) -> tensor<4x6x8xf64>
    %cst_61 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %263 = stablehlo.reduce(%262 init: %cst_61) applies stablehlo.add across dimensions = [0, 1] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<8xf64>
    %264 = stablehlo.reshape %263 : (tensor<8xf64>) -> tensor<1x1x8xf64>
    %cst_62 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %265 = stablehlo.reduce(%264 init: %cst_62) applies stablehlo.add across dimensions = [0, 1] : (tensor<1x1x8xf64>, tensor<f64>) -> tensor<8xf64>
    %266 = stablehlo.multiply %198, %262 : tensor<4x6x8xf64>
    %cst_63 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %267 = stablehlo.reduce(%266 init: %cst_63) applies stablehlo.add across dimensions = [0, 1] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<8xf64>
    %268 = stablehlo.reshape %267 : (tensor<8xf64>) -> tensor<1x1x8xf64>
    %269 = stablehlo.broadcast_in_dim %199, dims = [0, 1, 2] : (tensor<1x1x8xf64>) -> tensor<4x6x8xf64>
    %270 = stablehlo.multiply %262, %269 : tensor<4x6x8xf64>
    %cst_64 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %271 = stablehlo.reduce(%268 init: %cst_64) applies stablehlo.add across dimensions = [0, 1] : (tensor<1x1x8xf64>, tensor<f64>) -> tensor<8xf64>
    %272 = stablehlo.multiply %181, %270 : tensor<4x6x8xf64>
    %cst_65 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %273 = stablehlo.reduce(%272 init: %cst_65) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %274 = stablehlo.reshape %273 : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %275 = stablehlo.broadcast_in_dim %193, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x8xf64>
    %276 = stablehlo.multiply %270, %275 : tensor<4x6x8xf64>
    %277 = stablehlo.multiply %274, %196 : tensor<4x6x1xf64>
    %cst_66 = stablehlo.constant dense<8.000000e+00> : tensor<f64>
    %278 = stablehlo.broadcast_in_dim %cst_66, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %279 = stablehlo.divide %277, %278 : tensor<4x6x1xf64>
    %cst_67 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %280 = stablehlo.reduce(%279 init: %cst_67) applies stablehlo.add across dimensions = [2] : (tensor<4x6x1xf64>, tensor<f64>) -> tensor<4x6xf64>
    %281 = stablehlo.broadcast_in_dim %280, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x8xf64>
    %282 = stablehlo.multiply %281, %186 : tensor<4x6x8xf64>
    %283 = stablehlo.negate %282 : tensor<4x6x8xf64>
    %cst_68 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %284 = stablehlo.reduce(%283 init: %cst_68) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %285 = stablehlo.reshape %284 : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %286 = stablehlo.add %241, %282 : tensor<4x6x8xf64>
    %287 = stablehlo.negate %276 : tensor<4x6x8xf64>
    %cst_69 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %288 = stablehlo.reduce(%287 init: %cst_69) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %289 = stablehlo.reshape %288 : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %290 = stablehlo.add %286, %276 : tensor<4x6x8xf64>
    %291 = stablehlo.add %285, %289 : tensor<4x6x1xf64>
    %cst_70 = stablehlo.constant dense<8.000000e+00> : tensor<f64>
    %292 = stablehlo.broadcast_in_dim %cst_70, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %293 = stablehlo.divide %291, %292 : tensor<4x6x1xf64>
    %cst_71 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %294 = stablehlo.reduce(%293 init: %cst_71) applies stablehlo.add across dimensions = [2] : (tensor<4x6x1xf64>, tensor<f64>) -> tensor<4x6xf64>
    %295 = stablehlo.broadcast_in_dim %294, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x8xf64>
    %296 = stablehlo.add %290, %295 : tensor<4x6x8xf64>
    %297 = stablehlo.dot_general %296, %173, contracting_dims = [0, 1] x [0, 3], precision = [DEFAULT, DEFAULT] : (tensor<4x6x8xf64>, tensor<4x2x4x6xf64>) -> tensor<8x2x4xf64>
    %298 = stablehlo.transpose %297, dims = [1, 2, 0] : (tensor<8x2x4xf64>) -> tensor<2x4x8xf64>
    %299 = stablehlo.dot_general %296, %arg14, contracting_dims = [2] x [2], precision = [DEFAULT, DEFAULT] : (tensor<4x6x8xf64>, tensor<2x4x8xf64>) -> tensor<4x6x2x4xf64>
    %300 = stablehlo.transpose %299, dims = [0, 2, 3, 1] : (tensor<4x6x2x4xf64>) -> tensor<4x2x4x6xf64>
    %301 = stablehlo.dot_general %300, %152, batching_dims = [0, 1] x [0, 1], contracting_dims = [2] x [3], precision = [DEFAULT, DEFAULT] : (tensor<4x2x4x6xf64>, tensor<4x2x6x4xf64>) -> tensor<4x2x6x6xf64>
    %302 = stablehlo.dot_general %300, %169, batching_dims = [0, 1] x [0, 1], contracting_dims = [3] x [2], precision = [DEFAULT, DEFAULT] : (tensor<4x2x4x6xf64>, tensor<4x2x6x6xf64>) -> tensor<4x2x4x6xf64>
    %303 = stablehlo.transpose %302, dims = [0, 1, 3, 2] : (tensor<4x2x4x6xf64>) -> tensor<4x2x6x4xf64>
    %304 = stablehlo.broadcast_in_dim %172, dims = [0, 1, 2, 3] : (tensor<4x2x6x1xf64>) -> tensor<4x2x6x6xf64>
    %305 = stablehlo.multiply %301, %304 : tensor<4x2x6x6xf64>
    %306 = stablehlo.multiply %305, %165 : tensor<4x2x6x6xf64>
    %cst_72 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %307 = stablehlo.reduce(%306 init: %cst_72) applies stablehlo.add across dimensions = [3] : (tensor<4x2x6x6xf64>, tensor<f64>) -> tensor<4x2x6xf64>
    %308 = stablehlo.reshape %307 : (tensor<4x2x6xf64>) -> tensor<4x2x6x1xf64>
    %309 = stablehlo.negate %308 : tensor<4x2x6x1xf64>
    %310 = stablehlo.broadcast_in_dim %167, dims = [0, 1, 2, 3] : (tensor<4x2x6x1xf64>) -> tensor<4x2x6x6xf64>
    %311 = stablehlo.divide %301, %310 : tensor<4x2x6x6xf64>
    %cst_73 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %312 = stablehlo.reduce(%309 init: %cst_73) applies stablehlo.add across dimensions = [3] : (tensor<4x2x6x1xf64>, tensor<f64>) -> tensor<4x2x6xf64>
    %313 = stablehlo.broadcast_in_dim %312, dims = [0, 1, 2] : (tensor<4x2x6xf64>) -> tensor<4x2x6x6xf64>
    %314 = stablehlo.add %311, %313 : tensor<4x2x6x6xf64>
    %315 = stablehlo.multiply %314, %165 : tensor<4x2x6x6xf64>
    %316 = call @_where_2(%158#1, %315) : (tensor<4x2x6x6xi1>, tensor<4x2x6x6xf64>) -> tensor<4x2x6x6xf64>
    %cst_74 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %317 = stablehlo.broadcast_in_dim %cst_74, dims = [] : (tensor<f64>) -> tensor<4x2x6x6xf64>
    %318 = stablehlo.multiply %316, %317 : tensor<4x2x6x6xf64>
    %319 = stablehlo.dot_general %318, %148, batching_dims = [0, 1] x [0, 1], contracting_dims = [2] x [2], precision = [DEFAULT, DEFAULT] : (tensor<4x2x6x6xf64>, tensor<4x2x6x4xf64>) -> tensor<4x2x6x4xf64>
    %320 = stablehlo.dot_general %318, %150, batching_dims = [0, 1] x [0, 1], contracting_dims = [3] x [2], precision = [DEFAULT, DEFAULT] : (tensor<4x2x6x6xf64>, tensor<4x2x6x4xf64>) -> tensor<4x2x6x4xf64>
    %321 = stablehlo.transpose %303, dims = [1, 3, 0, 2] : (tensor<4x2x6x4xf64>) -> tensor<2x4x4x6xf64>
    %322 = stablehlo.dot_general %321, %arg21, contracting_dims = [0, 1] x [1, 2], precision = [DEFAULT, DEFAULT] : (tensor<2x4x4x6xf64>, tensor<8x2x4xf64>) -> tensor<4x6x8xf64>
    %323 = stablehlo.dot_general %321, %146, contracting_dims = [2, 3] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<2x4x4x6xf64>, tensor<4x6x8xf64>) -> tensor<2x4x8xf64>
    %324 = stablehlo.transpose %323, dims = [2, 0, 1] : (tensor<2x4x8xf64>) -> tensor<8x2x4xf64>
    %325 = stablehlo.transpose %319, dims = [1, 3, 0, 2] : (tensor<4x2x6x4xf64>) -> tensor<2x4x4x6xf64>
    %326 = stablehlo.dot_general %325, %arg12, contracting_dims = [0, 1] x [1, 2], precision = [DEFAULT, DEFAULT] : (tensor<2x4x4x6xf64>, tensor<8x2x4xf64>) -> tensor<4x6x8xf64>
    %327 = stablehlo.add %322, %326 : tensor<4x6x8xf64>
    %328 = stablehlo.dot_general %325, %146, contracting_dims = [2, 3] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<2x4x4x6xf64>, tensor<4x6x8xf64>) -> tensor<2x4x8xf64>
    %329 = stablehlo.transpose %328, dims = [2, 0, 1] : (tensor<2x4x8xf64>) -> tensor<8x2x4xf64>
    %330 = stablehlo.transpose %320, dims = [1, 3, 0, 2] : (tensor<4x2x6x4xf64>) -> tensor<2x4x4x6xf64>
    %331 = stablehlo.dot_general %330, %arg17, contracting_dims = [0, 1] x [1, 2], precision = [DEFAULT, DEFAULT] : (tensor<2x4x4x6xf64>, tensor<8x2x4xf64>) -> tensor<4x6x8xf64>
    %332 = stablehlo.add %327, %331 : tensor<4x6x8xf64>
    %333 = stablehlo.dot_general %330, %146, contracting_dims = [2, 3] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<2x4x4x6xf64>, tensor<4x6x8xf64>) -> tensor<2x4x8xf64>
    %334 = stablehlo.transpose %333, dims = [2, 0, 1] : (tensor<2x4x8xf64>) -> tensor<8x2x4xf64>
    %cst_75 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %335 = stablehlo.reduce(%332 init: %cst_75) applies stablehlo.add across dimensions = [0, 1] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<8xf64>
    %336 = stablehlo.reshape %335 : (tensor<8xf64>) -> tensor<1x1x8xf64>
    %cst_76 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %337 = stablehlo.reduce(%336 init: %cst_76) applies stablehlo.add across dimensions = [0, 1] : (tensor<1x1x8xf64>, tensor<f64>) -> tensor<8xf64>
    %338 = stablehlo.multiply %140, %332 : tensor<4x6x8xf64>
    %cst_77 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %339 = stablehlo.reduce(%338 init: %cst_77) applies stablehlo.add across dimensions = [0, 1] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<8xf64>
    %340 = stablehlo.reshape %339 : (tensor<8xf64>) -> tensor<1x1x8xf64>
    %341 = stablehlo.broadcast_in_dim %141, dims = [0, 1, 2] : (tensor<1x1x8xf64>) -> tensor<4x6x8xf64>
    %342 = stablehlo.multiply %332, %341 : tensor<4x6x8xf64>
    %cst_78 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %343 = stablehlo.reduce(%340 init: %cst_78) applies stablehlo.add across dimensions = [0, 1] : (tensor<1x1x8xf64>, tensor<f64>) -> tensor<8xf64>
    %344 = stablehlo.multiply %123, %342 : tensor<4x6x8xf64>
    %cst_79 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %345 = stablehlo.reduce(%344 init: %cst_79) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %346 = stablehlo.reshape %345 : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %347 = stablehlo.broadcast_in_dim %135, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x8xf64>
    %348 = stablehlo.multiply %342, %347 : tensor<4x6x8xf64>
    %349 = stablehlo.multiply %346, %138 : tensor<4x6x1xf64>
    %cst_80 = stablehlo.constant dense<8.000000e+00> : tensor<f64>
    %350 = stablehlo.broadcast_in_dim %cst_80, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %351 = stablehlo.divide %349, %350 : tensor<4x6x1xf64>
    %cst_81 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %352 = stablehlo.reduce(%351 init: %cst_81) applies stablehlo.add across dimensions = [2] : (tensor<4x6x1xf64>, tensor<f64>) -> tensor<4x6xf64>
    %353 = stablehlo.broadcast_in_dim %352, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x8xf64>
    %354 = stablehlo.multiply %353, %128 : tensor<4x6x8xf64>
    %355 = stablehlo.negate %354 : tensor<4x6x8xf64>
    %cst_82 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %356 = stablehlo.reduce(%355 init: %cst_82) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %357 = stablehlo.reshape %356 : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %358 = stablehlo.add %296, %354 : tensor<4x6x8xf64>
    %359 = stablehlo.negate %348 : tensor<4x6x8xf64>
    %cst_83 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %360 = stablehlo.reduce(%359 init: %cst_83) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %361 = stablehlo.reshape %360 : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %362 = stablehlo.add %358, %348 : tensor<4x6x8xf64>
    %363 = stablehlo.add %357, %361 : tensor<4x6x1xf64>
    %cst_84 = stablehlo.constant dense<8.000000e+00> : tensor<f64>
    %364 = stablehlo.broadcast_in_dim %cst_84, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %365 = stablehlo.divide %363, %364 : tensor<4x6x1xf64>
    %cst_85 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %366 = stablehlo.reduce(%365 init: %cst_85) applies stablehlo.add across dimensions = [2] : (tensor<4x6x1xf64>, tensor<f64>) -> tensor<4x6xf64>
    %367 = stablehlo.broadcast_in_dim %366, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x8xf64>
    %368 = stablehlo.add %362, %367 : tensor<4x6x8xf64>
    %369 = stablehlo.dot_general %368, %115, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<4x6x8xf64>, tensor<4x6x16xf64>) -> tensor<8x16xf64>
    %370 = stablehlo.transpose %369, dims = [1, 0] : (tensor<8x16xf64>) -> tensor<16x8xf64>
    %371 = stablehlo.dot_general %368, %arg4, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<4x6x8xf64>, tensor<16x8xf64>) -> tensor<4x6x16xf64>
    %372 = stablehlo.multiply %97, %371 : tensor<4x6x16xf64>
    %373 = stablehlo.multiply %371, %114 : tensor<4x6x16xf64>
    %cst_86 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %374 = stablehlo.broadcast_in_dim %cst_86, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %375 = stablehlo.multiply %374, %372 : tensor<4x6x16xf64>
    %376 = stablehlo.multiply %375, %110 : tensor<4x6x16xf64>
    %377 = stablehlo.multiply %376, %108 : tensor<4x6x16xf64>
    %378 = stablehlo.add %376, %377 : tensor<4x6x16xf64>
    %cst_87 = stablehlo.constant dense<0.79788456080286541> : tensor<f64>
    %379 = stablehlo.broadcast_in_dim %cst_87, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %380 = stablehlo.multiply %379, %378 : tensor<4x6x16xf64>
    %381 = stablehlo.add %373, %380 : tensor<4x6x16xf64>
    %cst_88 = stablehlo.constant dense<4.471500e-02> : tensor<f64>
    %382 = stablehlo.broadcast_in_dim %cst_88, dims = [] : (tensor<f64>) -> tensor<4x6x16xf64>
    %383 = stablehlo.multiply %382, %380 : tensor<4x6x16xf64>
    %384 = stablehlo.multiply %383, %102 : tensor<4x6x16xf64>
    %385 = stablehlo.add %381, %384 : tensor<4x6x16xf64>
    %386 = stablehlo.dot_general %385, %96, contracting_dims = [0, 1] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<4x6x16xf64>, tensor<4x6x8xf64>) -> tensor<16x8xf64>
    %387 = stablehlo.transpose %386, dims = [1, 0] : (tensor<16x8xf64>) -> tensor<8x16xf64>
    %388 = stablehlo.dot_general %385, %arg18, contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (tensor<4x6x16xf64>, tensor<8x16xf64>) -> tensor<4x6x8xf64>
    %cst_89 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %389 = stablehlo.reduce(%388 init: %cst_89) applies stablehlo.add across dimensions = [0, 1] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<8xf64>
    %390 = stablehlo.reshape %389 : (tensor<8xf64>) -> tensor<1x1x8xf64>
    %cst_90 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %391 = stablehlo.reduce(%390 init: %cst_90) applies stablehlo.add across dimensions = [0, 1] : (tensor<1x1x8xf64>, tensor<f64>) -> tensor<8xf64>
    %392 = stablehlo.multiply %90, %388 : tensor<4x6x8xf64>
    %cst_91 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %393 = stablehlo.reduce(%392 init: %cst_91) applies stablehlo.add across dimensions = [0, 1] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<8xf64>
    %394 = stablehlo.reshape %393 : (tensor<8xf64>) -> tensor<1x1x8xf64>
    %395 = stablehlo.broadcast_in_dim %91, dims = [0, 1, 2] : (tensor<1x1x8xf64>) -> tensor<4x6x8xf64>
    %396 = stablehlo.multiply %388, %395 : tensor<4x6x8xf64>
    %cst_92 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %397 = stablehlo.reduce(%394 init: %cst_92) applies stablehlo.add across dimensions = [0, 1] : (tensor<1x1x8xf64>, tensor<f64>) -> tensor<8xf64>
    %398 = stablehlo.multiply %73, %396 : tensor<4x6x8xf64>
    %cst_93 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %399 = stablehlo.reduce(%398 init: %cst_93) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %400 = stablehlo.reshape %399 : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %401 = stablehlo.broadcast_in_dim %85, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x8xf64>
    %402 = stablehlo.multiply %396, %401 : tensor<4x6x8xf64>
    %403 = stablehlo.multiply %400, %88 : tensor<4x6x1xf64>
    %cst_94 = stablehlo.constant dense<8.000000e+00> : tensor<f64>
    %404 = stablehlo.broadcast_in_dim %cst_94, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %405 = stablehlo.divide %403, %404 : tensor<4x6x1xf64>
    %cst_95 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %406 = stablehlo.reduce(%405 init: %cst_95) applies stablehlo.add across dimensions = [2] : (tensor<4x6x1xf64>, tensor<f64>) -> tensor<4x6xf64>
    %407 = stablehlo.broadcast_in_dim %406, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x8xf64>
    %408 = stablehlo.multiply %407, %78 : tensor<4x6x8xf64>
    %409 = stablehlo.negate %408 : tensor<4x6x8xf64>
    %cst_96 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %410 = stablehlo.reduce(%409 init: %cst_96) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %411 = stablehlo.reshape %410 : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %412 = stablehlo.add %368, %408 : tensor<4x6x8xf64>
    %413 = stablehlo.negate %402 : tensor<4x6x8xf64>
    %cst_97 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %414 = stablehlo.reduce(%413 init: %cst_97) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %415 = stablehlo.reshape %414 : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %416 = stablehlo.add %412, %402 : tensor<4x6x8xf64>
    %417 = stablehlo.add %411, %415 : tensor<4x6x1xf64>
    %cst_98 = stablehlo.constant dense<8.000000e+00> : tensor<f64>
    %418 = stablehlo.broadcast_in_dim %cst_98, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %419 = stablehlo.divide %417, %418 : tensor<4x6x1xf64>
    %cst_99 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %420 = stablehlo.reduce(%419 init: %cst_99) applies stablehlo.add across dimensions = [2] : (tensor<4x6x1xf64>, tensor<f64>) -> tensor<4x6xf64>
    %421 = stablehlo.broadcast_in_dim %420, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x8xf64>
    %422 = stablehlo.add %416, %421 : tensor<4x6x8xf64>
    %423 = stablehlo.dot_general %422, %65, contracting_dims = [0, 1] x [0, 3], precision = [DEFAULT, DEFAULT] : (tensor<4x6x8xf64>, tensor<4x2x4x6xf64>) -> tensor<8x2x4xf64>
    %424 = stablehlo.transpose %423, dims = [1, 2, 0] : (tensor<8x2x4xf64>) -> tensor<2x4x8xf64>
    %425 = stablehlo.dot_general %422, %arg13, contracting_dims = [2] x [2], precision = [DEFAULT, DEFAULT] : (tensor<4x6x8xf64>, tensor<2x4x8xf64>) -> tensor<4x6x2x4xf64>
    %426 = stablehlo.transpose %425, dims = [0, 2, 3, 1] : (tensor<4x6x2x4xf64>) -> tensor<4x2x4x6xf64>
    %427 = stablehlo.dot_general %426, %44, batching_dims = [0, 1] x [0, 1], contracting_dims = [2] x [3], precision = [DEFAULT, DEFAULT] : (tensor<4x2x4x6xf64>, tensor<4x2x6x4xf64>) -> tensor<4x2x6x6xf64>
    %428 = stablehlo.dot_general %426, %61, batching_dims = [0, 1] x [0, 1], contracting_dims = [3] x [2], precision = [DEFAULT, DEFAULT] : (tensor<4x2x4x6xf64>, tensor<4x2x6x6xf64>) -> tensor<4x2x4x6xf64>
    %429 = stablehlo.transpose %428, dims = [0, 1, 3, 2] : (tensor<4x2x4x6xf64>) -> tensor<4x2x6x4xf64>
    %430 = stablehlo.broadcast_in_dim %64, dims = [0, 1, 2, 3] : (tensor<4x2x6x1xf64>) -> tensor<4x2x6x6xf64>
    %431 = stablehlo.multiply %427, %430 : tensor<4x2x6x6xf64>
    %432 = stablehlo.multiply %431, %57 : tensor<4x2x6x6xf64>
    %cst_100 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %433 = stablehlo.reduce(%432 init: %cst_100) applies stablehlo.add across dimensions = [3] : (tensor<4x2x6x6xf64>, tensor<f64>) -> tensor<4x2x6xf64>
    %434 = stablehlo.reshape %433 : (tensor<4x2x6xf64>) -> tensor<4x2x6x1xf64>
    %435 = stablehlo.negate %434 : tensor<4x2x6x1xf64>
    %436 = stablehlo.broadcast_in_dim %59, dims = [0, 1, 2, 3] : (tensor<4x2x6x1xf64>) -> tensor<4x2x6x6xf64>
    %437 = stablehlo.divide %427, %436 : tensor<4x2x6x6xf64>
    %cst_101 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %438 = stablehlo.reduce(%435 init: %cst_101) applies stablehlo.add across dimensions = [3] : (tensor<4x2x6x1xf64>, tensor<f64>) -> tensor<4x2x6xf64>
    %439 = stablehlo.broadcast_in_dim %438, dims = [0, 1, 2] : (tensor<4x2x6xf64>) -> tensor<4x2x6x6xf64>
    %440 = stablehlo.add %437, %439 : tensor<4x2x6x6xf64>
    %441 = stablehlo.multiply %440, %57 : tensor<4x2x6x6xf64>
    %442 = call @_where_2(%50#1, %441) : (tensor<4x2x6x6xi1>, tensor<4x2x6x6xf64>) -> tensor<4x2x6x6xf64>
    %cst_102 = stablehlo.constant dense<5.000000e-01> : tensor<f64>
    %443 = stablehlo.broadcast_in_dim %cst_102, dims = [] : (tensor<f64>) -> tensor<4x2x6x6xf64>
    %444 = stablehlo.multiply %442, %443 : tensor<4x2x6x6xf64>
    %445 = stablehlo.dot_general %444, %40, batching_dims = [0, 1] x [0, 1], contracting_dims = [2] x [2], precision = [DEFAULT, DEFAULT] : (tensor<4x2x6x6xf64>, tensor<4x2x6x4xf64>) -> tensor<4x2x6x4xf64>
    %446 = stablehlo.dot_general %444, %42, batching_dims = [0, 1] x [0, 1], contracting_dims = [3] x [2], precision = [DEFAULT, DEFAULT] : (tensor<4x2x6x6xf64>, tensor<4x2x6x4xf64>) -> tensor<4x2x6x4xf64>
    %447 = stablehlo.transpose %429, dims = [1, 3, 0, 2] : (tensor<4x2x6x4xf64>) -> tensor<2x4x4x6xf64>
    %448 = stablehlo.dot_general %447, %arg20, contracting_dims = [0, 1] x [1, 2], precision = [DEFAULT, DEFAULT] : (tensor<2x4x4x6xf64>, tensor<8x2x4xf64>) -> tensor<4x6x8xf64>
    %449 = stablehlo.dot_general %447, %38, contracting_dims = [2, 3] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<2x4x4x6xf64>, tensor<4x6x8xf64>) -> tensor<2x4x8xf64>
    %450 = stablehlo.transpose %449, dims = [2, 0, 1] : (tensor<2x4x8xf64>) -> tensor<8x2x4xf64>
    %451 = stablehlo.transpose %445, dims = [1, 3, 0, 2] : (tensor<4x2x6x4xf64>) -> tensor<2x4x4x6xf64>
    %452 = stablehlo.dot_general %451, %arg11, contracting_dims = [0, 1] x [1, 2], precision = [DEFAULT, DEFAULT] : (tensor<2x4x4x6xf64>, tensor<8x2x4xf64>) -> tensor<4x6x8xf64>
    %453 = stablehlo.add %448, %452 : tensor<4x6x8xf64>
    %454 = stablehlo.dot_general %451, %38, contracting_dims = [2, 3] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<2x4x4x6xf64>, tensor<4x6x8xf64>) -> tensor<2x4x8xf64>
    %455 = stablehlo.transpose %454, dims = [2, 0, 1] : (tensor<2x4x8xf64>) -> tensor<8x2x4xf64>
    %456 = stablehlo.transpose %446, dims = [1, 3, 0, 2] : (tensor<4x2x6x4xf64>) -> tensor<2x4x4x6xf64>
    %457 = stablehlo.dot_general %456, %arg16, contracting_dims = [0, 1] x [1, 2], precision = [DEFAULT, DEFAULT] : (tensor<2x4x4x6xf64>, tensor<8x2x4xf64>) -> tensor<4x6x8xf64>
    %458 = stablehlo.add %453, %457 : tensor<4x6x8xf64>
    %459 = stablehlo.dot_general %456, %38, contracting_dims = [2, 3] x [0, 1], precision = [DEFAULT, DEFAULT] : (tensor<2x4x4x6xf64>, tensor<4x6x8xf64>) -> tensor<2x4x8xf64>
    %460 = stablehlo.transpose %459, dims = [2, 0, 1] : (tensor<2x4x8xf64>) -> tensor<8x2x4xf64>
    %cst_103 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %461 = stablehlo.reduce(%458 init: %cst_103) applies stablehlo.add across dimensions = [0, 1] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<8xf64>
    %462 = stablehlo.reshape %461 : (tensor<8xf64>) -> tensor<1x1x8xf64>
    %cst_104 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %463 = stablehlo.reduce(%462 init: %cst_104) applies stablehlo.add across dimensions = [0, 1] : (tensor<1x1x8xf64>, tensor<f64>) -> tensor<8xf64>
    %464 = stablehlo.multiply %32, %458 : tensor<4x6x8xf64>
    %cst_105 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %465 = stablehlo.reduce(%464 init: %cst_105) applies stablehlo.add across dimensions = [0, 1] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<8xf64>
    %466 = stablehlo.reshape %465 : (tensor<8xf64>) -> tensor<1x1x8xf64>
    %467 = stablehlo.broadcast_in_dim %33, dims = [0, 1, 2] : (tensor<1x1x8xf64>) -> tensor<4x6x8xf64>
    %468 = stablehlo.multiply %458, %467 : tensor<4x6x8xf64>
    %cst_106 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %469 = stablehlo.reduce(%466 init: %cst_106) applies stablehlo.add across dimensions = [0, 1] : (tensor<1x1x8xf64>, tensor<f64>) -> tensor<8xf64>
    %470 = stablehlo.multiply %15, %468 : tensor<4x6x8xf64>
    %cst_107 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %471 = stablehlo.reduce(%470 init: %cst_107) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %472 = stablehlo.reshape %471 : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %473 = stablehlo.broadcast_in_dim %27, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x8xf64>
    %474 = stablehlo.multiply %468, %473 : tensor<4x6x8xf64>
    %475 = stablehlo.multiply %472, %30 : tensor<4x6x1xf64>
    %cst_108 = stablehlo.constant dense<8.000000e+00> : tensor<f64>
    %476 = stablehlo.broadcast_in_dim %cst_108, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %477 = stablehlo.divide %475, %476 : tensor<4x6x1xf64>
    %cst_109 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %478 = stablehlo.reduce(%477 init: %cst_109) applies stablehlo.add across dimensions = [2] : (tensor<4x6x1xf64>, tensor<f64>) -> tensor<4x6xf64>
    %479 = stablehlo.broadcast_in_dim %478, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x8xf64>
    %480 = stablehlo.multiply %479, %20 : tensor<4x6x8xf64>
    %481 = stablehlo.negate %480 : tensor<4x6x8xf64>
    %cst_110 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %482 = stablehlo.reduce(%481 init: %cst_110) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %483 = stablehlo.reshape %482 : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %484 = stablehlo.add %422, %480 : tensor<4x6x8xf64>
    %485 = stablehlo.negate %474 : tensor<4x6x8xf64>
    %cst_111 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %486 = stablehlo.reduce(%485 init: %cst_111) applies stablehlo.add across dimensions = [2] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<4x6xf64>
    %487 = stablehlo.reshape %486 : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %488 = stablehlo.add %484, %474 : tensor<4x6x8xf64>
    %489 = stablehlo.add %483, %487 : tensor<4x6x1xf64>
    %cst_112 = stablehlo.constant dense<8.000000e+00> : tensor<f64>
    %490 = stablehlo.broadcast_in_dim %cst_112, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %491 = stablehlo.divide %489, %490 : tensor<4x6x1xf64>
    %cst_113 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %492 = stablehlo.reduce(%491 init: %cst_113) applies stablehlo.add across dimensions = [2] : (tensor<4x6x1xf64>, tensor<f64>) -> tensor<4x6xf64>
    %493 = stablehlo.broadcast_in_dim %492, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x8xf64>
    %494 = stablehlo.add %488, %493 : tensor<4x6x8xf64>
    %cst_114 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %495 = stablehlo.reduce(%494 init: %cst_114) applies stablehlo.add across dimensions = [0] : (tensor<4x6x8xf64>, tensor<f64>) -> tensor<6x8xf64>
    %496 = stablehlo.reshape %495 : (tensor<6x8xf64>) -> tensor<1x6x8xf64>
    %cst_115 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %497 = stablehlo.reduce(%496 init: %cst_115) applies stablehlo.add across dimensions = [0] : (tensor<1x6x8xf64>, tensor<f64>) -> tensor<6x8xf64>
    %cst_116 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %498 = stablehlo.broadcast_in_dim %cst_116, dims = [] : (tensor<f64>) -> tensor<11x8xf64>
    %499 = "stablehlo.scatter"(%498, %5, %494) <{indices_are_sorted = false, scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [2], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 2>, unique_indices = false}> ({
    ^bb0(%arg69: tensor<f64>, %arg70: tensor<f64>):
      %905 = stablehlo.add %arg69, %arg70 : tensor<f64>
      stablehlo.return %905 : tensor<f64>
    }) : (tensor<11x8xf64>, tensor<4x6x1xi32>, tensor<4x6x8xf64>) -> tensor<11x8xf64>
    %500 = stablehlo.add %242, %499 : tensor<11x8xf64>
    %cst_117 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %501 = stablehlo.add %arg66, %cst_117 : tensor<f64>
    %cst_118 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %502 = stablehlo.broadcast_in_dim %cst_118, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %503 = stablehlo.multiply %502, %arg22 : tensor<8xf64>
    %cst_119 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %504 = stablehlo.broadcast_in_dim %cst_119, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %505 = stablehlo.multiply %504, %463 : tensor<8xf64>
    %506 = stablehlo.add %503, %505 : tensor<8xf64>
    %cst_120 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %507 = stablehlo.broadcast_in_dim %cst_120, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %508 = stablehlo.multiply %507, %arg23 : tensor<8xf64>
    %cst_121 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %509 = stablehlo.broadcast_in_dim %cst_121, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %510 = stablehlo.multiply %509, %337 : tensor<8xf64>
    %511 = stablehlo.add %508, %510 : tensor<8xf64>
    %cst_122 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %512 = stablehlo.broadcast_in_dim %cst_122, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %513 = stablehlo.multiply %512, %arg24 : tensor<8xf64>
    %cst_123 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %514 = stablehlo.broadcast_in_dim %cst_123, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %515 = stablehlo.multiply %514, %391 : tensor<8xf64>
    %516 = stablehlo.add %513, %515 : tensor<8xf64>
    %cst_124 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %517 = stablehlo.broadcast_in_dim %cst_124, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %518 = stablehlo.multiply %517, %arg25 : tensor<8xf64>
    %cst_125 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %519 = stablehlo.broadcast_in_dim %cst_125, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %520 = stablehlo.multiply %519, %265 : tensor<8xf64>
    %521 = stablehlo.add %518, %520 : tensor<8xf64>
    %cst_126 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %522 = stablehlo.broadcast_in_dim %cst_126, dims = [] : (tensor<f64>) -> tensor<16x8xf64>
    %523 = stablehlo.multiply %522, %arg26 : tensor<16x8xf64>
    %cst_127 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %524 = stablehlo.broadcast_in_dim %cst_127, dims = [] : (tensor<f64>) -> tensor<16x8xf64>
    %525 = stablehlo.multiply %524, %370 : tensor<16x8xf64>
    %526 = stablehlo.add %523, %525 : tensor<16x8xf64>
    %cst_128 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %527 = stablehlo.broadcast_in_dim %cst_128, dims = [] : (tensor<f64>) -> tensor<16x8xf64>
    %528 = stablehlo.multiply %527, %arg27 : tensor<16x8xf64>
    %cst_129 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %529 = stablehlo.broadcast_in_dim %cst_129, dims = [] : (tensor<f64>) -> tensor<16x8xf64>
    %530 = stablehlo.multiply %529, %244 : tensor<16x8xf64>
    %531 = stablehlo.add %528, %530 : tensor<16x8xf64>
    %cst_130 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %532 = stablehlo.broadcast_in_dim %cst_130, dims = [] : (tensor<f64>) -> tensor<11x8xf64>
    %533 = stablehlo.multiply %532, %arg28 : tensor<11x8xf64>
    %cst_131 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %534 = stablehlo.broadcast_in_dim %cst_131, dims = [] : (tensor<f64>) -> tensor<11x8xf64>
    %535 = stablehlo.multiply %534, %500 : tensor<11x8xf64>
    %536 = stablehlo.add %533, %535 : tensor<11x8xf64>
    %cst_132 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %537 = stablehlo.broadcast_in_dim %cst_132, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %538 = stablehlo.multiply %537, %arg29 : tensor<8xf64>
    %cst_133 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %539 = stablehlo.broadcast_in_dim %cst_133, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %540 = stablehlo.multiply %539, %469 : tensor<8xf64>
    %541 = stablehlo.add %538, %540 : tensor<8xf64>
    %cst_134 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %542 = stablehlo.broadcast_in_dim %cst_134, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %543 = stablehlo.multiply %542, %arg30 : tensor<8xf64>
    %cst_135 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %544 = stablehlo.broadcast_in_dim %cst_135, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %545 = stablehlo.multiply %544, %343 : tensor<8xf64>
    %546 = stablehlo.add %543, %545 : tensor<8xf64>
    %cst_136 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %547 = stablehlo.broadcast_in_dim %cst_136, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %548 = stablehlo.multiply %547, %arg31 : tensor<8xf64>
    %cst_137 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %549 = stablehlo.broadcast_in_dim %cst_137, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %550 = stablehlo.multiply %549, %397 : tensor<8xf64>
    %551 = stablehlo.add %548, %550 : tensor<8xf64>
    %cst_138 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %552 = stablehlo.broadcast_in_dim %cst_138, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %553 = stablehlo.multiply %552, %arg32 : tensor<8xf64>
    %cst_139 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %554 = stablehlo.broadcast_in_dim %cst_139, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %555 = stablehlo.multiply %554, %271 : tensor<8xf64>
    %556 = stablehlo.add %553, %555 : tensor<8xf64>
    %cst_140 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %557 = stablehlo.broadcast_in_dim %cst_140, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %558 = stablehlo.multiply %557, %arg33 : tensor<8x2x4xf64>
    %cst_141 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %559 = stablehlo.broadcast_in_dim %cst_141, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %560 = stablehlo.multiply %559, %455 : tensor<8x2x4xf64>
    %561 = stablehlo.add %558, %560 : tensor<8x2x4xf64>
    %cst_142 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %562 = stablehlo.broadcast_in_dim %cst_142, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %563 = stablehlo.multiply %562, %arg34 : tensor<8x2x4xf64>
    %cst_143 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %564 = stablehlo.broadcast_in_dim %cst_143, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %565 = stablehlo.multiply %564, %329 : tensor<8x2x4xf64>
    %566 = stablehlo.add %563, %565 : tensor<8x2x4xf64>
    %cst_144 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %567 = stablehlo.broadcast_in_dim %cst_144, dims = [] : (tensor<f64>) -> tensor<2x4x8xf64>
    %568 = stablehlo.multiply %567, %arg35 : tensor<2x4x8xf64>
    %cst_145 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %569 = stablehlo.broadcast_in_dim %cst_145, dims = [] : (tensor<f64>) -> tensor<2x4x8xf64>
    %570 = stablehlo.multiply %569, %424 : tensor<2x4x8xf64>
    %571 = stablehlo.add %568, %570 : tensor<2x4x8xf64>
    %cst_146 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %572 = stablehlo.broadcast_in_dim %cst_146, dims = [] : (tensor<f64>) -> tensor<2x4x8xf64>
    %573 = stablehlo.multiply %572, %arg36 : tensor<2x4x8xf64>
    %cst_147 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %574 = stablehlo.broadcast_in_dim %cst_147, dims = [] : (tensor<f64>) -> tensor<2x4x8xf64>
    %575 = stablehlo.multiply %574, %298 : tensor<2x4x8xf64>
    %576 = stablehlo.add %573, %575 : tensor<2x4x8xf64>
    %cst_148 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %577 = stablehlo.broadcast_in_dim %cst_148, dims = [] : (tensor<f64>) -> tensor<6x8xf64>
    %578 = stablehlo.multiply %577, %arg37 : tensor<6x8xf64>
    %cst_149 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %579 = stablehlo.broadcast_in_dim %cst_149, dims = [] : (tensor<f64>) -> tensor<6x8xf64>
    %580 = stablehlo.multiply %579, %497 : tensor<6x8xf64>
    %581 = stablehlo.add %578, %580 : tensor<6x8xf64>
    %cst_150 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %582 = stablehlo.broadcast_in_dim %cst_150, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %583 = stablehlo.multiply %582, %arg38 : tensor<8x2x4xf64>
    %cst_151 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %584 = stablehlo.broadcast_in_dim %cst_151, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %585 = stablehlo.multiply %584, %460 : tensor<8x2x4xf64>
    %586 = stablehlo.add %583, %585 : tensor<8x2x4xf64>
    %cst_152 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %587 = stablehlo.broadcast_in_dim %cst_152, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %588 = stablehlo.multiply %587, %arg39 : tensor<8x2x4xf64>
    %cst_153 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %589 = stablehlo.broadcast_in_dim %cst_153, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %590 = stablehlo.multiply %589, %334 : tensor<8x2x4xf64>
    %591 = stablehlo.add %588, %590 : tensor<8x2x4xf64>
    %cst_154 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %592 = stablehlo.broadcast_in_dim %cst_154, dims = [] : (tensor<f64>) -> tensor<8x16xf64>
    %593 = stablehlo.multiply %592, %arg40 : tensor<8x16xf64>
    %cst_155 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %594 = stablehlo.broadcast_in_dim %cst_155, dims = [] : (tensor<f64>) -> tensor<8x16xf64>
    %595 = stablehlo.multiply %594, %387 : tensor<8x16xf64>
    %596 = stablehlo.add %593, %595 : tensor<8x16xf64>
    %cst_156 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %597 = stablehlo.broadcast_in_dim %cst_156, dims = [] : (tensor<f64>) -> tensor<8x16xf64>
    %598 = stablehlo.multiply %597, %arg41 : tensor<8x16xf64>
    %cst_157 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %599 = stablehlo.broadcast_in_dim %cst_157, dims = [] : (tensor<f64>) -> tensor<8x16xf64>
    %600 = stablehlo.multiply %599, %261 : tensor<8x16xf64>
    %601 = stablehlo.add %598, %600 : tensor<8x16xf64>
    %cst_158 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %602 = stablehlo.broadcast_in_dim %cst_158, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %603 = stablehlo.multiply %602, %arg42 : tensor<8x2x4xf64>
    %cst_159 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %604 = stablehlo.broadcast_in_dim %cst_159, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %605 = stablehlo.multiply %604, %450 : tensor<8x2x4xf64>
    %606 = stablehlo.add %603, %605 : tensor<8x2x4xf64>
    %cst_160 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %607 = stablehlo.broadcast_in_dim %cst_160, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %608 = stablehlo.multiply %607, %arg43 : tensor<8x2x4xf64>
    %cst_161 = stablehlo.constant dense<1.000000e-01> : tensor<f64>
    %609 = stablehlo.broadcast_in_dim %cst_161, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %610 = stablehlo.multiply %609, %324 : tensor<8x2x4xf64>
    %611 = stablehlo.add %608, %610 : tensor<8x2x4xf64>
    %cst_162 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %612 = stablehlo.broadcast_in_dim %cst_162, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %613 = stablehlo.multiply %612, %arg44 : tensor<8xf64>
    %cst_163 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %614 = stablehlo.broadcast_in_dim %cst_163, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %615 = stablehlo.multiply %614, %463 : tensor<8xf64>
    %616 = stablehlo.multiply %615, %463 : tensor<8xf64>
    %617 = stablehlo.add %613, %616 : tensor<8xf64>
    %cst_164 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %618 = stablehlo.broadcast_in_dim %cst_164, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %619 = stablehlo.multiply %618, %arg45 : tensor<8xf64>
    %cst_165 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %620 = stablehlo.broadcast_in_dim %cst_165, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %621 = stablehlo.multiply %620, %337 : tensor<8xf64>
    %622 = stablehlo.multiply %621, %337 : tensor<8xf64>
    %623 = stablehlo.add %619, %622 : tensor<8xf64>
    %cst_166 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %624 = stablehlo.broadcast_in_dim %cst_166, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %625 = stablehlo.multiply %624, %arg46 : tensor<8xf64>
    %cst_167 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %626 = stablehlo.broadcast_in_dim %cst_167, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %627 = stablehlo.multiply %626, %391 : tensor<8xf64>
    %628 = stablehlo.multiply %627, %391 : tensor<8xf64>
    %629 = stablehlo.add %625, %628 : tensor<8xf64>
    %cst_168 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %630 = stablehlo.broadcast_in_dim %cst_168, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %631 = stablehlo.multiply %630, %arg47 : tensor<8xf64>
    %cst_169 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %632 = stablehlo.broadcast_in_dim %cst_169, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %633 = stablehlo.multiply %632, %265 : tensor<8xf64>
    %634 = stablehlo.multiply %633, %265 : tensor<8xf64>
    %635 = stablehlo.add %631, %634 : tensor<8xf64>
    %cst_170 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %636 = stablehlo.broadcast_in_dim %cst_170, dims = [] : (tensor<f64>) -> tensor<16x8xf64>
    %637 = stablehlo.multiply %636, %arg48 : tensor<16x8xf64>
    %cst_171 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %638 = stablehlo.broadcast_in_dim %cst_171, dims = [] : (tensor<f64>) -> tensor<16x8xf64>
    %639 = stablehlo.multiply %638, %370 : tensor<16x8xf64>
    %640 = stablehlo.multiply %639, %370 : tensor<16x8xf64>
    %641 = stablehlo.add %637, %640 : tensor<16x8xf64>
    %cst_172 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %642 = stablehlo.broadcast_in_dim %cst_172, dims = [] : (tensor<f64>) -> tensor<16x8xf64>
    %643 = stablehlo.multiply %642, %arg49 : tensor<16x8xf64>
    %cst_173 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %644 = stablehlo.broadcast_in_dim %cst_173, dims = [] : (tensor<f64>) -> tensor<16x8xf64>
    %645 = stablehlo.multiply %644, %244 : tensor<16x8xf64>
    %646 = stablehlo.multiply %645, %244 : tensor<16x8xf64>
    %647 = stablehlo.add %643, %646 : tensor<16x8xf64>
    %cst_174 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %648 = stablehlo.broadcast_in_dim %cst_174, dims = [] : (tensor<f64>) -> tensor<11x8xf64>
    %649 = stablehlo.multiply %648, %arg50 : tensor<11x8xf64>
    %cst_175 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %650 = stablehlo.broadcast_in_dim %cst_175, dims = [] : (tensor<f64>) -> tensor<11x8xf64>
    %651 = stablehlo.multiply %650, %500 : tensor<11x8xf64>
    %652 = stablehlo.multiply %651, %500 : tensor<11x8xf64>
    %653 = stablehlo.add %649, %652 : tensor<11x8xf64>
    %cst_176 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %654 = stablehlo.broadcast_in_dim %cst_176, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %655 = stablehlo.multiply %654, %arg51 : tensor<8xf64>
    %cst_177 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %656 = stablehlo.broadcast_in_dim %cst_177, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %657 = stablehlo.multiply %656, %469 : tensor<8xf64>
    %658 = stablehlo.multiply %657, %469 : tensor<8xf64>
    %659 = stablehlo.add %655, %658 : tensor<8xf64>
    %cst_178 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %660 = stablehlo.broadcast_in_dim %cst_178, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %661 = stablehlo.multiply %660, %arg52 : tensor<8xf64>
    %cst_179 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %662 = stablehlo.broadcast_in_dim %cst_179, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %663 = stablehlo.multiply %662, %343 : tensor<8xf64>
    %664 = stablehlo.multiply %663, %343 : tensor<8xf64>
    %665 = stablehlo.add %661, %664 : tensor<8xf64>
    %cst_180 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %666 = stablehlo.broadcast_in_dim %cst_180, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %667 = stablehlo.multiply %666, %arg53 : tensor<8xf64>
    %cst_181 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %668 = stablehlo.broadcast_in_dim %cst_181, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %669 = stablehlo.multiply %668, %397 : tensor<8xf64>
    %670 = stablehlo.multiply %669, %397 : tensor<8xf64>
    %671 = stablehlo.add %667, %670 : tensor<8xf64>
    %cst_182 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %672 = stablehlo.broadcast_in_dim %cst_182, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %673 = stablehlo.multiply %672, %arg54 : tensor<8xf64>
    %cst_183 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %674 = stablehlo.broadcast_in_dim %cst_183, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %675 = stablehlo.multiply %674, %271 : tensor<8xf64>
    %676 = stablehlo.multiply %675, %271 : tensor<8xf64>
    %677 = stablehlo.add %673, %676 : tensor<8xf64>
    %cst_184 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %678 = stablehlo.broadcast_in_dim %cst_184, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %679 = stablehlo.multiply %678, %arg55 : tensor<8x2x4xf64>
    %cst_185 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %680 = stablehlo.broadcast_in_dim %cst_185, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %681 = stablehlo.multiply %680, %455 : tensor<8x2x4xf64>
    %682 = stablehlo.multiply %681, %455 : tensor<8x2x4xf64>
    %683 = stablehlo.add %679, %682 : tensor<8x2x4xf64>
    %cst_186 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %684 = stablehlo.broadcast_in_dim %cst_186, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %685 = stablehlo.multiply %684, %arg56 : tensor<8x2x4xf64>
    %cst_187 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %686 = stablehlo.broadcast_in_dim %cst_187, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %687 = stablehlo.multiply %686, %329 : tensor<8x2x4xf64>
    %688 = stablehlo.multiply %687, %329 : tensor<8x2x4xf64>
    %689 = stablehlo.add %685, %688 : tensor<8x2x4xf64>
    %cst_188 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %690 = stablehlo.broadcast_in_dim %cst_188, dims = [] : (tensor<f64>) -> tensor<2x4x8xf64>
    %691 = stablehlo.multiply %690, %arg57 : tensor<2x4x8xf64>
    %cst_189 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %692 = stablehlo.broadcast_in_dim %cst_189, dims = [] : (tensor<f64>) -> tensor<2x4x8xf64>
    %693 = stablehlo.multiply %692, %424 : tensor<2x4x8xf64>
    %694 = stablehlo.multiply %693, %424 : tensor<2x4x8xf64>
    %695 = stablehlo.add %691, %694 : tensor<2x4x8xf64>
    %cst_190 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %696 = stablehlo.broadcast_in_dim %cst_190, dims = [] : (tensor<f64>) -> tensor<2x4x8xf64>
    %697 = stablehlo.multiply %696, %arg58 : tensor<2x4x8xf64>
    %cst_191 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %698 = stablehlo.broadcast_in_dim %cst_191, dims = [] : (tensor<f64>) -> tensor<2x4x8xf64>
    %699 = stablehlo.multiply %698, %298 : tensor<2x4x8xf64>
    %700 = stablehlo.multiply %699, %298 : tensor<2x4x8xf64>
    %701 = stablehlo.add %697, %700 : tensor<2x4x8xf64>
    %cst_192 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %702 = stablehlo.broadcast_in_dim %cst_192, dims = [] : (tensor<f64>) -> tensor<6x8xf64>
    %703 = stablehlo.multiply %702, %arg59 : tensor<6x8xf64>
    %cst_193 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %704 = stablehlo.broadcast_in_dim %cst_193, dims = [] : (tensor<f64>) -> tensor<6x8xf64>
    %705 = stablehlo.multiply %704, %497 : tensor<6x8xf64>
    %706 = stablehlo.multiply %705, %497 : tensor<6x8xf64>
    %707 = stablehlo.add %703, %706 : tensor<6x8xf64>
    %cst_194 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %708 = stablehlo.broadcast_in_dim %cst_194, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %709 = stablehlo.multiply %708, %arg60 : tensor<8x2x4xf64>
    %cst_195 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %710 = stablehlo.broadcast_in_dim %cst_195, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %711 = stablehlo.multiply %710, %460 : tensor<8x2x4xf64>
    %712 = stablehlo.multiply %711, %460 : tensor<8x2x4xf64>
    %713 = stablehlo.add %709, %712 : tensor<8x2x4xf64>
    %cst_196 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %714 = stablehlo.broadcast_in_dim %cst_196, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %715 = stablehlo.multiply %714, %arg61 : tensor<8x2x4xf64>
    %cst_197 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %716 = stablehlo.broadcast_in_dim %cst_197, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %717 = stablehlo.multiply %716, %334 : tensor<8x2x4xf64>
    %718 = stablehlo.multiply %717, %334 : tensor<8x2x4xf64>
    %719 = stablehlo.add %715, %718 : tensor<8x2x4xf64>
    %cst_198 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %720 = stablehlo.broadcast_in_dim %cst_198, dims = [] : (tensor<f64>) -> tensor<8x16xf64>
    %721 = stablehlo.multiply %720, %arg62 : tensor<8x16xf64>
    %cst_199 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %722 = stablehlo.broadcast_in_dim %cst_199, dims = [] : (tensor<f64>) -> tensor<8x16xf64>
    %723 = stablehlo.multiply %722, %387 : tensor<8x16xf64>
    %724 = stablehlo.multiply %723, %387 : tensor<8x16xf64>
    %725 = stablehlo.add %721, %724 : tensor<8x16xf64>
    %cst_200 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %726 = stablehlo.broadcast_in_dim %cst_200, dims = [] : (tensor<f64>) -> tensor<8x16xf64>
    %727 = stablehlo.multiply %726, %arg63 : tensor<8x16xf64>
    %cst_201 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %728 = stablehlo.broadcast_in_dim %cst_201, dims = [] : (tensor<f64>) -> tensor<8x16xf64>
    %729 = stablehlo.multiply %728, %261 : tensor<8x16xf64>
    %730 = stablehlo.multiply %729, %261 : tensor<8x16xf64>
    %731 = stablehlo.add %727, %730 : tensor<8x16xf64>
    %cst_202 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %732 = stablehlo.broadcast_in_dim %cst_202, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %733 = stablehlo.multiply %732, %arg64 : tensor<8x2x4xf64>
    %cst_203 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %734 = stablehlo.broadcast_in_dim %cst_203, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %735 = stablehlo.multiply %734, %450 : tensor<8x2x4xf64>
    %736 = stablehlo.multiply %735, %450 : tensor<8x2x4xf64>
    %737 = stablehlo.add %733, %736 : tensor<8x2x4xf64>
    %cst_204 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %738 = stablehlo.broadcast_in_dim %cst_204, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %739 = stablehlo.multiply %738, %arg65 : tensor<8x2x4xf64>
    %cst_205 = stablehlo.constant dense<1.000000e-03> : tensor<f64>
    %740 = stablehlo.broadcast_in_dim %cst_205, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %741 = stablehlo.multiply %740, %324 : tensor<8x2x4xf64>
    %742 = stablehlo.multiply %741, %324 : tensor<8x2x4xf64>
    %743 = stablehlo.add %739, %742 : tensor<8x2x4xf64>
    %cst_206 = stablehlo.constant dense<0.99899999999999999> : tensor<f64>
    %744 = stablehlo.power %cst_206, %501 : tensor<f64>
    %cst_207 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %745 = stablehlo.subtract %cst_207, %744 : tensor<f64>
    %746 = stablehlo.sqrt %745 : tensor<f64>
    %cst_208 = stablehlo.constant dense<1.000000e-02> : tensor<f64>
    %747 = stablehlo.multiply %cst_208, %746 : tensor<f64>
    %cst_209 = stablehlo.constant dense<9.000000e-01> : tensor<f64>
    %748 = stablehlo.power %cst_209, %501 : tensor<f64>
    %cst_210 = stablehlo.constant dense<1.000000e+00> : tensor<f64>
    %749 = stablehlo.subtract %cst_210, %748 : tensor<f64>
    %750 = stablehlo.divide %747, %749 : tensor<f64>
    %751 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %752 = stablehlo.multiply %751, %506 : tensor<8xf64>
    %753 = stablehlo.sqrt %617 : tensor<8xf64>
    %cst_211 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %754 = stablehlo.broadcast_in_dim %cst_211, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %755 = stablehlo.add %753, %754 : tensor<8xf64>
    %756 = stablehlo.divide %752, %755 : tensor<8xf64>
    %757 = stablehlo.subtract %arg0, %756 : tensor<8xf64>
    %758 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %759 = stablehlo.multiply %758, %511 : tensor<8xf64>
    %760 = stablehlo.sqrt %623 : tensor<8xf64>
    %cst_212 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %761 = stablehlo.broadcast_in_dim %cst_212, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %762 = stablehlo.add %760, %761 : tensor<8xf64>
    %763 = stablehlo.divide %759, %762 : tensor<8xf64>
    %764 = stablehlo.subtract %arg1, %763 : tensor<8xf64>
    %765 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %766 = stablehlo.multiply %765, %516 : tensor<8xf64>
    %767 = stablehlo.sqrt %629 : tensor<8xf64>
    %cst_213 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %768 = stablehlo.broadcast_in_dim %cst_213, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %769 = stablehlo.add %767, %768 : tensor<8xf64>
    %770 = stablehlo.divide %766, %769 : tensor<8xf64>
    %771 = stablehlo.subtract %arg2, %770 : tensor<8xf64>
    %772 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %773 = stablehlo.multiply %772, %521 : tensor<8xf64>
    %774 = stablehlo.sqrt %635 : tensor<8xf64>
    %cst_214 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %775 = stablehlo.broadcast_in_dim %cst_214, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %776 = stablehlo.add %774, %775 : tensor<8xf64>
    %777 = stablehlo.divide %773, %776 : tensor<8xf64>
    %778 = stablehlo.subtract %arg3, %777 : tensor<8xf64>
    %779 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<16x8xf64>
    %780 = stablehlo.multiply %779, %526 : tensor<16x8xf64>
    %781 = stablehlo.sqrt %641 : tensor<16x8xf64>
    %cst_215 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %782 = stablehlo.broadcast_in_dim %cst_215, dims = [] : (tensor<f64>) -> tensor<16x8xf64>
    %783 = stablehlo.add %781, %782 : tensor<16x8xf64>
    %784 = stablehlo.divide %780, %783 : tensor<16x8xf64>
    %785 = stablehlo.subtract %arg4, %784 : tensor<16x8xf64>
    %786 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<16x8xf64>
    %787 = stablehlo.multiply %786, %531 : tensor<16x8xf64>
    %788 = stablehlo.sqrt %647 : tensor<16x8xf64>
    %cst_216 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %789 = stablehlo.broadcast_in_dim %cst_216, dims = [] : (tensor<f64>) -> tensor<16x8xf64>
    %790 = stablehlo.add %788, %789 : tensor<16x8xf64>
    %791 = stablehlo.divide %787, %790 : tensor<16x8xf64>
    %792 = stablehlo.subtract %arg5, %791 : tensor<16x8xf64>
    %793 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<11x8xf64>
    %794 = stablehlo.multiply %793, %536 : tensor<11x8xf64>
    %795 = stablehlo.sqrt %653 : tensor<11x8xf64>
    %cst_217 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %796 = stablehlo.broadcast_in_dim %cst_217, dims = [] : (tensor<f64>) -> tensor<11x8xf64>
    %797 = stablehlo.add %795, %796 : tensor<11x8xf64>
    %798 = stablehlo.divide %794, %797 : tensor<11x8xf64>
    %799 = stablehlo.subtract %arg6, %798 : tensor<11x8xf64>
    %800 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %801 = stablehlo.multiply %800, %541 : tensor<8xf64>
    %802 = stablehlo.sqrt %659 : tensor<8xf64>
    %cst_218 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %803 = stablehlo.broadcast_in_dim %cst_218, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %804 = stablehlo.add %802, %803 : tensor<8xf64>
    %805 = stablehlo.divide %801, %804 : tensor<8xf64>
    %806 = stablehlo.subtract %arg7, %805 : tensor<8xf64>
    %807 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %808 = stablehlo.multiply %807, %546 : tensor<8xf64>
    %809 = stablehlo.sqrt %665 : tensor<8xf64>
    %cst_219 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %810 = stablehlo.broadcast_in_dim %cst_219, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %811 = stablehlo.add %809, %810 : tensor<8xf64>
    %812 = stablehlo.divide %808, %811 : tensor<8xf64>
    %813 = stablehlo.subtract %arg8, %812 : tensor<8xf64>
    %814 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %815 = stablehlo.multiply %814, %551 : tensor<8xf64>
    %816 = stablehlo.sqrt %671 : tensor<8xf64>
    %cst_220 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %817 = stablehlo.broadcast_in_dim %cst_220, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %818 = stablehlo.add %816, %817 : tensor<8xf64>
    %819 = stablehlo.divide %815, %818 : tensor<8xf64>
    %820 = stablehlo.subtract %arg9, %819 : tensor<8xf64>
    %821 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %822 = stablehlo.multiply %821, %556 : tensor<8xf64>
    %823 = stablehlo.sqrt %677 : tensor<8xf64>
    %cst_221 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %824 = stablehlo.broadcast_in_dim %cst_221, dims = [] : (tensor<f64>) -> tensor<8xf64>
    %825 = stablehlo.add %823, %824 : tensor<8xf64>
    %826 = stablehlo.divide %822, %825 : tensor<8xf64>
    %827 = stablehlo.subtract %arg10, %826 : tensor<8xf64>
    %828 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %829 = stablehlo.multiply %828, %561 : tensor<8x2x4xf64>
    %830 = stablehlo.sqrt %683 : tensor<8x2x4xf64>
    %cst_222 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %831 = stablehlo.broadcast_in_dim %cst_222, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %832 = stablehlo.add %830, %831 : tensor<8x2x4xf64>
    %833 = stablehlo.divide %829, %832 : tensor<8x2x4xf64>
    %834 = stablehlo.subtract %arg11, %833 : tensor<8x2x4xf64>
    %835 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %836 = stablehlo.multiply %835, %566 : tensor<8x2x4xf64>
    %837 = stablehlo.sqrt %689 : tensor<8x2x4xf64>
    %cst_223 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %838 = stablehlo.broadcast_in_dim %cst_223, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %839 = stablehlo.add %837, %838 : tensor<8x2x4xf64>
    %840 = stablehlo.divide %836, %839 : tensor<8x2x4xf64>
    %841 = stablehlo.subtract %arg12, %840 : tensor<8x2x4xf64>
    %842 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<2x4x8xf64>
    %843 = stablehlo.multiply %842, %571 : tensor<2x4x8xf64>
    %844 = stablehlo.sqrt %695 : tensor<2x4x8xf64>
    %cst_224 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %845 = stablehlo.broadcast_in_dim %cst_224, dims = [] : (tensor<f64>) -> tensor<2x4x8xf64>
    %846 = stablehlo.add %844, %845 : tensor<2x4x8xf64>
    %847 = stablehlo.divide %843, %846 : tensor<2x4x8xf64>
    %848 = stablehlo.subtract %arg13, %847 : tensor<2x4x8xf64>
    %849 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<2x4x8xf64>
    %850 = stablehlo.multiply %849, %576 : tensor<2x4x8xf64>
    %851 = stablehlo.sqrt %701 : tensor<2x4x8xf64>
    %cst_225 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %852 = stablehlo.broadcast_in_dim %cst_225, dims = [] : (tensor<f64>) -> tensor<2x4x8xf64>
    %853 = stablehlo.add %851, %852 : tensor<2x4x8xf64>
    %854 = stablehlo.divide %850, %853 : tensor<2x4x8xf64>
    %855 = stablehlo.subtract %arg14, %854 : tensor<2x4x8xf64>
    %856 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<6x8xf64>
    %857 = stablehlo.multiply %856, %581 : tensor<6x8xf64>
    %858 = stablehlo.sqrt %707 : tensor<6x8xf64>
    %cst_226 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %859 = stablehlo.broadcast_in_dim %cst_226, dims = [] : (tensor<f64>) -> tensor<6x8xf64>
    %860 = stablehlo.add %858, %859 : tensor<6x8xf64>
    %861 = stablehlo.divide %857, %860 : tensor<6x8xf64>
    %862 = stablehlo.subtract %arg15, %861 : tensor<6x8xf64>
    %863 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %864 = stablehlo.multiply %863, %586 : tensor<8x2x4xf64>
    %865 = stablehlo.sqrt %713 : tensor<8x2x4xf64>
    %cst_227 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %866 = stablehlo.broadcast_in_dim %cst_227, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %867 = stablehlo.add %865, %866 : tensor<8x2x4xf64>
    %868 = stablehlo.divide %864, %867 : tensor<8x2x4xf64>
    %869 = stablehlo.subtract %arg16, %868 : tensor<8x2x4xf64>
    %870 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %871 = stablehlo.multiply %870, %591 : tensor<8x2x4xf64>
    %872 = stablehlo.sqrt %719 : tensor<8x2x4xf64>
    %cst_228 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %873 = stablehlo.broadcast_in_dim %cst_228, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %874 = stablehlo.add %872, %873 : tensor<8x2x4xf64>
    %875 = stablehlo.divide %871, %874 : tensor<8x2x4xf64>
    %876 = stablehlo.subtract %arg17, %875 : tensor<8x2x4xf64>
    %877 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<8x16xf64>
    %878 = stablehlo.multiply %877, %596 : tensor<8x16xf64>
    %879 = stablehlo.sqrt %725 : tensor<8x16xf64>
    %cst_229 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %880 = stablehlo.broadcast_in_dim %cst_229, dims = [] : (tensor<f64>) -> tensor<8x16xf64>
    %881 = stablehlo.add %879, %880 : tensor<8x16xf64>
    %882 = stablehlo.divide %878, %881 : tensor<8x16xf64>
    %883 = stablehlo.subtract %arg18, %882 : tensor<8x16xf64>
    %884 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<8x16xf64>
    %885 = stablehlo.multiply %884, %601 : tensor<8x16xf64>
    %886 = stablehlo.sqrt %731 : tensor<8x16xf64>
    %cst_230 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %887 = stablehlo.broadcast_in_dim %cst_230, dims = [] : (tensor<f64>) -> tensor<8x16xf64>
    %888 = stablehlo.add %886, %887 : tensor<8x16xf64>
    %889 = stablehlo.divide %885, %888 : tensor<8x16xf64>
    %890 = stablehlo.subtract %arg19, %889 : tensor<8x16xf64>
    %891 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %892 = stablehlo.multiply %891, %606 : tensor<8x2x4xf64>
    %893 = stablehlo.sqrt %737 : tensor<8x2x4xf64>
    %cst_231 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %894 = stablehlo.broadcast_in_dim %cst_231, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %895 = stablehlo.add %893, %894 : tensor<8x2x4xf64>
    %896 = stablehlo.divide %892, %895 : tensor<8x2x4xf64>
    %897 = stablehlo.subtract %arg20, %896 : tensor<8x2x4xf64>
    %898 = stablehlo.broadcast_in_dim %750, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %899 = stablehlo.multiply %898, %611 : tensor<8x2x4xf64>
    %900 = stablehlo.sqrt %743 : tensor<8x2x4xf64>
    %cst_232 = stablehlo.constant dense<9.9999999999999995E-8> : tensor<f64>
    %901 = stablehlo.broadcast_in_dim %cst_232, dims = [] : (tensor<f64>) -> tensor<8x2x4xf64>
    %902 = stablehlo.add %900, %901 : tensor<8x2x4xf64>
    %903 = stablehlo.divide %899, %902 : tensor<8x2x4xf64>
    %904 = stablehlo.subtract %arg21, %903 : tensor<8x2x4xf64>
    return %757, %764, %771, %778, %785, %792, %799, %806, %813, %820, %827, %834, %841, %848, %855, %862, %869, %876, %883, %890, %897, %904, %506, %511, %516, %521, %526, %531, %536, %541, %546, %551, %556, %561, %566, %571, %576, %581, %586, %591, %596, %601, %606, %611, %617, %623, %629, %635, %641, %647, %653, %659, %665, %671, %677, %683, %689, %695, %701, %707, %713, %719, %725, %731, %737, %743, %501, %233 : tensor<8xf64>, tensor<8xf64>, tensor<8xf64>, tensor<8xf64>, tensor<16x8xf64>, tensor<16x8xf64>, tensor<11x8xf64>, tensor<8xf64>, tensor<8xf64>, tensor<8xf64>, tensor<8xf64>, tensor<8x2x4xf64>, tensor<8x2x4xf64>, tensor<2x4x8xf64>, tensor<2x4x8xf64>, tensor<6x8xf64>, tensor<8x2x4xf64>, tensor<8x2x4xf64>, tensor<8x16xf64>, tensor<8x16xf64>, tensor<8x2x4xf64>, tensor<8x2x4xf64>, tensor<8xf64>, tensor<8xf64>, tensor<8xf64>, tensor<8xf64>, tensor<16x8xf64>, tensor<16x8xf64>, tensor<11x8xf64>, tensor<8xf64>, tensor<8xf64>, tensor<8xf64>, tensor<8xf64>, tensor<8x2x4xf64>, tensor<8x2x4xf64>, tensor<2x4x8xf64>, tensor<2x4x8xf64>, tensor<6x8xf64>, tensor<8x2x4xf64>, tensor<8x2x4xf64>, tensor<8x16xf64>, tensor<8x16xf64>, tensor<8x2x4xf64>, tensor<8x2x4xf64>, tensor<8xf64>, tensor<8xf64>, tensor<8xf64>, tensor<8xf64>, tensor<16x8xf64>, tensor<16x8xf64>, tensor<11x8xf64>, tensor<8xf64>, tensor<8xf64>, tensor<8xf64>, tensor<8xf64>, tensor<8x2x4xf64>, tensor<8x2x4xf64>, tensor<2x4x8xf64>, tensor<2x4x8xf64>, tensor<6x8xf64>, tensor<8x2x4xf64>, tensor<8x2x4xf64>, tensor<8x16xf64>, tensor<8x16xf64>, tensor<8x2x4xf64>, tensor<8x2x4xf64>, tensor<f64>, tensor<f64>
  }
  func.func private @tril(%arg0: tensor<6x6xi1>) -> tensor<6x6xi1> {
    %0 = stablehlo.iota dim = 0 : tensor<6x6xi64>
    %c = stablehlo.constant dense<0> : tensor<i64>
    %1 = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<i64>) -> tensor<6x6xi64>
    %2 = stablehlo.add %0, %1 : tensor<6x6xi64>
    %3 = stablehlo.iota dim = 1 : tensor<6x6xi64>
    %4 = stablehlo.compare GE, %2, %3, SIGNED : (tensor<6x6xi64>, tensor<6x6xi64>) -> tensor<6x6xi1>
    %c_0 = stablehlo.constant dense<false> : tensor<i1>
    %5 = stablehlo.broadcast_in_dim %c_0, dims = [] : (tensor<i1>) -> tensor<6x6xi1>
    %6 = stablehlo.select %4, %arg0, %5 : tensor<6x6xi1>, tensor<6x6xi1>
    return %6 : tensor<6x6xi1>
  }
  func.func private @_where(%arg0: tensor<6x6xi1>, %arg1: tensor<4x2x6x6xf64>, %arg2: tensor<f64>) -> (tensor<4x2x6x6xf64>, tensor<4x2x6x6xi1>) {
    %0 = stablehlo.convert %arg2 : tensor<f64>
    %1 = stablehlo.broadcast_in_dim %arg0, dims = [2, 3] : (tensor<6x6xi1>) -> tensor<4x2x6x6xi1>
    %2 = stablehlo.broadcast_in_dim %0, dims = [] : (tensor<f64>) -> tensor<4x2x6x6xf64>
    %3 = stablehlo.select %1, %arg1, %2 : tensor<4x2x6x6xi1>, tensor<4x2x6x6xf64>
    return %3, %1 : tensor<4x2x6x6xf64>, tensor<4x2x6x6xi1>
  }
  func.func private @log_softmax(%arg0: tensor<4x6x11xf64>) -> (tensor<4x6x11xf64>, tensor<4x6x11xf64>, tensor<4x6x1xf64>) {
    %cst = stablehlo.constant dense<0xFFF0000000000000> : tensor<f64>
    %0 = stablehlo.reduce(%arg0 init: %cst) applies stablehlo.maximum across dimensions = [2] : (tensor<4x6x11xf64>, tensor<f64>) -> tensor<4x6xf64>
    %cst_0 = stablehlo.constant dense<0xFFF0000000000000> : tensor<f64>
    %1 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f64>) -> tensor<4x6xf64>
    %2 = stablehlo.maximum %1, %0 : tensor<4x6xf64>
    %3 = stablehlo.broadcast_in_dim %2, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %4 = stablehlo.broadcast_in_dim %3, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x11xf64>
    %5 = stablehlo.subtract %arg0, %4 : tensor<4x6x11xf64>
    %6 = stablehlo.exponential %5 : tensor<4x6x11xf64>
    %cst_1 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %7 = stablehlo.reduce(%6 init: %cst_1) applies stablehlo.add across dimensions = [2] : (tensor<4x6x11xf64>, tensor<f64>) -> tensor<4x6xf64>
    %8 = stablehlo.broadcast_in_dim %7, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %9 = stablehlo.log %8 : tensor<4x6x1xf64>
    %10 = stablehlo.broadcast_in_dim %9, dims = [0, 1, 2] : (tensor<4x6x1xf64>) -> tensor<4x6x11xf64>
    %11 = stablehlo.subtract %5, %10 : tensor<4x6x11xf64>
    return %11, %6, %8 : tensor<4x6x11xf64>, tensor<4x6x11xf64>, tensor<4x6x1xf64>
  }
  func.func private @take_along_axis(%arg0: tensor<4x6x11xf64>, %arg1: tensor<4x6x1xi32>) -> (tensor<4x6x1xf64>, tensor<4x6x1x1xi32>) {
    %c = stablehlo.constant dense<0> : tensor<i32>
    %0 = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<i32>) -> tensor<4x6x1xi32>
    %1 = stablehlo.compare LT, %arg1, %0, SIGNED : (tensor<4x6x1xi32>, tensor<4x6x1xi32>) -> tensor<4x6x1xi1>
    %c_0 = stablehlo.constant dense<11> : tensor<i32>
    %2 = stablehlo.broadcast_in_dim %c_0, dims = [] : (tensor<i32>) -> tensor<4x6x1xi32>
    %3 = stablehlo.add %arg1, %2 : tensor<4x6x1xi32>
    %4 = stablehlo.select %1, %3, %arg1 : tensor<4x6x1xi1>, tensor<4x6x1xi32>
    %5 = stablehlo.reshape %4 : (tensor<4x6x1xi32>) -> tensor<4x6x1x1xi32>
    %c_1 = stablehlo.constant dense<10> : tensor<1xi32>
    %c_2 = stablehlo.constant dense<0> : tensor<i32>
    %6 = stablehlo.broadcast_in_dim %c_2, dims = [] : (tensor<i32>) -> tensor<4x6x1x1xi32>
    %7 = stablehlo.compare GE, %5, %6, SIGNED : (tensor<4x6x1x1xi32>, tensor<4x6x1x1xi32>) -> tensor<4x6x1x1xi1>
    %8 = stablehlo.broadcast_in_dim %c_1, dims = [3] : (tensor<1xi32>) -> tensor<1x1x1x1xi32>
    %9 = stablehlo.broadcast_in_dim %8, dims = [0, 1, 2, 3] : (tensor<1x1x1x1xi32>) -> tensor<4x6x1x1xi32>
    %10 = stablehlo.compare LE, %5, %9, SIGNED : (tensor<4x6x1x1xi32>, tensor<4x6x1x1xi32>) -> tensor<4x6x1x1xi1>
    %11 = stablehlo.and %7, %10 : tensor<4x6x1x1xi1>
    %c_3 = stablehlo.constant dense<true> : tensor<i1>
    %12 = stablehlo.reduce(%11 init: %c_3) applies stablehlo.and across dimensions = [3] : (tensor<4x6x1x1xi1>, tensor<i1>) -> tensor<4x6x1xi1>
    %13 = "stablehlo.gather"(%arg0, %5) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [2], operand_batching_dims = [0, 1], start_indices_batching_dims = [0, 1], start_index_map = [2], index_vector_dim = 3>, indices_are_sorted = false, slice_sizes = array<i64: 1, 1, 1>}> : (tensor<4x6x11xf64>, tensor<4x6x1x1xi32>) -> tensor<4x6x1xf64>
    %cst = stablehlo.constant dense<0x7FF8000000000000> : tensor<f64>
    %14 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f64>) -> tensor<4x6x1xf64>
    %15 = stablehlo.select %12, %13, %14 : tensor<4x6x1xi1>, tensor<4x6x1xf64>
    return %15, %5 : tensor<4x6x1xf64>, tensor<4x6x1x1xi32>
  }
  func.func private @take_along_axis_0(%arg0: tensor<4x6x1x1xi32>, %arg1: tensor<4x6x1xf64>) -> tensor<4x6x11xf64> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f64>) -> tensor<4x6x11xf64>
    %1 = "stablehlo.scatter"(%0, %arg0, %arg1) <{indices_are_sorted = false, scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [2], input_batching_dims = [0, 1], scatter_indices_batching_dims = [0, 1], scatter_dims_to_operand_dims = [2], index_vector_dim = 3>, unique_indices = false}> ({
    ^bb0(%arg2: tensor<f64>, %arg3: tensor<f64>):
      %2 = stablehlo.add %arg2, %arg3 : tensor<f64>
      stablehlo.return %2 : tensor<f64>
    }) : (tensor<4x6x11xf64>, tensor<4x6x1x1xi32>, tensor<4x6x1xf64>) -> tensor<4x6x11xf64>
    return %1 : tensor<4x6x11xf64>
  }
  func.func private @log_softmax_1(%arg0: tensor<4x6x11xf64>, %arg1: tensor<4x6x1xf64>, %arg2: tensor<4x6x11xf64>) -> tensor<4x6x11xf64> {
    %0 = stablehlo.negate %arg2 : tensor<4x6x11xf64>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %1 = stablehlo.reduce(%0 init: %cst) applies stablehlo.add across dimensions = [2] : (tensor<4x6x11xf64>, tensor<f64>) -> tensor<4x6xf64>
    %2 = stablehlo.reshape %1 : (tensor<4x6xf64>) -> tensor<4x6x1xf64>
    %3 = stablehlo.divide %2, %arg1 : tensor<4x6x1xf64>
    %cst_0 = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %4 = stablehlo.reduce(%3 init: %cst_0) applies stablehlo.add across dimensions = [2] : (tensor<4x6x1xf64>, tensor<f64>) -> tensor<4x6xf64>
    %5 = stablehlo.broadcast_in_dim %4, dims = [0, 1] : (tensor<4x6xf64>) -> tensor<4x6x11xf64>
    %6 = stablehlo.multiply %5, %arg0 : tensor<4x6x11xf64>
    %7 = stablehlo.add %arg2, %6 : tensor<4x6x11xf64>
    return %7 : tensor<4x6x11xf64>
  }
  func.func private @_where_2(%arg0: tensor<4x2x6x6xi1>, %arg1: tensor<4x2x6x6xf64>) -> tensor<4x2x6x6xf64> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f64>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f64>) -> tensor<4x2x6x6xf64>
    %1 = stablehlo.select %arg0, %arg1, %0 : tensor<4x2x6x6xi1>, tensor<4x2x6x6xf64>
    return %1 : tensor<4x2x6x6xf64>
  }
}
