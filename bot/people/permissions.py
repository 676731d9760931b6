"""What there is to be allowed, and which roles allow it: data, and one question about it."""

from __future__ import annotations

from collections.abc import Set
from enum import Enum

from bot.people.role import Role


class Permission(str, Enum):
    """Something a member of staff may do or see."""

    OWN_ACCOUNT = "own_account"
    SEE_DESK = "see_desk"
    TAKE_CONVERSATION = "take_conversation"
    ANSWER_CUSTOMER = "answer_customer"
    MAKE_OFFER = "make_offer"
    PASS_ON = "pass_on"
    WRITE_NOTE = "write_note"
    SEARCH_CONVERSATIONS = "search_conversations"
    SEE_STUDIO = "see_studio"
    CHANGE_TRAINING_DATA = "change_training_data"
    PUBLISH_MODEL = "publish_model"
    SEE_INSIGHTS = "see_insights"
    CHANGE_POLICIES = "change_policies"
    MANAGE_PEOPLE = "manage_people"
    SEE_AUDIT = "see_audit"


_AGENT, _TRAINER, _MANAGER, _ADMINISTRATOR = Role
_EVERYBODY = frozenset(Role)
_PEOPLE_OF_THE_DESK = frozenset({_AGENT, _MANAGER})

# A manager looks after the desk; who also answers customers is an agent as well.
ROLES: dict[Permission, frozenset[Role]] = {
    Permission.OWN_ACCOUNT: _EVERYBODY,
    Permission.SEE_DESK: _PEOPLE_OF_THE_DESK,
    Permission.TAKE_CONVERSATION: frozenset({_AGENT}),
    Permission.ANSWER_CUSTOMER: frozenset({_AGENT}),
    Permission.MAKE_OFFER: frozenset({_AGENT}),
    Permission.PASS_ON: _PEOPLE_OF_THE_DESK,
    Permission.WRITE_NOTE: _PEOPLE_OF_THE_DESK,
    Permission.SEARCH_CONVERSATIONS: _PEOPLE_OF_THE_DESK,
    Permission.SEE_STUDIO: frozenset({_TRAINER}),
    Permission.CHANGE_TRAINING_DATA: frozenset({_TRAINER}),
    Permission.PUBLISH_MODEL: frozenset({_TRAINER}),
    Permission.SEE_INSIGHTS: frozenset({_MANAGER}),
    Permission.CHANGE_POLICIES: frozenset({_MANAGER}),
    Permission.MANAGE_PEOPLE: frozenset({_ADMINISTRATOR}),
    Permission.SEE_AUDIT: frozenset({_ADMINISTRATOR}),
}


def may(roles: Set[Role], permission: Permission) -> bool:
    """Whether somebody with these roles has the permission."""
    return not ROLES[permission].isdisjoint(roles)


def permissions_of(roles: Set[Role]) -> frozenset[Permission]:
    return frozenset(permission for permission in Permission if may(roles, permission))
