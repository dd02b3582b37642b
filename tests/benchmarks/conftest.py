"""The benchmarks are scripts beside each other; they are imported as such."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
