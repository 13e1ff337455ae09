"""Jobs count bytes of files beyond what a small number holds, and of some only one goes on at a time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotator", "0018_lookups")]

    operations = [
        migrations.AlterField("job", "done", models.PositiveBigIntegerField(default=0)),
        migrations.AlterField("job", "total", models.PositiveBigIntegerField(blank=True, null=True)),
        migrations.AddField("job", "alone", models.CharField(blank=True, default="", max_length=100), preserve_default=False),
        migrations.AddConstraint(
            "job",
            models.UniqueConstraint(
                condition=models.Q(("state__in", ["waiting", "running"]), models.Q(("alone", ""), _negated=True)),
                fields=("alone",),
                name="one_job_of_its_kind",
            ),
        ),
    ]
