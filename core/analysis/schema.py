"""The tables of a `.posedesk` file. docs/analysis.md tells them to people who read it with other programs."""

from __future__ import annotations

APPLICATION_ID = 0x504F5345  # "POSE", by which `file` and SQLite's own tools know it
FORMAT = 1  # goes up when an older PoseDesk could no longer read it rightly; new tables and columns alone do not

# Narrow tables are read whole when the file is opened; what is wide lies apart, so that reading them stays quick.
TABLES = {
    "meta": "key TEXT PRIMARY KEY, value",
    "frames": "frame INTEGER PRIMARY KEY, time REAL, name TEXT, ids BLOB, totals BLOB",
    "poses": "frame INTEGER PRIMARY KEY, points BLOB",
    "candidates": "frame INTEGER PRIMARY KEY, data BLOB",
    "aliases": "id INTEGER PRIMARY KEY, person INTEGER",
    "edits": "id INTEGER PRIMARY KEY, step INTEGER, undone INTEGER, kind TEXT, data TEXT",
    "labels": "id INTEGER PRIMARY KEY, name TEXT, color TEXT",
    "marks": 'id INTEGER PRIMARY KEY, label INTEGER, person INTEGER, start REAL, "end" REAL',
}
CREATE = [f"CREATE TABLE {name} ({columns})" for name, columns in TABLES.items()]
