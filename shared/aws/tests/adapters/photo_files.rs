//! Photos in the bucket: both sizes written and erased, and shown by links that end.

use app::error::Kind;
use app::ports::reports::{CleanPhoto, PhotoFiles as _};
use aws::photo_files::S3PhotoFiles;
use domain::ids::{PhotoId, ReportId};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::stub::clients_at;

const LARGE: &str = "/media/reports/0199aaaa-0000-7000-8000-000000000001/0199aaaa-0000-5000-8000-000000000002.jpg";
const SMALL: &str =
    "/media/reports/0199aaaa-0000-7000-8000-000000000001/0199aaaa-0000-5000-8000-000000000002-small.jpg";

fn ids() -> (ReportId, PhotoId) {
    let report = "0199aaaa-0000-7000-8000-000000000001".parse().unwrap();
    (report, "0199aaaa-0000-5000-8000-000000000002".parse().unwrap())
}

fn photo() -> CleanPhoto {
    let (large, small) = (b"large".to_vec(), b"small".to_vec());
    CleanPhoto { sha: "5a".repeat(32), large, small, width: 4, height: 3, gps: None }
}

async fn answering(verb: &str, answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method(verb)).respond_with(answer).mount(&server).await;
    server
}

fn files(server: &MockServer) -> S3PhotoFiles {
    S3PhotoFiles::new(&clients_at(&server.uri()), "media".to_owned())
}

async fn paths(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    requests.iter().map(|request| request.url.path().to_owned()).collect()
}

#[tokio::test]
async fn both_sizes_are_kept_as_jpeg() {
    let server = answering("PUT", ResponseTemplate::new(200)).await;
    let (report, id) = ids();
    files(&server).keep(&report, &id, &photo()).await.unwrap();
    assert_eq!(paths(&server).await, [LARGE, SMALL]);
    for (request, bytes) in server.received_requests().await.unwrap().iter().zip(["large", "small"]) {
        assert_eq!(request.headers["content-type"], "image/jpeg");
        assert_eq!(request.headers["cache-control"], "private");
        assert!(String::from_utf8_lossy(&request.body).contains(bytes));
    }
}

#[tokio::test]
async fn both_sizes_are_erased() {
    let server = answering("DELETE", ResponseTemplate::new(204)).await;
    let (report, id) = ids();
    files(&server).erase(&report, &id).await.unwrap();
    assert_eq!(paths(&server).await, [LARGE, SMALL]);
}

#[tokio::test]
async fn a_link_is_signed_for_five_minutes_and_nobody_is_asked() {
    let server = MockServer::start().await;
    let (report, id) = ids();
    let links = files(&server).links(&report, &id).await.unwrap();
    for (link, path) in [(&links.large, LARGE), (&links.small, SMALL)] {
        assert!(link.starts_with(&format!("{}{path}?", server.uri())), "{link}");
        assert!(link.contains("X-Amz-Expires=300") && link.contains("X-Amz-Signature="), "{link}");
    }
    assert_eq!(paths(&server).await, [""; 0]);
}

#[tokio::test]
async fn a_bucket_that_refuses_is_an_error() {
    let denied = r#"<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>no</Message></Error>"#;
    let (report, id) = ids();
    for (verb, path) in [("PUT", LARGE), ("DELETE", LARGE)] {
        let server = answering(verb, ResponseTemplate::new(403).set_body_string(denied)).await;
        let done = match verb {
            "PUT" => files(&server).keep(&report, &id, &photo()).await,
            _ => files(&server).erase(&report, &id).await,
        };
        assert_eq!(done.unwrap_err().kind, Kind::Transient, "{verb}");
        assert_eq!(paths(&server).await, [path], "{verb}");
    }
}

#[tokio::test]
async fn the_large_one_is_read_and_a_missing_one_is_none() {
    let (report, id) = ids();
    let there = answering("GET", ResponseTemplate::new(200).set_body_bytes(b"large".to_vec())).await;
    assert_eq!(files(&there).large(&report, &id).await.unwrap(), Some(b"large".to_vec()));
    assert_eq!(paths(&there).await, [LARGE]);
    let none = r#"<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>no</Message></Error>"#;
    let gone = answering("GET", ResponseTemplate::new(404).set_body_string(none)).await;
    assert_eq!(files(&gone).large(&report, &id).await.unwrap(), None);
}
