import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import postpurchase.lib.clock
import postpurchase.lib.ids
import postpurchase.tenancy.base
import postpurchase.tenancy.scope
import postpurchase.tenancy.security
from django.conf import settings
from postpurchase.tenancy.security import FUNCTION
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, 'DROP FUNCTION app_merchant()'),
        migrations.CreateModel(
            name='Merchant',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('slug', models.SlugField(unique=True)),
                ('created_at', models.DateTimeField(default=postpurchase.lib.clock.machine_now)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('theme', models.CharField(choices=[('system', 'Same as system'), ('light', 'Light'), ('dark', 'Dark')], default='system', max_length=8)),
                ('is_active', models.BooleanField(default=True)),
                ('is_staff', models.BooleanField(default=False)),
                ('joined_at', models.DateTimeField(default=postpurchase.lib.clock.machine_now)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RateCount',
            fields=[
                ('key', models.BinaryField(primary_key=True, serialize=False)),
                ('hits', models.IntegerField(default=1)),
                ('until', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['until'], name='rate_count_by_end')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('admin', 'Admin'), ('agent', 'Agent'), ('viewer', 'Viewer')], default='viewer', max_length=8)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('merchant', 'user'), name='one_membership'), postpurchase.tenancy.security.TenantTable(name='tenancy_membership_tenant')],
            },
        ),
        migrations.CreateModel(
            name='Brand',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('logo_url', models.URLField(blank=True)),
                ('accent', models.CharField(default='#0f766e', max_length=7, validators=[django.core.validators.RegexValidator('\\A#[0-9a-fA-F]{6}\\Z', 'Write the colour as # and six hex digits, for example #0f766e.')])),
                ('surface', models.CharField(default='#faf9f6', max_length=7, validators=[django.core.validators.RegexValidator('\\A#[0-9a-fA-F]{6}\\Z', 'Write the colour as # and six hex digits, for example #0f766e.')])),
                ('locale', models.CharField(default='en', max_length=10)),
                ('time_zone', models.CharField(default='UTC', max_length=40)),
                ('website', models.URLField(blank=True)),
                ('support_email', models.EmailField(blank=True, max_length=254)),
                ('support_phone', models.CharField(blank=True, max_length=40)),
                ('support_url', models.URLField(blank=True)),
                ('postal_address', models.CharField(blank=True, max_length=300)),
                ('return_policy', models.CharField(blank=True, max_length=600)),
                ('return_policy_url', models.URLField(blank=True)),
                ('sender_name', models.CharField(blank=True, max_length=78)),
                ('sender_email', models.EmailField(blank=True, max_length=254)),
                ('portal_host', models.CharField(blank=True, max_length=253)),
                ('handling_days', models.PositiveSmallIntegerField(default=1)),
                ('transit_days_min', models.PositiveSmallIntegerField(default=2)),
                ('transit_days_max', models.PositiveSmallIntegerField(default=5)),
                ('version', models.PositiveIntegerField(default=1)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('portal_host', ''), _negated=True), fields=['portal_host'], name='brand_by_host')],
                'constraints': [postpurchase.tenancy.security.TenantTable(name='tenancy_brand_tenant')],
            },
        ),
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.UUIDField(default=postpurchase.lib.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('label', models.CharField(max_length=60)),
                ('prefix', models.CharField(max_length=16)),
                ('digest', models.BinaryField()),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), size=None)),
                ('live', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=postpurchase.lib.clock.machine_now)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('merchant', postpurchase.tenancy.base.MerchantKey(db_index=False, default=postpurchase.tenancy.scope.merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.merchant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['digest'], name='api_key_by_digest')],
                'constraints': [models.UniqueConstraint(fields=('merchant', 'digest'), name='one_api_key'), postpurchase.tenancy.security.TenantTable(name='tenancy_apikey_tenant')],
            },
        ),
    ]
