"""Public ids in addresses: /orders/ord_01j9.../ is the order's uuid written another way. Anything malformed is a 404."""

from uuid import UUID

from django.urls import register_converter

from postpurchase.lib.ids import from_public, to_public

PREFIXES = {
    "order": "ord",
    "message": "msg",
    "endpoint": "whe",
    "delivery": "whd",
    "import": "imp",
    "export": "exp",
    "member": "mbr",
    "invitation": "inv",
    "connection": "con",
    "inbound": "ind",
    "domain": "dom",
    "key": "key",
    "entry": "aud",
    "customer": "cus",
    "code": "ccd",
    "filter": "flt",
    "job": "job",
    "suppression": "sup",
    "backtest": "bkt",
    "case": "cse",
    "rule": "hru",
    "parcel": "shp",
    "wish": "wsh",
    "point": "pup",
}


class PublicId:
    """A path converter for one prefix."""

    prefix = ""
    regex = ""

    def to_python(self, value: str) -> UUID:
        """The id. Raises ValueError, which Django answers as 404."""
        found = from_public(self.prefix, value)
        if found is None:
            raise ValueError(value)
        return found

    def to_url(self, value: UUID) -> str:
        """The public form."""
        return to_public(self.prefix, value)


for name, prefix in PREFIXES.items():
    register_converter(type(PublicId.__name__, (PublicId,), {"prefix": prefix, "regex": f"{prefix}_[0-9a-z]{{26}}"}), name)
