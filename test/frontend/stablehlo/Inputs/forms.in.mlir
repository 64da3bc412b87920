module @forms attributes {mhlo.num_partitions = 1 : i32} {
  sdy.mesh @mesh = <["x"=2]>
func.func private @decomposed(%arg0: tensor<2x3xf32> {mhlo.sharding = "{replicated}"}) -> (tensor<2x3xf32> {jax.result_info = "y"}) {
  return %arg0 : tensor<2x3xf32>
}
func.func private @nothing() {
  return
}
func.func private @declared(tensor<2x3xf32>) -> tensor<f32>
func.func public @main(%f: tensor<2x3xf32>, %i: tensor<2x3xi32>, %b: tensor<2x3xi1>, %c: tensor<2x3xcomplex<f32>>, %d: tensor<?x3xf32>, %s2: tensor<2xi64>, %z: tensor<i64>, %zi: tensor<i32>, %r: tensor<f32>, %m: tensor<3x3xf32>, %x: tensor<1x8x2x8xf32>, %k: tensor<2x3x4x3xf32>, %pd: tensor<2x2xi64>, %t3: tensor<2x3x4xf32>, %t3b: tensor<2x3x4xf32>, %p: tensor<i1>, %st: tensor<2xui64>, %gs: tensor<2xi64>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = "stablehlo.cbrt"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "stablehlo.ceil"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "stablehlo.cosine"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = "stablehlo.exponential"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %4 = "stablehlo.exponential_minus_one"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %5 = "stablehlo.floor"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %6 = "stablehlo.log"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %7 = "stablehlo.log_plus_one"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %8 = "stablehlo.logistic"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %9 = "stablehlo.negate"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %10 = "stablehlo.round_nearest_afz"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %11 = "stablehlo.round_nearest_even"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %12 = "stablehlo.rsqrt"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %13 = "stablehlo.sign"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %14 = "stablehlo.sine"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %15 = "stablehlo.sqrt"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %16 = "stablehlo.tan"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %17 = "stablehlo.tanh"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %18 = "stablehlo.abs"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %19 = "stablehlo.exponential"(%f) <{result_accuracy = #stablehlo.result_accuracy<atol = 1.000000e-02, rtol = 0.000000e+00, ulps = 5, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>}> : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %20 = "stablehlo.tanh"(%f) <{result_accuracy = #stablehlo.result_accuracy<mode = #stablehlo.result_accuracy_mode<HIGHEST>>}> {mhlo.note = "x\0A\22y"} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %21 = "stablehlo.abs"(%c) : (tensor<2x3xcomplex<f32>>) -> tensor<2x3xf32>
  %22 = "stablehlo.real"(%c) : (tensor<2x3xcomplex<f32>>) -> tensor<2x3xf32>
  %23 = "stablehlo.imag"(%c) : (tensor<2x3xcomplex<f32>>) -> tensor<2x3xf32>
  %24 = "stablehlo.real"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %25 = "stablehlo.is_finite"(%f) : (tensor<2x3xf32>) -> tensor<2x3xi1>
  %26 = "stablehlo.not"(%i) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  %27 = "stablehlo.popcnt"(%i) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  %28 = "stablehlo.count_leading_zeros"(%i) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  %29 = "stablehlo.convert"(%i) : (tensor<2x3xi32>) -> tensor<2x3xf32>
  %30 = "stablehlo.convert"(%i) : (tensor<2x3xi32>) -> tensor<2x3xi32>
  %31 = "stablehlo.add"(%f, %f) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %32 = "stablehlo.atan2"(%f, %f) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %33 = "stablehlo.divide"(%f, %f) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %34 = "stablehlo.maximum"(%f, %f) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %35 = "stablehlo.minimum"(%f, %f) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %36 = "stablehlo.multiply"(%f, %f) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %37 = "stablehlo.power"(%f, %f) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %38 = "stablehlo.remainder"(%f, %f) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %39 = "stablehlo.subtract"(%f, %f) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %40 = "stablehlo.and"(%i, %i) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %41 = "stablehlo.or"(%i, %i) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %42 = "stablehlo.xor"(%i, %i) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %43 = "stablehlo.shift_left"(%i, %i) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %44 = "stablehlo.shift_right_arithmetic"(%i, %i) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %45 = "stablehlo.shift_right_logical"(%i, %i) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %46 = "stablehlo.add"(%f, %d) : (tensor<2x3xf32>, tensor<?x3xf32>) -> tensor<2x3xf32>
  %47 = "stablehlo.complex"(%f, %f) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xcomplex<f32>>
  %48 = "stablehlo.iota"() <{iota_dimension = 1 : i64}> : () -> tensor<2x3xi32>
  %49 = "stablehlo.dynamic_iota"(%s2) <{iota_dimension = 0 : i64}> : (tensor<2xi64>) -> tensor<?x?xf32>
  %50 = "stablehlo.create_token"() : () -> !stablehlo.token
  %51 = "stablehlo.after_all"(%50, %50) : (!stablehlo.token, !stablehlo.token) -> !stablehlo.token
  %52 = "stablehlo.after_all"() : () -> !stablehlo.token
  %53 = "stablehlo.partition_id"() : () -> tensor<ui32>
  %54 = "stablehlo.replica_id"() : () -> tensor<ui32>
  %55 = "stablehlo.tuple"(%f, %i) : (tensor<2x3xf32>, tensor<2x3xi32>) -> tuple<tensor<2x3xf32>, tensor<2x3xi32>>
  %56 = "stablehlo.get_tuple_element"(%55) <{index = 1 : i32}> : (tuple<tensor<2x3xf32>, tensor<2x3xi32>>) -> tensor<2x3xi32>
  %57 = "stablehlo.compare"(%f, %f) <{comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type TOTALORDER>}> : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  %58 = "stablehlo.compare"(%f, %f) <{comparison_direction = #stablehlo<comparison_direction NE>}> : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
  %59 = "stablehlo.slice"(%f) <{limit_indices = array<i64: 2, 3>, start_indices = array<i64: 0, 1>, strides = array<i64: 1, 2>}> : (tensor<2x3xf32>) -> tensor<2x1xf32>
  %60 = "stablehlo.dynamic_slice"(%f, %z, %z) <{slice_sizes = array<i64: 1, 2>}> : (tensor<2x3xf32>, tensor<i64>, tensor<i64>) -> tensor<1x2xf32>
  %61 = "stablehlo.dynamic_update_slice"(%f, %f, %z, %z) : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<i64>, tensor<i64>) -> tensor<2x3xf32>
  %62 = "stablehlo.bitcast_convert"(%f) : (tensor<2x3xf32>) -> tensor<2x3xi32>
  %63 = "stablehlo.broadcast"(%f) <{broadcast_sizes = array<i64: 4, 5>}> : (tensor<2x3xf32>) -> tensor<4x5x2x3xf32>
  %64 = "stablehlo.broadcast_in_dim"(%f) <{broadcast_dimensions = array<i64: 0, 2>}> : (tensor<2x3xf32>) -> tensor<2x7x3xf32>
  %65 = "stablehlo.broadcast_in_dim"(%r) <{broadcast_dimensions = array<i64>}> : (tensor<f32>) -> tensor<2x3xf32>
  %66 = "stablehlo.dynamic_broadcast_in_dim"(%d, %s2) <{broadcast_dimensions = array<i64: 0, 1>, known_expanding_dimensions = array<i64: 0>, known_nonexpanding_dimensions = array<i64: 1>}> : (tensor<?x3xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  %67 = "stablehlo.cholesky"(%m) <{lower = true}> : (tensor<3x3xf32>) -> tensor<3x3xf32>
  %68 = "stablehlo.cholesky"(%m) : (tensor<3x3xf32>) -> tensor<3x3xf32>
  %69 = "stablehlo.clamp"(%f, %f, %f) : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %70 = "stablehlo.clamp"(%r, %f, %r) : (tensor<f32>, tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %71 = "stablehlo.concatenate"(%f, %f, %f) <{dimension = 1 : i64}> : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x9xf32>
  %72 = "stablehlo.convolution"(%x, %k) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, f, 1]x[i, 0, o, 1]->[f, b, 0, 1]>, feature_group_count = 1 : i64, lhs_dilation = array<i64: 2, 1>, padding = dense<[[0, 1], [-1, 2]]> : tensor<2x2xi64>, precision_config = [#stablehlo<precision HIGHEST>, #stablehlo<precision DEFAULT>], rhs_dilation = array<i64: 1, 2>, window_reversal = array<i1: false, true>, window_strides = array<i64: 2, 1>}> : (tensor<1x8x2x8xf32>, tensor<2x3x4x3xf32>) -> tensor<4x1x7x5xf32>
  %73 = "stablehlo.convolution"(%x, %k) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, f, 1]x[i, 0, o, 1]->[f, b, 0, 1]>, feature_group_count = 1 : i64}> : (tensor<1x8x2x8xf32>, tensor<2x3x4x3xf32>) -> tensor<4x1x6x6xf32>
  %74 = "stablehlo.dynamic_conv"(%x, %k, %pd) <{batch_group_count = 1 : i64, dimension_numbers = #stablehlo.conv<[b, 0, f, 1]x[i, 0, o, 1]->[f, b, 0, 1]>, feature_group_count = 1 : i64, window_strides = array<i64: 1, 1>}> : (tensor<1x8x2x8xf32>, tensor<2x3x4x3xf32>, tensor<2x2xi64>) -> tensor<4x1x?x?xf32>
  %75:2 = "stablehlo.custom_call"(%f, %i) <{api_version = 4 : i32, backend_config = {a = 1 : i32, b = "t"}, call_target_name = "foo", has_side_effect = true, operand_layouts = [dense<[0, 1]> : tensor<2xindex>, dense<[1, 0]> : tensor<2xindex>], result_layouts = [dense<[0, 1]> : tensor<2xindex>, dense<> : tensor<0xindex>], output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [0], operand_index = 0, operand_tuple_indices = []>]}> {mhlo.sharding = "{replicated}"} : (tensor<2x3xf32>, tensor<2x3xi32>) -> (tensor<2x3xf32>, tensor<f32>)
  %76 = "stablehlo.custom_call"(%f) <{call_target_name = "my.target-x", backend_config = "some\22text"}> : (tensor<2x3xf32>) -> tuple<tensor<2x3xf32>, tensor<2x3xi32>>
  "stablehlo.custom_call"() <{call_target_name = "mhlo.nothing", has_side_effect = true}> : () -> ()
  %78 = "stablehlo.dot"(%f, %m) <{precision_config = [#stablehlo<precision HIGH>, #stablehlo<precision DEFAULT>]}> : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
  %79 = "stablehlo.dot"(%f, %m) : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
  %80 = "stablehlo.dot_general"(%f, %m) <{dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>}> : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
  %81 = "stablehlo.dot_general"(%t3, %t3) <{dot_dimension_numbers = #stablehlo.dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [0], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [2]>, precision_config = [#stablehlo<precision HIGHEST>, #stablehlo<precision HIGHEST>]}> : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x3x3xf32>
  %82 = "stablehlo.dot_general"(%f, %m) <{dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>, algorithm = #stablehlo.dot_algorithm<lhs_precision_type = tf32, rhs_precision_type = tf32, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 1, allow_imprecise_accumulation = false>, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]}> : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
  %83 = "stablehlo.dot_general"(%f, %m) <{dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>, algorithm = #stablehlo.dot_algorithm<lhs_precision_type = bf16, rhs_precision_type = bf16, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 6, allow_imprecise_accumulation = false>}> : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
  %84 = "stablehlo.dot_general"(%f, %f) <{dot_dimension_numbers = #stablehlo.dot<>}> : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3x2x3xf32>
  %85 = "stablehlo.einsum"(%f, %m) <{einsum_config = "ab,bc->ac"}> : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
  %86 = "stablehlo.unary_einsum"(%f) <{einsum_config = "ab->a"}> : (tensor<2x3xf32>) -> tensor<2xf32>
  %87 = "stablehlo.fft"(%c) <{fft_length = array<i64: 3>, fft_type = #stablehlo<fft_type IFFT>}> : (tensor<2x3xcomplex<f32>>) -> tensor<2x3xcomplex<f32>>
  %88 = "stablehlo.get_dimension_size"(%f) <{dimension = 1 : i64}> : (tensor<2x3xf32>) -> tensor<i32>
  %89 = "stablehlo.set_dimension_size"(%f, %zi) <{dimension = 1 : i64}> : (tensor<2x3xf32>, tensor<i32>) -> tensor<2x?xf32, #stablehlo.bounds<?, 3>>
  %90 = "stablehlo.reshape"(%f) : (tensor<2x3xf32>) -> tensor<6xf32>
  %91 = "stablehlo.dynamic_reshape"(%f, %s2) : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  %92 = "stablehlo.select"(%b, %f, %f) : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %93 = "stablehlo.select"(%p, %f, %f) : (tensor<i1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %94 = "stablehlo.select"(%b, %f, %d) : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<?x3xf32>) -> tensor<2x3xf32>
  %95 = "stablehlo.reverse"(%f) <{dimensions = array<i64: 0, 1>}> : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %96 = "stablehlo.pad"(%f, %r) <{edge_padding_high = array<i64: 1, -1>, edge_padding_low = array<i64: 0, 2>, interior_padding = array<i64: 0, 3>}> : (tensor<2x3xf32>, tensor<f32>) -> tensor<3x10xf32>
  %97 = "stablehlo.dynamic_pad"(%f, %r, %s2, %s2, %s2) : (tensor<2x3xf32>, tensor<f32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<?x?xf32>
  %98 = "stablehlo.real_dynamic_slice"(%f, %s2, %s2, %s2) : (tensor<2x3xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<?x?xf32>
  %99 = "stablehlo.transpose"(%f) <{permutation = array<i64: 1, 0>}> : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %100 = "stablehlo.reduce_precision"(%f) <{exponent_bits = 5 : i32, mantissa_bits = 10 : i32}> : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %101:2 = "stablehlo.optimization_barrier"(%f, %i) : (tensor<2x3xf32>, tensor<2x3xi32>) -> (tensor<2x3xf32>, tensor<2x3xi32>)
  "stablehlo.optimization_barrier"() : () -> ()
  %103 = "stablehlo.rng"(%r, %r, %s2) <{rng_distribution = #stablehlo<rng_distribution UNIFORM>}> : (tensor<f32>, tensor<f32>, tensor<2xi64>) -> tensor<?x?xf32>
  %104:2 = "stablehlo.rng_bit_generator"(%st) <{rng_algorithm = #stablehlo<rng_algorithm THREE_FRY>}> : (tensor<2xui64>) -> (tensor<2xui64>, tensor<4xui32>)
  %105 = "stablehlo.composite"(%f) <{composite_attributes = {n = 1 : i64, s = "x"}, decomposition = @decomposed, name = "my.op", version = 1 : i32}> : (tensor<2x3xf32>) -> tensor<2x3xf32>
  "stablehlo.composite"() <{decomposition = @nothing, name = "my.none"}> : () -> ()
  %107 = "stablehlo.reduce"(%f, %r) <{dimensions = array<i64: 0, 1>}> ({
  ^bb0(%a: tensor<f32>, %b1: tensor<f32>):
    %s = "stablehlo.maximum"(%a, %b1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    "stablehlo.return"(%s) : (tensor<f32>) -> ()
  }) : (tensor<2x3xf32>, tensor<f32>) -> tensor<f32>
  %108 = "stablehlo.reduce"(%f, %r) <{dimensions = array<i64>}> ({
  ^bb0(%a: tensor<f32>, %b1: tensor<f32>):
    %s = "stablehlo.add"(%b1, %a) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    "stablehlo.return"(%s) : (tensor<f32>) -> ()
  }) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %109:2 = "stablehlo.reduce"(%f, %i, %r, %zi) <{dimensions = array<i64: 1>}> ({
  ^bb0(%a: tensor<f32>, %a2: tensor<i32>, %b1: tensor<f32>, %b2: tensor<i32>):
    %s = "stablehlo.add"(%a, %b1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    "stablehlo.return"(%s, %b2) : (tensor<f32>, tensor<i32>) -> ()
  }) : (tensor<2x3xf32>, tensor<2x3xi32>, tensor<f32>, tensor<i32>) -> (tensor<2xf32>, tensor<2xi32>)
  %110:2 = "stablehlo.while"(%zi, %f) ({
  ^bb0(%a: tensor<i32>, %a2: tensor<2x3xf32>):
    %s = "stablehlo.compare"(%a, %zi) <{comparison_direction = #stablehlo<comparison_direction LT>}> : (tensor<i32>, tensor<i32>) -> tensor<i1>
    "stablehlo.return"(%s) : (tensor<i1>) -> ()
  }, {
  ^bb0(%a: tensor<i32>, %a2: tensor<2x3xf32>):
    %s = "stablehlo.add"(%a, %zi) : (tensor<i32>, tensor<i32>) -> tensor<i32>
    "stablehlo.return"(%s, %f) : (tensor<i32>, tensor<2x3xf32>) -> ()
  }) {mhlo.frontend_attributes = {x = "y"}} : (tensor<i32>, tensor<2x3xf32>) -> (tensor<i32>, tensor<2x3xf32>)
  %111:2 = "stablehlo.while"(%zi, %f) ({
  ^bb0(%a: tensor<i32>, %a2: tensor<2x3xf32>):
    %s = "stablehlo.compare"(%a, %zi) <{comparison_direction = #stablehlo<comparison_direction LT>}> : (tensor<i32>, tensor<i32>) -> tensor<i1>
    "stablehlo.return"(%s) : (tensor<i1>) -> ()
  }, {
  ^bb0(%a: tensor<i32>, %a2: tensor<2x3xf32>):
    %s = "stablehlo.add"(%a, %zi) : (tensor<i32>, tensor<i32>) -> tensor<i32>
    "stablehlo.return"(%s, %f) : (tensor<i32>, tensor<2x3xf32>) -> ()
  }) : (tensor<i32>, tensor<2x3xf32>) -> (tensor<i32>, tensor<2x3xf32>)
  %112 = "stablehlo.abs"(%111#1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  "stablehlo.while"() ({
    "stablehlo.return"(%p) : (tensor<i1>) -> ()
  }, {
    "stablehlo.return"() : () -> ()
  }) : () -> ()
  %114 = "stablehlo.if"(%p) ({
    "stablehlo.return"(%f) : (tensor<2x3xf32>) -> ()
  }, {
    "stablehlo.return"(%f) : (tensor<2x3xf32>) -> ()
  }) : (tensor<i1>) -> tensor<2x3xf32>
  %115 = "stablehlo.map"(%f, %f) <{dimensions = array<i64: 0, 1>}> ({
  ^bb0(%a: tensor<f32>, %b1: tensor<f32>):
    %s = "stablehlo.add"(%a, %b1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    "stablehlo.return"(%s) : (tensor<f32>) -> ()
  }) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %116 = "stablehlo.gather"(%f, %s2) <{dimension_numbers = #stablehlo.gather<offset_dims = [0], collapsed_slice_dims = [0], start_index_map = [0, 1]>, indices_are_sorted = false, slice_sizes = array<i64: 1, 2>}> : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<2xf32>
  %117 = "stablehlo.all_reduce"(%f) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<[[0, 1], [2, -1]]> : tensor<2x2xi64>, use_global_device_ids}> ({
  ^bb0(%a: tensor<f32>, %b1: tensor<f32>):
    %s = "stablehlo.add"(%a, %b1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    "stablehlo.return"(%s) : (tensor<f32>) -> ()
  }) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %118 = "stablehlo.constant"() <{value = dense<[[true, false, true], [false, false, true]]> : tensor<2x3xi1>}> : () -> tensor<2x3xi1>
  %119 = "stablehlo.constant"() <{value = dense<[[-128, 127, 3], [4, 5, 6]]> : tensor<2x3xi8>}> : () -> tensor<2x3xi8>
  %120 = "stablehlo.constant"() <{value = dense<18446744073709551615> : tensor<2x3xui64>}> : () -> tensor<2x3xui64>
  %121 = "stablehlo.constant"() <{value = dense<-9223372036854775808> : tensor<2x3xi64>}> : () -> tensor<2x3xi64>
  %122 = "stablehlo.constant"() <{value = dense<[[1.0, -0.0, 1.0e-45], [0x7F800000, 0x7FC00001, 3.4028234e+38]]> : tensor<2x3xf32>}> : () -> tensor<2x3xf32>
  %123 = "stablehlo.constant"() <{value = dense<[[1.0, 0.1, 1.0e-310], [3.0, 4.0, 5.0]]> : tensor<2x3xf64>}> : () -> tensor<2x3xf64>
  %124 = "stablehlo.constant"() <{value = dense<[[1.0, 2.0, 3.0], [1.5, 0.1, -3.0]]> : tensor<2x3xbf16>}> : () -> tensor<2x3xbf16>
  %125 = "stablehlo.constant"() <{value = dense<6.0e-8> : tensor<2x3xf16>}> : () -> tensor<2x3xf16>
  %126 = "stablehlo.constant"() <{value = dense<[[-8, 7, 3], [4, 5, 6]]> : tensor<2x3xi4>}> : () -> tensor<2x3xi4>
  %127 = "stablehlo.constant"() <{value = dense<[[15, 7, 3], [4, 5, 6]]> : tensor<2x3xui4>}> : () -> tensor<2x3xui4>
  %128 = "stablehlo.constant"() <{value = dense<[[-2, 1, 0], [1, 1, 0]]> : tensor<2x3xi2>}> : () -> tensor<2x3xi2>
  %129 = "stablehlo.constant"() <{value = dense<[[0.1, 448.0, -0.0], [1.0, 0.001, 3.0]]> : tensor<2x3xf8E4M3FN>}> : () -> tensor<2x3xf8E4M3FN>
  %130 = "stablehlo.constant"() <{value = dense<[[0.1, 448.0, 0x7C], [1.0, 0.00001, 3.0]]> : tensor<2x3xf8E5M2>}> : () -> tensor<2x3xf8E5M2>
  %131 = "stablehlo.constant"() <{value = dense<[[0.1, 240.0, 0x80], [1.0, 0.001, 3.0]]> : tensor<2x3xf8E4M3FNUZ>}> : () -> tensor<2x3xf8E4M3FNUZ>
  %132 = "stablehlo.constant"() <{value = dense<[[0.1, 448.0, 57344.0], [1.0, 0.00001, 3.0]]> : tensor<2x3xf8E5M2FNUZ>}> : () -> tensor<2x3xf8E5M2FNUZ>
  %133 = "stablehlo.constant"() <{value = dense<[[0.1, 30.0, 0.0], [1.0, 0.001, 3.0]]> : tensor<2x3xf8E4M3B11FNUZ>}> : () -> tensor<2x3xf8E4M3B11FNUZ>
  %134 = "stablehlo.constant"() <{value = dense<[[(1.0, 2.0), (3.0, -0.0), (0x7F800000, 5.0)], [(1.0, 2.0), (3.0, 4.0), (4.5, 5.0)]]> : tensor<2x3xcomplex<f32>>}> : () -> tensor<2x3xcomplex<f32>>
  %135 = "stablehlo.constant"() <{value = dense<(1.0, 2.0)> : tensor<2x3xcomplex<f64>>}> {mhlo.x = 1 : i32} : () -> tensor<2x3xcomplex<f64>>
  %136 = "stablehlo.constant"() <{value = dense<"0x00254A6F94B9DE03284D7297BCE1062B50759ABFE4092E53789DC2E70C31567BA0C5EA0F34597EA3C8ED12375C81A6CBF0153A5F84A9CEF3183D6287ACD1F61B40658AAFD4F91E43688DB2D7FC21466B90B5DAFF24496E93B8DD02274C7196BBE0052A4F7499BEE3082D52779CC1E60B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14395E83A8CDF2173C6186ABD0F51A3F6489AED3F81D42678CB1D6FB20456A8FB4D9FE23486D92B7DC01264B7095BADF04294E7398BDE2072C51769BC0E50A2F54799EC3E80D32577CA1C6EB10355A7FA4C9EE13385D82A7CCF1163B6085AACFF4193E6388ADD2F71C41668BB0D5FA1F44698EB3D8FD22476C91B6DB00254A6F94B9DE03284D7297BCE1062B50759ABFE4092E53789DC2E70C31567BA0C5EA0F34597EA3C8ED12375C81A6CBF0153A5F84A9CEF3183D6287ACD1F61B40658AAFD4F91E43688DB2D7FC21466B90B5DAFF24496E93B8DD02274C7196BBE0052A4F7499BEE3082D52779CC1E60B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14395E83A8CDF2173C6186ABD0F51A3F6489AED3F81D42678CB1D6FB20456A8FB4D9FE23486D92B7DC01264B7095BADF04294E7398BDE2072C51769BC0E50A2F54799EC3E80D32577CA1C6EB10355A7FA4C9EE13385D82A7CCF1163B"> : tensor<120xf32>}> : () -> tensor<120xf32>
  %137 = "stablehlo.constant"() <{value = dense<[false, false, true, true, false, true, true, false, true, true, false, true, true, false, false, true, false, true, true, false, true, false, false, true, true, false, true, true, false, true, true, false, true, true, false, false, true, false, true, true, false, true, false, false, true, true, false, true, true, false, true, true, false, true, true, false, false, true, false, true, true, false, true, false, false, true, true, false, true, true, false, true, true, false, true, true, false, false, true, false, true, true, false, true, false, false, true, true, false, true, true, false, true, true, false, true, true, false, false, true, false, true, true, false, true, false, false, true, true, false, true, true, false, true, true, false, true, true, false, false]> : tensor<120xi1>}> : () -> tensor<120xi1>
  %138 = "stablehlo.constant"() <{value = dense<[-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1]> : tensor<120xi4>}> : () -> tensor<120xi4>
  %139 = "stablehlo.constant"() <{value = dense<> : tensor<0x3xf32>}> : () -> tensor<0x3xf32>
  %140 = "stablehlo.constant"() <{value = dense_resource<res> : tensor<2x3xf32>}> : () -> tensor<2x3xf32>
  %141 = "chlo.acos"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %142 = "chlo.acosh"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %143 = "chlo.asin"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %144 = "chlo.asinh"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %145 = "chlo.atan"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %146 = "chlo.atanh"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %147 = "chlo.bessel_i1e"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %148 = "chlo.conj"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %149 = "chlo.cosh"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %150 = "chlo.digamma"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %151 = "chlo.erf"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %152 = "chlo.erf_inv"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %153 = "chlo.erfc"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %154 = "chlo.lgamma"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %155 = "chlo.sinh"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %156 = "chlo.square"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %157 = "chlo.tan"(%f) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %158 = "chlo._asin_acos_kernel"(%c) : (tensor<2x3xcomplex<f32>>) -> tensor<2x3xcomplex<f32>>
  %159 = "chlo.is_inf"(%f) : (tensor<2x3xf32>) -> tensor<2x3xi1>
  %160 = "chlo.is_neg_inf"(%f) : (tensor<2x3xf32>) -> tensor<2x3xi1>
  %161 = "chlo.is_pos_inf"(%f) : (tensor<2x3xf32>) -> tensor<2x3xi1>
  %162 = "chlo.next_after"(%f, %f) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %163 = "chlo.polygamma"(%f, %f) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %164 = "chlo.zeta"(%f, %f) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %165 = "chlo.mulhi"(%i, %i) : (tensor<2x3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  %166 = "chlo.broadcast_add"(%f, %r) <{broadcast_dimensions = array<i64>}> : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %167 = "chlo.broadcast_atan2"(%f, %r) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %168 = "chlo.broadcast_divide"(%f, %r) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %169 = "chlo.broadcast_maximum"(%f, %r) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %170 = "chlo.broadcast_minimum"(%f, %r) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %171 = "chlo.broadcast_multiply"(%f, %r) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %172 = "chlo.broadcast_next_after"(%f, %r) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %173 = "chlo.broadcast_polygamma"(%f, %r) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %174 = "chlo.broadcast_power"(%f, %r) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %175 = "chlo.broadcast_remainder"(%f, %r) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %176 = "chlo.broadcast_subtract"(%f, %r) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %177 = "chlo.broadcast_zeta"(%f, %r) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %178 = "chlo.broadcast_and"(%i, %zi) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %179 = "chlo.broadcast_or"(%i, %zi) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %180 = "chlo.broadcast_xor"(%i, %zi) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %181 = "chlo.broadcast_shift_left"(%i, %zi) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %182 = "chlo.broadcast_shift_right_arithmetic"(%i, %zi) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %183 = "chlo.broadcast_shift_right_logical"(%i, %zi) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %184 = "chlo.broadcast_compare"(%f, %r) <{comparison_direction = #chlo<comparison_direction EQ>, compare_type = #chlo<comparison_type FLOAT>}> : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xi1>
  %185 = "chlo.broadcast_complex"(%f, %r) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xcomplex<f32>>
  %186 = "chlo.broadcast_select"(%p, %f, %r) : (tensor<i1>, tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %187 = "chlo.constant"() <{value = dense<1> : tensor<2xi32>}> : () -> tensor<2xi32>
  %188 = "chlo.constant_like"(%d) <{value = 1.5 : f32}> : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %189:2 = "chlo.top_k"(%f) <{k = 2 : i64}> : (tensor<2x3xf32>) -> (tensor<2x2xf32>, tensor<2x2xi32>)
  %190 = "chlo.ragged_dot"(%f, %t3b, %gs) <{ragged_dot_dimension_numbers = #chlo.ragged_dot<lhs_batching_dimensions = [], rhs_batching_dimensions = [], lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>, precision_config = [#chlo<precision DEFAULT>, #chlo<precision DEFAULT>]}> : (tensor<2x3xf32>, tensor<2x3x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  %191 = "func.call"(%f) <{callee = @decomposed}> : (tensor<2x3xf32>) -> tensor<2x3xf32>
  "func.call"() <{callee = @nothing}> : () -> ()
  %193 = "sdy.sharding_constraint"(%f) <{sharding = #sdy.sharding<@mesh, [{"x"}, {}]>}> : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %f, %f : tensor<2x3xf32>, tensor<2x3xf32>
}
}
{-#
  dialect_resources: {
    builtin: {
      res: "0x040000000000803F0000004000004040000080400000A0400000C040"
    }
  }
#-}
