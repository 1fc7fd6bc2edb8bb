from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('desk', '0003_usual_orders'),
    ]

    operations = [
        migrations.AddField(model_name='usualorder', name='revalue_after', field=models.UUIDField(null=True)),
    ]
