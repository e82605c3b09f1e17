"""Writes a residual network of PyTorch's as a folder of TorchScript parts.

The library opens such a folder with --model DIR or DjlModels.torchScript(folder): it runs the parts,
so that blocks can be deleted and gradients told apart by path length, whatever the parts compute.
Needs PyTorch alone. Copy this file beside your program and call export_parts:

torchvision, a residual network (the sum is followed by ReLU, and layer changes the shape):

    from torchvision.models import resnet50, ResNet50_Weights
    net = resnet50(weights=ResNet50_Weights.DEFAULT).eval()
    stem = nn.Sequential(net.conv1, net.bn1, net.relu, net.maxpool)
    def parts(b):
        branch = nn.Sequential(b.conv1, b.bn1, nn.ReLU(), b.conv2, b.bn2, nn.ReLU(), b.conv3, b.bn3)
        return branch, b.downsample, "relu"
    blocks = [parts(b) for layer in (net.layer1, net.layer2, net.layer3, net.layer4) for b in layer]
    head = nn.Sequential(net.avgpool, nn.Flatten(), net.fc)
    export_parts("resnet50", stem, blocks, head, torch.rand(2, 3, 224, 224), network=net,
                 mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])

timm, a vision transformer (each of its layers is two residual blocks; features are tokens):

    import timm
    net = timm.create_model("vit_tiny_patch16_224", pretrained=True).eval()
    class Stem(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = net
        def forward(self, x):
            x = self.net.patch_embed(x)
            return self.net.norm_pre(self.net.patch_drop(self.net._pos_embed(x)))
    class Head(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = net
        def forward(self, x):
            return self.net.forward_head(self.net.norm(x))
    blocks = []
    for b in net.blocks:
        blocks.append((nn.Sequential(b.norm1, b.attn, b.ls1), None, None))
        blocks.append((nn.Sequential(b.norm2, b.mlp, b.ls2), None, None))
    export_parts("vit_tiny", Stem(), blocks, Head(), torch.rand(2, 3, 224, 224), network=net,
                 mean=[0.5, 0.5, 0.5], std=[0.5, 0.5, 0.5])

Hugging Face transformers, a ViT (its modules return tuples, so each gets a class of its own):

    from transformers import ViTForImageClassification
    net = ViTForImageClassification.from_pretrained("google/vit-base-patch16-224",
                                                    attn_implementation="eager").eval()
    class Attention(nn.Module):
        def __init__(self, layer):
            super().__init__()
            self.layer = layer
        def forward(self, x):
            y = self.layer.attention(self.layer.layernorm_before(x))
            return y[0] if isinstance(y, tuple) else y
    class Perceptron(nn.Module):
        def __init__(self, layer):
            super().__init__()
            old = hasattr(layer, "intermediate")  # transformers before 5
            self.norm = layer.layernorm_after
            self.mlp = nn.Sequential(layer.intermediate, layer.output.dense) if old else layer.mlp
        def forward(self, x):
            return self.mlp(self.norm(x))
    class Head(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm, self.classifier = net.vit.layernorm, net.classifier
        def forward(self, x):
            return self.classifier(self.norm(x)[:, 0])
    blocks = []
    for layer in net.vit.layers if hasattr(net.vit, "layers") else net.vit.encoder.layer:
        blocks.append((Attention(layer), None, None))
        blocks.append((Perceptron(layer), None, None))
    export_parts("vit_base", net.vit.embeddings, blocks, Head(), torch.rand(2, 3, 224, 224),
                 network=lambda x: net(x).logits, mean=[0.5, 0.5, 0.5], std=[0.5, 0.5, 0.5])

What has no skip connection (the down-sampling of ConvNeXt and EfficientNet) is part of what follows
it: of the stem or the head, or, between two blocks, of both sides of the next block, its branch and
its skip: ("branch" nn.Sequential(down, branch), "skip" down); or of the "post" of the block before.
torchvision's EfficientNets:

    blocks, waiting = [], []
    for unit in (unit for stage in net.features[1:-1] for unit in stage):
        if unit.use_res_connect:
            skip = nn.Sequential(*waiting) if waiting else None
            blocks.append((nn.Sequential(*waiting, unit.block), skip, None))
            waiting = []
        else:
            waiting.append(unit)
    head = nn.Sequential(*waiting, net.features[-1], net.avgpool, nn.Flatten(), net.classifier)
    export_parts("efficientnet_b0", net.features[0], blocks, head, torch.rand(2, 3, 224, 224),
                 network=net, mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])
"""

import json
import os
import shutil
import tempfile

import torch
from torch import nn

POSTS = {"relu": nn.ReLU}


