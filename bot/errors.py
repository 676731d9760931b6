"""Every error the desk raises on purpose, in one small tree.

HelpdeskError                    something a person can be told; has a stable `code`
├── NotFound                     the thing asked for does not exist, or is not theirs
│   ├── AccountNotFound
│   ├── ConversationNotFound
│   ├── AgentNotFound
│   ├── ButtonUnknown
│   ├── PersonNotFound           nobody of the staff has this address or id
│   └── InvitationNotFound       used, expired, or never written
├── Refused                      understood, and not allowed now
│   ├── IdentityRefused          a token or code that does not prove who this is
│   ├── ButtonExpired
│   ├── MessageIdReused          the same client message id with another body
│   ├── TooManyMessages          carries how long to wait
│   ├── TooManyRequests          by somebody of the staff; carries how long to wait
│   ├── TooManyTries             wrong passwords or codes; carries how long to wait
│   ├── SignInRefused            a password or code that does not fit; never says which
│   ├── SignInNeeded             nobody is signed in, or not all the way
│   ├── ConfirmationNeeded       signed in, but this act asks for the password again
│   ├── NotAllowed               signed in, without the permission
│   ├── ForgedRequest            not sent by a page of ours
│   ├── NotPossible              the billing record does not allow this command
│   ├── AlreadyTaken             another agent was quicker
│   ├── NotHolder                only who holds the conversation may do this
│   ├── AtCapacity               this agent holds as many conversations as they may
│   ├── AgentNotHere             nothing is passed on to somebody who is away
│   ├── HeldBack                 an agent's message that breaks a rule; carries which
│   ├── EditRefused              a training file that is not as the change to it expects
│   ├── Busy                     other long work is under way
│   ├── NotPublished             a version that may not, or could not, go live
│   └── StaleDialogue            somebody else moved in this conversation meanwhile
├── InvalidInput                 what was sent cannot be used
│   ├── MessageEmpty
│   ├── MessageTooLong
│   ├── PersonInvalid            something about a person that cannot be kept
│   ├── ExampleRefused           a training example that would do harm; says why
│   ├── PasswordRefused          too short, too long, or guessed first
│   ├── FileInvalid              a file of ours; names file, line, key and the nearest valid word
│   ├── PolicyChanged            a policy that says something else under a revision in use
│   └── ReceiptRefused           a receipt file that is not what the desk sealed
├── Unavailable                  a part we need is down or slow; trying again may work
│   ├── BillingUnavailable
│   └── AssistantUnavailable
└── SetupError                   the installation is not usable as it is
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


class HelpdeskError(Exception):
    """The root: `code` is for machines, the text says what happened and what to do."""

    code = "helpdesk_error"


class NotFound(HelpdeskError):
    code = "not_found"


class AccountNotFound(NotFound):
    code = "account_not_found"

    def __init__(self, account: str) -> None:
        super().__init__(f"There is no account {account!r}. Check the account number.")


class ConversationNotFound(NotFound):
    code = "conversation_not_found"

    def __init__(self) -> None:
        super().__init__("This conversation does not exist or is not yours. Start a new one.")


class AgentNotFound(NotFound):
    code = "agent_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such agent. Choose one of the list.")


class ButtonUnknown(NotFound):
    code = "button_unknown"

    def __init__(self) -> None:
        super().__init__("This button was never offered in this conversation. Type your answer.")


class PersonNotFound(NotFound):
    code = "person_not_found"

    def __init__(self, who: str) -> None:
        super().__init__(f"Nobody of the staff is {who!r}. `python -m bot people list` shows all.")


class InvitationNotFound(NotFound):
    code = "invitation_not_found"

    def __init__(self) -> None:
        super().__init__(
            "This invitation has been used or has expired. Ask an administrator for a new one."
        )


class Refused(HelpdeskError):
    code = "refused"


class IdentityRefused(Refused):
    code = "identity_refused"


class ButtonExpired(Refused):
    code = "button_expired"

    def __init__(self) -> None:
        super().__init__("This button is no longer valid. Use the newest message or type.")


class MessageIdReused(Refused):
    code = "message_id_reused"

    def __init__(self) -> None:
        super().__init__("This client_message_id was used for another message. Send a new id.")


class TooManyMessages(Refused):
    """Raised by rate limits; `retry_after_seconds` is whole seconds, at least 1."""

    code = "too_many_messages"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"Too many messages. Try again in {retry_after_seconds} seconds.")
        self.retry_after_seconds = retry_after_seconds


class TooManyRequests(Refused):
    """Raised where staff work; `retry_after_seconds` is whole seconds, at least 1."""

    code = "too_many_requests"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"Too many requests. Try again in {retry_after_seconds} seconds.")
        self.retry_after_seconds = retry_after_seconds


class TooManyTries(Refused):
    """Wrong passwords or codes; `retry_after_seconds` is whole seconds, at least 1."""

    code = "too_many_tries"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"Too many tries. Try again in {retry_after_seconds} seconds.")
        self.retry_after_seconds = retry_after_seconds


class SignInRefused(Refused):
    """The same words whatever was wrong, so that nobody learns which accounts there are."""

    code = "sign_in_refused"

    def __init__(self) -> None:
        super().__init__("That did not work. Check what you typed and try again.")


class SignInNeeded(Refused):
    code = "sign_in_needed"

    def __init__(self) -> None:
        super().__init__("Sign in at /sign-in to go on.")


class ConfirmationNeeded(Refused):
    code = "confirmation_needed"

    def __init__(self) -> None:
        super().__init__("Give your password again at /account/confirm to do this.")


class NotAllowed(Refused):
    code = "not_allowed"

    def __init__(self) -> None:
        super().__init__("Your roles do not allow this. An administrator can change them.")


class ForgedRequest(Refused):
    code = "request_forged"

    def __init__(self) -> None:
        super().__init__("This request did not come from a page of ours. Reload the page.")


class NotPossible(Refused):
    """A billing command the account's present state does not allow; nothing was changed."""

    code = "not_possible"


