"""Writes the folders vit and efficient beside this file, and golden numbers by PyTorch's own autograd.

    python make_parts.py

The networks are made for these tests: a vision transformer with the structure of timm's, and a
network of inverted bottlenecks with depthwise convolutions and squeeze-and-excitation. Both are
float64, so that gradients can be compared closely. vit32 is the vision transformer in float32.
"""

import itertools
import json
import os
import sys

import torch
from torch import nn
from torch.nn import functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, *[os.pardir] * 6, "docs"))
from export_parts import export_parts  # noqa: E402

WIDTH, HEADS, SIZE, CLASSES, IMAGES = 8, 2, 8, 4, 3
LABELS = [3, 0, 2]


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.proj = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = self.qkv(x).reshape(n, t, 3, HEADS, d // HEADS).permute(2, 0, 3, 1, 4).unbind(0)
        y = F.scaled_dot_product_attention(q, k, v)
        return self.proj(y.transpose(1, 2).reshape(n, t, d))


class Tokens(nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, WIDTH, 4, 4)
        self.cls = nn.Parameter(torch.randn(1, 1, WIDTH))
        self.position = nn.Parameter(torch.randn(1, 1 + (SIZE // 4) ** 2, WIDTH))

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        return torch.cat([self.cls.expand(x.shape[0], -1, -1), x], 1) + self.position


class ClassToken(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm, self.fc = nn.LayerNorm(WIDTH, eps=1e-6), nn.Linear(WIDTH, CLASSES)

    def forward(self, x):
        return self.fc(self.norm(x)[:, 0])


def vit():
    def mlp():
        return nn.Sequential(nn.Linear(WIDTH, 16), nn.GELU(), nn.Dropout(0.5), nn.Linear(16, WIDTH))

    blocks = []
    for _ in range(2):
        for inner in (Attention(), mlp()):
            blocks.append((nn.Sequential(nn.LayerNorm(WIDTH, eps=1e-6), inner), None, None))
    return Tokens(), blocks, ClassToken()


class Excitation(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.reduce, self.expand = nn.Conv2d(channels, 2, 1), nn.Conv2d(2, channels, 1)

    def forward(self, x):
        return x * torch.sigmoid(self.expand(F.silu(self.reduce(x.mean((2, 3), keepdim=True)))))


def normed(convolution):
    return nn.Sequential(convolution, nn.BatchNorm2d(convolution.out_channels))


def efficient():
    def branch(inside, outside, stride):
        wide = 2 * inside
        return nn.Sequential(
            normed(nn.Conv2d(inside, wide, 1, bias=False)), nn.SiLU(),
            normed(nn.Conv2d(wide, wide, 3, stride, 1, groups=wide, bias=False)), nn.SiLU(),
            Excitation(wide), normed(nn.Conv2d(wide, outside, 1, bias=False)), nn.Dropout(0.5))

    stem = nn.Sequential(normed(nn.Conv2d(3, 4, 3, 1, 1, bias=False)), nn.SiLU())
    skip = normed(nn.Conv2d(4, 6, 1, 2, bias=False))
    blocks = [(branch(4, 4, 1), None, None), (branch(4, 6, 2), skip, "relu"),
              (branch(6, 6, 1), None, nn.Hardswish())]
    head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, CLASSES))
    return stem, blocks, head


def settled(network):
    """Statistics and scales that are not those of a new network."""
    for part in itertools.chain([network[0], network[2]], *network[1]):
        for module in part.modules() if isinstance(part, nn.Module) else []:
            if isinstance(module, (nn.BatchNorm2d, nn.LayerNorm)):
                nn.init.uniform_(module.weight, 0.5, 1.5)
                nn.init.uniform_(module.bias, -0.5, 0.5)
            if isinstance(module, nn.BatchNorm2d):
                nn.init.uniform_(module.running_mean, -0.5, 0.5)
                nn.init.uniform_(module.running_var, 0.5, 1.5)
        if isinstance(part, nn.Module):
            part.double().eval()
    return network


def run(network, x, gains):
    y = network[0](x)
    for (branch, skip, post), gain in zip(network[1], gains):
        s = y if skip is None else skip(y)
        y = s + gain * branch(y)
        y = torch.relu(y) if post == "relu" else y if post is None else post(y)
    return network[2](y)


def length_norms(network, x):
    """Gradients at the stem's output by path length, from the definition: every sum is the intact
    network's forward pass, and a path's gradient passes either its branch or its skip connection."""
    ys = [network[0](x).detach()]
    for branch, skip, post in network[1]:
        y = (ys[-1] if skip is None else skip(ys[-1])) + branch(ys[-1])
        ys.append((torch.relu(y) if post == "relu" else y if post is None else post(y)).detach())
    last = ys[-1].clone().requires_grad_()
    loss = F.cross_entropy(network[2](last), torch.tensor(LABELS))
    top = torch.autograd.grad(loss, last)[0]
    n = len(network[1])
    sums = [torch.zeros_like(ys[0]) for _ in range(n + 1)]
    for path in itertools.product([False, True], repeat=n):
        v = top
        for i in reversed(range(n)):
            branch, skip, post = network[1][i]
            z = ys[i].clone().requires_grad_()
            f, s = branch(z), z if skip is None else skip(z)
            total = f + s
            y = torch.relu(total) if post == "relu" else total if post is None else post(total)
            v = torch.autograd.grad(y, total, v, retain_graph=True)[0]
            v = torch.autograd.grad(f if path[i] else s, z, v)[0]
        sums[sum(path)] += v
    start = ys[0].clone().requires_grad_()
    tail = (nn.Identity(), network[1], network[2])
    whole = F.cross_entropy(run(tail, start, [1] * n), torch.tensor(LABELS))
    full = torch.autograd.grad(whole, start)[0]
    assert (sum(sums) - full).norm() < 1e-12 * full.norm()
    return [s.norm().item() for s in sums], full.norm().item()


def golden(network, x):
    n = len(network[1])
    deleted = [[0 if i == k else 1 for i in range(n)] for k in range(n)]
    norms, full = length_norms(network, x)
    with torch.no_grad():
        return {"labels": LABELS,
                "pixels": x.flatten().tolist(),
                "logits": run(network, x, [1] * n).flatten().tolist(),
                "deleted": [run(network, x, gains).flatten().tolist() for gains in deleted],
                "lengthNorms": norms, "fullNorm": full}


def main():
    for name, make in (("vit", vit), ("efficient", efficient)):
        torch.manual_seed(20)
        network = settled(make())
        x = torch.rand(IMAGES, 3, SIZE, SIZE).double()
        numbers = golden(network, x)
        folder = os.path.join(HERE, name)
        export_parts(folder, *network, x)
        if name == "vit":
            for part in [network[0], network[2]] + [block[0] for block in network[1]]:
                part.float()
            export_parts(folder + "32", *network, x.float())
        with open(os.path.join(HERE, name + ".json"), "w", encoding="utf-8") as file:
            json.dump(numbers, file)


if __name__ == "__main__":
    main()
