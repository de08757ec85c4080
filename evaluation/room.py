"""What this room offers to the ground floor."""

from municipality.rooms import Room

room = Room(name="evaluation")
