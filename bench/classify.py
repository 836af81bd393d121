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
rounds = []
for _ in range(int(sys.argv[1])):
    begun = time.process_time()
    for text in texts:
        classifier.classify(text.subject, text.body)
    rounds.append(time.process_time() - begun)
begun = time.process_time()
for text in texts:
    classifier.category_of(text.subject, text.body)
alone = time.process_time() - begun
letters = sum(len(text.subject) + len(text.body) for text in texts) / len(texts)
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024
speeds = len(texts) / rounds[0], len(texts) / min(rounds), len(texts) / alone
print(imported, loaded, *speeds, letters, before, memory_mb(os.getpid())[0], peak)
"""


def main(quick: bool) -> None:
    """Prints the table. Texts met for the first time, then met again: people use the same words."""
    command = [sys.executable, "-c", PROGRAM, "2" if quick else "6"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    imported, loaded, first, again, alone, letters, before, after, peak = (float(each) for each in told.split())
    size = len((files("router.classify") / WEIGHTS).read_bytes()) / 1024**2
    print("\nClassifying, one core")
    table(
        ("what", "measured"),
        [
            ("import, processor seconds", f"{imported:.2f}"),
            ("load (lexicon, catalogue, weights), processor seconds", f"{loaded:.2f}"),
            (f"texts a second, first round (some {letters:.0f} characters each)", f"{first:,.0f}"),
            ("texts a second, best round", f"{again:,.0f}"),
            ("the category alone, without why nor the facts", f"{alone:,.0f}"),
            ("memory before and after, MB (highest)", f"{before:.0f}, {after:.0f} ({peak:.0f})"),
            ("weights file, MiB", f"{size:.1f}"),
        ],
    )
    load()
