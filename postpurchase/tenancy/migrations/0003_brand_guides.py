from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenancy', '0002_roles_and_gates'),
    ]

    operations = [
        migrations.AddField(
            model_name='brand',
            name='guide_text',
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name='brand',
            name='guide_title',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='brand',
            name='guide_url',
            field=models.URLField(blank=True),
        ),
        migrations.AddField(
            model_name='brand',
            name='review_url',
            field=models.URLField(blank=True),
        ),
    ]
