#!/usr/bin/env python3
"""Makes programs/tensorflow.zip: functions and Keras models as TensorFlow writes them in StableHLO, and what it computes for them.

    python -m venv venv && venv/bin/pip install tensorflow-cpu==2.21.0
    venv/bin/python test/conformance/stablehlo/tf_make.py

Variables that a function captures are inputs behind its own; those that it changes are results behind its own.
"""
import os
import re
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
from store import Programs  # noqa: E402

rng = np.random.default_rng(7)
linalg, image, nn, math = tf.linalg, tf.image, tf.nn, tf.math


def f32(*shape):
    return rng.uniform(-2, 2, shape).astype(np.float32)


def f64(*shape):
    return rng.uniform(-2, 2, shape)


def i32(*values):
    return np.array(values, np.int32)


CASES = []


def case(name, ins, tol=None):
    """The function below is the program."""
    def add(fn):
        CASES.append((name, fn, ins, tol))
        return fn
    return add


case("mlp", [f32(5, 7), f32(7, 3), f32(3)])(lambda x, w, b: nn.softmax(nn.relu(x @ w + b)))
case("conv", [f32(2, 13, 15, 3), f32(3, 3, 3, 8), f32(8)], tol=1e-5)(
    lambda x, w, b: nn.max_pool2d(nn.relu(nn.conv2d(x, w, 2, "SAME") + b), 2, 2, "VALID"))
case("conv_dilated", [f32(2, 9, 9, 3), f32(3, 3, 3, 4)], tol=1e-5)(lambda x, w: nn.conv2d(x, w, 1, "VALID", dilations=2))
case("conv_grouped", [f32(2, 8, 8, 6), f32(3, 3, 3, 4)], tol=1e-5)(lambda x, w: nn.conv2d(x, w, 1, "SAME"))
case("conv_depthwise", [f32(2, 9, 9, 4), f32(3, 3, 4, 2)], tol=1e-5)(lambda x, w: nn.depthwise_conv2d(x, w, [1, 1, 1, 1], "SAME"))
case("conv_separable", [f32(1, 7, 7, 4), f32(3, 3, 4, 2), f32(1, 1, 8, 5)], tol=1e-5)(
    lambda x, d, p: nn.separable_conv2d(x, d, p, [1, 2, 2, 1], "SAME"))
case("conv_transpose", [f32(2, 4, 4, 5), f32(3, 3, 3, 5)], tol=1e-5)(lambda x, w: nn.conv2d_transpose(x, w, [2, 8, 8, 3], 2))
case("conv3d", [f32(1, 4, 5, 6, 2), f32(2, 3, 3, 2, 4)], tol=1e-5)(lambda x, w: nn.conv3d(x, w, [1, 1, 1, 1, 1], "SAME"))
case("pool_average", [f32(2, 7, 9, 3)])(lambda x: nn.avg_pool2d(x, 3, 2, "SAME"))
case("lrn", [f32(1, 4, 4, 9)])(lambda x: nn.local_response_normalization(x))
case("layer_norm", [f32(4, 33)])(
    lambda x: (x - tf.reduce_mean(x, -1, keepdims=True)) * math.rsqrt(math.reduce_variance(x, -1, keepdims=True) + 1e-5))
case("batch_norm_training", [f32(3, 4, 4, 5), f32(5), f32(5)])(
    lambda x, s, o: tf.compat.v1.nn.fused_batch_norm(x, s, o, is_training=True)[:3])
case("activations", [f32(40)])(lambda x: (nn.gelu(x), nn.selu(x), nn.silu(x), nn.elu(x), nn.softplus(x), nn.relu6(x), nn.leaky_relu(x)))
case("log_softmax", [f32(4, 5)])(lambda x: nn.log_softmax(x))
case("cross_entropy", [f32(4, 5), i32(1, 2, 3, 4)])(lambda x, y: nn.sparse_softmax_cross_entropy_with_logits(y, x))
case("fake_quant", [f32(9)])(lambda x: tf.quantization.fake_quant_with_min_max_args(x, -1, 1))

