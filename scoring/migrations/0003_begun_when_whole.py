from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def discard_what_was_not_begun(apps: Any, _schema: Any) -> None:
    apps.get_model("scoring", "Evaluation").objects.filter(number=None).delete()


def give_each_project_its_own(apps: Any, _schema: Any) -> None:
    """Copy what a judge was asked to every project with an evaluation that asked it; what none asked goes."""
    judgements = apps.get_model("scoring", "Judgement").objects
    asked = apps.get_model("scoring", "EvaluatedQuestion").objects.order_by()
    for one in judgements.filter(project=None).iterator(chunk_size=500):
        own = asked.filter(text=one.question, evaluation__judge=one.judge, evaluation__judge_version=one.version)
        for project in own.values_list("evaluation__project", flat=True).distinct():
            one.pk, one.project_id = None, project
            one.save(force_insert=True)
    judgements.filter(project=None).delete()


def leave_one_of_each(apps: Any, _schema: Any) -> None:
    judgements = apps.get_model("scoring", "Judgement").objects
    first = judgements.order_by().values("judge", "version", "digest").annotate(first=models.Min("pk")).values("first")
    judgements.exclude(pk__in=list(first.values_list("first", flat=True))).delete()


class Migration(migrations.Migration):

    # PostgreSQL alters no table of which rows were written in the same transaction.
    atomic = False

    dependencies = [
        ('scoring', '0002_proposals_decided'),
    ]

    operations = [
        migrations.AlterField(
            model_name='evaluation',
            name='number',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.RunPython(migrations.RunPython.noop, discard_what_was_not_begun, atomic=True),
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
        migrations.RunPython(give_each_project_its_own, leave_one_of_each, atomic=True),
        migrations.AlterField(
            model_name='judgement',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='judgements', to='annotator.project'),
        ),
        migrations.AddConstraint(
            model_name='judgement',
            constraint=models.UniqueConstraint(fields=('project', 'judge', 'version', 'digest'), name='judged_once_per_version'),
        ),
        migrations.AlterModelOptions(
            name='judgement',
            options={'ordering': ['project', 'judge', 'version', 'pk']},
        ),
    ]
