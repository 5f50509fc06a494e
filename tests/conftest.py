"""Makes `recording` importable by every test, and by the processes that tests start."""

import importlib.util
import sys
from pathlib import Path

spec = importlib.util.spec_from_file_location("recording", Path(__file__).with_name("recording.py"))
assert spec is not None
assert spec.loader is not None
sys.modules["recording"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["recording"])
