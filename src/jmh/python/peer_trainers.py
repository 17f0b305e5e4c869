"""Trains with dictionary_learning's own trainers on rows of a Parquet file, and measures the result.

Usage: python peer_trainers.py PARQUET KIND SEED [STEPS]

KIND is topk, batchtopk or matryoshka. The rows are those of org.sparksae.bench.PeerTrainers: contexts
whose number does not end in 9 are trained on, once, in batches that the seed shuffles; the others
measure. trainSAE scales the rows. All settings of the trainer are its defaults but the warm-up, which
has to fit the number of steps, the step from which thresholds are learned, which is its end, and the
rows after which a silent latent counts as dead.
Prints a row of a Markdown table. Needs dictionary-learning, torch and pyarrow.
"""

import sys
import time

import numpy as np
import pyarrow.dataset
import torch
from dictionary_learning.trainers.batch_top_k import BatchTopKTrainer
from dictionary_learning.trainers.matryoshka_batch_top_k import MatryoshkaBatchTopKTrainer
from dictionary_learning.trainers.top_k import TopKTrainer
from dictionary_learning.training import trainSAE

LATENTS, K, BATCH, STEPS, WARM_UP, DEAD_AFTER = 6144, 32, 1024, 568, 100, 100_000
TRAINERS = {
    "topk": (TopKTrainer, {}),
    "batchtopk": (BatchTopKTrainer, {}),
    "matryoshka": (
        MatryoshkaBatchTopKTrainer,
        {"group_fractions": [1 / 16, 1 / 16, 1 / 8, 1 / 4, 1 / 2]},
    ),
}


def rows(path, last_digits):
    table = pyarrow.dataset.dataset(path).to_table(columns=["context", "vector"])
    keep = np.isin(table["context"].to_numpy() % 10, last_digits)
    vectors = table["vector"].combine_chunks().flatten().to_numpy()
    return torch.tensor(vectors.reshape(len(table), -1)[keep])


class Batches:
    """Batches in an order of the seed, and the seconds that the trainer has had between them."""

    def __init__(self, train, seed, steps):
        generator = torch.Generator().manual_seed(seed)
        self.order = torch.randperm(len(train), generator=generator)
        self.train, self.steps = train, steps
        self.seconds = []

    def __iter__(self):
        for step in range(self.steps + 1):
            first = (step * BATCH) % (len(self.order) - BATCH + 1)
            batch = self.train[self.order[first : first + BATCH]]
            start = time.perf_counter()
            yield batch
            self.seconds.append(time.perf_counter() - start)


def configuration(kind, seed, steps):
    trainer, own = TRAINERS[kind]

    class Trainer(trainer):
        def __init__(self, **settings):
            super().__init__(**settings)
            self.dead_feature_threshold = DEAD_AFTER
            Trainer.last = self

    settings = {
        "trainer": Trainer,
        "steps": steps,
        "dict_size": LATENTS,
        "k": K,
        "layer": 3,
        "lm_name": "all-MiniLM-L6-v2",
        "device": "cpu",
        "warmup_steps": WARM_UP,
        "threshold_start_step": WARM_UP,
        "seed": seed,
        **own,
    }
    return Trainer, settings


@torch.no_grad()
def measure(model, test):
    errors, active = 0.0, 0.0
    fired = torch.zeros(LATENTS, dtype=torch.bool)
    for batch in test.split(BATCH):
        code = model.encode(batch)
        errors += (batch - model.decode(code)).double().square().sum().item()
        active += (code > 0).sum().item()
        fired |= (code > 0).any(0)
    variance = (test.double() - test.double().mean(0)).square().sum().item()
    return errors / variance, active / len(test), 1 - fired.double().mean().item()


def main(path, kind, seed, steps=STEPS):
    train, test = rows(path, range(9)), rows(path, [9])
    steps = int(steps)
    trainer, settings = configuration(kind, int(seed), steps)
    settings["activation_dim"] = train.shape[1]
    batches = Batches(train, int(seed), steps)
    trainSAE(batches, [settings], steps, device="cpu", normalize_activations=True, verbose=False)
    fvu, l0, dead = measure(trainer.last.ae, test)
    speed = BATCH / np.median(batches.seconds[-steps:])
    print(f"| {kind} | dictionary_learning | {seed} | {steps} | {fvu:.4f} | {l0:.1f} | {dead:.2%} | {speed:,.0f} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
