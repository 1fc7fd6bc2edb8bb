import django.db.models.deletion
import postpurchase.lib.clock
import postpurchase.lib.ids
import postpurchase.tenancy.base
import postpurchase.tenancy.scope
import postpurchase.tenancy.security
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orders', '0001_initial'),
        ('tenancy', '0002_roles_and_gates'),
        ('tracking', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Flow',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('key', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('purpose', models.CharField(blank=True, max_length=200)),
                ('enabled', models.BooleanField(default=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=postpurchase.lib.clock.business_now)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'key'), name='flow_key'),
                    postpurchase.tenancy.security.TenantTable(name='notifications_flow_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FlowVersion',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('definition', models.JSONField()),
                ('published_at', models.DateTimeField(default=postpurchase.lib.clock.business_now)),
                ('flow', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='notifications.flow')),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'flow', 'number'), name='flow_version'),
                    postpurchase.tenancy.security.SameMerchant(field='flow', name='notifications_flowversion_flow_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='notifications_flowversion_tenant'),
                ],
            },
        ),
        migrations.AddField(
            model_name='flow',
            name='live',
            field=postpurchase.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='notifications.flowversion'),
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('subject', models.UUIDField()),
                ('entered_at', models.DateTimeField(default=postpurchase.lib.clock.business_now)),
                ('trigger_at', models.DateTimeField()),
                ('node', models.CharField(blank=True, max_length=40)),
                ('state', models.CharField(default='active', max_length=8)),
                ('left_because', models.CharField(blank=True, max_length=80)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('order', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enrolments', to='orders.order')),
                ('shipment', postpurchase.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tracking.shipment')),
                ('flow', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enrolments', to='notifications.flow')),
                ('version', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='notifications.flowversion')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "indexes": [
                    models.Index(fields=['merchant', 'order'], name='enrolment_by_order'),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'flow', 'subject'), name='one_enrolment'),
                    postpurchase.tenancy.security.SameMerchant(field='flow', name='notifications_enrolment_flow_same_merchant'),
                    postpurchase.tenancy.security.SameMerchant(field='version', name='notifications_enrolment_version_same_merchant'),
                    postpurchase.tenancy.security.SameMerchant(field='order', name='notifications_enrolment_order_same_merchant'),
                    postpurchase.tenancy.security.SameMerchant(field='shipment', name='notifications_enrolment_shipment_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='notifications_enrolment_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('node', models.CharField(blank=True, max_length=40)),
                ('template', models.CharField(max_length=40)),
                ('stream', models.CharField(choices=[('transactional', 'Order messages'), ('marketing', 'News and requests')], max_length=13)),
                ('guarantee', models.CharField(choices=[('amo', 'At most once'), ('alo', 'At least once'), ('key', "Once, by the provider's key")], default='amo', max_length=3)),
                ('to_address', models.CharField(max_length=254)),
                ('locale', models.CharField(default='en', max_length=20)),
                ('context', models.JSONField(default=dict)),
                ('dedupe_key', models.CharField(max_length=160)),
                ('test', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=postpurchase.lib.clock.business_now)),
                ('due_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('due', 'Planned'), ('claimed', 'Being prepared'), ('handing', 'Being handed over'), ('sent', 'Sent'), ('unknown', 'In doubt'), ('failed', 'Failed'), ('skipped', 'Not sent'), ('cancelled', 'Cancelled'), ('expired', 'Too late to be useful')], default='due', max_length=9)),
                ('reason', models.CharField(blank=True, default='', max_length=80)),
                ('lease_until', models.DateTimeField(null=True)),
                ('lease_token', models.UUIDField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('subject', models.CharField(blank=True, default='', max_length=300)),
                ('handed_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('provider_ref', models.CharField(blank=True, default='', max_length=200)),
                ('error', models.CharField(blank=True, default='', max_length=500)),
                ('customer', postpurchase.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='messages', to='orders.customer')),
                ('enrolment', postpurchase.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='notifications.enrolment')),
                ('flow', postpurchase.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='notifications.flow')),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('order', postpurchase.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='orders.order')),
                ('shipment', postpurchase.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tracking.shipment')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "indexes": [
                    models.Index(condition=models.Q(('state', 'due')), fields=['merchant', 'due_at'], name='message_due'),
                    models.Index(condition=models.Q(('state__in', ['claimed', 'handing'])), fields=['lease_until'], name='message_leased'),
                    models.Index(fields=['merchant', '-created_at', '-id'], name='message_newest'),
                    models.Index(fields=['merchant', 'order'], name='message_by_order'),
                    models.Index(condition=models.Q(('state__in', ['unknown', 'failed'])), fields=['merchant', 'state'], name='message_needs_eye'),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'dedupe_key'), name='one_message'),
                    postpurchase.tenancy.security.SameMerchant(field='enrolment', name='notifications_message_enrolment_same_merchant'),
                    postpurchase.tenancy.security.SameMerchant(field='flow', name='notifications_message_flow_same_merchant'),
                    postpurchase.tenancy.security.SameMerchant(field='order', name='notifications_message_order_same_merchant'),
                    postpurchase.tenancy.security.SameMerchant(field='shipment', name='notifications_message_shipment_same_merchant'),
                    postpurchase.tenancy.security.SameMerchant(field='customer', name='notifications_message_customer_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='notifications_message_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('node', models.CharField(max_length=40)),
                ('verdict', models.CharField(max_length=10)),
                ('reason', models.CharField(blank=True, default='', max_length=80)),
                ('checks', models.JSONField(default=list)),
                ('decided_at', models.DateTimeField(default=postpurchase.lib.clock.business_now)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('enrolment', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='notifications.enrolment')),
                ('message', postpurchase.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='notifications.message')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'enrolment', 'node'), name='one_decision'),
                    postpurchase.tenancy.security.SameMerchant(field='enrolment', name='notifications_decision_enrolment_same_merchant'),
                    postpurchase.tenancy.security.SameMerchant(field='message', name='notifications_decision_message_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='notifications_decision_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('token', models.UUIDField(default=uuid.uuid4)),
                ('started_at', models.DateTimeField(default=postpurchase.lib.clock.machine_now)),
                ('finished_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(default='handing', max_length=10)),
                ('reply', models.CharField(blank=True, default='', max_length=300)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('message', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tries', to='notifications.message')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'message', 'number'), name='one_attempt'),
                    postpurchase.tenancy.security.SameMerchant(field='message', name='notifications_attempt_message_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='notifications_attempt_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='MessageBody',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('html', models.BinaryField()),
                ('text', models.BinaryField()),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('message', postpurchase.tenancy.base.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bodies', to='notifications.message')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'message'), name='one_body'),
                    postpurchase.tenancy.security.SameMerchant(field='message', name='notifications_messagebody_message_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='notifications_messagebody_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ProviderEvent',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('event_id', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=20)),
                ('received_at', models.DateTimeField(default=postpurchase.lib.clock.machine_now)),
                ('detail', models.CharField(blank=True, max_length=500)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('message', postpurchase.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='provider_events', to='notifications.message')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'event_id'), name='one_provider_event'),
                    postpurchase.tenancy.security.SameMerchant(field='message', name='notifications_providerevent_message_same_merchant'),
                    postpurchase.tenancy.security.TenantTable(name='notifications_providerevent_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('address_hash', models.BinaryField()),
                ('channel', models.CharField(default='email', max_length=8)),
                ('scope', models.CharField(max_length=13)),
                ('reason', models.CharField(max_length=40)),
                ('at', models.DateTimeField(default=postpurchase.lib.clock.business_now)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                "constraints": [
                    models.UniqueConstraint(fields=('merchant', 'channel', 'address_hash', 'scope'), name='one_suppression'),
                    postpurchase.tenancy.security.TenantTable(name='notifications_suppression_tenant'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('address', models.CharField(max_length=254)),
                ('channel', models.CharField(default='email', max_length=8)),
                ('purpose', models.CharField(default='marketing', max_length=20)),
                ('given', models.BooleanField()),
                ('text', models.CharField(blank=True, max_length=500)),
                ('source', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
                ('order', postpurchase.tenancy.base.TenantForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='orders.order')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['merchant', 'address', '-at'], name='consent_newest')],
                'constraints': [postpurchase.tenancy.security.SameMerchant(field='order', name='notifications_consent_order_same_merchant'), postpurchase.tenancy.security.TenantTable(name='notifications_consent_tenant')],
            },
        ),
        migrations.AddConstraint(
            model_name='flow',
            constraint=postpurchase.tenancy.security.SameMerchant(field='live', name='notifications_flow_live_same_merchant'),
        ),
    ]
