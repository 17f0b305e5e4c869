"""Repeats in PyTorch the trainings that org.sparksae.bench.LossCurves has written, and compares.

Usage: python loss_curves.py DIRECTORY

The same rows, the same initial parameters, the same definition of each loss, float32. Prints for each
kind the largest relative difference of the objective in the first 10 steps and in all steps, and that
between PyTorch in float32 and in float64: where a code selects, rounding decides between latents that
are nearly equal, and trainings part.
Needs torch and numpy.
"""

import json
import pathlib
import struct
import sys

import numpy as np
import torch

ROWS, COLUMNS, UNITS, K, STEP_SIZE = 2048, 64, 256, 8, 3e-4
WIDTHS = [50, 150, 256]
AUX_K, AUX_WEIGHT, DEAD_AFTER = 32, 1 / 32, 10 * ROWS
L1_WEIGHT = 0.1
L0_WEIGHT, BANDWIDTH = 0.05, 0.1


def tensors(path):
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    body = data[8 + length :]
    found = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = entry["data_offsets"]
            values = np.frombuffer(body[start:end], dtype="<f4").reshape(entry["shape"])
            found[name] = torch.tensor(values.copy())
    return found


class Model:
    """pre = (x - c) W' + b, or x W' + b,  x_hat = z V + c; V is [latents, columns]."""

    def __init__(self, start, by_unit, centred):
        self.centred = centred
        self.w = start["encoder.0.weight"].requires_grad_()
        self.b = start["encoder.0.bias"].requires_grad_()
        v = start["decoder.0.weight"]
        self.v = (v if by_unit else v.T.contiguous()).requires_grad_()
        self.c = start["decoder.0.bias"].requires_grad_()
        self.others = {
            name.rsplit(".", 1)[1]: tensor.requires_grad_()
            for name, tensor in start.items()
            if name.startswith("encoder.0.") and not name.endswith((".weight", ".bias"))
        }
        self.silent = torch.zeros(len(self.b))

    def parameters(self):
        return [self.w, self.b, self.v, self.c, *self.others.values()]

    def pre(self, x):
        return (x - self.c if self.centred else x) @ self.w.T + self.b

    def decode(self, z):
        return z @ self.v + self.c


def half_squares(error):
    return 0.5 * error.square().sum(1).mean()


def top_k(pre, k):
    values, indices = pre.topk(k, dim=1)
    return torch.zeros_like(pre).scatter(1, indices, values.relu())


def batch_top_k(pre, k):
    active = pre.relu()
    threshold = active.flatten().topk(k * len(pre)).values[-1]
    return torch.where(active >= threshold, active, torch.zeros_like(active))


def nested(model, z, x):
    return sum(half_squares(z[:, :m] @ model.v[:m] + model.c - x) for m in WIDTHS)


def auxiliary(model, pre, x, x_hat):
    dead = model.silent >= DEAD_AFTER
    if not dead.any():
        return 0.0
    error = (x - x_hat).detach()
    masked = torch.where(dead, pre, torch.full_like(pre, -torch.inf))
    values, indices = masked.topk(min(AUX_K, int(dead.sum())), dim=1)
    z = torch.zeros_like(pre).scatter(1, indices, values.relu())
    ratio = (x - x.mean(0)).square().sum() / (error - error.mean(0)).square().sum()
    return AUX_WEIGHT * ratio * half_squares(z @ model.v - error)


def selected(select, widths=False, aux=False):
    def loss(model, x):
        pre = model.pre(x)
        z = select(pre, K)
        x_hat = model.decode(z)
        total = nested(model, z, x) if widths else half_squares(x_hat - x)
        if aux:
            total = total + auxiliary(model, pre, x, x_hat)
        fired = (z > 0).any(0)
        model.silent = torch.where(fired, torch.zeros_like(model.silent), model.silent + len(x))
        return total

    return loss


def l1(by_norms):
    def loss(model, x):
        z = model.pre(x).relu()
        norms = model.v.norm(dim=1) if by_norms else torch.ones(len(model.b))
        return half_squares(model.decode(z) - x) + L1_WEIGHT * (z * norms).sum(1).mean()

    return loss


