import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotator', '0021_large_jobs'),
    ]

    operations = [
        migrations.CreateModel(
            name='Hook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=2000)),
                ('events', models.JSONField(default=list)),
                ('secret', models.CharField(max_length=100)),
                ('on', models.BooleanField(default=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('stopped', models.CharField(blank=True, choices=[('gone', 'The receiver answered 410: it wants no more messages.'), ('failing', 'Too many messages in a row had to be given up.')], max_length=7)),
                ('rests_until', models.DateTimeField()),
                ('created', models.DateTimeField()),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hooks', to='annotator.project')),
            ],
            options={
                'ordering': ['project', 'pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('stopped__in', ['', 'gone', 'failing'])), name='hook_stopped'),
                    models.CheckConstraint(condition=models.Q(('stopped', ''), ('on', False), _connector='OR'), name='hook_stopped_is_off'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('event', models.CharField(choices=[('submitted', 'Somebody submitted an annotation'), ('adjudicated', 'A question was finished as gold'), ('released', 'A release was made'), ('evaluated', 'An evaluation was finished'), ('test', 'A test')], max_length=11)),
                ('body', models.TextField()),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('delivered', 'delivered'), ('failed', 'given up')], default='waiting', max_length=9)),
                ('created', models.DateTimeField(db_index=True)),
                ('due', models.DateTimeField()),
                ('tried', models.DateTimeField(blank=True, null=True)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('code', models.PositiveIntegerField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, max_length=1000)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('milliseconds', models.PositiveIntegerField(blank=True, null=True)),
                ('hook', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='annotator.hook')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'ordering': ['-pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('event__in', ['submitted', 'adjudicated', 'released', 'evaluated', 'test'])), name='delivery_event'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'delivered', 'failed'])), name='delivery_state'),
                ],
                'indexes': [
                    models.Index(fields=['hook', 'id'], name='delivery_of_hook'),
                    models.Index(condition=models.Q(('state', 'waiting')), fields=['due'], name='delivery_due'),
                ],
            },
        ),
    ]
