"""What other services' clients say of parcels, and when each parcel changed last."""

import django.db.models.deletion
import postpurchase.lib.ids
import postpurchase.tenancy.base
import postpurchase.tenancy.scope
import postpurchase.tenancy.security
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('integrations', '0006_connections_and_replays'),
        ('orders', '0010_customer_tags'),
        ('tenancy', '0011_whose_estimate_first'),
        ('tracking', '0009_forecasts_due'),
    ]

    operations = [
        migrations.CreateModel(
            name='Following',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('made', models.BooleanField()),
                ('details', models.JSONField(default=dict)),
                ('completed_at', models.DateTimeField(null=True)),
                ('retracked_at', models.DateTimeField(null=True)),
                ('retracks', models.PositiveSmallIntegerField(default=0)),
                ('removed_at', models.DateTimeField(null=True)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='shipment',
            name='changed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='following',
            name='merchant',
            field=postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant'),
        ),
        migrations.AddField(
            model_name='following',
            name='shipment',
            field=postpurchase.tenancy.base.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='followings', to='tracking.shipment'),
        ),
        migrations.AddConstraint(
            model_name='following',
            constraint=models.UniqueConstraint(fields=('merchant', 'shipment'), name='one_following'),
        ),
        migrations.AddConstraint(
            model_name='following',
            constraint=postpurchase.tenancy.security.SameMerchant(field='shipment', name='tracking_following_shipment_same_merchant'),
        ),
        migrations.AddConstraint(
            model_name='following',
            constraint=postpurchase.tenancy.security.TenantTable(name='tracking_following_tenant'),
        ),
        AddIndexConcurrently(
            model_name='shipment',
            index=models.Index(fields=['merchant', 'changed_at'], name='shipment_changed'),
        ),
    ]
