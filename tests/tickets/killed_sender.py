"""A process for tests: sends a ticket's mail, says so, and is killed before it can note that."""

from __future__ import annotations

import sys
import time

from bot.integrations.clock import SystemClock
from bot.integrations.mail import SmtpMail
from bot.integrations.ticket_mail import PLACE, TicketMail
from bot.storage.engine import make_engine
from bot.use_cases.deliver_tickets import deliver_tickets
from bot.use_cases.ticket_ports import Arrived, Delivery
from tests.switchboards import Line


class Stops(TicketMail):
    def send(self, delivery: Delivery) -> Arrived:
        super().send(delivery)
        print("sent", flush=True)
        time.sleep(60)
        return Arrived("never told")


def work(database_url: str, port: str) -> None:
    line = Line(make_engine(database_url), SystemClock())
    mail = SmtpMail("127.0.0.1", int(port), "help@larder.example")
    place = Stops(mail, "tickets@larder.example")
    deliver_tickets(unit_of_work=line.unit_of_work, clock=line.clock, places={PLACE: place})


if __name__ == "__main__":
    work(*sys.argv[1:])
