"""Money: exact amounts in a currency's smallest unit."""

from __future__ import annotations

from dataclasses import dataclass

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}


@dataclass(frozen=True, order=True)
class Money:
    """An exact amount; `minor` counts the currency's smallest unit (cents, pence)."""

    minor: int
    currency: str = "USD"

    def less_percent(self, percent: int) -> Money:
        """Return this amount with `percent` (0 to 100) taken off, the reduction rounded half up.

        Raises:
            ValueError: `percent` is outside 0..100; a concession never adds a charge.
        """
        if not 0 <= percent <= 100:
            raise ValueError(f"percent must be within 0..100, got {percent}")
        return Money(self.minor - (self.minor * percent + 50) // 100, self.currency)

    def percent(self, percent: int) -> Money:
        """Return `percent` of this amount, rounded half up; may exceed 100 (a bonus)."""
        return Money((self.minor * percent + 50) // 100, self.currency)

    def times(self, count: int) -> Money:
        return Money(self.minor * count, self.currency)

    def __add__(self, other: Money) -> Money:
        self._must_match(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._must_match(other)
        return Money(self.minor - other.minor, self.currency)

    def __str__(self) -> str:
        """Write the amount as a customer reads it: `$59.00`, `-€3.50`, `12.00 CHF`."""
        sign = "-" if self.minor < 0 else ""
        number = f"{abs(self.minor) // 100:,}.{abs(self.minor) % 100:02d}"
        symbol = _SYMBOLS.get(self.currency)
        return f"{sign}{symbol}{number}" if symbol else f"{sign}{number} {self.currency}"

    def _must_match(self, other: Money) -> None:
        if other.currency != self.currency:
            raise ValueError(f"cannot combine {self.currency} with {other.currency}")
