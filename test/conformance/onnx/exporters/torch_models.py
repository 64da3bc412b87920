"""Models that torch.onnx.export writes: random weights, dynamic batch.  A maker gives (module, example inputs, dynamic axes, further
inputs): all inputs are dicts of NumPy arrays by name."""
import numpy as np
import torch
import torchvision
import transformers

rng = np.random.default_rng(0)


def image(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def vision(make, size=224):
    """An image classifier; batch norm gets statistics that are not 0 and 1."""
    def maker():
        model = make().eval()
        for m in model.modules():
            if isinstance(m, torch.nn.BatchNorm2d):
                torch.nn.init.uniform_(m.running_mean, -0.2, 0.2)
                torch.nn.init.uniform_(m.running_var, 0.5, 1.5)
        return model, {"image": image(2, 3, size, size)}, {"image": {0: "batch"}}, [{"image": image(1, 3, size, size)}, {"image": image(3, 3, size, size)}]
    return maker


def vit():
    model = torchvision.models.VisionTransformer(image_size=224, patch_size=16, num_layers=12, num_heads=3, hidden_dim=192, mlp_dim=768)
    torch.nn.init.normal_(model.heads.head.weight, std=0.1)        # it begins as zeros
    return model


def tokens(n, length, high=1000):
    ids = rng.integers(0, high, (n, length))
    mask = np.ones((n, length), np.int64)
    mask[0, length - length // 3:] = 0
    return {"input_ids": ids, "attention_mask": mask}


class Bert(torch.nn.Module):
    def __init__(self):
        super().__init__()
        config = transformers.BertConfig(vocab_size=1000, hidden_size=256, num_hidden_layers=4, num_attention_heads=4, intermediate_size=1024)
        self.model = transformers.BertForSequenceClassification(config)

    def forward(self, input_ids, attention_mask):
        return self.model(input_ids=input_ids, attention_mask=attention_mask).logits


def bert():
    axes = {0: "batch", 1: "sequence"}
    return Bert().eval(), tokens(2, 16), {"input_ids": axes, "attention_mask": axes}, [tokens(1, 7), tokens(3, 40)]


LAYERS, HEADS, WIDTH = 4, 4, 64


class Gpt2(torch.nn.Module):
    """One step with the keys and values of the past."""
    def __init__(self):
        super().__init__()
        config = transformers.GPT2Config(vocab_size=1000, n_positions=128, n_embd=HEADS * WIDTH, n_layer=LAYERS, n_head=HEADS)
        self.model = transformers.GPT2LMHeadModel(config)

    def forward(self, input_ids, *past):
        cache = transformers.DynamicCache()
        for i in range(LAYERS):
            cache.update(past[2 * i], past[2 * i + 1], i)
        out = self.model(input_ids=input_ids, past_key_values=cache, use_cache=True)
        present = out.past_key_values
        return (out.logits, *[t for layer in present.layers for t in (layer.keys, layer.values)])


def gpt2_inputs(n, length, past):
    values = {"input_ids": rng.integers(0, 1000, (n, length))}
    for i in range(LAYERS):
        values[f"key{i}"], values[f"value{i}"] = image(n, HEADS, past, WIDTH), image(n, HEADS, past, WIDTH)
    return values


def gpt2():
    axes = {"input_ids": {0: "batch", 1: "sequence"}}
    for i in range(LAYERS):
        axes[f"key{i}"] = axes[f"value{i}"] = {0: "batch", 2: "past"}
    return Gpt2().eval(), gpt2_inputs(2, 3, 8), axes, [gpt2_inputs(1, 2, 20), gpt2_inputs(3, 5, 4)]


class Lstm(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = torch.nn.Embedding(500, 32)
        self.lstm = torch.nn.LSTM(32, 48, num_layers=2, bidirectional=True, batch_first=True)
        self.out = torch.nn.Linear(96, 5)

    def forward(self, words):
        y, (h, _) = self.lstm(self.embed(words))
        return torch.softmax(self.out(y.mean(1) + torch.cat([h[-2], h[-1]], 1)), -1)


def lstm():
    return Lstm().eval(), {"words": rng.integers(0, 500, (2, 12))}, {"words": {0: "batch"}}, [{"words": rng.integers(0, 500, (n, 12))} for n in (1, 5)]


class Detector(torch.nn.Module):
    """Boxes and scores on two grids, and non-maximum suppression, as YOLO's heads do it."""
    def __init__(self):
        super().__init__()
        def conv(i, o, s):
            return torch.nn.Sequential(torch.nn.Conv2d(i, o, 3, s, 1, bias=False), torch.nn.BatchNorm2d(o), torch.nn.SiLU())
        self.stem = torch.nn.Sequential(conv(3, 16, 2), conv(16, 32, 2), conv(32, 48, 2))
        self.down = conv(48, 64, 2)
        self.up = torch.nn.Upsample(scale_factor=2, mode="nearest")
        self.mix = conv(48 + 64, 48, 1)
        self.head8, self.head16 = torch.nn.Conv2d(48, 3 * 9, 1), torch.nn.Conv2d(64, 3 * 9, 1)

    @staticmethod
    def boxes(y, stride):
        n, _, h, w = y.shape
        y = y.reshape(n, 3, 9, h, w).permute(0, 1, 3, 4, 2)
        gy, gx = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
        grid = torch.stack((gx, gy), -1).to(y.dtype)
        middle = (torch.sigmoid(y[..., 0:2]) * 2 - 0.5 + grid) * stride
        half = (torch.sigmoid(y[..., 2:4]) * 2) ** 2 * stride * 2
        score = torch.sigmoid(y[..., 4:5]) * torch.sigmoid(y[..., 5:])
        return torch.cat((middle - half, middle + half), -1).reshape(-1, 4), score.reshape(-1, 4)

    def forward(self, image):
        a = self.stem(image)
        b = self.down(a)
        parts = [self.boxes(self.head8(self.mix(torch.cat((a, self.up(b)), 1))), 8), self.boxes(self.head16(b), 16)]
        box, score = torch.cat([p[0] for p in parts]), torch.cat([p[1] for p in parts])
        best, kind = score.max(1)
        keep = torchvision.ops.nms(box + kind.to(box.dtype)[:, None] * 1000, best, 0.5)[:50]
        return box[keep], best[keep], kind[keep]


def detector():
    return Detector().eval(), {"image": image(1, 3, 96, 96)}, {}, [{"image": image(1, 3, 96, 96)}]


MODELS = {
    "resnet50": vision(torchvision.models.resnet50),
    "mobilenet_v2": vision(torchvision.models.mobilenet_v2),
    "mobilenet_v3": vision(torchvision.models.mobilenet_v3_large),
    "efficientnet_b0": vision(torchvision.models.efficientnet_b0),
    "vit": vision(vit),
    "bert": bert,
    "gpt2": gpt2,
    "lstm": lstm,
    "detector": detector,
}


def export(name, path, dynamo):
    """Writes the model; gives [inputs, ...] to try it on."""
    torch.manual_seed(0)
    model, example, axes, more = MODELS[name]()
    args = tuple(torch.from_numpy(v) for v in example.values())
    names = list(example)
    with torch.no_grad():
        if dynamo:
            shapes = tuple({a: torch.export.Dim.DYNAMIC for a in axes.get(n, {})} for n in names)
            if name == "gpt2":
                shapes = (shapes[0], shapes[1:])
            torch.onnx.export(model, args, path, input_names=names, dynamic_shapes=shapes if axes else None, dynamo=True, external_data=False, verbose=False)
        else:
            torch.onnx.export(model, args, path, input_names=names, dynamic_axes=axes, dynamo=False)
    return [example, *more]
