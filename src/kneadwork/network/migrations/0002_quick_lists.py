"""The list, Today and the tiles answer from indexes alone; `network.spread` tells SQLite how the rows are spread."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0001_initial'),
        ('practice', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='standing',
            name='standing_by_stream',
        ),
        migrations.RemoveIndex(
            model_name='standing',
            name='standing_by_stage',
        ),
        migrations.RemoveIndex(
            model_name='standing',
            name='standing_by_profession',
        ),
        migrations.RemoveIndex(
            model_name='standing',
            name='standing_by_recent',
        ),
        migrations.RemoveIndex(
            model_name='standing',
            name='standing_by_value',
        ),
        migrations.RemoveIndex(
            model_name='touch',
            name='touch_by_day',
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', 'stream', '-rank', 'name', 'connection'], name='standing_of_stream'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', 'stage', '-rank', 'name', 'connection'], name='standing_of_stage'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', 'profession', '-rank', 'name', 'connection'], name='standing_of_profession'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', '-last_touch_on', 'name', 'connection'], name='standing_by_last_touch'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', '-likely', 'name', 'connection'], name='standing_by_likely'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', '-likely_open', 'name', 'connection'], name='standing_by_likely_open'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', '-good', 'name', 'connection'], name='standing_by_good'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', 'last_touch_on', 'stream'], name='standing_by_quiet'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', '-next_value', 'name', 'next_due', 'next_kind'], name='standing_by_worth'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', 'stream', '-next_value', 'name', 'next_due', 'next_kind'], name='standing_by_balance'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['practice', 'next_key', 'next_due'], name='standing_by_owed'),
        ),
        migrations.AddIndex(
            model_name='touch',
            index=models.Index(fields=['practice', 'on', 'from_them', 'connection', 'minutes'], name='touch_by_week'),
        ),
    ]
