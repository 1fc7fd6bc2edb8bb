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
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Connection',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('label', models.CharField(max_length=80)),
                ('account', models.CharField(blank=True, max_length=253)),
                ('secret_sealed', models.BinaryField(null=True)),
                ('old_secret_sealed', models.BinaryField(null=True)),
                ('old_secret_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=postpurchase.lib.clock.machine_now)),
                ('removed_at', models.DateTimeField(null=True)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'kind', 'label'), name='one_connection'),
                    postpurchase.tenancy.security.TenantTable(name='integrations_connection_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='InboundDelivery',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('delivery_id', models.CharField(max_length=160)),
                ('topic', models.CharField(max_length=80)),
                ('headers', models.JSONField()),
                ('body', models.BinaryField()),
                ('received_at', models.DateTimeField(default=postpurchase.lib.clock.machine_now)),
                ('state', models.CharField(choices=[('due', 'Waiting'), ('claimed', 'Being read'), ('done', 'Recorded'), ('parked', 'Waiting for its order'), ('ignored', 'Not a topic we read'), ('failed', 'Could not be read')], default='due', max_length=8)),
                ('due_at', models.DateTimeField(default=postpurchase.lib.clock.machine_now)),
                ('lease_until', models.DateTimeField(null=True)),
                ('lease_token', models.UUIDField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('parked_for', models.CharField(blank=True, default='', max_length=160)),
                ('result', models.JSONField(null=True)),
                ('error', models.CharField(blank=True, default='', max_length=500)),
                ('processed_at', models.DateTimeField(null=True)),
                ('connection', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='integrations.connection')),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "indexes": [
                    models.Index(condition=models.Q(('state', 'due')), fields=['merchant', 'due_at'], name='delivery_due'),
                    models.Index(condition=models.Q(('state', 'claimed')), fields=['lease_until'], name='delivery_leased'),
                    models.Index(condition=models.Q(('state', 'parked')), fields=['merchant', 'connection', 'parked_for'], name='delivery_parked'),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'connection', 'delivery_id'), name='one_delivery'),
                    postpurchase.tenancy.security.SameMerchant(field='connection', name='integrations_inbounddelivery_connection_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='integrations_inbounddelivery_tenant'),
                ],
            },
        ),
    ]
