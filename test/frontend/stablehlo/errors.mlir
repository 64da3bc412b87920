// RUN: %tfcc-opt --verify-diagnostics %s
// What is not supported, or is not what an op takes, is told all at once.
module {
  func.func @main(%x: tensor<2x3xf32>, %i: tensor<2x3xi32>, %n: tensor<i32>, %v: tensor<2xi64>, %q: tensor<4xui64>, %d: tensor<?xf32>, %cond: tensor<i1>) -> tensor<2x3xf32> {
    %t0 = "stablehlo.infeed"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32> // expected-error {{stablehlo.infeed: is not supported: there is no host to be fed from}}
    %t1 = "stablehlo.frobnicate"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32> // expected-error {{stablehlo.frobnicate: this op is not supported}}
    // What is refused is not told again where it is used.
    %t2 = stablehlo.add %t1, %t0 : tensor<2x3xf32>
    %t3 = "stablehlo.custom_call"(%x) {call_target_name = "my_kernel"} : (tensor<2x3xf32>) -> tensor<2x3xf32> // expected-error {{stablehlo.custom_call: target 'my_kernel' is not supported}}
    %t4 = "stablehlo.abs"(%x) : (tensor<2x3xf32>) -> tensor<3x2xf32> // expected-error {{stablehlo.abs: the result is declared as tensor<3x2xf32>, but what the operands give is f32[2, 3]}}
    // expected-error@+1 {{stablehlo.abs: the result is declared as tuple<tensor<2x3xf32>>, but is a tensor}}
    %t5 = "stablehlo.abs"(%x) : (tensor<2x3xf32>) -> tuple<tensor<2x3xf32>>
    %t6 = "stablehlo.transpose"(%x) : (tensor<2x3xf32>) -> tensor<3x2xf32> // expected-error {{stablehlo.transpose: attribute 'permutation' is missing}}
    %t7 = "stablehlo.transpose"(%x) {permutation = "1, 0"} : (tensor<2x3xf32>) -> tensor<3x2xf32> // expected-error {{stablehlo.transpose: attribute 'permutation' is not a list of integers}}
    %t8 = "stablehlo.iota"() {iota_dimension = "0"} : () -> tensor<4xi32> // expected-error {{stablehlo.iota: attribute 'iota_dimension' is not an integer}}
    %t9 = "stablehlo.reduce_window"(%x, %x) ({
    }) {window_dimensions = array<i64: 1, 1>, padding = array<i64: 1, 2, 3>} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32> // expected-error {{stablehlo.reduce_window: attribute 'padding' is not a list of pairs of integers}}
    %t10 = "stablehlo.gather"(%x, %n) {slice_sizes = array<i64: 1, 1>, indices_are_sorted = "no"} : (tensor<2x3xf32>, tensor<i32>) -> tensor<1x1xf32> // expected-error {{stablehlo.gather: attribute 'indices_are_sorted' is not true or false}}
    %t11 = "stablehlo.einsum"(%x, %x) {einsum_config = 4 : i64} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x2xf32> // expected-error {{stablehlo.einsum: attribute 'einsum_config' is not a text}}
    %t12 = "stablehlo.batch_norm_inference"(%x, %x, %x, %x, %x) {feature_index = 1 : i64, epsilon = "a"} : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32> // expected-error {{stablehlo.batch_norm_inference: attribute 'epsilon' is not a number}}
    %t13 = "stablehlo.iota"() {iota_dimension = 0 : i64} : () -> tensor<?xi32> // expected-error {{stablehlo.iota: axis 0 of type tensor<?xi32> has no extent here}}
    %t14 = "stablehlo.iota"() {iota_dimension = 0 : i64} : () -> tensor<*xi32> // expected-error {{stablehlo.iota: type tensor<*xi32> has no rank, wanted a tensor of known rank}}
    %t15 = "stablehlo.iota"() {iota_dimension = 0 : i64} : () -> tensor<1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1xi32> // expected-error {{stablehlo.iota: type tensor<1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1xi32> has more axes than are supported}}
    %t16 = "stablehlo.convert"(%x) : (tensor<2x3xf32>) -> tensor<2x3xi3> // expected-error {{stablehlo.convert: element type i3 is not supported}}
    %t17 = "stablehlo.constant"() {value = "1"} : () -> tensor<i32> // expected-error {{stablehlo.constant: attribute 'value' is not dense<...>}}
    %t18 = "stablehlo.constant"() : () -> tensor<i32> // expected-error {{stablehlo.constant: attribute 'value' is missing}}
    %t19 = "stablehlo.reverse"() {dimensions = array<i64: 0>} : () -> tensor<i32> // expected-error {{reverse: 0 operands found, wanted 1}}
    %t20 = "stablehlo.custom_call"() {call_target_name = "stablehlo.dynamic_top_k"} : () -> tensor<i32> // expected-error {{stablehlo.custom_call: 0 operands found, wanted at least 2}}
    "stablehlo.transpose"(%x) {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> () // expected-error {{stablehlo.transpose: no result is declared, wanted one at least}}
    %t21:2 = "stablehlo.abs"(%x) : (tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) // expected-error {{stablehlo.abs: 2 results declared, but there are 1}}
    %t22 = "stablehlo.reduce"(%x, %x) {dimensions = array<i64: 0>} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<3xf32> // expected-error {{stablehlo.reduce: 0 regions found, wanted 1}}
    %t23 = "chlo.broadcast_add"(%x, %n) {broadcast_dimensions = array<i64: 7>} : (tensor<2x3xf32>, tensor<i32>) -> tensor<2x3xf32> // expected-error {{add: operand 1 has element type i32, wanted f32}}
    // expected-note@-1 {{operand 1 is defined here}}
    %t24 = "stablehlo.reduce"(%x, %n) ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %s = stablehlo.add %a, %b : tensor<f32>
    }) {dimensions = array<i64: 0>} : (tensor<2x3xf32>, tensor<i32>) -> tensor<3xf32> // expected-error@-3 {{stablehlo.reduce: region 0 does not end with a return}}
    %t25 = "stablehlo.case"(%n) : (tensor<i32>) -> tensor<3xf32> // expected-error {{stablehlo.case: has no branch, wanted at least one}}
    %t26 = "stablehlo.if"(%n) : (tensor<i32>) -> tensor<3xf32> // expected-error {{stablehlo.if: region 0 is missing or empty}} expected-error {{stablehlo.if: region 1 is missing or empty}}
    %t27 = "stablehlo.map"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32> // expected-error {{stablehlo.map: the region does not take as many arguments as there are operands}}
    %t28 = "stablehlo.map"(%x) ({
    ^bb0(%a: tensor<f32>):
    }) : (tensor<2x3xf32>) -> tensor<2x3xf32> // expected-error@-2 {{stablehlo.map: the region does not give as many values as there are results}}
    %t29 = "stablehlo.tuple"(%x) : (tensor<2x3xf32>) -> tuple<tensor<2x3xf32>>
    // expected-error@+1 {{stablehlo.get_tuple_element: attribute 'index' is 2, but the tuple has 1 parts}}
    %t30 = "stablehlo.get_tuple_element"(%t29) {index = 2 : i32} : (tuple<tensor<2x3xf32>>) -> tensor<2x3xf32>
    // expected-error@+1 {{stablehlo.abs: operand 0 is of type tuple<tensor<2x3xf32>>, wanted a tensor}}
    %t31 = "stablehlo.abs"(%t29) : (tuple<tensor<2x3xf32>>) -> tensor<2x3xf32>
    %t32:2 = "sdy.sharding_constraint"(%x) : (tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) // expected-error {{sdy.sharding_constraint: 2 results declared of 1 operands}}
    %t33 = "func.call"(%x) {callee = @two} : (tensor<2x3xf32>) -> tensor<2x3xf32> // expected-error {{func.call: 1 operand found, but @two takes 2}}
    %t34 = "func.call"(%x, %x) {callee = @two} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32> // expected-error {{func.call: @two does not return as many values as there are results}}
    %t35 = "func.call"(%x) {callee = @none} : (tensor<2x3xf32>) -> tensor<2x3xf32> // expected-error {{func.call: there is no function @none}}
    %t36 = "func.call"(%x) {callee = @self} : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %t37:2 = "stablehlo.while"(%n, %n) ({
    ^bb0(%a: tensor<i32>, %b: tuple<tuple<tensor<i32>>>): // expected-error {{stablehlo.while: type tuple<tuple<tensor<i32>>> is not supported as an argument of a region}}
    }, {
    ^bb0(%a: tensor<i32>, %b: tensor<i32>):
      stablehlo.return %a, %b : tensor<i32>, tensor<i32>
    }) : (tensor<i32>, tensor<i32>) -> (tensor<i32>, tensor<i32>)
    %t38 = "stablehlo.compare"(%x) {comparison_direction = #stablehlo<comparison_direction LT>} : (tensor<2x3xf32>) -> tensor<2x3xi1> // expected-error {{stablehlo.compare: 1 operand found, wanted two}}
    %t39 = "stablehlo.compare"(%x, %x) {comparison_direction = #stablehlo<comparison_direction XX>} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1> // expected-error {{stablehlo.compare: attribute 'comparison_direction' is none of EQ, NE, LT, LE, GT and GE}}
    "stablehlo.compare"(%x, %x) {comparison_direction = #stablehlo<comparison_direction LT>} : (tensor<2x3xf32>, tensor<2x3xf32>) -> () // expected-error {{stablehlo.compare: 0 results declared, wanted at least 1}}
    %t40 = "stablehlo.dot"(%x, %n) : (tensor<2x3xf32>, tensor<i32>) -> tensor<2xf32> // expected-error {{stablehlo.dot: operands have the ranks 2 and 0, wanted 1 or 2}}
    %t41:2 = "stablehlo.dot"(%x, %x) : (tensor<2x3xf32>, tensor<2x3xf32>) -> (tensor<2xf32>, tensor<2xf32>) // expected-error {{stablehlo.dot: 2 results declared, wanted one}}
    %t42 = "stablehlo.broadcast"(%x) {broadcast_sizes = array<i64: 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32> // expected-error {{stablehlo.broadcast: the result has rank 18; at most 16 is supported}}
    %t43 = "stablehlo.torch_index_select"(%x, %i) {dim = 7 : i64, batch_dims = 0 : i64} : (tensor<2x3xf32>, tensor<2x3xi32>) -> tensor<2x3xf32> // expected-error {{stablehlo.torch_index_select: attributes 'dim' and 'batch_dims' are 7 and 0, wanted 0 <= batch_dims <= dim < 2}}
    %t44 = "chlo.broadcast_add"(%x, %v) {broadcast_dimensions = array<i64: 7>} : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<2x3xf32> // expected-error {{chlo.broadcast_add: attribute 'broadcast_dimensions' has the axis 7, wanted 0 to 1}}
    // Sizes.
    %n1 = "stablehlo.reshape"(%n) : (tensor<i32>) -> tensor<1xi32>
    %t45 = "stablehlo.dynamic_iota"(%v) {iota_dimension = 0 : i64} : (tensor<2xi64>) -> tensor<?x?xi32> // expected-error {{stablehlo.dynamic_iota: operand 0 does not follow from the sizes of inputs}}
    %five = stablehlo.constant dense<5> : tensor<1xi32>
    %n2 = "stablehlo.concatenate"(%five, %n1) {dimension = 0 : i64} : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
    %t46 = "stablehlo.dynamic_iota"(%n2) {iota_dimension = 0 : i64} : (tensor<2xi32>) -> tensor<?x?xi32> // expected-error {{stablehlo.dynamic_iota: element 1 of operand 0 does not follow from the sizes of inputs}}
    %t47 = "stablehlo.get_dimension_size"(%x) {dimension = 2 : i64} : (tensor<2x3xf32>) -> tensor<i32> // expected-error {{stablehlo.get_dimension_size: attribute 'dimension' is 2, but the operand has rank 2}}
    %t48 = "stablehlo.set_dimension_size"(%x, %n) {dimension = 2 : i64} : (tensor<2x3xf32>, tensor<i32>) -> tensor<2x3xf32> // expected-error {{stablehlo.set_dimension_size: attribute 'dimension' is 2, but the operand has rank 2}}
    %t49 = "stablehlo.set_dimension_size"(%x, %n1) {dimension = 1 : i64} : (tensor<2x3xf32>, tensor<1xi32>) -> tensor<2x?xf32> // expected-error {{stablehlo.set_dimension_size: operand 1 is tensor<1xi32>, wanted a scalar}}
    "stablehlo.custom_call"() {call_target_name = "shape_assertion"} : () -> () // expected-error {{stablehlo.custom_call: has no operand, wanted a condition}}
    %no = stablehlo.constant dense<false> : tensor<i1>
    "stablehlo.custom_call"(%no) {call_target_name = "shape_assertion", error_message = "b is odd"} : (tensor<i1>) -> () // expected-error {{stablehlo.custom_call: never holds: b is odd}}
    %p = "stablehlo.convert"(%n) : (tensor<i32>) -> tensor<i1>
    "stablehlo.custom_call"(%p) {call_target_name = "shape_assertion"} : (tensor<i1>) -> () // expected-error {{stablehlo.custom_call: the condition is no comparison of sizes}}
    %q1 = "stablehlo.compare"(%n, %n) {comparison_direction = #stablehlo<comparison_direction LT>} : (tensor<i32>, tensor<i32>) -> tensor<i1>
    "stablehlo.custom_call"(%q1) {call_target_name = "shape_assertion"} : (tensor<i1>) -> () // expected-error {{stablehlo.custom_call: what is compared does not follow from the sizes of inputs}}
    %f = stablehlo.constant dense<1.0> : tensor<f32>
    %t50 = "stablehlo.dynamic_pad"(%x, %f, %five, %five, %five) : (tensor<2x3xf32>, tensor<f32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x?xf32> // expected-error {{stablehlo.dynamic_pad: the amounts are not one for each axis}}
    %t51 = "stablehlo.custom_call"(%x) {call_target_name = "stablehlo.dynamic_reduce_window"} : (tensor<2x3xf32>) -> tensor<2x3xf32> // expected-error {{stablehlo.custom_call: the operands, or 'called_computations', are not those of a reduce_window}}
    %t52 = "stablehlo.custom_call"(%x, %f, %five, %five, %five, %five, %five) {call_target_name = "stablehlo.dynamic_reduce_window", called_computations = [@two]} : (tensor<2x3xf32>, tensor<f32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<2x3xf32> // expected-error {{stablehlo.custom_call: the window is not given for each axis}}
    %w = "stablehlo.get_dimension_size"(%d) {dimension = 0 : i64} : (tensor<?xf32>) -> tensor<i32>
    %w1 = "stablehlo.reshape"(%w) : (tensor<i32>) -> tensor<1xi32>
    %two0 = stablehlo.constant dense<0> : tensor<1x2xi32>
    %t55 = "stablehlo.custom_call"(%d, %f, %five, %w1, %five, %five, %two0) {call_target_name = "stablehlo.dynamic_reduce_window", called_computations = [@two]} : (tensor<?xf32>, tensor<f32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1x2xi32>) -> tensor<?xf32> // expected-error {{stablehlo.custom_call: strides and dilations depend on the sizes of inputs, wanted numbers}}
    %t56 = "stablehlo.custom_call"(%d, %f, %w1, %five, %five, %five, %two0) {call_target_name = "stablehlo.dynamic_reduce_window", called_computations = [@two]} : (tensor<?xf32>, tensor<f32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1x2xi32>) -> tensor<?xf32> // expected-error {{stablehlo.custom_call: the window depends on the sizes of inputs, and is not that of a running sum}}
    %t57 = "stablehlo.custom_call"(%d, %f, %five, %five, %five, %five, %two0) {call_target_name = "stablehlo.dynamic_reduce_window", called_computations = [@nobody]} : (tensor<?xf32>, tensor<f32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1x2xi32>) -> tensor<?xf32> // expected-error {{stablehlo.custom_call: there is no function @nobody to reduce with}}
    %t58 = "stablehlo.dynamic_conv"(%x, %x, %w1) : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<1xi32>) -> tensor<2x3xf32> // expected-error {{stablehlo.dynamic_conv: element 0 of operand 2 depends on the sizes of inputs, wanted a number}}
    %t59:2 = "stablehlo.if"(%cond) ({
      stablehlo.return %x : tensor<2x3xf32>
    }, {
      stablehlo.return %x : tensor<2x3xf32>
    }) : (tensor<i1>) -> (tensor<2x3xf32>, tensor<2x3xf32>) // expected-error@-4 {{stablehlo.if: 2 results declared, but there are 1}}
    %t62 = "stablehlo.rng"(%f, %f, %five) {rng_distribution = #stablehlo<rng_distribution POISSON>} : (tensor<f32>, tensor<f32>, tensor<1xi32>) -> tensor<5xf32> // expected-error {{stablehlo.rng: attribute 'rng_distribution' is neither UNIFORM nor NORMAL}}
    %t63:2 = "stablehlo.rng_bit_generator"(%q) {rng_algorithm = #stablehlo<rng_algorithm DICE>} : (tensor<4xui64>) -> (tensor<4xui64>, tensor<4xui64>) // expected-error {{stablehlo.rng_bit_generator: attribute 'rng_algorithm' is none of DEFAULT, THREE_FRY and PHILOX}}
    %t64 = "stablehlo.triangular_solve"(%x, %x) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose TWICE>} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32> // expected-error {{stablehlo.triangular_solve: attribute 'transpose_a' is none of NO_TRANSPOSE, TRANSPOSE and ADJOINT}}
    %t60 = chlo.mulhi %x, %x : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x3xf32> // expected-error {{chlo.mulhi: operands are tensor<2x3xf32> and tensor<2x3xf32>, wanted integers of one type}}
    %t61 = "stablehlo.async_done"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32> // expected-error {{stablehlo.async_done: 1 results declared, but 0 are awaited}}
    %t53 = "stablehlo.rng"(%x, %f, %five) {rng_distribution = #stablehlo<rng_distribution UNIFORM>} : (tensor<2x3xf32>, tensor<f32>, tensor<1xi32>) -> tensor<5xf32> // expected-error {{stablehlo.rng: operands 0 and 1 are not scalars}}
    %t54 = "stablehlo.rng_bit_generator"(%q) {rng_algorithm = #stablehlo<rng_algorithm PHILOX>} : (tensor<4xui64>) -> tensor<4xui64> // expected-error {{stablehlo.rng_bit_generator: 1 results declared, wanted two}}
    %t66 = "stablehlo.fft"(%x) {fft_length = array<i64: 3>} : (tensor<2x3xf32>) -> tensor<2x2xcomplex<f32>> // expected-error {{stablehlo.fft: attribute 'fft_type' is none of FFT, IFFT, RFFT and IRFFT}}
    %t67 = "stablehlo.fft"(%x) {fft_type = #stablehlo<fft_type RFFT>} : (tensor<2x3xf32>) -> tensor<2x2xcomplex<f32>> // expected-error {{fft: 'length' has 0 entries, wanted 1 to 3}}
    %t68 = "stablehlo.complex"(%x, %n) : (tensor<2x3xf32>, tensor<i32>) -> tensor<2x3xcomplex<f32>> // expected-error {{complex: operand 1 has element type i32, wanted f32 like operand 0; use convert}} expected-note {{operand 1 is defined here}}
    %t69 = "stablehlo.complex"(%x, %x) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xcomplex<f16>> // expected-error {{stablehlo.complex: element type complex<f16> is not supported}}
    return %x : tensor<2x3xf32>
  }
  func.func private @two(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
    return %x, %y : tensor<2x3xf32>, tensor<2x3xf32>
  }
  func.func private @self(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %y = "func.call"(%x) {callee = @self} : (tensor<2x3xf32>) -> tensor<2x3xf32> // expected-error {{func.call: @self calls itself; recursion is not supported}}
    return %y : tensor<2x3xf32>
  }
}
