"""One town with a person of every role in two departments, beside a second body of the same
shape.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from municipality.organisation.models import Department, Member, Municipality

from .municipality import a_body, a_department, a_member, root_of, signed_in

ROLES = ("office", "hr", "executive", "auditor", "consultant")


@dataclass
class Town:
    """A body, its departments and its people by role; `client(who)` is somebody's signed-in
    client.
    """

    body: Municipality
    root: Department
    soumu: Department
    zeimu: Department
    people: dict[str, Member]

    def client(self, who: str) -> Client:
        """Signed in and past the second factor."""
        return signed_in(self.people[who])

    def get(self, who: str, address: str) -> int:
        """The status that this person gets under the body's code."""
        return self.client(who).get(f"/{self.body.pk}/{address}").status_code

    def post(self, who: str, address: str, **data: object) -> int:
        """The status of a form sent by this person."""
        return self.client(who).post(f"/{self.body.pk}/{address}", data).status_code


def a_town(code: str = "993018", name: str = "あおば町") -> Town:
    """総務課 with a manager and a member of staff, 税務課 with a manager, everybody else at the
    body itself.
    """
    body = a_body(code, name)
    root, soumu, zeimu = root_of(body), a_department(body, "総務課"), a_department(body, "税務課")
    people = {role: a_member(root, role, name=f"{name} {role}") for role in ROLES}
    people["manager"] = a_member(soumu, "manager", post="課長", name=f"{name} 総務課長")
    people["staff"] = a_member(soumu, name=f"{name} 職員")
    people["other manager"] = a_member(zeimu, "manager", post="課長", name=f"{name} 税務課長")
    return Town(body, root, soumu, zeimu, people)


def with_another_body() -> tuple[Town, Town]:
    """The town, and a second one whose office is a persona of the first's tests, named `other
    body`.
    """
    town, other = a_town(), a_town("993026", "みどり市")
    town.people["other body"] = other.people["office"]
    return town, other
