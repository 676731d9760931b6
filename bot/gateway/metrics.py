"""The numbers of one gateway process, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.retention.outgoing_guard import RULES

TURN_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 45)
REQUEST_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 30)


class Metrics:
    """A registry of its own, so that two gateways in one process do not share their numbers."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "desk_requests",
            "HTTP requests answered, by route and status.",
            ["route", "status"],
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "desk_request_seconds",
            "Seconds from a request to its answer, by route; long polls include their waiting.",
            ["route"],
            buckets=REQUEST_SECONDS,
            registry=self.registry,
        )
        self.turns = Counter(
            "desk_turns",
            "Runs of a lane: answered, not_answered (nothing to do, or no assistant), failed.",
            ["result"],
            registry=self.registry,
        )
        self.turn_seconds = Histogram(
            "desk_turn_seconds",
            "Seconds that running one turn took, the assistant's answer included.",
            buckets=TURN_SECONDS,
            registry=self.registry,
        )
        self.breaches = Counter(
            "desk_guard_violations",
            "Messages held back because they break an exit rule, by rule.",
            ["rule"],
            registry=self.registry,
        )
        for rule in RULES:  # there from the start at 0, so that an alert sees the first one
            self.breaches.labels(rule)
        self.open_sockets = Gauge(
            "desk_open_sockets", "WebSockets open now.", registry=self.registry
        )
        self.pending_turns = Gauge(
            "desk_pending_turns",
            "Conversations awaiting an answer.",
            registry=self.registry,
        )

    def count_breach(self, rule: str) -> None:
        self.breaches.labels(rule).inc()

    def text(self) -> tuple[bytes, str]:
        """Return the exposition and its media type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST
