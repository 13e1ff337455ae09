import annotator.word_index
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotator', '0022_webhooks'),
        ('retrieval', '0002_checkpoint'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('question', 'Question'), ('condition', 'Condition'), ('remark', 'Remark'), ('fragment', 'Fragment')], max_length=9)),
                ('words', models.TextField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='annotation',
            name='indexed',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='question',
            name='indexed',
            field=models.BigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='annotation',
            index=models.Index(condition=models.Q(('indexed__lt', models.F('revisions_made'))), fields=['question'], name='annotations_search_not_read'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(condition=models.Q(('indexed__isnull', True), ('indexed__lt', models.F('retrieval')), _connector='OR'), fields=['batch'], name='questions_search_has_not_read'),
        ),
        migrations.AddField(
            model_name='searchtext',
            name='annotation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='search_texts', to='annotator.annotation'),
        ),
        migrations.AddField(
            model_name='searchtext',
            name='condition',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='annotator.condition'),
        ),
        migrations.AddField(
            model_name='searchtext',
            name='listed',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='retrieval.listedfragment'),
        ),
        migrations.AddField(
            model_name='searchtext',
            name='project',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='annotator.project'),
        ),
        migrations.AddField(
            model_name='searchtext',
            name='question',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='search_texts', to='annotator.question'),
        ),
        migrations.AddConstraint(
            model_name='searchtext',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('annotation', None), ('condition', None), ('kind', 'question'), ('listed', None)), models.Q(('annotation__isnull', False), ('condition__isnull', False), ('kind', 'condition'), ('listed', None)), models.Q(('annotation__isnull', False), ('condition', None), ('kind', 'remark'), ('listed', None)), models.Q(('annotation', None), ('condition', None), ('kind', 'fragment'), ('listed__isnull', False)), _connector='OR'), name='search_text_stands_somewhere'),
        ),
        migrations.AddIndex(
            model_name='searchtext',
            index=annotator.word_index.WordIndex(fields=['words'], name='words_of_search_texts'),
        ),
        migrations.AddIndex(
            model_name='searchtext',
            index=models.Index(fields=['project', 'kind', 'id'], name='search_texts_in_order'),
        ),
    ]
