"""The released damage reports, read by the libraries `feedparser`, `geojson` and `georeport` (a client of Open311) and by Python's `csv`."""

import csv
import os
import re
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import geojson
from georeport import GeoReport

FEEDS = Path(os.environ["FEEDS"])
TOWN = Path(__file__).parents[3] / "infra" / "sample-town"
SECRET = "ひみつ"
# What GeoReport v2 says that a service request has.
FIELDS = {
    *("service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible"),
    *("service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode"),
    *("lat", "long", "media_url"),
}
ATTRIBUTE = {"variable", "code", "datatype", "required", "datatype_description", "order", "description", "values"}


class Files(BaseHTTPRequestHandler):
    """Serves what the portal answered."""

    def do_GET(self):
        file = FEEDS / urlsplit(self.path).path.lstrip("/").replace("/", "_")
        found = file.is_file()
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(file.read_bytes() if found else b"")

    def log_message(self, *_):
        pass


def rows(name):
    with open(TOWN / name, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.kinds = [row for row in rows("report-kinds.csv")]
        # The report of the last kind is not released.
        cls.released = [kind["id"] for kind in cls.kinds][:-1]

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    def client(self, form):
        os.environ["NO_PROXY"] = "127.0.0.1"
        return GeoReport(f"http://127.0.0.1:{self.server.server_port}/open311/v2", output_format=form)

    def test_a_client_of_open311_reads_kinds_and_their_questions(self):
        questions = rows("report-questions.csv")
        for form in ("json", "xml"):
            services = self.client(form).get_service_list()
            self.assertEqual([service["service_code"] for service in services], [kind["id"] for kind in self.kinds if not kind["closed"]], form)
            for service in services:
                self.assertEqual(str(service["type"]), "realtime")
                self.assertTrue(service["service_name"] and service["description"])
            for kind in self.released:
                definition = self.client(form).get_service_definition(kind)
                self.assertEqual(definition["service_code"], kind)
                found = definition["attributes"]
                # xmltodict makes no list of one.
                if form == "xml":
                    found = (found or {}).get("attribute", [])
                    found = found if isinstance(found, list) else [found]
                expected = [row for row in questions if row["kind"] == kind]
                self.assertEqual([one["code"] for one in found], [row["id"] for row in expected], (form, kind))
                for one in found:
                    self.assertEqual(set(one), ATTRIBUTE)
                    self.assertIn(one["datatype"], ("string", "singlevaluelist"))

    def test_a_client_of_open311_reads_the_same_requests_in_both_forms(self):
        both = {form: self.client(form).get_service_requests() for form in ("json", "xml")}
        for form, requests in both.items():
            self.assertEqual({request["service_code"] for request in requests}, set(self.released), form)
            for request in requests:
                self.assertEqual(set(request), FIELDS, form)
                self.assertIn(request["status"], ("open", "closed"))
                self.assertIn("\"<こわれて>\"いる & 危ない", request["description"])
                self.assertRegex(request["requested_datetime"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
                (one,) = as_list(self.client(form).get_service_request(request["service_request_id"]))
                self.assertEqual(one, request)
        text = lambda request: {name: "" if value is None else f"{float(value):.5f}" if name in ("lat", "long") else str(value) for name, value in request.items()}
        self.assertEqual([text(request) for request in both["json"]], [text(request) for request in both["xml"]])
        times = [request["requested_datetime"] for request in both["json"]]
        self.assertEqual(times, sorted(times, reverse=True), "the latest first")

    def test_geojson_is_valid_and_says_the_same_as_the_table(self):
        collection = geojson.loads((FEEDS / "reports.geojson").read_text(encoding="utf-8"))
        self.assertIsInstance(collection, geojson.FeatureCollection)
        self.assertTrue(collection.is_valid, collection.errors())
        self.assertEqual({feature.properties["kind"] for feature in collection.features}, set(self.released))
        with open(FEEDS / "reports.csv", encoding="utf-8-sig", newline="") as file:
            table = list(csv.DictReader(file))
        by_number = {row["受付番号"]: row for row in table}
        self.assertEqual(len(by_number), len(collection.features))
        for feature in collection.features:
            row, said = by_number[feature.properties["number"]], feature.properties
            self.assertEqual([float(row["経度"]), float(row["緯度"])], list(feature.geometry.coordinates))
            self.assertEqual((row["内容"], row["種別"], row["状態"]), (said["what"], said["kindName"], said["stateName"]))
            self.assertEqual((row["対応の結果"], row["場所"]), (said["outcome"], "'" + said["place"]))

    def test_the_feed_is_well_formed_and_the_latest_change_comes_first(self):
        feed = feedparser.parse((FEEDS / "reports.atom").read_bytes())
        self.assertFalse(feed.bozo, feed.get("bozo_exception"))
        self.assertEqual((feed.version, len(feed.entries)), ("atom10", len(self.released)))
        changed = [entry.updated_parsed for entry in feed.entries]
        self.assertEqual(changed, sorted(changed, reverse=True))
        self.assertEqual(feed.feed.updated_parsed, changed[0])
        for entry in feed.entries:
            self.assertRegex(entry.id, r"^urn:uuid:[0-9a-f-]{36}$")
            self.assertTrue(entry.link.startswith("https://portal.example/reports/"))
            self.assertIn("&lt;こわれて&gt;", entry.content[0].value)

    def test_nothing_says_what_only_staff_may_see(self):
        files = [file for file in FEEDS.iterdir() if re.match("reports|open311", file.name)]
        self.assertGreater(len(files), 20)
        for file in files:
            text = file.read_text(encoding="utf-8")
            self.assertNotIn(SECRET, text, file.name)
            self.assertNotIn("hanako", text, file.name)


def as_list(found):
    return found if isinstance(found, list) else [found]


if __name__ == "__main__":
    unittest.main()
