import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
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
        ('tenancy', '0002_roles_and_gates'),
    ]

    operations = [
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('first_name', models.CharField(blank=True, max_length=120)),
                ('last_name', models.CharField(blank=True, max_length=120)),
                ('locale', models.CharField(blank=True, max_length=20)),
                ('external_id', models.CharField(blank=True, max_length=120)),
                ('created_at', models.DateTimeField(default=postpurchase.lib.clock.business_now)),
                ('erased_at', models.DateTimeField(null=True)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(('email', ''), _negated=True), fields=('merchant', 'email'), name='customer_email'),
                    postpurchase.tenancy.security.TenantTable(name='orders_customer_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('external_id', models.CharField(max_length=120)),
                ('number', models.CharField(max_length=60)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('placed_at', models.DateTimeField()),
                ('source_updated_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(default=postpurchase.lib.clock.business_now)),
                ('currency', models.CharField(max_length=3)),
                ('items_total', models.BigIntegerField()),
                ('discount_total', models.BigIntegerField(default=0)),
                ('shipping_total', models.BigIntegerField(default=0)),
                ('tax_total', models.BigIntegerField(default=0)),
                ('total', models.BigIntegerField()),
                ('refunded_total', models.BigIntegerField(default=0)),
                ('taxes_included', models.BooleanField(default=False)),
                ('shop_currency', models.CharField(max_length=3)),
                ('shop_totals', models.JSONField(null=True)),
                ('discount_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=list, size=None)),
                ('shipping_address', models.JSONField(null=True)),
                ('billing_address', models.JSONField(null=True)),
                ('ship_country', models.CharField(blank=True, max_length=2)),
                ('ship_postcode', models.CharField(blank=True, max_length=20)),
                ('promised_from', models.DateField(null=True)),
                ('promised_to', models.DateField(null=True)),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=list, size=None)),
                ('channel', models.CharField(blank=True, max_length=120)),
                ('locale', models.CharField(blank=True, max_length=20)),
                ('test', models.BooleanField(default=False)),
                ('marketing_consent', models.JSONField(null=True)),
                ('financial_status', models.CharField(blank=True, max_length=120)),
                ('fulfilment_status', models.CharField(blank=True, max_length=120)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('cancel_reason', models.CharField(blank=True, max_length=120)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('extra', models.JSONField(default=dict)),
                ('erased_at', models.DateTimeField(null=True)),
                ('connection', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='integrations.connection')),
                ('customer', postpurchase.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='orders', to='orders.customer')),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "indexes": [
                    models.Index(fields=['merchant', '-placed_at', '-id'], name='order_newest'),
                    models.Index(models.F('merchant'), django.db.models.functions.text.Lower('number'), name='order_by_number'),
                    models.Index(fields=['merchant', 'email'], name='order_by_email'),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'connection', 'external_id'), name='order_external_id'),
                    postpurchase.tenancy.security.SameMerchant(field='connection', name='orders_order_connection_same_merchant'),
                    postpurchase.tenancy.security.SameMerchant(field='customer', name='orders_order_customer_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='orders_order_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('external_id', models.CharField(max_length=120)),
                ('position', models.PositiveSmallIntegerField()),
                ('sku', models.CharField(blank=True, max_length=120)),
                ('product_id', models.CharField(blank=True, max_length=120)),
                ('title', models.CharField(max_length=500)),
                ('variant', models.CharField(blank=True, max_length=500)),
                ('image_url', models.CharField(blank=True, max_length=1000)),
                ('quantity', models.PositiveIntegerField()),
                ('unit_price', models.BigIntegerField()),
                ('discount', models.BigIntegerField(default=0)),
                ('tax', models.BigIntegerField(default=0)),
                ('shipping', models.BigIntegerField(default=0)),
                ('requires_shipping', models.BooleanField(default=True)),
                ('weight_grams', models.PositiveIntegerField(default=0)),
                ('use_days', models.PositiveSmallIntegerField(null=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('order', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='orders.order')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'order', 'external_id'), name='line_external_id'),
                    postpurchase.tenancy.security.SameMerchant(field='order', name='orders_line_order_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='orders_line_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='OrderChange',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('source_updated_at', models.DateTimeField()),
                ('changed', models.JSONField()),
                ('recorded_at', models.DateTimeField(default=postpurchase.lib.clock.business_now)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('order', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='orders.order')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "indexes": [
                    models.Index(fields=['merchant', 'order', 'id'], name='change_by_order'),
                ],
                "constraints": [
                    postpurchase.tenancy.security.SameMerchant(field='order', name='orders_orderchange_order_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='orders_orderchange_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('external_id', models.CharField(max_length=120)),
                ('amount', models.BigIntegerField()),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('lines', models.JSONField(default=list)),
                ('processed_at', models.DateTimeField()),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('order', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refunds', to='orders.order')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'order', 'external_id'), name='refund_external_id'),
                    postpurchase.tenancy.security.SameMerchant(field='order', name='orders_refund_order_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='orders_refund_tenant'),
                ],
            },
        ),
    ]
