"""The unique key over merchant, event and handler already finds receipts; the second index was one more to write for each."""

import django.db.models.deletion
import postpurchase.tenancy.base
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0002_publish'),
    ]

    operations = [
        migrations.AlterField(
            model_name='receipt',
            name='event',
            field=postpurchase.tenancy.base.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='events.domainevent'),
        ),
    ]
