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
        ('integrations', '0007_mappings'),
        ('orders', '0010_customer_tags'),
        ('tenancy', '0011_whose_estimate_first'),
        ('tracking', '0011_parcels_to_ask_about'),
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
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('shipment', postpurchase.tenancy.base.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='followings', to='tracking.shipment')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "constraints": [
                    postpurchase.tenancy.security.TenantTable(name='tracking_following_tenant'),
                    models.UniqueConstraint(fields=('merchant', 'shipment'), name='one_following'),
                    postpurchase.tenancy.security.SameMerchant(field='shipment', name='tracking_following_shipment_same_merchant'),
                ],
            },
        ),
        migrations.AddField(
            model_name='shipment',
            name='changed_at',
            field=models.DateTimeField(null=True),
        ),
        AddIndexConcurrently(
            model_name='shipment',
            index=models.Index(fields=['merchant', 'changed_at'], name='shipment_changed'),
        ),
    ]
