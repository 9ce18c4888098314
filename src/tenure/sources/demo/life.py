"""One account's life: the single object that is simulated, and from which the rows of every table are projected.

Its tickets, events and answers are drawn later, by modules that read the same life (`story`), and so agree with its churn.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from tenure.sources.demo.world import Segment


@dataclass(frozen=True)
class Discount:
    """`percent` or `amount` (per interval) off; it runs out at `ends_at` (none: never)."""

    duration: str
    percent: int = 0
    amount: int = 0
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Line:
    """What a subscription costs from one instant to another: a row of subscription_periods."""

    starts_at: datetime
    plan: str
    state: str
    quantity: int
    unit_amount: Decimal
    interval: str = "month"
    discount: Discount | None = None
    reason: str = ""
    ends_at: datetime | None = None


@dataclass
class Subscription:
    """A subscription with its lines in the order of time, each beginning where the one before ends."""

    subscription_id: str
    account_id: str
    created_at: datetime
    lines: list[Line] = field(default_factory=list)
    trial_started_at: datetime | None = None
    trial_ends_at: datetime | None = None
    cancel_requested_at: datetime | None = None
    ends_at: datetime | None = None
    end_kind: str = ""
    end_reason: str = ""
    busy_until: datetime | None = None  # paused or dunned: nothing else happens before

    @property
    def now(self) -> Line:
        """The last line."""
        return self.lines[-1]

    def change(self, when: datetime, reason: str = "", **new: object) -> None:
        """Ends the last line at `when` and begins another that differs from it in `new`.

        Two changes at one instant are one line: the second is made to the line that the first began.
        """
        following = replace(self.now, starts_at=when, reason=reason, **new)  # type: ignore[arg-type]
        if self.now.starts_at == when:
            self.lines[-1] = following
        else:
            self.lines[-1] = replace(self.now, ends_at=when)
            self.lines.append(following)

    def end(self, when: datetime, kind: str, reason: str) -> None:
        """Ends the subscription; a request to cancel, where there was one, was set before."""
        self.lines[-1] = replace(self.now, ends_at=when)
        self.ends_at, self.end_kind, self.end_reason = when, kind, reason


@dataclass(frozen=True)
class Person:
    """A user of an account. `alias` is another id under which the same person was once known."""

    person_id: str
    role: str
    joined_at: datetime
    locale: str
    alias: str = ""


@dataclass
class Life:
    """An account. `fit` (0..1) is how well the product serves it, what a health score later has to find out."""

    number: int
    account_id: str
    name: str
    segment: Segment
    region: str
    industry: str
    channel: str
    currency: str
    created_at: datetime
    fit: float
    is_test: bool = False
    sale_closed_at: datetime | None = None
    first_value_at: datetime | None = None
    launched_at: datetime | None = None
    moved_to: str = ""  # the account's id after the billing migration ...
    moved_at: datetime | None = None
    unmoved: list[Subscription] = field(default_factory=list)  # ... and its subscriptions as if there had been none
    subscriptions: list[Subscription] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    @property
    def history(self) -> list[Subscription]:
        """The subscriptions as the customer knows them, to whom the billing migration is nothing."""
        return self.unmoved or self.subscriptions

    def id_at(self, when: datetime) -> str:
        """The id under which the systems know the account at an instant."""
        return self.moved_to if self.moved_at and when >= self.moved_at else self.account_id

    def bill_at(self, made: Subscription, when: datetime) -> str:
        """The id of the subscription `made`, one of the history, under which a charge of an instant is booked."""
        moved = f"mv{made.subscription_id}"
        known = self.moved_at and when >= self.moved_at and any(s.subscription_id == moved for s in self.subscriptions)
        return moved if known else made.subscription_id

    def subscribe(self, when: datetime, first: Line, suffix: str = "") -> Subscription:
        """A further subscription, with its first line."""
        number = 1 + sum(not s.subscription_id.endswith("-insights") for s in self.subscriptions)
        if suffix:
            number -= 1
        made = Subscription(f"sub-{self.number:05d}-{number}{suffix}", self.account_id, when, [first])
        self.subscriptions.append(made)
        return made
