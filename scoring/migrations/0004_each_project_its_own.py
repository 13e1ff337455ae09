from typing import Any

from django.db import migrations, models


def discard_what_was_not_begun(apps: Any, _schema: Any) -> None:
    # Part by part: on the way back Django’s models of a state do not know each other, so nothing cascades.
    for name, path in (
        ("EvaluatedWork", "question__evaluation__"),
        ("EvaluatedQuestion", "evaluation__"),
        ("EvaluatedSystem", "evaluation__"),
        ("Evaluation", ""),
    ):
        rows = apps.get_model("scoring", name).objects.filter(**{f"{path}number": None}).order_by()
        rows._raw_delete(rows.db)


def give_each_project_its_own(apps: Any, _schema: Any) -> None:
    """Copy what a judge was asked to every project with an evaluation that asked it; what none asked goes."""
    judgements = apps.get_model("scoring", "Judgement").objects
    named = ("evaluation__judge", "evaluation__judge_version", "text", "evaluation__project")
    kept = set(judgements.order_by().values_list("judge", "version").distinct())
    projects: dict[tuple[str, str, str], set[int]] = {}
    for judge, version in kept:
        asked = apps.get_model("scoring", "EvaluatedQuestion").objects.order_by()
        own = asked.filter(evaluation__judge=judge, evaluation__judge_version=version)
        for *key, project in own.values_list(*named).iterator(chunk_size=2000):
            projects.setdefault(tuple(key), set()).add(project)
    for one in list(judgements.filter(project=None)):
        for project in sorted(projects.get((one.judge, one.version, one.question), ())):
            one.pk, one.project_id = None, project
            one.save(force_insert=True)
    judgements.filter(project=None).delete()


def leave_one_of_each(apps: Any, _schema: Any) -> None:
    judgements = apps.get_model("scoring", "Judgement").objects
    first = judgements.order_by().values("judge", "version", "digest").annotate(first=models.Min("pk")).values("first")
    judgements.exclude(pk__in=first).delete()


def put_back(apps: Any, schema: Any) -> None:
    leave_one_of_each(apps, schema)
    discard_what_was_not_begun(apps, schema)


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0003_begun_when_whole'),
    ]

    operations = [
        migrations.RunPython(give_each_project_its_own, put_back),
    ]
