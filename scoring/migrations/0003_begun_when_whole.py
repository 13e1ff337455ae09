import django.db.models.deletion
from django.db import migrations, models


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
        migrations.AddField(
            model_name='evaluatedsystem',
            name='conditional',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='judgement',
            name='project',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='judgements', to='annotator.project'),
        ),
        migrations.RemoveConstraint(
            model_name='judgement',
            name='judged_once_per_version',
        ),
    ]
