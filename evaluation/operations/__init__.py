"""What changes in this room, by subject."""
