"""Records what the parts of a PyTorch network give, for the command verify --against.

The library compares its own outputs with these, block by block, and names the first that deviates: so a
setting that was assumed wrongly (a stride, an activation, an epsilon) is found in one step. Needs PyTorch and
safetensors. Copy this file beside your program and call record_outputs:

torchvision, a residual network:

    from torchvision.models import resnet50
    net = resnet50().eval()
    record_outputs(net, torch.randn(2, 3, 224, 224), "outputs.safetensors", stem=net.maxpool,
                   blocks=[b for layer in (net.layer1, net.layer2, net.layer3, net.layer4) for b in layer])

timm, a vision transformer (each of its layers is two residual blocks here: only the second's output is that of
a module):

    import timm
    net = timm.create_model("vit_tiny_patch16_224").eval()
    record_outputs(net, torch.randn(2, 3, 224, 224), "outputs.safetensors", stem=net.norm_pre,
                   blocks={2 * i + 2: b for i, b in enumerate(net.blocks)})

Then: verify --weights weights.pth --against outputs.safetensors
"""

import torch
from safetensors.torch import save_file


def record_outputs(network, images, file, stem=None, blocks=()):
    """Writes one safetensors file.

    network: the module, in eval mode; its result, or that result's logits, are the logits.
    images:  (N, C, H, W), as the network sees them: after normalisation. Two or more, so that the library's
             own checks can be made, too.
    stem:    the module whose output goes into block 1.
    blocks:  modules whose outputs are those of the blocks 1, 2, ...; or a dictionary of block numbers and
             modules, where some blocks are no modules.
    """
    if network.training:
        raise ValueError("call network.eval() first: statistics must not depend on the batch")
    numbered = blocks if isinstance(blocks, dict) else {i + 1: b for i, b in enumerate(blocks)}
    modules = {f"block.{number}": block for number, block in numbered.items()}
    if stem is not None:
        modules["stem"] = stem
    outputs = {"input": images}

    def hook(name):
        def keep(module, inputs, output):
            outputs[name] = output[0] if isinstance(output, tuple) else output

        return keep

    handles = [module.register_forward_hook(hook(name)) for name, module in modules.items()]
    try:
        with torch.no_grad():
            result = network(images)
    finally:
        for handle in handles:
            handle.remove()
    outputs["logits"] = getattr(result, "logits", result)
    missing = modules.keys() - outputs.keys()
    if missing:
        raise ValueError(f"modules that the network never calls: {sorted(missing)}")
    save_file({name: tensor.detach().contiguous().clone() for name, tensor in outputs.items()}, file)
