"""Writes adamw.json: twelve steps of torch.optim.AdamW on a small vision transformer, in float64.

Weights and images are formulas, which AdamWGoldenTest has, too.
Run: python adamw.py > adamw.json
"""

import json
import math

import torch
from torch import nn
from torch.nn import functional

torch.set_default_dtype(torch.float64)

# In the order of the library's tensors: name, shape, whether the weight decay applies.
TENSORS = [
    ("stem.patches.weight", (4, 3, 2, 2), True),
    ("stem.patches.bias", (4,), False),
    ("stem.class.weight", (1, 1, 4), False),
    ("stem.position.weight", (1, 5, 4), False),
    ("blocks.1.norm.weight", (4,), False),
    ("blocks.1.norm.bias", (4,), False),
    ("blocks.1.attention.qkv.weight", (12, 4), True),
    ("blocks.1.attention.qkv.bias", (12,), False),
    ("blocks.1.attention.proj.weight", (4, 4), True),
    ("blocks.1.attention.proj.bias", (4,), False),
    ("blocks.2.norm.weight", (4,), False),
    ("blocks.2.norm.bias", (4,), False),
    ("blocks.2.fc1.weight", (6, 4, 1, 1), True),
    ("blocks.2.fc1.bias", (6,), False),
    ("blocks.2.fc2.weight", (4, 6, 1, 1), True),
    ("blocks.2.fc2.bias", (4,), False),
    ("blocks.2.scale.weight", (4,), False),
    ("head.norm.weight", (4,), False),
    ("head.norm.bias", (4,), False),
    ("head.linear.weight", (3, 4), True),
    ("head.linear.bias", (3,), False),
]


def values(number, count):
    return [0.3 * math.sin(1 + 7 * number + 0.9 * i) for i in range(count)]


w = {}
for number, (name, shape, _) in enumerate(TENSORS):
    tensor = torch.tensor(values(number, math.prod(shape))).reshape(shape)
    if "norm.weight" in name or "scale.weight" in name:
        tensor = tensor + 1
    w[name] = nn.Parameter(tensor)
start = {name: tensor.detach().clone() for name, tensor in w.items()}

images = 4
x = torch.tensor([((i * 37) % 64 - 32) / 32 for i in range(images * 3 * 4 * 4)])
x = x.reshape(images, 3, 4, 4)
labels = torch.tensor([0, 1, 2, 1])


def norm(y, name):
    return functional.layer_norm(y, (4,), w[name + ".weight"], w[name + ".bias"], 1e-6)


def forward():
    y = functional.conv2d(x, w["stem.patches.weight"], w["stem.patches.bias"], stride=2)
    y = y.flatten(2).transpose(1, 2)
    y = torch.cat([w["stem.class.weight"].expand(images, 1, 4), y], 1) + w["stem.position.weight"]
    a = "blocks.1.attention."
    qkv = functional.linear(norm(y, "blocks.1.norm"), w[a + "qkv.weight"], w[a + "qkv.bias"])
    q, k, v = qkv.reshape(images, 5, 3, 2, 2).permute(2, 0, 3, 1, 4)
    attended = torch.softmax(q @ k.transpose(-2, -1) / math.sqrt(2), -1) @ v
    attended = attended.transpose(1, 2).reshape(images, 5, 4)
    y = y + functional.linear(attended, w[a + "proj.weight"], w[a + "proj.bias"])
    b = "blocks.2."
    f = functional.linear(norm(y, b + "norm"), w[b + "fc1.weight"][:, :, 0, 0], w[b + "fc1.bias"])
    f = functional.linear(functional.gelu(f), w[b + "fc2.weight"][:, :, 0, 0], w[b + "fc2.bias"])
    y = y + f * w[b + "scale.weight"]
    y = norm(y, "head.norm")[:, 0]
    return functional.linear(y, w["head.linear.weight"], w["head.linear.bias"])


optimizer = torch.optim.AdamW(
    [
        {"params": [w[name] for name, _, decays in TENSORS if decays], "weight_decay": 0.1},
        {"params": [w[name] for name, _, decays in TENSORS if not decays], "weight_decay": 0.0},
    ],
    lr=0.01,
    betas=(0.8, 0.95),
    eps=1e-4,
)

losses = []
for step in range(12):
    for group in optimizer.param_groups:
        group["lr"] = 0.01 if step < 6 else 0.002
    optimizer.zero_grad()
    loss = functional.cross_entropy(forward(), labels)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(w.values(), 0.5)
    optimizer.step()
    losses.append(loss.item())

print(
    json.dumps(
        {
            "torch": torch.__version__.split("+")[0],
            "losses": losses,
            "after": {
                name: {
                    "sum": tensor.sum().item(),
                    "changeNorm": (tensor - start[name]).norm().item(),
                    "moment": optimizer.state[tensor]["exp_avg"].norm().item(),
                    "square": optimizer.state[tensor]["exp_avg_sq"].sum().item(),
                }
                for name, tensor in w.items()
            },
        },
        indent=1,
    )
)
