"""Wall time and peak memory of `scorer score ARTICLE` from a cold start, a process a run, beside a bare `python -c pass`.

python benchmarks/cold_start.py [ARTICLE] [--runs 5]
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "ferry.txt"


def run(command: list[str]) -> tuple[float, float]:
    """Seconds and peak resident megabytes of a process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)}: failed")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("article", type=Path, nargs="?", default=EXAMPLE)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    score = [sys.executable, "-m", "scorer", "score", str(options.article)]
    bare = [sys.executable, "-c", "pass"]
    run(score)
    pairs = [(run(score), run(bare)) for _ in range(options.runs)]
    for name, k in (("scorer score", 0), ("python -c pass", 1)):
        print(f"{name}: median {statistics.median(p[k][0] for p in pairs):.2f} s, peak {max(p[k][1] for p in pairs):.0f} MB")


if __name__ == "__main__":
    main()