class AlreadyTaken(Refused):
    code = "already_taken"

    def __init__(self, by: str | None) -> None:
        super().__init__(f"{by or 'Somebody else'} took this conversation. Take another one.")


class NotHolder(Refused):
    code = "not_holder"

    def __init__(self) -> None:
        super().__init__("You do not hold this conversation. Take it first.")


class AtCapacity(Refused):
    code = "at_capacity"

    def __init__(self, name: str, capacity: int) -> None:
        super().__init__(f"{name} holds {capacity} conversations, and that is the most. Close one.")


class AgentNotHere(Refused):
    code = "agent_not_here"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not here now. Choose somebody else, a team, or the queue.")


@dataclass(frozen=True)
class Hint:
    """Why a message was held back: the rule, the words it is about, and what to do instead."""

    rule: str
    what: str
    passage: str | None
    advice: str


class HeldBack(Refused):
    """An agent's message that breaks a rule; nothing was sent."""

    code = "held_back"

    def __init__(self, hints: tuple[Hint, ...]) -> None:
        super().__init__(f"This was not sent: {hints[0].advice}")
        self.hints = hints


class EditRefused(Refused):
    """A change to a training file that does not fit what stands there now; nothing was written."""

    code = "edit_refused"


class Busy(Refused):
    """Long work of which one piece is done at a time."""

    code = "busy"


class NotPublished(Refused):
    """The live version stays; the text says why."""

    code = "not_published"


class StaleDialogue(Refused):
    code = "stale_dialogue"

    def __init__(self, conversation: str) -> None:
        super().__init__(f"Conversation {conversation} has moved on. Decide again.")


class InvalidInput(HelpdeskError):
    code = "invalid_input"


class MessageEmpty(InvalidInput):
    code = "message_empty"

    def __init__(self) -> None:
        super().__init__("The message is empty. Type something or press a button.")


class MessageTooLong(InvalidInput):
    code = "message_too_long"

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            f"The message has {length} characters; at most {limit} are possible. Shorten it."
        )


class PersonInvalid(InvalidInput):
    code = "person_invalid"


class ExampleRefused(InvalidInput):
    """A training example that cannot be used as it is; nothing was written."""

    code = "example_refused"


class PasswordRefused(InvalidInput):
    code = "password_refused"


class FileInvalid(InvalidInput):
    """A policy, profile or training file that was refused when it was loaded."""

    code = "file_invalid"

    def __init__(self, where: str, problem: str, todo: str) -> None:
        super().__init__(f"{where}: {problem} {todo}")
        self.where = where


class ReceiptRefused(InvalidInput):
    """A receipt file that is not what the desk sealed."""

    code = "receipt_refused"


class PolicyChanged(InvalidInput):
    """A policy whose revision was in use with another content: records cite it, so it stands."""

    code = "policy_changed"

    def __init__(self, policy: str, revision: int, since: datetime) -> None:
        super().__init__(
            f"{policy}.yml: revision {revision} has said something else since "
            f"{since.date().isoformat()}, and decisions cite it. Raise `revision` to "
            f"{revision + 1}, or put the file back."
        )


class Unavailable(HelpdeskError):
    code = "unavailable"


class BillingUnavailable(Unavailable):
    """`may_have_happened`: what was asked may have been done all the same; see the port."""

    code = "billing_unavailable"

    def __init__(self, message: str, *, may_have_happened: bool = False) -> None:
        super().__init__(message)
        self.may_have_happened = may_have_happened


class AssistantUnavailable(Unavailable):
    code = "assistant_unavailable"


class SetupError(HelpdeskError):
    code = "setup_error"
