from django.db import migrations, models


def count(apps, _schema_editor):
    """Count once what each corpus holds; from then on every load and import adds what it stores."""
    for corpus in apps.get_model("retrieval", "Corpus").objects.all():
        corpus.size = apps.get_model("retrieval", "Fragment").objects.filter(corpus=corpus.pk).count()
        corpus.save(update_fields=["size"])


class Migration(migrations.Migration):

    dependencies = [
        ("retrieval", "0002_checkpoint"),
    ]

    operations = [
        migrations.AddField(
            model_name="corpus",
            name="size",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
