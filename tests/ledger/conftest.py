"""Makes this folder's helpers importable: in importlib mode test folders are not packages."""

import importlib.util
import sys
from pathlib import Path

import pytest

for name in (
    "at_once",
    "bundles",
    "gias_files",
    "given",
    "histories",
    "logs",
    "moneys",
    "ofsted_files",
    "openssh",
    "targeting",
):
    if name in sys.modules:
        continue
    pytest.register_assert_rewrite(name)
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])
