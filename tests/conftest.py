"""Makes what tests share importable by every test, and by processes that tests start."""

import importlib.util
import sys
from pathlib import Path

from hypothesis import Phase, settings

# The same examples in every run, so that a change is judged by what it changes; new ones are
# looked for with `--hypothesis-profile=search`.
settings.register_profile("settled", derandomize=True, database=None)
settings.register_profile("search", derandomize=False)
# Whether a fault is found, not by what is least: to shorten a history takes minutes.
settings.register_profile(
    "unshortened", derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("settled")

for name in (
    "exports_reading",
    "format_examples",
    "guides",
    "hostile_report",
    "model",
    "recording",
    "registry",
):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])