def export_parts(folder, stem, blocks, head, example, network=None, mean=None, std=None,
                 script=False, tolerance=1e-4):
    """Writes a folder of parts, and checks what it wrote against the network's own logits.

    folder: its name; it must not exist, or be empty
    stem: a module from images (N, C, H, W) to features (N, C, H, W) or tokens (N, T, D)
    blocks: triples (branch, skip, post) of modules, y = post(skip(x) + branch(x)); skip and post may
        be None (the identity), and post may be "relu"
    head: a module from features or tokens to logits (N, classes)
    example: at least 2 images, after normalisation; square, with 1 or 3 channels
    network: what gives the whole network's logits, to compare with; without it, the parts as they
        are written are compared with the parts as they were given
    mean, std: of each channel, of pixels from 0 to 1; without them, 0 and 1
    script: whether to compile modules with torch.jit.script, for those whose control flow depends on
        values, rather than to trace them
    tolerance: by how much the logits may deviate, absolute

    Returns the largest deviation from the network's logits.
    """
    parts = [stem, head] + [part for block in blocks for part in block]
    modules = [part for part in parts if isinstance(part, nn.Module)]
    _check(folder, blocks, parts, example)
    channels, size = example.shape[1], example.shape[-1]
    modes = [(m, m.training) for part in modules for m in part.modules()]
    for module in modules:
        module.eval()
    scratch = tempfile.mkdtemp(dir=os.path.dirname(os.path.abspath(folder)))
    try:
        with torch.no_grad():
            expected = _whole(stem, blocks, head, example) if network is None else network(example)
            writer = _Writer(scratch, script)
            x = writer.write("stem.pt", stem, example)
            written = []
            for number, (branch, skip, post) in enumerate(blocks, 1):
                entry = {"branch": "b%d.pt" % number}
                y = writer.write(entry["branch"], branch, x)
                s = x
                if skip is not None:
                    entry["skip"] = "s%d.pt" % number
                    s = writer.write(entry["skip"], skip, x)
                if s.shape != y.shape:
                    raise ValueError("block %d: the branch gives %s and the skip connection %s"
                                     % (number, tuple(y.shape), tuple(s.shape)))
                x = s + y
                if post in POSTS:
                    entry["post"] = post
                    x = POSTS[post]()(x)
                elif post is not None:
                    entry["post"] = "p%d.pt" % number
                    x = writer.write(entry["post"], post, x)
                written.append(entry)
            logits = writer.write("head.pt", head, x)
        if logits.dim() != 2 or logits.shape != expected.shape:
            raise ValueError("the head gives %s and the network %s; logits are (N, classes)"
                             % (tuple(logits.shape), tuple(expected.shape)))
        deviation = (logits - expected).abs().max().item()
        if not deviation <= tolerance:
            raise ValueError("the parts composed are not the network: their logits deviate by %g; see"
                             " that the sums, what follows them, and dropped layers are as in the"
                             " network's own forward" % deviation)
        model = {"input": {"channels": channels, "size": size,
                           "mean": [float(v) for v in mean or [0] * channels],
                           "std": [float(v) for v in std or [1] * channels]},
                 "stem": "stem.pt", "blocks": written, "head": "head.pt"}
        with open(os.path.join(scratch, "model.json"), "w", encoding="utf-8") as file:
            json.dump(model, file, indent=1)
            file.write("\n")
        os.makedirs(folder, exist_ok=True)
        for name in sorted(os.listdir(scratch)):
            os.replace(os.path.join(scratch, name), os.path.join(folder, name))
        return deviation
    finally:
        shutil.rmtree(scratch)
        for module, training in modes:
            module.training = training


def _check(folder, blocks, parts, example):
    if os.path.exists(folder) and os.listdir(folder):
        raise ValueError("%s is there and not empty: name another folder" % folder)
    if not blocks:
        raise ValueError("a network needs at least one block")
    if example.dim() != 4 or len(example) < 2 or example.shape[1] not in (1, 3) \
            or example.shape[2] != example.shape[3]:
        raise ValueError("the example is at least 2 square images of 1 or 3 channels,"
                         " (N, C, size, size), got %s" % (tuple(example.shape),))
    for part in parts:
        if not (part is None or isinstance(part, nn.Module) or part in POSTS):
            raise ValueError("a part is a torch.nn.Module, got %r" % (part,))


def _whole(stem, blocks, head, x):
    x = stem(x)
    for branch, skip, post in blocks:
        y = (x if skip is None else skip(x)) + branch(x)
        x = y if post is None else POSTS[post]()(y) if post in POSTS else post(y)
    return head(x)


class _Writer:
    """Writes parts, and runs what it wrote."""

    def __init__(self, folder, script):
        self.folder = folder
        self.script = script

    def write(self, name, module, x):
        if self.script:
            try:
                compiled = torch.jit.script(module)
            except Exception as error:  # it throws many kinds
                raise ValueError("%s cannot be compiled, see above: not all of Python is TorchScript;"
                                 " leave script=True out, so that it is traced" % name) from error
        else:
            compiled = torch.jit.trace(module, x, check_trace=False)
        path = os.path.join(self.folder, name)
        torch.jit.save(compiled, path)
        loaded = torch.jit.load(path)
        with torch.no_grad():
            y = loaded(x)
            if not isinstance(y, torch.Tensor):
                raise ValueError("%s must give one tensor, got %s" % (name, type(y).__name__))
            self._check_batch(name, loaded, x, y)
        return y

    def _check_batch(self, name, loaded, x, y):
        """What a trace has written down as a number must not be the number of images."""
        first = loaded(x[:1])
        if first.shape[1:] != y.shape[1:] or len(first) != 1 or len(y) != len(x) \
                or not torch.allclose(first, y[:1], rtol=1e-3, atol=1e-4):
            raise ValueError("%s gives another result for one image alone; its result must not depend"
                             " on the batch" % name)
