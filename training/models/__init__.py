"""The tables of training, by subject: Django finds them here, and nothing else imports from
here.
"""

from training.assignments.models import Assignment
from training.completions.models import Completion
from training.courses.models import Course, CourseRequirement

__all__ = ["Assignment", "Completion", "Course", "CourseRequirement"]
