"""What customers write: a few sentences by subject, in praise and in complaint, in the languages that they speak."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

PRAISE: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "ease": ("So easy that nobody needed a course.", "Set up in an afternoon, no questions asked.",
                 "The clearest planning tool we have tried."),
        "support": ("Support answered within minutes and knew what to do.", "The people at the help desk are great."),
        "boards": ("The boards finally show who does what.", "Boards and calendar in one place: perfect."),
        "value": ("Good value for a team of our size.", "Worth every cent."),
    },
    "de": {
        "ease": ("Einfach zu bedienen, alle waren sofort dabei.", "Sehr übersichtlich."),
        "support": ("Der Support ist schnell und freundlich.", "Hilfe kam innerhalb einer Stunde."),
        "boards": ("Die Boards ersparen uns zwei Besprechungen pro Woche.",),
        "value": ("Das Preis-Leistungs-Verhältnis stimmt.",),
    },
    "es": {
        "ease": ("Muy fácil de usar.", "Todo el equipo lo entendió el primer día."),
        "support": ("El soporte responde muy rápido.",),
        "boards": ("Los tableros nos ahorran reuniones.",),
        "value": ("Buena relación calidad-precio.",),
    },
}  # fmt: skip
COMPLAINTS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "too expensive": ("Too expensive for what we use.", "The new price is hard to defend.",
                          "We pay for seats that nobody uses."),
        "missing feature": ("We miss dependencies between tasks.", "No budget view, so we keep a spreadsheet beside it.",
                            "Reports cannot be scheduled."),
        "no longer needed": ("The project is over.", "We have fewer people now and plan on paper."),
        "went to a competitor": ("Another tool does this and the invoices too.", "Our parent company uses something else."),
        "too hard to use": ("It took weeks to set up and half the team gave up.", "Confusing: too many settings.",
                            "Nobody showed us how to begin."),
        "unreliable": ("The boards were slow for two days and nobody told us.", "It was down when we needed it most.",
                       "Slow, slow, slow."),
        "support": ("Waited a day for an answer.", "The bot is no help."),
    },
    "de": {
        "too expensive": ("Zu teuer für unsere Größe.", "Die Preiserhöhung können wir nicht vertreten."),
        "missing feature": ("Abhängigkeiten zwischen Aufgaben fehlen.", "Keine Auswertung nach Budget."),
        "no longer needed": ("Das Projekt ist abgeschlossen.",),
        "went to a competitor": ("Wir wechseln zu einem anderen Anbieter.",),
        "too hard to use": ("Die Einrichtung war zu kompliziert.",),
        "unreliable": ("Zwei Tage lang kaum benutzbar.", "Die Boards laden ewig."),
        "support": ("Auf eine Antwort warte ich noch immer.",),
    },
    "es": {
        "too expensive": ("Demasiado caro para nosotros.",),
        "missing feature": ("Faltan las dependencias entre tareas.",),
        "no longer needed": ("El proyecto ha terminado.",),
        "went to a competitor": ("Hemos encontrado otra herramienta.",),
        "too hard to use": ("Demasiado complicado de configurar.",),
        "unreliable": ("Los tableros iban muy lentos.",),
        "support": ("El soporte tardó demasiado.",),
    },
}  # fmt: skip


def praise(rng: Random, locale: str) -> str:
    """A kind sentence."""
    return rng.choice(rng.choice(tuple(PRAISE[locale].values())))


def complaint(rng: Random, locale: str, reason: str) -> str:
    """An unkind sentence about what the customer will leave for; any other where the reason has none."""
    known = COMPLAINTS[locale]
    return rng.choice(known.get(reason) or rng.choice(tuple(known.values())))
