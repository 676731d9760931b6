"""Check the chain of the audit from its beginning."""

from __future__ import annotations

from bot.use_cases.check_records import Checked, check_links
from bot.use_cases.people_ports import AuditBook


def check_audit(*, audit: AuditBook) -> Checked:
    """Read the whole chain once and say whether it is as it was written."""
    return check_links(audit.links())
