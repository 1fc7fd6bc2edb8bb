"""Where links lead, who opened and clicked, and the gate that clicks come in by."""

import django.db.models.deletion
import postpurchase.lib.clock
import postpurchase.lib.ids
import postpurchase.tenancy.base
import postpurchase.tenancy.scope
import postpurchase.tenancy.security
from django.conf import settings
from django.db import migrations, models

from postpurchase.tenancy.security import gate_sql

GATE = gate_sql(
    "gate_link(uuid)",
    "uuid",
    "SELECT merchant_id FROM public.notifications_link WHERE id = $1",
    roles=(settings.APP_ROLE, settings.PLATFORM_ROLE),
)


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0018_sms_gate'),
        ('tenancy', '0010_engagement'),
    ]

    operations = [
        migrations.CreateModel(
            name='Engagement',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('open', 'Opened'), ('click', 'Clicked')], max_length=5)),
                ('place', models.PositiveSmallIntegerField(default=0)),
                ('at', models.DateTimeField(default=postpurchase.lib.clock.business_now)),
                ('machine', models.BooleanField(default=False)),
                ('why', models.CharField(blank=True, default='', max_length=20)),
                ('agent', models.CharField(blank=True, default='', max_length=200)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('message', postpurchase.tenancy.base.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='engagements', to='notifications.message')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['merchant', 'message', 'at'], name='engagement_of_message'), models.Index(condition=models.Q(('machine', False)), fields=['merchant', 'message', 'kind'], name='engagement_of_people')],
                'constraints': [postpurchase.tenancy.security.SameMerchant(field='message', name='notifications_engagement_message_same_merchant'), postpurchase.tenancy.security.TenantTable(name='notifications_engagement_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('targets', models.JSONField()),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('message', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='notifications.message')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [postpurchase.tenancy.security.SameMerchant(field='message', name='notifications_link_message_same_merchant'), postpurchase.tenancy.security.TenantTable(name='notifications_link_tenant')],
            },
        ),
        migrations.RunSQL(GATE, "DROP FUNCTION gate_link(uuid)"),
    ]
