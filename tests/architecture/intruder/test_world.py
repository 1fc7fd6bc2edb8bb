"""A world has a row in every tenant table, with the shop's word in its texts; so a new table is in the intruder's way at once."""

from django.db import connection, models

from postpurchase.tenancy.scope import in_merchant
from tests.architecture.intruder.build import tenant_models
from tests.architecture.intruder.intruder import Stage

WORDLESS = {
    "tenancy.Membership",
    "events.Receipt",
    "tracking.ShipmentLine",
    "tracking.HealthInterval",
    "alerts.Choice",
    "alerts.Pile",
    "notifications.MessagingRules",
    "brands.Logo",
    "desk.Case",
    "desk.SigningKey",
}  # reviewed: nothing but keys, numbers and words of ours


def test_every_tenant_table_has_a_row_of_each_shop(stage: Stage) -> None:
    for world in stage.ann, stage.bob:
        with in_merchant(world.merchant):
            assert [model._meta.label for model in tenant_models() if not model._default_manager.exists()] == []


def test_every_table_with_text_carries_the_shops_word(stage: Stage) -> None:
    texts = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    wanted = [model for model in tenant_models() if any(isinstance(column, texts) for column in model._meta.local_fields)]
    without = []
    with in_merchant(stage.bob.merchant), connection.cursor() as cursor:
        for model in wanted:
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {model._meta.db_table} t")
            text = cursor.fetchone()[0]
            if stage.bob.word not in text and stage.bob.word.encode().hex() not in text:
                without.append(model._meta.label)

    assert set(without) <= WORDLESS
