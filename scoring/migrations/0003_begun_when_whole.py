from typing import Any

from django.db import migrations, models


def discard_what_was_not_begun(apps: Any, _schema: Any) -> None:
    apps.get_model("scoring", "Evaluation").objects.filter(number=None).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0002_proposals_decided'),
    ]

    operations = [
        migrations.AlterField(
            model_name='evaluation',
            name='number',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.RunPython(migrations.RunPython.noop, discard_what_was_not_begun),
        migrations.AddField(
            model_name='evaluatedsystem',
            name='conditional',
            field=models.BooleanField(default=True),
        ),
    ]
