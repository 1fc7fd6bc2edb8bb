"""Public ids in addresses: /orders/ord_01j9.../ is the order's uuid written another way. Anything malformed is a 404."""

from uuid import UUID

from django.urls import register_converter

from postpurchase.lib.ids import from_public, to_public


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


class OrderId(PublicId):
    """ord_..."""

    prefix, regex = "ord", "ord_[0-9a-z]{26}"


class MessageId(PublicId):
    """msg_..."""

    prefix, regex = "msg", "msg_[0-9a-z]{26}"


class EndpointId(PublicId):
    """whe_..."""

    prefix, regex = "whe", "whe_[0-9a-z]{26}"


class DeliveryId(PublicId):
    """whd_..."""

    prefix, regex = "whd", "whd_[0-9a-z]{26}"


class ImportId(PublicId):
    """imp_..."""

    prefix, regex = "imp", "imp_[0-9a-z]{26}"


class ExportId(PublicId):
    """exp_..."""

    prefix, regex = "exp", "exp_[0-9a-z]{26}"


class MemberId(PublicId):
    """mbr_..."""

    prefix, regex = "mbr", "mbr_[0-9a-z]{26}"


class InvitationId(PublicId):
    """inv_..."""

    prefix, regex = "inv", "inv_[0-9a-z]{26}"


class CustomerId(PublicId):
    """cus_..."""

    prefix, regex = "cus", "cus_[0-9a-z]{26}"


class FilterId(PublicId):
    """flt_..."""

    prefix, regex = "flt", "flt_[0-9a-z]{26}"


class JobId(PublicId):
    """job_..."""

    prefix, regex = "job", "job_[0-9a-z]{26}"


register_converter(CustomerId, "customer")
register_converter(FilterId, "filter")
register_converter(JobId, "job")
register_converter(OrderId, "order")
register_converter(MessageId, "message")
register_converter(EndpointId, "endpoint")
register_converter(DeliveryId, "delivery")
register_converter(ImportId, "import")
register_converter(ExportId, "export")
register_converter(MemberId, "member")
register_converter(InvitationId, "invitation")
