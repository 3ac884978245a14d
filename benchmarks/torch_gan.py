# The article's GAN in PyTorch: networks, optimizers and the step, for torch_step.py and torch_dcgan.py (cpu) and
# torch_cuda.py (GPU).
import torch
from torch import nn

PIXELS, LATENT, ROWS = 784, 100, 2048


class Generator(nn.Sequential):
    def __init__(self):
        layers = []
        for inputs, units in [(LATENT, 256), (256, 512), (512, 1024)]:
            # Keras' momentum 0.8 is PyTorch's 0.2.
            layers += [nn.Linear(inputs, units), nn.LeakyReLU(0.2), nn.BatchNorm1d(units, eps=1e-3, momentum=0.2)]
        super().__init__(*layers, nn.Linear(1024, PIXELS), nn.Tanh())


class Discriminator(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.Linear(PIXELS, 512), nn.LeakyReLU(0.2), nn.Linear(512, 256), nn.LeakyReLU(0.2), nn.Linear(256, 1)
        )


class Gan:
    """`players` are other networks than the article's; `compile` wraps what differentiates or draws, `adam` holds further options of the optimizers."""

    def __init__(self, batch, device="cpu", images=None, compile=lambda function: function, adam={}, players=None):
        self.batch, self.half, self.device = batch, batch // 2, device
        self.generator, self.discriminator = [player.to(device) for player in players or (Generator(), Discriminator())]
        betas = {"betas": (0.5, 0.999), "eps": 1e-7}
        self.d_adam = torch.optim.Adam(self.discriminator.parameters(), 0.0002, **betas, **adam)
        self.g_adam = torch.optim.Adam(self.generator.parameters(), 0.0002, **betas, **adam)
        # Float pixels -1 .. 1, [rows, ...].
        self.images = torch.rand(ROWS, PIXELS, device=device) * 2 - 1 if images is None else images.to(device)
        self.ones, self.zeros = torch.ones(self.half, 1, device=device), torch.zeros(self.half, 1, device=device)
        self.all_ones = torch.ones(batch, 1, device=device)
        self.loss_of = nn.BCEWithLogitsLoss()
        self.judge, self.deceive = compile(self.d_loss), compile(self.g_loss)
        self.draw = compile(self.generator)

    def d_loss(self, samples, targets):
        logits = self.discriminator(samples)
        return self.loss_of(logits, targets), ((logits > 0).float() == targets).float().mean()

    def g_loss(self, noise):
        return self.loss_of(self.discriminator(self.generator(noise)), self.all_ones)

    def noise(self, count):
        return torch.randn(count, LATENT, device=self.device)

    def step(self):
        """Updates both players; returns the losses of the discriminator on both halves and that of the generator."""
        real = self.images[torch.randint(0, len(self.images), (self.half,), device=self.device)]
        self.generator.eval()
        with torch.no_grad():
            fake = self.draw(self.noise(self.half))
        self.generator.train()
        losses = []
        for samples, targets in [(real, self.ones), (fake, self.zeros)]:
            self.d_adam.zero_grad()
            loss, _ = self.judge(samples, targets)
            loss.backward()
            self.d_adam.step()
            losses.append(loss.detach())
        self.discriminator.requires_grad_(False)
        self.g_adam.zero_grad()
        loss = self.deceive(self.noise(self.batch))
        loss.backward()
        self.g_adam.step()
        self.discriminator.requires_grad_(True)
        return [*losses, loss.detach()]
