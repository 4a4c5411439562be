"""A tagger's ONNX file in, a network of the same weights out, to be trained on for other answers and written as ONNX again (PyTorch, optional).

The network is BERT's encoder (Devlin et al., NAACL 2019) with embeddings for a word's shape and for the role that the tagger gave it.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from scorer.errors import ModelError

ROLES = 7  # outside, and begin and inside of source, cue and content
SHAPES = 30
_MASKED = -10000.0
_MATRIX = re.compile(r"^/(?:(?P<split>[qkv])\.(?P<i>\d+)|(?P<own>o|up|down)(?:_(?P<j>\d+))?|(?P<out>out))/MatMul")


class _Layer(nn.Module):
    def __init__(self, hidden: int, inner: int) -> None:
        super().__init__()
        self.o, self.up, self.down = nn.Linear(hidden, hidden), nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.ln1, self.ln2 = nn.LayerNorm(hidden, eps=1e-12), nn.LayerNorm(hidden, eps=1e-12)


class EncoderNetwork(nn.Module):
    """`width` answers for each subword. `forward` takes ids, features, roles and mask, each batch x length, and gives batch x length x width."""

    def __init__(
        self, width: int, *, layers: int = 6, hidden: int = 384, heads: int = 12, inner: int = 1536, vocabulary: int = 30522, dropout: float = 0.1
    ) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.we, self.pe, self.fe, self.role = (nn.Embedding(n, hidden) for n in (vocabulary, 512, SHAPES, ROLES))
        self.ln = nn.LayerNorm(hidden, eps=1e-12)
        self.q, self.k, self.v = (nn.ModuleList(nn.Linear(hidden, hidden) for _ in range(layers)) for _ in range(3))
        self.layers = nn.ModuleList(_Layer(hidden, inner) for _ in range(layers))
        self.out = nn.Linear(hidden, width)
        nn.init.zeros_(self.role.weight)
        nn.init.normal_(self.out.weight, std=0.02)
        nn.init.zeros_(self.out.bias)

    def hidden(self, ids: Tensor, feats: Tensor, roles: Tensor, mask: Tensor) -> Tensor:
        """The last layer's vectors."""
        batch, length = ids.shape
        size = self.out.in_features // self.heads
        x = self.drop(self.ln(self.we(ids) + self.pe.weight[:length].unsqueeze(0) + self.fe(feats) + self.role(roles)))
        blocked = (1.0 - mask[:, None, None, :].float()) * _MASKED
        for i, layer in enumerate(self.layers):
            q, k, v = (part[i](x).view(batch, length, self.heads, size).transpose(1, 2) for part in (self.q, self.k, self.v))
            weights = torch.softmax(torch.matmul(q, k.transpose(-1, -2)) * size**-0.5 + blocked, -1)
            x = layer.ln1(x + self.drop(layer.o(torch.matmul(weights, v).transpose(1, 2).reshape(batch, length, -1))))  # type: ignore[operator]
            x = layer.ln2(x + self.drop(layer.down(nn.functional.gelu(layer.up(x)))))  # type: ignore[operator]
        return x

    def forward(self, ids: Tensor, feats: Tensor, roles: Tensor, mask: Tensor) -> Tensor:
        answers: Tensor = self.out(self.drop(self.hidden(ids, feats, roles, mask)))
        return answers

    def drop(self, x: Tensor) -> Tensor:
        """Dropout with one mask for all positions of a sequence."""
        if not self.training or not self.dropout:
            return x
        return x * torch.empty(x.shape[0], 1, x.shape[2], dtype=x.dtype).bernoulli_(1 - self.dropout) / (1 - self.dropout)


def load_encoder(path: Path, width: int) -> EncoderNetwork:
    """A network that begins with the weights of an int8 tagger; its answers are new. Raises ModelError for another graph."""
    try:
        found = _weights(onnx.load(str(path)))
    except Exception as error:  # the library raises its own kinds
        raise ModelError(f"{path}: can't be read as a tagger ({error}); pass a complete model folder") from error
    network = EncoderNetwork(width)
    state = network.state_dict()
    known = {name: torch.from_numpy(np.array(value)) for name, value in found.items() if name in state and not name.startswith(("out", "role"))}
    missing = [n for n in state if not n.startswith(("out", "role")) and (n not in known or known[n].shape != state[n].shape)]
    if missing:
        raise ModelError(f"{path}: not a tagger of this make, {missing[0]} is missing; pass a complete model folder")
    network.load_state_dict(state | known)
    return network


def _weights(model: onnx.ModelProto) -> dict[str, npt.NDArray[np.float32]]:
    """The weights of a quantised graph by the names of EncoderNetwork."""
    constants = {i.name.removeprefix("m."): numpy_helper.to_array(i) for i in model.graph.initializer}
    out = {name: value for name, value in constants.items() if value.dtype == np.float32}
    for name in ("we", "fe", "role"):
        if f"{name}.weight_quantized" in constants:
            out[f"{name}.weight"] = _restored(constants, f"{name}.weight")
    for node in model.graph.node:
        if node.op_type == "MatMulInteger" and (match := _MATRIX.match(node.output[0])):
            matrix = _restored(constants, node.input[1].removesuffix("_quantized")).T
            own = f"layers.{match['j'] or 0}.{match['own']}" if match["own"] else match["out"] or f"{match['split']}.{match['i']}"
            out[f"{own}.weight"] = matrix
    return out


def _restored(constants: dict[str, npt.NDArray[np.float32]], name: str) -> npt.NDArray[np.float32]:
    whole = constants[f"{name}_quantized"].astype(np.float32) - constants[f"{name}_zero_point"].astype(np.float32)
    return np.asarray(whole * constants[f"{name}_scale"], np.float32)


def write_onnx(network: EncoderNetwork, path: Path) -> None:
    """The network as int8 ONNX with the output `signals`: weights quantised a channel, activations as they come."""
    network.eval()
    inputs = ["ids", "feats", "roles", "mask"]
    sample = tuple(torch.ones(1, 40, dtype=torch.int64) for _ in inputs)
    exact, prepared = path.with_suffix(".fp32.part"), path.with_suffix(".prepared.part")
    try:
        axes = {name: {0: "b", 1: "l"} for name in (*inputs, "signals")}
        torch.onnx.export(network, sample, str(exact), input_names=inputs, output_names=["signals"], opset_version=17, dynamic_axes=axes, dynamo=False)
        quant_pre_process(str(exact), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(str(prepared), str(path), per_channel=True, weight_type=QuantType.QInt8)
    finally:
        for part in (exact, prepared):
            part.unlink(missing_ok=True)
