"""What is written is so: commands exist, decisions are listed, nothing that a user can set or say is undocumented."""

from __future__ import annotations

import re
import runpy
import shlex
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING

import click
import pytest

from house.project import ROOT, metric_files, settings, tracked
from tenure.catalog import shipped

if TYPE_CHECKING:
    from pathlib import Path

DECISIONS = ROOT / "docs" / "decisions"
REFERENCE = ROOT / "docs" / "reference"
PAGES = [p for p in tracked() if p.suffix == ".md"]
TOLD = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def commands() -> dict[str, click.Command]:
    """Every command of the command line by its name."""
    from tenure.surfaces.cli.app import tenure

    ctx = click.Context(tenure)
    found = {name: tenure.get_command(ctx, name) for name in tenure.list_commands(ctx)}
    return {name: command for name, command in found.items() if command is not None}


def options(command: click.Command) -> set[str]:
    """Every option that a command takes, as it is typed."""
    return {word for option in command.params if isinstance(option, click.Option) for word in option.opts}


def said(path: Path) -> list[list[str]]:
    """The words of every `tenure …` line in the blocks of a page and within its sentences, the command first."""
    blocks = re.findall(r"^```(?:sh|console)\n(.*?)^```", text(path), re.MULTILINE | re.DOTALL)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    lines += re.findall(r"`(tenure [a-z][^`]*)`", text(path))
    spoken = [shlex.split(line, comments=True)[1:] for line in lines if re.match(r"tenure [a-z-]", line)]
    for words in spoken:
        while words[0].startswith("--") and len(words) > 1:  # options may stand before their command
            del words[: 1 if "=" in words[0] else 2]
    return spoken


def test_decisions_are_numbered_and_listed() -> None:
    files = sorted(p.name for p in DECISIONS.glob("[0-9]*.md"))
    assert [name[:4] for name in files] == [f"{n:04}" for n in range(1, len(files) + 1)]
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", text(DECISIONS / "README.md"))
    assert listed == files


@pytest.mark.parametrize("path", sorted(DECISIONS.glob("[0-9]*.md")), ids=lambda p: p.stem)
def test_a_decision_says_why_what_and_then(path: Path) -> None:
    assert text(path).startswith(f"# {path.name[:4]}: ")
    for part in ("Context", "Decision", "Consequences"):
        assert f"**{part}.**" in text(path)


def test_every_dependency_has_its_reason() -> None:
    project, groups = settings()["project"], settings()["dependency-groups"]
    assert isinstance(project, dict)
    assert isinstance(groups, dict)
    asked = [*project["dependencies"], *(one for group in groups.values() for one in group if isinstance(one, str))]
    names = {re.split(r"[<>=\[; ]", line)[0] for line in asked}
    reasons = text(DECISIONS / "0004-dependencies.md")
    assert not [name for name in names if not re.search(rf"\b{re.escape(name)}\b", reasons)]


@pytest.mark.parametrize(
    "path", [ROOT / "CONTRIBUTING.md", DECISIONS / "0001-house-and-layers.md"], ids=lambda p: p.stem
)
def test_the_layers_are_told_as_they_are_kept(path: Path) -> None:
    lines = [line for line in text(path).splitlines() if re.match(r"    .*<", line)]
    told = [set(re.findall(r"\w+", layer)) for layer in " ".join(lines).split("<")]
    contract = settings()["tool"]["importlinter"]["contracts"][0]  # type: ignore[index]
    kept = [set(re.findall(r"\w+", layer)) for layer in contract["layers"]]
    assert told == [layer for layer in reversed(kept) if layer != {"__main__"}]


@pytest.mark.parametrize("path", TOLD, ids=lambda p: p.stem)
def test_make_has_what_is_promised(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), re.MULTILINE))
    promised = set(re.findall(r"(?:^|`)make ([a-z]+)", text(path), re.MULTILINE))
    assert promised
    assert promised <= targets


def test_the_check_of_a_change_is_the_command_of_the_readme() -> None:
    assert "\nmake test\n" in text(ROOT / ".ci" / "run")
    assert "make test" in text(ROOT / "README.md").split("## ")[0]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text(path))]
    dead = [link for link in links if link and "://" not in link and not (path.parent / link).exists()]
    assert not dead


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_that_are_shown_exist(path: Path) -> None:
    known = commands()
    for name, *words in said(path):
        assert name in known, f"there is no `tenure {name}`"
        spoken = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert spoken <= options(known[name]) | {"--help"}, f"`tenure {name}` does not take them"


def test_metrics_that_are_shown_exist() -> None:
    ids = {p.stem for p in metric_files()}
    for words in (words for page in PAGES for words in said(page) if words[0] in {"ask", "explain"}):
        asked = [word.partition(":")[0] for word in words[1:] if re.fullmatch(r"[a-z]+(_[a-z]+)+(:\w+)?|mrr|arr", word)]
        assert set(asked) <= ids, words


@cache
def made() -> dict[str, str]:
    """The pages of the reference, made anew."""
    pages = runpy.run_path(str(ROOT / "docs" / "reference.py"))["pages"]()
    assert isinstance(pages, dict)
    return pages


def test_the_reference_is_what_the_program_says() -> None:
    kept = {path.stem: text(path) for path in REFERENCE.glob("*.md") if path in tracked() and path.stem != "README"}
    assert kept.keys() == made().keys(), "make reference"
    assert [name for name, page in kept.items() if page != made()[name]] == [], "make reference"


def test_every_setting_is_documented() -> None:
    from tenure.config import Settings

    keys = [one.name for one in fields(Settings) if one.metadata["meaning"]]
    assert len(keys) > 10
    page = text(REFERENCE / "settings.md")
    assert not [key for key in keys if not re.search(rf"^#(\[+{key}\]+|{key} =)", page, re.MULTILINE)]


def test_every_command_metric_and_table_is_documented() -> None:
    from tenure.tables import TABLES

    pages = made()
    assert not [name for name in commands() if f"\n### {name}\n" not in pages["commands"]]
    assert not [path.stem for path in metric_files() if f"\n### {path.stem}\n" not in pages["metrics"]]
    assert not [name for name in TABLES if f"\n## {name}\n" not in pages["tables"]]


@pytest.mark.parametrize("path", metric_files(), ids=lambda p: p.stem)
def test_a_metric_tells_all_of_itself(path: Path) -> None:
    """What it is, how it is computed, where it is on edge, who says so; and each variant by its name in a sentence."""
    metric = shipped()[path.stem]
    assert metric.summary.partition(": ")[2]
    assert not [part for part in ("Definition", "Formula", "Edge cases", "Sources") if not metric.section(part)]
    assert metric.title
    assert metric.examples
    told = " ".join(metric.doc.split())
    assert not [
        name
        for name, variant in metric.variants.items()
        if not re.search(rf"`({path.stem}:)?{name}`", told) or not variant.title
    ]


def test_fragments_have_a_kind() -> None:
    kinds = {"added", "changed", "mended", "removed"}
    fragments = [p for p in (ROOT / "changelog.d").iterdir() if p.name != "README.md"]
    assert not [p.name for p in fragments if p.suffix != ".md" or p.stem.rpartition(".")[2] not in kinds]
