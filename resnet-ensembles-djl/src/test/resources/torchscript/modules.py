"""Writes the TorchScript modules of this folder: python modules.py, with PyTorch 2."""
import io
import zipfile

import torch


class Branch(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(6, 6, 3, padding=1, bias=False)
        self.norm = torch.nn.BatchNorm2d(6)

    def forward(self, x):
        return self.norm(self.conv(x))


def save(module, file):
    """Without what names the machine that wrote it."""
    written = io.BytesIO()
    torch.jit.save(module, written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            if not name.endswith((".debug_pkl", "serialization_id")):
                target.writestr(zipfile.ZipInfo(name), source.read(name))


torch.manual_seed(1)
branch = Branch().eval()
for suffix in ["", "-other-statistics"]:
    scripted = torch.jit.script(branch)
    save(scripted, "branch" + suffix + ".pt")
    save(torch.jit.freeze(scripted), "frozen" + suffix + ".pt")
    with torch.no_grad():
        branch.norm.running_mean += 0.5
