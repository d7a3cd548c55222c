"""Writes what the slow reading gives as JSON, for readers in other languages: `expected.py FILE`."""

import json
import sys

import slow

made, cancelled = slow.read()
found = {}
for kind, of in (("made", made), ("cancelled", cancelled)):
    for (area, category), dates in of.items():
        found.setdefault(area, {}).setdefault(category, {})[kind] = sorted(map(str, dates))
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(found, file)
