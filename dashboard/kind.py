"""What is said of a kind of connection."""

from dataclasses import dataclass

from django.utils.functional import Promise

SHOPS, AGGREGATORS, CARRIERS = "shops", "aggregators", "carriers"


@dataclass(frozen=True)
class Kind:
    """What a kind of connection brings, and what its steps say. `account_*` are of the field that names the account there."""

    icon: str
    brings: str | Promise
    account: str | Promise
    account_hint: str | Promise
    account_sample: str
    address_step: str | Promise
    topics_step: str | Promise
    secret_step: str | Promise
    group: str = SHOPS  # under which it is offered
