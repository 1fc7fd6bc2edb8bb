"""The merchant-first indexes and unique keys already find these rows; the second index was one more to write for every scan and move."""

import django.db.models.deletion
import postpurchase.tenancy.base
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0007_place_and_tell'),
        ('tracking', '0003_page_gate'),
    ]

    operations = [
        migrations.AlterField(
            model_name='estimatesnapshot',
            name='shipment',
            field=postpurchase.tenancy.base.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='estimates', to='tracking.shipment'),
        ),
        migrations.AlterField(
            model_name='scan',
            name='shipment',
            field=postpurchase.tenancy.base.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='scans', to='tracking.shipment'),
        ),
        migrations.AlterField(
            model_name='shipment',
            name='order',
            field=postpurchase.tenancy.base.TenantForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='shipments', to='orders.order'),
        ),
        migrations.AlterField(
            model_name='shipmentline',
            name='shipment',
            field=postpurchase.tenancy.base.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='tracking.shipment'),
        ),
    ]
