//! Uploads in the bucket: links that let a browser put just one file, and what it put, read within bounds and erased.

use std::collections::BTreeSet;

use app::error::Kind;
use app::ports::reports::{Fetched, PhotoOriginals as _, PhotoUploads as _};
use aws::photo_uploads::{S3PhotoOriginals, S3PhotoUploads};
use domain::ids::{PhotoId, ReportId};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::stub::clients_at;

const KEY: &str = "incoming/0199aaaa-0000-7000-8000-000000000001/0199aaaa-0000-7000-8000-000000000002";

fn ids() -> (ReportId, PhotoId) {
    let report = "0199aaaa-0000-7000-8000-000000000001".parse().unwrap();
    (report, "0199aaaa-0000-7000-8000-000000000002".parse().unwrap())
}

/// What S3 lists: objects by their keys and sizes.
fn listing(objects: &[(&str, u64)]) -> ResponseTemplate {
    let object = |(key, size): &(&str, u64)| format!("<Contents><Key>{key}</Key><Size>{size}</Size></Contents>");
    let objects: String = objects.iter().map(object).collect();
    let list = format!(r#"<?xml version="1.0"?><ListBucketResult><Name>media</Name>{objects}</ListBucketResult>"#);
    ResponseTemplate::new(200).set_body_string(list)
}

/// A bucket that lists this, and hands out the photo as `file`.
async fn bucket(list: ResponseTemplate, file: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    let get = || Mock::given(method("GET"));
    get().and(path(format!("/media/{KEY}"))).respond_with(file).mount(&server).await;
    let asked = get().and(query_param("list-type", "2")).and(query_param("prefix", KEY));
    asked.respond_with(list).mount(&server).await;
    server
}

async fn fetched(server: &MockServer) -> Result<Fetched, Kind> {
    let (report, id) = ids();
    let originals = S3PhotoOriginals::new(&clients_at(&server.uri()), "media".to_owned());
    originals.fetch(&report, &id, 4).await.map_err(|error| error.kind)
}

/// How often the file itself was asked for.
async fn asked_for_the_file(server: &MockServer) -> usize {
    let requests = server.received_requests().await.unwrap();
    requests.iter().filter(|request| request.url.path().ends_with(KEY)).count()
}

fn file(bytes: &[u8]) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_bytes(bytes)
}

#[tokio::test]
async fn a_link_lets_one_file_of_one_size_and_type_be_put_for_ten_minutes() {
    let server = MockServer::start().await;
    let (report, id) = ids();
    let uploads = S3PhotoUploads::new(&clients_at(&server.uri()), "media".to_owned());
    let upload = uploads.link(&report, &id, 1_234, "image/heic").await.unwrap();
    assert!(upload.url.starts_with(&format!("{}/media/{KEY}?", server.uri())), "{}", upload.url);
    let said = |name: &str| upload.url.split(['?', '&']).find_map(|part| part.strip_prefix(&format!("{name}=")));
    assert_eq!(said("X-Amz-Expires"), Some("600"));
    let signed: BTreeSet<&str> = said("X-Amz-SignedHeaders").unwrap().split("%3B").collect();
    assert_eq!(signed, BTreeSet::from(["content-length", "content-type", "host"]));
    assert_eq!(upload.headers, [("content-type".to_owned(), "image/heic".to_owned())]);
    // A checksum would be that of nothing: the file is not here.
    assert!(!upload.url.to_lowercase().contains("checksum"), "{}", upload.url);
    let other = uploads.link(&report, &id, 1_235, "image/heic").await.unwrap();
    let signature = |url: &str| url.split("X-Amz-Signature=").nth(1).map(str::to_owned).unwrap();
    assert_ne!(signature(&upload.url), signature(&other.url), "the size is part of what is signed");
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
    assert_eq!(format!("{upload:?}"), "Upload(..)");
}

#[tokio::test]
async fn what_was_put_is_read_whole() {
    let server = bucket(listing(&[(KEY, 4)]), file(b"JPEG")).await;
    assert!(matches!(fetched(&server).await, Ok(Fetched::File(bytes)) if *bytes == *b"JPEG"));
}

#[tokio::test]
async fn what_is_not_there_or_too_large_is_not_read() {
    let longer = format!("{KEY}0");
    for list in [listing(&[]), listing(&[(longer.as_str(), 4)])] {
        let server = bucket(list, file(b"JPEG")).await;
        assert!(matches!(fetched(&server).await, Ok(Fetched::Missing)));
        assert_eq!(asked_for_the_file(&server).await, 0);
    }
    let server = bucket(listing(&[(KEY, 5)]), file(b"JPEG+")).await;
    assert!(matches!(fetched(&server).await, Ok(Fetched::TooLarge)));
    assert_eq!(asked_for_the_file(&server).await, 0);
}

#[tokio::test]
async fn what_became_larger_meanwhile_is_not_read_either() {
    let server = bucket(listing(&[(KEY, 4)]), file(b"JPEG+")).await;
    assert!(matches!(fetched(&server).await, Ok(Fetched::TooLarge)));
}

#[tokio::test]
async fn what_was_taken_over_meanwhile_is_not_there() {
    let body = r#"<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>gone</Message></Error>"#;
    let server = bucket(listing(&[(KEY, 4)]), ResponseTemplate::new(404).set_body_string(body)).await;
    assert!(matches!(fetched(&server).await, Ok(Fetched::Missing)));
    assert_eq!(asked_for_the_file(&server).await, 1);
}

#[tokio::test]
async fn what_was_put_is_erased() {
    let server = MockServer::start().await;
    Mock::given(method("DELETE")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let (report, id) = ids();
    let originals = S3PhotoOriginals::new(&clients_at(&server.uri()), "media".to_owned());
    originals.erase(&report, &id).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests.iter().map(|request| request.url.path()).collect::<Vec<_>>(), [format!("/media/{KEY}")]);
}

#[tokio::test]
async fn a_bucket_that_refuses_is_an_error_that_passes() {
    let denied = || {
        let body = r#"<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>no</Message></Error>"#;
        ResponseTemplate::new(403).set_body_string(body)
    };
    for server in [bucket(denied(), file(b"JPEG")).await, bucket(listing(&[(KEY, 4)]), denied()).await] {
        assert!(matches!(fetched(&server).await, Err(Kind::Transient)));
    }
    let server = MockServer::start().await;
    Mock::given(method("DELETE")).respond_with(denied()).mount(&server).await;
    let (report, id) = ids();
    let originals = S3PhotoOriginals::new(&clients_at(&server.uri()), "media".to_owned());
    assert_eq!(originals.erase(&report, &id).await.unwrap_err().kind, Kind::Transient);
}
