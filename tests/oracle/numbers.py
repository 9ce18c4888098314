"""From movements to the numbers of one window, and to where each account stands at an instant."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from oracle.company import Rates
from oracle.movements import by_kind, movements
from oracle.spans import spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from oracle.company import Company
    from oracle.movements import Line, Movement
    from oracle.spans import Span
    from tenure.policy import Policy

Number = Fraction | None
LOSSES = {"churned_mrr": "churn", "contraction_mrr": "contraction"}
GAINS = {"new_mrr": "new", "expansion_mrr": "expansion", "reactivation_mrr": "reactivation"}
TICK = timedelta(microseconds=1)


def over(above: Fraction, below: Fraction) -> Number:
    """A ratio; unknown over nothing."""
    return above / below if below else None


class Oracle:
    """Every number of a company under one policy. Windows are half-open, in naive UTC."""

    def __init__(self, company: Company, policy: Policy) -> None:
        self.policy = policy
        self.rates = Rates(company, policy["fx"])
        self.spans = spans(company, policy)
        self.revenue = movements(self.spans, policy, self.rates, level=policy["movement_level"])
        self.customers = movements(self.spans, policy, self.rates, level="customer")

    # -- levels -------------------------------------------------------------------------------------------------

    def _worth(self, line: Line, native: Fraction, instant: datetime) -> Fraction:
        return native * self.rates.at(line.currency, instant, line.bought)

    def level(self, instant: datetime, *, plan: str | None = None) -> Fraction:
        """MRR just before `instant`, at the rate of the day that then ends or runs."""
        total = Fraction(0)
        for movement in self.revenue:
            if movement.happened < instant:
                for line, delta in movement.deltas.items():
                    if plan in {None, line.plan}:
                        total += self._worth(line, delta, instant - TICK)
        return total

    def listed(self, instant: datetime, *, plan: str | None = None) -> Fraction:
        """MRR before discount just before `instant`; what is 100 % off has a list price too."""
        total = Fraction(0)
        for span in self.spans:
            if span.kind in {"paying", "given"} and plan in {None, span.plan or "(none)"}:
                rate = self.rates.at(span.currency, instant - TICK, span.bought)
                began = self._counts_from(span, span.starts) < instant
                ended = self._counts_from(span, span.ends) < instant
                total += (began - ended) * span.listed * rate
        return total

    def _counts_from(self, span: Span, instant: datetime) -> datetime:
        """What changes together with a movement counts when the movement does."""
        for movement in self.revenue:
            mine = movement.subscription in {None, span.subscription}
            if mine and movement.account == span.account and instant in movement.changed:
                return movement.happened
        return instant

    def trial(self, instant: datetime) -> Fraction:
        """What the trials that run just before `instant` would pay."""
        return self._running("trial", instant, lambda _: True)

    def noticed(self, instant: datetime) -> Fraction:
        """What pays just before `instant` although its cancellation was asked for by then."""
        return self._running("paying", instant, lambda s: s.requested is not None and s.requested < instant)

    def _running(self, kind: str, instant: datetime, wanted: Callable[[Span], bool]) -> Fraction:
        total = Fraction(0)
        for span in self.spans:
            if span.kind == kind and span.covers_before(instant) and wanted(span):
                total += span.price * self.rates.at(span.currency, instant - TICK, span.bought)
        return total

    # -- accounts -----------------------------------------------------------------------------------------------

    def kept(self, instant: datetime) -> set[str]:
        """The customers just before `instant`: those who pay, and the paused who are kept."""
        standing = {}
        for movement in sorted(self.customers, key=lambda m: m.happened):
            if movement.happened < instant:
                standing[movement.account] = movement.kept
        return {account for account, kept in standing.items() if kept}

    def native(self, instant: datetime) -> dict[str, dict[Line, Fraction]]:
        """What each paying account pays just before `instant`, by line."""
        levels: dict[str, dict[Line, Fraction]] = {}
        for movement in self.customers:
            if movement.happened < instant:
                level = levels.setdefault(movement.account, {})
                for line, delta in movement.deltas.items():
                    level[line] = level.get(line, Fraction(0)) + delta
        return {account: level for account, level in levels.items() if any(level.values())}

    def states(self, instant: datetime) -> dict[str, str]:
        """Where every account that has a period stands just before `instant`."""
        paying, kept, ever = self.native(instant), self.kept(instant), self._ever_kept(instant)
        found = {}
        for account in sorted({span.account for span in self.spans}):
            running = {s.kind for s in self.spans if s.account == account and s.covers_before(instant)}
            if account in paying:
                found[account] = "paying"
            elif account in kept:
                found[account] = "paused"
            elif "trial" in running:
                found[account] = "trial"
            elif running & {"free", "given"}:
                found[account] = "free"
            else:
                found[account] = "churned" if account in ever else "prospect"
        return found

    def _ever_kept(self, instant: datetime) -> set[str]:
        return {m.account for m in self.customers if m.kept and m.happened < instant}

    # -- flows --------------------------------------------------------------------------------------------------

    def moved(self, opens: datetime, closes: datetime, *, plan: str | None = None) -> dict[str, Fraction]:
        """Signed amounts by kind of movement in the window."""
        kinds = dict.fromkeys(("new", "expansion", "reactivation", "contraction", "churn", "transfer"), Fraction(0))
        for movement in within(self.revenue, opens, closes):
            for line, kind, amount in by_kind(movement, self.rates):
                if plan in {None, line.plan}:
                    kinds[kind] += amount
        return kinds

    def expansion(self, opens: datetime, closes: datetime) -> Fraction:
        """Expansion alone, for the growth of it."""
        return self.moved(opens, closes)["expansion"]

    # -- the numbers --------------------------------------------------------------------------------------------

    def money(self, opens: datetime, closes: datetime, *, plan: str | None = None) -> dict[str, Number]:
        """The amounts of a window; those of one plan where it is given ("(none)" for rows without)."""
        kinds = self.moved(opens, closes, plan=plan)
        start, end = self.level(opens, plan=plan), self.level(closes, plan=plan)
        listed = self.listed(closes, plan=plan)
        found: dict[str, Number] = {"mrr": end, "arr": 12 * end, "net_new_mrr": end - start}
        found |= {name: kinds[kind] for name, kind in GAINS.items()}
        found |= {name: -kinds[kind] for name, kind in LOSSES.items()}
        found["fx_mrr"] = end - start - sum(kinds.values())
        found |= {"list_mrr": listed, "discount_mrr": listed - end}
        return found

    def numbers(self, opens: datetime, closes: datetime, before: datetime | None = None) -> Mapping[str, Number]:
        """Every number of [opens, closes) by metric id; `before` is where the period before it opened."""
        found = self.money(opens, closes)
        found["trial_mrr"] = self.trial(closes)
        found["committed_mrr"] = _sum(found["mrr"]) - self.noticed(closes)
        found["arpa"] = over(_sum(found["mrr"]), Fraction(len(self.native(closes))))
        found |= self._money_rates(found, self.level(opens))
        if before is not None:
            earlier = self.expansion(before, opens)
            found["expansion_mrr_growth_rate"] = over(_sum(found["expansion_mrr"]) - earlier, earlier)
        return found | self._retention(opens, closes) | self._counts(opens, closes)

    def _money_rates(self, found: Mapping[str, Number], start: Fraction) -> dict[str, Number]:
        new, up, back, down, lost = (
            _sum(found[f"{kind}_mrr"]) for kind in ("new", "expansion", "reactivation", "contraction", "churned")
        )
        returned = back if self.policy["net_churn_reactivation"] == "yes" else Fraction(0)
        return {
            "mrr_growth_rate": over(_sum(found["net_new_mrr"]), start),
            "gross_mrr_churn_rate": over(lost + down, start),
            "net_mrr_churn_rate": over(lost + down - up - returned, start),
            "expansion_rate": over(up, start),
            "expansion_share": over(up, up + new),
            "quick_ratio": over(new + up + back, lost + down),
        }

    def _retention(self, opens: datetime, closes: datetime) -> dict[str, Number]:
        """Accounts that pay at the start, their native change at the start's rates."""
        start, end = self.native(opens), self.native(closes)
        opening = net = gross = Fraction(0)
        for account, paid in start.items():
            pays = end.get(account, {})
            change = Fraction(0)
            for line in paid.keys() | pays.keys():
                native = pays.get(line, Fraction(0)) - paid.get(line, Fraction(0))
                change += self._worth(line, native, opens - TICK)
            opening += sum((self._worth(line, native, opens - TICK) for line, native in paid.items()), Fraction(0))
            net += change
            gross += min(change, Fraction(0))
        return {
            "net_revenue_retention": over(opening + net, opening),
            "gross_revenue_retention": over(opening + gross, opening),
        }

    def _counts(self, opens: datetime, closes: datetime) -> dict[str, Number]:
        start, end = self.kept(opens), self.kept(closes)
        moved = {
            kind: [m.account for m in within(self.customers, opens, closes) if m.kind == kind]
            for kind in ("new", "churn", "reactivation")
        }
        lost = start - end if self.policy["same_period"] == "net" else set(moved["churn"])
        return {
            "customers": Fraction(len(end)),
            "new_customers": Fraction(len(moved["new"])),
            "churned_customers": Fraction(len(moved["churn"])),
            "reactivated_customers": Fraction(len(moved["reactivation"])),
            "net_customer_growth": Fraction(len(end) - len(start)),
            "customer_churn_rate": over(Fraction(len(lost)), Fraction(len(start))),
            "customer_retention_rate": over(Fraction(len(end) - len(moved["new"])), Fraction(len(start))),
        }


def within(moves: Iterable[Movement], opens: datetime, closes: datetime) -> list[Movement]:
    """The movements at instants of [opens, closes)."""
    return [movement for movement in moves if opens <= movement.happened < closes]


def _sum(number: Number) -> Fraction:
    if number is None:
        message = "an amount is always known"
        raise AssertionError(message)
    return number
