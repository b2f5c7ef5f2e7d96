"""The engine of PoseDesk: from a picture to people with IDs. No Qt in here."""
