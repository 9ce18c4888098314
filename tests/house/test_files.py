"""What is committed works anywhere: no machine's paths, no registry's name, every pin with its hash."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from house.project import PACKAGE, ROOT, settings, tracked

if TYPE_CHECKING:
    from pathlib import Path

# Written in pieces, so that this file does not find itself.
HOSTS = ("py" + "pi.", "python" + "hosted.", "npm" + "js.", "crates" + ".io", "artifact" + "ory", "ana" + "conda.",
         "reg" + "istry.", "unpkg" + ".com", "jsdel" + "ivr", "cdn" + "js")  # fmt: skip
PATHS = re.compile(
    r"(?<![\w.:/$}~-])/(" + "|".join(["wo" + "rk", "ho" + "me", "ro" + "ot", "Us" + "ers", "op" + "t"]) + r")/\w"
)
TEXT = {".py", ".sql", ".md", ".toml", ".txt", ".yaml", ".yml", ".html", ".js", ".css", ".csv", ".json", ".jsonl", ""}
LOCKS = ("requirements/run.txt", "requirements/dev.txt", "requirements/engines.txt")


def _texts() -> list[tuple[Path, str]]:
    return [(p, p.read_text(encoding="utf-8", errors="replace")) for p in tracked() if p.suffix in TEXT]


def _lines(wanted: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path, text in _texts()
        for number, line in enumerate(text.splitlines(), 1)
        if wanted.search(line)
    ]


def test_no_registry_is_named() -> None:
    assert not _lines(re.compile("|".join(re.escape(host) for host in HOSTS), re.IGNORECASE))


def test_no_path_of_one_machine() -> None:
    assert not _lines(PATHS)


def test_no_number_of_a_ticket() -> None:
    """Why a thing is so stands where it is, or in docs/decisions; trackers come and go."""
    assert not _lines(re.compile(r"\biss" + r"ues?\s+(#\s*)?\d+\b|\(#\d+\)", re.IGNORECASE))


def test_no_index_address_in_options() -> None:
    """The flag that leaves the address out is the one mention allowed."""
    assert not _lines(re.compile(r"(?<!no-emit-)(extra-)?index" + r"-url|--find" + r"-links|trusted" + r"-host"))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hash(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pins = re.split(r"^(?=\S)", "\n".join(x for x in text.splitlines() if not x.startswith("#")), flags=re.MULTILINE)
    loose = [
        pin.split()[0] for pin in pins if pin.strip() and not re.match(r"[\w.-]+==\S+.*--hash=sha256:", pin, re.DOTALL)
    ]
    assert not loose
    assert "://" not in text


def test_the_locks_agree_and_hold_what_is_asked_for() -> None:
    versions = [
        dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
        for lock in LOCKS
    ]
    for small, large in pairwise(versions):
        assert small.items() <= large.items(), "the tests would run on other versions than the demo"
    project = settings()["project"]
    assert isinstance(project, dict)
    asked = {re.split(r"[<>=\[; ]", line)[0] for line in project["dependencies"]}
    assert asked <= versions[0].keys(), "a dependency is not in the lock: make lock"


def test_the_wheel_has_every_file_of_the_package(tmp_path: Path) -> None:
    """SQL, templates and data too: an installed Tenure is the one that was tested."""
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path], cwd=ROOT, check=True,
                   capture_output=True)  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    missing = {str(p.relative_to(PACKAGE.parent)) for p in tracked() if p.is_relative_to(PACKAGE)} - packed
    assert not missing
