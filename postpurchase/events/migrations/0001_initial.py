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
            name='DomainEvent',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('subject', models.UUIDField()),
                ('thread', models.UUIDField(null=True)),
                ('payload', models.JSONField()),
                ('occurred_at', models.DateTimeField(default=postpurchase.lib.clock.business_now)),
                ('relayed_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('retry_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, db_default='', default='', max_length=500)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "indexes": [
                    models.Index(condition=models.Q(('relayed_at', None)), fields=['merchant', 'id'], name='event_waiting'),
                    models.Index(condition=models.Q(('thread', None), _negated=True), fields=['merchant', 'thread', 'id'], name='event_by_thread'),
                ],
                "constraints": [
                    postpurchase.tenancy.security.TenantTable(name='events_domainevent_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('handler', models.CharField(max_length=80)),
                ('event', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='events.domainevent')),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'event', 'handler'), name='one_receipt'),
                    postpurchase.tenancy.security.SameMerchant(field='event', name='events_receipt_event_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='events_receipt_tenant'),
                ],
            },
        ),
    ]
