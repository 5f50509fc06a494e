"""Makes what tests share importable by every test, and by processes that tests start."""

import importlib.util
import sys
from pathlib import Path

from hypothesis import settings

# The same examples in every run, so that a change is judged by what it changes: a share of them by
# default, all with `--hypothesis-profile=whole`, new ones with `--hypothesis-profile=search`.
settings.register_profile("settled", derandomize=True, database=None, max_examples=20)
settings.register_profile("whole", derandomize=True, database=None, max_examples=100)
settings.register_profile("search", derandomize=False, max_examples=100)
settings.load_profile("settled")

for name in (
    "examples",
    "exports_reading",
    "format_examples",
    "guides",
    "hostile_report",
    "model",
    "pictures_reading",
    "recording",
    "registry",
):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])
