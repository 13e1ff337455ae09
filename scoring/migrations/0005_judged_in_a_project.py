import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0004_each_project_its_own'),
    ]

    operations = [
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
