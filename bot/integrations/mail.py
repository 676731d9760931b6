"""Mail: to an SMTP server, or on the console while developing."""

from __future__ import annotations

import smtplib
import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TextIO

from bot.errors import InvalidInput, Unavailable

TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class SmtpMail:
    """`starttls` True: nothing is sent unless the server offers an encrypted connection."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    starttls: bool = False

    def send(
        self, *, to: str, subject: str, text: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """Hand the mail to the server; `headers` take the place of those with the same name.

        Raises:
            Unavailable: the server is down or refuses; sending again later may work.
            InvalidInput: an address or the subject holds a line break (header injection).
        """
        message = compose(
            sender=self.sender, to=to, subject=subject, text=text, headers=headers or {}
        )
        try:
            with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS) as server:
                if self.starttls:
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message)
        except (smtplib.SMTPException, OSError) as error:
            raise Unavailable(f"The mail server did not take the mail: {error!r}") from error


@dataclass(frozen=True)
class ConsoleMail:
    """Writes mails where the developer sees them."""

    sender: str
    stream: TextIO | None = None

    def send(
        self, *, to: str, subject: str, text: str, headers: Mapping[str, str] | None = None
    ) -> None:
        message = compose(
            sender=self.sender, to=to, subject=subject, text=text, headers=headers or {}
        )
        stream = self.stream or sys.stdout
        stream.write(f"--- mail to {message['To']}: {message['Subject']}\n{text.rstrip()}\n---\n")
        stream.flush()


def compose(
    *, sender: str, to: str, subject: str, text: str, headers: Mapping[str, str]
) -> EmailMessage:
    """Return the mail; raise InvalidInput when a header would hold a line break."""
    message = EmailMessage()
    every = {
        "From": sender,
        "To": to,
        "Subject": subject,
        "Date": formatdate(),
        "Message-ID": make_msgid(domain=sender.rpartition("@")[2] or None),
        # Automatic answers (out of office) to a code would only confuse.
        "Auto-Submitted": "auto-generated",
        **headers,
    }
    try:
        for name, value in every.items():
            message[name] = value
    except (ValueError, MessageError) as error:
        raise InvalidInput("A mail's addresses and subject must be single lines.") from error
    message.set_content(text)
    return message
