"""The Chromium of the tests, and what keeps it from calling its maker."""

import os

from tests.programs import Program

CHROMIUM = Program(
    label="Chromium",
    variable="AIGUILLAGE_CHROMIUM",
    names=("chromium", "google-chrome", "google-chrome-stable", "chromium-browser"),
    packages=("chromium", "fonts-dejavu-core"),
)
# Nothing the tests show may leave this machine: each of these keeps the browser from calling its maker.
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-gpu",
    "--disable-dev-shm-usage",
)


def flags() -> list[str]:
    """What the browser is started with. Its sandbox refuses to run as root."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)
