"""What was found out is not asked again until the next load, or the next minute: a page that is left open costs little."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, datetime
from threading import Lock, local
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tenure.answer import Answer
    from tenure.library import Store

    Key = tuple[object, ...]
    T = TypeVar("T")

_MOST = 2_000


class Memory:
    """A store that is asked through its memory. The answers are not to be changed by who gets them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._kept: OrderedDict[Key, Any] = OrderedDict()
        self._lock = Lock()
        self._begun = local()

    def begin(self) -> None:
        """From here on this thread makes a page: what it remembers by is looked up once, and all of the page is of one minute."""
        self._begun.state = self._now()

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
        load, edition, minute = getattr(self._begun, "state", None) or self._now()
        return (load, edition, None if lasts else minute, what, repr(sorted(words.items())))

    def _now(self) -> tuple[int, int, datetime]:
        return self.store.latest_load, self.store.edition, datetime.now(UTC).replace(second=0, microsecond=0)