class Jump(torch.autograd.Function):
    """z = pre H(pre - theta) and H(pre - theta), with straight-through gradients for theta."""

    @staticmethod
    def forward(ctx, pre, theta):
        ctx.save_for_backward(pre, theta)
        above = (pre > theta).to(pre.dtype)
        return pre * above, above

    @staticmethod
    def backward(ctx, of_z, of_step):
        pre, theta = ctx.saved_tensors
        above = (pre > theta).to(pre.dtype)
        kernel = (((pre - theta) / BANDWIDTH).abs() < 0.5).to(pre.dtype)
        slope = -(theta * of_z + of_step) * kernel / BANDWIDTH
        return of_z * above, slope.sum(0)


def jump_relu(model, x):
    z, step = Jump.apply(model.pre(x), model.others["threshold"])
    return half_squares(model.decode(z) - x) + L0_WEIGHT * step.sum(1).mean()


def gated(model, x):
    g = (x - model.c) @ model.w.T
    gate = g + model.b
    magnitude = (model.others["logScale"].exp() * g + model.others["magnitudeBias"]).relu()
    z = torch.where(gate > 0, magnitude, torch.zeros_like(magnitude))
    by_gates = gate.relu() @ model.v.detach() + model.c.detach()
    penalty = L1_WEIGHT * gate.relu().sum(1).mean()
    return half_squares(model.decode(z) - x) + penalty + half_squares(by_gates - x)


KINDS = {
    "topk": selected(top_k),
    "topk_auxk": selected(top_k, aux=True),
    "batchtopk": selected(batch_top_k),
    "batchtopk_auxk": selected(batch_top_k, aux=True),
    "matryoshka_topk": selected(top_k, widths=True),
    "matryoshka_batchtopk": selected(batch_top_k, widths=True),
    "l1_unit": l1(False),
    "l1_norms": l1(True),
    "jumprelu": jump_relu,
    "gated": gated,
}


def has_unit_vectors(kind):
    return kind in ("l1_unit", "jumprelu", "gated") or "batchtopk" in kind


def train(kind, directory, x, steps):
    start = tensors(next((directory / "start").rglob("*.safetensors")))
    start = {name: tensor.to(x.dtype) for name, tensor in start.items()}
    model = Model(start, not kind.startswith("l1"), centred=not kind.endswith("auxk"))
    optimizer = torch.optim.Adam(model.parameters(), lr=STEP_SIZE)
    losses = []
    for _ in range(steps):
        loss = KINDS[kind](model, x)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        with torch.no_grad():
            if has_unit_vectors(kind):
                along = (model.v.grad * model.v).sum(1, keepdim=True)
                model.v.grad -= along * model.v
            if kind == "l1_norms":
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
        optimizer.step()
        if has_unit_vectors(kind):
            with torch.no_grad():
                model.v /= model.v.norm(dim=1, keepdim=True)
    return np.array(losses), int((model.silent >= DEAD_AFTER).sum())


def main(directory):
    torch.set_num_threads(1)
    x = torch.tensor(np.fromfile(directory / "rows.f32", dtype="<f4").reshape(ROWS, COLUMNS))
    print("| kind | first loss | last loss | difference, 10 steps | all steps | float32 - float64 | dead |")
    print("|---|---|---|---|---|---|---|")
    for kind in KINDS:
        ours = np.array(json.loads((directory / kind / "losses.json").read_text()))
        theirs, dead = train(kind, directory / kind, x, len(ours))
        double, _ = train(kind, directory / kind, x.double(), len(ours))
        difference = np.abs(ours - theirs) / np.abs(theirs)
        rounding = np.abs(theirs - double) / np.abs(double)
        print(
            f"| {kind} | {theirs[0]:.5g} | {theirs[-1]:.5g} | {difference[:10].max():.1e} "
            f"| {difference.max():.1e} | {rounding.max():.1e} | {dead} |"
        )


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
