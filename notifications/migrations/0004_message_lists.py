from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0003_ledger'),
        ('orders', '0007_place_and_tell'),
        ('tenancy', '0003_brand_guides'),
        ('tracking', '0003_page_gate'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['merchant', '-due_at', '-id'], name='message_by_due'),
        ),
    ]
