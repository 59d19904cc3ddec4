"""What a network's `config.json` must say, as a JSON schema."""

import math
from dataclasses import fields
from typing import get_args, get_type_hints

from jsonschema.validators import Draft4Validator, Draft202012Validator, extend

from lib.dynamics.cells import CELLS
from lib.training.recipe import KEPT, WORD_VECTORS, Recipe

FILES = ("evidence.safetensors", "metrics.json", "vocabulary.txt", "weights.safetensors")
TEXT = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 1}
AMOUNT = {"type": "number", "minimum": 0}
SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
CHOICES = {"keep": KEPT, "word_vectors": WORD_VECTORS}


def _object(properties: dict[str, dict], others: bool = True) -> dict:
    """An object that has all these properties and, unless `others`, no more."""
    return {"type": "object", "required": [*properties], "properties": properties, "additionalProperties": others}


def _setting(name: str) -> dict:
    """A setting of a recipe: of the type that the dataclass says."""
    kind = get_type_hints(Recipe)[name]
    kinds = get_args(kind) or (kind,)
    of = {
        int: COUNT,
        float: AMOUNT,
        str: TEXT | ({"enum": CHOICES[name]} if name in CHOICES else {}),
        type(None): {"type": "null"},
    }
    return {"anyOf": [of[one] for one in kinds]} if len(kinds) > 1 else of[kind]


def _is_number(value: object) -> bool:
    """A finite one; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


CONFIG = _object(
    {
        **dict.fromkeys(("name", "dataset", "title", "device"), TEXT),
        "architecture": {"enum": [*CELLS]},
        "variant": {"type": "string"},
        "n_layers": COUNT,
        "seed": {"type": "integer", "minimum": 0},
        "recipe": _object({field.name: _setting(field.name) for field in fields(Recipe)}, others=False),
        "documents": _object(dict.fromkeys(("train", "validation", "test"), COUNT)),
        "mean_length": _object(dict.fromkeys(("whole", "cut"), AMOUNT | {"exclusiveMinimum": 0})),
        "unknown_share": AMOUNT | {"maximum": 1},
        "fingerprints": _object(dict.fromkeys(("train", "test"), TEXT)) | {"additionalProperties": TEXT},
        "versions": _object(dict.fromkeys(("python", "torch", "numpy", "scikit-learn"), TEXT)),
        "training_seconds": AMOUNT,
        "seconds": AMOUNT,
        "checksums": _object(dict.fromkeys((*FILES, "config.json"), SHA256), others=False),
    }
)
CONFIG["properties"]["classes"] = {"type": "array", "items": TEXT, "minItems": 3, "uniqueItems": True}
_TYPES = Draft4Validator.TYPE_CHECKER.redefine("number", lambda _, value: _is_number(value))  # where 0.0 is no whole number
_STRICT = extend(Draft202012Validator, type_checker=_TYPES)


def check(config: object) -> None:
    """Raise ValueError that names the first field which is missing or not what it should be."""
    if error := next(iter(_STRICT(CONFIG).iter_errors(config)), None):
        field = error.json_path.removeprefix("$").removeprefix(".")
        raise ValueError(f"config.json{', ' if field else ''}{field}: {error.message}")
