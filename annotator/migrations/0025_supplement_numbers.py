from django.db import migrations, models
from django.db.models import Q


def number(apps, _schema_editor):
    """Give each supplement the number that pages have shown so far: its place among those of its annotation."""
    supplements = apps.get_model("annotator", "Supplement").objects
    last, place = None, 0
    for pk, annotation in supplements.order_by("annotation", "pk").values_list("pk", "annotation"):
        place = place + 1 if annotation == last else 1
        last = annotation
        supplements.filter(pk=pk).update(number=place)


class Migration(migrations.Migration):

    dependencies = [
        ("annotator", "0024_bounds"),
    ]

    operations = [
        migrations.AddField(
            model_name="supplement",
            name="number",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunPython(number, migrations.RunPython.noop),
        migrations.AlterModelOptions(name="supplement", options={"ordering": ["annotation", "number"]}),
        migrations.AddConstraint(
            model_name="supplement",
            constraint=models.UniqueConstraint(fields=("annotation", "number"), name="one_supplement_per_number"),
        ),
        migrations.AddConstraint(
            model_name="supplement",
            constraint=models.CheckConstraint(condition=Q(number__gte=1), name="supplements_begin_at_1"),
        ),
    ]
