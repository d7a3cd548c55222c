"""The days of the sample town, read from its files slowly and in our own way: day by day, and by nothing of the program that is tested.

Only what the files of the sample town say is understood here; anything else is refused, so that nothing is silently left out.
"""

import calendar
import csv
import re
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOWN = HERE.parents[2] / "infra" / "sample-town"
CHANGES = HERE.parent / "changes.csv"

TODAY = date(2026, 11, 21)
FIRST, LAST = TODAY - timedelta(31), TODAY + timedelta(400)
# Days outside may have moved in.
MARGIN = timedelta(40)
WEEK = timedelta(7)
WEEKDAYS = "月火水木金土日"
YEARS = range(FIRST.year - 1, LAST.year + 2)
# National holidays of these days, from the calendar on the wall.
HOLIDAYS = {
    date(year, month, day)
    for year, found in {
        2026: [(10, 12), (11, 3), (11, 23)],
        2027: [(1, 1), (1, 11), (2, 11), (2, 23), (3, 21), (3, 22), (4, 29), (5, 3), (5, 4), (5, 5), (7, 19), (8, 11), (9, 20), (9, 23),
               (10, 11), (11, 3), (11, 23)],
        2028: [(1, 1), (1, 10)],
    }.items()
    for month, day in found
}


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def days(first, last):
    while first <= last:
        yield first
        first += timedelta(1)


def spans(first, last):
    """From one day to another, once (2026-12-31) or every year (12-31)."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", first):
        return [(date.fromisoformat(first), date.fromisoformat(last))]
    over = 1 if last < first else 0
    return [(date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year + over}-{last}")) for year in YEARS]


def ranges(cell):
    found = []
    for token in cell.split():
        first, _, last = token.partition("..")
        found += spans(first, last or first)
    return found


def after_holiday(day, says):
    """Where what falls on a holiday goes; None if it falls out."""
    if says == "skip":
        return None
    fits = (lambda _: True) if says in ("next", "previous") else lambda day: WEEKDAYS[day.weekday()] == says
    step = timedelta(-1 if says == "previous" else 1)
    day += step
    while day in HOLIDAYS or not fits(day):
        day += step
    return day


def within(day, found):
    return any(first <= day <= last for first, last in found)


def months(text):
    found = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        first, last = int(first), int(last or first)
        found |= set(range(first, last + 1)) if first <= last else set(range(first, 13)) | set(range(1, last + 1))
    return found


class Rule:
    """A token of the column `when`."""

    def __init__(self, token):
        text, _, of = token.partition(":")
        self.months = months(of) if of else set(range(1, 13))
        self.kind, self.values = self.read(text)

    @staticmethod
    def read(text):
        if found := re.fullmatch(rf"([{WEEKDAYS}])(\d?)", text):
            weekday = WEEKDAYS.index(found[1])
            return ("nth", (weekday, int(found[2]))) if found[2] else ("weekly", weekday)
        if found := re.fullmatch(r"隔週.@(\S+)", text):
            return "fortnightly", date.fromisoformat(found[1])
        if found := re.fullmatch(r"毎月(\d+)日", text):
            return "month day", int(found[1])
        if text == "毎月末日":
            return "month end", None
        return "date", date.fromisoformat(text)

    def names(self, day):
        if day.month not in self.months:
            return False
        match self.kind:
            case "weekly":
                return day.weekday() == self.values
            case "nth":
                return (day.weekday(), (day.day + 6) // 7) == self.values
            case "fortnightly":
                return day >= self.values and (day - self.values).days % 14 == 0
            case "month day":
                return day.day == self.values
            case "month end":
                return day.day == calendar.monthrange(day.year, day.month)[1]
            case "date":
                return day == self.values

    def goes_to(self, day, closures, excepted):
        """Where the collection of a day that the rule names goes; None if it falls out."""
        if self.kind == "date":
            return None if excepted(day) else day
        if excepted(day):
            return None
        shut = any(within(day, [span]) for span, _ in closures)
        if any(within(day, [span]) for span, effect in closures if effect == "skip"):
            return None
        shifts = [span for span, effect in closures if effect == "shift-week"]
        if self.kind == "weekly":
            return None if shut else day
        if self.kind == "nth":
            # From the first closed day of this day of the week in the month on, all of them give way.
            before = [day - WEEK * back for back in range(5) if (day - WEEK * back).month == day.month]
            moves = any(within(one, shifts) for one in before)
        else:
            moves = within(day, shifts)
        if not moves:
            return None if shut else day
        new = day + WEEK
        if self.kind == "nth" and new.month != day.month:
            return None
        return None if any(within(new, [span]) for span, _ in closures) or excepted(new) else new


def read():
    """For each area and category the set of its days from FIRST to LAST, and that of those that fall out by a change."""
    centers = {row["id"]: row["center"] for row in rows(TOWN / "areas.csv")}
    closed = {}
    for row in rows(TOWN / "closures.csv"):
        assert row["effect"] in ("skip", "shift-week"), row
        closed.setdefault(row["center"], []).extend((span, row["effect"]) for span in spans(row["from"], row["to"]))
    found = {}
    for row in rows(TOWN / "calendar.csv"):
        assert set(row) == {"area", "category", "when", "except", "extra", "holidays", "note"}, row
        says = row["holidays"]
        assert says in ("", "skip", "next", "previous", *WEEKDAYS), row
        closures = closed.get(centers[row["area"]], []) if centers[row["area"]] else []
        assert not (says and closures), "which of the two comes first is not understood here"
        exceptions = ranges(row["except"])
        excepted = lambda day, exceptions=exceptions: within(day, exceptions)
        of = found.setdefault((row["area"], row["category"]), set())
        for rule in map(Rule, row["when"].split()):
            for day in days(FIRST - MARGIN, LAST + MARGIN):
                if not rule.names(day):
                    continue
                new = rule.goes_to(day, closures, excepted)
                if new and says and rule.kind != "date" and new in HOLIDAYS:
                    new = after_holiday(new, says)
                    new = None if new and excepted(new) else new
                if new:
                    of.add(new)
        of |= {day for first, last in ranges(row["extra"]) for day in days(first, last)}
    cancelled = {key: set() for key in found}
    for change in sorted(rows(CHANGES), key=lambda row: (row["date"], row["id"])):
        day = date.fromisoformat(change["date"])
        for (area, category), of in found.items():
            is_about = area in (change["areas"].split() or [area]) and category in (change["categories"].split() or [category])
            if is_about and day in of:
                of.remove(day)
                cancelled[area, category].add(day)
                if change["new_date"]:
                    of.add(date.fromisoformat(change["new_date"]))
    shown = lambda of: {day for day in of if FIRST <= day <= LAST}
    return (
        {key: shown(of) for key, of in found.items()},
        {key: shown(of) - found[key] for key, of in cancelled.items()},
    )
