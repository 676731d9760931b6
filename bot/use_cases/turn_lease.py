"""Hold on to a turn while it is worked on, so that only a dead worker's turn is taken over."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import structlog

from bot.conversations.turn import Lane
from bot.errors import HelpdeskError
from bot.use_cases.switchboard import Switchboard

log = structlog.get_logger()

# A lease is renewed this many times before it would run out.
_RENEWALS = 3


@dataclass
class TurnLease:
    """Renews the lease in a thread for as long as the block runs.

    Whether it is still ours is asked in the transaction that stores the answer; a renewal that
    fails only means that another worker may begin the same turn.
    """

    conversation: str
    lane: Lane
    owner: str
    switchboard: Switchboard
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> TurnLease:
        self._thread = threading.Thread(target=self._keep, name="turn-lease", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._over.set()
        self._thread.join()

    def _keep(self) -> None:
        pause = self.switchboard.limits.lease.total_seconds() / _RENEWALS
        while not self._over.wait(pause):
            try:
                if not self._renew():
                    return
            except (HelpdeskError, OSError) as error:
                log.warning(
                    "turn_lease_not_renewed", conversation=self.conversation, error=repr(error)
                )

    def _renew(self) -> bool:
        until = self.switchboard.clock.now() + self.switchboard.limits.lease
        with self.switchboard.unit_of_work() as uow:
            renewed = uow.turns.renew_lease(self.conversation, self.lane, self.owner, until=until)
            uow.commit()
        return renewed
