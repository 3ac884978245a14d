"""Small networks of PyTorch as ONNX files, and what PyTorch computes: onnx/*.onnx, and *.npz with input.* and output.*.

Images are [n, channels, height, width] in the files and [n, height, width, channels] in the arrays, as models of the
package take them. Needs torch and onnx; the exporter is the one that traces.
"""
import pathlib

import numpy as np
import torch
from torch import nn

torch.manual_seed(3)
folder = pathlib.Path(__file__).parent / "onnx"


class Dcgan(nn.Sequential):
    """The generator of PyTorch's DCGAN tutorial (Radford, Metz & Chintala 2015), narrower: nz 10, ngf 4."""

    def __init__(self, nz=10, ngf=4, nc=3):
        def block(inputs, outputs, *window):
            convolution = nn.ConvTranspose2d(inputs, outputs, *window, bias=False)
            return convolution, nn.BatchNorm2d(outputs), nn.ReLU(True)

        super().__init__(
            *block(nz, ngf * 8, 4, 1, 0),
            *block(ngf * 8, ngf * 4, 4, 2, 1),
            *block(ngf * 4, ngf * 2, 4, 2, 1),
            *block(ngf * 2, ngf, 4, 2, 1),
            nn.ConvTranspose2d(ngf, nc, 4, 2, 1, bias=False),
            nn.Tanh(),
        )


class Classifier(nn.Module):
    """What image classifiers are made of; a shape that is computed of the input's."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 7, 2, 3, bias=False),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.MaxPool2d(3, 2, 1),
            nn.Conv2d(8, 8, 3, padding=1, groups=8),
            nn.Conv2d(8, 6, 1),
            nn.ReLU6(),
            nn.AvgPool2d(2),
        )
        self.head = nn.Sequential(nn.Linear(24, 10), nn.GELU(), nn.Dropout(), nn.Linear(10, 4), nn.Softmax(1))

    def forward(self, x):
        features = self.features(x)
        return self.head(features.view(features.size(0), -1))


class Generator(nn.Module):
    """A dense layer, then images; sizes that a layer of the package has only with cropping."""

    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(5, 4 * 3 * 2)
        self.images = nn.Sequential(
            nn.BatchNorm2d(4),
            nn.LeakyReLU(0.2),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(4, 6, 3, padding=1),
            nn.PReLU(6),
            nn.ConvTranspose2d(6, 3, 3, 2, 1, output_padding=1),
            nn.ELU(),
            nn.ConvTranspose2d(3, 2, 5, 3, 2),
            nn.Sigmoid(),
        )

    def forward(self, x):
        return self.images(self.dense(x).view(-1, 4, 3, 2))


class Residual(nn.Module):
    """Ways around, joined channels, means over places; pads of averages that count."""

    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(4, 4, 3, padding=1)
        self.two = nn.Sequential(nn.InstanceNorm2d(4, affine=True), nn.Softplus(), nn.AvgPool2d(3, 1, 1))
        self.bilinear = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)

    def forward(self, x):
        first = self.one(x)
        both = torch.cat([torch.relu(first + x), self.two(first) * x], 1)
        big = self.bilinear(nn.functional.pad(both, (1, 2, 0, 1))[:, :, 1:, 2:])
        return big.mean((2, 3)), torch.maximum(big, -big) - 0.5


class Conditional(nn.Module):
    """Noise and the number of a class."""

    def __init__(self):
        super().__init__()
        self.classes = nn.Embedding(4, 3)
        self.layers = nn.Sequential(nn.Linear(8, 6), nn.LayerNorm(6), nn.Hardtanh(-0.5, 0.75), nn.Linear(6, 2, bias=False))

    def forward(self, noise, number):
        return self.layers(torch.cat([noise, self.classes(number)], 1))


def randomize(model):
    """Statistics and scales that make a difference."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, 0, 0.3)
            nn.init.uniform_(module.running_var, 0.5, 2)
        if isinstance(module, (nn.BatchNorm2d, nn.InstanceNorm2d, nn.LayerNorm)):
            nn.init.normal_(module.weight, 1, 0.2)
            nn.init.normal_(module.bias, 0, 0.2)


def channels_last(array):
    return np.ascontiguousarray(array.transpose(0, 2, 3, 1)) if array.ndim == 4 else array


def make(name, model, inputs, outputs):
    randomize(model)
    model.eval()
    names = list(inputs)
    torch.onnx.export(
        model,
        tuple(inputs.values()),
        folder / f"{name}.onnx",
        opset_version=17,
        dynamo=False,
        input_names=names,
        output_names=outputs,
        dynamic_axes={key: {0: "batch"} for key in names + outputs},
    )
    found = model(*inputs.values())
    found = found if isinstance(found, tuple) else (found,)
    arrays = {f"input.{key}": value.numpy() for key, value in inputs.items()}
    arrays |= {f"output.{key}": value.detach().numpy() for key, value in zip(outputs, found)}
    np.savez(folder / f"{name}.npz", **{key: channels_last(value) for key, value in arrays.items()})


make("dcgan", Dcgan(), {"noise": torch.randn(1, 10, 1, 1)}, ["images"])
make("classifier", Classifier(), {"images": torch.randn(2, 3, 19, 18)}, ["classes"])
make("generator", Generator(), {"noise": torch.randn(2, 5)}, ["images"])
make("residual", Residual(), {"images": torch.randn(2, 4, 5, 6)}, ["means", "images_out"])
numbers = torch.tensor([3, 1], dtype=torch.int32)
make("conditional", Conditional(), {"noise": torch.randn(2, 5), "number": numbers}, ["figures"])
