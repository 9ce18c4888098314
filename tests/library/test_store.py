"""The library as a data engineer meets it."""

from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import tenure
from library.company import small
from tenure import catalog
from tenure.errors import SettingsError, UnknownNameError, UsageError
from tenure.words import read_words

COLUMNS = ["start", "end", "partial", "segment", "value"]


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame, pa.table], ids=["pandas", "polars", "pyarrow"])
def test_frames_go_in_and_out(frame: type) -> None:
    """A frame is loaded by its Arrow stream, an answer becomes each of them."""
    rows = {
        "subscription_id": ["s1", "s2"],
        "account_id": ["a", "b"],
        "starts_at": ["2024-01-01", "2024-02-01"],
        "unit_amount": ["10.50", "20"],
    }
    with tenure.open(":memory:") as store:
        load = store.load(frame(rows), table="subscription_periods")
        assert (load.rows_in, load.accepted) == (2, 2)
        answer = store.ask("mrr", since="2024-01-01", until="2024-03-01")
    assert answer.to_arrow()["value"].to_pylist() == [10.5, 30.5]
    assert answer.to_pandas()["value"].tolist() == [10.5, 30.5]
    assert answer.to_polars()["value"].to_list() == [10.5, 30.5]
    assert answer.to_arrow().column_names[:5] == COLUMNS


def test_an_answer_shows_itself(tmp_path: Path) -> None:
    """In a notebook: a table, and a chart."""
    bundle = (
        small(tmp_path)
        .ask("mrr", since="2024-01-01", until="2024-04-01", by="plan", compare="previous")
        ._repr_mimebundle_()
    )
    assert "<caption>MRR</caption>" in bundle["text/html"]
    assert "January 2024" in bundle["text/html"]
    assert "$schema" in bundle["application/vnd.vegalite.v5+json"]


def test_a_metric_of_one_s_own(tmp_path: Path) -> None:
    """A file in the store's `metrics/` is a metric; a broken one is named with its line and hurts nothing else."""
    own = tmp_path / "acme" / "metrics"
    own.mkdir(parents=True)
    (own / "pro_mrr.py").write_text(
        '"""MRR of the pro plan."""\n'
        "from tenure.measure import closing\nfrom tenure.metric import Better, Metric, Unit\n"
        "METRIC = Metric(title='Pro MRR', measure=closing('revenue', 'sum(worth)', where=\"plan = 'pro'\", name='pro_mrr'),\n"
        "                unit=Unit.MONEY, better=Better.UP)\n",
        encoding="utf-8",
    )
    (own / "broken.py").write_text("import tenure\nMETRIC = nothing\n", encoding="utf-8")
    with tenure.open(tmp_path / "acme") as store:
        rows = {
            "subscription_id": ["s", "t"],
            "account_id": ["a", "b"],
            "plan": ["pro", "basic"],
            "starts_at": ["2024-01-01"] * 2,
            "unit_amount": ["7", "5"],
        }
        store.load(pa.table(rows), table="subscription_periods")
        assert store.ask("pro_mrr", since="2024-01-01", until="2024-02-01").rows[0].value == 7
        assert store.ask("mrr", since="2024-01-01", until="2024-02-01").rows[0].value == 12
        [fault] = store.broken_metrics
    assert (fault.path.name, fault.line) == ("broken.py", 2)


def test_a_target_is_of_a_metric_that_there_is(tmp_path: Path) -> None:
    """Shipped, or of one's own, even while its file is broken; a slip is said and not passed over."""
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "broken.py").write_text("METRIC = nothing\n", encoding="utf-8")
    (tmp_path / "tenure.toml").write_text("[targets]\nbroken = 1\nnps = 50\n", encoding="utf-8")
    tenure.open(tmp_path).close()
    (tmp_path / "tenure.toml").write_text("[targets]\nnet_revenue_retension = 1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"toml: targets: .* Did you mean 'net_revenue_retention'\?"):
        tenure.open(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("leaves", "\nraise SystemExit(3)\n", "SystemExit: 3"),
        ("stops", "\nraise KeyboardInterrupt\n", "KeyboardInterrupt: "),
        ("base", "class Odd(BaseException): ...\nraise Odd('x')\n", "Odd: x"),
        ("mrr", "\n", "a shipped metric is named 'mrr' already: rename the file"),
    ],
)
def test_whatever_a_metric_file_raises_is_told(tmp_path: Path, name: str, text: str, reason: str) -> None:
    """And one that takes the name of a shipped metric does not replace it."""
    (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    found, [fault] = catalog.own(tmp_path)
    assert (found, fault.path.stem, fault.reason) == ({}, name, reason)


def test_ctrl_c_is_no_fault_of_a_metric_file(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("import signal\nsignal.raise_signal(signal.SIGINT)\n", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        catalog.own(tmp_path)


def test_dimensions(tmp_path: Path) -> None:
    """Attributes are snake-cased; an unknown dimension names those that exist; a movement's own do not fit a level."""
    store = small(tmp_path)
    assert "home_region" in store.dimensions()
    by = {
        row.segment: row.value
        for row in store.ask("mrr", since="2024-02-01", until="2024-03-01", by="home_region").rows
    }
    assert by == {"north": 50, "south": 90, "(none)": 100}
    reasons = {
        row.segment: row.value
        for row in store.ask("churned_mrr", since="2024-03-01", until="2024-04-01", by="reason").rows
    }
    assert reasons["price"] == pytest.approx(110)
    with pytest.raises(UnknownNameError, match=r"'regoin'.*home_region"):
        store.ask("mrr", by="regoin")
    with pytest.raises(UsageError, match="says nothing of this metric"):
        store.ask("mrr", by="reason")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"where": "plan=pro"}, r"write a mapping, such as where=\{'plan': 'pro'\}"),
        ({"where": {"seats": 5}}, "'seats' is to be 5: write it in quotes"),
        ({"by": ["plan", "country"]}, r"by=\['plan', 'country'\] is no name"),
    ],
)
def test_words_of_another_kind_are_told(words: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        read_words(words)


def test_what_was_never_loaded_is_unknown() -> None:
    """Not 0: the answer names the table."""
    with tenure.open() as store:
        answer = store.ask("customers", since="2024-01-01", until="2024-02-01")
    assert [row.value for row in answer.rows] == [None]
    assert answer.missing == ("subscription_periods",)


def test_the_default_window_ends_with_the_last_change(tmp_path: Path) -> None:
    """The last twelve full months and the running one, cut at the last change."""
    answer = small(tmp_path).ask("mrr")
    assert len(answer.rows) == 13
    assert answer.rows[-1].partial
    assert answer.rows[-1].end.isoformat().startswith("2024-03-20T00:00:00")
    assert answer.rows[0].start.isoformat() == "2023-03-01T00:00:00"


def test_a_partial_month_is_compared_with_the_same_days(tmp_path: Path) -> None:
    """On 15 March, expansion of 1 to 15 March against 1 to 15 February."""
    answer = small(tmp_path).ask(
        "new_mrr", since="2024-03-01", until="2024-04-01", compare="previous", now="2024-03-15"
    )
    [row] = answer.rows
    assert (row.partial, row.value, row.previous) == (True, 0, 100)
    answer = small(tmp_path / "b").ask(
        "new_mrr", since="2024-03-01", until="2024-04-01", compare="previous", now="2024-03-04"
    )
    assert answer.rows[0].previous == 0
