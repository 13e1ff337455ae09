"""The database keeps what the forms ask: a similarity is from 0 to 1, a cap at least 1, nothing assigned is begun."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotator", "0023_search")]

    operations = [
        migrations.AddConstraint(
            "project",
            models.CheckConstraint(
                condition=models.Q(("agreed_from__gte", 0), ("agreed_from__lte", 1)), name="agreed_from_a_similarity"
            ),
        ),
        migrations.AddConstraint(
            "batch",
            models.CheckConstraint(
                condition=models.Q(("cap__isnull", True), ("cap__gte", 1), _connector="OR"), name="batch_cap_positive"
            ),
        ),
        migrations.AddConstraint(
            "assignment",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "assigned"), _negated=True),
                    models.Q(("annotation__isnull", True), ("lease_until__isnull", True)),
                    _connector="OR",
                ),
                name="assigned_is_not_begun",
            ),
        ),
    ]
