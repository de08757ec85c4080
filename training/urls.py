from django.urls import path

from . import views

app_name = "training"

urlpatterns = [
    path("training/", views.training, name="training"),
    path("training/courses/new/", views.create_course, name="create_course"),
    path("training/courses/starter/", views.add_starter_courses, name="starter"),
    path("training/courses/<int:pk>/", views.course, name="course"),
    path("training/courses/<int:pk>/edit/", views.edit_course, name="edit_course"),
    path("training/courses/<int:pk>/assign/", views.assign, name="assign"),
    path("training/assignments/<int:pk>/", views.assignment, name="assignment"),
    path("training/assignments/<int:pk>/complete/", views.complete, name="complete"),
    path("training/assignments/<int:pk>/cancel/", views.cancel, name="cancel"),
]
