import django.contrib.postgres.fields
import django.db.models.deletion
import postpurchase.lib.clock
import postpurchase.lib.ids
import postpurchase.tenancy.base
import postpurchase.tenancy.scope
import postpurchase.tenancy.security
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('integrations', '0002_gate'),
        ('orders', '0001_initial'),
        ('tenancy', '0002_roles_and_gates'),
    ]

    operations = [
        migrations.CreateModel(
            name='Shipment',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('external_id', models.CharField(blank=True, max_length=120)),
                ('carrier', models.CharField(max_length=40)),
                ('number', models.CharField(blank=True, max_length=60)),
                ('service', models.CharField(blank=True, max_length=120)),
                ('tracking_url', models.CharField(blank=True, max_length=1000)),
                ('origin_country', models.CharField(blank=True, max_length=2)),
                ('shipped_at', models.DateTimeField(null=True)),
                ('promised_on', models.DateField(null=True)),
                ('created_at', models.DateTimeField(default=postpurchase.lib.clock.business_now)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('status', models.CharField(choices=[('pending', 'Not scanned yet'), ('info_received', 'Label made'), ('in_transit', 'On the way'), ('out_for_delivery', 'Out for delivery'), ('attempt_failed', 'Delivery attempt failed'), ('available_for_pickup', 'Ready to collect'), ('exception', 'Held up'), ('returning', 'On its way back'), ('delivered', 'Delivered'), ('returned', 'Returned to sender'), ('cancelled', 'Cancelled'), ('lost_or_destroyed', 'Lost or destroyed'), ('expired', 'No news for long'), ('unknown', 'Unknown')], default='pending', max_length=24)),
                ('substatus', models.CharField(blank=True, max_length=40)),
                ('party', models.CharField(blank=True, max_length=12)),
                ('action_required', models.CharField(blank=True, max_length=12)),
                ('status_at', models.DateTimeField(null=True)),
                ('first_scan_at', models.DateTimeField(null=True)),
                ('last_scan_at', models.DateTimeField(null=True)),
                ('out_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('signed_by', models.CharField(blank=True, max_length=120)),
                ('first_estimate_on', models.DateField(null=True)),
                ('estimate_on', models.DateField(null=True)),
                ('estimate_earliest_on', models.DateField(null=True)),
                ('estimate_source', models.CharField(blank=True, max_length=12)),
                ('health', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None)),
                ('check_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('connection', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='integrations.connection')),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('order', postpurchase.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='shipments', to='orders.order')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "indexes": [
                    models.Index(fields=['merchant', 'order'], name='shipment_by_order'),
                    models.Index(fields=['merchant', 'number'], name='shipment_by_number'),
                    models.Index(fields=['merchant', 'connection', 'external_id'], name='shipment_by_external_id'),
                    models.Index(fields=['merchant', '-created_at', '-id'], name='shipment_newest'),
                    models.Index(condition=models.Q(('check_at', None), _negated=True), fields=['check_at'], name='shipment_to_check'),
                ],
                "constraints": [
                    postpurchase.tenancy.security.SameMerchant(field='order', name='tracking_shipment_order_same_merchant'),
                    postpurchase.tenancy.security.SameMerchant(field='connection', name='tracking_shipment_connection_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='tracking_shipment_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('fingerprint', models.BinaryField()),
                ('occurred_at', models.DateTimeField()),
                ('local_time', models.DateTimeField(null=True)),
                ('zone_known', models.BooleanField(default=True)),
                ('code', models.CharField(blank=True, max_length=80)),
                ('text', models.CharField(blank=True, max_length=500)),
                ('status', models.CharField(blank=True, max_length=24)),
                ('substatus', models.CharField(blank=True, max_length=40)),
                ('party', models.CharField(blank=True, max_length=12)),
                ('action_required', models.CharField(blank=True, max_length=12)),
                ('carrier', models.CharField(max_length=40)),
                ('city', models.CharField(blank=True, max_length=120)),
                ('region', models.CharField(blank=True, max_length=120)),
                ('postcode', models.CharField(blank=True, max_length=20)),
                ('country', models.CharField(blank=True, max_length=60)),
                ('source', models.CharField(blank=True, max_length=20)),
                ('signed_by', models.CharField(blank=True, max_length=120)),
                ('received_at', models.DateTimeField(default=postpurchase.lib.clock.business_now)),
                ('extra', models.JSONField(default=dict)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('shipment', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scans', to='tracking.shipment')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'shipment', 'fingerprint'), name='one_scan'),
                    postpurchase.tenancy.security.SameMerchant(field='shipment', name='tracking_scan_shipment_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='tracking_scan_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Leg',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('carrier', models.CharField(max_length=40)),
                ('number', models.CharField(max_length=60)),
                ('epoch', models.PositiveSmallIntegerField(default=0)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('shipment', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='legs', to='tracking.shipment')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "indexes": [
                    models.Index(fields=['merchant', 'number'], name='leg_by_number'),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'carrier', 'number', 'epoch'), name='one_leg'),
                    postpurchase.tenancy.security.SameMerchant(field='shipment', name='tracking_leg_shipment_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='tracking_leg_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='HealthInterval',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('flag', models.CharField(max_length=24)),
                ('opened_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(null=True)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('shipment', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='health_intervals', to='tracking.shipment')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "indexes": [
                    models.Index(condition=models.Q(('resolved_at', None)), fields=['merchant', 'flag', 'opened_at'], name='health_open'),
                ],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(('resolved_at', None)), fields=('merchant', 'shipment', 'flag'), name='one_open_flag'),
                    postpurchase.tenancy.security.SameMerchant(field='shipment', name='tracking_healthinterval_shipment_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='tracking_healthinterval_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='EstimateSnapshot',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=12)),
                ('earliest_on', models.DateField(null=True)),
                ('expected_on', models.DateField()),
                ('told_at', models.DateTimeField()),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('shipment', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='estimates', to='tracking.shipment')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "indexes": [
                    models.Index(fields=['merchant', 'shipment', 'told_at'], name='estimate_by_shipment'),
                ],
                "constraints": [
                    postpurchase.tenancy.security.SameMerchant(field='shipment', name='tracking_estimatesnapshot_shipment_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='tracking_estimatesnapshot_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ShipmentLine',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('quantity', models.PositiveIntegerField()),
                ('line', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='orders.line')),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('shipment', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='tracking.shipment')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'shipment', 'line'), name='shipment_line'),
                    postpurchase.tenancy.security.SameMerchant(field='shipment', name='tracking_shipmentline_shipment_same_merchant'),
                    postpurchase.tenancy.security.SameMerchant(field='line', name='tracking_shipmentline_line_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='tracking_shipmentline_tenant'),
                ],
            },
        ),
    ]