case("gather", [f32(4, 9), i32(3, 1, 8, 0)])(lambda x, i: tf.gather(x, i, axis=1))
case("gather_nd", [f32(4, 9), np.array([[1, 2], [3, 8]], np.int32)])(lambda x, i: tf.gather_nd(x, i))
case("scatter_add", [f32(9, 4), np.array([[1], [3], [1]], np.int32), f32(3, 4)])(lambda x, i, u: tf.tensor_scatter_nd_add(x, i, u))
case("scatter_update", [f32(9, 4), np.array([[1], [3]], np.int32), f32(2, 4)])(lambda x, i, u: tf.tensor_scatter_nd_update(x, i, u))
case("segment_sum", [f32(6, 3), i32(0, 3, 1, 1, 2, 0)])(lambda x, i: math.unsorted_segment_sum(x, i, 4))
case("one_hot", [np.array([[0, 4], [2, 9]], np.int32)])(lambda i: tf.one_hot(i, 5, axis=1))
case("pad_reflect", [f32(4, 5)])(lambda x: tf.pad(x, [[1, 2], [0, 3]], "REFLECT"))
case("strided_slice", [f32(7, 5)])(lambda x: x[1:-1:2, ::-1])
case("where", [f32(4, 5), f32(4, 5)])(lambda x, y: tf.where(x > 0, x, y))
case("where_indices", [f32(4, 5)])(lambda x: tf.shape(tf.where(x > 0)))
case("unique", [i32(3, 1, 3, 2)])(lambda x: tf.size(tf.unique(x)[0]))
case("transpose", [f32(2, 3, 4)])(lambda x: tf.transpose(x, [2, 0, 1]))
case("space_to_depth", [f32(1, 4, 6, 3)])(lambda x: tf.nn.space_to_depth(x, 2))
case("einsum", [f32(2, 3, 5, 4), f32(2, 3, 6, 4)])(lambda a, b: tf.einsum("bhtd,bhsd->bhts", a, b))
case("top_k", [f32(4, 17)])(lambda x: math.top_k(x, 3))
case("sort", [f32(4, 17)])(lambda x: (tf.sort(x, axis=-1), tf.argsort(x, axis=-1)))
case("cumulate", [f32(4, 6)])(lambda x: (tf.cumsum(x, axis=1, exclusive=True), math.cumprod(x, axis=0, reverse=True)))
case("arg_max", [f32(4, 5)])(lambda x: (tf.argmax(x, 1), tf.reduce_any(x > 1, 0), tf.reduce_max(x), tf.reduce_prod(x, 1)))

case("while", [f32(4)])(lambda x: tf.while_loop(lambda i, a: i < 10, lambda i, a: (i + 1, a * 1.1 + 0.5), [tf.constant(0), x]))
case("cond", [f32(4)])(lambda x: tf.cond(tf.reduce_sum(x) > 0, lambda: x * 2, lambda: x - 1))
case("switch_case", [np.array(1, np.int32), f32(3)])(lambda i, x: tf.switch_case(i, [lambda: x, lambda: -x, lambda: x * x]))
case("map", [f32(4, 5)])(lambda x: tf.map_fn(lambda r: tf.reduce_sum(r * r), x))
case("scan", [f32(6, 3)])(lambda x: tf.scan(lambda a, r: a * 0.5 + r, x))

case("resize_bilinear", [f32(1, 5, 6, 2)])(lambda x: image.resize(x, [7, 11]))
case("resize_nearest", [f32(1, 5, 6, 2)])(lambda x: image.resize(x, [10, 9], "nearest"))
case("rfft", [f32(3, 32)], tol=1e-5)(lambda x: tf.signal.rfft(x))
case("fft2d", [f32(8, 6), f32(8, 6)], tol=1e-5)(lambda x, y: tf.signal.ifft2d(tf.signal.fft2d(tf.complex(x, y)) * 2))
case("complex", [f32(5), f32(5)])(lambda x, y: (tf.abs(tf.complex(x, y) * tf.complex(y, x)), math.angle(tf.complex(x, y))))
case("special", [f32(11)])(lambda x: (math.erf(x), math.lgamma(abs(x) + 1), math.digamma(abs(x) + 1), math.erfinv(x / 9)))
case("incomplete_gamma", [f32(11)], tol=1e-4)(lambda x: (math.igamma(abs(x) + 1, abs(x)), math.igammac(abs(x) + 1, abs(x))))
case("bessel_zeta", [f32(8)], tol=1e-4)(
    lambda x: (math.bessel_i0e(x), math.bessel_i1e(x), math.zeta(abs(x) + 2, abs(x) + 1), math.polygamma(2.0, abs(x) + 1)))
