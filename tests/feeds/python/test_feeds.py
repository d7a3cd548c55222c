"""The feeds and files of the portal, read by the library `icalendar` and by Python's `csv`."""

import csv
import os
import unittest
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import icalendar
import slow

FEEDS = Path(os.environ["FEEDS"])
LINE_OCTETS_MAX = 75

# Found by hand on the calendar of the wall: the second and fourth Friday, in January a week later because the centre is closed
# on Friday the 1st, and the 12th of December instead of the 11th because of snow.
PAPER_OF_NISHI = ["2026-11-27", "2026-12-12", "2026-12-25", "2027-01-15", "2027-01-29", "2027-02-12", "2027-02-26"]


def events(name):
    """The events of a feed, checked for what a subscribing program relies on."""
    octets = (FEEDS / f"calendar_{name}.ics").read_bytes()
    assert octets.endswith(b"\r\n") and b"\n" not in octets.replace(b"\r\n", b"")
    assert all(len(line) <= LINE_OCTETS_MAX for line in octets.split(b"\r\n")), "folded"
    feed = icalendar.Calendar.from_ical(octets)
    assert not feed.errors, feed.errors
    assert feed["VERSION"] == "2.0" and feed["PRODID"] and feed["METHOD"] == "PUBLISH"
    assert feed["REFRESH-INTERVAL"].dt == timedelta(hours=4), feed["REFRESH-INTERVAL"]
    found = feed.walk("VEVENT")
    assert len({str(event["UID"]) for event in found}) == len(found), "each is there once"
    for event in found:
        assert not event.errors, event.errors
        assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == datetime(2026, 11, 20, 8, 9, 10, tzinfo=timezone.utc)
        assert event["SEQUENCE"] == 7 and event["TRANSP"] == "TRANSPARENT"
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        assert type(start) is date and end - start == timedelta(days=1)
        alarms = event.walk("VALARM")
        if event["STATUS"] == "CANCELLED":
            assert not alarms
        else:
            (alarm,) = alarms
            assert event["STATUS"] == "CONFIRMED" and alarm["ACTION"] == "DISPLAY" and alarm["DESCRIPTION"]
            assert datetime.combine(start, datetime.min.time()) + alarm["TRIGGER"].dt == datetime.combine(
                start - timedelta(days=1), datetime.min.time().replace(hour=19)
            )
    return found


def days(found, status):
    return {event["DTSTART"].dt for event in found if event["STATUS"] == status}


class Feeds(unittest.TestCase):
    def setUp(self):
        self.made, self.cancelled = slow.read()
        self.areas = sorted({area for area, _ in self.made})
        self.names = {row["id"]: row["name"] for row in slow.rows(slow.TOWN / "categories.csv")}
        self.maxDiff = None

    def test_the_feed_of_each_category_has_its_days(self):
        seen = set()
        for path in FEEDS.glob("calendar_*_*.ics"):
            area, category = path.stem.split("_")[1:]
            found = events(f"{area}_{category}")
            of = (area, category)
            self.assertEqual(days(found, "CONFIRMED"), self.made.get(of, set()), of)
            self.assertEqual(days(found, "CANCELLED"), self.cancelled.get(of, set()), of)
            self.assertEqual({str(event["SUMMARY"]) for event in found if event["STATUS"] == "CONFIRMED"} - {self.names[category]}, set())
            seen.add(of)
        self.assertLessEqual(set(self.made), seen)
        self.assertGreater(sum(map(len, self.cancelled.values())), 3, "the changes are there")

    def test_the_feed_of_an_area_is_those_of_its_categories(self):
        for area in self.areas:
            whole = {str(event["UID"]): event.to_ical() for event in events(area)}
            parts = {}
            for category in self.names:
                parts |= {str(event["UID"]): event.to_ical() for event in events(f"{area}_{category}")}
            self.assertEqual(whole, parts, area)
            self.assertGreater(len(whole), 200)

    def test_a_list_of_days_found_by_hand(self):
        found = {str(day) for day in days(events("nishi_paper"), "CONFIRMED") if slow.TODAY <= day < date(2027, 3, 1)}
        self.assertEqual(sorted(found), PAPER_OF_NISHI)

    def test_what_falls_out_says_so_and_why(self):
        (snow,) = [event for event in events("nishi_paper") if event["STATUS"] == "CANCELLED"]
        self.assertEqual(str(snow["SUMMARY"]), "【収集なし】古紙")
        self.assertIn("大雪のため, \"警報\";注意", str(snow["DESCRIPTION"]))
        self.assertIn("12月12日（土）", str(snow["DESCRIPTION"]))
        (instead,) = [event for event in events("nishi_paper") if event["DTSTART"].dt == date(2026, 12, 12)]
        self.assertIn("12月11日（金）の分です", str(instead["DESCRIPTION"]))
        self.assertNotEqual(snow["UID"], instead["UID"])

    def test_the_files_name_the_same_days(self):
        first, last = date(2026, 4, 1), date(2027, 3, 31)
        both = lambda day: max(first, slow.FIRST) <= day <= min(last, slow.LAST)
        ids = {name: id for id, name in self.names.items()}
        with open(FEEDS / "calendar.csv", encoding="utf-8-sig", newline="") as file:
            open_data = list(csv.DictReader(file))
        found = {(row["収集区域ID"], row["分別ID"], date.fromisoformat(row["収集日"])) for row in open_data}
        self.assertEqual(len(found), len(open_data), "no row is there twice")
        self.assertTrue(all(first <= day <= last for _, _, day in found))
        expected = {(*of, day) for of, found in self.made.items() for day in found if both(day)}
        self.assertEqual({one for one in found if both(one[2])}, expected)
        for area in self.areas:
            with open(FEEDS / f"calendar_{area}.csv", encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
            of_area = {(area, ids[name], date.fromisoformat(row["日付"])) for row in rows for name in row["収集するごみ"].split("、") if name}
            self.assertEqual(of_area, {one for one in found if one[0] == area}, area)


if __name__ == "__main__":
    unittest.main()
