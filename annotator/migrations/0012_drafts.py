import django.db.models.deletion
from django.db import migrations, models


def adopted_as_added(apps, _schema_editor):
    """An adopted card came into the annotation as an added one does."""
    apps.get_model("annotator", "Revision").objects.filter(verb="adopt").update(verb="add")


class Migration(migrations.Migration):

    dependencies = [
        ('annotator', '0011_to_discuss'),
    ]

    operations = [
        migrations.CreateModel(
            name='Adoption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('condition', models.CharField(max_length=32)),
                ('revision', models.PositiveIntegerField()),
                ('uid', models.CharField(max_length=32)),
                ('parts', models.JSONField(blank=True, default=dict)),
                ('annotation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='adoptions', to='annotator.annotation')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='adopted', to='annotator.annotation')),
            ],
            options={
                'ordering': ['annotation', 'pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('annotation', 'condition'), name='condition_adopted_once'),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name='revision',
            name='revision_verb',
        ),
        migrations.AddField(
            model_name='project',
            name='show_drafts',
            field=models.CharField(choices=[('after', 'After they have submitted their own'), ('before', 'From the beginning')], default='after', max_length=6),
        ),
        migrations.AlterField(
            model_name='revision',
            name='verb',
            field=models.CharField(choices=[('import', 'Import'), ('card', 'Card'), ('add', 'Add'), ('remove', 'Remove'), ('overall', 'Overall'), ('submit', 'Submit'), ('return', 'Return'), ('skip', 'Skip'), ('expire', 'Expire'), ('restore', 'Restore'), ('decide', 'Decide'), ('adopt', 'Adopt')], max_length=7),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('show_drafts__in', ['after', 'before'])), name='project_show_drafts'),
        ),
        migrations.AddConstraint(
            model_name='revision',
            constraint=models.CheckConstraint(condition=models.Q(('verb__in', ['import', 'card', 'add', 'remove', 'overall', 'submit', 'return', 'skip', 'expire', 'restore', 'decide', 'adopt'])), name='revision_verb'),
        ),
        migrations.RunPython(migrations.RunPython.noop, adopted_as_added),
    ]
