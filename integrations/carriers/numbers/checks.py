"""Check digits of tracking numbers, as the carriers' label specifications define them. Each says what the check character must be."""

from collections.abc import Sequence

from msgspec import Struct

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
S10 = (8, 6, 4, 2, 3, 5, 9, 7)


class Check(Struct, frozen=True):
    """An algorithm and its numbers. `prepend`: what stands before the serial for the sum, unless it begins with it already."""

    by: str
    evens: int = 1  # of mod10: what characters at positions 0, 2, 4 ... count
    odds: int = 1
    reverse: bool = False
    weights: tuple[int, ...] = ()
    modulo: int = 11
    prepend: str = ""

    def wants(self, serial: str) -> str:
        """The check character that this serial has to have."""
        if self.prepend and not serial.startswith(self.prepend):
            serial = self.prepend + serial
        match self.by:
            case "mod10":
                return _mod10(serial[::-1] if self.reverse else serial, self.evens, self.odds)
            case "mod7":
                return str(int(serial) % 7)
            case "luhn":
                return _luhn(serial)
            case "s10":
                return _s10(serial)
            case "weights":
                return str(_weighted(serial, self.weights) % self.modulo % 10)
            case "mod37":
                return _mod37(serial)
        raise ValueError(f"no such check: {self.by}")


def _mod10(serial: str, evens: int, odds: int) -> str:
    """Letters count as the last digit of their place in ASCII less 3, as on UPS labels."""
    values = (int(char) if char.isdecimal() else (ord(char) - 3) % 10 for char in serial)
    total = sum(value * (odds if place % 2 else evens) for place, value in enumerate(values))
    return str(-total % 10)


def _luhn(serial: str) -> str:
    total = 0
    for place, char in enumerate(reversed(serial)):
        value = int(char) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def _weighted(serial: str, weights: Sequence[int]) -> int:
    return sum(int(char) * weight for char, weight in zip(serial, weights, strict=True))


def _s10(serial: str) -> str:
    """UPU standard S10: 11 less the rest, with 10 as 0 and 11 as 5."""
    check = 11 - _weighted(serial, S10) % 11
    return {10: "0", 11: "5"}.get(check, str(check))


def _mod37(serial: str) -> str:
    """ISO 7064 MOD 37,36, as on DPD labels."""
    rest = 36
    for char in serial:
        rest = (rest + ALPHABET.index(char)) % 36 or 36
        rest = rest * 2 % 37
    return ALPHABET[(37 - rest) % 36]
