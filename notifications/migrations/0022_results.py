"""What results of flows are read from: indexes that answer by themselves, made beside the running product, and the way out as an act."""

from functools import partial

import postpurchase.lib.ids
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import deletion

from postpurchase.tenancy import base, scope, security

MERCHANT = partial(
    base.MerchantKey,
    db_index=False, default=scope.merchant_id, editable=False, on_delete=deletion.CASCADE, related_name="+", to="tenancy.merchant",
)  # fmt: skip


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notifications", "0021_hours_of_clicks"), ("tenancy", "0011_whose_estimate_first")]
    operations = [
        migrations.AlterField(
            model_name="engagement",
            name="kind",
            field=models.CharField(choices=[("open", "Opened"), ("click", "Clicked"), ("leave", "Unsubscribed")], max_length=5),
        ),
        migrations.CreateModel(
            name="ResultDay",
            fields=[
                ("id", models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("node", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("counts", models.JSONField()),
                ("revenue", models.JSONField(default=dict)),
                ("flow", base.TenantForeignKey(db_index=False, on_delete=deletion.CASCADE, related_name="+", to="notifications.flow")),
                ("merchant", MERCHANT()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["merchant", "day"], name="result_by_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("merchant", "flow", "day", "node"), name="result_day"),
                    security.SameMerchant(field="flow", name="notifications_resultday_flow_same_merchant"),
                    security.TenantTable(name="notifications_resultday_tenant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResultsKept",
            fields=[
                ("id", models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("zone", models.CharField(max_length=40)),
                ("counted_at", models.DateTimeField()),
                ("whole_at", models.DateTimeField()),
                ("merchant", MERCHANT()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("merchant",), name="results_kept"),
                    security.TenantTable(name="notifications_resultskept_tenant"),
                ],
            },
        ),
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                condition=models.Q(("flow__isnull", False), ("state", "sent"), ("test", False)),
                fields=["merchant", "flow", "sent_at"],
                include=("id", "node", "channel"),
                name="message_results",
            ),
        ),
        AddIndexConcurrently(
            model_name="engagement",
            index=models.Index(
                condition=models.Q(("machine", False)), fields=["merchant", "at"], include=("message", "kind"), name="engagement_touches"
            ),
        ),
        AddIndexConcurrently(
            model_name="decision",
            index=models.Index(
                condition=models.Q(("verdict__in", ("arm", "branch", "happened", "timeout"))),
                fields=["merchant", "node", "decided_at"],
                include=("enrolment", "reason"),
                name="decision_of_forks",
            ),
        ),
    ]
