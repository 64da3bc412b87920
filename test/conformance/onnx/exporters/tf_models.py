"""Models that tf2onnx writes, from Keras: a convolutional network and a recurrent one; dynamic batch."""
import numpy as np
import tensorflow as tf
import tf2onnx

rng = np.random.default_rng(0)


def cnn():
    k = tf.keras.layers
    model = tf.keras.Sequential([tf.keras.Input((28, 28, 1), name="image"), k.Conv2D(8, 3, activation="relu"), k.BatchNormalization(), k.MaxPooling2D(),
                                 k.DepthwiseConv2D(3, padding="same"), k.Conv2D(16, 3, strides=2, padding="same", activation="swish"),
                                 k.GlobalAveragePooling2D(), k.Dense(10, activation="softmax")])
    return model, [rng.standard_normal((n, 28, 28, 1)).astype(np.float32) for n in (1, 4)]


def gru():
    k = tf.keras.layers
    model = tf.keras.Sequential([tf.keras.Input((12,), dtype="int32", name="words"), k.Embedding(100, 16), k.Bidirectional(k.GRU(12, return_sequences=True)),
                                 k.LayerNormalization(), k.LSTM(8), k.Dense(3)])
    return model, [rng.integers(0, 100, (n, 12)).astype(np.int32) for n in (1, 4)]


MODELS = {"tf_cnn": cnn, "tf_gru": gru}


def export(name, path):
    tf.keras.utils.set_random_seed(0)
    model, inputs = MODELS[name]()
    spec = tf.TensorSpec([None, *inputs[0].shape[1:]], tf.as_dtype(inputs[0].dtype), name="x")
    proto, _ = tf2onnx.convert.from_function(tf.function(lambda x: model(x)), [spec], opset=18)
    with open(path, "wb") as f:
        f.write(proto.SerializeToString())
    return [{proto.graph.input[0].name: v} for v in inputs]
