module @forms attributes {mhlo.num_partitions = 1 : i32} {
  sdy.mesh @mesh = <["x"=2]>
  func.func private @decomposed(%arg0: tensor<2x3xf32> {mhlo.sharding = "{replicated}"}) -> (tensor<2x3xf32> {jax.result_info = "y"}) {
    return %arg0 : tensor<2x3xf32>
  }
  func.func private @nothing() {
    return
  }
  func.func private @declared(tensor<2x3xf32>) -> tensor<f32>
  func.func public @main(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xi32>, %arg2: tensor<2x3xi1>, %arg3: tensor<2x3xcomplex<f32>>, %arg4: tensor<?x3xf32>, %arg5: tensor<2xi64>, %arg6: tensor<i64>, %arg7: tensor<i32>, %arg8: tensor<f32>, %arg9: tensor<3x3xf32>, %arg10: tensor<1x8x2x8xf32>, %arg11: tensor<2x3x4x3xf32>, %arg12: tensor<2x2xi64>, %arg13: tensor<2x3x4xf32>, %arg14: tensor<2x3x4xf32>, %arg15: tensor<i1>, %arg16: tensor<2xui64>, %arg17: tensor<2xi64>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
    %0 = stablehlo.cbrt %arg0 : tensor<2x3xf32>
    %1 = stablehlo.ceil %arg0 : tensor<2x3xf32>
    %2 = stablehlo.cosine %arg0 : tensor<2x3xf32>
    %3 = stablehlo.exponential %arg0 : tensor<2x3xf32>
    %4 = stablehlo.exponential_minus_one %arg0 : tensor<2x3xf32>
    %5 = stablehlo.floor %arg0 : tensor<2x3xf32>
    %6 = stablehlo.log %arg0 : tensor<2x3xf32>
    %7 = stablehlo.log_plus_one %arg0 : tensor<2x3xf32>
    %8 = stablehlo.logistic %arg0 : tensor<2x3xf32>
    %9 = stablehlo.negate %arg0 : tensor<2x3xf32>
    %10 = stablehlo.round_nearest_afz %arg0 : tensor<2x3xf32>
    %11 = stablehlo.round_nearest_even %arg0 : tensor<2x3xf32>
    %12 = stablehlo.rsqrt %arg0 : tensor<2x3xf32>
    %13 = stablehlo.sign %arg0 : tensor<2x3xf32>
    %14 = stablehlo.sine %arg0 : tensor<2x3xf32>
    %15 = stablehlo.sqrt %arg0 : tensor<2x3xf32>
    %16 = stablehlo.tan %arg0 : tensor<2x3xf32>
    %17 = stablehlo.tanh %arg0 : tensor<2x3xf32>
    %18 = stablehlo.abs %arg0 : tensor<2x3xf32>
    %19 = stablehlo.exponential %arg0 {result_accuracy = #stablehlo.result_accuracy<atol = 1.000000e-02, ulps = 5, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>} : tensor<2x3xf32>
    %20 = stablehlo.tanh %arg0 {mhlo.note = "x\0A\22y", result_accuracy = #stablehlo.result_accuracy<mode = #stablehlo.result_accuracy_mode<HIGHEST>>} : tensor<2x3xf32>
    %21 = stablehlo.abs %arg3 : (tensor<2x3xcomplex<f32>>) -> tensor<2x3xf32>
    %22 = stablehlo.real %arg3 : (tensor<2x3xcomplex<f32>>) -> tensor<2x3xf32>
    %23 = stablehlo.imag %arg3 : (tensor<2x3xcomplex<f32>>) -> tensor<2x3xf32>
    %24 = stablehlo.real %arg0 : tensor<2x3xf32>
    %25 = stablehlo.is_finite %arg0 : (tensor<2x3xf32>) -> tensor<2x3xi1>
    %26 = stablehlo.not %arg1 : tensor<2x3xi32>
    %27 = stablehlo.popcnt %arg1 : tensor<2x3xi32>
    %28 = stablehlo.count_leading_zeros %arg1 : tensor<2x3xi32>
    %29 = stablehlo.convert %arg1 : (tensor<2x3xi32>) -> tensor<2x3xf32>
    %30 = stablehlo.convert %arg1 : tensor<2x3xi32>
    %31 = stablehlo.add %arg0, %arg0 : tensor<2x3xf32>
    %32 = stablehlo.atan2 %arg0, %arg0 : tensor<2x3xf32>
    %33 = stablehlo.divide %arg0, %arg0 : tensor<2x3xf32>
    %34 = stablehlo.maximum %arg0, %arg0 : tensor<2x3xf32>
    %35 = stablehlo.minimum %arg0, %arg0 : tensor<2x3xf32>
    %36 = stablehlo.multiply %arg0, %arg0 : tensor<2x3xf32>
    %37 = stablehlo.power %arg0, %arg0 : tensor<2x3xf32>
    %38 = stablehlo.remainder %arg0, %arg0 : tensor<2x3xf32>
    %39 = stablehlo.subtract %arg0, %arg0 : tensor<2x3xf32>
    %40 = stablehlo.and %arg1, %arg1 : tensor<2x3xi32>
    %41 = stablehlo.or %arg1, %arg1 : tensor<2x3xi32>
    %42 = stablehlo.xor %arg1, %arg1 : tensor<2x3xi32>
    %43 = stablehlo.shift_left %arg1, %arg1 : tensor<2x3xi32>
    %44 = stablehlo.shift_right_arithmetic %arg1, %arg1 : tensor<2x3xi32>
    %45 = stablehlo.shift_right_logical %arg1, %arg1 : tensor<2x3xi32>
    %46 = stablehlo.add %arg0, %arg4 : (tensor<2x3xf32>, tensor<?x3xf32>) -> tensor<2x3xf32>
    %47 = stablehlo.complex %arg0, %arg0 : tensor<2x3xcomplex<f32>>
    %48 = stablehlo.iota dim = 1 : tensor<2x3xi32>
    %49 = stablehlo.dynamic_iota %arg5, dim = 0 : (tensor<2xi64>) -> tensor<?x?xf32>
    %50 = stablehlo.create_token : !stablehlo.token
    %51 = stablehlo.after_all %50, %50 : !stablehlo.token
    %52 = stablehlo.after_all  : !stablehlo.token
    %53 = stablehlo.partition_id : tensor<ui32>
    %54 = stablehlo.replica_id : tensor<ui32>
    %55 = stablehlo.tuple %arg0, %arg1 : tuple<tensor<2x3xf32>, tensor<2x3xi32>>
    %56 = stablehlo.get_tuple_element %55[1] : (tuple<tensor<2x3xf32>, tensor<2x3xi32>>) -> tensor<2x3xi32>
    %57 = stablehlo.compare LT, %arg0, %arg0, TOTALORDER : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
    %58 = stablehlo.compare NE, %arg0, %arg0 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
    %59 = stablehlo.slice %arg0 [0:2, 1:3:2] : (tensor<2x3xf32>) -> tensor<2x1xf32>
    %60 = stablehlo.dynamic_slice %arg0, %arg6, %arg6, sizes = [1, 2] : (tensor<2x3xf32>, tensor<i64>, tensor<i64>) -> tensor<1x2xf32>
    %61 = stablehlo.dynamic_update_slice %arg0, %arg0, %arg6, %arg6 : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<i64>, tensor<i64>) -> tensor<2x3xf32>
    %62 = stablehlo.bitcast_convert %arg0 : (tensor<2x3xf32>) -> tensor<2x3xi32>
    %63 = stablehlo.broadcast %arg0, sizes = [4, 5] : (tensor<2x3xf32>) -> tensor<4x5x2x3xf32>
    %64 = stablehlo.broadcast_in_dim %arg0, dims = [0, 2] : (tensor<2x3xf32>) -> tensor<2x7x3xf32>
    %65 = stablehlo.broadcast_in_dim %arg8, dims = [] : (tensor<f32>) -> tensor<2x3xf32>
    %66 = stablehlo.dynamic_broadcast_in_dim %arg4, %arg5, dims = [0, 1] {known_expanding_dimensions = array<i64: 0>, known_nonexpanding_dimensions = array<i64: 1>} : (tensor<?x3xf32>, tensor<2xi64>) -> tensor<?x?xf32>
    %67 = stablehlo.cholesky %arg9, lower = true : tensor<3x3xf32>
    %68 = stablehlo.cholesky %arg9 : tensor<3x3xf32>
    %69 = stablehlo.clamp %arg0, %arg0, %arg0 : tensor<2x3xf32>
    %70 = stablehlo.clamp %arg8, %arg0, %arg8 : (tensor<f32>, tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
    %71 = stablehlo.concatenate %arg0, %arg0, %arg0, dim = 1 : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x9xf32>
    %72 = stablehlo.convolution(%arg10, %arg11) dim_numbers = [b, 0, f, 1]x[i, 0, o, 1]->[f, b, 0, 1], window = {stride = [2, 1], pad = [[0, 1], [-1, 2]], lhs_dilate = [2, 1], rhs_dilate = [1, 2], reverse = [false, true]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision HIGHEST>, #stablehlo<precision DEFAULT>]} : (tensor<1x8x2x8xf32>, tensor<2x3x4x3xf32>) -> tensor<4x1x7x5xf32>
    %73 = stablehlo.convolution(%arg10, %arg11) dim_numbers = [b, 0, f, 1]x[i, 0, o, 1]->[f, b, 0, 1], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x2x8xf32>, tensor<2x3x4x3xf32>) -> tensor<4x1x6x6xf32>
    %74 = "stablehlo.dynamic_conv"(%arg10, %arg11, %arg12) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, f, 1]x[i, 0, o, 1]->[f, b, 0, 1]>, feature_group_count = 1 : i64, window_strides = array<i64: 1, 1>}> : (tensor<1x8x2x8xf32>, tensor<2x3x4x3xf32>, tensor<2x2xi64>) -> tensor<4x1x?x?xf32>
    %75:2 = stablehlo.custom_call @foo(%arg0, %arg1) {api_version = 4 : i32, backend_config = {a = 1 : i32, b = "t"}, has_side_effect = true, mhlo.sharding = "{replicated}", operand_layouts = [dense<[0, 1]> : tensor<2xindex>, dense<[1, 0]> : tensor<2xindex>], output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [0], operand_index = 0, operand_tuple_indices = []>], result_layouts = [dense<[0, 1]> : tensor<2xindex>, dense<> : tensor<0xindex>]} : (tensor<2x3xf32>, tensor<2x3xi32>) -> (tensor<2x3xf32>, tensor<f32>)
    %76 = stablehlo.custom_call @"my.target-x"(%arg0) {backend_config = "some\22text"} : (tensor<2x3xf32>) -> tuple<tensor<2x3xf32>, tensor<2x3xi32>>
    stablehlo.custom_call @mhlo.nothing() {has_side_effect = true} : () -> ()
    %77 = stablehlo.dot %arg0, %arg9, precision = [HIGH, DEFAULT] : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
    %78 = stablehlo.dot %arg0, %arg9 : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
    %79 = stablehlo.dot_general %arg0, %arg9, contracting_dims = [1] x [0] : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
    %80 = stablehlo.dot_general %arg13, %arg13, batching_dims = [0] x [0], contracting_dims = [2] x [2], precision = [HIGHEST, HIGHEST] : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x3x3xf32>
    %81 = stablehlo.dot_general %arg0, %arg9, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT], algorithm = <lhs_precision_type = tf32, rhs_precision_type = tf32, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 1, allow_imprecise_accumulation = false> : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
    %82 = stablehlo.dot_general %arg0, %arg9, contracting_dims = [1] x [0], algorithm = <lhs_precision_type = bf16, rhs_precision_type = bf16, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 6, allow_imprecise_accumulation = false> : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
    %83 = stablehlo.dot_general %arg0, %arg0, contracting_dims = [] x [] : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3x2x3xf32>
    %84 = stablehlo.einsum %arg0, %arg9, config = "ab,bc->ac" : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
    %85 = stablehlo.unary_einsum %arg0, config = "ab->a" : (tensor<2x3xf32>) -> tensor<2xf32>
    %86 = stablehlo.fft %arg3, type = IFFT, length = [3] : (tensor<2x3xcomplex<f32>>) -> tensor<2x3xcomplex<f32>>
    %87 = stablehlo.get_dimension_size %arg0, dim = 1 : (tensor<2x3xf32>) -> tensor<i32>
    %88 = stablehlo.set_dimension_size %arg0, %arg7, dim = 1 : (tensor<2x3xf32>, tensor<i32>) -> tensor<2x?xf32, #stablehlo.bounds<?, 3>>
    %89 = stablehlo.reshape %arg0 : (tensor<2x3xf32>) -> tensor<6xf32>
    %90 = stablehlo.dynamic_reshape %arg0, %arg5 : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<?x?xf32>
    %91 = stablehlo.select %arg2, %arg0, %arg0 : tensor<2x3xi1>, tensor<2x3xf32>
    %92 = stablehlo.select %arg15, %arg0, %arg0 : tensor<i1>, tensor<2x3xf32>
    %93 = stablehlo.select %arg2, %arg0, %arg4 : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<?x3xf32>) -> tensor<2x3xf32>
    %94 = stablehlo.reverse %arg0, dims = [0, 1] : tensor<2x3xf32>
    %95 = stablehlo.pad %arg0, %arg8, low = [0, 2], high = [1, -1], interior = [0, 3] : (tensor<2x3xf32>, tensor<f32>) -> tensor<3x10xf32>
    %96 = stablehlo.dynamic_pad %arg0, %arg8, %arg5, %arg5, %arg5 : (tensor<2x3xf32>, tensor<f32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<?x?xf32>
    %97 = stablehlo.real_dynamic_slice %arg0, %arg5, %arg5, %arg5 : (tensor<2x3xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<?x?xf32>
    %98 = stablehlo.transpose %arg0, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
    %99 = stablehlo.reduce_precision %arg0, format = e5m10 : tensor<2x3xf32>
    %100:2 = stablehlo.optimization_barrier %arg0, %arg1 : tensor<2x3xf32>, tensor<2x3xi32>
    stablehlo.optimization_barrier()
    %101 = stablehlo.rng %arg8, %arg8, %arg5, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<2xi64>) -> tensor<?x?xf32>
    %output_state, %output = stablehlo.rng_bit_generator %arg16, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<4xui32>)
    %102 = stablehlo.composite "my.op" %arg0 {composite_attributes = {n = 1 : i64, s = "x"}, decomposition = @decomposed, version = 1 : i32} : (tensor<2x3xf32>) -> tensor<2x3xf32>
    stablehlo.composite "my.none"  {decomposition = @nothing} : () -> ()
    %103 = stablehlo.reduce(%arg0 init: %arg8) applies stablehlo.maximum across dimensions = [0, 1] : (tensor<2x3xf32>, tensor<f32>) -> tensor<f32>
    %104 = stablehlo.reduce(%arg0 init: %arg8) across dimensions = [] : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
     reducer(%arg18: tensor<f32>, %arg19: tensor<f32>)  {
      %164 = stablehlo.add %arg19, %arg18 : tensor<f32>
      stablehlo.return %164 : tensor<f32>
    }
    %105:2 = stablehlo.reduce(%arg0 init: %arg8), (%arg1 init: %arg7) across dimensions = [1] : (tensor<2x3xf32>, tensor<2x3xi32>, tensor<f32>, tensor<i32>) -> (tensor<2xf32>, tensor<2xi32>)
     reducer(%arg18: tensor<f32>, %arg20: tensor<f32>) (%arg19: tensor<i32>, %arg21: tensor<i32>)  {
      %164 = stablehlo.add %arg18, %arg20 : tensor<f32>
      stablehlo.return %164, %arg21 : tensor<f32>, tensor<i32>
    }
    %106:2 = stablehlo.while(%iterArg = %arg7, %iterArg_21 = %arg0) : tensor<i32>, tensor<2x3xf32> attributes {mhlo.frontend_attributes = {x = "y"}}
    cond {
      %164 = stablehlo.compare LT, %iterArg, %arg7 : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %164 : tensor<i1>
    } do {
      %164 = stablehlo.add %iterArg, %arg7 : tensor<i32>
      stablehlo.return %164, %arg0 : tensor<i32>, tensor<2x3xf32>
    }
    %107:2 = stablehlo.while(%iterArg = %arg7, %iterArg_21 = %arg0) : tensor<i32>, tensor<2x3xf32>
    cond {
      %164 = stablehlo.compare LT, %iterArg, %arg7 : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %164 : tensor<i1>
    } do {
      %164 = stablehlo.add %iterArg, %arg7 : tensor<i32>
      stablehlo.return %164, %arg0 : tensor<i32>, tensor<2x3xf32>
    }
    %108 = stablehlo.abs %107#1 : tensor<2x3xf32>
    stablehlo.while()
    cond {
      stablehlo.return %arg15 : tensor<i1>
    } do {
      stablehlo.return 
    }
    %109 = "stablehlo.if"(%arg15) ({
      stablehlo.return %arg0 : tensor<2x3xf32>
    }, {
      stablehlo.return %arg0 : tensor<2x3xf32>
    }) : (tensor<i1>) -> tensor<2x3xf32>
    %110 = "stablehlo.map"(%arg0, %arg0) <{dimensions = array<i64: 0, 1>}> ({
    ^bb0(%arg18: tensor<f32>, %arg19: tensor<f32>):
      %164 = stablehlo.add %arg18, %arg19 : tensor<f32>
      stablehlo.return %164 : tensor<f32>
    }) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %111 = "stablehlo.gather"(%arg0, %arg5) <{dimension_numbers = #stablehlo.gather<offset_dims = [0], collapsed_slice_dims = [0], start_index_map = [0, 1]>, indices_are_sorted = false, slice_sizes = array<i64: 1, 2>}> : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<2xf32>
    %112 = "stablehlo.all_reduce"(%arg0) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<[[0, 1], [2, -1]]> : tensor<2x2xi64>, use_global_device_ids}> ({
    ^bb0(%arg18: tensor<f32>, %arg19: tensor<f32>):
      %164 = stablehlo.add %arg18, %arg19 : tensor<f32>
      stablehlo.return %164 : tensor<f32>
    }) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %c = stablehlo.constant dense<[[true, false, true], [false, false, true]]> : tensor<2x3xi1>
    %c_0 = stablehlo.constant dense<[[-128, 127, 3], [4, 5, 6]]> : tensor<2x3xi8>
    %c_1 = stablehlo.constant dense<18446744073709551615> : tensor<2x3xui64>
    %c_2 = stablehlo.constant dense<-9223372036854775808> : tensor<2x3xi64>
    %cst = stablehlo.constant dense<[[1.000000e+00, -0.000000e+00, 1.401300e-45], [0x7F800000, 0x7FC00001, 3.40282347E+38]]> : tensor<2x3xf32>
    %cst_3 = stablehlo.constant dense<[[1.000000e+00, 1.000000e-01, 1.000000e-310], [3.000000e+00, 4.000000e+00, 5.000000e+00]]> : tensor<2x3xf64>
    %cst_4 = stablehlo.constant dense<[[1.000000e+00, 2.000000e+00, 3.000000e+00], [1.500000e+00, 1.000980e-01, -3.000000e+00]]> : tensor<2x3xbf16>
    %cst_5 = stablehlo.constant dense<5.960460e-08> : tensor<2x3xf16>
    %c_6 = stablehlo.constant dense<[[-8, 7, 3], [4, 5, 6]]> : tensor<2x3xi4>
    %c_7 = stablehlo.constant dense<[[15, 7, 3], [4, 5, 6]]> : tensor<2x3xui4>
    %c_8 = stablehlo.constant dense<[[-2, 1, 0], [1, 1, 0]]> : tensor<2x3xi2>
    %cst_9 = stablehlo.constant dense<[[1.015630e-01, 4.480000e+02, -0.000000e+00], [1.000000e+00, 1.953130e-03, 3.000000e+00]]> : tensor<2x3xf8E4M3FN>
    %cst_10 = stablehlo.constant dense<[[9.375000e-02, 4.480000e+02, 0x7C], [1.000000e+00, 1.525880e-05, 3.000000e+00]]> : tensor<2x3xf8E5M2>
    %cst_11 = stablehlo.constant dense<[[1.015630e-01, 2.400000e+02, 0x80], [1.000000e+00, 9.765620e-04, 3.000000e+00]]> : tensor<2x3xf8E4M3FNUZ>
    %cst_12 = stablehlo.constant dense<[[9.375000e-02, 4.480000e+02, 5.734400e+04], [1.000000e+00, 7.629390e-06, 3.000000e+00]]> : tensor<2x3xf8E5M2FNUZ>
    %cst_13 = stablehlo.constant dense<[[1.015630e-01, 3.000000e+01, 0.000000e+00], [1.000000e+00, 9.765620e-04, 3.000000e+00]]> : tensor<2x3xf8E4M3B11FNUZ>
    %cst_14 = stablehlo.constant dense<[[(1.000000e+00,2.000000e+00), (3.000000e+00,-0.000000e+00), (0x7F800000,5.000000e+00)], [(1.000000e+00,2.000000e+00), (3.000000e+00,4.000000e+00), (4.500000e+00,5.000000e+00)]]> : tensor<2x3xcomplex<f32>>
    %cst_15 = stablehlo.constant {mhlo.x = 1 : i32} dense<(1.000000e+00,2.000000e+00)> : tensor<2x3xcomplex<f64>>
    %cst_16 = stablehlo.constant dense<"0x00254A6F94B9DE03284D7297BCE1062B50759ABFE4092E53789DC2E70C31567BA0C5EA0F34597EA3C8ED12375C81A6CBF0153A5F84A9CEF3183D6287ACD1F61B40658AAFD4F91E43688DB2D7FC21466B90B5DAFF24496E93B8DD02274C7196BBE0052A4F7499BEE3082D52779CC1E60B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14395E83A8CDF2173C6186ABD0F51A3F6489AED3F81D42678CB1D6FB20456A8FB4D9FE23486D92B7DC01264B7095BADF04294E7398BDE2072C51769BC0E50A2F54799EC3E80D32577CA1C6EB10355A7FA4C9EE13385D82A7CCF1163B6085AACFF4193E6388ADD2F71C41668BB0D5FA1F44698EB3D8FD22476C91B6DB00254A6F94B9DE03284D7297BCE1062B50759ABFE4092E53789DC2E70C31567BA0C5EA0F34597EA3C8ED12375C81A6CBF0153A5F84A9CEF3183D6287ACD1F61B40658AAFD4F91E43688DB2D7FC21466B90B5DAFF24496E93B8DD02274C7196BBE0052A4F7499BEE3082D52779CC1E60B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14395E83A8CDF2173C6186ABD0F51A3F6489AED3F81D42678CB1D6FB20456A8FB4D9FE23486D92B7DC01264B7095BADF04294E7398BDE2072C51769BC0E50A2F54799EC3E80D32577CA1C6EB10355A7FA4C9EE13385D82A7CCF1163B"> : tensor<120xf32>
    %c_17 = stablehlo.constant dense<"0x000001010001010001010001010000010001010001000001010001010001010001010000010001010001000001010001010001010001010000010001010001000001010001010001010001010000010001010001000001010001010001010001010000010001010001000001010001010001010001010000"> : tensor<120xi1>
    %c_18 = stablehlo.constant dense<"0x08090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F"> : tensor<120xi4>
    %cst_19 = stablehlo.constant dense<> : tensor<0x3xf32>
    %cst_20 = stablehlo.constant dense_resource<res> : tensor<2x3xf32>
    %113 = chlo.acos %arg0 : tensor<2x3xf32> -> tensor<2x3xf32>
    %114 = chlo.acosh %arg0 : tensor<2x3xf32> -> tensor<2x3xf32>
    %115 = chlo.asin %arg0 : tensor<2x3xf32> -> tensor<2x3xf32>
    %116 = chlo.asinh %arg0 : tensor<2x3xf32> -> tensor<2x3xf32>
    %117 = chlo.atan %arg0 : tensor<2x3xf32> -> tensor<2x3xf32>
    %118 = chlo.atanh %arg0 : tensor<2x3xf32> -> tensor<2x3xf32>
    %119 = chlo.bessel_i1e %arg0 : tensor<2x3xf32> -> tensor<2x3xf32>
    %120 = chlo.conj %arg0 : tensor<2x3xf32> -> tensor<2x3xf32>
    %121 = chlo.cosh %arg0 : tensor<2x3xf32> -> tensor<2x3xf32>
    %122 = chlo.digamma %arg0 : tensor<2x3xf32> -> tensor<2x3xf32>
    %123 = chlo.erf %arg0 : tensor<2x3xf32> -> tensor<2x3xf32>
    %124 = chlo.erf_inv %arg0 : tensor<2x3xf32> -> tensor<2x3xf32>
    %125 = chlo.erfc %arg0 : tensor<2x3xf32> -> tensor<2x3xf32>
    %126 = chlo.lgamma %arg0 : tensor<2x3xf32> -> tensor<2x3xf32>
    %127 = chlo.sinh %arg0 : tensor<2x3xf32> -> tensor<2x3xf32>
    %128 = chlo.square %arg0 : tensor<2x3xf32> -> tensor<2x3xf32>
    %129 = chlo.tan %arg0 : tensor<2x3xf32> -> tensor<2x3xf32>
    %130 = chlo._asin_acos_kernel %arg3 : tensor<2x3xcomplex<f32>> -> tensor<2x3xcomplex<f32>>
    %131 = chlo.is_inf %arg0 : tensor<2x3xf32> -> tensor<2x3xi1>
    %132 = chlo.is_neg_inf %arg0 : tensor<2x3xf32> -> tensor<2x3xi1>
    %133 = chlo.is_pos_inf %arg0 : tensor<2x3xf32> -> tensor<2x3xi1>
    %134 = chlo.next_after %arg0, %arg0 : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x3xf32>
    %135 = chlo.polygamma %arg0, %arg0 : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x3xf32>
    %136 = chlo.zeta %arg0, %arg0 : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x3xf32>
    %137 = chlo.mulhi %arg1, %arg1 : tensor<2x3xi32>, tensor<2x3xi32> -> tensor<2x3xi32>
    %138 = chlo.broadcast_add %arg0, %arg8 {broadcast_dimensions = array<i64>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
    %139 = chlo.broadcast_atan2 %arg0, %arg8 : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
    %140 = chlo.broadcast_divide %arg0, %arg8 : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
    %141 = chlo.broadcast_maximum %arg0, %arg8 : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
    %142 = chlo.broadcast_minimum %arg0, %arg8 : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
    %143 = chlo.broadcast_multiply %arg0, %arg8 : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
    %144 = chlo.broadcast_next_after %arg0, %arg8 : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
    %145 = chlo.broadcast_polygamma %arg0, %arg8 : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
    %146 = chlo.broadcast_power %arg0, %arg8 : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
    %147 = chlo.broadcast_remainder %arg0, %arg8 : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
    %148 = chlo.broadcast_subtract %arg0, %arg8 : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
    %149 = chlo.broadcast_zeta %arg0, %arg8 : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
    %150 = chlo.broadcast_and %arg1, %arg7 : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
    %151 = chlo.broadcast_or %arg1, %arg7 : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
    %152 = chlo.broadcast_xor %arg1, %arg7 : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
    %153 = chlo.broadcast_shift_left %arg1, %arg7 : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
    %154 = chlo.broadcast_shift_right_arithmetic %arg1, %arg7 : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
    %155 = chlo.broadcast_shift_right_logical %arg1, %arg7 : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
    %156 = chlo.broadcast_compare %arg0, %arg8 {compare_type = #chlo<comparison_type FLOAT>, comparison_direction = #chlo<comparison_direction EQ>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xi1>
    %157 = chlo.broadcast_complex %arg0, %arg8 : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xcomplex<f32>>
    %158 = chlo.broadcast_select %arg15, %arg0, %arg8 : (tensor<i1>, tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
    %159 = chlo.constant dense<1> : tensor<2xi32>
    %160 = "chlo.constant_like"(%arg4) <{value = 1.500000e+00 : f32}> : (tensor<?x3xf32>) -> tensor<?x3xf32>
    %values, %indices = chlo.top_k(%arg0, k = 2) : tensor<2x3xf32> -> (tensor<2x2xf32>, tensor<2x2xi32>)
    %161 = "chlo.ragged_dot"(%arg0, %arg14, %arg17) <{precision_config = [#chlo<precision DEFAULT>, #chlo<precision DEFAULT>], ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>}> : (tensor<2x3xf32>, tensor<2x3x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
    %162 = call @decomposed(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    call @nothing() : () -> ()
    %163 = sdy.sharding_constraint %arg0 <@mesh, [{"x"}, {}]> : tensor<2x3xf32>
    return %arg0, %arg0 : tensor<2x3xf32>, tensor<2x3xf32>
  }
}

{-#
  dialect_resources: {
    builtin: {
      res: "0x040000000000803F0000004000004040000080400000A0400000C040"
    }
  }
#-}
