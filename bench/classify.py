"""The classifier in a process of its own: texts a second on one core, what loading it costs, what it weighs."""

import subprocess
import sys
from importlib.resources import files

from bench.machine import load, table
from router.classify.model import WEIGHTS

# In a fresh process, so that neither the other measures' imports nor their memory count.
PROGRAM = """
import sys, time
from bench.machine import memory_mb
import os
before = memory_mb(os.getpid())[0]
begun = time.process_time()
from router.classify import Classifier
from router.classify.corpus import catalogue_entries, lexicon_sources, read_texts
imported = time.process_time() - begun
sources, products = lexicon_sources(), catalogue_entries()
begun = time.process_time()
classifier = Classifier.load(sources, products)
loaded = time.process_time() - begun
texts = [text for part in ("dev", "held_out", "test") for text in read_texts(part)]
asked = getattr(classifier, sys.argv[2])
rounds = []
for _ in range(int(sys.argv[1])):
    begun = time.process_time()
    for text in texts:
        asked(text.subject, text.body)
    rounds.append(time.process_time() - begun)
letters = sum(len(text.subject) + len(text.body) for text in texts) / len(texts)
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024
speeds = len(texts) / rounds[0], len(texts) / min(rounds)
print(imported, loaded, *speeds, letters, before, memory_mb(os.getpid())[0], peak)
"""


def main(quick: bool) -> None:
    """Prints the table. Texts met for the first time, then met again: people use the same words."""
    rounds = "2" if quick else "6"
    imported, loaded, first, again, letters, before, after, peak = _measured("classify", rounds)
    _, _, alone_first, alone_again, *_ = _measured("category_of", rounds)
    size = len((files("router.classify") / WEIGHTS).read_bytes()) / 1024**2
    print(f"\nClassifying, one core; texts of some {letters:.0f} characters")
    table(
        ("what", "measured"),
        [
            ("import, processor seconds", f"{imported:.2f}"),
            ("load (lexicon, catalogue, weights), processor seconds", f"{loaded:.2f}"),
            ("whole answers a second, first round", f"{first:,.0f}"),
            ("whole answers a second, best round", f"{again:,.0f}"),
            ("categories a second, without why nor the facts, first round", f"{alone_first:,.0f}"),
            ("categories a second, best round", f"{alone_again:,.0f}"),
            ("memory before and after, MB (highest)", f"{before:.0f}, {after:.0f} ({peak:.0f})"),
            ("weights file, MiB", f"{size:.1f}"),
        ],
    )
    load()


def _measured(asked: str, rounds: str) -> list[float]:
    """What one fresh process gives, asking one thing of the classifier."""
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, rounds, asked], check=True, capture_output=True, text=True
    ).stdout
    return [float(each) for each in told.split()]
