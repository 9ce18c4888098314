"""What was found out is not asked again until the next load, or the next minute: a page that is left open costs little."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from threading import Lock, local
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tenure.answer import Answer
    from tenure.library import Store

    Key = tuple[object, ...]
    State = tuple[int, int, datetime]
    T = TypeVar("T")

_MOST = 2_000
OLDEST = timedelta(minutes=15)
"""How old a page may be that is shown while it is made anew."""


class Memory:
    """A store that is asked through its memory. The answers are not to be changed by who gets them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._kept: OrderedDict[Key, Any] = OrderedDict()
        self._lock = Lock()
        self._begun = local()

    def begin(self, was: State | None = None) -> None:
        """From here on this thread makes a page: what it remembers by is looked up once, and all of the page is of one minute.

        That is the one of `was`, when the page was last made, unless something came in since or it is long ago.
        """
        changes, edition, minute = self._now()
        if was is not None and was[:2] == (changes, edition) and minute - was[2] <= OLDEST:
            self._begun.state, self._begun.is_latest = was, was[2] == minute
        else:
            self._begun.state, self._begun.is_latest = (changes, edition, minute), True

    @property
    def state(self) -> State:
        """By what this thread remembers: how often the store was changed, the edition of its settings, the minute (naive UTC)."""
        state: State | None = getattr(self._begun, "state", None)
        return state or self._now()

    @property
    def is_latest(self) -> bool:
        """Whether the page that this thread makes is of the minute in which it was asked for."""
        return getattr(self._begun, "is_latest", True)

    def ask(self, name: str, words: Mapping[str, Any]) -> Answer:
        """The answer to one question."""
        return self.of("ask", {"metric": name, **words}, lambda: self.store.ask(name, **words))

    def of(self, what: str, words: Mapping[str, Any], make: Callable[[], T], *, lasts: bool = False) -> T:
        """What `make` gives: made anew after a load, with other settings and, unless it `lasts`, after a minute: what runs goes on."""
        key = self._key(what, words, lasts=lasts)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                found: T = self._kept[key]
                return found
        made = self.store.steady(make)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return made

    def recalled(self, what: str, words: Mapping[str, Any]) -> Any | None:  # noqa: ANN401 - whatever was kept
        """What was made and lasts; None if it was not."""
        with self._lock:
            return self._kept.get(self._key(what, words, lasts=True))

    def _key(self, what: str, words: Mapping[str, Any], *, lasts: bool) -> Key:
        changes, edition, minute = self.state
        return (changes, edition, None if lasts else minute, what, repr(sorted(words.items())))

    def _now(self) -> State:
        minute = datetime.now(UTC).replace(second=0, microsecond=0, tzinfo=None)
        return self.store.changes, self.store.edition, minute