case("beta_inc", [f32(8)], tol=1e-4)(lambda x: math.betainc(abs(x) + 1, abs(x) + .5, abs(math.sin(x))))
case("bits", [i32(1, 5, 99, -7)])(lambda x: (tf.bitwise.left_shift(x, 3), tf.bitwise.bitwise_xor(x, 77), tf.raw_ops.PopulationCount(x=x)))
case("integers", [np.array([10, -7, 3], np.int64)])(lambda x: (x // 3, x % 5, math.floormod(-x, 7)))
case("casts", [f32(7)])(lambda x: (tf.cast(x, tf.bfloat16) * 2, tf.cast(x, tf.int8), tf.cast(x, tf.float16), tf.cast(x, tf.float64)))
case("random_uniform", [i32(1, 2)])(lambda s: tf.random.stateless_uniform([4, 3], s))
case("random_normal", [i32(3, 4)], tol=1e-5)(lambda s: tf.random.stateless_normal([5], s))
case("f64", [f64(5, 7), f64(7, 3)])(lambda x, w: nn.softmax(tf.tanh(x @ w)))

case("qr", [f32(6, 4)])(lambda a: linalg.qr(a))
case("qr_full", [f32(2, 6, 4)])(lambda a: linalg.qr(a, full_matrices=True))
case("eigh_values", [f32(6, 6)])(lambda a: linalg.eigh(a + tf.transpose(a))[0])
case("svd_values", [f32(6, 4)])(lambda a: linalg.svd(a, compute_uv=False))
case("solve", [f32(5, 5), f32(5, 2)])(lambda a, b: linalg.solve(a + 9 * tf.eye(5), b))
case("inverse", [f32(5, 5)])(lambda a: linalg.inv(a + 9 * tf.eye(5)))
case("triangular_solve", [f32(5, 5), f32(5, 2)])(lambda a, b: linalg.triangular_solve(a + 9 * tf.eye(5), b))
case("cholesky", [f32(6, 6)])(lambda a: linalg.cholesky(tf.matmul(a, a, transpose_b=True) + 3 * tf.eye(6)))


def keras(name, layer, *shape, tol=None, **options):
    x = f32(*shape)
    layer(x, **options)
    for v in layer.weights:
        if v.dtype == "float32":
            v.assign(f32(*v.shape) / 3 + (1 if "variance" in v.name else 0))
    CASES.append((name, lambda a: layer(a, **options), [x], tol))


L = tf.keras.layers
keras("keras_lstm", L.LSTM(6, return_sequences=True), 3, 7, 5)
keras("keras_gru", L.GRU(6), 3, 7, 5)
keras("keras_bidirectional", L.Bidirectional(L.SimpleRNN(4, return_sequences=True)), 2, 5, 3)
keras("keras_convnet", tf.keras.Sequential([
    L.Conv2D(4, 3, padding="same"), L.BatchNormalization(), L.ReLU(), L.MaxPooling2D(), L.DepthwiseConv2D(3),
    L.GlobalAveragePooling2D(), L.Dense(5, activation="softmax")]), 2, 12, 12, 3, training=False)
attention = L.MultiHeadAttention(2, 4)
attention(q := f32(2, 5, 8), q)
CASES.append(("keras_attention", lambda x: attention(x, x, use_causal_mask=True), [q], None))
keras("keras_layer_norm", L.LayerNormalization(), 3, 9)

case("gradient_pool", [f32(1, 4, 4, 2)])(lambda x: tf.gradients(nn.max_pool2d(x, 2, 2, "VALID") * 2, x))
case("gradient_conv", [f32(1, 6, 6, 2), f32(3, 3, 2, 3)], tol=1e-5)(lambda x, w: tf.gradients(tf.tanh(nn.conv2d(x, w, 2, "SAME")), [x, w]))
weights, bias = tf.Variable(f32(16, 4)), tf.Variable(f32(4))


@case("training_step", [f32(8, 16), i32(0, 1, 2, 3, 3, 2, 1, 0)])
def step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(nn.sparse_softmax_cross_entropy_with_logits(y, x @ weights + bias))
    for v, g in zip((weights, bias), tape.gradient(loss, (weights, bias))):
        v.assign_sub(0.1 * g)
    return loss


def number(v):
    return np.asarray(v.numpy())


def main():
    group = Programs("tensorflow")
    for name, fn, ins, tol in CASES:
        compiled = tf.function(fn, jit_compile=True)
        args = [tf.constant(a) for a in ins]
        concrete = compiled.get_concrete_function(*args)
        held = {id(v.handle): v for v in concrete.variables}
        captured = [held.get(id(c), c) for c in concrete.captured_inputs]
        before = [number(v) for v in captured]
        text = compiled.experimental_get_compiler_ir(*args)(stage="stablehlo")
        out = [number(v) for v in tf.nest.flatten(compiled(*args))]
        after = [number(v) for v in captured]
        out += [b for a, b in zip(before, after) if not np.array_equal(a, b)]
        # Locations may name files of this machine: only their ends stay.
        text = re.sub(r'"/[^"\n]*/', '"', text)
        group.store(name, text, [*ins, *before], out, tol)
    print(f"{len(group.index)} programs, {group.write(os.path.join(here, 'programs'))} bytes")


if __name__ == "__main__":
    main()
