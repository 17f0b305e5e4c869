"""Makes small models with the libraries of the field, and reads folders that the product wrote.

Usage: python model_formats.py make DIRECTORY
       python model_formats.py read DIRECTORY

make writes a folder for each kind of model: random weights, saved by the real library in its format,
and expected.safetensors with rows, and the codes and reconstructions that the library computes.
read takes a directory of such folders, of which each has rows.safetensors, loads each model by the
real library, and writes expected.safetensors into it.

src/test/resources/foreign is what make wrote. ForeignLibrariesTest runs both.
Needs sae-lens (6.54), eai-sparsify (1.3.3), torch and numpy.
"""

import json
import os
import pathlib
import sys

# sparsify's other decoder needs a GPU.
os.environ["SPARSIFY_DISABLE_TRITON"] = "1"

import numpy as np
import sae_lens
import sae_lens.loading.pretrained_sae_loaders as loaders
import torch
from safetensors.torch import load_file, save_file
from sparsify import SparseCoder
from sparsify.config import SparseCoderConfig

INPUTS, OUTPUTS, LATENTS, ROWS, K = 6, 5, 16, 12, 3


def randomise(model, skip=()):
    """Weights and biases of about 1, so that a wrong sign, transpose or bias shows."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name == "threshold":
                parameter.copy_(torch.rand(parameter.shape))
            elif name not in skip:
                parameter.copy_(torch.randn(parameter.shape) * 0.7)
    return model


def expect(folder, rows, codes, reconstructions):
    tensors = {"rows": rows, "codes": codes, "reconstructions": reconstructions}
    save_file(
        {name: tensor.detach().float().contiguous() for name, tensor in tensors.items()},
        folder / "expected.safetensors",
    )


def rows_for(inputs):
    return torch.randn(ROWS, inputs) * 1.5 + 0.5


# SAELens


def measure_saelens(sae, rows):
    with torch.no_grad():
        codes = sae.encode(rows)
        return codes, sae(rows)


def load_saelens(folder):
    # In float32, also where the weights are not: the library would round every product.
    return sae_lens.SAE.load_from_disk(folder, dtype="float32")


def save_saelens(folder, sae):
    sae.save_model(folder)
    rows = rows_for(INPUTS)
    expect(folder, rows, *measure_saelens(load_saelens(folder), rows))


def common(**more):
    return {"d_in": INPUTS, "d_sae": LATENTS, **more}


def saelens(directory):
    transcoder = {"d_out": OUTPUTS, "apply_b_dec_to_input": False}
    cases = {
        "standard": sae_lens.StandardSAE(sae_lens.StandardSAEConfig(**common())),
        "standard-uncentred": sae_lens.StandardSAE(
            sae_lens.StandardSAEConfig(
                **common(apply_b_dec_to_input=False, normalize_activations="expected_average_only_in")
            )
        ),
        "topk": sae_lens.TopKSAE(sae_lens.TopKSAEConfig(**common(k=K))),
        "topk-rescaled": sae_lens.TopKSAE(
            sae_lens.TopKSAEConfig(**common(k=K, rescale_acts_by_decoder_norm=True))
        ),
        "abstopk": sae_lens.AbsTopKSAE(sae_lens.AbsTopKSAEConfig(**common(k=K))),
        "abstopk-rescaled": sae_lens.AbsTopKSAE(
            sae_lens.AbsTopKSAEConfig(**common(k=K, rescale_acts_by_decoder_norm=True))
        ),
        "jumprelu": sae_lens.JumpReLUSAE(sae_lens.JumpReLUSAEConfig(**common())),
        "jumprelu-bfloat16": sae_lens.JumpReLUSAE(
            sae_lens.JumpReLUSAEConfig(**common(dtype="bfloat16"))
        ),
        "standard-float16": sae_lens.StandardSAE(
            sae_lens.StandardSAEConfig(**common(dtype="float16"))
        ),
        "standard-float64": sae_lens.StandardSAE(
            sae_lens.StandardSAEConfig(**common(dtype="float64"))
        ),
        "gated": sae_lens.GatedSAE(sae_lens.GatedSAEConfig(**common())),
        "gated-uncentred": sae_lens.GatedSAE(
            sae_lens.GatedSAEConfig(**common(apply_b_dec_to_input=False))
        ),
        "transcoder": sae_lens.Transcoder(sae_lens.TranscoderConfig(**common(**transcoder))),
        "skip-transcoder": sae_lens.SkipTranscoder(
            sae_lens.SkipTranscoderConfig(**common(**transcoder))
        ),
        "jumprelu-transcoder": sae_lens.JumpReLUTranscoder(
            sae_lens.JumpReLUTranscoderConfig(**common(**transcoder))
        ),
        "jumprelu-skip-transcoder": sae_lens.JumpReLUSkipTranscoder(
            sae_lens.JumpReLUSkipTranscoderConfig(**common(**transcoder))
        ),
    }
    for name, sae in cases.items():
        save_saelens(directory / f"saelens-{name}", randomise(sae))
    save_trained(directory / "saelens-batchtopk", "BatchTopK", k=2.5)
    save_trained(
        directory / "saelens-matryoshka",
        "MatryoshkaBatchTopK",
        k=2.5,
        matryoshka_widths=[4, LATENTS],
        rescale_acts_by_decoder_norm=True,
    )
    save_old(directory / "saelens-5-topk")


def save_trained(folder, kind, **more):
    """What a training leaves: a jumprelu model whose thresholds are all the same."""
    config = getattr(sae_lens, f"{kind}TrainingSAEConfig")(**common(**more))
    sae = randomise(getattr(sae_lens, f"{kind}TrainingSAE")(config))
    sae.topk_threshold = torch.tensor(0.8, dtype=torch.double)
    sae.save_inference_model(folder)
    rows = rows_for(INPUTS)
    expect(folder, rows, *measure_saelens(load_saelens(folder), rows))


def save_old(folder):
    """A topk model as versions before 6 described it."""
    randomise(sae_lens.TopKSAE(sae_lens.TopKSAEConfig(**common(k=K)))).save_model(folder)
    config = {
        "d_in": INPUTS,
        "d_sae": LATENTS,
        "dtype": "torch.float32",
        "device": "cpu",
        "model_name": "gpt2-small",
        "hook_name": "blocks.8.hook_resid_pre",
        "hook_layer": 8,
        "hook_head_index": None,
        "activation_fn_str": "topk",
        "activation_fn_kwargs": {"k": K},
        "apply_b_dec_to_input": True,
        "finetuning_scaling_factor": False,
        "normalize_activations": False,
        "context_size": 64,
        "dataset_path": "Skylion007/openwebtext",
        "sae_lens_training_version": "3.18.2",
    }
    (folder / "cfg.json").write_text(json.dumps(config))
    rows = rows_for(INPUTS)
    sae = load_saelens(folder)
    assert isinstance(sae, sae_lens.TopKSAE) and sae.cfg.k == K
    expect(folder, rows, *measure_saelens(sae, rows))


# sparsify


def measure_sparsify(coder, rows):
    with torch.no_grad():
        encoded = coder.encode(rows)
        codes = torch.zeros(len(rows), coder.num_latents)
        codes.scatter_(1, encoded.top_indices, encoded.top_acts)
        # As forward does it. With multi_topk that returns the reconstruction from 4 k latents.
        reconstructions = coder.decode(encoded.top_acts, encoded.top_indices)
        if coder.W_skip is not None:
            reconstructions += rows @ coder.W_skip.mT
        assert coder.cfg.multi_topk or torch.equal(reconstructions, coder(rows).sae_out)
        return codes, reconstructions


def sparsify(directory):
    cases = {
        "coder": {},
        "multi-topk": {"multi_topk": True, "normalize_decoder": False},
        "transcoder": {"transcode": True},
        "skip-transcoder": {"transcode": True, "skip_connection": True},
        "skip": {"skip_connection": True},
    }
    for name, more in cases.items():
        config = SparseCoderConfig(num_latents=LATENTS, k=K, **more)
        coder = randomise(SparseCoder(INPUTS, config))
        folder = directory / f"sparsify-{name}"
        coder.save_to_disk(folder)
        rows = rows_for(INPUTS)
        expect(folder, rows, *measure_sparsify(SparseCoder.load_from_disk(folder), rows))


# Gemma Scope, as SAELens reads it


def gemma(directory):
    random = np.random.default_rng(5)

    def weights(outputs):
        shapes = {
            "W_enc": (INPUTS, LATENTS),
            "W_dec": (LATENTS, outputs),
            "b_enc": (LATENTS,),
            "b_dec": (outputs,),
        }
        arrays = {n: random.normal(size=s).astype("f4") for n, s in shapes.items()}
        return arrays | {"threshold": random.random(LATENTS, dtype="f4")}

    for name, save in {"npz": np.savez, "npz-compressed": np.savez_compressed}.items():
        folder = directory / f"gemma-{name}"
        folder.mkdir()
        save(folder / "params.npz", **weights(INPUTS))
        load(
            folder,
            loaders.gemma_2_sae_huggingface_loader,
            "google/gemma-scope-2b-pt-res",
            "layer_20/width_16k/average_l0_71",
            sae_lens.JumpReLUSAE,
        )
    for name, kind, outputs, sae_class, skips in [
        ("2", "resid_post", INPUTS, sae_lens.JumpReLUSAE, False),
        ("2-skip-transcoder", "transcoder", OUTPUTS, sae_lens.JumpReLUSkipTranscoder, True),
    ]:
        folder = directory / f"gemma-{name}"
        folder.mkdir()
        config = {
            "hf_hook_point_in": "model.layers.9.pre_feedforward_layernorm.output",
            "hf_hook_point_out": "model.layers.9.post_feedforward_layernorm.output",
            "width": LATENTS,
            "model_name": "gemma-v3-1b-pt",
            "architecture": "jump_relu",
            "l0": 10,
            "affine_connection": skips,
            "type": "sae" if kind == "resid_post" else "transcoder",
        }
        if kind == "resid_post":
            config["hf_hook_point_out"] = config["hf_hook_point_in"]
        (folder / "config.json").write_text(json.dumps(config))
        arrays = {n.replace("W_", "w_"): torch.tensor(a) for n, a in weights(outputs).items()}
        if skips:
            arrays["affine_skip_connection"] = torch.randn(INPUTS, outputs)
        save_file(arrays, folder / "params.safetensors")
        load(
            folder,
            loaders.gemma_3_sae_huggingface_loader,
            "google/gemma-scope-2-1b-pt",
            f"{kind}/layer_9_width_16k",
            sae_class,
        )


def load(folder, loader, repository, name, sae_class):
    """Runs a loader on local files in place of the hub's."""
    # gemma_2's loader names the file, gemma_3's asks for the configuration with its folder.
    loaders.hf_hub_download = lambda *a, **named: str(
        folder / pathlib.PurePath(named.get("filename") or a[1]).name
    )
    loaders.get_safetensors_tensor_shapes = lambda *_: {
        n: list(t.shape) for n, t in load_file(folder / "params.safetensors").items()
    }
    sizes = {"d_in": INPUTS, "d_sae": LATENTS, "dtype": "float32"}
    config, state, _ = loader(repository, name, cfg_overrides=sizes)
    config = loaders.handle_config_defaulting(config)
    sae = sae_class(sae_lens.SAEConfig.from_dict(config) if sae_class is sae_lens.JumpReLUSAE
                    else sae_lens.JumpReLUSkipTranscoderConfig.from_dict(config))
    sae.load_state_dict(state)
    rows = rows_for(INPUTS)
    expect(folder, rows, *measure_saelens(sae, rows))


def read(folder):
    rows = load_file(folder / "rows.safetensors")["rows"]
    if (folder / "sae.safetensors").exists():
        return expect(folder, rows, *measure_sparsify(SparseCoder.load_from_disk(folder), rows))
    return expect(folder, rows, *measure_saelens(load_saelens(folder), rows))


def main(command, directory):
    directory = pathlib.Path(directory)
    torch.manual_seed(1)
    if command == "make":
        saelens(directory)
        sparsify(directory)
        gemma(directory)
    else:
        for folder in sorted(directory.iterdir()):
            read(folder)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("make", "read"):
        sys.exit(__doc__)
    main(*sys.argv[1:])
