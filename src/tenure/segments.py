"""Named segments of the settings: a filter over the attributes of accounts, checked and written anew, never run as it stands."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from tenure.dimensions import NONE, Dimension, account_join, attribute, verbatim
from tenure.errors import SettingsError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlglot import exp

OTHER = "(other)"
_COMPARED = {"EQ": "=", "NEQ": "<>", "GT": ">", "GTE": ">=", "LT": "<", "LTE": "<="}


def segment(name: str, segments: Mapping[str, str], attributes: Iterable[str]) -> Dimension:
    """The named segment as a dimension of two values: its name, and `OTHER`.

    Raises:
        SettingsError: its filter cannot be read, or speaks of what accounts do not have.
    """
    condition = _written(name, segments[name], set(attributes))
    return Dimension(name, "account", f"CASE WHEN {condition} THEN {verbatim(name)} ELSE '{OTHER}' END", account_join())


def member(names: Iterable[str], segments: Mapping[str, str], attributes: Iterable[str]) -> Dimension:
    """Whether an account is in one of the named segments: a dimension whose value is then the first name.

    Raises:
        UnknownNameError: there is no such segment in the settings.
        SettingsError: as of `segment`.
    """
    chosen = list(names)
    for name in chosen:
        if name not in segments:
            known = (
                f"The settings name {', '.join(segments)}." if segments else "The settings name none: see [segments]."
            )
            raise UnknownNameError("segment", name, tuple(segments), known)
    known_attributes = set(attributes)
    shown = " ".join(
        f"WHEN {_written(name, segments[name], known_attributes)} THEN {verbatim(name)}" for name in chosen
    )
    return Dimension("segment", "account", f"CASE {shown} ELSE '{OTHER}' END", account_join())


def _written(name: str, text: str, attributes: set[str]) -> str:
    import sqlglot  # slow to import, and few name segments
    from sqlglot.errors import SqlglotError

    try:
        tree = sqlglot.parse_one(text, read="duckdb")
        return _condition(tree, name, attributes)
    except SqlglotError as fault:
        message = (
            f"[segments] {name}: '{text}' is not a filter; write it like size = 'large' AND country IN ('DE', 'AT')."
        )
        raise SettingsError(message) from fault
    except RecursionError as fault:
        message = f"[segments] {name}: the filter is nested too deeply to be read: write lists of values with IN."
        raise SettingsError(message) from fault


def _condition(node: exp.Expr, name: str, attributes: set[str]) -> str:
    """A condition as SQL of our own; what is no comparison of an attribute with a value is refused."""
    from sqlglot import exp

    kind = type(node).__name__
    match node:
        case exp.And() | exp.Or():
            word = "AND" if isinstance(node, exp.And) else "OR"
            return f"({_condition(node.left, name, attributes)} {word} {_condition(node.right, name, attributes)})"
        case exp.Not():
            return f"(NOT {_condition(node.this, name, attributes)})"
        case exp.Paren():
            return _condition(node.this, name, attributes)
        case exp.Is(this=exp.Column() as column, expression=exp.Null()):
            return f"({_value(column, name, attributes)} IS NULL)"
        case exp.In(this=exp.Column() as column) if node.expressions:
            value, given = _value(column, name, attributes), [_literal(value, name) for value in node.expressions]
            texts = ", ".join(one for one in given if one.startswith("'"))
            numbers = ", ".join(one for one in given if not one.startswith("'"))
            kinds = [f"coalesce({value} IN ({texts}), false)"] if texts else []
            kinds += [f"coalesce(TRY_CAST({value} AS DOUBLE) IN ({numbers}), false)"] if numbers else []
            return f"({' OR '.join(kinds)})"
    if isinstance(node, exp.Binary) and kind in _COMPARED and isinstance(node.left, exp.Column):
        value, other = _value(node.left, name, attributes), _literal(node.right, name)
        if not other.startswith("'"):
            value = f"TRY_CAST({value} AS DOUBLE)"
        return f"coalesce({value} {_COMPARED[kind]} {other}, false)"
    message = (
        f"[segments] {name}: '{node.sql()}' is not understood. A filter compares attributes with values: "
        "=, <>, <, <=, >, >=, IN, IS NULL, joined by AND, OR and NOT."
    )
    raise SettingsError(message)


def _value(column: exp.Column, name: str, attributes: set[str]) -> str:
    if column.name == "channel":
        return "a.channel"
    if column.name not in attributes:
        near = get_close_matches(column.name, sorted(attributes), n=1)
        meant = f" Did you mean '{near[0]}'?" if near else ""
        known = ", ".join(sorted({*attributes, "channel"}))
        message = f"[segments] {name}: accounts have no attribute '{column.name}'.{meant} They have {known}."
        raise SettingsError(message)
    told = (
        "(SELECT arg_max(v.attribute_value, v.happened_at) FROM {attribute_values} AS v"
        f" WHERE v.account_id = r.account_id AND v.attribute = {verbatim(column.name)})"
    )
    # An account whose history was told has what it told last, which may be nothing.
    return f"coalesce(nullif({told}, '{NONE}'), CASE WHEN {told} IS NULL THEN {attribute(column.name)} END)"


def _literal(node: exp.Expr, name: str) -> str:
    from sqlglot import exp

    if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal) and not node.this.is_string:
        return f"-{node.this.this}"
    if isinstance(node, exp.Boolean):
        return "'true'" if node.this else "'false'"
    if not isinstance(node, exp.Literal):
        message = f"[segments] {name}: '{node.sql()}' is not a value: write a number, or a text in single quotes."
        raise SettingsError(message)
    return verbatim(node.this) if node.is_string else str(node.this)
