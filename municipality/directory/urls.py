"""Addresses of the pages of people and departments below the body's code."""

from django.urls import path

from municipality.directory.views import departments, people

urlpatterns = [
    path("departments/", departments.department_list, name="departments"),
    path("departments/new/", departments.department_new, name="department_new"),
    path("departments/<int:pk>/", departments.department_page, name="department"),
    path("people/", people.people_list, name="people"),
    path("people/<int:pk>/", people.member_page, name="member"),
    path("people/<int:pk>/edit/", people.member_edit, name="member_edit"),
]
