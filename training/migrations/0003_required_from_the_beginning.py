"""Courses that are required today are so from the beginning: since when was not kept."""

from django.db import migrations


def forward(apps, schema_editor):
    """One open period without a start for each required course in use."""
    courses = apps.get_model("training", "Course").objects
    rows = apps.get_model("training", "CourseRequirement").objects
    for course in courses.filter(required_for_pilots=True, is_active=True, requirements=None):
        rows.create(municipality_id=course.municipality_id, course=course)


class Migration(migrations.Migration):
    dependencies = [("training", "0002_course_requirements")]

    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
