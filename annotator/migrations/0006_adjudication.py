import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


def decided_as_restored(apps, _schema_editor):
    """A step of adjudication keeps the whole record, as a restored one does."""
    apps.get_model("annotator", "Revision").objects.filter(verb="decide").update(verb="restore")


class Migration(migrations.Migration):

    dependencies = [
        ('annotator', '0005_people'),
    ]

    operations = [
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('built', 'built'), ('accepted', 'accepted'), ('none', 'none'), ('together', 'together'), ('apart', 'apart')], max_length=8)),
                ('condition', models.CharField(blank=True, max_length=32)),
                ('reason', models.TextField(blank=True)),
                ('since', models.PositiveIntegerField()),
                ('until', models.PositiveIntegerField(blank=True, null=True)),
                ('gold', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='annotator.annotation')),
            ],
            options={
                'ordering': ['gold', 'pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['built', 'accepted', 'none', 'together', 'apart'])), name='decision_kind'),
                    models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='decision_ends_after_it_began'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DecisionPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(max_length=32)),
                ('revision', models.PositiveIntegerField()),
                ('gave', models.JSONField(blank=True, default=dict)),
                ('annotation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decided', to='annotator.annotation')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='annotator.decision')),
            ],
            options={
                'ordering': ['decision', 'pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('decision', 'annotation'), name='one_condition_of_each_in_a_decision'),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name='revision',
            name='revision_verb',
        ),
        migrations.AddField(
            model_name='project',
            name='agreed_from',
            field=models.FloatField(default=0.4, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)]),
        ),
        migrations.AddField(
            model_name='project',
            name='annotators_may_adjudicate',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='question',
            name='accord',
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='question',
            name='adjudicator',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='annotator.member'),
        ),
        migrations.AddField(
            model_name='question',
            name='lease_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='revision',
            name='verb',
            field=models.CharField(choices=[('import', 'Import'), ('card', 'Card'), ('add', 'Add'), ('remove', 'Remove'), ('overall', 'Overall'), ('submit', 'Submit'), ('skip', 'Skip'), ('expire', 'Expire'), ('restore', 'Restore'), ('decide', 'Decide')], max_length=7),
        ),
        migrations.AddConstraint(
            model_name='revision',
            constraint=models.CheckConstraint(condition=models.Q(('verb__in', ['import', 'card', 'add', 'remove', 'overall', 'submit', 'skip', 'expire', 'restore', 'decide'])), name='revision_verb'),
        ),
        migrations.RunPython(migrations.RunPython.noop, decided_as_restored),
    ]
